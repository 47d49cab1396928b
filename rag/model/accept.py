"""Check what the model wrote, statement by statement, and decide whether it may stand in place of the plain answer.

The embedded answerer has answered before the model is asked. The model words its answer and may add to it, and changes
nothing in it: what it puts first must rest on the same place, with the same figure or grade.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index import Library
from index.grades import GRADE, canonical_grade
from index.numbers import NumberSpan, find_numbers
from index.records import Figure
from index.terms import terms

from ..bear_out import Basis, Entails, faults
from ..draft import Draft, Piece
from ..understand import Question
from ..verify import figure_check, statement_holds
from .passages import Given
from .quotations import Quotation, find_quotation
from .reply import Written

MOST_SHOWN = 4  # statements of an answer
ON_THE_QUESTION = 0.5  # of the question's terms, the share that a further statement and its words must have


@dataclass(frozen=True, slots=True)
class Held:
    """A statement that its quotations bear out."""

    text: str
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement that they do not, with what is wrong, by name."""

    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """All statements of one or two replies, checked."""

    held: tuple[Held, ...]
    dropped: tuple[Dropped, ...]

    def counts(self) -> dict[str, int]:
        """How many statements were dropped for what was first found wrong with them."""
        return dict(sorted(Counter(one.faults[0] for one in self.dropped).items()))


def check(
    library: Library, given: Sequence[Given], written: Sequence[Written], entails: Entails | None = None
) -> Checked:
    """Each statement looked up in the words that it rests on."""
    held: list[Held] = []
    dropped: list[Dropped] = []
    for one in written:
        found = [find_quotation(library, given, quoted) for quoted in one.quotes]
        wrong = [name for name in found if isinstance(name, str)]
        quotations = tuple(dict.fromkeys(q for q in found if isinstance(q, Quotation)))
        names = tuple(wrong) or faults(one.text, [_basis(q) for q in quotations], entails)
        if not names and not _verified(library, one.text, quotations):
            names = ("figure",)
        if names:
            dropped.append(Dropped(one.text, tuple(dict.fromkeys(names))))
        elif all(one.text != other.text for other in held):
            held.append(Held(one.text, quotations))
    return Checked(tuple(held), tuple(dropped))


def accepted(question: Question, draft: Draft, held: Sequence[Held]) -> tuple[Held, ...]:
    """The statements that may stand in place of `draft`, in the order to show them; none where they may not."""
    lead, *others = draft.pieces
    first = next((one for one in held if _carries(one, lead)), None)
    if first is None or not all(any(_carries(one, piece) for one in held) for piece in others if piece.judgments):
        return ()
    grades = {j.grade for piece in draft.pieces for j in piece.judgments}
    further = [one for one in held if one is not first and _on(question, one)]
    kept = [one for one in (first, *further) if not grades or _grades(one.text) <= grades][:MOST_SHOWN]
    complete = all(any(_carries(one, piece) for one in kept) for piece in draft.pieces if piece.judgments)
    return tuple(kept) if complete and kept[0] is first else ()


def is_asked(question: Question, draft: Draft) -> bool:
    """Whether a model is asked to word this draft: a figure, judgments or prose, of which it can leave nothing out.

    Lists, figures that were worked out or are of several years, "yes" and "no", and answers with a note on what they
    say are given as they are.
    """
    if not draft.pieces or draft.notes or question.kind == "list" or question.across is not None:
        return False
    if any(piece.derived is not None or piece.lead in ("Yes", "No") for piece in draft.pieces):
        return False
    return len(draft.pieces) == 1 or all(piece.judgments and piece.lead for piece in draft.pieces)


def is_number_of(number: NumberSpan, figure: Figure) -> bool:
    """Whether a statement's number is this figure."""
    as_printed = number.text.strip() == figure.text.strip()
    return number.value == Decimal(figure.value) and (as_printed or number.scale == figure.scale)


def _carries(one: Held, piece: Piece) -> bool:
    """Whether a statement rests on the piece's place and has its figure or grade."""
    place = piece.place
    if not any(
        q.place.report.report_id == place.report.report_id and q.place.start < place.end and place.start < q.place.end
        for q in one.quotations
    ):
        return False
    if piece.judgments:
        return {j.grade for j in piece.judgments} <= _grades(one.text)
    if not piece.lead:
        return all(q.place.start <= place.start and place.end <= q.place.end for q in one.quotations[:1])
    numbers = find_numbers(one.text)
    return all(any(is_number_of(number, figure) for number in numbers) for figure in piece.figures)


def _grades(text: str) -> set[str]:
    return {canonical_grade(match.group()) for match in GRADE.finditer(text)}


def _on(question: Question, one: Held) -> bool:
    if not question.terms:
        return False
    said = frozenset(terms(" ".join([one.text, *(q.text for q in one.quotations)])))
    return sum(term in said for term in question.terms) >= ON_THE_QUESTION * len(question.terms)


def _basis(q: Quotation) -> Basis:
    report = q.place.report
    aspects = [f"{j.aspect} {j.organisation or ''}" for j in q.judgments]
    label = " ".join([report.title, report.organisation or "", report.publisher or "", *q.place.section, *aspects])
    return Basis(q.text, q.row, label, report.year, report.organisation, q.figures, q.judgments)


def _verified(library: Library, text: str, quotations: Sequence[Quotation]) -> bool:
    """Whether the verifier of the embedded answerer says the same."""
    quotes = [library.text(q.place.report.report_id)[q.place.start : q.place.end] for q in quotations]
    numbers = find_numbers(text)
    for q, quote in zip(quotations, quotes, strict=True):
        stated = [f for f in q.figures if any(is_number_of(number, f) for number in numbers)]
        if any(figure_check(f, quote, q.place.start) == "failed" for f in stated):
            return False
    return statement_holds(Piece("", text, quotations[0].place), "\n".join([*quotes, *(q.text for q in quotations)]))

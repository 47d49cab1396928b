"""Hold a statement that a language model wrote against the words that it rests on, and name what they do not say.

Figures, grades and years are looked up as the answerer's own are. Beyond them: names, “not”, plans told as facts, more
and less, reasons, whose figure it is, and how much of the statement is in the words at all. A check that cannot tell
says that the statement fails: a statement that is dropped costs little, a wrong one much.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.grades import GRADE, canonical_grade, grade_lines
from index.numbers import NumberSpan, find_numbers
from index.periods import years_in
from index.records import Figure, Judgment
from index.sentences import sentence_spans
from index.terms import terms

from .which_figure import figures_astray
from .wording import THAN, Clause, cause_sides, clauses, content_terms, quantity_words, swapped

ALIGNED = 0.8  # of a statement's content terms, the share that its words must have; docs/language-models.md
MOST_STRANGE = 2  # content terms of a statement that its words have not, at most
_FREE = frozenset(
    terms(
        "report states stated says said shows shown according reported describes figure number amount total "
        "is are was be million billion thousand trillion percent per cent percentage m bn k"
    )
)
_YEAR_BEFORE = re.compile(
    r"\b(?:last|previous|prior|preceding|next|following)\s+year\b|\byear\s+(?:before|earlier|later)\b", re.I
)
_NAME = re.compile(r"\b[A-Z][\w’'&.-]*")
_OPENS = frozenset(
    "the a an in on at by for of from to and but it its this that these there all as between during since".split()
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "\u00a0": " "})

Entails = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Basis:
    """Words that a statement rests on. `text` is the quotation, of a table row with its headings (`row`); `label` what
    is known of its place: title, organisation, section, aspects; `year` that of the report."""

    text: str
    row: bool
    label: str
    year: int | None
    organisation: str | None
    figures: tuple[Figure, ...] = ()
    judgments: tuple[Judgment, ...] = ()


def faults(statement: str, bases: Sequence[Basis], entails: Entails | None = None) -> tuple[str, ...]:
    """What in a statement its words do not bear out, by name (`rag/model/prompts.py` FAULTS); none where all holds."""
    if not bases:
        return ("quotation",)
    checks: tuple[tuple[str, bool], ...] = (
        ("figure", _figures_hold(statement, bases)),
        (
            "which_figure",
            not any(figures_astray(statement, b.text, b.figures, b.organisation, row=b.row) for b in bases),
        ),
        ("date", _dates_hold(statement, bases)),
        ("judgment", _judgments_hold(statement, bases)),
        ("name", _names_hold(statement, bases)),
        *_as_said(statement, bases),
        ("cause", _cause_holds(statement, bases)),
        ("words", _words_hold(statement, bases)),
    )
    found = tuple(dict.fromkeys(name for name, holds in checks if not holds))
    if not found and entails is not None and not entails("\n".join(b.text for b in bases), statement):
        return ("entailment",)
    return found


def number_in(number: NumberSpan, basis: Basis) -> bool:
    """Whether the words have this number with its sign, unit and scale; a cell's unit and scale may be those of its
    record."""
    shown = (number.value, number.value_high, number.unit, number.scale)
    printed = (*find_numbers(basis.text), *find_numbers(basis.text, cell=True))
    if any((n.value, n.value_high, n.unit, n.scale) == shown for n in printed):
        return True
    return any(_is_figure(number, figure) for figure in basis.figures)


def _is_figure(number: NumberSpan, figure: Figure) -> bool:
    if str(number.value) != str(figure.value) and number.value != _decimal(figure.value):
        return False
    return number.value_high is None and (number.unit, number.scale) in ((figure.unit, figure.scale), _bare(figure))


def _bare(figure: Figure) -> tuple[str | None, str | None]:
    """Unit and scale of a figure that only counts something: its noun is a word of the statement, and no unit there."""
    named = figure.unit is not None and (figure.unit.isupper() or figure.unit.startswith("percent"))
    return (figure.unit if named else None, figure.scale)


def _decimal(text: str) -> object:
    from decimal import Decimal

    return Decimal(text)


def _figures_hold(statement: str, bases: Sequence[Basis]) -> bool:
    numbers = find_numbers(statement)
    rest = list(statement)
    for number in numbers:
        rest[number.start : number.end] = " " * (number.end - number.start)
        if number.kind not in ("year", "date", "period") and not any(number_in(number, basis) for basis in bases):
            return False
    held = {digits for basis in bases for digits in _DIGITS.findall(f"{basis.text} {basis.label}")}
    if any(digits not in held for digits in _DIGITS.findall("".join(rest))):
        return False
    said = quantity_words("".join(rest))
    return said <= {word for basis in bases for word in quantity_words(f"{basis.text} {basis.label}")}


def _dates_hold(statement: str, bases: Sequence[Basis]) -> bool:
    for number in find_numbers(statement):
        if number.kind in ("date", "period"):
            if not any(_plain(number.text) in _plain(_periods_of(basis)) for basis in bases):
                return False
        elif number.kind == "year" and not any(_year_holds(int(number.value), basis) for basis in bases):
            return False
    months = r"january|february|march|april|june|july|august|september|october|november|december"
    said = {m.lower() for m in re.findall(rf"\b(?:{months})\b", statement, re.IGNORECASE)}
    return said <= {m.lower() for b in bases for m in re.findall(rf"\b(?:{months})\b", _periods_of(b), re.IGNORECASE)}


def _periods_of(basis: Basis) -> str:
    return " ".join([basis.text, *(figure.period or "" for figure in basis.figures)])


def _year_holds(year: int, basis: Basis) -> bool:
    """A year is that of the words, or of the report where the words name none."""
    named = set(years_in(_periods_of(basis))) | {j.year for j in basis.judgments if j.year is not None}
    if year in named:
        return True
    return not named and year == basis.year and _YEAR_BEFORE.search(basis.text) is None


def _judgments_hold(statement: str, bases: Sequence[Basis]) -> bool:
    said = {canonical_grade(match.group()) for match in GRADE.finditer(statement)}
    if not said:
        return True
    for grade in said:
        holding = [basis for basis in bases if grade in _grades(basis.text)]
        typed = [j for basis in holding for j in basis.judgments]
        if not holding or (typed and grade not in {j.grade for j in typed}):
            return False
        years = set(years_in(statement))
        own = {j.year if j.year is not None else b.year for b in holding for j in b.judgments if j.grade == grade}
        if typed and years and not years & own:
            return False
    return True


def _grades(text: str) -> set[str]:
    alone = {grade for line in text.split("\n") for _, _, grade in grade_lines(line)}
    return alone | {canonical_grade(match.group()) for match in GRADE.finditer(text)}


def _names_hold(statement: str, bases: Sequence[Basis]) -> bool:
    known = {_word(word) for basis in bases for word in re.findall(r"[\w’'&.-]+", f"{basis.text} {basis.label}")}
    for found in _NAME.finditer(statement):
        word = _word(found.group())
        opens = found.start() == 0 or re.search(r"[.!?:]\s+$", statement[: found.start()]) is not None
        if opens and (word in _OPENS or not found.group().isupper()):
            continue  # the first word has a capital whatever it is: the check of words sees it
        if word not in known:
            return False
    return True


def _word(word: str) -> str:
    return re.sub(r"'s$", "", word.translate(_ALIKE).strip(".'-")).lower()


def _as_said(statement: str, bases: Sequence[Basis]) -> Iterator[tuple[str, bool]]:
    """The checks of how it is said, clause by clause against the clauses of the words that are nearest to each."""
    held = [
        part for basis in bases for start, end in sentence_spans(basis.text) for part in clauses(basis.text[start:end])
    ]
    for own in clauses(statement):
        near = _nearest(own, held)
        if not near:
            continue
        yield "negation", all(own.denied == other.denied for other in near)
        yield "hedge", all(own.planned == other.planned for other in near)
        yield "comparison", all(_directed_alike(own, other) for other in near)
        yield "judgment", all(own.grades <= other.grades or not other.grades for other in near)


def _nearest(own: Clause, held: Sequence[Clause]) -> list[Clause]:
    """The clauses that share most terms with one, as many as share that many."""
    shared = [len(own.content & other.content) for other in held]
    most = max(shared, default=0)
    return [other for other, count in zip(held, shared, strict=True) if count == most and most > 0]


def _directed_alike(own: Clause, other: Clause) -> bool:
    if (own.more and not other.more) or (own.less and not other.less):
        return False
    if own.more != other.more or own.less != other.less:
        # what rose "by" so much is not so much; and of two directions the one that is left out may be the one meant
        return not (own.more or own.less) and re.search(r"\bby\s+\S*\d", other.text) is None
    if THAN.search(own.text) is None:
        return True
    if THAN.search(other.text) is None:
        return False
    return not swapped(_sides(own.text), [_sides(other.text)])


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]]:
    before, after = THAN.split(text, maxsplit=1)
    return content_terms(before), content_terms(after)


def _cause_holds(statement: str, bases: Sequence[Basis]) -> bool:
    said = cause_sides(statement)
    if said is None:
        return True
    held = [sides for basis in bases for s, e in sentence_spans(basis.text) if (sides := cause_sides(basis.text[s:e]))]
    return bool(held) and not swapped(said, held)


def _words_hold(statement: str, bases: Sequence[Basis]) -> bool:
    said = content_terms(statement) - _FREE
    held: frozenset[str] = frozenset().union(*(content_terms(f"{basis.text} {basis.label}") for basis in bases))
    own: frozenset[str] = frozenset().union(*(content_terms(basis.text) for basis in bases))
    strange = said - held
    few = any(len(content_terms(basis.text)) <= 2 for basis in bases)  # a grade alone on its line
    if len(strange) > MOST_STRANGE or len(said) - len(strange) < ALIGNED * len(said):
        return False
    return bool(said & own) or few


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_ALIKE)).lower()

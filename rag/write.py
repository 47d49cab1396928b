"""Write the answer: verify each statement of a draft, number its citations, and put the text together."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index import Library

from .cite import cite
from .draft import Derived, Draft, Piece, Place
from .markup import markdown
from .quoting import quoted_text
from .records import Answer, AnswerFigure, AnswerJudgment, Citation, Note, Searched
from .scope import Reach
from .verify import derivation_holds, derived_check, figure_check, judgment_check, statement_holds, unsupported_numbers


def write(
    library: Library, asked: str, alone: str, draft: Draft, within: Reach, timings_ms: dict[str, float]
) -> Answer | None:
    """The checked answer, None where nothing of the draft holds."""
    draft = verified(library, draft)
    if not draft.pieces:
        return None
    citations: list[Citation] = []
    figures: list[AnswerFigure] = []
    judgments: list[AnswerJudgment] = []
    lines: list[str] = []
    first: list[int] = []  # the number of the first citation of each statement
    for piece in draft.pieces:
        if piece.derived is not None:
            lines += _worked_out(library, piece, piece.derived, citations, figures)
            continue
        n = _numbered(library, piece.place, citations)
        quote = citations[n - 1].quote
        first.append(n)
        if piece.marked is not None:
            citations[n - 1] = replace(citations[n - 1], marked=piece.marked)
        cited = [n]
        if piece.headings is not None:
            cited.append(_numbered(library, piece.headings, citations))
        lines.append(_line(piece, cited))
        if piece.show_quote:
            lines += [quoted(citations[k - 1].quote, k) for k in reversed(cited)]
        for f in piece.figures:
            check = figure_check(f, quote, piece.place.start)
            figures.append(AnswerFigure(f.text, f.value, f.unit, f.scale, f.measure, f.subject, f.period, n, check))
        for j in piece.judgments:
            organisation = j.organisation or piece.place.report.organisation
            judgments.append(AnswerJudgment(j.grade, j.aspect, organisation, j.year, n, judgment_check(j, quote)))
    text = "\n\n".join(lines)
    worked_out = [f.arithmetic for f in figures if f.check == "derived"]
    stated = [f.text for f in figures if f.check == "derived"]
    if unsupported_numbers(text, [c.quote for c in citations], [markdown(t) for t in (*worked_out, *stated)]):
        return None
    notes = tuple(_renumbered(note, first) for note in draft.notes) + _superseded(library, citations)
    return Answer(
        asked, alone, "answered", text, tuple(figures), tuple(judgments), tuple(citations), notes,
        within.searched(), timings_ms,
    )  # fmt: skip


def verified(library: Library, draft: Draft) -> Draft:
    """The draft with the statements that hold, and with its notes where all do; empty where none does, or where the
    first of those that hold only contradicts what does not."""
    held = tuple(piece for piece in draft.pieces if _holds(library, piece))
    if len(held) == len(draft.pieces):
        return draft
    contradicts = any(note.kind == "conflict" for note in draft.notes)
    if not held or (contradicts and held[0] is not draft.pieces[0]):
        return replace(draft, pieces=(), notes=())
    return replace(draft, pieces=held, notes=())


def _renumbered(note: Note, first: Sequence[int]) -> Note:
    """The note with the citations of the statements that it is on; that of a derivation speaks of its operands'."""
    if not first:
        return note
    return replace(note, citations=tuple(first[k - 1] for k in note.citations if k <= len(first)))


def _superseded(library: Library, citations: Sequence[Citation]) -> tuple[Note, ...]:
    """A note for each later version of a report that is quoted: what is quoted may have been corrected."""
    cited: dict[str, list[int]] = {}
    for citation in citations:
        later = library.report(citation.report_id).superseded_by
        if later is not None:
            cited.setdefault(later, []).append(citation.n)
    return tuple(
        Note("superseded", f"A later version of this report is in the library: {library.report(later).file}.", (*ns,))
        for later, ns in cited.items()
    )


def refusal(
    asked: str, alone: str, text: str, citations: tuple[Citation, ...], notes: tuple[Note, ...], searched: Searched,
    timings_ms: dict[str, float],
) -> Answer:  # fmt: skip
    """An answer that says that the reports do not say."""
    return Answer(asked, alone, "not_in_reports", text, (), (), citations, notes, searched, timings_ms)


def quoted(quote: str, n: int) -> str:
    """A quotation as a Markdown block, with its mark."""
    lines = [f"> {markdown(line)}" for line in quote.split("\n") if line.strip()]
    return "  \n".join(lines) + f" [{n}]"


def _worked_out(
    library: Library, piece: Piece, derived: Derived, citations: list[Citation], figures: list[AnswerFigure]
) -> list[str]:
    """The lines of a statement of a figure that is worked out; the figure, then its operands, are added to `figures`,
    the place of each operand to `citations`."""
    numbers = [_numbered(library, operand.place, citations) for operand in derived.operands]
    quotes = _quotes(library, derived)
    at = len(figures)
    d, check = derived, derived_check(derived, quotes)
    operands = tuple(range(at + 1, at + 1 + len(numbers)))
    first = numbers[0]
    figures.append(
        AnswerFigure(
            d.text, d.value, d.unit, d.scale, d.measure, d.subject, d.period, first, check, operands, d.arithmetic
        )
    )
    for operand, n, quote in zip(d.operands, numbers, quotes, strict=True):
        f = operand.figure
        own = figure_check(f, quote, operand.place.start)
        figures.append(AnswerFigure(f.text, f.value, f.unit, f.scale, f.measure, f.subject, f.period, n, own))
    cited = list(dict.fromkeys(numbers))
    marks = "".join(f"[{n}]" for n in cited)
    line = f"**{markdown(piece.lead)}**{markdown(piece.rest)} {marks}"
    return [line, *(quoted(citations[n - 1].quote, n) for n in cited)]


def _quotes(library: Library, derived: Derived) -> list[str]:
    return [quoted_text(library, operand.place) for operand in derived.operands]


def _holds(library: Library, piece: Piece) -> bool:
    if piece.derived is not None:
        quotes = _quotes(library, piece.derived)
        return derived_check(piece.derived, quotes) == "derived" and derivation_holds(piece, quotes)
    quote = quoted_text(library, piece.place)
    checks = [figure_check(f, quote, piece.place.start) for f in piece.figures]
    checks += [judgment_check(j, quote) for j in piece.judgments]
    return "failed" not in checks and statement_holds(piece, quoted_text(library, piece.place, piece.headings))


def _numbered(library: Library, place: Place, citations: list[Citation]) -> int:
    """The number of the citation for a place, adding one where it is not yet cited."""
    for citation in citations:
        if (citation.report_id, citation.start, citation.end) == (place.report.report_id, place.start, place.end):
            return citation.n
    citations.append(cite(library, place, len(citations) + 1))
    return len(citations)


def _line(piece: Piece, cited: Sequence[int]) -> str:
    lead = f"**{markdown(piece.lead)}**" if piece.lead else ""
    rest = markdown(re.sub(r"\s+", " ", piece.rest)) if not piece.lead else markdown(piece.rest)
    return f"{lead}{rest} {''.join(f'[{n}]' for n in cited)}"

"""Write the answer from the statements that were accepted: citations, figures and judgments as in any other answer."""

from collections.abc import Sequence
from dataclasses import replace

from index import Library
from index.grades import GRADE, canonical_grade
from index.numbers import NumberSpan, find_numbers

from ..cite import cite
from ..draft import Draft
from ..markup import markdown
from ..records import Answer, AnswerFigure, AnswerJudgment, Citation, Note
from ..verify import figure_check, judgment_check, unsupported_numbers
from .accept import Held, is_number_of
from .passages import Flagged
from .quotations import Quotation


def written(library: Library, plain: Answer, draft: Draft, shown: Sequence[Held]) -> Answer | None:
    """The answer in the model's words in place of the plain one; None where the last check of all figures fails."""
    citations: list[Citation] = []
    figures: list[AnswerFigure] = []
    judgments: list[AnswerJudgment] = []
    said: list[str] = []
    for one in shown:
        numbers = [_numbered(library, q, citations) for q in one.quotations]
        marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        said.append(f"{markdown(one.text)} {marks}")
        for number in find_numbers(one.text):
            if number.kind == "quantity":
                figures += _figure(number, one.quotations, numbers, citations)
        judgments += _judgments(one, numbers, citations)
    leading = draft.pieces[0].figures if draft.pieces[0].lead else ()
    values = {f.value for f in leading}
    figures.sort(key=lambda figure: figure.value not in values)
    text = " ".join(said)
    checks = [*(f.check for f in figures), *(j.check for j in judgments)]
    if "failed" in checks or unsupported_numbers(text, [c.quote for c in citations]):
        return None
    return replace(
        plain, text=text, figures=tuple(dict.fromkeys(figures)), judgments=tuple(dict.fromkeys(judgments)),
        citations=tuple(citations),
    )  # fmt: skip


def instruction_notes(library: Library, flagged: Sequence[Flagged]) -> tuple[Note, ...]:
    """A note for each report in which an instruction to a language model, or something hidden, was found."""
    places: dict[str, list[Flagged]] = {}
    for one in dict.fromkeys(flagged):
        places.setdefault(one.report.report_id, []).append(one)
    notes = []
    for report_id, found in places.items():
        from index.split import page_at

        pages = {page_at(library.page_runs(report_id), one.start)[0] for one in found} - {None}
        on = f", page {', '.join(str(page) for page in sorted(p for p in pages if p is not None))}" if pages else ""
        count = "Words" if len(found) == 1 else f"Words at {len(found)} places"
        file = found[0].report.file
        notes.append(
            Note("instruction", f"{count} in {file}{on} read as an instruction to a language model: they were ignored.")
        )
    return tuple(notes)


def _figure(
    number: NumberSpan, quotations: Sequence[Quotation], numbers: Sequence[int], citations: Sequence[Citation]
) -> list[AnswerFigure]:
    """The record of a figure, as the report's own where it is known."""
    for q, n in zip(quotations, numbers, strict=True):
        quote = citations[n - 1].quote
        for f in q.figures:
            if is_number_of(number, f):
                check = figure_check(f, quote, q.place.start)
                return [AnswerFigure(f.text, f.value, f.unit, f.scale, f.measure, f.subject, f.period, n, check)]
    for n in numbers:
        printed = [
            p for p in find_numbers(citations[n - 1].quote) if (p.value, p.scale) == (number.value, number.scale)
        ]
        if printed:
            p = printed[0]
            return [AnswerFigure(p.text, str(p.value), p.unit, p.scale, None, None, None, n, "in_quote")]
    value = str(number.value)
    return [AnswerFigure(number.text, value, number.unit, number.scale, None, None, None, numbers[0], "failed")]


def _judgments(one: Held, numbers: Sequence[int], citations: Sequence[Citation]) -> list[AnswerJudgment]:
    grades = {canonical_grade(match.group()) for match in GRADE.finditer(one.text)}
    return [
        AnswerJudgment(
            j.grade, j.aspect, j.organisation or q.place.report.organisation, j.year, n,
            judgment_check(j, citations[n - 1].quote),
        )
        for q, n in zip(one.quotations, numbers, strict=True)
        for j in q.judgments
        if j.grade in grades
    ]  # fmt: skip


def _numbered(library: Library, q: Quotation, citations: list[Citation]) -> int:
    place = q.place
    for citation in citations:
        if (citation.report_id, citation.start, citation.end) == (place.report.report_id, place.start, place.end):
            return citation.n
    citations.append(cite(library, place, len(citations) + 1))
    return len(citations)

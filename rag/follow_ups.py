"""Questions to go on with after an answer, each tried: offered is only what the reports answer.

First the same question of another year, then what else the cited reports judge or count, the cited section before the
others.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from index import Library
from index.errors import CitewellError
from index.records import ReportInfo, Statement

from .feedback import Given
from .records import Answer, Scope
from .suggest import candidates

OFFERED = 3
ATTEMPTS = 7  # each costs about as much as a question


class Asks(Protocol):
    """Answers a question, as `Assistant.ask` does."""

    def __call__(self, question: str, history: Sequence[Mapping[str, object]] = (), scope: Scope = ...) -> Answer: ...


def follow_ups(library: Library, ask: Asks, given: Given, offered: int = OFFERED) -> tuple[str, ...]:
    """Up to `offered` questions that the reports answer, the likeliest first. A report that is gone meanwhile gives
    none."""
    found: list[str] = []
    try:
        for attempt, (question, history, wanted) in enumerate(_tried(library, given)):
            if len(found) == offered or attempt == ATTEMPTS:
                break
            answer = ask(question, history)
            if answer.status == "answered" and wanted(answer):
                found.append(question)
    except CitewellError:
        return tuple(found)
    return tuple(found)


class _Accepts(Protocol):
    def __call__(self, answer: Answer, /) -> bool: ...


def _tried(library: Library, given: Given) -> Iterator[tuple[str, Sequence[Mapping[str, object]], _Accepts]]:
    answer = given.answer
    history = (
        *given.history,
        {"role": "user", "content": answer.question},
        {"role": "assistant", "content": answer.text},
    )
    catalogue = library.reports()
    cited = [report for c in answer.citations if (report := _of(catalogue, c.report_id)) is not None]
    if answer.status == "answered" and cited and not given.scope.years:
        year = _other_year(catalogue, cited[0])
        if year is not None:
            yield f"And in {year}?", history, lambda other: any(c.year == year for c in other.citations)
    statements = _nearest_first(library, answer, list(dict.fromkeys(cited)))
    for candidate in candidates(cited, statements):
        if candidate.question != answer.question:
            yield candidate.question, (), candidate.is_answered_by


def _of(catalogue: Sequence[ReportInfo], report_id: str) -> ReportInfo | None:
    return next((report for report in catalogue if report.report_id == report_id), None)


def _other_year(catalogue: Sequence[ReportInfo], cited: ReportInfo) -> int | None:
    """The year nearest to the cited report's in which there is another report of the same organisation, an earlier
    one before a later one."""
    years = {r.year for r in catalogue if r.organisation == cited.organisation and r.year is not None}
    others = [year for year in years if year != cited.year and cited.year is not None]
    return min(others, key=lambda year: (abs(year - (cited.year or 0)), year), default=None)


def _nearest_first(library: Library, answer: Answer, cited: Sequence[ReportInfo]) -> Iterator[Statement]:
    for report in cited[:2]:
        places = [c for c in answer.citations if c.report_id == report.report_id]
        statements = library.statements(report.report_id)
        sections = {c.section for c in places}
        yield from (s for s in statements if s.section in sections)
        yield from (s for s in statements if s.section not in sections)

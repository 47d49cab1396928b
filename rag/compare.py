"""Compare: one question for each organisation and year, each cell answered and checked by itself.

A cell is asked within the reports of exactly that organisation and year. Words are answered as `Assistant.ask` does,
if they are surer than there; grades come from the record, and figures from what speaks of exactly what is asked, as in
a timeline. What is only named ("moorings in use") is a figure in all cells, if one cell has such a figure. What is not
plainly of the cell is "not stated", with the reason.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from index import Library
from index.errors import BadQuestion
from index.periods import find_periods
from index.records import ReportInfo
from index.terms import terms

from .aspects import aspect_terms, is_of_an_aspect
from .axes import Asked, for_cells
from .compose import figure_piece
from .draft import Draft
from .grid import NOT_STATED, Cell, Grid, Reason
from .judge import records
from .judgment_history import judgment_history
from .measure_history import Asking, Stated, disagree, measure_history
from .measured import when
from .numbered import numbered
from .records import Answer, Citation, Event, Note, Scope
from .scope import Reach, reach
from .understand import Question, understand
from .write import write

MOST_CELLS = 400  # each with a report takes about as long as a question
SURE = (
    0.6  # the probability from which words are told: nobody checks all cells, and of those below about half are right
)
COMMON_SHARE = 1 / 3  # of the titles in reach that have a word, from which it says nothing of one report

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\b|\b(?:{_MONTH})\s+\d{{1,2}}\b(?!\d)", re.IGNORECASE)


class Streams(Protocol):
    """Answers a question within a scope step by step, as `Assistant.stream` does."""

    def __call__(self, question: str, *, scope: Scope) -> Iterator[Event]: ...


def compare(
    stream: Streams, asking: Asking, text: str, organisations: Sequence[str], years: Sequence[int], scope: Scope
) -> Grid:
    """The grid of `text`: its axes are those given, else those that the text names, else those of all reports in reach.

    Raises UnknownReport, and BadQuestion where there are no cells or more than `MOST_CELLS`.
    """
    library = asking.library
    within = reach(understand(NOT_STATED), scope, library.reports())  # the scope alone: the text narrows nothing
    asked = for_cells(text, within.reports)
    usable = [r for r in within.reports if r.organisation is not None and r.year is not None]
    spelt = {(r.organisation or "").lower(): r.organisation or "" for r in usable}
    given = years or asked.years
    reported = sorted({r.organisation or "" for r in usable if not given or r.year in given})
    names = [spelt.get(name.lower(), name) for name in organisations] or asked.organisations or reported
    named = tuple(dict.fromkeys(names))
    known = {r.year for r in usable if r.organisation in named and r.year is not None}
    wanted = tuple(sorted({*(given or known)}))
    _require_cells(len(named) * len(wanted), len(usable))
    places = {
        (organisation, year): Scope(
            tuple(r.report_id for r in usable if (r.organisation, r.year) == (organisation, year)),
            (organisation,),
            (year,),
        )
        for organisation in named
        for year in wanted
    }
    answers = _figures(asking, asked, within, places) or {
        (organisation, year): _answer(stream, asking, asked, organisation, year, one)
        for (organisation, year), one in places.items()
        if one.reports
    }
    cells: list[Cell] = []
    citations: tuple[Citation, ...] = ()
    notes: list[Note] = []
    for organisation, year in places:
        answer = answers.get((organisation, year), "no_report")
        if isinstance(answer, Answer) and _is_common_title(answer, within.reports):
            answer = "unclear"
        if not isinstance(answer, Answer):
            cells.append(_empty(organisation, year, answer))
            continue
        told, citations = numbered(answer, citations)
        cells.append(Cell(organisation, year, "stated", None, told.text, told.figures, told.judgments, told.citations))
        notes += told.notes
    searched = tuple(r for r in within.reports if r.organisation in named and r.year in wanted)
    scoped = replace(within, reports=searched, organisations=named, years=wanted).searched()
    return Grid(text, named, wanted, tuple(cells), citations, tuple(notes), scoped)


def _figures(
    asking: Asking, asked: Asked, within: Reach, places: Mapping[tuple[str, int], Scope]
) -> dict[tuple[str, int], Answer | Reason]:
    """What is only named, as a figure in all cells; empty where something is asked, the name is that of a judgment, or
    no cell has a figure of it."""
    if asked.named is None or understand(asked.template).kind in ("figure", "judgment"):
        return {}
    found = records(asking.library.judgments(None if within.everything else within.ids), asking.library.report)
    if is_of_an_aspect(aspect_terms(asked.named, [r.report.organisation for r in found]), found):
        return {}
    cells: dict[tuple[str, int], tuple[Question, Reach, tuple[Stated, ...]]] = {}
    for (organisation, year), one in places.items():
        if one.reports:
            question = understand(asked.named_of(organisation, year) or "")
            own = reach(question, one, asking.library.reports())
            cells[organisation, year] = (question, own, _stated(asking, question, own, year))
    if not any(stated for _, _, stated in cells.values()):
        return {}
    return {place: _measured(asking, *cell, place[1]) for place, cell in cells.items()}


def _answer(
    stream: Streams, asking: Asking, asked: Asked, organisation: str, year: int, scope: Scope
) -> Answer | Reason:
    """The checked answer for one cell, or why there is none."""
    asking.going_on()
    text = asked.of(organisation, year)
    question = understand(text)
    within = reach(question, scope, asking.library.reports())
    if question.kind == "judgment":
        return _graded(asking.library, text, within, year)
    if question.kind == "figure":
        return _measured(asking, question, within, _stated(asking, question, within, year), year)
    answer, probability = _streamed(stream, text, scope)
    reasons: dict[str, Reason] = {"not_in_reports": "not_found", "needs_clarification": "unclear"}
    if answer.status in reasons:
        return reasons[answer.status]
    if probability is not None and probability < SURE:
        return "unclear"
    if asked.named is not None and answer.figures and answer.text.startswith("**"):
        return "unclear"  # a figure of what is only named, held to no measure
    return answer if question.kind != "when" or _says_when(text, answer) else "unclear"


def _streamed(stream: Streams, text: str, scope: Scope) -> tuple[Answer, float | None]:
    """The answer, and the probability of the evidence that it was composed of, where any was weighed."""
    probability = None
    for event in stream(text, scope=scope):
        if event.step == "compose" and (told := re.search(r"probability (\d\.\d+)", event.detail)) is not None:
            probability = float(told[1])
        if event.answer is not None:
            return event.answer, probability
    raise AssertionError("a stream ends with its answer")


def _says_when(text: str, answer: Answer) -> bool:
    """Whether an answer names a time, and a day where dates are asked for."""
    day = re.search(r"\bdates?\b", text, re.IGNORECASE) is not None
    return any(_DAY.search(c.quote) if day else find_periods(c.quote) for c in answer.citations)


def _graded(library: Library, text: str, within: Reach, year: int) -> Answer | Reason:
    """The grade of the year from the report of that year; unclear where it is not one grade of one aspect."""
    known = [r for r in records(library.judgments(within.ids), library.report) if r.year == r.report.year == year]
    history = judgment_history(text, known)
    grades = {judged.record.judgment.grade for judged in history.judged}
    if not grades:
        return "not_found"
    if len(grades) > 1 and not history.conflicts:
        return "unclear"
    pieces = [judged.piece for judged in history.judged]
    notes = (
        [Note("conflict", f"Different grades are given for {year}.", _marks(len(pieces)))] if len(grades) > 1 else []
    )
    return write(library, text, text, Draft(tuple(pieces), tuple(notes)), within, {}) or "unclear"


def _stated(asking: Asking, question: Question, within: Reach, year: int) -> tuple[Stated, ...]:
    """The values of the year, or of the period that the question names."""
    of_another_time = [p for p in question.periods if p.text != str(year)]
    meant = when(of_another_time[0].text) if len(of_another_time) == 1 else None
    return tuple(
        s
        for s in measure_history(question.text, within, asking).stated
        if (s.when == meant if of_another_time else s.when.year == year)
    )


def _measured(
    asking: Asking, question: Question, within: Reach, stated: Sequence[Stated], year: int
) -> Answer | Reason:
    """The figure that is stated; unclear where figures of several periods of that year fit, or where the figure that
    would be answered may be of something else."""
    if not stated:
        return "not_found" if asking.first(question, asking.evidence(question, within), within) is None else "unclear"
    if len({(s.when, s.whose) for s in stated}) > 1:
        return "unclear"
    pieces = tuple(figure_piece(asking.library, s.found[0].evidence, s.found[0].figure) for s in stated)
    notes = (
        [Note("conflict", f"Different values are given for {year}.", _marks(len(pieces)))] if disagree(stated) else []
    )
    text = question.text
    return write(asking.library, text, text, Draft(pieces, tuple(notes)), within, {}) or "unclear"


def _is_common_title(answer: Answer, catalogue: Sequence[ReportInfo]) -> bool:
    """Whether an answer is a report's title that says, beside the organisation, only what many titles say."""
    (first, *others) = answer.citations
    if others or first.quote != first.title:
        return False
    titles = [frozenset(terms(title)) for title in dict.fromkeys(r.title for r in catalogue)]
    own = frozenset(terms(first.title)) - frozenset(terms(first.organisation or ""))
    common = max(2.0, COMMON_SHARE * len(titles))
    return all(sum(term in title for title in titles) >= common for term in own)


def _marks(count: int) -> tuple[int, ...]:
    return tuple(range(1, count + 1))


def _empty(organisation: str, year: int, reason: Reason) -> Cell:
    return Cell(organisation, year, "not_stated", reason, NOT_STATED)


def _require_cells(cells: int, usable: int) -> None:
    if usable == 0:
        raise BadQuestion(
            "No report in reach states both its organisation and its year, so there is nothing to compare. "
            "`citewell reports` shows what was recognised."
        )
    if cells > MOST_CELLS:
        raise BadQuestion(
            f"The grid would have {cells:,} cells; {MOST_CELLS:,} is the most. Name fewer organisations or years."
        )

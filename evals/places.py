"""Where an answer may come from: does a citation stand in an acceptable place, and does the library have that place?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import BadSuite
from rag.records import Citation

from .match import amount
from .suite import Case, Place, Suite
from .words import contains, content_words, normalise, place_of

if TYPE_CHECKING:
    from index import Library
    from index.records import ReportInfo, Statement

PlaceProblem = Literal["wrong report", "right value, wrong place"]

_SENTENCE = 4  # content words from which a statement says something by itself
_LABEL = re.compile(r"\[([^\]\s]{1,20})\]")


def place_problem(
    citation: Citation | None, evidence: Sequence[Place], organisation: str | None, extra: str = "", before: str = ""
) -> PlaceProblem | None:
    """Why a citation is not one of the acceptable places, None if it is.

    `extra` counts with the quotation, as a section does for a judgment. `before` is the report's text up to the end of
    the quotation, in which a paragraph's label is looked up.
    """
    named = [place for place in evidence if in_report(place, citation, organisation)]
    if citation is None or not named:
        return "wrong report"
    shown = f"{citation.quote}\n{extra}"
    label = _LABEL.findall(before)[-1:]
    for place in named:
        on_page = place.page is None or place.page == citation.page
        under = place.section is None or any(contains(heading, place.section) for heading in citation.section)
        labelled = place.paragraph is None or label == [place.paragraph]
        if on_page and under and labelled and all(contains(shown, part) for part in place.quote_contains):
            return None
    return "right value, wrong place"


def in_report(place: Place, citation: Citation | None, organisation: str | None) -> bool:
    """Whether a citation is of the report that a place names, or of a report that carries the same words."""
    if citation is None:
        return False
    if organisation is not None and normalise(citation.organisation or "") != normalise(organisation):
        return False
    if place.year is not None and place.year != citation.year:
        return False
    names = [(citation.report_id, citation.file, citation.title)]
    names += [(also.report_id, also.file, also.title) for also in citation.also_in]
    return place.report is None or any(_named(place.report, *name) for name in names)


def _named(report: str, report_id: str, file: str, title: str) -> bool:
    return report == report_id or normalise(report) in (normalise(Path(file).name), normalise(title))


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the library holds what a case expects. `statements` are (report id, start, end) of the statements in an
    acceptable place that state it; `pages` are (report id, page) of the acceptable places, and `cluster` names the
    report whose cases rise and fall together."""

    statements: tuple[tuple[str, int, int], ...]
    pages: frozenset[tuple[str, int | None]]
    cluster: str


@dataclass(slots=True)
class Reports:
    """What a library holds, read once a report: suites put many questions to few reports."""

    library: "Library"
    _texts: dict[str, str] = field(default_factory=dict)
    _statements: dict[str, "tuple[Statement, ...]"] = field(default_factory=dict)

    def text(self, report_id: str) -> str:
        """The canonical text."""
        if report_id not in self._texts:
            self._texts[report_id] = self.library.text(report_id)
        return self._texts[report_id]

    def statements(self, report_id: str) -> "tuple[Statement, ...]":
        """The statements in text order."""
        if report_id not in self._statements:
            self._statements[report_id] = self.library.statements(report_id)
        return self._statements[report_id]

    def of(self, place: Place, organisation: str | None) -> "tuple[ReportInfo, ...]":
        """The reports that a place names."""
        return tuple(
            info
            for info in self.library.reports()
            if (organisation is None or normalise(info.organisation or "") == normalise(organisation))
            and (place.year is None or place.year == info.year)
            and (place.report is None or _named(place.report, info.report_id, info.file, info.title))
        )

    def resolve(self, name: str) -> str:
        """The id of the report that a case's scope names; the name itself where none is called so."""
        found = self.of(Place(report=name), None)
        return found[0].report_id if found else name

    def gold(self, case: Case, organisation: str | None) -> Gold:
        """Where the library holds what `case` expects."""
        statements: list[tuple[str, int, int]] = []
        pages: set[tuple[str, int | None]] = set()
        clusters: list[str] = []
        for place in case.evidence:
            for info in self.of(place, organisation):
                clusters.append(info.twin_of)
                held = [s for s in self.statements(info.report_id) if self._holds(place, s)]
                pages.update((info.report_id, s.page) for s in held)
                statements += [(s.report_id, s.start, s.end) for s in held if _states(case, s)]
        return Gold(tuple(dict.fromkeys(statements)), frozenset(pages), clusters[0] if clusters else "")

    def occurs(self, place: Place, info: "ReportInfo") -> bool:
        """Whether the words of a place stand in a report, on the page and under the heading that the place names."""
        pieces = [self.text(info.report_id)]
        if place.page is not None:
            runs = self.library.page_runs(info.report_id)
            pieces = ["".join(pieces[0][run.start : run.end] for run in runs if run.page == place.page)]
        elif place.section is not None:
            sections = self.library.sections(info.report_id)
            pieces = [pieces[0][s.start : s.end] for s in sections if any(contains(h, place.section) for h in s.path)]
        if place.paragraph is not None and not any(f"[{place.paragraph}]" in piece for piece in pieces):
            return False
        return any(
            piece and all(place_of(normalise(piece), normalise(part)) is not None for part in place.quote_contains)
            for piece in pieces
        )

    def _holds(self, place: Place, statement: "Statement") -> bool:
        """Whether a statement stands in a place."""
        if place.page is not None and statement.page != place.page:
            return False
        if place.section is not None and not any(contains(heading, place.section) for heading in statement.section):
            return False
        if place.paragraph is not None:
            labels = _LABEL.findall(self.text(statement.report_id)[: statement.end])
            if labels[-1:] != [place.paragraph]:
                return False
        shown = f"{statement.text}\n{' '.join(statement.section)}" if statement.judgments else statement.text
        return all(contains(shown, part) for part in place.quote_contains)


def _states(case: Case, statement: "Statement") -> bool:
    """Whether a statement states what the case expects: the figure typed, the grade typed, or some of the words."""
    figure, judgment = case.expect.figure, case.expect.judgment
    if figure is not None:
        wanted = amount(figure.value, figure.scale)
        return any(_same_size(amount(f.value, f.scale), wanted) for f in statement.figures)
    if judgment is not None:
        return any(normalise(j.grade) == normalise(judgment.grade) for j in statement.judgments)
    spellings = [spelling for part in case.expect.parts for spelling in part]
    if not spellings or any(contains(statement.text, spelling) for spelling in spellings):
        return True
    # an answer of several sentences is stated by each of them
    return len(content_words(statement.text)) >= _SENTENCE and any(contains(s, statement.text) for s in spellings)


def _same_size(a: object, b: object) -> bool:
    return a is not None and b is not None and a in (b, -b)  # type: ignore[operator]


def check_evidence(suite: Suite, reports: Reports) -> None:
    """Raises `BadSuite`, with a sentence for each case, where the library cannot prove the suite right or wrong: it
    lacks a report that a case names, or the evidence of a case occurs in none of its places."""
    problems = [problem for case in suite.cases for problem in _evidence_problems(case, suite, reports)]
    if problems:
        more = [f"and {len(problems) - 10} more"] if len(problems) > 10 else []
        raise BadSuite("\n".join([*problems[:10], *more]))


def _evidence_problems(case: Case, suite: Suite, reports: Reports) -> Iterator[str]:
    organisation = suite.organisation_of(case)
    for name in case.scope.reports:
        if not reports.of(Place(report=name), None):
            yield f"Case {case.id!r}, scope: the library has no report {name!r}. Index it, or name another."
    occurred = not case.evidence
    for place in case.evidence:
        found = reports.of(place, organisation)
        if not found:
            whose = " of ".join(str(part) for part in (place.year, organisation) if part is not None)
            named = repr(place.report) if place.report is not None else f"of {whose}"
            yield f"Case {case.id!r}, evidence: the library has no report {named}. Index it, or name another."
            return
        occurred = occurred or any(reports.occurs(place, info) for info in found)
    if not occurred:
        parts = ", ".join(repr(part) for place in case.evidence for part in place.quote_contains)
        where = f"the words {parts} do not occur" if parts else "the page or section does not occur"
        yield f"Case {case.id!r}, evidence: {where} in the report. Mend the case, or its report."

"""A report's profile: what it is, its judgments, its key figures and its areas for improvement, each with its place.

Everything comes from the typed records of the report itself, and what a check cannot find in the quotation is left out.
Which figures are key is a matter of order alone: those that the report states most often and most fully come first.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import Library
from index.records import Figure, ReportInfo, Statement
from index.split import page_at

from .cite import cite
from .draft import Place
from .judge import records
from .lists import section_items
from .records import AnswerFigure, AnswerJudgment, Citation
from .verify import figure_check, judgment_check

MOST_JUDGMENTS = 40
MOST_FIGURES = 20
MOST_ITEMS = 60
_IMPROVE = re.compile(
    r"\b(?:areas? (?:for|of|in need of) (?:improvement|development)|areas? that need(?:s)? to (?:be )?improved?"
    r"|needs? to improve|must improve|recommendations?|causes? of concern|priority actions?"
    r"|areas? (?:of|for) (?:concern|priority action)|weaknesses)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ProfileItem:
    """An area for improvement or the like in the report's words, under its `heading`. `citation` is a number."""

    heading: str
    text: str
    citation: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a report is and says. Judgments of its own year come first, key figures by how often and how fully they are
    stated, areas for improvement in the order of the text. Pages that were not read are in `report.pages_not_read`."""

    report: ReportInfo
    judgments: tuple[AnswerJudgment, ...]
    figures: tuple[AnswerFigure, ...]
    improvements: tuple[ProfileItem, ...]
    citations: tuple[Citation, ...]


def report_profile(library: Library, report_id: str) -> Profile:
    """The profile of a report. Raises UnknownReport."""
    report = library.report(report_id)
    statements = library.statements(report_id)
    cited = _Cited(library, report)
    return Profile(
        report,
        tuple(_judgments(library, report, statements, cited)),
        tuple(_figures(library, report, statements, cited)),
        tuple(_improvements(library, report, cited)),
        tuple(cited.citations),
    )


def profile_sheets(profile: Profile) -> Mapping[str, Sequence[Sequence[object]]]:
    """The profile as tables, each with a heading."""
    report = profile.report
    not_read = ", ".join(map(str, report.pages_not_read))
    about = (
        ("title", report.title), ("organisation", report.organisation), ("publisher", report.publisher),
        ("year", report.year), ("published", report.published), ("period", report.period), ("kind", report.kind),
        ("file", report.file), ("pages", report.pages), ("pages not read", not_read), ("report_id", report.report_id),
    )  # fmt: skip
    return {
        "Report": [("what", "is"), *about],
        "Judgments": [
            ("grade", "aspect", "organisation", "year", "check", "citation"),
            *((j.grade, j.aspect, j.organisation, j.year, j.check, j.citation) for j in profile.judgments),
        ],
        "Figures": [
            ("text", "value", "unit", "scale", "measure", "subject", "period", "check", "citation"),
            *(
                (f.text, f.value, f.unit, f.scale, f.measure, f.subject, f.period, f.check, f.citation)
                for f in profile.figures
            ),
        ],
        "Improvements": [
            ("heading", "text", "citation"),
            *((item.heading, item.text, item.citation) for item in profile.improvements),
        ],
        "Citations": [
            ("n", "file", "page", "start", "end", "quote"),
            *((c.n, c.file, c.page, c.start, c.end, c.quote) for c in profile.citations),
        ],
    }


class _Cited:
    """The citations so far: a place that is cited again keeps its number."""

    def __init__(self, library: Library, report: ReportInfo) -> None:
        self._library, self._report = library, report
        self._numbers: dict[tuple[int, int], int] = {}
        self.citations: list[Citation] = []

    def number(self, start: int, end: int, section: tuple[str, ...]) -> int:
        if (start, end) not in self._numbers:
            page, label = page_at(self._library.page_runs(self._report.report_id), start)
            self._numbers[start, end] = len(self.citations) + 1
            place = Place(self._report, start, end, page, label, section)
            self.citations.append(cite(self._library, place, len(self.citations) + 1))
        return self._numbers[start, end]


def _judgments(
    library: Library, report: ReportInfo, statements: Sequence[Statement], cited: _Cited
) -> list[AnswerJudgment]:
    found: list[AnswerJudgment] = []
    seen: set[tuple[str, str, int | None, str | None]] = set()
    known = records([statement for statement in statements if statement.judgments], library.report)
    for record in sorted(known, key=lambda r: (r.year != report.year, not r.judgment.overall, -(r.year or 0))):
        judgment, statement = record.judgment, record.statement
        key = (judgment.grade, judgment.aspect.lower(), record.year, judgment.organisation)
        check = judgment_check(judgment, statement.text)
        if key in seen or check == "failed":
            continue
        seen.add(key)
        n = cited.number(statement.start, statement.end, statement.section)
        whose = judgment.organisation or report.organisation
        found.append(AnswerJudgment(judgment.grade, judgment.aspect, whose, record.year, n, check))
        if len(found) == MOST_JUDGMENTS:
            break
    return found


def _figures(
    library: Library, report: ReportInfo, statements: Sequence[Statement], cited: _Cited
) -> list[AnswerFigure]:
    times = Counter(key for statement in statements for key in {_key(figure) for figure in statement.figures})
    ranked = sorted(
        (
            (_weight(figure, times, report.organisation), figure, statement)
            for statement in statements
            for figure in statement.figures
        ),
        key=lambda entry: (-entry[0], entry[1].start),
    )
    found: list[AnswerFigure] = []
    seen: set[tuple[str, str | None, str | None]] = set()
    for _, figure, statement in ranked:
        check = figure_check(figure, statement.text, statement.start)
        if _key(figure) in seen or check == "failed" or not _says_what(figure):
            continue
        seen.add(_key(figure))
        n = cited.number(statement.start, statement.end, statement.section)
        found.append(
            AnswerFigure(
                figure.text,
                figure.value,
                figure.unit,
                figure.scale,
                figure.measure,
                figure.subject or report.organisation,
                figure.period,
                n,
                check,
            )
        )
        if len(found) == MOST_FIGURES:
            break
    return found


def _key(figure: Figure) -> tuple[str, str | None, str | None]:
    return figure.value, figure.unit, figure.scale


def _says_what(figure: Figure) -> bool:
    """Whether it is told what the figure measures: a number alone is no key figure, nor is one that is written out and
    counts what it names ("four years")."""
    if (
        figure.ambiguous
        or figure.measure is None
        or figure.unit is None
        or not figure.text.strip("(£$€-–−+ ")[:1].isdigit()
    ):
        return False
    return figure.period is not None or figure.measure.lower() != figure.unit.lower()


def _weight(figure: Figure, times: Mapping[tuple[str, str | None, str | None], int], own: str | None) -> int:
    told = sum(bool(part) for part in (figure.subject, figure.period, figure.scale))
    return min(times[_key(figure)], 4) + told + 2 * (figure.subject in (None, own))


def _improvements(library: Library, report: ReportInfo, cited: _Cited) -> list[ProfileItem]:
    found: list[ProfileItem] = []
    for section in library.sections(report.report_id):
        if section.kind != "body" or not section.path or not _IMPROVE.search(section.path[-1]):
            continue
        for piece in section_items(library, report, section):
            n = cited.number(piece.place.start, piece.place.end, section.path)
            found.append(ProfileItem(section.path[-1], piece.rest, n))
    return found[:MOST_ITEMS]

"""Give an overview of a report from its own summary: its overall judgment, then what its summary says, in order.

Only a question for all of a report is answered so: one that names anything besides the report, its organisation and its
year is about that, and is answered as any other question is.
"""

import re
from collections.abc import Sequence

from index import Library
from index.records import CELL_SEPARATOR, ReportInfo, Section
from index.terms import terms

from .clarify import organisations_of
from .draft import Draft, Piece
from .judge import judgment_piece, records
from .lists import section_items
from .scope import Reach
from .understand import Question

MOST_LINES = 16
LEAST = 300  # characters of a section that may stand for a summary where there is none
_REPORT = r"(?:reports?|inspections?|reviews?|audits?|letters?|assessments?|evaluations?|inspectors|page)"
_ASKS = re.compile(
    rf"^(?:and\s+)?what (?:did|does|do|was|were) .{{0,90}}\b{_REPORT}\b.{{0,60}}?\b"
    r"(?:find|finds|found|say|says|conclude|concludes|report|show|shows)\s*\?*$"
    r"|\b(?:summari[sz]e|sum up|overview of|summary of|summari[sz]ing)\b"
    rf"|\b(?:main|key|overall|principal) (?:findings|conclusions|messages|points) of\b.*\b{_REPORT}\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"(?:overview\b.*|(?:executive |overall )?summary|overall judg(?:e)?ment\S*|(?:key|main) (?:findings|messages)"
    r"|at a glance)",
    re.IGNORECASE,
)
_NO_SUMMARY = re.compile(
    r"\b(?:introduction|contents|background|about|methodology|foreword|numbers|appendix|annex)\b", re.IGNORECASE
)
_FRAME = frozenset(
    terms(
        "what did does do was were find finds found say says conclude concludes report reports show shows give me an a"
        " overview summary summarise summarize sum up main key overall principal findings finding conclusions messages"
        " points inspection inspections review audit letter assessment evaluation inspectors page the of for in on by"
        " force council company organisation authority trust service please short brief whole entire annual"
    )
)


def overview(library: Library, question: Question, within: Reach) -> Draft:
    """The overview of the report that the question asks for all of; empty for other questions.

    Of several reports that of the latest year is taken, and where they are of several organisations these are named
    in the draft, so that it can be asked which is meant.
    """
    if _ASKS.search(question.text) is None:
        return Draft()
    asked = (*question.years, *question.report_years)
    reports = [
        r for r in within.reports if r.twin_of == r.report_id and (not asked or r.year is None or r.year in asked)
    ]
    if not reports or any(term not in _known(reports) for term in question.terms):
        return Draft()
    latest = max(r.year or 0 for r in reports)
    kept = [r for r in reports if (r.year or 0) == latest]
    if len(kept) > 1 and len({r.organisation for r in kept}) == 1:
        return Draft()  # which of them is meant
    pieces = (*_judged(library, kept[0]), *_lines(library, kept[0]))
    return Draft(pieces[:MOST_LINES], organisations=organisations_of(r.organisation for r in kept))


def _known(reports: Sequence[ReportInfo]) -> frozenset[str]:
    """The terms that only name a report, or ask for all of it."""
    named = " ".join(f"{r.organisation or ''} {r.publisher or ''} {r.title}" for r in reports)
    return _FRAME | frozenset(terms(named))


def _judged(library: Library, report: ReportInfo) -> tuple[Piece, ...]:
    """The report's own overall judgment, where it has one and only one."""
    known = records((s for s in library.statements(report.report_id) if s.judgments), library.report)
    overall = [r for r in known if r.judgment.overall and r.year == report.year]
    return (judgment_piece(overall[0]),) if len({r.judgment.grade for r in overall}) == 1 else ()


def _lines(library: Library, report: ReportInfo) -> tuple[Piece, ...]:
    body = [s for s in library.sections(report.report_id) if s.kind == "body" and s.path]
    summaries = [s for s in body if _is_summary(s)]
    if not summaries:
        summaries = [
            s for s in body if s.end - s.body_start >= LEAST and not any(_NO_SUMMARY.search(h) for h in s.path[-1:])
        ][:1]
    lines = (piece for section in summaries for piece in section_items(library, report, section))
    return tuple(piece for piece in lines if CELL_SEPARATOR not in piece.rest)


def _is_summary(section: Section) -> bool:
    """Whether a section is a summary, or stands in one that is an overview."""
    return _SUMMARY.fullmatch(section.path[-1]) is not None or any(
        re.match(r"overview\b", heading, re.IGNORECASE) is not None for heading in section.path
    )

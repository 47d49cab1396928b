"""Lists that reports keep under a heading of their own: areas for improvement, recommendations, main findings.

Such a list is found by its heading and by the headings over it, not by how near its items are to the question, and is
given whole and in order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import Library
from index.records import ReportInfo, Section
from index.split import page_at
from index.terms import terms

from .clarify import organisations_of
from .draft import Draft, Piece, Place
from .features import Weight
from .scope import Reach
from .understand import Question

MOST_ITEMS = 24
LOOKED_THROUGH = 60  # reports; of more, those are looked through whose passages the question's words find
FOUND = 40  # passages
ABOUT = 0.5  # share of what else the question says that the headings, or the items, have to have
_LISTED = re.compile(
    r"\b(?:areas? (?:for|of|in need of) (?:improvement|development)|areas? that need(?:s)? to (?:be )?improved?"
    r"|recommendations?|causes? of concern|priority actions?"
    r"|(?:key|main|principal) (?:findings?|points|messages|strengths)"
    r"|areas? (?:of|for) (?:strength|concern|priority action)|strengths|weaknesses|next steps|conclusions)\b",
    re.IGNORECASE,
)
_FRAME = frozenset(
    term
    for word in "list inspection report found find identified made set name force council area under about their "
    "which what were there give say noted".split()
    for term in terms(word)
)


@dataclass(frozen=True, slots=True)
class _Found:
    report: ReportInfo
    section: Section
    about: float


def list_sections(library: Library, question: Question, within: Reach, weight: Weight) -> Draft:
    """The items under the heading that the question names; empty where it names none, or none is about what it asks.

    Of several years the latest is given, unless the question names its year.
    """
    named = _LISTED.search(question.text)
    if named is None or question.kind not in ("list", "other"):
        return Draft()
    wanted = _singular(named.group())
    own = {t for r in within.reports for t in terms(r.organisation or "")}
    rest = [t for t in question.terms if t not in terms(named.group()) and t not in own and t not in _FRAME]
    found = [
        _Found(report, section, _about(library, report, section, rest, weight))
        for report in _reports(library, question, within)
        if report.twin_of == report.report_id and (not question.years or report.year in question.years)
        for section in library.sections(report.report_id)
        if section.kind == "body" and section.path and wanted in _singular(section.path[-1])
    ]
    best = max((f.about for f in found), default=0.0)
    if not found or (rest and best < ABOUT):
        return Draft()
    latest = max((f.report.year or 0) for f in found if f.about == best)
    kept = [f for f in found if f.about == best and (f.report.year or 0) == latest]
    pieces = [piece for f in kept for piece in section_items(library, f.report, f.section)]
    listing = organisations_of(f.report.organisation for f in found if f.about == best)
    return Draft(tuple(pieces[:MOST_ITEMS]), organisations=listing)


def _reports(library: Library, question: Question, within: Reach) -> Sequence[ReportInfo]:
    if len(within.reports) <= LOOKED_THROUGH:
        return within.reports
    hits = library.lexical_passages(question.text, FOUND, None if within.everything else within.ids)
    ids = {hit.passage.report_id for hit in hits}
    return [report for report in within.reports if report.report_id in ids]


def _singular(text: str) -> str:
    return " ".join(re.sub(r"s$", "", word) for word in re.findall(r"\w+", text.lower()))


def _about(library: Library, report: ReportInfo, section: Section, rest: Sequence[str], weight: Weight) -> float:
    """How much (0 to 1) of the rest of the question the headings have; half as much where only the items have it."""
    total = sum(weight(t) for t in rest)
    if not total:
        return 1.0
    heads = set(terms(" ".join(section.path)))
    items = set(terms(library.text(report.report_id)[section.body_start : section.end]))
    in_heads = sum(weight(t) for t in rest if t in heads) / total
    in_items = sum(weight(t) for t in rest if t in items) / total
    return max(in_heads, in_items / 2)


def section_items(library: Library, report: ReportInfo, section: Section) -> list[Piece]:
    """The lines of a section that say something, each with its place."""
    text = library.text(report.report_id)
    runs = library.page_runs(report.report_id)
    pieces = []
    for line in re.finditer(r"\S[^\n]*", text[section.body_start : section.end]):
        start, end = section.body_start + line.start(), section.body_start + line.end()
        if len(re.findall(r"[A-Za-z]{2,}", text[start:end])) < 3:
            continue
        page, label = page_at(runs, start)
        place = Place(report, start, end, page, label, section.path)
        pieces.append(Piece("", text[start:end], place, show_quote=False))
    return pieces

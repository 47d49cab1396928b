"""What became of a citation's source since the answer was given.

A citation is of one report, and a report's id is its content. Where that report still has the quotation at its place,
nothing changed. Where it was read anew, or its file was replaced, the citation moves to where the identical quotation
stands in what the library holds of that file now. Where it stands nowhere, the reader is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from index import Library
from index.errors import UnknownReport
from index.records import ReportInfo
from index.split import page_at

from .places import section_at

SourceState = Literal["same", "moved", "changed", "removed"]
WORDS: Mapping[SourceState, str] = {
    "same": "",
    "moved": "The source was replaced since; the new version has the same words.",
    "changed": "The source changed since: it no longer has these words.",
    "removed": "The source was removed from the library since.",
}


@dataclass(frozen=True, slots=True)
class Anchored:
    """A citation (the fields of `Citation`) as it can be shown now, and what became of its source. `words` says so to
    people, empty for "same". Of a "moved" one the place is the new one; of the others it is as it was."""

    citation: dict[str, Any]
    state: SourceState
    words: str


def anchored(library: Library, citation: Mapping[str, Any]) -> Anchored:
    """Where the citation stands now. The quotation itself never changes."""
    own = dict(citation)
    here = _text(library, own["report_id"])
    if here is not None and here[own["start"] : own["end"]] == own["quote"]:
        return Anchored(own, "same", WORDS["same"])
    candidates = [info for info in library.reports() if _is_of(info, own)]
    placed = [(info, at) for info in candidates if (at := _nearest(library, info, own)) is not None]
    if placed:
        info, start = min(placed, key=lambda found: (found[0].year != own["year"], abs(found[1] - own["start"])))
        return Anchored(own | _place(library, info, start, len(own["quote"])), "moved", WORDS["moved"])
    state: SourceState = "changed" if candidates else "removed"
    return Anchored(own, state, WORDS[state])


def _is_of(info: ReportInfo, citation: Mapping[str, Any]) -> bool:
    return bool(info.report_id == citation["report_id"] or info.file == citation["file"])


def _text(library: Library, report_id: str) -> str | None:
    try:
        return library.text(report_id)
    except UnknownReport:
        return None


def _nearest(library: Library, info: ReportInfo, citation: Mapping[str, Any]) -> int | None:
    """Where the identical quotation stands in a report: of several places the one nearest to the old offset."""
    text = _text(library, info.report_id)
    quote = citation["quote"]
    if not text or not quote:
        return None
    before, after = text.rfind(quote, 0, citation["start"] + len(quote)), text.find(quote, citation["start"])
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - citation["start"]), default=None)


def _place(library: Library, info: ReportInfo, start: int, length: int) -> dict[str, Any]:
    page, label = page_at(library.page_runs(info.report_id), start)
    section = section_at(library.sections(info.report_id), start)
    return {
        "report_id": info.report_id,
        "title": info.title,
        "organisation": info.organisation,
        "year": info.year,
        "file": info.file,
        "page": page,
        "page_label": label,
        "section": section.path if section else (),
        "start": start,
        "end": start + length,
    }

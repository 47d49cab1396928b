"""Cite: the exact place of each quotation, with its page, printed label, section and the twins that also say it."""

import re
from collections.abc import Sequence

from index import Library
from index.records import ReportInfo

from .draft import Place
from .records import AlsoIn, Citation

_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "\u00a0": " "})


def cite(library: Library, place: Place, n: int) -> Citation:
    """The citation numbered `n` for a place."""
    quote = library.text(place.report.report_id)[place.start : place.end]
    return Citation(
        n=n,
        report_id=place.report.report_id,
        title=place.report.title,
        organisation=place.report.organisation,
        year=place.report.year,
        file=place.report.file,
        page=place.page,
        page_label=place.page_label,
        section=place.section,
        quote=quote,
        start=place.start,
        end=place.end,
        also_in=_also_in(library, place.report, quote, library.reports()),
    )


def _also_in(library: Library, own: ReportInfo, quote: str, catalogue: Sequence[ReportInfo]) -> tuple[AlsoIn, ...]:
    """The twins of the report that carry the same words."""
    wanted = _plain(quote)
    twins = [r for r in catalogue if r.twin_of == own.twin_of and r.report_id != own.report_id]
    return tuple(
        AlsoIn(twin.report_id, twin.title, twin.file)
        for twin in twins
        if wanted in _plain(library.text(twin.report_id))
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_ALIKE)).lower().strip(" .")

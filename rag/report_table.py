"""The reports of a library as a table that fits the terminal: one line a report, as far as its title allows.

Ids and numbers are never split and only the title is folded. Where there is too little room, columns are left out.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.table import Table

from index.records import ReportInfo

GAP = 2  # columns between two cells
FOLDED_TITLE = 38  # characters of a title's line that numbers leave to it
WHOLE_TITLE = 60  # and that names leave to it: most titles are shorter
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    cell: Callable[[ReportInfo], str]
    number: bool = True


_ID = _Field("Id", lambda report: report.report_id, number=False)
_TITLE = _Field("Title", lambda report: report.title, number=False)
_FILE = _Field("File", lambda report: _short(report.file), number=False)
_ORGANISATION = _Field("Organisation", lambda report: _short(report.organisation or "–"), number=False)
_YEAR = _Field("Year", lambda report: str(report.year or "–"))
_PAGES = _Field("Pages", lambda report: str(report.pages or "–"))
_PASSAGES = _Field("Passages", lambda report: str(report.passages))
_TABLES = _Field("Tables", lambda report: str(report.tables))
_FIGURES = _Field("Figures", lambda report: str(report.figures))
_JUDGMENTS = _Field("Judgments", lambda report: str(report.judgments))
_PUBLISHED = _Field("Published", lambda report: report.published or "–")
_NOT_READ = _Field("Not read", lambda report: str(len(report.pages_not_read)))

_SHOWN = (
    _ID,
    _TITLE,
    _ORGANISATION,
    _YEAR,
    _PAGES,
    _PASSAGES,
    _TABLES,
    _FIGURES,
    _JUDGMENTS,
    _NOT_READ,
    _FILE,
)


def report_table(reports: Sequence[ReportInfo], width: int) -> tuple[Table, tuple[str, ...]]:
    """The table, at most `width` columns wide, and the names of the columns for which there is no room in it; the date
    of publication only adds to the year, and is shown where all else is. Titles that several reports have are told
    apart by their files."""
    fields = _fitting(reports, width)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for field in fields:
        table.add_column(
            field.name,
            justify="right" if field.number else "left",
            no_wrap=field is not _TITLE,
            overflow="fold" if field is _TITLE else "ellipsis",
        )
    several = Counter(report.title for report in reports)
    for report in reports:
        cells = {field: field.cell(report) for field in fields}
        if several[report.title] > 1 and _FILE not in fields:
            cells[_TITLE] = f"{report.title} ({report.file})"
        table.add_row(*cells.values())
    return table, tuple(field.name for field in _SHOWN if field not in fields)


def _fitting(reports: Sequence[ReportInfo], width: int) -> list[_Field]:
    """The fields for which there is room, in the order in which they are shown.

    Numbers come first, by what a reader needs most, while a title has `FOLDED_TITLE` columns; then names, while it has
    `WHOLE_TITLE`. A title that is shorter than that leaves the rest to them.
    """
    longest = max(cell_len(report.title) for report in reports)
    unread = any(report.pages_not_read for report in reports)
    counts = (_FIGURES, _JUDGMENTS, _TABLES, _PASSAGES)
    numbers = (_PAGES, _NOT_READ, *counts) if unread else (_PAGES, *counts, _NOT_READ)
    chosen = [_ID, _TITLE, _YEAR]
    room = width - sum(_width(field, reports) + GAP for field in (_ID, _YEAR))
    for fields, title in ((numbers, FOLDED_TITLE), ((_FILE, _ORGANISATION), WHOLE_TITLE)):
        for field in fields:
            needed = _width(field, reports) + GAP
            if room - needed >= min(longest, title):
                chosen.append(field)
                room -= needed
    dated = any(report.published for report in reports)
    if dated and len(chosen) == len(_SHOWN) and room - _width(_PUBLISHED, reports) - GAP >= longest:
        return [*_SHOWN, _PUBLISHED]
    return [field for field in _SHOWN if field in chosen]


def _width(field: _Field, reports: Sequence[ReportInfo]) -> int:
    return max(cell_len(field.name), *(cell_len(field.cell(report)) for report in reports))


def _short(name: str) -> str:
    return name if cell_len(name) <= LONGEST_NAME else f"{set_cell_size(name, LONGEST_NAME - 1).rstrip()}…"

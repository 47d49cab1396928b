"""Timelines and comparisons in the terminal, and as CSV for a spreadsheet.

As everywhere in the terminal, text of reports reaches the console only through `printable`. In CSV a cell that a
spreadsheet would take for a formula gets an apostrophe in front, so that no word of a report is ever computed.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from rich.console import Console

from .grid import NOT_STATED, Cell, Grid, Point, Timeline
from .records import Citation, Note
from .terminal import plain_text, print_citation, print_note, print_searched, printable, table

REASONS = {"no_report": "no such report", "not_found": "not found", "unclear": "unclear"}
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]"
)
_OF_CITATION = ("n", "file", "page", "start", "end", "quote")


def print_grid(grid: Grid, console: Console) -> None:
    """The grid with an organisation a row and a year a column, then what it cites, the notes, and what was searched."""
    grid = printable(grid)
    shown = table("Organisation", *map(str, grid.years))
    for organisation in grid.organisations:
        shown.add_row(organisation, *(_shown(grid.cell(organisation, year)) for year in grid.years))
    console.print(shown)
    _print_below(grid, console)


def print_timeline(timeline: Timeline, console: Console) -> None:
    """The timeline with a point a row, then what it cites, the notes, and what was searched."""
    timeline = printable(timeline)
    several = len({point.organisation for point in timeline.points}) > 1
    shown = table(*(["Organisation"] if several else []), "When", "Stated")
    for point in timeline.points:
        whose = [point.organisation or "–"] if several else []
        shown.add_row(*whose, _when(point), _shown(point) + (" (planned)" if point.planned else ""))
    console.print(shown)
    _print_below(timeline, console)


def grid_csv(grid: Grid) -> str:
    """The grid as CSV: a line for each organisation and year, then for each citation, with a heading each."""
    return _csv([*grid_rows(grid), (), *cited_rows(grid.citations)])


def timeline_csv(timeline: Timeline) -> str:
    """The timeline as CSV: a line for each point, then for each citation, with a heading each."""
    return _csv([*timeline_rows(timeline), (), *cited_rows(timeline.citations)])


def grid_rows(grid: Grid) -> list[Sequence[object]]:
    """A heading, then a row for each organisation and year."""
    rows: list[Sequence[object]] = [("organisation", "year", "status", "reason", "text", "citations")]
    rows += [(c.organisation, c.year, c.status, c.reason, plain_text(c.text), _numbers(c)) for c in grid.cells]
    return rows


def timeline_rows(timeline: Timeline) -> list[Sequence[object]]:
    """A heading, then a row for each point."""
    rows: list[Sequence[object]] = [
        ("organisation", "year", "period", "planned", "status", "reason", "text", "citations")
    ]
    rows += [
        (p.organisation, p.year, p.period, p.planned, p.status, p.reason, plain_text(p.text), _numbers(p))
        for p in timeline.points
    ]
    return rows


def guarded(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _csv(rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([guarded(value) for value in row] for row in rows)
    return file.getvalue()


def cited_rows(citations: Sequence[Citation]) -> list[Sequence[object]]:
    """A heading, then a row for each citation."""
    return [_OF_CITATION, *([getattr(citation, name) for name in _OF_CITATION] for citation in citations)]


def _numbers(told: Cell | Point) -> str:
    return " ".join(map(str, told.citations))


def _shown(told: Cell | Point) -> str:
    if told.status == "stated":
        return plain_text(told.text)
    return NOT_STATED if told.reason in (None, "not_found") else f"{NOT_STATED} ({REASONS[told.reason]})"


def _when(point: Point) -> str:
    return point.period or str(point.year or "no year")


def _print_below(told: Grid | Timeline, console: Console) -> None:
    for citation in told.citations:
        print_citation(citation, console)
    notes: Sequence[Note] = told.notes
    for note in notes:
        print_note(note, console)
    print_searched(told.scope, console)

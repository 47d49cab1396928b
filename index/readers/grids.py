"""Cells on a grid → blocks. A sheet or a CSV file is one grid; the tables in it are the areas that empty rows and
empty columns set apart, and what stands above or below a table alone in its row is a line of text about it."""

from collections.abc import Iterator

from ..records import RawBlock, RawCell
from ..reflow import is_figure

# A row: column → (text, columns spanned). Columns that show nothing are absent.
Row = dict[int, tuple[str, int]]
Grid = list[Row]


def grid_blocks(grid: Grid, tables: int) -> Iterator[RawBlock]:
    """The blocks of a grid, top to bottom and left to right. Its tables are numbered from `tables`."""
    for band in _bands(grid):
        for area in _areas(band):
            above, rows, below = _parted(area)
            for text in above:
                yield RawBlock("paragraph", text)
            if rows:
                yield from _table_rows(rows, tables)
                tables += 1
            for text in below:
                yield RawBlock("paragraph", text)


def _bands(grid: Grid) -> Iterator[Grid]:
    """Runs of rows that show something."""
    band: Grid = []
    for row in grid:
        if row:
            band.append(row)
        elif band:
            yield band
            band = []
    if band:
        yield band


def _areas(band: Grid) -> list[Grid]:
    """The parts of a band beside each other: what an empty column divides into tables of two or more columns."""
    used = sorted({column + ahead for row in band for column, (_, span) in row.items() for ahead in range(span)})
    runs: list[list[int]] = []
    for column in used:
        if runs and column == runs[-1][1] + 1:
            runs[-1][1] = column
        else:
            runs.append([column, column])
    if len(runs) < 2 or any(_filled_rows(band, first, last) < 2 or first == last for first, last in runs):
        return [band]
    return [
        [part for row in band if (part := {c: cell for c, cell in row.items() if first <= c <= last})]
        for first, last in runs
    ]


def _filled_rows(band: Grid, first: int, last: int) -> int:
    return sum(any(first <= column <= last for column in row) for row in band)


def _parted(area: Grid) -> tuple[list[str], Grid, list[str]]:
    """(lines above the table, its rows, lines below it). An area without a row of two cells is lines alone."""
    wide = [number for number, row in enumerate(area) if len(row) > 1]
    if not wide:
        return [text for row in area for text, _ in row.values()], [], []
    first, last = wide[0], wide[-1]
    # A heading of one cell that spans some of the columns, but not the first, heads those columns.
    while first > 0 and (only := next(iter(area[first - 1].items()))) and only[0] > min(min(row) for row in area):
        first -= 1
    while last + 1 < len(area) and is_figure(next(iter(area[last + 1].values()))[0]):
        last += 1
    lines = [[text for row in part for text, _ in row.values()] for part in (area[:first], area[last + 1 :])]
    return lines[0], area[first : last + 1], lines[1]


def _table_rows(rows: Grid, table: int) -> Iterator[RawBlock]:
    left = min(min(row) for row in rows)
    right = max(column + span for row in rows for column, (_, span) in row.items())
    for row in rows:
        cells: list[RawCell] = []
        column = left
        while column < right:
            text, span = row.get(column, ("", 1))
            cells.append(RawCell(text, min(span, right - column)))
            column += span
        yield RawBlock("table_row", "", table=table, cells=tuple(cells))

"""The characters and rulings of a PDF page → its lines and tables in reading order."""

from collections.abc import Sequence
from dataclasses import replace

from ..records import RawCell
from ..reflow import join_lines
from .pdf_blocks import PageItem, TableRows
from .pdf_lines import PrintedLine, printed_lines
from .pdf_tables import Box, Ruled
from .pdf_text import PageText, cropped


def candidates(ruled: Sequence[Ruled], last: Ruled | None) -> list[Ruled]:
    """What may be a table: several columns, and several rows or the rest of `last`, the last table of the page
    before."""
    return [found for found in ruled if found.width > 1 and (len(found.rows) > 1 or _is_rest(found, ruled, last))]


def page_items(text: PageText, ruled: Sequence[Ruled], last: Ruled | None) -> tuple[list[PageItem], Ruled | None]:
    """The lines and tables of a page in reading order, and the last of its tables. `last` is that of the page
    before."""
    tables: list[tuple[Ruled, TableRows]] = []
    for found in candidates(ruled, last):
        rows = _table_rows(text, found, fewest=1 if _is_rest(found, ruled, last) else 2)
        if rows is not None:
            tables.append((found, rows))
    boxes = [rows.box for _, rows in tables]
    lines = printed_lines(cropped(text, boxes, inside=False))
    for frame in ruled:
        if frame.width == 1:
            _open_cells(lines, frame)
    return _placed(lines, [rows for _, rows in tables]), tables[-1][0] if tables else None


def _is_rest(found: Ruled, ruled: Sequence[Ruled], last: Ruled | None) -> bool:
    """Whether the first table of a page goes on with the last one of the page before."""
    return found is ruled[0] and last is not None and last.goes_on_in(found)


def _open_cells(lines: list[PrintedLine], frame: Ruled) -> None:
    """Mark the first line of each box in a frame of one column, and the first line after the frame. Where each box
    holds one line, it is the shading of a paragraph."""
    cells = [row[0].box for row in frame.rows if row[0].box is not None]
    held = [[at for at, line in enumerate(lines) if _holds(box, line)] for box in cells]
    if max(map(len, held), default=0) < 2:
        return
    for at in {at for inside in held if inside for at in (inside[0], inside[-1] + 1) if at < len(lines)}:
        lines[at] = replace(lines[at], opens=True)


def _holds(box: Box, line: PrintedLine) -> bool:
    across, down = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _table_rows(page: PageText, table: Ruled, *, fewest: int) -> TableRows | None:
    """The rows of a table with their text; None where it is a frame around text and no table: fewer rows than
    `fewest` have text in several cells, or the cells do not hold each character once."""
    within = cropped(page, [table.box], inside=True)
    unplaced = _count(within)
    rows: list[tuple[RawCell, ...]] = []
    for row in table.rows:
        cells: list[RawCell] = []
        for cell in row:
            text = ""
            if cell.box is not None:
                held = cropped(within, [cell.box], inside=True)
                unplaced -= _count(held)
                text = join_lines([line.text for line in printed_lines(held)])
            cells.append(RawCell(text, cell.columns))
        if any(cell.text for cell in cells):
            rows.append(tuple(cells))
    filled = sum(len([cell for cell in row if cell.text]) > 1 for row in rows)
    if unplaced or filled < fewest or filled < 0.3 * len(rows):
        return None
    return TableRows(tuple(rows), table.box)


def _count(page: PageText) -> int:
    """The characters with a place of their own, but for spaces."""
    return sum(len(glyph.text) for glyph in page.glyphs if glyph.right > glyph.left and not glyph.text.isspace())


def _placed(lines: Sequence[PrintedLine], tables: Sequence[TableRows]) -> list[PageItem]:
    """The lines with each table before the first line that stands below it."""
    items: list[PageItem] = list(lines)
    for table in tables:
        left, _, right, bottom = table.box
        place = next(
            (
                at
                for at, item in enumerate(items)
                if isinstance(item, PrintedLine) and item.top >= bottom - 2 and item.right > left and item.left < right
            ),
            len(items),
        )
        items.insert(place, table)
    return items

"""Excel workbooks → blocks: each sheet a section with the sheet's name as heading, its tables, and the lines around
them as paragraphs.

Values are those that Excel kept with its formulas, as it shows them. Hidden sheets, rows and columns are left out, as
they are for whoever opens the file, and a warning says so. Nothing that the file names is opened.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import openpyxl
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from ..records import RawBlock, RawReport
from ..reflow import raised
from . import Limits, NotReadable
from .grids import Grid, grid_blocks
from .number_formats import shown
from .ooxml import transitional

_BROKEN = "it is not an Excel workbook, or it is damaged: open it in Excel and save it again"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_COLUMNS = 2_000  # beyond which a row's cells are filling and no table


@dataclass(slots=True)
class _Layout:
    """What a sheet's file says beside its values: (row, column) of merged cells → the columns they span, and the
    rows and columns, from 1, that are hidden."""

    spans: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def hides(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)

    def place(self, column: int) -> int:
        """The number of a column among those that show; for a hidden one, that of the one before it."""
        return column - sum(max(min(last, column) - first + 1, 0) for first, last in self.hidden_columns)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a workbook, with the title and date of its properties."""
    try:
        data = transitional(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            paths = _sheet_paths(archive)
            workbook = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False, rich_text=True
            )
            return _report(workbook, archive, paths, limits)
    except (
        InvalidFileException, KeyError, ValueError, IndexError, TypeError, AttributeError, EOFError,
        zipfile.BadZipFile, etree.XMLSyntaxError, SyntaxError,
    ) as error:  # fmt: skip
        raise NotReadable(_BROKEN) from error


def _report(workbook: openpyxl.Workbook, archive: zipfile.ZipFile, paths: dict[str, str], limits: Limits) -> RawReport:
    blocks: list[RawBlock] = []
    unseen: list[str] = []
    partly: list[str] = []
    characters = tables = 0
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            unseen.append(sheet.title)
            continue
        layout = _layout(archive, paths[sheet.title]) if sheet.title in paths else _Layout()
        if layout.hidden_rows or layout.hidden_columns:
            partly.append(sheet.title)
        grid: Grid = []
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), start=1):
            if number in layout.hidden_rows:
                continue
            cells = _cells(row, number, layout)
            characters += sum(len(text) for text, _ in cells.values())
            if characters > limits.characters:
                raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
            grid.append(cells)
        found = list(grid_blocks(grid, tables))
        tables = max((block.table + 1 for block in found), default=tables) if found else tables
        if found:
            blocks.append(RawBlock("heading", sheet.title, level=1))
            blocks.extend(found)
    properties = workbook.properties
    return RawReport(
        blocks=tuple(blocks),
        title_hint=(properties.title or "").strip() or None,
        date_hint=properties.created.date().isoformat() if properties.created is not None else None,
        warnings=tuple(
            f"{what}: {', '.join(names)}"
            for what, names in (
                ("sheets that are hidden, which were left out", unseen),
                ("sheets with hidden rows or columns, which were left out", partly),
            )
            if names
        ),
    )


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part of the file that holds it."""
    targets: dict[str, str] = {}
    for relation in _root(archive, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target") or ""
        targets[relation.get("Id") or ""] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = _root(archive, "xl/workbook.xml").iter("{*}sheet")
    names = {sheet.get("name") or "": targets.get(sheet.get(_RELATION) or "", "") for sheet in sheets}
    held = set(archive.namelist())
    return {name: path for name, target in names.items() if (path := posixpath.normpath(target)) in held}


def _root(archive: zipfile.ZipFile, name: str) -> etree._Element:
    if name not in archive.namelist():
        return etree.Element("none")
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _layout(archive: zipfile.ZipFile, path: str) -> _Layout:
    layout = _Layout()
    tags = [_MAIN + name for name in ("row", "col", "mergeCell", "c")]
    with archive.open(path) as part:
        for _, element in etree.iterparse(part, tag=tags, resolve_entities=False, no_network=True):
            hidden = element.get("hidden") in ("1", "true")
            if element.tag == tags[0] and hidden and (element.get("r") or "").isdecimal():
                layout.hidden_rows.add(int(element.get("r") or 0))
            elif element.tag == tags[1] and hidden:
                layout.hidden_columns.append((int(element.get("min") or 0), int(element.get("max") or 0)))
            elif element.tag == tags[2]:
                left, top, right, _ = range_boundaries(element.get("ref") or "")
                layout.spans[top, left] = right - left + 1
            element.clear()
    return layout


def _cells(row: Sequence[openpyxl.cell.ReadOnlyCell], number: int, layout: _Layout) -> dict[int, tuple[str, int]]:
    """Column → (text, columns spanned) of the cells of a row that show something; columns that are hidden do not
    count."""
    cells: dict[int, tuple[str, int]] = {}
    for column, cell in enumerate(row[:_MAX_COLUMNS], start=1):
        if cell.value is None or layout.hides(column):
            continue
        text = " ".join(_text(cell).split())
        if text:
            last = min(column + layout.spans.get((number, column), 1) - 1, _MAX_COLUMNS)
            cells[layout.place(column)] = (text, layout.place(last) - layout.place(column) + 1)
    return cells


def _text(cell: openpyxl.cell.ReadOnlyCell) -> str:
    if isinstance(cell.value, CellRichText):
        return "".join(_pieces(cell.value))
    return shown(cell.value, cell.number_format)


def _pieces(text: CellRichText) -> Iterator[str]:
    """The runs of a text, with the digits of those that are raised as superscripts."""
    for piece in text:
        if isinstance(piece, TextBlock):
            yield raised(piece.text) if piece.font.vertAlign == "superscript" else piece.text
        else:
            yield piece

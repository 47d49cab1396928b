"""Ruled tables of a PDF page: where the cells are. Their text comes from the page's own characters.

PDFium gives the lines that the page draws, and pdfplumber's table functions find the cells among them. Parsing the
page a second time with pdfplumber itself takes about ten times as long.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

_TOLERANCE = 3.0  # points within which lines meet or are one line
_NARROWEST = 9.0  # points: what is narrower holds no text
_SHORTEST = 3.0  # points
_STRAIGHT = 1.0  # points by which a line may lean
_WHITE = 250  # of 255, each of red, green and blue: what is no darker does not show on paper
_LINE_HIGH = 18.0  # points: a line of running text, with the space around it
_MAX_COLOURED = 500  # shaded boxes of a page that are looked through
_MAX_EDGES = 3_000  # more lines than this on a page make a drawing
_MAX_CROSSINGS = 4_000  # of lines: the search for cells takes time with the square of these

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell: its box (left, top, right, bottom), None where a cell above reaches into it; and the columns it spans."""

    box: Box | None
    columns: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """Cells side by side: the box around them, where the columns start, and the rows. One column is a frame."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[tuple[RuledCell, ...], ...]

    @property
    def width(self) -> int:
        """The most cells that a row has."""
        return max(map(len, self.rows))

    def goes_on_in(self, other: "Ruled") -> bool:
        """Whether `other`, on the next page, has its columns at the same places."""
        own, others = (*self.columns, self.box[2]), (*other.columns, other.box[2])
        return len(own) == len(others) and all(abs(a - b) <= _TOLERANCE for a, b in zip(own, others, strict=True))


def ruled_boxes(page: pdfium.PdfPage) -> list[Ruled]:
    """The tables, and the frames around text, from the top. Turned pages are not searched."""
    if page.get_rotation():
        return []
    edges: list[dict[str, Any]] = []
    for edge in _edges(page):
        edges.append(edge)
        if len(edges) > _MAX_EDGES:
            return []
    upright = sum(edge["orientation"] == "v" for edge in edges)
    if upright < 2 or len(edges) - upright < 2:
        return []
    merged = merge_edges(edges, _TOLERANCE, _TOLERANCE, _TOLERANCE, _TOLERANCE)
    crossings = edges_to_intersections(merged, _TOLERANCE, _TOLERANCE)
    if len(crossings) > _MAX_CROSSINGS:
        return []
    return [_ruled(cells) for cells in cells_to_tables(intersections_to_cells(crossings))]


def _edges(page: pdfium.PdfPage) -> Iterator[dict[str, Any]]:
    """The level and upright lines that the page draws, boxes as their four sides, as pdfplumber writes them. A white
    box as high as a line is seen only on another colour: Word draws one behind words, and its sides are no rulings."""
    height = page.get_height()
    matrix = pdfium_c.FS_MATRIX()
    coloured: list[Box] = []
    for number in range(pdfium_c.FPDFPage_CountObjects(page.raw)):
        path = pdfium_c.FPDFPage_GetObject(page.raw, number)
        if pdfium_c.FPDFPageObj_GetType(path) != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        filled, stroked = _drawn(path)
        if not (filled or stroked) or not pdfium_c.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix)):
            continue
        lines: list[Box] = []
        for (x0, y0), (x1, y1) in _strokes(path):
            left, right = sorted(_shifted(matrix.a, matrix.c, matrix.e, x0, y0, x1, y1))
            bottom, top = sorted(_shifted(matrix.b, matrix.d, matrix.f, x0, y0, x1, y1))
            lines.append((left, height - top, right, height - bottom))
        if lines and not stroked and _is_unseen(path, lines, coloured):
            continue
        yield from _level_or_upright(lines)


def _level_or_upright(lines: list[Box]) -> Iterator[dict[str, Any]]:
    for left, top, right, bottom in lines:
        wide, high = right - left, bottom - top
        if max(wide, high) < _SHORTEST or min(wide, high) > _STRAIGHT:
            continue
        yield {
            "x0": left,
            "x1": right,
            "top": top,
            "bottom": bottom,
            "width": wide,
            "height": high,
            "orientation": "h" if wide > high else "v",
        }


def _drawn(path: Any) -> tuple[bool, bool]:
    """Whether a path is filled, and whether its line is drawn."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(fill.value), bool(stroke.value)


def _is_unseen(path: Any, sides: list[Box], coloured: list[Box]) -> bool:
    """Whether a filled box is as high as a line of text, white, and on none of the `coloured` ones before it, which a
    box of another colour joins. A white line is seen: it parts what is shaded."""
    lefts, tops, rights, bottoms = zip(*sides, strict=True)
    left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
    if min(right - left, bottom - top) <= _SHORTEST:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium_c.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    if min(red.value, green.value, blue.value) < _WHITE:
        if len(coloured) < _MAX_COLOURED:
            coloured.append((left, top, right, bottom))
        return False
    across, down = (left + right) / 2, (top + bottom) / 2
    return bottom - top <= _LINE_HIGH and not any(
        box[0] <= across <= box[2] and box[1] <= down <= box[3] for box in coloured
    )


def _shifted(a: float, c: float, e: float, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float]:
    return a * x0 + c * y0 + e, a * x1 + c * y1 + e


def _strokes(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path, each as its two ends."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for number in range(min(pdfium_c.FPDFPath_CountSegments(path), _MAX_EDGES)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, number)
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (x.value, y.value)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO:
            yield last, point
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            yield point, start
        last = point


def _ruled(cells: list[Box]) -> Ruled:
    """The cells of one table as rows, with the columns that each spans."""
    columns = _columns(cells)
    rows: list[tuple[RuledCell, ...]] = []
    for top in sorted({cell[1] for cell in cells}):
        row: list[RuledCell] = []
        column = 0
        for box in sorted(cell for cell in cells if cell[1] == top and cell[2] - cell[0] >= _NARROWEST):
            first = max(number for number, (start, _) in enumerate(columns) if start <= box[0] + _TOLERANCE)
            after = sum(end < box[2] - _TOLERANCE for _, end in columns)
            row.extend(RuledCell(None, 1) for _ in range(column, first))
            column = max(after, first + 1)
            row.append(RuledCell(box, column - first))
        row.extend(RuledCell(None, 1) for _ in range(column, len(columns)))
        rows.append(tuple(row))
    box = (
        min(cell[0] for cell in cells),
        min(cell[1] for cell in cells),
        max(cell[2] for cell in cells),
        max(cell[3] for cell in cells),
    )
    return Ruled(box, tuple(first for first, _ in columns), tuple(rows))


def _columns(cells: list[Box]) -> list[tuple[float, float]]:
    """Where the columns start: (first, last) of the places closer together than a column is wide. Shading often
    draws a cell's padding as cells of its own."""
    columns: list[tuple[float, float]] = []
    for start in sorted({cell[0] for cell in cells if cell[2] - cell[0] >= _NARROWEST}):
        if columns and start - columns[-1][1] < _NARROWEST:
            columns[-1] = (columns[-1][0], start)
        else:
            columns.append((start, start))
    return columns

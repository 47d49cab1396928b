"""The characters of a PDF page → its printed lines in reading order, with their place and size in points."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ..reflow import raised
from .pdf_text import Glyph, PageText

HYPHEN_MARKS = ("\ufffe", "\x02")  # what PDFium puts for a hyphen at a line end
_GAP = 1.0  # of the line's size: a wider gap between two characters separates columns or cells
_SMALL = 0.8  # of the line's size: a smaller digit that stands higher is a note number
_MIN_COLUMN_LINES = 4


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text, or a piece of one that a wide gap sets apart. `pieces` are these pieces, left to right. A line
    that `opens` is the first in a ruled box, or the first after one."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    opens: bool = False
    pieces: tuple["PrintedLine", ...] = ()


def printed_lines(page: PageText) -> list[PrintedLine]:
    """The lines of a page in reading order."""
    pieces = [piece for run in _runs(page) if (piece := _piece(run)) is not None]
    return [line for column in _columns(pieces, page.width) for line in _lines(column)]


def _runs(page: PageText) -> list[list[tuple[Glyph, bool]]]:
    """Characters that follow each other on one line without a wide gap."""
    runs: list[list[tuple[Glyph, bool]]] = [[]]
    last: Glyph | None = None
    for glyph, heavy in zip(page.glyphs, page.bold, strict=True):
        if glyph.text == "\n":
            runs.append([])
            last = None
            continue
        if glyph.text.isspace() or glyph.right <= glyph.left:
            runs[-1].append((glyph, heavy))
            continue
        if last is not None and _apart(last, glyph):
            runs.append([])
        runs[-1].append((glyph, heavy))
        last = glyph
    return runs


def _apart(before: Glyph, after: Glyph) -> bool:
    high, other = before.bottom - before.top, after.bottom - after.top
    size = high if high > other else other
    moved = abs((before.top + before.bottom) - (after.top + after.bottom)) / 2 > 0.6 * size
    return moved or after.left - before.right > _GAP * size or before.left - after.right > 2 * size


def _piece(run: Sequence[tuple[Glyph, bool]]) -> PrintedLine | None:
    inked = [glyph for glyph, _ in run if not glyph.text.isspace() and glyph.right > glyph.left]
    if not inked:
        return None
    size = _usual_size(inked)
    floor = max(glyph.bottom for glyph in inked if glyph.bottom - glyph.top >= _SMALL * size)
    text = ""
    for glyph, _ in run:
        small = glyph.text.isdigit() and 0 < glyph.bottom - glyph.top < _SMALL * size
        text += raised(glyph.text) if small and glyph.bottom < floor - 0.12 * size else glyph.text
    lettered = [(len(glyph.text), heavy) for glyph, heavy in run if any(map(str.isalnum, glyph.text))]
    heavy_letters = sum(count for count, heavy in lettered if heavy)
    body = [glyph for glyph in inked if glyph.bottom - glyph.top >= _SMALL * size]
    return PrintedLine(
        " ".join(text.split()),
        min(glyph.left for glyph in inked),
        min(glyph.top for glyph in body),
        max(glyph.right for glyph in inked),
        max(glyph.bottom for glyph in body),
        size,
        bold=heavy_letters >= 0.9 * sum(count for count, _ in lettered) > 0,
    )


def _usual_size(glyphs: Sequence[Glyph]) -> float:
    """The height that three quarters of the characters do not exceed."""
    sized = sorted((glyph.bottom - glyph.top, len(glyph.text)) for glyph in glyphs)
    upto = list(accumulate(count for _, count in sized))
    return sized[bisect_right(upto, int(0.75 * upto[-1]))][0]


def _lines(pieces: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Pieces side by side as one line, lines from top to bottom."""
    rows: list[list[PrintedLine]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        row = rows[-1] if rows else None
        if row is not None and _beside(row[-1], piece):
            row.append(piece)
        else:
            rows.append([piece])
    return [_merged(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _beside(one: PrintedLine, other: PrintedLine) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _merged(row: Sequence[PrintedLine]) -> PrintedLine:
    main = max(row, key=lambda piece: len(piece.text))
    mark = row[0].text
    if len(row) > 1 and len(mark) == 1 and (mark == "o" or not (mark.isalnum() or mark in "£$€\"'‘“(-–")):
        row = [replace(row[0], text="•"), *row[1:]]
    return PrintedLine(
        " ".join(piece.text for piece in row),
        row[0].left,
        min(piece.top for piece in row),
        max(piece.right for piece in row),
        max(piece.bottom for piece in row),
        main.size,
        bold=all(piece.bold for piece in row),
        pieces=tuple(row),
    )


def _columns(pieces: Sequence[PrintedLine], width: float) -> list[list[PrintedLine]]:
    """The pieces by column, in reading order. Text is cut into columns only where a clear gutter runs between
    many lines of running text; whatever crosses the gutter divides the page into bands, read one after the other."""
    gutter = _gutter(pieces)
    if gutter is None:
        return [list(pieces)] if pieces else []
    crossing = sorted((p for p in pieces if p.left < gutter - 1 and p.right > gutter + 1), key=lambda p: p.top)
    others = [p for p in pieces if not (p.left < gutter - 1 and p.right > gutter + 1)]
    bands: list[list[PrintedLine]] = []
    for divider in [*crossing, None]:
        until = math.inf if divider is None else divider.top + divider.bottom
        above = [p for p in others if p.top + p.bottom < until]
        others = [p for p in others if p.top + p.bottom >= until]
        left, right = [p for p in above if p.right <= gutter + 1], [p for p in above if p.right > gutter + 1]
        if min(len(left), len(right)) >= _MIN_COLUMN_LINES - 1:
            bands.extend(_columns(left, width))
            bands.extend(_columns(right, width))
        elif above:
            bands.append(above)
        if divider is not None:
            bands.append([divider])
    joined: list[list[PrintedLine]] = []
    for band in bands:
        if joined and band is not bands[0] and len(band) == 1 == len(joined[-1]):
            joined[-1].extend(band)
        else:
            joined.append(list(band))
    return joined


def _gutter(pieces: Sequence[PrintedLine]) -> float | None:
    """The middle of the strip that the fewest pieces cross, the widest of several, with columns of running text on
    both sides; None where there is no such strip."""
    if len(pieces) < 2 * _MIN_COLUMN_LINES:
        return None
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    span = right - left
    best: tuple[int, float, float] | None = None
    edges = sorted({p.right for p in pieces if left + 0.15 * span < p.right < right - 0.15 * span})
    for edge in edges:
        starts = [p.left for p in pieces if p.left >= edge]
        if not starts:
            continue
        strip = min(starts) - edge
        if strip < 0.4 * _median_size(pieces):
            continue
        middle = edge + strip / 2
        crossing = sum(p.left < middle < p.right for p in pieces)
        if crossing > 0.2 * len(pieces) or not _are_columns(pieces, middle, span):
            continue
        if best is None or (crossing, -strip) < best[:2]:
            best = (crossing, -strip, middle)
    return best[2] if best else None


def _are_columns(pieces: Sequence[PrintedLine], middle: float, span: float) -> bool:
    """Whether both sides hold running text: many lines, most of them about as wide as each other. The cells of a
    table are of all widths, or few words long."""
    for side in ([p for p in pieces if p.right <= middle], [p for p in pieces if p.left >= middle]):
        if len(side) < _MIN_COLUMN_LINES:
            return False
        wide = max(p.right for p in side) - min(p.left for p in side)
        widths = sorted(p.right - p.left for p in side)
        full = sum(width > 0.6 * widths[int(len(widths) * 0.8)] for width in widths)
        words = sum(len(p.text.split()) for p in side) / len(side)
        if full < 0.5 * len(side) or words < 4 or wide < 0.2 * span:
            return False
    return True


def _median_size(pieces: Sequence[PrintedLine]) -> float:
    sizes = sorted(p.size for p in pieces)
    return sizes[len(sizes) // 2]

"""A PDF page → its printed lines in reading order, with their place and size.

Coordinates are points from the top left corner of the page as it is read: pages whose text runs up or down are
turned first.
"""

import ctypes
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..reflow import raised

HYPHEN_MARKS = ("\ufffe", "\x02")  # what PDFium puts for a hyphen at a line end
_NEW_LINE = "\r\n"
_QUARTER = math.pi / 2
_GAP = 1.0  # of the line's size: a wider gap between two characters separates columns or cells
_SMALL = 0.8  # of the line's size: a smaller digit that stands higher is a note number
_MIN_COLUMN_LINES = 4
_INVISIBLE = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE


class Glyph(NamedTuple):
    """One character and its box; a space that PDFium put in has the box of a point."""

    character: str
    left: float
    top: float
    right: float
    bottom: float


_LINE_END = Glyph("\n", 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text, or a piece of one that a wide gap sets apart. `pieces` are these pieces, left to right."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    pieces: tuple["PrintedLine", ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """The characters of a page in the order of the file, and which of them are bold. `hidden` tells of text that
    is not seen, `turned` of text that runs across the rest of the page; both are left out."""

    glyphs: tuple[Glyph, ...]
    bold: tuple[bool, ...]
    width: float
    height: float
    hidden: bool
    turned: bool


def page_text(page: pdfium.PdfPage, *, skip_hidden: bool) -> PageText:
    """The characters of a page. With `skip_hidden`, text that is drawn invisibly is left out, and `hidden` says
    whether there was any. Weight and visibility are asked for once a word: each question costs a call."""
    opened = page.get_textpage()
    textpage = opened.raw
    width, height = page.get_size()
    box = pdfium_c.FS_RECTF()
    box_reference = ctypes.byref(box)
    fonts: dict[bytes, bool] = {}
    glyphs: list[Glyph] = []
    bold: list[bool] = []
    hidden = False
    angles: list[int] = []
    at_start, heavy, unseen, angle = True, False, False, 0
    for place in range(opened.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(textpage, place)
        character = chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
        if character in _NEW_LINE:
            glyphs.append(_LINE_END)
            bold.append(False)
            angles.append(angle)
            at_start = True
            continue
        if at_start and character != " ":
            heavy = _is_bold(textpage, place, fonts)
            unseen = skip_hidden and _is_hidden(textpage, place)
            hidden = hidden or unseen
            angle = round(pdfium_c.FPDFText_GetCharAngle(textpage, place) / _QUARTER) % 4
        at_start = character == " "
        if unseen:
            continue
        pdfium_c.FPDFText_GetLooseCharBox(textpage, place, box_reference)
        glyphs.append(Glyph(character, box.left, height - box.top, box.right, height - box.bottom))
        bold.append(heavy)
        angles.append(angle)
    opened.close()
    main = max(set(angles), key=angles.count, default=0)
    kept = [number for number, angle in enumerate(angles) if angle == main]
    upright, size = _turned([glyphs[number] for number in kept], width, height)
    return PageText(tuple(upright), tuple(bold[number] for number in kept), *size, hidden, len(kept) < len(glyphs))


def _is_hidden(textpage: Any, place: int) -> bool:
    text_object = pdfium_c.FPDFText_GetTextObject(textpage, place)
    return bool(text_object) and pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE


def _is_bold(textpage: Any, place: int, fonts: dict[bytes, bool]) -> bool:
    name = ctypes.create_string_buffer(128)
    pdfium_c.FPDFText_GetFontInfo(textpage, place, name, 128, None)
    if name.value not in fonts:
        lowered = name.value.lower()
        fonts[name.value] = any(word in lowered for word in (b"bold", b"black", b"heavy"))
    return fonts[name.value]


def _turned(glyphs: list[Glyph], width: float, height: float) -> tuple[list[Glyph], tuple[float, float]]:
    """The characters of a page whose text runs up or down, turned so that it runs to the right."""
    across = up = 0.0
    for before, after in pairwise(glyphs):
        if before.character in " \n" or after.character in " \n":
            continue
        sideways, upwards = abs(after.left - before.left), before.top - after.top
        across += sideways
        up += upwards if sideways < abs(upwards) else 0.0
    if abs(up) <= across:
        return glyphs, (width, height)
    if up > 0:
        turned = [Glyph(g.character, height - g.bottom, g.left, height - g.top, g.right) for g in glyphs]
    else:
        turned = [Glyph(g.character, g.top, width - g.right, g.bottom, width - g.left) for g in glyphs]
    return [_LINE_END if g.character == "\n" else g for g in turned], (height, width)


def cropped(page: PageText, boxes: Sequence[tuple[float, float, float, float]], *, inside: bool) -> PageText:
    """The page with only the characters inside the boxes (left, top, right, bottom), or only those outside them.
    Line ends and the spaces that PDFium put in are kept: they have no place of their own."""
    if not boxes and not inside:
        return page
    kept = [
        (glyph, heavy)
        for glyph, heavy in zip(page.glyphs, page.bold, strict=True)
        if glyph.right <= glyph.left or any(_in_box(glyph, box) for box in boxes) is inside
    ]
    return replace(page, glyphs=tuple(glyph for glyph, _ in kept), bold=tuple(heavy for _, heavy in kept))


def _in_box(glyph: Glyph, box: tuple[float, float, float, float]) -> bool:
    across, down = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def printed_lines(page: PageText) -> list[PrintedLine]:
    """The lines of a page in reading order."""
    pieces = [piece for run in _runs(page) if (piece := _piece(run)) is not None]
    return [line for column in _columns(pieces, page.width) for line in _lines(column)]


def _runs(page: PageText) -> list[list[tuple[Glyph, bool]]]:
    """Characters that follow each other on one line without a wide gap."""
    runs: list[list[tuple[Glyph, bool]]] = [[]]
    last: Glyph | None = None
    for glyph, heavy in zip(page.glyphs, page.bold, strict=True):
        if glyph.character == "\n":
            runs.append([])
            last = None
            continue
        if glyph.character.isspace() or glyph.right <= glyph.left:
            runs[-1].append((glyph, heavy))
            continue
        if last is not None and _apart(last, glyph):
            runs.append([])
        runs[-1].append((glyph, heavy))
        last = glyph
    return runs


def _apart(before: Glyph, after: Glyph) -> bool:
    size = max(before.bottom - before.top, after.bottom - after.top)
    moved = abs((before.top + before.bottom) - (after.top + after.bottom)) / 2 > 0.6 * size
    return moved or after.left - before.right > _GAP * size or before.left - after.right > 2 * size


def _piece(run: Sequence[tuple[Glyph, bool]]) -> PrintedLine | None:
    inked = [glyph for glyph, _ in run if not glyph.character.isspace() and glyph.right > glyph.left]
    if not inked:
        return None
    sizes = sorted(glyph.bottom - glyph.top for glyph in inked)
    size = sizes[int(len(sizes) * 0.75)]
    floor = max(glyph.bottom for glyph in inked if glyph.bottom - glyph.top >= _SMALL * size)
    text = ""
    for glyph, _ in run:
        small = glyph.character.isdigit() and 0 < glyph.bottom - glyph.top < _SMALL * size
        text += raised(glyph.character) if small and glyph.bottom < floor - 0.12 * size else glyph.character
    letters = [heavy for glyph, heavy in run if glyph.character.isalnum()]
    body = [glyph for glyph in inked if glyph.bottom - glyph.top >= _SMALL * size]
    return PrintedLine(
        " ".join(text.split()),
        min(glyph.left for glyph in inked),
        min(glyph.top for glyph in body),
        max(glyph.right for glyph in inked),
        max(glyph.bottom for glyph in body),
        size,
        bold=bool(letters) and sum(letters) >= 0.9 * len(letters),
    )


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

"""A PDF page → its characters with their boxes, whole words at a time.

Coordinates are points from the top left corner of the page as it is read: pages whose text runs up or down are
turned first.
"""

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# Letters and digits apart: a digit may be a raised note number. A line end is a token of its own.
_TOKEN = re.compile(r"[^\s\d]+|\d+|\n|\s")
_UNKNOWN = re.compile("[\\0\ud800-\udfff]")
_QUARTER = math.pi / 2
_WIDEST = 1.3  # of its height: a character is no wider on average, in a word that is set as one
_MOVED = 0.6  # of the size: what moves further up or down is on another line
_UNEVEN = 0.1  # of the size: small capitals and raised marks are no part of the word beside them
_INVISIBLE = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE


class Glyph(NamedTuple):
    """A character, or the characters of a word, and the box; a space that PDFium put in has the box of a point."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


LINE_END = Glyph("\n", 0.0, 0.0, 0.0, 0.0)
_POINT = Glyph(" ", 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PageText:
    """The characters of a page in the order of the file, and which of them are bold. `hidden` tells of text that
    is not seen, `turned` of text that runs across the rest of the page; both are left out. `characters` is how many
    the page holds."""

    glyphs: tuple[Glyph, ...]
    bold: tuple[bool, ...]
    width: float
    height: float
    hidden: bool
    turned: bool
    characters: int


def page_text(page: pdfium.PdfPage, *, skip_hidden: bool, place_spaces: bool = True) -> PageText:
    """The characters of a page. With `skip_hidden`, text that is drawn invisibly is left out, and `hidden` says
    whether there was any. Without `place_spaces`, spaces have the box of a point: only `cropped` looks at them.

    Each question to PDFium costs a call, so that boxes are asked for at the ends of a word, and weight, visibility and
    direction once for each run of text that the page draws."""
    opened = page.get_textpage()
    textpage = opened.raw
    width, height = page.get_size()
    text = _characters(textpage, opened.count_chars())
    boxes = _Boxes(textpage, height)
    styles = _Styles(textpage)
    glyphs: list[Glyph] = []
    bold: list[bool] = []
    angles: list[int] = []
    hidden = unseen = False
    style = _Style(False, False, 0)
    begins = True  # of a word: its style is that of what follows up to the next space
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "\n":
            glyphs.append(LINE_END)
            bold.append(False)
            angles.append(style.angle)
            begins = True
            continue
        blank = token.isspace()
        if begins and not blank:
            style = styles.at(found.start())
            unseen = skip_hidden and style.invisible
            hidden = hidden or unseen
        begins = token == " "
        if unseen:
            continue
        placed = [_POINT] if blank and not place_spaces else boxes.of(token, found.start())
        glyphs += placed
        bold += [style.bold] * len(placed)
        angles += [style.angle] * len(placed)
    opened.close()
    main = max(set(angles), key=angles.count, default=0)
    kept = [number for number, at in enumerate(angles) if at == main]
    upright, size = _turned([glyphs[number] for number in kept], width, height)
    across = len(kept) < len(glyphs)
    return PageText(tuple(upright), tuple(bold[number] for number in kept), *size, hidden, across, len(text))


def _characters(textpage: Any, count: int) -> str:
    """The characters of a page, one for each that PDFium counts; line ends of every kind as "\\n"."""
    units = (ctypes.c_ushort * (count + 1))()
    codes: list[int] = []
    if count > 0 and pdfium_c.FPDFText_GetText(textpage, 0, count, units) == count + 1:
        codes = units[:count]
    else:  # some are written as several units, or as none
        codes = [pdfium_c.FPDFText_GetUnicode(textpage, place) for place in range(count)]
    text = "".join(chr(code) if code < 0x110000 else "\0" for code in codes)
    return _UNKNOWN.sub("\ufffd", text).replace("\r", "\n")


class _Boxes:
    """Asks for the boxes of characters, in points from the top left corner of a page `height` high."""

    def __init__(self, textpage: Any, height: float) -> None:
        self._textpage, self._height = textpage, height
        self._box = pdfium_c.FS_RECTF()
        self._reference = ctypes.byref(self._box)

    def of(self, word: str, start: int) -> list[Glyph]:
        """The characters of `word`, which begins at `start`, as one where they stand side by side, else each on its
        own."""
        length = len(word)
        left, top, right, bottom = self._at(start)
        if length == 1:
            return [Glyph(word, left, top, right, bottom)]
        last_left, last_top, last_right, last_bottom = self._at(start + length - 1)
        high, other = bottom - top, last_bottom - last_top
        size = high if high > other else other
        moved = abs(top + bottom - last_top - last_bottom) / 2 > _MOVED * size
        uneven = abs(high - other) > _UNEVEN * size
        wide = last_right - left > _WIDEST * size * length
        if moved or uneven or wide or last_left < left:
            return [Glyph(character, *self._at(place)) for place, character in enumerate(word, start)]
        return [Glyph(word, left, min(top, last_top), last_right, max(bottom, last_bottom))]

    def _at(self, place: int) -> tuple[float, float, float, float]:
        pdfium_c.FPDFText_GetLooseCharBox(self._textpage, place, self._reference)
        box, height = self._box, self._height
        return box.left, height - box.top, box.right, height - box.bottom


class _Style(NamedTuple):
    """How characters are drawn; `angle` counts quarters of a turn."""

    bold: bool
    invisible: bool
    angle: int


class _Styles:
    """Asks how characters are drawn; known once for each run of text."""

    def __init__(self, textpage: Any) -> None:
        self._textpage = textpage
        self._fonts: dict[bytes, bool] = {}
        self._runs: dict[int, _Style] = {}

    def at(self, place: int) -> _Style:
        """The style of the character at `place`."""
        run = pdfium_c.FPDFText_GetTextObject(self._textpage, place)
        if not run:
            return _Style(self._is_bold(place), False, self._angle(place))
        address = ctypes.addressof(run.contents)
        style = self._runs.get(address)
        if style is None:
            invisible = pdfium_c.FPDFTextObj_GetTextRenderMode(run) == _INVISIBLE
            style = self._runs[address] = _Style(self._is_bold(place), invisible, self._angle(place))
        return style

    def _angle(self, place: int) -> int:
        radians: float = pdfium_c.FPDFText_GetCharAngle(self._textpage, place)
        return round(radians / _QUARTER) % 4

    def _is_bold(self, place: int) -> bool:
        name = ctypes.create_string_buffer(128)
        pdfium_c.FPDFText_GetFontInfo(self._textpage, place, name, 128, None)
        if name.value not in self._fonts:
            lowered = name.value.lower()
            self._fonts[name.value] = any(word in lowered for word in (b"bold", b"black", b"heavy"))
        return self._fonts[name.value]


def _turned(glyphs: list[Glyph], width: float, height: float) -> tuple[list[Glyph], tuple[float, float]]:
    """The characters of a page whose text runs up or down, turned so that it runs to the right."""
    across = up = 0.0
    for before, after in pairwise(glyphs):
        if before.text in " \n" or after.text in " \n":
            continue
        sideways, upwards = abs(after.left - before.left), before.top - after.top
        across += sideways
        up += upwards if sideways < abs(upwards) else 0.0
    if abs(up) <= across:
        return glyphs, (width, height)
    if up > 0:
        turned = [Glyph(g.text, height - g.bottom, g.left, height - g.top, g.right) for g in glyphs]
    else:
        turned = [Glyph(g.text, g.top, width - g.right, g.bottom, width - g.left) for g in glyphs]
    return [LINE_END if g.text == "\n" else g for g in turned], (height, width)


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

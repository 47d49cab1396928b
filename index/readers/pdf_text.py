"""A PDF page → its characters with their boxes, whole words at a time.

Coordinates are points from the top left corner of the page as it is read: pages whose text runs up or down are
turned first.
"""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_WORD = re.compile(r"[^\s\d]{2,}")  # digits stay single: one of them may be a raised note number
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


def page_text(page: pdfium.PdfPage, *, skip_hidden: bool) -> PageText:
    """The characters of a page. With `skip_hidden`, text that is drawn invisibly is left out, and `hidden` says
    whether there was any.

    Each question to PDFium costs a call, so that boxes are asked for at the ends of a word, and weight and visibility
    once for each run of text that the page draws."""
    opened = page.get_textpage()
    textpage = opened.raw
    width, height = page.get_size()
    text = _characters(textpage, opened.count_chars())
    boxes = _Boxes(textpage, height)
    styles = _Styles(textpage)
    glyphs: list[Glyph] = []
    bold: list[bool] = []
    angles: list[int] = []
    hidden = False
    heavy, unseen, angle = False, False, 0
    for start, end in _words(text):
        if text[start] == "\n":
            glyphs.append(LINE_END)
            bold.append(False)
            angles.append(angle)
            continue
        if not text[start].isspace() and (start == 0 or text[start - 1] in " \n"):
            heavy, invisible = styles.at(start)
            unseen = skip_hidden and invisible
            hidden = hidden or unseen
            angle = round(pdfium_c.FPDFText_GetCharAngle(textpage, start) / _QUARTER) % 4
        if unseen:
            continue
        for glyph in boxes.of(text, start, end):
            glyphs.append(glyph)
            bold.append(heavy)
            angles.append(angle)
    opened.close()
    main = max(set(angles), key=angles.count, default=0)
    kept = [number for number, at in enumerate(angles) if at == main]
    upright, size = _turned([glyphs[number] for number in kept], width, height)
    across = len(kept) < len(glyphs)
    return PageText(tuple(upright), tuple(bold[number] for number in kept), *size, hidden, across, len(text))


def _characters(textpage: Any, count: int) -> str:
    """The characters of a page, one for each that PDFium counts; line ends of every kind as "\\n"."""
    unicode = pdfium_c.FPDFText_GetUnicode
    codes = [unicode(textpage, place) for place in range(count)]
    text = "".join(chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd" for code in codes)
    return text.replace("\r", "\n")


def _words(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each run without spaces or digits, and of each other character."""
    at = 0
    for found in _WORD.finditer(text):
        yield from ((place, place + 1) for place in range(at, found.start()))
        yield found.span()
        at = found.end()
    yield from ((place, place + 1) for place in range(at, len(text)))


class _Boxes:
    """Asks for the boxes of characters, in points from the top left corner of a page `height` high."""

    def __init__(self, textpage: Any, height: float) -> None:
        self._textpage, self._height = textpage, height
        self._box = pdfium_c.FS_RECTF()
        self._reference = ctypes.byref(self._box)

    def of(self, text: str, start: int, end: int) -> list[Glyph]:
        """The characters from `start` to `end` as one, where they stand side by side, else each on its own."""
        first = self._at(text[start], start)
        if end - start == 1:
            return [first]
        last = self._at(text[end - 1], end - 1)
        high, other = first.bottom - first.top, last.bottom - last.top
        size = max(high, other)
        moved = abs(first.top + first.bottom - last.top - last.bottom) / 2 > _MOVED * size
        uneven = abs(high - other) > _UNEVEN * size
        wide = last.right - first.left > _WIDEST * size * (end - start)
        if moved or uneven or wide or last.left < first.left:
            return [first, *(self._at(text[place], place) for place in range(start + 1, end - 1)), last]
        return [
            Glyph(text[start:end], first.left, min(first.top, last.top), last.right, max(first.bottom, last.bottom))
        ]

    def _at(self, character: str, place: int) -> Glyph:
        pdfium_c.FPDFText_GetLooseCharBox(self._textpage, place, self._reference)
        box, height = self._box, self._height
        return Glyph(character, box.left, height - box.top, box.right, height - box.bottom)


class _Styles:
    """Whether characters are bold, and whether they are drawn invisibly; known once for each run of text."""

    def __init__(self, textpage: Any) -> None:
        self._textpage = textpage
        self._fonts: dict[bytes, bool] = {}
        self._runs: dict[int | None, tuple[bool, bool]] = {}

    def at(self, place: int) -> tuple[bool, bool]:
        """(bold, invisible) of the character at `place`."""
        run = pdfium_c.FPDFText_GetTextObject(self._textpage, place)
        key = ctypes.cast(run, ctypes.c_void_p).value
        if key is None:
            return self._is_bold(place), False
        if key not in self._runs:
            invisible = pdfium_c.FPDFTextObj_GetTextRenderMode(run) == _INVISIBLE
            self._runs[key] = self._is_bold(place), invisible
        return self._runs[key]

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

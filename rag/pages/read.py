"""A page of a PDF → its characters in reading order, each with its box, or a picture of it. Runs in the child alone.

Lines, tables and their order are found by the reader's own functions. These set a word as one, so that the boxes of its
characters are asked for here, and put to the words by their place.
"""

import ctypes
import io
from collections.abc import Callable, Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.readers.pdf_blocks import TableRows
from index.readers.pdf_items import candidates, page_items
from index.readers.pdf_lines import HYPHEN_MARKS, PrintedLine, _piece, _runs, printed_lines
from index.readers.pdf_tables import Ruled, ruled_boxes
from index.readers.pdf_text import Glyph, PageText, cropped, page_text

MAX_PIXELS = 12_000_000  # of one picture: an A4 page 2,900 pixels wide
MAX_SIDE = 10_000  # pixels: PDFium and WebP have limits of their own near 16,000
_QUALITY = 80  # of WebP: text stays sharp, a page has about 60 KB at 1,000 pixels
_SAME = 0.02  # points
_FINE = 10_000_000  # steps across a page: PDFium gives places on a picture in whole ones

Box = tuple[float, float, float, float]  # left, top, right, bottom
Placed = tuple[str, float, float, float, float]  # a character and its box, as fractions of the page


def picture(document: pdfium.PdfDocument, number: int, width: int) -> tuple[bytes, int, int]:
    """The page (from 1) as WebP, `width` pixels wide or less where it would have too many; its size in pixels."""
    page = document[number - 1]
    wide, high = page.get_size()
    wide, high = max(wide, 1.0), max(high, 1.0)
    scale = min(width / wide, (MAX_PIXELS / (wide * high)) ** 0.5, MAX_SIDE / max(wide, high))
    image = page.render(scale=scale, may_draw_forms=False).to_pil()
    page.close()
    out = io.BytesIO()
    image.convert("RGB").save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue(), image.width, image.height


def characters(document: pdfium.PdfDocument, number: int) -> list[Placed]:
    """The printed characters of the page (from 1) without spaces, in the order in which they are read, then those that
    reading left out."""
    last = _last_table(document, number - 1) if number > 1 else None
    page = document[number - 1]
    height = page.get_height()
    raw = _raw_characters(page)
    ruled = ruled_boxes(page)
    text = page_text(page, skip_hidden=True)
    if not text.glyphs:
        text = page_text(page, skip_hidden=False)
    of_glyph = _places(text, raw, height)
    order: list[int] = []
    seen: set[int] = set()
    for run in _reading_order(text, ruled, last):
        for glyph in run:
            for place in of_glyph.get(id(glyph), ()):
                if place not in seen:
                    seen.add(place)
                    order.append(place)
    order += [place for place in range(len(raw)) if place not in seen]
    seen_as = _as_seen(page, height)
    page.close()
    return [
        (raw[place][0], *seen_as(raw[place][1:]))
        for place in order
        if not raw[place][0].isspace() and raw[place][3] > raw[place][1]
    ]


def size(document: pdfium.PdfDocument, number: int) -> tuple[float, float]:
    """Width and height of the page (from 1) as it is shown, in points."""
    width, height = document.get_page_size(number - 1)
    return max(width, 1.0), max(height, 1.0)


def _as_seen(page: pdfium.PdfPage, height: float) -> Callable[[Box], Box]:
    """From points below the top of the page's own space to fractions of the page as it is shown: turned as the file
    says and cut to its crop box."""

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE

    (x0, y0), (x1, y1), (x2, y2) = shown(0, 0), shown(1_000, 0), shown(0, 1_000)
    ax, ay, bx, by = (x1 - x0) / 1_000, (y1 - y0) / 1_000, (x2 - x0) / 1_000, (y2 - y0) / 1_000

    def turned(box: Box) -> Box:
        left, top, right, bottom = box[0], height - box[1], box[2], height - box[3]
        xs = [x0 + ax * x + bx * y for x, y in ((left, top), (right, bottom))]
        ys = [y0 + ay * x + by * y for x, y in ((left, top), (right, bottom))]
        return round(min(xs), 6), round(min(ys), 6), round(max(xs), 6), round(max(ys), 6)

    return turned


def _last_table(document: pdfium.PdfDocument, number: int) -> Ruled | None:
    """The last table of a page, with which the one after may go on."""
    page = document[number - 1]
    ruled = ruled_boxes(page)
    found = page_items(page_text(page, skip_hidden=True), ruled, None)[1] if candidates(ruled, None) else None
    page.close()
    return found


def _raw_characters(page: pdfium.PdfPage) -> list[Placed]:
    """Each character that PDFium counts, with its box in points from the top left corner."""
    opened = page.get_textpage()
    height = page.get_height()
    box = pdfium_c.FS_RECTF()
    found: list[Placed] = []
    for place in range(opened.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(opened.raw, place)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        character = "-" if character in HYPHEN_MARKS else character
        pdfium_c.FPDFText_GetLooseCharBox(opened.raw, place, ctypes.byref(box))
        found.append((character, box.left, height - box.top, box.right, height - box.bottom))
    opened.close()
    return found


def _places(text: PageText, raw: Sequence[Placed], height: float) -> dict[int, range]:
    """For each word of `text`, by identity, which of the raw characters it is made of. Pages whose text runs up or down
    were turned when they were read: of the three ways that fits which finds the most words."""
    width = text.height  # of a turned page

    def upright(at: Placed) -> Box:
        return at[1:]

    def up(at: Placed) -> Box:
        return height - at[4], at[1], height - at[2], at[3]

    def down(at: Placed) -> Box:
        return at[2], width - at[3], at[4], width - at[1]

    found: dict[int, range] = {}
    for turned in (upright, up, down):
        now = _found(text, raw, [turned(at) for at in raw])
        found = now if len(now) > len(found) else found
    return found


def _found(text: PageText, raw: Sequence[Placed], boxes: Sequence[Box]) -> dict[int, range]:
    found: dict[int, range] = {}
    at = 0
    for glyph in text.glyphs:
        if glyph.text.isspace() or glyph.right <= glyph.left:
            continue
        first = "-" if glyph.text[0] in HYPHEN_MARKS else glyph.text[0]
        for place in range(at, len(raw)):
            if raw[place][0] == first and _begins(boxes[place], glyph):
                found[id(glyph)] = range(place, place + len(glyph.text))
                at = place + len(glyph.text)
                break
    return found


def _begins(box: Box, glyph: Glyph) -> bool:
    left, top, _, bottom = box
    return abs(left - glyph.left) < _SAME and glyph.top - _SAME <= top and bottom <= glyph.bottom + _SAME


def _reading_order(text: PageText, ruled: Sequence[Ruled], last: Ruled | None) -> Iterator[list[Glyph]]:
    """The words of each piece of a line, in the order of lines, tables and cells."""
    items, _ = page_items(text, ruled, last)
    boxes = [item.box for item in items if isinstance(item, TableRows)]
    outside = _by_box(cropped(text, boxes, inside=False))
    for item in items:
        if isinstance(item, PrintedLine):
            yield from _words(item, outside)
            continue
        table = next(found for found in ruled if found.box == item.box)
        within = cropped(text, [table.box], inside=True)
        for row in table.rows:
            for cell in row:
                if cell.box is not None:
                    held = cropped(within, [cell.box], inside=True)
                    runs = _by_box(held)
                    for line in printed_lines(held):
                        yield from _words(line, runs)


def _by_box(text: PageText) -> dict[Box, list[Glyph]]:
    """The words of each piece of a line, by the piece's box."""
    found: dict[Box, list[Glyph]] = {}
    for run in _runs(text):
        piece = _piece(run)
        if piece is not None:
            found[piece.left, piece.top, piece.right, piece.bottom] = [glyph for glyph, _ in run]
    return found


def _words(line: PrintedLine, runs: dict[Box, list[Glyph]]) -> Iterator[list[Glyph]]:
    for piece in line.pieces:
        yield runs.get((piece.left, piece.top, piece.right, piece.bottom), [])

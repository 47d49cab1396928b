"""PDF → blocks, with the number of the page (from 1) and the number printed on it."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..records import RawReport
from ..reflow import rejoin
from . import Limits, NotReadable, ocr
from .pdf_blocks import PageItem, page_blocks
from .pdf_furniture import find_furniture
from .pdf_items import candidates, page_items
from .pdf_lines import PrintedLine
from .pdf_tables import Ruled, ruled_boxes
from .pdf_text import page_text

_JUNK_TITLE = re.compile(r"^\s*(?:microsoft word\b.*|untitled.*|.*\.(?:docx?|pdf|indd|qxd|pptx?))?\s*$", re.IGNORECASE)
_DATE = re.compile(r"D?:?((?:19|20)\d\d)(\d\d)(\d\d)")
_NO_INK = str.maketrans("", "", "._-–•")
_LEGIBLE = 0.4  # of the characters, leaders and bullets aside, that are letters or digits
_NEXT_TO_NOTHING = 25  # characters: a picture's page number or caption, but no text
_ENOUGH = 40  # characters of a page from which it can be told that they are not letters
_MANY_PATHS = 200  # lines and shapes drawn on a page: more than a frame or a logo has
_OCR_SHARE = 0.7  # of the time for a file that text recognition may use
_INVISIBLE = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
_EMPTY = "its pages are empty: check that this is the right file"
_SCANNED = (
    "its pages are images without text: install citewell[ocr], or run text recognition (OCR) over it first and add the "
    "file that it makes"
)
_UNRECOGNISED = "its pages are images, and no text in them was recognised in time: add a sharper scan, or split it"
_NO_LETTERS = (
    "its fonts do not say which letters they print: install citewell[ocr], or run text recognition (OCR) over it first"
)


@dataclass(slots=True)
class _Notes:
    """Pages, from 1, that gave less than they hold, or gave it in another way than print."""

    pictures: list[int] = field(default_factory=list)
    unmapped: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)  # too few characters to tell, but worth recognising
    recognised: list[int] = field(default_factory=list)
    layered: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    def not_read(self) -> tuple[int, ...]:
        """The pages of which no text was read though they seem to hold some."""
        return tuple(sorted({*self.pictures, *self.unmapped, *self.broken}))

    def warnings(self) -> tuple[str, ...]:
        """A line for each kind of page that there is."""
        found = (
            ("pages not read, since they are images without text", self.pictures),
            ("pages not read, since their fonts do not say which letters they print", self.unmapped),
            ("pages not read, since they are damaged", self.broken),
            ("pages read by text recognition", self.recognised),
            ("pages read from unseen text behind an image", self.layered),
            ("pages with invisible text, which was left out", self.hidden),
            ("pages with text that runs across the rest, which was left out", self.turned),
        )
        return tuple(f"{what}: {_ranges(numbers)}" for what, numbers in found if numbers)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a PDF. A file without text on any page is refused; pages without text are named in a warning."""
    deadline = ocr.Deadline(
        time.process_time() + _OCR_SHARE * limits.cpu_seconds, time.monotonic() + _OCR_SHARE * limits.wall_seconds
    )
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise NotReadable(_why_closed(error)) from error
    count = len(document)
    if count > limits.pages:
        raise NotReadable(
            f"it has {count:,} pages, more than the limit of {limits.pages:,}: split it into several files"
        )
    notes = _Notes()
    pages = _pages(document, limits, notes)
    if ocr.is_installed():
        _recognise(document, pages, notes, deadline)
    if not any(pages):
        raise NotReadable(_why_silent(notes))
    if not _is_legible(pages):
        raise NotReadable(_NO_LETTERS)
    furniture = find_furniture([[item for item in page if isinstance(item, PrintedLine)] for page in pages])
    labels = [furniture[number].label or document.get_page_label(number) or None for number in range(count)]
    blocks = page_blocks(pages, furniture, labels)
    metadata = document.get_metadata_dict(skip_empty=True)
    title, date = metadata.get("Title", ""), _DATE.match(metadata.get("CreationDate", ""))
    return RawReport(
        blocks=tuple(rejoin(blocks, headings_known=True)),
        title_hint=None if _JUNK_TITLE.match(title) else title.strip(),
        date_hint="-".join(date.groups()) if date else None,
        pages=count,
        warnings=notes.warnings(),
        pages_not_read=notes.not_read(),
    )


def _why_closed(error: pdfium.PdfiumError) -> str:
    if getattr(error, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return "it is protected by a password: remove the protection and add it again"
    return "it is damaged or no PDF: open it, save a fresh copy and add that"


def _why_silent(notes: _Notes) -> str:
    if notes.unmapped:
        return _NO_LETTERS
    if not notes.pictures:
        return _EMPTY
    return _UNRECOGNISED if ocr.is_installed() else _SCANNED


def _pages(document: pdfium.PdfDocument, limits: Limits, notes: _Notes) -> list[list[PageItem]]:
    """The lines and tables of each page in reading order. What the pages lack is put down in `notes`."""
    pages: list[list[PageItem]] = []
    characters = 0
    last: Ruled | None = None  # table of the page before
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            notes.broken.append(number)
            pages.append([])
            continue
        has_image = _has_image(page)
        layered = has_image and _is_all_invisible(page)
        ruled = ruled_boxes(page)
        text = page_text(page, skip_hidden=not layered, place_spaces=bool(candidates(ruled, last)))
        characters += text.characters
        if characters > limits.characters:
            raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
        items, last = page_items(text, ruled, last)
        inked = _inked(items)
        if len(inked) < _NEXT_TO_NOTHING and (has_image or _is_outlined(page)):
            notes.pictures.append(number)
        elif not _is_legible([items]):
            enough = len(inked) >= _ENOUGH
            (notes.unmapped if enough else notes.doubtful).append(number)
            items = [] if enough else items
        elif layered:
            notes.layered.append(number)
        if text.hidden:
            notes.hidden.append(number)
        if text.turned:
            notes.turned.append(number)
        pages.append(items)
        page.close()
    return pages


def _recognise(
    document: pdfium.PdfDocument, pages: list[list[PageItem]], notes: _Notes, deadline: ocr.Deadline
) -> None:
    """Read the pages that are pictures by text recognition, as far as the time goes."""
    recogniser = ocr.Recogniser()
    for number in sorted((*notes.pictures, *notes.unmapped, *notes.doubtful)):
        if deadline.is_past():
            break
        page = document[number - 1]
        text = recogniser.page_text(page, deadline)
        page.close()
        items, _ = page_items(text, [], None) if text is not None else ([], None)
        if _letters(items) > _letters(pages[number - 1]):
            pages[number - 1] = items
            notes.recognised.append(number)
    for numbers in (notes.pictures, notes.unmapped):
        numbers[:] = [number for number in numbers if number not in notes.recognised]


def _ranges(numbers: Sequence[int]) -> str:
    """Rising numbers for people: "1–3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _inked(items: Sequence[PageItem]) -> str:
    """The characters of a page but for spaces, leaders and bullets."""
    text = "".join(
        item.text if isinstance(item, PrintedLine) else "".join(cell.text for row in item.rows for cell in row)
        for item in items
    )
    return "".join(text.split()).translate(_NO_INK)


def _letters(items: Sequence[PageItem]) -> int:
    return sum(map(str.isalnum, _inked(items)))


def _is_legible(pages: Sequence[Sequence[PageItem]]) -> bool:
    """Whether the characters read as text: fonts that do not map their shapes to letters give mostly signs."""
    inked = "".join(map(_inked, pages))
    return sum(map(str.isalnum, inked)) >= _LEGIBLE * len(inked)


def _is_outlined(page: pdfium.PdfPage) -> bool:
    """Whether a page is drawn with so many lines that they may be the outlines of letters."""
    paths = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=3)
    return sum(1 for _ in islice(paths, _MANY_PATHS)) == _MANY_PATHS


def _is_all_invisible(page: pdfium.PdfPage) -> bool:
    """Whether all text of a page is drawn invisibly, as text recognition puts it behind the image of a page."""
    texts = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=3)
    modes = {pdfium_c.FPDFTextObj_GetTextRenderMode(text.raw) for text in texts}
    return modes == {_INVISIBLE}


def _has_image(page: pdfium.PdfPage) -> bool:
    images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    width, height = page.get_size()
    for image in images:
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > 0.3 * width * height:
            return True
    return False

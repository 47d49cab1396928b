"""PDF → blocks, with the number of the page (from 1) and the number printed on it."""

import re
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..records import RawCell, RawReport
from ..reflow import join_text, rejoin
from . import Limits, NotReadable
from .pdf_blocks import PageItem, TableRows, page_blocks
from .pdf_furniture import find_furniture
from .pdf_lines import PageText, PrintedLine, cropped, page_text, printed_lines
from .pdf_tables import RuledTable, ruled_tables

_JUNK_TITLE = re.compile(r"^\s*(?:microsoft word\b.*|untitled.*|.*\.(?:docx?|pdf|indd|qxd|pptx?))?\s*$", re.IGNORECASE)
_DATE = re.compile(r"D?:?((?:19|20)\d\d)(\d\d)(\d\d)")
_LEGIBLE = 0.4  # of the characters, leaders and bullets aside, that are letters or digits
_SCANNED = (
    "its pages are images without text: run text recognition (OCR) over it first, then add the file that it makes"
)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a PDF. A file without text on any page is refused; pages without text are named in a warning."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise NotReadable(_why_closed(error)) from error
    count = len(document)
    if count > limits.pages:
        raise NotReadable(
            f"it has {count:,} pages, more than the limit of {limits.pages:,}: split it into several files"
        )
    pages, warnings = _pages(document, limits)
    if not any(pages):
        raise NotReadable(_SCANNED)
    if not _is_legible(pages):
        raise NotReadable("its fonts do not say which letters they print: run text recognition (OCR) over it first")
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
        warnings=warnings,
    )


def _why_closed(error: pdfium.PdfiumError) -> str:
    if getattr(error, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return "it is protected by a password: remove the protection and add it again"
    return "it is damaged or no PDF: open it, save a fresh copy and add that"


def _pages(document: pdfium.PdfDocument, limits: Limits) -> tuple[list[list[PageItem]], tuple[str, ...]]:
    """The lines and tables of each page in reading order, and warnings on pages that gave less than they hold."""
    pages: list[list[PageItem]] = []
    silent: list[int] = []
    hidden: list[int] = []
    turned: list[int] = []
    broken: list[int] = []
    characters = 0
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            broken.append(number)
            pages.append([])
            continue
        has_image = _has_image(page)
        text = page_text(page, skip_hidden=not has_image)
        characters += len(text.glyphs)
        if characters > limits.characters:
            raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
        tables = ruled_tables(page) if text.glyphs else []
        rows = [rows for table in tables if (rows := _table_rows(text, table)) is not None]
        lines = printed_lines(cropped(text, [row.box for row in rows], inside=False))
        pages.append(_placed(lines, rows))
        if text.hidden:
            hidden.append(number)
        if text.turned:
            turned.append(number)
        if not pages[-1] and has_image:
            silent.append(number)
        page.close()
    notes = (
        ("pages that are images without text", silent),
        ("pages with invisible text, which was left out", hidden),
        ("pages with text that runs across the rest, which was left out", turned),
        ("pages that are damaged", broken),
    )
    return pages, tuple(f"{what}: {_ranges(numbers)}" for what, numbers in notes if numbers)


def _ranges(numbers: Sequence[int]) -> str:
    """Rising numbers for people: "1–3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _is_legible(pages: Sequence[Sequence[PageItem]]) -> bool:
    """Whether the characters read as text: fonts that do not map their shapes to letters give mostly signs."""
    text = "".join(
        item.text if isinstance(item, PrintedLine) else "".join(cell.text for row in item.rows for cell in row)
        for page in pages
        for item in page
    )
    inked = [character for character in text if not character.isspace() and character not in "._-–•"]
    return sum(map(str.isalnum, inked)) >= _LEGIBLE * len(inked)


def _has_image(page: pdfium.PdfPage) -> bool:
    images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    width, height = page.get_size()
    for image in images:
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > 0.3 * width * height:
            return True
    return False


def _table_rows(page: PageText, table: RuledTable) -> TableRows | None:
    """The rows of a table with their text; None where it is a frame around text and no table."""
    within = cropped(page, [table.box], inside=True)
    rows: list[tuple[RawCell, ...]] = []
    for row in table.rows:
        cells: list[RawCell] = []
        for cell in row:
            text = ""
            for line in printed_lines(cropped(within, [cell.box], inside=True)) if cell.box is not None else ():
                text = join_text(text, line.text)
            cells.append(RawCell(text, cell.columns))
        if any(cell.text for cell in cells):
            rows.append(tuple(cells))
    filled = sum(len([cell for cell in row if cell.text]) > 1 for row in rows)
    if filled < 2 or filled < 0.3 * len(rows):
        return None
    return TableRows(tuple(rows), table.box)


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

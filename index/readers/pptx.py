"""PowerPoint presentations → blocks. A slide is a page: its title is a heading, then the text of its shapes as a
reader's eye meets them, tables, the figures behind its charts, and the speaker's notes.

Hidden slides are left out and named in a warning; slides that are pictures only are named as not read. Nothing that
the file names is opened.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import pptx
import pptx.presentation
from lxml import etree
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError, PythonPptxError
from pptx.oxml.ns import qn
from pptx.slide import Slide

from ..records import RawBlock, RawCell, RawReport
from ..reflow import BULLET, raised
from . import Limits, NotReadable
from .number_formats import shown
from .ooxml import transitional

_BROKEN = "it is not a PowerPoint presentation, or it is damaged: open it in PowerPoint and save it again"
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)
_LISTED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
# Shapes are `Any`: which attributes one has depends on its kind, which python-pptx tells at run time alone.
_ROW = 20  # shapes whose tops are within a twentieth of the slide's height stand beside each other


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a presentation, with the title and date of its properties; pages count slides."""
    try:
        presentation = pptx.Presentation(io.BytesIO(transitional(data)))
        return _report(presentation, limits)
    except (
        PackageNotFoundError, PythonPptxError, KeyError, ValueError, AttributeError, TypeError, IndexError, EOFError,
        zipfile.BadZipFile, etree.XMLSyntaxError,
    ) as error:  # fmt: skip
        raise NotReadable(_BROKEN) from error


def _report(presentation: pptx.presentation.Presentation, limits: Limits) -> RawReport:
    slides = list(presentation.slides)
    if len(slides) > limits.pages:
        raise NotReadable(
            f"it has {len(slides):,} slides, more than the limit of {limits.pages:,}: split it into several files"
        )
    blocks: list[RawBlock] = []
    hidden: list[int] = []
    silent: list[int] = []
    characters = 0
    counter = _Tables()
    row_height = (presentation.slide_height or 1) // _ROW
    for number, slide in enumerate(slides, start=1):
        if slide._element.get("show") in ("0", "false"):
            hidden.append(number)
            continue
        found = list(_slide_blocks(slide, number, row_height, counter))
        characters += sum(len(block.text) + sum(len(cell.text) for cell in block.cells) for block in found)
        if characters > limits.characters:
            raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
        blocks.extend(found)
        if not found and any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes):
            silent.append(number)
    properties = presentation.core_properties
    notes = (("slides that are hidden, which were left out", hidden), ("slides that are pictures without text", silent))
    return RawReport(
        blocks=tuple(blocks),
        title_hint=(properties.title or "").strip() or None,
        date_hint=properties.created.date().isoformat() if properties.created is not None else None,
        pages=len(slides),
        warnings=tuple(f"{what}: {', '.join(map(str, numbers))}" for what, numbers in notes if numbers),
        pages_not_read=tuple(silent),
    )


class _Tables:
    """Numbers the tables of a presentation in the order in which they come."""

    def __init__(self) -> None:
        self._next = 0

    def number(self) -> int:
        self._next += 1
        return self._next - 1


def _slide_blocks(slide: Slide, page: int, row_height: int, tables: _Tables) -> Iterator[RawBlock]:
    title = slide.shapes.title
    label = next(
        (_frame_text(shape) for shape in slide.placeholders if _kind(shape) == PP_PLACEHOLDER.SLIDE_NUMBER), ""
    )
    page_label = label if label.isalnum() else None
    if title is not None and (text := _frame_text(title)):
        yield RawBlock("heading", text, level=1, page=page, page_label=page_label)
    for shape in _in_order(slide.shapes, row_height):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape_blocks(shape, page, row_height, tables)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            if text := _text(paragraph._p):
                yield RawBlock("paragraph", text, page=page)


def _in_order(shapes: Iterable[Any], row_height: int) -> list[Any]:
    """The shapes row by row from the top, each row from the left."""
    rows: list[list[Any]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) <= row_height:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda shape: shape.left or 0)]


def _shape_blocks(shape: Any, page: int, row_height: int, tables: _Tables) -> Iterator[RawBlock]:
    if shape._element.xpath(".//p:cNvPr")[0].get("hidden") in ("1", "true") or _kind(shape) in _FURNITURE:
        return
    if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
        for inner in _in_order(shape.shapes, row_height):
            yield from _shape_blocks(inner, page, row_height, tables)
    elif getattr(shape, "has_table", False):
        yield from _table_rows(shape.table, page, tables.number())
    elif getattr(shape, "has_chart", False):
        yield from _chart_rows(shape.chart, page, tables)
    elif shape.has_text_frame:
        paragraphs = [(paragraph, text) for paragraph in shape.text_frame.paragraphs if (text := _text(paragraph._p))]
        usual = _kind(shape) in _LISTED and len(paragraphs) > 1
        for paragraph, text in paragraphs:
            bullet = BULLET.match(text)
            listed = bullet is not None or _is_listed(paragraph._p, usual)
            yield RawBlock("list_item" if listed else "paragraph", text[bullet.end() :] if bullet else text, page=page)


def _kind(shape: Any) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _is_listed(paragraph: etree._Element, usual: bool) -> bool:
    """Whether a paragraph is a list's: it has a bullet or a number, or nothing that says otherwise where the
    placeholders of a slide layout have one."""
    properties = paragraph.find(qn("a:pPr"))
    if properties is not None:
        if properties.find(qn("a:buNone")) is not None:
            return False
        if properties.find(qn("a:buChar")) is not None or properties.find(qn("a:buAutoNum")) is not None:
            return True
    return usual


def _frame_text(shape: Any) -> str:
    if not shape.has_text_frame:
        return ""
    return " ".join(text for paragraph in shape.text_frame.paragraphs if (text := _text(paragraph._p)))


def _text(paragraph: etree._Element) -> str:
    """The text of a paragraph, with raised digits as superscripts."""
    parts: list[str] = []
    for node in paragraph:
        if node.tag in (qn("a:r"), qn("a:fld")):
            text = "".join(inner.text or "" for inner in node.iterchildren(qn("a:t")))
            properties = node.find(qn("a:rPr"))
            baseline = properties.get("baseline") if properties is not None else None
            parts.append(raised(text) if baseline and not baseline.startswith(("-", "0")) else text)
        elif node.tag == qn("a:br"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def _table_rows(table: Any, page: int, number: int) -> Iterator[RawBlock]:
    for place, row in enumerate(table.rows):
        cells: list[RawCell] = []
        covered = 0  # columns still under the cell to the left
        for cell in row.cells:
            if covered:
                covered -= 1
                continue
            wide = cell.span_width if cell.is_merge_origin else 1
            text = "" if cell.is_spanned else " ".join(_text(p._p) for p in cell.text_frame.paragraphs).strip()
            cells.append(RawCell(text, wide))
            covered = wide - 1
        heads = bool(table.first_row) and place == 0 and len(table.rows) > 1
        yield RawBlock("table_row", "", page=page, table=number, cells=tuple(cells), header_row=heads)


def _chart_rows(chart: Any, page: int, tables: _Tables) -> Iterator[RawBlock]:
    """The title of a chart and, for each of its plots, the figures that it draws: a row a category."""
    if chart.has_title and chart.chart_title.has_text_frame:
        text = " ".join(t for p in chart.chart_title.text_frame.paragraphs if (t := _text(p._p)))
        yield RawBlock("paragraph", text, page=page)
    for plot in chart.plots:
        series = list(plot.series)
        labels = [str(category) for category in plot.categories]
        if not series or not labels:
            continue
        number = tables.number()
        heads = (RawCell(""), *(RawCell(one.name) for one in series))
        yield RawBlock("table_row", "", page=page, table=number, cells=heads, header_row=True)
        formats = [_format_code(one._element) for one in series]
        columns = [tuple(one.values) for one in series]
        for place, label in enumerate(labels):
            values = (
                shown(column[place], code) if place < len(column) else ""
                for column, code in zip(columns, formats, strict=True)
            )
            cells = (RawCell(label), *map(RawCell, values))
            yield RawBlock("table_row", "", page=page, table=number, cells=cells)


def _format_code(series: etree._Element) -> str:
    codes = series.xpath("./c:val//c:formatCode")
    return (codes[0].text or "General") if codes else "General"

"""Make the PDF and the DOCX among the sample reports from their sources: `python samples/build.py`.

The same source gives the same bytes on every machine, so nothing in a finished file depends on the clock or on the
version of zlib: dates are fixed and nothing is compressed.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

HERE = Path(__file__).parent
FIXED_DATE = datetime(2020, 1, 1)
MERGED = "<"  # a cell of the source that belongs to the cell on its left

Kind = Literal["heading", "paragraph", "item", "caption", "note", "table"]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a source. `level` is 1 to 3 for headings; `header` and `body` are the rows of a table."""

    kind: Kind
    text: str = ""
    level: int = 0
    header: tuple[tuple[str, ...], ...] = ()
    body: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A source read: its title, the lines of its title page by name, and its blocks in order."""

    title: str
    front: dict[str, str]
    blocks: tuple[Block, ...]


def read_source(path: Path) -> Source:
    """The source at `path`, whose form samples/README.md describes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    title = lines[0].removeprefix("# ")
    first_blank = lines.index("")
    front = dict(line.split(": ", 1) for line in lines[1:first_blank])
    blocks: list[Block] = []
    rows: list[str] = []
    for line in [*lines[first_blank:], ""]:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            blocks.append(_table(rows))
            rows = []
        if line:
            blocks.append(_block(line))
    return Source(title, front, tuple(blocks))


def _block(line: str) -> Block:
    if heading := re.match(r"(#{2,4}) (.+)", line):
        return Block("heading", heading[2], level=len(heading[1]) - 1)
    if note := re.match(r"note (\d+): (.+)", line):
        return Block("note", f"[{note[1]}] {note[2]}")
    if line.startswith("- "):
        return Block("item", line[2:])
    if line.startswith("Caption: "):
        return Block("caption", line.removeprefix("Caption: "))
    return Block("paragraph", line)


def _table(lines: list[str]) -> Block:
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    rule = next(number for number, row in enumerate(rows) if set("".join(row)) == {"-"})
    return Block("table", header=tuple(rows[:rule]), body=tuple(rows[rule + 1 :]))


def _spans(row: tuple[str, ...]) -> list[tuple[int, int]]:
    """The first and last column of each merged cell in `row`."""
    starts = [column for column, cell in enumerate(row) if cell != MERGED]
    ends = [start - 1 for start in starts[1:]] + [len(row) - 1]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end > start]


# --- PDF ---

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14, spaceAfter=7)
ITEM = ParagraphStyle("item", BODY, leftIndent=16, bulletIndent=4, spaceAfter=4)
CAPTION = ParagraphStyle("caption", BODY, fontName="Helvetica-Bold", fontSize=9.5, leading=12, spaceBefore=5)
NOTE = ParagraphStyle("note", BODY, fontSize=8, leading=10.5, spaceAfter=9)
CELL = ParagraphStyle("cell", BODY, fontSize=9, leading=11.5, spaceAfter=0)
FIGURE_CELL = ParagraphStyle("figure cell", CELL, alignment=TA_CENTER)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=28, leading=34, spaceAfter=18)
FRONT = ParagraphStyle("front", BODY, fontSize=13, leading=18, spaceAfter=10)
HEADINGS = tuple(
    ParagraphStyle(
        f"heading {level}",
        fontName="Helvetica-Bold",
        fontSize=size,
        leading=size * 1.25,
        spaceBefore=before,
        spaceAfter=6,
        keepWithNext=1,
        textColor=colors.HexColor("#1d3557"),
    )
    for level, (size, before) in enumerate(((17, 0), (12.5, 10), (10.5, 8)), start=1)
)
WIDTH = A4[0] - 5 * cm


def _markup(text: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text))
    return re.sub(r"\[(\d+)\]", r'<super size="7">\1</super>', text)


class _Pages(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """A document with a bare title page and, after it, a running header and a page number on each page."""

    def __init__(self, target: io.BytesIO, source: Source) -> None:
        super().__init__(
            target,
            pagesize=A4,
            title=f"{source.title}: {source.front['organisation']}",
            author=source.front["publisher"],
            invariant=1,
            pageCompression=0,
        )
        self.running_header = source.front["running-header"]
        frame = Frame(2.5 * cm, 2.3 * cm, WIDTH, A4[1] - 4.8 * cm, leftPadding=0, rightPadding=0)
        self.addPageTemplates(
            [PageTemplate("title", [frame]), PageTemplate("text", [frame], onPage=self._header_and_number)]
        )

    def _header_and_number(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8.5)
        canvas.drawString(2.5 * cm, A4[1] - 1.6 * cm, self.running_header)
        canvas.setLineWidth(0.4)
        canvas.line(2.5 * cm, A4[1] - 1.8 * cm, A4[0] - 2.5 * cm, A4[1] - 1.8 * cm)
        canvas.drawCentredString(A4[0] / 2, 1.3 * cm, str(canvas.getPageNumber()))

    def afterFlowable(self, flowable: Flowable) -> None:
        level = getattr(flowable, "contents_level", 0)
        if level:
            text = flowable.getPlainText()
            key = f"heading-{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, level - 1)
            self.notify("TOCEntry", (level - 1, escape(text), self.page))


def build_pdf(source: Source) -> bytes:
    """The report as a PDF: title page, contents, then each section from a new page."""
    target = io.BytesIO()
    pages = _Pages(target, source)
    front = source.front
    contents = TableOfContents(
        levelStyles=[
            ParagraphStyle("contents 1", BODY, fontSize=9.5, leading=11, spaceBefore=0, spaceAfter=0, rightIndent=24),
            ParagraphStyle("contents 2", BODY, leftIndent=16, fontSize=9, leading=10, spaceAfter=0, rightIndent=24),
        ],
        dotsMinLevel=0,
    )
    story: list[Flowable] = [
        Spacer(1, 6 * cm),
        Paragraph(escape(source.title), TITLE),
        *(Paragraph(escape(front[name]), FRONT) for name in ("organisation", "subtitle", "date")),
        Paragraph(escape(f"Publisher: {front['publisher']}"), FRONT),
        NextPageTemplate("text"),
        PageBreak(),
        Paragraph("Contents", HEADINGS[0]),
        contents,
    ]
    caption: list[Flowable] = []
    for block in source.blocks:
        if block.kind == "heading":
            story.extend(_pdf_heading(block))
        elif block.kind == "caption":
            caption = [Paragraph(_markup(block.text), CAPTION)]
        elif block.kind == "table":
            story.append(KeepTogether([*caption, _pdf_table(block), Spacer(1, 10)]))
            caption = []
        elif block.kind == "note":
            story.append(KeepTogether([HRFlowable("30%", 0.4, hAlign="LEFT"), Paragraph(_markup(block.text), NOTE)]))
        elif block.kind == "item":
            story.append(Paragraph(_markup(block.text), ITEM, bulletText="•"))
        else:
            story.append(Paragraph(_markup(block.text), BODY))
    pages.multiBuild(story)
    return target.getvalue()


def _pdf_heading(block: Block) -> list[Flowable]:
    heading = Paragraph(_markup(block.text), HEADINGS[block.level - 1])
    if block.level <= 2:
        heading.contents_level = block.level
    return [PageBreak(), heading] if block.level == 1 else [heading]


def _pdf_table(block: Block) -> Table:
    rows = [*block.header, *block.body]
    columns = len(rows[0])
    style: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, len(block.header) - 1), colors.HexColor("#e3e8ef")),
    ]
    cells: list[list[Paragraph | str]] = []
    for number, row in enumerate(rows):
        style.extend(("SPAN", (start, number), (end, number)) for start, end in _spans(row))
        bold = "<b>{}</b>" if number < len(block.header) else "{}"
        cells.append(
            [
                "" if cell == MERGED else Paragraph(bold.format(_markup(cell)), FIGURE_CELL if column else CELL)
                for column, cell in enumerate(row)
            ]
        )
    first = WIDTH * (0.12 + 0.96 / columns)  # headings of rows are the longest cells
    widths = [first] + [(WIDTH - first) / (columns - 1)] * (columns - 1)
    return Table(cells, widths, style=TableStyle(style), repeatRows=len(block.header))


# --- DOCX ---


def build_docx(source: Source) -> bytes:
    """The report as a Word file: built-in heading styles, ruled tables whose heading rows are marked as such."""
    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    properties = document.core_properties
    properties.title = f"{source.title}: {source.front['organisation']}"
    properties.author = properties.last_modified_by = source.front["publisher"]
    properties.comments = ""
    properties.created = properties.modified = FIXED_DATE
    _word_front(document, source)
    for block in source.blocks:
        if block.kind == "heading":
            _runs(document.add_paragraph(style=f"Heading {block.level}"), block.text)
        elif block.kind == "table":
            _word_table(document, block)
        elif block.kind == "caption":
            paragraph = document.add_paragraph(style="Caption")
            paragraph.paragraph_format.keep_with_next = True
            _runs(paragraph, block.text)
        elif block.kind == "note":
            _runs(document.add_paragraph(), re.sub(r"^\[(\d+)\]", r"Note \1:", block.text))
        else:
            _runs(document.add_paragraph(style="List Bullet" if block.kind == "item" else "Normal"), block.text)
    _drop_template_ballast(document)
    target = io.BytesIO()
    document.save(target)
    return _plain_zip(target.getvalue())


def _drop_template_ballast(document: WordDocument) -> None:
    # nine tenths of python-docx's template are table styles and a picture that no report uses
    for part in (document.part, document.part.package):
        for rel_id, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del part.rels[rel_id]
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in ("TableNormal", "TableGrid"):
            styles.remove(style)


def _word_front(document: WordDocument, source: Source) -> None:
    front = source.front
    document.add_paragraph(source.title, style="Title")
    document.add_paragraph(front["organisation"], style="Subtitle")
    for line in (front["subtitle"], front["date"], f"Publisher: {front['publisher']}"):
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = front["running-header"]
    document.add_page_break()


def _runs(paragraph: WordParagraph, text: str) -> None:
    for piece in re.split(r"(\*\*.+?\*\*|\[\d+\])", text):
        if piece.startswith("**"):
            paragraph.add_run(piece.strip("*")).bold = True
        elif piece.startswith("["):
            paragraph.add_run(piece.strip("[]")).font.superscript = True
        elif piece:
            paragraph.add_run(piece)


def _word_table(document: WordDocument, block: Block) -> None:
    rows = [*block.header, *block.body]
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        is_header = number < len(block.header)
        if is_header:
            table.rows[number]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for start, end in _spans(row):
            table.cell(number, start).merge(table.cell(number, end))
        for column, text in enumerate(row):
            if text == MERGED:
                continue
            paragraph = table.cell(number, column).paragraphs[0]
            paragraph.add_run(text).bold = is_header
            if column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph()


def _plain_zip(packed: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as write:
        for name in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            write.writestr(zipfile.ZipInfo(name, FIXED_DATE.timetuple()[:6]), read.read(name))
    return target.getvalue()


BUILDERS: dict[str, Callable[[Source], bytes]] = {
    "leicestershire-2014-value-for-money.pdf": build_pdf,
    "leicestershire-2016-efficiency.docx": build_docx,
}


def build(folder: Path) -> list[Path]:
    """Write the PDF and the DOCX to `folder`; the files written."""
    written = []
    for name, builder in BUILDERS.items():
        target = folder / name
        target.write_bytes(builder(read_source(HERE / "sources" / f"{target.stem}.md")))
        written.append(target)
    return written


if __name__ == "__main__":
    for path in build(HERE / "reports"):
        print(path)

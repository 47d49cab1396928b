"""Word documents → blocks, in the order of the body: headings, paragraphs, list items, tables, footnotes and the
text in shapes. Running heads are left out, deleted and hidden text too, and nothing that the file names is opened."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import docx
import docx.document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from ..records import RawBlock, RawCell, RawReport
from ..reflow import BULLET, raised
from . import Limits, NotReadable
from .ooxml import transitional

_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BROKEN = "it is not a Word document, or it is damaged: open it in Word and save it again"
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_SKIPPED = frozenset((qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:txbxContent"), _FALLBACK))


@dataclass(frozen=True, slots=True)
class _Context:
    """What is needed to read a paragraph: style id → (heading level, whether a list), and the footnotes by id."""

    styles: dict[str, tuple[int, bool]]
    footnotes: dict[str, str]


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a Word document, with the title and date of its properties."""
    try:
        document = docx.Document(io.BytesIO(transitional(data)))
        properties = document.core_properties
        title, created = properties.title, properties.created
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError, AttributeError) as error:
        raise NotReadable(_BROKEN) from error
    context = _Context(_styles(document), _footnotes(document))
    blocks: list[RawBlock] = []
    characters = 0
    for block in _body_blocks(document.element.body, context, _Counter()):
        characters += len(block.text) + sum(len(cell.text) for cell in block.cells)
        if characters > limits.characters:
            raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
        blocks.append(block)
    return RawReport(
        blocks=tuple(blocks),
        title_hint=title.strip() or None,
        date_hint=created.date().isoformat() if created is not None else None,
    )


def _styles(document: docx.document.Document) -> dict[str, tuple[int, bool]]:
    """Style id → (heading level or 0, whether it is a list's), a style's own name first, then those it builds on."""
    found: dict[str, tuple[int, bool]] = {}
    for style in document.styles.element.findall(qn("w:style")):
        found[style.get(qn("w:styleId")) or ""] = _style_kind(style)
    parents = {
        style.get(qn("w:styleId")): base.get(qn("w:val"))
        for style in document.styles.element.findall(qn("w:style"))
        if (base := style.find(qn("w:basedOn"))) is not None
    }
    resolved: dict[str, tuple[int, bool]] = {}
    for name, kind in found.items():
        above, seen = parents.get(name), {name}
        while kind == (0, False) and above is not None and above not in seen:
            seen.add(above)
            kind, above = found.get(above, (0, False)), parents.get(above)
        resolved[name] = kind
    return resolved


def _style_kind(style: etree._Element) -> tuple[int, bool]:
    name_node = style.find(qn("w:name"))
    name = (name_node.get(qn("w:val")) or "").lower() if name_node is not None else ""
    heading = _HEADING_STYLE.fullmatch(name)
    if heading or name == "title":
        return int(heading[1]) if heading else 1, False
    listed = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    return 0, listed or name.startswith(("list", "toc "))


def _footnotes(document: docx.document.Document) -> dict[str, str]:
    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            root = parse_xml(relation.target_part.blob)
            notes = {}
            for note in root.findall(qn("w:footnote")):
                if note.get(qn("w:type")) in (None, "normal"):
                    text = " ".join(_paragraph_text(p, _Counter())[0] for p in note.iter(qn("w:p"))).strip()
                    notes[note.get(qn("w:id")) or ""] = text
            return notes
    return {}


class _Counter:
    """Numbers the tables and footnotes of a document in the order in which they come."""

    def __init__(self) -> None:
        self.tables = 0
        self.notes = 0


def _body_blocks(parent: etree._Element, context: _Context, counter: _Counter) -> Iterator[RawBlock]:
    """The blocks of a body, a cell or a shape, in order; content controls are looked into."""
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            yield from _paragraph_blocks(child, context, counter)
        elif child.tag == qn("w:tbl"):
            yield from _table_blocks(child, context, counter)
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
            yield from _body_blocks(child, context, counter)


def _paragraph_blocks(paragraph: etree._Element, context: _Context, counter: _Counter) -> Iterator[RawBlock]:
    text, notes, shapes = _paragraph_text(paragraph, counter)
    level, listed = _paragraph_kind(paragraph, context)
    bullet = BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    if text and level:
        yield RawBlock("heading", text, level=level)
    elif text:
        yield RawBlock("list_item" if listed or bullet else "paragraph", text)
    for number, note in notes:
        if context.footnotes.get(note):
            yield RawBlock("footnote", f"{raised(str(number))} {context.footnotes[note]}")
    for shape in shapes:
        yield from _body_blocks(shape, context, counter)


def _paragraph_kind(paragraph: etree._Element, context: _Context) -> tuple[int, bool]:
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        return 0, False
    style = properties.find(qn("w:pStyle"))
    level, listed = context.styles.get(style.get(qn("w:val")) or "", (0, False)) if style is not None else (0, False)
    outline = properties.find(qn("w:outlineLvl"))
    if not level and outline is not None and (outline.get(qn("w:val")) or "9") < "9":
        level = int(outline.get(qn("w:val")) or 0) + 1
    number = properties.find(f"{qn('w:numPr')}/{qn('w:numId')}")
    return level, listed or (number is not None and number.get(qn("w:val")) != "0")


def _paragraph_text(
    paragraph: etree._Element, counter: _Counter
) -> tuple[str, list[tuple[int, str]], list[etree._Element]]:
    """(text, (number, id) of the footnotes it calls, shapes anchored in it)."""
    parts: list[str] = []
    notes: list[tuple[int, str]] = []
    shapes: list[etree._Element] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if node.tag == qn("w:txbxContent"):
            shapes.append(node)
        elif node.tag in _SKIPPED or not isinstance(node.tag, str) or _is_hidden(node):
            continue
        elif node.tag == qn("w:t"):
            parts.append(raised(node.text or "") if _is_raised(node.getparent()) else node.text or "")
        elif node.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")) and node.getparent().tag == qn("w:r"):
            parts.append(" ")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif node.tag == qn("w:footnoteReference"):
            counter.notes += 1
            notes.append((counter.notes, node.get(qn("w:id")) or ""))
            parts.append(raised(str(counter.notes)))
        else:
            stack.extend(reversed(node))
    return " ".join("".join(parts).split()), notes, shapes


def _is_hidden(node: etree._Element) -> bool:
    return node.tag == qn("w:r") and node.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None


def _is_raised(run: etree._Element | None) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}") if run is not None else None
    return mark is not None and mark.get(qn("w:val")) == "superscript"


def _table_blocks(table: etree._Element, context: _Context, counter: _Counter) -> Iterator[RawBlock]:
    """The rows of a table; a table of one column only frames its text, which is read as the body is."""
    rows = table.findall(qn("w:tr"))
    if all(len(row.findall(qn("w:tc"))) < 2 for row in rows):
        for row in rows:
            for cell in row.findall(qn("w:tc")):
                yield from _body_blocks(cell, context, counter)
        return
    number = counter.tables
    counter.tables += 1
    for row in rows:
        heads = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
        cells = tuple(_cell(cell, counter) for cell in row.iter(qn("w:tc")) if _row_of(cell) is row)
        yield RawBlock("table_row", "", table=number, cells=cells, header_row=heads is not None)


def _row_of(cell: etree._Element) -> etree._Element | None:
    above = cell.getparent()
    while above is not None and above.tag != qn("w:tr"):
        above = above.getparent()
    return above


def _cell(cell: etree._Element, counter: _Counter) -> RawCell:
    """A cell; one that a cell above reaches down into is empty."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    stated = (span.get(qn("w:val")) or "1") if span is not None else "1"
    columns = min(max(int(stated), 1), 100) if stated.isdecimal() else 1
    if merged is not None and merged.get(qn("w:val")) != "restart":
        return RawCell("", columns)
    text = " ".join(_paragraph_text(paragraph, counter)[0] for paragraph in cell.iter(qn("w:p")))
    return RawCell(" ".join(text.split()), columns)

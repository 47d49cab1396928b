"""OpenDocument texts → blocks, in the order of the body: headings, paragraphs, list items, tables, footnotes and the
text in frames. Deleted and hidden text is left out, and nothing that the file names is opened."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ..records import RawBlock, RawCell, RawReport
from ..reflow import BULLET, raised
from . import Limits, NotReadable
from .recognise import PROTECTED

_BROKEN = "it is not an OpenDocument text, or it is damaged: open it in LibreOffice and save it again"
_NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_MAX_REPEATED = 200  # cells or rows that one element may stand for
_MAX_SPACES = 200


_CELL_TEXT = etree.XPath("(.//text:p | .//text:h)[not(ancestor::text:note)]", namespaces=_NAMESPACES)


def _n(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


_SKIPPED = frozenset(
    map(_n, ("text:tracked-changes", "office:annotation", "office:annotation-end", "text:hidden-text", "office:forms"))
)
_GROUPS = frozenset(
    _n(f"text:{name}")
    for name in (
        "section list list-item list-header numbered-paragraph index-body index-title table-of-content "
        "illustration-index table-index alphabetical-index user-index bibliography"
    ).split()
)


@dataclass(slots=True)
class _Context:
    """The styles that change what a text means, and what was met so far. `notes` and `frames` are those of the
    paragraph that is being read."""

    raised: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=lambda: {"Title"})
    tables: int = 0
    notes: list[RawBlock] = field(default_factory=list)
    frames: list[etree._Element] = field(default_factory=list)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of an OpenDocument text, with the title and date of its properties."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise NotReadable(PROTECTED)
            content, styles, meta = (
                _parsed(archive.read(name)) if name in names else None
                for name in ("content.xml", "styles.xml", "meta.xml")
            )
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, EOFError, NotImplementedError) as error:
        raise NotReadable(_BROKEN) from error
    body = content.find(f"{_n('office:body')}/{_n('office:text')}") if content is not None else None
    if body is None:
        raise NotReadable(_BROKEN)
    context = _Context()
    for root in (styles, content):
        _note_styles(root, context)
    blocks: list[RawBlock] = []
    characters = 0
    for block in _blocks(body, context, listed=False):
        characters += len(block.text) + sum(len(cell.text) for cell in block.cells)
        if characters > limits.characters:
            raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
        blocks.append(block)
    return RawReport(
        blocks=tuple(blocks),
        title_hint=_property(meta, "dc:title"),
        date_hint=(_property(meta, "meta:creation-date") or _property(meta, "dc:date") or "")[:10] or None,
    )


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _property(meta: etree._Element | None, name: str) -> str | None:
    found = meta.find(f".//{_n(name)}") if meta is not None else None
    return " ".join((found.text or "").split()) or None if found is not None else None


def _note_styles(root: etree._Element | None, context: _Context) -> None:
    for style in root.iter(_n("style:style")) if root is not None else ():
        name, above = style.get(_n("style:name")) or "", style.get(_n("style:parent-style-name")) or ""
        for properties in style.iterchildren(_n("style:text-properties")):
            if (properties.get(_n("style:text-position")) or "").startswith(("super", "3", "5")):
                context.raised.add(name)
            if properties.get(_n("text:display")) == "none":
                context.hidden.add(name)
        if above in context.titles:
            context.titles.add(name)


def _blocks(parent: etree._Element, context: _Context, *, listed: bool) -> Iterator[RawBlock]:
    """The blocks of a body, a section, a list, a cell or a frame, in order."""
    for child in parent.iterchildren(etree.Element):
        if child.tag in (_n("text:p"), _n("text:h")):
            yield from _paragraph_blocks(child, context, listed)
        elif child.tag == _n("table:table"):
            yield from _table_blocks(child, context)
        elif child.tag == _n("draw:frame"):
            yield from _frame_blocks(child, context)
        elif child.tag in _GROUPS and child.get(_n("text:display")) != "none":
            inside = listed or child.tag in (_n("text:list"), _n("text:index-body"))
            yield from _blocks(child, context, listed=inside)


def _paragraph_blocks(paragraph: etree._Element, context: _Context, listed: bool) -> Iterator[RawBlock]:
    style = paragraph.get(_n("text:style-name")) or ""
    if style in context.hidden:
        return
    text = _text(paragraph, context)
    notes, context.notes = context.notes, []
    frames, context.frames = context.frames, []
    level = paragraph.get(_n("text:outline-level")) or "1"
    bullet = BULLET.match(text)
    if text and paragraph.tag == _n("text:h"):
        yield RawBlock("heading", text, level=int(level) if level.isdecimal() else 1)
    elif text and style in context.titles:
        yield RawBlock("heading", text, level=1)
    elif text:
        yield RawBlock("list_item" if listed or bullet else "paragraph", text[bullet.end() :] if bullet else text)
    yield from notes
    for frame in frames:
        yield from _frame_blocks(frame, context)


def _frame_blocks(frame: etree._Element, context: _Context) -> Iterator[RawBlock]:
    for box in frame.iterchildren(_n("draw:text-box")):
        yield from _blocks(box, context, listed=False)


def _text(paragraph: etree._Element, context: _Context) -> str:
    """The text of a paragraph. Its footnotes and frames are put down in the context, to follow it."""
    parts: list[str] = []
    # (element, whether its digits are raised), or the text that follows an element
    stack: list[tuple[etree._Element, bool] | tuple[str, bool]] = [(paragraph, False)]
    while stack:
        node, high = stack.pop()
        if isinstance(node, str):
            parts.append(raised(node) if high else node)
            continue
        if isinstance(node.tag, str) and node.tag not in _SKIPPED:
            style = node.get(_n("text:style-name")) or ""
            if node.tag == _n("text:s"):
                stated = node.get(_n("text:c")) or "1"
                parts.append(" " * (min(int(stated), _MAX_SPACES) if stated.isdecimal() else 1))
            elif node.tag in (_n("text:tab"), _n("text:line-break")):
                parts.append(" ")
            elif node.tag == _n("text:note"):
                parts.append(_note(node, context))
            elif node.tag == _n("draw:frame"):
                context.frames.append(node)
            elif style not in context.hidden:
                inside = high or (node.tag == _n("text:span") and style in context.raised)
                for child in reversed(node):
                    if child.tail:
                        stack.append((child.tail, inside))
                    stack.append((child, inside))
                if node.text:
                    parts.append(raised(node.text) if inside else node.text)
    return " ".join("".join(parts).split())


def _note(note: etree._Element, context: _Context) -> str:
    """The mark of a footnote or endnote; the note itself is put down in the context."""
    citation, body = note.find(_n("text:note-citation")), note.find(_n("text:note-body"))
    mark = raised("".join(citation.itertext()).strip()) if citation is not None else ""
    within = _Context(context.raised, context.hidden)
    text = " ".join(_text(p, within) for p in body.iter(_n("text:p"))) if body is not None else ""
    if text:
        context.notes.append(RawBlock("footnote", f"{mark} {text}".strip()))
    return mark


def _table_blocks(table: etree._Element, context: _Context) -> Iterator[RawBlock]:
    """The rows of a table; a table of one column only frames its text, which is read as the body is."""
    rows = list(_rows(table, heads=False))
    if all(len(row.findall(_n("table:table-cell"))) < 2 for row, _ in rows):
        for row, _ in rows:
            for cell in row.iterchildren(_n("table:table-cell")):
                yield from _blocks(cell, context, listed=False)
        return
    number, context.tables = context.tables, context.tables + 1
    for row, heads in rows:
        cells = _cells(row, context)
        for _ in range(_repeated(row, "table:number-rows-repeated") if any(cell.text for cell in cells) else 0):
            yield RawBlock("table_row", "", table=number, cells=cells, header_row=heads)
    notes, context.notes, context.frames = context.notes, [], []
    yield from notes


def _rows(parent: etree._Element, *, heads: bool) -> Iterator[tuple[etree._Element, bool]]:
    for child in parent.iterchildren():
        if child.tag == _n("table:table-row"):
            if child.get(_n("table:visibility")) not in ("collapse", "filter"):
                yield child, heads
        elif child.tag in (_n("table:table-header-rows"), _n("table:table-rows"), _n("table:table-row-group")):
            yield from _rows(child, heads=heads or child.tag == _n("table:table-header-rows"))


def _cells(row: etree._Element, context: _Context) -> tuple[RawCell, ...]:
    """The cells of a row; one that a cell above reaches down into is empty."""
    cells: list[RawCell] = []
    covered = 0  # columns still under the cell to the left
    for node in row.iterchildren(_n("table:table-cell"), _n("table:covered-table-cell")):
        repeated = _repeated(node, "table:number-columns-repeated")
        if node.tag == _n("table:covered-table-cell"):
            beside = min(covered, repeated)
            covered -= beside
            cells.extend([RawCell("")] * (repeated - beside))
            continue
        columns = _repeated(node, "table:number-columns-spanned")
        text = " ".join(_text(paragraph, context) for paragraph in _CELL_TEXT(node))
        cells.extend([RawCell(" ".join(text.split()), columns)] * repeated)
        covered = columns - 1
    while len(cells) > 1 and not cells[-1].text and cells[-1].columns == 1:
        cells.pop()
    return tuple(cells)


def _repeated(node: etree._Element, name: str) -> int:
    stated = node.get(_n(name)) or "1"
    return min(max(int(stated), 1), _MAX_REPEATED) if stated.isdecimal() else 1

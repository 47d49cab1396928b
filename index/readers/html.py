"""HTML → blocks: headings, paragraphs, list items and tables. Scripts, hidden parts and the furniture of a site
(menus, banners, page head and foot) are left out, and nothing that the page names is fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..records import BlockKind, RawBlock, RawCell, RawReport
from ..reflow import raised
from . import Limits, NotReadable
from .encodings import decode_declared

_DROPPED_TAGS = frozenset(
    "head script style noscript template nav svg math iframe object embed canvas audio video map button select "
    "input textarea option dialog".split()
)
_DROPPED_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar tablist".split())
_HIDDEN_CLASS = re.compile(r"(?:^|[\s-])(?:visually-hidden|sr-only|screen-reader-text|skip-link|cookie-banner)(?=\s|$)")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot th thead "
    "tr ul".split()
)
_SKIP_LINK = re.compile(r"\s*(?:skip|jump) to\b", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_DATE_NAMES = frozenset(
    "date dc.date dcterms.date dcterms.issued dcterms.created article:published_time datepublished publication_date "
    "citation_publication_date".split()
)
_MAX_SPAN = 100
_MAX_CLIMB = 40  # elements around a text among which its kind is looked for


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a page, its `<title>` and the publication date of its `<meta>` elements."""
    stated = _CHARSET.search(data[:4096])
    source = decode_declared(data, stated[1].decode("ascii") if stated else None)
    if len(source) > limits.characters:
        raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
    tree = LexborHTMLParser(source)
    title = tree.css_first("head title")
    date = None
    for meta in tree.css("meta"):
        name = meta.attributes.get("name") or meta.attributes.get("property") or meta.attributes.get("itemprop") or ""
        if name.lower() in _DATE_NAMES and meta.attributes.get("content"):
            date = date or meta.attributes["content"]
    return RawReport(
        blocks=_tree_blocks(tree),
        title_hint=" ".join(title.text().split()) or None if title is not None else None,
        date_hint=date,
    )


def html_blocks(source: str) -> tuple[RawBlock, ...]:
    """The blocks of a piece of HTML."""
    return _tree_blocks(LexborHTMLParser(source))


@dataclass(slots=True)
class _Page:
    """What the walk has so far: finished blocks, and the text of the block that is open."""

    blocks: list[RawBlock] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    tables: int = 0

    def flush(self, kind: BlockKind, level: int) -> None:
        text = " ".join("".join(self.text).split())
        self.text.clear()
        if text:
            self.blocks.append(RawBlock(kind, text, level=level))


def _tree_blocks(tree: LexborHTMLParser) -> tuple[RawBlock, ...]:
    page = _Page()
    if tree.body is not None:
        for node, opens in _walk(tree.body):
            _visit(page, node, opens)
        page.flush("paragraph", 0)
    return tuple(page.blocks)


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each kept node when it opens and when it closes. A stack, since pages nest deeper than Python's calls may."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, opens = stack.pop()
        if opens and _is_dropped(node):
            continue
        yield node, opens
        if opens and not _is_text(node) and not (node.tag == "table" and _is_data_table(node)):
            stack.append((node, False))
            children = []
            child = node.child
            while child is not None:
                children.append((child, True))
                child = child.next
            stack.extend(reversed(children))


def _visit(page: _Page, node: LexborNode, opens: bool) -> None:
    if _is_text(node):
        text = node.text_content or ""
        page.text.append(raised(text) if node.parent is not None and node.parent.tag == "sup" else text)
    elif node.tag == "br":
        page.text.append(" ")
    elif node.tag in _BLOCK_TAGS:
        if any(not part.isspace() for part in page.text):
            page.flush(*_kind_of(node.parent if opens else node))
        page.text.clear()
        if node.tag == "table" and opens and _is_data_table(node):
            page.blocks.extend(_table_rows(node, page.tables))
            page.tables += 1


def _kind_of(node: LexborNode | None) -> tuple[BlockKind, int]:
    """The kind and heading level of text directly in this element, by the nearest element that says."""
    for _ in range(_MAX_CLIMB):
        tag = node.tag or "" if node is not None else "body"
        if re.fullmatch("h[1-6]", tag):
            return "heading", int(tag[1])
        if tag == "li":
            return "list_item", 0
        if node is None or tag in ("td", "th", "body"):
            break
        node = node.parent
    return "paragraph", 0


def _is_text(node: LexborNode) -> bool:
    return node.tag == "-text"


def _is_dropped(node: LexborNode) -> bool:
    tag = node.tag or ""
    if _is_text(node):
        return False
    if tag.startswith("-") or tag in _DROPPED_TAGS:
        return True
    attributes = node.attributes
    if "hidden" in attributes or (attributes.get("aria-hidden") or "").lower() == "true":
        return True
    if (attributes.get("role") or "").lower() in _DROPPED_ROLES or _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    if _HIDDEN_CLASS.search(attributes.get("class") or ""):
        return True
    if tag == "a" and (attributes.get("href") or "").startswith("#") and _SKIP_LINK.match(node.text()):
        return True
    return tag in ("header", "footer") and not _is_inside(node, ("article", "main"))


def _is_inside(node: LexborNode, tags: tuple[str, ...]) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in tags:
            return True
        above = above.parent
    return False


def _is_data_table(table: LexborNode) -> bool:
    """Whether a table holds data: tables that only lay out a page hold others, or have a single column."""
    if (table.attributes.get("role") or "") in ("presentation", "none") or len(table.css("table")) > 1:
        return False
    return any(len(row.css("td, th")) > 1 for row in table.css("tr"))


def _table_rows(table: LexborNode, number: int) -> Iterator[RawBlock]:
    """The rows of a table. A cell that spans rows has its text in the first and is empty in the others."""
    caption = table.css_first("caption")
    if caption is not None and (text := _cell_text(caption)):
        yield RawBlock("paragraph", text)
    spans: dict[int, tuple[int, int]] = {}  # column: (rows still to cover, columns covered) of cells from above
    for row in table.css("tr"):
        if _is_dropped(row):
            continue
        cells: list[RawCell] = []
        column = 0
        below: dict[int, tuple[int, int]] = {}
        own = row.css("td, th")
        for node in own:
            column = _fill(cells, column, spans, below)
            columns, rows = _span(node, "colspan"), _span(node, "rowspan")
            cells.append(RawCell("" if _is_dropped(node) else _cell_text(node), columns))
            if rows > 1:
                below[column] = (rows - 1, columns)
            column += columns
        _fill(cells, column, spans, below)
        spans = below
        heads = all(node.tag == "th" for node in own) or _is_inside(row, ("thead",))
        if own:
            yield RawBlock("table_row", "", table=number, cells=tuple(cells), header_row=heads)


def _fill(
    cells: list[RawCell], column: int, spans: dict[int, tuple[int, int]], below: dict[int, tuple[int, int]]
) -> int:
    """Add an empty cell for each cell from above that reaches into this row at `column`; returns the next column."""
    while column in spans:
        rows, columns = spans.pop(column)
        cells.append(RawCell("", columns))
        if rows > 1:
            below[column] = (rows - 1, columns)
        column += columns
    return column


def _span(node: LexborNode, name: str) -> int:
    stated = node.attributes.get(name) or "1"
    return min(max(int(stated), 1), _MAX_SPAN) if stated.isdecimal() else 1


def _cell_text(node: LexborNode) -> str:
    page = _Page()
    for inner, _ in _walk(node):
        if _is_text(inner):
            text = inner.text_content or ""
            page.text.append(raised(text) if inner.parent is not None and inner.parent.tag == "sup" else text)
        elif inner.tag in _BLOCK_TAGS or inner.tag == "br":
            page.text.append(" ")
    return " ".join("".join(page.text).split())

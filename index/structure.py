"""Structure: from canonical text and its blocks to sections, tables, lists and identity."""

import re

from .identify import identify
from .records import Block, ItemList, LoadedReport, Section, StructuredReport, Table
from .sections import contents_blocks, find_sections
from .table_heads import has_quantity
from .tables import find_tables

# Headings whose text is a list of things to do, whether or not its items have bullets.
_TO_DO = re.compile(
    r"(?:[\d.]+\s+)?(?:(?:key|our|main)\s+)?(?:recommendations?|areas?\s+(?:for|of)\s+(?:improvement|priority\s+action|concern"
    r"|development)|causes?\s+of\s+concern|what\s+needs\s+to\s+improve|priority\s+actions?|next\s+actions?)\W*",
    re.IGNORECASE,
)


def structure(loaded: LoadedReport) -> StructuredReport:
    """The sections, tables, lists and identity of a loaded report."""
    sections = find_sections(loaded)
    tables = find_tables(loaded)
    return StructuredReport(loaded, sections, tables, find_lists(loaded, sections, tables), identify(loaded, sections))


def find_lists(
    loaded: LoadedReport, sections: tuple[Section, ...] = (), tables: tuple[Table, ...] = ()
) -> tuple[ItemList, ...]:
    """The lists of a report in text order; contents pages are none. Paragraphs and table rows under a heading such
    as "Areas for improvement" are the items of a list too."""
    contents = contents_blocks(loaded.text, loaded.blocks)
    lists: list[ItemList] = []
    run: list[Block] = []
    for i, block in enumerate([*loaded.blocks, None]):
        if block is not None and block.kind == "list_item" and i not in contents:
            run.append(block)
        elif run:
            lists.append(ItemList(tuple((b.start, b.end) for b in run)))
            run = []
    for section in sections:
        if section.kind == "body" and section.path and _TO_DO.fullmatch(section.path[-1]):
            items = _to_do(loaded, section, tables)
            if len(items) > 1:
                lists.append(ItemList(items))
    return tuple(sorted(lists, key=lambda found: found.items[0]))


def _to_do(loaded: LoadedReport, section: Section, tables: tuple[Table, ...]) -> tuple[tuple[int, int], ...]:
    """The items under a heading that has none with bullets: the last cell of each row of words, else its
    paragraphs; those that introduce them by a colon are no items."""
    blocks = [b for b in loaded.blocks if section.body_start <= b.start < section.end]
    if any(b.kind == "list_item" for b in blocks):
        return ()
    rows = [row for table in tables if section.start <= table.start < section.end for row in table.rows]
    if rows:
        figured = any(has_quantity(loaded.text, b) for b in blocks if b.kind == "table_row")
        return () if figured else tuple((row.cells[-1].start, row.cells[-1].end) for row in rows if row.cells)
    paragraphs = [b for b in blocks if b.kind == "paragraph"]
    return tuple((b.start, b.end) for b in paragraphs if not loaded.text[b.start : b.end].endswith(":"))

"""Structure: from canonical text and its blocks to sections, tables, lists and identity."""

from .identify import identify
from .records import Block, ItemList, LoadedReport, StructuredReport
from .sections import contents_blocks, find_sections
from .tables import find_tables


def structure(loaded: LoadedReport) -> StructuredReport:
    """The sections, tables, lists and identity of a loaded report."""
    sections = find_sections(loaded)
    return StructuredReport(loaded, sections, find_tables(loaded), find_lists(loaded), identify(loaded, sections))


def find_lists(loaded: LoadedReport) -> tuple[ItemList, ...]:
    """The lists of a report in text order; contents pages are none."""
    contents = contents_blocks(loaded.text, loaded.blocks)
    lists: list[ItemList] = []
    run: list[Block] = []
    for i, block in enumerate([*loaded.blocks, None]):
        if block is not None and block.kind == "list_item" and i not in contents:
            run.append(block)
        elif run:
            lists.append(ItemList(tuple((b.start, b.end) for b in run)))
            run = []
    return tuple(lists)

"""CSV files → blocks: the encoding and the separator are told from the content. What stands alone in its row above
or below the rows of the table, such as a title or a source, is a line of text."""

import csv
import io
from collections import Counter
from dataclasses import replace

from ..records import RawBlock, RawReport
from ..reflow import is_figure
from . import Limits, NotReadable
from .encodings import decode
from .grids import Grid, grid_blocks

_SEPARATORS = "\t;|,"  # the comma last: it also stands inside figures
_SAMPLE = 200  # rows from which the separator is told
_YEARS = range(1900, 2100)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a CSV or tab-separated file."""
    text = decode(data)
    if len(text) > limits.characters:
        raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
    csv.field_size_limit(limits.characters)
    text = text.replace("\0", "")
    separator = text[4] if text[:4].lower() == "sep=" and len(text) > 4 else None
    if separator is not None:
        text = text.partition("\n")[2]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text)))
    grid: Grid = [
        {column: (shown, 1) for column, cell in enumerate(row, start=1) if (shown := " ".join(cell.split()))}
        for row in rows
    ]
    return RawReport(blocks=_with_header(list(grid_blocks(grid, 0))))


def _separator(text: str) -> str:
    """The character that cuts most rows into equally many cells, more than one."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE])
    best, most = ",", 0.0
    for candidate in _SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=candidate) if row)
        alike = max((count for width, count in widths.items() if width > 1), default=0)
        if alike > most:
            best, most = candidate, alike
    return best


def _with_header(blocks: list[RawBlock]) -> tuple[RawBlock, ...]:
    """The blocks with the first row of each table marked as column headings, unless it holds figures."""
    tables: set[int] = set()
    marked: list[RawBlock] = []
    for block in blocks:
        first = block.table >= 0 and block.table not in tables
        tables.add(block.table)
        heads = first and not any(is_figure(cell.text) and not _is_year(cell.text) for cell in block.cells)
        marked.append(replace(block, header_row=True) if heads else block)
    return tuple(marked)


def _is_year(text: str) -> bool:
    return text.isdecimal() and int(text) in _YEARS

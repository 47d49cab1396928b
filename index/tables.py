"""Read tables so that every cell knows its row heading, its column headings, its unit and its scale.

Two layouts count as tables: rows of cells, and the label-and-value lines of a key-figures page, where a measure is
followed by pairs of "whose" and "how much" on lines of their own.
"""

import re

from .numbers import NumberSpan, find_numbers
from .records import Block, Cell, LoadedReport, Table, TableRow
from .sections import contents_blocks

_SCALE = re.compile(
    r"\b(?:in|amounts in|expressed in|\$|£|€|us\$)?\s*(thousand|million|billion)s?\b"
    r"|[£$€]\s?(m|bn|k|000s?|'000s?|’000s?)(?![\w])|\b(000s)\b|['’]000",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"US\$|[£$€]")
_CURRENCY_NAMES = {"£": "GBP", "$": "USD", "US$": "USD", "€": "EUR"}
_CAPTION = re.compile(
    r"^(?:table|figure|fig\.?|exhibit|chart)\s*\w*|\b(?:following|this|below)\b.*\btable\b"
    r"|\btable\b.*\b(?:below|following|shows|sets out)\b",
    re.IGNORECASE,
)
# The caption of a figure or table, or its source line.
CAPTION = re.compile(r"(?:figure|fig\.|table|chart|source|exhibit)\s*\w{0,4}\s*:", re.IGNORECASE)


def find_tables(loaded: LoadedReport) -> tuple[Table, ...]:
    """The tables of a report, in text order."""
    text, blocks = loaded.text, loaded.blocks
    contents = contents_blocks(text, blocks)
    tables: list[Table] = []
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and blocks[end].kind == "table_row" and blocks[end].table == blocks[start].table:
            end += 1
        if end == start:
            start += 1
            continue
        if start not in contents:
            table = _read_table(text, blocks, start, end)
            if table is not None:
                tables.append(table)
        start = end
    tables.extend(_key_figures(text, blocks, contents))
    return tuple(sorted(tables, key=lambda table: table.start))


def cell_quantity(text: str) -> NumberSpan | None:
    """The one quantity that a cell consists of, None for words, for years, and for cells with several numbers."""
    numbers = [n for n in find_numbers(text, cell=True) if n.kind in ("quantity", "tolerance")]
    if len(numbers) != 1:
        return None
    rest = text[: numbers[0].start] + text[numbers[0].end :]
    return numbers[0] if len(re.findall(r"[A-Za-z]", rest)) <= 12 else None


def _read_table(text: str, blocks: tuple[Block, ...], start: int, end: int) -> Table | None:
    rows = blocks[start:end]
    heads = 0
    while heads < len(rows) and (rows[heads].header_row or not _has_quantity(text, rows[heads])):
        if not rows[heads].header_row and heads and _only_first(text, rows[heads]):
            break
        heads += 1
    if heads == len(rows):
        heads = min(1, len(rows) - 1)
    width = max((cell.column + cell.columns for row in rows for cell in row.cells), default=0)
    headings = _column_headings(text, rows[:heads], width)
    caption = _caption(text, blocks, start)
    context = " ".join([caption, *(text[row.start : row.end] for row in rows[:heads])])
    if start > 0:
        context = text[blocks[start - 1].start : blocks[start - 1].end][-300:] + " " + context
    scale, unit = scale_and_unit(context)
    body: list[TableRow] = []
    group = ""
    for row in rows[heads:]:
        if _only_first(text, row):
            group = text[row.start : row.end].strip(" |:")
            continue
        body.append(_row(text, row, headings, group))
    if not body:
        return None
    return Table(rows[0].start, rows[-1].end, caption, scale, unit, tuple(body))


def scale_and_unit(context: str) -> tuple[str | None, str | None]:
    """The scale and the currency that a caption, note or heading states for a whole table."""
    match = _SCALE.search(context)
    scale = None
    if match is not None:
        word = (match[1] or match[2] or "000").lower()
        scale = {"m": "million", "bn": "billion", "k": "thousand"}.get(word, word if word[0] in "tmb" else "thousand")
    currency = _CURRENCY.search(context)
    return scale, _CURRENCY_NAMES.get(currency.group().upper()) if currency is not None else None


def _has_quantity(text: str, row: Block) -> bool:
    return any(
        cell_quantity(text[c.start : c.end]) is not None and not _bare_label(text[c.start : c.end])
        for c in row.cells
        if c.column > 0 or len(row.cells) == 1
    )


def _bare_label(cell: str) -> bool:
    words = re.sub(r"\b(?:million|thousand|billion|percent|per cent)\b", "", cell)
    return re.search(r"[A-Za-z]{3,}", words) is not None


def _only_first(text: str, row: Block) -> bool:
    filled = [c for c in row.cells if text[c.start : c.end].strip()]
    return len(filled) == 1 and filled[0].column == 0 and len(row.cells) > 1


def _column_headings(text: str, heads: tuple[Block, ...], width: int) -> list[tuple[str, ...]]:
    """For each column its headings, outer first. An empty cell under a spanning heading takes that heading."""
    grid: list[list[str]] = []
    for row in heads:
        line = [""] * width
        for cell in row.cells:
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                line[column] = text[cell.start : cell.end].strip()
        grid.append(line)
    for level, line in enumerate(grid[:-1]):
        below = grid[level + 1]
        for column in range(2, width):
            if not line[column] and below[column] and line[column - 1] and below[column - 1]:
                line[column] = line[column - 1]
    return [tuple(dict.fromkeys(line[column] for line in grid if line[column])) for column in range(width)]


def _row(text: str, row: Block, headings: list[tuple[str, ...]], group: str) -> TableRow:
    cells = list(row.cells)
    heading = ""
    if cells and cells[0].column == 0 and _is_heading_cell(text[cells[0].start : cells[0].end]):
        heading = text[cells[0].start : cells[0].end].strip(" :")
        cells = cells[1:]
    filled = [c for c in cells if text[c.start : c.end].strip()]
    if group:
        heading = f"{group}: {heading}" if heading else group
    columns = tuple(headings[c.column] if c.column < len(headings) else () for c in filled)
    return TableRow(row.start, row.end, heading, tuple(filled), columns)


def _is_heading_cell(cell: str) -> bool:
    return bool(cell.strip()) and (cell_quantity(cell) is None or _bare_label(cell))


def _caption(text: str, blocks: tuple[Block, ...], start: int) -> str:
    """The line that introduces a table: within the three blocks before it, nearest first."""
    for block in reversed(blocks[max(0, start - 3) : start]):
        line = text[block.start : block.end].strip()
        if block.kind != "table_row" and len(line) <= 300 and _CAPTION.search(line):
            return line
    if start > 0 and blocks[start - 1].kind in ("heading", "paragraph"):
        line = text[blocks[start - 1].start : blocks[start - 1].end].strip()
        if len(line) <= 120:
            return line
    return ""


def _key_figures(text: str, blocks: tuple[Block, ...], contents: frozenset[int]) -> list[Table]:
    """Tables made of label and value lines. A value whose label cannot be told (two values in a row) is left out."""
    lines = [
        (block, text[block.start : block.end].strip())
        for i, block in enumerate(blocks)
        if block.kind == "paragraph" and i not in contents
    ]
    tables: list[Table] = []
    i = 0
    while i + 2 < len(lines):
        pairs: list[tuple[Block, Block]] = []
        j = i + 1
        while j + 1 < len(lines) and _is_label(lines[j][1]) and _is_value(lines[j + 1][1]):
            pairs.append((lines[j][0], lines[j + 1][0]))
            j += 2
        ambiguous = j < len(lines) and _is_value(lines[j][1])
        if len(pairs) >= 2 and _is_label(lines[i][1]) and not ambiguous:
            measure, block = lines[i][1], lines[i][0]
            cells = tuple(Cell(value.start, value.end, n) for n, (_, value) in enumerate(pairs))
            whose = tuple((text[label.start : label.end].strip(),) for label, _ in pairs)
            row = TableRow(block.start, pairs[-1][1].end, measure, cells, whose)
            tables.append(Table(block.start, pairs[-1][1].end, "", None, None, (row,)))
            i = j
        else:
            i += 1
    return tables


def _is_label(line: str) -> bool:
    return 2 < len(line) <= 140 and line[-1] not in ".;:?" and not _is_value(line)


def _is_value(line: str) -> bool:
    number = cell_quantity(line)
    return number is not None and len(line) <= 24 and re.search(r"[A-Za-z]{4,}", line.replace(number.text, "")) is None

"""Read tables so that every cell knows its row heading, its column headings, its unit and its scale.

Two layouts count as tables: rows of cells, and the label-and-value lines of a key-figures page, where a measure is
followed by pairs of "whose" and "how much" on lines of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .footnotes import without_marks
from .periods import find_periods, is_time, years_in
from .records import Block, Cell, LoadedReport, Table, TableRow
from .reflow import is_open, join_text
from .scales import currency_of, declared_in_prose, scale_of
from .sections import contents_blocks, has_sentence
from .split import page_at
from .table_heads import Heads, cell_quantity, group_of, has_quantity, is_label, read_heads
from .table_sums import name_totals
from .terms import terms

_CAPTION = re.compile(
    r"^(?:table|figure|fig\.?|exhibit|chart)\s*\w*|\b(?:following|this|below)\b.*\btable\b"
    r"|\btable\b.*\b(?:below|following|shows|sets out)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\(|notes?\b|all\b|amounts\b|figures\b|in\b|\*", re.IGNORECASE)
_NUMBERED_NOTE = re.compile(r"\(?\d{1,2}\)?\s")
_NOTES_BEFORE, _NOTES_AFTER = 3, 8  # blocks around a table in which the marks in its headings may be explained
_UNIT = re.compile(r"%|[£$€]\s*(?:m\b|bn\b|million\b|[’']000s?\b)?")  # beside a year that heads a column
_FISCAL = re.compile(r"\b(?:FY|fiscal|ended|ending)", re.IGNORECASE)
_LONGEST_HEAD = 60  # characters of a line that heads the text below it
_LOOK_BACK = 12  # blocks before a table in which its scale may be declared
# The caption of a figure or table, or its source line.
CAPTION = re.compile(r"(?:figure|fig\.|table|chart|source|exhibit)\s*\w{0,4}\s*:", re.IGNORECASE)


def find_tables(loaded: LoadedReport) -> tuple[Table, ...]:
    """The tables of a report, in text order. One that goes on over a page end is one table."""
    text, blocks = loaded.text, loaded.blocks
    contents = contents_blocks(text, blocks)
    tables: list[Table] = []
    start = 0
    while start < len(blocks):
        end = _end_of(blocks, start)
        if end == start:
            start += 1
            continue
        while end < len(blocks) and _goes_on(loaded, blocks[start:end], blocks[end : _end_of(blocks, end)]):
            end = _end_of(blocks, end)
        if start not in contents:
            table = _read_table(loaded, start, end)
            if table is not None:
                tables.append(table)
        start = end
    tables.extend(_key_figures(text, blocks, contents))
    return tuple(sorted(tables, key=lambda table: table.start))


def _end_of(blocks: tuple[Block, ...], start: int) -> int:
    """Where the run of rows that begins at `start` ends; `start` itself where there is no row."""
    end = start
    while end < len(blocks) and blocks[end].kind == "table_row" and blocks[end].table == blocks[start].table:
        end += 1
    return end


def _goes_on(loaded: LoadedReport, rows: tuple[Block, ...], more: tuple[Block, ...]) -> bool:
    """Whether `more` are further rows of the same table on the next page: as many columns, and figures right away,
    or the headings once more, or the rest of a row whose heading is on the page before, or no figures in either."""
    if not more:
        return False
    text = loaded.text
    (before, _), (after, _) = page_at(loaded.page_runs, rows[-1].start), page_at(loaded.page_runs, more[0].start)
    if before is None or after != before + 1 or _width(text, rows) != _width(text, more):
        return False
    first, again = (text[row.start : row.end] for row in (rows[0], more[0]))
    if first == again or has_quantity(text, more[0]) or _is_rest(text, more[0]):
        return True
    return not any(has_quantity(text, row) for row in (*rows, *more))


def _is_rest(text: str, row: Block) -> bool:
    """Whether a row has no heading of its own: it goes on with the row before the page end."""
    return len(row.cells) > 1 and not text[row.cells[0].start : row.cells[0].end].strip()


def _width(text: str, rows: tuple[Block, ...]) -> int:
    """The columns in which text begins: empty ones at the right, and what cells span, differ from page to page."""
    filled = (cell for row in rows for cell in row.cells if text[cell.start : cell.end].strip())
    return max((cell.column + 1 for cell in filled), default=0)


def _read_table(loaded: LoadedReport, start: int, end: int) -> Table | None:
    text, blocks = loaded.text, loaded.blocks
    rows = blocks[start:end]
    heads = read_heads(text, rows)
    heading_rows = [text[row.start : row.end] for row in rows[: heads.rows]]
    caption = _caption(text, blocks, start, heads.title)
    declared = " ".join([*heading_rows, caption])
    body = without_marks(name_totals(text, _parts(text, rows, heads)), _notes(text, blocks, start, end))
    if not body:
        return None
    around = _declared_around(text, blocks, start, end)
    scale = scale_of(declared) or scale_of(around)
    unit = currency_of(declared) or _currency_of_first(text, body) or currency_of(around)
    return Table(rows[0].start, rows[-1].end, caption, scale, unit, tuple(body))


def _notes(text: str, blocks: tuple[Block, ...], start: int, end: int) -> list[str]:
    """The text after a table, before it, and in its rows of one cell: where its footnotes may be."""
    after = [text[block.start : block.end] for block in blocks[end : end + _NOTES_AFTER] if block.kind != "table_row"]
    before = [text[block.start : block.end] for block in blocks[max(0, start - _NOTES_BEFORE) : start]]
    return [*after, *before, *(name for row in blocks[start:end] if (name := group_of(text, row)) is not None)]


def _parts(text: str, rows: tuple[Block, ...], heads: Heads) -> list[TableRow]:
    """The rows of a table but for its heading rows. Where heading rows come once more under another one ("Fiscal 2018"
    over the same quarters), or a row of new headings, what is below has these headings and not the first ones; what
    stands before new headings in their row is the group of what is below."""
    body: list[TableRow] = []
    group = ""
    while (opened := _next_heads(text, rows, heads)) is not None:
        at, over = opened
        body += _body(text, rows[:at], heads, group)
        rows, group = rows[at:], over
        heads = read_heads(text, rows)
    return body + _body(text, rows, heads, group)


def _next_heads(text: str, rows: tuple[Block, ...], heads: Heads) -> tuple[int, str] | None:
    """The number of the row below the heading rows in which others begin, and the group that it opens, "" for none."""
    again = {text[row.start : row.end] for row in rows[: heads.rows]}
    for at in range(heads.rows + 1, len(rows) - 1):
        if text[rows[at].start : rows[at].end] in again:
            continue
        if text[rows[at + 1].start : rows[at + 1].end] in again and heads.rows > 1 and not has_quantity(text, rows[at]):
            return at, ""
        if _is_new_head(text, rows, at, heads):
            first = rows[at].cells[0]
            return at, text[first.start : first.end].strip(" :") if first.column == 0 else ""
    return None


def _is_new_head(text: str, rows: tuple[Block, ...], at: int, heads: Heads) -> bool:
    """Whether a row below the first ones has nothing but times in its cells, as headings of the rows below it have.

    In a row with a name they must be times of the headings above: years may also be what a row states.
    """
    row = rows[at]
    printed = [text[c.start : c.end].strip() for c in row.cells if c.column > 0 and text[c.start : c.end].strip()]
    if len(printed) < 2 or has_quantity(text, row) or not has_quantity(text, rows[at + 1]):
        return False
    if not all(is_time(_UNIT.sub(" ", cell)) for cell in printed):
        return False
    if not _is_rest(text, row):
        above = {heading for column in heads.columns for heading in column}
        said = all(_UNIT.search(cell) or _FISCAL.search(cell) for cell in printed)
        years = {year for heading in above for year in years_in(heading)}
        return (said or above.issuperset(printed)) and years.issuperset(y for cell in printed for y in years_in(cell))
    above = {heading for column in heads.columns for heading in column if heading.strip()}
    times = all(is_time(_UNIT.sub(" ", heading)) for heading in above)  # else the names of columns would be lost
    return times and len({years_in(cell) for cell in printed}) > 1


def _body(text: str, rows: tuple[Block, ...], heads: Heads, group: str) -> list[TableRow]:
    """The rows of a table but for its heading rows, with their headings; `group` is what all stand under. A row that a
    page end cuts in two stays two, since each half has its page, under the heading that both make."""
    heading_rows = [text[row.start : row.end] for row in rows[: heads.rows]]
    starts = {row.start for above, row in pairwise(rows) if row.table != above.table}  # of pages after the first
    body: list[TableRow] = []
    over = [group] if group else []
    groups: list[str] = []  # since the last time over groups
    labels: set[str] = set()  # of the rows in them
    used = False  # whether rows stand right under the last of them
    for row in rows[heads.rows :]:
        name = group_of(text, row)
        if name is not None:
            over = [*_still_over(over, name, used), name]
            groups, labels = ([], set()) if is_time(name) else ([*groups, name], labels)
            used = False
        elif text[row.start : row.end] not in heading_rows:
            used = True
            found = _row(text, row, heads.columns, ": ".join(over))
            label = _row(text, row, heads.columns, "").heading
            if label not in labels and _sums_up(groups, label):
                found = _row(text, row, heads.columns, ": ".join(name for name in over if is_time(name)) or group)
            labels.add(label)
            if body and row.start in starts and _is_rest(text, row):
                found = replace(found, heading=body[-1].heading)
            elif body and row.start in starts and _is_second_half(text, body[-1], found):
                found = replace(found, heading=join_text(body[-1].heading, found.heading))
                body[-1] = replace(body[-1], heading=found.heading)
            body.append(found)
    return body


def _sums_up(groups: Sequence[str], heading: str) -> bool:
    """Whether a row is of all the groups above it: its heading says what two of them have in common ("Income tax" below
    "Current income tax" and "Deferred income tax")."""
    said = frozenset(terms(heading)) - frozenset(terms("total"))
    words = [frozenset(term for term in terms(name) if not term[0].isdigit()) for name in dict.fromkeys(groups)]
    return bool(said) and sum(said < word for word in words) > 1


def _still_over(over: list[str], name: str, used: bool) -> list[str]:
    """Which of the groups that a row stands in go on when `name` opens another one: a time stays over groups until the
    next time, and a group over times until the next group, if no row of it came before the first time."""
    time = is_time(name)
    for place, other in enumerate(over):
        if is_time(other) == time:
            return over[:place]
    return [] if time and used else over


def _is_second_half(text: str, before: TableRow, row: TableRow) -> bool:
    """Whether the words of a cell stop in the middle of a sentence that the cell below goes on with."""
    below = {cell.column: text[cell.start : cell.end] for cell in row.cells}
    return any(
        is_open(text[cell.start : cell.end]) and below.get(cell.column, "")[:1].islower() for cell in before.cells
    )


def _declared_around(text: str, blocks: tuple[Block, ...], start: int, end: int) -> str:
    """The declaration of a scale in the text before a table, the nearest first, under the same heading; else its note;
    "" where there is none."""
    for block in reversed(blocks[max(0, start - _LOOK_BACK) : start]):
        if block.kind in ("heading", "table_row"):
            break
        declared = declared_in_prose(text[block.start : block.end])
        if declared:
            return declared
    note = text[blocks[end].start : blocks[end].end] if end < len(blocks) and blocks[end].kind != "table_row" else ""
    return note if len(note) <= 200 and _NOTE.match(note) and scale_of(note) is not None else ""


def _currency_of_first(text: str, body: list[TableRow]) -> str | None:
    """The currency of a table's first amounts: reports print the sign there, and again only with the total."""
    return next((found for cell in body[0].cells if (found := currency_of(text[cell.start : cell.end]))), None)


def _row(text: str, row: Block, headings: tuple[tuple[str, ...], ...], group: str) -> TableRow:
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
    return bool(cell.strip()) and (cell_quantity(cell) is None or is_label(cell))


def _caption(text: str, blocks: tuple[Block, ...], start: int, title: str) -> str:
    """The line that introduces a table: within the three blocks before it, nearest first; else its own title, if its
    first row is one, or the short line above it."""
    for block in reversed(blocks[max(0, start - 3) : start]):
        line = text[block.start : block.end].strip()
        if block.kind != "table_row" and len(line) <= 300 and _CAPTION.search(line):
            return line
    if title:
        return title
    if start > 0 and blocks[start - 1].kind in ("heading", "paragraph"):
        line = text[blocks[start - 1].start : blocks[start - 1].end].strip()
        if len(line) <= 120 and not _NUMBERED_NOTE.match(line):
            return line
    return _line_above(text, blocks, start)


def _line_above(text: str, blocks: tuple[Block, ...], start: int) -> str:
    """The nearest line over the text before a table that heads it and is no sentence of it: it names what the table is
    on. One that names a time is left: the table's columns have their own."""
    for block in reversed(blocks[max(0, start - _LOOK_BACK) : start]):
        line = text[block.start : block.end].strip()
        if block.kind in ("heading", "table_row"):
            break
        heads = block.kind == "paragraph" and 3 < len(line) <= _LONGEST_HEAD and line[0].isupper() and " " in line
        if heads and line[-1].isalnum() and not find_periods(line) and not has_sentence(line):
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

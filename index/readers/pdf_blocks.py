"""Printed lines of a PDF → blocks: where a paragraph ends, what is a heading, and rows of figures without rulings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..records import BlockKind, RawBlock, RawCell
from ..reflow import (
    BULLET,
    DASHES,
    LONE_BULLET,
    NUMBERED_ITEM,
    NUMBERED_PARAGRAPH,
    is_figure,
    is_open,
    join_text,
    mark_contents,
    starts_note,
)
from .pdf_furniture import Furniture
from .pdf_lines import HYPHEN_MARKS, PrintedLine
from .pdf_tables import Box

_LARGER = 1.12  # of the body's size: a line at least this large is a heading
_SMALLER = 0.93  # of the body's size: a line no larger than this may be a note
_SAME_SIZE = 0.95  # of a heading's size: what is no smaller is of the same level
_MAX_HEADING = 250  # characters
_MAX_HEADING_LINES = 5
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NOTE_NUMBER = re.compile(r"^\d{1,2}\s+(?:[^\W\d_a-z]|[‘“'\"]|www\.|https?:)")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d{1,3}$|…\s*\d{1,3}$")


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of a ruled table, and the box (left, top, right, bottom) in which they stand on the page."""

    rows: tuple[tuple[RawCell, ...], ...]
    box: Box


PageItem = PrintedLine | TableRows


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the running text of a file is set: its size in points, the distance from line to line as a multiple of
    the size, whether it is bold, the heading sizes from the largest, and the words that occur within lines."""

    size: float
    leading: float
    bold: bool
    heading_sizes: tuple[float, ...]
    words: frozenset[str]


def page_blocks(
    pages: Sequence[Sequence[PageItem]], furniture: Sequence[Furniture], labels: Sequence[str | None]
) -> list[RawBlock]:
    """The blocks of all pages. Sentences that run over a page end are still in two halves."""
    setting = _setting([item for page in pages for item in page if isinstance(item, PrintedLine)])
    blocks: list[RawBlock] = []
    tables = 0
    for number, page in enumerate(pages):
        place = (number + 1, labels[number])
        pending: list[PrintedLine] = []
        for item in [*page, None]:
            if isinstance(item, PrintedLine) and item not in furniture[number].lines:
                pending.append(item)
                continue
            if isinstance(item, PrintedLine):
                blocks.append(RawBlock("furniture", item.text, page=place[0], page_label=place[1]))
                continue
            found, tables = _text_blocks(pending, setting, place, tables)
            blocks.extend(found)
            pending = []
            if item is not None:
                for cells in item.rows:
                    whole = [RawCell(_inner_hyphens(cell.text, setting.words), cell.columns) for cell in cells]
                    blocks.append(_row(whole, place, tables))
                tables += 1
    return mark_contents(blocks)


def _setting(lines: Sequence[PrintedLine]) -> _Setting:
    sizes: Counter[float] = Counter()
    heavy = 0
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
        heavy += len(line.text) if line.bold else 0
    size = max(sizes, key=lambda size: sizes[size]) if sizes else 10.0
    steps: Counter[float] = Counter()
    for above, below in pairwise(lines):
        step = (below.top - above.top) / size
        if 0.6 < step < 2.2 and abs(above.size - size) < 0.5 and abs(below.size - size) < 0.5:
            steps[round(step * 20) / 20] += 1
    larger = _steps({round(line.size * 2) / 2 for line in lines if line.size >= _LARGER * size})
    words = frozenset(
        word.lower() for line in lines for word in _WORD.findall(line.text.rsplit(" ", 1)[0]) if "\ufffe" not in word
    )
    return _Setting(
        size,
        max(steps, key=lambda step: steps[step]) if steps else 1.2,
        heavy > 0.5 * sum(sizes.values()),
        larger,
        words,
    )


def _steps(sizes: set[float]) -> tuple[float, ...]:
    """The sizes from the largest, without those that are hardly smaller than one above them."""
    steps: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not steps or size < _SAME_SIZE * steps[-1]:
            steps.append(size)
    return tuple(steps)


def _row(cells: Sequence[RawCell], place: tuple[int, str | None], table: int, *, header: bool = False) -> RawBlock:
    return RawBlock(
        "table_row", "", page=place[0], page_label=place[1], table=table, cells=tuple(cells), header_row=header
    )


def _text_blocks(
    lines: Sequence[PrintedLine], setting: _Setting, place: tuple[int, str | None], tables: int
) -> tuple[list[RawBlock], int]:
    """The blocks of lines in reading order, and the number of tables so far."""
    blocks: list[RawBlock] = []
    at = 0
    while at < len(lines):
        rows = _spaced_rows(lines, at)
        if rows:
            blocks.extend(_row(tuple(RawCell(text) for text in cells), place, tables) for cells in rows)
            tables += 1
            at += len(rows)
            continue
        end = at + 1
        right = _right_edge(lines, at)
        while (
            end < len(lines) and not _breaks(lines[at:end], lines[end], right, setting) and not _spaced_rows(lines, end)
        ):
            end += 1
        block = _block(lines[at:end], setting, place)
        if not LONE_BULLET.fullmatch(block.text):
            blocks.append(block)
        at = end
    return blocks, tables


def _right_edge(lines: Sequence[PrintedLine], at: int) -> float:
    """How far to the right the lines of this column reach, seen from the line at `at`."""
    first = lines[at]
    near = [line for line in lines[max(0, at - 20) : at + 20] if line.left < first.right and line.right > first.left]
    return max(line.right for line in near if abs(line.left - first.left) < 60)


def _breaks(paragraph: Sequence[PrintedLine], below: PrintedLine, right: float, setting: _Setting) -> bool:
    """Whether `below` begins a new paragraph after the lines of `paragraph`."""
    above = paragraph[-1]
    if abs(below.size - above.size) > 0.08 * above.size:
        return True
    goes_on = is_open(above.text) and below.text[:1].islower()
    if (below.opens or below.bold != above.bold) and not goes_on:
        return True
    step = below.top - above.top
    if step > 1.28 * setting.leading * above.size:
        return True
    if len(above.pieces) > 2 and len(below.pieces) > 2:
        return True
    if step < 0:
        return not (is_open(above.text) and (below.text[:1].islower() or above.right > right - 2 * above.size))
    if BULLET.match(below.text) and (below.text[0] not in DASHES or not is_open(above.text)):
        return True
    if starts_note(below.text) or _LEADERS.search(above.text) or _ends_in_page_number(above, below):
        return True
    ends = not is_open(above.text)
    if (NUMBERED_ITEM.match(below.text) or NUMBERED_PARAGRAPH.match(below.text)) and ends:
        return True
    if _is_heading_line(above, setting):
        return False
    if goes_on:
        return False
    return _is_indented(paragraph, below) or (_leaves_room(above, below, right) and (ends or below.text[:1].isupper()))


def _ends_in_page_number(above: PrintedLine, below: PrintedLine) -> bool:
    """Whether both lines are entries of a contents list: a number stands apart at their end."""
    return all(len(line.pieces) > 1 and line.pieces[-1].text.isdecimal() for line in (above, below))


def _is_indented(paragraph: Sequence[PrintedLine], below: PrintedLine) -> bool:
    """Whether `below` starts further in or out than the paragraph goes on."""
    first, above = paragraph[0], paragraph[-1]
    listed = BULLET.match(first.text) or NUMBERED_ITEM.match(first.text) or NUMBERED_PARAGRAPH.match(first.text)
    if len(paragraph) > 1:
        return abs(below.left - above.left) > 0.8 * above.size and not is_open(above.text)
    if listed and len(first.pieces) > 1:
        return abs(below.left - first.pieces[1].left) > 1.5 * above.size and not is_open(above.text)
    return abs(below.left - first.left) > 0.8 * above.size and not listed and not is_open(above.text)


def _leaves_room(above: PrintedLine, below: PrintedLine, right: float) -> bool:
    """Whether the first word of `below` would have fitted on the line above: then the line was ended on purpose."""
    word = len(below.text.split()[0]) * (below.right - below.left) / max(len(below.text), 1)
    return above.right + 0.3 * above.size + word < right - 1.5 * above.size


def _is_heading_line(line: PrintedLine, setting: _Setting) -> bool:
    return line.size >= _LARGER * setting.size or (
        line.bold and not setting.bold and line.size >= _SMALLER * setting.size
    )


def _block(lines: Sequence[PrintedLine], setting: _Setting, place: tuple[int, str | None]) -> RawBlock:
    text = ""
    for line in lines:
        text = _joined(text, line.text, setting.words)
    text = _inner_hyphens(text, setting.words)
    kind: BlockKind = "paragraph"
    level = 0
    bullet = BULLET.match(text)
    if bullet:
        kind, text = "list_item", text[bullet.end() :]
    elif starts_note(text) or (lines[0].size <= _SMALLER * setting.size and _NOTE_NUMBER.match(text)):
        kind = "footnote"
    elif NUMBERED_ITEM.match(text):
        kind = "list_item"
    elif _is_heading(lines, text, setting):
        kind, level = "heading", _level(lines[0], setting)
    return RawBlock(kind, text, level=level, page=place[0], page_label=place[1])


def _is_heading(lines: Sequence[PrintedLine], text: str, setting: _Setting) -> bool:
    if len(text) > _MAX_HEADING or len(lines) > _MAX_HEADING_LINES or not any(c.isalpha() for c in text):
        return False
    if lines[0].size >= _LARGER * setting.size:
        return True
    if any(_heads_columns(line) for line in lines):
        return False
    return all(_is_heading_line(line, setting) for line in lines) and not text.endswith((".", ";", ","))


def _heads_columns(line: PrintedLine) -> bool:
    """Whether a line has words on both sides of a wide gap: headings of columns, and no heading of a section."""
    return len(line.pieces) > 1 and all(sum(map(str.isalpha, piece.text)) > 2 for piece in line.pieces)


def _level(line: PrintedLine, setting: _Setting) -> int:
    """1 for the largest size of the file, counting up; bold lines of the body's size come last."""
    larger = [size for size in setting.heading_sizes if _SAME_SIZE * size > round(line.size * 2) / 2]
    return min(len(larger) + 1, 6)


def _joined(before: str, after: str, words: frozenset[str]) -> str:
    """Two lines as one. A hyphen at the line end goes only where the file has the word without it and never with."""
    if before.endswith(("-", *HYPHEN_MARKS)) and after[:1].islower():
        return _closed_up(before[:-1], after, words)
    return join_text(before.replace("\ufffe", "-").replace("\x02", "-"), after)


def _inner_hyphens(text: str, words: frozenset[str]) -> str:
    """The text with the hyphens at which PDFium itself has joined two lines."""
    for mark in HYPHEN_MARKS:
        while mark in text:
            before, _, after = text.partition(mark)
            text = _closed_up(before, after.lstrip(), words)
    return text


def _closed_up(before: str, after: str, words: frozenset[str]) -> str:
    left = re.search(r"[^\W\d_]+$", before)
    right = re.match(r"[^\W\d_]+", after)
    if left is None or right is None:
        return f"{before}-{after}"
    plain, hyphenated = (left[0] + right[0]).lower(), f"{left[0]}-{right[0]}".lower()
    return before + after if plain in words and hyphenated not in words else f"{before}-{after}"


def _spaced_rows(lines: Sequence[PrintedLine], at: int) -> list[tuple[str, ...]]:
    """The rows of a table without rulings that begins at line `at`: at least two lines of equally many pieces, all but
    the first of them figures; a line of as many pieces above them is their heading. Empty where there is none."""
    heading = _cells(lines[at])
    start = at
    if len(heading) > 2 and not _are_figures(heading[1:]) and at + 1 < len(lines):
        start = at + 1
    rows = list(_figure_lines(lines, start))
    if len(rows) < 2 or (start > at and len(heading) not in (len(rows[0]), len(rows[0]) - 1)):
        return []
    if start == at:
        return rows
    return [("",) * (len(rows[0]) - len(heading)) + heading, *rows]


def _figure_lines(lines: Sequence[PrintedLine], at: int) -> Iterator[tuple[str, ...]]:
    columns = len(_cells(lines[at])) if at < len(lines) else 0
    while at < len(lines) and columns > 2:
        cells = _cells(lines[at])
        if len(cells) != columns or not _are_figures(cells[1:]):
            return
        yield cells
        at += 1


def _cells(line: PrintedLine) -> tuple[str, ...]:
    return tuple(piece.text for piece in line.pieces)


def _are_figures(cells: Sequence[str]) -> bool:
    return all(is_figure(cell.replace(" ", "")) for cell in cells)

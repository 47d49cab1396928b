"""Blocks as read → the canonical text that every offset in the library counts in.

Pure. Characters stay as printed but for what no reader sees or an extraction left behind: control, zero-width and
direction characters go, every kind of space becomes one plain space, and a few formula commands become their sign.
"""

import re
import unicodedata

from .records import CELL_SEPARATOR, Block, Cell, PageRun, RawBlock, RawReport

_COMMANDS = {
    "pm": "±",
    "mp": "∓",
    "times": "×",
    "div": "÷",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "approx": "≈",
    "pounds": "£",
    "%": "%",
    "&": "&",
    "_": "_",
    "#": "#",
}
_COMMAND = re.compile(r"\$?\\(pm|mp|times|div|leq|le|geq|ge|approx|pounds)(?![A-Za-z])\$?|\\([%&_#])")
_RAISED = re.compile(r"\$?\^\{\s*([0-9*†‡a-z]{1,3})\s*\}\$?")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DROPPED = frozenset(("Cc", "Cf", "Cs", "Cn"))  # control, format (zero-width, direction), lone surrogate, unassigned
_SPACES = re.compile(r" {2,}")


def clean_text(text: str) -> str:
    """The text as the canonical text holds it, with no space at either end."""
    return _clean(text).strip()


def canonicalise(raw: RawReport) -> tuple[str, tuple[Block, ...], tuple[PageRun, ...]]:
    """(text, blocks, page runs). Furniture and blocks without a visible character are left out.

    Blocks are joined by an empty line; the items of a list and the rows of a table by a line end. The page runs
    cover all text of paged blocks, and the line ends after a block belong to the page that the block ends on.
    """
    labels = {block.page: block.page_label for block in reversed(raw.blocks) if block.page_label is not None}
    parts: list[str] = []
    blocks: list[Block] = []
    turns: list[tuple[int, int | None]] = []  # offsets where a page begins, and its number
    length = 0
    for source in raw.blocks:
        if source.kind == "furniture":
            continue
        text, cells, breaks = _render_row(source) if source.cells else _render_text(source)
        if not (any(end > at for at, end, _, _ in cells) if cells else text.strip(CELL_SEPARATOR)):
            continue
        if blocks:
            parts.append(_gap(blocks[-1], source))
            length += len(parts[-1])
        blocks.append(
            Block(
                source.kind,
                length,
                length + len(text),
                level=source.level,
                table=source.table,
                cells=tuple(Cell(length + at, length + end, column, span) for at, end, column, span in cells),
                header_row=source.header_row,
            )
        )
        turns.append((length, source.page))
        turns.extend((length + offset, page) for offset, page in breaks)
        parts.append(text)
        length += len(text)
    return "".join(parts), tuple(blocks), _page_runs(turns, length, labels)


def _clean(text: str) -> str:
    """Clean, but with one space left at an end that had any, so that two pieces of a block still fit together."""
    if "\\" in text:
        text = _COMMAND.sub(lambda found: _COMMANDS[found[1] or found[2]], text)
    if "^{" in text:
        text = _RAISED.sub(lambda found: found[1].translate(_SUPERSCRIPT), text)
    if not text.isascii() or not text.isprintable():
        text = "".join(map(_clean_character, text))
    return _SPACES.sub(" ", text)


def _clean_character(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _DROPPED else character


def _render_text(source: RawBlock) -> tuple[str, tuple[tuple[int, int, int, int], ...], list[tuple[int, int]]]:
    """(clean text, no cells, page breaks as offsets in the clean text)."""
    text = ""
    breaks: list[tuple[int, int]] = []
    start = 0
    for offset, page in (*source.page_breaks, (len(source.text), 0)):
        piece = _clean(source.text[start:offset])
        text += piece.lstrip() if not text or text.endswith(" ") else piece
        breaks.append((len(text), page))
        start = offset
    text = text.rstrip()
    return text, (), [(min(offset, len(text)), page) for offset, page in breaks[:-1]]


def _render_row(source: RawBlock) -> tuple[str, tuple[tuple[int, int, int, int], ...], list[tuple[int, int]]]:
    """(cells joined by the separator, (start, end, column, columns) of each cell, no page breaks)."""
    text = ""
    places: list[tuple[int, int, int, int]] = []
    column = 0
    for number, cell in enumerate(source.cells):
        if number:
            text += CELL_SEPARATOR
        start = len(text)
        text += clean_text(cell.text)
        places.append((start, len(text), column, cell.columns))
        column += cell.columns
    return text, tuple(places), []


def _gap(before: Block, after: RawBlock) -> str:
    if before.kind == after.kind == "list_item":
        return "\n"
    if before.kind == after.kind == "table_row" and before.table == after.table:
        return "\n"
    return "\n\n"


def _page_runs(turns: list[tuple[int, int | None]], length: int, labels: dict[int | None, str]) -> tuple[PageRun, ...]:
    runs: list[PageRun] = []
    ends = [start for start, _ in turns[1:]] + [length]
    for (start, page), end in zip(turns, ends, strict=False):
        if page is None or start == end:
            continue
        if runs and runs[-1].page == page and runs[-1].end == start:
            start = runs.pop().start
        runs.append(PageRun(start, end, page, labels.get(page)))
    return tuple(runs)

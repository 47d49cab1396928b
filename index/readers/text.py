"""Plain text → blocks. Paragraphs are rejoined by `index.reflow`; tables are told from prose here.

Three kinds of table occur in text files: cells separated by tabs, cells between pipes, and rows of figures that
kept nothing but single spaces. Form feeds, where a file has them, count its pages.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..records import RawBlock, RawCell, RawReport
from ..reflow import BULLET, Line, figure_row, is_open, is_sentence_like, is_wrapped, mark_contents, paragraphs, rejoin
from . import Limits, NotReadable
from .encodings import decode

_PAGE_NUMBER_CELL = re.compile(r"\d{1,3}|[ivxl]{1,6}")
_PIPE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?$")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[/-]\d{2,4})?")
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*$")
_LEADERS = re.compile(r"(?:\s*\.){3,}\s*$")
_FUNCTION_WORDS = frozenset("a an and as at between by for from in of on or over per the to with".split())
_MAX_HEADING_BLOCKS = 12  # pieces that the column headings of one table may have come apart into
_FEWEST_CONTENTS = 4  # entries that make a contents list


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a text file."""
    text = decode(data)
    if len(text) > limits.characters:
        raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
    return RawReport(blocks=text_blocks(text), pages=text.count("\f") + 1 if "\f" in text else None)


def text_blocks(text: str) -> tuple[RawBlock, ...]:
    """The blocks of plain text, sentences whole and tables as rows of cells."""
    printed = re.split(r"\r\n?|\n|\u2028|\u2029|\x0b|\x85", text.replace("\f", "\n\f"))
    wrapped = is_wrapped(printed)
    lines = _paged_lines(printed, wrapped, counted="\f" in text)
    width = _usual_width(printed)
    blocks: list[RawBlock] = []
    tables = 0
    for kind, stretch in _stretches(lines):
        if kind == "text":
            found, tables = _figure_tables(paragraphs(stretch, wrapped=wrapped, width=width), tables)
        elif _is_contents(stretch):
            found = _contents(stretch)
        else:
            found = [_row(line, kind, tables) for line in stretch if not _PIPE_RULE.match(line.text)]
            if kind == "pipes" and len(stretch) > 1 and _PIPE_RULE.match(stretch[1].text):
                found[0] = replace(found[0], header_row=True)
            tables += 1
        blocks.extend(found)
    joined = rejoin(mark_contents(blocks))
    return tuple(joined if "\f" in text else (replace(block, page=None, page_breaks=()) for block in joined))


def _paged_lines(printed: Sequence[str], wrapped: bool, *, counted: bool) -> list[Line]:
    """The lines with their page. Without form feeds, a wrapped text that begins a page with a space still tells
    where its pages are; those pages cannot be numbered, since the first ones may be missing."""
    page = 1
    lines: list[Line] = []
    indented = sum(line.startswith(" ") and line.strip() != "" for line in printed)
    tells = wrapped and not counted and 0 < indented < 0.1 * len(printed)
    for text in printed:
        if text.startswith("\f") or (tells and lines and text.startswith(" ") and text.strip()):
            page += 1
        lines.append(Line(text.strip("\f"), page))
    return lines


def _usual_width(printed: Iterable[str]) -> int:
    lengths = sorted(len(line.strip()) for line in printed if line.strip() and "\t" not in line)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _stretches(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Runs of lines of one kind: "tabs" and "pipes" are tables, all else is "text". Lone tab lines are text."""
    runs: list[tuple[str, list[Line]]] = []
    for line in lines:
        kind = _line_kind(line.text)
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(line)
        else:
            runs.append((kind, [line]))
    merged: list[tuple[str, list[Line]]] = []
    for kind, run in runs:
        cells = max(len(_cells(line.text, kind)) for line in run) if kind != "text" else 0
        if kind != "text" and len(run) == 1 and cells < 3:
            kind, run = "text", [replace(run[0], text=run[0].text.replace("\t", " "))]
        if merged and merged[-1][0] == kind == "text":
            merged[-1][1].extend(run)
        else:
            merged.append((kind, list(run)))
    return merged


def _line_kind(text: str) -> str:
    if text.strip().startswith("|") and text.count("|") > 1:
        return "pipes"
    inner = text.lstrip(" ")
    cells = inner.split("\t")
    if len(cells) < 2 or not inner.strip() or BULLET.match(inner):
        return "text"
    return "tabs" if sum(bool(cell.strip()) for cell in cells) > 1 or len(cells) > 2 else "text"


def _cells(text: str, kind: str) -> list[str]:
    if kind == "pipes":
        inner = text.strip().removeprefix("|").removesuffix("|")
        return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]
    return [cell.strip() for cell in text.split("\t")]


def _row(line: Line, kind: str, table: int) -> RawBlock:
    cells = tuple(RawCell(cell) for cell in _cells(line.text, kind))
    return RawBlock("table_row", "", page=line.page, page_label=line.page_label, table=table, cells=cells)


def _is_contents(stretch: Sequence[Line]) -> bool:
    """Whether the rows are a contents list: a title and a page number that never falls."""
    rows = [_cells(line.text, "tabs") for line in stretch]
    if len(rows) < _FEWEST_CONTENTS or any(len(row) != 2 or not row[0] for row in rows):
        return False
    if not all(_PAGE_NUMBER_CELL.fullmatch(row[1]) for row in rows):
        return False
    numbers = [int(row[1]) for row in rows if row[1].isdigit()]
    return numbers == sorted(numbers) and len(numbers) > 1 and numbers[0] < numbers[-1]


def _contents(stretch: Sequence[Line]) -> list[RawBlock]:
    entries: list[RawBlock] = []
    for line in stretch:
        title, page = _cells(line.text, "tabs")
        text = f"{_LEADERS.sub('', title)} {page}"
        entries.append(RawBlock("list_item", text, page=line.page, page_label=line.page_label))
    return entries


def _figure_tables(blocks: list[RawBlock], tables: int) -> tuple[list[RawBlock], int]:
    """The blocks with rows of figures as table rows, and the number of tables so far.

    Two rows in a row with equally many figures make a table, and one of them must have its heading on its line. A
    heading that stands alone above its figures is put with them; column headings above the rows are counted off
    against the columns, and stay paragraphs where the count does not come out.
    """
    done: list[RawBlock] = []
    at = 0
    while at < len(blocks):
        rows, following = _figure_rows(blocks, at)
        if len(rows) < 2 or not any(rows[number][0] and rows[number][2] for number in range(len(rows))):
            done.append(blocks[at])
            at += 1
            continue
        columns = len(rows[0][1])
        headings = _column_headings(done, columns)
        if headings:
            del done[-headings[1] :]
            done.append(_figure_row_block(headings[0], blocks[at], tables))
        for heading, figures, _ in rows:
            done.append(_figure_row_block((heading, *figures), blocks[at], tables))
        tables += 1
        at = following
    return done, tables


def _figure_row_block(cells: Sequence[str], place: RawBlock, table: int) -> RawBlock:
    row = tuple(RawCell(cell) for cell in cells)
    return RawBlock("table_row", "", page=place.page, page_label=place.page_label, table=table, cells=row)


def _figure_rows(blocks: Sequence[RawBlock], at: int) -> tuple[list[tuple[str, tuple[str, ...], bool]], int]:
    """The (heading, figures, whether on one line) of the rows from block `at`, and the block after the last."""
    rows: list[tuple[str, tuple[str, ...], bool]] = []
    while at < len(blocks):
        row, used = figure_row(blocks[at].text), 1
        whole = True
        if row is None and at + 1 < len(blocks) and _is_label(blocks[at].text):
            row, used = figure_row(blocks[at + 1].text), 2
            whole = False
            if row is not None:
                row = None if row[0] else (blocks[at].text, row[1])
        if row is None or blocks[at].kind != "paragraph" or (rows and len(row[1]) != len(rows[0][1])):
            break
        if not rows and all(_YEAR.fullmatch(figure) for figure in row[1]):
            break
        rows.append((row[0], row[1], whole))
        at += used
    return rows, at


def _is_label(text: str) -> bool:
    return len(text) <= 60 and is_open(text) and text[:1].isalpha() and not is_sentence_like(text)


def _column_headings(above: Sequence[RawBlock], columns: int) -> tuple[tuple[str, ...], int] | None:
    """(cells, how many of the last blocks they take), where short blocks above a table's rows are its headings."""
    for count in range(1, min(_MAX_HEADING_BLOCKS, len(above)) + 1):
        pieces = above[len(above) - count :]
        if pieces[0].kind != "paragraph" or not is_open(pieces[0].text) or len(pieces[0].text) > 120:
            return None
        cells: list[str] = [cell for piece in pieces for cell in _heading_cells(piece.text)]
        before = above[len(above) - count - 1] if count < len(above) else None
        if before is not None and before.kind == "paragraph" and is_open(before.text) and len(before.text) <= 60:
            continue
        if len(cells) == columns:
            return ("", *cells), count
        if len(cells) == columns + 1:
            return tuple(cells), count
    return None


def _heading_cells(text: str) -> list[str]:
    """A run of column headings cut before each capital and each year that can begin a heading of its own."""
    cells: list[str] = []
    previous = ""
    for word in text.split():
        begins = bool(_YEAR.fullmatch(word)) or (word[:1].isupper() and not _MONTH.match(word))
        after_function_word = previous.lower() in _FUNCTION_WORDS
        dated = bool(_MONTH.match(previous)) and bool(_YEAR.fullmatch(word))
        if not cells or (begins and not after_function_word and not dated):
            cells.append(word)
        else:
            cells[-1] += f" {word}"
        previous = word
    return cells

"""The heading rows of a table: which rows they are, and which columns each of their cells speaks of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .numbers import NumberSpan, find_numbers
from .records import Block
from .scales import is_declaration

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIME = re.compile(
    rf"\b(?:ended|ending|years?|quarters?|months?|weeks?|fiscal|as\s+of|as\s+at|{_MONTHS})\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?:FY\s?|fiscal\s+)?(?:19|20)\d\d(?:\s?[/–-]\s?\d{2,4})?(?:\s*\(\d{1,2}\))?", re.IGNORECASE)
_NOTED = re.compile(r"(?:.*[A-Za-z]|(?:19|20)\d\d)\s*\(\d{1,2}\)")
_GOES_ON = re.compile(r"\b(?:of|for|in|at|to|from|by|with|per|on|and|or|the)\s*$", re.IGNORECASE)  # in the row below
_UNIT_BELOW = re.compile(r"\((?:amounts )?(?:in )?[a-z%£$€ ]+\)", re.IGNORECASE)  # as "(in years)" below "Useful life"
_OPEN_RANGE = re.compile(r"\d\s*[-–]\s*[A-Za-z]{4,}\s*$")  # "20 - Indefinite"
_SCALE_CELL = re.compile(r"(?<!\d)['’]000s?\b|[£$€]000s?\b")


@dataclass(frozen=True, slots=True)
class Heads:
    """How many rows are headings, the headings of each column from the outer to the inner, and the title that one
    of these rows is, if any."""

    rows: int
    columns: tuple[tuple[str, ...], ...]
    title: str


def read_heads(text: str, rows: Sequence[Block]) -> Heads:
    """The heading rows of a table."""
    count = _count(text, rows)
    width = max((cell.column + cell.columns for row in rows for cell in row.cells), default=0)
    grid: list[list[str]] = []
    spanned: list[bool] = []
    for row in rows[:count]:
        line = [""] * width
        # One for all columns is the table's; where each column has its own, they are read with the columns.
        declares = sum(is_declaration(text[cell.start : cell.end]) for cell in row.cells) == 1
        for cell in row.cells:
            printed = text[cell.start : cell.end].strip()
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                line[column] = "" if declares and is_declaration(printed) else printed
        grid.append(line)
        spanned.append(any(cell.columns > 1 for cell in row.cells))
    title = ""
    for level in reversed(range(len(grid) - 1)):  # a line is spread over columns that the one below it has filled
        if not spanned[level]:
            found = _spread(grid[level], grid[level + 1], grid[-1])
            title = title or found
    columns = tuple(_column(line[column] for line in grid if line[column]) for column in range(width))
    return Heads(count, columns, title)


def _column(lines: Iterable[str]) -> tuple[str, ...]:
    """The headings of one column, each once; a day over its year is one heading."""
    headings: list[str] = []
    for line in dict.fromkeys(lines):
        if headings and headings[-1].endswith(",") and _YEAR.match(line):
            headings[-1] = f"{headings[-1]} {line}"
        else:
            headings.append(line)
    return tuple(headings)


def cell_quantity(text: str) -> NumberSpan | None:
    """The one quantity that a cell consists of, None for words, for years, and for cells with several numbers."""
    if _NOTED.fullmatch(text.strip()) or _SCALE_CELL.search(text) or _OPEN_RANGE.search(text):
        return None
    numbers = [n for n in find_numbers(text, cell=True) if n.kind in ("quantity", "tolerance")]
    if len(numbers) != 1:
        return None
    rest = text[: numbers[0].start] + text[numbers[0].end :]
    return numbers[0] if len(re.findall(r"[A-Za-z]", rest)) <= 12 else None


def has_quantity(text: str, row: Block) -> bool:
    """Whether a row states a quantity beside its heading."""
    return any(
        cell_quantity(text[c.start : c.end]) is not None and not is_label(text[c.start : c.end])
        for c in row.cells
        if c.column > 0 or len(row.cells) == 1
    )


def is_label(cell: str) -> bool:
    """Whether a cell has words beside a number, as a heading has."""
    words = re.sub(r"\b(?:million|thousand|billion|percent|per cent)\b", "", cell)
    return re.search(r"[A-Za-z]{3,}", words) is not None


def group_of(text: str, row: Block) -> str | None:
    """What a row says that only names the group of rows below it: its one cell, in the first column, or one that
    ends in a colon. None for any other row."""
    filled = [c for c in row.cells if text[c.start : c.end].strip()]
    if len(filled) != 1 or len(row.cells) < 2:
        return None
    printed = text[filled[0].start : filled[0].end].strip()
    return printed.strip(" :") if filled[0].column == 0 or printed.endswith(":") else None


def _count(text: str, rows: Sequence[Block]) -> int:
    count = 0
    while count < len(rows) and (rows[count].header_row or not has_quantity(text, rows[count])):
        if count and not rows[count].header_row and _opens_group(text, rows, count):
            break
        count += 1
    return min(1, len(rows) - 1) if count == len(rows) else count


def _opens_group(text: str, rows: Sequence[Block], at: int) -> bool:
    name = group_of(text, rows[at])
    return name is not None and not is_declaration(name)


def _spread(line: list[str], below: Sequence[str], last: Sequence[str]) -> str:
    """Give the headings of `line` to all the columns that they speak of. Where the line is one heading in the first
    column, it is spread if it names a time, and else comes back as the title of the table."""
    filled = [column for column in range(1, len(line)) if line[column]]
    if not filled and line[0]:
        if not _TIME.search(line[0]):
            return line[0]
        for column in _columns_of(line[0], 1, last):
            line[column] = line[0]
    elif len(filled) == 1:
        heading = line[filled[0]]
        for column in _columns_of(heading, filled[0], last):
            line[column] = heading
    else:
        for column in range(2, len(line)):
            if not line[column] and below[column] and line[column - 1] and below[column - 1]:
                line[column] = line[column - 1]
    return ""


def _columns_of(heading: str, at: int, last: Sequence[str]) -> list[int]:
    """The columns that a lone heading over several of them speaks of: a time goes with years where there are any,
    another heading with its neighbours of the same kind, all years or none."""
    columns = [column for column in range(1, len(last)) if last[column]]
    years = [column for column in columns if _YEAR.fullmatch(last[column])]
    if _TIME.search(heading):
        return years or columns
    if at in years or not years:
        alone = _GOES_ON.search(heading) is not None or _UNIT_BELOW.fullmatch(last[at].strip()) is not None
        return years if at in years else [at] if alone and not years else columns
    run = [at]
    while run[0] - 1 in columns and run[0] - 1 not in years:
        run.insert(0, run[0] - 1)
    while run[-1] + 1 in columns and run[-1] + 1 not in years:
        run.append(run[-1] + 1)
    return run

"""The training questions and their passages, read, cut into statements as the product cuts reports, and split."""

import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.sentences import sentence_spans

SEED = 7
HELD_OUT = 8  # one organisation in so many is kept for measuring and calibrating
_RULE = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+\s*$")
_AMOUNT = re.compile(r"(?<![\w.])[(\-−–$£€]*\d[\d,]*(?:\.\d+)?\)?\s*%?\)?")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Window:
    """A passage as the reader is given it: `text`, and the (start, end) of each of its statements.

    Prose stands as it is. A table row is written out with its column headings, as the product writes it; `moved` says
    where pieces of the original text went, as (start in the original, start in `text`, length).
    """

    window_id: str
    title: str
    text: str
    statements: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int, int], ...]

    @property
    def group(self) -> str:
        """Windows of one organisation share this: what stands before the colon of the title."""
        return self.title.split(":")[0].lower()

    def place(self, start: int, length: int) -> int | None:
        """Where a piece of the original text stands in `text`; None where it was cut apart."""
        for origin, target, size in self.moved:
            if origin <= start and start + length <= origin + size:
                return target + start - origin
        return None


@dataclass(frozen=True, slots=True)
class Question:
    """A question over one window; `answer` is None where the window does not answer. Then `start`, the answer's place
    in the window's `text`, is -1; it is -1 too for an answer that lies over several rows of a table."""

    question_id: str
    window: str
    text: str
    answer: str | None
    start: int


def read_windows(path: Path) -> dict[str, Window]:
    """The passages by id."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {r["id"]: written_out(r["id"], r["title"], r["text"]) for r in rows}


def read_questions(path: Path, windows: dict[str, Window]) -> tuple[Question, ...]:
    """The questions in the order of the file, answers placed in the windows as they are written out."""
    made = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = row["answer"]
        place = windows[row["window"]].place(row["start"], len(answer)) if answer is not None else None
        made.append(Question(row["id"], row["window"], row["question"], answer, -1 if place is None else place))
    return tuple(made)


def held_out(windows: dict[str, Window]) -> frozenset[str]:
    """The groups that nothing is trained on."""
    groups = sorted({w.group for w in windows.values()})
    return frozenset(np.random.default_rng(SEED).permutation(groups)[: len(groups) // HELD_OUT].tolist())


def written_out(window_id: str, title: str, text: str) -> Window:
    """A passage with its table rows written out."""
    made: list[str] = []
    statements: list[tuple[int, int]] = []
    moved: list[tuple[int, int, int]] = []
    length = 0
    for kind, first, last in _runs(text):
        if kind == "prose":
            piece = text[first:last]
            moved.append((first, length, len(piece)))
            statements += sentence_spans(piece, length)
            made.append(piece)
            length += len(piece)
        else:
            for row in _table_rows(text, first, last):
                begin = length
                for piece, origin in row:
                    if origin >= 0:
                        moved.append((origin, length, len(piece)))
                    made.append(piece)
                    length += len(piece)
                statements.append((begin, length))
                made.append("\n")
                length += 1
    return Window(window_id, title, "".join(made), tuple(statements), tuple(moved))


def _runs(text: str) -> list[tuple[str, int, int]]:
    """Runs of prose and of table lines as (kind, start, end)."""
    runs: list[tuple[str, int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        kind = "table" if line.lstrip().startswith("|") else "prose"
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1], at + len(line))
        else:
            runs.append((kind, at, at + len(line)))
        at += len(line)
    return runs


def _table_rows(text: str, first: int, last: int) -> list[list[tuple[str, int]]]:
    """The rows of a Markdown table written out, each as pieces with their place in `text` (-1 for what is added)."""
    lines: list[list[tuple[str, int]]] = []
    at = first
    for line in text[first:last].splitlines(keepends=True):
        if not _RULE.match(line.strip()):
            lines.append(_cells(line, at))
        at += len(line)
    heads: list[list[tuple[str, int]]] = []
    rows: list[list[tuple[str, int]]] = []
    for cells in lines:
        (rows if rows or _has_amounts(cells) else heads).append(cells)
    made = []
    for cells in rows:
        pieces = [cells[0]] if cells and cells[0][0] else []
        separator = " – "
        for column, cell in enumerate(cells[1:], 1):
            if not cell[0]:
                continue
            heading = ", ".join(h[column][0] for h in heads if column < len(h) and h[column][0])
            if pieces:
                pieces.append((separator, -1))
            separator = "; "
            if heading:
                pieces.append((f"{heading}: ", -1))
            pieces.append(cell)
        if pieces:
            made.append(pieces)
    return made


def _cells(line: str, at: int) -> list[tuple[str, int]]:
    """The cells of a Markdown table line, each with its place in the text."""
    bars = [match.start() for match in re.finditer(r"\|", line)]
    cells = []
    for left, right in itertools.pairwise(bars):
        raw = line[left + 1 : right]
        cells.append((raw.strip(), at + left + 1 + len(raw) - len(raw.lstrip())))
    return cells


def _has_amounts(cells: list[tuple[str, int]]) -> bool:
    """Whether a row holds amounts: figures beyond its first cell that are no years."""
    return any(_AMOUNT.search(_YEAR.sub("", text)) and not _YEAR.fullmatch(text) for text, _ in cells[1:])

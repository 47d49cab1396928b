"""The training questions and their passages, read and split."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.sentences import sentence_spans

SEED = 7
CROP = 420  # characters: a sentence with its neighbours, as the reader is given it
HELD_OUT = 8  # one organisation in so many is kept for measuring and calibrating


@dataclass(frozen=True, slots=True)
class Window:
    """A passage with its sentences' (start, end)."""

    window_id: str
    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]

    @property
    def group(self) -> str:
        """Windows of one organisation share this: what stands before the colon of the title."""
        return self.title.split(":")[0].lower()


@dataclass(frozen=True, slots=True)
class Question:
    """A question over one window; `answer` is None where the window does not answer, `start` its place otherwise."""

    question_id: str
    window: str
    text: str
    answer: str | None
    start: int


def read_windows(path: Path) -> dict[str, Window]:
    """The passages by id."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {r["id"]: Window(r["id"], r["title"], r["text"], sentence_spans(r["text"])) for r in rows}


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions in the order of the file."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(Question(r["id"], r["window"], r["question"], r["answer"], r.get("start", -1)) for r in rows)


def held_out(windows: dict[str, Window]) -> frozenset[str]:
    """The groups that nothing is trained on."""
    groups = sorted({w.group for w in windows.values()})
    return frozenset(np.random.default_rng(SEED).permutation(groups)[: len(groups) // HELD_OUT].tolist())


def crop(window: Window, sentence: int) -> tuple[int, int]:
    """The (start, end) of a sentence with its neighbours, as far as `CROP` characters allow."""
    spans = window.sentences
    start, end = spans[sentence]
    if sentence > 0 and end - spans[sentence - 1][0] <= CROP:
        start = spans[sentence - 1][0]
    if sentence + 1 < len(spans) and spans[sentence + 1][1] - start <= CROP:
        end = spans[sentence + 1][1]
    return start, end

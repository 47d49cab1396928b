"""What is embedded: a passage under its header, and a statement as a part of the passage that it stands in.

A passage goes through the model once. Its vector is the mean over its words, a statement's the mean over the words of
the statement, which have by then seen all of the passage and its headings (late chunking: Günther and others, 2024,
arXiv 2409.04701). That takes half the time of embedding each statement by itself, and finds as well.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from .records import Passage, Statement


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text to be embedded, or the part of it that `span` gives, as (start, end) in `text`. `alone` is embedded
    instead where the model does not read the part within the text, which it cuts when it is too long."""

    text: str
    span: tuple[int, int] | None = None
    alone: str = ""

    @property
    def hash(self) -> str:
        """A sha256 that is the same for what has the same vector, by which a stored vector is found again."""
        whole = self.text if self.span is None else f"{self.text}\0{self.span[0]}:{self.span[1]}\0{self.alone}"
        return hashlib.sha256(whole.encode()).hexdigest()


def embedded_passage(passage: Passage) -> Embedded:
    """A passage under its header, which says whose and which year's it is, and is never quoted."""
    return Embedded(f"{passage.header}\n{passage.text}")


def embedded_statement(statement: Statement, passages: Sequence[Passage]) -> Embedded:
    """A statement within the passage that holds most of it, or by itself under its heading if none holds any.

    `passages` are those of its report in text order; they do not overlap.
    """
    alone = f"{statement.section[-1]}\n{statement.meaning}" if statement.section else statement.meaning
    first = max(0, bisect_right(passages, statement.start, key=lambda passage: passage.start) - 1)
    last = bisect_left(passages, statement.end, key=lambda passage: passage.start)
    holding = max(passages[first:last], key=lambda passage: _shared(statement, passage), default=None)
    if holding is None or _shared(statement, holding) <= 0:
        return Embedded(alone)
    before = len(holding.header) + 1 - holding.start
    start, end = max(statement.start, holding.start), min(statement.end, holding.end)
    return Embedded(embedded_passage(holding).text, (start + before, end + before), alone)


def _shared(statement: Statement, passage: Passage) -> int:
    """How many characters the two share; not more than 0 where they share none."""
    return min(statement.end, passage.end) - max(statement.start, passage.start)

"""Which stages find and judge evidence: all of them, unless the settings leave one out to see what it is worth."""

from collections.abc import Collection
from dataclasses import dataclass

from index.settings import Stage


@dataclass(frozen=True, slots=True)
class Stages:
    """`dense`: the search by meaning; `words`: the search by words, one of the two at least; `reader`: the model that
    reads what was found; `span`: the one that marks in a sentence the words that answer, which has to be read."""

    dense: bool = True
    words: bool = True
    reader: bool = True
    span: bool = True

    @classmethod
    def all_but(cls, without: Collection[Stage]) -> "Stages":
        """All stages but those named."""
        reads = "reader" not in without
        return cls("dense" not in without, "words" not in without, reads, reads and "span" not in without)

"""Which stages find and judge evidence: all of them, unless the settings leave one out to see what it is worth."""

from collections.abc import Collection
from dataclasses import dataclass

from index.settings import Stage


@dataclass(frozen=True, slots=True)
class Stages:
    """`dense`: the search by meaning; `words`: the search by words, one of the two at least; `reader`: the model that
    reads what was found."""

    dense: bool = True
    words: bool = True
    reader: bool = True

    @classmethod
    def all_but(cls, without: Collection[Stage]) -> "Stages":
        """All stages but those named."""
        return cls("dense" not in without, "words" not in without, "reader" not in without)

"""Proper names in a question: evidence that lacks one is about somebody or something else."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from index.terms import terms

LONG = 6  # letters from which a term may be misspelt
FUZZY = 88  # similarity (0 to 100, rapidfuzz ratio) from which a word counts as a slip of the pen for another
_WORD = re.compile(r"[A-Za-z][\w&-]*")


def names_lacking(names: Sequence[str], texts: Sequence[str], known: Sequence[str | None]) -> tuple[str, ...]:
    """The names of which some word is neither in `texts` nor in `known` (the report's own names).

    Words are compared as terms, so that plurals and possessives agree; a slip of the pen in a long word is let pass.
    """
    if not names:
        return ()
    own = frozenset(term for name in known if name for term in terms(name))
    names = tuple(name for name in names if not own.issuperset(terms(name)))
    if not names:
        return ()
    said = own.union(*(terms(text) for text in texts))  # by text: each is looked at for other evidence too
    read = [text for text in (*texts, *known) if text]
    return tuple(name for name in names if not all(term in said or _is_misspelt(term, read) for term in terms(name)))


def _is_misspelt(term: str, texts: Sequence[str]) -> bool:
    """Whether a long term is a slip of the pen away from a word of the texts."""
    if len(term) < LONG:
        return False
    return any(
        fuzz.ratio(term, word) >= FUZZY for text in texts for word in _words(text) if abs(len(word) - len(term)) <= 3
    )


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))

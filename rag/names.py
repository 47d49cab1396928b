"""Proper names in a question: evidence that lacks one is about somebody or something else."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from index.terms import terms

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
    words = frozenset(w.lower() for text in (*texts, *known) if text for w in _WORD.findall(text))
    return tuple(name for name in names if any(not _is_said(t, said, words) for t in terms(name)))


def _is_said(term: str, said: frozenset[str], words: frozenset[str]) -> bool:
    if term in said:
        return True
    return len(term) >= 6 and any(fuzz.ratio(term, word) >= FUZZY for word in words if abs(len(word) - len(term)) <= 3)

"""What an abbreviation stands for, in the reports' own words: "tidal flood wardens (TFWs)"."""

import re

from index import Library

_ABBREVIATION = re.compile(r"([A-Z]{2,6})s?")
_SMALL = frozenset("a an and at by for in of on or the to with".split())
LOOKED_AT = 20  # statements that have the abbreviation


def spelt_out(library: Library, phrase: str) -> str:
    """The words that a report sets an abbreviation behind, in brackets; `phrase` itself where it is none, or no report
    does."""
    letters = _ABBREVIATION.fullmatch(phrase)
    if letters is None:
        return phrase
    for hit in library.lexical_statements(phrase, LOOKED_AT, None):
        bracketed = re.search(rf"\(\s*{letters[1]}s?\s*\)", hit.statement.text)
        words = hit.statement.text[: bracketed.start()].split() if bracketed is not None else []
        for first in range(len(words) - len(letters[1]), -1, -1):
            initials = "".join(word[0].upper() for word in words[first:] if word.lower() not in _SMALL)
            if initials == letters[1]:
                return " ".join(words[first:])
            if len(initials) > len(letters[1]):
                break
    return phrase

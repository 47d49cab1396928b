"""Whose figure is it: the organisation's own, or that of what it is compared with.

Reports put the two side by side. What an organisation is compared with is learnt from the report itself: the names
that stand in "the X average", "compared with X", "across X".
"""

import re
from collections import Counter
from itertools import pairwise

from .periods import MONTH

_NAME = r"[A-Z][\w’'-]*(?:\s(?:(?:and|of|the)\s)?[A-Z][\w’'-]*){0,4}"
_COMPARED = re.compile(
    rf"(?:\b(?:[Tt]he|[Aa]n?|overall)\s+)({_NAME})(?=\s+(?:force\s+)?(?:average|figure|rate|mean|median|value|total)\b)"
    rf"|\b(?:compared\s+(?:to|with)|across|than\s+in|elsewhere\s+in)\s+(?:the\s+rest\s+of\s+)?({_NAME})"
)
_COMPARED_AMOUNT = re.compile(  # "compared with 27% for England overall" says it outright: once is enough
    r"\bcompared\s+(?:to|with)\s+(?:(?:an?|the)\s+(?:average|rate|figure|level)\s+of\s+)?"
    r"(?:only\s+|about\s+|around\s+|just\s+(?:over|under)\s+)?[£$€]?\d[\d.,]*\s?(?:%|[\w-]+)?\s+"
    rf"(?:(?:for|across)\s+(?:the\s+rest\s+of\s+)?(?!{MONTH})({_NAME})"
    rf"|in\s+({_NAME})(?=\s+(?:overall|as\s+a\s+whole)\b))"
)
_GENERIC = re.compile(
    r"\b(?:national|sector|industry|peer|regional|overall|group|market)\s+(?:average|figure|rate|mean|median|benchmark|level)s?\b|\bnationally\b"
    r"|(?<=than )(?:most|all|any|many)?\s?(?:other|similar|comparable|peer)\s+(?:\w+\s+){0,2}?\w+s\b"
    r"|(?<=for )(?:most|all)?\s?(?:other|similar|comparable|peer)\s+(?:\w+\s+){0,2}?"
    r"(?:forces|councils|authorities|trusts|areas|schools|companies|organisations)\b",
    re.IGNORECASE,
)
_PIVOT = re.compile(
    r";|\b(?:compared|compares|comparing)\s+(?:to|with)|\bin\s+line\s+with|\bthan\b|\bagainst\b|\bwhereas\b|\bwhile\b|\bversus\b|\bvs\b"
    r"|\bbut\b|\bwhich\s+was\b|\((?=which)|\babove\s+the\b|\bbelow\s+the\b|\bmatching\b|\bexceeds?\b|\balongside\b",
    re.IGNORECASE,
)


def comparators(text: str, organisation: str | None) -> tuple[str, ...]:
    """The names that a report compares its organisation with, most frequent first; each is found at least twice, or
    once with its figure."""
    own = set((organisation or "").lower().split())
    counts: Counter[str] = Counter()
    for match in _COMPARED.finditer(text):
        name = (match[1] or match[2]).strip()
        if not own & set(name.lower().split()):
            counts[name] += 1
    for match in _COMPARED_AMOUNT.finditer(text):
        name = (match[1] or match[2]).strip()
        if not own & set(name.lower().split()):
            counts[name] += 2
    return tuple(name for name, n in counts.most_common(6) if n >= 2)


def subject_at(sentence: str, position: int, compared: tuple[str, ...], organisation: str | None) -> str | None:
    """Whose the figure at `position` of `sentence` is: a comparator's name, or the organisation's.

    A sentence is cut where it turns to compare ("compared with", "than", "in line with"); a figure belongs to the
    comparator that its own piece names. None where the report has no organisation and nothing is compared.
    """
    mentions = _mentions(sentence, compared)
    if not mentions:
        return organisation
    cuts = [0, *(m.start() for m in _PIVOT.finditer(sentence)), len(sentence)]
    for start, end in pairwise(cuts):
        if start <= position < end:
            inside = [(at, name) for at, name in mentions if start <= at < end]
            if not inside or _own_before(sentence[start:position], sentence[position : inside[0][0]], organisation):
                return organisation
            return inside[0][1]
    return organisation


def _own_before(before: str, between: str, organisation: str | None) -> bool:
    """Whether the organisation's own name leads to a figure, and the comparator comes after it with "and": in "it fell
    in Northport by 10 and in the county by 14" 10 is Northport's."""
    first = (organisation or "").split(" ")[0]
    named = bool(first) and re.search(rf"(?<!\w){re.escape(first)}(?!\w)", before) is not None
    return named and re.fullmatch(r"[^;.]*?\band\s+(?:in|of|at|for|across)\s+(?:the\s+)?", between) is not None


def comparator_in(text: str, compared: tuple[str, ...]) -> str | None:
    """The comparator that `text` names, None where it names none."""
    mentions = _mentions(text, compared)
    return mentions[0][1] if mentions else None


def _mentions(text: str, compared: tuple[str, ...]) -> list[tuple[int, str]]:
    found = [(m.start(), name) for name in compared for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    found += [(m.start(), m.group()) for m in _GENERIC.finditer(text)]
    return sorted(found)

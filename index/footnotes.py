"""Take the marks of footnotes out of a table's headings: they are printed with a heading and are no words of it.

Where two columns differ in their marks only, what the marks stand for is a heading of each; a column whose mark is
explained nowhere keeps it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from .records import TableRow

_AFTER = r"(?:(?<!\d)|(?<=(?:19|20)\d\d)|(?<=FY\d\d)|(?<=\bF\d\d))"  # "2018(a)", but not "Section 13(d)"
_ONE = rf"(?:{_AFTER}\((?:\d{{1,2}}|[a-d])\)|\*{{1,4}}|[†‡§])"
_MARKS = re.compile(rf":?\s*((?:{_ONE}\s*)+)(?=:\s|$)")
_ANOTHER = re.compile(rf"(?<!\S){_ONE}(?=\s)")
_CLAUSE_END = re.compile(r"\s[–—-]\s|[.;](?=\s|$)")
_LONGEST = 100  # characters of what a mark stands for: more is no heading


def unmarked(heading: str) -> str:
    """A heading without the marks of its footnotes; as it is where it is nothing else."""
    return _MARKS.sub("", heading).strip() or heading


def unmarked_all(headings: Sequence[str]) -> tuple[str, ...]:
    """The same for the headings of one column."""
    return tuple(unmarked(heading) for heading in headings)


def told_apart_by_marks(headings: Sequence[Sequence[str]], column: int) -> bool:
    """Whether the headings of a column (by its place among a row's) differ from those of another in marks only."""
    own = tuple(headings[column])
    return any(tuple(other) != own and unmarked_all(other) == unmarked_all(own) for other in headings)


def without_marks(rows: Sequence[TableRow], notes: Sequence[str]) -> list[TableRow]:
    """The rows with their headings free of marks. `notes` are the texts around the table that may explain them."""
    apart = {
        tuple(headings)
        for row in rows
        for column, headings in enumerate(row.column_headings)
        if told_apart_by_marks(row.column_headings, column)
    }
    common = set.intersection(*(set(_marks(headings)) for headings in apart)) if apart else set()
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(unmarked(row.heading), set()).add(row.heading)
    clean: list[TableRow] = []
    for row in rows:
        name = unmarked(row.heading)
        columns = tuple(_explained(headings, notes, apart, common) for headings in row.column_headings)
        clean.append(replace(row, heading=name if len(names[name]) == 1 else row.heading, column_headings=columns))
    return clean


def _marks(headings: Sequence[str]) -> list[str]:
    return [mark for heading in headings for found in _MARKS.finditer(heading) for mark in re.findall(_ONE, found[1])]


def _explained(
    headings: tuple[str, ...], notes: Sequence[str], apart: set[tuple[str, ...]], common: set[str]
) -> tuple[str, ...]:
    """The headings of a column without marks; where marks tell columns `apart`, with what those stand for that they do
    not have in `common`. As printed where that is not found."""
    if not apart:
        return unmarked_all(headings)
    meant = [_meaning(mark, notes) for mark in _marks(headings) if mark not in common]
    told = tuple(meaning for meaning in meant if meaning)
    if len(told) < len(meant) and headings in apart:
        return headings
    return (*unmarked_all(headings), *told)


def _meaning(mark: str, notes: Sequence[str]) -> str:
    """What a note says that a mark stands for, up to the end of its first clause; "" where none says it shortly."""
    for note in notes:
        for found in _ANOTHER.finditer(note):
            before = note[: found.start()].rstrip()
            if found.group() != mark or (mark.startswith("(") and before and before[-1] not in ".;:"):
                continue
            following = _ANOTHER.search(note, found.end())
            said = note[found.end() : following.start() if following is not None else len(note)].strip()
            said = _CLAUSE_END.split(said, maxsplit=1)[0].strip()
            if 0 < len(said) <= _LONGEST:
                return said
    return ""

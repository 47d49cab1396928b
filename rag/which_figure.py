"""Tell whether a statement gives a figure of its words to what has another one: another row, year, place or group."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.numbers import NumberSpan, find_numbers
from index.records import Figure
from index.terms import terms

from .units import is_comparator
from .wording import bounds, content_terms

_BETWEEN = re.compile(r"\s(?:to|and|while|whereas|but|compared|against)\s|[,;:()]", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:average|averages|national|nationally|similar|other|others|elsewhere|peers?|sector|England|Wales|Scotland"
    r"|previous|last|earlier|before|target|forecast|planned|budgeted)\b",
    re.IGNORECASE,
)
_FREE = frozenset(terms("report number figure total amount percentage percent rate level value"))


@dataclass(frozen=True, slots=True)
class _Told:
    """A number of the words, with the terms that go with it and the words just before and around it."""

    number: NumberSpan
    about: frozenset[str]
    before: str
    around: str
    figure: Figure | None


def figures_astray(
    statement: str, text: str, figures: Sequence[Figure], organisation: str | None, *, row: bool
) -> bool:
    """Whether a figure of `statement` that `text` has goes with something that `text` tells of another figure, or
    leaves out what it is bound to: "about", whose average it is, which year of several."""
    before, same_words, _ = _plain(text).partition(_plain(statement))
    if not row and same_words and not bounds(before[-24:]):
        return False  # told in the same words, each figure is where it was
    held = _told(text, figures, row=row)
    for said in _told(statement, (), row=False):
        same = [t for t in held if _same(said.number, t)]
        if same and not any(_fits(statement, said, t, held, organisation, row=row) for t in same):
            return True  # where none is the same, it is in other words or in none: that is another check
    return False


def _told(text: str, figures: Sequence[Figure], *, row: bool) -> list[_Told]:
    if row:
        return [
            _Told(n, frozenset(terms(" ".join(filter(None, (f.measure, f.subject, f.period))))), "", "", f)
            for f in figures
            for n in find_numbers(f.text, cell=True)[:1]
        ]
    numbers = [n for n in find_numbers(text) if n.kind == "quantity"]
    told: list[_Told] = []
    subject = ""
    for i, n in enumerate(numbers):
        before = text[numbers[i - 1].end if i else 0 : n.start]
        after = text[n.end : numbers[i + 1].start if i + 1 < len(numbers) else len(text)]
        parted = list(_BETWEEN.finditer(before)) if i else []
        own_before = before[parted[0].end() :] if parted else before
        first = _BETWEEN.search(after)
        own_after = after[: first.start()] if first else after
        if content_terms(own_before):
            subject = own_before  # "officers fell from 20 to 15": both are of officers
        figure = next((f for f in figures if f.period and _equal(n, f)), None)
        period = figure.period if figure is not None else ""
        about = frozenset(terms(f"{subject} {own_after} {period or ''}")) - _FREE
        told.append(_Told(n, about, before[-40:], f"{own_before[-60:]} {own_after[:60]}", figure))
    return told


def _equal(number: NumberSpan, figure: Figure) -> bool:
    return number.value == Decimal(figure.value) and number.text.strip(" ()") in figure.text


def _same(number: NumberSpan, told: _Told) -> bool:
    scale = told.figure.scale if told.figure is not None else told.number.scale
    return number.value == told.number.value and number.scale in (told.number.scale, scale)


def _fits(
    statement: str, own: _Told, told: _Told, held: Sequence[_Told], organisation: str | None, *, row: bool
) -> bool:
    others = [t for t in held if t is not told and t.number.value != told.number.value]
    if any(own.about & (t.about - told.about) for t in others):
        return False  # a word of another figure, and not of this one
    said = frozenset(terms(statement))
    if row and told.figure is not None:
        several = any(t.figure is not None and _told_apart_by_period(told.figure, t.figure) for t in others)
        if several and not frozenset(terms(told.figure.period or "")) & said:
            return False  # the row has this for several years, and the statement does not say which
        whose = told.figure.subject
        if whose and is_comparator(whose, organisation) and not frozenset(terms(whose)) <= said:
            return False
        label = content_terms(told.figure.measure or "")
        return not label or bool(label & said)
    if bounds(told.before[-24:]) != bounds(own.before[-24:]):
        return False
    missing = {word.group().lower() for word in _OTHERS.finditer(told.around)}
    return all(re.search(rf"\b{word}\b", statement, re.IGNORECASE) is not None for word in missing)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .").lower()


def _told_apart_by_period(one: Figure, other: Figure) -> bool:
    return one.period is not None and one.period != other.period and one.unit == other.unit

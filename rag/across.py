"""Questions across periods: in which year a figure was highest, lowest, above or below something, or what it was in
each of several years.

The figures of one table row, or of one sentence, that differ in their year only are compared; nothing is computed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.numbers import FACTORS, find_numbers
from index.periods import find_periods, years_in
from index.records import Figure

_WHICH = re.compile(
    r"\b(?:which|what)\s+(?:(?:fiscal|financial|calendar|reporting)\s+)?(?:years?(?:\(s\))?|periods?)\b", re.IGNORECASE
)
_HIGHEST = re.compile(r"\b(?:high|larg|great|bigg)(?:er|est)\b|\b(?:most|more|maximum|peak\w*)\b", re.IGNORECASE)
_LOWEST = re.compile(r"\b(?:low|small|few)(?:er|est)\b|\b(?:least|less|minimum)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:(?:great|high|larg)er|more)\s+than\b|\b(?:above|over|exceed\w*)\b", re.IGNORECASE)
_BELOW = re.compile(r"\b(?:(?:low|small|few)er|less)\s+than\b|\b(?:below|under)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\bnegative\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\bpositive\b", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:calculated|recorded|reported|computed|given|disclosed|measured|presented|provided|stated)(?:\s+for)?\s*\?*$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:between|from|change[sd]?|increase[sd]?|decrease[sd]?|difference|growth|grew|fell|rose|compared|than|versus)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:19|20)\d\d(?:\s*,\s*(?:19|20)\d\d)*,?\s+and\s+(?:19|20)\d\d\b", re.IGNORECASE)

Wanted = Literal["highest", "lowest", "above", "below", "given", "each"]


@dataclass(frozen=True, slots=True)
class Across:
    """What is asked across periods. "given" wants every year that there is a figure for, "each" the figures of
    `years`, the others the year or years of which it is true; `bound` is what "above" and "below" are of."""

    wanted: Wanted
    bound: Decimal = Decimal(0)
    years: tuple[int, ...] = ()

    @property
    def asks_year(self) -> bool:
        """Whether the answer is a year and not a figure."""
        return self.wanted != "each"


def across_periods(question: str) -> Across | None:
    """What the question asks across periods, None where it asks nothing of the kind."""
    asked = _WHICH.search(question)
    if asked is None:
        several = _SEVERAL.search(question)
        if several is None or _CHANGE.search(question) is not None:
            return None
        return Across("each", years=years_in(several.group()))
    said = question[asked.end() :]
    bounds: tuple[tuple[Wanted, re.Pattern[str]], ...] = (("above", _ABOVE), ("below", _BELOW))
    for wanted, pattern in bounds:
        found = pattern.search(said)
        number = next((n for n in find_numbers(said[found.end() :]) if n.kind == "quantity"), None) if found else None
        if number is not None:
            return Across(wanted, number.absolute)
    if _NEGATIVE.search(said) is not None:
        return Across("below")
    if _POSITIVE.search(said) is not None:
        return Across("above")
    if _HIGHEST.search(said) is not None:
        return Across("highest")
    if _LOWEST.search(said) is not None:
        return Across("lowest")
    return Across("given") if _GIVEN.search(said) is not None else None


def by_year(figures: Sequence[Figure], like: Figure) -> dict[int, Figure]:
    """The figures that are like `like` but for their year, by year; empty where it cannot be told which they are."""
    alike = [f for f in figures if (f.unit, f.scale) == (like.unit, like.scale)]
    for among in ([f for f in alike if _measure(f) == _measure(like)], alike):
        found: dict[int, list[Figure]] = {}
        for figure in among:
            if (year := _year(figure)) is not None:
                found.setdefault(year, []).append(figure)
        if len(found) > 1 and all(len(of_year) == 1 for of_year in found.values()):
            return {year: of_year[0] for year, of_year in found.items()}
    return {}


def wanted_years(across: Across, figures: dict[int, Figure]) -> tuple[int, ...]:
    """The years that are asked for, in the order of `figures`; empty where no year, or no one year, is."""
    amounts = {year: Decimal(f.value) * FACTORS[f.scale] for year, f in figures.items()}
    if across.wanted == "given":
        return tuple(amounts)
    if across.wanted == "each":
        return across.years if set(across.years) <= set(amounts) else ()
    if across.wanted == "above":
        return tuple(year for year, amount in amounts.items() if amount > across.bound)
    if across.wanted == "below":
        return tuple(year for year, amount in amounts.items() if amount < across.bound)
    most = (max if across.wanted == "highest" else min)(amounts.values())
    first = tuple(year for year, amount in amounts.items() if amount == most)
    return first if len(first) == 1 else ()


def _year(figure: Figure) -> int | None:
    """The year that a figure's period ends in."""
    periods = find_periods(figure.period or "")
    return max(periods[-1].years) if periods else None


def _measure(figure: Figure) -> str:
    """What a figure measures, without the words for the period."""
    text = figure.measure or ""
    for period in reversed(find_periods(text)):
        text = text[: period.start] + text[period.end :]
    return re.sub(r"\W+", " ", text).strip().lower()

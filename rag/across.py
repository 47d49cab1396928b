"""Questions across periods: in which year a figure was highest, lowest, above or below something, or what it was in
each of several years.

The figures of one table row, or of one sentence, that differ in their year only are compared; nothing is computed. A
question that is not surely of these forms ("no more than", "second highest", "rose the most") is given up: every figure
that would be shown is printed in the report, so that no check could find a wrong comparison.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from index.numbers import FACTORS, find_numbers
from index.periods import find_periods, years_in
from index.records import Figure

_YEAR = r"(?:19|20)\d\d"
_WHICH = re.compile(
    r"\b(?:(?:which|what)\s+|(?:which|how\s+many)\s+of\s+(?:the\s+)?(?:(?:last|past)\s+)?"
    r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|\d\d?)\s+)?)"
    r"(?:(?:fiscal|financial|calendar|reporting)\s+)?(?:years?(?:\(s\))?|periods?)\b",
    re.IGNORECASE,
)
_HIGHEST = re.compile(r"\b(?:highest|largest|greatest|biggest|the most|maximum|peaked)\b", re.IGNORECASE)
_LOWEST = re.compile(r"\b(?:lowest|smallest|fewest|the least|minimum)\b", re.IGNORECASE)
_HIGHER = re.compile(r"\b(?:higher|larger|greater|bigger|more)\b", re.IGNORECASE)
_LOWER = re.compile(r"\b(?:lower|smaller|fewer|less)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:(?:great|high|larg)er|more)\s+than\b|\b(?:above|over|exceed\w*)\b", re.IGNORECASE)
_BELOW = re.compile(r"\b(?:(?:low|small|few)er|less)\s+than\b|\b(?:below|under)\b", re.IGNORECASE)
_AT_LEAST = re.compile(r"\bat (?:least|most)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\bnegative\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\bpositive\b", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:calculated|recorded|reported|computed|given|disclosed|measured|presented|provided|stated)(?:\s+for)?\s*\?*$",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|no|never|neither|nor|at (?:least|most)|most recent\w*|second|third|fourth|fifth|\d+(?:nd|rd|th)"
    r"|increas\w*|decreas\w*|chang\w*|ris(?:e|es|en|ing)|rose|fell|fall\w*|gr[eo]w\w*|drop\w*|declin\w*|reduc\w*"
    r"|improv\w*|before|after|since|until|prior|earlier|later|first time|last time)\b|n[’']t\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:between|from|change[sd]?|increase[sd]?|decrease[sd]?|difference|growth|grew|fell|rose|compared|than|versus)\b",
    re.IGNORECASE,
)
_COMPUTED = re.compile(
    r"\b(?:sum|combined|altogether|together|ratio|average|mean|by how much|var(?:y|ied|iance)|higher|lower|larger"
    r"|smaller|which of)\b",
    re.IGNORECASE,
)
_TOTALLED = re.compile(
    rf"\b(?:total|average|mean|combined)\b[^?]{{0,80}}\b(?:over|across) (?:the )?(?:\w+ ){{0,3}}?(?:years?\b|{_YEAR})",
    re.IGNORECASE,
)
_SEVERAL = re.compile(rf"\b{_YEAR}(?:\s*,\s*{_YEAR})*,?\s+(?:and|or)\s+{_YEAR}\b", re.IGNORECASE)
_RANGE = re.compile(
    rf"\b(?:between|from)\b[^?]{{0,24}}?\b{_YEAR}\s+(?:and|to|until|through)\s+{_YEAR}\b"
    rf"|\b(?:years|periods)\s+{_YEAR}(?:\s+(?:to|until|through)\s+|\s?[–-]\s?){_YEAR}\b",
    re.IGNORECASE,
)
_OF_A_REPORT = re.compile(
    rf"\b{_YEAR}(?:\s+[\w-]+){{0,2}}?\s+(?:report|accounts|review|inspection|audit|letter|statement)s?\b", re.IGNORECASE
)
_LOSS = re.compile(
    r"\b(?:loss(?:es)?|deficits?|costs?|expenses?|outflows?|liabilit\w+|debts?|write-?\w*)\b", re.IGNORECASE
)
_ABOUT_TIME = re.compile(
    r"\b(?:fiscal|financial|calendar|years?|months?|quarters?|weeks?|ended|ending|as of|at|restated\d?"
    r"|(?:amounts |dollars )?in (?:thousand|million|billion)s?"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)(?:\s+\d{1,2})?)\b",
    re.IGNORECASE,
)
_PART_OF_A_YEAR = re.compile(r"\b(?:(\w+)\s+(?:months?|weeks?)|(?:half|quarters?|Q[1-4]))\b", re.IGNORECASE)
_FALLING_DUE = re.compile(r"\bfall(?:s|ing|en)?\s+due\b", re.IGNORECASE)  # what is owed then has not gone down

_HOW_MANY_YEARS = re.compile(r"how\s+many\b", re.IGNORECASE)
_LAST_FEW = re.compile(r"\b(?:last|past)\b", re.IGNORECASE)
_NUMBERS = "two three four five six seven eight nine ten".split()
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)}|\d\d?)\b", re.IGNORECASE)

Wanted = Literal["highest", "lowest", "above", "below", "given", "each", "unsure"]


@dataclass(frozen=True, slots=True)
class Across:
    """What is asked across periods. "given" wants every year that there is a figure for, "each" the figures of
    `years`, "unsure" what is not understood, the others the year or years of which it is true.

    `bound` is what "above" and "below" are of. `years`, where there are any, are the only ones compared; `pair` says
    that just two may be, and `all_of_them` that there must be a figure of each. `of_loss` says that the sign of what is
    asked about can be read either way.
    """

    wanted: Wanted
    bound: Decimal = Decimal(0)
    years: tuple[int, ...] = ()
    pair: bool = False
    of_loss: bool = False
    all_of_them: bool = False

    @property
    def asks_year(self) -> bool:
        """Whether the answer is a year and not a figure."""
        return self.wanted != "each"


def counted_in_words(number: str) -> int:
    """The number of years that is stated, in figures or in words from two to ten."""
    return int(number) if number.isdigit() else 2 + _NUMBERS.index(number.lower())


def across_periods(question: str) -> Across | None:
    """What the question asks across periods, None where it asks nothing of the kind."""
    asked = _WHICH.search(question)
    if asked is None:
        several = _SEVERAL.search(question)
        if _TOTALLED.search(question) is not None and (several is not None or _RANGE.search(question) is not None):
            return Across("unsure")  # no one year's figure answers it
        if several is None or _COMPARED.search(question) is not None:
            return None
        unsure = _COMPUTED.search(question) is not None
        return Across("unsure" if unsure else "each", years=years_in(several.group()))
    said = question[asked.end() :]
    compares = (_HIGHEST, _LOWEST, _HIGHER, _LOWER, _ABOVE, _BELOW, _AT_LEAST, _NEGATIVE, _POSITIVE)
    if not any(pattern.search(said) for pattern in (*compares, _GIVEN)):
        return None
    years = _years_compared(question)
    if years is None or _UNSURE.search(_FALLING_DUE.sub(" ", question)) is not None:
        return Across("unsure")
    counted = _HOW_MANY_YEARS.match(asked.group()) is not None
    number = _NUMBER.search(asked.group())
    if (counted or _LAST_FEW.search(asked.group()) is not None) and not years:
        return Across("unsure")  # "of the last three years": which ones is not said
    if number is not None and years and counted_in_words(number.group()) != len(years):
        return Across("unsure")
    across = _comparison(said, years, of_loss=_LOSS.search(question) is not None)
    if counted and across.wanted not in ("above", "below"):
        return Across("unsure")
    return replace(across, all_of_them=counted)


def _comparison(said: str, years: tuple[int, ...], *, of_loss: bool) -> Across:
    bounds: list[Across] = []
    forms: tuple[tuple[Wanted, re.Pattern[str]], ...] = (("above", _ABOVE), ("below", _BELOW))
    for wanted, pattern in forms:
        for found in pattern.finditer(said):
            number = next((n for n in find_numbers(said[found.end() : found.end() + 40]) if n.kind == "quantity"), None)
            if number is None:
                return Across("unsure")
            bounds.append(Across(wanted, number.absolute, years, of_loss=of_loss))
    if bounds:
        return bounds[0] if len(bounds) == 1 else Across("unsure")
    choices = (
        (_NEGATIVE, Across("below", years=years)),
        (_POSITIVE, Across("above", years=years)),
        (_HIGHEST, Across("highest", years=years, of_loss=of_loss)),
        (_LOWEST, Across("lowest", years=years, of_loss=of_loss)),
        (_HIGHER, Across("highest", years=years, pair=True, of_loss=of_loss)),
        (_LOWER, Across("lowest", years=years, pair=True, of_loss=of_loss)),
        (_GIVEN, Across("given", years=years)),
    )
    meant = [across for pattern, across in choices if pattern.search(said) is not None]
    return meant[0] if len(meant) == 1 or meant[0].wanted in ("above", "below") else Across("unsure")


def _years_compared(question: str) -> tuple[int, ...] | None:
    """The only years that are to be compared, () for all, None where the question names years in another way."""
    rest = _OF_A_REPORT.sub(" ", question)
    for pattern in (_RANGE, _SEVERAL):
        found = pattern.search(rest)
        if found is None:
            continue
        years = years_in(found.group())
        if pattern is _RANGE:
            years = tuple(range(min(years), max(years) + 1))
        return None if years_in(rest[: found.start()] + rest[found.end() :]) else years
    return None if years_in(rest) else ()


def by_year(figures: Sequence[Figure], like: Figure) -> dict[int, Figure]:
    """The figures that are like `like` but for their year, by year; empty where it cannot be told which they are.

    A figure that states no measure of its own ("£1.2 million in 2018 and £0.9 million in 2019") shares that of `like`.
    """
    same = (like.unit, like.scale, like.subject, like.direction)
    alike = [f for f in figures if (f.unit, f.scale, f.subject, f.direction) == same and not f.ambiguous]
    alike = [f for f in alike if _part_of_a_year(f) == _part_of_a_year(like)]
    for among in (
        [f for f in alike if _measure(f) == _measure(like)],
        [f for f in alike if f == like or f.measure is None or like.measure is None],
    ):
        found: dict[int, list[Figure]] = {}
        for figure in among:
            if (year := _year(figure)) is not None:
                found.setdefault(year, []).append(figure)
        if len(found) > 1 and all(len(of_year) == 1 for of_year in found.values()):
            return {year: of_year[0] for year, of_year in found.items()}
    return {}


def wanted_years(across: Across, figures: dict[int, Figure]) -> tuple[int, ...]:
    """The years that are asked for, in the order of `figures`; empty where no year, or no one year, is."""
    amounts = {
        year: Decimal(f.value) * FACTORS[f.scale]
        for year, f in figures.items()
        if not across.years or across.wanted == "each" or year in across.years
    }
    if across.wanted == "each":
        return across.years if set(across.years) <= set(amounts) else ()
    if across.all_of_them and not set(across.years) <= set(amounts):
        return ()
    if across.wanted == "unsure" or len(amounts) < 2 or (across.pair and len(amounts) != 2):
        return ()
    if across.of_loss and any(amount < 0 for amount in amounts.values()):
        return ()
    if across.wanted == "given":
        return tuple(amounts)
    if across.wanted == "above":
        return tuple(year for year, amount in amounts.items() if amount > across.bound)
    if across.wanted == "below":
        return tuple(year for year, amount in amounts.items() if amount < across.bound)
    most = (max if across.wanted == "highest" else min)(amounts.values())
    first = tuple(year for year, amount in amounts.items() if amount == most)
    return first if len(first) == 1 else ()


def stands(across: Across, years: tuple[int, ...], compared: dict[int, Figure], figures: Sequence[Figure]) -> bool:
    """Whether `years` is the answer, too, where any figure of another year in the same unit is compared with those that
    were: what parts it from them may be a heading that was read for one year only."""
    like = next(iter(compared.values()))
    same = (like.unit, like.scale, like.subject)
    others = [f for f in figures if (f.unit, f.scale, f.subject) == same and _year(f) not in (None, *compared)]
    return all(wanted_years(across, {**compared, _year(f) or 0: f}) == years for f in others)


def year_label(year: int, figure: Figure) -> str:
    """The year as the figure's period prints it: 2014, or 2013/14."""
    period = figure.period or ""
    return str(year) if re.search(rf"(?<!\d){year}(?!\d)", period) and "/" not in period else period


def _part_of_a_year(figure: Figure) -> str:
    """The words that say that a figure is of less than a year ("six months"), none of what is of a year or a day."""
    found = _PART_OF_A_YEAR.search(f"{figure.period or ''} {figure.measure or ''}")
    return "" if found is None or (found[1] or "").lower() in ("12", "twelve", "52", "53") else found.group().lower()


def _year(figure: Figure) -> int | None:
    """The year that a figure's period ends in."""
    periods = find_periods(figure.period or "")
    return max(periods[-1].years) if periods else None


def _measure(figure: Figure) -> str:
    """What a figure measures, without the words for the period."""
    text = figure.measure or ""
    for period in reversed(find_periods(text)):
        text = text[: period.start] + text[period.end :]
    return re.sub(r"\W+", " ", _ABOUT_TIME.sub(" ", text)).strip().lower()

"""Is this figure, or this judgment, the expected one? Pure functions over an answer's records.

A matcher is never made looser so that an answer passes: what each demands is in its docstring. Text is compared as in
`words`, numbers as exact decimals.
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal

from index.numbers import FACTORS, SCALES
from index.periods import find_periods
from rag.records import AnswerFigure, AnswerJudgment

from .suite import ANY_UNIT, ExpectedFigure, ExpectedJudgment
from .words import contains, content_words, normalise, place_of, without_separators

Direction = Literal["increase", "decrease"]

ASPECT_OVERLAP = Decimal("0.6")  # share of the expected aspect's content words: half would mix up sister questions

_CURRENCIES = {"£": "GBP", "$": "USD", "us$": "USD", "€": "EUR", "¥": "JPY"}
_CURRENCY_CODE = re.compile(r"(GBP|USD|EUR|JPY|CHF|AUD|CAD|NZD|INR|CNY|SEK|NOK|DKK)\b", re.IGNORECASE)
_DIRECTIONS: tuple[tuple[Direction, re.Pattern[str]], ...] = (
    (
        "decrease",
        re.compile(
            r"\b(?:reduc\w*|decreas\w*|fall(?:s|ing|en)?|fell|drop(?:s|ped)?|declin\w*|lower(?:ed)?|loss(?:es)?|los[et]"
            r"|cuts?|cutting|minus|down by)\b"
        ),
    ),
    (
        "increase",
        re.compile(
            r"\b(?:increas\w*|ris(?:e|es|ing|en)|rose|grow(?:s|n|th|ing)?|grew|higher|gain(?:s|ed)?|plus|additional"
            r"|up by)\b"
        ),
    ),
)
_CLAUSE_END = re.compile(r"[,;:](?=\s)|[.!?](?=\s|$)|\n")
_AVERAGE = re.compile(r"\bengland (?:and|&) wales\b|\baverage\b|\ball forces\b")
_NAME = re.compile(r"\b[A-Z][a-z]+\b")


def amount(value: str, scale: str | None) -> Decimal | None:
    """`value` × `scale` exactly: 1,234.5 = 1234.5 = 1.2345 thousand. None where either cannot be read."""
    name = None if scale is None else SCALES.get(scale.strip().lower())
    if scale is not None and name is None:
        return None
    try:
        number = Decimal(without_separators(value))
    except InvalidOperation:
        return None
    return number * FACTORS[name] if number.is_finite() else None


def unit_class(unit: str | None) -> str:
    """A currency code, "percent", "percentage points", or "other" for whatever is counted and for no unit."""
    words = normalise(unit or "")
    if re.match(r"(?:percentage points?|percent points?|pp|ppts?)\b", words):
        return "percentage points"
    if re.match(r"(?:percent|per cent|percentage)\b|%", words):
        return "percent"
    if code := _CURRENCY_CODE.match(words):
        return code[1].upper()
    return next((name for sign, name in _CURRENCIES.items() if words.startswith(sign)), "other")


def stated_direction(text: str, figure: str) -> Direction | None:
    """The direction that words give to the first place of `figure` in `text`: the nearest direction word in its own
    clause, the one before it where two are as near. None where there is no such place or word."""
    text, figure = normalise(text), normalise(figure)
    at = place_of(text, figure)
    if at is None:
        return None
    ends = [m.start() for m in _CLAUSE_END.finditer(text)]
    start = max((e for e in ends if e < at), default=-1) + 1
    end = min((e for e in ends if e >= at + len(figure)), default=len(text))
    found: list[tuple[int, bool, Direction]] = []
    for direction, words in _DIRECTIONS:
        for word in words.finditer(text, start, end):
            before = word.end() <= at
            distance = at - word.end() if before else max(0, word.start() - at - len(figure))
            found.append((distance, not before, direction))
    return min(found)[2] if found else None


def figure_problem(expected: ExpectedFigure, figure: AnswerFigure, texts: Sequence[str]) -> str | None:
    """Why `figure` is not the expected one, None if it is. `texts` are the statement and the quotation.

    It is when value × scale are equal as decimals (or within the tolerance), the unit has the same class, and the sign
    is right. Without an expected direction, the printed sign must be the expected one. An expected decrease is a
    negative value, or a positive one to which the texts give the direction "decrease"; an expected increase is a
    positive value to which no text gives "decrease". Where both periods, or both subjects, are known, they must agree.
    The figure's own check must have passed.
    """
    wanted, said = amount(expected.value, expected.scale), amount(figure.value, figure.scale)
    if wanted is None or said is None or abs(abs(wanted) - abs(said)) > _allowance(expected):
        return "another value"
    if expected.unit != ANY_UNIT and unit_class(expected.unit) != unit_class(figure.unit):
        return "another unit"
    if not _same_sign(expected, wanted, said, {stated_direction(text, figure.text) for text in texts}):
        return "another sign"
    if _other_subject(expected.subject, figure.subject):
        return "another subject"
    if other_period(expected.period, figure.period):
        return "another period"
    return None if figure.check in ("in_quote", "derived") else "a failed check"


def _allowance(expected: ExpectedFigure) -> Decimal:
    """The tolerance as an amount: that many units of the last stated digit, times the scale."""
    _, _, decimals = expected.value.partition(".")
    return expected.tolerance * Decimal(1).scaleb(-len(decimals)) * FACTORS[expected.scale]


def _same_sign(expected: ExpectedFigure, wanted: Decimal, said: Decimal, stated: set[Direction | None]) -> bool:
    if wanted == 0:
        return True
    if expected.direction == "decrease":
        return said < 0 or ("decrease" in stated and "increase" not in stated)
    if expected.direction == "increase":
        return said > 0 and "decrease" not in stated
    return (wanted < 0) == (said < 0)


def _other_subject(expected: str | None, said: str | None) -> bool:
    """Whether two known subjects differ: one is an average over forces and the other is not, or each has a name that
    the other lacks ("Anyshire Police" and "Otherton Police"). "The force" has no name, so it differs from none."""
    if expected is None or said is None:
        return False
    if _is_average(expected) != _is_average(said):
        return True
    ours, theirs = frozenset(_NAME.findall(expected)), frozenset(_NAME.findall(said))
    return not _is_average(said) and bool(ours - theirs) and bool(theirs - ours)


def _is_average(subject: str) -> bool:
    return _AVERAGE.search(normalise(subject)) is not None


def other_period(expected: str | None, said: str | None) -> bool:
    """Whether two known periods differ: no period that one names can answer for one that the other names, in the sense
    of `index.periods` (2013/14 for the 12 months to March 2014, March 2010 to March 2015 for March 2015)."""
    wanted, given = find_periods(expected or ""), find_periods(said or "")
    if not wanted or not given:
        return False
    return not any(w.covers(g) or g.covers(w) for w in wanted for g in given)


def aspect_overlap(expected: str, said: str) -> Decimal:
    """The share, 0 to 1, of the expected aspect's content words that the said aspect has too."""
    wanted = content_words(expected)
    return Decimal(len(wanted & content_words(said))) / len(wanted) if wanted else Decimal(0)


def on_aspect(expected: ExpectedJudgment, judgments: Sequence[AnswerJudgment]) -> tuple[AnswerJudgment, ...]:
    """The judgments of the expected year that are on the expected aspect.

    For "overall": the answer's first judgment, and any whose aspect has the word "overall". Else those that share
    most of the expected aspect's content words, and at least `ASPECT_OVERLAP` of them.
    """
    if normalise(expected.aspect) == "overall":
        return tuple(
            judgment
            for i, judgment in enumerate(judgments)
            if judgment.year == expected.year and (i == 0 or contains(judgment.aspect, "overall"))
        )
    of_year = [(aspect_overlap(expected.aspect, j.aspect), j) for j in judgments if j.year == expected.year]
    most = max((overlap for overlap, _ in of_year), default=Decimal(0))
    return tuple(judgment for overlap, judgment in of_year if overlap == most >= ASPECT_OVERLAP)


def judgment_problem(
    expected: ExpectedJudgment, judgments: Sequence[AnswerJudgment], organisation: str | None
) -> str | None:
    """Why the judgments do not give the expected grade, None if they do.

    They do when one on the aspect in the year has the grade, none has another, none is of another organisation (where
    the case names one), and each check has passed.
    """
    found = on_aspect(expected, judgments)
    if not found:
        return "no judgment on this aspect in this year"
    if any(normalise(j.grade) != normalise(expected.grade) for j in found):
        return "another grade"
    named = [j.organisation for j in found if j.organisation is not None]
    if organisation is not None and any(normalise(name) != normalise(organisation) for name in named):
        return "another organisation"
    return None if all(j.check in ("in_quote", "derived") for j in found) else "a failed check"

"""Find where another report gives another value for what an answer states.

Two figures conflict only if nothing but the value tells them apart: the same kind of figure, whose it is, the period
that both print, and all that the question asks about in both places. Reports of different years may differ since one
tells what was planned and the other what came of it; which of them holds is for the reader to say, so both are given.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from index.numbers import FACTORS
from index.periods import find_periods
from index.records import Figure
from index.terms import terms

from .clauses import own_sentence
from .units import is_comparator, unit_class

if TYPE_CHECKING:
    from .compose import Choice

_NEAR = 3.0  # log-odds behind the figure stated, within which another is as good an answer
_SAID = 0.95  # of what the statement of the first says about the question, that the other's says too
_CHANGING = re.compile(
    r"\b(?:by|more|fewer|less|higher|lower|increas\w*|decreas\w*|reduc\w*|chang\w*)\b", re.IGNORECASE
)


def conflicting(first: "Choice", others: Sequence["Choice"]) -> "Choice | None":
    """The best of `others` (best first) that another report gives instead of the first, None where there is none."""
    return next((other for other in others if _conflict(first, other)), None)


def _conflict(one: "Choice", other: "Choice") -> bool:
    a, b = one.figure, other.figure
    first, second = one.ranked.evidence.report, other.ranked.evidence.report
    if first.twin_of == second.twin_of or first.organisation != second.organisation or first.organisation is None:
        return False
    if one.order - other.order > _NEAR or other.values["coverage"] < _SAID * one.values["coverage"]:
        return False
    if (unit_class(a), a.unit, a.direction, a.ambiguous or b.ambiguous) != (unit_class(b), b.unit, b.direction, False):
        return False
    if is_comparator(a.subject, first.organisation) or is_comparator(b.subject, second.organisation):
        return False
    return _same_period(a, b) and _same_measure(one, other) and not same_value(a, b)


def _same_period(a: Figure, b: Figure) -> bool:
    """Whether both print a period, and it is the same stretch of time, told as exactly."""
    periods = [find_periods(figure.period or "") for figure in (a, b)]
    if not all(len(found) == 1 for found in periods):
        return False
    one, other = periods[0][0], periods[1][0]
    return one.years == other.years and (one.fiscal, one.dated) == (other.fiscal, other.dated)


def _same_measure(one: "Choice", other: "Choice") -> bool:
    """Whether the words that say what is measured are the same, and both are levels or both are changes."""
    said = [set(terms(choice.figure.measure or "")) for choice in (one, other)]
    spoken = [own_sentence(c.ranked.evidence, c.figure) for c in (one, other)]
    changes = [_CHANGING.search(text) is not None for text in spoken]
    return bool(said[0] and said[1]) and (said[0] <= said[1] or said[1] <= said[0]) and changes[0] == changes[1]


def same_value(a: Figure, b: Figure) -> bool:
    """Whether the values are the same as exactly as the rounder of them is printed."""
    amounts = [Decimal(f.value) * FACTORS[f.scale] for f in (a, b)]
    steps = [Decimal(1).scaleb(Decimal(f.value).as_tuple().exponent) * FACTORS[f.scale] for f in (a, b)]  # type: ignore[arg-type]
    return abs(amounts[0] - amounts[1]) <= max(steps) / 2

"""Find where another report gives another value for what an answer states.

Two figures conflict only if nothing but the value tells them apart: the same unit, whose it is, the period that both
print, and the very same words about it. A plan, a bound, a part, a rate or a change is none of the amount itself. Which
of the two holds is for the reader to say, so both are given.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from index.numbers import FACTORS, find_numbers
from index.periods import find_periods
from index.records import Figure
from index.terms import terms

from .clauses import own_sentence
from .units import is_comparator, unit_class

if TYPE_CHECKING:
    from .compose import Choice
    from .understand import Question

_NEAR = 3.0  # log-odds behind the figure stated, within which another is as good an answer
_INEXACT = re.compile(  # a plan, a bound, a part, a rate, or a change: not the amount itself
    r"\b(?:about|around|approximately|nearly|almost|roughly|over|under|above|below|at least|at most|up to|more|fewer"
    r"|less|higher|lower|than|plan\w*|expect\w*|forecast\w*|project\w*|target\w*|aim\w*|intend\w*|will|would|could|should"
    r"|might|may|each|every|per|a (?:day|week|month|quarter)|quarter\w*|monthly|weekly|daily|first|last|increas\w*"
    r"|decreas\w*|reduc\w*|chang\w*|rise|rose|risen|fall|fell|fallen|cut|drop\w*|lost|lose|gain\w*|opened|closed|sold"
    r"|bought|added|removed|not|never|no|without|except|excluding|including)\b",
    re.IGNORECASE,
)


def conflicting(first: "Choice", others: Sequence["Choice"]) -> "Choice | None":
    """The best of `others` (best first) that another report gives instead of the first, None where there is none."""
    return next((other for other in others if _conflict(first, other)), None)


def rival_row(question: "Question", first: "Choice", others: Sequence["Choice"]) -> "Choice | None":
    """The best of `others` (best first) that stands under the same heading as the first, of the same period, in another
    group or table of the report, with another value, where the question names neither group; None where there is none:
    "Total fees" of the boats and "Total fees" of all."""
    if first.ranked.evidence.candidate.kind != "row" or question.derived is not None:
        return None
    asked = frozenset(terms(question.body))
    heading, groups, columns = _headed(first.figure)
    if not heading or groups & asked:
        return None
    for other in others:
        known = other.ranked.evidence
        if known.candidate.kind != "row" or known.report.twin_of != first.ranked.evidence.report.twin_of:
            continue
        named, its_groups, its_columns = _headed(other.figure)
        same = (heading, columns, unit_class(first.figure)) == (named, its_columns, unit_class(other.figure))
        near = first.order - other.order <= _NEAR and first.values["period"] == other.values["period"]
        if same and near and not its_groups & asked and not same_value(first.figure, other.figure):
            return other
    return None


def _headed(figure: Figure) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The terms of a cell's own row heading, of the groups that are not in it, and of its columns."""
    row, *columns = (figure.measure or "").split(", ")
    group, _, own = row.rpartition(": ")
    heading = frozenset(terms(own))
    return heading, frozenset(terms(group)) - heading, frozenset(terms(" ".join(columns)))


def _conflict(one: "Choice", other: "Choice") -> bool:
    a, b = one.figure, other.figure
    first, second = one.ranked.evidence.report, other.ranked.evidence.report
    if first.twin_of == second.twin_of or first.organisation != second.organisation or first.organisation is None:
        return False
    if one.order - other.order > _NEAR or a.ambiguous or b.ambiguous or a.direction or b.direction:
        return False
    if (unit_class(a), a.unit) != (unit_class(b), b.unit) or Decimal(a.value) == Decimal(b.value):
        return False
    if is_comparator(a.subject, first.organisation) or is_comparator(b.subject, second.organisation):
        return False
    texts = [_spoken(choice) for choice in (one, other)]
    if any(_INEXACT.search(text) for text in texts) or not _same_period(a, b) or same_value(a, b):
        return False
    said = [_words(text, first.organisation) for text in texts]
    return bool(said[0]) and said[0] == said[1]


def _spoken(choice: "Choice") -> str:
    """What speaks of the figure: its own sentence, or the headings of its cell."""
    if choice.ranked.evidence.candidate.kind == "row":
        return choice.figure.measure or ""
    return own_sentence(choice.ranked.evidence, choice.figure)


def _words(text: str, organisation: str) -> frozenset[str]:
    """The terms of a text without its periods, its numbers and the organisation's name."""
    spans = [(period.start, period.end) for period in find_periods(text)]
    for start, end in [*spans, *((number.start, number.end) for number in find_numbers(text))]:
        text = text[:start] + " " * (end - start) + text[end:]
    return frozenset(terms(text)) - frozenset(terms(organisation))


def _same_period(a: Figure, b: Figure) -> bool:
    """Whether both print a period, and it is the same stretch of time, told as exactly."""
    periods = [find_periods(figure.period or "") for figure in (a, b)]
    if not all(len(found) == 1 for found in periods):
        return False
    one, other = periods[0][0], periods[1][0]
    return one.years == other.years and (one.fiscal, one.dated) == (other.fiscal, other.dated)


def same_value(a: Figure, b: Figure) -> bool:
    """Whether the values are the same as exactly as the rounder of them is printed."""
    amounts = [Decimal(f.value) * FACTORS[f.scale] for f in (a, b)]
    steps = [Decimal(1).scaleb(Decimal(f.value).as_tuple().exponent) * FACTORS[f.scale] for f in (a, b)]  # type: ignore[arg-type]
    return abs(amounts[0] - amounts[1]) <= max(steps) / 2

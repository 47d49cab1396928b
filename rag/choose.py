"""Choose the figure of a statement that the question asks for: by unit, by whose it is, by period, by what it measures."""

import re
from collections.abc import Sequence

from index.numbers import CURRENCIES
from index.periods import years_in
from index.records import Figure
from index.terms import terms

from .features import Weight
from .retrieve import Evidence
from .understand import Question, UnitClass

# How much each agreement counts. Unit and subject come first: a figure in the wrong unit or of somebody else is wrong
# however near its words stand.
UNIT, SUBJECT, PERIOD, HEADINGS, NEARBY, PRINTED = 3.0, 3.0, 2.0, 3.0, 2.0, 1.5
_NEAR = 60  # characters on each side of a figure that speak of it
_CURRENCIES = frozenset(CURRENCIES.values())
_DURATION = re.compile(r"^(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_FROM_TO = re.compile(r"\bfrom\s+\S+(?:\s+(?:percent|per\s+cent|million))?\s+to\s+$|\bfrom\s+[^.;]{1,40}?\s+to\s+$", re.IGNORECASE)


def unit_class(figure: Figure) -> UnitClass:
    """The class of unit that a figure has."""
    if figure.unit in _CURRENCIES:
        return "money"
    if figure.unit == "percent":
        return "percent"
    if figure.unit == "percentage points":
        return "points"
    if figure.unit is not None and _DURATION.match(figure.unit):
        return "duration"
    return "count"


def wants(question: Question, subject: str | None, organisation: str | None) -> bool:
    """Whether the question asks for the figures of `subject`: its own, or those of what it is compared with."""
    other = is_comparator(subject, organisation)
    named = other and set(terms(subject or "")) <= set(terms(question.text))
    if other:
        return bool(named) or (question.compared and not _names_own(question, organisation))
    return not question.compared or _names_own(question, organisation)


def is_comparator(subject: str | None, organisation: str | None) -> bool:
    """Whether `subject` is somebody other than the organisation reported on."""
    return subject is not None and subject != organisation


def rank_figures(question: Question, evidence: Evidence, weight: Weight) -> tuple[tuple[float, Figure], ...]:
    """The figures of a statement with how well each fits the question, best first; ties keep the order of the text."""
    organisation = evidence.report.organisation
    compared_named = any(
        is_comparator(f.subject, organisation) and set(terms(f.subject or "")) <= set(terms(question.text))
        for f in evidence.figures
    )
    scored = [
        (_fit(question, evidence, figure, compared_named, weight), -position, figure)
        for position, figure in enumerate(evidence.figures)
    ]
    return tuple((fit, figure) for fit, _, figure in sorted(scored, key=lambda s: (-s[0], -s[1])))


def _fit(question: Question, evidence: Evidence, figure: Figure, compared_named: bool, weight: Weight) -> float:
    organisation = evidence.report.organisation
    fit = 0.0
    kind = unit_class(figure)
    if question.unit is not None:
        fit += UNIT if kind == question.unit else -UNIT
    other = is_comparator(figure.subject, organisation)
    asks_other = compared_named or (question.compared and not _names_own(question, organisation))
    fit += SUBJECT if other == asks_other else -SUBJECT
    fit += PERIOD * _period_fit(question, evidence, figure)
    if evidence.candidate.kind == "row":
        fit += HEADINGS * _share(question, figure.measure or "", weight)
    else:
        fit += NEARBY * _share(question, _nearby(evidence, figure), weight)
        fit += NEARBY * _share(question, f"{figure.unit or ''} {figure.measure or ''}", weight)
    if figure.text.strip("£$€%+-") in question.text:
        fit -= PRINTED  # the question states it already
    return fit


def _names_own(question: Question, organisation: str | None) -> bool:
    own = [t for t in terms(organisation or "")]
    return bool(own) and own[0] in terms(question.text)


def _period_fit(question: Question, evidence: Evidence, figure: Figure) -> float:
    if not question.years:
        return 0.0
    asked = set(question.years)
    if evidence.candidate.kind == "row":
        stated = set(years_in(figure.measure or "")) or set(years_in(figure.period or ""))
    else:
        stated = set(years_in(figure.period or ""))
        ends = _end_years(evidence, figure)
        if ends:
            stated = ends
    if not stated:
        return 0.2 if evidence.report.year in asked else 0.0
    if stated == asked:
        return 1.2
    if asked & stated:
        return 0.8
    return -1.0


def _end_years(evidence: Evidence, figure: Figure) -> set[int]:
    """In "between March 2010 and March 2015 … from 2,829 to 2,725" the first figure is of 2010, the second of 2015."""
    years = years_in(evidence.text)
    before = evidence.text[: figure.start - evidence.start]
    after = evidence.text[figure.end - evidence.start :]
    if len(years) != 2:
        return set()
    if _FROM_TO.search(before):
        return {max(years)}
    if re.search(r"\bfrom\s+$", before, re.IGNORECASE) and re.match(r"[^.;]{0,40}?\bto\b", after):
        return {min(years)}
    return set()


def _nearby(evidence: Evidence, figure: Figure) -> str:
    """The words around a figure, up to the next figure on each side."""
    starts = [f.start for f in evidence.figures if f.start > figure.start]
    ends = [f.end for f in evidence.figures if f.end <= figure.start]
    left = max([figure.start - _NEAR, evidence.start, *ends])
    right = min([figure.end + _NEAR, evidence.end, *starts])
    return evidence.text[left - evidence.start : right - evidence.start]


def _share(question: Question, text: str, weight: Weight) -> float:
    said = frozenset(terms(text))
    weights = [(weight(t), t in said) for t in question.terms]
    total = sum(w for w, _ in weights)
    return sum(w for w, present in weights if present) / total if total else 0.0



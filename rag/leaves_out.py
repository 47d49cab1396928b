"""Tell figures of what a question leaves out: "excluding the north", "before any adjustment", "after the allowance";
and those that it states itself: "how many of the 350", "the most deprived 10%".

Such a figure shares every word with the question, and is the one thing that it does not ask for.
"""

import re

from index.numbers import find_numbers
from index.records import Figure
from index.terms import terms

from .clauses import own_sentence
from .only_says import without_periods
from .retrieve import Evidence
from .understand import Question
from .units import unit_class
from .wording import OWN

_TO_THE_END = r"(?P<what>[^?,;()]+?)(?=\s+(?:in|for|at|during|on|over|as at|as of)\s+[^?]*\d|[?,;()]|\s*$)"
_EXCLUDING = re.compile(
    r"\b(?:excluding|excl\.?|exclusive of|other than|apart from|except(?: for)?|leaving out|ignoring|outside(?: of)?"
    rf"|(?:not|without) (?:counting|including))\s+(?:the\s+)?{_TO_THE_END}",
    re.IGNORECASE,
)
_SAYS_EXCLUDING = re.compile(
    r"\b(?:exclu\w+|excl\b|other|apart from|except\w*|without|non|not including|outside|rest of|remaining|ex)\b",
    re.IGNORECASE,
)
_UNADJUSTED = re.compile(
    r"\b(?:before|without|prior to|excluding|ignoring)\s+(?:any\s+|the\s+|all\s+)?"
    r"(?:adjust\w+|exceptional\w*|one[- ]offs?)"
    r"|\bunadjusted\b|\bstatutory\b|(?<!non-)(?<!non )\bGAAP\b",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(r"(?<!un)\b(?:adjusted|underlying|normali[sz]ed|pro[- ]forma|non-GAAP)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\b(?:after|net of|less|minus|following the deduction of)\s+(?:(?:the|its|their|any|all|deducting)\s+)*"
    rf"{_TO_THE_END}",
    re.IGNORECASE,
)
_DEDUCTS = frozenset(terms("less deduct deducted deduction minus"))
_BAND = re.compile(
    r"\b(?:most|least|top|bottom|highest|lowest|best|worst|richest|poorest)(?:[\s-](?!(?:of|in|at|the|was|were|is)\b)[a-z]+)?"
    r"\s+(?P<size>\d+(?:\.\d+)? ?(?:%|per ?cent\b))",
    re.IGNORECASE,
)
_BEFORE_BAND = re.compile(_BAND.pattern.partition(r"\s+(?P<size>")[0] + r"\s+$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_PER = re.compile(r"\b(?:per|each|every)\s+(?:[\d,]+\s+)?(?:head of\s+|member of\s+)?[\w’'-]+", re.IGNORECASE)


def is_left_out(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is of what the question leaves out, or one that the question itself states."""
    if question.derived is not None or question.across is not None:
        return False
    return (
        _is_excluded(question, evidence, figure)
        or _is_adjusted(question, evidence, figure)
        or _is_deducted(question, evidence, figure)
        or _is_stated(question, evidence, figure)
        or _is_a_band(question, evidence, figure)
        or _is_only_what_it_is_per(question, evidence, figure)
    )


def _row_heading(figure: Figure) -> str:
    """What heads the row of a figure, without the group that the row is in and without its columns."""
    return (figure.measure or "").split(", ")[0].rpartition(": ")[2]


def _is_excluded(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether something is to be left out, and a figure is of just that, or nothing says that it is without it."""
    found = _EXCLUDING.search(question.body)
    if found is None:
        return False
    what = frozenset(terms(without_periods(found["what"])))
    if not what:
        return False
    c = evidence.candidate
    row = c.kind == "row"
    label = frozenset(terms(_row_heading(figure) if row else figure.unit or ""))
    if row and label and label <= what:
        return True
    around = f"{figure.measure or ''} {c.header} {evidence.section[-1] if evidence.section else ''}"
    said = f"{around} {c.passage}" if row else f"{around} {own_sentence(evidence, figure)}"
    return _SAYS_EXCLUDING.search(said) is None


def _is_adjusted(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether what is not adjusted is asked for, and a figure is labelled as adjusted."""
    if _UNADJUSTED.search(question.body) is None or _ADJUSTED.search(question.body) is not None:
        return False
    row = evidence.candidate.kind == "row"
    return _ADJUSTED.search(figure.measure or "" if row else own_sentence(evidence, figure)) is not None


def _is_deducted(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether what is left after a deduction is asked for, and a row is the deduction itself."""
    found = _AFTER.search(question.body)
    if found is None or evidence.candidate.kind != "row":
        return False
    label = frozenset(terms(_row_heading(figure))) - _DEDUCTS
    what = frozenset(terms(without_periods(found["what"])))
    before = frozenset(terms(question.body[: found.start()]))
    return bool(label) and label <= what and not label <= before


def _is_stated(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether the question itself states the amount: it asks for another ("how many of the 350 were kept")."""
    if question.kind != "figure":
        return False
    for stated in find_numbers(question.body):
        if stated.kind == "quantity" and str(stated.value) == str(figure.value) and stated.scale == figure.scale:
            percent = stated.unit == "percent"
            return percent == (unit_class(figure) == "percent")
    return False


def _is_a_band(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is the size of a band ("the most deprived 20%"), or of another band than the one asked about."""
    if evidence.candidate.kind == "row":
        return False
    if _BEFORE_BAND.search(evidence.text[: figure.start - evidence.start]) is not None:
        return True
    asked = _BAND.search(question.body)
    if asked is None:
        return False
    told = [float(_DIGITS.findall(found["size"])[0]) for found in _BAND.finditer(own_sentence(evidence, figure))]
    return float(_DIGITS.findall(asked["size"])[0]) not in told


def _is_only_what_it_is_per(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether all that a figure has of what is asked is what it is per: "cost per head of population" where the
    population is asked for."""
    if _PER.search(question.body) is not None:
        return False
    heading = figure.measure or "" if evidence.candidate.kind == "row" else own_sentence(evidence, figure)
    if _PER.search(heading) is None:
        return False
    asked = frozenset(question.terms) - OWN - frozenset(terms(evidence.report.organisation or ""))
    return bool(asked & frozenset(terms(heading))) and not asked & frozenset(terms(_PER.sub(" ", heading)))

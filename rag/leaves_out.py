"""Tell figures of what a question leaves out: "excluding the north", "before any adjustment", "after the allowance";
and those that it states itself: "how many of the 350", "the most deprived 10%".

Such a figure shares every word with the question, and is the one thing that it does not ask for.
"""

import re

from index.numbers import find_numbers
from index.records import Figure
from index.terms import terms

from .clauses import clause, own_sentence
from .only_says import without_periods
from .retrieve import Evidence
from .understand import Question
from .units import unit_class
from .wording import OWN

_TO_THE_END = r"(?P<what>[^?,;()]+?)(?=\s+(?:in|for|at|during|on|over|as at|as of)\s+[^?]*\d|[?,;()]|\s*$)"
_EXCLUDING = re.compile(
    r"\b(?:excluding|excl\.?|exclusive of|other than|apart from|except(?: for)?|with the exception of|leaving out"
    rf"|ignoring|besides|bar|(?:not|without) (?:counting|including))\s+(?:the\s+)?{_TO_THE_END}",
    re.IGNORECASE,
)
_SAYS_EXCLUDING = re.compile(
    r"\b(?:exclu\w+|excl\b|other|apart from|except\w*|without|non|not including|outside|external|rest of|remaining|ex"
    r"|net of|before|less|pre|underlying|adjusted)\b",
    re.IGNORECASE,
)
_UNADJUSTED = re.compile(
    r"\b(?:before|without|prior to|excluding|ignoring)\s+(?:any\s+|the\s+|all\s+)?adjust\w+|\bunadjusted\b"
    r"|(?:\bstatutory|(?<!non-)(?<!non )\bGAAP)\s+(?:[\w-]+\s+)?"
    r"(?:profits?|earnings|EPS|income|loss(?:es)?|results?)\b",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(
    r"(?<!un)\b(?:adjusted|adj\.|underlying|normali[sz]ed|pro[- ]forma|non-GAAP)(?![\w-])", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:after|net of|less(?! than\b)|minus|following the deduction of)\s+"
    rf"(?:(?:the|its|their|any|all|deducting)\s+)*{_TO_THE_END}",
    re.IGNORECASE,
)
_DEDUCTS = frozenset(terms("less deduct deducted deduction minus"))
_DEDUCTION = re.compile(r"^\W*(?:less|deduct\w*|minus)\b", re.IGNORECASE)
_IS_DEDUCTED = frozenset(
    terms(
        "tax allowance provision interest depreciation amortisation amortization impairment deduction expense cost"
        " charge discount rebate levy reserve"
    )
)
_SUPERLATIVE = (
    r"(?:\b(?P<end>top|bottom)|(?<!\bat )\b(?P<most>most|least)[\s-](?!(?:of|in|at|the|was|were|is)\b)(?P<what>[a-z]+)"
    r"|\bthe\s+(?P<est>highest|lowest|best|worst|richest|poorest))"
)
_SIZE = r"(?P<size>\d+(?:\.\d+)? ?(?:%|per ?cent\b)|fifth\b|quintile\b|tenth\b|decile\b|quarter\b)"
_BAND = re.compile(rf"{_SUPERLATIVE}\s+{_SIZE}", re.IGNORECASE)
_BAND_TURNED = re.compile(rf"{_SIZE}\s+(?P<most>most|least)[\s-](?P<what>[a-z]+)", re.IGNORECASE)
_BEFORE_BAND = re.compile(rf"{_SUPERLATIVE}\s+$", re.IGNORECASE)
_SHARES = {"fifth": 20.0, "quintile": 20.0, "tenth": 10.0, "decile": 10.0, "quarter": 25.0}
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_ALL = re.compile(r"\b(?:all(?: of)?(?: (?:the|these|its|their))?|each of the)\s+$", re.IGNORECASE)
_PER = re.compile(r"\b(?:per|each|every)\s+(?:[\d,]+\s+)?(?:head of\s+|member of\s+)?[\w’'-]+", re.IGNORECASE)
_PRICE = re.compile(r"\bhow much\b|\bcosts?\b|\bcharg\w+|\bpric\w+|\bfees?\b", re.IGNORECASE)


def is_left_out(question: Question, evidence: Evidence, position: int) -> bool:
    """Whether the figure at `position` is of what the question leaves out, or one that the question itself states."""
    if question.derived is not None or question.across is not None:
        return False
    figure = evidence.figures[position]
    return (
        _is_excluded(question, evidence, figure)
        or _is_adjusted(question, evidence, position)
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


def _is_adjusted(question: Question, evidence: Evidence, position: int) -> bool:
    """Whether what is not adjusted is asked for, and a figure is labelled as adjusted."""
    if _UNADJUSTED.search(question.body) is None or _ADJUSTED.search(question.body) is not None:
        return False
    row = evidence.candidate.kind == "row"
    label = evidence.figures[position].measure or "" if row else " ".join(clause(evidence, position))
    return _ADJUSTED.search(label) is not None and _UNADJUSTED.search(label) is None


def _is_deducted(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether what is left after a deduction is asked for, and a row is the deduction itself."""
    found = _AFTER.search(question.body)
    if found is None or evidence.candidate.kind != "row":
        return False
    heading = _row_heading(figure)
    label = frozenset(terms(heading)) - _DEDUCTS
    what = frozenset(terms(without_periods(found["what"])))
    before = frozenset(terms(question.body[: found.start()]))
    deducted = _DEDUCTION.match((figure.measure or "").strip()) is not None or label & _IS_DEDUCTED
    return bool(label and deducted) and label <= what and not label <= before


def _is_stated(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether the question itself states the amount, of the same thing: it asks for another ("how many of the 350 were
    kept"). All of them may be what is told."""
    if question.kind != "figure":
        return False
    row = evidence.candidate.kind == "row"
    if not row and _ALL.search(evidence.text[: figure.start - evidence.start]) is not None:
        return False
    unit = frozenset(terms(figure.unit or ""))
    for stated in find_numbers(question.body):
        same = stated.kind == "quantity" and stated.value == _value(figure) and stated.scale == figure.scale
        if not same or (stated.unit == "percent") != (unit_class(figure) == "percent"):
            continue
        counted = frozenset(terms(question.body[stated.end :])[:2])
        return unit_class(figure) not in ("count", "duration") or not unit or bool(unit & counted)
    return False


def _value(figure: Figure) -> object:
    return next((number.value for number in find_numbers(figure.text) if number.kind == "quantity"), None)


def _is_a_band(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is the size of a band ("the most deprived 20%"), or of another band than the one asked about."""
    if evidence.candidate.kind == "row":
        return False
    before = evidence.text[: figure.start - evidence.start]
    if unit_class(figure) == "percent" and _BEFORE_BAND.search(before) is not None:
        return True
    asked = _bands(question.body)
    return bool(asked) and not asked <= _bands(own_sentence(evidence, figure))


def _bands(text: str) -> frozenset[tuple[str, float]]:
    """The bands that a text names, each by its superlative and its size in percent."""
    bands = set()
    for pattern in (_BAND, _BAND_TURNED):
        for found in pattern.finditer(text):
            told = {name: (word or "").lower() for name, word in found.groupdict().items()}
            which = f"{told['most']} {told['what']}".strip() or told.get("end") or told.get("est") or ""
            bands.add((which, _SHARES.get(told["size"]) or float(_DIGITS.findall(told["size"])[0])))
    return frozenset(bands)


def _is_only_what_it_is_per(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether all that a figure has of what is asked is what it is per: "cost per head of population" where the
    population is asked for."""
    if _PER.search(question.body) is not None or _PRICE.search(question.body) is not None:
        return False
    heading = figure.measure or "" if evidence.candidate.kind == "row" else own_sentence(evidence, figure)
    if _PER.search(heading) is None:
        return False
    asked = frozenset(question.terms) - OWN - frozenset(terms(evidence.report.organisation or ""))
    return bool(asked & frozenset(terms(heading))) and not asked & frozenset(terms(_PER.sub(" ", heading)))

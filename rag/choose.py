"""Choose the figure of a statement that the question asks for: by unit, whose it is, period and what it measures."""

import re
from collections.abc import Iterable

from index.numbers import CURRENCIES
from index.periods import find_periods, years_in
from index.records import Figure
from index.sentences import sentence_spans
from index.terms import terms

from .features import Weight
from .retrieve import Evidence
from .understand import Question, UnitClass

# How much each agreement counts. Unit and subject come first: a figure in the wrong unit or of somebody else is wrong
# however near its words stand.
UNIT, SUBJECT, PERIOD, HEADINGS, BEFORE, AFTER, PRINTED, AHEAD, CHANGE, COUNTED, OWN, EXACT = (
    3.0, 3.0, 2.0, 5.0, 2.0, 2.5, 1.5, 0.6, 3.0, 2.0, 2.0, 3.0
)  # fmt: skip
FIT_WEIGHT = 0.45  # of a figure's fit against the log-odds of its statement
_CURRENCIES = frozenset(CURRENCIES.values())
_DURATION = re.compile(r"^(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_CLAUSE_START = re.compile(
    r"[,;:(]\s|\band\b|\bbut\b|\bwhile\b|\bwith\b|\bthan\b|\bcompared\b|\bin line with\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"[,;:()]|\.\s|\band\b|\bbut\b|\bwhile\b|\bcompared\b|\bthan\b|\bin line with\b|\bwhich\b", re.IGNORECASE
)
_TO = re.compile(r"\bfrom\s+[^.;]{1,60}?\s+to\s+(?:about|around|nearly|some)?\s*$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:about|around|nearly|some)?\s*$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:chang\w*|increas\w*|decreas\w*|reduc\w*|rise[ns]?|rose|fall(?:en)?|fell|gr[eo]w\w*|growth"
    r"|cut|drop\w*|shr[iu]nk|difference|variance|(?:go|goes|going|went|gone|come|came) (?:up|down))\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:planned?|plans|will|projected|expected|forecast|target|by (?:the end|march|april|20)|rise "
    r"to|increase to|reach|down to|up to|left|remaining)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:had been|used to|before|previously|originally|initially|started|baseline|to begin with|at "
    r"the (?:start|outset))\b",
    re.IGNORECASE,
)


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


def is_comparator(subject: str | None, organisation: str | None) -> bool:
    """Whether `subject` is somebody other than the organisation reported on."""
    return subject is not None and subject != organisation


def asks_other(question: Question, evidence: Iterable[Evidence]) -> bool:
    """Whether the question asks for the figures of what the organisation is compared with, not for its own.

    What it may be compared with is known from the figures of all the evidence.
    """
    asked = set(terms(question.text))
    for piece in evidence:
        organisation = piece.report.organisation
        for figure in piece.figures:
            if is_comparator(figure.subject, organisation) and set(terms(figure.subject or "")) <= asked:
                return not _compares_own(question, organisation)
        if _names_own(question, organisation):
            return False
    return question.compared


def rank_figures(
    question: Question, evidence: Evidence, other: bool, weight: Weight
) -> tuple[tuple[float, Figure], ...]:
    """The figures of a statement that can answer, with how well each fits the question, best first.

    A figure in another unit than the one asked for cannot, nor the organisation's own where the question asks for
    others' (`other`, as `asks_other` said of it); ties keep the order of the text.
    """
    scored = [
        (_fit(question, evidence, position, other, weight), position, figure)
        for position, figure in enumerate(evidence.figures)
        if (question.unit is None or unit_class(figure) == question.unit)
        and (not other or is_comparator(figure.subject, evidence.report.organisation))
    ]
    return tuple((fit, figure) for fit, _, figure in sorted(scored, key=lambda s: (-s[0], s[1])))


def _fit(question: Question, evidence: Evidence, position: int, other: bool, weight: Weight) -> float:
    figure = evidence.figures[position]
    fit = 0.0
    if other or not is_comparator(figure.subject, evidence.report.organisation):
        fit += SUBJECT
    if question.unit is not None:
        fit += UNIT
    fit += PERIOD * _period_fit(question, evidence, figure)
    if evidence.candidate.kind == "row":
        fit += HEADINGS * share(question, figure.measure or "", weight)
        fit += CHANGE if _asks_change(question) == _is_change(figure) else -CHANGE
        fit += EXACT * _exactness(question, figure)
    else:
        before, after = _clause(evidence, position)
        fit += OWN * share(question, _own_sentence(evidence, figure), weight)
        fit += BEFORE * share(question, before, weight) + AFTER * share(question, after, weight)
        fit += AHEAD * _direction_fit(question, evidence, figure)
        if _asks_change(question) != (figure.direction is not None):
            fit -= CHANGE / 3
    if question.unit != "duration" and unit_class(figure) == "duration":
        fit -= UNIT
    if question.counted:
        named = set(terms(f"{figure.unit or ''} {figure.measure or ''}"))
        fit += COUNTED * (question.counted[-1] in named) + len(named & set(question.counted)) / len(question.counted)
        if not set(question.counted) & set(terms(f"{evidence.candidate.meaning} {evidence.candidate.header}")):
            fit -= UNIT
    if re.search(rf"(?<![\d.,]){re.escape(figure.text.strip('£$€%+-−–'))}(?![\d,]|\.\d)", question.text):
        fit -= PRINTED  # the question states it already
    return fit


def _exactness(question: Question, figure: Figure) -> float:
    """The share (0 to 1) of a row heading's terms that the question has: "Police officers" is nearer to a question
    about police officers than "Police officers in frontline roles"."""
    heading = set(terms((figure.measure or "").split(", ")[0]))
    return len(heading & set(question.terms)) / len(heading) if heading else 0.0


def _asks_change(question: Question) -> bool:
    return _CHANGE.search(question.text) is not None


def _is_change(figure: Figure) -> bool:
    """Whether a cell holds a change and not a level: its headings say so, or it is printed with a sign."""
    return _CHANGE.search(figure.measure or "") is not None or figure.text[:1] in "+-−–"


def _names_own(question: Question, organisation: str | None) -> bool:
    own = terms(organisation or "")
    return bool(own) and own[0] in terms(question.text)


def _compares_own(question: Question, organisation: str | None) -> bool:
    """Whether the other is named only as what the organisation's own figure is compared with."""
    against = re.search(r"\b(?:compared (?:to|with)|against|versus|vs|than)\b", question.text, re.IGNORECASE)
    return against is not None and _names_own(question, organisation)


def _period_fit(question: Question, evidence: Evidence, figure: Figure) -> float:
    if not question.years:
        return 0.0
    asked = set(question.years)
    if evidence.candidate.kind != "row":
        ends = _end_years(evidence, figure)
        if ends:
            return 1.0 if max(asked) in ends or asked <= ends else -1.0
    stated = find_periods(figure.measure or "") if evidence.candidate.kind == "row" else ()
    stated = stated or find_periods(figure.period or "")
    if not stated:
        if any(p.dated or p.fiscal for p in question.periods):
            return -0.3
        return 0.2 if evidence.report.year in asked else 0.0
    years = {year for period in stated for year in period.years}
    if years == asked:
        return 1.2
    if len(years) == len(asked) == 2 and not any(p.fiscal for p in (*stated, *question.periods)):
        return -1.0  # from 2016 to 2020 is not from 2010 to 2016
    return 0.8 if any(s.covers(p) for s in stated for p in question.periods) else -1.0


def _end_years(evidence: Evidence, figure: Figure) -> set[int]:
    """In "between March 2010 and March 2015 … from 2,829 to 2,725" the first figure is of 2010, the second of 2015.

    Where the sentence names no two years, those of its passage are taken, if they are two.
    """
    own = set(years_in(evidence.text))
    years = own if len(own) == 2 else set(years_in(evidence.candidate.passage))
    if len(years) != 2 or len(own) == 1:
        return set()
    before = evidence.text[: figure.start - evidence.start]
    if _TO.search(before):
        return {max(years)}
    return {min(years)} if _FROM.search(before) else set()


def _direction_fit(question: Question, evidence: Evidence, figure: Figure) -> float:
    """Of "from A to B", B answers what is planned or reached, and A what was before."""
    before = evidence.text[: figure.start - evidence.start]
    later, earlier = _LATER.search(question.text) is not None, _EARLIER.search(question.text) is not None
    if _TO.search(before):
        return 0.5 + later - earlier
    if _FROM.search(before):
        return 0.0 + earlier - later
    return 0.0


def _own_sentence(evidence: Evidence, figure: Figure) -> str:
    """The sentence that the figure stands in, where the statement has two."""
    at = figure.start - evidence.start
    spans = sentence_spans(evidence.text)
    return next((evidence.text[s:e] for s, e in spans if s <= at < e), evidence.text)


def _clause(evidence: Evidence, position: int) -> tuple[str, str]:
    """The words that speak of a figure: its clause before it and after it, up to the neighbouring figures."""
    figure = evidence.figures[position]
    left = max([evidence.start, *(f.end for f in evidence.figures if f.end <= figure.start)])
    right = min([evidence.end, *(f.start for f in evidence.figures if f.start >= figure.end)])
    before = evidence.text[left - evidence.start : figure.start - evidence.start]
    after = evidence.text[figure.end - evidence.start : right - evidence.start]
    before = re.split(r"(?<=[.!?])\s+(?=[A-Z])", before)[-1]
    if _TO.search(evidence.text[: figure.start - evidence.start]) or _FROM.search(before):
        return evidence.text[: figure.start - evidence.start], ""  # both ends of a change share what changes
    starts = [m.end() for m in _CLAUSE_START.finditer(before)]
    if left > evidence.start and starts:
        before = before[starts[0] :]
    ended = _CLAUSE_END.search(after)
    return before, after[: ended.start()] if ended is not None else after


def share(question: Question, text: str, weight: Weight) -> float:
    """The share (0 to 1) of the question's term weight that `text` has."""
    said = frozenset(terms(text))
    weights = [(weight(t), t in said) for t in question.terms]
    total = sum(w for w, _ in weights)
    return sum(w for w, present in weights if present) / total if total else 0.0

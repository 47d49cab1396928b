"""The figures of one measure, as the reports state them: which can be points of a timeline, each for its own period.

A figure counts if its headings or its sentence speak of exactly what is asked (`rag/phrases.py`), the sentence states
it plainly (`rag/asserted.py`), it is the organisation's own (or another's, where that is asked), and its period is
plain. Nothing is computed.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from index.numbers import FACTORS
from index.periods import Period, find_periods
from index.records import Figure
from index.terms import terms

from .asserted import asserts
from .clauses import clause, own_sentence
from .fit import is_anothers
from .phrases import WHOLE, heads_exactly, speaks_of
from .retrieve import Evidence
from .understand import Question
from .units import is_comparator, unit_class

CHANGE = re.compile(
    r"\b(?:chang\w*|increas\w*|decreas\w*|reduc\w*|rise|fall|growth|cuts?|drop|difference)\b", re.IGNORECASE
)
_CHANGED_BY = re.compile(
    r"\b(?:increase|decrease|reduction|rise|fall|growth|cut|drop|loss|change|difference|by|additional|extra|further"
    r"|another|majority|most|half|part|some|share|proportion)\s+(?:of\s+)?(?:(?:about|around|nearly|almost|over|the)\s+)?$",
    re.IGNORECASE,
)  # fmt: skip
_MORE = re.compile(r"\s*(?:\w+\s+)?(?:fewer|more|less|extra|additional|further|higher|lower|new)\b", re.IGNORECASE)
_COMPARED_WITH = re.compile(
    r"\b(?:than|compared\s+(?:with|to)|since|against|versus|on|from|until)\s+(?:(?:in|at|by|for|the\s+end\s+of|that|those"
    r"|of)\s+)*$",
    re.IGNORECASE,
)
_ON, _DAY = (
    re.compile(r"(?<!\w)on\s+$", re.IGNORECASE),
    re.compile(r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\s+[A-Z]|[A-Z]\w+\.?\s+\d{1,2},"),
)
_UP_ON = re.compile(
    r"(?:\b(?:up|down|more|fewer|less|higher|lower|better|worse|rise|fall|increase|decrease|reduction|growth|cut|drop|change"
    r"|improvement|percent|per\s+cent)\b|%)[^.;]{0,30}\bon\s+$",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:than|compared|since|against|versus|while|whereas|but)\b|;", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|forecast\w*|project(?:ed|ion|ions)|expect(?:s|ed|ing)?|anticipat\w+|target(?:s|ed)?"
    r"|budget(?:ed|s)?|estimat\w+|intends?|intended|proposed|aims?|will|predict\w+)\b",
    re.IGNORECASE,
)  # fmt: skip
_ACTUAL = re.compile(r"\b(?:actual|outturn|audited|restated)\b", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_PART = re.compile(r"([\w’'-]+)\s+of\s+(?:(?:about|around|nearly|almost|over|some)\s+)?$", re.IGNORECASE)
JUST_BEFORE = 30  # characters before a figure within which a word says that a past value had been planned


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A period to order and compare by: its last year, and the month that it ends in (0 where it names none; a budget
    year such as 2014/15 is 13). 31 March 2015 and March 2015 are the same."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that may be a point: `when` is None where the report gives no period for it."""

    evidence: Evidence
    position: int
    when: When | None
    planned: bool

    @property
    def figure(self) -> Figure:
        """The figure as it is printed."""
        return self.evidence.figures[self.position]

    @property
    def place(self) -> tuple[str, int]:
        """Where the figure stands: report and offset."""
        return self.evidence.report.report_id, self.figure.start

    @property
    def amount(self) -> Decimal:
        """The value with its scale."""
        return Decimal(self.figure.value) * FACTORS[self.figure.scale]

    @property
    def counted_in(self) -> str:
        """What it is counted in, so that like is put beside like: a currency, percent, a rate, or a count."""
        unit, kind = self.figure.unit or "", unit_class(self.figure)
        return unit if kind in ("money", "duration") or unit.startswith("per ") else kind


def when(text: str | None, *, spans: bool = False) -> When | None:
    """The period that `text` names, None where it names none, several, or a span of years (unless `spans`)."""
    found = find_periods(text or "")
    if len(found) != 1:
        return None
    (period,) = found
    if len(period.years) > 1 and not period.fiscal and not spans:
        return None
    return _when(period)


def measured(asked: frozenset[str], question: Question, evidence: Evidence, *, other: bool) -> tuple[Measured, ...]:
    """The figures of a statement that can be points of a timeline of `asked`, the terms of the measure."""
    organisation = evidence.report.organisation
    change = CHANGE.search(question.text) is not None
    found: list[Measured] = []
    for position, figure in enumerate(evidence.figures):
        if figure.ambiguous or is_anothers(evidence, position) != other:
            continue
        own = {*terms(organisation or ""), *(terms(figure.subject or "") if other else ())}
        if question.unit is not None and unit_class(figure) != question.unit:
            continue
        if evidence.candidate.kind == "row":
            fits = _row_fits(asked - own, evidence, figure, own)
            period = when(figure.period, spans=change)
            plain = period is not None
        elif evidence.candidate.kind == "sentence":
            named = (frozenset(question.counted) & asked or asked) - own
            fits = _sentence_fits(asked - own, named, evidence, position, own, change=change)
            plain, period = _sentence_period(evidence, figure, spans=change)
        else:
            continue
        planned = _is_planned(evidence, position, period)
        if fits and plain and not (period is None and planned):  # what is planned for no one knows when is no point
            found.append(Measured(evidence, position, period, planned))
    return tuple(found)


def whose(point: Measured) -> str | None:
    """Whose the figure is: the report's organisation, or the one that it is compared with."""
    subject, organisation = point.figure.subject, point.evidence.report.organisation
    return subject if is_comparator(subject, organisation) else organisation


def _row_fits(asked: frozenset[str], evidence: Evidence, figure: Figure, own: Collection[str]) -> bool:
    return heads_exactly(asked, figure.measure or "", evidence.candidate.meaning, own)


def _sentence_fits(
    asked: frozenset[str],
    named: frozenset[str],
    evidence: Evidence,
    position: int,
    own: Collection[str],
    *,
    change: bool,
) -> bool:
    figure = evidence.figures[position]
    sentence = own_sentence(evidence, figure)
    at = figure.start - evidence.start
    before, after = evidence.text[:at], evidence.text[at + len(figure.text) :]
    if not change and (figure.direction is not None or _MORE.match(after) or _CHANGED_BY.search(before)):
        return False
    part = _PART.search(before)
    if part is not None and part[1].lower() not in WHOLE and not set(terms(part[1])) <= asked | set(own):
        return False  # "a core of 200"
    unit = figure.unit or ""
    counted = unit_class(figure) == "count" and unit and not unit.startswith("per ")
    if counted and not set(terms(unit)) & (asked | set(own)):
        return False  # another noun is counted
    beside = " ".join(clause(evidence, position))
    if not (named & set(terms(beside)) and speaks_of(asked, named, sentence, own)):
        return False
    return asserts(evidence, position, asked, own, change=change)


def _sentence_period(evidence: Evidence, figure: Figure, *, spans: bool) -> tuple[bool, When | None]:
    """Whether it is plain which period a figure is of, and the period; plain, and None, where no period is named."""
    text, at = evidence.text, figure.start - evidence.start
    named = find_periods(text)
    if not named:
        return True, None
    period = when(figure.period, spans=spans)
    same = [p for p in named if figure.period is not None and p.text == figure.period]
    if period is None or not same:
        return False, None
    nearest = min(same, key=lambda p: min(abs(p.start - at), abs(p.end - at)))
    if _is_compared_with(nearest, text[: nearest.start]):
        return False, None
    if len({_when(p) for p in named}) == 1:
        return True, period
    first, last = sorted(((at, at + len(figure.text)), (nearest.start, nearest.end)))
    between = text[first[1] : last[0]]
    others = any(first[1] <= f.start - evidence.start < last[0] for f in evidence.figures)
    return not others and not find_periods(between) and _TURN.search(between) is None, period


def _is_compared_with(period: Period, before: str) -> bool:
    """Whether the words before a period make it the one that is compared with: "on" does not before a day."""
    if _ON.search(before) and _DAY.match(period.text):
        return _UP_ON.search(before) is not None
    return _COMPARED_WITH.search(before) is not None


def _is_planned(evidence: Evidence, position: int, period: When | None) -> bool:
    """Whether the words at a figure say that it was planned, forecast or the like.

    What a caption or a sentence says of plans holds for what lay ahead of the report, not for where they start from.
    """
    figure, year = evidence.figures[position], evidence.report.year
    ahead = period is not None and year is not None and period.year > year
    if evidence.candidate.kind == "row":
        heading = figure.measure or ""
        if _PLANNED.search(heading):
            return True
        around = f"{evidence.candidate.meaning} {' '.join(evidence.section[-1:])}"
        return ahead and not _ACTUAL.search(heading) and _PLANNED.search(around) is not None
    if ahead:
        return _PLANNED.search(own_sentence(evidence, figure)) is not None
    before, after = clause(evidence, position)
    if period is None or year is None or period.year == year:
        return _PLANNED.search(f"{before} | {after}") is not None
    return _PLANNED.search(before[-JUST_BEFORE:]) is not None


def _when(period: Period) -> When:
    month = _MONTH.findall(period.text)
    number = _MONTHS.index(month[-1].lower()) + 1 if month else 13 if period.fiscal else 0
    return When(max(period.years), number)

"""How well a figure fits a question: plain measures of unit, owner, period and of the words that speak of it.

The weights stand in `figures.json`, with what they were fitted on (`training/fit_figures.py`). The same measures are
taken of figures in prose and of cells of tables; those that the other kind has not are 0.
"""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.periods import Period, find_periods, years_in
from index.records import Figure
from index.terms import terms

from .asking import CHANGE, CHANGED_BY, PER, Asked, is_left, is_reached
from .clauses import CHAIN, CHAINED, FROM, TO, beside_figure, clause, end_years, in_turn, own_sentence
from .features import Weight
from .levels import says_change
from .retrieve import Evidence
from .understand import Question
from .units import is_comparator, is_signed_alone, unit_class

WEIGHTS = Path(__file__).with_name("figures.json")
NAMES = (
    "other_as_asked",  # it is another's figure, and another's is asked for
    "other_unasked",  # it is another's figure, and the organisation's own is asked for
    "own_unasked",  # the other way round
    "other_own_named",  # it is another's, and the question names the organisation itself
    "unit_same",
    "unit_bare",  # a unit is asked for, and the figure is printed without any
    "unit_likely",  # no unit is asked for outright, and it has the one that is likely to be meant
    "unit_unlikely",
    "unit_currency",  # nothing tells the unit, and it is money
    "unit_percent",
    "per_same",  # a rate per something is asked for and stated
    "per_lacks",
    "duration_unasked",
    "period_same",  # exactly the period asked for
    "period_fits",  # it touches the period asked for
    "period_other",
    "period_unstated",  # neither the question nor the figure has one
    "period_silent",  # the question has one, the figure none
    "counts_the_noun",  # its unit or measure ends in the noun that is counted
    "counts_another",  # it is counted in a noun that is not the one asked about
    "counts_share",  # share of the counted noun's terms in its unit and measure
    "noun_absent",
    "reference_beside",  # "Grade 1" is asked about, and stands beside the figure; less where "Grade 2" does
    "names_beside",  # share of the question's proper names, as written, beside the figure
    "printed_in_question",
    "prose_sentence",  # shares of the question's term weight: in the figure's own sentence
    "prose_before",  # in its clause before it
    "prose_after",  # in its clause after it
    "prose_near",  # within NEAR characters of it
    "prose_in_turn",  # in what it stands for in "A and B were 1 and 2 respectively"
    "prose_reached",  # the end of a change, "to B", where what is reached or planned is asked for, and the reverse
    "prose_to",
    "prose_from",
    "prose_change_unasked",  # the figure is a change, and none is asked for
    "prose_change_unstated",  # the other way round
    "change_wanted",  # the question asks for nothing but a change ("how many fewer"), and the figure is none
    "direction_same",  # the change is in the direction asked for
    "direction_opposite",
    "prose_first",
    "prose_alone",
    "row_headings",  # share of the question's term weight in the cell's headings
    "row_exact",  # share of the row heading's terms that the question has
    "row_column",  # share of the column headings' terms that the question has
    "row_change_unasked",
    "row_change_unstated",
    "row_first",
)
_PERIOD_SAME, _PERIOD_OTHER = NAMES.index("period_same"), NAMES.index("period_other")
_OTHER_AS_ASKED, _OTHER_UNASKED = NAMES.index("other_as_asked"), NAMES.index("other_unasked")
_OWN_UNASKED = NAMES.index("own_unasked")
_CHANGE_WANTED, _DIRECTION_OPPOSITE = NAMES.index("change_wanted"), NAMES.index("direction_opposite")
NEAR = 45  # characters
_COMPARES = re.compile(
    r"\)?\s*(?:\w+\s+){0,2}(?:fewer|more|less|higher|lower|reduction|increase|fall|drop|rise|short of|below|above"
    r"|behind|ahead of)\b",
    re.IGNORECASE,
)
_FEWER_AFTER = re.compile(r"\s*(?:\w+\s+)?(?:fewer|less|lower)\b", re.IGNORECASE)
_MORE_AFTER = re.compile(r"\s*(?:\w+\s+)?(?:more|higher|extra|additional)\b", re.IGNORECASE)
_CHANGE_OF = re.compile(
    rf"{CHANGE.pattern}[^.;]{{0,140}}\b(?:of|by)\s+(?:\w+\s+){{0,3}}$|\bby\s+(?:\w+\s+){{0,2}}$"
    r"|\b(?:declin\w*|fell|fall\w*|rose|ris\w+|grew|grow\w*|los(?:e|es|t|ing)|gain\w*|drop\w*|shed|cut|add(?:s|ed)?)"
    r"\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_MORE_OR_LESS = re.compile(
    r"\s*(?:\w+\s+)?(?:fewer|more|less|extra|additional|higher|lower)\b(?! than\b)", re.IGNORECASE
)
_THAN_BEFORE = re.compile(  # "higher than in 2010", "fewer than it had a year before"
    r"\s*(?:\w+\s+)?(?P<more>more|higher|larger|greater)?(?:fewer|less|lower|smaller)? than (?:[a-z]+ ){0,5}?"
    r"(?:(?:in|at|on|during) (?:the )?(?:[A-Z][a-z]+ |\d{1,2} )*(?:19|20)\d\d\b|(?:the|a) (?:year|month)s? (?:before"
    r"|earlier|ago)|(?:the )?(?:previous|last) (?:year|month))"
)
_SINCE = re.compile(
    r"(?:\s+(?:[a-z]+\s+){0,4}?)(?:on|since|than\s+(?:[a-z]+\s+){0,3}?in|compared\s+(?:with|to)|against)\s+(?:the\s+)?"
    r"((?:[A-Z][a-z]+\s+)?(?:19|20)\d\d(?:[/–-]\d{2,4})?)"
)
_ASKS_SINCE = re.compile(r"\b(?:since|compared (?:with|to)|(?:up|down|change[ds]?) (?:on|from))\b", re.IGNORECASE)
_LAST_YEAR = re.compile(
    r"\b(?:last|past|latest|previous|most recent) (?:12|twelve) months\b|\bin a year\b", re.IGNORECASE
)
_MONTHS = "(January|February|March|April|May|June|July|August|September|October|November|December)"
_MONTH = re.compile(rf"\b{_MONTHS}\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*:[^()]*\)")  # "(2017/18: 19.0%)" in a heading is another figure with its period
_DAY = re.compile(rf"\b{_MONTHS} (\d{{1,2}})\b|\b(\d{{1,2}}) {_MONTHS}\b")
_NUMBERED = re.compile(r"\b([A-Za-z]+)\s+\d+\b")
_OTHERS = re.compile(
    r"\b(?:average|national(?:ly)?|neighbours|elsewhere|peers?|(?:other|similar|comparable) (?:\w+ )?\w+s)\b",
    re.IGNORECASE,
)


def fit(features: NDArray[np.float32]) -> float:
    """The weighted sum of `NAMES`: differences are log-odds of one figure against another for the same question."""
    return float(features @ _weights())


def contradicts(figure: Figure, direction: str) -> bool:
    """Whether a figure of a column of changes is, by its sign, one the other way than "increase" or "decrease"."""
    value = Decimal(figure.value)
    return (
        _CHANGE_COLUMN.search(figure.measure or "") is not None
        and value != 0
        and (value > 0) != (direction == "increase")
    )


_LEVEL_OF = re.compile(
    r"(?<!\bat a )(?<!\baverage )(?<!\bgrowth )\b(?:rate|average|figure|level|baseline) of (?:[a-z]+ )?[£$€]?$",
    re.IGNORECASE,
)
_CHANGE_COLUMN = re.compile(r"\b(?:change|variance|movement)\b", re.IGNORECASE)


def of_the_period(features: NDArray[np.float32]) -> float:
    """Whether the figure is of the period asked about: 1, -1 for another period, 0 where either does not say."""
    return float(features[_PERIOD_SAME] - features[_PERIOD_OTHER])


def of_the_one(features: NDArray[np.float32]) -> float:
    """Whether the figure is of the one asked about: 1 for others' that is asked for, -1 for others' that is not and
    for the organisation's own where others' is, else 0."""
    return float(features[_OTHER_AS_ASKED] - features[_OTHER_UNASKED] - features[_OWN_UNASKED])


def lacks_change(asked: Asked, evidence: Evidence, figure: Figure, features: NDArray[np.float32]) -> bool:
    """Whether a change alone is asked for, and the figure is none, or what one began with or came to, or one in the
    other direction."""
    if not asked.only_change:
        return False
    if is_reached(evidence, figure) or is_left(evidence, figure):
        return True
    before, after = evidence.text[: figure.start - evidence.start], evidence.text[figure.end - evidence.start :]
    if evidence.candidate.kind == "sentence" and _LEVEL_OF.search(before) is not None:
        return True
    opposite = {"decrease": _MORE_AFTER, "increase": _FEWER_AFTER}.get(asked.direction or "")
    if features[_DIRECTION_OPPOSITE] or (opposite is not None and opposite.match(after) is not None):
        return True
    if (
        _CHANGE_COLUMN.search(figure.measure or "") is not None
        and asked.direction is not None
        and Decimal(figure.value)
    ):
        return (Decimal(figure.value) > 0) != (asked.direction == "increase")  # its sign says which way
    differs = _COMPARES.match(after) is not None or any(p.search(before) for p in (_CHANGE_OF, CHANGED_BY))
    return bool(features[_CHANGE_WANTED]) and not differs and unit_class(figure) != "points"


@lru_cache(maxsize=1)
def _weights() -> NDArray[np.float32]:
    try:
        stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
        return np.array([stored[name] for name in NAMES], dtype=np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"The weights at {WEIGHTS} cannot be read: install Citewell again.") from error


def is_anothers(evidence: Evidence, position: int) -> bool:
    """Whether a figure is not the organisation's own: its subject, or its clause in prose, names another."""
    figure = evidence.figures[position]
    if is_comparator(figure.subject, evidence.report.organisation):
        return True
    if evidence.candidate.kind == "row":
        return _OTHERS.search(figure.measure or "") is not None
    before, after = clause(evidence, position)
    return _OTHERS.search(f"{before[-60:]} | {after[:40]}") is not None


def fit_features(asked: Asked, evidence: Evidence, position: int, weight: Weight) -> NDArray[np.float32]:
    """float32 (len(NAMES),) of the figure at `position` of the evidence. `weight` gives a term's inverse document
    frequency."""
    question, figure = asked.question, evidence.figures[position]
    row = evidence.candidate.kind == "row"
    kind = unit_class(figure)
    values = dict.fromkeys(NAMES, 0.0)
    others = is_anothers(evidence, position)
    values["other_own_named"] = float(others and asked.own_named and not asked.other)
    values["other_as_asked"] = float(others and asked.other)
    values["other_unasked"] = float(others and not asked.other)
    values["own_unasked"] = float(not others and asked.other)
    values["unit_same"] = float(question.unit is not None and kind == question.unit)
    values["unit_bare"] = float(question.unit is not None and kind != question.unit and figure.unit is None)
    open_unit = question.unit is None
    likely = question.likely_unit
    values["unit_likely"] = float(open_unit and likely == kind)
    values["unit_unlikely"] = float(open_unit and likely is not None and likely != kind and figure.unit is not None)
    values["unit_currency"] = float(open_unit and likely is None and kind == "money")
    values["unit_percent"] = float(open_unit and likely is None and kind in ("percent", "points"))
    per = PER.search(f"{figure.unit or ''} {figure.measure or ''}") is not None
    values["per_same"] = float(asked.per and per)
    values["per_lacks"] = float(asked.per and not per)
    direction = figure.direction or _than_before(evidence, figure)
    if asked.direction is not None and direction is not None:
        same = asked.direction == direction
        values["direction_same"], values["direction_opposite"] = float(same), float(not same)
    values["duration_unasked"] = float(question.unit != "duration" and kind == "duration")
    values[_period(question, evidence, position)] = 1.0
    if question.counted:
        named = set(terms(f"{figure.unit or ''} {figure.measure or ''}"))
        values["counts_the_noun"] = float(question.counted[-1] in named)
        unit = set(terms(figure.unit or ""))
        values["counts_another"] = float(bool(unit) and kind == "count" and not unit & set(question.counted))
        values["counts_share"] = len(named & set(question.counted)) / len(question.counted)
        around = set(terms(f"{evidence.candidate.meaning} {evidence.candidate.header}"))
        values["noun_absent"] = float(not set(question.counted) & around)
    printed = re.escape(figure.text.strip("£$€%+-−–"))
    values["printed_in_question"] = float(re.search(rf"(?<![\d.,]){printed}(?![\d,]|\.\d)", question.text) is not None)
    values |= (
        _row_values(asked, evidence, position, weight) if row else _prose_values(asked, evidence, position, weight)
    )
    return np.array([values[name] for name in NAMES], dtype=np.float32)


def _row_values(asked: Asked, evidence: Evidence, position: int, weight: Weight) -> dict[str, float]:
    figure = evidence.figures[position]
    headings = (figure.measure or "").split(", ")
    column = [w for w in terms(" ".join(headings[1:])) if w not in ("year", "end")]
    words = set(terms(asked.question.text))
    change = says_change(figure) or is_signed_alone(figure, evidence.figures)
    return {
        "row_headings": share(asked.focus, figure.measure or "", weight),
        "row_exact": _present(terms(headings[0]), frozenset(asked.question.terms)),
        "row_column": _present(column, frozenset(words)),
        "row_change_unasked": float(change and not asked.change),
        "row_change_unstated": float(asked.change and not change),
        "change_wanted": float(asked.only_change and not change),
        "reference_beside": _references_beside(asked.question, figure.measure or ""),
        "row_first": float(position == 0),
    }


def _prose_values(asked: Asked, evidence: Evidence, position: int, weight: Weight) -> dict[str, float]:
    question, figure = asked.question, evidence.figures[position]
    before, after = clause(evidence, position)
    text, at = evidence.text, figure.start - evidence.start
    near = f"{text[max(0, at - NEAR) : at]} {after[:NEAR]}"
    beside = beside_figure(evidence, position)
    lead = text[:at]
    if lead[-1:] == "(":  # "the harbour crew (56)": what stands before the bracket is what is counted
        before, near = lead[max(0, lead[:-1].rfind(")") + 1) :], lead[max(lead[:-1].rfind(")") + 1, at - NEAR) :]
    change = figure.direction is not None or _MORE_OR_LESS.match(text[at + len(figure.text) :]) is not None
    change = change or _than_before(evidence, figure) is not None
    to, fro = TO.search(lead) is not None, FROM.search(lead) is not None
    chain = CHAIN.search(lead)
    if (to or fro) and chain is not None:  # "A fell by 3 from 9 to 6": all three are of what stands before the chain
        near = f"{lead[max(0, chain.start() - NEAR) : chain.start()]} {near}"
    return {
        "prose_sentence": share(question, own_sentence(evidence, figure), weight),
        "prose_before": share(asked.focus, before, weight),
        "prose_after": share(asked.focus, after, weight),
        "prose_near": share(asked.focus, near, weight),
        "prose_in_turn": share(question, in_turn(evidence, position), weight),
        "prose_reached": float(asked.reached * (int(to) - int(fro))),
        "prose_to": float(to),
        "prose_from": float(fro),
        "prose_change_unasked": float(change and not asked.change),
        "prose_change_unstated": float(asked.change and not change),
        "change_wanted": float(asked.only_change and not change),
        "reference_beside": _references_beside(question, beside),
        "names_beside": _names_beside(question, beside),
        "prose_first": float(position == 0),
        "prose_alone": float(len(evidence.figures) == 1),
    }


def _than_before(evidence: Evidence, figure: Figure) -> str | None:
    """ "increase" or "decrease" where a figure in prose says how much more or less something is than at another time
    ("3 more than in 2010"); None where it says no such thing."""
    if evidence.candidate.kind == "row":
        return None
    found = _THAN_BEFORE.match(evidence.text, figure.end - evidence.start)
    return None if found is None else "increase" if found["more"] else "decrease"


def _references_beside(question: Question, beside: str) -> float:
    """1 where what the question refers to by a number ("Grade 1") is named, -1 where another of its kind is."""
    if not question.references:
        return 0.0
    wanted = set(question.references)
    named = {n for noun in _NUMBERED.findall(question.text) for n in re.findall(rf"\b{noun}\s+(\d+)", beside, re.I)}
    return float(bool(named & wanted)) - float(bool(named - wanted) and not named & wanted)


def _names_beside(question: Question, beside: str) -> float:
    return sum(name in beside for name in question.names) / len(question.names) if question.names else 0.0


def share(question: Question, text: str, weight: Weight) -> float:
    """The share (0 to 1) of the question's term weight that `text` has."""
    said = frozenset(terms(text))
    weights = [(weight(t), t in said) for t in question.terms]
    total = sum(w for w, _ in weights)
    return sum(w for w, present in weights if present) / total if total else 0.0


def _present(wanted: list[str] | tuple[str, ...], words: frozenset[str]) -> float:
    """The share (0 to 1) of `wanted` that is among `words`: "Police officers" is nearer to a question about police
    officers than "Police officers in frontline roles"."""
    unique = set(wanted)
    return len(unique & words) / len(unique) if unique else 0.0


def _days(text: str) -> frozenset[tuple[str, str]]:
    """The days of a month that a text names, as (month, day), the month in three letters."""
    found = (match.groups() for match in _DAY.finditer(text))
    return frozenset(((one or other)[:3].lower(), day or before) for one, day, before, other in found)


def _of_another_month(question: Question, stated: Sequence[Period]) -> bool:
    """Whether a month or day of a year is asked about, and the figure is of another one of that year."""
    asked_for, told = (
        {m.group()[:3].lower() for p in periods for m in _MONTH.finditer(p.text)}
        for periods in (question.periods, stated)
    )
    return bool(asked_for and told) and all(p.dated for p in stated) and not asked_for & told


def _period(question: Question, evidence: Evidence, position: int) -> str:
    """The name of the measure that says how the figure's period agrees with the question's."""
    figure = evidence.figures[position]
    if of_several_years(question, evidence, figure):
        return "period_other"
    if not question.periods:  # or one that asks which of several years it is
        return "period_unstated"
    wanted = set(question.years)
    if evidence.candidate.kind != "row":
        after = evidence.text[figure.end - evidence.start :]
        since = _SINCE.match(after)
        if since is not None and _ASKS_SINCE.search(question.text) and wanted & set(years_in(since[1])):
            return "period_same"  # "up 4 on 2010" is the change since 2010
        ends = end_years(evidence, figure)
        if ends:
            return "period_same" if max(wanted) in ends or wanted <= ends else "period_other"
        if figure.direction is not None and CHAINED.match(after) and len(wanted) == 1:
            return "period_other"  # a change between two points in time is of neither
    stated: tuple[Period, ...] = ()
    if evidence.candidate.kind == "row":
        stated = find_periods(_ASIDE.sub(" ", figure.measure or ""))
    else:
        stated = find_periods(in_turn(evidence, position))
    stated = stated or find_periods(figure.period or "")
    days, told = _days(question.text), _days(figure.measure or "")
    if len(days) > 1 and evidence.candidate.kind == "row" and days <= _days(evidence.candidate.passage):
        return "period_same" if told == days else "period_other"  # a stretch of time from day to day
    if not stated:
        return "period_silent"
    years = {year for period in stated for year in period.years}
    if years == wanted:
        return "period_other" if _of_another_month(question, stated) else "period_same"
    if len(years) == len(wanted) == 2 and not any(p.fiscal for p in (*stated, *question.periods)):
        return "period_other"  # from 2016 to 2020 is not from 2010 to 2016
    return "period_fits" if any(s.covers(p) for s in stated for p in question.periods) else "period_other"


def of_several_years(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether the last year is asked about ("in the last 12 months"), and a figure is of several years."""
    return _LAST_YEAR.search(question.text) is not None and _spans_years(evidence, figure)


def _spans_years(evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is of more than a year: "2010/11 to 2013/14" in its headings, or as all that its row says."""
    stated = find_periods(figure.measure or "") or find_periods(figure.period or "")
    if not stated and evidence.candidate.kind == "row":
        told = find_periods(evidence.candidate.meaning)
        stated = told if len(told) == 1 else ()
    years = [year for period in stated for year in period.years]
    return bool(years) and max(years) - min(years) > 1

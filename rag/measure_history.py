"""The figures of one measure over the years, from all reports in reach.

Each report is asked for each period that it names for the measure, through the ordinary search, ranking and bar of
probability. The figure that comes first is a point if it is one of the measure's own (`rag/measured.py`), and so are
the other periods of its table row.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from index import Library
from index.periods import find_periods
from index.records import ReportInfo
from index.terms import terms

from .choose import asks_other
from .compose import figure_choices, figure_probability
from .conflict import same_value
from .decide import answers_from
from .features import Weight
from .measured import Measured, When, measured, whose
from .rank import Ranker
from .retrieve import Evidence, retrieve
from .scope import Reach
from .stages import Stages
from .understand import Question, understand
from .units import unit_class

MOST_PERIODS = 12  # that one report is asked for
_OVER_TIME = re.compile(
    r"\b(?:the\s+)?(?:history|timeline|trend|development|evolution)\s+(?:of|in)\s+|\s*\bover\s+(?:time|the\s+years)\b"
    r"|\s*\b(?:each|every|per|by)\s+year\b|\s*\byear\s+by\s+year\b",
    re.IGNORECASE,
)
_JOINT = r"(?:\b(?:from|between|in|for|to|and|until|at|on|by|since|or)\s+)*"
_ASKS = re.compile(r"^(?:how|what|which|who|whose|when|where|why)\b|\?\s*$", re.IGNORECASE)
_OTHERS = frozenset(t for word in "average averages national mean".split() for t in terms(word))


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of one period: the figures that state it, best first, one of each report (twins are one).

    `alone` is the report of values whose organisation is not known: they are compared with no other report's."""

    whose: str | None
    when: When
    dated: bool
    alone: str | None
    found: tuple[Measured, ...]

    @property
    def series(self) -> tuple[str | None, When, bool, str | None]:
        """What different values contradict each other in."""
        return self.whose, self.when, self.dated, self.alone

    @property
    def planned(self) -> bool:
        """Whether every report that states it says that it was planned, forecast or the like."""
        return all(point.planned for point in self.found)


@dataclass(frozen=True, slots=True)
class Measures:
    """The values in order of whose they are and of time. `misprinted` are places in `stated` of values that a report
    also prints without their scale, `unlike` the units of figures that were left out, since others were more."""

    stated: tuple[Stated, ...]
    misprinted: tuple[int, ...] = ()
    unlike: tuple[str, ...] = ()


class Asking:
    """Asks one report at a time for figures, as the assistant does. `going_on` is called before each question; what it
    raises ends the work."""

    def __init__(
        self, library: Library, ranker: Ranker, stages: Stages, weight: Weight, going_on: Callable[[], None]
    ) -> None:
        self.library = library
        self.going_on = going_on
        self._ranker, self._stages, self._weight = ranker, stages, weight

    def evidence(self, question: Question, within: Reach) -> tuple[Evidence, ...]:
        """What is found for a question, not ranked."""
        self.going_on()
        return retrieve(self.library, question, within, self._stages).evidence

    def first(self, question: Question, evidence: tuple[Evidence, ...], within: Reach) -> tuple[Evidence, int] | None:
        """The figure that answers, with the evidence that it stands in; None where none is probable enough."""
        weight = within.weight(self._weight)
        ranked = self._ranker.rank(question, evidence, weight)
        choices = sorted(figure_choices(question, ranked, weight), key=lambda choice: -choice.order)
        if not choices or figure_probability(choices) < answers_from("figure", read=choices[0].ranked.is_read):
            return None
        best = choices[0].ranked.evidence
        return best, best.figures.index(choices[0].figure)


def measure_history(text: str, within: Reach, asking: Asking) -> Measures:
    """The values of the measure that `text` names; those of the years that it names, where it names any."""
    base, years = without_periods(text)
    groups: dict[str, list[ReportInfo]] = {}
    for report in within.reports:
        groups.setdefault(report.twin_of, []).append(report)
    found: list[Measured] = []
    for reports in groups.values():
        one = replace(within, reports=tuple(reports), everything=False, preferred=frozenset())
        found += _of_report(base, one, asking)
    wanted = [p for p in found if not years or years[0] <= _year(p) <= years[1]]
    alike, unlike = _one_unit(understand(_asked(base)), wanted)
    return _collapsed(alike, unlike)


def _of_report(base: str, within: Reach, asking: Asking) -> list[Measured]:
    plain = understand(_asked(base))
    evidence = asking.evidence(plain, within)
    other = asks_other(plain, evidence)
    asked = frozenset(plain.terms) - (_OTHERS if other else frozenset())
    known = {p.place: p for e in evidence for p in measured(asked, plain, e, other=other)}
    periods = {p.when: p.figure.period or "" for p in known.values() if p.when is not None}
    taken: dict[tuple[str, int], Measured] = {}
    for period, printed in list(periods.items())[:MOST_PERIODS]:
        dated = understand(_asked(base, printed))
        near = asking.evidence(dated, within)
        known |= {p.place: p for e in near for p in measured(asked, plain, e, other=other)}
        best = _first(asking, dated, near, known, within)
        if best is not None and best.when == period:
            row = [p for p in known.values() if p.evidence.candidate.kind == "row" and _same_row(p, best)]
            taken |= {p.place: p for p in (best, *row)}
            taken |= {p.place: p for p in known.values() if p.when == period and _repeats(p, best)}
    undated = [p for p in known.values() if p.when is None]
    if not taken and undated and within.reports[0].year is not None and len({p.amount for p in undated}) == 1:
        dated = understand(_asked(base, str(within.reports[0].year)))
        best = _first(asking, dated, asking.evidence(dated, within), known, within)
        if best is not None and best.when is None:
            taken[best.place] = best
    return list(taken.values())


def _first(
    asking: Asking,
    question: Question,
    evidence: tuple[Evidence, ...],
    known: dict[tuple[str, int], Measured],
    within: Reach,
) -> Measured | None:
    answer = asking.first(question, evidence, within)
    if answer is None:
        return None
    best, position = answer
    return known.get((best.report.report_id, best.figures[position].start))


def _same_row(one: Measured, other: Measured) -> bool:
    a, b = one.evidence, other.evidence
    same = (a.report.report_id, a.start, a.end) == (b.report.report_id, b.start, b.end)
    return same and one.counted_in == other.counted_in and whose(one) == whose(other)


def _repeats(one: Measured, other: Measured) -> bool:
    """Whether a figure says the same once more, if only without its scale."""
    a, b = one.figure, other.figure
    same = a.value == b.value and one.counted_in == other.counted_in and whose(one) == whose(other)
    return same and (a.scale == b.scale or None in (a.scale, b.scale))


def _one_unit(question: Question, found: Sequence[Measured]) -> tuple[list[Measured], tuple[str, ...]]:
    """The figures in one unit: the likely one, else that of most; and the other units."""
    counts = Counter(p.counted_in for p in found)
    if not counts:
        return [], ()
    likely = question.likely_unit
    best = max(
        counts,
        key=lambda unit: (unit == likely or (likely == "money" and len(unit) == 3 and unit.isupper()), counts[unit]),
    )
    return [p for p in found if p.counted_in == best], tuple(unit for unit in counts if unit != best)


def _collapsed(found: Iterable[Measured], unlike: tuple[str, ...]) -> Measures:
    """Each value of a period once, with the figure that shows it best in each report."""
    values: dict[tuple[str, When, bool, str], dict[object, list[Measured]]] = {}
    for point in found:
        report = point.evidence.report
        alone = report.twin_of if report.organisation is None else ""
        key = (whose(point) or "", point.when or When(_year(point), 0), point.when is not None, alone)
        values.setdefault(key, {}).setdefault(point.amount, []).append(point)
    stated: list[Stated] = []
    misprinted: list[int] = []
    for (owner, period, dated, alone), of_period in sorted(values.items(), key=lambda item: item[0]):
        full = {amount: _printed_with_scale(amount, of_period) for amount in of_period}
        for amount, points in of_period.items():
            if full[amount] is not None:
                continue
            if amount in full.values():
                misprinted.append(len(stated))
            best: dict[str, Measured] = {}
            for p in sorted(points, key=lambda p: (p.evidence.candidate.kind != "row", p.planned, p.place)):
                best.setdefault(p.evidence.report.twin_of, p)
            stated.append(Stated(owner or None, period, dated, alone or None, tuple(best.values())))
    return Measures(tuple(stated), tuple(misprinted), unlike)


def disagree(stated: Sequence[Stated]) -> bool:
    """Whether values of one period contradict each other: none may be another, printed more or less exactly."""
    figures = [s.found[0].figure for s in stated]
    return any(not same_value(one, other) for one, other in combinations(figures, 2))


def _printed_with_scale(amount: object, of_period: dict[object, list[Measured]]) -> object | None:
    """The amount that a money value without scale ("£7.9 savings") is a misprint of ("£7.9m savings"), if any."""
    bare = of_period[amount][0].figure
    if bare.scale is not None or unit_class(bare) != "money":
        return None
    scaled = (a for a, points in of_period.items() if points[0].figure.scale and points[0].figure.value == bare.value)
    return next(scaled, None)


def _year(point: Measured) -> int:
    return point.when.year if point.when is not None else point.evidence.report.year or 0


def without_periods(text: str) -> tuple[str, tuple[int, int] | None]:
    """The text without words for a course of time and without periods, and the first and last year that it names."""
    base = _OVER_TIME.sub("", text)
    years = [year for period in find_periods(base) for year in period.years]
    for period in reversed(find_periods(base)):
        lead = re.search(_JOINT + r"$", base[: period.start], re.IGNORECASE)
        base = base[: lead.start() if lead is not None else period.start] + " " + base[period.end :]
    base = re.sub(r"\s+", " ", base).strip(" ,;:.?")
    return re.sub(r"^the\s+", "", base, flags=re.IGNORECASE), (min(years), max(years)) if years else None


def _asked(base: str, period: str = "") -> str:
    """The question for one period."""
    tail = f" in {period}?" if period else "?"
    if _ASKS.search(base):
        return f"{base}{tail}"
    verb = "were" if re.match(r"[\w’'-]+s\b(?!\s+(?:require|of))", base) and " " not in base else "was"
    return f"What {verb} the {base}{tail}"

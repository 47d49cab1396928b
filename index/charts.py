"""Charts whose values were read apart from their labels: "£168.1£153.0" under two names says which values there are,
and not whose each is.

Values, names and measures come as lines of their own. Which value is whose is settled by another statement of the
report that gives one of them with its owner. Charts that were read the same way are then inferred from the settled
ones. All that is not settled is marked ambiguous.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .facts import heading_unit
from .numbers import NumberSpan, find_numbers
from .periods import find_periods
from .records import Block, Figure, StructuredReport
from .sentences import sentence_spans
from .subjects import comparator_in

Layout = Literal["glued", "spaced", "around"]

_MAX_LABEL = 140  # characters
_FEWEST_SHARED = 2  # words that a statement shares with a chart's measure, if it is to settle it
_STEM = 5  # letters by which words are compared: "satisfied" settles "satisfaction"
_CATEGORIES = re.compile(r"([A-Z][a-z]{2,15}) ([A-Z][a-z]{2,15})")
_PLAIN = frozenset("with from that this than over under numbers number figure figures".split())


@dataclass(frozen=True, slots=True)
class Chart:
    """Two values and two names of one measure; `values` in the order read, with offsets in the canonical text."""

    start: int
    end: int
    measure: str
    names: tuple[str, str]
    values: tuple[NumberSpan, NumberSpan]
    layout: Layout
    owners: bool  # whether the names are the organisation's and that of what it is compared with


@dataclass(frozen=True, slots=True)
class ReadChart:
    """A chart with its meaning written out and its figures."""

    start: int
    end: int
    meaning: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line of a chart page: a "label", "names" (two of them), or one or two values."""

    kind: Literal["label", "names", "value", "pair"]
    block: Block
    text: str
    values: tuple[NumberSpan, ...] = ()
    names: tuple[str, str] = ("", "")
    owners: bool = False


def read_charts(
    report: StructuredReport, compared: tuple[str, ...], stated: Sequence[tuple[str, tuple[Figure, ...]]]
) -> tuple[ReadChart, ...]:
    """The charts of a report. `stated` are the meaning and figures of its other statements."""
    charts = find_charts(report, compared)
    own = report.identity.organisation
    votes = [_votes(chart, own, compared, stated) for chart in charts]
    layouts: dict[Layout, set[bool]] = {}
    for chart, vote in zip(charts, votes, strict=True):
        if vote is not None:
            layouts.setdefault(chart.layout, set()).add(vote)
    read: list[ReadChart] = []
    for chart, vote in zip(charts, votes, strict=True):
        alike = layouts.get(chart.layout, set())
        inferred = next(iter(alike)) if vote is None and len(alike) == 1 else None
        read.append(_read(chart, own, compared, vote if vote is not None else inferred, settled=vote is not None))
    return tuple(read)


def find_charts(report: StructuredReport, compared: tuple[str, ...]) -> list[Chart]:
    """The charts of a report, in text order, each with two values of two names."""
    text, own = report.loaded.text, report.identity.organisation or ""
    charts: list[Chart] = []
    labels: list[_Piece] = []
    region: list[_Piece] = []
    for block in [*report.loaded.blocks, None]:
        piece = _piece(text, block, own, compared) if block is not None and block.kind == "paragraph" else None
        if piece is not None and piece.kind != "label":
            region.append(piece)
            continue
        if region:
            charts.extend(_charts(labels, region))
            labels, region = [], []
        labels = [*labels, piece] if piece is not None else []
    return charts


def _piece(text: str, block: Block, own: str, compared: tuple[str, ...]) -> _Piece | None:
    line = text[block.start : block.end]
    if len(line) > _MAX_LABEL or len(sentence_spans(line)) > 1:
        return None
    values = [n for n in find_numbers(line, cell=True) if n.kind == "quantity"]
    if values and not re.search(r"[A-Za-z]{3}", line) and len(values) <= 2:
        placed = tuple(_shifted(value, block.start) for value in values)
        return _Piece("value" if len(values) == 1 else "pair", block, line, placed)
    pair = _owners(line, own, compared)
    if pair is not None:
        return _Piece("names", block, line, names=pair, owners=True)
    categories = _CATEGORIES.fullmatch(line)
    if categories is not None and line not in own:
        return _Piece("names", block, line, names=(categories[1], categories[2]))
    return None if line.endswith((".", ";", ",")) else _Piece("label", block, line)


def _shifted(number: NumberSpan, by: int) -> NumberSpan:
    return NumberSpan(
        number.text, number.start + by, number.end + by, number.value, number.kind, number.unit, number.scale
    )


def _owners(line: str, own: str, compared: tuple[str, ...]) -> tuple[str, str] | None:
    """The two names of a line that is the organisation's name, or the beginning of it, and a comparator's."""
    words = own.split()
    for count in range(len(words), 0, -1):
        name = re.escape(" ".join(words[:count]))
        for other in compared:
            beside = rf"{re.escape(other)}(?: (?:[a-z]+ )?(?:average|mean|figure|total))?"
            found = re.fullmatch(rf"({name}) ({beside})", line) or re.fullmatch(rf"({beside}) ({name})", line)
            if found is not None:
                return found[1], found[2]
    return None


def _charts(labels: Sequence[_Piece], region: Sequence[_Piece]) -> list[Chart]:
    """The charts of a region of names and values, none where its lines do not come out even."""
    groups = _groups(region)
    if groups is None:
        return []
    wanted = sum(names.owners for names, _, _ in groups)
    if wanted > len(labels):
        return []
    measures = iter(labels[len(labels) - wanted :])
    charts: list[Chart] = []
    for names, values, layout in groups:
        measure = next(measures) if names.owners else None
        starts = [names.block.start, values[0].start, *([measure.block.start] if measure is not None else [])]
        start, end = min(starts), max(names.block.end, values[1].end)
        title = measure.text.rstrip("*†‡ ") if measure is not None else ""
        charts.append(Chart(start, end, title, names.names, values, layout, names.owners))
    return charts


def _groups(region: Sequence[_Piece]) -> list[tuple[_Piece, tuple[NumberSpan, NumberSpan], Layout]] | None:
    """(names, values, layout) of each chart: names with both values below them, or as many values above names as
    below. None where something is left over."""
    groups: list[tuple[_Piece, tuple[NumberSpan, NumberSpan], Layout]] = []
    at = 0
    while at < len(region):
        if region[at].kind == "names" and at + 1 < len(region) and region[at + 1].kind == "pair":
            first, second = region[at + 1].values
            groups.append((region[at], (first, second), "glued" if first.end == second.start else "spaced"))
            at += 2
            continue
        count = 0
        while at + count < len(region) and region[at + count].kind == "value":
            count += 1
        above, names, below = (region[at + count * n : at + count * (n + 1)] for n in range(3))
        if not count or len(below) < count or any(p.kind != "names" for p in names):
            return None
        if any(p.kind != "value" for p in below):
            return None
        groups.extend((names[n], (above[n].values[0], below[n].values[0]), "around") for n in range(count))
        at += 3 * count
    return groups


def _votes(
    chart: Chart, own: str | None, compared: tuple[str, ...], stated: Sequence[tuple[str, tuple[Figure, ...]]]
) -> bool | None:
    """Whether the values stand in the order of the names, by what other statements give; None where none tells, or
    where they tell otherwise of each other."""
    orders: set[bool] = set()
    for place, value in enumerate(chart.values):
        for meaning, figures in stated:
            for figure in figures:
                if not _same(value, figure):
                    continue
                for whose, name in enumerate(chart.names):
                    if _fits(chart, name, figure, meaning, own, compared):
                        orders.add(place == whose)
    return next(iter(orders)) if len(orders) == 1 else None


def _fits(chart: Chart, name: str, figure: Figure, meaning: str, own: str | None, compared: tuple[str, ...]) -> bool:
    """Whether a figure with a chart's value is of the chart's measure and of this one of its names."""
    if not chart.owners:
        return bool(_stems(name) & _stems(figure.measure or meaning))
    about = figure.measure if figure.measure is not None and figure.measure.count(",") else meaning
    wanted = _stems(chart.measure)
    if len(wanted & _stems(about)) < max(1, min(_FEWEST_SHARED, len(wanted))):
        return False
    return figure.subject == (comparator_in(name, compared) or own)


def _same(value: NumberSpan, figure: Figure) -> bool:
    if value.scale != figure.scale or (value.unit != figure.unit and None not in (value.unit, figure.unit)):
        return False
    printed = -value.value if value.value < 0 and figure.direction == "decrease" else value.value
    return format(printed, "f") == figure.value or format(value.value, "f") == figure.value


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]{4,}", text.lower())
    return frozenset(word[:_STEM] for word in words if word not in _PLAIN)


def _read(chart: Chart, own: str | None, compared: tuple[str, ...], order: bool | None, *, settled: bool) -> ReadChart:
    values = chart.values if order is None or order else chart.values[::-1]
    title = f"{chart.measure} – " if chart.measure else ""
    if order is None:
        meaning = f"{title}{chart.names[0]} and {chart.names[1]}: {values[0].text} and {values[1].text}"
    else:
        meaning = title + "; ".join(f"{name}: {value.text}" for name, value in zip(chart.names, values, strict=True))
    periods = find_periods(chart.measure)
    figures = tuple(
        Figure(
            text=value.text,
            start=value.start,
            end=value.end,
            value=format(value.value, "f"),
            unit=value.unit or heading_unit(chart.measure),
            scale=value.scale,
            measure=", ".join(part for part in (chart.measure, name if order is not None else "") if part) or None,
            subject=None if order is None else (comparator_in(name, compared) if chart.owners else None) or own,
            period=periods[0].text if periods else None,
            ambiguous=not settled,
        )
        for name, value in zip(chart.names, values, strict=True)
    )
    return ReadChart(chart.start, chart.end, meaning, tuple(sorted(figures, key=lambda figure: figure.start)))

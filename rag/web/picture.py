"""A timeline as a picture: SVG made on the server, each point a link to its evidence.

A measure is a line for each organisation over a scale of values; a judgment is a lane for each organisation, with the
grade beside the point, since reports grade on scales of their own. Years without a statement have a short stroke on
the axis. A planned value is a hollow point. The table below the picture says the same in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

from ..grid import Point, Timeline
from ..records import Citation
from ..render import escape
from .marks import evidence_url

WIDTH, LEFT, RIGHT, TOP = 720, 64, 36, 18
PLOT_HEIGHT, LANE_HEIGHT, AXIS_HEIGHT = 220, 58, 30
COLOURS = 6  # lines that style sheets tell apart: `cw-line-0` to `cw-line-5`, then again
CLOSE = 1e-9  # of their size, from which values are one and the same to a picture
WIDEST_LABEL = 24  # characters of a grade beside its point
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@dataclass(frozen=True, slots=True)
class _Dot:
    point: Point
    series: int
    x: float
    y: float


def picture(timeline: Timeline) -> str:
    """The timeline as one SVG, or nothing where no point has a year and a statement."""
    stated = [p for p in timeline.points if p.status == "stated" and p.year is not None and p.citations]
    if not stated:
        return ""
    years = sorted({point.year for point in timeline.points if point.year is not None})
    names = list(dict.fromkeys(point.organisation or "" for point in stated))
    marks = {citation.n: citation for citation in timeline.citations}
    absent = [p.year for p in timeline.points if p.status == "not_stated" and p.year is not None]
    if timeline.kind == "measure" and all(_value(point) is not None for point in stated):
        height, drawn = _measure(stated, names, years, marks)
    else:
        height, drawn = _lanes(stated, names, years, marks)
    about = "Judgments" if timeline.kind == "judgment" else "Values"
    several = names if timeline.kind == "measure" and len(names) > 1 else []
    legend = _legend(several, any(point.planned for point in stated), bool(absent))
    return (
        f'<div class="cw-picture" tabindex="0" role="region" aria-label="Timeline as a picture">'
        f'<svg viewBox="0 0 {WIDTH} {height + AXIS_HEIGHT}" role="group" '
        f'aria-label="{about} from {years[0]} to {years[-1]}; each point opens its source">'
        f"{_axis(years, height, {*absent} - {point.year for point in stated})}{drawn}</svg></div>{legend}"
    )


def _across(year: float, years: Sequence[int]) -> float:
    span = years[-1] - years[0]
    room = WIDTH - LEFT - RIGHT
    return LEFT + (room / 2 if span == 0 else room * (0.04 + 0.92 * (year - years[0]) / span))


def _axis(years: Sequence[int], height: float, absent: set[int]) -> str:
    span = years[-1] - years[0]
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if span / step <= 12)
    shown = [year for year in range(years[0], years[-1] + 1) if (year - years[0]) % step == 0]
    parts = [f'<line class="cw-axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height}" y2="{height}"/>']
    for year in shown:
        x = _across(year, years)
        parts.append(f'<text class="cw-tick" x="{x:.1f}" y="{height + 20}" text-anchor="middle">{year}</text>')
    for year in sorted(absent):
        x = _across(year, years)
        parts.append(
            f'<g class="cw-absent"><title>{year}: not stated</title>'
            f'<line x1="{x - 5:.1f}" x2="{x + 5:.1f}" y1="{height - 8}" y2="{height - 8}"/></g>'
        )
    return "".join(parts)


def _measure(
    stated: Sequence[Point], names: Sequence[str], years: Sequence[int], marks: Mapping[int, Citation]
) -> tuple[float, str]:
    values = [value for point in stated if (value := _value(point)) is not None]
    low, high, step = _scale(min(values), max(values))
    height = TOP + PLOT_HEIGHT

    def up(value: float) -> float:
        return TOP + PLOT_HEIGHT * (1 - (value - low) / (high - low))

    grid, tick = [], low
    while tick <= high + step / 2:
        y = up(tick)
        grid.append(f'<line class="cw-grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        label = f'<text class="cw-tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(tick)}</text>'
        grid.append(label)
        tick += step
    dots = [
        _Dot(point, names.index(point.organisation or ""), x, up(_value(point) or 0.0))
        for point, x in _placed(stated, years)
    ]
    lines = []
    for series in range(len(names)):
        mine = [dot for dot in dots if dot.series == series and not dot.point.planned]
        path = " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in mine)
        lines.append(f'<polyline class="cw-line cw-line-{series % COLOURS}" points="{path}"/>')
    return height, "".join([*grid, *lines, *(_dot(dot, dot.point.figures[0].text, marks, above=True) for dot in dots)])


def _lanes(
    stated: Sequence[Point], names: Sequence[str], years: Sequence[int], marks: Mapping[int, Citation]
) -> tuple[float, str]:
    """A lane for each organisation; the label stands under its point, and in turn above where two would meet."""
    height = TOP + LANE_HEIGHT * len(names)
    parts = []
    for lane, name in enumerate(names):
        y = TOP + LANE_HEIGHT * lane + 20
        parts.append(f'<line class="cw-lane" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        if len(names) > 1:
            parts.append(f'<text class="cw-lane-name" x="{LEFT}" y="{y - 12}">{escape(name)}</text>')
    for point, x in _placed(stated, years):
        lane = names.index(point.organisation or "")
        label = point.judgments[0].grade.capitalize() if point.judgments else _first_figure(point)
        dot = _Dot(point, lane, x, TOP + LANE_HEIGHT * lane + 20)
        parts.append(_dot(dot, label, marks, above=False))
    return height, "".join(parts)


def _placed(stated: Sequence[Point], years: Sequence[int]) -> Iterable[tuple[Point, float]]:
    """Each point with where it stands: several of one organisation and year side by side, in their order."""
    of_year: dict[tuple[str | None, int | None], int] = {}
    for point in stated:
        nth = of_year.get((point.organisation, point.year), 0)
        of_year[point.organisation, point.year] = nth + 1
        yield point, _across(point.year or years[0], years) + 16 * nth


def _dot(dot: _Dot, label: str, marks: Mapping[int, Citation], above: bool) -> str:
    point = dot.point
    citation = marks[point.citations[0]]
    whose = f", {point.organisation}" if point.organisation else ""
    planned = ", planned" if point.planned else ""
    told = f"{point.period or point.year}: {label}{whose}{planned}. Source {citation.n}: {citation.title}"
    kind = " cw-planned" if point.planned else ""
    y = dot.y - 12 if above else dot.y + 22
    shown = label if len(label) <= WIDEST_LABEL else label[: WIDEST_LABEL - 1] + "…"
    half = 3.4 * len(shown)  # of the label's width: one near an edge of the picture grows inwards
    anchor = "end" if dot.x + half > WIDTH else "start" if dot.x < half else "middle"
    x = {"end": dot.x + 8, "start": dot.x - 8, "middle": dot.x}[anchor]
    return (
        f'<a class="cw-dot cw-line-{dot.series % COLOURS}{kind}" data-cite href="{escape(evidence_url(citation))}" '
        f'aria-label="{escape(told)}"><title>{escape(told)}</title>'
        f'<circle class="cw-reach" cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="13"/>'
        f'<circle class="cw-point" cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="5.5"/>'
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(shown)}</text></a>'
    )


def _first_figure(point: Point) -> str:
    return point.figures[0].text if point.figures else str(point.year)


def _value(point: Point) -> float | None:
    if not point.figures:
        return None
    figure = point.figures[0]
    return float(Decimal(figure.value).scaleb(_SCALES.get((figure.scale or "").lower(), 0)))


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """Lowest and highest line of the scale and their distance, round numbers that hold all values. It begins at zero
    unless the values lie close together far from it."""
    if low >= 0 and (high == low or low < 0.6 * high):
        low = 0.0
    room = high - low
    largest = max(abs(low), abs(high))
    if room < CLOSE * max(largest, 1.0):
        room = max(largest, 1.0)
    rough = room / 4
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    bottom = floor(low / step) * step
    if bottom > low:  # a value below the smallest share of a step that a float can hold
        bottom -= step
    top = bottom
    while top < high + room * 0.08:
        top += step
    return bottom, top, step


def _short(value: float) -> str:
    for power, letter in ((9, "bn"), (6, "m"), (3, "k")):
        if abs(value) >= 10 ** (power + (1 if power == 3 else 0)):
            return f"{value / 10**power:,.4g}{letter}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _legend(names: Sequence[str], planned: bool, absent: bool) -> str:
    items = "".join(
        f'<li class="cw-line-{number % COLOURS}"><span aria-hidden="true"></span>{escape(name)}</li>'
        for number, name in enumerate(names)
    )
    items += '<li class="cw-key-planned"><span aria-hidden="true"></span>Planned</li>' if planned else ""
    if absent:
        items += '<li class="cw-key-absent"><span aria-hidden="true"></span>Not stated in a report of that year</li>'
    return f'<ul class="cw-legend" aria-label="What the marks mean">{items}</ul>' if items else ""

"""A plot → SVG: an Altair chart, drawn by vl-convert, which runs Vega inside this process and fetches nothing.

Both are loaded with the first chart: neither the command line nor an answer needs them. Colours are names of the
page's own (`var(--ink)`), so that they are right in light and dark.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

WIDTH, MEASURE_HEIGHT, LANE_HEIGHT = 620, 220, 76  # pixels of the plot, without its axes
LANE = 26  # from the top of a lane to its line
EDGE = 28  # left free before the first year and after the last
FONT = 13  # height of a letter
COLOURS = 6  # that style sheets tell apart: `--series-0` to `--series-5`, then again
_MARGIN = {"left": 12, "right": 24, "top": 12, "bottom": 10}  # the page's letters may be wider than those drawn with
_REACH = 13  # radius of what takes a click or a touch
_MOST_YEARS = 60  # that are tried on the axis: of labels that would meet, every second one is left out
_SHORT = (  # a value on the axis, in Vega's language
    "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',.7~g') + 'bn' : abs(datum.value) >= 1e6 ? "
    "format(datum.value / 1e6, ',.7~g') + 'm' : abs(datum.value) >= 1e4 ? format(datum.value / 1e3, ',.7~g') + 'k' : "
    "format(datum.value, ',.7~g')"
)


@dataclass(slots=True)
class Dot:
    """A point: its `x` in years, its `y` in values or in pixels down the lanes, and the name by which it is known.
    `at` is how far below it the foot of its label stands."""

    x: float
    y: float
    series: int
    planned: bool
    label: str
    told: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: `span` is the scale of values, or None where each of the `lanes` has one; a lane without a name is
    one alone. `absent` are the years with a short stroke on the axis."""

    dots: Sequence[Dot]
    years: Sequence[int]
    span: tuple[float, float] | None
    lanes: Sequence[str]
    absent: Sequence[int]

    @property
    def height(self) -> int:
        return LANE_HEIGHT * len(self.lanes) if self.span is None else MEASURE_HEIGHT

    @property
    def pixels_a_year(self) -> float:
        return (WIDTH - 2 * EDGE) / max(1, self.years[-1] - self.years[0])


def draw(plot: Plot) -> str:
    """The plot as SVG. Each dot is a link whose address ends with the dot's position after a slash, named as told."""
    import altair as alt

    across, up, colour = _across(plot), _up(plot), _colour(plot)
    rows = [
        {"x": dot.x, "y": dot.y, "series": dot.series, "planned": dot.planned, "label": dot.label, "at": dot.at}
        | {"told": dot.told, "position": str(position)}
        for position, dot in enumerate(plot.dots)
    ]
    points = alt.Chart(_values(rows)).encode(x=across, y=up)
    line = points.transform_filter("!datum.planned").mark_line(aria=False, strokeWidth=2, opacity=0.75)
    layers: list[Any] = _lanes(plot, up) if plot.span is None else [line.encode(color=colour)]
    if plot.absent:
        strokes = alt.Chart(_values([{"x": year, "told": f"{year}: not stated"} for year in plot.absent]))
        tick = strokes.mark_tick(orient="horizontal", size=10, thickness=2.5, color="var(--edge)", opacity=1)
        layers.append(tick.encode(x=across, y=alt.value(plot.height - 8), description="told:N"))
    hollow = alt.condition("datum.planned", alt.value("var(--surface)"), colour)
    edge = alt.condition("datum.planned", colour, alt.value("var(--surface)"))
    shown = points.mark_point(aria=False, size=95, strokeWidth=2.5, opacity=1)
    layers.append(shown.encode(fill=hollow, stroke=edge))
    at = alt.expr("datum.at")
    label = points.mark_text(aria=False, baseline="alphabetic", fontSize=FONT, color="var(--ink)", dy=at)
    layers.append(label.encode(text="label:N"))
    reach = points.mark_circle(size=3.1416 * _REACH**2, color="transparent", opacity=1)
    layers.append(reach.encode(href="position:N", description="told:N"))
    chart = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=plot.height, background="transparent", padding=_MARGIN)
        .configure_view(stroke=None)
        .configure_axis(
            aria=False, labelFontSize=FONT, labelColor="var(--soft)", gridColor="var(--line)", domainColor="var(--edge)"
        )
    )
    drawn = io.StringIO()
    chart.save(drawn, format="svg")
    return drawn.getvalue()


def _across(plot: Plot) -> "alt.X":
    import altair as alt

    first, last = plot.years[0], plot.years[-1]
    free = 0.5 if first == last else EDGE / plot.pixels_a_year
    shown = [*range(first, last + 1, 1 + (last - first) // _MOST_YEARS)]
    axis = alt.Axis(values=shown, format="d", labelOverlap=True, ticks=False, grid=False, title=None)
    return alt.X("x:Q", scale=alt.Scale(domain=[first - free, last + free], nice=False, zero=False), axis=axis)


def _up(plot: Plot) -> "alt.Y":
    import altair as alt

    if plot.span is None:
        return alt.Y("y:Q", scale=alt.Scale(domain=[0, plot.height], reverse=True, nice=False), axis=None)
    axis = alt.Axis(labelExpr=_SHORT, tickCount=5, ticks=False, domain=False, title=None)
    return alt.Y("y:Q", scale=alt.Scale(domain=[*plot.span], nice=False, zero=False), axis=axis)


def _colour(plot: Plot) -> "alt.Color":
    import altair as alt

    series = sorted({dot.series for dot in plot.dots})
    colours = [f"var(--series-{number % COLOURS})" for number in series]
    return alt.Color("series:N", legend=None, scale=alt.Scale(domain=series, range=colours))


def _lanes(plot: Plot, up: "alt.Y") -> list["alt.Chart"]:
    import altair as alt

    rows = [{"y": LANE_HEIGHT * number + LANE, "name": name} for number, name in enumerate(plot.lanes)]
    lanes = alt.Chart(_values(rows)).encode(y=up)
    named = lanes.mark_text(aria=False, align="left", baseline="alphabetic", dy=-14, fontSize=FONT, color="var(--soft)")
    return [lanes.mark_rule(aria=False, color="var(--edge)"), named.encode(text="name:N", x=alt.value(0))]


def _values(rows: Sequence[Mapping[str, Any]]) -> "alt.InlineData":
    import altair as alt

    return alt.InlineData(values=[dict(row) for row in rows])

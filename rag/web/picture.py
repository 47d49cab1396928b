"""A timeline as a picture: SVG made on the server, each point a link to its evidence.

A measure is a line for each organisation over a scale of values; a judgment is a lane for each organisation, with the
grade beside the point, since reports grade on scales of their own. Years without a statement have a short stroke on
the axis. A planned value is a hollow point. The table below the picture says the same in words.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite

from lxml import etree

from ..grid import Point, Timeline
from ..records import Citation
from ..render import escape, visible
from .chart import COLOURS, EDGE, FONT, LANE, LANE_HEIGHT, MEASURE_HEIGHT, WIDTH, Dot, Plot, draw
from .marks import evidence_url

BESIDE = 16  # pixels between two points of one organisation and year
CHARACTER = 7  # pixels that one takes at the most, on average
WIDEST_LABEL = 24  # characters of a grade beside its point
CLOSE = 1e-9  # of their size, from which values are one and the same to a picture
ABOVE_OR_BELOW, UNDER_THE_LANE = (-14, 22), (24, -14, 42)  # where a label may stand, from its point to its foot
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_TARGET = "{http://www.w3.org/1999/xlink}href"

Box = tuple[float, float, float, float]  # left, top, right, bottom


def picture(timeline: Timeline) -> str:
    """The timeline as one SVG with its key, or nothing where no point has a year and a statement."""
    stated = [p for p in timeline.points if p.status == "stated" and p.year is not None and p.citations]
    if not stated:
        return ""
    marks = {citation.n: citation for citation in timeline.citations}
    sources = [marks[point.citations[0]] for point in stated]
    years = sorted({point.year for point in timeline.points if point.year is not None})
    names = list(dict.fromkeys(point.organisation or "" for point in stated))
    absent = {p.year for p in timeline.points if p.status == "not_stated" and p.year is not None}
    values = [value for point in stated if (value := _value(point)) is not None]
    measured = timeline.kind == "measure" and len(values) == len(stated)
    plot = Plot(
        dots=[_dot(point, names, source, measured) for point, source in zip(stated, sources, strict=True)],
        years=years,
        span=_span(min(values), max(values)) if measured else None,
        lanes=[visible(name) for name in names] if len(names) > 1 else [""],
        absent=sorted(absent - {point.year for point in stated}),
    )
    _set_beside(plot)
    _label(plot)
    about = "Judgments" if timeline.kind == "judgment" else "Values"
    told = f"{about} from {years[0]} to {years[-1]}; each point opens its source"
    key = _key(names if measured and len(names) > 1 else [], any(p.planned for p in stated), bool(absent))
    return (
        '<div class="cw-picture" tabindex="0" role="region" aria-label="Timeline as a picture">'
        f"{_linked(draw(plot), told, sources)}</div>{key}"
    )


def _dot(point: Point, names: Sequence[str], source: Citation, measured: bool) -> Dot:
    figure = point.figures[0].text if point.figures else ""
    grade = point.judgments[0].grade.capitalize() if point.judgments else ""
    stated = figure if measured else grade or figure or str(point.year)
    whose = f", {point.organisation}" if point.organisation else ""
    planned = ", planned" if point.planned else ""
    told = f"{point.period or point.year}: {stated}{whose}{planned}. Source {source.n}: {source.title}"
    label = visible(stated)
    label = label if len(label) <= WIDEST_LABEL else label[: WIDEST_LABEL - 1] + "…"
    series = names.index(point.organisation or "")
    y = _value(point) if measured else None
    return Dot(
        point.year or 0, LANE_HEIGHT * series + LANE if y is None else y, series, point.planned, label, visible(told)
    )


def _value(point: Point) -> float | None:
    if not point.figures:
        return None
    figure = point.figures[0]
    value = float(Decimal(figure.value).scaleb(_SCALES.get((figure.scale or "").lower(), 0)))
    return value if isfinite(value) else None


def _span(low: float, high: float) -> tuple[float, float]:
    """The lowest and the highest value of a scale with all values in it. It begins at zero unless the values lie close
    together far from it."""
    if low >= 0 and (high == low or low < 0.6 * high):
        low = 0.0
    room, largest = high - low, max(abs(low), abs(high))
    if room < CLOSE * max(largest, 1.0):
        room = max(largest, 1.0)
    return low - (0.08 * room if low else 0.0), high + 0.12 * room


def _set_beside(plot: Plot) -> None:
    """Several points of one organisation and year stand side by side, in their order."""
    of_year: dict[tuple[int, float], int] = {}
    for dot in plot.dots:
        place = dot.series, dot.x
        nth = of_year[place] = of_year.get(place, -1) + 1
        step = 1 / WIDTH if plot.years[0] == plot.years[-1] else 1 / plot.pixels_a_year
        dot.x += nth * BESIDE * step


def _label(plot: Plot) -> None:
    """Each label where it meets no other one, no point and no name of a lane. One that finds no room is left out: its
    point still has its name, and the table has it too."""
    places = [_pixels(dot, plot) for dot in plot.dots]
    taken: list[Box] = [(across - 8, down - 8, across + 8, down + 8) for across, down in places]
    if plot.span is None:
        tops = (LANE_HEIGHT * number for number in range(len(plot.lanes)))
        taken += [(0.0, top, CHARACTER * len(name), top + FONT) for name, top in zip(plot.lanes, tops, strict=False)]
    for dot, (across, down) in zip(plot.dots, places, strict=True):
        half = CHARACTER * len(dot.label) / 2
        for dot.at in UNDER_THE_LANE if plot.span is None else ABOVE_OR_BELOW:
            foot = down + dot.at
            box = (across - half, foot - FONT, across + half, foot + 3)
            if not any(_meet(box, other) for other in taken):
                taken.append(box)
                break
        else:
            dot.label = ""


def _pixels(dot: Dot, plot: Plot) -> tuple[float, float]:
    first, last = plot.years[0], plot.years[-1]
    across = WIDTH * (0.5 + dot.x - first) if first == last else EDGE + (dot.x - first) * plot.pixels_a_year
    if plot.span is None:
        return across, dot.y
    low, high = plot.span
    return across, MEASURE_HEIGHT * (high - dot.y) / (high - low)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _linked(svg: str, told: str, sources: Sequence[Citation]) -> str:
    """The drawing as a part of the page: as wide as there is room, its dots links of the page with their names."""
    root = etree.fromstring(svg)
    for name in ("width", "height", "class"):
        del root.attrib[name]
    root.attrib.update({"role": "group", "aria-label": told})
    for group in root.iter("{*}g"):  # what Vega calls its parts tells a reader nothing
        for name in ("role", "aria-roledescription"):
            group.attrib.pop(name, None)
    for link in root.iter("{*}a"):
        (reach,) = link
        name = str(reach.attrib.pop("aria-label"))
        del reach.attrib["role"], reach.attrib["aria-roledescription"]
        address = evidence_url(sources[int(str(link.attrib.pop(_TARGET)).rsplit("/", 1)[-1])])
        link.attrib.update({"class": "cw-dot", "data-cite": "", "href": address, "aria-label": name})
        etree.SubElement(link, "title").text = name
    return str(etree.tostring(root, encoding="unicode"))


def _key(names: Sequence[str], planned: bool, absent: bool) -> str:
    items = "".join(
        f'<li class="cw-series-{number % COLOURS}"><span aria-hidden="true"></span>{escape(name)}</li>'
        for number, name in enumerate(names)
    )
    items += '<li class="cw-key-planned"><span aria-hidden="true"></span>Planned</li>' if planned else ""
    if absent:
        items += '<li class="cw-key-absent"><span aria-hidden="true"></span>Not stated in a report of that year</li>'
    return f'<ul class="cw-legend" aria-label="What the marks mean">{items}</ul>' if items else ""

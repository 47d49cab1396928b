"""The HTML of views and turns: no word of a report becomes markup, pictures hold their points, chips widen."""

import json
import re
from html import unescape

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from evals.drafts import candidates
from index.records import ReportInfo
from rag.feedback import Feedback
from rag.grid import Cell, Grid, Point, Timeline
from rag.records import Answer, AnswerFigure, Citation, Note, Scope, Searched
from rag.scope import reach
from rag.understand import understand
from rag.web.marks import answer_body
from rag.web.picture import _span, picture
from rag.web.turn import turn_answered
from rag.web.views import grid_view, reports_view, timeline_view

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def citation(n: int = 1) -> Citation:
    return Citation(n, "r1", HOSTILE, HOSTILE, 2016, HOSTILE, 3, HOSTILE, (HOSTILE,), HOSTILE, 10, 20)


def figure(value: str, scale: str | None = None) -> AnswerFigure:
    return AnswerFigure(HOSTILE, value, None, scale, HOSTILE, HOSTILE, HOSTILE, 1, "in_quote")


def point(year: int, value: str, *, planned: bool = False, scale: str | None = None) -> Point:
    return Point(HOSTILE, year, HOSTILE, "stated", None, planned, f"{HOSTILE} [1]", (figure(value, scale),), (), (1,))


def timeline(*points: Point) -> Timeline:
    note = Note("conflict", HOSTILE, (1,))
    return Timeline(HOSTILE, "measure", points, (citation(),), (note,), Searched(("r1",), 1))


def report(report_id: str, organisation: str, year: int) -> ReportInfo:
    return ReportInfo(
        report_id, HOSTILE, HOSTILE, organisation, None, year, None, 5, 1, 1, 1, 1, report_id, "", "application/pdf",
        warnings=(HOSTILE,), pages_not_read=(2,),
    )  # fmt: skip


def answer(**fields: object) -> Answer:
    made = {
        "question": HOSTILE, "standalone_question": HOSTILE, "status": "answered", "text": f"{HOSTILE} [1]",
        "figures": (figure("1"),), "judgments": (), "citations": (citation(),),
        "notes": (Note("conflict", HOSTILE, (1,)),), "scope": Searched(("r1",), 1, (HOSTILE,), (2016,)),
        "timings_ms": {},
    }  # fmt: skip
    return Answer(**(made | fields))  # type: ignore[arg-type]


def test_no_word_of_a_report_or_a_user_becomes_markup() -> None:
    cell = Cell(HOSTILE, 2016, "stated", None, f"{HOSTILE} [1]", (figure("1"),), (), (1,))
    shown = [
        timeline_view(timeline(point(2016, "1"), point(2017, "2", planned=True)), "text=%3Cscript%3E"),
        grid_view(Grid(HOSTILE, (HOSTILE,), (2016,), (cell,), (citation(),), (), Searched(("r1",), 1)), "text=x"),
        reports_view([report("r1", HOSTILE, 2016)]),
        turn_answered(answer(), 1, (), HOSTILE, changed={1: HOSTILE}),
        answer_body(f"> {HOSTILE} | {HOSTILE} [1]", 1, [citation()]),
    ]
    for html in shown:
        assert "alert" in html
        assert re.search(r"<(script|img)", html) is None
        assert re.search(r'="[^"]*<', html) is None


def test_a_conflict_is_shown_beside_the_figure_that_it_concerns() -> None:
    assert "Reports disagree" in turn_answered(answer(), 1)
    assert "Reports disagree" not in turn_answered(answer(notes=(Note("coverage", "x", (1,)),)), 1)


def drawn(html: str) -> etree._Element:
    return etree.fromstring(html[html.index("<svg") : html.index("</svg>") + len("</svg>")])


def links(html: str) -> list[etree._Element]:
    return [*drawn(html).iter("{*}a")]


def test_a_picture_has_a_linked_point_for_each_statement_in_its_scale() -> None:
    html = picture(timeline(point(2016, "2", scale="million"), point(2017, "900", scale="thousand")))
    first, last = links(html)
    assert {name: first.get(name) for name in ("class", "data-cite", "href", "aria-label")} == {
        "class": "cw-dot",
        "data-cite": "",
        "href": "evidence/r1?start=10&end=20&n=1",
        "aria-label": f"{HOSTILE}: {HOSTILE}, {HOSTILE}. Source 1: {HOSTILE}",
    }
    heights = [float(link[0].get("transform").split(",")[1].rstrip(")")) for link in (first, last)]
    assert heights[0] < heights[1]  # two millions stand above nine hundred thousand
    assert picture(timeline(Point("A", 2016, None, "not_stated", "not_found", False, "not stated"))) == ""


def test_a_picture_runs_and_fetches_nothing_and_has_the_colours_of_the_page() -> None:
    parts = [*drawn(picture(timeline(point(2016, "2"), point(2017, "3", planned=True)))).iter()]
    assert {etree.QName(part).localname for part in parts} <= {"svg", "g", "path", "line", "text", "a", "title"}
    named = {etree.QName(name).localname for part in parts for name in part.attrib}
    assert [name for name in named if name.startswith("on") or name in ("src", "style")] == []
    assert {part.get("href") for part in parts} == {None, "evidence/r1?start=10&end=20&n=1"}
    colours = {part.get(name) for part in parts for name in ("fill", "stroke")}
    of_page = {f"var(--{name})" for name in ("ink", "soft", "line", "edge", "surface", "series-0")}
    assert colours <= {None, "none", *of_page}


def test_a_picture_of_many_points_at_one_place_has_a_link_for_each() -> None:
    assert len(links(picture(timeline(*(point(2016, "5") for _ in range(40)))))) == 40


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
@example(5.0, -5e-324)
@example(-3.0, -3.0)
def test_a_scale_holds_all_values(first: float, second: float) -> None:
    low, high = sorted((first, second))
    bottom, top = _span(low, high)
    assert bottom <= low
    assert high < top


def test_each_chip_asks_again_without_what_it_names() -> None:
    html = turn_answered(answer(), 1, (), "key", Scope(years=(2016,)))
    scopes = [json.loads(unescape(found)) for found in re.findall(r'data-scope="([^"]+)"', html)]
    assert scopes[0]["widened"] == ["organisation"]
    assert scopes[0]["years"] == [2016]
    assert (scopes[1]["widened"], scopes[1]["years"]) == (["year"], [])


def test_a_widened_scope_is_not_narrowed_by_what_the_question_names() -> None:
    catalogue = [report("r1", "Northmere Fire Service", 2015), report("r2", "Eastholm Fire Service", 2016)]
    question = understand("What did the 2015 report of Northmere Fire Service say?")
    assert reach(question, Scope(), catalogue).ids == {"r1"}
    assert reach(question, Scope(widened=("organisation", "year")), catalogue).ids == {"r1", "r2"}


def test_what_should_have_been_refused_becomes_a_case_that_expects_it() -> None:
    said = Feedback(time="t", question="How many?", answer={}, verdict="should_have_refused")
    assert "refuse: true" in candidates([said])
    assert "expect: {}" in candidates([said.model_copy(update={"verdict": "wrong_place"})])

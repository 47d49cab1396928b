"""Timelines: the whole history of a judgment or a measure, each point cited, and nothing from beside it."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.errors import BadQuestion
from index.library import Library
from rag import timeline as timeline_module
from rag.assistant import Assistant
from rag.grid import Point, Timeline
from rag.records import Scope

HEAD = """# Northmere Fire Service: efficiency inspection {year}

Published 12 March {year}

This is an inspection of Northmere Fire Service by the inspectorate, who went to nine fire stations and read the plans.

"""
FIRST = (
    HEAD.format(year=2015)
    + """## How efficient is the service at keeping people safe?

### Overall judgment

Good

The inspectors saw that the crews of Northmere Fire Service know their tasks and that the engines are looked after well.

## How well does the service plan for the future?

### Judgment

Inadequate

The plans of Northmere Fire Service end with the year, and nobody has begun to write the next ones down on paper.

## Staff

Table 1: staff at the end of March

| Staff | 2014 | 2015 | 2016 (planned) |
|---|---|---|---|
| Firefighters | 412 | 405 | 398 |
| Firefighters in training | 31 | 28 | 25 |
| Firefighters, national average | 377 | 371 | 366 |
| Control room staff | 57 | 55 | 54 |

Northmere Fire Service needed savings of £1.9m in 2013/14. The savings needed in 2014/15 were £2.4m.
"""
)
SECOND = (
    HEAD.format(year=2016)
    + """## Staff

Northmere Fire Service employed 401 firefighters in 2016. The national average was 360 firefighters in 2016. It plans \
to take on an additional 15 firefighters, and 72 firefighters in rural stations were interviewed in 2015.

The savings needed in 2014/15 were £2.4m, and the service forecasts that the savings needed in 2016/17 will be £3.1m.
"""
)
THIRD = (
    HEAD.format(year=2017)
    + """## How efficient is the service at keeping people safe?

### Overall judgment

Requires improvement

In the efficiency inspection of 2015, Northmere Fire Service was judged to be good. In the efficiency inspection of \
2013, Northmere Fire Service was judged to be outstanding.

The inspectors saw that the crews of Northmere Fire Service now wait for engines which are away for repair too often.
"""
)
FOURTH = (
    HEAD.format(year=2018)
    + """## How efficient is the service at keeping people safe?

### Overall judgment

Good

In the efficiency inspection of 2017, Northmere Fire Service was judged to be inadequate. The engines are repaired in \
the service's own workshop now, and the crews of Northmere Fire Service wait no longer than they should for them.
"""
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("northmere")
    for year, text in ((2015, FIRST), (2016, SECOND), (2017, THIRD), (2018, FOURTH)):
        (folder / f"northmere-{year}.md").write_text(text, encoding="utf-8")
    plain = FIRST.replace("### ", "").replace("## ", "").replace("# ", "")
    (folder / "northmere-2015-again.txt").write_text(plain, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder]).refused
    return Assistant(library)


@pytest.fixture(scope="module")
def efficiency(assistant: Assistant) -> Timeline:
    return assistant.timeline("efficiency judgment")


@pytest.fixture(scope="module")
def firefighters(assistant: Assistant) -> Timeline:
    return assistant.timeline("number of firefighters")


@pytest.fixture(scope="module")
def savings(assistant: Assistant) -> Timeline:
    return assistant.timeline("savings needed")


def graded(told: Timeline) -> list[tuple[int | None, str]]:
    return [(p.year, p.judgments[0].grade if p.judgments else p.text) for p in told.points]


def measured(told: Timeline) -> list[tuple[str | None, str]]:
    return [(p.period, p.figures[0].text) for p in told.points if p.status == "stated"]


def files(told: Timeline, point: Point) -> set[str]:
    return {citation.file for citation in told.citations if citation.n in point.citations}


def test_a_judgment_is_told_in_order_of_year_with_the_years_that_have_none(efficiency: Timeline) -> None:
    assert efficiency.kind == "judgment"
    assert graded(efficiency) == [
        (2013, "outstanding"),
        (2015, "good"),
        (2016, "not stated"),
        (2017, "requires improvement"),
        (2017, "inadequate"),
        (2018, "good"),
    ]
    absent = efficiency.points[2]
    assert (absent.status, absent.reason, absent.citations, absent.judgments) == ("not_stated", "not_found", (), ())


def test_a_grade_is_cited_from_its_own_year_where_there_is_a_report_of_it(efficiency: Timeline) -> None:
    recalled, own = efficiency.points[0], efficiency.points[1]
    assert files(efficiency, recalled) == {"northmere-2017.md"}
    assert files(efficiency, own) <= {"northmere-2015.md", "northmere-2015-again.txt"}


def test_a_report_in_two_extractions_is_one_point(efficiency: Timeline) -> None:
    (point,) = [p for p in efficiency.points if p.year == 2015]
    assert len(point.citations) == 1


def test_grades_that_contradict_each_other_are_both_shown_and_noted(efficiency: Timeline) -> None:
    (note,) = [n for n in efficiency.notes if n.kind == "conflict"]
    assert "2017" in note.text
    one, other = (p for p in efficiency.points if p.year == 2017)
    assert set(note.citations) == {*one.citations, *other.citations}


def test_one_aspect_is_told_and_no_other(assistant: Assistant) -> None:
    told = assistant.timeline("judgment on planning for the future")
    assert graded(told)[0] == (2015, "inadequate")
    assert {p.judgments[0].aspect for p in told.points if p.judgments} == {
        "How well does the service plan for the future?"
    }
    assert [p.status for p in told.points[1:]] == ["not_stated"] * 3


@pytest.mark.parametrize("text", ["effectiveness judgment", "grade for legitimacy", "judgment on keeping people safe"])
def test_a_grade_that_is_absent_is_not_replaced_by_a_neighbours(assistant: Assistant, text: str) -> None:
    told = assistant.timeline(text)
    assert {p.status for p in told.points} == {"not_stated"}
    assert (told.citations, [n.kind for n in told.notes]) == ((), ["coverage"])


def test_a_measure_is_told_from_all_columns_of_a_row_and_from_sentences(firefighters: Timeline) -> None:
    assert firefighters.kind == "measure"
    assert measured(firefighters) == [("2014", "412"), ("2015", "405"), ("2016", "398"), ("2016", "401")]


def test_parts_additions_and_averages_are_not_mixed_with_the_measure(firefighters: Timeline) -> None:
    values = {figure.value for point in firefighters.points for figure in point.figures}
    assert values.isdisjoint({"31", "28", "25", "377", "371", "366", "360", "15", "72", "57", "55", "54"})
    assert {p.organisation for p in firefighters.points} == {"Northmere Fire Service"}


def test_what_was_planned_is_marked(firefighters: Timeline, savings: Timeline) -> None:
    planned = {p.figures[0].text: p.planned for t in (firefighters, savings) for p in t.points if p.figures}
    assert planned == {
        "412": False, "405": False, "398": True, "401": False, "£1.9m": False, "£2.4m": False, "£3.1m": True,
    }  # fmt: skip


def test_different_values_of_a_period_are_both_shown_with_the_years_of_the_reports(firefighters: Timeline) -> None:
    (note,) = [n for n in firefighters.notes if n.kind == "conflict"]
    assert "398 (report of 2015, planned); 401 (report of 2016)" in note.text
    assert len(note.citations) == 2


def test_the_same_value_in_several_reports_is_one_point_with_all_citations(savings: Timeline) -> None:
    assert measured(savings) == [("2013/14", "£1.9m"), ("2014/15", "£2.4m"), ("2016/17", "£3.1m")]
    repeated = next(p for p in savings.points if p.period == "2014/15")
    assert len(repeated.citations) == 2
    assert len({c.year for c in savings.citations if c.n in repeated.citations}) == 2


def test_years_that_are_named_bound_a_timeline(assistant: Assistant) -> None:
    assert measured(assistant.timeline("number of firefighters from 2015 to 2016")) == [
        ("2015", "405"), ("2016", "398"), ("2016", "401"),
    ]  # fmt: skip


def test_what_no_report_gives_has_no_figure(assistant: Assistant) -> None:
    told = assistant.timeline("number of helicopters")
    assert {p.status for p in told.points} == {"not_stated"}
    assert [n.kind for n in told.notes] == ["coverage"]


def test_every_point_is_checked_and_every_quotation_stands_where_it_says(
    assistant: Assistant, efficiency: Timeline, firefighters: Timeline, savings: Timeline
) -> None:
    for told in (efficiency, firefighters, savings):
        assert [c.n for c in told.citations] == list(range(1, len(told.citations) + 1))
        for c in told.citations:
            assert assistant.library.text(c.report_id)[c.start : c.end] == c.quote
        for point in told.points:
            assert {f.check for f in (*point.figures, *point.judgments)} <= {"in_quote"}
            assert all(f"[{n}]" in point.text for n in point.citations)


def test_a_scope_narrows_a_timeline(assistant: Assistant) -> None:
    told = assistant.timeline("efficiency judgment", Scope(years=(2015, 2016)))
    assert graded(told) == [(2015, "good"), (2016, "not stated")]


def test_a_measure_in_too_many_reports_is_refused(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_module, "MOST_REPORTS", 3)
    with pytest.raises(BadQuestion, match="3 reports at most, and 4 are in reach"):
        assistant.timeline("number of firefighters")


def told_of(folder: Path, embedder: Embedder, reports: dict[str, str]) -> Assistant:
    for file, text in reports.items():
        (folder / file).write_text(text, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / file for file in reports]).refused
    return Assistant(library)


NAMELESS = """# {title}

Those who wrote this went to see the {place} in the spring, and spoke with the men and the women who work there.

## How well is the water kept?

### Judgment

{grade}

There were {moorings} moorings in 2016. {title} are written for those who work at the {place}, and for nobody else.
"""


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    one = NAMELESS.format(title="Some notes", place="river", grade="Good", moorings=412)
    other = NAMELESS.format(title="Further remarks", place="lake", grade="Inadequate", moorings=97)
    assistant = told_of(tmp_path_factory.mktemp("nameless"), embedder, {"one.md": one, "other.md": other})
    assert {(r.organisation, r.year) for r in assistant.library.reports()} == {(None, None)}
    return assistant


def test_figures_of_reports_that_name_no_organisation_do_not_contradict_each_other(nameless: Assistant) -> None:
    told = nameless.timeline("number of moorings")
    assert sorted(measured(told)) == [("2016", "412"), ("2016", "97")]
    assert [n.kind for n in told.notes] == []


def test_grades_of_reports_that_name_no_organisation_do_not_contradict_each_other(nameless: Assistant) -> None:
    told = nameless.timeline("judgment on how well the water is kept")
    assert sorted(graded(told), key=str) == [(None, "good"), (None, "inadequate")]
    assert [n.kind for n in told.notes] == []


SAVED = (
    HEAD.format(year="{year}")
    + "Northmere Fire Service made the following savings. The savings in 2014/15 were {saved}.\n"
)


@pytest.mark.parametrize(("other", "notes"), [("£7,912,345", []), ("£8,012,345", ["conflict"])])
def test_a_rounded_value_does_not_contradict_the_exact_one(
    tmp_path: Path, embedder: Embedder, other: str, notes: list[str]
) -> None:
    reports = {f"{y}.md": SAVED.format(year=y, saved=s) for y, s in ((2015, "£7.9m"), (2016, other))}
    told = told_of(tmp_path, embedder, reports).timeline("savings")
    assert set(measured(told)) == {("2014/15", other), ("2014/15", "£7.9m")}
    assert [n.kind for n in told.notes] == notes


FILLER = """## Premises

The inspectors walked through every fire station in the second week of May, before the engines had left for the summer.

The service keeps a register of its hoses, in which the date of each repair is entered by the hand that made it.

Every lamp above the doors was lit on each of the nights that the inspectors went to see, and none had been painted.

The towers in which the hoses are hung to dry stand behind the stations, and swallows nest under the roof of the oldest.
"""


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    text = (
        HEAD.format(year=2016).replace("\n\nPublished", "\n\n{version}\n\nPublished")
        + ("### Overall judgment\n\n{grade}\n\nThe service employed {firefighters} firefighters in 2016.\n\n")
        + FILLER
    )
    first = text.format(version="Report", grade="Good", firefighters=412)
    second = text.format(version="Corrected version", grade="Inadequate", firefighters=398)
    return told_of(tmp_path_factory.mktemp("corrected"), embedder, {"first.md": first, "second.md": second})


def test_a_later_version_is_told_instead_of_the_earlier_one(corrected: Assistant) -> None:
    assert measured(corrected.timeline("number of firefighters")) == [("2016", "398")]
    assert graded(corrected.timeline("overall judgment")) == [(2016, "inadequate")]


def test_an_earlier_version_that_is_chosen_is_told_and_a_note_says_that_there_is_a_later_one(
    corrected: Assistant,
) -> None:
    (earlier,) = (r.report_id for r in corrected.library.reports() if r.superseded_by is not None)
    figures = corrected.timeline("number of firefighters", Scope(reports=(earlier,)))
    grades = corrected.timeline("overall judgment", Scope(reports=(earlier,)))
    assert (measured(figures), graded(grades)) == ([("2016", "412")], [(2016, "good")])
    assert [n.kind for told in (figures, grades) for n in told.notes] == ["superseded", "superseded"]

"""Comparisons: a grid of organisations and years in which each cell is proved or said not to be stated."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.errors import BadQuestion, UnknownReport
from index.library import Library
from index.records import ReportInfo
from index.terms import terms
from rag import compare as compare_module
from rag.assistant import Assistant
from rag.axes import for_cells
from rag.features import Weight
from rag.grid import Grid
from rag.rank import Ranked, Ranker
from rag.records import Scope
from rag.retrieve import Evidence
from rag.scope import OWN_NAME
from rag.understand import Question

REPORT = """# {name}: annual inspection {year}

Published 3 May {year}

This is the inspection of {name}. {opening}

## How well does the harbour keep its channels open?

### Judgment

{grade}

## Pilots

{pilots}

The inspectors walked along the quays of {name} and spoke with those who moor the ships, and with the masters of ships.
"""
NORTH, SOUTH = "Northness Harbour Authority", "Saltmouth Harbour Authority"
REPORTS = {
    (NORTH, 2018): (
        "The inspection took place from 12 to 16 March 2018.",
        "Good",
        f"{NORTH} employed 86 pilots in 2018.",
    ),
    (NORTH, 2019): (
        "The inspection took place from 4 to 8 February 2019.",
        "Inadequate",
        f"{NORTH} employed 81 pilots in 2019. {NORTH} plans to recruit an additional 9 pilots.",
    ),
    (SOUTH, 2019): (
        "The inspectors thank all who took part.",
        "Requires improvement",
        f"{SOUTH} plans to recruit an additional 12 pilots, and 30 pilots in the eastern channel work at night.",
    ),
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("harbours")
    for (name, year), (opening, grade, pilots) in REPORTS.items():
        text = REPORT.format(name=name, year=year, opening=opening, grade=grade, pilots=pilots)
        (folder / f"{name.split()[0].lower()}-{year}.md").write_text(text, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder]).refused
    assert {(r.organisation, r.year) for r in library.reports()} == set(REPORTS)
    return Assistant(library)


@pytest.fixture(scope="module")
def pilots(assistant: Assistant) -> Grid:
    return assistant.compare("number of pilots")


def told(grid: Grid) -> dict[tuple[str, int], str]:
    """The leading figure or grade of each cell, or why there is none."""
    found = {}
    for cell in grid.cells:
        leading = [*(f.text for f in cell.figures), *(j.grade for j in cell.judgments), cell.reason or cell.text]
        found[cell.organisation, cell.year] = leading[0]
    return found


def test_each_cell_has_the_figure_of_its_organisation_and_year_or_says_why_not(pilots: Grid) -> None:
    assert (pilots.organisations, pilots.years) == ((NORTH, SOUTH), (2018, 2019))
    assert told(pilots) == {
        (NORTH, 2018): "86",
        (NORTH, 2019): "81",
        (SOUTH, 2018): "no_report",
        (SOUTH, 2019): "unclear",
    }
    assert {c.text for c in pilots.cells if c.status == "not_stated"} == {"not stated"}


def test_citations_are_numbered_through_the_grid_and_stand_where_they_say(assistant: Assistant, pilots: Grid) -> None:
    assert [c.n for c in pilots.citations] == [1, 2]
    for cell in pilots.cells:
        cited = [c for c in pilots.citations if c.n in cell.citations]
        assert {(c.organisation, c.year) for c in cited} <= {(cell.organisation, cell.year)}
        assert all(f"[{c.n}]" in cell.text for c in cited)
    for c in pilots.citations:
        assert assistant.library.text(c.report_id)[c.start : c.end] == c.quote


def test_grades_come_from_the_record_and_an_absent_one_is_absent(assistant: Assistant) -> None:
    grid = assistant.compare("judgment on keeping channels open")
    assert told(grid) == {
        (NORTH, 2018): "good",
        (NORTH, 2019): "inadequate",
        (SOUTH, 2018): "no_report",
        (SOUTH, 2019): "requires improvement",
    }
    assert set(told(assistant.compare("safety judgment")).values()) == {"not_found", "no_report"}


def test_dates_are_told_only_where_a_date_is_said(assistant: Assistant) -> None:
    grid = assistant.compare("dates of the inspection")
    assert "12 to 16 March 2018" in grid.cell(NORTH, 2018).text
    assert "4 to 8 February 2019" in grid.cell(NORTH, 2019).text
    assert grid.cell(SOUTH, 2019).status == "not_stated"


def test_what_the_question_names_is_the_grid(assistant: Assistant) -> None:
    grid = assistant.compare(f"How many pilots did {NORTH} employ in 2018 and 2019?")
    assert told(grid) == {(NORTH, 2018): "86", (NORTH, 2019): "81"}


def test_axes_that_are_given_win_and_unknown_ones_have_no_report(assistant: Assistant) -> None:
    grid = assistant.compare(f"How many pilots did {SOUTH} employ?", [NORTH.lower(), "Elsewhere Port"], [2019, 2030])
    assert told(grid) == {
        (NORTH, 2019): "81",
        (NORTH, 2030): "no_report",
        ("Elsewhere Port", 2019): "no_report",
        ("Elsewhere Port", 2030): "no_report",
    }


def test_a_scope_narrows_the_axes(assistant: Assistant) -> None:
    grid = assistant.compare("number of pilots", scope=Scope(years=(2018,)))
    assert (grid.organisations, grid.years, grid.scope.count) == ((NORTH,), (2018,), 1)
    with pytest.raises(UnknownReport):
        assistant.compare("number of pilots", scope=Scope(reports=("no such id",)))


def test_a_grid_that_is_too_large_is_refused_before_anything_is_asked(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_module, "MOST_CELLS", 3)
    with pytest.raises(BadQuestion, match="would have 4 cells; 3 is the most"):
        assistant.compare("number of pilots")


def test_reports_without_organisation_and_year_cannot_be_compared(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "notes.txt").write_text("The crane was repaired, and the quay was swept by two of the men.\n", "utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "notes.txt"])
        with pytest.raises(BadQuestion, match="nothing to compare"):
            Assistant(library).compare("number of cranes")


def info(organisation: str) -> ReportInfo:
    return ReportInfo("id", "f", "t", organisation, None, 2019, None, None, 1, 1, 1, 1, "id", "", "")


@pytest.mark.parametrize(
    ("text", "of_the_cell", "organisations", "years"),
    [
        ("theme of the inspection", "What was the theme of the inspection?", (), ()),
        ("dates of the inspection", "On what dates was the inspection?", (), ()),
        ("areas for improvement", "What were the areas for improvement?", (), ()),
        (
            "How many pilots did Saltmouth have in 2018?",
            "How many pilots did Deep Bay have in 2021?",
            (SOUTH,),
            (2018,),
        ),
        (
            f"Compare {NORTH} and {SOUTH} between 2017 and 2019: how many pilots were there?",
            "Deep Bay in 2021: how many pilots were there?",
            (NORTH, SOUTH),
            (2017, 2018, 2019),
        ),
        ("What was saved in 2014/15?", "What was saved in 2014/15?", (), ()),
    ],
)
def test_a_question_is_made_fit_for_any_cell(
    text: str, of_the_cell: str, organisations: tuple[str, ...], years: tuple[int, ...]
) -> None:
    asked = for_cells(text, [info(NORTH), info(SOUTH)])
    assert (set(asked.organisations), asked.years) == (set(organisations), years)
    assert asked.of("Deep Bay", 2021) == of_the_cell


class Listening(Ranker):
    """Ranks, and keeps what a term weighed in each ranking."""

    def __init__(self, term: str) -> None:
        super().__init__()
        self.term, self.heard = term, set[float]()

    def rank(self, question: Question, evidence: tuple[Evidence, ...], weight: Weight) -> tuple[Ranked, ...]:
        self.heard.add(weight(self.term))
        return super().rank(question, evidence, weight)


def test_the_name_of_the_cells_own_organisation_weighs_as_little_as_in_an_answer(assistant: Assistant) -> None:
    (term,) = terms("Northness")
    ranker = Listening(term)
    Assistant(assistant.library, ranker=ranker).compare("number of pilots", [NORTH])
    assert ranker.heard == {OWN_NAME * assistant.library.term_weight(term)}


def test_words_that_are_less_than_sure_are_no_cell(assistant: Assistant) -> None:
    unsure, sure = "What do the pilots do?", "Where do the pilots work?"
    scope = Scope(organisations=(SOUTH,))
    assert assistant.ask(unsure, scope=scope).status == "answered"
    assert told(assistant.compare(unsure, [SOUTH], [2019])) == {(SOUTH, 2019): "unclear"}
    assert "work at night" in assistant.compare(sure, [SOUTH], [2019]).cell(SOUTH, 2019).text


MOORINGS = """# {name}: annual inspection {year}

Published 3 May {year}

This is the inspection of {name}, whose inspectors walked along the quays and spoke with those who moor the ships there.

## Moorings

{moorings}

The inspectors thank the masters of ships and all others who took part in the inspection of {name} in the spring.
"""
TABLE = """The moorings are these.

| Moorings | 2018 |
|---|---|
| Moorings | {all} |
| Moorings for yachts | {yachts} |
"""


@pytest.fixture(scope="module")
def quays(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("quays")
    told_of = {
        (NORTH, 2018): TABLE.format(all=412, yachts=96),
        (SOUTH, 2018): "The moorings are these by the wall, and the north basin had 12 moorings in 2018.",
        (NORTH, 2019): f"{NORTH} had 398 moorings in use in 2019.",
    }
    for (name, year), moorings in told_of.items():
        text = MOORINGS.format(name=name, year=year, moorings=moorings)
        (folder / f"{name.split()[0].lower()}-{year}.md").write_text(text, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder]).refused
    return Assistant(library)


def test_what_is_only_named_is_a_measure_as_in_a_timeline(quays: Assistant) -> None:
    assert told(quays.compare("moorings", years=[2018])) == {(NORTH, 2018): "412", (SOUTH, 2018): "unclear"}
    in_use = quays.compare("moorings in use", [NORTH], [2019])
    assert told(in_use) == {(NORTH, 2019): "398"}
    stated = [p.figures[0].text for p in quays.timeline("moorings in use").points if p.status == "stated"]
    assert stated == ["398"]

"""Tables whose headings come once more with another year, whose total has no heading, whose currency stands above."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.facts import sentence_figures
from index.load import load_report
from index.records import Statement
from index.sandbox import ReaderProcess
from index.sentences import leans
from index.statements import find_statements
from index.structure import structure


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def _rows(reader: ReaderProcess, folder: Path, text: str) -> list[Statement]:
    path = folder / "report.md"
    path.write_text(text, encoding="utf-8")
    return [s for s in find_statements(structure(load_report(path, reader=reader))) if s.kind == "row"]


QUARTERS = """# Boats Ltd

|  |  |  | Fiscal 2019 |  |
|---|---|---|---|---|
|  | First | Second | Third |  |
|  | Quarter | Quarter | Quarter | Total |
| Hulls | 11 | 12 | 14 | 37 |
|  |  |  | Fiscal 2018 |  |
|  | First | Second | Third |  |
|  | Quarter | Quarter | Quarter | Total |
| Hulls | 21 | 22 | 24 | 67 |
"""


def test_headings_that_come_once_more_belong_to_the_year_over_them(reader: ReaderProcess, tmp_path: Path) -> None:
    first, second = _rows(reader, tmp_path, QUARTERS)
    assert first.figures[1].value == "12" and "Fiscal 2019" in (first.figures[1].measure or "")
    assert second.figures[1].value == "22"
    assert "Fiscal 2018" in (second.figures[1].measure or "") and "2019" not in (second.figures[1].measure or "")


def _regions(total: str) -> str:
    return (
        "# Boats Ltd\n\nThe table below shows income by region.\n\n|  | 2019 | 2018 |\n|---|---|---|\n"
        f"| North | $40 | $30 |\n| South | 25 | 15 |\n|  | {total} | 45 |\n"
    )


def test_a_row_without_a_heading_that_adds_up_those_above_is_the_total(reader: ReaderProcess, tmp_path: Path) -> None:
    rows = _rows(reader, tmp_path, _regions("65"))
    assert rows[-1].meaning.startswith("Total – ")
    assert rows[-1].figures[0].value == "65"


def test_a_row_without_a_heading_that_does_not_add_up_has_none(reader: ReaderProcess, tmp_path: Path) -> None:
    assert not _rows(reader, tmp_path, _regions("66"))[-1].meaning.startswith("Total")


def test_the_currency_declared_with_the_scale_above_a_table_is_its_unit(reader: ReaderProcess, tmp_path: Path) -> None:
    text = (
        "# Boats Ltd\n\n(All amounts expressed in thousands of U.S. Dollars)\n\nDebts to partners were paid.\n\n"
        "|  | 2018 | 2019 |\n|---|---|---|\n| Creditors | 268 | 328 |\n| Number of staff | 12 | 13 |\n"
    )
    creditors, staff = _rows(reader, tmp_path, text)
    assert [(f.unit, f.scale) for f in creditors.figures] == [("USD", "thousand")] * 2
    assert [f.unit for f in staff.figures] == [None, None]


@pytest.mark.parametrize(
    "sentence",
    [
        "In England and Wales it was 12 percent.",
        "The England and Wales figure is 60 percent.",
        "For Anyshire the proportion is 18 percent too.",
        "Across the North as a whole the rate fell by 3 percent.",
    ],
)
def test_a_sentence_that_only_adds_anothers_figure_leans(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["In Anyshire, 14 percent of them had seen a boat.", "The force is good.", "The Average Cost of boats rose."],
)
def test_a_sentence_that_says_what_is_measured_does_not_lean(sentence: str) -> None:
    assert not leans(sentence)


def test_the_year_that_something_is_compared_with_is_not_that_of_the_next_figure() -> None:
    said = (
        "This is 4 percentage points higher than it spent in 2010, and higher than the 60 percent figure for Anyshire."
    )
    assert [f.period for f in sentence_figures(said, 0, ("Anyshire",), "Boats Ltd")] == [None, None]
    assert sentence_figures("It had more than 300 boats in 2010.", 0, (), "Boats Ltd")[0].period == "2010"


@pytest.mark.parametrize(
    ("said", "periods"),
    [
        ("It spent £4.2m on roads in 2014 and £3.9m on roads in 2015.", ["2014", "2015"]),
        ("In 2014, it spent £4.2m on roads, and in 2015 it spent £3.9m.", ["2014", "2015"]),
        ("It was 5 percent in 2014, 6 percent in 2015 and 7 percent in 2016.", ["2014", "2015", "2016"]),
        ("It has 300 boats, and in 2015 it sold 40 of them in 2016.", ["2015", "2015"]),  # no turns: the nearest
        ("Spending was £25m in 2019 (2018: £34m).", ["2019", "2018"]),
        ("It had 60 boats in 2016, an increase of 10 percent on 2015.", ["2016", "2016"]),
    ],
)
def test_figures_and_times_that_take_turns_belong_together(said: str, periods: list[str]) -> None:
    assert [figure.period for figure in sentence_figures(said, 0, (), "Boats Ltd")] == periods


def _periods(sentence: str) -> dict[str, str | None]:
    return {f.text: f.period for f in sentence_figures(sentence, 0, (), None)}


def test_a_figure_has_the_period_of_its_half_of_the_sentence() -> None:
    sentence = (
        "We had 781 drivers and 198 clerks at July 31, 2019 compared to 838 drivers and 121 clerks of the "
        "smaller depots at July 31, 2018."
    )
    assert _periods(sentence) == {
        "781": "July 31, 2019", "198": "July 31, 2019", "838": "July 31, 2018", "121": "July 31, 2018",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "figure", "period"),
    [
        ("In 2019, while rent rose by 4% to £9m, wages were £3m lower than they had been in 2017.", "4%", "2019"),
        ("Rent was £9m in 2019, while wages, at £3m, were the highest ever paid since 2015.", "£9m", "2019"),
        ("Wages were £9m and rent £4m in 2019 compared with those of 2018.", "£4m", "2019"),
    ],
)
def test_a_half_without_figures_of_its_own_is_none(sentence: str, figure: str, period: str) -> None:
    assert _periods(sentence)[figure] == period


def test_a_row_that_sums_up_the_groups_above_stands_in_none(reader: ReaderProcess, tmp_path: Path) -> None:
    text = """# Boats Ltd

| | 2019 | 2018 |
|---|---|---|
| Current berth tax (credit): | | |
| Town | 5 | 4 |
| State | 10 | 6 |
| Deferred berth tax (credit): | | |
| Town | 42 | 48 |
| State | 11 | 66 |
| Berth tax (credit) | 68 | 124 |
"""
    headings = [row.meaning.partition(" – ")[0] for row in _rows(reader, tmp_path, text)]
    assert headings[-1] == "Berth tax (credit)"
    assert headings[3] == "Deferred berth tax (credit): State"


def test_a_lone_heading_that_goes_on_below_is_over_its_column_alone(reader: ReaderProcess, tmp_path: Path) -> None:
    text = """# Boats Ltd

| | Balance at Beginning of | | |
|---|---|---|---|
| | Period | Increase | Balance at End |
| Hulls | 90 | 7 | 97 |
"""
    (row,) = _rows(reader, tmp_path, text)
    assert [figure.measure for figure in row.figures] == [
        "Hulls, Balance at Beginning of, Period",
        "Hulls, Increase",
        "Hulls, Balance at End",
    ]
    life = text.replace("| Balance at Beginning of | | |", "| | | Useful life |").replace(
        "Balance at End", "(in years)"
    )
    (row,) = _rows(reader, tmp_path, life)
    assert [figure.measure for figure in row.figures] == [
        "Hulls, Period",
        "Hulls, Increase",
        "Hulls, Useful life, (in years)",
    ]
    (row,) = _rows(reader, tmp_path, text.replace("| Balance at Beginning of | | |", "| | | Price of each |"))
    assert [figure.measure for figure in row.figures] == [
        "Hulls, Price of each, Period",
        "Hulls, Price of each, Increase",
        "Hulls, Price of each, Balance at End",
    ]

"""What a cell of a table is about: groups over groups, rows of headings, headings in mid-table, marks of footnotes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.footnotes import unmarked
from index.load import load_report
from index.records import Figure, StructuredReport
from index.sandbox import ReaderProcess
from index.statements import find_statements
from index.structure import structure

Read = Callable[..., StructuredReport]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def read(reader: ReaderProcess, tmp_path: Path) -> Read:
    def read_text(text: str, name: str = "report.md") -> StructuredReport:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return structure(load_report(path, reader=reader))

    return read_text


def _figures(report: StructuredReport) -> dict[str, Figure]:
    return {f.text: f for s in find_statements(report) if s.kind == "row" for f in s.figures}


def _told(report: StructuredReport) -> dict[str, tuple[str | None, str | None]]:
    return {text: (figure.measure, figure.period) for text, figure in _figures(report).items()}


DATED = (
    "# Depots\n\n| | Cost | Wear |\n|---|---|---|\n"
    "| As of June 30, 2019 | | |\n| Sheds | | |\n| Roofs | 41 | 11 |\n| Yards | | |\n| Gates | 42 | 12 |\n"
    "| As of June 30, 2018 | | |\n| Sheds | | |\n| Roofs | 43 | 13 |\n| Yards | | |\n| Gates | 44 | 14 |\n"
)


def test_a_date_over_groups_holds_until_the_next_date(read: Read) -> None:
    told = _told(read(DATED))
    assert told["41"] == ("As of June 30, 2019: Sheds: Roofs, Cost", "June 30, 2019")
    assert told["12"] == ("As of June 30, 2019: Yards: Gates, Wear", "June 30, 2019")
    assert told["43"] == ("As of June 30, 2018: Sheds: Roofs, Cost", "June 30, 2018")
    assert told["14"] == ("As of June 30, 2018: Yards: Gates, Wear", "June 30, 2018")


def test_the_same_in_a_page_of_the_web(read: Read) -> None:
    lines = (line.strip("|").split("|") for line in DATED.splitlines()[2:] if "---" not in line)
    rows = "".join(f"<tr>{''.join(f'<td>{cell.strip()}</td>' for cell in line)}</tr>" for line in lines)
    prose = "The depots of Northmere are kept by crews that work in turns."
    report = read(f"<html><body><h1>Depots</h1><p>{prose}</p><table>{rows}</table></body></html>", "report.html")
    assert _told(report)["43"] == ("As of June 30, 2018: Sheds: Roofs, Cost", "June 30, 2018")


def test_a_group_over_dates_holds_until_the_next_group(read: Read) -> None:
    report = read(
        "# Depots\n\n| | Cost |\n|---|---|\n| Sheds | |\n| 2019 | |\n| Roofs | 41 |\n| 2018 | |\n| Roofs | 42 |\n"
        "| Yards | |\n| 2019 | |\n| Gates | 43 |\n"
    )
    assert [row.heading for row in report.tables[0].rows] == [
        "Sheds: 2019: Roofs",
        "Sheds: 2018: Roofs",
        "Yards: 2019: Gates",
    ]


def test_a_group_that_had_its_rows_ends_with_a_date_and_a_group_with_the_next(read: Read) -> None:
    report = read(
        "# Depots\n\n| | Cost |\n|---|---|\n| Sheds | |\n| Roofs | 41 |\n| Year ended June 30, 2018 | |\n"
        "| Gates | 42 |\n| Yards | |\n| Walls | 43 |\n| Crews | |\n| Drivers | 44 |\n"
    )
    assert [row.heading for row in report.tables[0].rows] == [
        "Sheds: Roofs",
        "Year ended June 30, 2018: Gates",
        "Year ended June 30, 2018: Yards: Walls",
        "Year ended June 30, 2018: Crews: Drivers",
    ]


def test_each_row_of_headings_is_spread_over_its_columns(read: Read) -> None:
    report = read(
        "# Depots\n\n|  | North |  | South |  |\n|---|---|---|---|---|\n"
        "|  | June 30, |  | June 30, |  |\n|  | 2019 | 2018 | 2019 | 2018 |\n| Rent | 41 | 42 | 43 | 44 |\n"
    )
    told = _told(report)
    assert told["42"] == ("Rent, North, June 30, 2018", "June 30, 2018")
    assert told["44"] == ("Rent, South, June 30, 2018", "June 30, 2018")


MID = "# Depots\n\n| Depot | Share (%) | FY 2019 £ | FY 2018 £ |\n|---|---|---|---|\n| North | 53.6 | 70.07 | 64.49 |\n"


def test_a_row_of_times_in_mid_table_heads_the_rows_below(read: Read) -> None:
    report = read(f"{MID}| Growth by cause | FY 2019 (%) | FY 2018 (%) | |\n| Weather | 7.6 | (2.3) | |\n")
    told = _told(report)
    assert told["70.07"] == ("North, FY 2019 £", "FY 2019")
    assert told["(2.3)"] == ("Growth by cause: Weather, FY 2018 (%)", "FY 2018")
    assert all("Growth by cause" not in s.text for s in find_statements(report))


@pytest.mark.parametrize(
    "row",
    [
        "| Due | 2027 | 2029 | 2031 |",
        "| First opened | June 2019 | May 2018 | |",
        "| Lease ends | 2019 | 2019 | 2018 |",
    ],
)
def test_a_row_that_states_years_is_no_heading(read: Read, row: str) -> None:
    report = read(f"{MID}{row}\n| South | 13.9 | 91.60 | 86.05 |\n")
    assert _told(report)["91.60"] == ("South, FY 2019 £", "FY 2019")
    assert any(s.text.startswith(row.strip("| ").split(" |")[0]) for s in find_statements(report) if s.kind == "row")


@pytest.mark.parametrize(
    ("heading", "bare"),
    [
        ("2019 (1)", "2019"),
        ("FY18**", "FY18"),
        ("2018(a)", "2018"),
        ("Rent (2)(4)", "Rent"),
        ("Costs:(1): Rent (2)", "Costs: Rent"),
        ("Profit†", "Profit"),
        ("FY18(1)", "FY18"),
        ("(1)", "(1)"),
        ("Section 13(d)", "Section 13(d)"),
        ("Scope (1 and 2)", "Scope (1 and 2)"),
        ("Change (%)", "Change (%)"),
        ("Forecast (e)", "Forecast (e)"),
        ("Gain (loss)", "Gain (loss)"),
    ],
)
def test_a_mark_is_no_word_of_a_heading(heading: str, bare: str) -> None:
    assert unmarked(heading) == bare


def test_marks_are_printed_in_the_quotation_and_no_part_of_the_measure(read: Read) -> None:
    report = read("# Depots\n\n| | 2019 (1) | 2018* |\n|---|---|---|\n| Rent (2) | 41 | 42 |\n| Wages | 43 | 44 |\n")
    rent = next(s for s in find_statements(report) if s.kind == "row")
    assert rent.text.startswith("Rent (2)")
    assert [(f.measure, f.period) for f in rent.figures] == [("Rent, 2019", "2019"), ("Rent, 2018", "2018")]


def test_rows_that_marks_alone_tell_apart_keep_them(read: Read) -> None:
    report = read("# Depots\n\n| | 2019 |\n|---|---|\n| Other (1) | 41 |\n| Rent (3) | 42 |\n| Other (2) | 43 |\n")
    assert [row.heading for row in report.tables[0].rows] == ["Other (1)", "Rent", "Other (2)"]


COLUMNS = "# Depots\n\n| | FY19** | FY18** | FY18*** |\n|---|---|---|---|\n| Fuel | 41 | 42 | 43 |\n\n"


def test_columns_that_marks_alone_tell_apart_are_headed_by_what_the_marks_stand_for(read: Read) -> None:
    report = read(
        COLUMNS + "* In tonnes. ** Northern depots only – as in FY19. *** All depots with those that were sold.\n"
    )
    assert _told(report) == {
        "41": ("Fuel, FY19, Northern depots only", "FY19"),
        "42": ("Fuel, FY18, Northern depots only", "FY18"),
        "43": ("Fuel, FY18, All depots with those that were sold", "FY18"),
    }


def test_columns_whose_marks_nothing_explains_are_ambiguous(read: Read) -> None:
    figures = _figures(read(COLUMNS + "The depots burn oil in winter.\n"))
    assert [figures[text].ambiguous for text in ("41", "42", "43")] == [False, True, True]
    assert figures["42"].measure == "Fuel, FY18**" and figures["42"].subject is None


def test_a_mark_that_all_columns_have_needs_no_note(read: Read) -> None:
    report = read(
        "# Depots\n\n| | | Litres* | |\n|---|---|---|---|\n| | FY19** | FY18** | FY18*** |\n| Fuel | 41 | 42 | 43 |\n\n"
        "** North. *** All.\n"
    )
    assert _told(report)["42"] == ("Fuel, Litres, FY18, North", "FY18")


def test_a_numbered_note_under_the_table_tells_a_restated_year(read: Read) -> None:
    report = read(
        "# Depots\n\n| | 2018 | 2018 (1) |\n|---|---|---|\n| Fuel | 42 | 43 |\n\n"
        "(1) Restated for the new rules. See below.\n"
    )
    assert _told(report) == {"42": ("Fuel, 2018", "2018"), "43": ("Fuel, 2018, Restated for the new rules", "2018")}


def test_a_mark_over_several_columns_tells_them_apart_too(read: Read) -> None:
    report = read(
        "# Depots\n\n| | 2018 | | 2018 (1) | |\n|---|---|---|---|---|\n| | North | South | North | South |\n"
        "| Fuel | 42 | 43 | 44 | 45 |\n\n(1) Restated.\n"
    )
    measures = [figure.measure for figure in _figures(report).values()]
    assert measures[0] == "Fuel, 2018, North" and measures[3] == "Fuel, 2018, South, Restated"


def test_a_line_that_heads_the_text_over_a_table_names_what_it_is_on(read: Read) -> None:
    prose = "Sales rose since the crews of the depots drove further and the vans were mended in time, "
    prose += "as they were not in the years before that."
    table = "| | 2019 | 2018 |\n|---|---|---|\n| Sales | 41 | 42 |\n"
    report = read(
        f"# Depots\n\n## Part 1\n\nNorthern vans segment\n\n{prose}\n\n{table}\n## Part 2\n\n{prose}\n\n{table}"
    )
    assert [table.caption for table in report.tables] == ["Northern vans segment", ""]

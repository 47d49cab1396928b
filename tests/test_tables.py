"""Tables: which columns a heading speaks of, which scale and unit a cell has, and tables that go over a page end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.canonical import canonicalise
from index.load import load_report
from index.records import LoadedReport, RawBlock, RawCell, RawReport, StructuredReport, Table
from index.sandbox import ReaderProcess
from index.scales import currency_of, declared_in_prose, is_declaration, scale_of
from index.statements import find_statements
from index.structure import structure
from index.table_heads import cell_quantity
from index.tables import find_tables

Read = Callable[[str], StructuredReport]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def read(reader: ReaderProcess, tmp_path: Path) -> Read:
    def read_text(text: str) -> StructuredReport:
        path = tmp_path / "report.md"
        path.write_text(text, encoding="utf-8")
        return structure(load_report(path, reader=reader))

    return read_text


def _heads(table: Table, row: int = 0) -> list[tuple[str, ...]]:
    return list(table.rows[row].column_headings)


def _facts(report: StructuredReport, heading: str) -> list[tuple[str, str | None, str | None]]:
    rows = [s for s in find_statements(report) if s.kind == "row" and s.text.startswith(heading)]
    return [(f.value, f.unit, f.scale) for s in rows for f in s.figures]


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("(in thousands)", "thousand"),
        ("($ in millions)", "million"),
        ("(Dollars in millions, except per share)", "million"),
        ("Budget in £ thousands", "thousand"),
        ("Spending (£m)", "million"),
        ("2019 €m", "million"),
        ("2019 $’000", "thousand"),
        ("$'000", "thousand"),
        ("£bn", "billion"),
        ("€ million", "million"),
        ("in thousands of U.S. dollars", "thousand"),
        ("Expressed in US $000's", "thousand"),
        ("Sales rose by £7.5 million to £9.1 million", None),
        ("In May it had 2 million users", None),
        ("(shares in thousands)", None),
        ("5m of cable", None),
    ],
)
def test_only_a_declaration_gives_a_scale(text: str, scale: str | None) -> None:
    assert scale_of(text) == scale


def test_prose_about_millions_declares_no_scale_and_an_aside_does() -> None:
    assert declared_in_prose("The cost rose in million steps, to £3 million in all.") == ""
    assert declared_in_prose("The costs were as follows (in thousands), and rose by £3 million.") == "(in thousands)"
    assert declared_in_prose("Costs in millions are:") == "Costs in millions are:"
    assert (
        declared_in_prose("Expressed in US $000's except share amounts")
        == "Expressed in US $000's except share amounts"
    )


def test_a_currency_is_named_by_sign_or_word() -> None:
    assert [currency_of(t) for t in ("£m", "US$", "in thousands of U.S. dollars", "€", "2019")] == [
        "GBP",
        "USD",
        "USD",
        "EUR",
        None,
    ]
    assert is_declaration("(In millions, except for percentages)") and not is_declaration("2019 (in force)")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("(13%)", "-13"), ("(1,324)", "-1324"), ("$(5,625)", "-5625"), ("−1", "-1"), ("59 %", "59"), ("£1.2m", "1.2")],
)
def test_a_number_in_brackets_is_negative(cell: str, value: str) -> None:
    found = cell_quantity(cell)
    assert found is not None and str(found.value) == value
    assert cell[found.start : found.end] == found.text


@pytest.mark.parametrize("cell", ["2018 (4)", "2019 $’000", "$'000", "Total (1)", "2019", "–", "n/a"])
def test_a_heading_with_a_note_number_or_a_scale_is_no_quantity(cell: str) -> None:
    assert cell_quantity(cell) is None


def test_the_scale_comes_from_the_heading_and_not_from_a_sum_in_the_text(read: Read) -> None:
    report = read(
        "# Ships\n\nCash rose by $7.5 million to $55.6 million.\n\n"
        "| (in thousands of U.S. dollars) | 2018 | 2017 |\n|---|---|---|\n| Net loss | $(265,511) | $(164,787) |\n"
        "| Rent | 40 | 39 |\n"
    )
    assert _facts(report, "Net loss") == [("-265511", "USD", "thousand"), ("-164787", "USD", "thousand")]
    assert _facts(report, "Rent") == [("40", "USD", "thousand"), ("39", "USD", "thousand")]


def test_a_scale_declared_some_paragraphs_before_is_the_tables(read: Read) -> None:
    report = read(
        "# Ships\n\n## Debts\n\nDebts are as follows (in thousands):\n\nOf these $60.3 million are old.\n\n"
        "Others are new.\n\n| | 2018 | 2017 |\n|---|---|---|\n| Billed | $ 127 | $ 156 |\n\n"
        "## Crews\n\nThere are more.\n\n| | 2018 | 2017 |\n|---|---|---|\n| Crews | 7 | 6 |\n"
    )
    assert [table.scale for table in report.tables] == ["thousand", None]


def test_a_note_under_a_table_gives_its_scale(read: Read) -> None:
    report = read("# Ships\n\n| | 2018 |\n|---|---|\n| Rent | £40 |\n\nNote: all amounts in thousands.\n")
    assert report.tables[0].scale == "thousand"


def test_percentages_shares_and_years_are_not_scaled(read: Read) -> None:
    report = read(
        "# Ships\n\n| (in millions, except per share) | 2019 | Change |\n|---|---|---|\n| Sales | $39 | 5% |\n"
        "| Margin (%) | 12 | 1 |\n| Earnings per share | $2.97 | 3% |\n| Life (in years) | 4.6 | |\n"
        "| Operating rations | 8 | 2% |\n"
    )
    assert _facts(report, "Sales") == [("39", "USD", "million"), ("5", "percent", None)]
    assert _facts(report, "Margin") == [("12", "percent", None), ("1", "percent", None)]
    assert _facts(report, "Earnings")[0] == ("2.97", "USD", None)
    assert _facts(report, "Life") == [("4.6", "years", None)]
    assert _facts(report, "Operating")[0] == ("8", "USD", "million")


def test_a_percentage_in_a_row_heading_is_not_its_unit(read: Read) -> None:
    report = read("# Tax\n\n| | 2019 £m |\n|---|---|\n| Loss | 9.0 |\n| Tax at the rate of 19.0% | 8.2 |\n")
    assert _facts(report, "Tax at") == [("8.2", "GBP", "million")]


def test_each_column_has_its_own_scale(read: Read) -> None:
    report = read(
        "# Ships\n\n| | Bought | Left | Cost |\n|---|---|---|---|\n"
        "| | (Shares in thousands) | | (Dollars in millions) |\n| May | 262 | 306 | $ 12 |\n"
    )
    (table,) = report.tables
    assert _heads(table)[0] == ("Bought", "(Shares in thousands)")
    facts = _facts(report, "May")
    assert (facts[0][2], facts[2][2]) == ("thousand", "million")


@pytest.mark.parametrize("centred", ["|  | Years Ended May 31, |  |  |", "|  |  | Years Ended May 31, |  |"])
def test_a_time_over_years_is_over_all_of_them(read: Read, centred: str) -> None:
    report = read(f"# Ships\n\n{centred}\n|---|---|---|---|\n|  | 2019 | 2018 | Change |\n| Sales | 4 | 3 | 1 |\n")
    assert _heads(report.tables[0]) == [
        ("Years Ended May 31, 2019",),
        ("Years Ended May 31, 2018",),
        ("Change",),
    ]


def test_another_heading_is_over_its_neighbours_of_a_kind(read: Read) -> None:
    report = read(
        "# Ships\n\n| Year Ended May 31, |  |  |  |  |\n|---|---|---|---|---|\n|  |  |  | Percent Change |  |\n"
        "| (Dollars in millions) | 2019 | Actual | Constant | 2018 |\n| Interest | $2,082 | 3% | 4% | $2,025 |\n"
    )
    assert _heads(report.tables[0]) == [
        ("Year Ended May 31, 2019",),
        ("Percent Change", "Actual"),
        ("Percent Change", "Constant"),
        ("Year Ended May 31, 2018",),
    ]
    assert report.tables[0].scale == "million"


def test_a_title_in_the_first_row_is_the_caption(read: Read) -> None:
    report = read("# A\n\n| Tax expense |  |  |\n|---|---|---|\n|  | 2019 €m | 2018 €m |\n| Paid | 4 | 3 |\n")
    assert report.tables[0].caption == "Tax expense"
    assert _heads(report.tables[0]) == [("2019 €m",), ("2018 €m",)]


def test_a_group_is_named_in_any_column(read: Read) -> None:
    report = read(
        "# A\n\n| | 2019 | 2018 |\n|---|---|---|\n| | Costs: | |\n| Rent | 4 | 3 |\n| | Income: | |\n| Rent | 2 | 1 |\n"
    )
    assert [row.heading for row in report.tables[0].rows] == ["Costs: Rent", "Income: Rent"]


def _row(page: int, table: int, *cells: str) -> RawBlock:
    return RawBlock("table_row", "", page=page, table=table, cells=tuple(map(RawCell, cells)))


def _loaded(*blocks: RawBlock) -> LoadedReport:
    text, placed, runs = canonicalise(RawReport(blocks=blocks, pages=3))
    return LoadedReport("0" * 16, "r.pdf", "0" * 64, "application/pdf", text, placed, runs, 3, None, None)


HEAD = ("Depot", "2017", "2018")


def test_a_table_over_a_page_end_is_one_and_its_repeated_headings_are_no_row() -> None:
    loaded = _loaded(
        _row(1, 0, *HEAD),
        _row(1, 0, "North", "4", "5"),
        _row(2, 1, *HEAD),
        _row(2, 1, "South", "6", "7"),
        _row(3, 2, "West", "8", "9"),
    )
    (table,) = find_tables(loaded)
    assert [row.heading for row in table.rows] == ["North", "South", "West"]
    assert all(row.column_headings == (("2017",), ("2018",)) for row in table.rows)
    assert (table.start, table.end) == (0, len(loaded.text))


def test_a_row_that_a_page_end_cut_keeps_its_heading() -> None:
    loaded = _loaded(
        _row(1, 0, "Who", "What", ""), _row(1, 0, "Council", "It should mend", ""), _row(2, 1, "", "its gates."),
        _row(2, 1, "Shire", "It should pay."),
    )  # fmt: skip
    (table,) = find_tables(loaded)
    assert [row.heading for row in table.rows] == ["Council", "Council", "Shire"]


def test_both_halves_of_a_row_that_a_page_end_cut_stand_under_its_whole_heading() -> None:
    loaded = _loaded(
        _row(1, 0, "Who", "What"), _row(1, 0, "Shire", "It should pay."),
        _row(1, 0, "Council and", "It should mend the"),
        _row(2, 1, "Water Board", "gates of all depots."), _row(2, 1, "Fire Service", "It should plan."),
    )  # fmt: skip
    (table,) = find_tables(loaded)
    assert [row.heading for row in table.rows] == [
        "Shire", "Council and Water Board", "Council and Water Board", "Fire Service",
    ]  # fmt: skip
    assert all(row.column_headings == (("What",),) for row in table.rows)


@pytest.mark.parametrize(
    "second",
    [
        (_row(2, 1, "Crew", "2017", "2018"), _row(2, 1, "South", "6", "7")),
        (_row(2, 1, "South", "6"),),
        (_row(3, 1, "South", "6", "7"),),
        (RawBlock("paragraph", "These are the crews.", page=2), _row(2, 1, "South", "6", "7")),
    ],
)
def test_another_table_on_the_next_page_is_another(second: tuple[RawBlock, ...]) -> None:
    loaded = _loaded(_row(1, 0, *HEAD), _row(1, 0, "North", "4", "5"), *second)
    assert len(find_tables(loaded)) == 2

"""Workbooks and CSV files: a sheet is a section, a cell reads as its program shows it, a table knows its headings."""

import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from index.errors import UnreadableReport
from index.load import load_report
from index.readers.number_formats import shown
from index.records import LoadedReport
from index.sandbox import ReaderProcess
from index.tables import find_tables

Load = Callable[[str, bytes], LoadedReport]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def load(tmp_path: Path, reader: ReaderProcess) -> Load:
    def loaded(name: str, content: bytes) -> LoadedReport:
        path = tmp_path / name
        path.write_bytes(content)
        return load_report(path, reader=reader)

    return loaded


def _blocks(report: LoadedReport) -> list[tuple[str, str]]:
    return [(block.kind, report.text[block.start : block.end]) for block in report.blocks]


def _saved(workbook: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


# Numbers as the spreadsheet shows them; the right-hand side is what Excel shows for the value and the code


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (None, "General", ""),
        (True, "General", "TRUE"),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1272, "#,##0", "1,272"),
        (-1272.5, "#,##0", "-1,273"),
        (0.125, "0.0%", "12.5%"),
        (0.125, "0%", "13%"),
        (-0.004, "0%", "0%"),
        (36.1, '"£"#,##0.0"m"', "£36.1m"),
        (36_100_000, '"£"#,##0.0,,"m"', "£36.1m"),
        (-5.25, "[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00", "-£5.25"),
        (-1234, "#,##0_);(#,##0)", "(1,234)"),
        (0, '#,##0;-#,##0;"–"', "–"),
        (1999.5, "[$$-409]#,##0.00", "$1,999.50"),
        (12, "0000", "0012"),
        (0.5, "#.##", ".5"),
        (3, '0" officers"', "3 officers"),
        (1500, "0.00E+00", "1500"),
        (7, '[>=5]"many";"few"', "many"),
        (datetime.datetime(2016, 3, 31), "d mmmm yyyy", "31 March 2016"),
        (datetime.datetime(2016, 3, 31), "mmm-yy", "Mar-16"),
        (datetime.datetime(2016, 3, 31), "yyyy\\-mm\\-dd", "2016-03-31"),
        (datetime.datetime(2016, 3, 4), "mm-dd-yy", "4 March 2016"),
        (datetime.datetime(2016, 3, 4, 14, 5), "h:mm AM/PM", "2:05 PM"),
        (datetime.timedelta(hours=37, minutes=5), "[h]:mm", "37:05"),
        ("as typed", "0.00", "as typed"),
    ],
)
def test_a_number_reads_as_the_spreadsheet_shows_it(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text


def _workforce() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.properties.title = "Workforce return"
    sheet = workbook.active
    sheet.title = "Workforce"
    sheet["B1"] = "Table 1: officers and cost, £m"
    sheet.merge_cells("B1:E1")
    sheet["C3"] = "Change from 2010 to 2016"
    sheet.merge_cells("C3:D3")
    for column, text in zip("BCDE", ("", "Force", "England and Wales", "Cost"), strict=True):
        sheet[f"{column}4"] = text or None
    for row, values in enumerate((("Officers", -0.12, -0.114, 45.5), ("Staff", 0.03, -0.2, 1234.25)), start=5):
        for column, value in zip("BCDE", values, strict=True):
            sheet[f"{column}{row}"] = value
            sheet[f"{column}{row}"].number_format = "#,##0.0" if column == "E" else "0.0%"
    sheet["B7"] = "Source: annual data return."
    hidden = workbook.create_sheet("Workings")
    hidden["A1"] = "not for readers"
    hidden.sheet_state = "hidden"
    second = workbook.create_sheet("Notes")
    second["A1"] = "The figures were checked in July."
    return _saved(workbook)


def test_each_sheet_is_a_section_and_hidden_ones_are_named(load: Load) -> None:
    report = load("return.xlsx", _workforce())
    assert report.title_hint == "Workforce return"
    assert _blocks(report) == [
        ("heading", "Workforce"),
        ("paragraph", "Table 1: officers and cost, £m"),
        ("table_row", " | Change from 2010 to 2016 | "),
        ("table_row", " | Force | England and Wales | Cost"),
        ("table_row", "Officers | -12.0% | -11.4% | 45.5"),
        ("table_row", "Staff | 3.0% | -20.0% | 1,234.3"),
        ("paragraph", "Source: annual data return."),
        ("heading", "Notes"),
        ("paragraph", "The figures were checked in July."),
    ]
    assert [warning for warning in report.warnings if "Workings" in warning]
    assert "not for readers" not in report.text


def test_cells_of_a_sheet_know_merged_headings_and_their_place(load: Load) -> None:
    report = load("return.xlsx", _workforce())
    (table,) = find_tables(report)
    assert table.caption == "Table 1: officers and cost, £m"
    officers = table.rows[0]
    assert officers.heading == "Officers"
    assert officers.column_headings == (
        ("Change from 2010 to 2016", "Force"),
        ("Change from 2010 to 2016", "England and Wales"),
        ("Cost",),
    )
    assert [report.text[cell.start : cell.end] for cell in officers.cells] == ["-12.0%", "-11.4%", "45.5"]


def test_tables_that_an_empty_row_or_column_divides_are_apart(load: Load) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["Force", 2015, None, "Area", 2016], ["A", 1, None, "X", 3], ["B", 2, None, "Y", 4]):
        sheet.append(row)
    sheet.append([])
    sheet.append(["Item", "Cost"])
    sheet.append(["Pay", 7])
    report = load("three.xlsx", _saved(workbook))
    rows = [(block.table, report.text[block.start : block.end]) for block in report.blocks if block.cells]
    assert rows == [
        (0, "Force | 2015"),
        (0, "A | 1"),
        (0, "B | 2"),
        (1, "Area | 2016"),
        (1, "X | 3"),
        (1, "Y | 4"),
        (2, "Item | Cost"),
        (2, "Pay | 7"),
    ]


def test_hidden_rows_and_columns_are_left_out_and_named(load: Load) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Costs"
    for row in (["Item", "Draft", "Final"], ["Pay", 1, 2], ["Old", 5, 6], ["Cars", 3, 4]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    report = load("costs.xlsx", _saved(workbook))
    assert [text for kind, text in _blocks(report) if kind == "table_row"] == ["Item | Final", "Pay | 2", "Cars | 4"]
    assert report.warnings == ("sheets with hidden rows or columns, which were left out: Costs",)


def test_a_formula_reads_as_the_value_that_was_kept_with_it(load: Load) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet("Sums")
        sheet.write_row("A1", ["Part", 1])
        sheet.write("A2", "Total")
        sheet.write_formula("B2", "=B1+1", None, 2)
    assert "Total | 2" in load("sum.xlsx", target.getvalue()).text


def test_a_raised_note_mark_does_not_become_part_of_a_word(load: Load) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        high = workbook.add_format({"font_script": 1})
        workbook.add_worksheet("Notes").write_rich_string("A1", "Officers in post", high, "2", " at 31 March")
    assert "Officers in post² at 31 March" in load("note.xlsx", target.getvalue()).text


def test_a_stray_cell_at_the_foot_of_a_sheet_costs_nothing(load: Load) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Alone at the top"
    workbook.active["XFD1048576"] = "Alone at the foot"
    assert "Alone at the top" in load("stray.xlsx", _saved(workbook)).text


# CSV


def test_a_csv_table_stands_between_its_title_and_its_source(load: Load) -> None:
    content = (
        b'Officers by force\n\nForce,31 March 2015,31 March 2016\nAvon,2718,2649\n"Wilts, North",1005,980\n\nSource: HO'
    )
    report = load("officers.csv", content)
    assert _blocks(report) == [
        ("paragraph", "Officers by force"),
        ("table_row", "Force | 31 March 2015 | 31 March 2016"),
        ("table_row", "Avon | 2718 | 2649"),
        ("table_row", "Wilts, North | 1005 | 980"),
        ("paragraph", "Source: HO"),
    ]
    (table,) = find_tables(report)
    assert table.rows[1].heading == "Wilts, North"
    assert table.rows[1].column_headings == (("31 March 2015",), ("31 March 2016",))
    assert [report.text[cell.start : cell.end] for cell in table.rows[1].cells] == ["1005", "980"]


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("semicolons.csv", "Land;2015;2016\nNord;1,5;2,5\nSüd;3,5;4,5\n", ["Land | 2015 | 2016", "Nord | 1,5 | 2,5"]),
        ("tabs.tsv", "Force\tGrade\nAvon\tGood, and better\n", ["Force | Grade", "Avon | Good, and better"]),
        ("pipes.csv", "a|b|c\n1|2|3\n", ["a | b | c", "1 | 2 | 3"]),
        ("said.csv", "sep=;\na;b,c\nd;e,f\n", ["a | b,c", "d | e,f"]),
        ("lines.csv", 'a,b\n"two\nlines",2\n', ["a | b", "two lines | 2"]),
    ],
)
def test_the_separator_of_a_csv_file_is_told_from_its_rows(
    load: Load, name: str, content: str, rows: list[str]
) -> None:
    report = load(name, content.encode())
    assert [report.text[block.start : block.end] for block in report.blocks if block.cells][:2] == rows


def test_only_a_row_without_figures_heads_a_csv_table(load: Load) -> None:
    headed = load("a.csv", b"Force,2015\nAvon,12\n")
    bare = load("b.csv", b"Avon,12\nWilts,13\n")
    assert [block.header_row for block in headed.blocks] == [True, False]
    assert [block.header_row for block in bare.blocks] == [False, False]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_file_in_any_encoding_keeps_its_signs(load: Load, encoding: str) -> None:
    text = "Region;Kosten\nMünchen – Süd;£5\nKöln;£6\nDüsseldorf;£7\n"
    assert "München – Süd | £5" in load("a.csv", text.encode(encoding)).text


def test_japanese_csv_files_are_told_apart(load: Load) -> None:
    text = "地域,二〇一五年,人数\n東京都のせたがや区,警察官,1234\n大阪府のさかい市,警察官,567\n"
    for encoding in ("shift_jis", "euc_jp", "iso2022_jp", "utf-8", "utf-16"):
        assert "東京都のせたがや区 | 警察官 | 1234" in load("a.csv", text.encode(encoding)).text


def test_a_workbook_that_is_none_is_refused(load: Load) -> None:
    with pytest.raises(UnreadableReport, match="not an Excel workbook"):
        load("text.xlsx", b"Not a zip file")
    with pytest.raises(UnreadableReport, match="no text"):
        load("nothing.xlsx", _saved(openpyxl.Workbook()))

"""Structure: the headings a text stands under, what its tables mean, its lists, and who and what the report is."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from index.load import load_report
from index.records import StructuredReport, Table
from index.sandbox import ReaderProcess
from index.statements import find_statements
from index.structure import structure

Read = Callable[..., StructuredReport]

PROSE = "The crews of Northmere Council were out on the road before seven on each of the days that we went to see them."


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def read(reader: ReaderProcess, tmp_path: Path) -> Read:
    def read_text(text: str, name: str = "report.txt") -> StructuredReport:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return structure(load_report(path, reader=reader))

    return read_text


@pytest.fixture
def shared(reader: ReaderProcess, shared_reports: Path) -> Callable[[str], StructuredReport]:
    def read_shared(start: str) -> StructuredReport:
        (path,) = shared_reports.glob(f"{start}_*.txt")
        return structure(load_report(path, reader=reader))

    return read_shared


def _cells(report: StructuredReport, table: Table) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    text = report.loaded.text
    return {
        row.heading: [
            (text[cell.start : cell.end], heads) for cell, heads in zip(row.cells, row.column_headings, strict=True)
        ]
        for row in table.rows
    }


def test_text_stands_under_the_headings_that_a_reader_sees_above_it(read: Read) -> None:
    report = read(f"# Waste\n\n## Collection\n\n{PROSE}\n\n### Glass\n\n{PROSE}\n\n## Depots\n\n{PROSE}\n", "report.md")
    assert [section.path for section in report.sections] == [
        ("Waste",),
        ("Waste", "Collection"),
        ("Waste", "Collection", "Glass"),
        ("Waste", "Depots"),
    ]


def test_sections_cover_the_whole_text_and_do_not_overlap(read: Read) -> None:
    report = read(f"Northmere waste\n\n{PROSE}\n\nDepots\n\n{PROSE}\n\nCrews\n\n{PROSE}\n")
    edges = [(section.start, section.end) for section in report.sections]
    assert edges[0][0] == 0 and edges[-1][1] == len(report.loaded.text)
    assert all(a[1] == b[0] for a, b in pairwise(edges))


def test_a_bare_line_before_text_is_a_heading_and_a_sentence_a_date_or_a_source_is_not(read: Read) -> None:
    report = read(
        f"Depots and crews\n\n{PROSE}\n\nSource: council return\n\n{PROSE}\n\n31 March 2016\n\n{PROSE}\n\n"
        f"They were safe.\n\n{PROSE}\n"
    )
    assert [section.path for section in report.sections] == [("Depots and crews",)]


def test_a_contents_page_is_no_evidence(read: Read) -> None:
    entries = "Introduction\t3\nIs glass collected?\t4\nAre depots safe?\t9\nAnnex\t12\n"
    report = read(
        f"Northmere waste\n\nContents\n\n{entries}\nIntroduction\n\n{PROSE}\n\nIs glass collected?\n\n{PROSE}\n\n"
        f"Are depots safe?\n\n{PROSE}\n\nAnnex\n\n{PROSE}\n"
    )
    (contents,) = [s for s in report.sections if s.kind == "contents"]
    inside = report.loaded.text[contents.start : contents.end]
    assert all(entry in inside for entry in ("Introduction 3", "Are depots safe? 9", "Annex 12"))
    assert PROSE not in inside
    assert report.tables == () and report.lists == ()
    assert [s.path for s in report.sections if s.kind == "body"][-4:] == [
        ("Introduction",),
        ("Is glass collected?",),
        ("Are depots safe?",),
        ("Annex",),
    ]


def test_a_two_level_heading_tells_each_cell_whose_change_it_is(read: Read) -> None:
    report = read(
        f"Crews\n\n{PROSE}\n\nTable 2: Crews and clerks of Northmere Council and of the Shire\n\n"
        "\tMarch 2010\tChange from 2010 to 2016\t\tMarch 2016\n"
        "\t\tCouncil\tAll Shire\t\n"
        "Crews\t120\t-20%\t-14%\t96\n"
        "Clerks\t50\t7%\t-3%\t53\n"
    )
    (table,) = report.tables
    assert table.caption == "Table 2: Crews and clerks of Northmere Council and of the Shire"
    assert _cells(report, table)["Crews"] == [
        ("120", ("March 2010",)),
        ("-20%", ("Change from 2010 to 2016", "Council")),
        ("-14%", ("Change from 2010 to 2016", "All Shire")),
        ("96", ("March 2016",)),
    ]


def test_a_table_in_thousands_of_pounds_says_so(read: Read) -> None:
    report = read(
        "# Money\n\n## Budget in £ thousands\n\n| | 2015 | 2016 |\n|---|---|---|\n| Bins | 12 | (3) |\n", "r.md"
    )
    (table,) = report.tables
    assert (table.scale, table.unit) == ("thousand", "GBP")
    assert _cells(report, table) == {"Bins": [("12", ("2015",)), ("(3)", ("2016",))]}


def test_a_row_that_only_names_a_group_is_in_the_heading_of_the_rows_below_it(read: Read) -> None:
    report = read(
        "# Money\n\n| Item | 2015 |\n|---|---|\n| Income | |\n| Fees | 12 |\n| Spending | |\n| Fees | 9 |\n", "r.md"
    )
    assert _cells(report, report.tables[0]) == {
        "Income: Fees": [("12", ("2015",))],
        "Spending: Fees": [("9", ("2015",))],
    }


def test_a_key_figures_page_pairs_each_value_with_the_name_above_it(read: Read) -> None:
    report = read(
        f"Depots\n\n{PROSE}\n\nKey figures\n\nMissed bins per 1,000 households\n\nNorthmere Council\n\n121\n\n"
        f"Shire average\n\n124\n\nHouseholds content with the service\n\n"
        "Northmere Council\n\n79%\n\nShire average\n\n84%\n\n"
        f"Depots and crews\n\n{PROSE}\n"
    )
    assert [_cells(report, table) for table in report.tables] == [
        {"Missed bins per 1,000 households": [("121", ("Northmere Council",)), ("124", ("Shire average",))]},
        {"Households content with the service": [("79%", ("Northmere Council",)), ("84%", ("Shire average",))]},
    ]


def test_values_that_stand_together_under_two_names_are_given_to_neither(read: Read) -> None:
    report = read(
        f"Depots\n\n{PROSE}\n\nKey figures\n\nCost of a bin\n\nNorthmere Council Shire average\n\n£168.1£153.0\n\n"
        f"Fires\n\nNorthmere Council Shire average\n\n-13% -14%\n\nLosses\n\nNorthmere Council\n\n12\n\n14\n\n"
        f"Depots and crews\n\n{PROSE}\n"
    )
    assert report.tables == ()


def test_a_list_holds_its_items_in_order(read: Read) -> None:
    report = read(
        f"# Depots\n\n{PROSE}\n\n- wash the lorries\n- lock the gate\n\n{PROSE}\n\n- count the bins\n", "r.md"
    )
    text = report.loaded.text
    items = [[text[start:end].lstrip("•- ") for start, end in found.items] for found in report.lists]
    assert items == [["wash the lorries", "lock the gate"], ["count the bins"]]


TO_DO = ("The council should wash its lorries.", "The council should lock its gates.")


@pytest.mark.parametrize(
    "heading", ["Areas for improvement", "Recommendations", "Cause of concern", "What needs to improve?"]
)
def test_paragraphs_under_a_heading_of_things_to_do_are_a_list(read: Read, heading: str) -> None:
    report = read(f"# Depots\n\n{PROSE}\n\n## {heading}\n\n{TO_DO[0]}\n\n{TO_DO[1]}\n\n## Crews\n\n{PROSE}\n", "r.md")
    text = report.loaded.text
    assert [[text[start:end] for start, end in found.items] for found in report.lists] == [list(TO_DO)]


def test_rows_under_a_heading_of_things_to_do_are_a_list_and_a_lone_paragraph_is_none(read: Read) -> None:
    rows = f"| Who | What |\n|---|---|\n| Council | {TO_DO[0]} |\n| Shire | {TO_DO[1]} |\n"
    report = read(f"# A\n\n## Areas for priority action\n\n{rows}\n## Recommendations\n\nThere are none.\n", "r.md")
    text = report.loaded.text
    assert [[text[start:end] for start, end in found.items] for found in report.lists] == [list(TO_DO)]


def test_a_heading_that_repeats_the_one_above_it_opens_no_section(read: Read) -> None:
    report = read(f"# A\n\n## Areas for improvement\n\n### Areas for improvement\n\n{PROSE}\n", "r.md")
    assert [section.path for section in report.sections] == [("A",), ("A", "Areas for improvement")]


def test_names_under_the_close_of_a_letter_are_no_headings(read: Read) -> None:
    report = read(f"# Next steps\n\n{PROSE}\n\nYours sincerely\n\n# Ann Ode\n\n# Chief Inspector, Wardle\n", "r.md")
    assert [section.path for section in report.sections] == [("Next steps",)]


@pytest.mark.parametrize(
    ("title", "organisation"),
    [
        ("Inspection of the response to neglect in Northmere", "Northmere"),
        ("Inspection of the response to neglect in Cold Ash and Oxbow", "Cold Ash and Oxbow"),
        ("Joint inspection of Northmere", "Northmere"),
        ("Inspection of progress in the District of Northmere", "District of Northmere"),
        ("Inspection of Northmere Harbour Trust", "Northmere Harbour Trust"),
        ("Annual Review of the Cold Ash Council", "Cold Ash Council"),
    ],
)
def test_an_area_in_the_title_is_whom_the_report_is_of(read: Read, title: str, organisation: str) -> None:
    office = "The Director of Northmere Services wrote. " * 4
    area = organisation.removeprefix("District of ")
    report = read(f"# {title}\n\n{office}\n\nWhat was seen in {area} was good, as {area} knows.\n", "r.md")
    assert report.identity.organisation == organisation


# Over a letter, as a reader joins lines that stand close together: longer than any title.
OFFICES = " ".join(
    f"{name} Ode, Manager of Works, {place} Health Group, with its crews and depots"
    for name, place in (("Ann", "Oxbow"), ("Bea", "Wardle"), ("Cy", "Cold Ash"), ("Di", "Shire"))
)


@pytest.mark.parametrize(
    ("subject", "title", "organisation"),
    [
        ("Joint inspection of Northmere", "Joint inspection of Northmere", "Northmere"),
        (
            "Inspection of services for pupils in Northmere.",
            "Inspection of services for pupils in Northmere",
            "Northmere",
        ),
        ("Inspection of the response to neglect", "Inspection of the response to neglect", "Northmere"),
    ],
)
def test_what_a_letter_is_about_stands_under_its_salutation(
    read: Read, subject: str, title: str, organisation: str
) -> None:
    seen = "Work was seen in the Northmere local authority. Northmere has crews, and Northmere was asked for its views."
    report = read(f"8 May 2019\n\n{OFFICES}\n\nDear partners\n\n{subject}\n\n{seen}\n\n{PROSE}\n", "r.md")
    assert (report.identity.title, report.identity.organisation, report.identity.year) == (title, organisation, 2019)


def test_a_sentence_under_a_salutation_is_no_title(read: Read) -> None:
    report = read(f"Annual review of depots\n\nDear all\n\nThank you for your report.\n\n{PROSE}\n", "r.md")
    assert report.identity.title == "Annual review of depots"


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("DRAFT", "draft"),
        ("Draft report for comment", "draft"),
        ("Inspection of depots (draft)", "draft"),
        ("Corrected version, May 2018", "corrected"),
        ("Revised June 2018", "corrected"),
        ("The council will draft a plan.", None),
        ("Its budget was revised in May.", None),
        ("June 2018", None),
    ],
)
def test_a_report_says_whether_it_is_a_draft_or_corrected(read: Read, line: str, version: str | None) -> None:
    report = read(f"Northmere waste\n\n{line}\n\nDepots\n\n{PROSE}\n\n{PROSE}\n")
    assert report.identity.version == version


def test_what_a_body_does_is_not_the_body(read: Read) -> None:
    report = read(
        "# A\n\nThis joint area inspection (JOAI) was short. The JOAI found much. The JOAI found more.\n", "r.md"
    )
    assert report.identity.publisher is None


def test_a_body_that_a_report_writes_of_is_not_its_publisher(read: Read) -> None:
    told = "The NDBP uses its data well. The NDBP monitors who comes, and the NDBP defines what is late."
    assert read(f"# Depots\n\n{told}\n", "r.md").identity.publisher is None
    assert read(f"# Depots\n\n{told} WARD found that the bins are clean.\n", "r.md").identity.publisher == "WARD"


def test_a_report_says_who_it_is_of_who_wrote_it_and_when(read: Read) -> None:
    report = read(
        "Northmere Council\n\nAn inspection of waste services\n\nJune 2018\n\n© Wardle Inspectorate 2018\n\n"
        f"Depots\n\n{PROSE}\n\n{PROSE}\n"
    )
    identity = report.identity
    assert (identity.organisation, identity.publisher, identity.year, identity.kind) == (
        "Northmere Council",
        "Wardle Inspectorate",
        2018,
        "inspection",
    )
    assert "waste services" in identity.title


def test_what_a_report_does_not_state_is_unknown_whatever_its_file_is_called(read: Read) -> None:
    report = read(
        "Notes\n\nThe lorries were clean and the gates were shut on each day of the visit.\n", "Oxbow Council 2015.txt"
    )
    assert (report.identity.organisation, report.identity.publisher, report.identity.year) == (None, None, None)


def test_the_third_column_of_figure_4_is_the_forces_change_and_the_fourth_the_average(
    shared: Callable[[str], StructuredReport],
) -> None:
    report = shared("000")
    (table,) = [t for t in report.tables if t.caption.startswith("Figure 4")]
    cells = _cells(report, table)
    assert cells["Officers"][1:3] == [
        ("-20%", ("Change from 2010 to 2016", "Force")),
        ("-14%", ("Change from 2010 to 2016", "England and Wales")),
    ]
    assert cells["PCSOs"][-1] == ("251", ("March 2020",))


def test_the_key_figures_of_a_shared_report_are_paired(shared: Callable[[str], StructuredReport]) -> None:
    report = shared("000")
    pairs = [[cell for cell, _ in cells] for table in report.tables for cells in _cells(report, table).values()]
    assert ["121", "124"] in pairs and ["79%", "84%"] in pairs


def test_both_extractions_of_a_shared_report_have_the_same_workforce_table(
    shared: Callable[[str], StructuredReport],
) -> None:
    tables = [_cells(report, report.tables[0]) for report in (shared("001"), shared("004"))]
    assert tables[0] == tables[1]
    assert tables[0]["Police officers"][3:] == [
        ("-14%", ("Force change %",)),
        ("-11%", ("Change for England and Wales %",)),
    ]


@pytest.mark.parametrize(
    ("start", "year", "publisher"),
    [
        ("000", 2016, "HMIC"),
        ("001", 2014, "HMIC"),
        ("002", 2017, "HMICFRS"),
        ("003", 2015, "HMIC"),
        ("004", None, "HMIC"),
    ],
)
def test_a_shared_report_is_known_by_what_it_says_of_itself(
    shared: Callable[[str], StructuredReport], start: str, year: int | None, publisher: str
) -> None:
    identity = shared(start).identity
    assert (identity.organisation, identity.year, identity.publisher) == ("Leicestershire Police", year, publisher)


def test_whom_a_letter_is_to_can_be_found_and_a_title_page_cannot(read: Read) -> None:
    after = "# Inspection of Northmere\n\nThe harbour was inspected in May, and its lamps were found to be sound.\n"
    letter = read(f"18 July 2022\n\nAda Lovage, Harbour Master, Northmere Council\n\nDear partners\n\n{after}", "a.md")
    page = read(f"Northmere Council\n\nMay 2016\n\nISBN 978-1-00-000000-0\n\n{after}", "b.md")
    assert [section.kind for section in letter.sections] == ["body", "body"]
    said = [statement.text for statement in find_statements(letter)]
    assert any("Ada Lovage" in text for text in said)
    assert not any("Dear" in text for text in said)
    assert [section.kind for section in page.sections] == ["boilerplate", "body"]

"""The readers on real documents: inspection reports, letters and company tables, where they are at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.load import load_report
from index.records import LoadedReport
from index.sandbox import ReaderProcess

SHARED = Path(__file__).parents[1].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not beside the repository")


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def _blocks(report: LoadedReport) -> list[tuple[str, str]]:
    return [(block.kind, report.text[block.start : block.end]) for block in report.blocks]


def _rows(report: LoadedReport, table: int | None = None) -> list[list[str]]:
    return [
        [report.text[cell.start : cell.end] for cell in block.cells]
        for block in report.blocks
        if block.cells and (table is None or block.table == table)
    ]


def _text_with(report: LoadedReport, words: str) -> str:
    (found,) = [text for _, text in _blocks(report) if words in text]
    return found


@pytest.fixture(scope="module")
def reports(reader: ReaderProcess) -> dict[str, LoadedReport]:
    return {path.name[:3]: load_report(path, reader=reader) for path in sorted((SHARED / "reports").glob("*.txt"))}


WORKFORCE = [
    ["", "31 March 2010 (baseline)", "31 March 2015", "Change", "Force change %", "Change for England and Wales %"],
    ["Police officers", "2,317", "1,982", "-335", "-14%", "-11%"],
    ["Police staff", "1,272", "1,406", "134", "11%", "-17%"],
    ["PCSOs", "233", "251", "18", "8%", "-22%"],
    ["Total", "3,822", "3,639", "-183", "-5%", "-14%"],
    ["Specials", "240", "350", "110", "46%", "44%"],
]


@needs_shared
def test_both_extractions_of_a_report_give_the_same_tables(reports: dict[str, LoadedReport]) -> None:
    assert _rows(reports["001"], 0) == _rows(reports["004"], 0) == WORKFORCE
    assert _rows(reports["001"], 1) == _rows(reports["004"], 1)
    assert _rows(reports["001"], 2) == _rows(reports["004"], 2)
    assert _rows(reports["004"], 2)[:2] == [
        ["12 months to March 2014", "Rate per 1,000 population", "England and Wales rate per 1,000 population"],
        ["Crimes (excluding fraud)", "59.3", "61.1"],
    ]


@needs_shared
def test_the_two_level_table_keeps_its_columns(reports: dict[str, LoadedReport]) -> None:
    rows = _rows(reports["000"], 0)
    assert rows[0] == [
        "",
        "March 2010",
        "Change from 2010 to 2016",
        "",
        "March 2016",
        "Change from 2016 to 2020",
        "",
        "March 2020",
    ]
    assert rows[1] == ["", "", "Force", "England and Wales", "", "Force", "England and Wales", ""]
    assert rows[2] == ["Officers", "2,317", "-20%", "-14%", "1,859", "-5%", "-2%", "1,769"]
    assert {len(row) for row in rows} == {8}


@needs_shared
@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ("000", "The force has a commendable approach to regional collaboration"),
        ("000", "the use of the National Decision Model,³ allowing them"),
        ("000", "not being able to make best use of the technology the force has provided"),
        ("000", "as well as working to identify the most appropriate assets"),
        ("001", "adjusting how staff are consulted in relation to change."),
        ("001", "the amount of money likely to be raised through"),
        ("004", "adjusting how staff are consulted in relation to change."),
        ("004", "were established in the East Midlands specialist operations unit over a decade ago."),
        ("004", "28 percent of its savings from non-pay, which is broadly in line"),
        ("004", "protecting frontline crime-fighting roles as it makes these cuts."),
        ("004", "the £10.4m savings needed in 2014/15."),
        ("004", "also known as Grade 1). Over the same period"),
    ],
)
def test_sentences_are_whole_again(reports: dict[str, LoadedReport], report: str, sentence: str) -> None:
    assert sentence in reports[report].text


@needs_shared
def test_judgments_and_headings_stand_alone(reports: dict[str, LoadedReport]) -> None:
    for name, heading in (
        ("000", "Overall judgment¹"),
        ("001", "Financial challenge"),
        ("004", "Financial challenge"),
        ("004", "The scale of the challenge"),
        ("004", "GoodSummary"),
        ("004", "Good GoodGood"),
        ("004", "How is the force supporting its workforce to manage change and effective service provision?"),
    ):
        assert ("paragraph", heading) in _blocks(reports[name])
    assert _blocks(reports["002"]).count(("paragraph", "Requires improvement")) == 4
    assert _blocks(reports["000"]).count(("paragraph", "Good")) == 4


@needs_shared
def test_notes_follow_the_sentence_that_they_stood_in(reports: dict[str, LoadedReport]) -> None:
    for name, start in (("001", "The National Decision Model is"), ("004", "1 The National Decision Model is")):
        blocks = _blocks(reports[name])
        at = next(number for number, block in enumerate(blocks) if block[1].startswith(start))
        assert blocks[at][0] == "footnote"
        assert blocks[at - 1][1].endswith("are consulted in relation to change.")


@needs_shared
def test_financial_tables_in_markdown_have_a_heading_row(reader: ReaderProcess) -> None:
    report = load_report(SHARED / "corpora" / "tatqa_dev" / "docs" / "Nextdc-Ltd_2019.md", reader=reader)
    assert _rows(report, 0)[0] == ["", "30 June 2019", "30 June 2018", "Change"]
    assert ["EBITDA", "79,046", "63,954", "24%"] in _rows(report, 0)
    assert [block.header_row for block in report.blocks if block.table == 0][:2] == [True, False]


@needs_shared
def test_an_inspection_letter_has_pages_labels_headings_and_lists(reader: ReaderProcess) -> None:
    letters = SHARED / "corpora" / "jtai_joint_inspections" / "docs"
    report = load_report(letters / "JTAI_leeds_2024-05-16.pdf", reader=reader)
    assert report.pages == 14
    assert [run.page for run in report.page_runs] == sorted(run.page for run in report.page_runs)
    assert {(run.page, run.label) for run in report.page_runs} >= {(2, "2"), (14, "14")}
    assert ("heading", "What needs to improve?") in _blocks(report)
    assert _text_with(report, "Waiting times for children to receive CAMHS").endswith("neurodiversity.")


@needs_shared
def test_a_partnership_report_has_no_heading_of_column_heads_and_its_bullets_are_items(reader: ReaderProcess) -> None:
    letters = SHARED / "corpora" / "jtai_joint_inspections" / "docs"
    report = load_report(letters / "SEND_bury_2024-05-07.pdf", reader=reader)
    headings = [text for kind, text in _blocks(report) if kind == "heading"]
    assert headings[-3:] == ["Local area partnership details", "Information about this inspection", "Inspection team"]
    assert not any(text[0] in "\uf06e■•" for _, text in _blocks(report))
    assert sum(kind == "list_item" for kind, _ in _blocks(report)) > 20

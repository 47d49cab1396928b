"""Whatever is found in a real document stands where it says, over inspection PDFs and five reports.

A few PDFs are read, the same ones every time; all of them with CITEWELL_TEST_ALL_PDFS=1.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.grades import canonical_grade
from index.load import load_report
from index.records import Passage, Statement
from index.sandbox import ReaderProcess
from index.split import page_at, split
from index.statements import find_statements
from index.structure import structure

SHARED = Path(__file__).parents[1].parent / "shared"
PDFS = sorted((SHARED / "corpora" / "jtai_joint_inspections" / "docs").glob("*.pdf"))
SAMPLE = PDFS if os.environ.get("CITEWELL_TEST_ALL_PDFS") == "1" else PDFS[::17]
REPORTS = sorted((SHARED / "reports").glob("*.txt"))

pytestmark = pytest.mark.skipif(not PDFS or not REPORTS, reason="the shared documents are not beside the repository")


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.mark.parametrize("path", [*SAMPLE, *REPORTS], ids=lambda path: path.name)
def test_every_passage_statement_figure_judgment_cell_and_item_stands_at_its_place(
    path: Path, reader: ReaderProcess
) -> None:
    report = structure(load_report(path, reader=reader))
    loaded = report.loaded
    text = loaded.text
    passages, statements = split(report), find_statements(report)
    assert passages and statements
    places: list[Passage | Statement] = [*passages, *statements]
    for found in places:
        _check_place(found, text)
        assert (found.page, found.page_label) == page_at(loaded.page_runs, found.start)
        assert (found.page is None) == (loaded.pages is None)
    for statement in statements:
        for figure in statement.figures:
            assert text[figure.start : figure.end] == figure.text
            assert statement.start <= figure.start < figure.end <= statement.end
        for judgment in statement.judgments:
            assert canonical_grade(text[judgment.start : judgment.end]) == judgment.grade
            assert statement.start <= judgment.start < judgment.end <= statement.end
    for row in (row for table in report.tables for row in table.rows):
        assert all(row.start <= cell.start < cell.end <= row.end for cell in row.cells)
        assert all(text[cell.start : cell.end].strip() for cell in row.cells)
    for listed in report.lists:
        assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in listed.items)
    assert report.sections[0].start == 0 and report.sections[-1].end == len(text)


def _check_place(found: Passage | Statement, text: str) -> None:
    assert 0 <= found.start < found.end <= len(text)
    assert text[found.start : found.end] == found.text

"""All judgments and all table cells of five real reports are found, each at its place; listed in
`data/five_reports.yaml`, which was written from the reports by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.grades import canonical_grade
from index.load import load_report
from index.records import Figure, Judgment, Statement, StructuredReport
from index.sandbox import ReaderProcess
from index.statements import find_statements
from index.structure import structure

LISTED: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "five_reports.yaml").read_text("utf-8"))
OWN, OTHERS = LISTED["organisation"], LISTED["comparator"]
REPORTS: list[dict[str, Any]] = LISTED["reports"]


@dataclass(frozen=True)
class Found:
    report: StructuredReport
    statements: Sequence[Statement]


@pytest.fixture(scope="module")
def found(shared_reports: Path) -> Iterator[dict[str, Found]]:
    with ReaderProcess() as reader:
        reports = {p.name[:3]: structure(load_report(p, reader=reader)) for p in shared_reports.glob("*.txt")}
    yield {name: Found(report, find_statements(report)) for name, report in reports.items()}


def _name(report: dict[str, Any]) -> str:
    return str(report["file"])


def _is(judgment: Judgment, listed: dict[str, Any]) -> bool:
    same = (judgment.grade, judgment.year, judgment.overall) == (listed["grade"], listed["year"], listed["overall"])
    return same and judgment.organisation == OWN and all(words in judgment.aspect for words in listed["aspect"])


@pytest.mark.parametrize("listed", REPORTS, ids=_name)
def test_every_judgment_of_a_report_is_found_and_no_other(listed: dict[str, Any], found: dict[str, Found]) -> None:
    text = found[listed["file"]].report.loaded.text
    judged = [(s, j) for s in found[listed["file"]].statements for j in s.judgments]
    for statement, j in judged:
        assert statement.text == text[statement.start : statement.end]
        assert statement.start <= j.start < j.end <= statement.end
        assert canonical_grade(text[j.start : j.end]) == j.grade
    left = [j for _, j in judged]
    for wanted in listed["judgments"]:
        match = next((j for j in left if _is(j, wanted)), None)
        assert match is not None, f"not found: {wanted}"
        left.remove(match)
    assert left == []


def _cell(
    rows: Sequence[Statement], heading: str, column: dict[str, Any], value: str
) -> list[tuple[Statement, Figure]]:
    wanted = [heading, *column["heads"]]
    return [
        (row, f)
        for row in rows
        for f in row.figures
        if f.value == value
        and f.measure is not None
        and f.measure.startswith(heading)
        and all(part in f.measure for part in wanted)
        and f.measure.endswith(column["heads"][-1])
    ]


@pytest.mark.parametrize("listed", REPORTS, ids=_name)
def test_every_table_cell_of_a_report_is_found_with_its_headings_unit_and_owner(
    listed: dict[str, Any], found: dict[str, Found]
) -> None:
    text = found[listed["file"]].report.loaded.text
    rows = [s for s in found[listed["file"]].statements if s.kind == "row"]
    places: set[int] = set()
    for table in listed["tables"]:
        for heading, *values in table["rows"]:
            for column, value in zip(table["columns"], values, strict=True):
                cells = [c for c in _cell(rows, heading, column, value) if c[1].start not in places]
                assert cells, f"{table['name']}: {heading}, {column['heads']}: {value} is not found"
                row, figure = cells[0]
                places.add(figure.start)
                assert figure.unit == column["unit"], (heading, column)
                assert figure.subject == (OTHERS if column.get("whose") == "comparator" else OWN)
                assert figure.scale is None and not figure.ambiguous
                assert text[figure.start : figure.end] == figure.text
                assert row.text == text[row.start : row.end]
                assert row.start <= figure.start < figure.end <= row.end
    settled = {f.start for row in rows for f in row.figures}
    in_charts = {f.start for row in rows if " | " not in row.text for f in row.figures} if "charts" in listed else set()
    assert settled - in_charts == places, "a figure in a table that nobody listed"


@pytest.mark.parametrize("listed", [r for r in REPORTS if "words" in r], ids=_name)
def test_every_table_cell_of_words_is_found(listed: dict[str, Any], found: dict[str, Found]) -> None:
    report = found[listed["file"]].report
    cells = {
        (row.heading, heads, report.loaded.text[cell.start : cell.end])
        for table in report.tables
        for row in table.rows
        for cell, heads in zip(row.cells, row.column_headings, strict=True)
    }
    for table in listed["words"]:
        for heading, cell in table["rows"]:
            assert (heading, (table["column"],), cell) in cells


@pytest.mark.parametrize("listed", [r for r in REPORTS if "charts" in r], ids=_name)
def test_every_chart_is_read_or_marked(listed: dict[str, Any], found: dict[str, Found]) -> None:
    rows = [s for s in found[listed["file"]].statements if s.kind == "row"]
    for chart in listed["charts"]:
        (row,) = [r for r in rows if all(words in r.meaning.split(" – Leic")[0] for words in chart["measure"])]
        whose = {f.subject: (f.value, f.unit, f.ambiguous) for f in row.figures}
        own, others = chart["values"]
        assert whose == {
            OWN: (own, chart["unit"], not chart["settled"]),
            OTHERS: (others, chart["unit"], not chart["settled"]),
        }


@pytest.mark.parametrize("listed", REPORTS, ids=_name)
def test_every_list_is_whole(listed: dict[str, Any], found: dict[str, Found]) -> None:
    lengths = [len(items.items) for items in found[listed["file"]].report.lists]
    missing = list(lengths)
    for length in listed["lists"]:
        assert length in missing, (length, lengths)
        missing.remove(length)

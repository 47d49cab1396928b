"""`citewell timeline` and `citewell compare`, what they print, and their CSV."""

import csv
import io
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from cli import app
from rag.grid import Cell, Grid, Point, Timeline
from rag.grid_table import grid_csv, guarded, print_grid, print_timeline, timeline_csv
from rag.records import AnswerFigure, AnswerJudgment, Citation, Note, Searched
from rag.terminal import plain_console

REPORT = """# Saltmouth Harbour Authority: annual inspection {year}

Published 3 May {year}

## How well does the harbour keep its channels open?

### Judgment

{grade}

Saltmouth Harbour Authority employed {pilots} pilots in {year}. The [bold]inspectors[/bold] walked along all quays.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coast")
    (folder / "reports").mkdir()
    for year, grade, pilots in ((2018, "Good", 86), (2019, "Inadequate", 81)):
        text = REPORT.format(year=year, grade=grade, pilots=pilots)
        (folder / "reports" / f"harbour-{year}.md").write_text(text, encoding="utf-8")
    done = run("index", str(folder / "reports"), library=folder / "library")
    assert done.exit_code == 0, done.output
    return folder / "library"


def run(*arguments: str, library: Path) -> Result:
    return CliRunner().invoke(app, [*arguments, "--library", str(library)])


def record(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def names(record: type) -> set[str]:
    return {field.name for field in fields(record)}


def test_a_timeline_has_the_fields_of_the_python_record(library: Path) -> None:
    told = record(run("timeline", "judgment on keeping channels open", "--json", library=library))
    assert set(told) == names(Timeline)
    assert [set(point) for point in told["points"]] == [names(Point)] * 2
    assert [point["judgments"][0]["grade"] for point in told["points"]] == ["good", "inadequate"]
    assert set(told["points"][0]["judgments"][0]) == names(AnswerJudgment)
    assert {key for citation in told["citations"] for key in citation} == names(Citation)
    assert set(told["scope"]) == names(Searched)


def test_a_grid_has_the_fields_of_the_python_record(library: Path) -> None:
    told = record(run("compare", "number of pilots", "--year", "2018", "--year", "2020", "--json", library=library))
    assert set(told) == names(Grid)
    assert [set(cell) for cell in told["cells"]] == [names(Cell)] * 2
    first, second = told["cells"]
    assert (first["figures"][0]["value"], first["status"], first["reason"]) == ("86", "stated", None)
    assert set(first["figures"][0]) == names(AnswerFigure)
    assert (second["text"], second["status"], second["reason"]) == ("not stated", "not_stated", "no_report")


def test_a_timeline_is_printed_with_its_quotations(library: Path) -> None:
    done = run("timeline", "number of pilots", library=library)
    assert done.exit_code == 0
    table, _, below = done.stdout.partition("\n[1] ")
    assert "86 pilots" in table and "81 pilots" in table and "[2]" in table
    assert "harbour-2018.md" in below and "employed 86 pilots in 2018" in below
    assert "Searched 2 reports." in below


def test_a_grid_is_printed_with_its_quotations(library: Path) -> None:
    done = run("compare", "number of pilots", "--year", "2018", "--year", "2020", library=library)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].split() == ["Organisation", "2018", "2020"]
    assert "not stated (no such report)" in done.stdout
    assert "employed 86 pilots in 2018" in done.stdout


def test_both_are_written_as_csv(library: Path, tmp_path: Path) -> None:
    for command in ("timeline", "compare"):
        file = tmp_path / f"{command}.csv"
        assert run(command, "number of pilots", "--csv", str(file), library=library).exit_code == 0
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")  # without, Excel shows "Â£" for "£"
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        assert [row["status"] for row in rows[:2]] == ["stated", "stated"]
        assert rows[0]["text"].startswith("86 pilots")
        assert "employed 86 pilots in 2018" in file.read_text(encoding="utf-8")


def test_known_errors_are_a_sentence(library: Path, tmp_path: Path) -> None:
    empty = run("timeline", " ", "--json", library=library)
    assert (empty.exit_code, json.loads(empty.stdout)["error"]["type"]) == (2, "BadQuestion")
    lost = run("compare", "pilots", "--report", "nosuch", library=library)
    assert (lost.exit_code, lost.stderr.count("\n")) == (2, 1)
    assert "nosuch" in lost.stderr
    nowhere = run("compare", "number of pilots", "--csv", str(tmp_path / "no" / "grid.csv"), library=library)
    assert nowhere.exit_code == 2
    assert "grid.csv cannot be used" in nowhere.stderr
    assert run("timeline", "pilots", library=tmp_path / "none").exit_code == 2


printed = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("=+-@\x1b[]/\x07\x9b\u202e\n\",'"))
)


def told_of(words: str) -> tuple[Grid, Timeline]:
    citation = Citation(1, "id", words, words, 2019, words, 3, words, (words,), words, 0, len(words))
    notes, scope = (Note("conflict", words, (1,)),), Searched((), 0)
    cell = Cell(words, 2019, "stated", None, words, citations=(1,))
    point = Point(words, 2019, words, "stated", None, True, words, citations=(1,))
    return (
        Grid(words, (words,), (2019,), (cell,), (citation,), notes, scope),
        Timeline(words, "measure", (point,), (citation,), notes, scope),
    )


@given(words=printed)
def test_no_word_of_a_report_reaches_the_terminal_as_a_command(words: str) -> None:
    file = io.StringIO()
    grid, timeline = told_of(words)
    print_grid(grid, plain_console(file))
    print_timeline(timeline, plain_console(file))
    assert not set(file.getvalue()) & set("\x00\x07\x08\x0b\x0c\r\x1b\x7f\x85\x9b\u200e\u200f\u202a\u202e\u2066\u2069")


@given(words=printed)
def test_no_word_of_a_report_is_a_formula_in_a_spreadsheet(words: str) -> None:
    grid, timeline = told_of(words)
    for written in (grid_csv(grid), timeline_csv(timeline)):
        for row in csv.reader(io.StringIO(written, newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
            assert not any(re.match(r"[\s\x00\x07\ufeff]*[=+\-@＝＋－＠]", cell) for cell in row)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"), ("-10%", "'-10%"), ("+3", "'+3"), ("@SUM(A1)", "'@SUM(A1)"), ("a=b", "a=b"), (None, ""),
        (" =1", "' =1"), ("\xa0=1", "'\xa0=1"), ("\ufeff=1", "'\ufeff=1"), ("\x00=1", "'\x00=1"),
        ("\x07 +1", "'\x07 +1"), (" a=b", " a=b"),
        ("\u200b@A", "'\u200b@A"), ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"), ("　＠A", "'　＠A"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(value: object, written: str) -> None:
    assert guarded(value) == written

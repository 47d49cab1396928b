"""What `make bench` says that reading and indexing take."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from evals.bench import fits, main, questions_for
from evals.bench_indexing import MB, Indexing, size_on_disk
from evals.bench_memory import Peaks, watching
from evals.suite import Suite
from evals.suite_file import load_suite
from index.embed import Embedder
from index.library import Library

SUITE = """
suite: mills
version: 1
description: What the report on the mill says.
policy: {answerable_floor: 0}
cases:
  - id: looms
    kind: figure
    question: How many looms did the mill at Aldbeck run in 2018?
    expect: {figure: {value: "214", unit: any}}
    evidence: [{report: mill.pdf, page: 1, quote_contains: ["214 looms"]}]
"""

# A process that starts another, which takes 150 MB more.
GREEDY = """
import subprocess, sys, time
child = "held = bytearray(b'x') * (150 * 1024 * 1024); import time; time.sleep(1)"
subprocess.run([sys.executable, "-c", child], check=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A report of two pages, and a file that cannot be read."""
    folder = tmp_path / "reports"
    folder.mkdir()
    canvas = Canvas(str(folder / "mill.pdf"), invariant=1)
    for line in (
        "In 2018 the mill at Aldbeck ran 214 looms in two sheds.",
        "Its weavers were found to be well trained.",
    ):
        canvas.drawString(72, 700, line)
        canvas.showPage()
    canvas.save()
    (folder / "spoilt.pdf").write_bytes(b"%PDF-1.7 and no more")
    return folder


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "mills.yaml"
    path.write_text(SUITE, encoding="utf-8")
    return path


def measured(file: Path) -> tuple[dict[str, Any], list[str]]:
    """What was measured of indexing, and the names of the times."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return data["indexing"], [row["what"] for row in data["timings"]]


def test_any_folder_of_reports_is_measured(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--reports", str(folder), "--json", str(tmp_path / "measures.json")]) == 0
    found, times = measured(tmp_path / "measures.json")
    assert (found["reports"], found["pages"], found["passages"] > 0) == (1, 2, True)
    assert [refusal.partition(":")[0] for refusal in found["refused"]] == ["spoilt.pdf"]
    assert found["reading_pages_per_core_second"] == pytest.approx(2 / found["reading_processor_seconds"])
    assert found["indexing_pages_per_second"] == pytest.approx(2 / found["indexing_seconds"])
    assert found["library_mb_per_page"] == pytest.approx(found["library_mb"] / 2)
    assert found["indexing_seconds"] < found["indexing_seconds_from_start"]
    assert found["second_run_seconds"] < found["second_run_seconds_from_start"]
    assert found["peak_mb_process"] > found["peak_mb_largest_child"] > 10  # a model here, and an interpreter there
    assert times == ["indexing, with imports and the model to load", "indexing, with the model loaded"]
    printed = capsys.readouterr().out
    assert "2 pages" in printed
    assert "refused   spoilt.pdf" in printed
    assert "Nothing was asked" in printed


def test_questions_of_a_suite_that_is_named_are_asked(folder: Path, suite: Path, tmp_path: Path) -> None:
    options = ["--reports", str(folder), "--suite", str(suite), "--json", str(tmp_path / "measures.json")]
    assert main(options) == 0
    asked = ["one answer in a new process, start to end", "ask, warm", "search, warm"]
    assert measured(tmp_path / "measures.json")[1][2:] == asked


def test_a_suite_fits_the_reports_that_hold_its_evidence(
    folder: Path, suite: Path, tmp_path: Path, embedder: Embedder
) -> None:
    written: Suite = load_suite(suite)
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        assert not fits(written, library.folder)
        library.add([folder])
        assert fits(written, library.folder)
        assert questions_for(library.folder, None) == ()  # the default suite is of the samples


def test_what_cannot_be_measured_is_said_in_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--reports", str(tmp_path / "nowhere")]) == 2
    assert "There are no reports at" in capsys.readouterr().err
    assert main(["--reports", str(folder / "spoilt.pdf")]) == 2
    complaint = " ".join(capsys.readouterr().err.split())
    assert "can be read: spoilt.pdf: it is damaged" in complaint
    assert main(["--suite", str(tmp_path / "no.yaml")]) == 2


def test_memory_is_told_apart_by_process_and_not_inherited() -> None:
    held = bytearray(b"x") * (300 * MB)  # a process that is started has this until it becomes another program
    with subprocess.Popen([sys.executable, "-c", GREEDY]) as child, watching(child.pid) as peaks:
        child.wait()
    assert len(held) == 300 * MB
    assert 0 < peaks.process < 100 * MB
    assert 150 * MB < peaks.largest_child < 250 * MB
    assert peaks.largest_child < peaks.together < peaks.largest_child + 100 * MB


def test_a_library_takes_the_disk_that_its_files_take(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "written").write_bytes(b"x" * 100_000)
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(100 * MB)
    assert 100_000 <= size_on_disk(tmp_path) < MB


def test_reports_without_pages_are_measured_in_characters() -> None:
    found = Indexing(3, (), None, 90_000, 40, 2, 0.5, 30.0, 33.0, 0.1, 2.0, Peaks(), 5 * MB)
    rows = dict(found.rows())
    assert rows["reading alone, processor time"] == "180,000 characters a second"
    assert rows["indexing, up to 2 workers"] == "3,000 characters a second"
    assert rows["library on the disk"] == "5.00 MB"
    assert rows["highest memory: the indexing process"] == "– MB"
    assert str(found) == "3 reports, 90,000 characters, 40 passages"


def test_what_each_stage_is_worth_is_measured(folder: Path, tmp_path: Path) -> None:
    suite, target = tmp_path / "both.yaml", tmp_path / "measures.json"
    refused = '  - {id: dyers, kind: refuse, question: "Who dyed cloth for the abbey?", expect: {refuse: true}}\n'
    suite.write_text(SUITE + refused, encoding="utf-8")
    (folder / "spoilt.pdf").unlink()
    assert main(["--reports", str(folder), "--suite", str(suite), "--stages", "--json", str(target)]) == 0
    rows: list[dict[str, Any]] = json.loads(target.read_text(encoding="utf-8"))["stages"]
    assert [row["without"] for row in rows] == [[], ["span"], ["reader"], ["dense"], ["words"], ["dense", "reader"]]
    once = {"hits": 1, "total": 1}
    assert all(row["right"] == row["refused"] == row["first"] == row["among_five"] == once for row in rows)
    assert all(row["milliseconds"] > 0 for row in rows)

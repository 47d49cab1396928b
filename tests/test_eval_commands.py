"""`citewell eval` as a user meets it: real processes over a real library, and pytest with the plugin."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.embed import Embedder

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-c", "from cli import main; main()", "eval"]
SUITE = """\
suite: harbours
version: 1
description: Two questions on a harbour.
policy: {{answerable_floor: 0, refusal_recall_floor: 0, points_down: 100}}
cases:
  - id: ships
    kind: figure
    question: How many ships did the harbour of North Quay handle in 2016?
    expect:
      figure: {{value: "{ships}", unit: ships}}
    evidence:
      - {{report: north.txt, quote_contains: [ships]}}
  - id: chess
    kind: refuse
    question: Who won the chess championship in Reykjavik?
    expect: {{refuse: true}}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("commands")
    (folder / "north.txt").write_text(
        "# An inspection of North Quay\n\nPublished in March 2016\n\n## Ships\n\n"
        "In 2016 the harbour of North Quay handled 412 ships.\n\n"
        "Overall, North Quay is judged to be good at keeping its berths safe.\n",
        encoding="utf-8",
    )
    with Library.open(folder / "library", embedder=embedder) as opened:
        assert not opened.add([folder / "north.txt"]).refused
    yield folder / "library"


def run(*command: str | Path, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """One process, to its end."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def suite(folder: Path, ships: int = 412, name: str = "suite.yaml") -> Path:
    path = folder / name
    path.write_text(SUITE.format(ships=ships), encoding="utf-8")
    return path


def test_a_run_writes_every_report_and_a_worse_one_fails(library: Path, tmp_path: Path) -> None:
    outputs = {name: tmp_path / "out" / name for name in ("base.json", "page.html", "junit.xml", "summary.md")}
    base, page, junit, summary = outputs.values()
    given = ("--save", base, "--html", page, "--junit", junit, "--markdown", summary, "--library", library)
    held = run(*COMMAND, suite(tmp_path), *given)
    assert (held.returncode, held.stderr) == (0, ""), held.stdout
    assert "control: always refuses" in held.stdout
    assert all(path.stat().st_size for path in outputs.values())
    assert ET.parse(junit).getroot().get("failures") == "0"
    saved = json.loads(base.read_text(encoding="utf-8"))
    assert [case["correct"] for case in saved["cases"]] == [True, True]
    assert saved["reports"] and saved["models"]["embedding"]
    worse = run(*COMMAND, "--baseline", base, suite(tmp_path, 4), "--library", library, "--json")
    assert worse.returncode == 1
    told = json.loads(worse.stdout)
    assert told["comparison"]["worse"] == ["ships"]
    assert told["exit_code"] == 1
    assert any("Known figures got worse: ships" in failure for failure in told["failures"])


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("    kind: refuse\n", "    kind: refuse\n    colour: red\n", "suite.yaml:15: case 'chess', colour"),
        ("id: chess", "id: ships", "another case has this id"),
        ("report: north.txt", "report: south.txt", "the library has no report 'south.txt'"),
        ("[ships]", "[boats]", "the words 'boats' do not occur"),
    ],
)
def test_a_suite_that_cannot_be_run_exits_2_with_a_sentence(
    old: str, new: str, part: str, library: Path, tmp_path: Path
) -> None:
    path = tmp_path / "suite.yaml"
    path.write_text(SUITE.format(ships=412).replace(old, new), encoding="utf-8")
    refused = run(*COMMAND, path, "--library", library)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert part in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_first_suite_is_written_once_and_runs(library: Path, tmp_path: Path) -> None:
    target = tmp_path / "first.yaml"
    written = run(*COMMAND, "init", "--library", library, "--output", target, "--name", "mine")
    assert (written.returncode, written.stderr) == (0, "")
    assert f"to {target}." in written.stdout
    again = run(*COMMAND, "init", "--library", library, "--output", target)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert run(*COMMAND, target, "--library", library, "--json").returncode in (0, 1)
    nothing = run(*COMMAND, "candidates", "--library", library)
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, "", "")


def pytest_run(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return run(
        sys.executable, "-m", "pytest", "-p", "citewell", "-p", "no:cacheprovider", "-rA", *arguments, cwd=folder
    )


def test_pytest_runs_a_suite_with_a_test_for_each_case_and_the_gate(library: Path, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    right = pytest_run(tmp_path, "--citewell-suite", suite(tmp_path), "--citewell-library", library)
    assert right.returncode == 0, right.stdout + right.stderr
    assert "3 passed" in right.stdout
    wrong = suite(tmp_path, 4, "wrong.yaml")
    missed = pytest_run(tmp_path, "--citewell-suite", wrong, "--citewell-library", library)
    assert missed.returncode == 1
    for part in ("1 failed, 2 passed", "wrong value: another value", "expected: 4 ships", "FAILED wrong.yaml::ships"):
        assert part in missed.stdout
    base = tmp_path / "base.json"
    assert run(*COMMAND, wrong, "--library", library, "--save", base).returncode == 0
    known = pytest_run(tmp_path, "--citewell-suite", wrong, "--citewell-library", library, "--citewell-baseline", base)
    assert known.returncode == 0, known.stdout
    assert "2 passed, 1 xfailed" in known.stdout


def test_pytest_says_what_it_needs_to_run_a_suite(library: Path, tmp_path: Path) -> None:
    for arguments, part in (
        (("--citewell-suite", suite(tmp_path)), "--citewell-library DIR or --citewell-reports PATH"),
        (("--citewell-suite", tmp_path / "gone.yaml", "--citewell-library", library), "is not a file"),
    ):
        refused = pytest_run(tmp_path, *arguments)
        assert refused.returncode == 4
        assert part in refused.stderr


def test_a_retry_never_turns_a_miss_into_a_pass(library: Path, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import _pytest.runner\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    for attempt in range(3):\n"
        "        reports = _pytest.runner.runtestprotocol(item, nextitem=nextitem, log=False)\n"
        "        if not any(report.failed for report in reports):\n"
        "            break\n"
        "        if attempt < 2:\n"
        "            item.case = item.case.model_copy(update={'question': 'How many ships in 2016?'})\n"
        "    for report in reports:\n"
        "        item.ihook.pytest_runtest_logreport(report=report)\n"
        "    return True\n",
        encoding="utf-8",
    )
    missed = pytest_run(tmp_path, "--citewell-suite", suite(tmp_path, 4), "--citewell-library", library, "-k", "ships")
    assert missed.returncode == 1
    assert "1 failed" in missed.stdout

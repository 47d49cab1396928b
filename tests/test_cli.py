"""The command line as a user meets it: real processes over a real library."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.records import AddResult, ReportInfo
from rag.records import Answer, Citation, Hit, Searched
from rag.terminal import plain_console, print_added, print_answer, print_hits, print_reports

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-c", "from cli import main; main()"]

HARBOUR = """\
# Saltmouth Harbour Authority: annual inspection 2019

Publisher: Coastal Inspectorate

Published: June 2019

Period covered: 2018/19

## Dredging

Saltmouth Harbour Authority dredged 412,500 cubic metres of silt in 2018/19. It plans to spend £3.2 million on dredging
in 2020.

## Staff

The authority employed 86 pilots at the end of March 2019. The [bold]pilots[/bold] answered 97 percent of calls within
30 minutes.

## Judgment

Saltmouth Harbour Authority is judged to be good at keeping its channels open.
"""
LIGHTS = """\
# Northness Harbour Authority: annual inspection 2021

Publisher: Coastal Inspectorate

## Lamps

Northness Harbour Authority replaced 57 lamps in 2020/21, at a cost of £1.4 million.
"""


def run(
    *arguments: str | Path, library: Path, stdin: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """One `citewell` command, to its end."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=env(library, **environment), input=stdin, capture_output=True, text=True, timeout=300
    )


def env(library: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CITEWELL_")}
    return kept | {"CITEWELL_LIBRARY": str(library), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)} | more


def record(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "lights.md").write_text(LIGHTS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def indexed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A library of both reports, and what `citewell index --json` said."""
    library = tmp_path_factory.mktemp("libraries") / "coast"
    done = run("index", folder, "--json", library=library)
    assert (done.returncode, done.stderr) == (0, "")
    return library, record(done)


@pytest.fixture
def library(indexed: tuple[Path, Any]) -> Path:
    return indexed[0]


def id_of(library: Path, file: str) -> str:
    with Library.open(library, create=False) as opened:
        return next(report.report_id for report in opened.reports() if report.file == file)


def files_in(library: Path) -> list[str]:
    with Library.open(library, create=False) as opened:
        return sorted(report.file for report in opened.reports())


def test_index_says_what_became_of_each_file(indexed: tuple[Path, Any], folder: Path) -> None:
    library, said = indexed
    assert list(said) == ["added", "unchanged", "replaced", "refused", "removed"]
    assert {item["file"] for item in said["added"]} == {"harbour.md", "lights.md"}
    again = run("index", folder, library=library)
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1] == "0 added, 2 unchanged, 0 replaced, 0 refused, 0 removed"


def test_reports_lists_what_is_in_the_library(library: Path) -> None:
    done = run("reports", "--json", library=library)
    harbour = next(report for report in record(done)["reports"] if report["file"] == "harbour.md")
    assert set(harbour) == {field.name for field in fields(ReportInfo)}
    assert (harbour["year"], harbour["published"], harbour["period"]) == (2019, "2019-06", "2018/19")
    table = run("reports", library=library).stdout
    assert harbour["report_id"] in table
    assert "2019" in table


def test_library_option_wins_over_the_environment(library: Path, tmp_path: Path) -> None:
    done = run("reports", "--json", "--library", library, library=tmp_path / "other")
    assert len(record(done)["reports"]) == 2
    assert not (tmp_path / "other").exists()


def test_text_is_the_text_that_citations_count_in(library: Path) -> None:
    report_id = id_of(library, "harbour.md")
    printed = run("text", report_id, library=library).stdout
    assert printed == record(run("text", report_id, "--json", library=library))["text"]
    assert "412,500 cubic metres" in printed


def test_ask_gives_the_answer_with_its_proof(library: Path) -> None:
    done = run("ask", "How many pilots did Saltmouth Harbour Authority employ?", "--json", "--explain", library=library)
    answer = record(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(answer) == {field.name for field in fields(Answer)} | {"steps"}
    assert answer["status"] == "answered"
    (cited,) = {figure["citation"] for figure in answer["figures"] if figure["value"] == "86"}
    citation = next(citation for citation in answer["citations"] if citation["n"] == cited)
    text = record(run("text", citation["report_id"], "--json", library=library))["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "86 pilots" in citation["quote"]
    assert answer["steps"][0]["step"] == "understand"


def test_ask_shows_quotation_place_and_check(library: Path) -> None:
    done = run("ask", "What share of calls did the pilots answer within 30 minutes?", "--explain", library=library)
    assert done.returncode == 0
    assert "97 percent" in done.stdout
    assert "[bold]pilots[/bold]" in done.stdout.replace("\n", " ")
    assert "harbour.md" in done.stdout
    assert "In the quotation" in done.stdout
    assert "Milliseconds" in done.stdout
    assert "Searched" in done.stdout


def test_ask_outside_the_reports_is_a_result_and_not_an_error(library: Path) -> None:
    done = run("ask", "Who won the chess championship in Reykjavik?", library=library)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Judgment  " not in done.stdout


@pytest.mark.parametrize(
    ("option", "value", "file"),
    (("--year", "2021", "lights.md"), ("--organisation", "Saltmouth Harbour Authority", "harbour.md")),
)
def test_scope_options_keep_other_reports_out(option: str, value: str, file: str, library: Path) -> None:
    hits = record(run("search", "how many were there", option, value, "--json", "-k", "5", library=library))["hits"]
    assert hits
    assert set(hits[0]) == {field.name for field in fields(Hit)}
    assert {hit["file"] for hit in hits} == {file}


def test_search_shows_the_passages_in_order(library: Path) -> None:
    done = run("search", "dredging silt", "-k", "1", library=library)
    assert done.returncode == 0
    assert done.stdout.startswith("1. Saltmouth Harbour Authority")
    assert "\n2. " not in done.stdout


def test_search_explains_each_stage_and_leaves_one_out(library: Path) -> None:
    several = run("search", "pilots", "-k", "1", "--explain", library=library)
    assert re.search(
        r"found by meaning, rank \d+ and by words, rank \d+; reader [+-]\d+\.\d+; probability 0\.\d", several.stdout
    )
    asked = ("search", "How many lamps were replaced?", "-k", "1", "--explain")
    alone = run(*asked, library=library)
    assert re.search(r"found by meaning, rank 1 and by words, rank 1; not read; probability 0\.\d", alone.stdout)
    unread = run(*asked, "--without", "reader", "--without", "dense", library=library)
    assert "found by words, rank 1; not read" in unread.stdout
    neither = run(*asked, "--without", "words", "--without", "dense", library=library)
    assert neither.returncode == 2
    assert "one of dense and words must be left" in neither.stderr


def test_chat_keeps_the_thread_until_new(library: Path) -> None:
    said = ("How many pilots did Saltmouth Harbour Authority employ?", "", "And in 2021?", "/new", "And in 2021?")
    done = run("chat", "--json", library=library, stdin="\n".join((*said, "/quit", "not asked", "")))
    assert (done.returncode, done.stderr) == (0, "")
    first, following, fresh = (json.loads(line)["standalone_question"] for line in done.stdout.splitlines())
    assert first == said[0]
    assert "pilots" in following
    assert "2021" in following
    assert "pilots" not in fresh


def test_chat_goes_on_after_a_question_that_cannot_be_asked(library: Path) -> None:
    done = run("chat", library=library, stdin="x" * 5000 + "\nHow many lamps were replaced?\n")
    assert done.returncode == 0
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert "57" in done.stdout


def test_a_removed_report_is_gone_and_can_be_restored(library: Path, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert run("backup", copy, library=library).returncode == 0
    assert record(run("restore", copy, "--json", library=again)) == {"from": str(copy), "to": str(again)}
    report_id = id_of(again, "lights.md")
    removed = record(run("remove", report_id, "--json", library=again))["removed"]
    assert removed == [{"file": "lights.md", "report_id": report_id}]
    assert files_in(again) == ["harbour.md"]
    assert run("restore", copy, library=again).returncode == 2
    checked = run("check", library=again)
    assert (checked.returncode, checked.stdout) == (0, "The library is whole.\n")


def test_check_fails_for_a_library_that_lost_a_file(library: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert run("backup", copy, library=library).returncode == 0
    for path in copy.rglob("*"):
        if path.is_file() and "412,500" in path.read_bytes().decode("utf-8", "ignore") and path.suffix == ".txt":
            path.unlink()
    done = run("check", "--json", library=copy)
    assert done.returncode == 1
    assert record(done)["problems"]


def test_a_reader_that_leaves_is_not_an_error(library: Path) -> None:
    command = [*COMMAND, "text", id_of(library, "harbour.md")]
    with subprocess.Popen(
        command, cwd=ROOT, env=env(library), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_ctrl_c_ends_quietly(library: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "chat", "--json"],
        cwd=ROOT,
        env=env(library),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # as in a terminal: what is started in the background of a script ignores the signal, and so do its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write("How many lamps were replaced?\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["status"] == "answered"
        time.sleep(1)  # it waits for the next question: a signal just before that wait would be seen after it
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read() == ""


def test_ui_indexes_if_empty_and_takes_the_next_free_port(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "fresh"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with subprocess.Popen(
            [*COMMAND, "ui", "--if-empty", str(folder)],
            cwd=tmp_path,
            env=env(library, CITEWELL_PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                address = line.rpartition(" ")[2].strip()
                assert address.startswith("http://127.0.0.1:")
                assert address != f"http://127.0.0.1:{port}"
                with urllib.request.urlopen(address, timeout=30) as page:
                    assert page.status == 200
                assert files_in(library) == ["harbour.md", "lights.md"]
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=60)


SUITE = """\
suite: coast
version: 1
description: Two questions on a harbour.
defaults: {{organisation: Saltmouth Harbour Authority}}
cases:
  - id: pilots
    kind: figure
    question: How many pilots did Saltmouth Harbour Authority employ?
    expect:
      figure: {{value: "{pilots}", unit: pilots, scale: null, direction: null, subject: null, period: null}}
    evidence:
      - {{year: 2019, quote_contains: ["pilots"]}}
  - id: chess
    kind: refuse
    question: Who won the chess championship in Reykjavik?
    expect: {{refuse: true}}
"""


def test_eval_holds_compares_and_fails(library: Path, folder: Path, tmp_path: Path) -> None:
    right, wrong, saved = tmp_path / "right.yaml", tmp_path / "wrong.yaml", tmp_path / "saved.json"
    right.write_text(SUITE.format(pilots=86), encoding="utf-8")
    wrong.write_text(SUITE.format(pilots=68), encoding="utf-8")
    held = run("eval", right, "--reports", folder, "--save", saved, library=tmp_path / "unused")
    assert (held.returncode, held.stderr) == (0, "")
    assert "answerable" in held.stdout
    missed = run("eval", wrong, "--library", library, "--baseline", saved, "--json", library=tmp_path / "unused")
    assert (missed.returncode, missed.stderr) == (1, "")
    assert record(missed)["comparison"]["worse"] == ["pilots"]
    assert not (tmp_path / "unused").exists()
    lost = run("eval", right, "--baseline", tmp_path / "nosuch.json", "--library", library, library=library)
    assert lost.returncode == 2
    assert "nosuch.json" in lost.stderr


printed = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("\x1b[]/\x07\x9b\u202e\n"))
)


@given(words=printed)
def test_no_word_of_a_report_reaches_the_terminal_as_a_command(words: str) -> None:
    file = StringIO()
    console = plain_console(file)
    nothing: dict[str, Any] = {"figures": (), "judgments": (), "notes": (), "timings_ms": {}}
    citation = Citation(1, "id", words, words, 2019, words, 3, words, (words,), words, 0, len(words))
    print_answer(
        Answer(words, words, "answered", words, citations=(citation,), scope=Searched((), 0), **nothing), console
    )
    print_hits([Hit("id", words, words, words, 2019, 3, words, (words,), words, 0, 1, 0.1, 1.0, 0.01)], console)
    print_reports([ReportInfo("id", words, words, words, words, 2019, words, 3, 1, 1, 1, 1, "id", "", "")], console)
    print_added(AddResult(), console)
    assert not set(file.getvalue()) & set("\x00\x07\x08\x0b\x0c\r\x1b\x7f\x85\x9b\u200e\u200f\u202a\u202e\u2066\u2069")

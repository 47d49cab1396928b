"""A figure that was worked out, as it is shown, saved and kept: with its operands and its arithmetic."""

import dataclasses
import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant
from rag.feedback import FEEDBACK_FILE, record_feedback
from rag.records import Answer
from rag.terminal import print_answer
from rag.web.turn import turn_answered

REPORT = """# Ferry Board – annual report 2019

## Results

The board runs four ferries across the sound and publishes its accounts each year in thousands of pounds.

| £ thousand | 2017 | 2018 | 2019 |
|---|---|---|---|
| Ticket revenue | 4,120 | 4,380 | 4,275 |
| Freight revenue | 1,120 | 1,140 | 1,375 |
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("shown")
    (folder / "ferry.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "ferry.md"]).refused
    return Assistant(library)


@pytest.fixture(scope="module")
def fall(assistant: Assistant) -> Answer:
    return assistant.ask("By how much did ticket revenue change between 2018 and 2019?")


def test_json_has_the_operands_and_the_arithmetic(fall: Answer) -> None:
    record = json.loads(json.dumps(dataclasses.asdict(fall)))
    assert record["figures"][0]["check"] == "derived"
    assert record["figures"][0]["operands"] == [1, 2]
    assert record["figures"][0]["arithmetic"] == "4,275 − 4,380 = −105"
    assert record["figures"][1]["operands"] == [] and record["figures"][1]["arithmetic"] == ""


def test_page_and_terminal_show_that_it_is_derived_and_how(fall: Answer) -> None:
    page = turn_answered(fall, 1)
    assert '<span class="cw-check cw-check-derived">Derived: 4,275 − 4,380 = −105</span>' in page
    printed = StringIO()
    print_answer(fall, Console(file=printed, width=200))
    assert "Derived: 4,275 − 4,380 = −105" in printed.getvalue()


def test_feedback_keeps_a_derived_figure_whole(fall: Answer, tmp_path: Path) -> None:
    record_feedback(tmp_path, answer=fall, verdict="right")
    kept = json.loads((tmp_path / FEEDBACK_FILE).read_text(encoding="utf-8"))
    assert kept["answer"]["figures"][0]["arithmetic"] == "4,275 − 4,380 = −105"


def test_the_same_question_gives_the_same_derived_answer(assistant: Assistant, fall: Answer) -> None:
    again = assistant.ask(fall.question)
    assert (again.text, again.figures) == (fall.text, fall.figures)

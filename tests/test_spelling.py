"""Misspelt words of a question are put right by the words of the reports, and no other word is changed."""

from io import StringIO
from pathlib import Path

import pytest

from index.embed import Embedder
from index.errors import ModelUnavailable
from index.library import Library
from rag import spelling
from rag.assistant import Assistant
from rag.spelling import respelt
from rag.terminal import plain_console, print_answer
from rag.web.turn import turn_answered

REPORT = """# Fernmere Lifeboats – annual report 2019

## Efficiency

The crews received 412 requests for accommodation at the harbour in 2019. The government paid for 31 of the lifeboats.

Inspectors judged the efficiency of the service to be good. The desert station has two boats.
"""


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Library:
    home = tmp_path_factory.mktemp("spelling")
    (home / "report.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(home / "library", embedder=embedder)
    library.add([home / "report.md"])
    return library


@pytest.mark.parametrize(
    ("asked", "meant"),
    (
        ("How many requests for acommodation were there?", "How many requests for accommodation were there?"),
        ("How many lifeboats did the goverment pay for?", "How many lifeboats did the government pay for?"),
        ("Wich station has two boats?", "Which station has two boats?"),
        ("How was the efficency judged?", "How was the efficiency judged?"),
        ("how many requests were recieved at the harbour", "how many requests were received at the harbour"),
    ),
)
def test_what_is_misspelt_is_put_right(library: Library, asked: str, meant: str) -> None:
    assert respelt(library, asked) == meant


@pytest.mark.parametrize(
    "asked",
    (
        "How many lifeboats are there?",
        "What dessert do the crews have?",  # a word of its own, near to one of the reports
        "What does the inspectorate say?",  # another word for its ending
        "How many boats does Fernmeer have?",  # a name is left as it is
        "Fernmeer has how many boats?",
        "What is the kelpfactor of the harbour?",  # like nothing that is there
        "",
        "?",
    ),
)
def test_nothing_else_is_changed(library: Library, asked: str) -> None:
    assert respelt(library, asked) == asked


def test_page_and_terminal_show_what_was_asked_instead(library: Library) -> None:
    assistant = Assistant(library)
    put_right = assistant.ask("how many requests for acommodation were there")
    as_typed = assistant.ask("how many requests for accommodation were there")
    shown = "Understood as: how many requests for accommodation were there"
    for answer, expected in ((put_right, True), (as_typed, False)):
        printed = StringIO()
        print_answer(answer, plain_console(printed))
        assert (shown in printed.getvalue()) == (shown in turn_answered(answer, 1)) == expected


def test_the_answer_shows_what_was_asked_instead(library: Library) -> None:
    answer = Assistant(library).ask("how many requests for acommodation were recieved in 2019")
    assert "412" in answer.text.partition("\n")[0]
    assert answer.question == "how many requests for acommodation were recieved in 2019"
    assert answer.standalone_question == "how many requests for accommodation were received in 2019"


def test_words_that_cannot_be_read_are_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spelling, "VOCABULARY", tmp_path / "absent.json")
    spelling._english.cache_clear()
    try:
        with pytest.raises(ModelUnavailable, match="install Citewell again"):
            spelling._english()
    finally:
        spelling._english.cache_clear()

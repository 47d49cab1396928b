"""The sum of two things that one table counts: worked out where both are surely meant, else withheld."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Ferry Board – annual report 2019

## Crew

The table shows the crew of the board's ferries at the end of March of each year.

| Crew | March 2018 | March 2019 |
|---|---|---|
| Pilots | 44 | 41 |
| Deckhands | 118 | 126 |
| Deckhands in training | 12 | 9 |
| Crew in total | 174 | 176 |

## Income

| £ thousand | 2018 | 2019 |
|---|---|---|
| Ticket revenue | 4,380 | 4,275 |
| Freight revenue | 1,140 | 1,375 |
| Punctuality rate (%) | 91 | 93 |
| Fill rate (%) | 61 | 64 |
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("two_rows")
    (folder / "ferry.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "ferry.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "arithmetic", "stated"),
    [
        ("How many pilots and deckhands together did the board have in March 2019?", "41 + 126 = 167", "**167"),
        ("How many pilots and deckhands were there in total in March 2018?", "44 + 118 = 162", "**162"),
        ("How many pilots and deckhands did the board employ in March 2019 altogether?", "41 + 126 = 167", "**167"),
        (
            "What was the sum of ticket revenue and freight revenue in 2019?",
            "4,275 + 1,375 = 5,650",
            "**£5,650 thousand",
        ),
        (
            "What was the combined ticket revenue and freight revenue in 2018?",
            "4,380 + 1,140 = 5,520",
            "**£5,520 thousand",
        ),
    ],
)
def test_two_rows_are_added(assistant: Assistant, question: str, arithmetic: str, stated: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert (answer.figures[0].check, answer.figures[0].arithmetic) == ("derived", arithmetic)
    assert len(answer.figures[0].operands) == 2
    assert answer.text.startswith(stated)


@pytest.mark.parametrize(
    "question",
    [
        "How many pilots and engineers together did the board have in March 2019?",
        "How many pilots and deckhands together did the board have in March 2017?",
        "What was the sum of punctuality rate and fill rate in 2019?",
        "What was the combined ticket revenue and subsidy in 2019?",
    ],
)
def test_what_cannot_surely_be_added_is_not(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.figures, answer.text

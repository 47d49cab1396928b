"""Figures in another sense than the one asked for are not given: of what has it, of a total, of another row."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Quayside Trust – annual report 2019

## Piers

The trust looks after 27 piers. Of these 21 have a crane.

## Accounts

The trust's income before income tax expense of $88,848 in 2019 was earned at home.

The number of late ships per 1,000 at the quays rose to 30 in 2019, which is higher than the national rate of 16.

Of the calls to its harbour line, the trust loses 20 percent.

## Sales by use

The trust sells its berths for three uses, and counts what it sells in millions of dollars.

| $ million | 2019 | 2018 |
|---|---|---|
| Ferries | 205.0 | 175.3 |
| Freight | 181.7 | 146.5 |
| Yachts | 57.7 | 57.0 |
| Total net sales | 444.4 | 378.8 |

## Trouble

The table below shows damage and lost net gear rates at the quays in 2019.

| 2019 | Rate per 1,000 ships | National rate per 1,000 ships |
|---|---|---|
| Collisions | 8.1 | 7.8 |
| Deck fires | 1.1 | 1.2 |
| LNG incidents | 26.5 | 37.2 |

## Crew by age

| Crew | 2019 |
|---|---|
| Under 25 | 12 |
| 25 to 54 | 80 |
| 55 and over | 31 |
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("quay")
    (folder / "quay.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "quay.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("How many piers does the trust have?", "**27 piers**"),
        ("What were ferries net sales in 2019?", "**$205.0 million**"),
        ("How much were net sales to freight in 2018?", "**$146.5 million**"),
        ("What were the net sales in 2019?", "**$444.4 million**"),
        ("What were total net sales for the business from all sources in 2019?", "**$444.4 million**"),
        ("How many of the crew were under 25 in 2019?", "**12**"),
        ("What was the rate of collisions per 1,000 ships in 2019?", "**8.1 per 1,000 ships**"),
        ("What was the rate of lost net gear per 1,000 ships in 2019?", "**26.5 per 1,000 ships**"),
    ],
)
def test_the_figure_of_what_is_asked_about_is_given(assistant: Assistant, question: str, begins: str) -> None:
    answer = assistant.ask(question)
    assert answer.text.startswith(begins), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How many piers lack a crane?",
        "How many piers do not have a crane?",
        "What was the income tax expense in 2019?",
        "What were net sales to schools in 2019?",
        "What was the total amount of sales to schools in 2019?",
        "By how many late ships per 1,000 did the quays exceed the national rate in 2019?",
        "What share of 999 calls does the trust lose?",
        "How many engine fires per 1,000 ships were there in 2019?",
    ],
)
def test_the_figure_of_something_else_is_not_given(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_in_reports", answer.text

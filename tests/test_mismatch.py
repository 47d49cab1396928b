"""Figures that say outright that they are of something else, and those that a question's own form leaves out."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Saltmarsh Harbour Group – annual report 2019

## Revenue by country

The group sells its services in five countries. Amounts are in thousands of dollars.

| Revenue | 2019 | 2018 |
|---|---|---|
| Norland | 96,168 | 70,774 |
| Westria | 69,596 | 61,020 |
| Eastmark | 1,079,520 | 770,033 |
| Total | 1,245,284 | 901,827 |

## Margins

| | 2019 | 2018 |
|---|---|---|
| Gross profit | 137,100 | 100,210 |
| Adjusted gross margin | 141,427 | 103,400 |

## Purchases of own shares

| Period | Shares purchased | Average price paid per share |
|---|---|---|
| January 26, 2019 - February 22, 2019 | 1,842 | $64.77 |
| February 23, 2019 - March 22, 2019 | 1,800 | $65.53 |
| March 23, 2019 - April 26, 2019 | 3,608 | $70.49 |
| Total | 7,250 | $67.81 |

## Tax credits

| Tax credit carryforwards | Last fiscal year of expiration | Amount |
|---|---|---|
| Domestic - federal | 2029 | $39,784 |
| Domestic - state | 2027 | $3,313 |

## Piers

The pier network grew to 346 piers with 30 net new piers, and the ferry fleet grew to 41 with three new ferries.

## Board

The assembly elects two members to serve as deputies of the chair.

## Options

Stock options with market-based criteria granted in 2019 were 585,000. Their value was found with a lattice model.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("mismatch")
    (folder / "harbour.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "harbour.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many piers did the pier network grow to?", "346"),
        ("How many ferries did the ferry fleet grow to in 2019?", "41"),
        ("What was the average price paid per share from February 23, 2019 to March 22, 2019?", "65.53"),
        ("How many shares were purchased between March 23, 2019 and April 26, 2019?", "3,608"),
        ("How many deputies does the chair of the assembly have?", "two"),
    ],
)
def test_the_figure_asked_for_is_given(assistant: Assistant, question: str, figure: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert figure in answer.figures[0].text


@pytest.mark.parametrize(
    "question",
    [
        "What was the sum of revenue from Norland and revenue from Eastmark in 2019?",
        "What was the combined revenue of Norland and Westria in 2019?",
        "What was the ratio of adjusted gross margin to gross profit in 2019?",
    ],
)
def test_one_of_two_is_not_given_for_both(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_in_reports" or answer.figures[0].check == "derived"


@pytest.mark.parametrize(
    "question",
    [
        "In which fiscal year do the domestic federal tax credit carryforwards last expire?",
        "What is the last fiscal year of expiration of the domestic state tax credit carryforwards?",
        "Which model was used to value the stock options with market-based criteria?",
    ],
)
def test_no_amount_is_given_for_a_year_or_a_method(assistant: Assistant, question: str) -> None:
    assert not assistant.ask(question).figures

"""Figures that are worked out for questions in other words: shares, ratios and differences of rows, growth rates."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Lumen Works – annual report 2019

## Results

The works makes lamps for streets, ships and hospitals and sells them in four countries.

The following table shows its result in thousands of dollars.

| | Year ended December 31, | |
|---|---|---|
| | 2019 | 2018 |
| Gross profit | $137,347 | $100,284 |
| Adjusted gross profit | $141,427 | $103,858 |
| Income before taxes | $27,113 | $23,226 |
| Home | $21,298 | $17,793 |
| Abroad | $5,815 | $5,433 |

## Lamps by use

The works sells its lamps for four uses, and counts what it sells in millions of dollars.

| $ million | 2019 | 2018 |
|---|---|---|
| Streets | 205.0 | 175.3 |
| Ships | 181.7 | 146.5 |
| Hospitals | 157.7 | 157.0 |
| Total net sales | 544.4 | 478.8 |

## Lamps on loan

The works lends lamps to towns and to harbours.

| $ million | 2019 | 2018 |
|---|---|---|
| Towns | 3.2 | 4.1 |
| Deposits: | | |
| Harbours | 5.0 | 6.0 |
| Fees: | | |
| Harbours | 1.0 | 2.0 |
| Total rents | 9.2 | 12.1 |

## Money in and out

The works writes down what comes in and what goes out.

| $ million | 2019 | 2018 |
|---|---|---|
| North | 52.0 | 41.0 |
| South | 31.0 | 29.0 |
| Total grants | 83.0 | 70.0 |
| Auditors | 3.0 | 2.0 |
| Lawyers | 4.0 | 2.5 |
| Total fees | 7.0 | 4.5 |
| Income duties | 1.5 | 1.2 |

The ratio of nurses to patients grew by 12 percent in 2019. The ratio of loans to deposits was 0.85 in 2019.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("lumen")
    (folder / "lumen.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "lumen.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "begins", "arithmetic"),
    [
        (
            "What was the ratio of adjusted gross profit to gross profit in 2019?",
            "**1.03** ",
            "141,427 ÷ 137,347 = 1.03, rounded to two decimals",
        ),
        (
            "What percentage of income before taxes in 2019 came from home?",
            "**78.6 percent** ",
            "21,298 ÷ 27,113 × 100 = 78.6, rounded to one decimal",
        ),
        (
            "What share of income before taxes did abroad account for in 2018?",
            "**23.4 percent** ",
            "5,433 ÷ 23,226 × 100 = 23.4, rounded to one decimal",
        ),
        (
            "What was the difference in 2019 net sales between streets and ships?",
            "**$23.3 million** ",
            "205.0 − 181.7 = 23.3",
        ),
        (
            "What was the sum of streets net sales and ships net sales in 2018?",
            "**$321.8 million** ",
            "175.3 + 146.5 = 321.8",
        ),
        (
            "How much more was gross profit than income before taxes in 2018?",
            "**$77,058 thousand** ",
            "100,284 − 23,226 = 77,058",
        ),
        (
            "What was the growth rate of streets net sales from 2018 to 2019?",
            "**Rose by 16.9 percent** ",
            "(205.0 − 175.3) ÷ 175.3 × 100 = 16.9, rounded to one decimal",
        ),
        (
            "Calculate the change in hospitals net sales in 2019 compared with 2018.",
            "**Rose by $0.7 million** ",
            "157.7 − 157.0 = 0.7",
        ),
    ],
)
def test_it_is_worked_out_from_the_rows_asked_about(
    assistant: Assistant, question: str, begins: str, arithmetic: str
) -> None:
    answer = assistant.ask(question)
    assert answer.text.startswith(begins), answer.text
    assert answer.figures[0].check == "derived"
    assert answer.figures[0].arithmetic == arithmetic


def test_a_printed_ratio_is_given_and_its_growth_is_none(assistant: Assistant) -> None:
    assert assistant.ask("What was the ratio of loans to deposits in 2019?").text.startswith("**0.85**")
    assert assistant.ask("What was the ratio of nurses to patients in 2019?").status == "not_in_reports"


@pytest.mark.parametrize(
    "question",
    [
        "How much more was income before taxes than gross profit in 2019?",  # it was less
        "What was the ratio of gross profit to lamps in 2019?",
        "What was the sum of towns rents and harbours rents in 2019?",  # two rows are called harbours
        "What was the sum of streets rents and ships rents in 2019?",  # of another table
        "What was the change in north fees from 2018 to 2019?",  # north is what comes in
        "What share of gross profit was income before duties in 2019?",
    ],
)
def test_it_is_not_worked_out_from_what_is_not_surely_meant(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not any(figure.check == "derived" for figure in answer.figures), answer.text

"""A figure of another year is not given, and how much something fell in a year is told from the year before."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant
from rag.understand import understand

REPORT = """# Saltmarsh Ferries – annual report 2019

## Result

The following table shows the result in thousands of dollars.

| | Year ended December 31, 2018 | Year ended December 31, 2017 |
|---|---|---|
| Ticket revenue | 4,100 | 3,900 |
| Net loss | (265) | (164) |

## Crossings

| Crossings | 2019 | 2018 |
|---|---|---|
| Winter crossings | 330 | 410 |
| Summer crossings | 905 | 870 |

| Percentage of crossings on time | 2013/14 | 2010/11 |
|---|---|---|
| Winter | 88.8 | 91.0 |

Cash from tickets increased $224 million for fiscal 2019 as compared to fiscal 2018.

## Strategy

The 2017 strategy promised to build 40 pontoons by 2022.

Saltmarsh Ferries owns 34 lighthouses and huts. In 2019 it painted 2 lighthouses and huts that it owns.

A crossing costs $8. The price of a crossing increased $2 in 2019.

## Walks

| Walkers | 2019/20 | 2018/19 |
|---|---|---|
| Bog walks | 760 | 880 |

## Fares

| Change in fares (%) | 2019 | 2018 |
|---|---|---|
| Farm fares | 3.5 | 2.0 |

## Wages

| Wages ($m) | 2019 budget | 2019 actual | 2018 actual |
|---|---|---|---|
| Wages on board | 5.0 | 4.6 | 4.9 |

## Debts

| $ million | 2019 | 2018 | 2017 |
|---|---|---|---|
| Debts net of deposits | -72.5 | -127.4 | -134.2 |

## Savings

Saltmarsh Ferries is on track to achieve its required savings of $36.1m over this plan.

It expects that it will have to save a further $17.6m in 2016/17.

## Berths

The ferries let berths by contract, which typically last one to five months.

The costs of the slipway are written off over a 2 to 5-year period.

The chief pilot is Anna Reed. The written plan must be handed in by 23 October 2023.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("ferries")
    (folder / "ferries.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    library.add([folder / "ferries.md"])
    return Assistant(library)


@pytest.mark.parametrize(
    "question", ["What was the net loss of Saltmarsh Ferries for 2019?", "What was ticket revenue in 2019?"]
)
def test_a_cell_of_another_year_is_not_given(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_in_reports", answer.text


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many pontoons did the 2017 strategy promise to build?", "40 pontoons"),
        ("How many lighthouses does Saltmarsh Ferries own in 2019?", "34 lighthouses"),
    ],
)
def test_a_year_does_not_keep_the_right_figure_out(assistant: Assistant, question: str, figure: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered" and figure in answer.text.split("\n")[0], answer.text


@pytest.mark.parametrize(
    "question",
    [
        "By how much did bog walks fall in 2019?",  # the columns are budget years
        "By how much did farm fares rise in 2019?",  # the table is of changes
        "By how much did wages on board fall in 2019?",  # two columns of one year
        "How much does a crossing cost in 2019?",  # what is dated is what it rose by
    ],
)
def test_neither_a_level_nor_a_change_is_given_for_the_other(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_in_reports", answer.text


def test_a_year_that_says_which_report_is_meant_is_not_held_against_a_figure(assistant: Assistant) -> None:
    answer = assistant.ask("What was ticket revenue, given in the 2019 Saltmarsh Ferries report?")
    assert answer.status == "answered" and "4,100" in answer.text, answer.text


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("By how much did winter crossings fall in 2019?", "80"),
        ("By what percentage did winter crossings fall in 2019?", "19.5"),
        ("Drop in winter crossings, 2018 to 2019?", "80"),
        ("What was the increase in summer crossings during 2019?", "35"),
        ("What was the increase in cash from tickets in 2019?", "$224 million"),
    ],
)
def test_a_change_within_a_year_is_told_from_the_year_before(assistant: Assistant, question: str, figure: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered" and figure in answer.text.split("\n")[0], answer.text


def test_no_level_is_given_where_all_of_a_row_is_negative(assistant: Assistant) -> None:
    answer = assistant.ask(
        "By how much did debts net of deposits, including those of crews, go down from 2018 to 2019?"
    )
    assert "-72.5" not in answer.text.split("\n")[0] or answer.status == "not_in_reports", answer.text


def test_a_figure_of_the_year_goes_before_one_of_no_year(assistant: Assistant) -> None:
    answer = assistant.ask("How much will Saltmarsh Ferries have to save in 2016/17?")
    assert "$17.6m" in answer.text.split("\n")[0], answer.text


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How long do the contracts for berths typically last?", "one to five months"),
        ("Over how many years are the costs of the slipway written off?", "2 to 5"),
    ],
)
def test_both_ends_of_a_stretch_of_time_are_given(assistant: Assistant, question: str, figure: str) -> None:
    assert figure in assistant.ask(question).text.split("\n")[0]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Chief pilot of Saltmarsh Ferries in the 2019 report", "who"),
        ("deadline written plan Saltmarsh Ferries", "when"),
        ("Director pay 2019", "other"),
        ("Head office staff: how many?", "figure"),
    ],
)
def test_terse_questions_for_somebody_or_a_date(question: str, kind: str) -> None:
    assert understand(question).kind in (kind, "figure" if kind == "other" else kind)

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

## Service

The berth occupancy rate was 74 percent in the year to March 2019. The average waiting time for container ships is 26
hours. The group reduced diesel use by 9 percent. 90% of the pilots attended the night course. The next survey of the
quay walls is due within three years. The first survey was made within 18 months of the opening.

The group earned between £14 million and £16 million a year over the last three years. By the 1880s the steam crane had
become a common machine. The mayor of Northby opened the lock. Crews meet on Tuesday mornings.

In 2019 the sickness rates of pilots and stokers were 4% and 7% respectively, against a target set in 2016.

Dues were £47 million, £12 million and £5 million for 2019, 2018 and 2017, respectively.

## Holdings

| Units | Number | Price |
|---|---|---|
| Outstanding at March 31, 2017 | 3,015 | $3.95 |
| Granted | 299 | $7.30 |
| Cancelled | (81) | $3.59 |
| Outstanding at March 31, 2018 | 2,845 | $4.21 |
| Granted | 147 | $8.10 |
| Cancelled | (88) | $5.23 |
| Outstanding at March 31, 2019 | 2,806 | $4.75 |

## Equipment

| | Useful life (years) | Amount |
|---|---|---|
| Cranes | 3-5 | $315.4 |
| Sheds | 20 - Indefinite | $93.7 |

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
        ("What was the berth occupancy rate in the year to March 2019?", "74 percent"),
        ("What is the average waiting time for container ships?", "26"),
        ("By what percentage did the group reduce diesel use?", "9 percent"),
        ("What percentage of the pilots attended the night course?", "90%"),
        ("Within what time is the next survey of the quay walls due?", "three"),
        ("What is the useful life of the cranes in years?", "3-5"),
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


@pytest.mark.parametrize(
    "question",
    [
        "What was the vacancy rate in the year to March 2019?",
        "What is the average waiting time for fishing boats?",
        "By what percentage did the group reduce burglaries?",
        "What percentage of the clerks attended the night course?",
        "What percentage of the pilots resigned?",
        "At what price were units cancelled in the year to March 31, 2018?",
        "What is the useful life of the sheds in years?",
        "Which country had the largest revenue in 2019?",
    ],
)
def test_the_figure_of_another_kind_whole_or_row_is_not_given(assistant: Assistant, question: str) -> None:
    assert not assistant.ask(question).figures


@pytest.mark.parametrize(("year", "amount"), [(2019, "£47 million"), (2018, "£12 million"), (2017, "£5 million")])
def test_a_figure_that_has_its_year_in_turn_is_labelled_with_it(assistant: Assistant, year: int, amount: str) -> None:
    answer = assistant.ask(f"How much were the dues in {year}?")
    assert answer.figures[0].text == amount
    assert answer.figures[0].period == str(year)
    assert f"; {year})" in answer.text


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("By when had the steam crane become a common machine?", True),
        ("By when had the windmill become a common machine?", False),
        ("Who opened the lock?", True),
        ("When did the mayor of Southby open the lock?", False),
        ("What time do the crews meet on Tuesdays?", False),
    ],
)
def test_what_is_said_of_another_is_no_answer_in_words(assistant: Assistant, question: str, answered: bool) -> None:
    assert (assistant.ask(question).status == "answered") is answered


def test_a_range_is_given_in_words_with_both_its_ends(assistant: Assistant) -> None:
    answer = assistant.ask("How much did the group earn?")
    assert "between £14 million and £16 million" in answer.text
    assert not answer.text.startswith("**£")


@pytest.mark.parametrize(("whose", "rate"), [("pilots", "4%"), ("stokers", "7%")])
def test_each_of_two_has_its_own_figure_in_turn(assistant: Assistant, whose: str, rate: str) -> None:
    answer = assistant.ask(f"What was the sickness rate of {whose} in 2019?")
    assert answer.figures[0].text == rate

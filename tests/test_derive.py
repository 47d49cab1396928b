"""Figures that no report prints are worked out, with their operands cited, or not at all."""

from pathlib import Path

import pytest

from evals.support import citation_recall, unsupported_figures
from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Ferry Board – annual report 2019

## Results

The board runs four ferries across the sound and publishes its accounts each year in thousands of pounds.

| £ thousand | 2017 | 2018 | 2019 |
|---|---|---|---|
| Ticket revenue | 4,120 | 4,380 | 4,275 |
| Freight revenue | 1,120 | 1,140 | 1,375 |
| Total revenue | 5,240 | 5,520 | 5,650 |
| Fuel costs | 910 | 1,340 | 1,120 |
| Result for the year | 310 | (85) | 140 |
| Grants | 0 | 40 | 60 |

Repairs to the fleet came to £1.2 million in 2018 and £0.9 million in 2019.

Dredging came to £900 thousand in 2018 and £1.2 million in 2019.

## Crews

The number of deckhands fell from 2,372 in March 2010 to 2,104 in March 2015.

Between March 2010 and March 2015 the number of stewards rose from 310 to 341.

The number of cooks fell from about 90 in March 2010 to 70 in March 2015.

The number of engineers is planned to fall from 220 in March 2015 to 190 in March 2020.

The number of divers fell by 12, from 44 in March 2010 to 32 in March 2015.

In March 2014 the board had 56 pilots.

In March 2018 the board had 61 pilots.

The vacancy rate was 8.1 percent in 2018 and 10.5 percent in 2019.

In March 2014 the board had 18 lookouts at the northern harbour.

In March 2018 the board had 25 lookouts.

In the 12 months to March 2012, the board received 40 complaints, fewer than the England and Wales average of 52.

In the 12 months to March 2016, the board received 47 complaints, broadly in line with the England and Wales average.

In the 12 months to March 2012, the board received 70 letters, fewer than the England and Wales average of 92.

In the year to March 2016, the board received 81 letters, more than the 12 about lights.

The absence rate of the board is 4.9 percent at present. The average in England and Wales is 1.2 percent.

## Posts

Planned changes in posts from March 2016 to March 2021

| Posts | March 2016 | March 2018 | March 2021 |
|---|---|---|---|
| Purser posts | 233 | 247 | 251 |
| Posts total | 3,822 | 3,791 | 3,900 |

Planned spending on posts

| £ thousand | March 2016 | March 2018 |
|---|---|---|
| Kitchen | 31 | 42 |

## Passengers

| Measure | Period | Ferry Board | England and Wales |
|---|---|---|---|
| Passenger satisfaction with the overall service of the ferries | 12 months to March 2019 | 79% | 84% |
| Crew satisfaction with the pay | 12 months to March 2019 | 61% | 64% |
| Cost per head | 2018/19 | £105.0 | £117.7 |

## Punctuality

| Crossings | 2017/18 | 2018/19 |
|---|---|---|
| Percentage of crossings on target | 91.0% | 79.5% |

## Calls

The harbours are busy compared with England and Wales. Calls at night are rare compared with England and Wales.

| Calls per 1,000 passengers | Ferry Board | England and Wales |
|---|---|---|
| Harbour calls | 121 | 134 |
| Night calls | 12 | around 30 |

## Whole weeks

| Fiscal year ended | June 2, 2018 | June 1, 2019 | March 28, 2020 |
|---|---|---|---|
| Kiosk sales | 61 | 49 | 12 |

## Boats

| Boats | 2018 | 2019 |
|---|---|---|
| Launches | 41 | 47 |
| Launches in repair | 5 | 9 |

## Boats of the southern station

| Boats | 2018 | 2019 |
|---|---|---|
| Barges | 12 | 17 |

## Boats of the northern station

| Boats | 2018 | 2019 |
|---|---|---|
| Barges | 21 | 25 |
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("ferry")
    (folder / "ferry.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "ferry.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "begins", "arithmetic", "value", "unit", "operands"),
    [
        (
            "By how much did ticket revenue change between 2018 and 2019?",
            "**Fell by £105 thousand** ",
            "4,275 − 4,380 = −105",
            "-105",
            "GBP",
            ["4,380", "4,275"],
        ),
        (
            "By what percentage did ticket revenue increase from 2017 to 2018?",
            "**Rose by 6.3 percent** ",
            "(4,380 − 4,120) ÷ 4,120 × 100 = 6.3, rounded to one decimal",
            "6.3",
            "percent",
            ["4,120", "4,380"],
        ),
        (
            "By how much did the number of deckhands fall between March 2010 and March 2015?",
            "**Fell by 268** ",
            "2,104 − 2,372 = −268",
            "-268",
            None,
            ["2,372", "2,104"],
        ),
        (
            "By how much did the number of stewards rise between March 2010 and March 2015?",
            "**Rose by 31** ",
            "341 − 310 = 31",
            "31",
            None,
            ["310", "341"],
        ),
        (
            "By how much did repairs to the fleet fall between 2018 and 2019?",
            "**Fell by £0.3 million** ",
            "0.9 − 1.2 = −0.3",
            "-0.3",
            "GBP",
            ["£1.2 million", "£0.9 million"],
        ),
        (
            "How many more pilots did the board have in March 2018 than in March 2014?",
            "**Rose by 5 pilots** ",
            "61 − 56 = 5",
            "5",
            "pilots",
            ["56", "61"],
        ),
        (
            "By how much did the vacancy rate rise between 2018 and 2019?",
            "**Rose by 2.4 percentage points** ",
            "10.5 − 8.1 = 2.4",
            "2.4",
            "percentage points",
            ["8.1 percent", "10.5 percent"],
        ),
        (
            "What was the difference between ticket revenue and freight revenue in 2019?",
            "**£2,900 thousand** ",
            "4,275 − 1,375 = 2,900",
            "2900",
            "GBP",
            ["4,275", "1,375"],
        ),
        (
            "How much lower are the board's harbour calls than the England and Wales average?",
            "**Lower by 13** ",
            "134 − 121 = 13",
            "13",
            None,
            ["121", "134"],
        ),
        (
            "What share of total revenue was freight revenue in 2019?",
            "**24.3 percent** ",
            "1,375 ÷ 5,650 × 100 = 24.3, rounded to one decimal",
            "24.3",
            "percent",
            ["1,375", "5,650"],
        ),
        (
            "What was the sum of fuel costs in 2018 and 2019?",
            "**£2,460 thousand** ",
            "1,340 + 1,120 = 2,460",
            "2460",
            "GBP",
            ["1,340", "1,120"],
        ),
        (
            "What was the average of ticket revenue over 2017 to 2019?",
            "**£4,258.3 thousand** ",
            "(4,120 + 4,380 + 4,275) ÷ 3 = 4,258.3, rounded to one decimal",
            "4258.3",
            "GBP",
            ["4,120", "4,380", "4,275"],
        ),
        (
            "By how many posts did the number of purser posts rise between March 2016 and March 2018?",
            "**Rose by 14** ",
            "247 − 233 = 14",
            "14",
            None,
            ["233", "247"],
        ),
        (
            "By how many people will the posts total rise from March 2018 to March 2021?",
            "**Rises by 109** ",
            "3,900 − 3,791 = 109",
            "109",
            None,
            ["3,791", "3,900"],
        ),
        (
            "By how many is the number of engineers to fall between March 2015 and March 2020?",
            "**Falls by 30** ",
            "190 − 220 = −30",
            "-30",
            None,
            ["220", "190"],
        ),
        (
            "How much did complaints rise between the 12 months to March 2012 and the 12 months to March 2016?",
            "**Rose by 7 complaints** ",
            "47 − 40 = 7",
            "7",
            "complaints",
            ["40", "47"],
        ),
        (
            "How much higher is the board's absence rate than the England and Wales average?",
            "**Higher by 3.7 percentage points** ",
            "4.9 − 1.2 = 3.7",
            "3.7",
            "percentage points",
            ["4.9 percent", "1.2 percent"],
        ),
        (
            "How many percentage points lower was the board's passenger satisfaction than the England and Wales "
            "average in 2019?",
            "**Lower by 5 percentage points** ",
            "84 − 79 = 5",
            "5",
            "percentage points",
            ["79%", "84%"],
        ),
        (
            "What is the difference between the board's cost per head and the England and Wales average?",
            "**Lower by £12.7** ",
            "117.7 − 105.0 = 12.7",
            "12.7",
            "GBP",
            ["£105.0", "£117.7"],
        ),
        (
            "By how much did the percentage of crossings on target fall from 2017/18 to 2018/19?",
            "**Fell by 11.5 percentage points** ",
            "79.5 − 91.0 = −11.5",
            "-11.5",
            "percentage points",
            ["91.0%", "79.5%"],
        ),
        (
            "By how much did kiosk sales fall from June 2, 2018 to June 1, 2019?",
            "**Fell by 12** ",
            "49 − 61 = −12",
            "-12",
            None,
            ["61", "49"],
        ),
        (
            "Purser posts as a share of the posts total, March 2016",
            "**6.1 percent** ",
            "233 ÷ 3,822 × 100 = 6.1, rounded to one decimal",
            "6.1",
            "percent",
            ["233", "3,822"],
        ),
    ],
)
def test_a_figure_is_worked_out_with_its_operands_cited(
    assistant: Assistant, question: str, begins: str, arithmetic: str, value: str, unit: str, operands: list[str]
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    derived, *rest = answer.figures
    assert answer.text.startswith(begins)
    assert arithmetic in answer.text.splitlines()[0]
    assert (derived.check, derived.value, derived.unit, derived.arithmetic) == ("derived", value, unit, arithmetic)
    assert derived.operands == tuple(range(1, len(answer.figures)))
    assert [figure.text for figure in rest] == operands
    assert {figure.check for figure in rest} == {"in_quote"}
    quotes = {citation.n: citation.quote for citation in answer.citations}
    assert all(figure.text in quotes[figure.citation] for figure in rest)
    assert all(f"[{figure.citation}]" in answer.text.splitlines()[0] for figure in rest)
    assert unsupported_figures(answer) == ()
    assert citation_recall(answer).value == 1


def test_a_figure_of_two_statements_cites_both(assistant: Assistant) -> None:
    answer = assistant.ask("By how much did the number of pilots rise between March 2014 and March 2018?")
    assert [figure.citation for figure in answer.figures] == [1, 1, 2]
    assert answer.text.splitlines()[0].endswith("[1][2]")


def test_a_change_the_other_way_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("By how much did the number of deckhands rise between March 2010 and March 2015?")
    assert answer.text.startswith("**Fell by 268** ")
    assert [(note.kind, note.text) for note in answer.notes] == [("false_premise", "The figures show a decrease.")]


def test_the_printed_change_is_given_before_one_is_worked_out(assistant: Assistant) -> None:
    answer = assistant.ask("By how much did the number of divers fall between March 2010 and March 2015?")
    assert answer.figures[0].text == "12"
    assert {figure.check for figure in answer.figures} == {"in_quote"}


@pytest.mark.parametrize(
    "question",
    [
        "By how much did revenue change between 2018 and 2019?",  # three rows could be meant
        "By how much did fuel revenue change between 2018 and 2019?",  # no such row
        "By how much did ticket sales costs change between 2018 and 2019?",
        "By how much did ticket revenue change between 2016 and 2019?",  # no figure of 2016
        "By how much did dredging change between 2018 and 2019?",  # thousand and million
        "By how much did the number of cooks fall between March 2010 and March 2015?",  # about 90
        "By how much did the number of engineers fall between March 2015 and March 2020?",  # planned
        "By how much did the number of purser posts rise between March 2018 and March 2021?",  # it has not yet
        "By how much did kitchen spending rise between March 2016 and March 2018?",  # it was only planned
        "How much did letters rise between the 12 months to March 2012 and the 12 months to March 2016?",  # on lights
        "How many percentage points lower was the board's crew satisfaction than the England and Wales average?",
        "How many percentage points lower was the board's passenger satisfaction than the England and Wales average "
        "in 2018?",
        "By how much did the percentage of ticket revenue change between 2018 and 2019?",  # it is in pounds
        "By how much did crossings on target fall from 2017/18 to 2018/19?",  # their number, or their share
        "By how much did kiosk sales fall from June 2, 2018 to March 28, 2020?",  # not the same weeks
        "By how many people did the number of launches change between 2018 and 2019?",
        "By how much did the number of lookouts rise between March 2014 and March 2018?",  # at one harbour, and in all
        "By how much did barges change between 2018 and 2019?",  # of which station
        "What was the percentage change in grants from 2017 to 2018?",  # of nothing
        "What was the percentage change in the result for the year from 2018 to 2019?",  # of a loss
        "By what percentage did the vacancy rate rise between 2018 and 2019?",  # percent of percent
        "What was the sum of the vacancy rate in 2018 and 2019?",
        "What was the difference between fuel costs and pilots in 2018?",
        "What was the difference between ticket revenue and launches in 2019?",  # pounds and boats
        "What share of ticket revenue was total revenue in 2019?",  # more than the whole
        "What share of ticket revenue was freight revenue?",  # in which year
        "How much lower are the board's night calls than the England and Wales average?",  # around 30
    ],
)
def test_nothing_is_worked_out_from_what_is_not_certain(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert "derived" not in {figure.check for figure in answer.figures}
    assert answer.status == "not_in_reports", answer.text


def test_an_operand_is_not_given_for_the_change(assistant: Assistant) -> None:
    answer = assistant.ask("By how much did launches in repair and barges change between 2018 and 2019?")
    assert "derived" not in {figure.check for figure in answer.figures}
    within = assistant.ask("By how much did launches change between 2018 and 2019?")
    assert within.text.startswith("**Rose by 6** ")

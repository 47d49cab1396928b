"""A figure is given only with what a question narrows down to, and none of a whole, a part or an addition of it."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Saltmarsh Ferries – annual report 2019

## Berths

The harbour board's town has six winter berths and the island has nine.

Of the boats looked at, one low-risk boat and 10 high-risk boats were found.

The ferries had 130 boats waiting for a survey at the time of the review. In 14 of these cases, the hull was known to
leak.

A queue of 200 rafts is awaiting a licence. In all it has got shorter: it came down from 800 rafts in September 2017.

So far, 11 piers have been given new lamps, and another eight piers are being given lamps this year.

From 1973 to 1974, 80 of the 210 sailors of the line were islanders.

The ferries work from 15 landing stages. They plan to reduce the number of landing stages from 15 to 8.

During the year five huts were opened or bought.

The line reduced recorded accidents (without collisions) by 13 percent from 2015 to 2018, over four years.

Paint was bought at $28, a 14% rebate on the list price of $33.

State mooring rights do not end. Federal and foreign mooring rights end in 2023.

The line opened an additional 24 lockers at Gull Bay.

Nine of the 26 jetties that were inspected in May were rated outstanding.

The choir of the line has 45 singers.

Rent of $4.2 million is due within one year and $9.1 million between one and five years. Loans of $90 million fall due
within 12 months.

The bunkhouse has two hundred and five bunks, and the wait for a bunk is an 18-month one.

The barge has a crew of one hundred and twenty.

## Money

| $ thousand | Total | Less than 1 year | 1-3 years | 3-5 years | After 5 years |
|---|---|---|---|---|---|
| Slipway debt due | 9,500 | — | 2,700 | 2,200 | 4,600 |
| Lantern debt due | 1,000 | 400 | 300 | 200 | 100 |

| $ thousand | 2019 first quarter | 2019 second quarter | 2019 third quarter | 2019 fourth quarter |
|---|---|---|---|---|
| Ticket revenue | 94 | 96 | 88 | 84 |

| $ thousand | 2017 | 2018 | Change |
|---|---|---|---|
| Cash from freight | 223 | 283 | 60 |

| $ thousand | 2019 | 2018 |
|---|---|---|
| Current harbour tax | | |
| Harbour dues | 5 | 4 |
| Deferred harbour tax | | |
| Harbour dues | 420 | 486 |

| Songs sung | 2019 | 2018 |
|---|---|---|
| On board | | |
| Sea shanties | 3 | 1 |
| On land | | |
| Sea shanties | 12 | 2 |

| $ thousand | 2019 | 2018 |
|---|---|---|
| Gross claims | 870 | 820 |
| Net claims | 610 | 590 |

| | 2019 | 2018 |
|---|---|---|
| Mean buoy selling price ($) | 1.27 | 1.40 |

| Crew | March 2019 | March 2018 |
|---|---|---|
| Pilots | 185 | 231 |

| $ thousand | H1 2019 | H2 2019 | Full year 2019 |
|---|---|---|---|
| Mooring fees | 410 | 520 | 930 |

| Plan of 2018, $ million | Balance, January 2018 | Additions | Payments | Balance, January 2019 |
|---|---|---|---|---|
| Crew leaving costs | 53.0 | 39.2 | 89.7 | 2.5 |
| Pier leaving costs | 2.5 | 3.2 | 5.7 | 0.1 |
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("ferries")
    (folder / "ferries.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    library.add([folder / "ferries.md"])
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "figure"),
    (
        ("How many winter berths does the island (not the town) have?", "nine"),
        ("How many winter berths does the town have?", "six"),
        ("How many high-risk boats were found?", "10"),
        ("In how many of the boats waiting for a survey was the hull known to leak?", "14"),
        ("How many boats were waiting for a survey?", "130"),
        ("How many piers have been given new lamps so far?", "11"),
        ("How many of the line's sailors were islanders?", "80"),
        ("How many landing stages do the ferries work from?", "15"),
        ("By what percentage did the line reduce recorded accidents?", "13 percent"),
        ("How big a rebate on the list price of paint did it get?", "14%"),
        ("How much of the lantern debt is due in less than a year?", "400"),
        ("How much of the slipway debt is due in 1 to 3 years?", "2,700"),
        ("What was the ticket revenue in the second quarter of 2019?", "96"),
        ("By how much did cash from freight change from 2017 to 2018?", "60"),
        ("What were gross claims in 2019?", "870"),
        ("How many pilots were there in March 2019?", "185"),
        ("How many lockers did the line open at Gull Bay?", "24"),
        ("How many jetties were inspected in May?", "26"),
        ("How many jetties were rated outstanding?", "Nine"),
        ("How many singers does the choir have altogether?", "45"),
        ("How much rent is due within one year?", "$4.2 million"),
        ("How much rent is due between one and five years?", "$9.1 million"),
        ("What were mooring fees in the first half of 2019?", "410"),
        ("What were mooring fees in the second half of 2019?", "520"),
        ("How many bunks does the bunkhouse have?", "two hundred and five"),
        ("How long is the wait for a bunk?", "18-month"),
        ("How much cash was paid out for pier leaving costs under the plan of 2018?", "5.7"),
    ),
)
def test_the_figure_that_is_narrowed_down_to_is_given(assistant: Assistant, question: str, figure: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert figure in answer.text.partition("\n")[0]


@pytest.mark.parametrize(
    ("question", "wrong"),
    (
        ("Of the boats looked at, how many were low risk?", ("10",)),
        ("How many piers will have been given new lamps once this year's are done?", ("eight", "11")),
        ("How many landing stages do the ferries plan to close?", ("15", "8 ")),
        ("How many huts were refurbished in 2018?", ("five",)),
        ("How big was the queue of rafts awaiting a licence in September 2017?", ("200",)),
        ("What was the accident rate without collisions in 2018?", ("13 percent", "four")),
        ("How much of the slipway debt is due in less than a year?", ("2,700", "2,200", "4,600", "9,500")),
        ("What was the ticket revenue in the second half of 2019?", ("96", "88", "84")),
        ("Cash from freight 2019", ("60", "283", "223")),
        ("What were harbour dues in 2019, current plus deferred?", ("5 ", "420")),
        ("How many sea shanties were sung in all in 2019?", ("3 ", "12")),
        ("How much did the line sell in buoys in 2019?", ("1.27",)),
        ("How many night pilots were there in March 2019?", ("185",)),
        ("How much of the anchor lease is due within one year?", ("90", "4.2")),
        ("How many lighters does the line have altogether?", ("hundred", "45")),
        ("How far below 2018 was the number of pilots in 2019?", ("185", "231")),
        ("How much did the ferries have left to spend on tugs as of March 22, 2019?", ("$",)),
    ),
)
def test_what_is_not_said_is_not_given_for_it(assistant: Assistant, question: str, wrong: tuple[str, ...]) -> None:
    first = f"{assistant.ask(question).text.partition('>')[0]} "
    assert not any(figure in first for figure in wrong), first


def test_a_date_of_what_stands_beside_it_is_not_given(assistant: Assistant) -> None:
    assert "2023" not in assistant.ask("When do state mooring rights end?").text.partition(">")[0]
    assert "2023" in assistant.ask("When do federal mooring rights end?").text.partition(">")[0]


def test_letters_that_only_look_like_a_number_do_no_harm(assistant: Assistant) -> None:
    assert assistant.ask("How much rent is due within \u017fix years?").question

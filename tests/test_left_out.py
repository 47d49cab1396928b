"""No figure is given of what a question leaves out or states, nor that of another row, column, period or kind."""

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Gullhaven Pilots – annual report 2019

## Fees

| $ thousand | 2019 | 2018 |
|---|---|---|
| Northshore | 310 | 280 |
| Southshore | 120 | 130 |
| Far islands | 95 | 90 |
| Total fees | 525 | 500 |

## Earnings

| $ | 2019 | 2018 |
|---|---|---|
| Adjusted earnings per share | 13.40 | 12.10 |
| Earnings per share, basic | 12.79 | 11.70 |
| Earnings per share, diluted | 12.50 | 11.40 |

## Debts

| $ thousand | 2019 carrying amount | 2019 fair value |
|---|---|---|
| Mortgage debt | 3,774 | 4,073 |

| $ thousand | 2019 | 2018 |
|---|---|---|
| Rope swaps, current liability | 8,095 | 2,091 |
| Anchor swaps | — | 1,429 |
| Falling due after more than one year: | | |
| Deferred toll | — | 31 |

| $ thousand | 2019 | 2018 |
|---|---|---|
| Dues receivable, gross | 882 | 565 |
| Less allowance for unpaid dues | 20 | 22 |

## Income

| $ thousand | 2019 | 2018 |
|---|---|---|
| Licence income | 130 | 127 |
| Other income | — | 12 |
| Total income | 3,037 | 2,140 |

## Smoke

| Tonnes | 2019 | 2018 |
|---|---|---|
| Fires and boilers (Scope 1) | 75 | 70 |
| Total smoke (Scope 1 and 2) | 143 | 140 |

| Harbour figures | 2018/19 |
|---|---|
| Pilotage cost per head of population | £153.0 |

| Mishaps recorded | Per 1,000 voyages |
|---|---|
| Groundings | 10.6 |
| Collisions | 1.1 |

| Percentage change in mishaps per 1,000 voyages, year to March 2019 | |
|---|---|
| Gullhaven | +9% |

## Catches

| $ thousand | 2019 | 2018 |
|---|---|---|
| Landed by day: | | |
| Crab landings | 12 | 10 |
| Total landings | 32 | 28 |

| $ thousand | 2019 | 2018 |
|---|---|---|
| Landed at all hours: | | |
| Eel landings | 27 | 21 |
| Total landings | 59 | 49 |

## People

About 32% of its quays are among the most silted 20% in the country.

The 350 extra deckhands will work across the whole coast.

The share of late landings is currently 68%.

The school of the pilots teaches children aged 3 to 11.

The new signal tower, opened in February 2015, has a good view.
"""


@pytest.fixture(scope="module")
def assistant(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("left-out")
    (home / "report.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(home / "library", embedder=embedder)
    library.add([home / "report.md"])
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "wrong"),
    (
        ("What were fees in 2019 excluding Northshore?", ("310", "525")),
        ("What were fees in 2019 other than those of the Far islands?", ("95", "525")),
        ("What were earnings per share in 2019 before any adjustment?", ("13.40",)),
        ("What was the liability for anchor swaps at year end 2019?", ("1,429",)),
        ("Deferred toll falling due after more than one year, 2019", ("31",)),
        ("What were long-term rope swaps in 2019?", ("8,095",)),
        ("What were dues receivable in 2019 after the allowance for unpaid dues?", ("20 ", "882")),
        ("What was other income in 2019?", ("3,037", "130")),
        ("What was boat income in 2019?", ("3,037", "130")),
        ("What is the population of the harbour?", ("153",)),
        ("Of groundings and collisions, which was recorded least often?", ("10.6",)),
        ("What was the number of mishaps per 1,000 voyages in the year to March 2019?", ("9%",)),
        ("What percentage of its quays are among the most silted 10% in the country?", ("20%", "32%")),
        ("How many of the 350 extra deckhands are for Gullhaven?", ("350",)),
        ("What was the share of late landings in 2016?", ("68",)),
        ("When was the signal tower last inspected?", ("2015",)),
    ),
)
def test_what_is_left_out_is_not_given(assistant: Assistant, question: str, wrong: tuple[str, ...]) -> None:
    first = f"{assistant.ask(question).text.partition('>')[0]} "
    assert not any(figure in first for figure in wrong), first


@pytest.mark.parametrize(
    ("question", "figure"),
    (
        ("What were Northshore fees in 2019?", "310"),
        ("What were total fees in 2019?", "525"),
        ("What were adjusted earnings per share in 2019?", "13.40"),
        ("What was the book value of the mortgage debt in 2019?", "3,774"),
        ("What was the market value of the mortgage debt in 2019?", "4,073"),
        ("What was the liability for anchor swaps at year end 2018?", "1,429"),
        ("Deferred toll falling due after more than one year, 2018", "31"),
        ("What were short-term rope swaps in 2019?", "8,095"),
        ("What was the allowance for unpaid dues in 2019?", "20"),
        ("What was other income in 2018?", "12"),
        ("What was total income in 2019?", "3,037"),
        ("What was scope 1 smoke in 2019?", "75"),
        ("What was scope 1 and 2 smoke in 2019?", "143"),
        ("What was the pilotage cost per head of population in 2018/19?", "153.0"),
        ("What percentage of its quays are among the most silted 20% in the country?", "32%"),
        ("What is the share of late landings?", "68"),
        ("When was the signal tower opened?", "2015"),
        ("What were total landings at all hours in 2019?", "59"),
    ),
)
def test_what_is_asked_for_is_given(assistant: Assistant, question: str, figure: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert figure in answer.text.partition("\n")[0]


@pytest.mark.parametrize(
    "question",
    (
        "What were anchor swaps at year end 2019?",
        "Deferred toll falling due after more than one year, 2019",
        "What was other income in 2019?",
    ),
)
def test_an_empty_cell_is_given_as_it_is_printed(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert answer.text.startswith("**—** (")
    assert ": no amount is printed [1]" in answer.text
    assert "—" in answer.citations[0].quote
    assert not answer.figures


@pytest.mark.parametrize(
    "question",
    (
        "What was the liability for kelp swaps at year end 2019?",
        "What was other income from boats in 2019?",
        "What was other income in 2017?",
        "What was the asset for anchor swaps in 2019?",
    ),
)
def test_an_empty_cell_of_something_else_is_not_given(assistant: Assistant, question: str) -> None:
    assert "no amount is printed" not in assistant.ask(question).text


def test_a_range_is_given_whole(assistant: Assistant) -> None:
    first = assistant.ask("What ages does the school of the pilots teach?").text.partition("\n")[0]
    assert "3 to 11" in first


def test_two_rows_of_one_name_are_both_given(assistant: Assistant) -> None:
    answer = assistant.ask("What were total landings in 2019?")
    assert [note.kind for note in answer.notes] == ["conflict"]
    assert all(f"**${figure} thousand**" in answer.text for figure in (32, 59))


@pytest.mark.parametrize(
    ("earlier", "follow_up", "figure"),
    (
        ("What were basic earnings per share in 2019?", "And diluted?", "12.50"),
        ("What was the book value of the mortgage debt in 2019?", "And the fair value?", "4,073"),
    ),
)
def test_a_follow_up_is_not_answered_with_the_figure_before(
    assistant: Assistant, earlier: str, follow_up: str, figure: str
) -> None:
    given = assistant.ask(earlier).text
    answer = assistant.ask(follow_up, [{"role": "user", "content": earlier}, {"role": "assistant", "content": given}])
    assert figure in answer.text.partition("\n")[0]

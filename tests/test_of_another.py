"""No figure or date is given of another than is asked about; figures over several years are put together or refused."""

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Kelpmoor Lighthouses – annual report 2019

## Results

| $ thousand | 2019 | 2018 | 2017 |
|---|---|---|---|
| Lamp repairs | 610 | 540 | 500 |
| Oil used | 90 | 120 | 150 |
| Profit or loss for the period from continuing operations | 411 | 359 | 310 |
| Profit or loss for the period from discontinued operations | (526) | (22) | (31) |
| Profit or loss for the period | (115) | 337 | 279 |

Tower sales increased by 3.7% in 2019.

Certain details of the lamps first lit in the three fiscal years 2019, 2018 and 2017 are set out below.

## Keepers

The number of keepers in night roles is planned to fall by 204 from 2,067 in March 2010 to 1,863 in March 2015.

Over 1,400 visitors have used or are using the gallery.

## Evenings

Immediately after Roll Call a lantern talk is held, which lasts for 45 minutes.

## The foghorn network

The foghorn network was first demonstrated in 1973 to serve the outer islands.

In 1962 the governor decided to grant Ardnamona its own lights. Inishbeg had lost a bitter quarrel over lights in the
1950s, and it waited.

## Letter

Between 21 March 2017 and 24 March 2017 the inspectorate looked at how lamps are kept.
"""

REFUSED = (
    "By how much did the debts of the tower business rise in 2019?",
    "What was the total number of lamps first lit in 2018?",
    "How many visitors were subject to a safety ban in 2019?",
    "For how many minutes does Roll Call last?",
    "In what year was the foghorn network shut down?",
    "When did the governor grant lights to Inishbeg?",
    "By what date must the plan of action be sent to the inspectorate?",
    "By how many keepers did the lighthouses plan to shrink between March 2010 and March 2015?",
    "In how many of the years 2015 to 2019 were lamp repairs above $520 thousand?",
    "In how many of the last three years were lamp repairs above $520 thousand?",
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder = tmp_path_factory.mktemp("kelpmoor")
    (folder / "kelpmoor.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "kelpmoor.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize("question", REFUSED)
def test_what_is_another_s_is_not_given(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).text.startswith("The reports do not say")


@pytest.mark.parametrize(
    ("question", "given"),
    (
        ("What was the profit or loss for the period in 2019?", "115"),
        ("What was the profit or loss from discontinued operations for the period in 2019?", "526"),
        ("What was the average oil used over the three years 2017 to 2019?", "$120 thousand"),
        ("What was oil used in total over the years 2017 to 2019?", "$360 thousand"),
        ("In which of the years 2017 to 2019 were lamp repairs the lowest?", "**2017**"),
        ("In how many of the three years 2017 to 2019 were lamp repairs above $520 thousand?", "**2019, 2018**"),
        ("By how much did tower sales rise in 2019?", "3.7%"),
        ("How long does the lantern talk last?", "45 minutes"),
        ("When was the foghorn network first demonstrated?", "1973"),
        ("When did the governor grant lights to Ardnamona?", "1962"),
        ("By how many did the number of keepers in night roles fall between March 2010 and March 2015?", "204"),
    ),
)
def test_what_is_asked_is_given(assistant: Assistant, question: str, given: str) -> None:
    assert given in assistant.ask(question).text.partition("\n")[0]

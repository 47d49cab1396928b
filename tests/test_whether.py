"""A yes or no that figures say: whether something rose or fell, or is higher than elsewhere."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from index.records import Figure
from rag.assistant import Assistant
from rag.derivation import whether
from rag.draft import Derived, Operand, Piece, Place
from rag.verify import derivation_holds

REPORT = """# Ferry Board – annual report 2019

## Results

The board runs four ferries across the sound and publishes its accounts each year in thousands of pounds.

| £ thousand | 2017 | 2018 | 2019 |
|---|---|---|---|
| Ticket revenue | 4,120 | 4,380 | 4,275 |
| Freight revenue | 1,120 | 1,140 | 1,375 |

## Calls

The harbours are busy compared with England and Wales. Calls at night are rare compared with England and Wales.

| Calls per 1,000 passengers | Ferry Board | England and Wales |
|---|---|---|
| Harbour calls | 121 | 134 |
| Night calls | 12 | 30 |

## Passengers

| Measure | Period | Ferry Board | England and Wales |
|---|---|---|---|
| Passenger satisfaction with the overall service of the ferries | 12 months to March 2019 | 79% | 84% |
| Crew satisfaction with the pay | 12 months to March 2019 | 61% | 64% |

## Crews

Change in sailings 2017/18 – 2018/19

The harbour pilots of the sound trained for a week in March.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("whether")
    (folder / "ferry.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "ferry.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "lead", "arithmetic"),
    [
        ("Did ticket revenue rise between 2017 and 2018?", "Yes: rose by £260 thousand", "4,380 − 4,120 = 260"),
        ("Did ticket revenue rise between 2018 and 2019?", "No: fell by £105 thousand", "4,275 − 4,380 = −105"),
        ("Has ticket revenue fallen from 2018 to 2019?", "Yes: fell by £105 thousand", "4,275 − 4,380 = −105"),
        ("Did freight revenue change between 2017 and 2019?", "Yes: rose by £255 thousand", "1,375 − 1,120 = 255"),
        (
            "Are the board's harbour calls higher than the England and Wales average?",
            "No: lower by 13",
            "134 − 121 = 13",
        ),
    ],
)
def test_the_sign_of_what_is_worked_out_says_yes_or_no(
    assistant: Assistant, question: str, lead: str, arithmetic: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert answer.text.startswith(f"**{lead}")
    assert answer.figures[0].check == "derived" and answer.figures[0].arithmetic == arithmetic
    assert all(c.quote for c in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Did ticket revenue rise between 2010 and 2012?",  # no such years
        "Did the number of sailings rise between 2017/18 and 2018/19?",  # a heading in the question's words
        "Does the board share pilots with other ports?",  # only speaks of pilots
    ],
)
def test_what_neither_figures_nor_a_sentence_say_is_not_answered(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status == "not_in_reports"


@pytest.mark.parametrize(
    "question",
    [
        "Did ticket revenue rise?",
        "Did ticket revenue rise between 2019 and 2017?",
        "Did officers and staff fall between 2017 and 2019?",
        "By how much did ticket revenue rise between 2017 and 2018?",
    ],
)
def test_what_has_no_such_form_asks_for_no_sign(question: str) -> None:
    assert whether(question) is None


def test_a_yes_that_the_figures_deny_does_not_hold(assistant: Assistant) -> None:
    report = assistant.library.reports()[0]
    text = assistant.library.text(report.report_id)
    row = text.index("Ticket revenue")
    place = Place(report, row, text.index("\n", row), None, None, ())
    figures = [
        Figure(printed, start, start + len(printed), printed.replace(",", ""), "GBP", "thousand", period=year)
        for printed, year in (("4,380", "2018"), ("4,275", "2019"))
        for start in [text.index(printed, row)]
    ]
    derived = Derived(
        operation="change",
        operands=tuple(Operand(figure, place) for figure in figures),
        text="£105 thousand",
        value="-105",
        unit="GBP",
        scale="thousand",
        measure="ticket revenue",
        subject=None,
        period=None,
        arithmetic="4,275 − 4,380 = −105",
        whether=True,
        presumed="increase",
    )
    rest = f" (ticket revenue; {derived.arithmetic})"
    quotes = [text[place.start : place.end]]
    assert derivation_holds(Piece("No: fell by £105 thousand", rest, place, derived=derived), quotes)
    assert not derivation_holds(Piece("Yes: fell by £105 thousand", rest, place, derived=derived), quotes)
    assert not derivation_holds(Piece("Fell by £105 thousand", rest, place, derived=derived), quotes)

"""What nothing answers as it is put: other wordings, a report's own other name, and who is asked for by name."""

from pathlib import Path

import pytest

from index import Library
from rag import Assistant
from rag.otherwise import MOST, otherwise

REPORT = """# Inspection of Northmere Harbour Authority 2016

Published in July 2016

## Calls

For calls classed as 'slow' (also known as Class 2), the harbour aims to be there within 60 minutes. For calls classed
as 'urgent' (Class 1) it is 15 minutes.

Table 1: Calls reached within the time that is aimed at

| Calls | 2013/14 | 2014/15 |
|---|---|---|
| Percentage of urgent calls reached | 91.0 | 88.8 |
| Percentage of slow calls reached | 90.1 | 79.5 |

## Joint venture

A first outline has been drawn up for a three-port venture with Eastwick Harbour and Southcombe Harbour, which will be
put to the board of each port.

## Averages

Two companies pay for nothing but pilots. To keep the picture clear, Westlee Towage and Oxbow Lighterage have been
removed from the regional average for pilotage.

## Savings

The new way of mooring will bring no savings in the short term, since it was designed to make do with the crew that
there is.
"""


@pytest.fixture
def assistant(library: Library, tmp_path: Path) -> Assistant:
    """One report of a harbour."""
    path = tmp_path / "report.md"
    path.write_text(REPORT, encoding="utf-8")
    library.add([path])
    return Assistant(library)


def test_a_numbered_name_is_looked_up_by_its_other_name_which_is_cited(assistant: Assistant) -> None:
    answer = assistant.ask("Class 2 callouts attended, 2014/15 (%)")
    assert [figure.value for figure in answer.figures][:1] == ["79.5"]
    assert any("Class 2" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who are the other two ports in the three-port venture?", ("Eastwick", "Southcombe")),
        ("Which companies are left out of the regional average for pilotage?", ("Westlee", "Oxbow")),
    ],
)
def test_those_that_are_asked_for_are_named(assistant: Assistant, question: str, names: tuple[str, ...]) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert all(name in answer.text for name in names)


@pytest.mark.parametrize(
    "question",
    [
        "Who are the other three ports in the lighthouse venture?",
        "Which companies built the lighthouse of the outer mole?",
        "Class 3 callouts attended, 2014/15 (%)",
    ],
)
def test_nobody_else_is_named_instead(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status == "not_in_reports"


def test_other_wordings_say_the_same_with_one_or_all_words_changed() -> None:
    wordings = otherwise("Why were berths left out of the yearly survey?")
    assert "Why were berths excluded from the annual survey?" in wordings
    assert "Why were berths excluded from the yearly survey?" in wordings
    assert len(wordings) <= MOST and len(set(wordings)) == len(wordings)


def test_what_is_not_of_a_kind_is_said_to_be_outside_it() -> None:
    assert otherwise("Which non-harbour bodies pay?") == ("Which bodies outside the harbour pay?",)


def test_a_question_without_such_words_has_no_other_wording() -> None:
    assert otherwise("How deep is the berth?") == ()

"""Questions that ask several things: taken apart where they surely do, and each answered or said to be unanswered."""

from dataclasses import asdict

import pytest

from index import Library
from index.embed import Embedder
from rag import Assistant
from rag.export.told import status
from rag.parts import parts
from rag.web.turn import turn_answered

REPORT = """# Northmere Harbour Authority: annual inspection 2019

Published 3 May 2019

## Judgment

Overall, Northmere Harbour Authority is judged to be good at keeping its channels open.

## Crews

The authority employed 86 pilots in March 2018.

It plans to employ 91 pilots by March 2020.

The authority achieved a net reduction in dredgers between 2017 and 2018 of 7 dredgers, and owned 23 dredgers in 2018.

## Pilot boat

The pilot boat Heron is kept at Saltmouth quay, since the water there never freezes.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    home = tmp_path_factory.mktemp("parts")
    (home / "harbour.md").write_text(REPORT, encoding="utf-8")
    (home / "earlier.md").write_text(
        "# Northmere Harbour Authority: annual inspection 2018\n\nPublished 4 May 2018\n\n## Judgment\n\nOverall, "
        "Northmere Harbour Authority is judged to be inadequate at keeping its channels open.\n",
        encoding="utf-8",
    )
    library = Library.open(home / "library", embedder=embedder)
    assert len(library.add([home / "harbour.md", home / "earlier.md"]).added) == 2
    return Assistant(library)


@pytest.mark.parametrize(
    ("asked", "apart"),
    [
        (
            "How many pilots were there in March 2018 and how many are planned?",
            ["How many pilots were there in March 2018?", "How many pilots are planned?"],
        ),
        (
            "How many pilots and how many cranes were there in 2018?",
            ["How many pilots were there in 2018?", "How many cranes were there in 2018?"],
        ),
        ("Where is the pilot boat kept, and why?", None),  # the second is told from the first
        (
            "What is the pilot boat called? How many pilots are there?",
            ["What is the pilot boat called?", "How many pilots are there?"],
        ),
    ],
)
def test_what_asks_several_things_is_taken_apart(assistant: Assistant, asked: str, apart: list[str] | None) -> None:
    found = parts(asked, assistant.library.embed_texts, lambda _: ())
    assert len(found) == 2
    assert apart is None or list(found) == apart


@pytest.mark.parametrize(
    "asked",
    [
        "Who decides what is dredged and when?",
        "What does the report say on how the pilots work and why they do?",
        "What is the difference between the number of pilots and what was planned?",
        "Which quays and piers were closed in 2018?",
        "How did the number of pilots change between 2017 and 2018?",
        "What did the authority do and say and plan and what and what and what?",
        "Did the authority know how many pilots it needs and what they cost?",
        "How many pilots were there in 2018 and how many fewer than in 2010?",
        "How many pilots were there in 2010 and how much did this fall by 2015?",
        "How many calls were answered and how quickly?",
        "Which quays are open and which are closed?",
        "When was the report published and what did it find?",
        "How many pilots does Northmere employ and how many did Selwick employ in 2014?",
        "How many pilots were there in 2015 and 2016 and how many cranes were bought?",
    ],
)
def test_what_asks_one_thing_stays_whole(assistant: Assistant, asked: str) -> None:
    assert parts(asked, assistant.library.embed_texts, lambda _: ()) == (asked,)


def test_each_part_is_answered_with_its_own_evidence(assistant: Assistant) -> None:
    answer = assistant.ask("How many pilots were there in March 2018 and where is the pilot boat kept?")
    assert [figure.value for figure in answer.figures] == ["86"]
    assert "Saltmouth quay" in answer.text
    assert len(answer.citations) == 2
    assert answer.notes == ()


def test_a_part_that_the_reports_do_not_answer_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("How many pilots were there in March 2018 and how many zeppelins?")
    assert [figure.value for figure in answer.figures] == ["86"]
    (note,) = answer.notes
    assert note.kind == "coverage"
    assert "zeppelins" in note.text
    html = turn_answered(answer, 1)
    assert "Answered in part from 1 report" in html
    assert 'class="cw-status cw-in_part"' in html
    assert status(asdict(answer)) == "Answered in part"
    assert assistant.ask("How many zeppelins and how many otters were there in 2018?").status == "not_in_reports"


def test_judgments_of_two_years_are_both_given(assistant: Assistant) -> None:
    answer = assistant.ask("What was the overall judgment in 2018 and in 2019?")
    assert [(j.year, j.grade) for j in answer.judgments] == [(2019, "good"), (2018, "inadequate")]


def test_the_size_of_a_change_is_not_given_for_a_level(assistant: Assistant) -> None:
    answer = assistant.ask("How many dredgers were there in 2018?")
    assert [figure.value for figure in answer.figures] == ["23"]
    change = assistant.ask("By how many dredgers was the fleet reduced between 2017 and 2018?")
    assert [figure.value for figure in change.figures] == ["7"]

"""A question that several organisations' reports answer, each for itself, is asked back; the reply is understood."""

from pathlib import Path

import pytest

from index import Library
from rag import Assistant, Scope

FIRST, SECOND = "Northmere Harbour Authority", "Eastwick Harbour Authority"


@pytest.fixture
def assistant(library: Library, tmp_path: Path) -> Assistant:
    """Reports of two harbours on the same things."""
    for name, moorings, master, grade in ((FIRST, 412, "Ann Lee", "good"), (SECOND, 97, "Tom Roe", "inadequate")):
        path = tmp_path / f"{name.split()[0]}.md"
        path.write_text(
            f"# Inspection of {name} 2016\n\nPublished in July 2016\n\n## Moorings\n\nThe harbour has {moorings} "
            f"moorings in use.\n\n## People\n\nThe harbour master is {master}.\n\n"
            "A mooring means a place where one vessel can be made fast.\n\n"
            f"## Judgment\n\nOverall, {name} is judged to be {grade} at keeping its berths safe.\n\n"
            f"## Areas for improvement\n\n- {name} should count its lamps every year.\n"
            f"- {name} should paint the {moorings} moorings.\n",
            encoding="utf-8",
        )
        library.add([path])
    return Assistant(library)


@pytest.mark.parametrize(
    "question",
    [
        "How many moorings does the harbour have in use?",
        "Who is the harbour master?",
        "How was the harbour judged overall?",
        "What are the areas for improvement?",
    ],
)
def test_a_question_that_each_answers_for_itself_is_asked_back(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "needs_clarification"
    assert FIRST in answer.text and SECOND in answer.text
    assert answer.figures == answer.judgments == answer.citations == ()


def test_a_scope_of_both_does_not_say_which_is_meant(assistant: Assistant) -> None:
    answer = assistant.ask("Who is the harbour master?", scope=Scope(organisations=(FIRST, SECOND)))
    assert answer.status == "needs_clarification"


def test_a_report_that_names_no_organisation_is_one_more(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "nameless.md"
    path.write_text("# Moorings\n\nThe harbour has 33 moorings in use.\n\nThere are many more.\n", encoding="utf-8")
    assistant.library.add([path])
    answer = assistant.ask("How many moorings does the harbour have in use?")
    assert answer.status == "needs_clarification"
    assert FIRST in answer.text and SECOND in answer.text


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("How many moorings does the Northmere harbour have in use?", Scope()),
        ("How many moorings does the harbour have in use?", Scope(organisations=(FIRST,))),
    ],
)
def test_a_question_that_names_one_is_answered(assistant: Assistant, question: str, scope: Scope) -> None:
    answer = assistant.ask(question, scope=scope)
    assert (answer.status, [figure.value for figure in answer.figures]) == ("answered", ["412"])


def test_what_is_the_same_for_all_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What does a mooring mean?")
    assert answer.status == "answered" and "made fast" in answer.text


@pytest.mark.parametrize(
    "reply", ["Eastwick Harbour Authority", "eastwick harbour authority please", "I mean Eastwick Harbour Authority"]
)
def test_a_name_in_reply_completes_the_question(assistant: Assistant, reply: str) -> None:
    question = "Who is the harbour master?"
    back = assistant.ask(question)
    assert back.status == "needs_clarification"
    history = ({"role": "user", "content": question}, {"role": "assistant", "content": back.text})
    answer = assistant.ask(reply, history=history)
    assert answer.standalone_question == "Who is the harbour master – Eastwick Harbour Authority?"
    assert "Tom Roe" in answer.text and "97" not in answer.text


def test_a_question_that_names_an_organisation_is_no_reply(assistant: Assistant) -> None:
    history = ({"role": "user", "content": "Who is the harbour master?"},)
    question = "How many moorings does Eastwick Harbour Authority have in use?"
    assert assistant.ask(question, history=history).standalone_question == question


YEARS = """# Inspection of Northmere Harbour Authority 2016

Published in July 2016

## Savings

The savings requirement of the harbour for 2013/14 was £6.5m. The savings requirement of the harbour for 2014/15 is
£10.4m. The savings requirement of the harbour for 2015/16 will be £7.9m.
"""


@pytest.fixture
def over_years(library: Library, tmp_path: Path) -> Assistant:
    """A report that gives one amount for three years."""
    path = tmp_path / "years.md"
    path.write_text(YEARS, encoding="utf-8")
    library.add([path])
    return Assistant(library)


def test_an_amount_of_several_years_is_asked_back(over_years: Assistant) -> None:
    answer = over_years.ask("What is the savings requirement of the harbour?")
    assert answer.status == "needs_clarification"
    assert all(year in answer.text for year in ("2013/14", "2014/15", "2015/16"))
    assert answer.figures == answer.citations == ()


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("What is the savings requirement of the harbour for 2014/15?", "10.4"),
        ("What was the savings requirement of the harbour in 2013/14?", "6.5"),
    ],
)
def test_an_amount_of_a_year_that_is_named_is_given(over_years: Assistant, question: str, value: str) -> None:
    answer = over_years.ask(question)
    assert (answer.status, [figure.value for figure in answer.figures]) == ("answered", [value])


@pytest.mark.parametrize(
    "question",
    [
        "What is the harbour's savings requirement?",
        "What is the harbour's savings requirement and how many pilots does the harbour employ?",
    ],
)
def test_an_amount_given_for_several_years_is_asked_back(library: Library, tmp_path: Path, question: str) -> None:
    path = tmp_path / "savings.md"
    told = (("4.1", "2016/17"), ("3.2", "2017/18"), ("2.9", "2018/19"))
    said = "\n\n".join(f"The harbour's savings requirement was £{amount} million in {year}." for amount, year in told)
    path.write_text(f"# {FIRST}: savings 2019\n\n{said}\n\nThe harbour employs 86 pilots.\n", encoding="utf-8")
    library.add([path])
    answer = Assistant(library).ask(question)
    assert answer.status == "needs_clarification"
    assert all(year in answer.text for _, year in told)
    asked = Assistant(library).ask(question.replace("requirement", "requirement in 2017/18", 1))
    assert asked.figures[0].text == "£3.2 million"

"""A question that takes a grade for granted is put right by the record, and only where the record knows better."""

from pathlib import Path

import pytest

from index import Library
from rag import Assistant

REPORT = """# Inspection of Northmere Harbour Authority 2016

Published in July 2016

## Overall judgment

Overall, Northmere Harbour Authority is judged to be good at keeping its berths safe.

The authority was judged so because every berth was dredged before the winter.
"""


@pytest.fixture
def assistant(library: Library, tmp_path: Path) -> Assistant:
    """One report with one judgment."""
    path = tmp_path / "harbour.md"
    path.write_text(REPORT, encoding="utf-8")
    library.add([path])
    return Assistant(library)


def test_a_grade_that_was_not_given_is_put_right(assistant: Assistant) -> None:
    answer = assistant.ask("Why was Northmere Harbour Authority judged inadequate in 2016?")
    assert [judgment.grade for judgment in answer.judgments] == ["good"]
    (note,) = answer.notes
    assert (note.kind, note.citations) == ("false_premise", (1,)) and "inadequate" in note.text


@pytest.mark.parametrize(
    "question",
    [
        "Why was Northmere Harbour Authority judged good in 2016?",  # it was
        "Why was Northmere Harbour Authority judged inadequate in 2012?",  # nothing is known of that year
        "Why were the berths dredged?",
        "Why was Northmere Harbour Authority not judged outstanding in 2016?",
        "Why was Northmere Harbour Authority judged inadequate at lighting its berths in 2016?",
        "Why was Northmere Harbour Authority judged inadequate before the 2016 inspection?",
        "Why would Northmere Harbour Authority be judged inadequate?",
        "Why was the pilot station judged inadequate?",
    ],
)
def test_nothing_is_put_right_where_the_record_does_not_know_better(assistant: Assistant, question: str) -> None:
    assert not [note for note in assistant.ask(question).notes if note.kind == "false_premise"]


def test_nothing_is_put_right_where_a_sentence_has_the_grade(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "harbour.md"
    path.write_text(
        f"{REPORT}\nAt its first visit the inspectorate had thought the lamps inadequate.\n", encoding="utf-8"
    )
    library.add([path])
    answer = Assistant(library).ask("Why was Northmere Harbour Authority judged inadequate in 2016?")
    assert not [note for note in answer.notes if note.kind == "false_premise"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The position is made worse by the inadequate use of its lamps.",
        "It has not assessed what the pilots did for the coast or shared any good practice.",
    ],
)
def test_a_mere_adjective_is_no_grade(library: Library, tmp_path: Path, sentence: str) -> None:
    path = tmp_path / "harbour.md"
    path.write_text(f"{REPORT}\n{sentence}\n".replace("to be good at", "to be outstanding at"), encoding="utf-8")
    library.add([path])
    supposed = "good" if "good" in sentence else "inadequate"
    answer = Assistant(library).ask(f"Why was Northmere Harbour Authority judged {supposed} in 2016?")
    assert [judgment.grade for judgment in answer.judgments] == ["outstanding"]


def test_a_grade_of_another_aspect_does_not_keep_the_premise(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "harbour.md"
    path.write_text(f"{REPORT}\nThe inspectors had thought the lamps inadequate.\n", encoding="utf-8")
    library.add([path])
    assistant = Assistant(library)
    kept = assistant.ask("Why was Northmere Harbour Authority judged inadequate at keeping its lamps in 2016?")
    assert not kept.judgments
    put_right = assistant.ask("Why was Northmere Harbour Authority judged inadequate at keeping berths safe in 2016?")
    assert [judgment.grade for judgment in put_right.judgments] == ["good"]

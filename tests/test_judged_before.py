"""The grade that was held before it changed to one that a question names."""

from pathlib import Path

import pytest

from index import Library
from rag import Assistant

GRADES = {2015: "good", 2016: "good", 2017: "requires improvement", 2019: "inadequate"}


@pytest.fixture
def assistant(library: Library, tmp_path: Path) -> Assistant:
    """A report a year with its overall judgment, none of 2018."""
    for year, grade in GRADES.items():
        (tmp_path / f"harbour{year}.md").write_text(
            f"# Inspection of Northmere Harbour Authority {year}\n\nPublished in July {year}\n\n## Overall judgment\n\n"
            f"Overall, Northmere Harbour Authority is judged to be {grade} at keeping its berths safe.\n",
            encoding="utf-8",
        )
    assert not library.add([tmp_path]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    "question",
    [
        "What had the authority been graded overall the year before it fell to requires improvement?",
        "How was Northmere Harbour Authority judged before it dropped to requires improvement?",
    ],
)
def test_the_grade_before_a_change_is_told_with_the_change(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert [(j.grade, j.year) for j in answer.judgments] == [("good", 2016), ("requires improvement", 2017)]


@pytest.mark.parametrize(
    "question",
    [
        "What had the authority been graded overall the year before it fell to inadequate?",  # nothing is of 2018
        "What had the authority been graded overall the year before it rose to outstanding?",  # it never did
    ],
)
def test_no_other_grade_is_told_instead(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status == "not_in_reports"


@pytest.mark.parametrize(
    "question",
    [
        "Did the overall judgment of Northmere Harbour Authority get better or worse between 2016 and 2017?",
        "Has the overall judgment of the harbour authority improved or got worse between 2016 and 2017?",
    ],
)
def test_whether_a_grade_got_better_is_told_by_the_grades_of_both_years(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert [(j.grade, j.year) for j in answer.judgments] == [("good", 2016), ("requires improvement", 2017)]

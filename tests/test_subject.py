"""A report's title is evidence for what the report is on, and for nothing else."""

from pathlib import Path

import pytest

from index import Library
from index.embed import Embedder
from rag import Assistant

LETTER = """Harbour Inspectorate

14 May 2019

Jo Marsh, Director, Northmere Harbour Board

Dear board members

Joint inspection of the multi-agency response to oil spills in Northmere

Between 1 and 5 April 2019 inspectors visited the harbour board and its partners. This letter says what they found.

The harbour board trains its crews twice a year. All 14 boats carry booms and pumps, and the crews know how to use them.
"""
TITLE = "Joint inspection of the multi-agency response to oil spills in Northmere"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    home = tmp_path_factory.mktemp("titles")
    (home / "letter.txt").write_text(LETTER, encoding="utf-8")
    library = Library.open(home / "library", embedder=embedder)
    library.add([home / "letter.txt"])
    return Assistant(library)


@pytest.mark.parametrize("asked", ["What was the theme of the 2019 inspection?", "What is the subject of the letter?"])
def test_what_a_report_is_on_is_answered_with_its_title(asked: str, assistant: Assistant) -> None:
    answer = assistant.ask(asked)
    assert answer.status == "answered"
    assert answer.citations[0].quote == TITLE


@pytest.mark.parametrize(
    "asked",
    [
        "How many boats carry booms?",
        "Who called about oil spills in Northmere?",
        "Which theme of the inspection did crews rate lowest?",
        "What was the inspection boat called?",
        "oil spills",
    ],
)
def test_no_other_question_is_answered_with_the_title(asked: str, assistant: Assistant) -> None:
    answer = assistant.ask(asked)
    assert answer.status != "answered" or all(citation.quote != TITLE for citation in answer.citations)


def test_the_title_of_the_report_that_is_named_is_given(tmp_path: Path, embedder: Embedder) -> None:
    for place in ("Northmere", "Selwick"):
        (tmp_path / f"{place}.txt").write_text(LETTER.replace("Northmere", place), encoding="utf-8")
    (tmp_path / "Selwick.txt").write_text(
        LETTER.replace("Northmere", "Selwick").replace("oil spills", "flooding"), encoding="utf-8"
    )
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "Northmere.txt", tmp_path / "Selwick.txt"])
        answer = Assistant(library).ask("What was the theme of the 2019 inspection of Selwick Harbour Board?")
    assert answer.citations[0].quote == "Joint inspection of the multi-agency response to flooding in Selwick"


def test_a_title_that_says_no_more_than_the_question_answers_nothing(tmp_path: Path, embedder: Embedder) -> None:
    bare = LETTER.replace(
        "Joint inspection of the multi-agency response to oil spills in Northmere", "Joint inspection of Northmere"
    )
    (tmp_path / "letter.txt").write_text(bare, encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "letter.txt"])
        answer = Assistant(library).ask("What was the theme of the joint inspection of Northmere Harbour Board?")
        assert all(citation.quote != "Joint inspection of Northmere" for citation in answer.citations)
        named = Assistant(library).ask("What is the title of the letter?")
        assert named.citations[0].quote == "Joint inspection of Northmere"


@pytest.mark.parametrize("asked", ["When was the letter published?", "What is the date of the 2019 letter?"])
def test_when_a_report_came_out_is_answered_with_the_line_that_dates_it(asked: str, assistant: Assistant) -> None:
    assert [citation.quote for citation in assistant.ask(asked).citations] == ["14 May 2019"]


def test_a_report_that_shows_no_date_is_not_dated_by_what_it_says_of_others(tmp_path: Path, embedder: Embedder) -> None:
    text = "# Oil spills in Selwick\n\nThe report on booms will be published in May 2031. All boats carry pumps.\n"
    (tmp_path / "undated.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "undated.md"])
        assert Assistant(library).ask("When was the report published?").status == "not_in_reports"


def test_the_date_of_another_document_is_not_that_of_the_report(tmp_path: Path, embedder: Embedder) -> None:
    text = "# Roads of Selwick\n\nPublished 3 March 2016\n\nThe survey of drivers was published in May 2014.\n"
    (tmp_path / "roads.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "roads.md"])
        assert "March 2016" not in Assistant(library).ask("When was the survey of drivers published?").text
        assert "3 March 2016" in Assistant(library).ask("When was the report published?").text

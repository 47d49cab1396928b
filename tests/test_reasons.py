"""Why something was judged as it was is answered with the grade and what its report says right after it."""

from pathlib import Path

import pytest

from index import Library
from index.embed import Embedder
from rag import Assistant

REPORT = """# Inspection of Northmere Harbour Authority {year}

Published in July {year}

## Overall judgment

Overall, Northmere Harbour Authority is judged to be {overall} at keeping its berths safe. Every berth was walked in \
May. The lamps were tested twice, and all but one of them lit the whole quay. Crews know their drills. The last of \
these sentences is one too many.

## How well does the authority plan its dredging?

{dredging}

The authority has no plan for the eastern channel. It dredges where a ship has run aground.

## Berths

What is a berth?
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    home = tmp_path_factory.mktemp("reasons")
    grades = {2016: ("good", "Requires improvement"), 2018: ("inadequate", "Requires improvement")}
    for year, (overall, dredging) in grades.items():
        text = REPORT.format(year=year, overall=overall, dredging=dredging)
        (home / f"{year}.md").write_text(text, encoding="utf-8")
    library = Library.open(home / "library", embedder=embedder)
    assert len(library.add([home / "2016.md", home / "2018.md"]).added) == 2
    return Assistant(library)


def test_the_sentences_after_a_grade_are_given_as_they_stand(assistant: Assistant) -> None:
    answer = assistant.ask("Why was Northmere Harbour Authority judged good in 2016?")
    assert [(j.grade, j.year) for j in answer.judgments] == [("good", 2016)]
    grade, reason = answer.citations
    assert "judged to be good" in grade.quote
    assert reason.quote.startswith("Every berth was walked in May.")
    assert reason.quote.endswith("Crews know their drills.")
    assert answer.notes == ()


def test_a_grade_under_its_heading_is_explained_by_the_paragraph_under_it(assistant: Assistant) -> None:
    answer = assistant.ask("Why does the planning of dredging require improvement in 2018?")
    assert [(j.grade, j.year) for j in answer.judgments] == [("requires improvement", 2018)]
    assert answer.citations[1].quote.startswith("The authority has no plan for the eastern channel.")


def test_that_a_later_report_judges_otherwise_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("Why is Northmere Harbour Authority judged to be good?")
    assert [(j.grade, j.year) for j in answer.judgments] == [("good", 2016), ("inadequate", 2018)]
    (note,) = answer.notes
    assert (note.kind, "2018" in note.text) == ("conflict", True)
    assert [c.year for c in answer.citations if c.n in note.citations] == [2018]


@pytest.mark.parametrize(
    "asked",
    [
        "Why was Northmere Harbour Authority not judged good in 2016?",
        "Why would Northmere Harbour Authority be judged good in 2016?",
        "Why was the lighting of Northmere Harbour Authority judged good in 2016?",
    ],
)
def test_what_was_not_judged_so_is_not_explained(assistant: Assistant, asked: str) -> None:
    answer = assistant.ask(asked)
    assert not [c for c in answer.citations if c.quote.startswith("Every berth was walked") and answer.judgments]


def test_what_another_section_says_is_no_reason(tmp_path: Path, embedder: Embedder) -> None:
    text = (
        "# Inspection of Selwick Council 2016\n\n## How well does the council handle waste?\n\n"
        "Overall judgment: Good\n\n"
        "## How well does the council run its housing?\n\nRepairs are late and tenants complain. The backlog grows.\n"
    )
    (tmp_path / "council.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "council.md"])
        answer = Assistant(library).ask("Why was Selwick Council judged good?")
        assert "Repairs" not in answer.text

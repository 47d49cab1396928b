"""Lists under a heading of their own are given whole, in order, from the right section and year."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Northmere Fire Service: efficiency inspection {year}

Published 12 March {year}

This is an inspection of Northmere Fire Service.

## How well does the service use its stations?

The service uses its stations well.

### Areas for improvement

- The service should review where its stations stand in {year}.
- The service should say when each station was last repaired.
- The service should share its stations with the ambulance trust.

## How well does the service train its crews?

Training is up to date.

### Areas for improvement: training

The service should train every crew for floods.

The service should record who was trained.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("lists")
    for year in (2015, 2016):
        (folder / f"{year}.md").write_text(REPORT.format(year=year), encoding="utf-8")
    with Library.open(folder / "library", embedder=embedder) as library:
        assert not library.add(sorted(folder.glob("*.md"))).refused
        yield Assistant(library)


def test_a_list_under_its_heading_is_complete_and_in_order(assistant: Assistant) -> None:
    answer = assistant.ask("What areas for improvement did the 2015 inspection find for stations?")
    quotes = [c.quote for c in answer.citations]
    assert [q.split(" should ")[1].split()[0] for q in quotes] == ["review", "say", "share"]
    assert "in 2015" in quotes[0]
    assert {c.year for c in answer.citations} == {2015}


def test_paragraphs_under_such_a_heading_are_its_items(assistant: Assistant) -> None:
    answer = assistant.ask("List the areas for improvement on training, 2016.")
    assert len(answer.citations) == 2
    assert all("train" in c.quote for c in answer.citations)


def test_all_lists_of_a_year_are_given_where_nothing_narrows_the_question(assistant: Assistant) -> None:
    answer = assistant.ask("What are the areas for improvement in the 2016 report?")
    assert len(answer.citations) == 5


def test_a_heading_about_something_else_gives_no_list(assistant: Assistant) -> None:
    answer = assistant.ask("What areas for improvement were found for helicopters in 2016?")
    assert not any("stations" in c.quote and answer.status == "answered" for c in answer.citations)

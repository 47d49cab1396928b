"""What a table lists under a heading, and what is no answer in words."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Harbour Board – annual report 2019

Published 12 March 2020

## Results

| £ thousand | 2019 | 2018 |
|---|---|---|
| Running costs | | |
| Fuel | 120 | 110 |
| Crew wages | 340 | 330 |
| Berth repairs | 55 | 60 |
| Total running costs | 515 | 500 |
| Grants received | 40 | 30 |
| Building costs | | |
| New mole | 900 | 0 |

## Why running costs rose

Running costs rose since fuel and wages became dearer.

## Night sailings

The following table is about night sailings of the southern ferry:

## Dredging

The harbour board spent £7.1 million on dredging. Spending on paint was reduced by £0.3 million.

## Aims

The board has three aims for its quays: safer quays, cleaner water and lower dues:

## Sounding of the channel

More than half of the pilots were content with the sounding of the channel.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("harbour")
    (folder / "harbour.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "harbour.md"]).refused
    return Assistant(library)


def test_the_rows_of_a_group_are_its_components(assistant: Assistant) -> None:
    answer = assistant.ask("What are the components of running costs?")
    assert answer.text.startswith("**Fuel; Crew wages; Berth repairs** (Running costs)")
    (citation,) = answer.citations
    assert citation.quote.endswith("55 | 60") and "New mole" not in citation.quote


def test_a_group_that_is_not_there_has_no_components(assistant: Assistant) -> None:
    assert "Fuel" not in assistant.ask("What are the components of painting costs?").text


def test_a_reason_is_not_given_by_a_heading_or_an_announcement(assistant: Assistant) -> None:
    assert assistant.ask("Why did running costs rise?").text.startswith("Running costs rose since fuel")
    answer = assistant.ask("What is said about night sailings of the southern ferry?")
    assert answer.status == "not_in_reports"


def test_a_share_may_be_told_in_words(assistant: Assistant) -> None:
    answer = assistant.ask("What share of the pilots were content with the sounding of the channel?")
    assert answer.status == "answered" and "More than half of the pilots" in answer.text


def test_an_amount_is_not_answered_with_names(assistant: Assistant) -> None:
    assert "Fuel; Crew wages" not in assistant.ask("How much were the items of running costs in 2019?").text


def test_another_statements_change_is_not_given(assistant: Assistant) -> None:
    answer = assistant.ask("By how much did the harbour board overspend on dredging?")
    assert "0.3 million" not in answer.text


def test_a_sentence_that_lists_and_ends_in_a_colon_tells(assistant: Assistant) -> None:
    answer = assistant.ask("What are the three aims of the board for its quays?")
    assert "cleaner water" in answer.text


def test_two_organisations_with_the_same_group_are_asked_between(tmp_path: Path, embedder: Embedder) -> None:
    for name in ("Harbour Board", "Ferry Company"):
        text = REPORT.replace("# Harbour Board", f"# {name}").replace("Fuel", f"Fuel of the {name}")
        (tmp_path / f"{name[:5]}.md").write_text(text, encoding="utf-8")
    library = Library.open(tmp_path / "library", embedder=embedder)
    library.add([tmp_path / "Harbo.md", tmp_path / "Ferry.md"])
    assert Assistant(library).ask("What are the components of running costs?").status == "needs_clarification"

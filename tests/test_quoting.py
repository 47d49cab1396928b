"""A table row far below its headings is proved by two quotations: the row, and the headings that say what it holds."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

GOODS = "timber slate granite coal wool barley oats cheese herring salmon cider copper tin lead glass bricks"
ROWS = [
    f"| Landings of {good} at the northern and southern quays | {700 + n} | {500 + n} |"
    for n, good in enumerate(GOODS.split())
]
REPORT = """# Harbour Board – annual report 2019

Published 12 March 2020

## Landings

Landings are counted at both quays by the harbour staff on every day of the year.

| Tonnes | December 31, 2019 | December 31, 2018 |
|---|---|---|
{rows}

## Pearls

| Tonnes | December 31, 2019 | December 31, 2018 |
|---|---|---|
{more}
| | Budget 2021 | Budget 2020 |
| Pearls | 870 | 850 |

## Grants paid

| £ thousand | 2019 | 2018 |
|---|---|---|
| Grants | 75 | 61 |

## Reasons

A new count is due in 2021. It replaces the plan of 2016.

More bricks came in since a new mole was built.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("harbour")
    (folder / "harbour.md").write_text(REPORT.format(rows="\n".join(ROWS), more="\n".join(ROWS)), encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "harbour.md"]).refused
    return Assistant(library)


def test_the_headings_of_a_long_table_are_quoted_with_a_row(assistant: Assistant) -> None:
    answer = assistant.ask("What were the landings of bricks in 2018?")
    assert answer.text.startswith("**515")
    row, headings = answer.citations
    assert "bricks" in row.quote and "December 31" not in row.quote
    assert headings.quote.endswith("December 31, 2018") and headings.end < row.start
    for citation in answer.citations:
        assert assistant.library.text(citation.report_id)[citation.start : citation.end] == citation.quote
    assert answer.text.splitlines()[0].endswith("[1][2]")
    assert answer.text.index("December 31, 2019") < answer.text.index("> Landings of bricks")
    assert [(f.value, f.citation, f.check) for f in answer.figures] == [("515", 1, "in_quote")]


def test_a_row_near_its_headings_needs_one_quotation(assistant: Assistant) -> None:
    answer = assistant.ask("What were the landings of timber in 2018?")
    assert answer.text.startswith("**500")
    assert len(answer.citations) == 1 and "December 31, 2018" in answer.citations[0].quote


def test_headings_are_not_quoted_over_others(assistant: Assistant) -> None:
    for year in (2018, 2019, 2020):
        answer = assistant.ask(f"What were the landings of pearls in {year}?")
        assert "December 31" not in answer.text.partition(">")[0]


@pytest.mark.parametrize("what", ["landings of timber", "grants"])
@pytest.mark.parametrize("year", [2016, 2021])
def test_a_row_of_other_years_does_not_answer(assistant: Assistant, what: str, year: int) -> None:
    assert assistant.ask(f"What were the {what} in {year}?").status == "not_in_reports"

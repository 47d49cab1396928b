"""Of two versions of one report the later one answers; who asks the earlier one is told that there is a later one."""

from pathlib import Path

import pytest

from index import Library
from rag import Assistant, Scope

TEXT = """# Inspection of Northmere Harbour Authority 2016

{version}

Published in July 2016

## Moorings

The inspectors walked every quay of the harbour in the second week of May, before the dredger had left for the winter.

The harbour has {moorings} moorings in use.

## Lighting

Every lamp on the outer mole was lit on each of the nights that the inspectors went to see, and none had been painted.

The authority keeps a register of its lamps, in which the date of each repair is entered by the hand that made it.
"""
QUESTION = "How many moorings does the harbour have in use?"


@pytest.fixture
def library_of_two(library: Library, tmp_path: Path) -> Library:
    """A report as published and as corrected."""
    for name, version, moorings in (("first.md", "Report", 412), ("second.md", "Corrected version", 398)):
        path = tmp_path / name
        path.write_text(TEXT.format(version=version, moorings=moorings), encoding="utf-8")
        library.add([path])
    return library


def test_the_corrected_report_answers(library_of_two: Library) -> None:
    answer = Assistant(library_of_two).ask(QUESTION)
    assert [figure.value for figure in answer.figures] == ["398"]
    assert [Path(citation.file).name for citation in answer.citations] == ["second.md"]
    assert not answer.notes
    assert [left.reason for left in answer.scope.left_out] == ["superseded by a later version"]


def test_who_asks_the_earlier_one_is_told_of_the_later_one(library_of_two: Library) -> None:
    earlier = next(r for r in library_of_two.reports() if r.superseded_by is not None)
    answer = Assistant(library_of_two).ask(QUESTION, scope=Scope(reports=(earlier.report_id,)))
    assert [figure.value for figure in answer.figures] == ["412"]
    (note,) = answer.notes
    assert (note.kind, note.citations) == ("superseded", (1,)) and "second.md" in note.text

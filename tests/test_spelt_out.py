"""An abbreviation of a follow-up is understood as the reports write it out."""

from pathlib import Path

import pytest

from index import Library
from rag import Assistant
from rag.spelt_out import spelt_out

REPORT = """# Northmere Police – annual report 2016

The force has employed police officers and police community support officers (PCSOs) since 1998.

As at 31 March 2016, police officers make up 56 percent of the workforce of Northmere Police. The proportion of PCSOs in
Northmere Police was 6 percent.

The Board of Trade (board) is not consulted, nor is the Number of Boats (NXB).
"""


@pytest.fixture
def reports(library: Library, tmp_path: Path) -> Library:
    (tmp_path / "force.md").write_text(REPORT, encoding="utf-8")
    assert not library.add([tmp_path / "force.md"]).refused
    return library


def test_what_an_abbreviation_stands_for_is_taken_from_a_report(reports: Library) -> None:
    assert spelt_out(reports, "PCSOs") == "police community support officers"
    assert [spelt_out(reports, text) for text in ("NXB", "XYZ", "police staff")] == ["NXB", "XYZ", "police staff"]


def test_an_abbreviation_takes_the_place_of_what_it_is_most_like(reports: Library) -> None:
    asked = "What share of Northmere's workforce were police officers at 31 March 2016?"
    answer = Assistant(reports).ask("What about PCSOs?", [{"role": "user", "content": asked}])
    assert [figure.text for figure in answer.figures] == ["6 percent"]

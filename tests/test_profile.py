"""A report's profile: each entry stands where its citation says."""

import io
from pathlib import Path

import httpx
import openpyxl
import pytest

from index import Library
from index.errors import UnknownReport
from rag.profile import profile_sheets, report_profile
from tests.conftest import Site

TEXT = """# Oxbow Council: inspection of services

Published 12 March 2016

This is an inspection of Oxbow Council.

## How well does the council use its resources?

In 2016 Oxbow Council was judged inadequate at how well it uses its resources.

| Spending, £ million | 2015 | 2016 |
|---|---|---|
| Depots | 34.5 | 36.1 |
| Lorries | 1.2 | 1.3 |

It took four years, and 5 of them were lean.

## Areas for improvement

- The council should mend the gates of its depots.
- The council should count its lorries.

## Next

The council should read this.
"""


@pytest.fixture
def oxbow(library: Library, tmp_path: Path) -> tuple[Library, str]:
    path = tmp_path / "oxbow.md"
    path.write_text(TEXT, encoding="utf-8")
    return library, library.add([path]).added[0].report_id


def test_a_profile_has_judgments_figures_and_areas_for_improvement_each_cited(oxbow: tuple[Library, str]) -> None:
    library, report_id = oxbow
    profile = report_profile(library, report_id)
    assert [(judgment.grade, judgment.year) for judgment in profile.judgments] == [("inadequate", 2016)]
    assert [(figure.value, figure.scale, figure.unit) for figure in profile.figures] == [
        (value, "million", "GBP") for value in ("34.5", "36.1", "1.2", "1.3")
    ]
    assert [item.text for item in profile.improvements] == [
        "The council should mend the gates of its depots.",
        "The council should count its lorries.",
    ]
    quotes = {citation.n: citation.quote for citation in profile.citations}
    text = library.text(report_id)
    assert all(text[citation.start : citation.end] == citation.quote for citation in profile.citations)
    assert all(judgment.grade in quotes[judgment.citation] for judgment in profile.judgments)
    assert all(figure.text in quotes[figure.citation] for figure in profile.figures)
    assert all(item.text == quotes[item.citation] for item in profile.improvements)
    assert {entry.check for entry in (*profile.judgments, *profile.figures)} == {"in_quote"}


def test_a_number_that_is_written_out_or_measures_nothing_is_no_key_figure(oxbow: tuple[Library, str]) -> None:
    library, report_id = oxbow
    assert not {figure.text for figure in report_profile(library, report_id).figures} & {"four", "5"}


def test_a_profile_has_a_table_for_each_kind(oxbow: tuple[Library, str]) -> None:
    sheets = profile_sheets(report_profile(*oxbow))
    assert list(sheets) == ["Report", "Judgments", "Figures", "Improvements", "Citations"]
    assert ("title", "Oxbow Council: inspection of services") in sheets["Report"]


def test_an_unknown_report_has_none(library: Library) -> None:
    with pytest.raises(UnknownReport):
        report_profile(library, "0000000000000000")


def test_profiles_over_http(site: Site) -> None:
    report_id = next(r.report_id for r in site.library.reports() if r.file == "northmere-2016.md")
    with httpx.Client(base_url=f"{site.address}/api/v1/reports", timeout=60) as api:
        profile = api.get(f"/{report_id}/profile").json()
        assert profile["judgments"][0]["grade"] == "inadequate"
        assert profile["report"]["report_id"] == report_id
        book = openpyxl.load_workbook(io.BytesIO(api.get(f"/{report_id}/profile/export?format=xlsx").content))
        assert book["Judgments"]["A2"].value == "inadequate"
        assert "inadequate" in api.get(f"/{report_id}/profile/export").text
        assert api.get("/0000000000000000/profile").status_code == 404

"""`citewell reports` is read in terminals of any width."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from index.records import ReportInfo
from rag.terminal import print_reports

BUDGET = ReportInfo(
    report_id="a86ea174b35de1f5",
    file="mill-2018-budget.pdf",
    title="Aldbeck Mill: its budget",
    organisation="Aldbeck Mill",
    publisher=None,
    year=2018,
    kind=None,
    pages=1204,
    characters=90_000,
    passages=71,
    figures=16_905,
    judgments=53,
    twin_of="a86ea174b35de1f5",
    sha256="",
    media_type="",
    tables=33,
)
SAFETY = replace(
    BUDGET,
    report_id="6386f52b4c53f645",
    file="an-inspection-of-the-safety-of-three-mills-with-a-long-name.md",
    title="An inspection of how well three mills in the valley keep their weavers safe",
    organisation=None,
    year=None,
    pages=None,
)
ORDINARY = [80, 100, 120, 160, 220]


def shown(reports: list[ReportInfo], width: int) -> tuple[list[str], str]:
    """The lines of the table below its rule, and what is said under it."""
    file = StringIO()
    print_reports(reports, Console(file=file, width=width, markup=False, highlight=False, emoji=False))
    lines = file.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    rule = next(number for number, line in enumerate(lines) if line.strip("─") == "" and line)
    note = next((number for number, line in enumerate(lines) if line.startswith("No room for")), len(lines))
    return [" ".join(lines[:rule]), *lines[rule + 1 : note]], " ".join(lines[note:])


@pytest.mark.parametrize("width", ORDINARY)
def test_a_report_with_a_short_title_takes_one_line(width: int) -> None:
    (_, line), _ = shown([BUDGET], width)
    assert line.startswith("a86ea174b35de1f5  Aldbeck Mill: its budget")
    assert "2018   1204" in line


@pytest.mark.parametrize("width", [30, 40, 60, *ORDINARY])
def test_only_a_title_is_folded(width: int) -> None:
    (heading, *lines), _ = shown([BUDGET, SAFETY], width)
    first, second = (next(n for n, line in enumerate(lines) if line.startswith(r.report_id)) for r in (BUDGET, SAFETY))
    after = "Organisation" if "Organisation" in heading else "Year"
    title = slice(heading.index("Title"), heading.index(after))
    for number, line in enumerate(lines):
        if number not in (first, second):
            assert line.strip() == line[title].strip()
    letters = "".join(line[title] for line in lines[second:]).replace(" ", "")
    assert letters == SAFETY.title.replace(" ", "")


@pytest.mark.parametrize("width", ORDINARY)
def test_what_there_is_no_room_for_is_named(width: int) -> None:
    (heading, line), note = shown([replace(BUDGET, pages_not_read=tuple(range(1, 889)))], width)
    cells = {
        "Organisation": "Aldbeck Mill  2018",
        "Pages": "1204",
        "Passages": "71",
        "Tables": "33",
        "Figures": "16905",
        "Judgments": "53",
        "Not read": "888",
        "File": "mill-2018-budget.pdf",
    }
    for name, cell in cells.items():
        assert (name in heading) is (cell in line) is (name not in note)


def test_counts_come_before_names() -> None:
    assert shown([BUDGET, SAFETY], 120)[1].startswith("No room for: Organisation, File.")
    assert shown([BUDGET, SAFETY], 220)[1] == ""


def test_pages_that_were_not_read_are_shown_in_any_terminal() -> None:
    assert "Not read" not in shown([SAFETY], 80)[0][0]
    heading, first, *_ = shown([replace(SAFETY, pages=12, pages_not_read=(3, 4))], 80)[0]
    assert "Not read" in heading
    assert first.split()[-1] == "2"


def test_reports_of_one_title_are_told_apart() -> None:
    again = replace(BUDGET, report_id="c246355fdba03d8b", file="copy.pdf")
    text = " ".join(" ".join(shown([BUDGET, again], 80)[0]).split())
    assert "(copy.pdf)" in text
    assert "(copy.pdf)" not in " ".join(shown([BUDGET, again], 220)[0])


def test_when_a_report_was_published_is_shown_only_where_all_else_is() -> None:
    dated = replace(BUDGET, published="2018-11-27")
    for width in (30, 60, 80, 100, 120):
        assert shown([dated], width) == shown([BUDGET], width)
    (heading, line), note = shown([dated], 220)
    assert heading.split()[-1] == "Published" and line.split()[-1] == "2018-11-27" and note == ""
    assert "Published" not in shown([BUDGET], 220)[0][0]
    long = replace(dated, title="A mill " * 30)
    assert len(shown([long], 220)[0]) == len(shown([replace(long, published=None)], 220)[0])

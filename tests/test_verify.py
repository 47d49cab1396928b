"""Figures, grades and years are looked up in the quotation."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from index.records import Figure, Judgment, ReportInfo
from rag.draft import Piece, Place
from rag.markup import markdown
from rag.verify import figure_check, judgment_check, statement_holds, unsupported_numbers

QUOTE = "The council saved £36.1m, 18 percent of its budget, and lost -335 posts."
REPORT = ReportInfo(
    "r1", "a.txt", "Report", "Northmere Council", None, 2016, None, None, 10, 1, 1, 0, "r1", "0", "text/plain"
)


def figure(text: str, value: str, unit: str | None = None, scale: str | None = None) -> Figure:
    """The figure printed as `text` in QUOTE, which begins at 100 of its report."""
    start = 100 + QUOTE.index(text)
    return Figure(text, start, start + len(text), value, unit, scale)


def test_a_figure_at_its_place_is_in_the_quotation() -> None:
    assert figure_check(figure("£36.1m", "36.1", "GBP", "million"), QUOTE, 100) == "in_quote"
    assert figure_check(figure("18 percent", "18", "percent"), QUOTE, 100) == "in_quote"
    assert figure_check(figure("-335", "-335"), QUOTE, 100) == "in_quote"


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "361"},
        {"value": "-36.1"},
        {"scale": "thousand"},
        {"unit": "USD"},
        {"unit": "percent"},
        {"start": 0},
        {"text": "£36.2m"},
    ],
)
def test_a_changed_figure_fails(wrong: dict[str, object]) -> None:
    right = figure("£36.1m", "36.1", "GBP", "million")
    assert figure_check(replace(right, **wrong), QUOTE, 100) == "failed"  # type: ignore[arg-type]


def test_a_grade_that_is_not_quoted_fails() -> None:
    judgment = Judgment("good", "planning", None, 2016, 0, 4)
    assert judgment_check(judgment, "The service was judged to be good.") == "in_quote"
    assert judgment_check(judgment, "The service requires improvement.") == "failed"
    assert (
        judgment_check(replace(judgment, grade="requires improvement"), "It is judged to require improvement.")
        == "in_quote"
    )


def piece(statement: str) -> Piece:
    """A piece that states something of the 2016 report."""
    return Piece("", statement, Place(REPORT, 0, 1, None, None, ()))


def test_a_statement_may_name_the_year_of_its_report_and_no_other() -> None:
    assert statement_holds(piece("£36.1m saved (2016)"), QUOTE)
    assert not statement_holds(piece("£36.1m saved (2015)"), QUOTE)


def test_a_statement_with_a_number_of_its_own_fails() -> None:
    assert not statement_holds(piece("£36.1m saved, 19 percent"), QUOTE)


def test_numbers_without_a_quotation_are_found_and_marks_are_not_numbers() -> None:
    assert unsupported_numbers("Saved £36.1m [1], and 7 more [2].", [QUOTE]) == ("7",)
    assert unsupported_numbers("Saved £36.1m [1].", [QUOTE]) == ()


def test_the_year_before_may_be_stated_only_where_the_quotation_speaks_of_it() -> None:
    assert statement_holds(piece("Good (2015)"), "Last year it was judged to be good.")
    assert not statement_holds(piece("Good (2014)"), "Last year it was judged to be good.")


def test_a_number_within_a_longer_number_proves_nothing() -> None:
    assert not statement_holds(piece("5 officers"), "In 2015 there were many.")
    assert not statement_holds(piece("by 1 May 2016"), "In 2016 it was done.")


@pytest.mark.parametrize("block", ["GoodSummary", "GoodFindings", "GoodGood", "Overall judgment: Good"])
def test_a_grade_glued_to_another_word_is_found(block: str) -> None:
    assert judgment_check(Judgment("good", "planning", None, 2016, 0, 4), block) == "in_quote"


@pytest.mark.parametrize("line", ["- a", "+ a", "1. a", "2) a", "# a", "~~a~~", "<b>a</b>", "![a](b)", "`a`", "> a"])
def test_report_text_makes_no_block_or_inline_markup(line: str) -> None:
    html = MarkdownIt("commonmark").render(markdown(line))
    assert html.startswith("<p>") and html.count("<") == 2, html
    assert markdown("-10% and 3.5 percent") == "-10% and 3.5 percent"

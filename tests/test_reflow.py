"""Printed lines become paragraphs again, and sentences that a page cut in two become whole."""

import pytest

from index.records import RawBlock
from index.reflow import (
    Line,
    figure_row,
    is_footnote,
    is_open,
    is_wrapped,
    join_lines,
    join_text,
    mark_contents,
    paragraphs,
    rejoin,
)


def _paragraphs(*lines: str, wrapped: bool = True, width: int = 60) -> list[str]:
    return [block.text for block in paragraphs([Line(text) for text in lines], wrapped=wrapped, width=width)]


def test_wrapped_lines_become_one_paragraph() -> None:
    assert _paragraphs("The council has made good progress in its response to", "the review and plans ahead.") == [
        "The council has made good progress in its response to the review and plans ahead."
    ]


def test_a_hyphen_at_a_line_end_stays_in_the_word() -> None:
    assert join_text("most of its savings from non-", "pay budgets") == "most of its savings from non-pay budgets"
    assert join_text("savings of £300,000–", "£400,000") == "savings of £300,000–£400,000"
    assert join_text("the years 2010/11 –", "2014/15") == "the years 2010/11 – 2014/15"


def test_a_short_heading_is_not_glued_to_the_text_under_it() -> None:
    assert _paragraphs(
        "Financial challenge",
        "The council has found that it needs to save £3m over the",
        "next four years of its plan.",
    ) == [
        "Financial challenge",
        "The council has found that it needs to save £3m over the next four years of its plan.",
    ]


def test_a_heading_over_narrow_lines_is_one_heading() -> None:
    assert _paragraphs("To what extent is the body", "taking the necessary", "steps to be secure?") == [
        "To what extent is the body taking the necessary steps to be secure?"
    ]


def test_bullets_become_list_items_with_their_second_line() -> None:
    blocks = paragraphs(
        [Line("• better use of resources to meet the demand of the"), Line("public;"), Line("• fewer buildings.")],
        wrapped=True,
        width=52,
    )
    assert [(block.kind, block.text) for block in blocks] == [
        ("list_item", "better use of resources to meet the demand of the public;"),
        ("list_item", "fewer buildings."),
    ]


@pytest.mark.parametrize("text", ["-14%", "−14%", "− 14%"])
def test_a_negative_figure_is_not_a_bullet(text: str) -> None:
    assert [block.kind for block in paragraphs([Line(text)], wrapped=True, width=60)] == ["paragraph"]


def test_a_minus_sign_before_a_word_is_a_bullet() -> None:
    (block,) = paragraphs([Line("− fewer buildings.")], wrapped=True, width=60)
    assert (block.kind, block.text) == ("list_item", "fewer buildings.")


def test_an_empty_line_adds_no_space() -> None:
    assert join_lines(["", "one", " ", "two-", "", "three"]) == "one two-three"


def test_a_file_with_a_paragraph_a_line_is_not_taken_for_wrapped() -> None:
    assert not is_wrapped(["A first paragraph, whole.", "A second paragraph, whole.", "", "A third one."])
    assert is_wrapped(["The first line of a paragraph goes on", "in the second line and ends", "there."])


def _block(text: str, kind: str = "paragraph", page: int | None = None) -> RawBlock:
    return RawBlock(kind, text, page=page)  # type: ignore[arg-type]


LONG = "The board has managed its finances well. It plans to spend more on care, since it has found that"


def test_a_sentence_over_a_page_end_is_one_block_with_its_page_break() -> None:
    (block,) = rejoin([_block(f"{LONG} demand", page=4), _block("is rising fast.", page=5)])
    assert block.text == f"{LONG} demand is rising fast."
    assert block.page == 4
    assert [(block.text[offset:], page) for offset, page in block.page_breaks] == [("is rising fast.", 5)]


def test_a_footnote_between_two_halves_of_a_sentence_follows_the_paragraph() -> None:
    note = "¹ Grades are: outstanding, good, requires improvement and inadequate."
    whole, footnote = rejoin([_block(f"{LONG} it has"), _block(note, "footnote"), _block("a good record of it.")])
    assert whole.text == f"{LONG} it has a good record of it."
    assert (footnote.kind, footnote.text) == ("footnote", note)


def test_an_unmarked_note_between_two_halves_becomes_a_footnote() -> None:
    note = "The National Plan is the tool that all boards have adopted for use in their work."
    whole, footnote = rejoin([_block(f"{LONG} staff"), _block(note), _block("are asked about change.")])
    assert whole.text.endswith("staff are asked about change.")
    assert (footnote.kind, footnote.text) == ("footnote", note)


def test_a_heading_read_at_the_foot_of_its_page_goes_to_the_top() -> None:
    blocks = rejoin(
        [
            _block("Good", page=2),
            _block(f"{LONG} groups were set up in the north", page=2),
            _block("To what extent is the board able to pay?", page=2),
            _block("over a decade ago.", page=3),
        ]
    )
    assert [block.text for block in blocks] == [
        "To what extent is the board able to pay?",
        "Good",
        f"{LONG} groups were set up in the north over a decade ago.",
    ]


def test_a_heading_is_never_joined_to_the_paragraph_after_it() -> None:
    blocks = [_block("Matching resources to demand and priorities"), _block("The plans are well made.")]
    assert rejoin(blocks) == blocks


def test_figures_source_and_note_lines_stay_apart() -> None:
    blocks = [_block("For further information, please see annex A"), _block("As at 31 March, officers make up half.")]
    assert rejoin(blocks) == blocks


def test_a_figure_row_is_told_from_prose() -> None:
    assert figure_row("Police staff 1,272 1,406 134 11% -17%") == (
        "Police staff",
        ("1,272", "1,406", "134", "11%", "-17%"),
    )
    assert figure_row("In the year the number of officers fell from 2,067 to 1,863") is None
    assert figure_row("£168.1£153.0") is None


def test_a_plain_number_starts_a_footnote_only_where_its_mark_was_seen() -> None:
    assert is_footnote("1 Sample sizes were chosen.", "we did a survey1 of the public")
    assert not is_footnote("1 April 2014 was the day.", "in place since then")


def test_a_sentence_goes_on_over_a_page_end_after_a_semicolon() -> None:
    first = _block(f"{LONG} demand, and has made changes to its work. Among them are: fewer depots;", page=4)
    (block,) = rejoin([first, _block("more crews at night; and new lorries.", page=5)])
    assert block.text.endswith("fewer depots; more crews at night; and new lorries.")
    assert [page for _, page in block.page_breaks] == [5]


@pytest.mark.parametrize(
    ("before", "after", "page"),
    [
        ("{long} fewer depots;", "more crews at night;", 4),  # no page end between
        ("{long} fewer depots;", "More crews at night;", 5),
        ("{low} fewer depots;", "more crews at night;", 5),  # items of a list without bullets
        ("Fewer depots;", "more crews at night;", 5),
        ("{long} fewer depots.", "more crews at night.", 5),
    ],
)
def test_what_a_semicolon_ends_stays_by_itself(before: str, after: str, page: int) -> None:
    long = f"{LONG} demand, and has made changes to its work, which it"
    text = before.format(long=long, low=long[0].lower() + long[1:])
    blocks = [_block(text, page=4), _block(after, page=page)]
    assert rejoin(blocks) == blocks


def test_note_marks_do_not_hide_the_end_of_a_sentence() -> None:
    assert not is_open("This is supported by a process.⁵")
    assert is_open("the National Decision Model,³")


def test_contents_entries_become_list_items_without_leaders() -> None:
    entries = ["Contents", "Introduction ........ 3", "Findings 4", "What we found . . . . . 4", "Annex A 12"]
    marked = mark_contents([_block(text) for text in entries])
    assert [(block.kind, block.text) for block in marked] == [
        ("paragraph", "Contents"),
        ("list_item", "Introduction 3"),
        ("list_item", "Findings 4"),
        ("list_item", "What we found 4"),
        ("list_item", "Annex A 12"),
    ]

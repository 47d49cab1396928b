"""Numbers in prose and in cells: what counts as a figure, and with which value, unit, scale and sign."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.number_words import NUMBER_WORDS
from index.numbers import find_numbers, find_quantities


@pytest.mark.parametrize("text", ["[p17]", "room B12", "Covid19", "R2D2", "PCSO17a"])
def test_digits_within_a_name_are_no_number(text: str) -> None:
    assert find_numbers(text) == ()


@pytest.mark.parametrize(
    ("printed", "value", "unit", "scale"),
    [
        ("£36.1m", "36.1", "GBP", "million"),
        ("$1.2 billion", "1.2", "USD", "billion"),
        ("US$4.5bn", "4.5", "USD", "billion"),
        ("€750 thousand", "750", "EUR", "thousand"),
        ("10k", "10", None, "thousand"),
        ("£153.0", "153.0", "GBP", None),
        ("1,204", "1204", None, None),
        ("2,317,450.75", "2317450.75", None, None),
        ("88.8%", "88.8", "percent", None),
        ("3.5 percent", "3.5", "percent", None),
        ("3.5 per cent", "3.5", "percent", None),
        ("3.9 percentage points", "3.9", "percentage points", None),
        ("-20%", "-20", "percent", None),
        ("−0.9", "-0.9", None, None),
        ("–14%", "-14", "percent", None),
        ("+3%", "3", "percent", None),
        ("0.675", "0.675", None, None),
        ("twenty-one", "21", None, None),
        ("two million", "2", None, "million"),
        ("twelve percent", "12", "percent", None),
        ("eight%", "8", "percent", None),
    ],
)
def test_a_printed_amount_is_read_with_its_value_unit_and_scale(
    printed: str, value: str, unit: str | None, scale: str | None
) -> None:
    (found,) = find_quantities(f"The audit counted {printed} in all.")
    assert (found.text, found.value, found.unit, found.scale) == (printed, Decimal(value), unit, scale)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The plan for 2014/15 was late.", "period"),
        ("The plan for 2010–2014 was late.", "period"),
        ("The depot opened on 31 March 2016.", "date"),
        ("The depot opened on 09/11/2017.", "date"),
        ("The depot opened in 2016.", "year"),
        ("The answers are in Figure 4.", "reference"),
        ("The answers are in section 12.", "reference"),
        ("The council keeps to ISO-9001.", "reference"),
        ("The council answers '999' calls.", "name"),
        ("The council answers “101” calls.", "name"),
        ("The rate is given per 1,000 households.", "denominator"),
        ("The rate is good to ± 1.9 percent.", "tolerance"),
    ],
)
def test_a_number_that_counts_nothing_is_no_quantity(sentence: str, kind: str) -> None:
    assert [number.kind for number in find_numbers(sentence)] == [kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "1 The scale was agreed by the members.",
        "12 The scale was agreed by the members.",
        "4.15 The scale was agreed by the members.",
        "3. The scale was agreed by the members.",
        "(2) The scale was agreed by the members.",
    ],
)
def test_the_number_of_a_paragraph_or_note_is_no_quantity(sentence: str) -> None:
    assert [number.kind for number in find_numbers(sentence)] == ["reference"]


@pytest.mark.parametrize("sentence", ["14 lorries were sold.", "£5 Notes were found.", "40% Recycled paper is used."])
def test_a_sentence_may_begin_with_a_quantity(sentence: str) -> None:
    assert [number.kind for number in find_numbers(sentence)] == ["quantity"]


def test_a_figure_beside_its_tolerance_takes_the_unit_that_stands_after_both() -> None:
    satisfied, tolerance = find_numbers("Of those asked, 85.8 (± 1.9 percent) percent were content.")
    assert (satisfied.kind, satisfied.value, satisfied.unit) == ("quantity", Decimal("85.8"), "percent")
    assert tolerance.kind == "tolerance"


def test_a_range_with_a_dash_is_one_figure_with_two_ends() -> None:
    (saved,) = find_quantities("The council saved £300,000–£400,000 on contracts.")
    assert (saved.text, saved.value, saved.value_high) == ("£300,000–£400,000", Decimal(300_000), Decimal(400_000))


def test_a_minus_sign_after_a_word_is_not_taken_for_a_range() -> None:
    assert [(n.value, n.value_high) for n in find_quantities("-13% -14%")] == [
        (Decimal(-13), None),
        (Decimal(-14), None),
    ]


def test_brackets_mean_less_than_nothing_in_a_cell_and_an_aside_in_prose() -> None:
    (in_cell,) = find_numbers("(1.4)", cell=True)
    assert (in_cell.text, in_cell.value) == ("(1.4)", Decimal("-1.4"))
    (in_prose,) = find_numbers("One tonne (1.4) was lost.")
    assert (in_prose.text, in_prose.value) == ("1.4", Decimal("1.4"))


def test_a_lone_letter_after_a_length_does_not_make_it_millions() -> None:
    (length,) = find_numbers("The wall is 5m high.")
    assert (length.text, length.value, length.scale) == ("5", Decimal(5), None)


def test_digits_in_links_and_book_numbers_are_not_read() -> None:
    assert find_numbers("See www.example.org/2016/45 or write to desk7@example.org, ISBN 978-1-78246-456-8.") == ()


def test_absolute_value_counts_the_scale() -> None:
    (cost,) = find_quantities("It cost £36.1m.")
    assert cost.absolute == Decimal(36_100_000)


@pytest.mark.parametrize(
    ("text", "found", "value"),
    (
        ("seventy seven per cent of them", "seventy seven per cent", "77"),
        ("Twenty-two of them", "Twenty-two", "22"),
        ("twenty\u2011two of them", "twenty\u2011two", "22"),
        ("two hundred and five schools", "two hundred and five", "205"),
        ("a hundred boats", "a hundred", "100"),
        ("one hundred thousand people", "one hundred thousand", "100"),
        ("one per cent of them", "one per cent", "1"),
        ("one million pounds", "one million", "1"),
        ("a six-month wait", "six-month", "6"),
        ("an 18-month wait", "18-month", "18"),
        ("twenty five-year plans", "twenty", "20"),
        ("two hundred fifty apprentices", "two hundred fifty", "250"),
        ("two hundred five-year plans", "two hundred", "200"),
        ("eleven hundred boats", "eleven hundred", "1100"),
        ("twenty\u00a0two boats", "twenty\u00a0two", "22"),
        ("a six\u2011month wait", "six\u2011month", "6"),
    ),
)
def test_a_number_in_several_words_is_one(text: str, found: str, value: str) -> None:
    first, *_ = find_quantities(text)
    assert (first.text, str(first.value)) == (found, value)


@pytest.mark.parametrize(
    "text",
    (
        "one of them",
        "hundreds of boats",
        "a five-year-old child",
        "no one percentage",
        "several hundred and five boats",
        "half a hundred families",
        "a two hundred-bed unit",
        "one point five per cent",
        "two point five million",
    ),
)
def test_words_that_are_parts_of_others_are_no_numbers(text: str) -> None:
    assert find_quantities(text) == ()


def test_a_word_in_letters_that_only_look_like_a_number_is_none() -> None:
    assert find_numbers("Sıx and ſix.") == ()


_PIECES = st.sampled_from(
    [
        *"0123456789 .,%£$()-–−+/±'’\n",
        "2014/15",
        "31 March 2016",
        "per 1,000",
        "percent",
        "per cent",
        "million",
        "£36.1m",
        "(1.4)",
        "Figure 4",
        "Depots",
        " and ",
        *NUMBER_WORDS,
    ]
)


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=24).map("".join) | st.text(max_size=60), st.booleans())
def test_numbers_come_in_order_never_overlap_and_are_the_text_at_their_place(text: str, cell: bool) -> None:
    numbers = find_numbers(text, cell=cell)
    for number in numbers:
        assert text[number.start : number.end] == number.text != ""
    for first, second in pairwise(numbers):
        assert first.end <= second.start


def test_a_cell_with_a_range_is_one_quantity_with_two_ends() -> None:
    (span,) = find_numbers("3-5", cell=True)
    assert (span.text, span.value, span.value_high, span.kind) == ("3-5", 3, 5, "quantity")
    assert find_numbers("2014-15", cell=True)[0].kind == "period"
    assert find_numbers("Note 3-5", cell=True)[0].value_high is None


def test_the_first_day_of_several_is_no_quantity() -> None:
    text = "Inspected from 2 to 6 October 2023, on 3 and 4 May 2022 and by 7–9 June at last."
    assert [(n.text, n.kind) for n in find_numbers(text)] == [
        ("2 to 6 October 2023", "date"),
        ("3 and 4 May 2022", "date"),
        ("7–9 June", "date"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Paid back over a 2 to 5-year period.", [("2 to 5-year", 2, 5)]),
        ("Berths are let for one to five months.", [("one to five", 1, 5)]),
        ("Between two to three percent of them leak.", [("two to three percent", 2, 3)]),
        ("The wait rose from 2 to 5 days.", [("2", 2, None), ("5", 5, None)]),
        ("The wait fell by 2 to 5 days.", [("2", 2, None), ("5", 5, None)]),
        ("It moved 3 to 5 cranes.", [("3", 3, None), ("5", 5, None)]),
        ("The term is 5 to 2 years.", [("5", 5, None), ("2", 2, None)]),
    ],
)
def test_a_stretch_of_time_or_percent_in_words_is_one_figure(
    text: str, found: list[tuple[str, int, int | None]]
) -> None:
    numbers = [(n.text, int(n.value), None if n.value_high is None else int(n.value_high)) for n in find_numbers(text)]
    assert numbers == found

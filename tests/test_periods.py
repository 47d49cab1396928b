"""Stretches of time: which are found in text, and which can answer for which."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.periods import Period, find_periods, years_in


def _period(text: str) -> Period:
    (found,) = find_periods(text)
    assert found.text == text
    return found


@pytest.mark.parametrize(
    ("held", "asked", "answers"),
    [
        ("2019/20", "2019/20", True),
        ("2019/20", "2018/19", False),
        ("2018/19", "2019/20", False),
        ("2014/15", "the 12 months to March 2015", True),
        ("2014/15", "the 12 months to March 2014", False),
        ("the 12 months to March 2015", "2014/15", True),
        ("the 12 months to March 2014", "2014/15", False),
        ("2014/15", "2015", True),
        ("2014/15", "2013", False),
        ("31 March 2016", "2016", True),
        ("31 March 2016", "2015", False),
        ("31 March 2016", "March 2016", True),
        ("2016", "2016", True),
        ("2016", "2017", False),
        ("2010/11", "2011/12", False),
    ],
)
def test_a_figure_of_one_period_answers_only_for_periods_that_it_covers(held: str, asked: str, answers: bool) -> None:
    assert _period(held).covers(_period(asked)) is answers


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2014/15", (2014, 2015)),
        ("2014-2015", (2014, 2015)),
        ("1999/00", (1999, 2000)),
        ("the 12 months to 31 March 2016", (2016,)),
        ("between March 2010 and March 2015", (2010, 2015)),
        ("2010/11 – 2014/15", (2010, 2011, 2014, 2015)),
        ("the end of March 2016", (2016,)),
        ("31 March 2020", (2020,)),
        ("2016/17 financial year", (2016, 2017)),
        ("Q3 2018", (2018,)),
        ("year ended 31 December 2012", (2012,)),
    ],
)
def test_a_period_is_found_whole_with_the_years_that_it_names(text: str, years: tuple[int, ...]) -> None:
    (found,) = find_periods(f"The count for {text}.")
    assert (found.text.removeprefix("for ").removeprefix("the "), found.years) == (text.removeprefix("the "), years)


@pytest.mark.parametrize("text", ["£2016", "2,016 staff", "1,2014", "201", "20145", "$1999 each"])
def test_an_amount_that_looks_like_a_year_is_no_period(text: str) -> None:
    assert find_periods(text) == ()


def test_a_fiscal_year_over_the_turn_of_a_century_ends_in_the_next() -> None:
    assert years_in("1999/00") == (1999, 2000)


def test_years_are_named_once_in_order() -> None:
    assert years_in("from 2015/16 to 2014 and 2015") == (2015, 2016, 2014)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["2014/15", "March", " ", "to ", "2016", "12 months ", "between ", "and ", "£", ","])))
def test_periods_come_in_order_and_are_the_text_at_their_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_periods(text)
    assert all(text[p.start : p.end] == p.text and p.years for p in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_day_is_not_a_run_of_years() -> None:
    assert years_in("on 2014-11-27") == (2014,)
    assert years_in("in 2013-14") == (2013, 2014)
    assert [period.years for period in find_periods("from 2014-11-27")] == [(2014,)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("FY18", (2018,)),
        ("FY99", (1999,)),
        ("Q1 FY18", (2018,)),
        ("FY19**", (2019,)),
        ("FY 17/18", (2017, 2018)),
        ("FY’20", (2020,)),
        ("FY18.5 units", ()),
    ],
)
def test_a_fiscal_year_may_be_written_short(text: str, years: tuple[int, ...]) -> None:
    assert years_in(text) == years
    assert tuple(year for period in find_periods(text) for year in period.years) == years


@pytest.mark.parametrize(
    ("held", "asked", "answers"),
    [
        ("Q1 FY18", "FY18", False),
        ("H1 FY18", "2018", False),
        ("FY18", "Q1 FY18", False),
        ("Q1 FY18", "Q1 2018", True),
        ("Q1 2018", "Q2 2018", False),
        ("FY18", "2018", True),
    ],
)
def test_a_part_of_a_year_is_not_the_year(held: str, asked: str, answers: bool) -> None:
    assert _period(held).covers(_period(asked)) is answers


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("February 23, 2019 - March 22, 2019", ("2019-02-23", "2019-03-22")),
        ("between February 23, 2019 and March 22, 2019", ("2019-02-23", "2019-03-22")),
        ("from Feb. 23 through Mar. 22, 2019", ("2019-02-23", "2019-03-22")),
        ("23 February – 22 March 2019", ("2019-02-23", "2019-03-22")),
        ("December 29 - January 25, 2019", ("2018-12-29", "2019-01-25")),
        ("from 1 April 2018 to 31 March 2019", ("2018-04-01", "2019-03-31")),
    ],
)
def test_a_range_of_days_is_one_period_with_both_ends(text: str, ends: tuple[str, str]) -> None:
    (period,) = find_periods(text)
    assert (period.text, period.ends) == (text, ends)


def test_a_range_of_days_answers_for_the_same_days_alone() -> None:
    (asked,) = find_periods("between February 23, 2019 and March 22, 2019")
    (same,) = find_periods("February 23 – March 22, 2019")
    (other,) = find_periods("January 26, 2019 - February 22, 2019")
    (year,) = find_periods("2019")
    assert same.covers(asked) and not other.covers(asked) and other.covers(year)


@pytest.mark.parametrize(
    "text", ["May 2018 - June 2019", "at May 3, 2018 and at June 4, 2019", "May 3, 2018 12 June 4, 2019"]
)
def test_days_that_are_not_joined_are_no_range(text: str) -> None:
    assert [period.ends for period in find_periods(text)] == [None, None]

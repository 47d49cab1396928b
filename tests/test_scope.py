"""Which reports a question is about."""

import pytest

from index.errors import UnknownReport
from index.records import ReportInfo
from rag.records import Scope
from rag.scope import named_organisations, reach
from rag.understand import understand


def report(
    report_id: str, organisation: str | None, year: int | None, twin_of: str | None = None, title: str | None = None
) -> ReportInfo:
    """A catalogue entry."""
    title = title or f"Inspection of {organisation} {year}"
    return ReportInfo(
        report_id,
        f"{report_id}.txt",
        title,
        organisation,
        None,
        year,
        None,
        None,
        9,
        1,
        1,
        1,
        twin_of or report_id,
        "0",
        "text/plain",
    )


CATALOGUE = (
    report("n14", "Northmere Council", 2014),
    report("n14b", "Northmere Council", 2014, "n14"),
    report("n16", "Northmere Council", 2016),
    report("n17", "Northmere Council", 2017),
    report("s16", "Southport Harbour Authority", 2016),
)


def reached(question: str, scope: Scope | None = None) -> set[str]:
    """The ids of the reports to search."""
    return set(reach(understand(question), scope or Scope(), CATALOGUE).ids)


def test_an_organisation_in_the_question_narrows_to_its_reports() -> None:
    assert reached("What did Northmere spend?") == {"n14", "n14b", "n16", "n17"}
    assert reached("What did Southport spend?") == {"s16"}


def test_a_place_stands_for_the_bodies_that_are_named_after_it() -> None:
    catalogue = (report("a", "Eastwick", 2016), report("b", "Eastwick Local Area Partnership", 2017), *CATALOGUE)
    named = named_organisations("When was Eastwick's harbour inspected?", catalogue)
    assert set(named) == {"Eastwick", "Eastwick Local Area Partnership"}
    assert named_organisations("What did Northmere Council spend?", catalogue) == ("Northmere Council",)


def test_a_borough_or_city_is_known_by_its_place() -> None:
    catalogue = (report("a", "Royal Borough of Eastwick", 2016), report("b", "City of Langness", 2017), *CATALOGUE)
    assert named_organisations("Who inspected Eastwick?", catalogue) == ("Royal Borough of Eastwick",)
    assert named_organisations("Who inspected Langness in 2017?", catalogue) == ("City of Langness",)
    assert named_organisations("Who inspected the city?", catalogue) == ()


def test_a_place_does_not_stand_for_companies_and_institutions_named_after_it() -> None:
    names = ("Eastwick", "University of Eastwick", "Eastwick Rovers plc", "Eastwick Homes Limited", "Bank of Eastwick")
    catalogue = tuple(report(str(number), name, 2016) for number, name in enumerate(names))
    assert named_organisations("How many staff does Eastwick employ?", catalogue) == ("Eastwick",)


def test_a_misspelt_organisation_is_recognised() -> None:
    assert named_organisations("What did Nothmere Council spend?", CATALOGUE) == ("Northmere Council",)


def test_two_organisations_in_a_question_are_both_searched() -> None:
    assert reached("Did Northmere or Southport spend more?") == {"n14", "n14b", "n16", "n17", "s16"}


@pytest.mark.parametrize(
    "question",
    [
        "What did the 2016 inspection of Northmere find?",
        "What did Northmere spend, according to the 2016 report?",
        "How was Northmere judged in 2016?",
    ],
)
def test_the_year_of_a_report_narrows_to_it(question: str) -> None:
    assert reached(question) == {"n16"}


@pytest.mark.parametrize(
    "question",
    ["How many officers did Northmere have in March 2016?", "What did Northmere save in 2016/17?"],
)
def test_the_year_of_a_figure_does_not_hide_other_reports(question: str) -> None:
    assert reached(question) == {"n14", "n14b", "n16", "n17"}


def test_the_latest_report_is_the_one_of_the_last_year() -> None:
    assert reached("How was Northmere graded in the latest inspection?") == {"n17"}


def test_a_scope_that_is_given_is_kept_whatever_the_question_names() -> None:
    assert reached("What did Northmere spend?", Scope(years=(2017,))) == {"n17"}
    assert reached("What did Northmere spend?", Scope(reports=("n16",))) == {"n16"}


def test_reports_that_were_left_out_are_counted_with_the_reason() -> None:
    searched = reach(understand("What did Northmere spend?"), Scope(), CATALOGUE).searched()
    assert [(left.reason, left.reports) for left in searched.left_out] == [("of another organisation", 1)]


def test_twins_count_as_one_report() -> None:
    searched = reach(understand("What was spent?"), Scope(years=(2014,)), CATALOGUE).searched()
    assert searched.count == 1
    assert set(searched.reports) == {"n14", "n14b"}


def test_an_unknown_report_is_named() -> None:
    with pytest.raises(UnknownReport, match="nowhere"):
        reach(understand("What was spent?"), Scope(reports=("nowhere",)), CATALOGUE)


def test_a_place_alone_does_not_mean_the_bank_or_university_named_after_it() -> None:
    catalogue = (report("b", "Bank of Norland", 2016), report("n", "Northmere Council", 2016))
    assert named_organisations("How many people in Norland saved in Northmere?", catalogue) == ("Northmere Council",)
    assert named_organisations("What did the Bank of Norland lend?", catalogue) == ("Bank of Norland",)


def test_the_name_by_which_reports_were_chosen_weighs_less_than_other_words() -> None:
    one = reach(understand("What did Northmere spend on lamps?"), Scope(), CATALOGUE).weight(lambda term: 2.0)
    assert one("northmer") < one("lamp") == 2.0
    both = reach(understand("What did Northmere and Southport spend on lamps?"), Scope(), CATALOGUE).weight(
        lambda term: 2.0
    )
    assert both("northmer") == both("southport") == 2.0


def test_a_word_within_another_name_means_nobody_else() -> None:
    catalogue = (
        report("g", "Global Harbour Works Corp", 2019),
        report("s", None, 2019, title="Seaview Global Sa - 2019 annual report"),
        report("t", None, 2019, title="Global Trawlers Sa - 2019 annual report"),
    )
    assert named_organisations("According to Seaview Global Sa's 2019 report, what was sold?", catalogue) == ()
    assert named_organisations("According to Global Trawlers Sa's 2019 report, what was sold?", catalogue) == ()
    assert named_organisations("What did Global sell in 2019?", catalogue) == ("Global Harbour Works Corp",)

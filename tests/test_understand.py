"""What a question is taken to ask for."""

import pytest

from rag.understand import understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many inspectors does the harbour employ?", "figure"),
        ("What was the vacancy rate in 2019?", "figure"),
        ("By what percentage did costs fall?", "figure"),
        ("Planned percentage change in berths, 2010 to 2015?", "figure"),
        ("How quickly should an urgent call be answered?", "figure"),
        ("What recurring yearly saving should the merger bring?", "figure"),
        ("How was the council graded for its planning?", "judgment"),
        ("What was the overall judgment in 2017?", "judgment"),
        ("How did inspectors rate the service?", "judgment"),
        ("When did the new model come in?", "when"),
        ("Why did the auditors qualify the accounts?", "why"),
        ("Who chairs the board?", "who"),
        ("What areas for improvement were set?", "list"),
        ("Is the reserve larger than planned?", "yes_no"),
        ("How is the average berth price calculated?", "words"),
        ("What do the harbour dues include?", "words"),
        ("Which factors were considered when setting the rate?", "words"),
        ("How many berths were included?", "figure"),
        ("What does the adjusted margin represent?", "definition"),
        ("What is the definition of net debt?", "definition"),
    ],
)
def test_the_kind_of_a_question_is_recognised(text: str, kind: str) -> None:
    assert understand(text).kind == kind


def test_the_word_for_the_kind_of_thing_wanted_need_not_be_in_the_evidence() -> None:
    assert "bodi" not in understand("Which body did inspectors determine to be the harbour authority?").terms
    assert "date" not in understand("On what dates was the harbour inspected?").terms
    assert understand("Which body runs the harbour?").terms == ("run", "harbour")


def test_a_clause_with_when_is_no_question_for_a_date() -> None:
    assert understand("When the inspectors reported, how many berths were in use?").kind == "figure"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("What percentage of calls was answered in time?", "percent"),
        ("By how many percentage points did it rise?", "points"),
        ("How much was saved in 2015/16?", "money"),
        ("How many officers were planned?", "count"),
        ("How long is the waiting time?", "duration"),
        ("What was the vacancy level?", None),
    ],
)
def test_the_unit_asked_for_is_recognised(text: str, unit: str | None) -> None:
    assert understand(text).unit == unit


def test_years_and_months_are_periods_and_not_search_terms() -> None:
    question = understand("How many berths were in use in March 2016?")
    assert question.years == (2016,)
    assert [p.text for p in question.periods] == ["March 2016"]
    assert "march" not in question.terms and "2016" not in question.terms


def test_what_is_counted_is_kept_apart() -> None:
    assert understand("How many police staff were moved?").counted == ("polic", "staff", "move")[:2]


def test_a_number_that_names_something_must_be_found_again() -> None:
    assert understand("What is the response target for Grade 3 calls?").references == ("3",)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("What is the national average?", True),
        ("What did other councils spend?", True),
        ("Which forces are above average?", False),
        ("How many berths are there?", False),
    ],
)
def test_a_question_for_the_average_is_told_from_one_that_only_mentions_it(text: str, compared: bool) -> None:
    assert understand(text).compared is compared


@pytest.mark.parametrize(
    ("text", "years", "report_years", "body"),
    [
        (
            "According to Northmere's 2019 annual report, what was the debt in 2018?",
            (2018,),
            (2019,),
            "what was the debt in 2018?",
        ),
        ("What was the debt in 2018, according to the report for 2019?", (2018,), (2019,), "What was the debt in 2018"),
        ("Who led the crews, according to the 2019 report?", (2019,), (), "Who led the crews"),
        (
            "Who is the lead partner after the 2024 joint inspection of Northmere?",
            (2024,),
            (),
            "Who is the lead partner",
        ),
        ("What did the 2016 inspection say about debt?", (2016,), (), "what about debt?"),
        (
            "What was the theme of the 2016 review of Northmere?",
            (2016,),
            (),
            "What was the theme of the 2016 review of Northmere?",
        ),
        ("What was the fee for the 2019 audit?", (2019,), (), "What was the fee for the 2019 audit?"),
        ("How much was spent on 2019 audit fees?", (2019,), (), "How much was spent on 2019 audit fees?"),
        ("How much was saved by the 2015 estate review?", (2015,), (), "How much was saved by the 2015 estate review?"),
        (
            "In 2019 how many school visits were there, up from 2018?",
            (2019, 2018),
            (),
            "In 2019 how many school visits were there, up from 2018?",
        ),
        (
            "How many home visits for 2018, compared with 2017?",
            (2018, 2017),
            (),
            "How many home visits for 2018, compared with 2017?",
        ),
        (
            "What was the balance of accounts for 2018, and for 2017?",
            (2018, 2017),
            (),
            "What was the balance of accounts for 2018, and for 2017?",
        ),
        ("What was the debt in 2018?", (2018,), (), "What was the debt in 2018?"),
        ("How is the review of fees going?", (), (), "How is the review of fees going?"),
    ],
)
def test_which_report_is_meant_is_not_what_is_asked(
    text: str, years: tuple[int, ...], report_years: tuple[int, ...], body: str
) -> None:
    question = understand(text)
    assert (question.years, question.report_years) == (years, report_years)
    assert question.body.rstrip(" ?") == body.rstrip(" ?")

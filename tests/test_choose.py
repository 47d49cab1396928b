"""Which figure of a statement answers: by its unit, whose it is, its period, and the words that speak of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from index.records import ReportInfo
from rag.choose import asks_other, rank_figures
from rag.features import Candidate
from rag.retrieve import Evidence
from rag.understand import understand

Chosen = Callable[[str, str], str | None]

REPORT = """# Northmere Fire Service: efficiency inspection 2016

Published 12 March 2016

This is an inspection of Northmere Fire Service. Northmere Fire Service is compared with the Norland average.

## Findings

{sentence}

Other services come near to it. The Norland average is 44 stations. The Norland average is stated elsewhere too.
"""


def piece(info: ReportInfo, library: Library, marker: str) -> Evidence:
    """The statement that contains `marker` as evidence."""
    s = next(s for s in library.statements(info.report_id) if marker in s.text)
    candidate = Candidate(s.text, s.meaning, s.text, s.header, s.kind, 0.5, 0.5, 0, 0, info.year)
    return Evidence(info, s.start, s.end, s.page, s.page_label, s.section, s.figures, s.judgments, candidate, s.start)


@pytest.fixture
def chosen(library: Library, tmp_path: Path) -> Chosen:
    """The printed figure that answers a question from a sentence or table, None where none may."""

    def choose(sentence: str, question: str) -> str | None:
        path = tmp_path / "report.md"
        path.write_text(REPORT.format(sentence=sentence), encoding="utf-8")
        added = library.add([path])
        (file,) = (*added.added, *added.replaced, *added.unchanged)
        lines = [line for line in sentence.splitlines() if line.strip()]
        evidence = piece(library.report(file.report_id), library, lines[-1].strip("|").split("|")[0].strip()[:20])
        asked = understand(question)
        fitting = rank_figures(asked, evidence, asks_other(asked, [evidence]), library.term_weight)
        ranked = [one for one in fitting if one.answers]
        return ranked[0].figure.text if ranked else None

    return choose


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many firefighters did the service employ?", "412"),
        ("How much did the service spend on boats?", "£3.2m"),
        ("What proportion of alarms were false?", "17 percent"),
    ],
)
def test_the_unit_asked_for_decides(chosen: Chosen, question: str, figure: str) -> None:
    sentence = "It employed 412 firefighters, spent £3.2m on boats and found 17 percent of all alarms to be false."
    assert chosen(sentence, question) == figure


def test_a_figure_of_those_it_is_compared_with_is_not_its_own(chosen: Chosen) -> None:
    sentence = "It has 38 stations, compared with the Norland average of 44 stations."
    assert chosen(sentence, "How many stations does Northmere have?") == "38"
    assert chosen(sentence, "How many stations is the Norland average?") == "44"


def test_figures_given_in_turn_belong_to_what_was_named_in_turn(chosen: Chosen) -> None:
    sentence = "At the end of March 2016 and March 2015 the debts were £1.7 million and £9.9 million respectively."
    assert chosen(sentence, "What were the debts at the end of March 2016?") == "£1.7 million"
    assert chosen(sentence, "What were the debts at the end of March 2015?") == "£9.9 million"


def test_of_a_change_the_end_answers_for_what_is_reached(chosen: Chosen) -> None:
    sentence = "The number of stations is to fall from 52 in 2015 to 38 in 2020."
    assert chosen(sentence, "How many stations are planned for 2020?") == "38"
    assert chosen(sentence, "How many stations were there in 2015?") == "52"


def test_a_table_cell_is_chosen_by_both_its_headings(chosen: Chosen) -> None:
    table = "| Crew | 2015 | 2016 |\n|---|---|---|\n| Firefighters | 430 | 412 |\n| Drivers | 51 | 47 |"
    assert chosen(table, "How many drivers were there in 2015?") == "51"
    assert chosen(table, "How many drivers were there in 2016?") == "47"


def test_a_number_in_the_question_is_not_the_answer_to_it(chosen: Chosen) -> None:
    sentence = "Of the 65 boats, 12 were laid up for repair."
    assert chosen(sentence, "How many of the 65 boats were laid up?") == "12"


def test_the_organisations_own_is_meant_by_its_kind(chosen: Chosen) -> None:
    sentence = "It reached 71 percent of alarms in time. This is in line with the Norland average of 74 percent."
    assert chosen(sentence, "What share of alarms did the service reach in time?") != "74 percent"


def test_a_level_does_not_answer_for_a_change(chosen: Chosen) -> None:
    sentence = "Alarms fell by 9 percent over the year, and 61 percent of them were false alarms."
    assert chosen(sentence, "By how much did false alarms fall over the year?") == "9 percent"
    assert chosen("There were 61 false alarms over the year.", "By how much did false alarms fall?") is None


def test_a_change_the_other_way_is_another(chosen: Chosen) -> None:
    assert chosen("False alarms fell by 9 percent.", "By how much did false alarms rise?") is None


@pytest.mark.parametrize(
    ("sentence", "question", "figure"),
    [
        ("That is 3.9 percentage points higher than before.", "How far had it risen, in percentage points?", "3.9"),
        ("There was a fall in crews between March 2015 and March 2016 of 96 crews.", "By how many crews was it?", "96"),
        ("Training is planned 18 months ahead.", "How far ahead is training planned?", "18"),
    ],
)
def test_a_change_is_known_however_it_is_put(chosen: Chosen, sentence: str, question: str, figure: str) -> None:
    assert (chosen(sentence, question) or "").startswith(figure)


def test_the_whole_does_not_answer_for_a_part_of_it(chosen: Chosen) -> None:
    assert chosen("There is a capital programme of £8.6m.", "Of the capital programme, how much is for boats?") is None
    sentence = "Of the capital programme of £8.6m, £3.7m is for boats."
    assert chosen(sentence, "Of the capital programme, how much is for boats?") == "£3.7m"


@pytest.mark.parametrize(
    ("sentence", "question", "figure"),
    [
        ("Spending exceeded income by £3.1 million.", "By how much did spending exceed income?", "£3.1 million"),
        ("Fuel costs declined 7 percent.", "By how much did fuel costs fall?", "7 percent"),
        ("Income is £2 million below target.", "By how much is income below target?", "£2 million"),
        ("The service will lose 96 vans by 2021.", "How many fewer vans will there be by 2021?", "96"),
        ("It has 30 more trams than before.", "How many fewer trams has it?", None),
        ("The station lies 4 miles from the port.", "How far is the station from the port?", "4"),
    ],
)
def test_what_states_a_change(chosen: Chosen, sentence: str, question: str, figure: str | None) -> None:
    assert chosen(sentence, question) == figure


def test_the_one_reported_on_is_compared_with_others(chosen: Chosen) -> None:
    sentence = "It has 38 stations, compared with the Norland average of 44 stations."
    assert chosen(sentence, "How many stations does the service have compared with the Norland average?") == "38"
    assert chosen(sentence, "How many stations has it beside its neighbours, against the Norland average?") != "44"


def test_whose_it_is_is_not_all_that_is_asked(chosen: Chosen) -> None:
    sentence = "It has 38 stations, compared with the Norland average of 44 stations."
    assert chosen(sentence, "How many alarms is the Norland average?") is None


def test_what_is_also_compared_is_asked_for_first(chosen: Chosen) -> None:
    sentence = "It has 38 stations, compared with the Norland average of 44 stations."
    assert chosen(sentence, "How many stations are there, and how does it compare with the Norland average?") == "38"


@pytest.mark.parametrize(
    ("sentence", "question", "figure"),
    [
        ("The plan saves £62m a year across the three services.", "How much does the service save by the plan?", None),
        ("The plan saves £62m a year across the three services.", "How much does the plan save?", "£62m"),
        ("Northmere saves £2m of the £62m across the three services.", "How much does the service save?", "£2m"),
        ("Its share of these savings is put at £2m each year.", "What savings does the service plan?", None),
        (
            "Investments of £60m are required, of which its share is put at £21m.",
            "What is the service's own part of the investment?",
            "£21m",
        ),
        ("Investments of £60m are required, of which its share is put at £21m.", "What must be invested?", "£60m"),
    ],
)
def test_what_several_have_together_and_what_is_one_ones_share(
    chosen: Chosen, sentence: str, question: str, figure: str | None
) -> None:
    assert chosen(sentence, question) == figure


def test_what_is_counted_together_says_nothing_of_one_of_both(chosen: Chosen) -> None:
    sentence = "Of firefighters and cadets taken together, 69 percent stand watch at night."
    assert chosen(sentence, "What share of firefighters stands watch at night?") is None
    assert chosen(sentence, "What share of firefighters and cadets stands watch at night?") == "69 percent"


def test_more_than_at_another_time_is_a_change(chosen: Chosen) -> None:
    sentence = "In 2014 the share of boats at sea was 3.9 percentage points higher than in 2010."
    asked = "How far has the share of boats at sea {} since 2010, in percentage points?"
    assert chosen(sentence, asked.format("risen")) == "3.9 percentage points"
    assert chosen(sentence, asked.format("fallen")) is None


def test_a_figure_of_several_years_is_none_of_the_last(chosen: Chosen) -> None:
    sentence = "Between 2010/11 and 2013/14 fires fell by 13 percent."
    assert chosen(sentence, "How did fires change over the last 12 months?") is None
    assert chosen(sentence, "How did fires change between 2010/11 and 2013/14?") == "13 percent"


@pytest.mark.parametrize(
    ("sentence", "question", "figure"),
    [
        ("It has a total of 18 stations, 14 of which have a counter.", "How many stations were closed?", None),
        ("It has a total of 18 stations, 14 of which have a counter.", "How many stations are there?", "18"),
        ("It has a total of 18 stations in use.", "How many stations are located there?", "18"),
        ("It has closed 18 stations.", "How many stations were closed?", "18"),
        ("It plans a saving of £4m for the three trusts by 2020.", "What planned savings are there?", "£4m"),
        ("It plans to save with the three trusts by 2020.", "What planned savings are there?", None),
    ],
)
def test_what_there_is_does_not_tell_what_happened(
    chosen: Chosen, sentence: str, question: str, figure: str | None
) -> None:
    assert chosen(sentence, question) == figure


def test_a_share_within_one_is_no_share_of_the_other(chosen: Chosen) -> None:
    sentence = "The proportion of firefighters on the night shift was 92 percent."
    assert chosen(sentence, "What share of the night shift are firefighters?") is None
    assert chosen(sentence, "What proportion of firefighters is on the night shift?") == "92 percent"


@pytest.mark.parametrize(
    ("sentence", "question", "figure"),
    [
        ("It will have 1,769 boats by March 2017.", "How many boats will it have in March 2015?", None),
        ("It will have 1,769 boats by March 2017.", "How many boats will it have in March 2017?", "1,769"),
        ("There are several pilots and 71 lamps.", "How many pilots are there?", None),
        ("There are several pilots and 71 lamps.", "How many lamps are there?", "71"),
        ("There are five ports in the region.", "How many custody suites are there?", None),
        ("It employs 412 officers at sea and on land.", "How many firefighters does it employ?", "412"),
        (
            "The proportion of the total fleet assigned to night watch is 75 percent.",
            "What share of the pilots works at night?",
            None,
        ),
        (
            "The proportion of the total fleet assigned to night watch is 75 percent.",
            "What share of the fleet is on night watch?",
            "75 percent",
        ),
        ("It makes 72 percent of its savings from pay.", "What did the service spend on pay?", None),
        ("It spends £4m on pay.", "What did the service spend on pay?", "£4m"),
    ],
)
def test_what_is_said_outright_to_be_of_something_else_does_not_answer(
    chosen: Chosen, sentence: str, question: str, figure: str | None
) -> None:
    assert chosen(sentence, question) == figure


def test_a_level_is_not_the_gap_between_two(chosen: Chosen) -> None:
    sentence = "It has 38 stations, compared with the Norland average of 44 stations."
    assert chosen(sentence, "How large is the gap between its stations and the Norland average?") is None

"""A statement of a language model is held against the words that it rests on: what they do not say is named."""

import pytest

from index.records import Figure, Judgment
from rag.bear_out import Basis, faults

ORGANISATION = "Northmere Fire Service"


def basis(text: str, **known: object) -> Basis:
    return Basis(text, False, f"Northmere efficiency report 2016 {ORGANISATION}", 2016, ORGANISATION, **known)  # type: ignore[arg-type]


FIREFIGHTERS = "The number of firefighters fell from 431 in March 2014 to 398 in March 2016."
BOTH = "Firefighters fell by 20% and support staff by 3%."
COSTS = "The service costs £46 per head, compared with an average of £41 in similar services."

BORNE_OUT = [
    ("The service had 398 firefighters in March 2016.", "The service had 398 firefighters in March 2016."),
    (FIREFIGHTERS, "There were 398 firefighters in March 2016."),
    (FIREFIGHTERS, "The number of firefighters fell from 431 in March 2014 to 398 in March 2016."),
    (BOTH, "Firefighters fell by 20%."),
    (BOTH, "Firefighters fell by 20% and support staff by 3%."),
    (COSTS, "The service costs £46 per head."),
    ("The service spent £36.1m on equipment.", "The service spent £36.1 million on equipment."),
    ("It plans to open two stations by 2020.", "The service plans to open two stations by 2020."),
    ("Three stations closed because the budget was cut.", "Three stations closed because the budget was cut."),
    ("The service does not have a plan for its estate.", "The service does not have a plan for its estate."),
    ("The service has a plan, but its estate is not part of that plan.", "The service has a plan."),
    (
        "The service is judged to be good at keeping people safe.",
        "In 2016 the service was judged good at keeping people safe.",
    ),
    ("The fleet is old.", "Northmere Fire Service has an old fleet."),
]
NOT_BORNE_OUT = [
    ("The service had 398 firefighters.", "The service had 412 firefighters.", "figure"),
    ("The service spent £36.1m on equipment.", "The service spent £36.1 on equipment.", "figure"),
    ("The service spent £36.1m on equipment.", "The service spent 36.1% on equipment.", "figure"),
    ("The change was -20%.", "The change was 20%.", "figure"),
    ("The service has many stations.", "The service has twelve stations.", "figure"),
    ("Some stations are old.", "All stations are old.", "figure"),
    ("Some stations are old.", "Half of the stations are old.", "figure"),
    (BOTH, "Support staff fell by 20%.", "which_figure"),
    (BOTH, "Firefighters fell by 3% and support staff by 20%.", "which_figure"),
    (FIREFIGHTERS, "There were 398 firefighters in March 2014.", "which_figure"),
    (COSTS, "The service costs £41 per head.", "which_figure"),
    ("About 400 homes were visited.", "400 homes were visited.", "which_figure"),
    ("At least 400 homes were visited.", "The service visited 400 homes.", "which_figure"),
    ("In 2015 the service visited homes.", "In 2014 the service visited homes.", "date"),
    ("In 2015 the service was judged to be good.", "In 2016 the service was judged to be good.", "date"),
    ("Last year the service was judged to be good.", "In 2016 the service was judged to be good.", "date"),
    ("In March it visited homes.", "In April it visited homes.", "date"),
    ("The budget of 2014/15 was cut.", "The budget of 2015/16 was cut.", "date"),
    ("The service is judged to be good.", "The service is judged to be outstanding.", "judgment"),
    (
        "The chief fire officer, Ann Hale, left the service.",
        "The chief fire officer, Bob Lane, left the service.",
        "name",
    ),
    ("The service works with partners.", "The service works with NATO partners.", "name"),
    (
        "The service does not, however, have a plan for its estate.",
        "The service has a plan for its estate.",
        "negation",
    ),
    ("The service has a plan for its estate.", "The service does not have a plan for its estate.", "negation"),
    ("The service has no plan for its estate.", "The service has a plan for its estate.", "negation"),
    ("It lacks a plan for its estate.", "It has a plan for its estate.", "negation"),
    ("The service plans to employ 251 firefighters.", "The service employs 251 firefighters.", "hedge"),
    ("The service may close a station.", "The service will not close a station.", "negation"),
    ("Closing the station could save money.", "Closing the station saves money.", "hedge"),
    ("The number of firefighters fell.", "The number of firefighters rose.", "comparison"),
    ("The service costs more than similar services.", "Similar services cost more than the service.", "comparison"),
    ("The service costs more than similar services.", "The service costs less than similar services.", "comparison"),
    ("Three stations closed after the budget was cut.", "Three stations closed because the budget was cut.", "cause"),
    ("Three stations closed because the budget was cut.", "The budget was cut because three stations closed.", "cause"),
    ("The fleet is old.", "The mayor is worried about the harbour wall.", "words"),
    ("The fleet is old.", "The fleet is old, rusty, dangerous, neglected and unloved.", "words"),
]


@pytest.mark.parametrize(("words", "statement"), BORNE_OUT)
def test_what_the_words_say_is_borne_out(words: str, statement: str) -> None:
    assert faults(statement, [basis(words)]) == ()


@pytest.mark.parametrize(("words", "statement", "fault"), NOT_BORNE_OUT)
def test_what_they_do_not_say_is_named(words: str, statement: str, fault: str) -> None:
    assert fault in faults(statement, [basis(words)])


def row() -> Basis:
    """A row of a table, as the fact finder reads it."""

    def figure(text: str, measure: str, period: str, subject: str | None = None) -> Figure:
        return Figure(
            text,
            0,
            0,
            text.replace(",", "").strip("%"),
            "percent" if "%" in text else None,
            None,
            measure,
            subject,
            period,
        )

    figures = (
        figure("2,317", "Firefighters", "March 2010"),
        figure("1,859", "Firefighters", "March 2016"),
        figure("-20%", "Firefighters, Change, Service", "from 2010 to 2016"),
        figure("-14%", "Firefighters, Change, All services", "from 2010 to 2016", "All services"),
    )
    text = "Firefighters – March 2010: 2,317; March 2016: 1,859; Change, Service: -20%; Change, All services: -14%"
    return Basis(text, True, ORGANISATION, 2016, ORGANISATION, figures)


def test_a_figure_of_a_table_row_goes_with_its_own_column() -> None:
    assert faults("There were 1,859 firefighters in March 2016.", [row()]) == ()
    assert "which_figure" in faults("There were 1,859 firefighters in March 2010.", [row()])
    assert "which_figure" in faults("There were 1,859 firefighters.", [row()])
    assert faults("There were 1,859 staff in March 2016.", [row()]) != ()


def test_a_judgment_keeps_the_year_that_is_on_record() -> None:
    good = Judgment("good", "efficiency", ORGANISATION, 2014, 0, 4)
    recalled = Basis("It was judged to be good.", False, f"{ORGANISATION} efficiency", 2016, ORGANISATION, (), (good,))
    assert faults("The service was judged good in 2014.", [recalled]) == ()
    assert "judgment" in faults("The service was judged good in 2016.", [recalled])


def test_each_of_several_quotations_lends_its_words() -> None:
    two = [basis("The service has 14 stations."), basis("The fleet is old.")]
    assert faults("The service has 14 stations and the fleet is old.", two) == ()
    assert faults("The service has 14 stations and the fleet is new.", two) != ()


def test_entailment_is_asked_last_and_can_say_no() -> None:
    asked: list[tuple[str, str]] = []

    def never(words: str, statement: str) -> bool:
        asked.append((words, statement))
        return False

    assert faults("The fleet is old.", [basis("The fleet is old.")], never) == ("entailment",)
    assert "figure" in faults("The fleet has 9 engines.", [basis("The fleet is old.")], never)
    assert asked == [("The fleet is old.", "The fleet is old.")]

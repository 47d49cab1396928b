"""Whether words speak of exactly what is named, and say so plainly and of the whole."""

import pytest

from index.facts import sentence_figures
from index.records import ReportInfo
from index.terms import terms
from rag.features import Candidate
from rag.measured import measured
from rag.phrases import heads_exactly, speaks_of
from rag.retrieve import Evidence
from rag.understand import understand

OWN = terms("Northmere Fire Service")
HARBOUR = ReportInfo("id", "f", "t", "Northness Harbour Authority", None, 2016, None, None, 1, 1, 1, 1, "id", "", "")


def of(words: str) -> frozenset[str]:
    return frozenset(terms(words))


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("firefighters", "Northmere Fire Service employed 412 firefighters in 2016."),
        ("firefighters", "The number of firefighters fell from 412 in 2015 to 398 in 2016."),
        ("firefighters", "The service's firefighters were 412 at the end of March 2016."),
        ("savings requirement", "It expects the savings it has to make in 2016/17, forecasting a requirement of £9m."),
        ("savings needed", "All of the £10.4m savings needed in 2014/15 are planned."),
    ],
)
def test_what_is_named_alone_is_spoken_of(named: str, sentence: str) -> None:
    assert speaks_of(of(named), of(named), sentence, OWN)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("firefighters", "It had 72 firefighters in rural stations in 2016."),
        ("firefighters", "It had 72 part-time firefighters in 2016."),
        ("firefighters", "It had 412 firefighters and officers in 2016."),
        ("firefighters", "It had 412 firefighters, drivers and officers in 2016."),
        ("firefighters", "It lost 40 firefighter posts in 2016."),
        ("reserves", "It needs £10.4m in 2014/15 with the use of reserves."),
        ("reserves", "It has £6m in a general reserve."),
        ("savings requirement", "It made savings of £9m in 2016."),
    ],
)
def test_a_part_a_whole_or_a_neighbour_is_not_what_is_named(named: str, sentence: str) -> None:
    assert not speaks_of(of(named), of(named), sentence, OWN)


@pytest.mark.parametrize(
    ("headings", "caption", "fits"),
    [
        ("Firefighters, 31 March 2016", "", True),
        ("Fire Service firefighters, 2016 (planned)", "", True),
        ("Total, 2016", "Table 2: firefighters", True),
        ("Firefighters in training, 2016", "", False),
        ("Firefighters, Change", "", False),
        ("Officers, 2016", "Table 2: firefighters", False),
        ("Total, 2016", "Table 2: officers", False),
    ],
)
def test_the_headings_of_a_cell_name_it_exactly(headings: str, caption: str, fits: bool) -> None:
    assert heads_exactly(of("firefighters"), headings, caption, OWN) is fits


def moorings(sentence: str, ahead: str = "", asked: str = "number of moorings") -> list[tuple[str, str | None]]:
    """The figures of a sentence that are points of a timeline, with their periods."""
    figures = sentence_figures(sentence, len(ahead), (), HARBOUR.organisation)
    candidate = Candidate(sentence, sentence, ahead + sentence, "", "sentence", 0.0, 0.0, None, None)
    end = len(ahead) + len(sentence)
    evidence = Evidence(HARBOUR, len(ahead), end, None, None, (), figures, (), candidate, 0)
    question = understand(f"What was the {asked}?")
    found = measured(frozenset(question.terms), question, evidence, other=False)
    return [(point.figure.text, point.figure.period) for point in found]


@pytest.mark.parametrize(
    "sentence",
    [
        "Northness Harbour Authority had 412 moorings in 2016.",
        "In 2016 there were 412 moorings.",
        "412 moorings were recorded in 2016.",
        "The total number of moorings in 2016 was 412.",
        "The authority had 3 cranes and 412 moorings in 2016.",
        "The north basin was dredged, and the authority had 412 moorings in 2016.",
        "In 2016, the number of moorings rose to 412.",
    ],
)
def test_a_figure_that_is_plainly_said_of_the_whole_is_a_point(sentence: str) -> None:
    assert moorings(sentence) == [("412", "2016")]


def test_both_ends_of_a_change_are_points_of_their_years() -> None:
    said = "The number of moorings fell from 412 in 2015 to 398 in 2016."
    assert moorings(said) == [("412", "2015"), ("398", "2016")]


@pytest.mark.parametrize(
    "sentence",
    [
        "The authority did not have 412 moorings in 2016.",
        "The authority didn’t have 412 moorings in 2016.",
        "It is untrue that the authority had 412 moorings in 2016.",
        "If it had 412 moorings in 2016, the authority was lucky.",
        "The authority needed 412 moorings in 2016.",
        "The authority hopes to have 412 moorings in 2016.",
        "The authority would have had 412 moorings in 2016 without the new pier.",
        "The authority had room for 412 moorings in 2016.",
    ],
)
def test_a_figure_that_is_denied_or_only_wished_for_is_no_point(sentence: str) -> None:
    assert moorings(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The authority had fewer than 412 moorings in 2016.",
        "The authority had no more than 412 moorings in 2016.",
        "The authority had about 412 moorings in 2016.",
        "Nearly 412 moorings were recorded in 2016.",
        "In 2016 at most 412 moorings were there.",
        "The authority had up to 412 moorings in 2016.",
        "The authority had 412 moorings or more in 2016.",
        "The authority had between 400 and 412 moorings in 2016.",
        "The authority had 400 to 412 moorings in 2016.",
    ],
)
def test_a_figure_that_is_bounded_is_no_point(sentence: str) -> None:
    assert moorings(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The authority lost 40 moorings in 2016.",
        "The authority sold 412 moorings in 2016.",
        "The authority built 412 moorings in 2016.",
        "412 moorings were closed in 2016.",
        "The number of moorings rose by 40 in 2016.",
    ],
)
def test_a_change_is_no_point_of_a_level(sentence: str) -> None:
    assert moorings(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Each berth had 3 moorings in 2016.",
        "The north basin had 412 moorings in 2016.",
        "In the north basin, the authority had 412 moorings in 2016.",
        "In 2016 there were 412 moorings, in the north basin.",
        "In 2016, 412 moorings were in the north basin.",
        "The north basin opened its piers, and had 412 moorings in 2016.",
        "412 moorings were inspected in 2016.",
        "The authority had 412 of the moorings in 2016.",
        "The authority had 412 moorings per basin in 2016.",
    ],
)
def test_a_part_is_not_taken_for_the_whole(sentence: str) -> None:
    assert moorings(sentence) == []


def test_a_pronoun_stands_for_what_the_sentence_before_begins_with() -> None:
    assert moorings("It had 412 moorings in 2016.", "The north basin opened in 2010. ") == []
    assert moorings("It had 412 moorings in 2016.", "The authority opened in 2010. ") == [("412", "2016")]


def test_on_a_day_is_when_and_on_a_year_is_what_is_compared_with() -> None:
    assert moorings("The authority had 412 moorings on 31 March 2016.") == [("412", "31 March 2016")]
    assert moorings("The authority had 412 moorings, up 5% on 31 March 2016.") == []
    assert moorings("The authority had 412 moorings, more than on 31 March 2016.") == []


def test_what_is_needed_is_the_requirement() -> None:
    said = "It plans to find all of the £2.4m savings needed in 2014/15, and to set the savings requirement in time."
    assert moorings(said, asked="savings requirement") == [("£2.4m", "2014/15")]
    assert moorings(said.replace("savings", "moorings"), asked="number of moorings") == []

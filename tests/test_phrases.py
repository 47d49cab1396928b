"""Whether words speak of exactly what is named."""

import pytest

from index.terms import terms
from rag.phrases import heads_exactly, speaks_of

OWN = terms("Northmere Fire Service")


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

"""What a question wants to be named is told from what it says about it."""

import pytest

from index.terms import terms
from rag.understand import understand
from rag.wanted import wanted_share, wanted_terms


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which harbour master was the letter addressed to?", "harbour master"),
        ("How many night watchmen will there be in 2020?", "night watchmen"),
        ("What kind of vessel did the pilot board?", ""),
        ("Who leads the crew?", ""),
        ("What did the harbour pay for lamps?", ""),
        ("Why was the lock closed?", ""),
    ],
)
def test_the_terms_of_what_is_wanted(question: str, wanted: str) -> None:
    assert wanted_terms(question) == terms(wanted)


def test_a_statement_that_has_them_has_more_of_what_is_wanted() -> None:
    question = understand("Which harbour master was the letter addressed to?")
    assert wanted_share(question, "To Ann Lee, Harbour Master of Northmere") == 1.0
    assert wanted_share(question, "To Tom Roe, Master of the lock") == 0.5
    assert wanted_share(question, "To Ida Fox, Clerk of Works") == 0.0
    assert wanted_share(understand("Who leads the crew?"), "Ann Lee leads the crew.") == 0.0

"""A sentence that says what a term is comes before one that only uses it."""

import pytest

from rag.definitions import defines
from rag.understand import understand


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does FLOAT stand for?", "FLOAT weighs flood, loss, ownership, access and time."),
        ("What does FLOAT stand for?", "Note 2: FLOAT is a way of looking at calls."),
        ("What is coordinated flood response?", "⁶ Coordinated flood response brings several services to one scene."),
        ("What is meant by the fire ground?", "Inspectors define those on the fire ground as crews who fight fires."),
        ("What does the service mean by the fire ground?", "By its definition, the fire ground is where crews work."),
    ],
)
def test_a_definition_is_recognised(question: str, text: str) -> None:
    assert defines(understand(question), text) == 2.0


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does FLOAT stand for?", "Each call is weighed for flood and loss (FLOAT)."),
        ("What is the duty system?", "The duty system is a rota of four watches."),
        ("What is coordinated flood response?", "Crews of several services train for coordinated flood response.⁶"),
    ],
)
def test_a_sentence_that_may_define_counts_for_less(question: str, text: str) -> None:
    assert defines(understand(question), text) == 1.0


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does FLOAT stand for?", "Call handlers were trained in FLOAT last year."),
        ("What does FLOAT mean?", "All of their FLOAT is spent on training."),
        ("What does FLOAT stand for?", "Few of the FLOAT scores were checked."),
        ("How many crews use the duty system?", "The duty system is a rota of four watches."),
    ],
)
def test_a_sentence_that_uses_a_term_does_not_define_it(question: str, text: str) -> None:
    assert defines(understand(question), text) == 0.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It was decided that Northmere Council is the lead partner and should reply.", 1.0),
        ("It is the lead partner.", 0.0),
        ("The lead partner should reply to Northmere Council.", 0.0),
        ("Northmere Council is not the lead partner.", 0.0),
    ],
)
def test_who_is_what_is_told_by_a_sentence_that_says_so_of_a_name(text: str, says: float) -> None:
    assert defines(understand("Who did the reviewers find to be the lead partner in 2019?"), text) == says

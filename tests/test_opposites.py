"""A statement that says the opposite of what is asked is told from one that says it in other words."""

import pytest

from rag.opposites import negated, opposed
from rag.understand import understand


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("What hangs on the horizontal spar?", "A lantern hangs on the vertical spar."),
        ("Which crews are active in winter?", "The crews of the south mole are inactive in winter."),
        ("Who paid the lower harbour dues?", "Tankers paid the higher harbour dues."),
        ("Which vessels are included in the register?", "Rowing boats are excluded from the register."),
        ("When was the lock closed?", "In May 2015 the harbour introduced a new lock."),
        ("When did the dredging begin?", "Dredging finished in May 2015."),
        ("How much investment does the mole need?", "The mole brings a saving of £4m."),
        ("Why was the pilot unqualified?", "The pilot was qualified in 2014 since he had sailed with the master."),
    ],
)
def test_the_opposite_of_what_is_asked(question: str, statement: str) -> None:
    assert opposed(understand(question), statement)


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("What hangs on the horizontal spar?", "A lantern hangs on the horizontal spar above the vertical one."),
        ("Were dues high or low in 2016?", "Dues were low in 2016."),
        ("Is the lock open?", "The lock is closed."),
        ("How many units share the crane?", "It shares the crane with three."),
        ("When was the lock closed?", "The lock was opened in 2010 and closed in 2015."),
        ("When did the lock open?", "It was opened in May 2015."),
        ("How deep is the berth?", "The berth is 9 metres deep."),
    ],
)
def test_what_is_no_opposite(question: str, statement: str) -> None:
    assert not opposed(understand(question), statement)


@pytest.mark.parametrize(
    ("question", "statement", "wanted"),
    [
        ("Which berths were not dredged?", "Berths 4 and 5 were dredged in May.", True),
        ("Who never came back?", "The pilot came back at noon.", True),
        ("Which berths were not dredged?", "Berths 4 and 5 were not dredged.", False),
        ("Which berths weren't dredged?", "The crew could not dredge berth 6.", False),
        ("Why won't the lock save money?", "The lock brings no savings since it must be staffed.", False),
        ("Which berths were not dredged?", "The crew failed to dredge berth 6.", False),
        ("Which berths were dredged?", "Berths 4 and 5 were not dredged.", False),
        ("Did the report say whether or not it paid?", "It paid.", False),
        ("Was berth 4 not dredged?", "Berth 4 was dredged.", False),
    ],
)
def test_a_question_for_what_is_not_so(question: str, statement: str, wanted: bool) -> None:
    assert negated(understand(question), statement) == wanted

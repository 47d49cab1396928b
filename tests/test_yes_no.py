"""Yes or No is said where a sentence surely says it, and not where it only speaks of the same things."""

from pathlib import Path

import pytest

from index import Library
from index.terms import terms
from rag import Assistant
from rag.understand import understand
from rag.yes_no import yes_or_no

KNOWN = frozenset(terms("Inspection of Northmere Harbour Authority 2016"))


@pytest.mark.parametrize(
    ("question", "statement", "said"),
    [
        ("Does the authority use its dredging register?", "The dredging register is not used.", "No"),
        ("Is the lock open to visitors?", "The lock is closed to visitors.", "No"),
        ("Was the berth dredged in 2016?", "The berth was dredged.", "Yes"),
        ("Is the pilot station staffed, according to the 2016 inspection?", "The pilot station is staffed.", "Yes"),
        ("Is the crane at berth 3 working?", "The crane at berth no. 3 is working.", "Yes"),
    ],
)
def test_what_a_sentence_surely_says(question: str, statement: str, said: str) -> None:
    assert yes_or_no(understand(question), statement, KNOWN, (2016,)) == said


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        # Another thing, one thing less or more than is asked, or the same words about each other.
        ("Is the pilot station staffed at night?", "The pilot station is staffed."),
        ("Is the pilot station staffed?", "The signal station is staffed."),
        ("Is the upper lock open to visitors?", "The lower museum is closed to visitors."),
        ("Does the council fund the seamen's charity?", "The seamen's charity funds the council."),
        ("Did the pilots trust the police?", "The police trust the pilots."),
        ("Was the master dismissed?", "The master dismissed the complaint."),
        ("Is the fleet larger than the navy?", "The navy is larger than the fleet."),
        ("Is the new system of tickets open?", "The old system of tickets is open."),
        ("Does the crew record losses?", "The crew does not record losses in winter."),
        ("Does the authority support victims?", "The authority supports offenders."),
        ("Is the risk of flooding high?", "The risk of flooding is not low."),
        ("Does the inspection inspect the harbour?", "The harbour inspects the inspection."),
        # Another year.
        ("Was the berth dredged in 2016?", "The berth was dredged in 2012."),
        ("Was the berth dredged in 2012?", "The berth was dredged."),
        # Reserve, denial of a denial, alternatives.
        ("Are the crews trained?", "None of the crews are trained."),
        ("Is the dredging register used?", "The dredging register is not always used."),
        ("Is the dredging register used?", "Some crews used the dredging register."),
        ("Is the berth dredged weekly?", "The crew stopped dredging the berth weekly."),
        ("Is the berth dredged weekly?", "The berth must be dredged weekly."),
        ("Is the berth dredged weekly?", "There is no doubt that the berth is dredged weekly."),
        ("Is the berth dredged weekly?", "The berth is dredged weekly, not monthly."),
        ("Is the harbour lit at night?", "The harbour is lit at night when ships arrive."),
        ("Was the berth dredged?", "The berth was not dredged, but it was never closed."),
        ("Was the berth not dredged?", "The berth was dredged."),
        ("Is the lock open or closed?", "The lock is closed."),
        # Not a question for yes or no.
        ("When was the berth dredged?", "The berth was not dredged."),
    ],
)
def test_what_a_sentence_does_not_surely_say(question: str, statement: str) -> None:
    assert yes_or_no(understand(question), statement, KNOWN, (2016,)) is None


def test_the_answer_begins_with_it_and_quotes_the_sentence(library: Library, tmp_path: Path) -> None:
    said = "The dredging register is not used by the night crew."
    report = tmp_path / "harbour.md"
    title = "# Inspection of Northmere Harbour Authority 2016"
    report.write_text(f"{title}\n\nThe lock is old. {said}\n", encoding="utf-8")
    library.add([report])
    answer = Assistant(library).ask("Is the dredging register used by the night crew?")
    assert answer.text == f"**No**: {said} [1]"
    assert answer.citations[0].quote == said

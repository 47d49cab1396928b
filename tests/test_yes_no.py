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
        # Another thing, or one thing less than is asked.
        ("Is the pilot station staffed at night?", "The pilot station is staffed.", None),
        ("Is the pilot station staffed?", "The signal station is staffed.", None),
        ("Is the upper lock open to visitors?", "The lower museum is closed to visitors.", None),
        # Reserve, denial of a denial, alternatives.
        ("Is the dredging register used?", "The dredging register is not always used.", None),
        ("Is the dredging register used?", "Some crews used the dredging register.", None),
        ("Was the berth dredged?", "The berth was not dredged, but it was never closed.", None),
        ("Was the berth not dredged?", "The berth was dredged.", None),
        ("Is the lock open or closed?", "The lock is closed.", None),
        # Not a question for yes or no.
        ("When was the berth dredged?", "The berth was not dredged.", None),
    ],
)
def test_what_a_sentence_says_to_a_question(question: str, statement: str, said: str | None) -> None:
    assert yes_or_no(understand(question), statement, KNOWN, lambda term: 1.0) == said


def test_the_answer_begins_with_it_and_quotes_the_sentence(library: Library, tmp_path: Path) -> None:
    said = "The dredging register is not used by the night crew."
    report = tmp_path / "harbour.md"
    title = "# Inspection of Northmere Harbour Authority 2016"
    report.write_text(f"{title}\n\nThe lock is old. {said}\n", encoding="utf-8")
    library.add([report])
    answer = Assistant(library).ask("Is the dredging register used by the night crew?")
    assert answer.text == f"**No**: {said} [1]"
    assert answer.citations[0].quote == said

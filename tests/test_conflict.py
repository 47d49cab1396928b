"""Two reports that give different values for one thing: both are given, and it is said."""

from pathlib import Path

import pytest

from index import Library
from rag import Answer, Assistant

QUESTION = "How many moorings did Northmere Harbour Authority have on 31 March 2016?"


def ask(library: Library, tmp_path: Path, sentences: dict[int, str], question: str = QUESTION) -> Answer:
    """The answer over reports of these years with one sentence each."""
    for year, sentence in sentences.items():
        path = tmp_path / f"report-{year}.md"
        path.write_text(
            f"# Inspection of Northmere Harbour Authority {year}\n\nPublished in July {year}\n\n## Moorings\n\n"
            f"{sentence}\n\n## Lighting\n\nLamps of the year {year} were in working order.\n",
            encoding="utf-8",
        )
        library.add([path])
    return Assistant(library).ask(question)


def test_both_values_are_given_with_a_note(library: Library, tmp_path: Path) -> None:
    answer = ask(
        library,
        tmp_path,
        {
            2016: "The authority had 412 moorings on 31 March 2016.",
            2017: "The authority had 398 moorings on 31 March 2016.",
        },
    )
    assert {figure.value for figure in answer.figures} == {"412", "398"}
    assert {figure.check for figure in answer.figures} == {"in_quote"}
    (note,) = [note for note in answer.notes if note.kind == "conflict"]
    assert note.citations == (1, 2) and {c.year for c in answer.citations} == {2016, 2017}
    assert "2016" in note.text and "2017" in note.text


@pytest.mark.parametrize(
    "other",
    [
        "The authority had 412 moorings on 31 March 2016.",  # the same value
        "The authority had 398 moorings on 31 March 2017.",  # of another day
        "The authority had 398 lamps on 31 March 2016.",  # another measure
        "The authority had 398 moorings.",  # no period of its own
        "The authority had 398 moorings for yachts on 31 March 2016.",  # a part
        "The north basin of the authority had 98 moorings on 31 March 2016.",
        "The authority lost 40 moorings in the year to 31 March 2016.",  # a change
        "The authority had at least 400 moorings on 31 March 2016.",  # a bound
        "The authority was expected to have 398 moorings on 31 March 2016.",  # a plan
        "Similar authorities had 398 moorings on 31 March 2016 on average.",  # others'
    ],
)
def test_what_differs_in_more_than_the_value_is_no_conflict(library: Library, tmp_path: Path, other: str) -> None:
    answer = ask(library, tmp_path, {2016: "The authority had 412 moorings on 31 March 2016.", 2017: other})
    assert answer.figures[0].value == "412"
    assert not [note for note in answer.notes if note.kind == "conflict"]

"""Sentences by their places: where they end, and that no word falls between them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import leans, sentence_spans


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The rate was 3.5 per cent of the budget.",
        "The council uses tools (e.g. surveys) to plan.",
        "The panel heard from Dr. Amblecote on Monday.",
        "The rule is in No. 5 of the series.",
        "The panel heard from J. R. Amblecote.",
        "The council (see Fig. 2) spent less.",
        "Is the council efficient (and is it fair?) in what it does?",
        "The firm is Northmere Waste Ltd. and it is small.",
        "It sent £7.9m approx. to the reserve.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert _sentences(f"{sentence} Another follows.") == [sentence, "Another follows."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is good. It is fair.", ["It is good.", "It is fair."]),
        ("Is it good? It is.", ["Is it good?", "It is."]),
        ("They said “yes.” Then they left.", ["They said “yes.”", "Then they left."]),
        ("The model is old.³ It works.", ["The model is old.³", "It works."]),
        ("It rose (by a little.) It fell.", ["It rose (by a little.)", "It fell."]),
        ("A heading\nIts text", ["A heading", "Its text"]),
        ("It sold bins, lids, etc. The rest was kept.", ["It sold bins, lids, etc.", "The rest was kept."]),
        ("It counted 12. The rest was kept.", ["It counted 12.", "The rest was kept."]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert _sentences(text) == sentences


def test_places_count_from_the_offset() -> None:
    assert sentence_spans("One. Two.", 100) == ((100, 104), (105, 109))


def test_a_sentence_that_points_back_leans_on_the_one_before() -> None:
    assert leans("This is 20.4 percent of the budget.")
    assert leans("Over the same period, it rose.")
    assert not leans("The council spent less.")
    assert not leans("Itchen Council spent less.")


_MARKS = st.sampled_from([*" .!?\n()\"'”’", "e.g.", "No.", "Ltd.", "3.5", "Word", "word", "¹", "A."])


@settings(deadline=None)
@given(st.lists(_MARKS, max_size=30).map("".join) | st.text(max_size=80))
def test_every_character_that_is_not_blank_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    covered = [i for start, end in spans for i in range(start, end)]
    assert len(covered) == len(set(covered)) and covered == sorted(covered)
    assert all(text[i].isspace() for i in set(range(len(text))) - set(covered))
    assert all(text[start:end].strip() == text[start:end] for start, end in spans)

"""What answers is put in order and given a probability that grow with what speaks for it; the weights are checked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import rag.decide as decide
from index.errors import ModelUnavailable
from rag.decide import ANSWERS, ORDER, Measures, answer_probability, figure_values, lead, order

MIDDLING = Measures(plain=1.0, score=0.0, coverage=1.0, missing=0.5, span=-2.0, defines=0.0)


def test_what_the_reader_thinks_counts_for_prose_and_figures() -> None:
    better = replace(MIDDLING, score=2.0)
    assert order("prose", better.values()) > order("prose", MIDDLING.values())
    assert answer_probability("prose", better.values(), 1.0) > answer_probability("prose", MIDDLING.values(), 1.0)
    figures = [figure_values(measures, 4.0, -1.0) for measures in (better, MIDDLING)]
    assert order("figure", figures[0]) > order("figure", figures[1])
    assert answer_probability("figure", figures[0], 1.0) > answer_probability("figure", figures[1], 1.0)


def test_a_figure_that_fits_better_is_likelier_to_answer() -> None:
    good, poor = (figure_values(MIDDLING, fit, -1.0) for fit in (6.0, 3.0))
    assert order("figure", good) > order("figure", poor)
    assert answer_probability("figure", good, 1.0) > answer_probability("figure", poor, 1.0)


def test_what_is_well_ahead_of_the_next_is_likelier_to_answer() -> None:
    for kind, values in (("prose", MIDDLING.values()), ("figure", figure_values(MIDDLING, 4.0, -1.0))):
        assert answer_probability(kind, values, 3.0) > answer_probability(kind, values, -1.0)


def test_a_definition_of_what_is_asked_about_is_put_first() -> None:
    assert order("prose", replace(MIDDLING, defines=2.0).values()) > order("prose", MIDDLING.values())


def test_what_says_the_opposite_is_less_likely_to_answer() -> None:
    known = answer_probability("prose", MIDDLING.values(), 1.0)
    assert answer_probability("prose", replace(MIDDLING, opposed=1.0).values(), 1.0) < known
    assert answer_probability("prose", replace(MIDDLING, negated=1.0).values(), 1.0) < known


def test_the_least_span_is_as_bad_as_any_below_it() -> None:
    assert figure_values(MIDDLING, 4.0, -12.0) == figure_values(MIDDLING, 4.0, -300.0)


def test_a_lead_is_to_the_best_other_one_and_has_bounds() -> None:
    assert (lead(3.0, 1.0), lead(1.0, 3.0), lead(0.0, None)) == (2.0, -2.0, 5.0)
    assert (lead(90.0, 1.0), lead(1.0, 90.0)) == (5.0, -5.0)


def test_what_was_not_read_is_weighed_without_the_reader() -> None:
    unread = replace(MIDDLING, score=None)
    assert "score" not in unread.values() and "span" not in figure_values(unread, 4.0, -1.0)
    assert 0 < answer_probability("prose", unread.values(), 1.0) < 1
    assert 0 < answer_probability("figure", figure_values(unread, 4.0, -1.0), 1.0) < 1


@pytest.mark.parametrize(
    "content", ["", "{}", '{"read": {"prose": {}}, "unread": {}}', '{"read": 3, "unread": 4}', "[]"]
)
def test_weights_that_cannot_be_read_are_named(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "decision.json"
    broken.write_text(content, encoding="utf-8")
    monkeypatch.setattr(decide, "WEIGHTS", broken)
    decide._stored.cache_clear()
    try:
        with pytest.raises(ModelUnavailable, match=r"decision\.json"):
            order("prose", MIDDLING.values())
    finally:
        decide._stored.cache_clear()


def test_the_shipped_weights_are_for_the_measures_in_use() -> None:
    stored = json.loads(decide.WEIGHTS.read_text(encoding="utf-8"))
    for kind in ORDER:
        assert set(stored["read"][kind]["order"]) == set(ORDER[kind])
        assert set(stored["read"][kind]["answers"]) == set(ANSWERS[kind])
        assert set(stored["unread"][kind]["order"]) == set(ORDER[kind]) - {"score", "span"}
        assert all(0 < stored[how][kind]["answers_from"] < 1 for how in ("read", "unread"))
    for how in ("read", "unread"):
        assert stored[how]["prose"]["answers_from"] < stored[how]["prose"]["answers_whether_from"] < 1

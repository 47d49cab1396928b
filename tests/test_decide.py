"""The probability that evidence answers grows with what speaks for it, and its weights are checked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import rag.decide as decide
from index.errors import ModelUnavailable
from rag.decide import FIGURE, PROSE, Measures, figure_probability, prose_probability

MIDDLING = Measures(plain=1.0, score=0.0, coverage=1.0, missing=0.5, span=-2.0, defines=0.0)


def test_what_the_reader_thinks_counts_for_prose_and_figures() -> None:
    better = replace(MIDDLING, score=MIDDLING.score + 2)
    assert prose_probability(better) > prose_probability(MIDDLING)
    assert figure_probability(better, 4.0, -1.0) > figure_probability(MIDDLING, 4.0, -1.0)


def test_a_figure_that_fits_better_is_likelier_to_answer() -> None:
    assert figure_probability(MIDDLING, 6.0, -1.0) > figure_probability(MIDDLING, 3.0, -1.0)


def test_a_definition_of_what_is_asked_about_is_likelier_to_answer() -> None:
    assert prose_probability(replace(MIDDLING, defines=2.0)) > prose_probability(MIDDLING)


def test_the_least_span_is_as_bad_as_any_below_it() -> None:
    assert figure_probability(MIDDLING, 4.0, -12.0) == figure_probability(MIDDLING, 4.0, -300.0)


@pytest.mark.parametrize("content", ["", "{}", '{"prose": {"plain": 1}, "figure": {}}', '{"prose": 3, "figure": 4}'])
def test_weights_that_cannot_be_read_are_named(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "decision.json"
    broken.write_text(content, encoding="utf-8")
    monkeypatch.setattr(decide, "WEIGHTS", broken)
    decide._weights.cache_clear()
    try:
        with pytest.raises(ModelUnavailable, match=r"decision\.json"):
            prose_probability(MIDDLING)
    finally:
        decide._weights.cache_clear()


def test_the_shipped_weights_are_for_the_measures_in_use() -> None:
    stored = json.loads(decide.WEIGHTS.read_text(encoding="utf-8"))
    assert set(stored["prose"]) == set(PROSE)
    assert set(stored["figure"]) == set(FIGURE)

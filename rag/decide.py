"""Decide: the probability that a piece of evidence, or one figure in it, answers the question.

A logistic function of a handful of weighed measures, each of which can be read off an answer. The weights stand in
`decision.json`; docs/quality.md says how they were chosen and what they reached.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.errors import ModelUnavailable

WEIGHTS = Path(__file__).with_name("decision.json")
PROSE = ("plain", "score", "coverage", "missing", "span", "defines", "bias")
FIGURE = ("plain", "score", "coverage", "missing", "span", "fit", "bias")
LEAST_SPAN = -12.0  # log-probability of a span below which it makes no more difference


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of a ranked statement. `plain` are the log-odds of the plain features, `score` the reader's;
    `coverage` is the share of the question's term weight that the statement has, plus the share that it has together
    with its passage and header (0 to 2), and `missing` the weight of the heaviest term that is in none of these (0 to
    1); `span` is the log-probability of the likeliest answer within it; `defines` whether it defines what is asked
    about (0 to 2)."""

    plain: float
    score: float
    coverage: float
    missing: float
    span: float
    defines: float

    def values(self) -> dict[str, float]:
        """The measures by name, with the bias."""
        return {
            "plain": self.plain,
            "score": self.score,
            "coverage": self.coverage,
            "missing": self.missing,
            "span": max(LEAST_SPAN, self.span),
            "defines": self.defines,
            "bias": 1.0,
        }


def prose_probability(measures: Measures) -> float:
    """The probability (0 to 1) that the statement answers."""
    return _probability("prose", PROSE, measures.values())


def figure_probability(measures: Measures, fit: float, span: float) -> float:
    """The probability (0 to 1) that a figure of the statement answers. `fit`: how well it fits (`rag/fit.py`); `span`:
    the reader's log-probability that the figure is the answer."""
    return _probability("figure", FIGURE, measures.values() | {"fit": fit, "span": max(LEAST_SPAN, span)})


def _probability(kind: str, names: tuple[str, ...], values: dict[str, float]) -> float:
    weights = _weights()[kind]
    return 1.0 / (1.0 + math.exp(-sum(weights[name] * values[name] for name in names)))


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    try:
        stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        return {
            kind: {name: float(stored[kind][name]) for name in names}
            for kind, names in (("prose", PROSE), ("figure", FIGURE))
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"The weights at {WEIGHTS} cannot be read: install Citewell again.") from error

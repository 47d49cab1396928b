"""Decide which evidence, or which figure in it, answers a question best, and how probable it is that it does.

Both are weighed sums of a handful of measures, each of which can be read off an answer: one puts what may answer in
order, the other, a logistic function, says of the first whether it answers or nothing does. The weights stand in
`decision.json` with what they reached, once for evidence that was read and once for evidence that was not, since the
reader can be left out. How they were fitted: `training/fit_decision.py`.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from index.errors import ModelUnavailable

Kind = Literal["prose", "figure"]

WEIGHTS = Path(__file__).with_name("decision.json")
_OF_A_STATEMENT = ("plain", "score", "cosine", "coverage", "missing", "span", "wanted", "opposed")
ORDER: dict[Kind, tuple[str, ...]] = {
    "prose": (*_OF_A_STATEMENT, "defines"),
    "figure": (*_OF_A_STATEMENT, "fit", "period", "whose"),
}
ANSWERS: dict[Kind, tuple[str, ...]] = {kind: (*names, "negated", "lead", "bias") for kind, names in ORDER.items()}
OF_THE_READER = frozenset(("score", "span"))
LEAST_SPAN = -12.0  # log-probability of a span below which it makes no more difference
MOST_LEAD = 5.0  # of what is ordered first before the next, and of what is alone


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of a ranked statement. `plain` are the log-odds of the plain features, `score` the reader's, None
    where it was not read; `coverage` is the share of the question's term weight that the statement has, plus the share
    that it has together with its passage and header (0 to 2), and `missing` the weight of the heaviest term that is in
    none of these (0 to 1); `span` is the log-probability of the likeliest answer within it; `defines` whether it
    defines what is asked about (0 to 2). `cosine` is that of the question and the statement; `wanted` the share of the
    words for what is asked for ("which chief executive") that the statement has (0 to 1). `opposed` and `negated` are
    1 where it says the opposite of what is asked (`rag/opposites.py`), else 0."""

    plain: float
    score: float | None
    coverage: float
    missing: float
    span: float
    defines: float
    cosine: float = 0.0
    wanted: float = 0.0
    opposed: float = 0.0
    negated: float = 0.0

    def values(self) -> dict[str, float]:
        """The measures by name, with the bias."""
        known = {
            "plain": self.plain,
            "coverage": self.coverage,
            "missing": self.missing,
            "defines": self.defines,
            "cosine": self.cosine,
            "wanted": self.wanted,
            "opposed": self.opposed,
            "negated": self.negated,
            "bias": 1.0,
        }
        return known if self.score is None else known | {"score": self.score, "span": max(LEAST_SPAN, self.span)}


def figure_values(
    measures: Measures, fit: float, span: float, period: float = 0.0, whose: float = 0.0
) -> dict[str, float]:
    """The measures of a figure in a statement by name. `fit`: how well it fits; `period` and `whose`: whether it is of
    the period, and of the one, asked about (1, -1 for another's, 0 where either does not say; `rag/fit.py`); `span`:
    the reader's log-probability that the figure is the answer."""
    values = measures.values() | {"fit": fit, "period": period, "whose": whose}
    return values if measures.score is None else values | {"span": max(LEAST_SPAN, span)}


def order(kind: Kind, values: Mapping[str, float]) -> float:
    """How well it answers: differences are log-odds against what else may answer the same question."""
    return _sum(_table(kind, "order", values), values)


def lead(score: float, best_other: float | None) -> float:
    """How far ahead of the best other one is (behind it, if negative), for `answer_probability`."""
    return MOST_LEAD if best_other is None else max(-MOST_LEAD, min(MOST_LEAD, score - best_other))


def answer_probability(kind: Kind, values: Mapping[str, float], ahead: float) -> float:
    """The probability (0 to 1) that it answers. `ahead`: its `lead`."""
    log_odds = _sum(_table(kind, "answers", values), {**values, "lead": ahead})
    return 1.0 / (1.0 + math.exp(-log_odds))


def answers_from(kind: Kind, *, read: bool, whether: bool = False) -> float:
    """The probability from which it is given as an answer; `whether`: to a question that wants a yes or no, which a
    sentence beside the point seems to say."""
    return _stored()[f"{_how(read)}_answers_from"]["whether" if whether else kind]


def _sum(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return sum(weight * values[name] for name, weight in weights.items())


def _table(kind: Kind, step: str, values: Mapping[str, float]) -> dict[str, float]:
    return _stored()[f"{_how('score' in values)}_{kind}_{step}"]


def _how(read: bool) -> str:
    return "read" if read else "unread"


@lru_cache(maxsize=1)
def _stored() -> dict[str, dict[str, float]]:
    """The tables of `decision.json` by name, such as "read_prose_order"."""
    try:
        stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        tables: dict[str, dict[str, float]] = {}
        for how in ("read", "unread"):
            tables[f"{how}_answers_from"] = {kind: float(stored[how][kind]["answers_from"]) for kind in ORDER}
            tables[f"{how}_answers_from"]["whether"] = float(stored[how]["prose"]["answers_whether_from"])
            for step, wanted in (("order", ORDER), ("answers", ANSWERS)):
                for kind, names in wanted.items():
                    own = stored[how][kind][step]
                    kept = [name for name in names if how == "read" or name not in OF_THE_READER]
                    tables[f"{how}_{kind}_{step}"] = {name: float(own[name]) for name in kept}
        return tables
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"The weights at {WEIGHTS} cannot be read: install Citewell again.") from error

"""Rank: a calibrated probability, for each piece of evidence, that it answers the question.

A small network over `features.NAMES`, fitted by `evals/fit_ranker.py` on report questions; its weights and what it
reached on organisations that it had not seen stand in `ranker.json`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable

from .features import NAMES, Weight, features
from .retrieve import Evidence
from .understand import Question

WEIGHTS = Path(__file__).with_name("ranker.json")


@dataclass(frozen=True, slots=True)
class Ranked:
    """Evidence with the probability (0 to 1) that it answers."""

    evidence: Evidence
    answer_probability: float


class Ranker:
    """The fitted network. Raises ModelUnavailable when its weights are absent or made for other features."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelUnavailable(f"The ranker's weights at {path} cannot be read: install Citewell again.") from error
        if tuple(stored["features"]) != NAMES:
            raise ModelUnavailable(f"The ranker's weights at {path} are for other features: run evals/fit_ranker.py.")
        self._mean = np.array(stored["mean"], dtype=np.float32)
        self._spread = np.array(stored["spread"], dtype=np.float32)
        self._layers = [
            (np.array(layer["weights"], dtype=np.float32), np.array(layer["bias"], dtype=np.float32))
            for layer in stored["layers"]
        ]

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n,) from float32 (n, len(NAMES))."""
        hidden = (rows - self._mean) / self._spread
        for weights, bias in self._layers[:-1]:
            hidden = np.maximum(hidden @ weights + bias, 0.0)
        weights, bias = self._layers[-1]
        logits = (hidden @ weights + bias)[:, 0]
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)

    def rank(self, question: Question, evidence: tuple[Evidence, ...], weight: Weight) -> tuple[Ranked, ...]:
        """The evidence, most probable first; equal ones in the order of report and place."""
        if not evidence:
            return ()
        rows = np.stack([features(question, piece.candidate, weight) for piece in evidence])
        ranked = [Ranked(e, float(p)) for e, p in zip(evidence, self.probabilities(rows), strict=True)]
        return tuple(
            sorted(ranked, key=lambda r: (-r.answer_probability, r.evidence.report.report_id, r.evidence.start))
        )

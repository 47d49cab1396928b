"""Rank: a probability, for each piece of evidence, that it answers the question.

Plain features, weighed, choose which pieces are read; the reader reads them; the weighed features and the reading
together give the probability. The weights stand in `ranker.json` with what they reached on organisations that nothing
was fitted on. They were set by hand: weights fitted by `training/fit_ranker.py` did no better there at choosing the
right sentence, and worse at telling when to be silent, since the training questions that have no answer share more
words with their passages than those that have one.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.records import Figure
from index.sentences import sentence_spans

from .choose import FIT_WEIGHT, asks_other, rank_figures
from .consistent import consistent, defines
from .features import NAMES, Weight, features
from .reader import Reader, Reading
from .retrieve import Evidence
from .understand import Question

WEIGHTS = Path(__file__).with_name("ranker.json")
DEFINES = 4.0  # log-odds for a sentence that says what the term asked about is
NO_FIGURE = -10.0  # stands for the fit of evidence that has no figure to answer with
READ = 5  # pieces of evidence that are read for one question
CROP = 200  # characters: a sentence with its neighbours if they are short; the reader was taught with up to 420
HEADER = 60  # characters of the header that the reader is given
READER_NAMES = (
    "answer_logit",  # the reader's log-odds that the text answers
    "span_own",  # log-probability of the best answer that lies within the evidence itself
    "span_any",  # the same anywhere in the text
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Evidence with the probability (0 to 1) that it answers, and what the reader made of it.

    `coverage` is the share of the question's term weight that the evidence has, plus the share that it has together
    with its passage and header (0 to 2). `offset` is where the evidence begins in the text that was read.
    """

    evidence: Evidence
    answer_probability: float
    coverage: float
    reading: Reading
    read_text: str
    offset: int

    def figure_log_probability(self, figure: Figure) -> float:
        """How likely (log) the reader takes the figure to be the answer."""
        start, end = _figure_place(self, figure)
        return self.reading.span_log_probability(start, end) if end > start else -20.0

    def answer_span(self) -> tuple[int, int]:
        """The (start, end) of the likeliest answer in the canonical text; (0, 0) where it is not in the evidence."""
        start, end = self.reading.best_span()
        start, end = start - self.offset + self.evidence.start, end - self.offset + self.evidence.start
        inside = self.evidence.start <= start < end <= self.evidence.end
        return (start, end) if inside and self.evidence.candidate.kind != "row" else (0, 0)


Network = Callable[[NDArray[np.float32]], NDArray[np.float32]]


class Ranker:
    """The fitted networks and the reader. Raises ModelUnavailable when weights are absent or for other features."""

    def __init__(self, path: Path = WEIGHTS, reader: Reader | None = None) -> None:
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            fits = tuple(stored["features"]) == NAMES and tuple(stored["reader_features"]) == READER_NAMES
            self._first, self._final = network(stored["first"]), network(stored["final"])
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(f"The ranker's weights at {path} cannot be read: install Citewell again.") from error
        if not fits:
            raise ModelUnavailable(f"The ranker's weights at {path} are for other features: fit them again.")
        self._reader = reader if reader is not None else Reader()

    def rank(self, question: Question, evidence: tuple[Evidence, ...], weight: Weight) -> tuple[Ranked, ...]:
        """The evidence that was read, most probable first; equal ones in the order of report and place."""
        evidence = _distinct([piece for piece in evidence if consistent(question, piece)])
        if not evidence:
            return ()
        rows = np.stack([features(question, piece.candidate, weight) for piece in evidence])
        first = self._first(rows)
        coverage = rows[:, NAMES.index("coverage_statement")] + rows[:, NAMES.index("coverage_context")]
        order = log_odds(first) + _figure_fits(question, evidence, weight)
        order += DEFINES * np.array([defines(question, piece.text) for piece in evidence], dtype=np.float32)
        kept = np.argsort(-order, kind="stable")[:READ]
        texts = [_read_text(evidence[i]) for i in kept]
        readings = self._reader.read(
            question.text, [(evidence[i].candidate.header[:HEADER], t) for i, (t, _) in zip(kept, texts, strict=True)]
        )
        extra = [
            reader_features(reading, offset, offset + _own_length(evidence[i]))
            for i, reading, (_, offset) in zip(kept, readings, texts, strict=True)
        ]
        probabilities = self._final(final_features(first[kept], extra))
        ranked = [
            Ranked(evidence[i], float(p), float(coverage[i]), reading, text, offset)
            for i, p, reading, (text, offset) in zip(kept, probabilities, readings, texts, strict=True)
        ]
        return tuple(
            sorted(ranked, key=lambda r: (-r.answer_probability, r.evidence.report.report_id, r.evidence.start))
        )


def final_features(first: NDArray[np.float32], reading: Sequence[tuple[float, ...]]) -> NDArray[np.float32]:
    """float32 (n, 1 + len(READER_NAMES)): the first network's log-odds beside the reader's features."""
    return np.concatenate([log_odds(first)[:, None], np.array(reading, dtype=np.float32)], axis=1).astype(np.float32)


def log_odds(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 of the same shape, kept within ±14."""
    kept = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float32)


def _figure_fits(question: Question, evidence: Sequence[Evidence], weight: Weight) -> NDArray[np.float32]:
    """float32 (n,): how well the best figure of each piece fits a question for a figure, 0 for other questions."""
    if question.kind != "figure":
        return np.zeros(len(evidence), dtype=np.float32)
    other = asks_other(question, evidence)
    best = [max((fit for fit, _ in rank_figures(question, e, other, weight)), default=NO_FIGURE) for e in evidence]
    return FIT_WEIGHT * np.array(best, dtype=np.float32)


def _distinct(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence with what twins repeat taken once: from the report whose id is lowest."""
    kept: dict[tuple[str, str], Evidence] = {}
    for piece in evidence:
        key = (piece.report.twin_of, re.sub(r"\W+", " ", piece.candidate.meaning).lower())
        known = kept.get(key)
        if known is None or piece.report.report_id < known.report.report_id:
            kept[key] = piece
    return tuple(kept.values())


def network(stored: dict[str, Any]) -> Network:
    """A stored network as a function: float32 (n, features) → float32 (n,) probabilities."""
    mean, spread = np.array(stored["mean"], dtype=np.float32), np.array(stored["spread"], dtype=np.float32)
    layers = [
        (np.array(layer["weights"], dtype=np.float32), np.array(layer["bias"], dtype=np.float32))
        for layer in stored["layers"]
    ]

    def run(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        hidden = (rows - mean) / spread
        for weights, bias in layers[:-1]:
            hidden = np.maximum(hidden @ weights + bias, 0.0)
        weights, bias = layers[-1]
        return np.asarray(1.0 / (1.0 + np.exp(-(hidden @ weights + bias)[:, 0])), dtype=np.float32)

    return run


def reader_features(reading: Reading, start: int, end: int) -> tuple[float, float, float]:
    """The features of `READER_NAMES` for the evidence that stands from `start` to `end` of the text read."""
    anywhere = reading.best_span()
    return (
        reading.answer_logit,
        max(-20.0, reading.span_log_probability(start, end)),
        max(-20.0, reading.span_log_probability(*anywhere)),
    )


def _own_length(evidence: Evidence) -> int:
    return len(evidence.candidate.meaning) if evidence.candidate.kind != "sentence" else evidence.end - evidence.start


def _read_text(evidence: Evidence) -> tuple[str, int]:
    """The text to read for a piece of evidence, and where the evidence begins in it: a sentence with its neighbours
    from its passage, a row or judgment as it is written out."""
    c = evidence.candidate
    if c.kind != "sentence":
        return c.meaning, 0
    start, end = evidence.start - evidence.passage_start, evidence.end - evidence.passage_start
    spans = sentence_spans(c.passage)
    before = [s for s, e in spans if e <= start]
    after = [e for s, e in spans if s >= end]
    first, last = start, end
    if before and end - before[-1] <= CROP:
        first = before[-1]
    if after and after[0] - first <= CROP:
        last = after[0]
    return c.passage[first:last], start - first


def _figure_place(ranked: Ranked, figure: Figure) -> tuple[int, int]:
    """Where a figure stands in the text read. In a row written out, after the headings of its cell."""
    evidence = ranked.evidence
    if evidence.candidate.kind == "sentence":
        start = figure.start - evidence.start + ranked.offset
        return start, start + len(figure.text)
    headings = (figure.measure or "").split(", ")
    for kept in range(len(headings)):
        lead = ", ".join(headings[kept:]) + ": "
        at = ranked.read_text.find(lead + figure.text)
        if at >= 0:
            return at + len(lead), at + len(lead) + len(figure.text)
    at = ranked.read_text.find(figure.text)
    return (at, at + len(figure.text)) if at >= 0 else (0, 0)

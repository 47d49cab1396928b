"""Rank: a probability, for each piece of evidence, that it answers the question.

Plain features, weighed, choose which pieces are read; the reader reads them; the weighed features and its score give
the probability (`rag/decide.py`). The weights of the features stand in `ranker.json` with what they reached on
organisations that nothing was fitted on. They were set by hand: fitted ones did no better there at choosing the right
sentence, and worse at telling when to be silent, since the training questions that have no answer share more words
with their passages than those that have one.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.records import Figure

from .choose import asks_other, rank_figures
from .consistent import consistent
from .crops import make_crops
from .decide import Measures, answer_probability, lead
from .decide import order as order_of
from .definitions import defines
from .features import NAMES, Weight, features
from .opposites import negated, opposed
from .reader import Crop, Reader, Reading, Reads, Unread
from .retrieve import Evidence
from .tolerance import with_tolerances
from .understand import Question
from .wanted import wanted_share

WEIGHTS = Path(__file__).with_name("ranker.json")
DEFINES = 3.0  # log-odds for a sentence that may say what the term asked about is; twice that where it does
FIT_WEIGHT = 0.7  # of the fit of the best figure, against the log-odds of the plain features
NO_FIGURE = -10.0  # stands for the fit of evidence that has no figure to answer with
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is read for one question: `most` pieces of evidence, and none that the plain features put more than
    `behind` log-odds behind the first."""

    most: int
    behind: float


ANSWERS = Depth(most=6, behind=4.0)
SEARCHES = Depth(most=2, behind=0.5)  # reading more puts fewer right passages first, and takes most of the time


@dataclass(frozen=True, slots=True)
class Ranked:
    """Evidence with how well it answers (`order`, log-odds against the other evidence), the probability (0 to 1) that
    it does, and what the reader made of it.

    `offset` is where the evidence begins in the crop that was read.
    """

    evidence: Evidence
    order: float
    answer_probability: float
    measures: Measures
    reading: Reading
    crop: Crop
    offset: int

    @property
    def is_read(self) -> bool:
        """Whether the reader took part."""
        return self.measures.score is not None

    def figure_log_probability(self, figure: Figure) -> float:
        """How likely (log) the reader takes the figure to be the answer."""
        start, end = _figure_place(self, figure)
        return self.reading.span_log_probability(start, end) if end > start else -20.0

    def beside(self) -> tuple[tuple[int, int, float], ...]:
        """The sentences that were read beside a sentence, as (start, end) in the canonical text, with their scores."""
        if self.evidence.candidate.kind != "sentence":
            return ()
        shift = self.evidence.start - self.offset
        spans = zip(self.crop.statements, self.reading.scores, strict=True)
        return tuple((start + shift, end + shift, score) for (start, end), score in spans if start != self.offset)

    def answer_span(self) -> tuple[int, int]:
        """The (start, end) of the likeliest answer in the canonical text; (0, 0) where it is not in the evidence."""
        if self.evidence.candidate.kind == "row":
            return (0, 0)
        length = self.evidence.end - self.evidence.start
        start, end = self.reading.best_span(self.offset, self.offset + length)
        if end <= start:
            return (0, 0)
        shift = self.evidence.start - self.offset
        return max(self.evidence.start, start + shift), min(self.evidence.end, end + shift)


class Ranker:
    """The weights of the plain features, and the reader. Raises ModelUnavailable when either is absent, or the weights
    are for other features."""

    def __init__(self, path: Path = WEIGHTS, reader: Reads | None = None) -> None:
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            fits = tuple(stored["weights"]) == NAMES
            self._weights = np.array(list(stored["weights"].values()), dtype=np.float32)
            self._bias = float(stored["bias"])
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(f"The ranker's weights at {path} cannot be read: install Citewell again.") from error
        if not fits:
            raise ModelUnavailable(f"The ranker's weights at {path} are for other features: install Citewell again.")
        self._reader: Reads = reader if reader is not None else Reader()

    def rank(self, question: Question, evidence: tuple[Evidence, ...], weight: Weight) -> tuple[Ranked, ...]:
        """The evidence that was read, what answers best first; equal ones in the order of report and place."""
        weighed = self._weigh(question, evidence, weight)
        return _measured(question, weighed, weighed.first(ANSWERS), self._reader)

    def rank_first(
        self, question: Question, evidence: tuple[Evidence, ...], weight: Weight
    ) -> tuple[tuple[Ranked, ...], tuple[Evidence, ...]]:
        """As `rank` does, but no more is read than puts the right passage first, and nothing where the plain features
        put one piece far enough ahead; and the evidence that would have been read for an answer, in the order of the
        plain features."""
        weighed = self._weigh(question, evidence, weight)
        kept = wanted = weighed.first(ANSWERS)
        if not isinstance(self._reader, Unread):
            kept = _told_apart(weighed.evidence, weighed.first(SEARCHES))
        rest = [i for i in wanted if i not in kept]
        reader = self._reader if len(kept) > 1 else Unread()
        return _measured(question, weighed, kept, reader, rest), tuple(weighed.evidence[i] for i in rest)

    def _weigh(self, question: Question, evidence: tuple[Evidence, ...], weight: Weight) -> "_Weighed":
        evidence = with_tolerances(question, _distinct([piece for piece in evidence if consistent(question, piece)]))
        rows = np.array([features(question, piece.candidate, weight) for piece in evidence], dtype=np.float32)
        rows = rows.reshape(len(evidence), len(NAMES))
        plain = rows @ self._weights + self._bias
        definitions = np.array([defines(question, piece.text) for piece in evidence], dtype=np.float32)
        return _Weighed(
            evidence=evidence,
            plain=plain,
            order=plain + _figure_fits(question, evidence, weight) + DEFINES * definitions,
            coverage=rows[:, NAMES.index("coverage_statement")] + rows[:, NAMES.index("coverage_context")],
            missing=rows[:, NAMES.index("heaviest_missing")],
            definitions=definitions,
        )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Evidence with what the plain features make of it, each float32 (n,); `order` is what chooses what is read."""

    evidence: tuple[Evidence, ...]
    plain: NDArray[np.float32]
    order: NDArray[np.float32]
    coverage: NDArray[np.float32]
    missing: NDArray[np.float32]
    definitions: NDArray[np.float32]

    def first(self, depth: Depth) -> list[int]:
        """The places of the evidence that is read to that depth, best first."""
        places = np.argsort(-self.order, kind="stable")[: depth.most]
        return [int(i) for i in places if self.order[i] >= self.order[places[0]] - depth.behind]


def _measured(
    question: Question, weighed: _Weighed, kept: Sequence[int], reader: Reads, beside: Sequence[int] = ()
) -> tuple[Ranked, ...]:
    """The pieces at the places in `kept`, read by `reader`. Those at the places `beside` are not, and count in how far
    another is ahead as far as the plain features put them behind it."""
    evidence = weighed.evidence
    crops = make_crops([evidence[i] for i in kept])
    readings = reader.read(question.body, [crop for crop, _ in crops])
    scores = np.zeros(len(kept), dtype=np.float32)
    placed: dict[int, tuple[Reading, Crop, int]] = {}
    for reading, (crop, numbers) in zip(readings, crops, strict=True):
        for number, statement in numbers:
            scores[number] = reading.scores[statement]
            placed[number] = (reading, crop, crop.statements[statement][0])
    measured = []
    for n, i in enumerate(kept):
        piece, (reading, crop, offset) = evidence[i], placed[n]
        sentence = piece.candidate.kind == "sentence"
        length = piece.end - piece.start if sentence else len(piece.candidate.meaning)
        measures = Measures(
            plain=float(weighed.plain[i]),
            score=None if isinstance(reader, Unread) else float(scores[n]),
            coverage=float(weighed.coverage[i]),
            missing=float(weighed.missing[i]),
            span=reading.span_log_probability(offset, offset + length),
            defines=float(weighed.definitions[i]),
            cosine=piece.candidate.cosine_statement,
            wanted=wanted_share(question, piece.candidate.meaning),
            opposed=float(sentence and opposed(question, piece.candidate.meaning)),
            negated=float(sentence and negated(question, piece.candidate.meaning)),
        )
        measured.append((order_of("prose", measures.values()), measures, piece, reading, crop, offset))
    unread = max((float(weighed.order[i]) for i in beside), default=None)
    ranked = [
        Ranked(
            evidence=piece,
            order=own,
            answer_probability=answer_probability(
                "prose",
                measures.values(),
                min(_lead(n, own, measured), lead(float(weighed.order[kept[n]]), unread)),
            ),
            measures=measures,
            reading=reading,
            crop=crop,
            offset=offset,
        )
        for n, (own, measures, piece, reading, crop, offset) in enumerate(measured)
    ]
    return tuple(sorted(ranked, key=lambda r: (-r.order, r.evidence.report.report_id, r.evidence.start)))


def _lead(number: int, own: float, measured: Sequence[tuple[float, *tuple[object, ...]]]) -> float:
    return lead(own, max((one[0] for n, one in enumerate(measured) if n != number), default=None))


def _figure_fits(question: Question, evidence: Sequence[Evidence], weight: Weight) -> NDArray[np.float32]:
    """float32 (n,): how well the best figure of each piece fits a question for a figure, 0 for other questions."""
    if question.kind != "figure":
        return np.zeros(len(evidence), dtype=np.float32)
    other = asks_other(question, evidence)
    fitting = (rank_figures(question, piece, other, weight) for piece in evidence)
    best = [max((one.fit for one in found if not one.narrowed), default=NO_FIGURE) for found in fitting]
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


def _told_apart(evidence: Sequence[Evidence], places: Sequence[int]) -> list[int]:
    """The places without those whose evidence differs from one before in nothing but whose it is and its digits, as it
    does in reports of one template: the reader cannot tell such apart."""
    kept: dict[str, int] = {}
    for i in places:
        piece = evidence[i]
        said = piece.candidate.meaning.replace(piece.report.organisation or "\n", "")
        kept.setdefault(_DIGITS.sub("0", said), i)
    return list(kept.values())


def _figure_place(ranked: Ranked, figure: Figure) -> tuple[int, int]:
    """Where a figure stands in the crop. In a row written out, after the headings of its cell."""
    evidence = ranked.evidence
    if evidence.candidate.kind == "sentence":
        start = figure.start - evidence.start + ranked.offset
        return start, start + len(figure.text)
    text, begin = ranked.crop.text, ranked.offset
    headings = (figure.measure or "").split(", ")
    for kept in range(len(headings)):
        lead = ", ".join(headings[kept:]) + ": "
        at = text.find(lead + figure.text, begin)
        if at >= 0:
            return at + len(lead), at + len(lead) + len(figure.text)
    at = text.find(figure.text, begin)
    return (at, at + len(figure.text)) if at >= 0 else (0, 0)

"""Fit the ranker: `python -m training.fit_ranker FOLDER`, after the reader has been exported.

Two sets of weights come out, to compare with those in `rag/ranker.json`, which were set by hand. A small network
weighs the plain features and chooses which candidates are read; it is fitted on the organisations that the reader was
taught on. A logistic regression over its log-odds and what the reader made of the candidate gives the probability that
it answers; it is fitted on the organisations that were held out, since the reader's scores mean less on questions that
it has seen.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

from index.embed import Embedder
from index.terms import terms
from rag.features import NAMES, Candidate, features
from rag.rank import READ, READER_NAMES, final_features, reader_features
from rag.reader import Reader
from rag.understand import understand
from training.data import Question, Window, crop, held_out, read_questions, read_windows

SEED = 7
WINDOWS = 5  # best windows of word and vector search, fused, whose sentences are candidates: as at run time
FOLDS = 5


class Bm25:
    """Word search over the training windows, only as good as choosing near misses needs (k1 = 1.2, b = 0.75)."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._counts = [Counter(terms(document)) for document in documents]
        self._lengths = np.array([sum(c.values()) for c in self._counts], dtype=np.float32)
        self._frequency = Counter(term for c in self._counts for term in c)
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for i, count in enumerate(self._counts):
            for term, n in count.items():
                self._postings.setdefault(term, []).append((i, n))

    def weight(self, term: str) -> float:
        """Inverse document frequency (Robertson and Sparck Jones, as in BM25)."""
        n = self._frequency.get(term, 0)
        return math.log(1 + (len(self._counts) - n + 0.5) / (n + 0.5))

    def ranked(self, asked: Sequence[str], k: int) -> list[int]:
        """The `k` best documents, best first."""
        scores = np.zeros(len(self._counts), dtype=np.float32)
        mean = float(self._lengths.mean())
        for term in asked:
            for i, n in self._postings.get(term, ()):
                scores[i] += self.weight(term) * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * self._lengths[i] / mean))
        return [int(i) for i in np.argsort(-scores)[:k]]


def fused(*rankings: Sequence[int]) -> list[int]:
    """Reciprocal rank fusion (k = 60) of some rankings, best first."""
    total: dict[int, float] = {}
    for ranking in rankings:
        for rank, i in enumerate(ranking):
            total[i] = total.get(i, 0.0) + 1.0 / (61 + rank)
    return sorted(total, key=lambda i: (-total[i], i))


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates: plain features (n, len(NAMES)), which answers (-1 for none), and the texts."""

    asked: str
    rows: NDArray[np.float32]
    answer: int
    texts: tuple[tuple[str, str], ...]
    own: tuple[tuple[int, int], ...]
    group: str


def build(questions: Sequence[Question], windows: dict[str, Window], embedder: Any) -> list[Example]:
    """The examples of some questions, with the sentences of the windows that the searches bring as candidates."""
    ids = list(windows)
    position = {window_id: i for i, window_id in enumerate(ids)}
    words = Bm25([f"{windows[i].title} {windows[i].text}" for i in ids])
    passages = embedder.embed([f"{windows[i].title}\n{windows[i].text}" for i in ids])
    flat = [(i, a, b) for i in ids for a, b in windows[i].sentences]
    sentences = embedder.embed([f"{windows[i].title}\n{windows[i].text[a:b]}" for i, a, b in flat])
    first: dict[str, int] = {}
    for n, (i, _, _) in enumerate(flat):
        first.setdefault(i, n)
    vectors = embedder.embed([q.text for q in questions])
    made = []
    for question, vector in zip(questions, vectors, strict=True):
        asked = understand(question.text)
        lexical = words.ranked(asked.terms, 30)
        cosines = passages @ vector
        dense = [int(i) for i in np.argsort(-cosines)[:30]]
        home = position[question.window]
        chosen = fused(lexical, dense)[:WINDOWS]
        if home not in chosen:  # not found by the searches: nothing that the ranker could put right
            continue
        rows, texts, own, answer = [], [], [], -1
        for place in chosen:
            window = windows[ids[place]]
            for n, (start, end) in enumerate(window.sentences):
                if question.answer is not None and place == home and start <= question.start < end:
                    answer = len(rows)
                said = window.text[start:end]
                candidate = Candidate(
                    text=said,
                    meaning=said,
                    passage=window.text,
                    header=window.title,
                    kind="row" if "|" in said else "sentence",
                    cosine_statement=float(sentences[first[window.window_id] + n] @ vector),
                    cosine_passage=float(cosines[place]),
                    lexical_rank=lexical.index(place) if place in lexical else None,
                    dense_rank=dense.index(place) if place in dense else None,
                )
                rows.append(features(asked, candidate, words.weight))
                a, b = crop(window, n)
                texts.append((window.title, window.text[a:b]))
                own.append((start - a, end - a))
        if question.answer is None or answer >= 0:
            made.append(
                Example(question.text, np.array(rows), answer, tuple(texts), tuple(own), windows[question.window].group)
            )
    return made


def with_readings(examples: Sequence[Example], first: Any, reader: Reader) -> list[Example]:
    """The candidates that the first network would have read, with the reader's features added.

    An answerable question whose answer is not among them is left out.
    """
    made = []
    for e in examples:
        kept = np.argsort(-first(e.rows))[:READ]
        if e.answer >= 0 and e.answer not in kept:
            continue
        readings = reader.read(e.asked, [e.texts[i] for i in kept])
        extra = [reader_features(r, *e.own[i]) for r, i in zip(readings, kept, strict=True)]
        rows = final_features(first(e.rows[kept]), extra)
        answer = int(np.flatnonzero(kept == e.answer)[0]) if e.answer >= 0 else -1
        made.append(Example(e.asked, rows, answer, e.texts, e.own, e.group))
    return made


def fitted(examples: Sequence[Example], hidden: int) -> dict[str, Any]:
    """Weights fitted on the candidates of some examples, as they are stored; no hidden units is logistic regression."""
    x = np.concatenate([e.rows for e in examples])
    y = np.concatenate([np.arange(len(e.rows)) == e.answer for e in examples])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    if hidden:
        model = MLPClassifier((hidden,), alpha=1e-2, max_iter=80, early_stopping=True, random_state=SEED)
        model.fit((x - mean) / spread, y)
        fitted_layers = list(zip(model.coefs_, model.intercepts_, strict=True))
    else:
        regression = LogisticRegression(max_iter=3000).fit((x - mean) / spread, y)
        fitted_layers = [(regression.coef_.T, regression.intercept_)]
    layers = [{"weights": np.round(w, 5).tolist(), "bias": np.round(b, 5).tolist()} for w, b in fitted_layers]
    return {"mean": np.round(mean, 6).tolist(), "spread": np.round(spread, 6).tolist(), "layers": layers}


def measure(examples: Sequence[Example], score: Any) -> dict[str, float]:
    """Of answerable questions the share whose best candidate is right; how well the best score tells answerable."""
    scores = [score(e.rows) for e in examples]
    right = [int(s.argmax()) == e.answer for e, s in zip(examples, scores, strict=True) if e.answer >= 0]
    known = [e.answer >= 0 for e in examples]
    best = [float(s.max()) for s in scores]
    return {
        "questions": len(examples),
        "right_at_1": round(float(np.mean(right)), 4),
        "answerable_auc": round(float(roc_auc_score(known, best)), 4),
    }


def main() -> None:
    """Read, fit, measure on organisations not fitted on, write."""
    from rag.rank import network

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/ranker.json"))
    arguments = parser.parse_args()
    windows = read_windows(arguments.folder / "windows.jsonl")
    questions = read_questions(arguments.folder / "questions.jsonl")
    kept_out = held_out(windows)
    examples = build(questions, windows, Embedder())
    taught = [e for e in examples if e.group not in kept_out]
    fresh = [e for e in examples if e.group in kept_out]
    first = fitted(taught, 24)
    figures: dict[str, Any] = {"first": measure(fresh, network(first))}
    read = with_readings(fresh, network(first), Reader())
    groups = sorted({e.group for e in read})
    folds = np.array_split(np.random.default_rng(SEED).permutation(groups), FOLDS)
    across = []
    for fold in folds:
        inside = set(fold.tolist())
        model = network(fitted([e for e in read if e.group not in inside], 0))
        across.append(measure([e for e in read if e.group in inside], model))
    figures["final_across_folds"] = {
        name: round(float(np.mean([a[name] for a in across])), 4) for name in ("right_at_1", "answerable_auc")
    }
    stored = {
        "features": [*NAMES],
        "reader_features": [*READER_NAMES],
        "first": first,
        "final": fitted(read, 0),
        "measured": figures,
    }
    arguments.out.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()

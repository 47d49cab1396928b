"""Fit the ranker's weights on question files: `python -m evals.fit_ranker TRAINING_FOLDER`.

The folder holds `windows.jsonl` (passages) and `questions.jsonl` (questions with the sentence that answers, or none).
Organisations are split, so that the held-out figures are on reports that were not seen. What comes out is
`rag/ranker.json`: the weights of a small network over `rag.features.NAMES`, and the figures that it reached.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

from index.embed import Embedder
from index.sentences import sentence_spans
from index.terms import terms
from rag.features import NAMES, Candidate, features
from rag.understand import understand

SEED = 7
OTHER_WINDOWS = 4  # the windows that word search ranks highest besides a question's own


@dataclass(frozen=True, slots=True)
class Window:
    """A training passage with its sentences."""

    window_id: str
    title: str
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def group(self) -> str:
        """Windows of one organisation share this: the first word of the title."""
        return self.title.split(":")[0].lower()


def read_windows(path: Path) -> dict[str, Window]:
    """The passages of `windows.jsonl` by id."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["id"]] = Window(row["id"], row["title"], row["text"], sentence_spans(row["text"]))
    return found


class Bm25:
    """Word search over the training windows, only as good as choosing near misses needs."""

    def __init__(self, documents: Sequence[str]) -> None:
        self.counts = [Counter(terms(document)) for document in documents]
        self.lengths = np.array([sum(c.values()) for c in self.counts], dtype=np.float32)
        self.frequency = Counter(term for c in self.counts for term in c)
        self.postings: dict[str, list[tuple[int, int]]] = {}
        for i, count in enumerate(self.counts):
            for term, n in count.items():
                self.postings.setdefault(term, []).append((i, n))

    def weight(self, term: str) -> float:
        """Inverse document frequency (Robertson and Sparck Jones, as in BM25)."""
        n = self.frequency.get(term, 0)
        return math.log(1 + (len(self.counts) - n + 0.5) / (n + 0.5))

    def ranked(self, asked: Sequence[str], k: int) -> list[int]:
        """The `k` best documents, best first (k1 = 1.2, b = 0.75)."""
        scores = np.zeros(len(self.counts), dtype=np.float32)
        mean = float(self.lengths.mean())
        for term in asked:
            for i, n in self.postings.get(term, ()):
                scores[i] += self.weight(term) * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * self.lengths[i] / mean))
        return [int(i) for i in np.argsort(-scores)[:k]]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the features of its candidates: (n_candidates, n_features), and which answers (-1 for none)."""

    rows: NDArray[np.float32]
    answer: int
    group: str


def build(folder: Path, embedder: Embedder) -> list[Example]:
    """The examples of a training folder."""
    windows = read_windows(folder / "windows.jsonl")
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    ids = list(windows)
    position = {window_id: i for i, window_id in enumerate(ids)}
    words = Bm25([f"{windows[i].title} {windows[i].text}" for i in ids])
    passage_vectors = embedder.embed([f"{windows[i].title}\n{windows[i].text}" for i in ids])
    sentences = [(i, a, b) for i in ids for a, b in windows[i].spans]
    sentence_vectors = embedder.embed([f"{windows[i].title}\n{windows[i].text[a:b]}" for i, a, b in sentences])
    first: dict[str, int] = {}
    for n, (i, _, _) in enumerate(sentences):
        first.setdefault(i, n)
    question_vectors = embedder.embed([q["question"] for q in questions])
    examples = []
    for q, vector in zip(questions, question_vectors, strict=True):
        asked = understand(q["question"])
        lexical = words.ranked(asked.terms, 30)
        cosines = passage_vectors @ vector
        dense = [int(i) for i in np.argsort(-cosines)[:30]]
        own = position[q["window"]]
        chosen = [own, *[i for i in lexical if i != own][: OTHER_WINDOWS // 2]]
        chosen += [i for i in dense if i not in chosen][: OTHER_WINDOWS // 2]
        rows, answer = [], -1
        for place in chosen:
            window = windows[ids[place]]
            for n, (start, end) in enumerate(window.spans):
                if q["answer"] is not None and place == own and start <= q["start"] < end:
                    answer = len(rows)
                candidate = Candidate(
                    text=window.text[start:end],
                    meaning=window.text[start:end],
                    passage=window.text,
                    header=window.title,
                    kind="row" if "|" in window.text[start:end] else "sentence",
                    cosine_statement=float(sentence_vectors[first[window.window_id] + n] @ vector),
                    cosine_passage=float(cosines[place]),
                    lexical_rank=lexical.index(place) if place in lexical else None,
                    dense_rank=dense.index(place) if place in dense else None,
                )
                rows.append(features(asked, candidate, words.weight))
        if q["answer"] is None or answer >= 0:
            examples.append(Example(np.array(rows), answer, windows[q["window"]].group))
    return examples


def measure(examples: Sequence[Example], score: Sequence[NDArray[np.float64]]) -> dict[str, float]:
    """Share of answerable questions whose best candidate is right, and how well the best score tells answerable."""
    right = [int(s.argmax()) == e.answer for e, s in zip(examples, score, strict=True) if e.answer >= 0]
    best = [float(s.max()) for s in score]
    known = [e.answer >= 0 for e in examples]
    return {"right_at_1": float(np.mean(right)), "answerable_auc": float(roc_auc_score(known, best))}


def main() -> None:
    """Read, fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "rag" / "ranker.json")
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    examples = build(arguments.folder, Embedder())
    groups = sorted({e.group for e in examples})
    held = set(np.random.default_rng(SEED).permutation(groups)[: len(groups) // 6].tolist())
    train = [e for e in examples if e.group not in held]
    test = [e for e in examples if e.group in held]
    x = np.concatenate([e.rows for e in train])
    y = np.concatenate([np.arange(len(e.rows)) == e.answer for e in train])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    for name, model in (
        ("linear", LogisticRegression(C=1.0, max_iter=2000)),
        ("network", MLPClassifier((32,), alpha=1e-3, max_iter=60, early_stopping=True, random_state=SEED)),
    ):
        model.fit((x - mean) / spread, y)
        scores = [model.predict_proba((e.rows - mean) / spread)[:, 1] for e in test]
        print(name, len(train), len(test), measure(test, scores))
        if name == "linear":
            for feature, value in sorted(zip(NAMES, model.coef_[0], strict=True), key=lambda p: -abs(p[1])):
                print(f"  {feature:22s} {value:+.3f}")


if __name__ == "__main__":
    main()

"""Fit the decision: `python -m training.fit_decision CANDIDATES.jsonl` (from `training.candidates`).

Two steps for each kind of answer. What puts the candidates in order is a conditional logit (McFadden 1974) over the
questions that have a right one: that one against its company. Whether the first of them answers is a logistic
regression on its measures and its lead, which makes the probability (Platt 1999). Both are held by a penalty, and a
set of questions counts by the root of its size. The shares right and refused, and the picture of the reliability, come
from folds over reports: by weights that have not seen the question's report.
"""

import argparse
import itertools
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from rag.decide import ANSWERS, OF_THE_READER, ORDER, WEIGHTS, Kind, lead

FOLDS = 5
HELD = 1.0  # L2 penalty that holds the order to PRIOR
FREE = 0.1  # inverse strength of the penalty on the probability's weights, on measures of unit spread
SET = 200  # questions that a set counts as
ANSWERS_FROM: dict[str, dict[Kind, float]] = {  # chosen on the folds: docs/quality.md
    "read": {"prose": 0.45, "figure": 0.28},
    "unread": {"prose": 0.5, "figure": 0.35},
}
ANSWERS_WHETHER_FROM = {"read": 0.6, "unread": 0.65}  # yes or no questions, in words: so that two of three are right
PRIOR: dict[Kind, dict[str, float]] = {
    "prose": {"plain": 0.77, "score": 0.83, "defines": 2.0},
    "figure": {"plain": 0.66, "score": 0.68, "coverage": 0.79, "fit": 0.53},
}
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with its candidates, all of one kind: their `measures` by name and which of them are `right`."""

    name: str
    cluster: str
    answerable: bool
    measures: tuple[dict[str, float], ...]
    right: NDArray[np.bool_]
    weight: float

    def table(self, names: Sequence[str]) -> Floats:
        """float64 (candidates, names)."""
        return np.array([[one[name] for name in names] for one in self.measures], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Given:
    """The first candidate of a question, the probability (0 to 1) that it answers, and whether it does."""

    choice: Choice
    probability: float
    right: bool


def read_choices(rows: Sequence[dict[str, object]], kind: Kind) -> list[Choice]:
    """The questions that an answer of this kind may be given to."""
    sizes = Counter(str(row["name"]) for row in rows if row["candidates"])
    made = []
    for row in rows:
        candidates: list[dict[str, object]] = row["candidates"]  # type: ignore[assignment]
        if candidates and candidates[0]["kind"] == kind:
            measures: tuple[dict[str, float], ...] = tuple(c["measures"] for c in candidates)  # type: ignore[misc]
            right = np.array([c["right"] for c in candidates], dtype=np.bool_)
            weight = math.sqrt(SET / sizes[str(row["name"])])
            made.append(Choice(str(row["name"]), str(row["cluster"]), bool(row["answerable"]), measures, right, weight))
    return made


def fit_order(choices: Sequence[Choice], kind: Kind, names: Sequence[str]) -> Floats:
    """The weights, float64 (names,), that make what is right likeliest against its company."""
    prior = np.array([PRIOR[kind].get(name, 0.0) for name in names])
    tables = [(c, c.table(names)) for c in choices if c.right.any() and not c.right.all()]

    def loss(w: Floats) -> tuple[float, Floats]:
        away = w - prior
        total, slope = float(HELD * away @ away), 2 * HELD * away
        for c, table in tables:
            scores = table @ w
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            right = chances[c.right].sum()
            total -= c.weight * math.log(max(right, 1e-12))
            slope += c.weight * (table * (chances * (1 - c.right / max(right, 1e-12)))[:, None]).sum(0)
        return total, slope

    return np.asarray(minimize(loss, prior, jac=True, method="L-BFGS-B").x)


def first_of(choice: Choice, names: Sequence[str], order: Floats) -> tuple[int, dict[str, float]]:
    """The number of the candidate that is ordered first, and its measures with its lead."""
    scores = choice.table(names) @ order
    best = int(scores.argmax())
    others = np.delete(scores, best)
    ahead = lead(float(scores[best]), float(others.max()) if len(others) else None)
    return best, {**choice.measures[best], "lead": ahead}


def fit_answers(choices: Sequence[Choice], names: Sequence[str], order: Floats, wanted: Sequence[str]) -> Floats:
    """The weights, float64 (wanted,), of the log-odds that the first candidate answers; the bias is the last one."""
    firsts = [first_of(c, names, order) for c in choices]
    table = np.array([[values[name] for name in wanted[:-1]] for _, values in firsts])
    right = np.array([c.right[best] for c, (best, _) in zip(choices, firsts, strict=True)])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=FREE, max_iter=5000))
    model.fit(table, right, logisticregression__sample_weight=np.array([c.weight for c in choices]))
    spread, middle = model[0].scale_, model[0].mean_
    weights = model[1].coef_[0] / spread
    return np.append(weights, model[1].intercept_[0] - weights @ middle)


def across_folds(choices: Sequence[Choice], kind: Kind, names: Sequence[str], wanted: Sequence[str]) -> list[Given]:
    """The first candidate of each question with its probability, by weights that have not seen its report."""
    clusters = sorted({c.cluster for c in choices})
    fold = {name: i % FOLDS for i, name in enumerate(np.random.default_rng(0).permutation(clusters).tolist())}
    given = []
    for number in range(FOLDS):
        seen = [c for c in choices if fold[c.cluster] != number]
        order = fit_order(seen, kind, names)
        weights = fit_answers(seen, names, order, wanted)
        for c in choices:
            if fold[c.cluster] == number:
                best, values = first_of(c, names, order)
                log_odds = float(np.array([values[name] for name in wanted]) @ weights)
                given.append(Given(c, 1 / (1 + math.exp(-log_odds)), bool(c.right[best])))
    return given


def reached(
    given: dict[Kind, list[Given]], rows: Sequence[dict[str, object]], answers_from: dict[Kind, float]
) -> dict[str, dict[str, float]]:
    """By set: questions that can be answered and those right, others and those refused, with the area
    under the curve of telling right answers from everything else. Questions without any evidence are refused."""
    table: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(str(row["name"]) for row in rows):
        own = [(kind, one) for kind, some in given.items() for one in some if one.choice.name == name]
        without = [row for row in rows if row["name"] == name and not row["candidates"]]
        answered = [(one, one.probability >= answers_from[kind]) for kind, one in own]
        known = [one.right for _, one in own]
        table[name] = {
            "answerable": sum(one.choice.answerable for one, _ in answered)
            + sum(bool(r["answerable"]) for r in without),
            "right": sum(one.right and said for one, said in answered),
            "others": sum(not one.choice.answerable for one, _ in answered) + sum(not r["answerable"] for r in without),
            "refused": sum(not one.choice.answerable and not said for one, said in answered)
            + sum(not r["answerable"] for r in without),
            "auc": round(float(roc_auc_score(known, [one.probability for _, one in own])), 3),
        }
    return table


def reliability(given: Sequence[Given]) -> list[dict[str, float]]:
    """For each bin of probabilities: how many answers, their mean probability, and the share of them that is right."""
    rows = []
    for low, high in itertools.pairwise(BINS):
        inside = [g for g in given if low <= g.probability < high or (high == 1.0 and g.probability == 1.0)]
        if inside:
            mean = float(np.mean([g.probability for g in inside]))
            rows.append({"answers": len(inside), "probability": round(mean, 3),
                         "right": round(float(np.mean([g.right for g in inside])), 3)})  # fmt: skip
    return rows


def draw(rows: Sequence[dict[str, float]], path: Path) -> None:
    """The reliability as a picture: the share right against the probability, the size of a dot by its answers."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "reliability"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 4.5))
    axes.plot([0, 1], [0, 1], color="#999", linewidth=1)
    sizes = [10 + row["answers"] for row in rows]
    axes.scatter([r["probability"] for r in rows], [r["right"] for r in rows], s=sizes, color="#1f5c8b", alpha=0.8)
    for row in rows:
        axes.annotate(
            str(row["answers"]), (row["probability"], row["right"]), textcoords="offset points", xytext=(8, -10)
        )
    axes.set(xlabel="probability that the first candidate answers", ylabel="share that does", xlim=(0, 1), ylim=(0, 1))
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def fit(path: Path, out: Path, picture: Path) -> None:
    """Fit with the reader and without it, write the weights with what they reached, and draw the reliability."""
    everything = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    stored: dict[str, object] = {}
    for how in ("read", "unread"):
        rows = [row for row in everything if row["read"] == (how == "read")]
        tables, given = {}, {}
        for kind in ORDER:
            names = [n for n in ORDER[kind] if how == "read" or n not in OF_THE_READER]
            wanted = [n for n in ANSWERS[kind] if how == "read" or n not in OF_THE_READER]
            choices = read_choices(rows, kind)
            order = fit_order(choices, kind, names)
            answers = fit_answers(choices, names, order, wanted)
            given[kind] = across_folds(choices, kind, names, wanted)
            tables[kind] = {
                "order": {n: round(float(w), 3) for n, w in zip(names, order, strict=True)},
                "answers": {n: round(float(w), 3) for n, w in zip(wanted, answers, strict=True)},
                "answers_from": ANSWERS_FROM[how][kind],
            } | ({"answers_whether_from": ANSWERS_WHETHER_FROM[how]} if kind == "prose" else {})
        stored[how] = tables
        stored[f"{how}_on_reports_left_out"] = reached(given, rows, ANSWERS_FROM[how])
        print(how, json.dumps(stored[f"{how}_on_reports_left_out"], indent=1))
        if how == "read":
            bins = reliability([*given["prose"], *given["figure"]])
            stored["reliability"] = bins
            draw(bins, picture)
    out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("candidates", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--picture", type=Path, default=Path("docs/reliability.svg"))
    arguments = parser.parse_args()
    fit(arguments.candidates, arguments.out, arguments.picture)

"""Fit the weights by which a figure is chosen: `python -m training.fit_figures FOLDER`.

Each question whose answer is a figure is put beside every figure of its passage, as the product reads them. The weights
are those of a conditional logit (McFadden 1974): the figure that answers against the others of the same passage, with
an L2 penalty towards what is expected of them, chosen over folds of organisations. They are written to
`rag/figures.json` with what they reached there.
"""

import argparse
import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.load import load_report
from index.records import Figure, ReportInfo, Statement
from index.sandbox import ReaderProcess
from index.statements import find_statements
from index.structure import structure
from index.terms import terms
from rag.asking import asked
from rag.choose import asks_other, names_own
from rag.features import Candidate
from rag.fit import NAMES, WEIGHTS, fit_features
from rag.retrieve import Evidence
from rag.understand import Question, understand
from rag.units import unit_class

# What is expected of the weights before any question is seen, where the training questions say little: they seldom
# set an organisation beside an average, or ask for a change. The penalty draws the weights to these, the others to 0.
PRIOR = {
    "other_as_asked": 1.5,
    "other_unasked": -1.5,
    "own_unasked": -2.0,
    "unit_likely": 1.5,
    "unit_unlikely": -1.5,
    "per_same": 1.0,
    "per_lacks": -1.0,
    "period_same": 1.0,
    "period_other": -1.5,
    "period_silent": -0.7,
    "prose_in_turn": 2.0,
    "prose_reached": 1.0,
    "prose_change_unasked": -1.5,
    "prose_change_unstated": -1.0,
    "direction_same": 1.0,
    "direction_opposite": -1.0,
    "change_wanted": -2.0,
    "row_change_unasked": -2.0,
    "row_change_unstated": -2.0,
    "reference_beside": 2.0,
    "names_beside": 1.0,
    "counts_the_noun": 1.5,
    "counts_another": -1.5,
    "other_own_named": -1.5,
}
FIRM = 20.0  # how much more firmly the weights are held to these than to 0
FOLDS = 5
PENALTIES = (0.3, 1.0, 3.0)
_BLANKS = re.compile(r"[\s,$£€%()]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with the figures of its passage: `features` (figures, NAMES), which of them answer (`right`), and
    which stand in the statement that answers (`beside`)."""

    group: str
    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    beside: NDArray[np.bool_]


def fit(folder: Path, out: Path) -> None:
    """Read the questions, choose the penalty, fit, and write weights and what they reached."""
    choices = read_choices(folder)
    reached = {penalty: _across_folds(choices, penalty) for penalty in PENALTIES}
    print(json.dumps(reached))
    penalty = max(PENALTIES, key=lambda p: reached[p]["of_its_passage"])
    weights = _fitted(choices, penalty)
    stored = {
        "weights": {name: round(float(w), 3) for name, w in zip(NAMES, weights, strict=True)},
        "penalty": penalty,
        "questions": len(choices),
        "organisations": len({c.group for c in choices}),
        "right_first_on_organisations_left_out": reached[penalty],
    }
    out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(stored["right_first_on_organisations_left_out"]))


def read_choices(folder: Path) -> list[Choice]:
    """The questions that a figure of their passage answers."""
    windows = {r["id"]: r for r in map(json.loads, (folder / "windows.jsonl").read_text("utf-8").splitlines())}
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    rows = [r for r in rows if r.get("type") == "figure"]
    frequency = Counter(term for w in windows.values() for term in set(terms(w["text"])))

    def weight(term: str) -> float:
        n = frequency.get(term, 0)
        return math.log(1 + (len(windows) - n + 0.5) / (n + 0.5))

    evidence: dict[str, tuple[Evidence, ...]] = {}
    with tempfile.TemporaryDirectory() as scratch, ReaderProcess() as reader:
        for name in {r["window"] for r in rows}:
            evidence[name] = _evidence(windows[name], Path(scratch) / "passage.md", reader)
    made = []
    for row in rows:
        pieces = evidence[row["window"]]
        start, end = row["sentence"]
        choice = _choice(row, windows[row["window"]], pieces, windows[row["window"]]["text"][start:end], weight)
        if choice is not None:
            made.append(choice)
    return made


def _evidence(window: dict[str, str], path: Path, reader: ReaderProcess) -> tuple[Evidence, ...]:
    """The statements of a passage, read from a Markdown file as the product reads one."""
    text = window["text"]
    if "|---" not in text:
        text = re.sub(r"(?m)^(\d+)\. ", r"\1\\. ", text)
    path.write_text(text, encoding="utf-8")
    loaded = load_report(path, reader=reader)
    organisation = window["title"].split(":")[0]
    info = ReportInfo(
        window["id"], path.name, window["title"], organisation, None, None, None, None, len(text), 0, 0, 0,
        window["id"], loaded.sha256, loaded.media_type,
    )  # fmt: skip
    return tuple(_piece(info, s, loaded.text) for s in find_statements(structure(loaded)))


def _piece(info: ReportInfo, s: Statement, passage: str) -> Evidence:
    candidate = Candidate(s.text, s.meaning, passage, s.header, s.kind, 0.0, 0.0, None, None)
    return Evidence(info, s.start, s.end, None, None, s.section, s.figures, s.judgments, candidate, 0)


def _choice(
    row: dict[str, str], window: dict[str, str], pieces: Sequence[Evidence], sentence: str, weight: object
) -> Choice | None:
    question = understand(row["question"])
    own_named = bool(pieces) and names_own(question, pieces[0].report.organisation)
    about = asked(question, asks_other(question, pieces), own_named)
    features, right, beside = [], [], []
    for piece in pieces:
        holds = piece.candidate.kind != "sentence" or _same(piece.text, sentence)
        answers = [holds and _answers(piece, figure, row["answer"]) for figure in piece.figures]
        for position, figure in enumerate(piece.figures):
            if _may_answer(question, figure):
                features.append(fit_features(about, piece, position, weight))  # type: ignore[arg-type]
                right.append(answers[position])
                beside.append(any(answers))
    if not any(right) or all(right):
        return None
    group = window["title"].split(":")[0].lower()
    return Choice(group, np.stack(features), np.array(right), np.array(beside))


def _may_answer(question: Question, figure: Figure) -> bool:
    return question.unit is None or unit_class(figure) == question.unit or figure.unit is None


def _same(one: str, two: str) -> bool:
    return one.strip()[:25] in two or two.strip()[:25] in one


def _answers(piece: Evidence, figure: Figure, answer: str) -> bool:
    """Whether a figure is the answer, or stands in it."""
    printed, wanted = _BLANKS.sub("", figure.text.lower()), _BLANKS.sub("", answer.lower())
    at = piece.text.find(answer)
    inside = at >= 0 and at <= figure.start - piece.start < at + len(answer)
    return bool(printed) and (printed == wanted or (printed in wanted and inside))


def _fitted(choices: Sequence[Choice], penalty: float) -> NDArray[np.float64]:
    expected = np.array([PRIOR.get(name, 0.0) for name in NAMES])
    held = penalty * np.array([FIRM if name in PRIOR else 1.0 for name in NAMES])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        away = w - expected
        total, slope = float(held @ away**2), 2 * held * away
        for c in choices:
            scores = c.features @ w
            chances = np.exp(scores - scores.max())
            right = chances[c.right].sum()
            total -= math.log(right / chances.sum())
            slope = slope - (c.features[c.right] * chances[c.right, None]).sum(0) / right
            slope = slope + (c.features * chances[:, None]).sum(0) / chances.sum()
        return total, slope

    return np.asarray(minimize(loss, expected, jac=True, method="L-BFGS-B").x)


def _across_folds(choices: Sequence[Choice], penalty: float) -> dict[str, float]:
    """How often the right figure is first on organisations that the weights have not seen: among those of its passage
    and, where it has company there, among those of its statement."""
    groups = sorted({c.group for c in choices})
    fold = {g: i % FOLDS for i, g in enumerate(np.random.default_rng(0).permutation(groups).tolist())}
    passage: list[bool] = []
    statement: list[bool] = []
    for number in range(FOLDS):
        weights = _fitted([c for c in choices if fold[c.group] != number], penalty)
        for c in choices:
            if fold[c.group] != number:
                continue
            scores = c.features @ weights
            passage.append(bool(c.right[scores.argmax()]))
            if c.beside.sum() > 1:
                statement.append(bool(c.right[c.beside][scores[c.beside].argmax()]))
    return {
        "of_its_passage": round(float(np.mean(passage)), 4),
        "of_its_statement": round(float(np.mean(statement)), 4),
        "questions": float(len(passage)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    fit(arguments.folder, arguments.out)

"""Measure the reader on questions over organisations that it was not taught on."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from .data import Question, Window
from .examples import Example, Likely, whole
from .reader_model import Read, ReaderModel, read_batch

OTHERS = 4  # windows of others that a question is also read against
LONGEST_ANSWER = 40  # word pieces


def evaluate(
    model: ReaderModel,
    tokenizer: Any,
    questions: Sequence[Question],
    windows: dict[str, Window],
    likely: dict[str, tuple[Likely, ...]],
    device: str,
    most: int = 500,
) -> dict[str, float]:
    """Shares from 0 to 1. `among_own`: the right statement is first among those of its window; `among_all`: also among
    those of four other windows; `auc`: the best score in its window tells questions that it answers from near misses;
    `span_exact`, `span_f1`: the answer marked in the right statement (after SQuAD: case, articles, punctuation off)."""
    chosen = [questions[i] for i in np.random.default_rng(1).permutation(len(questions))[:most]]
    own: list[bool] = []
    everywhere: list[bool] = []
    best: list[float] = []
    known: list[bool] = []
    exact: list[float] = []
    shared: list[float] = []
    model.eval()
    with torch.no_grad():
        for q in chosen:
            crops = [whole(q, windows[q.window])]
            crops += [
                whole(q, windows[w.window]) for w in likely[q.question_id][1 : 1 + OTHERS] if q.answer is not None
            ]
            read = read_batch(model, tokenizer, [Example(q.text, tuple(crops))], device)[0]
            best.append(float(read[0].scores.max()))
            known.append(q.answer is not None)
            if q.answer is None or crops[0].right < 0:
                continue
            right = crops[0].right
            own.append(int(read[0].scores.argmax()) == right)
            everywhere.append(own[-1] and all(r.scores.max() < read[0].scores[right] for r in read[1:]))
            start, end = _span(read[0], crops[0].statements[right])
            said = crops[0].text[start:end]
            exact.append(float(plain(said) == plain(q.answer)))
            shared.append(f1(said, q.answer))
    model.train()
    return {
        "among_own": round(float(np.mean(own)), 4),
        "among_all": round(float(np.mean(everywhere)), 4),
        "auc": round(float(roc_auc_score(known, best)), 4),
        "span_exact": round(float(np.mean(exact)), 4),
        "span_f1": round(float(np.mean(shared)), 4),
        "answerable": float(len(own)),
        "questions": float(len(chosen)),
    }


def _span(read: Read, statement: tuple[int, int]) -> tuple[int, int]:
    inside = [i for i, (a, b) in enumerate(read.tokens) if a < statement[1] and b > statement[0]]
    best, span = -1e9, (0, 0)
    for i in inside:
        for j in range(i, min(inside[-1] + 1, i + LONGEST_ANSWER)):
            total = float(read.starts[i] + read.ends[j])
            if total > best:
                best, span = total, (read.tokens[i][0], read.tokens[j][1])
    return span


def plain(text: str) -> str:
    """The text as answers are compared: after SQuAD without case, articles and punctuation."""
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", kept).split())


def f1(said: str, expected: str) -> float:
    """The harmonic mean (0 to 1) of the shares of the words of either that the other has."""
    one, two = plain(said).split(), plain(expected).split()
    same = sum((Counter(one) & Counter(two)).values())
    return 2 * same / (len(one) + len(two)) if same else 0.0

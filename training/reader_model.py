"""The reader as it is taught: MiniLM with four outputs a word piece, and the loss over the crops of a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from transformers import AutoModel

from .examples import Crop, Example

LONGEST = 288  # word pieces of question, header and text together
HEADER = 60  # characters of the header
PART = 8  # crops of about one length that go through the model together
SPAN_WEIGHT = 0.5
EACH_WEIGHT = 0.3  # of the loss of each statement by itself, so that its score also stands alone


class ReaderModel(torch.nn.Module):
    """MiniLM with outputs for each word piece: where the answer begins, where it ends, and how much it speaks for
    its statement; and for the first one, how much the text as a whole does."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="sdpa")
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, 4)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """(batch, tokens) start logits, end logits and relevance, and (batch,) the relevance of the whole."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        output = self.head(hidden)
        return output[:, :, 0], output[:, :, 1], output[:, :, 2], output[:, 0, 3]


@dataclass(frozen=True, slots=True)
class Read:
    """What the model made of one crop. `scores` (statements,), log-softmaxes `starts` and `ends` (tokens,), the tokens'
    (start, end) in the crop's text."""

    scores: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    tokens: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Crops of about one length as tensors. `places` are (example, crop); `kept` the tokens of the text itself;
    `pooling` (crops, statements, tokens) takes the mean over each statement's tokens."""

    places: tuple[tuple[int, int], ...]
    inputs: dict[str, torch.Tensor]
    kept: torch.Tensor
    pooling: torch.Tensor
    tokens: tuple[tuple[tuple[int, tuple[int, int]], ...], ...]


def encode(tokenizer: Any, batch: Sequence[Example]) -> list[Encoded]:
    """The crops of some examples, short and long ones apart."""
    flat = [(row, column, e.question, c) for row, e in enumerate(batch) for column, c in enumerate(e.crops)]
    flat.sort(key=lambda item: len(item[3].text))
    return [_encode(tokenizer, flat[first : first + PART]) for first in range(0, len(flat), PART)]


def _encode(tokenizer: Any, part: Sequence[tuple[int, int, str, Crop]]) -> Encoded:
    inputs = tokenizer(
        [question for _, _, question, _ in part],
        [f"{crop.header[:HEADER]}. {crop.text}" for _, _, _, crop in part],
        truncation="only_second",
        max_length=LONGEST,
        padding=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = inputs.pop("offset_mapping").tolist()
    types = inputs["token_type_ids"].tolist()
    width = inputs["input_ids"].shape[1]
    kept = np.zeros((len(part), width), dtype=bool)
    pooling = np.zeros((len(part), max(len(c.statements) for _, _, _, c in part), width), dtype=np.float32)
    tokens = []
    for row, (_, _, _, crop) in enumerate(part):
        shift = len(crop.header[:HEADER]) + 2
        places = tuple(
            (i, (max(0, a - shift), b - shift))
            for i, (a, b) in enumerate(offsets[row])
            if types[row][i] == 1 and b > a and b > shift
        )
        tokens.append(places)
        kept[row, [i for i, _ in places]] = True
        for number, (first, last) in enumerate(crop.statements):
            inside = [i for i, (a, b) in places if a < last and b > first]
            if inside:
                pooling[row, number, inside] = 1.0 / len(inside)
    return Encoded(
        tuple((row, column) for row, column, _, _ in part),
        dict(inputs),
        torch.from_numpy(kept),
        torch.from_numpy(pooling),
        tuple(tokens),
    )


def read_part(model: ReaderModel, part: Encoded, device: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(crops, statements) scores, and (crops, tokens) log-softmaxes of where the answer begins and ends."""
    starts, ends, relevance, whole = model(**{name: tensor.to(device) for name, tensor in part.inputs.items()})
    outside = ~part.kept.to(device)
    scores = torch.bmm(part.pooling.to(device), relevance[:, :, None])[:, :, 0] + whole[:, None]
    begin = torch.log_softmax(starts.masked_fill(outside, -1e4), 1)
    finish = torch.log_softmax(ends.masked_fill(outside, -1e4), 1)
    return scores, begin, finish


def read_batch(model: ReaderModel, tokenizer: Any, batch: Sequence[Example], device: str) -> list[list[Read]]:
    """For each example what the model made of each crop."""
    made: dict[tuple[int, int], Read] = {}
    for part in encode(tokenizer, batch):
        scores, begin, finish = read_part(model, part, device)
        for i, (row, column) in enumerate(part.places):
            at = [t for t, _ in part.tokens[i]]
            count = len(batch[row].crops[column].statements)
            made[row, column] = Read(
                scores[i, :count], begin[i, at], finish[i, at], tuple(place for _, place in part.tokens[i])
            )
    return [[made[row, column] for column in range(len(e.crops))] for row, e in enumerate(batch)]


def question_loss(model: ReaderModel, tokenizer: Any, batch: Sequence[Example], device: str) -> torch.Tensor:
    """The mean over the questions: which statement answers or none, each by itself, and where the answer stands."""
    widest = max(sum(len(crop.statements) for crop in e.crops) for e in batch)
    table = torch.full((len(batch), 1 + widest), -1e4, device=device)
    table[:, 0] = 0.0
    targets = torch.zeros(len(batch), dtype=torch.long, device=device)
    rows: list[int] = []
    columns: list[int] = []
    values: list[torch.Tensor] = []
    spans: list[torch.Tensor] = []
    filled = [1] * len(batch)
    for part in encode(tokenizer, batch):
        scores, begin, finish = read_part(model, part, device)
        numbers: list[tuple[int, int]] = []
        for i, (row, column) in enumerate(part.places):
            crop = batch[row].crops[column]
            if crop.right >= 0:
                targets[row] = filled[row] + crop.right
            for number in range(len(crop.statements)):
                rows.append(row)
                columns.append(filled[row] + number)
                numbers.append((i, number))
            filled[row] += len(crop.statements)
            inside = [
                t
                for t, (a, b) in part.tokens[i]
                if crop.answer is not None and a < crop.answer[1] and b > crop.answer[0]
            ]
            if inside:
                spans.append(begin[i, inside[0]] + finish[i, inside[-1]])
        values.append(scores[[i for i, _ in numbers], [n for _, n in numbers]])
    flat = torch.cat(values)
    table = table.index_put((torch.tensor(rows, device=device), torch.tensor(columns, device=device)), flat)
    loss = torch.nn.functional.cross_entropy(table, targets)
    answers = torch.zeros_like(flat)
    right = targets.tolist()
    answers[[k for k, (r, c) in enumerate(zip(rows, columns, strict=True)) if right[r] == c]] = 1.0
    each = torch.nn.functional.binary_cross_entropy_with_logits(flat, answers, reduction="sum") / len(batch)
    loss = loss + EACH_WEIGHT * each / 3
    return loss - SPAN_WEIGHT * torch.stack(spans).sum() / len(batch) if spans else loss

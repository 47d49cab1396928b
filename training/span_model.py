"""The span model as it is taught: the reader's six layers once more, over one statement, with a score for each span.

What a span begins and ends with is scored together (a biaffine score, Dozat and Manning 2017), and so is its length.
The word embeddings are those of the reader, unchanged, so that only the layers ship a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoModel

from rag.reader import HEADER
from rag.span import LONGEST, LONGEST_ANSWER

SIZE = 128  # numbers a word piece that its partner is matched with
CROP = tuple[str, str, tuple[int, int]]  # header, text, and the (start, end) of the statement in it


class SpanModel(torch.nn.Module):
    """`state` is that of the reader (`training/shipped_reader.py`), which it starts from."""

    def __init__(self, folder: str, state: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="sdpa")
        known = self.encoder.state_dict()
        kept = {name: state[f"encoder.{name}"] for name in known if f"encoder.{name}" in state}
        self.encoder.load_state_dict({n: w.reshape(known[n].shape) for n, w in kept.items()}, strict=False)
        for parameter in self.encoder.embeddings.parameters():
            parameter.requires_grad = False
        width = self.encoder.config.hidden_size
        self.ends = torch.nn.Linear(width, 2)
        self.first = torch.nn.Linear(width, SIZE)
        self.last = torch.nn.Linear(width, SIZE)
        self.length = torch.nn.Parameter(torch.zeros(LONGEST_ANSWER + 1))
        for linear in (self.first, self.last):
            torch.nn.init.normal_(linear.weight, std=0.02)
        with torch.no_grad():
            self.ends.weight.copy_(state["head.weight"][:2])
            self.ends.bias.copy_(state["head.bias"][:2])

    def spans(self, hidden: torch.Tensor) -> torch.Tensor:
        """(n, n) log-odds that the answer begins with the one and ends with the other of n word pieces, from their
        (n, width) states; what is no span, or too long a one, has -10,000."""
        begins, finishes = self.ends(hidden).unbind(-1)
        together = self.first(hidden) @ self.last(hidden).T / 8
        places = torch.arange(len(hidden), device=hidden.device)
        apart = places[None, :] - places[:, None]
        scores = begins[:, None] + finishes[None, :] + together + self.length[apart.clamp(0, LONGEST_ANSWER)]
        return scores.masked_fill((apart < 0) | (apart >= LONGEST_ANSWER), -1e4)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A question with a statement, in word pieces. `kept` are the numbers of those of the statement, `tokens` their
    (start, end) in the crop's text."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    kept: tuple[int, ...]
    tokens: tuple[tuple[int, int], ...]

    def covering(self, answer: tuple[int, int]) -> tuple[int, int] | None:
        """The first and the last of `kept`, by place in it, that an answer's (start, end) touches."""
        inside = [i for i, (a, b) in enumerate(self.tokens) if a < answer[1] and b > answer[0]]
        return (inside[0], inside[-1]) if inside else None


def pieces(tokenizer: Any, question: str, crop: CROP) -> Pieces:
    """The statement of a crop, read with its header and without what stands beside it."""
    header, text, (start, end) = crop
    lead = header[:HEADER] + ". "
    encoded = tokenizer(
        question, lead + text[start:end], truncation="only_second", max_length=LONGEST, return_offsets_mapping=True
    )
    shift = len(lead) - start
    kept = [
        (i, (a - shift, b - shift))
        for i, (a, b) in enumerate(encoded["offset_mapping"])
        if encoded.sequence_ids()[i] == 1 and b > a and a - shift >= start
    ]
    return Pieces(
        tuple(encoded["input_ids"]),
        tuple(encoded["token_type_ids"]),
        tuple(i for i, _ in kept),
        tuple(place for _, place in kept),
    )


def states(model: SpanModel, batch: Sequence[Pieces], device: str) -> list[torch.Tensor]:
    """For each statement the (n, width) states of its word pieces."""
    width = max(len(one.ids) for one in batch)
    ids, mask, types = (torch.zeros((len(batch), width), dtype=torch.long) for _ in range(3))
    for row, one in enumerate(batch):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        mask[row, : len(one.ids)] = 1
        types[row, : len(one.types)] = torch.tensor(one.types)
    hidden = model.encoder(
        input_ids=ids.to(device), attention_mask=mask.to(device), token_type_ids=types.to(device)
    ).last_hidden_state
    return [hidden[row, list(one.kept)] for row, one in enumerate(batch)]

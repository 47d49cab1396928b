"""The reader: a small model of our own that reads a question against a few sentences.

It says how likely it is that they answer, and where the answer begins and ends. It was taught on report questions
with near misses (`training/`), and runs in OpenVINO with 8-bit weights.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.cores import cores
from index.errors import ModelUnavailable

WEIGHTS = Path(__file__).with_name("weights")
LONGEST = 160  # word pieces of question, header and text together, as in training
BATCH = 8  # pairs of about one length


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one text. `answer_logit`: log-odds that it answers, as the model sees it.

    `tokens` are the (start, end) of each word piece of the text, in characters; `start_log_probability` and
    `end_log_probability` (float32, one a token) say where the answer begins and ends.
    """

    answer_logit: float
    tokens: tuple[tuple[int, int], ...]
    start_log_probability: NDArray[np.float32]
    end_log_probability: NDArray[np.float32]

    def span_log_probability(self, start: int, end: int) -> float:
        """How likely (log) it is that the answer begins and ends within the characters from `start` to `end`."""
        inside = [i for i, (a, b) in enumerate(self.tokens) if a < end and b > start]
        if not inside:
            return -20.0
        return float(self.start_log_probability[inside].max() + self.end_log_probability[inside].max())

    def best_span(self, longest: int = 40) -> tuple[int, int]:
        """The (start, end) in characters of the likeliest answer of at most `longest` word pieces; (0, 0) for none."""
        best, span = -np.inf, (0, 0)
        for i, (start, _) in enumerate(self.tokens):
            until = min(i + longest, len(self.tokens))
            j = i + int(self.end_log_probability[i:until].argmax())
            total = float(self.start_log_probability[i] + self.end_log_probability[j])
            if total > best:
                best, span = total, (start, self.tokens[j][1])
        return span


class Reader:
    """The packaged reader. Raises ModelUnavailable when its weights are absent or are not those of the package."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        import openvino
        from tokenizers import Tokenizer

        _check(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")
        self._tokenizer.enable_padding()
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": cores()}
        self._run = openvino.Core().compile_model(str(folder / "reader.xml"), "CPU", settings)

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> tuple[Reading, ...]:
        """One reading for each (header, text), in order. Token offsets count within the text."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i][0]) + len(texts[i][1]))
        readings: dict[int, Reading] = {}
        for first in range(0, len(order), BATCH):
            places = order[first : first + BATCH]
            pairs = [(question, f"{texts[i][0]}. {texts[i][1]}") for i in places]
            encoded = self._tokenizer.encode_batch(pairs)
            inputs = {
                "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
                "attention_mask": np.array([e.attention_mask for e in encoded], dtype=np.int64),
                "token_type_ids": np.array([e.type_ids for e in encoded], dtype=np.int64),
            }
            output = self._run(inputs)
            for row, i in enumerate(places):
                readings[i] = _reading(
                    encoded[row], len(texts[i][0]) + 2, output[0][row], output[1][row], output[2][row]
                )
        return tuple(readings[i] for i in range(len(texts)))


def _reading(
    encoded: object, shift: int, answer: object, starts: NDArray[np.float32], ends: NDArray[np.float32]
) -> Reading:
    offsets, types = encoded.offsets, encoded.type_ids  # type: ignore[attr-defined]
    kept = [i for i, (a, b) in enumerate(offsets) if types[i] == 1 and b > a and b > shift]
    tokens = tuple((max(0, offsets[i][0] - shift), offsets[i][1] - shift) for i in kept)
    return Reading(float(answer), tokens, _log_softmax(starts[kept]), _log_softmax(ends[kept]))  # type: ignore[arg-type]


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(logits):
        return logits
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def _check(folder: Path) -> None:
    """Compare the files with the hashes that were shipped with them."""
    try:
        hashes = json.loads((folder / "sha256.json").read_text(encoding="utf-8"))
        for name, expected in hashes.items():
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != expected:
                raise ModelUnavailable(f"The reader's {name} is not the one shipped: install Citewell again.")
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"The reader's weights in {folder} cannot be read: install Citewell again.") from error

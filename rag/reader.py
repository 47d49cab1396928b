"""The reader: a small model of our own that reads a question against crops of a report.

A crop is a few statements in a row. The reader gives each a score, the log-odds that it answers, and says where the
answer begins and ends. It was taught on report questions with near misses (`training/`), and runs in OpenVINO with
8-bit weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.cores import model_settings
from index.shipped import check_shipped

if TYPE_CHECKING:
    from tokenizers import Encoding

WEIGHTS = Path(__file__).with_name("weights")
LONGEST = 288  # word pieces of question, header and text together, as in training
LONGEST_QUESTION = 120  # word pieces of the question that are read, so that room for the text is left
HEADER = 60  # characters of the header that are read, as in training
BATCH = 2  # crops of about one length
UNREAD = -10.0  # the score of a statement that lies beyond what is read


@dataclass(frozen=True, slots=True)
class Crop:
    """Statements in a row, as they are read. `statements` are their (start, end) in `text`, in order."""

    header: str
    text: str
    statements: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one crop. `scores` are the log-odds that each statement answers, as the model sees it.

    `tokens` are the (start, end) of each word piece of the text, in characters; `start_log_probability` and
    `end_log_probability` (float32, one a token) say where in the crop the answer begins and ends.
    """

    scores: tuple[float, ...]
    tokens: tuple[tuple[int, int], ...]
    start_log_probability: NDArray[np.float32]
    end_log_probability: NDArray[np.float32]

    def span_log_probability(self, start: int, end: int) -> float:
        """How likely (log) it is that the answer begins and ends within the characters from `start` to `end`."""
        inside = [i for i, (a, b) in enumerate(self.tokens) if a < end and b > start]
        if not inside:
            return -20.0
        return float(self.start_log_probability[inside].max() + self.end_log_probability[inside].max())

    def best_span(self, first: int, last: int, longest: int = 40) -> tuple[int, int]:
        """The (start, end) in characters of the likeliest answer of at most `longest` word pieces that lies within
        the characters from `first` to `last`; (0, 0) for none."""
        inside = [i for i, (a, b) in enumerate(self.tokens) if a < last and b > first]
        best, span = -np.inf, (0, 0)
        for i in inside:
            until = min(i + longest, inside[-1] + 1)
            j = i + int(self.end_log_probability[i:until].argmax())
            total = float(self.start_log_probability[i] + self.end_log_probability[j])
            if total > best:
                best, span = total, (self.tokens[i][0], self.tokens[j][1])
        return span


class Questions:
    """Cuts questions that are too long to be read whole."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST_QUESTION)
        self._tokenizer.no_padding()

    def cut(self, question: str) -> str:
        """The question up to the last word piece that is read of it."""
        if len(question) <= LONGEST_QUESTION:  # no piece is shorter than a character
            return question
        return question[: max((end for _, end in self._tokenizer.encode(question).offsets), default=0)]


class Reads(Protocol):
    """Reads a question against crops: one reading for each crop, in order."""

    def read(self, question: str, crops: Sequence[Crop]) -> tuple[Reading, ...]: ...


class Unread:
    """Stands where the reader is left out: no statement is scored, and nothing is marked."""

    def read(self, question: str, crops: Sequence[Crop]) -> tuple[Reading, ...]:
        """A reading without marks for each crop."""
        nothing = np.zeros(0, dtype=np.float32)
        return tuple(Reading((UNREAD,) * len(crop.statements), (), nothing, nothing) for crop in crops)


class Reader:
    """The packaged reader. Raises ModelUnavailable when its weights are absent or are not those of the package."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        import openvino
        from tokenizers import Tokenizer

        check_shipped(folder, ("reader.xml", "reader.bin", "tokenizer.json"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")
        self._tokenizer.enable_padding()
        self._questions = Questions(folder)
        settings = model_settings(PERFORMANCE_HINT="LATENCY")
        self._run = openvino.Core().compile_model(str(folder / "reader.xml"), "CPU", settings)
        self._lock = Lock()

    def read(self, question: str, crops: Sequence[Crop]) -> tuple[Reading, ...]:
        """One reading for each crop, in order."""
        question = self._questions.cut(question)
        order = sorted(range(len(crops)), key=lambda i: len(crops[i].header[:HEADER]) + len(crops[i].text))
        readings: dict[int, Reading] = {}
        for first in range(0, len(order), BATCH):
            places = order[first : first + BATCH]
            pairs = [(question, f"{crops[i].header[:HEADER]}. {crops[i].text}") for i in places]
            encoded = self._tokenizer.encode_batch(pairs)
            inputs = {
                "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
                "attention_mask": np.array([e.attention_mask for e in encoded], dtype=np.int64),
                "token_type_ids": np.array([e.type_ids for e in encoded], dtype=np.int64),
            }
            with self._lock:  # one request at a time: a second thread is told "Infer Request is busy"
                output = self._run(inputs)
            starts, ends, relevance, whole = (np.asarray(output[n]) for n in range(4))
            for row, i in enumerate(places):
                readings[i] = _reading(
                    encoded[row], crops[i], starts[row], ends[row], relevance[row], float(whole[row])
                )
        return tuple(readings[i] for i in range(len(crops)))


def _reading(
    encoded: "Encoding",
    crop: Crop,
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    relevance: NDArray[np.float32],
    whole: float,
) -> Reading:
    shift = len(crop.header[:HEADER]) + 2
    kept = [i for i, (a, b) in enumerate(encoded.offsets) if encoded.type_ids[i] == 1 and b > a and b > shift]
    tokens = tuple((max(0, encoded.offsets[i][0] - shift), encoded.offsets[i][1] - shift) for i in kept)
    scores = []
    for first, last in crop.statements:
        inside = [i for i, (a, b) in zip(kept, tokens, strict=True) if a < last and b > first]
        scores.append(float(relevance[inside].mean()) + whole if inside else UNREAD)
    return Reading(tuple(scores), tokens, _log_softmax(starts[kept]), _log_softmax(ends[kept]))


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(logits):
        return logits
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)

"""Mark the words that answer in the statement that ranks first: a model of our own for nothing else.

It reads the question with that one statement, and scores every span of it, so that where an answer begins and where it
ends are chosen together. It was taught on report questions (`training/train_span.py`); its word embeddings are those of
the reader, and the layers run in OpenVINO with 8-bit weights.
"""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from index.cores import model_settings
from index.shipped import check_shipped

from .reader import HEADER, WEIGHTS, Questions

LONGEST = 200  # word pieces of question, header and statement together, as in training
LONGEST_ANSWER = 40  # word pieces, as in training
_EMBEDDED = "__module.encoder.embeddings.LayerNorm/aten::layer_norm/Add"  # of the reader: its embedded word pieces


@dataclass(frozen=True, slots=True)
class Marked:
    """The (start, end) of the words that answer, in characters of the statement, and the probability (0 to 1, as the
    model sees it) that they are exactly these."""

    start: int
    end: int
    probability: float


class SpanReader:
    """The packaged span model. Raises ModelUnavailable when its weights are absent or are not those of the package."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        import openvino
        from tokenizers import Tokenizer

        check_shipped(folder, ("reader.xml", "reader.bin", "tokenizer.json", "span.xml", "span.bin"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")
        self._tokenizer.no_padding()
        self._questions = Questions(folder)
        core, settings = openvino.Core(), model_settings(PERFORMANCE_HINT="LATENCY")
        reader = core.read_model(str(folder / "reader.xml"))
        embedded = next(op for op in reader.get_ops() if op.get_friendly_name() == _EMBEDDED)
        inputs = [p for p in reader.get_parameters() if p.output(0).get_names() & {"input_ids", "token_type_ids"}]
        self._embed = core.compile_model(openvino.Model([embedded.output(0)], inputs), "CPU", settings)
        self._run = core.compile_model(str(folder / "span.xml"), "CPU", settings)
        self._lock = Lock()

    def mark(self, question: str, header: str, statement: str) -> Marked | None:
        """The words of `statement` that answer, None where none of it is read. `header` is that of its passage."""
        lead = header[:HEADER] + ". "
        encoded = self._tokenizer.encode(self._questions.cut(question), lead + statement)
        kept = [
            i for i, (a, b) in enumerate(encoded.offsets) if encoded.sequence_ids[i] == 1 and b > a and a >= len(lead)
        ]
        if not kept:
            return None
        inputs = {
            "input_ids": np.array([encoded.ids], dtype=np.int64),
            "token_type_ids": np.array([encoded.type_ids], dtype=np.int64),
        }
        places = np.arange(len(encoded.ids))
        apart = places[None, :] - places[:, None]
        with self._lock:  # one request at a time: a second thread is told "Infer Request is busy"
            embedded = np.array(self._embed(inputs)[0])
            scores = np.array(self._run([embedded, apart.clip(0, LONGEST_ANSWER)])[0])
        scores = np.where((apart < 0) | (apart >= LONGEST_ANSWER), -np.inf, scores)[np.ix_(kept, kept)]
        best = int(scores.argmax())
        first, last = divmod(best, len(kept))
        chance = float(1.0 / np.exp(scores - scores.flat[best]).sum())
        start, end = encoded.offsets[kept[first]][0] - len(lead), encoded.offsets[kept[last]][1] - len(lead)
        return Marked(start, end, chance)

"""The packaged embedding model: all-MiniLM-L6-v2 tuned on report questions, with 8-bit weights, run by OpenVINO.

It runs several times faster than torch on two cores, and neither torch nor transformers is needed. It computes in
single precision, but for rows that are stored, where the processor has instructions for bytes or for bfloat16. How it
was made and measured: `training/export_embedder.py`, `docs/models.md`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cores import cores, model_settings
from .eight_bits import BOUNDS, in_eight_bits, multiplies_bytes, read_bounds
from .embedded import Embedded
from .shipped import check_shipped

WEIGHTS = Path(__file__).with_name("weights")
MODEL, MODEL_WEIGHTS, TOKENIZER = "embedder.xml", "embedder.bin", "tokenizer.json"
LONGEST = 256  # word pieces that the model reads of a text; the rest is cut, as sentence-transformers does
BATCH = 4  # texts of about one length: larger batches pad more than they gain
FEW = 16  # texts that are read one batch after the other: what reads batches side by side is slow to make ready
STORED_BATCH = 8  # less exactly, which gains from more
STORED_STEP = 16  # lengths are then multiples of it: the processor multiplies tiles of so many rows
WORDS = 8  # different ones that a text has at least, for its vector to be computed less exactly: others lose more
EXACT, HALF, BYTES = "single precision", "bfloat16", "bytes"
AHEAD = 2  # batches for each core at one time: while the vectors of one are taken from it, another is read

Vectors32 = NDArray[np.float32]


class CompiledModel:
    """Texts and parts of texts → unit vectors. `folder` holds an exported BERT model with mean pooling, its tokeniser
    and their hashes. Raises ModelUnavailable when a file is absent or not the one that was exported.

    A few texts, such as a question, are read with all cores at one text; many are read side by side, one core at each.
    Several threads may use it; a question does not wait for a report that is being embedded."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        import openvino
        from tokenizers import Tokenizer

        check_shipped(folder, (MODEL, MODEL_WEIGHTS, TOKENIZER, BOUNDS))
        self._folder = folder
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        self._core = openvino.Core()
        self._model = self._core.read_model(str(folder / MODEL))
        quick = self._core.compile_model(self._model, "CPU", model_settings(PERFORMANCE_HINT="LATENCY"))
        self._quick = quick.create_infer_request()
        self._queues: dict[str, Any] = {}  # by precision, made when there are many texts for the first time
        self._few, self._many = Lock(), Lock()

    def encode(self, parts: Sequence[Embedded], *, to_store: bool = False) -> dict[Embedded, Vectors32]:
        """float32 (dimension,) for each part; those that lie where a text was cut are left out.

        Vectors of many texts that are `to_store` may be less exact: they are kept, and a question is compared with them
        on any machine alike, while what is embedded for a question must not depend on the processor."""
        if not to_store:
            return self._read(parts, EXACT)
        odd = {part.text for part in parts if len(set(part.text.split())) < WORDS}
        exact = self._read([part for part in parts if part.text in odd], EXACT, few=True)
        return exact | self._read([part for part in parts if part.text not in odd], self._stored_precision())

    def _read(self, parts: Sequence[Embedded], precision: str, *, few: bool = False) -> dict[Embedded, Vectors32]:
        """As `encode`. Where they are known to be `few`, one batch is read after the other."""
        spans: dict[str, list[Embedded]] = {}
        for part in parts:
            spans.setdefault(part.text, []).append(part)
        texts = sorted(spans, key=lambda text: (-len(text), text))  # the longest first: none is waited for alone
        found: dict[Embedded, Vectors32] = {}
        errors: list[Exception] = []

        def keep(request: Any, read: Sequence[tuple[str, Any]]) -> None:
            try:
                vectors, words = request.get_output_tensor(0).data, request.get_output_tensor(1).data
                for (text, encoding), vector, hidden in zip(read, vectors, words, strict=True):
                    found.update(_vectors(spans[text], encoding, vector, hidden))
            except Exception as error:  # noqa: BLE001  # raised below: one that leaves a callback ends the process
                errors.append(error)

        exact = precision == EXACT
        size = BATCH if exact or len(texts) <= BATCH else STORED_BATCH
        batches = [texts[first : first + size] for first in range(0, len(texts), size)]
        if few or len(texts) <= (FEW if exact else BATCH):
            with self._few:
                for batch in batches:
                    self._quick.infer(self._inputs(read := self._tokens(batch)))
                    keep(self._quick, read)
        else:
            with self._many:
                queue = self._side_by_side(precision)
                queue.set_callback(keep)
                try:
                    for batch in batches:
                        queue.start_async(self._inputs(read := self._tokens(batch), 1 if exact else STORED_STEP), read)
                finally:
                    queue.wait_all()
        if errors:
            raise errors[0]
        return found

    def _tokens(self, texts: list[str]) -> list[tuple[str, Any]]:
        return list(zip(texts, self._tokenizer.encode_batch(texts), strict=True))

    def _inputs(self, read: Sequence[tuple[str, Any]], step: int = 1) -> dict[str, NDArray[np.int64]]:
        """Texts of one length, int64 (n_texts, n_word_pieces), padded to a multiple of `step`."""
        ids = np.array([encoding.ids for _, encoding in read], dtype=np.int64)
        mask = np.array([encoding.attention_mask for _, encoding in read], dtype=np.int64)
        more = ((0, 0), (0, -ids.shape[1] % step))
        return {"input_ids": np.pad(ids, more), "attention_mask": np.pad(mask, more)}

    def _side_by_side(self, precision: str) -> Any:
        if precision not in self._queues:
            import openvino

            half = precision == HALF or (precision == BYTES and self._has_half())
            settings = model_settings(NUM_STREAMS=cores(), INFERENCE_PRECISION_HINT="bf16" if half else "f32")
            model = self._model if precision == EXACT else unpacked(self._model)
            if precision == BYTES:
                model = in_eight_bits(model, *read_bounds(self._folder / BOUNDS))
            compiled = self._core.compile_model(model, "CPU", settings)
            self._queues[precision] = openvino.AsyncInferQueue(compiled, AHEAD * cores())
        return self._queues[precision]

    def _stored_precision(self) -> str:
        """The fastest that the processor has instructions for; only what is no matrix is more exact in `BYTES`."""
        return BYTES if multiplies_bytes() else HALF if self._has_half() else EXACT

    def _has_half(self) -> bool:
        """Whether OpenVINO would choose bfloat16, which is where the processor computes in it."""
        import openvino

        return bool(self._core.get_property("CPU", "INFERENCE_PRECISION_HINT") == openvino.Type.bf16)


def unpacked(model: Any) -> Any:
    """The model with its weights in single precision. Left as they are, OpenVINO unpacks them for every batch anew, a
    quarter of the time in bfloat16; unpacked they take 100 MB more."""
    from openvino.passes import ConstantFolding, Manager

    whole = model.clone()
    passes = Manager()
    passes.register_pass(ConstantFolding())
    passes.run_passes(whole)
    return whole


def _vectors(
    parts: Sequence[Embedded], encoding: Any, vector: Vectors32, hidden: Vectors32
) -> Iterator[tuple[Embedded, Vectors32]]:
    """The vectors of parts of one text: `vector`, float32 (dimension,), is that of the whole, `hidden`, float32
    (n_word_pieces, dimension), are those of its word pieces, whose mean over a part is the part's."""
    own = np.array(encoding.special_tokens_mask) == 0
    starts, ends = np.array(encoding.offsets).T
    read_to = ends[own].max(initial=0) if encoding.overflowing else np.inf
    for part in parts:
        if part.span is None:
            yield part, vector.copy()
            continue
        inside = own & (ends > part.span[0]) & (starts < part.span[1])
        if part.span[1] <= read_to and inside.any():
            mean = hidden[: len(inside)][inside].mean(axis=0)
            yield part, mean / np.linalg.norm(mean)

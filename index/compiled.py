"""The packaged embedding model, compiled by OpenVINO: three times as fast as torch on two cores, and quick to load.

The model is converted once, with torch, into the user's cache folder; after that neither torch nor transformers is
imported. The vectors are those of the reference (cosine at least 0.9999, kept by a test), since nothing is quantised.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from .cores import cores, model_settings
from .embedded import Embedded
from .errors import ModelUnavailable

LONGEST = 256  # word pieces that the model reads of a text; the rest is cut, as sentence-transformers does
BATCH = 4  # texts of about one length: larger batches pad more than they gain
CONVERSION = "2"  # changes when the conversion below does

Vectors32 = NDArray[np.float32]


class CompiledModel:
    """Texts and parts of texts → unit vectors. `folder` is a sentence-transformers folder of a BERT model
    with mean pooling; `sha256` that of its weights, by which the conversion is kept.

    A few texts, such as a question, are read with all cores at one text; many are read side by side, one core at each.
    Raises ModelUnavailable when the conversion cannot be written."""

    def __init__(self, folder: Path, sha256: str, dimension: int) -> None:
        import openvino
        from tokenizers import Tokenizer

        self._dimension = dimension
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        self._core = openvino.Core()
        self._model = self._core.read_model(str(_converted(folder, sha256)))
        quick = self._core.compile_model(self._model, "CPU", model_settings(PERFORMANCE_HINT="LATENCY"))
        self._quick = quick.create_infer_request()
        self._queue: Any = None  # made when there are many texts for the first time

    def encode(self, parts: Sequence[Embedded]) -> dict[Embedded, Vectors32]:
        """float32 (dimension,) for each part; those that lie where a text was cut are left out."""
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

        batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
        if len(batches) == 1:
            self._quick.infer(self._inputs(read := self._tokens(batches[0])))
            keep(self._quick, read)
        elif batches:
            queue = self._side_by_side()
            queue.set_callback(keep)
            try:
                for batch in batches:
                    queue.start_async(self._inputs(read := self._tokens(batch)), read)
            finally:
                queue.wait_all()
        if errors:
            raise errors[0]
        return found

    def _tokens(self, texts: list[str]) -> list[tuple[str, Any]]:
        return list(zip(texts, self._tokenizer.encode_batch(texts), strict=True))

    def _inputs(self, read: Sequence[tuple[str, Any]]) -> dict[str, NDArray[np.int64]]:
        return {
            "input_ids": np.array([encoding.ids for _, encoding in read], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask for _, encoding in read], dtype=np.int64),
        }

    def _side_by_side(self) -> Any:
        if self._queue is None:
            import openvino

            bulk = self._core.compile_model(self._model, "CPU", model_settings(NUM_STREAMS=cores()))
            self._queue = openvino.AsyncInferQueue(bulk, cores())
        return self._queue


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
            mean = hidden[inside].mean(axis=0)
            yield part, mean / np.linalg.norm(mean)


def _converted(folder: Path, sha256: str) -> Path:
    """The converted model in the cache, made if it is absent or is not what was written there."""
    home = Path(platformdirs.user_cache_dir("citewell", appauthor=False)) / "models" / f"{sha256[:16]}-{CONVERSION}"
    model, weights, checksum = home / "model.xml", home / "model.bin", home / "sha256"
    try:
        if checksum.read_text(encoding="utf-8") == _digest(model) + _digest(weights):
            return model
    except OSError:
        pass  # not converted yet
    try:
        _make(folder, home)
    except (OSError, RuntimeError) as error:  # OpenVINO raises the latter when it cannot write
        raise ModelUnavailable(
            f"The embedding model cannot be converted into the cache folder {home.parent} ({error}): "
            "make that folder writable with room for 100 MB, or point XDG_CACHE_HOME at one that is."
        ) from error
    return model


def _make(folder: Path, home: Path) -> None:
    """Convert beside `home` and move there whole: another process may be doing the same."""
    home.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=home.parent))
    try:
        _convert(folder, making / "model.xml")
        written = _digest(making / "model.xml") + _digest(making / "model.bin")
        (making / "sha256").write_text(written, encoding="utf-8")
        if home.exists():
            shutil.rmtree(home, ignore_errors=True)
        try:
            making.rename(home)
        except OSError:
            if not (home / "sha256").is_file():  # another process was first otherwise
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _convert(folder: Path, target: Path) -> None:
    import warnings

    import openvino
    import torch
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    inner: Any = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager").eval()

    class MeanPooled(torch.nn.Module):
        """The model with mean pooling over the words and vectors of unit length, and what it makes of each word."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            hidden = self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            counted = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * counted).sum(1) / counted.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1), hidden

    example = torch.ones(2, 16, dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that this model does not depend on
        converted = openvino.convert_model(
            MeanPooled(), example_input={"input_ids": example, "attention_mask": example}
        )
    openvino.save_model(converted, target, compress_to_fp16=False)

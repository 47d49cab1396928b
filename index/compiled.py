"""The packaged embedding model, compiled by OpenVINO: three times as fast as torch on two cores, and quick to load.

The model is converted once, with torch, into the user's cache folder; after that neither torch nor transformers is
imported. The vectors are those of the reference (cosine at least 0.9999, kept by a test), since nothing is quantised.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from .cores import cores
from .errors import ModelUnavailable

LONGEST = 256  # word pieces that the model reads of a text; the rest is cut, as sentence-transformers does
BATCH = 8  # texts of about one length: larger batches pad more than they gain on two cores
CONVERSION = "1"  # changes when the conversion below does

Vectors32 = NDArray[np.float32]


class CompiledModel:
    """texts → float32 (n_texts, dimension), unit length. `folder` is a sentence-transformers folder of a BERT model
    with mean pooling; `sha256` that of its weights, by which the conversion is kept.

    Raises ModelUnavailable when the conversion cannot be written."""

    def __init__(self, folder: Path, sha256: str, dimension: int) -> None:
        import openvino
        from tokenizers import Tokenizer

        model = _converted(folder, sha256)
        self._dimension = dimension
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": cores()}
        self._run = openvino.Core().compile_model(str(model), "CPU", settings)

    def encode(self, texts: Sequence[str]) -> Vectors32:
        """The vectors in the order given."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for first in range(0, len(order), BATCH):
            places = order[first : first + BATCH]
            read = self._tokenizer.encode_batch([texts[i] for i in places])
            tokens = np.array([one.ids for one in read], dtype=np.int64)
            mask = np.array([one.attention_mask for one in read], dtype=np.int64)
            vectors[places] = self._run({"input_ids": tokens, "attention_mask": mask})[0]
        return vectors


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
        """The model with mean pooling over the words and vectors of unit length."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            counted = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * counted).sum(1) / counted.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    example = torch.ones(2, 16, dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that this model does not depend on
        converted = openvino.convert_model(
            MeanPooled(), example_input={"input_ids": example, "attention_mask": example}
        )
    openvino.save_model(converted, target, compress_to_fp16=False)

"""Embed: texts → unit vectors, by a sentence-transformers model that stands on this machine.

The packaged model runs in OpenVINO, any other in torch. Either is loaded at the first text, not before: a catalogue
can be read without a model.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .compiled import MODEL_WEIGHTS, CompiledModel
from .compiled import WEIGHTS as PACKAGED
from .cores import cores
from .embedded import Embedded
from .errors import ModelUnavailable
from .shipped import shipped_hash

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors32 = NDArray[np.float32]
_Found = dict[Embedded, Vectors32]

PACKAGED_NAME = "citewell-minilm-l6"
PACKAGED_DIMENSION = 384
WEIGHTS = "model.safetensors"
BATCH = 32
CACHED_TEXTS = 4096  # with 384 dimensions about 6 MB


class Embedder:
    """A sentence-transformers model. `name`, `sha256` (of its weights) and `dimension` are what a library remembers.

    `texts_embedded` counts the texts that went through the model, so that re-use can be seen.
    Raises ModelUnavailable when the folder or its weights are absent, or the packaged weights are not the known ones.
    """

    def __init__(self, model_path: str | None = None) -> None:
        self.texts_embedded = 0
        self._lock = Lock()
        self._model: SentenceTransformer | CompiledModel | None = None
        self._packaged = model_path is None
        if model_path is None:
            self._folder = PACKAGED
            self.name, self.dimension = PACKAGED_NAME, PACKAGED_DIMENSION
            self.sha256 = shipped_hash(PACKAGED, MODEL_WEIGHTS)
        else:
            self._folder = _local_folder(model_path)
            self.name = Path(model_path).name
            self.sha256 = _weights_sha256(self._folder)
            self.dimension = _dimension(self._folder)

    def embed(self, texts: Sequence[str]) -> Vectors32:
        """float32 (n_texts, dimension), unit length, in the order given. Equal texts go through the model once."""
        return self.embed_parts([Embedded(text) for text in texts])

    def embed_parts(self, parts: Sequence[Embedded], *, to_store: bool = False) -> Vectors32:
        """float32 (n_parts, dimension), unit length, in the order given. Parts of one text share one reading of it; a
        model other than the packaged one reads each alone. What is `to_store` may be computed less exactly."""
        if not parts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            if self._model is None:
                self._model = self._load()
            model = self._model
        with nullcontext() if isinstance(model, CompiledModel) else self._lock:  # a compiled one minds its own threads
            found = self._encode(model, parts, to_store)
            cut = {part: Embedded(part.alone) for part in parts if part not in found}
            alone = self._encode(model, cut.values(), to_store)
        found.update((part, alone[whole]) for part, whole in cut.items())
        return np.stack([found[part] for part in parts])

    def _encode(
        self, model: "SentenceTransformer | CompiledModel", parts: Iterable[Embedded], to_store: bool
    ) -> _Found:
        """The vectors of the parts that the model can read within their texts."""
        if isinstance(model, CompiledModel):
            wanted = list(dict.fromkeys(parts))
            with self._lock:
                self.texts_embedded += len({part.text for part in wanted})
            return model.encode(wanted, to_store=to_store)
        whole = sorted((part for part in set(parts) if part.span is None), key=lambda part: (len(part.text), part.text))
        if not whole:
            return {}
        self.texts_embedded += len(whole)
        vectors = model.encode(
            [part.text for part in whole],
            batch_size=BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return dict(zip(whole, np.asarray(vectors, dtype=np.float32), strict=True))

    def _load(self) -> "SentenceTransformer | CompiledModel":
        if self._packaged:
            return CompiledModel(self._folder)
        found = _weights_sha256(self._folder)
        if found != self.sha256:
            raise ModelUnavailable(
                f"The weights in {self._folder / WEIGHTS} have sha256 {found}, not {self.sha256}: "
                "install the model again."
            )
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(cores())
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailable(
                f"The model in {self._folder} cannot be loaded ({error}): give a complete sentence-transformers folder."
            ) from error


class CachedEmbedder:
    """An embedder that remembers the `size` texts and parts it embedded last: what is repeated costs nothing.
    `to_store` as in `Embedder.embed_parts`."""

    def __init__(self, embedder: Embedder, size: int = CACHED_TEXTS, *, to_store: bool = False) -> None:
        self._embedder = embedder
        self._size = size
        self._to_store = to_store
        self._lock = Lock()
        self._cache: OrderedDict[str, Vectors32] = OrderedDict()  # by hash, so that no text is kept

    def embed(self, texts: Sequence[str]) -> Vectors32:
        """float32 (n_texts, dimension), unit length, in the order given."""
        return self.embed_parts([Embedded(text) for text in texts])

    def embed_parts(self, parts: Sequence[Embedded]) -> Vectors32:
        """float32 (n_parts, dimension), unit length, in the order given."""
        found: _Found = {}
        wanted = {part: part.hash for part in parts}
        with self._lock:
            for part, key in wanted.items():
                if key in self._cache:
                    self._cache.move_to_end(key)
                    found[part] = self._cache[key]
        missing = [part for part in wanted if part not in found]
        if missing:
            found.update(zip(missing, self._embedder.embed_parts(missing, to_store=self._to_store), strict=True))
            with self._lock:
                self._cache.update((wanted[part], found[part].copy()) for part in missing)
                while len(self._cache) > self._size:
                    self._cache.popitem(last=False)
        if not parts:
            return np.zeros((0, self._embedder.dimension), dtype=np.float32)
        return np.stack([found[part] for part in parts])


def _local_folder(model_path: str) -> Path:
    folder = Path(model_path)
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model_path, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelUnavailable(
            f"The embedding model {model_path!r} is neither a folder nor in the local model cache: "
            "give the folder of a sentence-transformers model."
        ) from error


def _weights_sha256(folder: Path) -> str:
    try:
        with (folder / WEIGHTS).open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnavailable(
            f"The embedding model's weights {folder / WEIGHTS} cannot be read ({error.strerror}): "
            "install the model again or give another folder."
        ) from error


def _dimension(folder: Path) -> int:
    """The length of the vectors, as the model's last module that states one says."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        stated = [
            config[key]
            for module in modules
            if (path := folder / module["path"] / "config.json").is_file()
            for config in [json.loads(path.read_text(encoding="utf-8"))]
            for key in ("out_features", "word_embedding_dimension", "embedding_dimension", "hidden_size")
            if key in config
        ]
        return int(stated[-1])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelUnavailable(
            f"{folder} is not a sentence-transformers folder: its modules.json does not lead to a vector length."
        ) from error

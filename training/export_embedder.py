"""Export the embedder for run time: `python -m training.export_embedder checkpoints/embedder/epoch-1 windows.jsonl`.

The weights become 8-bit integers (NNCF, one scale a channel), the computation stays in floating point. What is written
to `index/weights`, with hashes: the model with its two outputs (the unit vector of a text, and what it makes of each
word piece), its tokeniser, and the bounds of what its weights multiply over the given passages, by which rows that are
stored are computed in 8 bits. What the rounding costs is measured against the model that was trained.
"""

import argparse
import hashlib
import json
import shutil
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModel

from index.compiled import LONGEST, MODEL, MODEL_WEIGHTS, TOKENIZER, WEIGHTS, CompiledModel, unpacked
from index.cores import model_settings
from index.eight_bits import BOUNDS, Bounds, in_eight_bits, multiplied, write_bounds
from index.embedded import Embedded
from index.shipped import HASHES

from .data import read_windows

SHIPPED = (MODEL, MODEL_WEIGHTS, TOKENIZER, BOUNDS)


class MeanPooled(torch.nn.Module):
    """A BERT model with mean pooling over the words and vectors of unit length, and what it makes of each word."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.inner: Any = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager").eval()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """float32 (texts, dimension) and (texts, word pieces, dimension)."""
        hidden = self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        counted = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * counted).sum(1) / counted.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1), hidden


def export(folder: Path, out: Path, texts: Sequence[str], *, eight_bit: bool = True) -> None:
    """Write the model of a sentence-transformers folder, its tokeniser, its bounds over `texts` and all hashes to
    `out`."""
    import openvino

    example = torch.ones(2, 16, dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that this model does not depend on
        model = openvino.convert_model(
            MeanPooled(folder), example_input={"input_ids": example, "attention_mask": example}
        )
    if eight_bit:
        import nncf

        model = nncf.compress_weights(model, mode=nncf.CompressWeightsMode.INT8_SYM)
    out.mkdir(parents=True, exist_ok=True)
    openvino.save_model(model, out / MODEL, compress_to_fp16=eight_bit)
    shutil.copyfile(folder / TOKENIZER, out / TOKENIZER)
    measure_bounds(out, texts)


def measure_bounds(out: Path, texts: Sequence[str]) -> None:
    """Measure over `texts` between what bounds lies what the weights of the model in `out` multiply, and what its words
    are off by on average when it is rounded so; write both, and all hashes."""
    import openvino
    from tokenizers import Tokenizer

    core = openvino.Core()
    tokenizer = Tokenizer.from_file(str(out / TOKENIZER))
    tokenizer.enable_truncation(LONGEST)
    read = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    exact = unpacked(core.read_model(str(out / MODEL)))
    watched = exact.clone()
    watched.add_outputs([source for source, _ in multiplied(watched)])
    bounds: list[Bounds] = []
    words = np.zeros(0)
    for seen in _outputs(core, watched, read):
        found = [np.stack([of.min(axis=0), of.max(axis=0)]) for of in seen[2:]]
        bounds = [_around(a, b) for a, b in zip(bounds or found, found, strict=True)]
        words = seen[1].sum(axis=0, dtype=np.float64) + (words if len(words) else 0)
    rounded = in_eight_bits(exact, bounds, np.zeros(len(words), dtype=np.float32))
    off = sum(seen[1].sum(axis=0, dtype=np.float64) for seen in _outputs(core, rounded, read)) - words
    write_bounds(out / BOUNDS, bounds, (-off / sum(map(len, read))).astype(np.float32))
    hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in SHIPPED}
    (out / HASHES).write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")


def _outputs(core: Any, model: Any, read: Sequence[Sequence[int]]) -> Iterator[list[Bounds]]:
    """What a model makes of each text, given as its word pieces: each output without the first of its dimensions."""
    request = core.compile_model(model, "CPU", model_settings()).create_infer_request()
    for pieces in read:
        ids = np.array([pieces], dtype=np.int64)
        request.infer({"input_ids": ids, "attention_mask": np.ones_like(ids)})
        yield [request.get_output_tensor(place).data[0] for place in range(len(model.outputs))]


def _around(first: Bounds, second: Bounds) -> Bounds:
    return np.stack([np.minimum(first[0], second[0]), np.maximum(first[1], second[1])])


def lowest_cosine(folder: Path, out: Path, texts: list[str], *, to_store: bool) -> float:
    """The lowest cosine between the vectors that torch makes of texts and those of the exported model."""
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = reference.encode(texts, show_progress_bar=False, normalize_embeddings=True)
    parts = [Embedded(text) for text in texts]
    found = CompiledModel(out).encode(parts, to_store=to_store)
    return float((np.stack([found[part] for part in parts]) * expected).sum(axis=1).min())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("texts", type=Path, help="windows.jsonl")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    passages = [f"{window.title}\n{window.text}" for window in read_windows(arguments.texts).values()]
    export(arguments.folder, arguments.out, passages)
    for to_store in (False, True):
        lowest = lowest_cosine(arguments.folder, arguments.out, passages, to_store=to_store)
        print({"lowest cosine": lowest, "to be stored": to_store})
    print(json.dumps({path.name: path.stat().st_size for path in sorted(arguments.out.iterdir())}))

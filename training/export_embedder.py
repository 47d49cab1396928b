"""Export the embedder for run time: `python -m training.export_embedder checkpoints/embedder/epoch-1`.

The weights become 8-bit integers (NNCF, one scale a channel), the computation stays in floating point. What is written
to `index/weights`, with hashes: the model with its two outputs (the unit vector of a text, and what it makes of each
word piece) and its tokeniser. What the rounding costs is measured against the model that was trained.
"""

import argparse
import hashlib
import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModel

from index.compiled import MODEL, MODEL_WEIGHTS, TOKENIZER, WEIGHTS, CompiledModel
from index.embedded import Embedded
from index.shipped import HASHES


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


def export(folder: Path, out: Path, *, eight_bit: bool = True) -> None:
    """Write the model of a sentence-transformers folder, its tokeniser and their hashes to `out`."""
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
    hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in (MODEL, MODEL_WEIGHTS, TOKENIZER)}
    (out / HASHES).write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")


def lowest_cosine(folder: Path, out: Path, texts: list[str]) -> float:
    """The lowest cosine between the vectors that torch makes of texts and those of the exported model."""
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = reference.encode(texts, show_progress_bar=False, normalize_embeddings=True)
    parts = [Embedded(text) for text in texts]
    found = CompiledModel(out).encode(parts)
    return float((np.stack([found[part] for part in parts]) * expected).sum(axis=1).min())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--texts", type=Path, help="windows.jsonl, to measure what the rounding costs")
    arguments = parser.parse_args()
    export(arguments.folder, arguments.out)
    print(json.dumps({path.name: path.stat().st_size for path in sorted(arguments.out.iterdir())}))
    if arguments.texts is not None:
        lines = arguments.texts.read_text(encoding="utf-8").splitlines()
        print({"lowest cosine": lowest_cosine(arguments.folder, arguments.out, [json.loads(x)["text"] for x in lines])})

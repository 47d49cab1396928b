"""The embedder with its matrices multiplied in 8 bits, for rows that are stored: about half the time of bfloat16 and a
third of that of single precision, on processors that have instructions for it.

A matrix's weights become whole numbers from -127 to 127 and what it multiplies from 0 to 255. What is multiplied
differs in size from one number of a word to the next, by ten times and more, so each is first divided by a share of its
own, and the weights multiplied by it (SmoothQuant: Xiao and others, 2023, arXiv 2211.10438). Between what bounds each
lies was measured beforehand: `training/export_embedder.py`. What it costs: `docs/models.md`.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bounds = NDArray[np.float32]

BOUNDS = "embedder.bounds.npz"
SHIFT = "shift"
LEVELS = 127  # of a weight, to either side of 0
STEPS = 255  # of what is multiplied, from its lower bound to its upper
SHARE = 0.9  # how much of its size is taken from what is multiplied, the rest from the weights
LEAST = 1e-3  # of a size, against division by nothing
_INSTRUCTIONS = re.compile(r"^flags\b.*\b(?:avx512_vnni|avx_vnni|amx_int8)\b", re.MULTILINE)


def multiplies_bytes(processor: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has instructions that multiply and add bytes; False where that cannot be seen."""
    try:
        return _INSTRUCTIONS.search(processor.read_text(encoding="ascii", errors="replace")) is not None
    except OSError:
        return False


def read_bounds(path: Path) -> tuple[list[Bounds], Bounds]:
    """float32 (2, n_numbers) for each of `multiplied`, in that order: what is least and greatest of each number; and
    float32 (dimension,), to be added to each word that the rounded model makes: what it is off by on average."""
    with np.load(path, allow_pickle=False) as kept:
        bounds = [kept[str(place)].astype(np.float32) for place in range(len(kept.files) - 1)]
        return bounds, kept[SHIFT].astype(np.float32)


def write_bounds(path: Path, bounds: Sequence[Bounds], shift: Bounds) -> None:
    """What `read_bounds` reads, in half precision."""
    kept: dict[str, Any] = {str(place): of.astype(np.float16) for place, of in enumerate(bounds)}
    kept[SHIFT] = shift.astype(np.float16)
    np.savez_compressed(path, **kept)


def multiplied(model: Any) -> list[tuple[Any, list[Any]]]:
    """What is multiplied by weights, in the order of computation, each with the multiplications that it goes into."""
    places: dict[tuple[str, int], tuple[Any, list[Any]]] = {}
    for node in model.get_ordered_ops():
        if node.get_type_name() == "MatMul" and node.input_value(1).get_node().get_type_name() == "Constant":
            source = node.input_value(0)
            key = source.get_node().get_friendly_name(), source.get_index()
            places.setdefault(key, (source, []))[1].append(node)
    return list(places.values())


def in_eight_bits(model: Any, bounds: Sequence[Bounds], shift: Bounds) -> Any:
    """A copy of an OpenVINO model in single precision with constant weights, (n_outputs, n_inputs) each, whose second
    output is its words. `bounds` and `shift` as in `read_bounds`; what lies beyond the bounds is cut."""
    from openvino import opset13 as ops

    made = model.clone()
    for (source, multiplications), (least, greatest) in zip(multiplied(made), bounds, strict=True):
        weights = [node.input_value(1).get_node().data.astype(np.float32) for node in multiplications]
        heaviest = np.max([np.abs(of).max(axis=0) for of in weights], axis=0)
        sizes = np.maximum(np.maximum(-least, greatest), LEAST)
        shares = (sizes**SHARE / np.maximum(heaviest, LEAST) ** (1 - SHARE)).astype(np.float32)
        low, high = min(0.0, float((least / shares).min())), max(0.0, float((greatest / shares).max()))
        step = (high - low) / STEPS
        low = step * round(low / step)  # so that 0 stays 0
        between = [ops.constant(np.float32(bound)) for bound in (low, low + STEPS * step)]
        evened = ops.multiply(source, ops.constant(1 / shares))
        rounded = ops.fake_quantize(evened, *between, *between, STEPS + 1)
        for node, of in zip(multiplications, weights, strict=True):
            node.input(0).replace_source_output(rounded.output(0))
            node.input(1).replace_source_output(_in_bytes(of * shares).output(0))
    words = made.outputs[1].get_node().input_value(0)
    users = words.get_target_inputs()
    moved = ops.add(words, ops.constant(shift))
    for user in users:
        user.replace_source_output(moved.output(0))
    made.validate_nodes_and_infer_types()
    return made


def _in_bytes(weights: NDArray[np.float32]) -> Any:
    """Weights (n_outputs, n_inputs) as bytes with a scale for each output."""
    from openvino import opset13 as ops

    scales = np.abs(weights).max(axis=1, keepdims=True) / LEVELS
    whole = np.round(weights / np.maximum(scales, np.finfo(np.float32).tiny)).astype(np.int8)
    return ops.multiply(ops.convert(ops.constant(whole), np.float32), ops.constant(scales))

"""How many cores this process may use, and how OpenVINO is to run a model on them."""

import os
from typing import Any


def cores() -> int:
    """The number of cores that the process is allowed to run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def model_settings(**more: Any) -> dict[str, Any]:
    """Settings for OpenVINO to compile a model with, and `more` of them.

    The computation stays in single precision on every processor. Left alone, newer ones use half precision or 8-bit
    activations, and answers near a threshold would differ from machine to machine.
    """
    exact = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    return {"INFERENCE_NUM_THREADS": cores(), **exact, **more}

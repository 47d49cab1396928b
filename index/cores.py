"""How many cores this process may use."""

import os


def cores() -> int:
    """The number of cores that the process is allowed to run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

"""The memory of a process and of its children while they work, as Linux's /proc tells it.

Not from `getrusage`: what it gives for a child begins with the memory of the process that started it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
INTERVAL_SECONDS = 0.02


@dataclass(slots=True)
class Peaks:
    """The highest resident memory, in bytes: of the process, of that child, at any depth, which had most, and of all
    of them at one moment. What they share is in the last counted for each. All 0 where there is no /proc."""

    process: int = 0
    largest_child: int = 0
    together: int = 0


@contextmanager
def watching(process: int) -> Iterator[Peaks]:
    """Peaks of the process with this id, that rise until the end of the `with`; how a peak lasts does not matter, for
    the system keeps each process's own, but what a process does in its last 0.02 s may be missed."""
    peaks = Peaks()
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process, peaks, over), name="citewell-bench-memory", daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


def _watch(process: int, peaks: Peaks, over: threading.Event) -> None:
    known: set[int] = set()
    while not over.wait(INTERVAL_SECONDS):
        children = set(_descendants(process))
        # The first moment of a child is spent as a copy of its parent, with the parent's memory.
        sizes = {child: _memory(child) for child in children & known}
        known = children
        highest, now = _memory(process)
        peaks.process = max(peaks.process, highest)
        peaks.largest_child = max([peaks.largest_child, *(size for size, _ in sizes.values())])
        peaks.together = max(peaks.together, now + sum(size for _, size in sizes.values()))


def _descendants(process: int) -> Iterator[int]:
    """The children of all threads of a process, theirs, and so on."""
    try:
        lists = [path.read_text() for path in PROC.glob(f"{process}/task/*/children")]
    except OSError:  # it ended meanwhile
        return
    for child in map(int, " ".join(lists).split()):
        yield child
        yield from _descendants(child)


def _memory(process: int) -> tuple[int, int]:
    """The highest resident memory of a process so far, and that of now, in bytes; 0 where it has ended."""
    try:
        lines = (PROC / str(process) / "status").read_text().splitlines()
    except OSError:
        return 0, 0
    sizes = {
        name: int(value.split()[0]) * 1024
        for name, _, value in (line.partition(":") for line in lines)
        if name in ("VmHWM", "VmRSS")
    }
    return sizes.get("VmHWM", 0), sizes.get("VmRSS", 0)

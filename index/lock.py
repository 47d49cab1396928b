"""Who may write, and when a store may be read.

`WriterLock` admits one writer at a time. `Gate` keeps readers and the writer's single operations on the vector store
apart: the store's reader catches up with the writer's log by itself, and one that caught up while its files were being
rewritten would write them a second time and lose vectors. Both are `flock` locks: the kernel frees them when a
process dies, however it dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import LibraryBusy

COUNTER_BYTES = 8


class WriterLock:
    """The lock of a library's only writer, held from `acquire` to `release`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self) -> None:
        """Take the lock now, or raise LibraryBusy with the holder's process id; never waits."""
        fd = _opened(self._path)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(fd, 32, 0).split(b"\n")[0]
            os.close(fd)
            raise LibraryBusy(str(self._path.parent), int(holder) if holder.isdigit() else None) from error
        try:
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            os.close(fd)
            raise
        self._fd = fd

    def release(self) -> None:
        """Give the lock back; the file stays, since removing it would let two processes lock two files."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None


class Gate:
    """Many readers or one operation of the writer at a time, across threads and processes.

    Whoever wants in passes a second file, the turnstile, first: readers that follow one another without a pause would
    otherwise keep the writer out for ever. The gate's own file counts the writer's operations: whoever holds the store
    open compares the count with the one at which it opened it, and opens it anew if they differ.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turnstile = path.with_name(path.name + ".turnstile")

    @contextmanager
    def shared(self) -> Iterator[int]:
        """Hold the gate for reading; gives the count of operations so far."""
        with self._held(fcntl.LOCK_SH) as fd:
            yield int.from_bytes(os.pread(fd, COUNTER_BYTES, 0))

    @contextmanager
    def exclusive(self) -> Iterator[tuple[int, int]]:
        """Hold the gate for one operation; gives the count before it and the count that it gets."""
        with self._held(fcntl.LOCK_EX) as fd:
            before = int.from_bytes(os.pread(fd, COUNTER_BYTES, 0))
            os.pwrite(fd, (before + 1).to_bytes(COUNTER_BYTES), 0)
            yield before, before + 1

    @contextmanager
    def _held(self, kind: int) -> Iterator[int]:
        fd = _opened(self._path)
        try:
            turnstile = _opened(self._turnstile)
            try:
                fcntl.flock(turnstile, kind)
                fcntl.flock(fd, kind)
            finally:
                os.close(turnstile)
            yield fd
        finally:
            os.close(fd)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

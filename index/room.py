"""Room: whether the disk has any left, before writing and after a write failed."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import LibraryFull

RESERVE_BYTES = 32 << 20  # kept free beside the estimate: the word index merges, and SQLite keeps a journal
ROW_BYTES = 8 << 10  # a row's text, metadata and words in all stores, beside its vector
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_WORDS = ("no space left", "disk is full", "disk full", "quota exceeded", "os error 28", "(code: 13)")


def require_room(folder: Path, file_bytes: int, rows: int, dimension: int) -> None:
    """Raise LibraryFull unless there is room for that many bytes of files and that many rows, with a reserve."""
    # A vector is held in the log and in the graph for a while, the graph's file grows by doubling, and a file of
    # vectors has a sixth of that once more.
    vector_bytes = 5 * 4 * dimension
    if shutil.disk_usage(folder).free < RESERVE_BYTES + file_bytes + rows * (ROW_BYTES + vector_bytes):
        raise LibraryFull(str(folder))


@contextmanager
def full_disk_named(folder: Path, *kinds: type[Exception]) -> Iterator[None]:
    """Turn what a full disk raises into LibraryFull.

    `kinds` are the errors of a storage library that has no kind of its own for this: their message is all there is.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise LibraryFull(str(folder)) from error
        raise
    except kinds as error:
        if any(words in str(error).lower() for words in FULL_WORDS):
            raise LibraryFull(str(folder)) from error
        raise

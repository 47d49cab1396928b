"""A report's vectors in a file of its own, in three grades: signs to look through all, bytes to choose by, and the rest
of each number to compare with.

A number of a vector is kept as 16 bits, in units of `scale` / 32767, which moves a cosine distance by about 0.000002.
Its high byte and its sign are what is held in memory, a quarter and a thirty-second of the vector as Chroma holds it.
"""

import os
import struct
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import LibraryDamaged
from .vectors import Vectors32

MAGIC = b"CWV1"
UNITS = 32767
_HEAD = struct.Struct("<4sI5I")  # magic, checksum of what follows, dimension, rows and bytes of ids for each kind


@dataclass(frozen=True, slots=True)
class Packed:
    """The n rows of one kind of a report: ids in order, scale float32 (n,), signs uint64 (n, words), coarse int8
    (n, dimension), and where in the file the low bytes begin, uint8 (n, dimension)."""

    row_ids: bytes
    scale: Vectors32
    signs: NDArray[np.uint64]
    coarse: NDArray[np.int8]
    fine_at: int


def pack(kinds: Sequence[tuple[Sequence[str], Vectors32]], dimension: int) -> bytes:
    """The content of a file: for passages and then statements the row ids and their vectors, float32 (n, dimension)."""
    head: list[int] = [dimension]
    front, back = [], []
    for row_ids, vectors in kinds:
        joined = "\n".join(row_ids).encode()
        head += [len(row_ids), len(joined)]
        if not row_ids:
            continue
        scale = np.abs(vectors).max(axis=1)
        scale[scale == 0] = 1.0
        numbers = np.rint(vectors / scale[:, None] * UNITS).astype(np.int16)
        front += [joined, scale.astype("<f4"), signs_of(vectors).astype("<u8"), (numbers >> 8).astype(np.int8)]
        back.append((numbers & 255).astype(np.uint8))
    rest = b"".join(part if isinstance(part, bytes) else part.tobytes() for part in (*front, *back))
    numbers_of = struct.pack("<5I", *head)
    return MAGIC + struct.pack("<I", zlib.crc32(numbers_of + rest)) + numbers_of + rest


def signs_of(vectors: Vectors32) -> NDArray[np.uint64]:
    """Which numbers are above 0, a bit each: uint64 (n, words)."""
    bits = np.packbits(vectors > 0, axis=1)
    padded = np.zeros((len(vectors), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view(np.uint64)


def read_packed(path: Path, dimension: int) -> tuple[Packed, Packed]:
    """The passages and the statements of a file, but their low bytes. Raises LibraryDamaged."""
    try:
        with path.open("rb") as file:
            magic, _, found, *counts = _HEAD.unpack(file.read(_HEAD.size))
            if magic != MAGIC or found != dimension:
                raise ValueError("it is of another form")
            front_bytes, fine_bytes = _sizes(dimension, counts)
            # Before anything is read: a damaged head may ask for any amount.
            if os.fstat(file.fileno()).st_size != _HEAD.size + front_bytes + fine_bytes:
                raise ValueError("it is cut short or too long")
            front = file.read(front_bytes)
        passages, at = _packed(front, 0, counts[0], counts[1], dimension, _HEAD.size + front_bytes)
        fine_at = passages.fine_at + counts[0] * dimension
        statements, _ = _packed(front, at, counts[2], counts[3], dimension, fine_at)
    except (OSError, ValueError, struct.error) as error:
        raise damaged(path, error) from error
    return passages, statements


def _sizes(dimension: int, counts: Sequence[int]) -> tuple[int, int]:
    """The bytes of the part that is held in memory, and of the low bytes."""
    rows = counts[0] + counts[2]
    return counts[1] + counts[3] + rows * (4 + 8 * -(-dimension // 64) + dimension), rows * dimension


def _packed(front: bytes, at: int, rows: int, ids: int, dimension: int, fine_at: int) -> tuple[Packed, int]:
    words = -(-dimension // 64)
    row_ids = front[at : at + ids]
    if not row_ids.isascii() or (row_ids.count(b"\n") + 1 if ids else 0) != rows:
        raise ValueError("its ids are not those of its rows")
    at += ids
    scale = np.frombuffer(front, "<f4", rows, at)
    at += 4 * rows
    signs = np.frombuffer(front, "<u8", rows * words, at).reshape(rows, words)
    at += 8 * words * rows
    coarse = np.frombuffer(front, np.int8, rows * dimension, at).reshape(rows, dimension)
    return Packed(row_ids, scale, signs, coarse, fine_at), at + dimension * rows


def is_whole(path: Path, dimension: int, row_ids: Sequence[Collection[str]]) -> bool:
    """Whether a file has the checksum that it was written with, and these passages and statements in any order."""
    try:
        content = path.read_bytes()
        both = read_packed(path, dimension)
    except (OSError, LibraryDamaged):
        return False
    held = [sorted(packed.row_ids.decode().split("\n")) if packed.row_ids else [] for packed in both]
    return content[4:8] == struct.pack("<I", zlib.crc32(content[8:])) and held == [sorted(ids) for ids in row_ids]


def damaged(path: Path, error: Exception | str) -> LibraryDamaged:
    """What is raised where a file of vectors cannot be used."""
    return LibraryDamaged(f"The vectors in {path} cannot be read ({error}): run citewell check --compact.")

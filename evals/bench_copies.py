"""Copies of prepared reports that differ by name and year, so that a library of any size has the near-identical in it.

A copy has the words of its original with another organisation's name, of the same length, and all years moved by the
same number: every offset stays. Its vectors are not computed but derived: those of the original, each moved a little in
a direction drawn from a seed. How far is measured on copies that are really embedded (`measured_shift`).
"""

import hashlib
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.catalogue import entry_of, entry_row
from index.codec import decode, encode
from index.embed import Embedder, Vectors32
from index.embedded import Embedded
from index.records import PreparedReport
from index.rows import report_rows

_YEAR = re.compile(r"(?<![\d.,/])(?:19|20)\d\d(?![\d,]|\.\d)")
_LETTERS = "abcdefghijklmnoprstuvw"


@dataclass(frozen=True, slots=True)
class Original:
    """A prepared report with the parts of it that are embedded and their vectors, float32 (n_parts, dimension)."""

    prepared: PreparedReport
    parts: tuple[Embedded, ...]
    vectors: Vectors32


def embedded_parts(prepared: PreparedReport) -> tuple[Embedded, ...]:
    """What the store embeds of a report, in the order of its rows."""
    passages, statements = report_rows(prepared.passages, prepared.statements)
    row = entry_row(entry_of(prepared, prepared.structured.loaded.file, "0" * 64, ()))
    return tuple(one.embedded for one in (*passages, *statements, row))


def varied(prepared: PreparedReport, number: int) -> tuple[PreparedReport, bytes]:
    """The copy of that number, from 1, and the bytes of the file that it is said to be of."""
    loaded, identity = prepared.structured.loaded, prepared.structured.identity
    drawn = random.Random(f"{loaded.sha256}:{number}")
    name = identity.organisation or ""
    other = "".join(_another(letter, drawn) for letter in name)
    shift = drawn.randint(-9, 9)
    content = f"copy {number}\n{loaded.text}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    ids = {loaded.sha256: sha256, loaded.report_id: sha256[: len(loaded.report_id)]}

    def change(text: str) -> str:
        if text in ids:
            return ids[text]
        moved = _YEAR.sub(lambda year: str(int(year.group()) + shift), text)
        return moved.replace(name, other) if name else moved

    copy = decode(PreparedReport, json.dumps(_walked(json.loads(encode(prepared)), change, shift)))
    return copy, content


def derived(original: Original, number: int, shift: float) -> Vectors32:
    """The vectors of the copy of that number: each of the original's moved by `shift` times a random unit vector, and
    made unit length again."""
    drawn = np.random.default_rng([number, int(original.prepared.structured.loaded.sha256[:8], 16)])
    moves = drawn.standard_normal(original.vectors.shape, dtype=np.float32)
    moves *= shift / np.linalg.norm(moves, axis=1, keepdims=True)
    moved = original.vectors + moves
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def measured_shift(originals: Sequence[Original], embedder: Embedder, sample: int = 6) -> float:
    """The median distance (Euclidean, unit vectors) between the parts of `sample` reports and those of their first
    copies, really embedded."""
    distances: list[float] = []
    for original in originals[:: max(1, len(originals) // sample)][:sample]:
        vectors = embedder.embed_parts(embedded_parts(varied(original.prepared, 1)[0]))
        distances.extend(np.linalg.norm(vectors - original.vectors, axis=1).tolist())
    return float(np.median(distances))


class DerivedEmbedder(Embedder):
    """Gives the vectors that it was told, and computes the others."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, Vectors32] = {}

    def tell(self, parts: Sequence[Embedded], vectors: Vectors32) -> None:
        """From now on these vectors for these parts, and no others."""
        self._told = {part.hash: vector for part, vector in zip(parts, vectors, strict=True)}

    def embed_parts(self, parts: Sequence[Embedded], *, to_store: bool = False) -> Vectors32:
        """float32 (n_parts, dimension), unit length, in the order given."""
        if all(part.hash in self._told for part in parts):
            return np.stack([self._told[part.hash] for part in parts]) if parts else super().embed_parts(parts)
        return super().embed_parts(parts, to_store=to_store)


def _walked(value: Any, change: Callable[[str], str], shift: int) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_walked(item, change, shift) for item in value]
    if isinstance(value, dict):
        return {
            key: item + shift if key == "year" and isinstance(item, int) else _walked(item, change, shift)
            for key, item in value.items()
        }
    return value


def _another(letter: str, drawn: random.Random) -> str:
    if not letter.isascii() or not letter.isalpha():
        return letter
    new = drawn.choice(_LETTERS)
    return new.upper() if letter.isupper() else new

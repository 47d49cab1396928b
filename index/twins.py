"""Twins: the same report in two extractions, found by the runs of eight words that they share.

A MinHash signature (Broder 1997, as `datasketch` computes it) names candidates among many reports; the exact share of
common runs then decides. Reports that state different years or different organisations are never twins: consecutive
issues of a report, and reports made from one template, share most of their words too.
"""

import base64
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .records import Identity

SHINGLE_WORDS = 8
PERMUTATIONS = 128
CANDIDATE_JACCARD = 0.3  # equal sizes sharing 0.7 have Jaccard 0.54; four standard errors of the estimate below that
CONFIRMED_CONTAINMENT = 0.7

_ORDER = ("draft", None, "corrected")

_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u00b4`']")
_WORD = re.compile(r"[^\W_]+")

Signatures = NDArray[np.uint32]


def shingles(text: str) -> set[str]:
    """The runs of eight lower-case words, apostrophes and quotation marks removed; the whole text if it is shorter."""
    words = _WORD.findall(_APOSTROPHES.sub("", text).lower())
    if not words:
        return set()
    return {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1))}


def signature(text: str) -> tuple[int, ...]:
    """128 hash minima (each below 2**32) of the text's word runs; `()` for a text without words."""
    runs = shingles(text)
    if not runs:
        return ()
    # Imported here: it loads scipy, which reading a library has no use for.
    from datasketch import MinHash

    minhash = MinHash(num_perm=PERMUTATIONS)
    minhash.update_batch([run.encode() for run in runs])
    return tuple(int(value) for value in minhash.hashvalues)


def pack(values: Sequence[int]) -> str:
    """A signature as text: base64 of little-endian 32-bit numbers."""
    return base64.b64encode(np.asarray(values, dtype="<u4").tobytes()).decode("ascii")


def unpack_all(texts: Sequence[str]) -> Signatures:
    """The signatures that `pack` wrote, none of them empty: uint32 (n_texts, 128)."""
    whole = b"".join(map(base64.b64decode, texts))
    return np.frombuffer(whole, dtype="<u4").astype(np.uint32).reshape(len(texts), PERMUTATIONS)


def candidates(values: Sequence[int], others: Signatures) -> list[int]:
    """The rows of `others` (uint32 (n, 128)) whose estimated Jaccard similarity makes a twin possible, best first."""
    if not len(values) or not len(others):
        return []
    shared = (others == np.asarray(values, dtype=np.uint32)).mean(axis=1)
    rows = np.flatnonzero(shared >= CANDIDATE_JACCARD)
    return [int(row) for row in rows[np.argsort(-shared[rows], kind="stable")]]


def containment(first: str, second: str) -> float:
    """The share (0 to 1) of the smaller text's distinct word runs that the larger one has too."""
    smaller, larger = sorted((shingles(first), shingles(second)), key=len)
    return len(smaller & larger) / len(smaller) if smaller else 0.0


def are_twins(first: str, second: str) -> bool:
    """Whether two texts are extractions of one report, by their words alone."""
    return containment(first, second) >= CONFIRMED_CONTAINMENT


def may_be_twins(first: Identity, second: Identity) -> bool:
    """False where both state a year, or both an organisation, and these differ."""
    if first.year is not None and second.year is not None and first.year != second.year:
        return False
    if first.organisation is None or second.organisation is None:
        return True
    one, other = (set(_WORD.findall(name.lower())) for name in (first.organisation, second.organisation))
    return one <= other or other <= one


def supersedes(first: Identity, second: Identity) -> bool:
    """Whether, of two versions of one report, the first takes the place of the second: a corrected one that of the
    report as published, and this one that of a draft."""
    return _ORDER.index(first.version) > _ORDER.index(second.version)

"""Search by meaning: every row of the wanted reports is compared, in three steps that each leave fewer.

By signs, a bit for each number, which of them are near enough to look at; by the high bytes, which of those may be the
nearest; by the whole numbers, in which order. A filter leaves rows out before the first step, so it makes the search
faster. A graph, as in Chroma, would need the vectors themselves in memory, would miss rows of near-identical reports,
and slows down under a filter (`docs/decisions/0012-vectors-in-files.md`).
"""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from .vector_files import UNITS, damaged, read_packed, signs_of
from .vectors import Vectors32
from .words import KINDS, Kind

BY_SIGNS = 12_000  # rows that are compared by their high bytes, at most
FEWEST_BY_SIGNS = 3_000  # at least; where no more are searched, signs are not looked at
SIGN_SHARE = 8  # of the rows searched, one in so many, between the two
MIDDLE = 127.5  # of what a low byte can be
SPREAD = 6 * MIDDLE / np.sqrt(3)  # six standard deviations of low bytes times a unit vector: none differ by more
SPARE = 1.5  # room for reports to come, which takes no memory until it is used
LEAST_ROOM = 1024  # rows
COMPARED = 256  # rows whose high bytes are compared at once: as floats they stay in the processor's cache
SLICED = 16  # runs of rows that are looked through one by one; more are copied together first

Rows = NDArray[np.int64]
Span = tuple[int, int]
Counts = Callable[[str], tuple[int, int]]
_Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Held:
    """The rows in memory. Only rows beyond `used` are ever written, so that a search may go on in what it has."""

    scale: Vectors32
    signs: NDArray[np.uint64]  # (words, room): whole columns are compared at once
    coarse: NDArray[np.int8]
    used: int = 0

    @classmethod
    def of(cls, room: int, dimension: int) -> "_Held":
        """Room for so many rows."""
        return cls(
            np.empty(room, dtype=np.float32),
            np.empty((-(-dimension // 64), room), dtype=np.uint64),
            np.empty((room, dimension), dtype=np.int8),
        )

    def put(self, scale: Vectors32, signs: NDArray[np.uint64], coarse: NDArray[np.int8]) -> Span:
        """Take in rows, with `signs` uint64 (words, n); where they are then."""
        start, stop = self.used, self.used + len(scale)
        self.scale[start:stop], self.signs[:, start:stop], self.coarse[start:stop] = scale, signs, coarse
        self.used = stop
        return start, stop


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a report's rows are in `_Held`, and their low bytes in its file."""

    report_id: str
    start: int
    stop: int
    row_ids: bytes
    fine_at: int
    stamp: _Stamp


class NearestSearch:
    """The vectors of a library's reports, read when they are first searched. Safe to use from several threads.

    `path_of` gives a report's file of vectors.
    """

    def __init__(self, path_of: Callable[[str], Path], dimension: int) -> None:
        self._path_of = path_of
        self._dimension = dimension
        self._lock = Lock()
        self._cleared = 0
        self._held: dict[Kind, _Held] = {kind: _Held.of(0, dimension) for kind in KINDS}
        self._places: dict[Kind, dict[str, _Place]] = {kind: {} for kind in KINDS}

    @property
    def rows(self) -> int:
        """How many rows are in memory, those of reports that are gone included."""
        return sum(held.used for held in self._held.values())

    def nearest(
        self, kind: Kind, vector: Vectors32, k: int, report_ids: Collection[str], counts: Counts, cleared: int
    ) -> tuple[tuple[str, float], ...]:
        """The ids and cosine distances of the k nearest rows of these reports, nearest first, equal ones by id.

        `counts` says how many passages and statements a report has, `cleared` is the commit's: files that changed
        since another one are read again. Raises LibraryDamaged, also where a report is removed meanwhile.
        """
        held, places = self._of_reports(kind, report_ids, counts, cleared)
        if not places:
            return ()
        spans = _spans(places)
        searched = sum(stop - start for start, stop in spans)
        least = max(2 * k, min(BY_SIGNS, max(FEWEST_BY_SIGNS, searched // SIGN_SHARE)))
        few = searched <= least
        rows = _rows(spans) if few else _by_signs(held, spans, vector, least)
        return self._by_all(held, places, _by_bytes(held, rows, vector, k), vector)[:k]

    def _by_all(
        self, held: _Held, places: Sequence[_Place], rows: Rows, vector: Vectors32
    ) -> tuple[tuple[str, float], ...]:
        """The rows, which stand in order, by their whole numbers, nearest first. The low bytes are read from the
        reports' files."""
        owners = np.searchsorted([place.start for place in places], rows, side="right") - 1
        fine, row_ids = [], []
        for mine, owner in zip(*_runs(rows, owners), strict=True):
            place = places[owner]
            own = mine - place.start
            fine.append(self._fine(place, own))
            ids = place.row_ids.split(b"\n")
            row_ids += [ids[row].decode() for row in own]
        numbers = held.coarse[rows].astype(np.float64) * 256 + np.concatenate(fine)
        distances = 1.0 - numbers @ vector.astype(np.float64) * held.scale[rows] / UNITS
        # Rounded: equal vectors are equally near, whatever stood beside them when they were multiplied.
        found = sorted((round(float(distance), 7), row_id) for distance, row_id in zip(distances, row_ids, strict=True))
        return tuple((row_id, distance) for distance, row_id in found)

    def _fine(self, place: _Place, rows: Rows) -> NDArray[np.uint8]:
        path, size = self._path_of(place.report_id), self._dimension
        try:
            file = os.open(path, os.O_RDONLY)
            try:
                read = b"".join(os.pread(file, size, place.fine_at + int(row) * size) for row in rows)
            finally:
                os.close(file)
        except OSError as error:
            raise damaged(path, error) from error
        if len(read) != size * len(rows):
            raise damaged(path, "it is cut short")
        return np.frombuffer(read, np.uint8).reshape(len(rows), size)

    def _of_reports(
        self, kind: Kind, report_ids: Collection[str], counts: Counts, cleared: int
    ) -> tuple[_Held, list[_Place]]:
        """Those of the reports that have rows, in the order of these."""
        with self._lock:
            if cleared != self._cleared:
                self._forget_changed()
                self._cleared = cleared
            known = self._places[kind]
            missing = [report_id for report_id in report_ids if report_id not in known]
            if missing:
                self._load(sorted(missing), counts)
            wanted = (known[report_id] for report_id in report_ids)
            return self._held[kind], sorted((p for p in wanted if p.stop > p.start), key=lambda place: place.start)

    def _forget_changed(self) -> None:
        for report_id, place in list(self._places["passages"].items()):
            if _stamp(self._path_of(report_id)) != place.stamp:
                for places in self._places.values():
                    places.pop(report_id, None)

    def _load(self, report_ids: Sequence[str], counts: Counts) -> None:
        for kind, more in zip(KINDS, zip(*map(counts, report_ids), strict=True), strict=True):
            self._make_room(kind, sum(more))
        for report_id in report_ids:
            path = self._path_of(report_id)
            stamp = _stamp(path)
            both = read_packed(path, self._dimension)
            own = f"{report_id}:".encode()
            held = tuple(len(packed.scale) for packed in both)
            if held != counts(report_id) or held != tuple(packed.row_ids.count(own) for packed in both):
                raise damaged(path, "it has other rows than the report")
            for kind, packed in zip(KINDS, both, strict=True):
                start, stop = self._held[kind].put(packed.scale, packed.signs.T, packed.coarse)
                place = _Place(report_id, start, stop, packed.row_ids, packed.fine_at, stamp)
                self._places[kind][report_id] = place

    def _make_room(self, kind: Kind, more: int) -> None:
        """Room for so many rows more. Rows of reports that are gone are left behind when there is none."""
        old, places = self._held[kind], self._places[kind]
        if old.used + more <= len(old.scale):
            return
        kept = sum(place.stop - place.start for place in places.values())
        new = _Held.of(max(LEAST_ROOM, int((kept + more) * SPARE)), self._dimension)
        for report_id, place in places.items():
            span = slice(place.start, place.stop)
            start, stop = new.put(old.scale[span], old.signs[:, span], old.coarse[span])
            places[report_id] = replace(place, start=start, stop=stop)
        self._held[kind] = new


def _runs(rows: Rows, owners: Rows) -> tuple[list[Rows], Rows]:
    """The rows of each owner, of which equal ones stand together; and the owners."""
    starts = np.flatnonzero(np.diff(owners)) + 1
    return np.split(rows, starts), owners[np.concatenate(([0], starts))]


def _spans(places: Sequence[_Place]) -> list[Span]:
    """The runs of rows of places that stand in order."""
    spans: list[Span] = []
    for place in places:
        if spans and spans[-1][1] == place.start:
            spans[-1] = (spans[-1][0], place.stop)
        else:
            spans.append((place.start, place.stop))
    return spans


def _rows(spans: Sequence[Span]) -> Rows:
    return np.concatenate([np.arange(start, stop, dtype=np.int64) for start, stop in spans])


def _by_signs(held: _Held, spans: Sequence[Span], vector: Vectors32, least: int) -> Rows:
    """The rows whose numbers have most signs in common with the vector's: `least`, and those that are equal."""
    rows = _rows(spans)
    wanted = signs_of(vector.reshape(1, -1))[0]
    differing = np.zeros(len(rows), dtype=np.uint16)
    if len(spans) <= SLICED:
        at = 0
        for start, stop in spans:
            for word, own in zip(held.signs, wanted, strict=True):
                differing[at : at + stop - start] += np.bitwise_count(word[start:stop] ^ own)
            at += stop - start
    else:
        for word, own in zip(held.signs, wanted, strict=True):
            differing += np.bitwise_count(word[rows] ^ own)
    within = np.searchsorted(np.cumsum(np.bincount(differing)), least)
    return rows[np.flatnonzero(differing <= within)]


def _by_bytes(held: _Held, rows: Rows, vector: Vectors32, k: int) -> Rows:
    """The rows, in order, that may be among the k nearest, as their high bytes tell."""
    if len(rows) <= k:
        return rows
    near = np.empty(len(rows), dtype=np.float32)
    for first in range(0, len(rows), COMPARED):
        some = slice(first, first + COMPARED)
        near[some] = held.coarse[rows[some]].astype(np.float32) @ (256 * vector)
    scale = held.scale[rows]
    near = (near + MIDDLE * float(vector.sum())) * scale
    spread = np.float32(SPREAD * np.linalg.norm(vector)) * scale
    least = np.partition(near - spread, -k)[-k]
    return rows[np.flatnonzero(near + spread >= least)]


def _stamp(path: Path) -> _Stamp:
    """Tells a file from one that took its place; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size

"""Exact search by meaning within few reports: every vector of theirs is compared with the question's.

A filter makes the store's own search slower, not faster (PITFALLS: tens of milliseconds, more with more reports), and
its graph may then miss rows. The vectors of a report do not change while it is visible, so those that were compared
stay in memory, up to a bound, the ones used last.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from .vectors import Kind, Vectors32, VectorStore

MOST_ROWS = 20_000  # in the reports that are searched so: of more, the vectors take long to read for the first time
KEPT_ROWS = 40_000  # whose vectors stay in memory, about 65 MB


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of one report: their ids and, in the same order, their vectors, float32 (n_ids, dimension)."""

    row_ids: tuple[str, ...]
    vectors: Vectors32


class ExactSearch:
    """The vectors of reports, read when they are first searched. Safe to use from several threads."""

    def __init__(self, store: VectorStore, kept_rows: int = KEPT_ROWS) -> None:
        self._store = store
        self._kept_rows = kept_rows
        self._lock = Lock()
        self._held: OrderedDict[tuple[int, Kind, str], Held] = OrderedDict()
        self._rows = 0

    @property
    def rows(self) -> int:
        """How many rows' vectors are in memory."""
        return self._rows

    def nearest(
        self, kind: Kind, vector: Vectors32, k: int, report_ids: Sequence[str], cleared: int
    ) -> tuple[tuple[str, float], ...] | None:
        """The ids and cosine distances of the k nearest rows of these reports, nearest first, equal ones by id.

        `cleared` is the commit's count of it: what was read before rows were last cleared away is read again. None
        where the store cannot give the vectors of a report, as after a writer was killed.
        """
        held = self._of_reports(kind, report_ids, cleared)
        if held is None:
            return None
        row_ids = [row_id for one in held for row_id in one.row_ids]
        if not row_ids:
            return ()
        distances = 1.0 - np.concatenate([one.vectors @ vector for one in held if one.row_ids])
        some = np.argpartition(distances, k - 1)[:k] if k < len(row_ids) else np.arange(len(row_ids))
        if k < len(row_ids):  # rows as near as the last one: which of them are taken must not be chance
            some = np.flatnonzero(distances <= distances[some].max())
        found = sorted((float(distances[i]), row_ids[i]) for i in some)[:k]
        return tuple((row_id, distance) for distance, row_id in found)

    def _of_reports(self, kind: Kind, report_ids: Sequence[str], cleared: int) -> list[Held] | None:
        with self._lock:
            known = {report_id: self._held.get((cleared, kind, report_id)) for report_id in report_ids}
            for report_id, held in known.items():
                if held is not None:
                    self._held.move_to_end((cleared, kind, report_id))
        missing = [report_id for report_id, held in known.items() if held is None]
        if missing:
            read = self._store.vectors_of(kind, missing)
            if read is None:
                return None
            known.update({report_id: Held(*read[report_id]) for report_id in missing})
            self._keep(kind, cleared, {report_id: held for report_id in missing if (held := known[report_id])})
        return [held for held in known.values() if held is not None]

    def _keep(self, kind: Kind, cleared: int, read: dict[str, Held]) -> None:
        with self._lock:
            for report_id, held in read.items():
                before = self._held.pop((cleared, kind, report_id), None)
                self._held[cleared, kind, report_id] = held
                self._rows += len(held.row_ids) - (len(before.row_ids) if before is not None else 0)
            while self._rows > self._kept_rows:
                _, oldest = self._held.popitem(last=False)
                self._rows -= len(oldest.row_ids)

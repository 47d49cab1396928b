"""Find the rows that are nearest in meaning or by words, among those of the visible reports that are wanted.

Reports are filtered before rows are ranked. By words the index does it, by meaning `nearest.py`.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from .catalogue import Catalogue, Entry
from .commit import Commit
from .errors import LibraryDamaged
from .nearest import NearestSearch
from .records import Statement
from .rows import statement_of
from .store import Stores
from .stored_rows import Found
from .vectors import Vectors32
from .words import KINDS, Kind, WordHit, WordIndex

FILTERED_REPORTS = 500  # up to so many reports the word index filters; beyond, its results are filtered
MOST_ROWS = 100_000  # where a search by words gives up looking further for rows of the wanted reports
KEPT_JUDGED = 10_000  # statements with judgments that are kept in memory, about 20 MB

_Hit = TypeVar("_Hit")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class View:
    """One version of the library as a reader sees it."""

    stamp: tuple[int, int, int]
    commit: Commit
    catalogue: Catalogue


class Finder:
    """Searches one library. `view` gives the version in force; a search is made again if a version came between."""

    def __init__(
        self, stores: Stores, dimension: int, view: Callable[[], View], stamp: Callable[[], tuple[int, int, int]]
    ) -> None:
        self._stores = stores
        self._view = view
        self._stamp = stamp
        self._near = NearestSearch(stores.vectors_path, dimension)
        self._lock = Lock()
        self._judged: OrderedDict[tuple[int, str], tuple[Statement, ...]] = OrderedDict()

    def nearest(self, kind: Kind, vector: Vectors32, k: int, report_ids: Collection[str] | None) -> tuple[Found, ...]:
        """The k nearest rows by cosine distance, nearest first; None means all reports."""

        def search(view: View, wanted: Collection[str]) -> tuple[Found, ...]:
            entries, cleared = view.catalogue.entries, view.commit.cleared
            hits = self._near.nearest(kind, vector, k, wanted, lambda key: _counts(entries[key]), cleared)
            rows = self._stores.vectors.by_ids(kind, [row_id for row_id, _ in hits])
            return tuple(rows[row_id].at(distance) for row_id, distance in hits if row_id in rows)

        return self._in_one_version(search, k, report_ids)

    def matching(
        self, kind: Kind, terms: str, k: int, report_ids: Collection[str] | None
    ) -> tuple[tuple[Found, float], ...]:
        """The k best rows by BM25 with their scores, best first; None means all reports."""
        index = self._stores.word_indexes()[KINDS.index(kind)]

        def search(view: View, wanted: Collection[str]) -> tuple[tuple[Found, float], ...]:
            hits = _matching(view, index, terms, k, wanted)
            rows = self._stores.vectors.by_ids(kind, [hit.row_id for hit in hits])
            return tuple((rows[hit.row_id], hit.bm25_score) for hit in hits if hit.row_id in rows)

        return self._in_one_version(search, k, report_ids)

    def judged(self, view: View, report_ids: Sequence[str]) -> dict[str, tuple[Statement, ...]]:
        """The statements that carry judgments, of each of these visible reports, in text order."""
        cleared = view.commit.cleared
        wanted = [report_id for report_id in report_ids if view.catalogue.entries[report_id].judgments]
        with self._lock:
            known = {key: self._judged[cleared, key] for key in wanted if (cleared, key) in self._judged}
            for key in known:
                self._judged.move_to_end((cleared, key))
        missing = [report_id for report_id in wanted if report_id not in known]
        if missing:
            read: dict[str, list[Statement]] = {report_id: [] for report_id in missing}
            for row in self._stores.vectors.judged(missing):
                read[str(row.metadata["report_id"])].append(statement_of(row.metadata))
            fresh = {key: tuple(sorted(found, key=lambda one: (one.start, one.end))) for key, found in read.items()}
            known.update(fresh)
            with self._lock:
                self._judged.update(((cleared, key), found) for key, found in fresh.items())
                while len(self._judged) > 1 and sum(map(len, self._judged.values())) > KEPT_JUDGED:
                    self._judged.popitem(last=False)
        return known

    def _in_one_version(
        self,
        search: Callable[[View, Collection[str]], tuple[_Hit, ...]],
        k: int,
        report_ids: Collection[str] | None,
    ) -> tuple[_Hit, ...]:
        def read(view: View) -> tuple[_Hit, ...]:
            visible = view.commit.reports.keys()
            wanted = visible if report_ids is None else visible & set(report_ids)
            return search(view, wanted) if wanted and k >= 1 else ()

        return self.in_one_version(read)

    def in_one_version(self, read: Callable[[View], _Read]) -> _Read:
        """What is read of the version in force, read again where another came between."""
        while True:
            view = self._view()
            try:
                found = read(view)
            except LibraryDamaged:  # a report may have been cleared away while it was looked at
                if self._stamp() == view.stamp:
                    raise
                continue
            if self._stamp() == view.stamp:
                return found


def _counts(entry: Entry) -> tuple[int, int]:
    return entry.passages, entry.statements


def _matching(view: View, index: WordIndex, terms: str, k: int, wanted: Collection[str]) -> tuple[WordHit, ...]:
    visible = view.commit.reports
    filtered = tuple(sorted(wanted)) if len(wanted) <= min(FILTERED_REPORTS, len(visible) // 2) else None
    n = k if filtered is not None else min(MOST_ROWS, k * -(-len(visible) // len(wanted)) + k)
    while True:
        hits, more = index.search(terms, n, filtered)
        kept = tuple(hit for hit in hits if hit.report_id in wanted)[:k]
        if len(kept) == k or not more or n >= MOST_ROWS:
            return kept
        n = min(MOST_ROWS, 4 * n)

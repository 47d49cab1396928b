"""Rows as Chroma keeps them in its SQLite file, read without opening Chroma.

Chroma's own `get` first loads the whole graph of a collection, 1.7 kB a row and seconds where there are hundreds of
thousands, to look up a few dozen rows by their ids. What is read here is what `get` gives (`tests/test_stored_rows.py`
compares them); the tables are those of the version that is pinned. Only ever used where `VectorStore` holds the gate,
and after its writes have been worked off the log.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from .errors import LibraryDamaged

FILE = "chroma.sqlite3"
DOCUMENT = "chroma:document"
PAGE = 1000  # ids that one request names

_ROWS = """
SELECT e.embedding_id, m.key, coalesce(m.string_value, m.int_value, m.float_value), m.bool_value
FROM embeddings e JOIN embedding_metadata m ON m.id = e.id WHERE e.segment_id = :segment AND {} ORDER BY e.id
"""
_SEGMENTS = "SELECT c.name, s.id FROM collections c JOIN segments s ON s.collection = c.id WHERE s.scope = 'METADATA'"
_OF_REPORT = "e.embedding_id >= :first AND e.embedding_id < :after"
_JUDGED = "EXISTS (SELECT 1 FROM embedding_metadata j WHERE j.id = e.id AND j.key = 'judged' AND j.bool_value = 1)"
# "CROSS" keeps the order of the tables: SQLite would else go through what starts there in all reports.
_LAST_UP_TO = """e.id = (SELECT l.id
FROM embeddings l CROSS JOIN embedding_metadata b ON b.id = l.id AND b.key = 'start'
WHERE l.segment_id = :segment AND l.embedding_id >= :first AND l.embedding_id < :after AND b.int_value <= :at
ORDER BY b.int_value DESC LIMIT 1)"""


@dataclass(frozen=True, slots=True)
class Found:
    """A row that the store returned. `cosine_distance` is 0 where no query was made."""

    row_id: str
    document: str | None
    metadata: dict[str, Any]
    cosine_distance: float = 0.0

    def at(self, cosine_distance: float) -> "Found":
        """The same row at a distance from a query."""
        return replace(self, cosine_distance=cosine_distance)


class StoredRows:
    """The rows of the collections in one Chroma folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._segments: dict[str, str] = {}
        self._file: tuple[int, int] | None = None

    def close(self) -> None:
        """Let go of the file. It may be used again."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def of_report(self, kind: str, report_id: str) -> tuple[Found, ...]:
        """A report's rows in no particular order."""
        return tuple(self._found(kind, _OF_REPORT, _range(report_id)))

    def last_up_to(self, kind: str, report_id: str, at: int) -> Found | None:
        """The row of a report that starts at the character `at` of its text, or else the last that starts before it;
        None where none does."""
        return next(self._found(kind, _LAST_UP_TO, _range(report_id) | {"at": at}), None)

    def judged(self, report_id: str) -> tuple[Found, ...]:
        """The statements of a report that carry judgments, in no particular order."""
        return tuple(self._found("statements", f"{_OF_REPORT} AND {_JUDGED}", _range(report_id)))

    def by_ids(self, kind: str, ids: Sequence[str]) -> dict[str, Found]:
        """The rows with these ids, by id; absent ones are left out."""
        rows: dict[str, Found] = {}
        for start in range(0, len(ids), PAGE):
            some = {f"id{number}": row_id for number, row_id in enumerate(ids[start : start + PAGE])}
            where = f"e.embedding_id IN ({','.join(f':{name}' for name in some)})"
            rows.update((row.row_id, row) for row in self._found(kind, where, some))
        return rows

    def _found(self, kind: str, where: str, values: Mapping[str, str | int]) -> Iterator[Found]:
        with self._lock:
            try:
                opened = self._opened()
                cells = opened.execute(_ROWS.format(where), {**values, "segment": self._segments[kind]}).fetchall()
            except (OSError, sqlite3.Error, KeyError) as error:
                raise LibraryDamaged(
                    f"The vector store of the library at {self._path.parents[1]} failed ({error}): "
                    "run citewell check, and restore a backup if it names a problem."
                ) from error
        rows: dict[str, dict[str, Any]] = {}
        for row_id, key, value, truth in cells:
            rows.setdefault(row_id, {})[key] = bool(truth) if value is None and truth is not None else value
        return (Found(row_id, cells.pop(DOCUMENT, None), cells) for row_id, cells in rows.items())

    def _opened(self) -> sqlite3.Connection:
        stat = os.stat(self._path)
        file = stat.st_dev, stat.st_ino
        if file != self._file:
            # A library that was put in the place of another: the open file is that of the one that is gone.
            self._let_go()
        if self._connection is None:
            # Not read-only: what a writer that was killed left half done is undone by whoever opens the file.
            connection = sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, check_same_thread=False)
            try:
                self._segments = dict(connection.execute(_SEGMENTS))
            except BaseException:
                connection.close()
                raise
            self._connection, self._file = connection, file
        return self._connection


def _range(report_id: str) -> dict[str, str | int]:
    """What the ids of a report's rows are not before, and before."""
    return {"first": f"{report_id}:", "after": f"{report_id};"}

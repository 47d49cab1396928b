"""The vector store: Chroma, opened so that a reader never disturbs the writer.

Chroma is opened through its server interface and not through `PersistentClient`, which shares one open store per path
within a process: a reader could then not reopen it while a writer in the same process goes on. Embeddings are always
passed in; no embedding function is ever built from what a collection says about itself.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import LibraryDamaged
from .lock import Gate
from .room import full_disk_named
from .rows import Row, embedded_of, report_of_row
from .stored_rows import FILE, Found, StoredRows

Kind = Literal["passages", "statements", "catalogue"]
KINDS: tuple[Kind, ...] = ("passages", "statements", "catalogue")

# Searches use `nearest.py`. The graph has to find a row only by its own vector, among those of reports made from one
# template, which lie close together: hence the wider search.
HNSW: Any = {"space": "cosine", "max_neighbors": 16, "ef_construction": 100, "ef_search": 200}
GATE_FILE = "chroma.gate"
PAGE = 1000  # rows read at once where a whole report or the catalogue is read
FILTERED = 500  # reports that one request names
SAME = 1e-4  # cosine distance within which a vector counts as found at its own place

Vectors32 = NDArray[np.float32]


@dataclass(slots=True)
class _Opened:
    """An open store: which operation count it is good for, and how many are using it."""

    system: Any
    count: int
    batch: int
    collections: dict[str, Any] = field(default_factory=dict)
    users: int = 0
    retired: bool = False


class VectorStore:
    """The three collections of one library folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gate = Gate(folder.with_name(GATE_FILE))
        self._rows = StoredRows(folder)
        self._lock = Lock()
        self._opened: _Opened | None = None

    def create(self) -> None:
        """Make the collections if they are absent."""
        with self._gate.exclusive() as (_, after), self._named():
            _open(self._folder, after, create=True).system.stop()

    def use(self, folder: Path) -> None:
        """Look in another folder from now on."""
        with self._lock:
            if folder == self._folder:
                return
            self._let_go()
            self._folder, self._rows = folder, StoredRows(folder)

    def close(self) -> None:
        """Let go of the store. It may be used again: it is then opened anew."""
        with self._lock:
            self._let_go()

    def remove(self) -> None:
        """Remove the store's folder while nobody reads it: Chroma makes a folder again that it finds gone."""
        with self._gate.exclusive():
            self.close()
            shutil.rmtree(self._folder)

    def _let_go(self) -> None:
        self._rows.close()
        opened, self._opened = self._opened, None
        if opened is not None:
            _retire(opened)

    def upsert(self, kind: Kind, rows: Sequence[Row], vectors: Vectors32) -> None:
        """Write rows with their vectors, float32 (n_rows, dimension). A row with the same id is overwritten but for
        metadata that the new one lacks, which Chroma keeps."""
        start = 0
        while start < len(rows):
            with self._writing() as opened:
                some = rows[start : start + min(opened.batch, PAGE)]
                opened.collections[kind].upsert(
                    ids=[row.row_id for row in some],
                    embeddings=vectors[start : start + len(some)],
                    documents=_documents(kind, some),
                    metadatas=[row.metadata for row in some],
                )
                _settle(opened.collections[kind], vectors[start])
            start += len(some)

    def delete(self, kind: Kind, report_id: str) -> int:
        """Remove a report's rows; returns how many there were."""
        with self._writing() as opened:
            collection = opened.collections[kind]
            ids = collection.get(where={"report_id": report_id}, include=[])["ids"]
            for start in range(0, len(ids), PAGE):
                collection.delete(ids=ids[start : start + PAGE])
            return len(ids)

    def count(self, kind: Kind) -> int:
        """How many rows a collection holds, visible or not."""
        with self._reading() as opened:
            return int(opened.collections[kind].count())

    def of_report(self, kind: Kind, report_id: str) -> tuple[Found, ...]:
        """A report's rows in no particular order."""
        if kind == "catalogue":
            return tuple(self.by_ids(kind, [report_id]).values())
        with self._gate.shared():
            return self._rows.of_report(kind, report_id)

    def last_up_to(self, kind: Kind, report_id: str, at: int) -> Found | None:
        """The row of a report that starts at the character `at` of its text, or else the last that starts before it;
        None where none does."""
        with self._gate.shared():
            return self._rows.last_up_to(kind, report_id, at)

    def judged(self, report_ids: Sequence[str]) -> Iterator[Found]:
        """The statements of these reports that carry judgments, in no particular order."""
        for report_id in report_ids:
            with self._gate.shared():
                found = self._rows.judged(report_id)
            yield from found

    def by_ids(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        """The rows with these ids, by id; absent ones are left out."""
        with self._gate.shared():
            return self._rows.by_ids(kind, ids)

    def settle(self) -> None:
        """Make the store work off what a writer that died left in its log."""
        with self._writing() as opened:
            for collection in opened.collections.values():
                collection.get(limit=1, include=[])

    def embeddings(self, kind: Kind, report_id: str) -> dict[str, Vectors32]:
        """A report's vectors by the hash of what was embedded."""
        with self._reading() as opened:
            held = ((embedded_of(row.metadata), vector) for row, vector in _with_vectors(opened, kind, report_id))
            return {embedded: vector for embedded, vector in held if embedded is not None}

    def vectors_of(self, kind: Kind, report_ids: Sequence[str]) -> dict[str, tuple[tuple[str, ...], Vectors32]] | None:
        """For each report its row ids and, in the same order, their vectors, float32 (n_ids, dimension).

        None where a row is without its vector, as after a writer was killed: the store then gives none of them.
        """
        found: dict[str, tuple[list[str], list[Vectors32]]] = {report_id: ([], []) for report_id in report_ids}
        with self._reading() as opened:
            from chromadb.errors import InternalError

            for start in range(0, len(report_ids), FILTERED):
                where: Any = {"report_id": {"$in": list(report_ids[start : start + FILTERED])}}
                try:
                    got = opened.collections[kind].get(where=where, include=["embeddings"])
                except InternalError:
                    return None
                for row_id, vector in zip(got["ids"], got["embeddings"], strict=True):
                    ids, vectors = found[report_of_row(row_id)]
                    ids.append(row_id)
                    vectors.append(np.asarray(vector, dtype=np.float32))
        empty = np.zeros((0, 0), dtype=np.float32)
        return {
            report_id: (tuple(ids), np.stack(vectors) if vectors else empty)
            for report_id, (ids, vectors) in found.items()
        }

    def unreachable(self, kind: Kind, report_id: str) -> tuple[Found, ...]:
        """A report's rows that have no vector, or that a query with their own vector does not find."""
        with self._reading() as opened:
            from chromadb.errors import InternalError

            collection = opened.collections[kind]
            try:
                held = _with_vectors(opened, kind, report_id)
            except InternalError:
                # A row without its vector makes the whole request fail: then each of the report's rows is suspect.
                return _found(collection.get(where={"report_id": report_id}, include=["documents", "metadatas"]))
            return tuple(row for row, vector in held if not _is_found(collection, row.row_id, vector))

    def rewrite(self, kind: Kind, rows: Sequence[Found], vectors: Vectors32) -> None:
        """Take rows out and put them in again with these vectors, float32 (n_rows, dimension)."""
        for start in range(0, len(rows), PAGE):
            with self._writing() as opened:
                some, place = rows[start : start + PAGE], vectors[start : start + PAGE]
                ids = [row.row_id for row in some]
                opened.collections[kind].delete(ids=ids)
                opened.collections[kind].upsert(
                    ids=ids,
                    embeddings=place,
                    documents=_documents(kind, some),
                    metadatas=[row.metadata for row in some],
                )
                _settle(opened.collections[kind], place[0])

    @contextmanager
    def _reading(self) -> Iterator[_Opened]:
        with self._gate.shared() as count, self._used(count) as opened:
            yield opened

    @contextmanager
    def _writing(self) -> Iterator[_Opened]:
        with self._gate.exclusive() as (before, after), self._used(before) as opened:
            yield opened
            # Set only on success: after a failed operation the store is opened anew, with what is really there.
            opened.count = after

    @contextmanager
    def _used(self, count: int) -> Iterator[_Opened]:
        with self._lock:
            if self._opened is not None and self._opened.count != count:
                _retire(self._opened)
                self._opened = None
            if self._opened is None:
                if not (self._folder / FILE).is_file():
                    raise LibraryDamaged(
                        f"The library at {self._folder.parent} lacks its vector store {self._folder.name}: "
                        "restore a backup."
                    )
                with self._named():
                    self._opened = _open(self._folder, count)
            opened = self._opened
            opened.users += 1
        try:
            with self._named():
                yield opened
        finally:
            with self._lock:
                opened.users -= 1
                if opened.retired and opened.users == 0:
                    opened.system.stop()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn Chroma's errors into ours."""
        from chromadb.errors import ChromaError

        library = self._folder.parent
        try:
            with full_disk_named(library, ChromaError):
                yield
        except ChromaError as error:
            raise LibraryDamaged(
                f"The vector store of the library at {library} failed ({error}): "
                "run citewell check, and restore a backup if it names a problem."
            ) from error


def _open(folder: Path, count: int, *, create: bool = False) -> _Opened:
    from chromadb.api import ServerAPI
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings, System

    system = System(
        Settings(
            chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
            is_persistent=True,
            persist_directory=str(folder),
            anonymized_telemetry=False,
            allow_reset=False,
        )
    )
    api = system.instance(ServerAPI)  # type: ignore[type-abstract]  # Chroma looks the implementation up
    system.start()
    try:
        opened = _Opened(system, count, api.get_max_batch_size())
        configuration = CreateCollectionConfiguration(hnsw=HNSW, embedding_function=None)
        for kind in KINDS:
            # Not `get_or_create` where it need not be: that writes, and a reader should not.
            model = (
                api.create_collection(kind, configuration=configuration, get_or_create=True)
                if create
                else api.get_collection(kind)
            )
            opened.collections[kind] = Collection(client=api, model=model, embedding_function=None, data_loader=None)
    except BaseException:
        system.stop()
        raise
    return opened


def _retire(opened: _Opened) -> None:
    opened.retired = True
    if opened.users == 0:
        opened.system.stop()


def _settle(collection: Any, vector: Vectors32) -> None:
    """Make the store work off its log now, while nobody else may: it does so at the first query after a write."""
    collection.query(query_embeddings=vector.reshape(1, -1), n_results=1, include=["distances"])


def _documents(kind: Kind, rows: Sequence[Row | Found]) -> list[str] | None:
    """Those of rows to be written; statements have none."""
    return None if kind == "statements" else [row.document or "" for row in rows]


def _found(got: Any) -> tuple[Found, ...]:
    # A row deleted after its vector was loaded comes back without metadata: it is no longer there.
    distances = got.get("distances")
    return tuple(
        Found(row_id, document, dict(metadata), float(distances[i]) if distances is not None else 0.0)
        for i, (row_id, document, metadata) in enumerate(
            zip(got["ids"], got["documents"], got["metadatas"], strict=True)
        )
        if metadata is not None
    )


def _with_vectors(opened: _Opened, kind: Kind, report_id: str) -> list[tuple[Found, Vectors32]]:
    got = opened.collections[kind].get(where={"report_id": report_id}, include=["documents", "metadatas", "embeddings"])
    vectors = np.asarray(got["embeddings"], dtype=np.float32)
    return list(zip(_found(got), vectors, strict=True))


def _is_found(collection: Any, row_id: str, vector: Vectors32) -> bool:
    k = 10
    while True:
        got = collection.query(query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"])
        ids, distances = got["ids"][0], got["distances"][0]
        if row_id in ids:
            return bool(distances[ids.index(row_id)] <= SAME)
        # Rows with the same wording lie at the same place: look further while the list is nothing but those.
        if len(ids) < k or distances[-1] > SAME:
            return False
        k *= 4

"""Compact: write what is visible into a new vector store, and put that in the place of the old one.

Chroma keeps the room of rows that were removed, in its database and in its graph, so a library that is changed again
and again grows. The new store is made beside the old one, where no reader looks; `COMMIT` then names it, and that one
rename is the switch. A writer that dies before it leaves the old store in use, after it the new one, and the next
writer removes what is left of the other.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from .catalogue import Entry
from .commit import STORE, TEMPORARY, clear_pending, read_commit, sync_folder, write_commit, write_pending
from .embedded import Embedded
from .errors import LibraryDamaged
from .room import require_room
from .rows import Row
from .store import Stores, Writer
from .stored_rows import Found
from .vector_files import is_whole
from .vectors import KINDS, Kind, Vectors32, VectorStore
from .words import KINDS as WORD_KINDS

BUILDING = f"{TEMPORARY}compact"


def compact(stores: Stores, writer: Writer, dimension: int) -> None:
    """Rebuild the vector store of a library whose writer this is; where that fails, the old one stays in use.

    Raises LibraryFull, LibraryDamaged.
    """
    folder, commit = stores.folder, writer.commit
    entries = writer.catalogue.entries.values()
    require_room(folder, 0, sum(entry.passages + entry.statements + 1 for entry in entries), dimension)
    write_pending(folder, ())
    for report_id in commit.reports:
        writer.repair(report_id)
    building, name = folder / BUILDING, _next(commit.store)
    try:
        _build(stores, writer, building / STORE, dimension)
        shutil.rmtree(folder / name, ignore_errors=True)
        (building / STORE).rename(folder / name)
        sync_folder(folder)
        writer.commit = replace(commit, store=name, cleared=commit.cleared + 1)
        write_commit(folder, writer.commit)
    except BaseException:
        if read_commit(folder).store == commit.store:
            for unused in (building, folder / name):
                shutil.rmtree(unused, ignore_errors=True)
            clear_pending(folder)
        raise
    stores.vectors.remove()
    shutil.rmtree(building)
    clear_pending(folder)


def _build(stores: Stores, writer: Writer, place: Path, dimension: int) -> None:
    """Make a store of all that is visible, whole and durable, and close it."""
    entries = writer.catalogue.entries.values()
    counted = {
        "passages": sum(entry.passages for entry in entries),
        "statements": sum(entry.statements for entry in entries),
        "catalogue": len(entries),
    }
    shutil.rmtree(place.parent, ignore_errors=True)
    place.parent.mkdir()
    built = VectorStore(place)
    try:
        built.create()
        for entry in entries:
            _copy(stores, built, entry, dimension)
        for kind in KINDS:
            if (found := built.count(kind)) != counted[kind]:
                raise LibraryDamaged(
                    f"The new store would hold {found} rows in {kind}, not {counted[kind]}: run check."
                )
    finally:
        built.close()
    for path in _inside(place):
        _sync(path)


def _copy(stores: Stores, built: VectorStore, entry: Entry, dimension: int) -> None:
    """Write a report's rows, which were repaired, into the new store, and its file of vectors where that is damaged."""
    report_id, packed = entry.report_id, []
    for kind, counted in zip(KINDS, (entry.passages, entry.statements, 1), strict=True):
        rows, vectors = _held(stores, kind, report_id, dimension)
        if len(rows) != counted:
            raise LibraryDamaged(f"Report {report_id} has {len(rows)} rows in {kind}, not {counted}: run check.")
        if rows:
            built.upsert(kind, [Row(r.row_id, r.document, r.metadata, Embedded(""), "") for r in rows], vectors)
        if kind in WORD_KINDS:
            packed.append(([row.row_id for row in rows], vectors))
    if not is_whole(stores.vectors_path(report_id), dimension, [row_ids for row_ids, _ in packed]):
        stores.write_vectors(report_id, packed, dimension)


def _held(stores: Stores, kind: Kind, report_id: str, dimension: int) -> tuple[list[Found], Vectors32]:
    """A report's rows in text order and their vectors, float32 (n_rows, dimension)."""
    read = stores.vectors.vectors_of(kind, [report_id])
    rows = sorted(stores.vectors.of_report(kind, report_id), key=lambda row: (row.metadata.get("start", 0), row.row_id))
    row_ids, vectors = read[report_id] if read is not None else ((), None)
    place = {row_id: number for number, row_id in enumerate(row_ids)}
    if vectors is None or place.keys() != {row.row_id for row in rows}:
        raise LibraryDamaged(f"Rows of report {report_id} are without vectors: restore a backup.")
    some = [vectors[place[row.row_id]] for row in rows]
    return rows, np.stack(some) if some else np.zeros((0, dimension), dtype=np.float32)


def _next(store: str) -> str:
    return f"{STORE}-{int(store.partition('-')[2] or 1) + 1}"


def _inside(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
        yield Path(place)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

"""Store: a prepared report and its vectors → rows that can be found, all at once or not at all.

One report is written so: name it in `PENDING`; write its files, its rows and its words, none of which a reader looks at
yet; put a `COMMIT` in force that lists it; remove what it replaced; clear `PENDING`. A writer that dies on the way
leaves either the old version or the new one, and names in `PENDING` whose leftovers the next writer removes.
"""

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from .catalogue import Catalogue, Entry, embedded_entry, entry_from, entry_of, entry_row
from .codec import decode, encode
from .commit import (
    LOCK_FILE,
    STORE,
    TEMPORARY,
    Commit,
    clear_pending,
    read_commit,
    read_pending,
    write_commit,
    write_file,
    write_pending,
)
from .embed import CachedEmbedder, Embedder, Vectors32
from .embedded import Embedded
from .errors import LibraryDamaged, LibraryFull
from .lock import WriterLock
from .records import ItemList, PageRun, PreparedReport, Section, Table
from .room import full_disk_named, require_room
from .rows import Row, passage_of, report_rows, statement_of
from .twins import are_twins, candidates, may_be_twins
from .vector_files import pack
from .vectors import KINDS, Kind, VectorStore
from .walk import display_name, unchanged_bytes
from .words import KINDS as WORD_KINDS
from .words import WordIndex

KEPT_REPORTS = 128  # texts and structures that are kept in memory, about 0.3 MB each
FOLDERS = ("sources", "texts", "structure", "vectors")
PARTS = (*FOLDERS, STORE, "words")
RECHECKED_ROWS = 4000  # newest rows looked at after a writer was killed: four times what Chroma holds in its log
REPEATED_TEXTS = 20_000  # whose vectors one writer keeps, about 30 MB: twins and series say many things alike
AHEAD_TEXTS = REPEATED_TEXTS // 5  # the most of a report that is embedded ahead: a few of them are kept until stored


@dataclass(frozen=True, slots=True)
class Structure:
    """What is needed to show a citation in its place: as in `StructuredReport` and `LoadedReport`."""

    sections: tuple[Section, ...]
    page_runs: tuple[PageRun, ...]
    tables: tuple[Table, ...]
    lists: tuple[ItemList, ...]


class Stores:
    """The places in a library folder where a report's parts are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vectors = VectorStore(folder / STORE)
        self.passage_words = WordIndex(folder / "words" / "passages")
        self.statement_words = WordIndex(folder / "words" / "statements")
        # A report's text and structure never change under its id, so what was read may be kept.
        self.text = lru_cache(KEPT_REPORTS)(self._read_text)
        self.structure = lru_cache(KEPT_REPORTS)(self._read_structure)

    def create(self) -> None:
        """Make what is absent."""
        for name in FOLDERS:
            (self.folder / name).mkdir(exist_ok=True)
        self.vectors.create()
        self.passage_words.create()
        self.statement_words.create()

    def use(self, commit: Commit) -> None:
        """Look in the vector store that a version names."""
        self.vectors.use(self.folder / commit.store)

    def word_indexes(self) -> tuple[WordIndex, WordIndex]:
        """Those of passages and of statements."""
        return self.passage_words, self.statement_words

    def source_path(self, sha256: str) -> Path:
        """Where the copy of a source file is."""
        return self.folder / "sources" / sha256

    def text_path(self, report_id: str) -> Path:
        """Where a report's canonical text is, UTF-8."""
        return self.folder / "texts" / f"{report_id}.txt"

    def structure_path(self, report_id: str) -> Path:
        """Where a report's structure is, gzipped JSON."""
        return self.folder / "structure" / f"{report_id}.json.gz"

    def vectors_path(self, report_id: str) -> Path:
        """Where the vectors of a report's passages and statements are, as `vector_files.py` packs them."""
        return self.folder / "vectors" / report_id

    def _read_text(self, report_id: str) -> str:
        """A report's canonical text."""
        try:
            return self.text_path(report_id).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LibraryDamaged(
                f"The text of report {report_id} cannot be read ({error}): restore a backup."
            ) from error

    def _read_structure(self, report_id: str) -> Structure:
        """A report's sections, pages, tables and lists."""
        try:
            packed = gzip.decompress(self.structure_path(report_id).read_bytes())
        except (OSError, EOFError) as error:
            message = f"The structure of report {report_id} cannot be read ({error}): restore a backup."
            raise LibraryDamaged(message) from error
        return decode(Structure, packed.decode("utf-8", "replace"))

    def write_vectors(self, report_id: str, kinds: Sequence[tuple[Sequence[str], Vectors32]], dimension: int) -> None:
        """Put the row ids and vectors of a report's passages and statements, float32 (n, dimension), in its file."""
        write_file(self.vectors_path(report_id), pack(kinds, dimension))

    def entries(self, report_ids: tuple[str, ...]) -> dict[str, Entry]:
        """The catalogue entries of these reports. Raises LibraryDamaged where one is absent."""
        found = self.vectors.by_ids("catalogue", report_ids)
        absent = [report_id for report_id in report_ids if report_id not in found]
        if absent:
            raise LibraryDamaged(
                f"The catalogue lacks report {absent[0]} and {len(absent) - 1} more: restore a backup."
            )
        return {report_id: entry_from(found[report_id].metadata) for report_id in report_ids}


class Writer:
    """A library's writer while it holds the lock. Use `writing` to get one."""

    def __init__(self, stores: Stores, embedder: Embedder) -> None:
        self._stores = stores
        self._embedder = embedder
        self._cached = CachedEmbedder(embedder, REPEATED_TEXTS, to_store=True)
        self.commit = read_commit(stores.folder)
        stores.use(self.commit)
        self._catalogue: Catalogue | None = None
        self._of_files: tuple[Commit, dict[str, str]] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The visible reports. Read from the store when it is first needed: where no file changed, it is not."""
        if self._catalogue is None:
            self._catalogue = Catalogue(self._stores.entries(tuple(self.commit.reports)))
        return self._catalogue

    def report_of(self, file_key: str) -> str | None:
        """The visible report that a file became."""
        if self._of_files is None or self._of_files[0] is not self.commit:
            self._of_files = self.commit, {key: known for known, keys in self.commit.reports.items() for key in keys}
        return self._of_files[1].get(file_key)

    def embed_ahead(self, prepared: PreparedReport) -> None:
        """Have the vectors of a new report's rows ready when it is stored. A thread of its own may do it."""
        passages, statements = report_rows(prepared.passages, prepared.statements)
        if len(passages) + len(statements) <= AHEAD_TEXTS:
            entry = embedded_entry(prepared.structured.identity)
            self._cached.embed_parts([entry, *(row.embedded for row in (*passages, *statements))])

    def store(
        self,
        prepared: PreparedReport,
        source: Path,
        replaced: str | None,
        file_key: str,
        on_embedded: Callable[[], None],
    ) -> None:
        """Make a new report visible as what `file_key` became; `replaced` is the report it was until now.

        Vectors are taken over where what is embedded is the same, from the replaced report and from those that this
        writer stored before. Raises UnreadableReport if the file changed since it was prepared, LibraryFull.
        """
        loaded = prepared.structured.loaded
        content = unchanged_bytes(source, loaded.sha256, loaded.file)
        text = loaded.text.encode("utf-8")
        passages, statements = report_rows(prepared.passages, prepared.statements)
        entry = entry_of(prepared, display_name(source), hashlib.sha256(text).hexdigest(), self._twins(prepared))
        rows: dict[Kind, list[Row]] = {"passages": passages, "statements": statements, "catalogue": [entry_row(entry)]}
        require_room(
            self._stores.folder,
            2 * len(content) + 4 * len(text),
            sum(map(len, rows.values())),
            self._embedder.dimension,
        )
        vectors = self._vectors([row for some in rows.values() for row in some], replaced)

        on_embedded()
        after = self._moved(file_key, loaded.report_id)
        gone = tuple(report_id for report_id in self.commit.reports if report_id not in after)
        write_pending(self._stores.folder, (loaded.report_id, *gone))
        try:
            write_file(self._stores.source_path(loaded.sha256), content)
            write_file(self._stores.text_path(loaded.report_id), text)
            structured = prepared.structured
            structure = Structure(structured.sections, loaded.page_runs, structured.tables, structured.lists)
            packed = gzip.compress(encode(structure).encode("utf-8"), mtime=0)
            write_file(self._stores.structure_path(loaded.report_id), packed)
            empty = np.zeros((0, self._embedder.dimension), dtype=np.float32)
            stacked = {
                k: np.stack([vectors[row.embedded] for row in some]) if some else empty for k, some in rows.items()
            }
            self._stores.write_vectors(
                loaded.report_id,
                [([row.row_id for row in rows[kind]], stacked[kind]) for kind in WORD_KINDS],
                self._embedder.dimension,
            )
            for kind in KINDS:
                if rows[kind]:
                    self._stores.vectors.upsert(kind, rows[kind], stacked[kind])
            for index, some in zip(self._stores.word_indexes(), (passages, statements), strict=True):
                index.replace(loaded.report_id, some)
                index.commit()
            self._put_in_force(after, {**self.catalogue.entries, loaded.report_id: entry})
        except (OSError, LibraryFull):
            self._give_room_back(loaded.report_id, loaded.sha256)
            raise
        self._clear(gone)
        clear_pending(self._stores.folder)

    def attach(self, file_key: str, report_id: str) -> bool:
        """State that a file is of a visible report; true if that hid another report, which the file was of before."""
        after = self._moved(file_key, report_id)
        return self._hide_all_but(after)

    def remove(self, report_ids: tuple[str, ...]) -> None:
        """Hide reports and remove what they left."""
        self._hide_all_but({key: files for key, files in self.commit.reports.items() if key not in set(report_ids)})

    def detach(self, file_keys: frozenset[str]) -> tuple[str, ...]:
        """State that files are gone; returns the reports that are hidden since no file of theirs is left."""
        after = {
            report_id: left
            for report_id, files in self.commit.reports.items()
            if (left := tuple(key for key in files if key not in file_keys))
        }
        hidden = tuple(report_id for report_id in self.commit.reports if report_id not in after)
        self._hide_all_but(after)
        return hidden

    def recover(self) -> None:
        """Clear away what a writer that died left, and look whether it lost vectors of the newest reports."""
        pending = read_pending(self._stores.folder)
        if pending is None:
            return
        self._stores.vectors.settle()
        self._clear(tuple(report_id for report_id in pending if report_id not in self.commit.reports))
        for folder in (self._stores.folder, *map(self._stores.folder.joinpath, FOLDERS)):
            for unfinished in folder.glob(f"{TEMPORARY}*"):
                shutil.rmtree(unfinished) if unfinished.is_dir() else unfinished.unlink()
        for store in self._stores.folder.glob(f"{STORE}*/"):
            if store.name != self.commit.store:
                VectorStore(store).remove()
        rows = 0
        for report_id in reversed(tuple(self.commit.reports)):
            self.repair(report_id)
            entry = self.catalogue.entries[report_id]
            rows += entry.passages + entry.statements
            if rows >= RECHECKED_ROWS:
                break
        clear_pending(self._stores.folder)

    def repair(self, report_id: str) -> int:
        """Embed and write again those rows of a report that their own vectors do not find; returns how many."""
        repaired = 0
        for kind in KINDS:
            lost = self._stores.vectors.unreachable(kind, report_id)
            if lost:
                embedded = self._embedded(report_id)
                parts = [embedded[row.row_id] for row in lost]
                self._stores.vectors.rewrite(kind, lost, self._embedder.embed_parts(parts, to_store=True))
                repaired += len(lost)
        return repaired

    def _embedded(self, report_id: str) -> dict[str, Embedded]:
        """What is embedded for each row of a visible report, by the row's id."""
        held = self._stores.vectors.of_report
        passages = sorted(
            (passage_of(row.document, row.metadata) for row in held("passages", report_id)), key=lambda p: p.start
        )
        statements = [statement_of(row.metadata) for row in held("statements", report_id)]
        rows = (*report_rows(passages, statements), [entry_row(self.catalogue.entries[report_id])])
        return {row.row_id: row.embedded for some in rows for row in some}

    def _twins(self, prepared: PreparedReport) -> tuple[str, ...]:
        ids, signatures = self.catalogue.signatures()
        mine = prepared.structured
        return tuple(
            sorted(
                ids[row]
                for row in candidates(prepared.signature, signatures)
                if may_be_twins(mine.identity, self.catalogue.entries[ids[row]].identity)
                and are_twins(mine.loaded.text, self._stores.text(ids[row]))
            )
        )

    def _vectors(self, rows: list[Row], replaced: str | None) -> dict[Embedded, Vectors32]:
        known: dict[str, Vectors32] = {}
        if replaced is not None:
            for kind in KINDS:
                known.update(self._stores.vectors.embeddings(kind, replaced))
        wanted = tuple(dict.fromkeys(row.embedded for row in rows))
        vectors = {part: known[part.hash] for part in wanted if part.hash in known}
        fresh = [part for part in wanted if part not in vectors]
        vectors.update(zip(fresh, self._cached.embed_parts(fresh), strict=True))
        return vectors

    def _moved(self, file_key: str, report_id: str) -> dict[str, tuple[str, ...]]:
        """The visible reports after `file_key` became `report_id`: a report that has no other file goes."""
        after: dict[str, tuple[str, ...]] = {}
        for known, files in self.commit.reports.items():
            left = tuple(key for key in files if key != file_key)
            if known == report_id:
                left = (*left, file_key)
            if left:
                after[known] = left
        after.setdefault(report_id, (file_key,))
        return after

    def _hide_all_but(self, after: Mapping[str, tuple[str, ...]]) -> bool:
        gone = tuple(report_id for report_id in self.commit.reports if report_id not in after)
        if gone:
            write_pending(self._stores.folder, gone)
        if dict(after) != self.commit.reports:
            self._put_in_force(after, {key: self.catalogue.entries[key] for key in after})
        if gone:
            self._clear(gone)
            clear_pending(self._stores.folder)
        return bool(gone)

    def _put_in_force(self, after: Mapping[str, tuple[str, ...]], entries: Mapping[str, Entry]) -> None:
        changed = after.keys() != self.commit.reports.keys()
        commit = replace(self.commit, version=self.commit.version + int(changed), reports=dict(after))
        write_commit(self._stores.folder, commit)
        self.commit = commit
        self._catalogue = Catalogue({report_id: entries[report_id] for report_id in after})

    def _clear(self, report_ids: tuple[str, ...]) -> None:
        """Remove the rows and files of hidden reports."""
        for report_id in report_ids:
            sha256s = {
                entry_from(row.metadata).sha256 for row in self._stores.vectors.of_report("catalogue", report_id)
            }
            for kind in KINDS:
                self._stores.vectors.delete(kind, report_id)
            for index in self._stores.word_indexes():
                index.delete(report_id)
            self._stores.text_path(report_id).unlink(missing_ok=True)
            self._stores.structure_path(report_id).unlink(missing_ok=True)
            self._stores.vectors_path(report_id).unlink(missing_ok=True)
            for sha256 in sha256s - self.catalogue.by_sha256.keys():
                self._stores.source_path(sha256).unlink(missing_ok=True)
        if report_ids:
            for index in self._stores.word_indexes():
                index.commit()
            self.commit = replace(self.commit, cleared=self.commit.cleared + 1)
            write_commit(self._stores.folder, self.commit)

    def _give_room_back(self, report_id: str, sha256: str) -> None:
        """Remove the files of a report that did not become visible: on a full disk readers need room to open Chroma.

        Its rows wait for the next writer, which finds it in PENDING.
        """
        if report_id in read_commit(self._stores.folder).reports:
            return
        self._stores.text_path(report_id).unlink(missing_ok=True)
        self._stores.structure_path(report_id).unlink(missing_ok=True)
        self._stores.vectors_path(report_id).unlink(missing_ok=True)
        if sha256 not in self.catalogue.by_sha256:
            self._stores.source_path(sha256).unlink(missing_ok=True)


@contextmanager
def writing(stores: Stores, embedder: Embedder) -> Iterator[Writer]:
    """The library's writer, once what an earlier one left is cleared away. Raises LibraryBusy at once, LibraryFull."""
    lock = WriterLock(stores.folder / LOCK_FILE)
    with full_disk_named(stores.folder), ExitStack() as held:
        lock.acquire()
        held.callback(lock.release)
        held.callback(stores.vectors.close)
        for index in stores.word_indexes():
            index.begin()
            held.callback(index.end)
        writer = Writer(stores, embedder)
        writer.recover()
        yield writer

"""The library: what stands in one folder, to be searched by many and written by one at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType

from .catalogue import Catalogue
from .commit import (
    COMMIT_FILE,
    IDENTITY_FILE,
    LOCK_FILE,
    TEMPORARY,
    Commit,
    commit_stamp,
    identity_of,
    read_commit,
    read_identity,
    require_same,
    write_commit,
    write_identity,
)
from .cores import cores
from .embed import CachedEmbedder, Embedder, Vectors32
from .errors import CitewellError, LibraryDamaged, LibraryMissing, UnknownReport
from .finding import Finder, View
from .lock import WriterLock
from .records import (
    AddResult,
    FileReport,
    PageRun,
    Passage,
    PassageHit,
    Progress,
    ReportInfo,
    Section,
    Statement,
    StatementHit,
    Table,
)
from .room import full_disk_named
from .rows import passage_of, statement_of
from .settings import Settings
from .store import PARTS, Stores, writing
from .stored_rows import Found
from .vectors import GATE_FILE
from .words import Kind


class Library:
    """A library folder. Make one with `Library.open`; reading takes no lock, and sees each new version by itself."""

    def __init__(self, folder: Path, embedder: Embedder, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self._workers = settings.workers or cores()
        self.embedder = embedder
        self._cached = CachedEmbedder(embedder)
        self._stores = Stores(folder)
        self._lock = Lock()
        self._view_now: View | None = None
        self._finder = Finder(self._stores, embedder.dimension, self._view, lambda: commit_stamp(folder))

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        settings: Settings | None = None,
        create: bool = True,
        embedder: Embedder | None = None,
    ) -> "Library":
        """The library at `path`, made if it is absent and `create` says so.

        `embedder` lets several libraries share one loaded model; otherwise `settings` names it.
        Raises LibraryMissing, LibraryDamaged, IndexMismatch, ModelUnavailable.
        """
        folder = Path(path).expanduser().absolute()
        settings = settings or Settings()
        if embedder is None:
            embedder = Embedder(settings.model_path)
        wanted = identity_of(embedder)
        try:
            found = read_identity(folder)
        except LibraryMissing:
            if not create:
                raise
            with full_disk_named(folder):
                _create(folder, embedder)
            found = read_identity(folder)
        require_same(folder, found, wanted)
        return cls(folder, embedder, settings)

    def close(self) -> None:
        """Let go of the folder's files."""
        self._stores.vectors.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def version(self) -> int:
        """Counts from 0; another number means that other reports are visible."""
        return self._view().commit.version

    def add(
        self,
        paths: Sequence[str | Path],
        *,
        prune: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
        workers: int | None = None,
    ) -> AddResult:
        """Add or update files and the files in folders; each file becomes visible by itself, whole.

        A file that cannot be read is refused with the reason, and what the library holds of it stays. `prune` removes
        the reports whose files are gone from under the given folders. Up to `workers` processes (else
        `CITEWELL_WORKERS`, else one for each core) prepare files; what comes out does not depend on how many.
        Raises LibraryBusy at once, LibraryFull.
        """
        from .add import add

        with writing(Stores(self.folder), self.embedder) as writer:
            return add(writer, paths, prune, on_progress or (lambda progress: None), workers or self._workers)

    def remove(self, report_ids: Iterable[str]) -> tuple[FileReport, ...]:
        """Remove reports. Raises UnknownReport, and then removes none; LibraryBusy at once."""
        wanted = tuple(dict.fromkeys([report_ids] if isinstance(report_ids, str) else report_ids))
        with writing(Stores(self.folder), self.embedder) as writer:
            for report_id in wanted:
                if report_id not in writer.commit.reports:
                    raise UnknownReport(report_id)
            removed = tuple(FileReport(writer.catalogue.entries[report_id].file, report_id) for report_id in wanted)
            writer.remove(wanted)
        return removed

    def reports(self) -> tuple[ReportInfo, ...]:
        """The visible reports by organisation, year and title."""
        return self._view().catalogue.reports()

    def report(self, report_id: str) -> ReportInfo:
        """One report. Raises UnknownReport."""
        info = self._view().catalogue.report(report_id)
        if info is None:
            raise UnknownReport(report_id)
        return info

    def text(self, report_id: str) -> str:
        """The canonical text, which every offset indexes. Raises UnknownReport."""
        return self._stores.text(self.report(report_id).report_id)

    def source(self, report_id: str) -> Path:
        """The library's copy of the file that the report was read from. Raises UnknownReport."""
        return self._stores.source_path(self.report(report_id).sha256)

    def sections(self, report_id: str) -> tuple[Section, ...]:
        """The report's sections in text order. Raises UnknownReport."""
        return self._stores.structure(self.report(report_id).report_id).sections

    def page_runs(self, report_id: str) -> tuple[PageRun, ...]:
        """Which text stands on which page. Raises UnknownReport."""
        return self._stores.structure(self.report(report_id).report_id).page_runs

    def tables(self, report_id: str) -> tuple[Table, ...]:
        """The report's tables in text order. Raises UnknownReport."""
        return self._stores.structure(self.report(report_id).report_id).tables

    def list_items(self, report_id: str, at: int) -> tuple[tuple[int, int], ...]:
        """The (start, end) of each item of the list that the character at `at` is in, or that the paragraph it is in
        introduces; `()` where there is none. Raises UnknownReport."""
        text = self.text(report_id)
        for found in self._stores.structure(report_id).lists:
            start, end = found.items[0][0], found.items[-1][1]
            if start <= at < end or (
                at < start and "\n" not in text[at:start].strip("\n") and text[at:start].rstrip()[-1:] == ":"
            ):
                return found.items
        return ()

    def term_weight(self, term: str) -> float:
        """Inverse document frequency of an analysed term over all passages (Robertson and Sparck Jones, as in BM25)."""
        self._view()
        return self._stores.passage_words.weight(term)

    def mentions(self, phrase: str) -> int:
        """How many passages, of all that are indexed, have every term of `phrase`: a count, not a ranking."""
        self._view()
        return self._stores.passage_words.matching(phrase)

    def passages(self, report_id: str) -> tuple[Passage, ...]:
        """The report's passages in text order. Raises UnknownReport."""
        rows = self._rows_of("passages", report_id)
        return tuple(sorted((passage_of(row.document, row.metadata) for row in rows), key=_place))

    def passage_at(self, report_id: str, at: int) -> Passage | None:
        """The passage that the character at `at` of the report's text is in; None where that is in none, as a report's
        title may be. Raises UnknownReport."""

        def read(view: View) -> Found | None:
            _require_known(view, report_id)
            return self._stores.vectors.last_up_to("passages", report_id, at)

        row = self._finder.in_one_version(read)
        passage = None if row is None else passage_of(row.document, row.metadata)
        return passage if passage is not None and at < passage.end else None  # passages do not overlap

    def statements(self, report_id: str) -> tuple[Statement, ...]:
        """The report's statements in text order. Raises UnknownReport."""
        rows = self._rows_of("statements", report_id)
        return tuple(sorted((statement_of(row.metadata) for row in rows), key=_place))

    def judgments(self, report_ids: Iterable[str] | None = None) -> tuple[Statement, ...]:
        """The statements that carry judgments, by report as in `reports()` and then in text order.

        None means all reports. Raises UnknownReport.
        """
        asked = None if report_ids is None else dict.fromkeys(report_ids)

        def read(view: View) -> tuple[Statement, ...]:
            for report_id in asked or ():
                _require_known(view, report_id)
            known = (info.report_id for info in view.catalogue.reports())
            wanted = [report_id for report_id in known if asked is None or report_id in asked]
            judged = self._finder.judged(view, wanted)
            return tuple(statement for report_id in wanted for statement in judged.get(report_id, ()))

        return self._finder.in_one_version(read)

    def embed_query(self, text: str) -> Vectors32:
        """float32 (dimension,), unit length."""
        vector: Vectors32 = self._cached.embed([text])[0]
        return vector

    def embed_texts(self, texts: Sequence[str]) -> Vectors32:
        """float32 (n_texts, dimension), unit length, in the order given."""
        return self._cached.embed(texts)

    def dense_passages(self, vector: Vectors32, k: int, report_ids: frozenset[str] | None) -> tuple[PassageHit, ...]:
        """The k nearest passages by `cosine_distance`, nearest first; None means all reports."""
        rows = self._finder.nearest("passages", vector, k, report_ids)
        return tuple(PassageHit(passage_of(r.document, r.metadata), cosine_distance=r.cosine_distance) for r in rows)

    def dense_statements(
        self, vector: Vectors32, k: int, report_ids: frozenset[str] | None
    ) -> tuple[StatementHit, ...]:
        """The k nearest statements by `cosine_distance`, nearest first; None means all reports."""
        rows = self._finder.nearest("statements", vector, k, report_ids)
        return tuple(StatementHit(statement_of(r.metadata), cosine_distance=r.cosine_distance) for r in rows)

    def lexical_passages(self, terms: str, k: int, report_ids: frozenset[str] | None) -> tuple[PassageHit, ...]:
        """The k best passages by `bm25_score`, best first; None means all reports. `terms` is plain text."""
        rows = self._finder.matching("passages", terms, k, report_ids)
        return tuple(PassageHit(passage_of(r.document, r.metadata), bm25_score=score) for r, score in rows)

    def lexical_statements(self, terms: str, k: int, report_ids: frozenset[str] | None) -> tuple[StatementHit, ...]:
        """The k best statements by `bm25_score`, best first; None means all reports. `terms` is plain text."""
        rows = self._finder.matching("statements", terms, k, report_ids)
        return tuple(StatementHit(statement_of(r.metadata), bm25_score=score) for r, score in rows)

    def check(self) -> tuple[str, ...]:
        """What is wrong with the library, a sentence each; `()` where it is whole."""
        from .check import check

        while True:
            # Fresh ones: what is kept in memory would hide a file that was changed since.
            view, stores = self._view(), Stores(self.folder)
            stores.use(view.commit)
            # A version that came meanwhile may be all that is wrong: its writer clears away what it hides.
            try:
                problems = check(stores, view.catalogue)
                if not problems or commit_stamp(self.folder) == view.stamp:
                    return problems
            except LibraryDamaged:
                if commit_stamp(self.folder) == view.stamp:
                    raise
            finally:
                stores.vectors.close()

    def compact(self) -> tuple[int, int]:
        """Rebuild the vector store without the room that removed rows left; the bytes of the library's files before
        and after. What cannot be read any more of the vectors is made again. Raises LibraryBusy at once, LibraryFull.
        """
        from .compact import compact

        before = _size(self.folder)
        stores = Stores(self.folder)
        with writing(stores, self.embedder) as writer:
            compact(stores, writer, self.embedder.dimension)
        return before, _size(self.folder)

    def backup(self, target: str | Path) -> None:
        """Copy the library, as one version, into an absent or empty folder. Raises LibraryBusy at once."""
        from .backup import backup

        backup(Stores(self.folder), self.embedder, Path(target))

    @classmethod
    def restore(cls, source: str | Path, target: str | Path) -> None:
        """Copy a backup into an absent or empty folder and check it.

        Raises LibraryMissing, IndexMismatch where another schema made it, LibraryDamaged.
        """
        from .backup import restore

        restore(Path(source), Path(target))

    def _rows_of(self, kind: Kind, report_id: str) -> tuple[Found, ...]:
        def read(view: View) -> tuple[Found, ...]:
            _require_known(view, report_id)
            return self._stores.vectors.of_report(kind, report_id)

        return self._finder.in_one_version(read)

    def _view(self) -> View:
        stamp = commit_stamp(self.folder)
        with self._lock:
            view = self._view_now
            if view is not None and view.stamp == stamp:
                return view
            view = self._read_view(view)
            self._view_now = view
            for index in self._stores.word_indexes():
                index.reload()
            return view

    def _read_view(self, before: View | None) -> View:
        while True:
            stamp = commit_stamp(self.folder)
            commit = read_commit(self.folder)
            self._stores.use(commit)
            known = before.catalogue.entries if before is not None else {}
            missing = tuple(report_id for report_id in commit.reports if report_id not in known)
            try:
                fresh = self._stores.entries(missing) if missing else {}
            except LibraryDamaged:
                # A report that was replaced while its entry was about to be read: the next version does without it.
                if commit_stamp(self.folder) != stamp:
                    continue
                raise
            entries = {key: known[key] if key in known else fresh[key] for key in commit.reports}
            if before is not None and entries.keys() == known.keys():
                return View(stamp, commit, before.catalogue)
            return View(stamp, commit, Catalogue(entries))


def _require_known(view: View, report_id: str) -> None:
    if report_id not in view.catalogue.entries:
        raise UnknownReport(report_id)


def _create(folder: Path, embedder: Embedder) -> None:
    if folder.exists() and (not folder.is_dir() or any(_strangers(folder))):
        raise CitewellError(f"{folder} holds other things and no library: give an empty or a new folder.")
    if (folder / COMMIT_FILE).exists() and read_commit(folder).reports:
        raise LibraryDamaged(f"{folder} holds reports and no {IDENTITY_FILE}: restore a backup.")
    folder.mkdir(parents=True, exist_ok=True)
    lock = WriterLock(folder / LOCK_FILE)
    lock.acquire()
    try:
        Stores(folder).create()
        write_commit(folder, Commit())
        # Last: a folder is a library once it says with what it was made.
        write_identity(folder, identity_of(embedder))
    finally:
        lock.release()


def _strangers(folder: Path) -> Iterator[Path]:
    """What was there before, and not made by a making of the library that was cut short."""
    ours = (LOCK_FILE, COMMIT_FILE, GATE_FILE, TEMPORARY, *PARTS)
    return (path for path in folder.iterdir() if not path.name.startswith(ours))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _place(record: Passage | Statement) -> tuple[int, int]:
    return record.start, record.end

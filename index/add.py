"""Add: files → what became of each. Every file is a commit of its own."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .errors import UnreadableReport
from .load import report_id_of
from .pool import AHEAD, Pool, preparing
from .prepare import prepare
from .records import AddResult, FileReport, PreparedReport, Progress, RefusedFile
from .store import Writer
from .walk import display_name, file_sha256, is_gone, walk

FILES_A_WORKER = 4  # fewer are prepared sooner than a worker has started


@dataclass(frozen=True, slots=True)
class _Coming:
    """A file whose turn comes: what its bytes are, or why they cannot be read; and its report where a worker has it."""

    path: Path
    sha256: str | None
    error: OSError | None = None
    prepared: "Future[PreparedReport] | None" = None


def add(
    writer: Writer,
    paths: Sequence[str | Path],
    prune: bool,
    on_progress: Callable[[Progress], None],
    workers: int = 1,
) -> AddResult:
    """Bring the library up to date with the files among `paths` and in the folders among them.

    Files are stored one after the other in their order, whatever the order in which workers have them ready."""
    found = walk([paths] if isinstance(paths, str | Path) else paths)
    added: list[FileReport] = []
    unchanged: list[FileReport] = []
    replaced: list[FileReport] = []
    refused = list(found.refused)
    with ExitStack() as held:
        pool = held.enter_context(preparing(min(workers, len(found.files) // FILES_A_WORKER)))
        embedding = ThreadPoolExecutor(1, thread_name_prefix="citewell-embed")
        held.callback(embedding.shutdown, cancel_futures=True)
        for done, coming in enumerate(_coming(found.files, writer, pool, embedding)):
            file = display_name(coming.path)

            def tell(step: str, done: int = done, file: str = file) -> None:
                on_progress(Progress(file, step, done, len(found.files)))  # type: ignore[arg-type]

            key = str(coming.path)
            before = writer.report_of(key)
            try:
                if coming.error is not None:
                    raise coming.error
                known = _known(writer, key, coming.sha256)
                if known is not None:
                    outcome = replaced if known != before and writer.attach(key, known) else unchanged
                    report_id = known
                    tell("unchanged", done + 1)
                else:
                    tell("load")
                    prepared = prepare(coming.path) if coming.prepared is None else coming.prepared.result()
                    report_id = prepared.structured.loaded.report_id
                    tell("embed")
                    writer.store(prepared, coming.path, before, key, lambda: tell("store"))
                    outcome = added if before is None else replaced
                    tell("done", done + 1)
            except UnreadableReport as error:
                refused.append(RefusedFile(file, error.reason))
                tell("refused", done + 1)
            except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
                refused.append(RefusedFile(file, f"it cannot be read ({error.strerror})"))
                tell("refused", done + 1)
            else:
                outcome.append(FileReport(file, report_id))
    removed = _prune(writer, found.folders) if prune else ()
    return AddResult(tuple(added), tuple(unchanged), tuple(replaced), tuple(refused), removed)


def _coming(
    files: Sequence[Path], writer: Writer, pool: Pool | None, embedding: ThreadPoolExecutor
) -> Iterator[_Coming]:
    """The files in order. With a pool, a few new ones are prepared and embedded ahead of their turn, while others are
    stored: no more are held at a time, so that memory does not grow with the number of files."""
    ahead = pool.workers + AHEAD if pool is not None else 1
    waiting: deque[_Coming] = deque()
    for path in files:
        waiting.append(_looked_at(path, writer, pool, embedding, {coming.sha256 for coming in waiting}))
        while len(waiting) >= ahead:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def _looked_at(
    path: Path, writer: Writer, pool: Pool | None, embedding: ThreadPoolExecutor, under_way: set[str | None]
) -> _Coming:
    try:
        sha256 = file_sha256(path)
    except OSError as error:
        return _Coming(path, None, error)
    if pool is None or _known(writer, str(path), sha256) is not None or sha256 in under_way:
        return _Coming(path, sha256)
    prepared = pool.submit(path)
    if writer.report_of(str(path)) is None:  # of a changed file most vectors are there already
        prepared = embedding.submit(_embedded, writer, prepared)
    return _Coming(path, sha256, prepared=prepared)


def _embedded(writer: Writer, prepared: "Future[PreparedReport]") -> PreparedReport:
    report = prepared.result()
    writer.embed_ahead(report)
    return report


def _known(writer: Writer, file_key: str, sha256: str | None) -> str | None:
    """The visible report that a file with these bytes is of, whatever file it came from."""
    if sha256 is None:
        return None
    before = writer.report_of(file_key)
    return before if before == report_id_of(sha256) else writer.catalogue.by_sha256.get(sha256)


def _prune(writer: Writer, folders: Sequence[Path]) -> tuple[FileReport, ...]:
    gone = frozenset(
        key
        for keys in writer.commit.reports.values()
        for key in keys
        if any(Path(key).is_relative_to(folder) for folder in folders) and is_gone(Path(key))
    )
    if not gone:
        return ()
    files = {report_id: entry.file for report_id, entry in writer.catalogue.entries.items()}
    return tuple(FileReport(files[report_id], report_id) for report_id in writer.detach(gone))

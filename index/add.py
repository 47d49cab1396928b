"""Add: files → what became of each. Every file is a commit of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

from .errors import UnreadableReport
from .prepare import prepare
from .records import AddResult, FileReport, Progress, RefusedFile
from .store import Writer
from .walk import display_name, file_sha256, is_gone, walk


def add(writer: Writer, paths: Sequence[str | Path], prune: bool, on_progress: Callable[[Progress], None]) -> AddResult:
    """Bring the library up to date with the files among `paths` and in the folders among them."""
    found = walk([paths] if isinstance(paths, str | Path) else paths)
    added: list[FileReport] = []
    unchanged: list[FileReport] = []
    replaced: list[FileReport] = []
    refused = list(found.refused)
    for done, path in enumerate(found.files):
        file = display_name(path)

        def tell(step: str, done: int = done, file: str = file) -> None:
            on_progress(Progress(file, step, done, len(found.files)))  # type: ignore[arg-type]

        key = str(path)
        before = writer.commit.report_of(key)
        try:
            known = writer.catalogue.by_sha256.get(file_sha256(path))
            if known is not None:
                outcome = replaced if writer.attach(key, known) else unchanged
                report_id = known
                tell("unchanged", done + 1)
            else:
                tell("load")
                prepared = prepare(path)
                report_id = prepared.structured.loaded.report_id
                tell("embed")
                writer.store(prepared, path, before, key, lambda: tell("store"))
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


def _prune(writer: Writer, folders: Sequence[Path]) -> tuple[FileReport, ...]:
    gone = frozenset(
        key
        for keys in writer.commit.reports.values()
        for key in keys
        if any(Path(key).is_relative_to(folder) for folder in folders) and is_gone(Path(key))
    )
    files = {report_id: entry.file for report_id, entry in writer.catalogue.entries.items()}
    return tuple(FileReport(files[report_id], report_id) for report_id in writer.detach(gone))

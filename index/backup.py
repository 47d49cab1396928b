"""Back up and restore: a library's folder copied as one version, durably."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from .catalogue import Catalogue
from .check import check
from .commit import LOCK_FILE, SCHEMA_VERSION, TEMPORARY, read_commit, read_identity, require_same, sync_folder
from .embed import Embedder
from .errors import CitewellError, LibraryDamaged
from .room import full_disk_named
from .store import Stores, writing
from .vectors import GATE_FILE


def backup(stores: Stores, embedder: Embedder, target: Path) -> None:
    """Copy the library into an absent or empty folder. Nobody writes meanwhile: raises LibraryBusy at once."""
    target = target.expanduser().absolute()
    if target.is_relative_to(stores.folder):
        raise CitewellError(f"A backup inside the library itself ({target}) cannot be made: give another folder.")
    _require_empty(target)
    with writing(stores, embedder):
        partial = _copy(stores.folder, target)
    partial.replace(target)
    sync_folder(target.parent)


def restore(source: Path, target: Path) -> None:
    """Copy a backup into an absent or empty folder, once the copy is known to be whole.

    Raises LibraryMissing if `source` is no library, IndexMismatch if another schema made it, LibraryDamaged if it is
    not whole.
    """
    source, target = source.expanduser().absolute(), target.expanduser().absolute()
    found = read_identity(source)
    # Parts that another schema has not would look like damage.
    require_same(source, found, replace(found, schema=SCHEMA_VERSION))
    _require_empty(target)
    partial = _copy(source, target)
    stores = Stores(partial)
    try:
        commit = read_commit(partial)
        stores.use(commit)
        problems = check(stores, Catalogue(stores.entries(tuple(commit.reports))))
        if problems:
            raise LibraryDamaged(f"The backup at {source} is not whole: {problems[0]}")
    except BaseException:
        stores.vectors.close()
        shutil.rmtree(partial)
        raise
    stores.vectors.close()
    partial.replace(target)
    sync_folder(target.parent)


def _require_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CitewellError(f"{target} is not an empty folder: give an empty or a new one.")


def _copy(source: Path, target: Path) -> Path:
    """Copy into a folder beside `target`, which the caller then puts in its place."""
    partial = target.with_name(f".{target.name}.partial")
    with full_disk_named(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        try:
            shutil.copytree(source, partial, ignore=_ignored, copy_function=_copy_file)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return partial


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Locks, and files that were not whole yet. Raises LibraryDamaged for a link."""
    for name in names:
        # A link would make a library that was brought from elsewhere read any file of this machine.
        if Path(folder, name).is_symlink():
            raise LibraryDamaged(f"{Path(folder, name)} is a link, and a library holds none: give the folder itself.")
    return {name for name in names if name == LOCK_FILE or name.startswith((GATE_FILE, TEMPORARY))}


def _copy_file(source: str, target: str) -> str:
    with Path(source).open("rb") as read, Path(target).open("xb") as written:
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())
    return target

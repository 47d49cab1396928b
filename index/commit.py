"""The files that decide what a library is and what is visible in it.

`library.json` says with what the library was made. `COMMIT` lists the visible reports: replacing it is the only thing
that makes a report visible or hides one, and it happens at once or not at all. `PENDING` names the reports whose rows
a writer may have left half written or half removed, so that the next one knows what to clear away.
"""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from .embed import Embedder
from .errors import IndexMismatch, LibraryDamaged, LibraryMissing

SCHEMA_VERSION = 7

IDENTITY_FILE = "library.json"
COMMIT_FILE = "COMMIT"
PENDING_FILE = "PENDING"
LOCK_FILE = "lock"
STORE = "chroma"  # begins the name of the folder of a vector store
TEMPORARY = ".tmp-"  # begins the name of a file that is not whole yet

_REPORT_ID = re.compile("[0-9a-z]{8,64}")
_STORE = re.compile(rf"{STORE}(-[0-9]{{1,9}})?")


@dataclass(frozen=True, slots=True)
class Commit:
    """One version of a library: the visible report ids, oldest first, each with the files (absolute paths) it is of.

    `version` counts what readers would notice. `cleared` counts the times that hidden rows were cleared away since.
    `store` is the name of the folder of the vector store.
    """

    version: int = 0
    reports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cleared: int = 0
    store: str = STORE


@dataclass(frozen=True, slots=True)
class LibraryIdentity:
    """With what a library was made. Two that differ cannot be mixed."""

    schema: int
    splitter: str
    embedder: str
    embedder_sha256: str
    dimension: int


def identity_of(embedder: Embedder) -> LibraryIdentity:
    """The identity of a library made by this program with this model."""
    from .split import SPLITTER_VERSION

    return LibraryIdentity(SCHEMA_VERSION, SPLITTER_VERSION, embedder.name, embedder.sha256, embedder.dimension)


def write_identity(folder: Path, identity: LibraryIdentity) -> None:
    """State with what the library is made."""
    fields = {name: getattr(identity, name) for name in LibraryIdentity.__slots__}
    write_file(folder / IDENTITY_FILE, json.dumps(fields, indent=1).encode())


def read_identity(folder: Path) -> LibraryIdentity:
    """With what the library was made. Raises LibraryMissing where there is none, LibraryDamaged if unreadable."""
    try:
        return LibraryIdentity(**json.loads((folder / IDENTITY_FILE).read_bytes()))
    except FileNotFoundError as error:
        raise LibraryMissing(str(folder)) from error
    except (OSError, ValueError, TypeError) as error:
        raise LibraryDamaged(f"{folder / IDENTITY_FILE} cannot be read ({error}): restore a backup.") from error


def require_same(folder: Path, found: LibraryIdentity, wanted: LibraryIdentity) -> None:
    """Raise IndexMismatch, naming both, where a library was made with something else than what is in use."""
    names = {
        "schema": "schema",
        "splitter": "splitter",
        "embedder": "embedding model",
        "embedder_sha256": "embedding model's weights",
        "dimension": "vector length",
    }
    differing = [
        f"{said} {getattr(found, name)} (in use: {getattr(wanted, name)})"
        for name, said in names.items()
        if getattr(found, name) != getattr(wanted, name)
    ]
    if differing:
        raise IndexMismatch(
            f"The library at {folder} was made with {', '.join(differing)}. Use the model it was made with, "
            "or index the reports into a new library with: citewell index PATH --library NEW"
        )


def read_commit(folder: Path) -> Commit:
    """The version in force. Raises LibraryDamaged if it cannot be read."""
    try:
        raw = json.loads((folder / COMMIT_FILE).read_bytes())
        reports = {_safe(report_id): tuple(map(str, keys)) for report_id, keys in raw["reports"].items()}
        store = str(raw.get("store", STORE))
        if not _STORE.fullmatch(store):
            raise ValueError(f"{store!r} is no store")
        return Commit(int(raw["version"]), reports, int(raw["cleared"]), store)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryDamaged(f"{folder / COMMIT_FILE} cannot be read ({error}): restore a backup.") from error


def write_commit(folder: Path, commit: Commit) -> None:
    """Put a version in force, whole and durable."""
    raw = {"version": commit.version, "cleared": commit.cleared, "store": commit.store, "reports": commit.reports}
    write_file(folder / COMMIT_FILE, json.dumps(raw, separators=(",", ":")).encode())


def commit_stamp(folder: Path) -> tuple[int, int, int]:
    """Something that differs whenever another version was put in force. Raises LibraryMissing."""
    try:
        stat = os.stat(os.path.join(folder, COMMIT_FILE))  # asked for thousands of times a second: no `Path` is made
    except FileNotFoundError as error:
        raise LibraryMissing(str(folder)) from error
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def write_pending(folder: Path, report_ids: tuple[str, ...]) -> None:
    """Name the reports that are being written or removed."""
    write_file(folder / PENDING_FILE, json.dumps(report_ids).encode())


def read_pending(folder: Path) -> tuple[str, ...] | None:
    """The reports that a writer had under way, None where it had finished."""
    try:
        return tuple(map(_safe, json.loads((folder / PENDING_FILE).read_bytes())))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise LibraryDamaged(f"{folder / PENDING_FILE} cannot be read ({error}): restore a backup.") from error


def clear_pending(folder: Path) -> None:
    """State that nothing is under way."""
    (folder / PENDING_FILE).unlink(missing_ok=True)
    sync_folder(folder)


def _safe(report_id: str) -> str:
    """The id if it can be part of a file's name and nothing else; a library may come from elsewhere."""
    if not _REPORT_ID.fullmatch(report_id):
        raise ValueError(f"{report_id!r} is no report id")
    return report_id


def write_file(path: Path, content: bytes) -> None:
    """Replace a file's content whole and durably: a reader sees the old or the new one."""
    # One name is enough: only the holder of the writer's lock writes, and what a dead one left is overwritten.
    temporary = path.with_name(TEMPORARY + path.name)
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

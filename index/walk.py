"""Walk: what a user named → the files to load, in order, and what is refused because it is not there to be loaded."""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .commit import COMMIT_FILE, IDENTITY_FILE
from .errors import UnreadableReport
from .load import CONVERTIBLE, SUFFIXES
from .records import RefusedFile

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The files to load, and the refused. `folders` are those under which a missing file may be taken to be gone:
    folders that were read to the end and held at least one supported file."""

    files: tuple[Path, ...]
    refused: tuple[RefusedFile, ...]
    folders: tuple[Path, ...]


def walk(paths: Sequence[str | Path]) -> Found:
    """The files among `paths`, and in the folders among them those that are documents by their suffix, in sorted order;
    `load` refuses those that it cannot read with what to do, where passing them over would hide them.

    A file named by itself is always taken, so that `load` says what is wrong with it. Hidden files, and folders that
    hold a library, are passed over.
    """
    files: dict[Path, None] = {}
    refused: list[RefusedFile] = []
    folders: list[Path] = []
    for given in paths:
        path = Path(given).expanduser().absolute()
        try:
            mode = path.stat().st_mode
        except OSError as error:
            there_is_none = isinstance(error, FileNotFoundError | NotADirectoryError)
            reason = "there is no such file or folder" if there_is_none else f"cannot be read ({error.strerror})"
            refused.append(RefusedFile(clean(str(given)), reason))
            continue
        if stat.S_ISDIR(mode):
            inside, refused_inside = _walk_folder(path)
            files.update(dict.fromkeys(inside))
            refused.extend(refused_inside)
            if not any(file.suffix.lower() in SUFFIXES for file in inside):
                kinds = ", ".join(sorted(SUFFIXES))
                refused.append(
                    RefusedFile(clean(str(given)), f"the folder holds no file of a kind that is read ({kinds})")
                )
            elif not refused_inside:
                folders.append(path.resolve())
        elif stat.S_ISREG(mode):
            files[path.resolve()] = None
        else:
            refused.append(RefusedFile(display_name(path), "this is not a regular file"))
    return Found(tuple(files), tuple(refused), tuple(folders))


def display_name(path: Path) -> str:
    """A file's name to be shown: without control, direction and other invisible characters."""
    return clean(path.name) or "unnamed"


def clean(name: str) -> str:
    """Text of a path to be shown, no longer than 200 characters."""
    shown = "".join(c for c in name.encode("utf-8", "replace").decode() if unicodedata.category(c)[0] != "C")
    return " ".join(shown.split())[:LONGEST_NAME]


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unchanged_bytes(path: Path, sha256: str, file: str) -> bytes:
    """The bytes of a file that was read before. Raises UnreadableReport for `file` unless they still have `sha256`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableReport(file, f"it cannot be read any more ({error.strerror}): add it again") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UnreadableReport(file, "it changed while it was being read: add it again")
    return content


def is_gone(path: Path) -> bool:
    """Whether a file is certainly absent, and not merely unreadable."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _walk_folder(top: Path) -> tuple[list[Path], list[RefusedFile]]:
    files: list[Path] = []
    refused: list[RefusedFile] = []
    errors: list[OSError] = []
    for parent, subfolders, names in os.walk(top, onerror=errors.append):
        if IDENTITY_FILE in names and COMMIT_FILE in names:
            subfolders.clear()
            continue
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES | CONVERTIBLE:
                continue
            if path.is_file():
                files.append(path.resolve())
            else:
                refused.append(RefusedFile(display_name(path), "cannot be read: it is not a file, or a broken link"))
    for error in errors:
        folder = clean(str(error.filename))
        refused.append(RefusedFile(folder, f"the folder cannot be read ({error.strerror})"))
    return files, refused

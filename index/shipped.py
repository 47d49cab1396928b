"""Weights that ship with the package: read only if they are those whose hashes were written beside them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from .errors import ModelUnavailable

HASHES = "sha256.json"  # name of a file → its sha256


def shipped_hash(folder: Path, name: str) -> str:
    """What the file `name` in `folder` should hash to, without reading it. Raises ModelUnavailable if nothing says."""
    try:
        return str(json.loads((folder / HASHES).read_text(encoding="utf-8"))[name])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"The weights in {folder} cannot be read: install Citewell again.") from error


def check_shipped(folder: Path, names: Sequence[str]) -> None:
    """Raise ModelUnavailable unless each file is there and is the one that was shipped."""
    for name in names:
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelUnavailable(f"The weights in {folder} cannot be read: install Citewell again.") from error
        if found != shipped_hash(folder, name):
            raise ModelUnavailable(f"The file {name} in {folder} is not the one shipped: install Citewell again.")

"""Records to JSON and back. JSON only: a library may come from elsewhere, and loading it must not run code."""

from functools import cache
from typing import Any, TypeVar

import msgspec

from .errors import LibraryDamaged

Record = TypeVar("Record")


def encode(value: object) -> str:
    """Compact JSON of a record, or of a tuple of records."""
    return msgspec.json.encode(value).decode("utf-8")


def decode(kind: type[Record], text: str) -> Record:
    """The record that `encode` wrote. Raises LibraryDamaged where the text does not fit the record's type."""
    typed: Any = kind
    try:
        made: Record = _decoder(typed).decode(text)
        _require_no_more(text, encode(made))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise LibraryDamaged(
            f"The library holds a record that cannot be read ({error}): run citewell check."
        ) from error
    return made


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _require_no_more(text: str, made: str) -> None:
    """Raise ValueError where a text has more than the record that was made of it: msgspec passes over fields that a
    dataclass does not know."""
    if text != made and not _has_all(msgspec.json.decode(made), msgspec.json.decode(text)):
        raise ValueError("it has fields that are not known")


def _has_all(made: Any, told: Any) -> bool:
    """Whether all that is told is in what was made of it, which may have fields with what they are unless told."""
    if isinstance(told, dict) and isinstance(made, dict):
        return all(name in made and _has_all(made[name], value) for name, value in told.items())
    if isinstance(told, list) and isinstance(made, list):
        return len(told) == len(made) and all(map(_has_all, made, told))
    return bool(made == told)

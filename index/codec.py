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
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise LibraryDamaged(
            f"The library holds a record that cannot be read ({error}): run citewell check."
        ) from error
    return made


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)

"""Records to JSON and back. JSON only: a library may come from elsewhere, and loading it must not run code."""

import json
import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import LibraryDamaged

Record = TypeVar("Record")


def encode(value: object) -> str:
    """Compact JSON of a record, or of a tuple of records."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[Record], text: str) -> Record:
    """The record that `encode` wrote. Raises LibraryDamaged where the text does not fit the record's type."""
    try:
        made = _made(kind, json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryDamaged(
            f"The library holds a record that cannot be read ({error}): run citewell check."
        ) from error
    return made  # type: ignore[no-any-return]  # typed by `kind`, which type checkers cannot follow here


def decode_many(kind: type[Record], text: str) -> tuple[Record, ...]:
    """The tuple of records that `encode` wrote."""
    return decode(tuple[kind, ...], text)  # type: ignore[valid-type]


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{value!r} is not one of {get_args(kind)}")
        return value
    if origin in (Union, types.UnionType):
        choices = get_args(kind)
        if value is None and type(None) in choices:
            return None
        return _made(next(choice for choice in choices if choice is not type(None)), value)
    if origin is tuple:
        inner = get_args(kind)
        if not isinstance(value, list):
            raise TypeError("a list was expected")
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_made(inner[0], item) for item in value)
        return tuple(_made(each, item) for each, item in zip(inner, value, strict=True))
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # a class here, never an instance
        return kind(**{name: _made(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not a {kind.__name__}")
    return value

"""Records to JSON and back. JSON only: a library may come from elsewhere, and loading it must not run code."""

import json
import types
from collections.abc import Callable, Sequence
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
    typed: Any = kind
    try:
        made = _maker(typed)(json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LibraryDamaged(
            f"The library holds a record that cannot be read ({error}): run citewell check."
        ) from error
    return made  # type: ignore[no-any-return]  # what `typed` makes is a `Record`


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of a type from its JSON. Kept for each type: looking at one takes longer than a record."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return lambda value: _one_of(inner, value)
    if origin in (Union, types.UnionType):
        make = _maker(next(choice for choice in inner if choice is not type(None)))
        return lambda value: None if value is None and type(None) in inner else make(value)
    if origin is tuple:
        makers = [_maker(each) for each in inner if each is not Ellipsis]
        return lambda value: _tuple(makers, value, more=inner[-1] is Ellipsis)
    if is_dataclass(kind):
        return lambda value: _record(kind, value)
    return lambda value: _plainly(kind, value)


@cache
def _field_makers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _maker(hint) for name, hint in get_type_hints(kind).items()}


def _one_of(choices: tuple[Any, ...], value: Any) -> Any:
    if value not in choices:
        raise ValueError(f"{value!r} is not one of {choices}")
    return value


def _tuple(makers: Sequence[Callable[[Any], Any]], value: Any, *, more: bool) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    if more:
        return tuple(map(makers[0], value))
    return tuple(make(item) for make, item in zip(makers, value, strict=True))


def _record(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError("a record was expected")
    makers = _field_makers(kind)
    return kind(**{name: makers[name](item) for name, item in value.items()})


def _plainly(kind: Any, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not a {kind.__name__}")
    if kind is str and not value.isascii():
        value.encode()  # JSON can hold half of a character
    return value

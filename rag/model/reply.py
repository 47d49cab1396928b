"""Read a language model's reply: the JSON that was asked for, or what can be made of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

MOST_STATEMENTS = 4
MOST_QUOTES = 2  # of one statement
LONGEST_TEXT = 400  # characters of one statement: small models go round in circles
LONGEST_WORDS = 600  # characters that are copied for it
LONGEST_REPLY = 60_000  # characters that are read of a reply


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that a statement says it rests on, and the id of the passage that they are said to stand in."""

    passage: str
    words: str


@dataclass(frozen=True, slots=True)
class Written:
    """One statement as the model wrote it."""

    text: str
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What was read of a reply. `whole` is False where it was cut off, or was not what was asked for; an unfinished
    statement is left out: the word that it lacks may be a “not”."""

    statements: tuple[Written, ...]
    whole: bool


class _Quote(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    passage: str
    words: str


class _Statement(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    quotes: list[_Quote]
    text: str


def schema(passages: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of a reply about passages with these ids. A server that decodes by it can name no other."""
    quote = _object({"passage": {"type": "string", "enum": list(passages)}, "words": _string(LONGEST_WORDS)})
    quotes = {"type": "array", "items": quote, "minItems": 1, "maxItems": MOST_QUOTES}
    statement = _object({"quotes": quotes, "text": _string(LONGEST_TEXT)})
    return {
        "title": "answer",
        "description": "Statements that answer, each with the words of the passages that it rests on.",
        **_object({"statements": {"type": "array", "items": statement, "maxItems": MOST_STATEMENTS}}),
    }


def _string(longest: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def read_reply(text: str) -> Reply:
    """The statements of a reply. Text around the JSON, a fence around it and a list without its object are passed over;
    a statement that is not of the form asked for is left out."""
    found, complete = _json(text)
    items = found.get("statements") if isinstance(found, Mapping) else found
    if isinstance(found, Mapping) and "statements" not in found and "text" in found:
        items = [found]
    if not isinstance(items, list):
        return Reply((), False)
    read = [_statement(item) for item in (items if complete else items[:-1])]
    kept = tuple(statement for statement in read if statement is not None)
    return Reply(kept[:MOST_STATEMENTS], complete and len(kept) == len(read))


def text_so_far(text: str) -> str:
    """What the statements of an unfinished reply say so far, to be shown while it comes."""
    found, _ = _json(text)
    items = found.get("statements") if isinstance(found, Mapping) else found
    said = [item.get("text") for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    return "\n\n".join(line for line in said if isinstance(line, str) and line.strip())


def _statement(item: object) -> Written | None:
    if isinstance(item, Mapping) and "quotes" not in item and {"passage", "words", "text"} <= set(item):
        item = {"quotes": [{"passage": item["passage"], "words": item["words"]}], "text": item["text"]}
    try:
        read = _Statement.model_validate(item)
    except ValidationError:
        return None
    said = " ".join(read.text.split())
    if not said or len(said) > LONGEST_TEXT:
        return None
    return Written(said, tuple(Quoted(quote.passage.strip(), quote.words) for quote in read.quotes))


def _json(text: str) -> tuple[Any, bool]:
    """The first JSON object or list in a text, as far as it goes, and whether it goes to its end."""
    import json

    from langchain_core.utils.json import parse_partial_json

    text = text[:LONGEST_REPLY]
    for start in _openings(text):
        try:
            found, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
            return found, True
        except (ValueError, RecursionError):
            pass
        try:
            found = parse_partial_json(text[start:])
        except (ValueError, RecursionError):
            continue
        if found:
            return found, False
    return None, False


def _openings(text: str) -> Iterator[int]:
    """The places where JSON may begin: the first bracket of each kind."""
    yield from sorted({at for at in (text.find("{"), text.find("[")) if at >= 0})

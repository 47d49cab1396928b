"""The little Markdown that an answer uses, as runs of words: paragraphs, lists, quotations, bold words and marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(r"\\(?P<literal>[\\`*_{}\[\]()#+\-.!<>|~])|\*\*|\[(?P<mark>\d{1,3})\]")
# Control characters and half characters, which no XML may hold, and those that turn the direction of writing.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of plain words. `mark` is the citation number of a mark, 0 for words."""

    text: str
    bold: bool = False
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of an answer."""

    kind: Literal["text", "item", "quote"]
    runs: tuple[Run, ...]


def safe(text: str) -> str:
    """The text without characters that no document may hold or that make a line read as another."""
    return _UNSAFE.sub("", text)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The lines of an answer's text."""
    return tuple(_paragraphs(safe(text)))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith(">"):
            yield Paragraph("quote", tuple(_runs(stripped[1:].strip())))
        elif stripped.startswith(("- ", "* ")):
            yield Paragraph("item", tuple(_runs(stripped[2:].strip())))
        elif stripped:
            yield Paragraph("text", tuple(_runs(stripped)))


def _runs(line: str) -> Iterator[Run]:
    words, at, bold = "", 0, False
    for token in _TOKEN.finditer(line):
        words += line[at : token.start()]
        at = token.end()
        if token["literal"] is not None:
            words += token["literal"]
            continue
        if words:
            yield Run(words, bold)
            words = ""
        if token["mark"] is not None:
            yield Run(f"[{token['mark']}]", mark=int(token["mark"]))
        else:
            bold = not bold
    if words + line[at:]:
        yield Run(words + line[at:], bold)

"""Markdown → blocks: headings with their level, paragraphs, list items and tables. HTML inside it is read as HTML."""

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..records import RawBlock, RawCell, RawReport
from ..reflow import BULLET, rejoin
from . import Limits, NotReadable
from .encodings import decode
from .html import html_blocks
from .text import text_blocks

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FIELD = re.compile(r"^(title|date)[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a Markdown file. The title hint is that of the front matter, else the first level 1 heading."""
    text = decode(data).replace("\r\n", "\n")
    if len(text) > limits.characters:
        raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
    front = _FRONT_MATTER.match(text)
    fields = {name.lower(): value.strip("\"' ") for name, value in _FIELD.findall(front[1])} if front else {}
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    blocks = tuple(rejoin(list(_blocks(parser.parse(text[front.end() :] if front else text)))))
    first = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return RawReport(blocks=blocks, title_hint=fields.get("title") or first, date_hint=fields.get("date"))


def _blocks(tokens: list[Token]) -> Iterator[RawBlock]:
    """The blocks of a token stream, in order. Tables are numbered from 0."""
    tables = 0
    heading = 0
    markers: list[str] = []  # of the open list items whose first text is still to come
    in_head = False
    row: list[RawCell] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "list_item_open":
                markers.append(f"{token.info}{token.markup} " if token.info else "")
            case "list_item_close":
                del markers[-1:]
            case "thead_open" | "thead_close":
                in_head = token.type == "thead_open"
            case "tr_open":
                row = []
            case "tr_close":
                yield RawBlock("table_row", "", table=tables, cells=tuple(row or ()), header_row=in_head)
                row = None
            case "table_close":
                tables += 1
            case "inline":
                text = _inline_text(token)
                if row is not None:
                    row.append(RawCell(text))
                elif heading:
                    yield RawBlock("heading", text, level=heading)
                else:
                    yield _text_block(text, markers[-1] if markers else None)
                    markers[-1:] = [""] if markers else []
            case "fence" | "code_block":
                found = text_blocks(token.content)
                yield from (_renumbered(block, tables) for block in found)
                tables += max((block.table + 1 for block in found), default=0)
            case "html_block":
                found = html_blocks(token.content)
                yield from (_renumbered(block, tables) for block in found)
                tables += max((block.table + 1 for block in found), default=0)


def _text_block(text: str, marker: str | None) -> RawBlock:
    """A paragraph or list item. A number is part of the text: "24. Benefits" may be a heading that reads as a list."""
    if marker:
        return RawBlock("paragraph", marker + text)
    bullet = BULLET.match(text)
    if marker is None and not bullet:
        return RawBlock("paragraph", text)
    return RawBlock("list_item", text[bullet.end() :] if bullet else text)


def _renumbered(block: RawBlock, tables: int) -> RawBlock:
    return block if block.table < 0 else replace(block, table=tables + block.table)


def _inline_text(token: Token) -> str:
    """The text of a paragraph, heading or cell, without marks. A line end is a space, but not after a hyphen."""
    text = ""
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            text += child.content
        elif child.type == "softbreak":
            text += "" if re.search(r"\w[-–/]$", text) else " "
        elif child.type == "hardbreak" or (child.type == "html_inline" and _LINE_BREAK.match(child.content)):
            text += " "
    return text.strip()

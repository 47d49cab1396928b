"""E-mail messages → blocks: the subject as heading, who wrote to whom and when as lines, then the text. The HTML form
of a message is preferred, since it keeps tables. Attachments are named in a warning and never opened."""

import email
import email.header
import email.utils
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from ..records import RawBlock, RawReport
from . import Limits, NotReadable
from .encodings import decode_declared
from .html import html_blocks
from .text import text_blocks

_SHOWN = ("From", "To", "Cc", "Date")
_TELLING = ("from", "to", "subject", "date", "received")
_FEWEST = 2  # headers among these, without which a text is no message
_MOST_NAMED = 50  # attachments named in the warning


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a message; its subject is the title hint, the day it was sent the date hint."""
    if len(data) > 8 * limits.characters:
        raise NotReadable(f"it has more than {limits.characters:,} characters: save its attachments, and add those")
    message = email.message_from_bytes(data)
    if sum(message[name] is not None for name in _TELLING) < _FEWEST:
        raise NotReadable("it is not an e-mail message, whatever its name says: check where it comes from")
    subject = _header(message, "Subject")
    blocks = [RawBlock("heading", subject, level=1)] if subject else []
    blocks += [RawBlock("paragraph", f"{name}: {value}") for name in _SHOWN if (value := _header(message, name))]
    attached: list[str] = []
    blocks += _body(message, attached)
    if sum(len(block.text) + sum(len(cell.text) for cell in block.cells) for block in blocks) > limits.characters:
        raise NotReadable(f"it has more than {limits.characters:,} characters: split it into several files")
    more = f" and {len(attached) - _MOST_NAMED} more" if len(attached) > _MOST_NAMED else ""
    names = ", ".join(attached[:_MOST_NAMED]) + more
    return RawReport(
        blocks=tuple(blocks),
        title_hint=subject or None,
        date_hint=_day(message),
        warnings=(f"attachments, which were not read: {names}",) if attached else (),
    )


def _header(message: Message, name: str) -> str:
    """A header as people read it: encoded words decoded, lines joined."""
    value = message[name]
    if value is None:
        return ""
    text = ""
    for piece, charset in email.header.decode_header(str(value)):
        text += piece if isinstance(piece, str) else decode_declared(piece, charset)
    return " ".join(text.split())


def _day(message: Message) -> str | None:
    try:
        return email.utils.parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return None


def _body(message: Message, attached: list[str]) -> list[RawBlock]:
    """The blocks of a message's text. What is attached is added to `attached` by name."""
    blocks: list[RawBlock] = []
    tables = 0
    for part in _texts(message, attached):
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        text = decode_declared(content, part.get_content_charset())
        found = html_blocks(text) if part.get_content_subtype() == "html" else text_blocks(text)
        blocks.extend(_numbered(block, tables) for block in found)
        tables += max((block.table + 1 for block in found), default=0)
    return blocks


def _texts(message: Message, attached: list[str]) -> Iterator[Message]:
    """The parts that hold the text, in order; of alternatives the HTML one."""
    if _is_attached(message):
        attached.append(_name(message))
    elif message.is_multipart():
        parts = [part for part in message.get_payload() if isinstance(part, Message)]
        if message.get_content_subtype() == "alternative":
            parts = sorted(parts, key=_preference)[:1]
        for part in parts:
            yield from _texts(part, attached)
    else:
        yield message


def _is_attached(part: Message) -> bool:
    kind = part.get_content_maintype()
    if part.get_content_disposition() == "attachment" or kind == "message":
        return True
    if kind == "multipart" or part.is_multipart():
        return False
    return part.get_filename() is not None or part.get_content_type() not in ("text/plain", "text/html")


def _preference(part: Message) -> int:
    kinds = [inner.get_content_type() for inner in part.walk()]
    return 0 if "text/html" in kinds else 1 if "text/plain" in kinds else 2


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError):  # a file name in an encoding that there is not
        name = ""
    shown = "".join(character for character in name if character.isprintable())
    return shown[:100] or f"one without a name ({part.get_content_type()})"


def _numbered(block: RawBlock, tables: int) -> RawBlock:
    return block if block.table < 0 else replace(block, table=tables + block.table)

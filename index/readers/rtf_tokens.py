"""A rich text file → its control words and its text, decoded, each with the group that it stands in."""

import codecs
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?(?P<end> ?)|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z'])"
    rb"|(?P<open>\{)|(?P<close>\})|(?P<line>[\r\n]+)|(?P<text>[^\\{}\r\n]+)|(?P<stray>\\)",
    re.DOTALL,
)
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_NAMED = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_MAX_DEPTH = 1_000  # groups within groups; beyond it they are read as one
Kind = Literal["text", "word", "close"]


@dataclass(slots=True)
class Group:
    """What holds until the end of a group. `place` says whose text this is; a new group begins as a copy of the one
    around it. `fresh` is whether nothing of it was read yet, `starred` whether it began with an asterisk."""

    place: str = "body"
    fresh: bool = True
    starred: bool = False
    opens_flow: bool = False
    encoding: str = "cp1252"
    fallback: int = 1  # characters after a Unicode one that stand in for it
    hidden: bool = False
    high: bool = False
    style: int = -1
    outline: int = 9
    in_table: bool = False
    listed: bool = False
    font: int = -1


class Tokens:
    """Iterates over (group, kind, value, number): the text of a file and its control words, those that set how text
    is decoded or formatted already applied to `group`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._stack: list[Group] = []
        self._deeper = 0
        self._fonts: dict[int, str] = {}
        self._default = "cp1252"
        self._bytes = bytearray()
        self._skip = 0
        self._half = 0  # the first half of a character outside the basic plane
        self.group = Group()

    def __iter__(self) -> Iterator[tuple[Group, Kind, str, int | None]]:
        at = 0
        while found := _TOKEN.match(self._data, at):
            at = found.end()
            kind = found.lastgroup if found.lastgroup not in ("number", "end") else "word"
            if kind == "text" and self._skip:
                dropped = min(self._skip, len(found["text"]))
                self._skip -= dropped
                self._bytes += found["text"][dropped:]
            elif kind == "text":
                self._bytes += found["text"]
            elif kind == "byte":
                if self._skip:
                    self._skip -= 1
                else:
                    self._bytes.append(int(found["byte"], 16))
            elif kind != "line":
                if self._bytes:
                    yield self.group, "text", self._decoded(), None
                    self.group.fresh = False
                if kind == "open":
                    self._open()
                elif kind == "close":
                    yield self.group, "close", "", None
                    self._close()
                elif kind == "sign":
                    yield from self._sign(found["sign"])
                elif kind == "word":
                    word = found["word"].decode("ascii")
                    number = int(found["number"]) if found["number"] is not None else None
                    if word == "bin":
                        at += max(number or 0, 0)
                    elif word == "u" and number is not None:
                        text = self._unicode(number % 0x10000)
                        if text:
                            yield self.group, "text", text, None
                        self._skip = self.group.fallback
                    else:
                        self._skip = 0
                        self._apply(word, number)
                        yield self.group, "word", word, number
                    self.group.fresh = False
        if self._bytes:
            yield self.group, "text", self._decoded(), None

    def _decoded(self) -> str:
        text = bytes(self._bytes).decode(self.group.encoding, errors="replace")
        self._bytes.clear()
        return text

    def _unicode(self, code: int) -> str:
        if 0xD800 <= code < 0xDC00:
            self._half = code
            return ""
        if 0xDC00 <= code < 0xE000:
            half, self._half = self._half, 0
            return chr(0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00)) if half else ""
        return chr(code)

    def _open(self) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            self._deeper += 1
            return
        self._stack.append(self.group)
        self.group = copy(self.group)
        self.group.fresh, self.group.starred, self.group.opens_flow = True, False, False
        self._skip = 0

    def _close(self) -> None:
        if self._deeper:
            self._deeper -= 1
        elif self._stack:
            self.group = self._stack.pop()
        self._skip = 0

    def _sign(self, sign: bytes) -> Iterator[tuple[Group, Kind, str, int | None]]:
        if sign == b"*":
            self.group.starred = True
        elif self._skip:
            self._skip -= 1
        elif sign in b"\\{}":
            yield self.group, "text", sign.decode("ascii"), None
        elif sign in b"~_":
            yield self.group, "word", sign.decode("ascii"), None
        elif sign in b"\r\n":
            yield self.group, "word", "par", None

    def _apply(self, word: str, number: int | None) -> None:
        """The control words that change how the text after them is decoded or formatted."""
        group = self.group
        match word:
            case "ansi" | "mac" | "pc" | "pca":
                self._default = group.encoding = _NAMED[word]
            case "ansicpg" if number:
                self._default = group.encoding = _known(f"cp{number}") or self._default
            case "fonttbl":
                group.place = "fonttbl"
            case "f" if number is not None:
                group.font = number
                if group.place != "fonttbl":
                    group.encoding = self._fonts.get(number, self._default)
            case "fcharset" if number is not None and group.place == "fonttbl":
                self._fonts[group.font] = _CHARSETS.get(number, self._default)
            case "uc" if number is not None:
                group.fallback = min(max(number, 0), 16)
            case "plain":
                group.hidden = group.high = False
                group.encoding = self._default
            case "v" | "deleted":
                group.hidden = number != 0
            case "super":
                group.high = number != 0
            case "nosupersub" | "sub":
                group.high = False
            case "pard":
                group.style, group.outline, group.in_table, group.listed = -1, 9, False, False
            case "s" if number is not None:
                group.style = number
            case "outlinelevel" if number is not None:
                group.outline = min(max(number, 0), 9)
            case "intbl":
                group.in_table = True
            case "ls":
                group.listed = bool(number)


def _known(encoding: str) -> str | None:
    try:
        return codecs.lookup("utf-8" if encoding == "cp65001" else encoding).name
    except LookupError:
        return None

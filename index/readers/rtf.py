"""Rich text files → blocks: headings by style or outline level, paragraphs, list items, tables, footnotes and the text
in shapes. Deleted and hidden text, running heads, pictures and embedded objects are left out.

`rtf_tokens.py` cuts the file into tokens; here they become blocks. The control words are those of the Rich Text Format
Specification, version 1.9.1.
"""

import re
from dataclasses import dataclass, field, replace

from ..records import BlockKind, RawBlock, RawCell, RawReport
from ..reflow import BULLET, raised
from . import Limits, NotReadable
from .rtf_tokens import Group, Tokens

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_TITLE_STYLES = ("title", "heading")
_NO_LEVEL = 9  # the outline level of body text
# Groups whose text is not the document's. A group that begins with \* is passed over too, but for those in _KEPT.
_PASSED_OVER = frozenset(
    "colortbl pict object header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep "
    "aftnsepc aftncn fldinst annotation atnid atnauthor xe tc rxe private nonshppict filetbl revtbl listtable "
    "listoverridetable comment shprslt nonesttables bkmkstart bkmkend".split()
)
_KEPT = frozenset(("shpinst", "shptxt"))
_PLACES = {
    "stylesheet": "stylesheet",
    "info": "info",
    "title": "title",
    "creatim": "creatim",
    "listtext": "listtext",
    "pntext": "listtext",
    "shpinst": "shape",
    "result": "body",
}
_SIGNS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "tab": " ",
    "line": " ",
    "lbr": " ",
    "nestcell": " ",
    "nestrow": " ",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "~": " ",
    "_": "-",
}


@dataclass(slots=True)
class _Flow:
    """Paragraphs in the making: the document's, a footnote's or a shape's. Finished blocks are in `blocks`; what
    stands aside of the open paragraph waits in `after`."""

    text: list[str] = field(default_factory=list)
    marker: str | None = None
    blocks: list[RawBlock] = field(default_factory=list)
    after: list[RawBlock] = field(default_factory=list)
    cells: list[RawCell] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)  # of the row's cells: "", "first", "right" or "below"
    heads: bool = False
    in_table: bool = False
    tables: int = 0
    note: bool = False


class _Reader:
    """The blocks of one file. `flows` is a stack: a footnote interrupts the paragraph that calls it."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._tokens = Tokens(data)
        self._limits = limits
        self._flows = [_Flow()]
        self._styles: dict[int, str] = {}
        self._notes = 0
        self._characters = 0
        self.title = ""
        self.day: dict[str, int] = {}

    def blocks(self) -> tuple[RawBlock, ...]:
        for group, kind, value, number in self._tokens:
            if kind == "text":
                self._text(group, value)
            elif kind == "close":
                self._close(group)
            elif kind == "word":
                self._word(group, value, number)
        while len(self._flows) > 1:
            self._leave()
        self._end_paragraph(self._tokens.group)
        return tuple(self._flows[0].blocks)

    def _text(self, group: Group, text: str) -> None:
        if group.place == "stylesheet":
            self._styles[group.style] = self._styles.get(group.style, "") + text
        elif group.place == "title":
            self.title += text
        elif group.place == "listtext":
            self._flows[-1].marker = (self._flows[-1].marker or "") + text
        elif group.place == "body" and not group.hidden:
            self._characters += len(text)
            if self._characters > self._limits.characters:
                most = f"{self._limits.characters:,}"
                raise NotReadable(f"it has more than {most} characters: split it into several files")
            self._flows[-1].text.append(raised(text) if group.high else text)

    def _close(self, group: Group) -> None:
        if group.opens_flow:
            self._leave()

    def _leave(self) -> None:
        """End a footnote or a shape: its blocks follow the paragraph in which it stands."""
        self._end_paragraph(self._tokens.group)
        flow = self._flows.pop()
        self._flows[-1].after.extend(flow.blocks)

    def _word(self, group: Group, word: str, number: int | None) -> None:
        flow = self._flows[-1]
        if group.place == "skip" and word != "result":
            return
        if word in _PASSED_OVER or (group.starred and group.fresh and word not in _KEPT):
            group.place = "skip"
        elif word in _PLACES:
            group.place = _PLACES[word]
        elif word in ("footnote", "shptxt"):
            group.place, group.opens_flow = "body", True
            self._flows.append(_Flow(note=word == "footnote"))
        elif group.place == "creatim":
            if word in ("yr", "mo", "dy") and number is not None:
                self.day[word] = number
        elif word == "chftn":
            self._notes += not flow.note  # the note itself repeats the number of its mark
            self._text(group, raised(str(self._notes)))
        elif word in _SIGNS:
            self._text(group, _SIGNS[word])
        elif group.place == "body" and word in ("par", "sect", "page"):
            self._end_paragraph(group)
        elif group.place == "body":
            self._table_word(flow, word)

    def _table_word(self, flow: _Flow, word: str) -> None:
        match word:
            case "trowd":
                flow.spans, flow.heads = [""], False
            case "trhdr":
                flow.heads = True
            case "clmgf" | "clmrg" | "clvmrg" if flow.spans:
                flow.spans[-1] = {"clmgf": "first", "clmrg": "right", "clvmrg": "below"}[word]
            case "cellx" if flow.spans:
                flow.spans.append("")
            case "cell":
                text = " ".join("".join(flow.text).split())
                flow.text.clear()
                flow.marker = None
                flow.cells.append(RawCell(text))
            case "row":
                self._end_row(flow)

    def _end_row(self, flow: _Flow) -> None:
        if not flow.in_table:
            flow.in_table = True
            flow.tables += 1
        cells: list[RawCell] = []
        for at, cell in enumerate(flow.cells):
            span = flow.spans[at] if at < len(flow.spans) else ""
            if span == "right" and cells:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + 1)
            else:
                cells.append(RawCell("") if span == "below" else cell)
        flow.cells.clear()
        if len(cells) > 1:
            flow.blocks.append(
                RawBlock("table_row", "", table=flow.tables - 1, cells=tuple(cells), header_row=flow.heads)
            )
        elif cells and cells[0].text:
            flow.blocks.append(RawBlock("paragraph", cells[0].text))

    def _end_paragraph(self, group: Group) -> None:
        flow = self._flows[-1]
        text = " ".join("".join(flow.text).split())
        flow.text.clear()
        if group.in_table and not flow.note:
            flow.text.append(f"{text} ")  # a cell of several paragraphs
            return
        marker, flow.marker = flow.marker, None
        if text:
            flow.in_table = False
            flow.blocks.append(self._block(text, group, marker, flow.note))
        flow.blocks.extend(flow.after)
        flow.after.clear()

    def _block(self, text: str, group: Group, marker: str | None, note: bool) -> RawBlock:
        if note:
            return RawBlock("footnote", text)
        style = self._styles.get(group.style, "").strip().rstrip(";").strip().lower()
        heading = _HEADING_STYLE.fullmatch(style)
        level = int(heading[1]) if heading else 1 if style in _TITLE_STYLES else 0
        if not level and group.outline < _NO_LEVEL:
            level = group.outline + 1
        if level:
            return RawBlock("heading", text, level=level)
        bullet = BULLET.match(text)
        text = text[bullet.end() :] if bullet else text
        number = (marker or "").strip()
        if any(character.isalnum() and character.isascii() for character in number) and number != "o":
            text = f"{number} {text}"
        kind: BlockKind = "list_item" if bullet or marker is not None or group.listed else "paragraph"
        return RawBlock(kind, text)


def read(data: bytes, limits: Limits) -> RawReport:
    """The blocks of a rich text file, with the title and date of its properties."""
    reader = _Reader(data, limits)
    blocks = reader.blocks()
    dated = {"yr", "mo", "dy"} <= reader.day.keys()
    return RawReport(
        blocks=blocks,
        title_hint=" ".join(reader.title.split()) or None,
        date_hint="{yr:04d}-{mo:02d}-{dy:02d}".format(**reader.day) if dated else None,
    )

"""Answers and their sources → what an export holds: each quotation with its place, its surroundings, and pictures
of the pages that it stands on with the quotation boxed."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from index import Library
from index.errors import CitewellError

from ..anchors import Anchored, SourceState, anchored
from ..conversations import Kept, Turn
from ..pages.boxes import Box
from ..pages.store import NoPages, NoPlace, Pages
from ..places import section_at

PAGE_WIDTH = 1000  # pixels
MOST_PICTURES = 60  # of one export: about 10 MB
PAGES_EACH = 3  # of one quotation
AROUND = 600  # characters before and after a quotation that has no pages to show
_TINT = (255, 226, 104)
_EDGE = (178, 106, 0)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page with its quotation boxed, as JPEG. `label` is the number printed on it."""

    page: int
    label: str | None
    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation (the fields of `Citation`), what became of its source, the words around the quotation, and its pages.

    `before` and `after` are empty where there are pictures, or where the source is no longer there."""

    citation: Mapping[str, Any]
    state: SourceState
    words: str
    before: str
    after: str
    pictures: tuple[PagePicture, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer (the fields of `Answer`) and the evidence, or with why there is none."""

    n: int
    asked: str
    question: str
    answer: Mapping[str, Any] | None
    failure: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is exported. `made` is the time in ISO 8601, UTC; `left_out` says what did not fit."""

    title: str
    made: str
    exchanges: tuple[Exchange, ...]
    left_out: str


def gather(library: Library, pages: Pages, kept: Kept, turn: int | None = None) -> Dossier:
    """A conversation, or one turn of it. Turns without an answer are left out, unless they failed."""
    turns = [item for item in kept.turns if item.state != "open" and (turn is None or item.n == turn)]
    budget = [MOST_PICTURES]
    exchanges = tuple(_exchange(library, pages, item, budget) for item in turns)
    left = f"Pictures are given of the first {MOST_PICTURES} pages." if budget[0] < 0 else ""
    return Dossier(kept.name or "Answers", _now(), exchanges, left)


def gather_answer(library: Library, pages: Pages, answer: Mapping[str, Any], asked: str = "") -> Dossier:
    """One answer (the fields of `Answer`) that is in no conversation."""
    budget = [MOST_PICTURES]
    evidence = tuple(_evidence(library, pages, citation, budget) for citation in answer["citations"])
    exchange = Exchange(1, asked or _now(), answer["question"], answer, "", evidence)
    return Dossier(answer["question"], _now(), (exchange,), "")


def _exchange(library: Library, pages: Pages, turn: Turn, budget: list[int]) -> Exchange:
    cited = turn.answer["citations"] if turn.answer is not None else ()
    evidence = tuple(_evidence(library, pages, citation, budget) for citation in cited)
    return Exchange(turn.n, turn.asked, turn.question, turn.answer, turn.failure, evidence)


def _evidence(library: Library, pages: Pages, citation: Mapping[str, Any], budget: list[int]) -> Evidence:
    now = anchored(library, citation)
    if now.state in ("changed", "removed"):
        return Evidence(now.citation, now.state, now.words, "", "", ())
    try:
        pictures = tuple(_pictures(pages, now, budget))
        before, after = ("", "") if pictures else _around(library, now)
    except CitewellError:  # a report that is removed at this moment, or a page that cannot be drawn: the words remain
        pictures, before, after = (), "", ""
    return Evidence(now.citation, now.state, now.words, before, after, pictures)


def _pictures(pages: Pages, now: Anchored, budget: list[int]) -> Iterator[PagePicture]:
    cited = now.citation
    try:
        boxes = pages.boxes(cited["report_id"], cited["start"], cited["end"])
    except (NoPages, NoPlace):
        return
    for page in boxes.pages[:PAGES_EACH]:
        budget[0] -= 1
        if budget[0] < 0:
            return
        drawn = pages.picture(cited["report_id"], page.page, PAGE_WIDTH)
        jpeg, width, height = _boxed(drawn.data, page.boxes)
        yield PagePicture(page.page, page.label, jpeg, width, height)


def _boxed(webp: bytes, boxes: Sequence[Box]) -> tuple[bytes, int, int]:
    """The page with the boxes drawn on it: tinted as by a marker, with an edge that shows in grey too."""
    from PIL import Image, ImageChops, ImageDraw

    page = Image.open(io.BytesIO(webp)).convert("RGB")
    tint = Image.new("RGB", page.size, "white")
    marker, drawn = ImageDraw.Draw(tint), []
    for box in boxes:
        left, top = box.left * page.width - 2, box.top * page.height - 1
        right, bottom = box.right * page.width + 2, box.bottom * page.height + 1
        drawn.append((left, top, right, bottom))
        marker.rectangle(drawn[-1], fill=_TINT)
    page = ImageChops.multiply(page, tint)
    edges = ImageDraw.Draw(page)
    for corners in drawn:
        edges.rectangle(corners, outline=_EDGE, width=1)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), page.width, page.height


def _around(library: Library, now: Anchored) -> tuple[str, str]:
    """The words of the section before and after the quotation, cut at the ends of words."""
    cited = now.citation
    text, start, end = library.text(cited["report_id"]), cited["start"], cited["end"]
    section = section_at(library.sections(cited["report_id"]), start)
    first = max(section.body_start if section else 0, start - AROUND)
    last = min(max(section.end if section else len(text), end), end + AROUND)
    before, after = text[min(first, start) : start], text[end:last]
    if first > (section.body_start if section else 0):
        before = f"… {before.split(' ', 1)[-1]}"
    if last < (section.end if section else len(text)):
        after = f"{after.rsplit(' ', 1)[0]} …"
    return before, after


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

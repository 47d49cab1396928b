"""A stretch of a report's canonical text → the boxes that cover it on each page.

Pure. Boxes are fractions of the page from its top left corner; one covers the characters of a line that stand side by
side, so that a table row has one for each cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.records import PageRun

from .align import align

_GAP = 1.2  # of a character's height: what is further apart has a box of its own

Placed = tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box on a page, as fractions of its width and height from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The boxes of a quotation on one page. `covered` is the share of the quotation's inked characters on this page
    that the boxes cover: below 1 where the page is a scan, or where what was read is not what is printed."""

    page: int
    label: str | None
    boxes: tuple[Box, ...]
    covered: float


def pages_of(runs: Sequence[PageRun], start: int, end: int) -> tuple[int, ...]:
    """The pages on which `text[start:end]` stands, in the order of the text."""
    return tuple(dict.fromkeys(run.page for run in runs if run.start < end and start < run.end))


def page_boxes(
    text: str, runs: Sequence[PageRun], start: int, end: int, page: int, printed: Sequence[Placed]
) -> PageBoxes:
    """The boxes of `text[start:end]` on `page`, whose characters in reading order are `printed`."""
    own = [run for run in runs if run.page == page]
    spans = [(run.start, run.end) for run in own]
    places = align(text, spans, "".join(character for character, *_ in printed))
    return boxes_from(text, own, start, end, places, printed)


def boxes_from(
    text: str,
    own: Sequence[PageRun],
    start: int,
    end: int,
    places: Mapping[int, int],
    printed: Sequence[Placed],
) -> PageBoxes:
    """As `page_boxes`, for a page whose text runs are `own` and whose characters were aligned before."""
    wanted = [
        at
        for run in own
        for at in range(max(run.start, start), min(run.end, end))
        if not text[at].isspace() and text[at] != "|"
    ]
    found = [printed[places[at]][1:] for at in wanted if at in places]
    covered = len(found) / len(wanted) if wanted else 1.0
    return PageBoxes(own[0].page, own[0].label, tuple(_merged(found)), round(covered, 4))


def _merged(characters: Sequence[tuple[float, float, float, float]]) -> list[Box]:
    """Boxes around characters that stand side by side on a line."""
    boxes: list[Box] = []
    for left, top, right, bottom in characters:
        last = boxes[-1] if boxes else None
        if last is not None and _beside(last, left, top, bottom):
            boxes[-1] = Box(min(last.left, left), min(last.top, top), max(last.right, right), max(last.bottom, bottom))
        else:
            boxes.append(Box(left, top, right, bottom))
    return boxes


def _beside(last: Box, left: float, top: float, bottom: float) -> bool:
    high = min(bottom - top, last.bottom - last.top)
    overlap = min(bottom, last.bottom) - max(top, last.top)
    return overlap > 0.5 * high and last.left <= left and left - last.right < _GAP * (bottom - top)

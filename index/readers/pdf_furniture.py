"""What recurs at the head and foot of pages: running heads, and page numbers with the number that each page prints."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .pdf_lines import PrintedLine

_EDGE_LINES = 3  # lines at the top and at the bottom of a page among which furniture is looked for
_FEWEST_PAGES = 3
_WHITE = 0.5  # of the line's size: white space that sets furniture apart from the text
_SAME_PLACE = 8.0  # points
_BARE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–|]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–|]?(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE
)
_OUTER_NUMBER = re.compile(r"^(\d{1,4})\b|\b(\d{1,4})(?:\s*of\s*\d{1,4})?$")


@dataclass(frozen=True, slots=True)
class Furniture:
    """The furniture of one page: its lines, and the page number printed there."""

    lines: frozenset[PrintedLine]
    label: str | None


def find_furniture(pages: Sequence[Sequence[PrintedLine]]) -> list[Furniture]:
    """The furniture of each page. Where it would be all of the text, it is text."""
    edges = [_edge_lines(lines) for lines in pages]
    recurring = _recurring(edges)
    offset = _number_offset(edges, recurring)
    found: list[Furniture] = []
    for number, lines in enumerate(edges, start=1):
        kept = _apart(lines, recurring) | _apart(lines[::-1], recurring)
        label: str | None = None
        for line in lines:
            bare = _BARE_NUMBER.match(line.text)
            roman = bare is not None and not bare[1].isdigit() and len(lines) > 1 and _is_outermost(line, lines)
            if bare is not None and roman:
                label = label or bare[1]
                kept.add(line)
            elif offset is not None and number + offset in _numbers(line, recurring):
                label = label or str(number + offset)
                kept.add(line)
        found.append(Furniture(frozenset(kept), label))
    if all(set(lines) == page.lines for lines, page in zip(pages, found, strict=True)):
        return [Furniture(frozenset(), page.label) for page in found]
    return found


def _apart(lines: Sequence[PrintedLine], recurring: frozenset[tuple[str, int]]) -> set[PrintedLine]:
    """The recurring lines from one edge of the page inwards, as far as white space sets them apart from the text."""
    apart: set[PrintedLine] = set()
    run: list[PrintedLine] = []
    for line, inner in zip(lines[:_EDGE_LINES], [*lines[1:], None], strict=False):
        if _key(line) not in recurring and not _BARE_NUMBER.match(line.text):
            break
        run.append(line)
        gap = max(inner.top - line.bottom, line.top - inner.bottom) if inner is not None else line.size
        if gap > _WHITE * line.size:
            apart.update(line for line in run if not _BARE_NUMBER.match(line.text))
    return apart


def _edge_lines(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    ordered = sorted(lines, key=lambda line: line.top)
    if len(ordered) <= 2 * _EDGE_LINES:
        return ordered
    return [*ordered[:_EDGE_LINES], *ordered[-_EDGE_LINES:]]


def _is_outermost(line: PrintedLine, lines: Sequence[PrintedLine]) -> bool:
    return line in (lines[0], lines[-1])


def _key(line: PrintedLine) -> tuple[str, int]:
    """What makes two lines the same furniture: their words, and the place on the page."""
    return re.sub(r"\d+", "#", " ".join(line.text.lower().split())), round(line.top / _SAME_PLACE)


def _recurring(edges: Sequence[Sequence[PrintedLine]]) -> frozenset[tuple[str, int]]:
    """The keys that stand on at least three pages. A line may fall on either side of a place's border, so
    neighbouring places count together."""
    pages: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, lines in enumerate(edges):
        for line in lines:
            text, place = _key(line)
            for near in (place - 1, place, place + 1):
                pages[text, near].add(number)
    return frozenset(key for key, on in pages.items() if len(on) >= _FEWEST_PAGES)


def _numbers(line: PrintedLine, recurring: frozenset[tuple[str, int]]) -> list[int]:
    """The page numbers that a line may state: all of it, or the outer end of a running head."""
    bare = _BARE_NUMBER.match(line.text)
    if bare is not None:
        return [int(bare[1])] if bare[1].isdigit() else []
    if _key(line) not in recurring:
        return []
    return [int(first or last) for first, last in _OUTER_NUMBER.findall(line.text)]


def _number_offset(edges: Sequence[Sequence[PrintedLine]], recurring: frozenset[tuple[str, int]]) -> int | None:
    """By how much the printed numbers run ahead of the pages counted from 1; None where no numbers are printed."""
    offsets: Counter[int] = Counter()
    for number, lines in enumerate(edges, start=1):
        offsets.update({stated - number for line in lines for stated in _numbers(line, recurring)})
    if not offsets:
        return None
    offset, pages = max(offsets.items(), key=lambda item: (item[1], -abs(item[0])))
    return offset if pages >= 2 else None

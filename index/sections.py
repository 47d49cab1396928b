"""Tell headings from text, and give each stretch of text the headings that it stands under.

Formats with markup state their headings. Plain text and most PDFs do not: there a heading is a short line without a
full stop that is followed by text, and its rank is read from the contents page, from an opening box that lists the
questions, and from headings that recur in each chapter ("Summary of findings").
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from .grades import grade_lines
from .records import Block, LoadedReport, Section

MAX_HEADING = 170  # characters; the longest question heading seen in inspection reports is 146
_NOT_HEADING = re.compile(
    r"^(?:source|note|notes|please note|for (?:further|more) |figure|fig\.?|table|chart|©|copyright|isbn|issn|www\."
    r"|https?:|last updated|published|updated|skip to|page \d|tel|email|e-mail|phone|dear|yours|from|to:)\b|^©",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"^(?:introduction|foreword|preface|overview|executive summary|background|annex|appendix|conclusions?|next steps"
    r"|references|glossary|about (?:the|this|us)|contents|methodology|our judg)",
    re.IGNORECASE,
)
CONTENTS = re.compile(r"^(?:table of )?contents(?: page)?$", re.IGNORECASE)
_SALUTATION = re.compile(r"^dear\s+\w", re.IGNORECASE | re.MULTILINE)  # before it stands whom a letter is to
_CLOSE = re.compile(r"yours\s+(?:sincerely|faithfully|truly)", re.IGNORECASE)
_NUMERIC = re.compile(r"^[\s£$€+\-−–%±.,\d()/*]*\d[\s£$€+\-−–%±.,\d()/*mkbn]*$")
_FOOTNOTE_MARKS = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰]+$")
_DATE_LINE = re.compile(
    r"^(?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{4}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: which block it is, its text without footnote marks, and its level from 1 (outermost)."""

    block: int
    text: str
    level: int


def find_sections(loaded: LoadedReport) -> tuple[Section, ...]:
    """The sections of a report in order; together they cover the whole text."""
    text, blocks = loaded.text, loaded.blocks
    contents = contents_blocks(text, blocks)
    headings = find_headings(text, blocks, contents)
    sections: list[Section] = []
    first = blocks[headings[0].block].start if headings else len(text)
    if first > 0:
        front = text[:first]
        says = not headings or has_sentence(front) or _SALUTATION.search(front) is not None
        kind: Literal["body", "boilerplate"] = "body" if says else "boilerplate"
        sections.append(Section((), 0, 0, first, kind))
    stack: list[Heading] = []
    for i, heading in enumerate(headings):
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        block = blocks[heading.block]
        end = blocks[headings[i + 1].block].start if i + 1 < len(headings) else len(text)
        listed = CONTENTS.match(heading.text) is not None
        path = tuple(h.text for h in stack)
        sections.append(Section(path, block.start, block.end, end, "contents" if listed else "body"))
    return tuple(sections)


def contents_blocks(text: str, blocks: tuple[Block, ...]) -> frozenset[int]:
    """The blocks of the contents page: what follows a line "Contents" for as long as lines end in a page number."""
    found: set[int] = set()
    for i, block in enumerate(blocks):
        if CONTENTS.match(text[block.start : block.end].strip()) is None:
            continue
        j = i + 1
        while j < len(blocks) and (_contents_entry(text, blocks[j]) or _entry_follows(text, blocks, j)):
            found.add(j)
            j += 1
    return frozenset(found)


def _contents_entry(text: str, block: Block) -> bool:
    entry = text[block.start : block.end]
    return len(entry) < 260 and re.search(r"\S[\s.|…]+\d{1,3}\s*$", entry) is not None


def _entry_follows(text: str, blocks: tuple[Block, ...], j: int) -> bool:
    return (
        j + 1 < len(blocks)
        and blocks[j].end - blocks[j].start < MAX_HEADING
        and _contents_entry(text, blocks[j + 1])
        and blocks[j + 1].kind == blocks[j].kind
    )


def find_headings(text: str, blocks: tuple[Block, ...], contents: frozenset[int]) -> tuple[Heading, ...]:
    """The headings of a report in order."""
    stated = [
        i
        for i, b in enumerate(blocks)
        if b.kind == "heading" and b.end > b.start and not grade_lines(text[b.start : b.end])
    ]
    if stated:
        stated = _without_signatures(text, blocks, _without_repeats(text, blocks, stated))
        return tuple(Heading(i, _clean(text, blocks[i]), blocks[i].level or 2) for i in stated)
    data = _data_lines(text, blocks)
    candidates = [i for i in range(len(blocks)) if i not in contents and i not in data and _looks_like(text, blocks, i)]
    candidates = [i for i in candidates if _introduces(text, blocks, i, frozenset(candidates))]
    listed = {_key(_strip_page(text[blocks[i].start : blocks[i].end])) for i in contents}
    names = [_clean(text, blocks[i]) for i in candidates]
    listed |= _boxed(candidates, names)
    levels = _levels(names, listed)
    return tuple(Heading(i, name, level) for i, name, level in zip(candidates, names, levels, strict=True))


def _without_repeats(text: str, blocks: tuple[Block, ...], stated: list[int]) -> list[int]:
    """The headings without those that only repeat the heading right above them, as the title of a box does."""
    return [
        i for i in stated if i - 1 not in stated or _key(_clean(text, blocks[i])) != _key(_clean(text, blocks[i - 1]))
    ]


def _without_signatures(text: str, blocks: tuple[Block, ...], stated: list[int]) -> list[int]:
    """The headings without the names and offices under a letter's close: they are bold, but nothing follows them."""
    close = next((i for i, b in enumerate(blocks) if _CLOSE.match(text[b.start : b.end])), len(blocks))
    return [i for i in stated if i < close or any(blocks[j].kind == "paragraph" for j in range(i + 1, len(blocks)))]


def _clean(text: str, block: Block) -> str:
    return _FOOTNOTE_MARKS.sub("", text[block.start : block.end].strip()).strip()


def _key(name: str) -> str:
    return re.sub(r"\W+", " ", name.lower()).strip()


def _strip_page(entry: str) -> str:
    return re.sub(r"[\s.|…]+\d{1,3}\s*$", "", entry)


def _looks_like(text: str, blocks: tuple[Block, ...], i: int) -> bool:
    block = blocks[i]
    line = text[block.start : block.end].strip()
    if block.kind != "paragraph" or not 3 <= len(line) <= MAX_HEADING or "\n" in line:
        return False
    if line[-1] in ".;,:" or _NOT_HEADING.search(line) or _NUMERIC.match(line) or _DATE_LINE.match(line):
        return False
    if grade_lines(line) or not (line[0].isupper() or line[0].isdigit() or line[0] in "'\"‘“"):
        return False
    words = line.split()
    return len(words) <= (30 if line.endswith("?") else 16) and any(c.isalpha() for c in line)


def _data_lines(text: str, blocks: tuple[Block, ...]) -> frozenset[int]:
    """Lines of charts and key-figure pages: runs of short lines with two or more bare numbers among them.

    The first line of a run stays a possible heading.
    """
    found: set[int] = set()
    run: list[int] = []
    for i, block in enumerate([*blocks, None]):
        short = block is not None and block.kind == "paragraph" and _short(text[block.start : block.end])
        if short:
            run.append(i)
            continue
        numbers = [j for j in run if _NUMERIC.match(text[blocks[j].start : blocks[j].end])]
        if len(numbers) >= 2:
            found.update(j for j in run[1:] if j <= numbers[-1])
        run = []
    return frozenset(found)


def _short(line: str) -> bool:
    return len(line) <= 110 and line.rstrip()[-1:] not in ".;:?" and not grade_lines(line)


def _introduces(text: str, blocks: tuple[Block, ...], i: int, candidates: frozenset[int]) -> bool:
    """Whether text, a list, a table or a grade follows within three further headings."""
    for j in range(i + 1, min(i + 8, len(blocks))):
        block = blocks[j]
        line = text[block.start : block.end]
        if block.kind in ("list_item", "table_row") or grade_lines(line):
            return True
        if len(line) > 60 and line.rstrip()[-1:] in ".;:!?\"'”’" and j not in candidates:
            return True
        if len(line) > MAX_HEADING:
            return True
        if j not in candidates and block.kind == "paragraph" and len(line) > 30:
            return True
    return False


def _boxed(candidates: list[int], names: list[str]) -> set[str]:
    """Headings listed one after the other with nothing between, all of which come again: an opening box."""
    counts = Counter(_key(name) for name in names)
    found: set[str] = set()
    run: list[str] = []
    for position, i in enumerate(candidates):
        run.append(_key(names[position]))
        last = position + 1 == len(candidates) or candidates[position + 1] != i + 1
        if last:
            listed = [key for key in run if counts[key] >= 2]
            if len(listed) >= 2:
                found.update(listed)
            run = []
    return found


def _levels(names: list[str], listed: set[str]) -> list[int]:
    keys = [_key(name) for name in names]
    counts = Counter(keys)
    if not listed:
        return [2 if counts[key] >= 2 and not name.endswith("?") else 1 for key, name in zip(keys, names, strict=True)]
    chapters = _chapters(names, keys, listed)
    levels: list[int] = []
    begun = False  # what the contents page lists before the first chapter stands beside the chapters
    for name, key in zip(names, keys, strict=True):
        if not chapters:
            levels.append(1 if key in listed or _FRONT.match(name) else 2)
        elif key in chapters or _FRONT.match(name):
            levels.append(1)
            begun = begun or key in chapters
        elif key in listed:
            levels.append(2 if begun else 1)
        else:
            levels.append(3)
    return levels


def _chapters(names: list[str], keys: list[str], listed: set[str]) -> set[str]:
    """Where a listed heading recurs as the close of each chapter: the headings that open those chapters."""
    counts = Counter(keys)
    closing = {key for key in listed if counts[key] >= 2 and re.match(r"(?:summary|conclusion|findings)", key)}
    if not closing:
        return set()
    opens: set[str] = set()
    start = 0
    for i, key in enumerate(keys):
        if key not in closing:
            continue
        inside = [
            j for j in range(start, i) if keys[j] in listed and keys[j] not in closing and not _FRONT.match(names[j])
        ]
        questions = [j for j in inside if names[j].endswith("?")]
        if inside:
            opens.add(keys[(questions or inside)[0]])
        start = i + 1
    return opens


def has_sentence(text: str) -> bool:
    """Whether any of `text` is prose."""
    return re.search(r"\w[^.!?\n]{40,}[.!?](?:\s|$)", text) is not None

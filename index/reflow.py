"""Lines back into paragraphs: printed lines, page ends and footnotes are how a page looks, not what it says.

Pure functions. `paragraphs` joins the lines of one stretch of text; `rejoin` then mends sentences that a page end,
a footnote or a heading out of place cut in two. A hyphen at a line end is kept: it is part of the word as printed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .records import BlockKind, RawBlock

SUPERSCRIPTS = "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Symbol fonts draw bullets with characters of their own, which PDFs keep as \uf000 to \uf0ff.
_MARK = r"[•▪■◼●◦○‣⁃·∙➢►❖✓\uf000-\uf0ff]"
BULLET = re.compile(rf"^\s*(?:{_MARK}[\s\u00a0]*|[-–*]\s+(?=\S)|−\s+(?=[^\W\d_]))(?:·\s*)?(?=\S)")
LONE_BULLET = re.compile(rf"\s*{_MARK}\s*")  # fully matched: the bullet of an item that was never written
DASHES = "-–−*"  # bullets that may also stand within a sentence
NUMBERED_ITEM = re.compile(r"^\s*(?:\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)|(?:[a-z]|\d{1,2})\))\s+\S")
NUMBERED_PARAGRAPH = re.compile(r"^\s*\d{1,3}(?:\.|(?:\.\d{1,3})+\.?)\s+\S")
_MARKED_NOTE = re.compile(rf"^[{SUPERSCRIPTS}]+\s*\S")
_DIGIT_NOTE = re.compile(r"^(\d{1,2})\s+[A-Z‘“'\"]")
_FIGURE = r"(?:[-+−–(]?[£$€]?[-+−–]?\d[\d,]*(?:\.\d+)?(?:%|m|bn|k)?\)?)"
_FIGURE_ROW = re.compile(rf"^(?P<label>(?:(?=[^\W\d_]).{{0,99}}?\s)?)(?P<figures>{_FIGURE}(?:\s+{_FIGURE})+)$")
_GLUE = re.compile(r"\w[-‐‑–—/]$")
_CLOSED = re.compile(r"[.?!:;…][\"'’”)\]]*$|;\s*(?:and|or)$")
_TRAILING_MARKS = re.compile(rf"[{SUPERSCRIPTS}*†‡]+$|(?<=[a-z][.?!])\d{{1,2}}$")
_ADDRESS = re.compile(r"^(?:www\.|https?:|[\w.-]+@)")
# A line that ends in one of these has not ended its sentence, whatever the next line begins with.
_OPEN_WORDS = frozenset(
    "a an and are as at be been between but by could for from had has have in into is its may more nor of on or our "
    "over per should such than that the their these this those to under was were when where which while who will "
    "with would".split()
)
_PAGE_AT_END = re.compile(r"(?P<gap>[\s.…]+)(?P<page>\d{1,3})$")
_LOOK_BACK = 8_000  # characters in which the mark of a footnote is looked for
_MAX_PARAGRAPH = 20_000  # characters beyond which halves are not joined: no paragraph is that long
_MAX_ENTRY = 200  # characters of a contents entry
_FEWEST_CONTENTS = 4  # entries that make a contents list
_MAX_BETWEEN = 10  # footnotes and running heads that may stand between the two halves of a sentence
_PROSE_LENGTH = 120  # characters: a bare line longer than this is a paragraph, not a heading
_FITS = 0.82  # a line is short where the next word would have fitted into this share of the width


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line, without its line end, and the page it stands on. An empty `text` is a blank line."""

    text: str
    page: int | None = None
    page_label: str | None = None


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether paragraphs were broken into printed lines: many a line goes on in lower case on the line below it."""
    pairs = lower = 0
    longest: list[int] = []
    for above, below in zip(lines, [*lines[1:], ""], strict=True):
        if "\t" in above or not above.strip():
            continue
        longest.append(len(above.strip()))
        if not below.strip() or "\t" in below or BULLET.match(below):
            continue
        pairs += 1
        lower += below.strip()[0].islower() and is_open(above)
    if not longest:
        return False
    width = sorted(longest)[int(len(longest) * 0.97)]
    return width <= 200 and lower > 0 and lower >= 0.25 * pairs


def is_open(text: str) -> bool:
    """Whether the text stops in the middle of a sentence: it has no end mark."""
    bare = _TRAILING_MARKS.sub("", text.rstrip()).rstrip()
    return bool(bare) and not _CLOSED.search(bare)


def raised(text: str) -> str:
    """The text with its digits as superscripts, so that a note number does not read as part of a figure."""
    return text.translate(_RAISED)


def join_text(before: str, after: str) -> str:
    """Two pieces of one paragraph as one. A word broken at its hyphen or dash is closed up again, the mark kept."""
    return join_lines([before, after])


def join_lines(lines: Sequence[str]) -> str:
    """The lines of one paragraph as one text, as `join_text` joins two."""
    parts: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        if parts and not (_GLUE.search(parts[-1][-2:]) and (line[0].isalnum() or line[0] in "£$€")):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def is_figure(text: str) -> bool:
    """Whether a text is one figure, or a mark that stands for a missing one in a table."""
    return re.fullmatch(_FIGURE, text) is not None or text.lower() in ("-", "–", "—", "n/a", "..", "*")


def starts_note(text: str) -> bool:
    """Whether a line begins with a raised number, as a footnote does."""
    return _MARKED_NOTE.match(text) is not None


def figure_row(text: str) -> tuple[str, tuple[str, ...]] | None:
    """(row heading, figures) of a line that is a table row printed with single spaces, else None."""
    found = _FIGURE_ROW.match(text.strip())
    if found is None or is_sentence_like(found["label"]):
        return None
    return found["label"].strip(), tuple(found["figures"].split())


def is_sentence_like(text: str) -> bool:
    """Whether a short text reads as the beginning of a sentence and not as a label."""
    words = text.split()
    return len(words) > 12 or bool(re.search(r"[.;!?]\s", text)) or (bool(words) and words[-1] in _OPEN_WORDS)


def is_footnote(text: str, earlier: str) -> bool:
    """Whether a paragraph is a footnote: it begins with a raised number, or with a plain number that stands glued
    to the end of a word in `earlier` ("survey1")."""
    if _MARKED_NOTE.match(text):
        return True
    found = _DIGIT_NOTE.match(text)
    return found is not None and bool(re.search(rf"[^\W\d_][.,;:)’”']?{found[1]}(?=[\s.,;:)]|$)", earlier))


def paragraphs(lines: Sequence[Line], *, wrapped: bool, width: int) -> list[RawBlock]:
    """The blocks of a stretch of lines without tables. `width` is the usual length of a full line, in characters."""
    blocks: list[RawBlock] = []
    group: list[Line] = []
    earlier = ""
    for number, (line, after) in enumerate(zip(lines, [*lines[1:], Line("")], strict=True)):
        if line.text.strip():
            group.append(line)
        if not wrapped and len(group) == 1 and _lost_its_bullet(lines, number):
            blocks.append(RawBlock("list_item", line.text.strip(), page=line.page, page_label=line.page_label))
            group = []
            continue
        if group and (not after.text.strip() or after.page != line.page):
            for piece in _split_group(group, width, earlier, wrapped):
                blocks.append(_block(piece, earlier))
                earlier = f"{earlier} {blocks[-1].text}"[-_LOOK_BACK:]
            group = []
    return blocks


def _lost_its_bullet(lines: Sequence[Line], at: int) -> bool:
    """Whether an indented line is the first item of the list under it: extraction drops the bullet of some items."""
    text = lines[at].text
    if not text[:1].isspace() or not text.strip()[:1].isupper() or is_open(text) or BULLET.match(text):
        return False
    following = next((line.text for line in lines[at + 1 : at + 4] if line.text.strip()), "")
    return BULLET.match(following) is not None


def _split_group(group: Sequence[Line], width: int, earlier: str, wrapped: bool) -> list[list[Line]]:
    """The paragraphs of lines that follow each other without a blank line."""
    texts = [line.text.strip() for line in group]
    # Columns narrower than the page have their own width; two lines say too little about it.
    full = max(map(len, texts)) if len(texts) > 2 else max(width, *map(len, texts))
    pieces = [[group[0]]]
    seen = earlier
    for number in range(1, len(group)):
        above, below = texts[number - 1], texts[number]
        seen = f"{seen} {above}"[-_LOOK_BACK:]
        goes_on = wrapped or (below[0].islower() and is_open(above))
        if not goes_on or _starts_block(above, below, full, seen):
            pieces.append([group[number]])
        else:
            pieces[-1].append(group[number])
    return pieces


def _starts_block(above: str, below: str, full: int, seen: str) -> bool:
    """Whether the line `below` begins a new paragraph under `above`, in a column `full` characters wide."""
    if BULLET.match(below):
        return below[0] not in DASHES or not is_open(above) or bool(BULLET.match(above))
    if (NUMBERED_ITEM.match(below) or NUMBERED_PARAGRAPH.match(below)) and not is_open(above):
        return True
    if is_footnote(below, seen):
        return True
    if figure_row(above) and figure_row(below):
        return True
    if above[-1] in ",-–—/(" or above.split()[-1] in _OPEN_WORDS:
        return False
    fits = len(above) + 1 + len(below.split()[0]) <= _FITS * full
    if below[0].isdigit():
        return fits and not is_open(above)
    return fits and not below[0].islower()


def _block(lines: Sequence[Line], earlier: str) -> RawBlock:
    first, text = lines[0], join_lines([line.text for line in lines])
    bullet = BULLET.match(text)
    if bullet:
        return RawBlock("list_item", text[bullet.end() :], page=first.page, page_label=first.page_label)
    kind: BlockKind = "paragraph"
    if is_footnote(text, earlier):
        kind = "footnote"
    elif NUMBERED_ITEM.match(text):
        kind = "list_item"
    return RawBlock(kind, text, page=first.page, page_label=first.page_label)


def mark_contents(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """The blocks with each contents list as list items, without leaders: four or more short blocks in a row that
    end in a page number, none lower than the one before."""
    marked = list(blocks)
    start = 0
    while start < len(marked):
        end, last = start, 0
        while end < len(marked) and (entry := _contents_entry(marked[end])) is not None and entry[1] >= last:
            last = entry[1]
            end += 1
        if end - start >= _FEWEST_CONTENTS and last > 0:
            for number in range(start, end):
                found = _contents_entry(marked[number])
                text = f"{found[0]} {found[1]}" if found is not None else marked[number].text
                marked[number] = replace(marked[number], kind="list_item", text=text, level=0)
        start = max(end, start + 1)
    return marked


def _contents_entry(block: RawBlock) -> tuple[str, int] | None:
    if block.kind not in ("paragraph", "heading", "list_item") or len(block.text) > _MAX_ENTRY:
        return None
    found = _PAGE_AT_END.search(block.text)
    title = block.text[: found.start()] if found is not None else ""
    if found is None or not any(map(str.isalpha, title)) or not (found["gap"].strip(".…") or len(found["gap"]) > 2):
        return None
    return title, int(found["page"])


def join_blocks(before: RawBlock, after: RawBlock) -> RawBlock:
    """One block of two halves; where the second half stands on another page, the place is kept as a page break."""
    text = join_text(before.text, after.text)
    shift = len(text) - len(after.text.lstrip())
    last = before.page_breaks[-1][1] if before.page_breaks else before.page
    breaks = list(before.page_breaks)
    if after.page is not None and after.page != last:
        breaks.append((shift, after.page))
    breaks.extend((shift + offset, page) for offset, page in after.page_breaks)
    return replace(before, text=text, page_breaks=tuple(breaks))


def rejoin(blocks: Sequence[RawBlock], *, headings_known: bool = False) -> list[RawBlock]:
    """The blocks with each interrupted sentence whole again. What stood between its halves follows it: a footnote
    as "footnote"; a heading that was read out of its order goes to the top of its page.

    Where `headings_known`, no "paragraph" is a heading: then a sentence that a page end leaves open goes on in the
    next paragraph, also where that begins with a capital."""
    done: list[RawBlock] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        held: list[RawBlock] = []
        while block.kind in ("paragraph", "list_item") and len(block.text) < _MAX_PARAGRAPH:
            between, following = _interruption(blocks, at)
            if not is_open(block.text):
                if following is None or not _runs_over(block, blocks[following]):
                    break
                stray = None
            elif following is not None and _continues(
                block,
                blocks[following],
                noted=_has_note(between) or (headings_known and _turns_page(block, blocks[following])),
            ):
                stray = None
            elif following is not None and _is_stray(block, blocks, following):
                stray = blocks[following]
                following += 1
            else:
                break
            held.extend(between)
            if stray is not None and is_open(stray.text.rstrip("?")):
                _put_at_page_top(done, stray, held)
            elif stray is not None:
                held.append(replace(stray, kind="footnote"))
            block = join_blocks(block, blocks[following])
            at = following + 1
        done.append(block)
        done.extend(held)
    return done


def _interruption(blocks: Sequence[RawBlock], at: int) -> tuple[list[RawBlock], int | None]:
    """The footnotes and running heads from `at` on, and where the text goes on (None at the end)."""
    between: list[RawBlock] = []
    while at < len(blocks) and len(between) < _MAX_BETWEEN and blocks[at].kind in ("footnote", "furniture"):
        between.append(blocks[at])
        at += 1
    return between, at if at < len(blocks) else None


def _turns_page(before: RawBlock, after: RawBlock) -> bool:
    last = before.page_breaks[-1][1] if before.page_breaks else before.page
    return last is not None and after.page == last + 1


def _runs_over(before: RawBlock, after: RawBlock) -> bool:
    """Whether a sentence goes on after a semicolon at a page end. The items of a list all begin with a capital, or none
    does."""
    return (
        before.kind == after.kind == "paragraph"
        and before.text.endswith(";")
        and before.text[:1].isupper()
        and after.text[:1].islower()
        and len(before.text) >= _PROSE_LENGTH
        and _turns_page(before, after)
    )


def _has_note(between: Sequence[RawBlock]) -> bool:
    return any(block.kind == "footnote" for block in between)


def _continues(before: RawBlock, after: RawBlock, *, noted: bool) -> bool:
    """Whether `after` is the second half of the sentence that `before` leaves open."""
    if after.kind != "paragraph" or not after.text or NUMBERED_PARAGRAPH.match(after.text):
        return False
    words = before.text.split()
    if len(words) < (4 if before.kind == "list_item" else 6):
        return False
    if words[-1] in _OPEN_WORDS and _is_prose(before.text):
        return True
    first = after.text.lstrip("\"'‘“(")
    if first[:1].islower():
        return not _ADDRESS.match(first)
    if after.text[0] in "),;" and len(after.text) > 1:
        return True
    return noted and _is_prose(before.text) and _is_prose(after.text)


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE_LENGTH or bool(re.search(r"[a-z)][.?!] [A-Z]", text))


def _is_stray(before: RawBlock, blocks: Sequence[RawBlock], at: int) -> bool:
    """Whether the block at `at`, unmarked as it is, stands between the two halves of a sentence."""
    stray = blocks[at]
    if at + 1 >= len(blocks) or stray.kind not in ("paragraph", "heading") or not _is_prose(before.text):
        return False
    after = blocks[at + 1]
    whole = not is_open(stray.text) or len(stray.text) < _PROSE_LENGTH
    return whole and stray.text[:1].isupper() and after.text[:1].islower() and _continues(before, after, noted=False)


def _put_at_page_top(done: list[RawBlock], stray: RawBlock, held: list[RawBlock]) -> None:
    """Put a heading that was read at the foot of its page where it was printed; after the paragraph where there
    are no pages to go by."""
    if stray.page is None:
        held.append(stray)
        return
    top = next((place for place, block in enumerate(done) if block.page == stray.page), len(done))
    done.insert(top, stray)

"""Split a structured report into passages that end where sense ends.

A passage is one or more whole paragraphs of one section, or whole sentences of a long one; a table is one passage, or
several of whole rows. Contents pages and front matter are not split: they are not evidence.
"""

import hashlib
from bisect import bisect_right

from .records import Block, PageRun, Passage, Section, StructuredReport
from .sentences import sentence_spans

SPLITTER_VERSION = "2"
TARGET = 500  # characters: a passage is closed once it is this long
LIMIT = 900  # characters: what the embedding model reads (256 word pieces) is about this much with its header


def split(report: StructuredReport) -> tuple[Passage, ...]:
    """The passages of a report in text order; none overlap, and each is `text[start:end]` of the canonical text."""
    loaded = report.loaded
    passages: list[Passage] = []
    for section in report.sections:
        if section.kind != "body":
            continue
        blocks = [b for b in loaded.blocks if section.start <= b.start < section.end and b.kind != "furniture"]
        for start, end in _pieces(loaded.text, [b for b in blocks if not _is_heading_of(b, section)]):
            passages.append(_passage(report, section, start, end))
    return tuple(passages)


def header(report: StructuredReport, path: tuple[str, ...]) -> str:
    """What is indexed before a passage and never quoted: title, organisation, year and the headings it stands under."""
    identity = report.identity
    parts = [identity.title]
    if identity.organisation and identity.organisation not in identity.title:
        parts.append(identity.organisation)
    if identity.year is not None and str(identity.year) not in identity.title:
        parts.append(str(identity.year))
    parts.extend(heading for heading in path if heading not in parts)
    return " – ".join(parts)


def page_at(runs: tuple[PageRun, ...], at: int) -> tuple[int | None, str | None]:
    """The page number (from 1) and printed label of the character at `at`; (None, None) where there are no pages."""
    position = bisect_right([run.start for run in runs], at) - 1
    if position < 0 or at >= runs[position].end:
        return None, None
    return runs[position].page, runs[position].label


def content_id(report_id: str, kind: str, start: int, text: str) -> str:
    """An id that comes from the content and its place: the same report gives the same ids."""
    digest = hashlib.sha256(f"{kind}\n{start}\n{text}".encode()).hexdigest()[:16]
    return f"{report_id}-{kind}-{digest}"


def _is_heading_of(block: Block, section: Section) -> bool:
    return bool(section.path) and block.start == section.start


def _pieces(text: str, blocks: list[Block]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    start: int | None = None
    end = 0
    table = -1
    for block in blocks:
        length = block.end - block.start
        other = block.table != table
        table = block.table
        if start is not None and (other or block.end - start > LIMIT):
            pieces.append((start, end))
            start = None
        if length > LIMIT:
            pieces.extend(_sentences(text, block))
            continue
        start = block.start if start is None else start
        end = block.end
        if end - start >= TARGET and block.kind != "table_row":
            pieces.append((start, end))
            start = None
    if start is not None:
        pieces.append((start, end))
    return [(s, e) for s, e in pieces if text[s:e].strip()]


def _sentences(text: str, block: Block) -> list[tuple[int, int]]:
    """A long block in runs of whole sentences; a sentence that is itself too long is cut at a blank."""
    pieces: list[tuple[int, int]] = []
    for start, end in sentence_spans(text[block.start : block.end], block.start):
        while end - start > LIMIT:
            cut = text.rfind(" ", start + 1, start + LIMIT)
            cut = cut if cut > start else start + LIMIT
            pieces.append((start, cut))
            start = cut + 1 if text[cut : cut + 1] == " " else cut
        if start >= end:
            continue
        if pieces and pieces[-1][1] - pieces[-1][0] < TARGET and end - pieces[-1][0] <= LIMIT:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces


def _passage(report: StructuredReport, section: Section, start: int, end: int) -> Passage:
    loaded = report.loaded
    text = loaded.text[start:end]
    page, label = page_at(loaded.page_runs, start)
    return Passage(
        content_id(loaded.report_id, "p", start, text),
        loaded.report_id,
        start,
        end,
        text,
        header(report, section.path),
        section.path,
        page,
        label,
    )

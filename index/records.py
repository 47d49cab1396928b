"""The records that one indexing step hands to the next: load → structure → split → find facts → embed → store.

Every offset counts characters of the report's canonical text (`Library.text`), start inclusive and end exclusive,
so `text[start:end]` is what the record speaks of. Nothing here is changed after it is made.
"""

from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "footnote", "furniture"]

StatementKind = Literal["sentence", "row", "judgment"]

CELL_SEPARATOR = " | "  # between the cells of a table row in the canonical text, whatever the format


@dataclass(frozen=True, slots=True)
class RawCell:
    """A table cell as a reader found it: its text, and how many columns it spans."""

    text: str
    columns: int = 1


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block as a reader found it, before it has a place in the canonical text.

    `text` has no line ends. `level` is the heading level from 1 where the format states one, else 0: a bare line
    of a PDF or text file is a "paragraph", and whether it is a heading is decided by `structure`.
    `table` numbers the tables of a file from 0 (-1 outside tables) and `cells` are the cells of a "table_row".
    `header_row` is true where the format itself marks a row as column headings.
    `page` counts from 1 (None where the format has no pages); `page_breaks` are offsets in `text` where the block
    runs on to the following pages, with the number of the page that begins there.
    `page_label` is the number as printed on the page, where it could be read.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    page_label: str | None = None
    page_breaks: tuple[tuple[int, int], ...] = ()
    table: int = -1
    cells: tuple[RawCell, ...] = ()
    header_row: bool = False


@dataclass(frozen=True, slots=True)
class RawReport:
    """What a reader returns for one file. `title_hint` is a title that the file's own metadata or markup states;
    `pages_not_read` are pages that hold text as a picture only, and were not recognised."""

    blocks: tuple[RawBlock, ...]
    title_hint: str | None = None
    date_hint: str | None = None
    pages: int | None = None
    warnings: tuple[str, ...] = ()
    pages_not_read: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRun:
    """A run of canonical text that stands on one page. Runs are in text order and cover all paged text."""

    start: int
    end: int
    page: int
    label: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its place in the canonical text. `column` counts from 0, and `columns` is how many it spans."""

    start: int
    end: int
    column: int
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A block with its place in the canonical text. Fields as in `RawBlock`."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    table: int = -1
    cells: tuple[Cell, ...] = ()
    header_row: bool = False


@dataclass(frozen=True, slots=True)
class LoadedReport:
    """A file read into canonical text. `report_id` comes from the content: the same bytes, the same id."""

    report_id: str
    file: str
    sha256: str
    media_type: str
    text: str
    blocks: tuple[Block, ...]
    page_runs: tuple[PageRun, ...]
    pages: int | None
    title_hint: str | None
    date_hint: str | None
    warnings: tuple[str, ...] = ()
    pages_not_read: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of figures with what its cells mean.

    `heading` is the row heading. For each cell in `cells`, `column_headings` gives its headings from the outer to
    the inner, `()` where it has none; the cell that is the row heading itself is not among `cells`.
    """

    start: int
    end: int
    heading: str
    cells: tuple[Cell, ...]
    column_headings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: where it stands, its caption (the line that introduces it), its note, and its rows of figures."""

    start: int
    end: int
    caption: str
    scale: str | None
    unit: str | None
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text under one heading; `path` holds the headings from the outermost to its own.

    `start` is where the heading begins, `body_start` where the text under it begins.
    `kind` is "contents" for contents pages and "boilerplate" for front matter: neither is evidence.
    """

    path: tuple[str, ...]
    start: int
    body_start: int
    end: int
    kind: Literal["body", "contents", "boilerplate"] = "body"


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list: the (start, end) of each of its items, in order."""

    items: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a report is, as its own text states it. Unknown is None, never a guess from the file's name.

    `version` is "draft" or "corrected" where the front matter says so; a report that says neither is as published.
    `published` is the date of publication in ISO 8601, as exact as stated ("2014-11-27", "2014-11", "2014"); never of
    another year than `year`. `period` is the period that the report covers, in its own words.
    """

    title: str
    organisation: str | None
    publisher: str | None
    year: int | None
    kind: str | None
    version: Literal["draft", "corrected"] | None = None
    published: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class StructuredReport:
    """A loaded report with its sections, tables, lists and identity."""

    loaded: LoadedReport
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    lists: tuple[ItemList, ...]
    identity: Identity


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that ends where sense ends. `header` is indexed with it and never quoted."""

    passage_id: str
    report_id: str
    start: int
    end: int
    text: str
    header: str
    section: tuple[str, ...]
    page: int | None
    page_label: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as the report prints it, typed.

    `text` is the figure as printed, `start`/`end` its place. `value` is a decimal string with its sign and without
    its scale: "£36.1m" is value "36.1", scale "million", unit "GBP". `unit` is a currency code, "percent",
    "percentage points", or a noun phrase ("per 1,000 population", "officers"), None where nothing names it.
    `measure` is what is measured, `subject` whose it is, `period` when, each in the report's own words, None where
    the sentence or the headings do not say. `direction` is "decrease" or "increase" where words next to the figure
    say so ("a reduction of 1 percent"); the sign in `value` is only ever the printed one. `ambiguous` tells that the
    text parts the figure from its label, as charts do, and no other statement settles whose it is: `subject` is then
    inferred from charts that were read the same way, or None. It also tells that another column has the same headings
    but for the mark of a footnote that is explained nowhere: `subject` is then None.
    """

    text: str
    start: int
    end: int
    value: str
    unit: str | None = None
    scale: str | None = None
    measure: str | None = None
    subject: str | None = None
    period: str | None = None
    direction: Literal["increase", "decrease"] | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Judgment:
    """One judgment: the grade as printed (lower case in `grade`), on what, of whom, in which year."""

    grade: str
    aspect: str
    organisation: str | None
    year: int | None
    start: int
    end: int
    overall: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """The smallest piece that can be quoted as evidence: one sentence, one table row, or one judgment line.

    `text` is the canonical text from `start` to `end`; `meaning` is what is embedded and searched: the text itself
    for a sentence, for a table row its cells with their headings written out. A sentence that leans on the one
    before is taken with it. `figures` and `judgments` are the facts that it states, typed.
    """

    statement_id: str
    report_id: str
    kind: StatementKind
    start: int
    end: int
    text: str
    meaning: str
    header: str
    section: tuple[str, ...]
    page: int | None
    page_label: str | None
    figures: tuple[Figure, ...] = ()
    judgments: tuple[Judgment, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report as the catalogue lists it. `year`, `title`, `organisation`, `published` (ISO 8601, as exact as stated)
    and `period` (in the report's words) of a report that does not state them are those of its twin (the same report in
    another extraction) where it has one; the last two are None in a library made before they were read. `twin_of` is
    the id that all extractions of one report share: the lowest of their ids, its own where it has no twin.
    `superseded_by` is the id of a later version of the report (a corrected one, or the published one of a draft), None
    where there is none."""

    report_id: str
    file: str
    title: str
    organisation: str | None
    publisher: str | None
    year: int | None
    kind: str | None
    pages: int | None
    characters: int
    passages: int
    figures: int
    judgments: int
    twin_of: str
    sha256: str
    media_type: str
    warnings: tuple[str, ...] = ()
    tables: int = 0
    pages_not_read: tuple[int, ...] = ()
    superseded_by: str | None = None
    published: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedReport:
    """All that the store needs of one report."""

    structured: StructuredReport
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...]
    signature: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file and the report that it became."""

    file: str
    report_id: str


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that did not become a report, and why in one sentence."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddResult:
    """What `Library.add` did. `removed` is filled only when pruning was asked for."""

    added: tuple[FileReport, ...] = ()
    unchanged: tuple[FileReport, ...] = ()
    replaced: tuple[FileReport, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    removed: tuple[FileReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of an `add`: `done` of `total` files, which file, and the step it is at."""

    file: str
    step: Literal["load", "embed", "store", "done", "refused", "unchanged"]
    done: int
    total: int

    def __str__(self) -> str:
        return f"[{self.done}/{self.total}] {self.step}: {self.file}"


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that a search returned, with the score of that search: `cosine_distance` (lower is nearer) or
    `bm25_score` (higher is better); the other is None."""

    passage: Passage
    cosine_distance: float | None = None
    bm25_score: float | None = None


@dataclass(frozen=True, slots=True)
class StatementHit:
    """A statement that a search returned. Scores as in `PassageHit`."""

    statement: Statement
    cosine_distance: float | None = None
    bm25_score: float | None = None

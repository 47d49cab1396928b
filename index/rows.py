"""Passages, statements and catalogue entries as rows of the vector store, and back.

A row's metadata says by what rows are chosen: whose it is, where it begins, whether it carries a judgment. All else is
one JSON text among it, the row's record, since Chroma takes about as long over each piece of metadata as over a row. A
passage's text is its document; a statement's is in its record, since Chroma indexes documents letter by letter, and the
passage has it already. What was embedded is kept as a hash, by which a changed file finds the vectors that it can use
again (`docs/decisions/0014-one-record-a-row.md`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .codec import decode, encode
from .embedded import Embedded, embedded_passage, embedded_statement
from .errors import LibraryDamaged
from .records import Figure, Judgment, Passage, Statement, StatementKind

Record = TypeVar("Record")
Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be written. `embedded` is what its vector is of, `words` what the word index holds; `document` is None
    for a statement."""

    row_id: str
    document: str | None
    metadata: dict[str, str | int | bool]
    embedded: Embedded
    words: str


def report_rows(passages: Sequence[Passage], statements: Sequence[Statement]) -> tuple[list[Row], list[Row]]:
    """The rows of all the passages and statements of one report, each in text order."""
    return [_passage_row(passage) for passage in passages], [_statement_row(one, passages) for one in statements]


@dataclass(frozen=True, slots=True)
class _PassageRecord:
    """What a passage's row says besides its text and what rows are chosen by; `embedded` is a hash."""

    passage_id: str
    end: int
    header: str
    section: tuple[str, ...]
    embedded: str
    page: int | None = None
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class _StatementRecord:
    """What a statement's row says besides what rows are chosen by. `text` is None where it is the meaning."""

    statement_id: str
    kind: StatementKind
    end: int
    meaning: str
    header: str
    section: tuple[str, ...]
    figures: tuple[Figure, ...]
    judgments: tuple[Judgment, ...]
    embedded: str
    text: str | None = None
    page: int | None = None
    page_label: str | None = None


def _passage_row(passage: Passage) -> Row:
    """The row of a passage. Its header is embedded and indexed with it, and never quoted."""
    embedded = embedded_passage(passage)
    record = _PassageRecord(
        passage.passage_id, passage.end, passage.header, passage.section, embedded.hash, passage.page,
        passage.page_label,
    )  # fmt: skip
    return Row(
        _row_id(passage.report_id, passage.passage_id),
        passage.text,
        _metadata(passage, record),
        embedded,
        embedded.text,
    )


def passage_of(document: str | None, metadata: Metadata) -> Passage:
    """The passage that a row holds."""
    record = record_of(_PassageRecord, metadata)
    report_id, start = _chosen_by(metadata)
    return Passage(
        record.passage_id, report_id, start, record.end, document or "", record.header, record.section, record.page,
        record.page_label,
    )  # fmt: skip


def _statement_row(statement: Statement, passages: Sequence[Passage]) -> Row:
    """The row of a statement. Its figures and judgments travel in its record."""
    embedded = embedded_statement(statement, passages)
    written = statement.text if statement.text != statement.meaning else None
    record = _StatementRecord(
        statement.statement_id, statement.kind, statement.end, statement.meaning, statement.header, statement.section,
        statement.figures, statement.judgments, embedded.hash, written, statement.page, statement.page_label,
    )  # fmt: skip
    metadata = _metadata(statement, record)
    if statement.judgments:
        metadata["judged"] = True
    words = "\n".join(part for part in (statement.header, statement.meaning, written) if part is not None)
    return Row(_row_id(statement.report_id, statement.statement_id), None, metadata, embedded, words)


def statement_of(metadata: Metadata) -> Statement:
    """The statement that a row holds."""
    record = record_of(_StatementRecord, metadata)
    report_id, start = _chosen_by(metadata)
    if bool(record.judgments) != (metadata.get("judged") is True):
        raise _unreadable("it is not chosen by the judgments that it has")
    return Statement(
        statement_id=record.statement_id,
        report_id=report_id,
        kind=record.kind,
        start=start,
        end=record.end,
        text=record.meaning if record.text is None else record.text,
        meaning=record.meaning,
        header=record.header,
        section=record.section,
        page=record.page,
        page_label=record.page_label,
        figures=record.figures,
        judgments=record.judgments,
    )


def record_of(kind: type[Record], metadata: Metadata) -> Record:
    """The record that a row holds. Raises LibraryDamaged where it is none of that kind."""
    return decode(kind, str(metadata.get("record")))


def embedded_of(metadata: Metadata) -> str | None:
    """The hash of what was embedded for a row; None where its record cannot be read: its vector is made again."""
    try:
        embedded = json.loads(str(metadata.get("record")))["embedded"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return embedded if isinstance(embedded, str) else None


def _row_id(report_id: str, own_id: str) -> str:
    return f"{report_id}:{own_id}"


def report_of_row(row_id: str) -> str:
    """The id of the report that a row is of."""
    return row_id.partition(":")[0]


def _metadata(item: Passage | Statement, record: object) -> dict[str, str | int | bool]:
    return {"report_id": item.report_id, "start": item.start, "record": encode(record)}


def _chosen_by(metadata: Metadata) -> tuple[str, int]:
    report_id, start = metadata.get("report_id"), metadata.get("start")
    if not isinstance(report_id, str) or not isinstance(start, int):
        raise _unreadable("it does not say where it stands")
    return report_id, start


def _unreadable(why: str) -> LibraryDamaged:
    return LibraryDamaged(f"A row of the library cannot be read ({why}): run citewell check.")

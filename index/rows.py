"""Passages, statements and catalogue entries as rows of the vector store, and back.

A row's document is what a reader of the store would look for; everything else is metadata. The text that was embedded
is kept as a hash, which is how a changed file finds the vectors that it can use again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .codec import decode_many, encode
from .embedded import Embedded, embedded_passage, embedded_statement
from .errors import LibraryDamaged
from .records import Figure, Judgment, Passage, Statement

Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be written. `embedded` is what its vector is of, `words` what the word index holds."""

    row_id: str
    document: str
    metadata: dict[str, str | int | bool]
    embedded: Embedded
    words: str


def report_rows(passages: Sequence[Passage], statements: Sequence[Statement]) -> tuple[list[Row], list[Row]]:
    """The rows of all the passages and statements of one report, each in text order."""
    return [_passage_row(passage) for passage in passages], [_statement_row(one, passages) for one in statements]


def _passage_row(passage: Passage) -> Row:
    """The row of a passage. Its header is embedded and indexed with it, and never quoted."""
    embedded = embedded_passage(passage)
    metadata = _place(passage, embedded) | {"passage_id": passage.passage_id}
    return Row(_row_id(passage.report_id, passage.passage_id), passage.text, metadata, embedded, embedded.text)


def passage_of(document: str, metadata: Metadata) -> Passage:
    """The passage that a row holds."""
    try:
        return Passage(
            passage_id=metadata["passage_id"],
            report_id=metadata["report_id"],
            start=metadata["start"],
            end=metadata["end"],
            text=document,
            header=metadata["header"],
            section=tuple(json.loads(metadata["section"])),
            page=metadata.get("page"),
            page_label=metadata.get("page_label"),
        )
    except (KeyError, ValueError) as error:
        raise LibraryDamaged(f"A passage of the library cannot be read ({error}): run citewell check.") from error


def _statement_row(statement: Statement, passages: Sequence[Passage]) -> Row:
    """The row of a statement. Its figures and judgments travel as JSON."""
    embedded = embedded_statement(statement, passages)
    metadata = _place(statement, embedded) | {
        "statement_id": statement.statement_id,
        "kind": statement.kind,
        "figures": encode(statement.figures),
        "judgments": encode(statement.judgments),
        "judged": bool(statement.judgments),
    }
    if statement.text != statement.meaning:
        metadata["text"] = statement.text
    words = f"{statement.header}\n{statement.meaning}"
    if statement.text != statement.meaning:
        words += f"\n{statement.text}"
    return Row(_row_id(statement.report_id, statement.statement_id), statement.meaning, metadata, embedded, words)


def statement_of(document: str, metadata: Metadata) -> Statement:
    """The statement that a row holds."""
    try:
        return Statement(
            statement_id=metadata["statement_id"],
            report_id=metadata["report_id"],
            kind=metadata["kind"],
            start=metadata["start"],
            end=metadata["end"],
            text=metadata.get("text", document),
            meaning=document,
            header=metadata["header"],
            section=tuple(json.loads(metadata["section"])),
            page=metadata.get("page"),
            page_label=metadata.get("page_label"),
            figures=decode_many(Figure, metadata["figures"]),
            judgments=decode_many(Judgment, metadata["judgments"]),
        )
    except (KeyError, ValueError) as error:
        raise LibraryDamaged(f"A statement of the library cannot be read ({error}): run citewell check.") from error


def _row_id(report_id: str, own_id: str) -> str:
    return f"{report_id}:{own_id}"


def report_of_row(row_id: str) -> str:
    """The id of the report that a row is of."""
    return row_id.partition(":")[0]


def _place(record: Passage | Statement, embedded: Embedded) -> dict[str, str | int | bool]:
    place: dict[str, str | int | bool] = {
        "report_id": record.report_id,
        "start": record.start,
        "end": record.end,
        "header": record.header,
        "section": json.dumps(record.section, ensure_ascii=False),
        "embedded": embedded.hash,
    }
    if record.page is not None:
        place["page"] = record.page
    if record.page_label is not None:
        place["page_label"] = record.page_label
    return place

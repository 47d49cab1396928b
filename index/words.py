"""The word index: Tantivy, one index for passages and one for statements.

A query is built from analysed terms, never parsed: what a user types has no operators here.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tantivy

from .errors import LibraryDamaged
from .room import full_disk_named
from .rows import Row
from .terms import analyzer, plain, terms

Kind = Literal["passages", "statements"]
KINDS: tuple[Kind, ...] = ("passages", "statements")

WRITER_BYTES = 15_000_000  # the least that Tantivy accepts for one thread
MOST_TERMS = 256  # distinct terms of a query that are searched for


@dataclass(frozen=True, slots=True)
class WordHit:
    """A row that the word index returned; `bm25_score`: higher is better."""

    row_id: str
    report_id: str
    bm25_score: float


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("row_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("report_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="words", index_option="freq")
    return builder.build()


class WordIndex:
    """One word index in its folder, for reading and, after `begin`, for writing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = _schema()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    def create(self) -> None:
        """Make the index if it is absent."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def begin(self) -> None:
        """Get ready to write; needs the library's writer lock."""
        self._writer = self._open().writer(WRITER_BYTES, 1)

    def replace(self, report_id: str, rows: Sequence[Row]) -> None:
        """Put a report's rows in the place of those it has. Nothing can be found before `commit`."""
        writer = self._writing()
        with self._named():
            writer.delete_documents_by_term("report_id", report_id)
            for row in rows:
                writer.add_document(tantivy.Document(row_id=row.row_id, report_id=report_id, words=plain(row.words)))

    def delete(self, report_id: str) -> None:
        """Remove a report's rows at the next `commit`."""
        self._writing().delete_documents_by_term("report_id", report_id)

    def commit(self) -> None:
        """Make what was written durable and findable."""
        with self._named():
            self._writing().commit()

    def end(self) -> None:
        """Stop writing. What was not committed is dropped."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with self._named():
                writer.rollback()
                writer.wait_merging_threads()

    def reload(self) -> None:
        """See what has been committed since the last look."""
        if self._index is not None:
            self._index.reload()

    def count(self) -> int:
        """How many rows the index holds, visible or not."""
        return int(self._open().searcher().num_docs)

    def weight(self, term: str) -> float:
        """Inverse document frequency of an analysed term, natural logarithm."""
        searcher = self._open().searcher()
        holding = searcher.doc_freq("words", term)
        return math.log(1 + (searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def matching(self, text: str) -> int:
        """How many rows have every term of `text`; 0 for a text without terms."""
        found = terms(text)
        if not found:
            return 0
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.term_query(self._schema, "words", term, "basic")) for term in found]
        )
        return int(self._open().searcher().search(query, 1, count=True).count or 0)  # type: ignore[attr-defined]  # not in its stub

    def search(self, text: str, k: int, report_ids: Sequence[str] | None) -> tuple[tuple[WordHit, ...], bool]:
        """The k best rows by BM25, best first, and whether there could be more. Any word may match."""
        wanted = list(dict.fromkeys(terms(text)))[:MOST_TERMS]
        if not wanted or k < 1:
            return (), False
        searcher = self._open().searcher()
        should = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", term, "freq")) for term in wanted
        ]
        query = tantivy.Query.boolean_query(should)
        if report_ids is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "report_id", list(report_ids))
            silent = tantivy.Query.const_score_query(allowed, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, silent)])
        hits = searcher.search(query, k, count=False).hits
        rows = []
        for bm25_score, address in hits:
            document = searcher.doc(address)
            rows.append(WordHit(str(document.get_first("row_id")), str(document.get_first("report_id")), bm25_score))
        # Equal scores come in the order in which the rows were written, which differs between two libraries.
        rows.sort(key=lambda hit: (-hit.bm25_score, hit.row_id))
        return tuple(rows), len(rows) >= k

    def _open(self) -> tantivy.Index:
        if self._index is None:
            with self._named():
                index = tantivy.Index(self._schema, path=str(self._folder))
                index.config_reader("manual")
                index.register_tokenizer("words", analyzer())
                index.reload()
            self._index = index
        return self._index

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn Tantivy's errors into ours."""
        library = self._folder.parents[1]
        try:
            with full_disk_named(library, ValueError, RuntimeError):
                yield
        except (ValueError, RuntimeError) as error:
            raise LibraryDamaged(
                f"The word index of the library at {library} failed ({error}): "
                "run citewell check, and restore a backup if it names a problem."
            ) from error

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise RuntimeError("begin() comes before writing")
        return self._writer

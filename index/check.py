"""Check: whether all parts of a library agree, and every row can be found."""

import hashlib
from collections.abc import Iterator

from .catalogue import Catalogue, Entry
from .commit import LOCK_FILE, read_identity, read_pending
from .errors import LibraryBusy, LibraryDamaged
from .lock import WriterLock
from .records import Passage, Statement
from .rows import passage_of, statement_of
from .store import Stores
from .vector_files import is_whole
from .vectors import KINDS
from .words import KINDS as WORD_KINDS


def check(stores: Stores, catalogue: Catalogue) -> tuple[str, ...]:
    """The problems found, a sentence each. Totals are compared only while nobody writes."""
    dimension = read_identity(stores.folder).dimension
    entries = catalogue.entries.values()
    problems = [problem for entry in entries for problem in _report_problems(stores, entry, dimension)]
    lock = WriterLock(stores.folder / LOCK_FILE)
    try:
        lock.acquire()
    except LibraryBusy:
        return tuple(problems)
    try:
        problems.extend(_total_problems(stores, catalogue))
    finally:
        lock.release()
    return tuple(problems)


def _report_problems(stores: Stores, entry: Entry, dimension: int) -> Iterator[str]:
    who = f"Report {entry.report_id} ({entry.file})"
    try:
        text = stores.text(entry.report_id)
        stores.structure(entry.report_id)
        rows = [stores.vectors.of_report(kind, entry.report_id) for kind in WORD_KINDS]
        passages = [passage_of(row.document, row.metadata) for row in rows[0]]
        statements = [statement_of(row.metadata) for row in rows[1]]
    except LibraryDamaged as error:
        yield f"{who}: {error}"
        return
    if hashlib.sha256(text.encode()).hexdigest() != entry.text_sha256:
        yield f"{who}: its canonical text is not the one that was indexed."
    try:
        source = stores.source_path(entry.sha256).read_bytes()
    except OSError as error:
        yield f"{who}: the copy of its file cannot be read ({error.strerror})."
    else:
        if hashlib.sha256(source).hexdigest() != entry.sha256:
            yield f"{who}: the copy of its file is not the file that was indexed."
    for found, counted, name in (
        (len(passages), entry.passages, "passages"),
        (len(statements), entry.statements, "statements"),
    ):
        if found != counted:
            yield f"{who}: {found} {name} are stored, not {counted}."
    records: tuple[Passage | Statement, ...] = (*passages, *statements)
    misplaced = sum(not _stands(text, record) for record in records)
    if misplaced:
        yield f"{who}: {misplaced} passages or statements do not stand where they say in the canonical text."
    if not is_whole(stores.vectors_path(entry.report_id), dimension, [[row.row_id for row in some] for some in rows]):
        yield f"{who}: the file of its vectors is not whole: run citewell check --compact."
    for kind in KINDS:
        lost = stores.vectors.unreachable(kind, entry.report_id)
        if lost:
            yield f"{who}: {len(lost)} of its {kind} rows are not found by their own vector."


def _stands(text: str, record: Passage | Statement) -> bool:
    if text[record.start : record.end] != record.text:
        return False
    if isinstance(record, Passage):
        return True
    return all(text[figure.start : figure.end] == figure.text for figure in record.figures)


def _total_problems(stores: Stores, catalogue: Catalogue) -> Iterator[str]:
    if read_pending(stores.folder) is not None:
        yield "A writer ended before it was done: the next `citewell index` clears away what it left."
    entries = catalogue.entries.values()
    counts = {
        "passages": sum(entry.passages for entry in entries),
        "statements": sum(entry.statements for entry in entries),
        "catalogue": len(entries),
    }
    for kind in KINDS:
        if (found := stores.vectors.count(kind)) != counts[kind]:
            yield f"The vector store holds {found} rows in {kind}, not {counts[kind]}."
    for name, index in zip(("passages", "statements"), stores.word_indexes(), strict=True):
        if (found := index.count()) != counts[name]:
            yield f"The word index of {name} holds {found} rows, not {counts[name]}."

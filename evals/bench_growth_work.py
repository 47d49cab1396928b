"""What `evals.bench_growth` has done in processes of their own:

    python -m evals.bench_growth_work grow LIBRARY REPORTS PASSAGES
    python -m evals.bench_growth_work measure LIBRARY SUITE
    python -m evals.bench_growth_work recall LIBRARY SUITE

Each prints one JSON object. `grow` adds the reports themselves first, then copies of them (`bench_copies.py`), until
the library has at least so many passages; called again with more, it goes on where it stopped.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index import Library
from index.embed import Embedder, Vectors32
from index.errors import UnreadableReport
from index.prepare import prepare
from index.records import PreparedReport, ReportInfo
from index.store import Stores, Writer, writing
from index.vectors import Kind
from index.walk import walk
from rag import Assistant, Scope

from .bench_copies import DerivedEmbedder, Original, derived, embedded_parts, measured_shift, varied
from .bench_indexing import MB, size_on_disk
from .metrics import median, percentile
from .suite_file import load_suite

QUESTIONS = 40
TOP = 10
OF_NO_REPORT = "How many members of staff are there?"  # names no organisation and no year: every report is searched
TIE = 1e-5  # cosine distance within which two rows are equally near
KINDS: tuple[Kind, ...] = ("passages", "statements")


def grow(folder: Path, reports: Path, passages: int) -> dict[str, Any]:
    """Times of reading and embedding the originals and of storing, in seconds; `shift` as in `bench_copies`."""
    with Library.open(folder) as library:
        held = sum(info.passages for info in library.reports())
        known = len(library.reports())
    reading, read = _timed(lambda: list(_read(reports)))
    originals = [prepared for prepared, _ in read]
    embedder = Embedder()
    embedder.embed(["a report"])
    embedding, vectors = _timed(lambda: [embedder.embed_parts(embedded_parts(one)) for one in originals])
    ready = [Original(one, embedded_parts(one), some) for one, some in zip(originals, vectors, strict=True)]
    copied = [one for one in ready if one.prepared.structured.identity.organisation] or ready
    shift = measured_shift(copied, embedder)
    teller, stored, rows, added = DerivedEmbedder(), 0.0, 0, 0
    with writing(Stores(folder), teller) as writer, tempfile.TemporaryDirectory() as scratch:
        for one, (_, content) in zip(ready, read, strict=True):
            if known or held + added >= passages:
                break
            teller.tell(one.parts, one.vectors)
            stored += _store(writer, one.prepared, content, Path(scratch))
            added, rows = added + len(one.prepared.passages), rows + len(one.parts)
        number = max(0, known - len(ready))
        while held + added < passages:
            original = copied[number % len(copied)]
            which = number // len(copied) + 1
            copy, content = varied(original.prepared, which)
            parts = embedded_parts(copy)
            teller.tell(parts, derived(original, which, shift))
            stored += _store(writer, copy, content, Path(scratch))
            added, rows, number = added + len(copy.passages), rows + len(parts), number + 1
    return {
        "passages_before": held,
        "passages_added": added,
        "rows_added": rows,
        "store_seconds": stored,
        "original_reports": len(ready),
        "original_passages": sum(len(one.passages) for one in originals),
        "original_parts": sum(len(one.parts) for one in ready),
        "read_seconds": reading,
        "embed_seconds": embedding,
        "shift": shift,
        "disk_mb": size_on_disk(folder) / MB,
    }


def measure(folder: Path, suite: Path) -> dict[str, Any]:
    """Milliseconds of warm searches and answers, each with another filter than the one before, and memory. Warm: the
    whole library was searched once before, so that its vectors are in memory."""
    questions = _questions(suite)
    drawn = random.Random(7)
    with Library.open(folder) as library:
        catalogue = library.reports()
        assistant = Assistant(library)
        start = time.perf_counter()
        assistant.ask(questions[0])
        first = time.perf_counter() - start
        whole, _ = _timed(lambda: assistant.search(OF_NO_REPORT))
        years = sorted({info.year for info in catalogue if info.year is not None})
        works: dict[str, Callable[[str], object]] = {
            "search, filter by organisation": lambda q: assistant.search(q, scope=_of_one(catalogue, drawn)),
            "search, filter by year": lambda q: assistant.search(q, scope=Scope(years=(drawn.choice(years),))),
            "search, no filter": assistant.search,
            "answer, filter by organisation": lambda q: assistant.ask(q, scope=_of_one(catalogue, drawn)),
            "answer, filter by year": lambda q: assistant.ask(q, scope=Scope(years=(drawn.choice(years),))),
            "answer, no filter": assistant.ask,
        }
        timings = {}
        for what, work in works.items():
            spent = [1000 * _timed(lambda work=work, q=q: work(q))[0] for q in questions]  # type: ignore[misc]
            timings[what] = {"median_ms": median(spent), "p95_ms": percentile(spent, 95)}
    return {
        "passages": sum(info.passages for info in catalogue),
        "reports": len(catalogue),
        "first_answer_seconds": first,
        "first_whole_search_seconds": whole,
        "timings": timings,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def recall(folder: Path, suite: Path) -> dict[str, Any]:
    """The share of the ten nearest rows, by all vectors, that the library's search by meaning returns."""
    questions = _questions(suite)
    drawn = random.Random(11)
    with Library.open(folder) as library:
        catalogue = library.reports()
        vectors = library.embed_texts(questions)
        years = sorted({info.year for info in catalogue if info.year is not None})
        filters: dict[str, list[frozenset[str] | None]] = {
            "no filter": [None for _ in questions],
            "organisation": [frozenset(_ids(catalogue, _of_one(catalogue, drawn))) for _ in questions],
            "year": [frozenset(_ids(catalogue, Scope(years=(drawn.choice(years),)))) for _ in questions],
        }
        shares = {}
        for kind in KINDS:
            tenth = _tenth_nearest(library, kind, catalogue, vectors, filters)
            for name, wanted in filters.items():
                shares[f"{kind}, {name}"] = _share(library, kind, vectors, wanted, tenth[name])
    return {"recall_at_10": shares}


def _tenth_nearest(
    library: Library,
    kind: Kind,
    catalogue: Sequence[ReportInfo],
    vectors: Vectors32,
    filters: dict[str, list[frozenset[str] | None]],
) -> dict[str, Vectors32]:
    """For each filter, float32 (n_questions, 10): the ten least distances of each question, infinite where fewer."""
    best = {name: np.full((len(vectors), TOP), np.inf, dtype=np.float32) for name in filters}
    ids = [info.report_id for info in catalogue]
    for first in range(0, len(ids), 100):
        read = library._stores.vectors.vectors_of(kind, ids[first : first + 100])
        for report_id, (_, held) in (read or {}).items():
            if not len(held):
                continue
            distances = (1.0 - held @ vectors.T).T
            for name, wanted in filters.items():
                for q, only in enumerate(wanted):
                    if only is None or report_id in only:
                        best[name][q] = np.sort(np.concatenate([best[name][q], distances[q]]))[:TOP]
    return best


def _share(
    library: Library, kind: Kind, vectors: Vectors32, wanted: list[frozenset[str] | None], nearest: Vectors32
) -> float:
    found = total = 0
    for vector, only, least in zip(vectors, wanted, nearest, strict=True):
        search = library.dense_passages if kind == "passages" else library.dense_statements
        there = int(np.isfinite(least).sum())
        hits = search(vector, TOP, only)
        found += min(there, sum(hit.cosine_distance <= least[there - 1] + TIE for hit in hits)) if there else 0
        total += there
    return found / total if total else 1.0


def _read(reports: Path) -> Iterator[tuple[PreparedReport, bytes]]:
    for path in walk([reports]).files:
        try:
            yield prepare(path), path.read_bytes()
        except UnreadableReport:
            continue


def _store(writer: Writer, prepared: PreparedReport, content: bytes, scratch: Path) -> float:
    """Seconds that the library's writer takes to store a report, its vectors being there."""
    loaded = prepared.structured.loaded
    source = scratch / loaded.file
    source.write_bytes(content)
    seconds, _ = _timed(lambda: writer.store(prepared, source, None, f"/copies/{loaded.sha256}", lambda: None))
    source.unlink()
    return seconds


def _of_one(catalogue: Sequence[ReportInfo], drawn: random.Random) -> Scope:
    named = [info.organisation for info in catalogue if info.organisation]
    return Scope(organisations=(drawn.choice(named),)) if named else Scope(reports=(drawn.choice(catalogue).report_id,))


def _ids(catalogue: Sequence[ReportInfo], scope: Scope) -> Iterator[str]:
    for info in catalogue:
        if info.report_id in scope.reports or info.organisation in scope.organisations or info.year in scope.years:
            yield info.report_id


def _questions(suite: Path) -> list[str]:
    cases = [case.question for case in load_suite(suite).cases if not case.history]
    return cases[:: max(1, len(cases) // QUESTIONS)][:QUESTIONS]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says, and print what came of it."""
    work, folder, *rest = arguments
    if work == "grow":
        done = grow(Path(folder), Path(rest[0]), int(rest[1]))
    else:
        done = {"measure": measure, "recall": recall}[work](Path(folder), Path(rest[0]))
    sys.stdout.write(json.dumps(done) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Citewell beside the pipeline that tutorials build (`bench_tutorial.py`), over each corpus that is at hand.

Both index the same files in a new process, from reading them on, and are then asked the same questions. A passage has
found the answer where it is of the right file and has every word and number of a sentence or row that the suite accepts
as the answer's place. The tutorial's model is all-MiniLM-L6-v2; Citewell's is the same network, tuned, with 8-bit
weights.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from .bench_indexing import MB, run_work, size_on_disk
from .bench_memory import Peaks
from .metrics import median, percentile, recall_at
from .places import Reports
from .sources import load_source
from .suite import Suite
from .words import content_words

HERE = Path(__file__).parent
SUITE = HERE / "suites" / "leicestershire.yaml"
SAMPLES = HERE.parent / "samples" / "reports"
SHARED = HERE.parents[1] / "shared"  # reports and corpora that are not part of the product, where they are there
TOP = 10
AT = (1, 5, 10)

Gold = list[tuple[str, frozenset[str]]]
Found = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One pipeline over one corpus. Seconds are wall time: `indexing` with the model loaded and reading included,
    `cold` of a new process from start to the end of its first search. `memory_mb` is the highest of all processes
    together while indexing and while asking."""

    pipeline: str
    corpus: str
    files: int
    passages: int
    indexing_seconds: float
    indexing_memory_mb: float
    asking_memory_mb: float
    disk_mb: float
    cold_seconds: float
    median_ms: float | None
    p95_ms: float | None
    questions: int
    recall: dict[int, float | None]


def corpora() -> Iterator[tuple[str, Path, Path | None]]:
    """The name, questions and reports of each corpus at hand; None where the reports come with the questions."""
    yield "samples", SUITE, SAMPLES
    if (SHARED / "reports").is_dir():
        yield "originals", SUITE, SHARED / "reports"
    for questions in sorted(SHARED.glob("corpora/*/questions.jsonl")):
        yield questions.parent.name, questions.parent, None


def compare(name: str, questions: Path, reports: Path | None, tell: Callable[[str], None]) -> tuple[Measured, ...]:
    """Both pipelines over one corpus. Raises CannotMeasure, BadSuite."""
    with tempfile.TemporaryDirectory(prefix="citewell-bench-") as folder:
        scratch = Path(folder)
        source = load_source(questions, scratch / "source")
        documents = reports or source.documents
        if documents is None:
            return ()
        tell(f"{name}: Citewell")
        library, store, asked = scratch / "library", scratch / "store", scratch / "asked.json"
        indexed, _, peaks = run_work("evals.bench_work", "index", documents.absolute(), library)
        gold = dict(_gold(library, source.suite))
        asked.write_text(json.dumps(list(gold)), encoding="utf-8")
        ours = _asked("Citewell", name, library, asked, gold)
        ours = replace(ours, files=indexed["reports"], passages=indexed["passages"], **_of_indexing(indexed, peaks))
        tell(f"{name}: the tutorial's")
        built, _, peaks = run_work("evals.bench_tutorial", "index", documents.absolute(), store)
        theirs = _asked("tutorial", name, store, asked, gold)
        theirs = replace(theirs, files=built["files"], passages=built["chunks"], **_of_indexing(built, peaks))
    return ours, theirs


def _of_indexing(done: dict[str, Any], peaks: Peaks) -> dict[str, Any]:
    return {"indexing_seconds": done["seconds"], "indexing_memory_mb": peaks.together / MB}


def _asked(pipeline: str, corpus: str, place: Path, asked: Path, gold: dict[str, Gold]) -> Measured:
    """What asking takes and finds; what indexing took is 0."""
    module = "evals.bench_work" if pipeline == "Citewell" else "evals.bench_tutorial"
    first = asked.with_name("first.json")
    first.write_text(json.dumps(list(gold)[:1]), encoding="utf-8")
    _, cold, _ = run_work(module, "ask", place, first)
    answer, _, peaks = run_work(module, "ask", place, asked)
    spent = answer["milliseconds"][1:]  # without the first, which loads what later ones find loaded
    ranks = [_rank(hits, held) for hits, held in zip(answer["hits"], gold.values(), strict=True)]
    return Measured(
        pipeline=pipeline,
        corpus=corpus,
        files=0,
        passages=0,
        indexing_seconds=0.0,
        indexing_memory_mb=0.0,
        asking_memory_mb=peaks.together / MB,
        disk_mb=size_on_disk(place) / MB,
        cold_seconds=cold,
        median_ms=median(spent),
        p95_ms=percentile(spent, 95),
        questions=len(gold),
        recall={k: recall_at(ranks, k).value for k in AT},
    )


def comparison_table(rows: Sequence[Measured]) -> Table:
    """The measures, a row for each pipeline and corpus."""
    table = Table(title="Beside the tutorial's pipeline")
    for heading in HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*cells(row))
    return table


HEADINGS = (
    "corpus", "pipeline", "indexing s", "MB then", "MB asking", "MB on disk", "cold s", "median ms", "95 % ms",
    "at 1", "at 5", "at 10", "questions",
)  # fmt: skip


def cells(row: Measured) -> tuple[str, ...]:
    """A row's measures as they are printed, in the order of `HEADINGS`."""
    times = ("–" if value is None else f"{value:.0f}" for value in (row.median_ms, row.p95_ms))
    found = ("–" if value is None else f"{value:.1%}" for value in row.recall.values())
    return (
        row.corpus, row.pipeline, f"{row.indexing_seconds:.1f}", f"{row.indexing_memory_mb:,.0f}",
        f"{row.asking_memory_mb:,.0f}", f"{row.disk_mb:,.0f}", f"{row.cold_seconds:.1f}", *times, *found,
        str(row.questions),
    )  # fmt: skip


def _gold(library: Path, suite: Suite) -> Iterator[tuple[str, Gold]]:
    """The questions that a suite's reports answer, each with the file and the words of what answers it."""
    from index import Library

    with Library.open(library, create=False) as opened:
        files = {info.report_id: Path(info.file).name for info in opened.reports()}
        reports = Reports(opened)
        for case in suite.cases:
            if case.answerable and not case.history and not case.scope.reports:
                places = reports.gold(case, suite.organisation_of(case)).statements
                found = [(files[report], content_words(reports.text(report)[a:b])) for report, a, b in places]
                if found:
                    yield case.question, found


def _rank(hits: Found, gold: Gold) -> int | None:
    for rank, (file, text) in enumerate(hits, start=1):
        words = content_words(text)
        if any(file == wanted and held <= words for wanted, held in gold):
            return rank
    return None

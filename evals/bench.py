"""Measure speed:  python -m evals.bench [--reports PATH] [--json FILE]

Indexing with and without the models loaded, the first answer of a new process, and warm answers and searches over
the questions of a suite. Times are wall time on the machine that is named with them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from index.errors import CitewellError, ModelUnavailable

from .metrics import median, percentile
from .run import library_for
from .stamps import package_versions
from .suite_file import load_suite

HERE = Path(__file__).parent
SUITE = HERE / "suites" / "leicestershire.yaml"
SAMPLES = HERE.parent / "samples" / "reports"
COLD_RUNS = 3
WARM_QUESTIONS = 40

_COLD_ASK = """
import sys
from index import Library
from rag import Assistant
with Library.open(sys.argv[1]) as library:
    Assistant(library).ask(sys.argv[2])
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """One measure over `runs` runs: median and nearest-rank 95th percentile, in milliseconds."""

    what: str
    runs: int
    median_ms: float
    p95_ms: float


def timing(what: str, milliseconds: Sequence[float]) -> Timing:
    """The timing of at least one run. Raises ValueError for none."""
    middle, high = median(milliseconds), percentile(milliseconds, 95)
    if middle is None or high is None:
        raise ValueError(f"no run of {what}")
    return Timing(what, len(milliseconds), middle, high)


def machine() -> dict[str, str]:
    """What the times depend on: processor, cores that this process may use, system, Python and packages."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        **dict(package_versions()),
    }


def measure(reports: Path, questions: Sequence[str], folder: Path) -> tuple[Timing, ...]:
    """Every timing over `reports`, with libraries made under `folder`."""
    start = time.perf_counter()
    with library_for(reports, folder / "first") as library:
        first = (time.perf_counter() - start) * 1000
        start = time.perf_counter()
        library_for(reports, folder / "second", embedder=library.embedder).close()
        again = (time.perf_counter() - start) * 1000
    from rag import Assistant  # here, so that the first indexing pays for its own imports

    cold = [_cold(folder / "second", question) for question in questions[:COLD_RUNS]]
    with library_for(reports, folder / "second") as library:
        assistant = Assistant(library)
        assistant.ask(questions[0])
        asks = [_timed(partial(assistant.ask, question)) for question in questions]
        assistant.search(questions[0], k=10)
        searches = [_timed(partial(assistant.search, question, k=10)) for question in questions]
    return (
        timing("indexing, with imports and the model to load", [first]),
        timing("indexing, with the model loaded", [again]),
        timing("one answer in a new process, start to end", cold),
        timing("ask, warm", asks),
        timing("search, warm", searches),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. 0: measured, 2: could not."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description="Measure speed.")
    parser.add_argument("--reports", type=Path, default=SAMPLES, help="the reports to index (default: the samples)")
    parser.add_argument("--suite", type=Path, default=SUITE, help="the suite whose questions are asked")
    parser.add_argument("--json", type=Path, help="write the times and the machine to this file")
    options = parser.parse_args(arguments)
    try:
        cases = [case.question for case in load_suite(options.suite).cases if not case.history]
        questions = cases[:: max(1, len(cases) // WARM_QUESTIONS)][:WARM_QUESTIONS]
        with tempfile.TemporaryDirectory(prefix="citewell-bench-") as folder:
            timings = measure(options.reports, questions, Path(folder))
    except CitewellError as error:
        Console(stderr=True).print(escape(str(error)))
        return 2
    _print(timings, machine(), Console())
    if options.json is not None:
        rows = [{"what": t.what, "runs": t.runs, "median_ms": t.median_ms, "p95_ms": t.p95_ms} for t in timings]
        data = {"reports": options.reports.name, "machine": machine(), "timings": rows}
        options.json.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _cold(library: Path, question: str) -> float:
    """The wall time of a new process that answers one question, in milliseconds."""
    command = [sys.executable, "-c", _COLD_ASK, str(library), question]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise ModelUnavailable(f"A new process could not answer: {last[0]}. Try: citewell ask {question!r}")
    return (time.perf_counter() - start) * 1000


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _print(timings: Sequence[Timing], on: dict[str, str], console: Console) -> None:
    table = Table(title="Speed")
    table.add_column("what", no_wrap=True)
    for heading in ("runs", "median", "95 % within"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in timings:
        table.add_row(row.what, str(row.runs), _readable(row.median_ms), _readable(row.p95_ms))
    console.print(table)
    console.print(escape(", ".join(f"{name} {value}" for name, value in on.items())), highlight=False)


def _readable(value: float) -> str:
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())

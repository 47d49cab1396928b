"""Measure what Citewell takes:  python -m evals.bench [--reports PATH] [--suite FILE] [--stages] [--json FILE]
    [--tutorial] [--growth PASSAGES]

Reading and indexing the reports (bench_indexing.py), the first answer of a new process, and warm answers and searches
over the questions of a suite that fits them. With --stages also what the suite reaches when one stage of finding and
judging is left out (bench_stages.py); with --tutorial the pipeline that tutorials build beside it, on every corpus at
hand (bench_compare.py); with --growth how a library of up to so many passages is stored and asked (bench_growth.py).
Times are wall time unless called processor time, on the machine that is named with them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from index.errors import BadSuite, CitewellError, ModelUnavailable

from .bench_compare import compare, comparison_table, corpora
from .bench_growth import growth_table, measure_growth
from .bench_indexing import Indexing, measure_indexing
from .bench_stages import measure_stages, stages_table
from .metrics import median, percentile
from .places import Reports, check_evidence
from .stamps import checkout_commit, package_versions
from .suite import Suite
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


def measure_asking(library: Path, questions: Sequence[str]) -> tuple[Timing, ...]:
    """The time of answers and searches over the library at `library`; none without questions."""
    if not questions:
        return ()
    from index import Library
    from rag import Assistant

    cold = [_cold(library, question) for question in questions[:COLD_RUNS]]
    with Library.open(library) as opened:
        assistant = Assistant(opened)
        assistant.ask(questions[0])
        asks = [_timed(partial(assistant.ask, question)) for question in questions]
        assistant.search(questions[0], k=10)
        searches = [_timed(partial(assistant.search, question, k=10)) for question in questions]
    return (
        timing("one answer in a new process, start to end", cold),
        timing("ask, warm", asks),
        timing("search, warm", searches),
    )


def questions_for(library: Path, suite: Path | None) -> tuple[str, ...]:
    """Up to 40 questions of a suite, evenly chosen, none of them a follow-up. Without a suite they are those of the
    default one where it fits the library, and none otherwise."""
    loaded = load_suite(suite or SUITE)
    if suite is None and not fits(loaded, library):
        return ()
    cases = [case.question for case in loaded.cases if not case.history]
    return tuple(cases[:: max(1, len(cases) // WARM_QUESTIONS)][:WARM_QUESTIONS])


def fits(suite: Suite, library: Path) -> bool:
    """Whether the library at `library` holds the evidence of the suite's cases."""
    from index import Library

    with Library.open(library) as opened:
        try:
            check_evidence(suite, Reports(opened))
        except BadSuite:
            return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. 0: measured, 2: could not."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description="Measure speed, memory and disk.")
    parser.add_argument("--reports", type=Path, default=SAMPLES, help="the reports to index (default: the samples)")
    parser.add_argument(
        "--suite", type=Path, help="a suite whose questions are asked (default: that of the samples, where it fits)"
    )
    parser.add_argument("--stages", action="store_true", help="measure what each stage is worth to the suite")
    parser.add_argument("--tutorial", action="store_true", help="measure a tutorial's pipeline too, on every corpus")
    parser.add_argument("--growth", type=int, metavar="PASSAGES", help="measure a library that grows to so many")
    parser.add_argument("--json", type=Path, help="write the measures and the machine to this file")
    options = parser.parse_args(arguments)
    errors = Console(stderr=True)
    try:
        if options.suite is not None:
            load_suite(options.suite)  # before the reports are indexed, which may take long
        with tempfile.TemporaryDirectory(prefix="citewell-bench-") as folder, _telling(errors) as tell:
            library = Path(folder) / "library"
            indexing = measure_indexing(options.reports, library, tell)
            tell("asking")
            asking = measure_asking(library, questions_for(library, options.suite))
            suite = load_suite(options.suite or SUITE)
            stages = measure_stages(library, suite, tell) if options.stages and fits(suite, library) else ()
            at_hand = corpora() if options.tutorial else ()
            beside = [row for name, asked, held in at_hand for row in compare(name, asked, held, tell)]
            grown = (
                measure_growth(options.reports, options.suite or SUITE, options.growth, tell) if options.growth else []
            )
    except CitewellError as error:
        errors.print(escape(str(error)))
        return 2
    timings = (*_indexing_timings(indexing), *asking)
    _print(options.reports, indexing, timings, Console())
    if stages:
        Console().print(stages_table(stages))
    if beside:
        Console().print(comparison_table(beside))
    if grown:
        Console().print(growth_table(grown))
    if options.json is not None:
        data = {
            "reports": options.reports.name,
            "machine": machine(),
            "commit": checkout_commit(),
            "timings": [asdict(row) for row in timings],
            "indexing": indexing.as_json(),
            "stages": [asdict(row) for row in stages],
            "beside": [asdict(row) for row in beside],
            "growth": grown,
        }
        options.json.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


@contextmanager
def _telling(console: Console) -> Iterator[Callable[[str], None]]:
    """A callback that shows what is being measured, where someone is looking."""
    if not console.is_terminal:
        yield lambda step: None
        return
    with console.status("Measuring") as status:
        yield lambda step: status.update(f"Measuring: {step}")


def _indexing_timings(indexing: Indexing) -> tuple[Timing, ...]:
    return (
        timing("indexing, with imports and the model to load", [indexing.seconds_from_start * 1000]),
        timing("indexing, with the model loaded", [indexing.seconds * 1000]),
    )


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


def _print(reports: Path, indexing: Indexing, timings: Sequence[Timing], console: Console) -> None:
    costs = Table(title=escape(f"{reports.name}: {indexing}"), show_header=False)
    costs.add_column(no_wrap=True)
    costs.add_column(justify="right")
    for what, value in indexing.rows():
        costs.add_row(what, value)
    console.print(costs)
    for refusal in indexing.refused:
        console.print(escape(f"refused   {refusal}"), highlight=False, soft_wrap=True)
    table = Table(title="Speed")
    table.add_column("what", no_wrap=True)
    for heading in ("runs", "median", "95 % within"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in timings:
        table.add_row(row.what, str(row.runs), _readable(row.median_ms), _readable(row.p95_ms))
    console.print(table)
    if len(timings) == len(_indexing_timings(indexing)):
        console.print("Nothing was asked: the default suite is of other reports. Give one of these with --suite.")
    console.print(escape(", ".join(f"{name} {value}" for name, value in machine().items())), highlight=False)


def _readable(value: float) -> str:
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())

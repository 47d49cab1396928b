"""How a library is stored and asked while it grows: real passages first, then copies under other names and years.

The copies' vectors are derived from those of their originals and not embedded (`bench_copies.py`), so what is measured
is storing and asking; the originals alone tell how fast texts are embedded.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.table import Table

from .bench_indexing import run_work

STEPS = (1_000, 3_000, 10_000, 30_000, 100_000)
MODULE = "evals.bench_growth_work"
SEARCH = "search, filter by organisation"
COLUMNS = (
    SEARCH,
    "search, filter by year",
    "search, no filter",
    "answer, filter by organisation",
    "answer, filter by year",
    "answer, no filter",
)


def measure_growth(reports: Path, suite: Path, most: int, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """What each step up to `most` passages took and reached, as `bench_growth_work` gives it. Raises CannotMeasure."""
    steps = []
    with tempfile.TemporaryDirectory(prefix="citewell-growth-") as folder:
        library = Path(folder) / "library"
        for passages in (*(step for step in STEPS if step < most), most):
            tell(f"growing to {passages:,} passages")
            grown, _, _ = run_work(MODULE, "grow", library, reports.absolute(), passages)
            asked, _, _ = run_work(MODULE, "measure", library, suite.absolute())
            exact, _, _ = run_work(MODULE, "recall", library, suite.absolute())
            steps.append({**grown, **asked, **exact})
    return steps


def growth_table(steps: list[dict[str, Any]]) -> Table:
    """A row for each step."""
    table = Table(title="A library that grows: milliseconds, median and 95th percentile")
    for heading in ("passages", "rows stored a second", *COLUMNS, "MB", "least recall at 10"):
        table.add_column(heading, justify="right")
    for step in steps:
        table.add_row(*growth_cells(step))
    return table


def growth_cells(step: dict[str, Any]) -> tuple[str, ...]:
    """A step as it is printed."""
    rate = step["rows_added"] / step["store_seconds"] if step["store_seconds"] else 0.0
    times = (step["timings"][what] for what in COLUMNS)
    return (
        f"{step['passages']:,}",
        f"{rate:,.0f}",
        *(f"{time['median_ms']:.0f} / {time['p95_ms']:.0f}" for time in times),
        f"{step['memory_mb']:,.0f}",
        f"{min(step['recall_at_10'].values()):.3f}",
    )

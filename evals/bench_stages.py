"""What each stage is worth: the same suite over the same library with one stage left out at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from index.settings import Settings, Stage

from .metrics import Share, median, recall_at
from .run import CaseResult, Runner
from .suite import Suite

VARIANTS: tuple[tuple[Stage, ...], ...] = ((), ("span",), ("reader",), ("dense",), ("words",), ("dense", "reader"))


@dataclass(frozen=True, slots=True)
class Worth:
    """What a suite reaches without some stages: answers right and cited, refusals of what the reports do not answer,
    how often the passage that answers is the first that a search returns and among the first five, and the median of
    the milliseconds that an answer takes."""

    without: tuple[Stage, ...]
    right: Share
    refused: Share
    first: Share
    among_five: Share
    milliseconds: float | None

    @property
    def name(self) -> str:
        """What it is called in a table."""
        return f"without {' and '.join(self.without)}" if self.without else "every stage"


def measure_stages(library: Path, suite: Suite, tell: Callable[[str], None]) -> tuple[Worth, ...]:
    """The worth with every stage, and without each, over the library at `library`."""
    from index import Library
    from rag import Assistant

    measured = []
    for without in VARIANTS:
        tell(f"without {' and '.join(without)}" if without else "every stage")
        with Library.open(library, settings=Settings(without=without), create=False) as opened:
            runner = Runner(suite, Assistant(opened), opened)
            measured.append(worth(without, [runner.run(case) for case in suite.cases]))
    return tuple(measured)


def worth(without: tuple[Stage, ...], results: list[CaseResult]) -> Worth:
    """The worth that the results of a suite show."""
    can = [result for result in results if result.answerable]
    cannot = [result for result in results if not result.answerable]
    ranks = [result.found_rank for result in can]
    return Worth(
        without,
        Share(sum(result.correct for result in can), len(can)),
        Share(sum(result.correct for result in cannot), len(cannot)),
        recall_at(ranks, 1),
        recall_at(ranks, 5),
        median([result.milliseconds for result in results]),
    )


def stages_table(measured: tuple[Worth, ...]) -> Table:
    """The measures side by side."""
    table = Table(title="What each stage is worth")
    table.add_column("", no_wrap=True)
    for heading in ("right", "refused", "passage first", "among five", "median"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in measured:
        shares = (row.right, row.refused, row.first, row.among_five)
        cells = ["–" if share.value is None else f"{share.value:.1%}" for share in shares]
        table.add_row(row.name, *cells, "–" if row.milliseconds is None else f"{row.milliseconds:.0f} ms")
    return table

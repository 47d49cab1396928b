"""A run as a table by kind with every miss, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .metrics import Refusal, Share, median, percentile, refusal
from .run import CaseResult, SuiteResult


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a run. `answerable`: correct and cited among the cases that the reports answer.

    `lenient_figures`: among the cases that expect a figure, those where any figure of the answer is the expected
    one; no threshold uses it. `unsupported` counts figures, not cases. Latencies are in milliseconds.
    """

    by_kind: tuple[tuple[str, Share], ...]
    answerable: Share
    refusal: Refusal
    strict_figures: Share
    lenient_figures: Share
    unsupported: int
    median_ms: float | None
    p95_ms: float | None


def summarise(result: SuiteResult) -> Summary:
    """The summary of a run, its kinds in the order in which the suite first has them."""
    cases = result.cases
    kinds = dict.fromkeys(case.kind for case in cases)
    figures = [case for case in cases if case.lenient is not None]
    times = [case.milliseconds for case in cases]
    return Summary(
        by_kind=tuple((kind, _correct([case for case in cases if case.kind == kind])) for kind in kinds),
        answerable=_correct([case for case in cases if case.answerable]),
        refusal=refusal([case.answerable for case in cases], [case.refused for case in cases]),
        strict_figures=_correct(figures),
        lenient_figures=Share(sum(1 for case in figures if case.lenient), len(figures)),
        unsupported=sum(len(case.unsupported) for case in cases),
        median_ms=median(times),
        p95_ms=percentile(times, 95),
    )


def print_report(result: SuiteResult, console: Console) -> None:
    """Print the table by kind, the totals, and each case that missed or has a figure without support."""
    summary = summarise(result)
    table = Table(title=f"{escape(result.suite)}: {len(result.cases)} cases")
    for name, justify in (("kind", "left"), ("cases", "right"), ("correct", "right"), ("share", "right")):
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    for kind, share in summary.by_kind:
        table.add_row(escape(kind), *share_cells(share))
    table.add_section()
    table.add_row("answerable: correct and cited", *share_cells(summary.answerable))
    table.add_row("refused of the unanswerable", *share_cells(summary.refusal.recall))
    table.add_row("unanswerable of the refused", *share_cells(summary.refusal.precision))
    table.add_row("figures, leading one (strict)", *share_cells(summary.strict_figures))
    table.add_row("figures, any one (lenient)", *share_cells(summary.lenient_figures))
    console.print(table)
    console.print(
        f"Figures without support: {summary.unsupported}. "
        f"Time to answer: median {milliseconds(summary.median_ms)}, 95 % within {milliseconds(summary.p95_ms)}."
    )
    for case in result.cases:
        if not case.correct or case.unsupported:
            _print_miss(case, console)


def as_json(result: SuiteResult) -> dict[str, object]:
    """The run as plain data: the summary with each share's interval, then every case."""
    summary = summarise(result)
    return {
        "suite": result.suite,
        "digest": result.digest,
        "versions": dict(result.versions),
        "summary": {
            "by_kind": {kind: share_json(share) for kind, share in summary.by_kind},
            "answerable_correct_and_cited": share_json(summary.answerable),
            "refusal_recall": share_json(summary.refusal.recall),
            "refusal_precision": share_json(summary.refusal.precision),
            "figures_strict": share_json(summary.strict_figures),
            "figures_lenient": share_json(summary.lenient_figures),
            "unsupported_figures": summary.unsupported,
            "median_ms": summary.median_ms,
            "p95_ms": summary.p95_ms,
        },
        "cases": [asdict(case) for case in result.cases],
    }


def share_json(share: Share) -> dict[str, object]:
    """A share as plain data."""
    return {
        "hits": share.hits,
        "total": share.total,
        "share": share.value,
        "interval_95": None if share.interval is None else list(share.interval),
    }


def share_cells(share: Share) -> tuple[str, str, str, str]:
    """The cells of a share: total, hits, percentage, interval."""
    if share.value is None or share.interval is None:
        return str(share.total), str(share.hits), "–", "–"
    low, high = share.interval
    return str(share.total), str(share.hits), f"{share.value:.1%}", f"{low:.1%} to {high:.1%}"


def milliseconds(value: float | None) -> str:
    """A time for reading."""
    return "–" if value is None else f"{value:.0f} ms"


def _correct(cases: Sequence[CaseResult]) -> Share:
    return Share(sum(1 for case in cases if case.correct), len(cases))


def _print_miss(case: CaseResult, console: Console) -> None:
    """One miss in full. Text of reports and suites is escaped: it is never markup."""
    why = f"{case.cause}" + (f": {case.detail}" if case.detail else "") if case.cause else "figures without support"
    console.print(f"\n[bold]{escape(case.id)}[/bold] ({escape(case.kind)}) – [red]{escape(why)}[/red]")
    rows = [("question", case.question), ("expected", case.expected), ("said", case.said), ("cited", case.citation)]
    if case.unsupported:
        rows.append(("unsupported", ", ".join(case.unsupported)))
    for name, text in rows:
        console.print(f"  {name:<12}{escape(text) or '–'}", highlight=False)

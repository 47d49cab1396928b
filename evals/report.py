"""A run in the terminal, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rag.records import Usage
from rag.render import usage_words

from .baseline import Comparison
from .metrics import Share, refusal_f1
from .run import CaseResult, SuiteResult
from .summary import Summary, rows, summarise


def print_report(
    result: SuiteResult, console: Console, comparison: Comparison | None = None, failures: Sequence[str] = ()
) -> None:
    """Print the table by kind, the totals, each case that missed or has a figure without support, the comparison and
    why the run fails."""
    summary = summarise(result)
    table = Table(title=f"{escape(result.suite)}: {len(result.cases)} cases")
    table.add_column("kind", no_wrap=True)
    for name in ("cases", "right", "share", "95 % interval"):
        table.add_column(name, justify="right", no_wrap=True)
    for kind, share in summary.by_kind:
        table.add_row(escape(kind), *share_cells(share))
    table.add_section()
    for label, share in rows(summary):
        table.add_row(label, *share_cells(share))
    table.add_section()
    for control in result.controls:
        table.add_row(f"control: {control.name}", *share_cells(control.correct))
    console.print(table)
    for line in (*lines(summary), *alarms(result)):
        console.print(escape(line), highlight=False)
    for case in result.cases:
        if not case.correct or case.unsupported:
            _print_miss(case, console)
    if comparison is not None:
        console.print("\n[bold]Against the baseline[/bold]")
        for line in comparison_lines(comparison):
            console.print(escape(line), highlight=False)
    for failure in failures:
        console.print(f"[red]Fails:[/red] {escape(failure)}", highlight=False)


def lines(summary: Summary) -> tuple[str, ...]:
    """What a summary has beside its shares, a sentence each."""
    interval = summary.cluster_interval
    drawn = "–" if interval is None else f"{interval[0]:.1%} to {interval[1]:.1%}"
    steps = ", ".join(f"{step} {count}" for step, count in summary.steps) or "none"
    written = (
        () if summary.usage is None else (f"Language model: {usage_words(summary.usage)}.", _dropped(summary.usage))
    )
    return (
        f"Answerable cases with whole reports drawn again: {drawn}. Refusal F1: {number(refusal_f1(summary.refusal))}.",
        f"Search: mean reciprocal rank {number(summary.mean_reciprocal_rank)}. "
        f"Area under risk and coverage: {number(summary.risk.area)}.",
        f"Failed steps: {steps}.",
        f"Figures without support: {summary.unsupported}. "
        f"Time to answer: median {milliseconds(summary.median_ms)}, 95 % within {milliseconds(summary.p95_ms)}.",
        "The smallest difference that so many cases can show: "
        + ("none." if summary.smallest_difference is None else f"{summary.smallest_difference:.1f} points."),
        *written,
    )


def _dropped(usage: Usage) -> str:
    """What was wrong with the statements that were not shown; the words are those of the checks."""
    causes = ", ".join(f"{cause} {count}" for cause, count in usage.dropped.items()) or "none"
    return f"Statements dropped, by what was wrong: {causes}."


def alarms(result: SuiteResult) -> tuple[str, ...]:
    """The controls that do too well, a sentence each."""
    return tuple(f"Warning: {control.alarm}" for control in result.controls if control.alarm is not None)


def comparison_lines(comparison: Comparison) -> tuple[str, ...]:
    """A comparison, a sentence each."""
    named = ("worse", "better", "missing", "new", "changed")
    smallest = comparison.smallest_difference
    return (
        *(f"{name}: {', '.join(getattr(comparison, name)) or 'none'}" for name in named),
        f"McNemar, exact, over {comparison.compared} cases: p = {comparison.p_value:.4f}. The smallest difference that "
        f"so many can show: {'none' if smallest is None else f'{smallest:.1f} points'}.",
        *(f"Not as in the baseline: {difference}." for difference in comparison.differs),
    )


def as_json(
    result: SuiteResult, comparison: Comparison | None = None, failures: Sequence[str] = ()
) -> dict[str, object]:
    """The run as plain data: the summary with each share's interval, every case, the comparison, why it fails."""
    summary = summarise(result)
    return {
        "suite": result.suite,
        "digest": result.digest,
        "stamps": asdict(result.stamps),
        "summary": {
            "by_kind": {kind: share_json(share) for kind, share in summary.by_kind},
            "shares": {label: share_json(share) for label, share in rows(summary)},
            "answerable_cluster_interval_95": summary.cluster_interval,
            "refusal_f1": refusal_f1(summary.refusal),
            "mean_reciprocal_rank": summary.mean_reciprocal_rank,
            "risk_coverage": asdict(summary.risk),
            "unsupported_figures": summary.unsupported,
            "failed_steps": dict(summary.steps),
            "smallest_difference": summary.smallest_difference,
            "median_ms": summary.median_ms,
            "p95_ms": summary.p95_ms,
            "usage": None if summary.usage is None else asdict(summary.usage),
        },
        "controls": [{"name": c.name, "correct": share_json(c.correct), "alarm": c.alarm} for c in result.controls],
        "cases": [asdict(case) for case in result.cases],
        "comparison": None if comparison is None else asdict(comparison),
        "failures": list(failures),
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


def number(value: float | None) -> str:
    """A number between 0 and 1 for reading."""
    return "–" if value is None else f"{value:.3f}"


def reason(case: CaseResult) -> str:
    """Why a case missed, or that it has figures without support; empty where nothing is wrong."""
    if case.cause is None:
        return "figures without support" if case.unsupported else ""
    detail = f": {case.detail}" if case.detail else ""
    return f"{case.cause}{detail}" + (f" ({case.step})" if case.step else "")


def _print_miss(case: CaseResult, console: Console) -> None:
    """One miss in full. Text of reports and suites is escaped: it is never markup."""
    console.print(f"\n[bold]{escape(case.id)}[/bold] ({escape(case.kind)}) – [red]{escape(reason(case))}[/red]")
    cited = "" if case.citation is None else str(case.citation)
    shown = [("question", case.question), ("expected", case.expected), ("said", case.said), ("cited", cited)]
    if case.unsupported:
        shown.append(("unsupported", ", ".join(case.unsupported)))
    for name, text in shown:
        console.print(f"  {name:<12}{escape(text) or '–'}", highlight=False)

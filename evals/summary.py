"""The numbers of a run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.records import Usage

from .metrics import Refusal, Share, median, percentile, reciprocal_rank, refusal
from .paired import cluster_interval, smallest_difference
from .risk import Curve, risk_coverage
from .run import SEARCHED, CaseResult, SuiteResult


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a run.

    `by_kind` and `answerable` count cases that are correct and cited. `cluster_interval` is the interval of
    `answerable` when whole reports are drawn again. `lenient_figures` counts the cases in which any figure of the
    answer is the expected one, and `contained` those whose answer has what is expected anywhere: no threshold uses
    them. `found` is the recall of a plain search and `mean_reciprocal_rank` its MRR. `unsupported` counts figures, not
    cases. `smallest_difference` is in percentage points. Latencies are in milliseconds. `usage` is what a
    language model took over all cases, None where none was asked.
    """

    by_kind: tuple[tuple[str, Share], ...]
    answerable: Share
    cluster_interval: tuple[float, float] | None
    answered_correct: Share
    refusal: Refusal
    strict_figures: Share
    lenient_figures: Share
    judgments: Share
    contained: Share
    right_report: Share
    right_page: Share
    citation_precision: Share
    citation_recall: Share
    found: Share
    mean_reciprocal_rank: float | None
    risk: Curve
    unsupported: int
    steps: tuple[tuple[str, int], ...]
    smallest_difference: float | None
    median_ms: float | None
    p95_ms: float | None
    usage: Usage | None


def summarise(result: SuiteResult) -> Summary:
    """The summary of a run, its kinds in the order in which the suite first has them."""
    cases = result.cases
    able = [case for case in cases if case.answerable]
    asked = [case for case in cases if case.expects != "clarify"]
    sure = [case for case in cases if not case.refused and case.confidence is not None]
    searched = [case for case in able if case.right_page is not None]
    steps = [case.step for case in cases if case.step is not None]
    times = [case.milliseconds for case in cases]
    return Summary(
        by_kind=tuple((kind, correct([c for c in cases if c.kind == kind])) for kind in kinds(cases)),
        answerable=correct(able),
        cluster_interval=cluster_interval([c.cluster for c in able], [c.correct for c in able]),
        answered_correct=correct([case for case in cases if not case.refused]),
        refusal=refusal([case.answerable for case in asked], [case.refused for case in asked]),
        strict_figures=correct([case for case in cases if case.lenient is not None]),
        lenient_figures=_share([case.lenient for case in cases]),
        judgments=correct([case for case in cases if case.expects == "judgment"]),
        contained=_share([case.contained for case in cases]),
        right_report=_share([case.right_report for case in cases]),
        right_page=_share([case.right_page for case in cases]),
        citation_precision=_sum([case.citation_precision for case in cases]),
        citation_recall=_sum([case.citation_recall for case in cases]),
        found=Share(sum(1 for case in searched if case.found_rank is not None), len(searched)),
        mean_reciprocal_rank=reciprocal_rank([case.found_rank for case in searched]),
        risk=risk_coverage([c.confidence or 0.0 for c in sure], [not c.correct for c in sure], len(cases)),
        unsupported=sum(len(case.unsupported) for case in cases),
        steps=tuple((step, steps.count(step)) for step in dict.fromkeys(steps)),
        smallest_difference=smallest_difference(len(cases)),
        median_ms=median(times),
        p95_ms=percentile(times, 95),
        usage=_usage([case.usage for case in cases if case.usage is not None]),
    )


def rows(summary: Summary) -> tuple[tuple[str, Share], ...]:
    """The shares of a summary beside those by kind, each with its label, for every kind of report."""
    return (
        ("answerable: correct and cited", summary.answerable),
        ("answers given that are right", summary.answered_correct),
        ("refused of the unanswerable", summary.refusal.recall),
        ("unanswerable of the refused", summary.refusal.precision),
        ("figures, leading one (strict)", summary.strict_figures),
        ("figures, any one (lenient)", summary.lenient_figures),
        ("judgments", summary.judgments),
        ("answer contained anywhere", summary.contained),
        ("right report", summary.right_report),
        ("right page", summary.right_page),
        ("statements that citations support", summary.citation_recall),
        ("citations that are needed", summary.citation_precision),
        (f"answer among {SEARCHED} passages searched", summary.found),
    )


def kinds(cases: Sequence[CaseResult]) -> tuple[str, ...]:
    """The kinds of the cases in the order in which they first come."""
    return tuple(dict.fromkeys(case.kind for case in cases))


def correct(cases: Sequence[CaseResult]) -> Share:
    """How many of the cases are correct."""
    return Share(sum(1 for case in cases if case.correct), len(cases))


def _usage(each: Sequence[Usage]) -> Usage | None:
    """What was taken in all, as one record."""
    if not each:
        return None
    dropped: Counter[str] = Counter()
    for one in each:
        dropped.update(one.dropped)
    return Usage(
        model=each[0].model,
        calls=sum(one.calls for one in each),
        tokens_in=sum(one.tokens_in for one in each),
        tokens_out=sum(one.tokens_out for one in each),
        seconds=round(sum(one.seconds for one in each), 3),
        estimated=any(one.estimated for one in each),
        statements=sum(one.statements for one in each),
        kept=sum(one.kept for one in each),
        dropped=dict(dropped.most_common()),
    )


def _share(held: Sequence[bool | None]) -> Share:
    """The share of what holds, of the cases to which it applies."""
    known = [one for one in held if one is not None]
    return Share(sum(known), len(known))


def _sum(shares: Sequence[Share]) -> Share:
    return Share(sum(share.hits for share in shares), sum(share.total for share in shares))

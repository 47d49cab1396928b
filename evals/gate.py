"""Does a run pass? The suite's policy, applied.

0: held. 1: got worse, or below a threshold. 2 (could not run) is the caller's, for any `CitewellError`.
"""

from .baseline import Comparison
from .metrics import Share
from .paired import ALPHA
from .run import SuiteResult
from .summary import summarise


def failures(result: SuiteResult, comparison: Comparison | None) -> tuple[str, ...]:
    """Why a run fails, a sentence each; `()` where it passes.

    The floors hold with a baseline and without. A suite without any unanswerable case, or without any answerable one,
    is held to the other floor alone.
    """
    return (*_always(result), *(_compared(result, comparison) if comparison is not None else ()))


def exit_code(result: SuiteResult, comparison: Comparison | None) -> int:
    """1 where the run fails, else 0."""
    return 1 if failures(result, comparison) else 0


def _always(result: SuiteResult) -> list[str]:
    summary, policy = summarise(result), result.policy
    found = []
    if summary.unsupported:
        ids = [case.id for case in result.cases if case.unsupported]
        found.append(f"{summary.unsupported} figures without support in their quotations: {', '.join(ids)}.")
    for what, share, floor in (
        ("answerable cases correct and cited", summary.answerable, policy.answerable_floor),
        ("unanswerable cases refused", summary.refusal.recall, policy.refusal_recall_floor),
    ):
        if share.total and not share.at_least(floor):
            found.append(f"{_shown(share)} of the {what}: the floor is {floor:.1%}.")
    return found


def _compared(result: SuiteResult, comparison: Comparison) -> list[str]:
    policy = result.policy
    found = []
    if comparison.missing:
        found.append(f"Cases of the baseline are missing: {', '.join(comparison.missing)}.")
    if comparison.worse_figures and not policy.figures_may_flip:
        found.append(f"Known figures got worse: {', '.join(comparison.worse_figures)}.")
    if comparison.worse_judgments and not policy.judgments_may_flip:
        found.append(f"Known judgments got worse: {', '.join(comparison.worse_judgments)}.")
    for kind, moved in comparison.by_kind:
        if moved < -policy.points_down:
            found.append(f"Kind {kind} lost {-moved:.1f} points: the policy allows {policy.points_down:g}.")
    if len(comparison.worse) > len(comparison.better) and comparison.p_value < ALPHA:
        found.append(
            f"{len(comparison.worse)} cases got worse and {len(comparison.better)} better, "
            f"which chance gives with p = {comparison.p_value:.4f}."
        )
    return found


def _shown(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.1%}"

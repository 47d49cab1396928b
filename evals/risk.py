"""Risk and coverage: how wrong the answers are if only the surest are given."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """`points` are (coverage, risk), both 0 to 1, from the surest answers to all that were given. `area` is the mean
    risk over the answers as they are added one by one, lower is better, None where no answer was given."""

    points: tuple[tuple[float, float], ...]
    area: float | None


def risk_coverage(confidences: Sequence[float], wrong: Sequence[bool], asked: int) -> Curve:
    """The curve over the answers given to `asked` questions; `confidences`: higher is surer.

    Coverage is the share of the questions answered, risk the share of those answers that are wrong (an answer to a
    question that the reports do not answer is wrong). Answers of equal confidence are added together. R. El-Yaniv and
    Y. Wiener, "On the foundations of noise-free selective classification", JMLR 11 (2010), and, for the area, Y.
    Geifman, G. Uziel and R. El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", ICLR 2019.
    """
    groups: dict[float, list[bool]] = {}
    for confidence, missed in zip(confidences, wrong, strict=True):
        groups.setdefault(confidence, []).append(missed)
    points, given, errors, total = [], 0, 0.0, 0.0
    for confidence in sorted(groups, reverse=True):
        group = groups[confidence]
        share = sum(group) / len(group)
        for _ in group:  # within a tie every order is as good: each answer adds the group's mean error
            given, errors = given + 1, errors + share
            total += errors / given
        points.append((given / asked, errors / given))
    return Curve(tuple(points), total / given if given else None)

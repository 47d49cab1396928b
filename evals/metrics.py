"""Small pure measures. A share of nothing is None, never nan: it is printed as "–" and passes no threshold."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution: a two-sided 95 % interval


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`; `value`, `low` and `high` (Wilson, 95 %) are between 0 and 1, None where `total` is 0."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson_interval(self.hits, self.total) if self.total else None

    def at_least(self, floor: float) -> bool:
        """Whether the share reaches `floor`; a share of nothing does not."""
        return self.value is not None and self.value >= floor


@dataclass(frozen=True, slots=True)
class Refusal:
    """`recall`: of the questions that the reports do not answer, the share refused. `precision`: of those refused,
    the share that the reports do not answer. Both as in retrieval, with "refused" for "retrieved"."""

    recall: Share
    precision: Share


def wilson_interval(hits: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share, between 0 and 1. Raises ValueError unless 0 <= hits <= total and total > 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927), pages 209 to 212: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    if not 0 <= hits <= total or total == 0:
        raise ValueError(f"{hits} of {total} is not a share")
    share = hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def refusal(answerable: Sequence[bool], refused: Sequence[bool]) -> Refusal:
    """Precision and recall of refusing, over cases in the same order."""
    pairs = list(zip(answerable, refused, strict=True))
    right = sum(1 for can, no in pairs if no and not can)
    return Refusal(
        recall=Share(right, sum(1 for can, _ in pairs if not can)),
        precision=Share(right, sum(1 for _, no in pairs if no)),
    )


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed.

    It is always one of the values (definition 1 of Hyndman and Fan, "Sample quantiles in statistical packages",
    The American Statistician 50 (1996), pages 361 to 365). None for no values.
    """
    if not values:
        return None
    return sorted(values)[max(1, math.ceil(len(values) * percent / 100)) - 1]


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two in the middle; None for no values."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def refusal_f1(measured: Refusal) -> float | None:
    """The harmonic mean of precision and recall of refusing, 0 to 1; None where both are of nothing.

    C. J. van Rijsbergen, "Information Retrieval" (2nd edition, 1979), chapter 7, with equal weights.
    """
    precision, recall = measured.precision.value, measured.recall.value
    if precision is None and recall is None:
        return None
    if not precision or not recall:
        return 0.0
    return 2 * precision * recall / (precision + recall)


def reciprocal_rank(ranks: Sequence[int | None]) -> float | None:
    """The mean over questions of 1/rank (from 1) of the first right result, 0 where there is none; None for none.

    E. M. Voorhees, "The TREC-8 Question Answering Track Report", TREC-8 (1999), section 3.
    """
    return sum(0.0 if rank is None else 1 / rank for rank in ranks) / len(ranks) if ranks else None


def recall_at(ranks: Sequence[int | None], k: int) -> Share:
    """Of the questions, the share whose first right result is among the first `k` (recall at k, one right needed)."""
    return Share(sum(1 for rank in ranks if rank is not None and rank <= k), len(ranks))

"""Compare two runs over the same cases: is the difference more than chance, and what could it show at all?"""

import math
import random
from collections.abc import Sequence

from .metrics import Share

ALPHA = 0.05  # a difference that chance gives more rarely than this is called significant
RESAMPLES = 2000


def mcnemar(worse: int, better: int) -> float:
    """The two-sided p-value of exactly this many flips, or a less even split, if each way were as likely.

    The exact form of Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12 (1947), pages 153 to 157: binomial with share 1/2 over the flips. 1 for no flip.
    Raises ValueError for a negative count.
    """
    if worse < 0 or better < 0:
        raise ValueError(f"{worse} and {better} are not counts of flips")
    flips = worse + better
    tail = sum(math.comb(flips, k) for k in range(min(worse, better) + 1))
    return min(1.0, 2 * tail / (1 << flips))


def smallest_difference(cases: int, alpha: float = ALPHA) -> float | None:
    """The smallest difference, in percentage points, that this many paired cases can show at all: the fewest flips,
    all one way, for which `mcnemar` is below `alpha`. None where all of them flipping would not do."""
    flips = next((n for n in range(1, cases + 1) if mcnemar(n, 0) < alpha), None)
    return None if flips is None else 100 * flips / cases


def cluster_interval(
    clusters: Sequence[str], hits: Sequence[bool], *, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % percentile interval of a share when whole clusters are drawn again, between 0 and 1.

    Cases on one report are right or wrong together, so drawing cases would make the interval too narrow. A. C. Davison
    and D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8. None for fewer than two clusters.
    The same seed gives the same interval.
    """
    totals: dict[str, list[int]] = {}
    for cluster, hit in zip(clusters, hits, strict=True):
        counts = totals.setdefault(cluster, [0, 0])
        counts[0] += hit
        counts[1] += 1
    if len(totals) < 2:
        return None
    pool, draw = [(h, n) for h, n in totals.values()], random.Random(seed)
    shares = []
    for _ in range(resamples):
        drawn = draw.choices(pool, k=len(pool))
        shares.append(sum(h for h, _ in drawn) / sum(n for _, n in drawn))
    shares.sort()
    return shares[int(0.025 * resamples)], shares[math.ceil(0.975 * resamples) - 1]


def points(before: Share, now: Share) -> float | None:
    """How many percentage points a share moved, None where either is of nothing."""
    return None if before.value is None or now.value is None else 100 * (now.value - before.value)

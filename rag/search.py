"""Search: the passages that may answer, those first whose evidence answers best.

A passage is as good as the best evidence in it that was ranked; the others follow as the searches put them.
"""

from collections.abc import Sequence
from dataclasses import replace

from index import Library

from .rank import Ranked
from .records import Hit
from .retrieve import hit_of


def by_evidence(library: Library, hits: Sequence[Hit], ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
    """The passages in the order of the best evidence in each, with that order; those of `hits` without ranked evidence
    after them, as given. A passage that only its evidence brought is among them, without scores of its own."""
    found: dict[tuple[str, int], Hit] = {}
    for one in ranked:
        hit = next((hit for hit in hits if _within(one, hit)), None) or _passage(library, one)
        if hit is not None:
            found.setdefault((hit.report_id, hit.start), replace(hit, evidence_order=one.order))
    rest = (hit for hit in hits if (hit.report_id, hit.start) not in found)
    return (*found.values(), *rest)


def _passage(library: Library, ranked: Ranked) -> Hit | None:
    """The passage that evidence begins in; None where it stands outside all, as a report's title may."""
    passages = library.passages(ranked.evidence.report.report_id)
    return next((hit for p in passages if _within(ranked, hit := hit_of(library, p))), None)


def _within(ranked: Ranked, hit: Hit) -> bool:
    evidence = ranked.evidence
    return evidence.report.report_id == hit.report_id and hit.start <= evidence.start < hit.end

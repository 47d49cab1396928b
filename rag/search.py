"""Search: the passages that may answer, those first whose evidence answers best.

A passage is as good as the best evidence in it that was ranked; the others follow as the searches put them. What
several reports have in the same words, as twins have and boilerplate, is one hit.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index import Library

from .rank import Ranked
from .records import AlsoIn, Hit
from .retrieve import hit_of

_WORDS = re.compile(r"[^\W_]+(?:[.,]\d+)*|[-−–+£$€%](?=\d)|(?<=\d)%|(?<=\d\s)%")  # signs of a figure are of its words


def by_evidence(library: Library, hits: Sequence[Hit], ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
    """The passages in the order of the best evidence in each, with that order; those of `hits` without ranked evidence
    after them, as given. A passage that only its evidence brought is among them, without scores of its own."""
    found: dict[tuple[str, int], Hit] = {}
    for one in ranked:
        hit = next((hit for hit in hits if _within(one, hit)), None) or _passage(library, one)
        if hit is not None:
            best = replace(
                hit,
                evidence_order=one.order,
                reader_score=one.measures.score,
                answer_probability=one.answer_probability,
            )
            found.setdefault((hit.report_id, hit.start), best)
    rest = (hit for hit in hits if (hit.report_id, hit.start) not in found)
    return (*found.values(), *rest)


def _passage(library: Library, ranked: Ranked) -> Hit | None:
    """The passage that evidence begins in; None where it stands outside all, as a report's title may."""
    passages = library.passages(ranked.evidence.report.report_id)
    return next((hit for p in passages if _within(ranked, hit := hit_of(library, p))), None)


def _within(ranked: Ranked, hit: Hit) -> bool:
    evidence = ranked.evidence
    return evidence.report.report_id == hit.report_id and hit.start <= evidence.start < hit.end


def once_each(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits with the same passage of several reports taken once, at the place of the best, which names the others.

    The same is what differs in nothing but case, punctuation and blanks: another figure or year is another passage."""
    kept: dict[str, list[Hit]] = {}
    for number, hit in enumerate(hits):
        words = " ".join(_WORDS.findall(hit.text)).lower()
        kept.setdefault(words or str(number), []).append(hit)
    alike: list[Hit] = []
    for group in kept.values():
        first = group[0]
        others = {hit.report_id: AlsoIn(hit.report_id, hit.title, hit.file) for hit in group[1:]}
        others.pop(first.report_id, None)
        alike.append(replace(first, also_in=tuple(others.values())))
        alike += [hit for hit in group[1:] if hit.report_id == first.report_id]
    places = {(hit.report_id, hit.start): number for number, hit in enumerate(hits)}
    return tuple(sorted(alike, key=lambda hit: places[hit.report_id, hit.start]))

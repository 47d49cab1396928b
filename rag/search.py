"""Search: the passages that may answer, those first whose evidence answers best.

A passage is as good as the best evidence in it that was ranked; the others follow as the searches put them. What
several reports have in the same words, as twins have and boilerplate, is one hit.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index import Library

from .draft import Place
from .rank import Ranked
from .records import AlsoIn, Hit
from .retrieve import Evidence, hit_of

_WORDS = re.compile(r"[^\W_]+(?:[.,]\d+)*|[+£$€%]|[-−–](?=\d)")  # signs of a figure are of its words


def by_evidence(
    library: Library, hits: Sequence[Hit], ranked: Sequence[Ranked], unread: Sequence[Evidence]
) -> tuple[Hit, ...]:
    """The passages in the order of the best evidence in each, with that order; then those of the evidence that was not
    read, as given, and the others of `hits`, as given. A passage that only its evidence brought is among them, without
    scores of its own."""
    found: dict[tuple[str, int], Hit] = {}
    for one in ranked:
        hit = _hit_at(library, hits, one.evidence.report.report_id, one.evidence.start)
        if hit is not None:
            best = replace(
                hit,
                evidence_order=one.order,
                reader_score=one.measures.score,
                answer_probability=one.answer_probability,
            )
            found.setdefault((hit.report_id, hit.start), best)
    for piece in unread:
        hit = _hit_at(library, hits, piece.report.report_id, piece.start)
        if hit is not None:
            found.setdefault((hit.report_id, hit.start), hit)
    rest = (hit for hit in hits if (hit.report_id, hit.start) not in found)
    return (*found.values(), *rest)


def holding_first(library: Library, hits: Sequence[Hit], places: Sequence[Place]) -> tuple[Hit, ...]:
    """The passages that `places` begin in, in their order, then the others of `hits`, as given."""
    held: dict[tuple[str, int], Hit] = {}
    for place in places:
        hit = _hit_at(library, hits, place.report.report_id, place.start)
        if hit is not None:
            held.setdefault((hit.report_id, hit.start), hit)
    return (*held.values(), *(hit for hit in hits if (hit.report_id, hit.start) not in held))


def _hit_at(library: Library, hits: Sequence[Hit], report_id: str, at: int) -> Hit | None:
    """The passage that holds the character at `at` of a report, with its scores where it is among `hits`; None where
    that stands outside all, as a report's title may."""
    hit = next((hit for hit in hits if hit.report_id == report_id and hit.start <= at < hit.end), None)
    if hit is not None:
        return hit
    passage = library.passage_at(report_id, at)
    return None if passage is None else hit_of(library, passage)


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

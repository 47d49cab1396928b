"""Retrieve: the passages and statements that may answer, by meaning and by words, fused by reciprocal rank."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Library
from index.records import Figure, Judgment, Passage, PassageHit, ReportInfo, Statement, StatementHit

from .features import Candidate
from .records import Hit
from .scope import Reach
from .stages import Stages
from .understand import Question

PASSAGES = 24  # from each search
STATEMENTS = 30  # from each search
RRF_K = 60  # Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009
UNMEASURED = 0.5  # cosine distance of a statement where the vector search is left out
EVERY_STAGE = Stages()
AROUND = 400  # characters on each side that count as a statement's passage where none was retrieved


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence, table row or judgment line that may answer, with its place and the measures to rank it by."""

    report: ReportInfo
    start: int
    end: int
    page: int | None
    page_label: str | None
    section: tuple[str, ...]
    figures: tuple[Figure, ...]
    judgments: tuple[Judgment, ...]
    candidate: Candidate
    passage_start: int

    @property
    def text(self) -> str:
        """What would be quoted."""
        return self.candidate.text


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What the searches brought: passages best first, and the evidence cut from them, not yet ranked."""

    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]


def retrieve(
    library: Library, question: Question, reach: Reach, stages: Stages = EVERY_STAGE, passages: int = PASSAGES
) -> Retrieved:
    """Passages, at most `passages` from each search, and evidence for `question` from the reports within `reach`.

    The reports of a year that the question names are searched a second time by themselves, so that those of other
    years cannot crowd them out.
    """
    ids = None if reach.everything else reach.ids
    looks = [(STATEMENTS, ids)]
    if reach.preferred and len(reach.preferred) < len(reach.reports):
        looks.append((STATEMENTS // 2, reach.preferred))
    dense: Sequence[PassageHit] = ()
    lexical: Sequence[PassageHit] = ()
    stated: list[Sequence[StatementHit]] = []
    if stages.dense:
        vector = library.embed_query(question.body)
        dense = library.dense_passages(vector, passages, ids)
        stated += [library.dense_statements(vector, count, within) for count, within in looks]
    if stages.words:
        lexical = library.lexical_passages(question.text, passages, ids)
        stated += [library.lexical_statements(question.text, count, within) for count, within in looks]
    near, worded = dense[:PASSAGES], lexical[:PASSAGES]  # evidence does not depend on how many passages are wanted
    return Retrieved(_fuse(library, dense, lexical), _evidence(library, stated, near, worded))


def _fuse(library: Library, dense: Sequence[PassageHit], lexical: Sequence[PassageHit]) -> tuple[Hit, ...]:
    fused: dict[str, float] = {}
    distance: dict[str, float] = {}
    bm25: dict[str, float] = {}
    ranks: tuple[dict[str, int], dict[str, int]] = ({}, {})
    passages = {}
    for ranked, own in zip((dense, lexical), ranks, strict=True):
        for rank, found in enumerate(ranked):
            key = found.passage.passage_id
            passages[key] = found.passage
            own[key] = rank + 1
            fused[key] = fused.get(key, 0.0) + 1.0 / (RRF_K + rank + 1)
            if found.cosine_distance is not None:
                distance.setdefault(key, found.cosine_distance)
            if found.bm25_score is not None:
                bm25.setdefault(key, found.bm25_score)
    best_first = sorted(fused, key=lambda key: (-fused[key], key))
    return tuple(
        replace(
            hit_of(library, passages[key], distance.get(key), bm25.get(key), fused[key]),
            dense_rank=ranks[0].get(key),
            lexical_rank=ranks[1].get(key),
        )
        for key in best_first
    )


def hit_of(
    library: Library, p: Passage, distance: float | None = None, bm25: float | None = None, fused: float = 0.0
) -> Hit:
    """A passage as a search returns it, with the scores of those that found it."""
    r = library.report(p.report_id)
    return Hit(
        p.report_id, r.file, r.title, r.organisation, r.year, p.page, p.page_label, p.section, p.text, p.start, p.end,
        distance, bm25, fused,
    )  # fmt: skip


def _evidence(
    library: Library,
    stated: Sequence[Sequence[StatementHit]],
    dense: Sequence[PassageHit],
    lexical: Sequence[PassageHit],
) -> tuple[Evidence, ...]:
    """Each statement once, with the measures of every search that returned it.

    A statement that only the word search returned is at most as near as the furthest that the vector search did, and
    as far as a statement often is where there was no vector search.
    """
    distances = (h.cosine_distance for hits in stated for h in hits if h.cosine_distance is not None)
    furthest = max(distances, default=UNMEASURED)
    found: dict[tuple[str, int, int], tuple[Statement, float, int | None]] = {}
    for hits in stated:
        for rank, hit in enumerate(hits):
            key = (hit.statement.report_id, hit.statement.start, hit.statement.end)
            _, distance, word_rank = found.get(key, (None, furthest, None))
            if hit.cosine_distance is not None:
                distance = min(distance, hit.cosine_distance)
            elif word_rank is None:
                word_rank = rank
            found[key] = (hit.statement, distance, word_rank)
    return tuple(
        _piece(library, statement, 1.0 - distance, word_rank, dense, lexical)
        for statement, distance, word_rank in found.values()
    )


def _piece(
    library: Library,
    s: Statement,
    cosine: float,
    word_rank: int | None,
    dense: Sequence[PassageHit],
    lexical: Sequence[PassageHit],
) -> Evidence:
    text = library.text(s.report_id)
    report = library.report(s.report_id)
    near, worded = _around(s, dense), _around(s, lexical)
    passage = near or worded
    begin = passage[1].passage.start if passage else max(0, s.start - AROUND)
    until = max(s.end, passage[1].passage.end) if passage else s.end + AROUND
    distance = near[1].cosine_distance if near else None
    candidate = Candidate(
        text=text[s.start : s.end],
        meaning=s.meaning,
        passage=text[begin:until],
        header=s.header,
        kind=s.kind,
        cosine_statement=cosine,
        cosine_passage=1.0 - distance if distance is not None else cosine,
        lexical_rank=worded[0] if worded else word_rank,
        dense_rank=near[0] if near else None,
        report_year=report.year,
    )
    return Evidence(report, s.start, s.end, s.page, s.page_label, s.section, s.figures, s.judgments, candidate, begin)


def _around(s: Statement, ranked: Sequence[PassageHit]) -> tuple[int, PassageHit] | None:
    """The retrieved passage that a statement stands in, with its rank."""
    for rank, hit in enumerate(ranked):
        p = hit.passage
        if p.report_id == s.report_id and p.start <= s.start < p.end:
            return rank, hit
    return None

"""Retrieve: the passages and statements that may answer, by meaning and by words, fused by reciprocal rank."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index import Library
from index.records import Figure, Judgment, PassageHit, ReportInfo, Statement, StatementHit
from index.sentences import sentence_spans
from index.tables import CAPTION
from index.terms import terms

from .features import Candidate, Weight
from .records import Hit
from .scope import Reach
from .understand import Question

PASSAGES = 30  # from each search
STATEMENTS = 24  # from each search
OPENED = 10  # fused passages whose sentences become candidates
EMBEDDED = 20  # sentences without a stored vector that are embedded for one question, most word overlap first
RRF_K = 60  # Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009
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


def search(library: Library, text: str, k: int, report_ids: frozenset[str] | None) -> tuple[Hit, ...]:
    """The `k` best passages for `text`, dense and lexical ranks fused."""
    deep = max(PASSAGES, k)
    dense = library.dense_passages(library.embed_query(text), deep, report_ids)
    lexical = library.lexical_passages(text, deep, report_ids)
    return _fuse(library, dense, lexical)[:k]


def retrieve(library: Library, question: Question, reach: Reach, weight: Weight) -> Retrieved:
    """Passages and evidence for `question` from the reports within `reach`."""
    ids = None if reach.everything else reach.ids
    vector = library.embed_query(question.text)
    dense = list(library.dense_passages(vector, PASSAGES, ids))
    lexical = list(library.lexical_passages(question.text, PASSAGES, ids))
    stated = [
        *library.dense_statements(vector, STATEMENTS, ids),
        *library.lexical_statements(question.text, STATEMENTS, ids),
    ]
    if reach.preferred and len(reach.preferred) < len(reach.reports):
        stated += library.dense_statements(vector, STATEMENTS // 2, reach.preferred)
        stated += library.lexical_statements(question.text, STATEMENTS // 2, reach.preferred)
        dense += [h for h in library.dense_passages(vector, PASSAGES // 3, reach.preferred) if h not in dense]
    hits = _fuse(library, dense, lexical)
    return Retrieved(hits, _evidence(library, question, vector, hits, dense, lexical, stated, weight))


def _fuse(library: Library, dense: Sequence[PassageHit], lexical: Sequence[PassageHit]) -> tuple[Hit, ...]:
    fused: dict[str, float] = {}
    distance: dict[str, float] = {}
    bm25: dict[str, float] = {}
    passages = {}
    for ranked in (dense, lexical):
        for rank, found in enumerate(ranked):
            key = found.passage.passage_id
            passages[key] = found.passage
            fused[key] = fused.get(key, 0.0) + 1.0 / (RRF_K + rank + 1)
            if found.cosine_distance is not None:
                distance.setdefault(key, found.cosine_distance)
            if found.bm25_score is not None:
                bm25.setdefault(key, found.bm25_score)
    hits = []
    for key in sorted(fused, key=lambda key: (-fused[key], key)):
        p = passages[key]
        report = library.report(p.report_id)
        hits.append(
            Hit(
                p.report_id,
                report.file,
                report.title,
                report.organisation,
                report.year,
                p.page,
                p.page_label,
                p.section,
                p.text,
                p.start,
                p.end,
                distance.get(key),
                bm25.get(key),
                fused[key],
            )
        )
    return tuple(hits)


@dataclass(frozen=True, slots=True)
class _Found:
    """Evidence before its cosine is known."""

    report: ReportInfo
    start: int
    end: int
    page: int | None
    page_label: str | None
    section: tuple[str, ...]
    meaning: str
    header: str
    kind: str
    figures: tuple[Figure, ...]
    judgments: tuple[Judgment, ...]
    cosine: float | None
    rank: int | None


def _evidence(
    library: Library,
    question: Question,
    vector: object,
    hits: Sequence[Hit],
    dense: Sequence[PassageHit],
    lexical: Sequence[PassageHit],
    stated: Iterable[StatementHit],
    weight: Weight,
) -> tuple[Evidence, ...]:
    found: dict[tuple[str, int, int], _Found] = {}
    for rank, hit in enumerate(stated):
        s = hit.statement
        key = (s.report_id, s.start, s.end)
        cosine = None if hit.cosine_distance is None else 1.0 - hit.cosine_distance
        known = found.get(key)
        if known is None or known.cosine is None:
            found[key] = _of_statement(library, s, cosine, rank if hit.bm25_score is not None else None)
    headers = {h.passage.passage_id: h.passage.header for h in (*dense, *lexical)}
    places = {(h.passage.report_id, h.passage.start): h.passage.passage_id for h in (*dense, *lexical)}
    for opened in hits[:OPENED]:
        header = headers[places[opened.report_id, opened.start]]
        for start, end in sentence_spans(opened.text, opened.start):
            if any(key[0] == opened.report_id and key[1] <= start < key[2] for key in found):
                continue
            text = opened.text[start - opened.start : end - opened.start]
            if not _says_something(text):
                continue
            found[opened.report_id, start, end] = _Found(
                library.report(opened.report_id), start, end, opened.page, opened.page_label, opened.section,
                text, header, "sentence", (), (), None, None,
            )  # fmt: skip
    return _with_measures(library, question, vector, list(found.values()), dense, lexical, weight)


def _says_something(text: str) -> bool:
    """Whether a line is a sentence or an item of some length: captions, labels and source lines answer nothing."""
    if CAPTION.match(text):
        return False
    return text.rstrip("\"'”’)¹²³⁴⁵⁶⁷⁸⁹⁰")[-1:] in ".!?:;" or len(text) > 90


def _of_statement(library: Library, s: Statement, cosine: float | None, rank: int | None) -> _Found:
    return _Found(
        library.report(s.report_id), s.start, s.end, s.page, s.page_label, s.section,
        s.meaning, s.header, s.kind, s.figures, s.judgments, cosine, rank,
    )  # fmt: skip


def _with_measures(
    library: Library,
    question: Question,
    vector: object,
    found: list[_Found],
    dense: Sequence[PassageHit],
    lexical: Sequence[PassageHit],
    weight: Weight,
) -> tuple[Evidence, ...]:
    bare = [f for f in found if f.cosine is None]
    bare.sort(key=lambda f: -_overlap(question, f"{f.header} {f.meaning}", weight))
    bare = bare[:EMBEDDED]
    vectors = library.embed_texts([f"{f.header}\n{f.meaning}" for f in bare])
    cosines = {id(f): float(v @ vector) for f, v in zip(bare, vectors, strict=True)}  # type: ignore[operator]
    evidence = []
    for f in found:
        cosine = f.cosine if f.cosine is not None else cosines.get(id(f))
        if cosine is None:
            continue
        around = _around(f, dense)
        words = _around(f, lexical)
        passage = around or words
        text = library.text(f.report.report_id)
        begin = passage[1].passage.start if passage else max(0, f.start - AROUND)
        until = max(f.end, passage[1].passage.end) if passage else f.end + AROUND
        context = text[begin:until]
        distance = around[1].cosine_distance if around else None
        candidate = Candidate(
            text=text[f.start : f.end],
            meaning=f.meaning,
            passage=context,
            header=f.header,
            kind=f.kind,
            cosine_statement=cosine,
            cosine_passage=1.0 - distance if distance is not None else cosine,
            lexical_rank=words[0] if words else f.rank,
            dense_rank=around[0] if around else None,
            report_year=f.report.year,
        )
        evidence.append(
            Evidence(
                f.report, f.start, f.end, f.page, f.page_label, f.section, f.figures, f.judgments, candidate, begin
            )  # fmt: skip
        )
    return tuple(evidence)


def _around(f: _Found, ranked: Sequence[PassageHit]) -> tuple[int, PassageHit] | None:
    """The retrieved passage that the evidence stands in, with its rank."""
    for rank, hit in enumerate(ranked):
        p = hit.passage
        if p.report_id == f.report.report_id and p.start <= f.start < p.end:
            return rank, hit
    return None


def _overlap(question: Question, text: str, weight: Weight) -> float:
    said = frozenset(terms(text))
    return sum(weight(term) for term in question.terms if term in said)

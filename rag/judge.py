"""Answer a question about judgments from the typed record: which grade, on what, in which year."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.grades import canonical_grade
from index.records import Judgment, ReportInfo, Statement
from index.terms import terms

from .clarify import organisations_of
from .draft import Draft, Piece, Place
from .features import Weight
from .names import names_lacking
from .records import Note
from .understand import Question

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

# Words that every question about a judgment may use: they say nothing of what was judged.
_COMMON = frozenset(
    term
    for word in "judgment judgement judge judged grade graded grading rate rated rating assess assessed "
    "assessment verdict overall inspection inspect inspector inspectors "
    "inspectorate report force police council trust organisation result outcome score get receive "
    "received given give award awarded perform performance well good inadequate "
    "outstanding requires improvement adequate satisfactory latest last recent year did what how was "
    "previous history change changed time conclude find found conclusion "
    "peel official come call called level mark marks category way judgments grades previously "
    "earlier before reached page "
    "january february march april may june july august september october november december find "
    "consider describe say most recently said according efficient".split()
    for term in terms(word)
)
ASPECT_SHARE = 0.5  # share of the question's own term weight that an aspect's words must cover
ASPECT_COSINE = 0.45  # or how near in meaning (cosine) the question's own words must be to the aspect


@dataclass(frozen=True, slots=True)
class Record:
    """A judgment with the statement that states it and the report that this stands in."""

    judgment: Judgment
    statement: Statement
    report: ReportInfo

    @property
    def year(self) -> int | None:
        """The year judged: as stated, else the report's."""
        return self.judgment.year if self.judgment.year is not None else self.report.year


def records(statements: Iterable[Statement], report_of: Callable[[str], ReportInfo]) -> tuple[Record, ...]:
    """Every judgment of the statements, the report's own before what it recalls of others."""
    found = [Record(j, s, report_of(s.report_id)) for s in statements for j in s.judgments]
    return tuple(
        sorted(found, key=lambda r: (-(r.year or 0), r.year != r.report.year, r.report.report_id, r.judgment.start))
    )


def judge(question: Question, known: Sequence[Record], years: Sequence[int], embed: Embed, weight: Weight) -> Draft:
    """The judgments that answer; an empty draft where the record holds none for that aspect and year."""
    if any(
        names_lacking(
            question.names, (r.statement.header, r.statement.text), (r.report.organisation, r.report.publisher)
        )
        for r in known[:1]
    ):
        return Draft()
    asked = tuple(years) or question.years
    inside = [r for r in known if not asked or r.year in asked]
    if not inside:
        return Draft()
    own = [t for t in question.terms if t not in _COMMON and t not in _organisation_terms(known)]
    chosen = _of_aspect(question, own, inside, embed, weight) if own else [r for r in inside if r.judgment.overall]
    if not chosen:
        return Draft()
    best = one_a_year(chosen)
    if asked and len(best) > len(set(asked)):
        best = best[: len(set(asked))]
    pieces = tuple(judgment_piece(record) for record in best)
    judged = organisations_of(r.report.organisation for r in chosen)
    return Draft(pieces, _premise(question, best), organisations=judged)


def _organisation_terms(known: Sequence[Record]) -> frozenset[str]:
    named = {r.report.organisation or "" for r in known} | {r.report.publisher or "" for r in known}
    return frozenset(term for name in named for term in terms(name))


def _of_aspect(
    question: Question, own: Sequence[str], inside: Sequence[Record], embed: Embed, weight: Weight
) -> list[Record]:
    """The records whose aspect is the one asked for: by its words, else by its meaning."""
    total = sum(weight(t) for t in own) or 1.0
    shares = [sum(weight(t) for t in own if t in _said(r)) / total for r in inside]
    vectors = embed([question.text, *(f"{r.judgment.aspect}" for r in inside)])
    cosines = [float(c) for c in vectors[1:] @ vectors[0]]
    scored = [
        (share + cosine, record)
        for share, cosine, record in zip(shares, cosines, inside, strict=True)
        if share >= ASPECT_SHARE or cosine >= ASPECT_COSINE
    ]
    if not scored:
        return []
    top = max(score for score, _ in scored)
    near = [(score, record) for score, record in scored if score >= top - 0.25]
    best_aspect = max(near, key=lambda pair: (pair[0], pair[1].judgment.overall))[1]
    overall = best_aspect.judgment.overall
    return [record for score, record in sorted(near, key=lambda pair: -pair[0]) if record.judgment.overall == overall]


def _said(record: Record) -> frozenset[str]:
    named = f" {record.report.title}" if record.judgment.overall else ""
    return frozenset(terms(record.judgment.aspect + named))


def one_a_year(chosen: Sequence[Record]) -> list[Record]:
    """The best record of each year, latest first. Sentences that state grade and aspect are preferred to bare lines,
    and a report's own judgment to what a later report recalls."""
    best: dict[int | None, Record] = {}
    for record in chosen:
        known = best.get(record.year)
        if known is None or _clarity(record) > _clarity(known):
            best[record.year] = record
    return sorted(best.values(), key=lambda r: -(r.year or 0))


def _clarity(record: Record) -> tuple[bool, bool]:
    return record.year == record.report.year, record.statement.kind == "sentence" and record.judgment.overall


def judgment_piece(record: Record) -> Piece:
    """The statement of a judgment: the grade, on what, of whom and in which year."""
    s, j = record.statement, record.judgment
    grade = j.grade[0].upper() + j.grade[1:]
    about = f" – {j.aspect}" if j.aspect else ""
    who = ", ".join(str(part) for part in (record.report.organisation, record.year) if part)
    place = Place(record.report, s.start, s.end, s.page, s.page_label, s.section)
    return Piece(grade, f"{about} ({who})" if who else about, place, (), (replace(j, year=record.year),))


def _premise(question: Question, best: Sequence[Record]) -> tuple[Note, ...]:
    """A note where the question takes for granted a grade that the record contradicts."""
    if (
        len(question.grades) != 1
        or not best
        or not re.search(r"\bjudged?\b|\bgraded?\b|\brated?\b|\bassess(?:ed)?\b", question.text, re.IGNORECASE)
    ):
        return ()
    supposed = canonical_grade(question.grades[0])
    first = best[0]
    if supposed == first.judgment.grade or question.kind == "yes_no":
        return ()
    return (
        Note("false_premise", f"The question supposes “{supposed}”; the report says “{first.judgment.grade}”.", (1,)),
    )

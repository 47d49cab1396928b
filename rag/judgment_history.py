"""The history of a judgment: one grade a year and report from the typed record, each as a piece to be verified.

The report of the year itself is taken where it is there, and what a later one recalls only where it is not, or says
otherwise. Twins are one report.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.grades import GRADE, canonical_grade

from .aspects import aspect_terms, match_aspect, says_aspect
from .clarify import organisations_of
from .draft import Draft, Piece
from .judge import Record, judgment_piece
from .records import Note
from .understand import Question

MOST_NAMED = 6  # aspects on record that a note lists
_DEVELOPS = re.compile(
    r"\b(?:develop(?:ed|s)?|changed?|evolved?|trend|history of|over (?:time|the years)|year by year|each year"
    r"|from one (?:year|inspection) to the next"
    r"|(?:get |got |gone |become |became )?(?:better or worse|worse or better)"
    r"|improved? or (?:(?:get |got )?worse|worsen(?:ed)?|declined?|deteriorated?|fall(?:en)?|fell))\b",
    re.IGNORECASE,
)
_BEFORE_IT = re.compile(
    r"\b(?:(?P<year>(?:in )?the year)|(?:at |in )?the (?:inspection|time))? ?(?:just |right )?before "
    r"(?:it|they|the \w+|that) (?:was |were )?(?:fell|fall(?:ing)?|dropp?(?:ed)?|slipped|declined|went (?:down|up)|rose"
    r"|improved|moved|changed|(?:down|up)graded|became)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A grade of one year, with the piece that states it."""

    record: Record
    piece: Piece


@dataclass(frozen=True, slots=True)
class History:
    """Grades by organisation and year, and by report where one of them is not known. `conflicts` are the places in
    `judged` of different grades of one organisation, aspect and year. `others` are aspects that share the words of the
    question, or where nothing fits those that were judged."""

    judged: tuple[Judged, ...]
    conflicts: tuple[tuple[int, ...], ...]
    others: tuple[str, ...]


def judgment_history(text: str, known: Sequence[Record]) -> History:
    """The grades on record of the aspect that `text` names, of the whole where it names none."""
    known = [r for r in known if not _is_unsure(r, known)]
    asked = aspect_terms(text, [r.report.organisation for r in known])
    matched = match_aspect(asked, known)
    years: dict[tuple[str, int, str], list[Record]] = {}
    for record in matched.records:
        # Undated grades are last, and never of the same year as others. Of whom or when is not known is no series.
        known_series = record.report.organisation is not None and record.year is not None
        series = "" if known_series else record.report.twin_of
        years.setdefault((record.report.organisation or "", record.year or 9999, series), []).append(record)
    chosen: list[Record] = []
    conflicts: list[tuple[int, ...]] = []
    for key in sorted(years):
        of_year = _of_year(years[key], asked)
        first = len(chosen)
        chosen += of_year
        if not key[2] and any(_disagree(one, other) for one in of_year for other in of_year):
            conflicts.append(tuple(range(first, len(chosen))))
    others = matched.others if chosen else tuple(dict.fromkeys(r.judgment.aspect for r in known))
    return History(tuple(Judged(r, judgment_piece(r)) for r in chosen), tuple(conflicts), others[:MOST_NAMED])


def _of_year(found: Iterable[Record], asked: frozenset[str]) -> list[Record]:
    """The record that shows each grade of each report of the year best, then the grades that only others recall."""
    best: dict[tuple[str, str], Record] = {}
    for record in sorted(found, key=lambda r: _clarity(r, asked), reverse=True):
        best.setdefault((record.report.twin_of if _is_own(record) else "", record.judgment.grade), record)
    own = [record for (report, _), record in best.items() if report]
    graded = {record.judgment.grade for record in own}
    recalled = [record for (report, grade), record in best.items() if not report and grade not in graded]
    return sorted(own, key=lambda r: (r.report.twin_of, r.judgment.start)) + recalled


def _is_unsure(record: Record, known: Sequence[Record]) -> bool:
    """Whether a grade is known to be of its report only, its heading being lost, while another extraction has headings
    or other grades of the report are as bare: which of them is of the whole cannot be told."""
    if not _is_bare(record):
        return False
    beside = [r for r in known if r.report.twin_of == record.report.twin_of and r.statement.kind == "judgment"]
    return any(not _is_bare(r) or r.judgment.grade != record.judgment.grade for r in beside)


def _is_bare(record: Record) -> bool:
    return record.statement.kind == "judgment" and record.judgment.aspect == record.report.title


def _is_own(record: Record) -> bool:
    return record.year == record.report.year


def _clarity(record: Record, asked: frozenset[str]) -> tuple[bool, bool, bool, bool, int]:
    """How well the quotation and then the section that it stands in show what was judged; then a short sentence, and a
    line with its heading."""
    quote = record.statement.text
    return (
        says_aspect(asked, quote),
        any(_plain(record.judgment.aspect) in _plain(heading) for heading in record.statement.section),
        record.judgment.overall,
        record.statement.kind == "sentence",
        -len(quote) if record.statement.kind == "sentence" else len(quote),
    )


def _disagree(one: Record, other: Record) -> bool:
    """Whether two grades of a year differ though they are of the same aspect, worded more or less fully."""
    a, b = (aspect_terms(r.judgment.aspect, (r.report.organisation,)) for r in (one, other))
    return one.judgment.grade != other.judgment.grade and (a <= b or b <= a)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def judged_over_years(question: Question, known: Sequence[Record]) -> Draft:
    """The grades of each year, first to last, for a question how a judgment developed; empty for other questions, and
    where fewer than two years have one. Of whom they are is for the caller to ask, where the draft names several."""
    if _DEVELOPS.search(question.text) is None:
        return Draft()
    first, last = (min(question.years), max(question.years)) if len(question.years) > 1 else (0, 9999)
    if len(question.years) == 1 and re.search(r"\bsince\b", question.text, re.IGNORECASE) is not None:
        first = question.years[0]
    elif len(question.years) == 1:
        return Draft()
    within = [r for r in known if r.year is not None and first <= r.year <= last]
    history = judgment_history(_DEVELOPS.sub(" ", question.text), within)
    if len({judged.record.year for judged in history.judged}) < 2:
        return Draft()
    notes = tuple(
        Note("conflict", "The reports give different grades for this year.", tuple(n + 1 for n in numbers))
        for numbers in history.conflicts
    )
    whose = organisations_of(judged.record.report.organisation for judged in history.judged)
    return Draft(tuple(judged.piece for judged in history.judged), notes, organisations=whose)


def asks_before(question: Question) -> bool:
    """Whether a question asks for the grade that was held before it fell or rose to one that it names."""
    return _BEFORE_IT.search(question.text) is not None and len(question.grades) == 1


def judged_before(question: Question, known: Sequence[Record]) -> Draft:
    """The grade that was held before the one that the question names, then this one as proof; empty for a question that
    `asks_before` does not know, and where the record has not just one such change, or none in the year asked about."""
    asked = _BEFORE_IT.search(question.text)
    if asked is None:
        return Draft()
    judged = [r for r in known if not question.years or r.year in _with_year_before(question.years)]
    told = GRADE.search(question.text, asked.end())
    rest = question.text[told.end() :] if told is not None else ""
    history = judgment_history(f"{question.text[: asked.start()]} {rest}", judged)
    if history.conflicts or len(organisations_of(j.record.report.organisation for j in history.judged)) > 1:
        return Draft()
    reached = canonical_grade(question.grades[0])
    changes = [
        (before, after)
        for before, after in pairwise(history.judged)
        if after.record.judgment.grade == reached != before.record.judgment.grade
    ]
    if len(changes) != 1:
        return Draft()
    before, after = changes[0]
    a_year_apart = before.record.year is not None and before.record.year + 1 == after.record.year
    if asked["year"] and not a_year_apart:
        return Draft()
    return Draft((before.piece, after.piece))


def _with_year_before(years: Sequence[int]) -> tuple[int, ...]:
    return (min(years) - 1, *years)

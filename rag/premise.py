"""Put a grade right that a question takes for granted, where the record of judgments surely knows better.

"Why was it judged inadequate in 2016?" is answered with what it was judged. Where the question may yet be right – it
asks of another time or aspect, denies, supposes, or some sentence has that grade without being on record – it is not.
"""

import re
from collections.abc import Sequence

from index import Library
from index.grades import GRADE, canonical_grade
from index.periods import years_in
from index.terms import terms

from .aspects import aspect_terms, match_aspect
from .clarify import organisations_of
from .draft import Draft
from .judge import Record, judgment_piece, one_a_year
from .records import Note
from .understand import Question

LOOKED_AT = 40  # statements that have the words of the grade
SCALE = 3  # grades that a sentence names from which it only tells which there are
PLAIN_WHY = re.compile(r"^(?:and\s+)?why\s+(?:was|were|is|are|did|do|does|has|have)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:not|never|no longer|would|could|should|might|may|before|after|until|since|previous\w*|last|earlier|first"
    r"|nearly|almost|fail\w*|some|parts?|if|or)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_JUDGED = re.compile(r"\b(?:judg|grad(?:e|ing)|rated|rating|assess|verdict)\w*(?:\W+\w+){0,5}\W+$", re.IGNORECASE)
_OF_A_NOUN = re.compile(
    r"\s+(?!(?:in|for|at|on|by|with|of|to|overall|and|or|but|across|as|this|last|when|because|since|while|again|too)\b)"
    r"[a-z]",
)
_OF_WHY = frozenset(terms("why did do does was were is are has have had it its they their the a of at for in"))


def correct_premise(
    library: Library, question: Question, known: Sequence[Record], years: Sequence[int], ids: frozenset[str] | None
) -> Draft:
    """What was judged, for a question why it was judged otherwise; an empty draft where its premise may hold.

    `known` are the judgments on record in the reports with `ids` (None for all); `years` those that the search is
    narrowed to.
    """
    if question.kind != "why" or len(question.grades) != 1 or not PLAIN_WHY.match(question.text):
        return Draft()
    asked = tuple(years) or question.years
    inside = [r for r in known if not asked or r.year in asked]
    supposed = canonical_grade(question.grades[0])
    if _UNSURE.search(question.text) or any(r.judgment.grade == supposed for r in inside):
        return Draft()
    aspect = aspect_of(question, known)
    records = match_aspect(aspect, inside).records
    if not records or _is_said_elsewhere(library, supposed, aspect, known, ids, asked):
        return Draft()
    best = one_a_year(records)
    note = f"The question supposes “{supposed}”; the report says “{best[0].judgment.grade}”."
    return Draft(
        tuple(judgment_piece(record) for record in best),
        (Note("false_premise", note, (1,)),),
        organisations=organisations_of(r.report.organisation for r in records),
    )


def aspect_of(question: Question, known: Sequence[Record]) -> frozenset[str]:
    """The terms of what a question, which names one grade, says was judged."""
    named = aspect_terms(question.text, [r.report.organisation for r in known] + [r.report.publisher for r in known])
    grade = question.grades[0]
    return named - _OF_WHY - frozenset(terms(grade)) - frozenset(terms(canonical_grade(grade)))


def _is_said_elsewhere(
    library: Library,
    grade: str,
    aspect: frozenset[str],
    known: Sequence[Record],
    ids: frozenset[str] | None,
    years: Sequence[int],
) -> bool:
    """Whether a statement has the grade, does not only list the scale, and is not on record; where `years` are asked
    about, one of a report of such a year, or that names one, and where an aspect is, one that has a word of it."""
    on_record = {r.statement.statement_id for r in known}
    for hit in library.lexical_statements(grade, LOOKED_AT, ids):
        s = hit.statement
        year = library.report(s.report_id).year
        if years and year is not None and year not in years and not set(years_in(s.text)) & set(years):
            continue
        if aspect and not aspect & set(terms(f"{s.header} {s.text}")):
            continue
        if grade not in _graded(s.text) or s.statement_id in on_record or len(_grades(s.text)) >= SCALE:
            continue
        text = library.text(s.report_id)
        listed = [
            grade for start, end in library.list_items(s.report_id, s.start) for grade in _grades(text[start:end])
        ]
        if len(set(listed)) < SCALE:
            return True
    return False


def _graded(text: str) -> frozenset[str]:
    """The grades that a text may give: not one that is just the adjective of a noun ("the inadequate use of lamps"),
    unless a word of judging stands right before it ("judged to make inadequate use of them")."""
    given = [
        found
        for found in GRADE.finditer(text)
        if _OF_A_NOUN.match(text, found.end()) is None or _JUDGED.search(text[: found.start()]) is not None
    ]
    return frozenset(canonical_grade(found.group()) for found in given)


def _grades(text: str) -> frozenset[str]:
    return frozenset(canonical_grade(match.group()) for match in GRADE.finditer(text))

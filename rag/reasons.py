"""Why something was judged as it was: the judgment on record, and what its report says right after it.

A report that gives a grade explains it in the sentences that follow, in the same paragraph or in the first one under
the grade. They are given as they stand; nothing is said of which of them weighed most.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index import Library
from index.grades import canonical_grade
from index.sentences import sentence_spans
from index.split import page_at

from .aspects import match_aspect
from .clarify import organisations_of
from .draft import Draft, Piece
from .judge import Record, judgment_piece, one_a_year
from .premise import PLAIN_WHY, aspect_of
from .records import Note
from .understand import Question

MOST_SENTENCES = 3
FARTHEST = 600  # characters from a grade to the paragraph that explains it
_WHOLE = re.compile(r"\w[^?]*[.!][\"'”’)]*$")
_WEIGHED = re.compile(
    r"\b(?:not|never|no longer|would|could|should|might|may|before|after|until|since|if|or)\b|n['’]t\b", re.I
)


def explain(library: Library, question: Question, known: Sequence[Record], years: Sequence[int]) -> Draft:
    """The judgment and what is said right after it, for a question why something was judged as it was; empty for other
    questions, where that is not on record, and where nothing follows.

    `known` are the judgments on record; `years` those that the search is narrowed to.
    """
    if question.kind != "why" or len(question.grades) != 1 or not PLAIN_WHY.match(question.text):
        return Draft()
    if _WEIGHED.search(question.text) is not None:
        return Draft()
    asked = tuple(years) or question.years
    supposed = canonical_grade(question.grades[0])
    inside = [r for r in known if not asked or r.year in asked]
    aspect = aspect_of(question, known)
    fit = [r for r in match_aspect(aspect, inside).records if r.judgment.grade == supposed and r.year == r.report.year]
    told = [(record, said) for record in fit if (said := tuple(_said_after(library, record)))]
    if not told:
        return Draft()
    best, said = max(told, key=lambda one: (one[0].year or 0, *_clarity(one[0])))
    first = judgment_piece(best)
    start, end = said[0][0], said[-1][1]
    page, label = page_at(library.page_runs(best.report.report_id), start)
    place = replace(first.place, start=start, end=end, page=page, page_label=label)
    text = library.text(best.report.report_id)[start:end]
    whose = organisations_of(record.report.organisation for record, _ in told)
    reason = Piece("", text, place, show_quote=False)
    later = [r for r in match_aspect(aspect, known).records if (r.year or 0) > (best.year or 0)] if not asked else []
    if not later or later[0].judgment.grade == supposed:
        return Draft((first, reason), organisations=whose)
    note = Note("conflict", f"The report of {later[0].year} judges this otherwise.", (3,))
    return Draft((first, reason, judgment_piece(one_a_year(later)[0])), (note,), organisations=whose)


def _clarity(record: Record) -> tuple[bool, bool, int]:
    """How well the quotation of a grade shows what was judged, and what follows why: of the whole a sentence does, of
    one aspect the grade under its heading."""
    overall, text = record.judgment.overall, record.statement.text
    own = record.statement.kind == ("sentence" if overall else "judgment")
    return overall, own, len(text) if record.statement.kind == "judgment" else -len(text)


def _said_after(library: Library, record: Record) -> Iterator[tuple[int, int]]:
    """The places of the first whole sentences after a judgment, all of one paragraph of its own section."""
    text, end = library.text(record.report.report_id), record.statement.end
    next_sections = (s.start for s in library.sections(record.report.report_id) if s.start >= end)
    at, last = end, min(len(text), end + FARTHEST, *next_sections)
    while at < last:
        line_end = text.find("\n", at)
        line_end = len(text) if line_end < 0 else line_end
        spans = [span for span in sentence_spans(text[at:line_end], at) if _WHOLE.match(text[slice(*span)])]
        if spans:
            yield from spans[:MOST_SENTENCES]
            return
        at = line_end + 1

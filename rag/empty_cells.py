"""Answer with the dash that a table prints where it has no amount: the cell that is asked for is there, and is empty.

Only a row that is named in full gives one, in a column of the period asked about, and only where the row and what heads
it have every word of the question: what a table says nothing of is not nothing.
"""

import re
from collections.abc import Sequence

from index import Library
from index.periods import find_periods
from index.records import Cell, TableRow
from index.terms import terms

from .draft import Draft, Piece
from .only_says import without_periods
from .qualifiers import speaks_of_sibling
from .quoting import as_printed, headings_of, place_of, quoted_text
from .rank import Ranked
from .retrieve import Evidence
from .rows import ANY, is_named, last_heading, place_in_table
from .understand import Question
from .wording import OWN, content_terms

LOOKED_AT = 3  # rows of the evidence that was read
_DASH = re.compile(r"\s*[£$€]?\s*(?:[-‐-―−]|nil)\s*", re.IGNORECASE)
_ASKING = frozenset(
    terms("how much many what which was were is are have had has did does do there year end total amount")
)


def empty_cell(library: Library, question: Question, ranked: Sequence[Ranked]) -> Draft:
    """The dash of the cell that is asked for; empty where there is none, or it is not sure to be the one."""
    if len(question.periods) != 1 or question.derived is not None or question.across is not None or question.compared:
        return Draft()
    rows = [r.evidence for r in ranked if r.evidence.candidate.kind == "row" and r.evidence.figures][:LOOKED_AT]
    for evidence in rows:
        piece = _empty(library, question, evidence)
        if piece is not None:
            return Draft((piece,))
    return Draft()


def _empty(library: Library, question: Question, evidence: Evidence) -> Piece | None:
    found = place_in_table(library, evidence, evidence.figures[0])
    if found is None:
        return None
    table, row = found
    heading = last_heading(row)
    named = {term for term in terms(heading) if term[0].isalpha()}
    asked = frozenset(terms(question.body))
    if not (named - ANY or is_named(heading, question.body)) or not named <= asked:
        return None
    if speaks_of_sibling(question, row.heading):
        return None
    if any(last_heading(other) == heading for other in table.rows if other is not row):
        return None
    text = library.text(evidence.report.report_id)
    columns = _columns_of(question, row)
    printed = {text[cell.start : cell.end].strip() for cell, _ in columns}
    if not columns or not all(_DASH.fullmatch(dash) for dash in printed) or _lacks_words(question, evidence, row):
        return None
    place = place_of(library, evidence)
    heads = headings_of(library, evidence, place)
    quote = quoted_text(library, place, heads)
    told = ", ".join((row.heading, *columns[0][1]))
    whose = f"; {evidence.report.organisation}" if evidence.report.organisation else ""
    return Piece(min(printed), f"{as_printed(f' ({told}{whose})', quote)}: no amount is printed", place, headings=heads)


def _columns_of(question: Question, row: TableRow) -> list[tuple[Cell, tuple[str, ...]]]:
    """The cells of a row that are of the period asked about, with what heads them."""
    both = zip(row.cells, row.column_headings, strict=True)
    return [
        (cell, heads)
        for cell, heads in both
        if any(p.covers(question.periods[0]) for p in find_periods(" ".join(heads)))
    ]


def _lacks_words(question: Question, evidence: Evidence, row: TableRow) -> bool:
    """Whether the question has a word that neither the row nor what it stands in says."""
    c, report = evidence.candidate, evidence.report
    around = (
        f"{row.heading} {c.header} {c.meaning} {' '.join(evidence.section)} {report.organisation or ''} {report.title}"
    )
    return bool(content_terms(without_periods(question.body)) - frozenset(terms(around)) - OWN - _ASKING)

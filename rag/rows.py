"""Tell that another row of the same table is the one asked for: "Office chairs" is not, where the table has "Goodwill".

A row that a search finds may be only near what is asked, while the row itself stands two lines below it. Where the
heading of another row has every word of the question that this row's heading has, and one more that neither this row,
its columns nor its caption say, or is named in full while this row's is not at all, a figure of this row is none of
what is asked.
"""

import re

from index import Library
from index.periods import find_periods
from index.records import Figure, Table, TableRow
from index.terms import terms

from .retrieve import Evidence
from .understand import Question

# Words that head a sum or a line of any kind: a row is not another's for want of them.
_ANY = frozenset(
    terms(
        "total totals net gross sum overall all other number amount value year years end ended average cost costs"
        " expense expenses income change percent percentage rate share and of the in for"
    )
)


_WORDS = re.compile(r"[A-Za-z]{2,}|^(?:19|20)\d\d$")


def outdone(library: Library, question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether the figure stands in a table row that another row of the table is asked for instead of, or that nothing
    tells apart from another one with another figure."""
    if evidence.candidate.kind != "row":
        return False
    found = _place(library, evidence, figure)
    if found is None:
        return False
    table, row = found
    if _has_twin(library.text(evidence.report.report_id), table, row, figure):
        return True
    asked = frozenset(terms(question.body))
    own = asked & frozenset(terms(row.heading))
    said = frozenset(terms(f"{figure.measure or ''} {evidence.candidate.meaning} {table.caption}"))
    for other in table.rows:
        whole = frozenset(terms(other.heading))
        heads = asked & whole
        if other.cells and whole <= asked and whole - _ANY and not own - _ANY:
            return True  # the question names that row in full, and of this one nothing
        if other.cells and own < heads and heads - said - _ANY:
            return True
    return False


def _has_twin(text: str, table: Table, row: TableRow, figure: Figure) -> bool:
    """Whether a row of the same heading has another figure in the same column, and no time tells which row it is: as
    "Granted" between the balances of one year and the next."""
    cell = next((cell for cell in row.cells if cell.start <= figure.start < cell.end), None)
    if cell is None or not row.heading or find_periods(figure.measure or ""):
        return False
    named = _named(text, row, cell.column)
    twins = [other for other in table.rows if other.heading == row.heading and other is not row]
    twins = [other for other in twins if _named(text, other, cell.column) == named]
    printed = text[cell.start : cell.end].strip()
    return any(c.column == cell.column and text[c.start : c.end].strip() != printed for o in twins for c in o.cells)


def _named(text: str, row: TableRow, column: int) -> tuple[str, ...]:
    """What the other cells of a row say in words, or as a year: where a row has one figure they tell which it is."""
    printed = (text[cell.start : cell.end].strip() for cell in row.cells if cell.column != column)
    return tuple(words for words in printed if _WORDS.search(words) is not None)


def _place(library: Library, evidence: Evidence, figure: Figure) -> tuple[Table, TableRow] | None:
    for table in library.tables(evidence.report.report_id):
        if table.start <= figure.start < table.end:
            row = next((row for row in table.rows if row.start <= figure.start < row.end), None)
            return None if row is None else (table, row)
    return None

"""What a table lists under a heading: the rows of the group that a question asks the components of."""

import re
from collections.abc import Sequence

from index import Library
from index.records import TableRow
from index.terms import terms

from .clarify import organisations_of
from .draft import Draft, Piece
from .quoting import place_beside, table_of
from .rank import Ranked
from .understand import Question

LONGEST = 1500  # characters of the rows of a group, headings included
_ASKED = re.compile(
    r"\b(?:components?|elements?|constituents?|parts|items|categories|types|lines) (?:of|in|under|within)\b"
    r"|\b(?:consists?|made up|comprised|composed) of\b|\bcomprises?\b",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(r"\bhow (?:much|many|large|high)\b", re.IGNORECASE)
_GENERIC = frozenset(
    terms("component element constituent part item category type line consist made up comprise compose list table")
)
_TOTAL = re.compile(r"(?:sub-?)?total\b|net\b", re.IGNORECASE)


def components(library: Library, question: Question, ranked: Sequence[Ranked]) -> Draft:
    """The headings of the rows under the group that the question names in full, up to its total, quoted with their
    table; empty where it asks for no components, or no group of the evidence is called so."""
    if _ASKED.search(question.body) is None or _HOW_MUCH.search(question.body) is not None or question.unit is not None:
        return Draft()
    named = {term for term in question.terms if term not in _GENERIC}
    found: list[tuple[Ranked, Piece]] = []
    for r in ranked:
        piece = _rows_of(library, named, r)
        if piece is not None:
            found.append((r, piece))
    if not found:
        return Draft()
    best, piece = found[0]
    organisations = organisations_of(r.evidence.report.organisation for r, _ in found)
    return Draft((piece,), probability=best.answer_probability, organisations=organisations)


def _rows_of(library: Library, named: set[str], r: Ranked) -> Piece | None:
    table = table_of(library, r.evidence)
    group = r.evidence.candidate.meaning.partition(" – ")[0].rpartition(": ")[0]
    if table is None or not group or set(terms(group)) != named:
        return None
    rows: list[tuple[TableRow, str]] = []
    for row in table.rows:
        name = row.heading.removeprefix(f"{group}: ")
        if name == row.heading and not rows:
            continue
        if name == row.heading or _TOTAL.match(name):
            break
        rows.append((row, name))
    if len(rows) < 2 or rows[-1][0].end - table.start > LONGEST:
        return None
    place = place_beside(library, r.evidence, table.start, rows[-1][0].end)
    return Piece("; ".join(name for _, name in rows), f" ({group})", place)

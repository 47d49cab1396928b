"""What a table lists under a heading: the rows of the group that a question asks the components of."""

import re
from collections.abc import Sequence

from index import Library
from index.terms import terms

from .draft import Piece
from .quoting import place_beside, table_of
from .rank import Ranked
from .understand import Question

LOOKED_AT = 5  # pieces of evidence, best first
LONGEST = 1500  # characters of the rows of a group, headings included
_ASKED = re.compile(
    r"\b(?:components?|elements?|constituents?|parts|items|categories|types|lines) (?:of|in|under|within)\b"
    r"|\b(?:consists?|made up|comprised|composed) of\b|\bcomprises?\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    terms("component element constituent part item category type line consist made up comprise compose list table")
)


def components(library: Library, question: Question, ranked: Sequence[Ranked]) -> tuple[Piece, ...]:
    """The headings of the rows under the group that the question names in full, quoted with their table; empty where it
    asks for no components, or no group of the best evidence is called so."""
    if _ASKED.search(question.body) is None:
        return ()
    named = {term for term in question.terms if term not in _GENERIC}
    for r in ranked[:LOOKED_AT]:
        table = table_of(library, r.evidence)
        group = r.evidence.candidate.meaning.partition(" – ")[0].rpartition(": ")[0]
        if table is None or not group or set(terms(group)) != named:
            continue
        rows = [row for row in table.rows if row.heading.startswith(f"{group}: ")]
        if len(rows) < 2 or rows[-1].end - table.start > LONGEST:
            continue
        names = [row.heading.removeprefix(f"{group}: ") for row in rows]
        place = place_beside(library, r.evidence, table.start, rows[-1].end)
        return (Piece("; ".join(names), f" ({group})", place),)
    return ()

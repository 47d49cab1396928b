"""Number the citations of several checked answers through, so that they can stand in one table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .records import Answer, AnswerFigure, AnswerJudgment, Citation, Note

_MARK = re.compile(r"(?<!\\)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """An answer for a table: its statements without the quotations under them, under the table's numbers."""

    text: str
    figures: tuple[AnswerFigure, ...]
    judgments: tuple[AnswerJudgment, ...]
    citations: tuple[int, ...]
    notes: tuple[Note, ...]


def numbered(answer: Answer, cited: Sequence[Citation]) -> tuple[Numbered, tuple[Citation, ...]]:
    """The answer under the numbers that `cited` and what it adds to them have, and the citations with what it adds.

    A place that is cited already keeps its number.
    """
    places = {(c.report_id, c.start, c.end): c.n for c in cited}
    known = list(cited)
    new: dict[int, int] = {}
    for citation in answer.citations:
        place = (citation.report_id, citation.start, citation.end)
        if place not in places:
            places[place] = len(known) + 1
            known.append(replace(citation, n=places[place]))
        new[citation.n] = places[place]
    lines = [line for line in answer.text.split("\n") if line.strip() and not line.startswith(">")]
    text = _MARK.sub(lambda mark: f"[{new[int(mark[1])]}]" if int(mark[1]) in new else mark[0], "\n".join(lines))
    return (
        Numbered(
            text,
            tuple(replace(f, citation=new[f.citation]) for f in answer.figures),
            tuple(replace(j, citation=new[j.citation]) for j in answer.judgments),
            tuple(dict.fromkeys(new.values())),
            tuple(replace(n, citations=tuple(new[c] for c in n.citations if c in new)) for n in answer.notes),
        ),
        tuple(known),
    )

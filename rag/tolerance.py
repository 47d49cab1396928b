"""How exact a figure is: "85.8 (± 1.9 percent)" answers how wide the confidence interval is with 1.9 percent.

A tolerance is none of the figures that a report states, so that it never answers anything else; and where it is asked
for, no other figure answers.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from index.numbers import find_numbers
from index.records import Figure

from .retrieve import Evidence
from .understand import Question

NEAR = 40  # characters between a figure and its tolerance, at most
_ASKS = re.compile(
    r"\bconfidence (?:interval|limit)s?\b|\bmargins? of (?:sampling )?error\b|\bplus or minus\b|±|\btolerance of\b",
    re.IGNORECASE,
)


def with_tolerances(question: Question, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence, with the tolerances of its figures instead of these where the question asks for a tolerance."""
    if question.kind != "figure" or _ASKS.search(question.text) is None:
        return evidence
    return tuple(replace(piece, figures=tuple(_tolerances(piece))) for piece in evidence)


def _tolerances(piece: Evidence) -> Iterator[Figure]:
    """Each tolerance of a sentence that follows a figure, with what that figure is of."""
    if piece.candidate.kind != "sentence":
        return
    for number in find_numbers(piece.text):
        if number.kind != "tolerance":
            continue
        start = piece.start + number.start
        before = [f for f in piece.figures if f.end <= start and start - f.end <= NEAR]
        if not before or re.search(r"[.;]\s", piece.text[before[-1].end - piece.start : number.start]):
            continue
        of = before[-1]
        yield Figure(
            text=number.text,
            start=start,
            end=piece.start + number.end,
            value=format(number.value, "f"),
            unit=number.unit or of.unit,
            scale=number.scale,
            measure="plus or minus",
            subject=of.subject,
            period=of.period,
        )

"""Tell that the next sentence is the one asked for: "for those graded urgent it is 40" after "calls take 15 minutes".

The next sentence says in short what the one before says in full, of something else. Where it has a word of the question
that the one before has not, and speaks of what that one says with "those" or "the target", a figure of the one before
is none of what is asked.
"""

import re
from collections.abc import Sequence

from index.records import Figure
from index.terms import terms

from .clauses import own_sentence
from .retrieve import Evidence
from .understand import Question
from .units import unit_class

_IN_SHORT = re.compile(
    r"\b(?:for|of|in|among) (?:those|these|them)\b|\bthe (?:figure|target|number|rate|proportion|share|amount)\b", re.I
)


_COMPOUND = re.compile(r"\b[a-z]{3,}-[a-z]{3,}\b")
_WHICH = re.compile(r"\b(next|previous|second|third|fourth) ([a-z]{3,})\b")


def lacks_compound(
    question: Question, evidence: Evidence, figure: Figure, others: Sequence[tuple[Evidence, Figure]]
) -> bool:
    """Whether the figure's sentence lacks a compound that the question names ("timber-framed" houses), or which one of
    several it is ("the next voyage"), and one of the `others` in the same report, of the same unit and owner, has it:
    the word tells which kind is asked about."""
    telling = [(frozenset(terms(word)),) * 2 for word in _COMPOUND.findall(question.body)]
    numbered = _WHICH.findall(question.body)
    telling += [(frozenset(terms(f"{which} {noun}")), frozenset(terms(which))) for which, noun in numbered]
    own = _said(evidence, figure)
    for compound, lacked in telling:
        if len(compound) < 2 or lacked & own:
            continue
        for around, other in others:
            alike = unit_class(other) == unit_class(figure) and other.subject == figure.subject
            if alike and around.report.report_id == evidence.report.report_id and compound <= _said(around, other):
                return True
    return False


def _said(evidence: Evidence, figure: Figure) -> frozenset[str]:
    row = evidence.candidate.kind == "row"
    return frozenset(terms(evidence.candidate.meaning if row else own_sentence(evidence, figure)))


def outdone_beside(
    question: Question, evidence: Evidence, figure: Figure, others: Sequence[tuple[Evidence, Figure]]
) -> bool:
    """Whether one of the `others` stands in the sentence after the figure's, and is what is asked for instead."""
    if evidence.candidate.kind == "row":
        return False
    own = own_sentence(evidence, figure)
    said = frozenset(terms(own))
    lacking = frozenset(question.terms) - said
    for around, other in others:
        both = around.report.report_id == evidence.report.report_id and around.start <= figure.start < other.start
        if not both or around.candidate.kind == "row":
            continue
        after = own_sentence(around, other)
        alike = unit_class(other) == unit_class(figure) and other.subject == figure.subject
        if after != own and alike and _IN_SHORT.search(after) is not None and lacking & frozenset(terms(after)):
            return True
    return False

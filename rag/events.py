"""Tell that a statement with a date speaks of what a question asks the date of: "when was it last updated"."""

import re

from index.terms import terms

from .mismatch import with_alike
from .retrieve import Evidence
from .understand import Question

_HAPPENED = re.compile(
    r"^(?:[^?]*?, ?)?(?:when|(?:in|on) (?:what|which) (?:date|day|month|year))\b[^?,;]*?"
    r"\b(?:was|were|is|are|been|be)\s+"
    r"(?:[^?,;]*?\b(?P<last>[a-z]{3,}ed)\s*(?:$|[?.,;])"  # the last word
    r"|(?:[\w’'-]+\s+){0,4}?(?P<verb>[a-z]{3,}ed)\s+(?:by|in|on|for|at|to|as|with|before|after|since)\b)",
    re.IGNORECASE,
)
_ALIKE = tuple(
    frozenset(terms(words))
    for words in (
        "publish published publication issue issued release released appear appeared",
        "establish established establishment found founded foundation form formed formation create created creation set"
        " launch launched start started introduce introduced introduction begin began begun open opened",
        "appoint appointed appointment join joined become became elect elected election name named took take replace",
        "complete completed completion finish finished end ended conclude concluded",
        "update updated revise revised revision amend amended change changed",
        "approve approved approval adopt adopted adoption agree agreed sign signed ratify ratified authorise",
        "acquire acquired acquisition buy bought purchase purchased take took",
        "abolish abolished close closed closure shut disband disbanded dissolve dissolved end ended",
        "kill killed die died death murder murdered assassinate assassinated",
        "inspect inspected inspection visit visited review reviewed assess assessed examine",
        "locate located base based found situate situated",
    )
)


def speaks_of_it(question: Question, evidence: Evidence) -> bool:
    """Whether a sentence has a word for what is said to have happened; true of any where the question names nothing
    that was done."""
    found = _HAPPENED.match(question.body.strip())
    if found is None:
        return True
    done = frozenset(terms(found["last"] or found["verb"]))
    done = done.union(*(alike for alike in _ALIKE if alike & done))
    return bool(done & with_alike(terms(f"{evidence.text} {evidence.candidate.header}")))

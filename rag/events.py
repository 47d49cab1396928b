"""Tell that a statement with a date speaks of what a question asks the date of: "when was it last updated"."""

import re

from index.terms import terms

from .retrieve import Evidence
from .understand import Question

_HAPPENED = re.compile(
    r"^(?:[^?]{0,80}?, ?)?(?:when|(?:in|on) (?:what|which) (?:date|day|month|year))\b[^?,;]{0,120}?"
    r"\b(?:was|were|is|are|been|be)\s+"
    r"(?:[^?,;]{0,120}?\b(?P<last>[a-z]{3,}ed)\s*(?:$|[?.,;])"  # the last word
    r"|(?:[\w’'-]+\s+){0,4}?(?P<verb>[a-z]{3,}ed)\s+(?:by|in|on|for|at|to|as|with|before|after|since)\b)",
    re.IGNORECASE,
)
_EVENTS = tuple(
    frozenset(terms(words))
    for words in (
        "publish published publication issue issued release released appear appeared",
        "establish established establishment found founded foundation form formed formation create created creation set"
        " launch launched start started introduce introduced introduction begin began begun open opened",
        "appoint appointed appointment join joined become became elect elected election named",
        "complete completed completion finish finished end ended conclude concluded",
        "update updated revise revised revision amend amended",
        "approve approved approval adopt adopted adoption agree agreed sign signed ratify ratified authorise",
        "acquire acquired acquisition buy bought purchase purchased",
        "abolish abolished close closed closure shut disband disbanded dissolve dissolved",
        "kill killed die died death murder murdered assassinate assassinated",
        "inspect inspected inspection visit visited review reviewed assess assessed examine",
    )
)


def speaks_of_it(question: Question, evidence: Evidence) -> bool:
    """Whether a sentence may tell when that happened which the question names: it has a word for it, or none for
    something else that happens. True of any where the question names nothing of the kind."""
    found = _HAPPENED.match(question.body.strip())
    if found is None:
        return True
    done = frozenset(terms(found["last"] or found["verb"]))
    meant = [event for event in _EVENTS if event & done]
    said = frozenset(terms(f"{evidence.text} {evidence.candidate.header}"))
    if not meant or any(event & said for event in meant):
        return True
    return not any(event & frozenset(terms(evidence.text)) for event in _EVENTS)

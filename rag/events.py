"""Tell that a statement with a date speaks of what a question asks the date of: "when was it last updated"."""

import re

from index.periods import MONTH
from index.terms import terms

from .retrieve import Evidence
from .understand import Question

_DONE = r"(?:[a-z]{3,}ed|shut|built|begun|bought|sold|founded)"
_HAPPENED = re.compile(
    r"^(?:[^?]{0,80}?, ?)?(?:when|(?:in|on) (?:what|which) (?:date|day|month|year))\b[^?,;]{0,120}?"
    r"\b(?:was|were|is|are|been|be)\s+"
    rf"(?:[^?,;]{{0,120}}?\b(?P<last>{_DONE})(?: (?:down|up|out|off))?\s*(?:$|[?.,;])"  # the last words
    rf"|(?:[\w’'-]+\s+){{0,4}}?(?P<verb>{_DONE})\s+(?:by|in|on|for|at|to|as|with|before|after|since)\b)",
    re.IGNORECASE,
)
_EVENTS = tuple(  # words for what happened, and after a colon others that may tell of it, but are not told by it
    tuple(frozenset(terms(words)) for words in f"{event}:".split(":")[:2])
    for event in (
        "publish published publication issue issued release released appear appeared",
        "establish established establishment found founded foundation form formed formation create created creation set"
        " launch launched start started introduce introduced introduction begin began begun open opened",
        "develop developed demonstrate demonstrated: design designed release released complete completed finish"
        " finished",
        "build built construct constructed construction erect erected: complete completed finish finished",
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


_DEADLINE = re.compile(
    r"\bby (?:(?:what|which) (?:date|day|time|month|year)|when) (?:must|should|shall|(?:has|have|needs?) to)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    rf"\b(?:by|before|until|till|no later than|within) (?:the |end |start |of |noon |on )*(?:\d|{MONTH}|then\b|that\b)"
    r"|\b(?:must|should|shall|will|(?:has|have|needs?|required|expected|asked|due|is|are|was|were) to|deadlines?|due"
    r"|payable|clos(?:e[sd]?|ing))\b",
    re.IGNORECASE,
)
_GIVEN_TO = re.compile(
    r"^(?:[^?]{0,80}?, ?)?(?:when|(?:in|on) (?:what|which) (?:date|day|month|year)) (?:did|was|were)\b[^?]*"
    r"\b(?:to|of|from|for) (?P<whom>(?-i:[A-Z])[\w’'-]+)\s*\??$",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(  # what was named before
    r"\b(?:it|its|he|his|him|she|her|they|their|them|this|these|that|those|there|both|the (?:former|latter|same))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")


def names_another(question: Question, evidence: Evidence) -> bool:
    """Whether it is asked when something was done to one that is named last, and neither a sentence nor what it stands
    in names it, or the sentence names others in its place: "independence of Corinth" is not that of Argos."""
    found = _GIVEN_TO.match(question.body.strip())
    if found is None:
        return False
    report, c = evidence.report, evidence.candidate
    said = f"{evidence.text} {c.header} {' '.join(evidence.section)} {report.title} {report.organisation or ''}"
    whom = set(terms(found["whom"]))
    if whom <= set(terms(said)):
        return False
    if not whom & set(terms(c.passage)) or _STANDS_FOR.search(evidence.text) is None:
        return True
    asked = set(terms(question.body))
    months = re.compile(MONTH, re.IGNORECASE)
    return any(not set(terms(n)) & asked and months.fullmatch(n) is None for n in _NAME.findall(evidence.text))


def lacks_deadline(question: Question, evidence: Evidence) -> bool:
    """Whether it is asked by when something must be done, and a sentence speaks of no duty and no last day."""
    return _DEADLINE.search(question.body) is not None and _UNTIL.search(evidence.text) is None


def speaks_of_it(question: Question, evidence: Evidence) -> bool:
    """Whether a sentence may tell when that happened which the question names: it has a word for it, or none for
    something else that happens. True of any where the question names nothing of the kind."""
    found = _HAPPENED.match(question.body.strip())
    if found is None:
        return True
    done = frozenset(terms(found["last"] or found["verb"]))
    meant = [event | others for event, others in _EVENTS if event & done]
    said = frozenset(terms(f"{evidence.text} {evidence.candidate.header}"))
    if not meant or any(event & said for event in meant):
        return True
    return not any(event & frozenset(terms(evidence.text)) for event, _ in _EVENTS)

"""Say "Yes" or "No" to a question that wants one, where the sentence that answers it surely does.

The sentence must speak of all that is asked, and either deny it, say its opposite, or assert it without any reserve.
Everything else ("some", "not always", "only", "until recently") is left to be read in the sentence itself.
"""

import re
from collections.abc import Callable
from typing import Literal

from index.terms import terms

from .opposites import says_opposite
from .understand import Question

_DENIES = re.compile(r"\b(?:not|never|no longer|cannot|neither|nor|no)\b|n['\u2019]t\b", re.IGNORECASE)
_RESERVE = re.compile(
    r"\b(?:some|few|fewer|several|many|most|mostly|all|always|every|only|just|partly|partially|largely|mainly|generally"
    r"|usually|often|sometimes|occasionally|yet|until|unless|although|though|however|but|while|whereas|if|may|might"
    r"|could|should|would|need(?:s|ed)? to|aims?|plans?|planned|intends?|hopes?|expects?|yet to|too|enough|more|less"
    r"|without|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|unable|unlikely|hardly|rarely|seldom|little|limited|inconsistent\w*"
    r"|not (?:all|always|only|just|yet|every|fully|enough)|(?:was|were) previously|used to)\b|/",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(r"\bor\b|\bwhether\b", re.IGNORECASE)
_SAID_BY = re.compile(
    r",?\s*\b(?:according to|based on)\b[^?]*"
    r"|\b(?:in|at|during|for|by|as of|since)\s+(?:the\s+)?(?:\w+\s+){0,2}(?:19|20)\d\d\b"
    r"(?:\s+(?:[\w-]+\s+){0,4}?(?:inspection|report|review|audit|letter)\b)?",
    re.IGNORECASE,
)
_LEAST_TO_DENY = 0.8  # share of the weight of what is asked that a sentence must speak of to deny it,
_LEAST_TO_ASSERT = 0.99  # and to assert it: a near miss differs in just one word

_POINTING = frozenset(terms("its it their they them this these those"))

Word = Literal["Yes", "No"]


def yes_or_no(question: Question, statement: str, known: frozenset[str], weight: Callable[[str], float]) -> Word | None:
    """What `statement` says to the question, None where that is not sure or the question is of another kind.

    `known` are the terms of the organisation and the report, which the statement need not repeat; `weight` gives a
    term's inverse document frequency.
    """
    asked_text = _SAID_BY.sub(" ", question.text)
    if question.kind != "yes_no" or _DENIES.search(asked_text) or _ALTERNATIVES.search(asked_text):
        return None
    wanted = [t for t in dict.fromkeys(terms(asked_text)) if t in question.terms and t not in known | _POINTING]
    if not wanted:
        return None
    said = frozenset(terms(statement))
    reserve = {m.group().lower() for m in _RESERVE.finditer(statement)}
    if reserve - {m.group().lower() for m in _RESERVE.finditer(asked_text)}:
        return None
    opposite = [t for t in wanted if t not in said and says_opposite(t, said)]
    spoken = sum(weight(t) for t in wanted if t in said or t in opposite)
    share = spoken / (sum(weight(t) for t in wanted) or 1.0)
    turns = len(_DENIES.findall(statement)) + len(opposite)
    if turns == 1:
        return "No" if share >= _LEAST_TO_DENY else None
    return "Yes" if turns == 0 and share >= _LEAST_TO_ASSERT else None

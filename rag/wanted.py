"""What a question wants by name: "chief executive" in "Which chief executive signed it?".

A statement that has these words is likelier to name one than one that only fits the rest of the question.
"""

import re

from index.terms import terms

from .understand import Question

_WANTED = re.compile(
    r"\b(?:which|what|whose|name the|how (?:many|much))\s+"
    r"(?!(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|should|must|about|of|in|on|to|for|by)\b)"
    r"((?:[\w\u2019'-]+\s+){1,4}?)"
    r"(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|should|must|of|in|on|at|to|for|from|by|with"
    r"|that|who|made|makes?|led|leads)\b",
    re.IGNORECASE,
)
_NOTHING = frozenset(terms("the a an its their kind sort type other two three four five main key"))


def wanted_share(question: Question, statement: str) -> float:
    """The share (0 to 1) of the words for what is wanted that the statement has; 0 where the question has none."""
    wanted = wanted_terms(question.body)
    return sum(term in terms(statement) for term in wanted) / len(wanted) if wanted else 0.0


def wanted_terms(question: str) -> tuple[str, ...]:
    """The terms of the first noun that the question asks to be named or counted, none where there is no such noun."""
    found = _WANTED.search(question)
    return tuple(term for term in terms(found[1]) if term not in _NOTHING) if found is not None else ()

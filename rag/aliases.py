"""The other name that a report gives to what it numbers: "'slow' deliveries (also known as Class 2)"."""

import re
from dataclasses import dataclass

from index import Library
from index.records import Statement

from .understand import Question

LOOKED_AT = 20  # statements that have the numbered name
_NUMBERED = re.compile(
    r"\b([A-Z][a-z]+|(?i:grade|class|category|level|tier|priority|band|phase))\s+(\d{1,2})(?![\d.,/–-])"
)
_ALSO = r"(?:also |otherwise )?(?:known as |called |referred to as |termed |or )?"
_QUOTED = r"[‘'“\"](?P<name>[\w-]+(?: [\w-]+){0,2})[’'”\"]"
_QUOTED_LATER = _QUOTED.replace("?P<name>", "?P<later>")


@dataclass(frozen=True, slots=True)
class Alias:
    """A question with the other `name` in the place of what it numbers, and the statement that says they are one."""

    question: str
    name: str
    statement: Statement


def by_other_name(library: Library, question: Question, ids: frozenset[str] | None) -> Alias | None:
    """The question by the other name of what it refers to by a number ("Class 2"), which a report among `ids` (None for
    all) gives in quotation marks beside it; None where none does."""
    for numbered in _NUMBERED.finditer(question.text):
        own = rf"{re.escape(numbered[1])}\s+{numbered[2]}(?!\d)"
        told = re.compile(rf"{_QUOTED}\s*[(,]\s*{_ALSO}{own}|\b{own}\s*[(,]\s*{_ALSO}{_QUOTED_LATER}", re.IGNORECASE)
        for hit in library.lexical_statements(numbered.group(), LOOKED_AT, ids):
            found = told.search(hit.statement.text)
            if found is not None:
                name = found["name"] or found["later"]
                text = f"{question.text[: numbered.start()]}{name}{question.text[numbered.end() :]}"
                return Alias(text, name, hit.statement)
    return None

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
_CALLED = r"(?:also |otherwise )?(?:known as|called|referred to as|termed) "
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
    all) gives in quotation marks beside it; None where none does, or where several names are given."""
    for numbered in _NUMBERED.finditer(question.text):
        own = rf"{re.escape(numbered[1])}\s+{numbered[2]}(?!\d)"
        beside = rf"\(\s*(?:{_CALLED}|or )?{{}}\s*\)|,\s*{_CALLED}{{}}"  # after a comma it needs a word
        after, before = beside.format(own, own), beside.format(_QUOTED_LATER, _QUOTED_LATER.replace("later", "last"))
        told = re.compile(rf"{_QUOTED}\s*(?:{after})|\b{own}\s*(?:{before})", re.IGNORECASE)
        aliases: dict[str, Alias] = {}
        for hit in library.lexical_statements(numbered.group(), LOOKED_AT, ids):
            for found in told.finditer(hit.statement.text):
                name = found["name"] or found["later"] or found["last"]
                text = f"{question.text[: numbered.start()]}{name}{question.text[numbered.end() :]}"
                aliases.setdefault(name.lower(), Alias(text, name, hit.statement))
        if aliases:
            return next(iter(aliases.values())) if len(aliases) == 1 else None
    return None

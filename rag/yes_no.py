"""Say "Yes" or "No" to a question that wants one, where the sentence that answers it surely does.

The sentence must say what is asked and nothing else: the same words in the same order, or those of an active question
in a passive sentence; then it asserts it, denies it, or says the opposite of one word. Whatever else it says ("at
night", "in rural areas", "the old one", "not always") may change what it says to the question, and is left to be read.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from index.periods import years_in
from index.terms import terms

from .opposites import says_opposite
from .understand import Question

_DENIES = re.compile(r"\b(?:not|never|no longer|cannot|neither|nor|no)\b|n['\u2019]t\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\bno\.\s*(?=\d)", re.IGNORECASE)
_RESERVE = re.compile(
    r"\b(?:some|few|fewer|several|many|most|mostly|all|always|every|each|any|none|nobody|nothing|half|only|just|partly"
    r"|partially|largely|mainly|generally|usually|often|sometimes|occasionally|yet|until|unless|although|though|however"
    r"|but|while|whereas|if|when|whether|may|might|could|should|would|will|shall|must|need(?:s|ed)? to|aims?|plans?"
    r"|planned|intends?|hopes?|expects?|too|enough|more|less|than|without|before|after|by|lack(?:s|ed|ing)?"
    r"|fail(?:s|ed|ing)?|refus\w+|stop(?:s|ped|ping)?|ceas\w+|recommend\w*|doubts?|alleg\w+|unable|unlikely|hardly|rarely"
    r"|seldom|little|limited|inconsistent\w*|previously|used to|because|so that)\b|/|\?\s*$",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(r"\bor\b|\bwhether\b", re.IGNORECASE)
_SAID_BY = re.compile(
    r",?\s*\b(?:according to|based on)\b[^?]*"
    r"|\b(?:in|at|during|for|by|as of|since)\s+(?:the\s+)?(?:\w+\s+){0,2}(?:19|20)\d\d\b"
    r"(?:\s+(?:[\w-]+\s+){0,4}?(?:inspection|report|review|audit|letter)\b)?",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"^\W*(?:and\s+)?\w+")
_ACTIVE = re.compile(r"^\W*(?:and\s+)?(?:do|does|did|has|have|had)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been)\b", re.IGNORECASE)
_OF_A_COPULA = re.compile(r"\b(?:is|are|was|were|be|been|remains?)\s+(?:not\s+)?(\w+)", re.IGNORECASE)
_POINTING = frozenset(terms("its it their they them this these those also still ever"))

Word = Literal["Yes", "No"]


def yes_or_no(question: Question, statement: str, known: frozenset[str], years: Iterable[int]) -> Word | None:
    """What `statement` says to the question, None where that is not sure or the question is of another kind.

    `known` are the terms of the organisation and the report, which either side need not repeat; `years` those that the
    report is of, the only ones that a question may name.
    """
    asked_text = re.sub(r"\?\s*$", "", _SAID_BY.sub(" ", question.text))
    if question.kind != "yes_no" or _DENIES.search(asked_text) or _ALTERNATIVES.search(asked_text):
        return None
    statement = _NUMBERED.sub(" ", statement)
    if _reserves(statement) != _reserves(asked_text) or not set(question.years) <= set(years) | set(
        years_in(statement)
    ):
        return None
    asked, said = _words(_AUXILIARY.sub("", asked_text)), _words(statement)
    asked, said = _without(asked, known - set(said)), _without(said, known - set(asked))
    turned = _turned(asked, said, statement)
    told = [turned.get(term, term) for term in said]
    passive = _ACTIVE.match(question.text) is not None and _PASSIVE.search(statement) is not None
    if not asked or (told != asked and not (passive and told == [*asked[1:], asked[0]])):
        return None
    turns = len(_DENIES.findall(statement)) + len(turned)
    return {0: "Yes", 1: "No"}.get(turns)  # type: ignore[return-value]


def _reserves(text: str) -> frozenset[str]:
    return frozenset(match.group().lower() for match in _RESERVE.finditer(text))


def _words(text: str) -> list[str]:
    return [term for term in dict.fromkeys(terms(text)) if term not in _POINTING]


def _without(words: Sequence[str], known: frozenset[str]) -> list[str]:
    return [word for word in words if word not in known]


def _turned(asked: Sequence[str], said: Sequence[str], statement: str) -> dict[str, str]:
    """What the sentence says of the thing ("is closed") by the asked word whose opposite it is."""
    predicates = [term for match in _OF_A_COPULA.finditer(statement) for term in terms(match[1])]
    return {
        term: word
        for word in asked
        if word not in said
        for term in predicates
        if term in said and says_opposite(word, frozenset((term,)))
    }

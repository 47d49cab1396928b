"""Tell a statement that says the opposite of what is asked: near misses are often made of one turned word.

Statement and question share nearly all their words then, so that neither search nor reader sees much of a difference.
Both tests are measures that are weighed (`rag/decide.py`), and never drop evidence by themselves.
"""

import re
from functools import lru_cache

from index.terms import terms

from .understand import Question

_NEGATION = re.compile(r"\b(?:not|never|cannot|unable)\b|n['’]t\b", re.IGNORECASE)
_DENIAL = re.compile(
    rf"{_NEGATION.pattern}|\b(?:no|none|neither|nor|nobody|nothing|without|fail(?:s|ed|ing)?|lack(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(r"\bwhether or not\b|\bnot only\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:outside|other than|apart from|besides|beyond|except|without|not|no)\b((?:\s+[\w’'-]+){1,3})", re.IGNORECASE
)
_BEGINS = frozenset(terms("start begin began begun introduce launch open establish found create commence"))
_ENDS = frozenset(terms("end close finish stop cease abolish terminate expire complete scrap discontinue"))
_PREFIXES = ("un", "non", "anti")  # others begin too many words whose rest is another word: inform, discharge
_LEAST_STEM = 4  # letters: "it" is not the opposite of "unit"
_PAIRS = """
above below, accept reject, active inactive, agree disagree, allow prevent, arrive leave, asset liability, attack
protect, best worst, better worse, bought sold, buy sell, complete incomplete, complex simple, correct incorrect,
debit credit, dependent independent, direct indirect, domestic foreign, earlier later, early late, east west, easy
difficult, employer employee, enhance reduce, exclude include, export import, external internal, fixed variable,
formal informal, full partial, gain loss, gave took, give take, good poor, greater smaller, gross net, harm protect,
high low, higher lower, highest lowest, horizontal vertical, improve worsen, income expenditure, inside outside, large
small, larger smaller, largest smallest, legal illegal, local national, long short, lose win, major minor, majority
minority, male female, maximum minimum, men women, mother father, new old, north south, offender victim, open close,
permit prohibit, positive negative, possible impossible, private public, profit loss, push pull, rural urban, same
different, satisfied dissatisfied, saving investment, similar different, similarity difference, strength weakness,
strong weak, success failure, successful failed, sufficient insufficient, support oppose, surplus deficit, young old
"""


def opposed(question: Question, statement: str) -> bool:
    """Whether the statement has the opposite of a word of the question, and not the word itself.

    A question that names both, or wants a yes or no, is not about one of them.
    """
    if question.kind == "yes_no":
        return False
    asked, said = frozenset(terms(question.text)), frozenset(terms(statement))
    if question.kind == "when" and _other_end(asked, said):
        return True
    return any(
        (_opposites().get(term, frozenset()) & said and not _opposites().get(term, frozenset()) & asked)
        or (_turned(term, said) and not _denied(term, statement))
        for term in asked - said
    )


def _other_end(asked: frozenset[str], said: frozenset[str]) -> bool:
    """Whether it is asked when something ended, and nothing but its beginning is said, or the other way round."""
    ended, begun = bool(asked & _ENDS), bool(asked & _BEGINS)
    if ended == begun:
        return False
    return bool(said & _BEGINS) and not said & _ENDS if ended else bool(said & _ENDS) and not said & _BEGINS


def says_opposite(term: str, said: frozenset[str]) -> bool:
    """Whether the terms that are said hold the opposite of `term`."""
    return bool(_opposites().get(term, frozenset()) & said) or _turned(term, said)


def negated(question: Question, statement: str) -> bool:
    """Whether the question asks for what is not so, and the statement denies nothing."""
    if question.kind == "yes_no":
        return False
    return _NEGATION.search(_NO_NEGATION.sub("", question.text)) is not None and _DENIAL.search(statement) is None


def _turned(term: str, said: frozenset[str]) -> bool:
    """Whether a term with a prefix that turns it, or without, is said instead."""
    if len(term) < _LEAST_STEM:
        return False
    without = (term[len(p) :] for p in _PREFIXES if term.startswith(p) and len(term) >= len(p) + _LEAST_STEM)
    return any(f"{p}{term}" in said for p in _PREFIXES) or any(rest in said for rest in without)


def _denied(term: str, statement: str) -> bool:
    """Whether the statement puts what the term denies aside in another way: "outside the police" for "non-police"."""
    rest = next((term[len(p) :] for p in _PREFIXES if term.startswith(p)), None)
    return rest is not None and any(rest in terms(found[1]) for found in _ASIDE.finditer(statement))


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split(","):
        one, other = (terms(word)[0] for word in pair.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {term: frozenset(others) for term, others in found.items()}

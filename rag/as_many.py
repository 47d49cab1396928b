"""Tell that a sentence names those that are asked for: as many, of what the question says, none that it has itself.

A reader made for single answers is unsure of "which are the other two mills in the joint venture": the sentence that
names two mills beside the joint venture answers it all the same, though it says neither "other" nor "two".
"""

import re
from collections.abc import Callable

from index.terms import terms

from .rank import Ranked
from .retrieve import Evidence
from .understand import Question

IN_STATEMENT = 0.6  # of the question's term weight: in the sentence that names them
AROUND = 0.75  # in the sentence with its passage and headings
_NUMBERS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), start=2)}
_NOUNS = (
    r"(?:organisations|forces|bodies|agencies|persons|people|companies|councils|universities|partners|units|teams"
    r"|authorities|trusts|boards|departments|countries|cities|towns|boroughs|areas|regions|districts|places|banks"
    r"|schools|hospitals|subsidiaries|members)"
)
_ASKED = re.compile(
    r"\b(?:which|what|who (?:are|were)|name)(?: of)?(?: the| its)?(?P<other> other)?"
    rf"(?: (?P<number>{'|'.join(_NUMBERS)}))?(?: [a-z-]+){{0,2}}? (?P<noun>{_NOUNS})\b",
    re.IGNORECASE,
)
_APART = re.compile(  # who is said not to be among those, or no longer
    r"\b(?:not|no|never|neither|nor|without|left|leav(?:e|es|ing)|withdr[ae]w\w*|expel\w*|reject\w*|refus\w*|unlike|former\w*"
    r"|fail(?:s|ed|ing)?|ceas\w*|stopp\w*|quit|declin\w*|except|apart|rather|instead|exclud\w*|remov\w*)\b|n[’']t\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w’'])[A-Z][a-z][\w’'-]*(?:\s+(?:(?:of|and the|on|in)\s+)?[A-Z][a-z][\w’'-]*)*")
_NO_NAMES = frozenset(
    "the this that these those it its both for in at by of on to from a an and but or as some all most each figure"
    " table annex note section january february march april may june july august september october november"
    " december".split()
)


def names_as_many(question: Question, ranked: Ranked, weight: Callable[[str], float]) -> bool:
    """Whether the question asks which several there are, or how they are called, and the evidence is a sentence that
    names so many and has the other words of the question, as far as its surroundings have not."""
    asked = _ASKED.search(question.body)
    if asked is None or question.kind == "figure" or ranked.evidence.candidate.kind != "sentence":
        return False
    if _APART.search(ranked.evidence.text) is not None and _APART.search(question.text) is None:
        return False
    if ranked.measures.opposed or ranked.measures.negated:
        return False
    named = _names(question, ranked.evidence)
    wanted = _NUMBERS.get((asked["number"] or "").lower())
    if len(named) != wanted if wanted is not None else len(named) < 2:
        return False
    aside = frozenset(terms(f"{asked['other'] or ''} {asked['number'] or ''} {asked['noun']}"))
    left = [term for term in question.terms if term not in aside]
    c = ranked.evidence.candidate
    said = frozenset(terms(c.meaning))
    around = said | frozenset(terms(f"{c.passage} {c.header}"))
    total = sum(weight(term) for term in left)
    if not total:
        return False
    inside = sum(weight(term) for term in left if term in said) / total
    near = sum(weight(term) for term in left if term in around) / total
    return inside >= IN_STATEMENT and near >= AROUND


def _names(question: Question, evidence: Evidence) -> frozenset[str]:
    """The proper names in a sentence that the question and the report's own identity do not have."""
    report = evidence.report
    known = frozenset(terms(f"{question.text} {report.organisation or ''} {report.publisher or ''}"))
    found = set()
    for match in _NAME.finditer(evidence.text):
        words = match.group().split()
        while words and words[0].lower() in _NO_NAMES:
            words.pop(0)
        single = len(words) == 1 and match.start() == 0  # any word begins a sentence with a capital
        name = frozenset(terms(" ".join(words))) - known
        if words and not single and name:
            found.add(" ".join(sorted(name)))
    return frozenset(found)

"""Tell figures of several together from the figure of one: "across the three forces", "officers and staff combined"."""

import re

from index.records import Figure
from index.terms import terms

from .clauses import own_sentence
from .retrieve import Evidence
from .understand import Question

RIGHT_AFTER = 2  # words between a figure and what it is the figure of
_SEVERAL = re.compile(
    r"\b(?:across|between|among|amongst|for|by|of)\s+(?:all|both|(?:all\s+)?(?:the|these|those)\s+)?\s*"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|both|all)\s+(?:[a-z]+\s+)?"
    r"(?:forces|councils|authorities|trusts|companies|organisations|agencies|bodies|partners|boards|services|schools"
    r"|banks|universities|departments|boroughs|districts|counties)\b",
    re.IGNORECASE,
)
_COMBINED = re.compile(
    r"\b(?P<one>(?:[\w’'-]+ ){0,2}[\w’'-]+) and (?P<other>[\w’'-]+(?: [\w’'-]+)?),? "
    r"(?:(?:taken|counted|added|put|considered) together|together|combined|in combination)\b",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    r"\bshare (?:of|in) (?:these|this|those|that|the|such|all) ([\w’'-]+(?: [\w’'-]+)?)[^.;]*$", re.IGNORECASE
)
_ASKS_SHARE = re.compile(r"\b(?:shares?|parts?|portions?|proportions?|percentage|percent|slice|contribut\w+)\b", re.I)
_ASKS_PART = re.compile(
    r"\b(?:(?:its|their|whose)(?: own)?|own|[\w]+['’]s(?: own)?) (?:share|part|portion|contribution)\b", re.IGNORECASE
)
_AS_SHARE = re.compile(r"\b(?:share|part|portion|contribution)\b[^.;:\d]{0,60}$", re.IGNORECASE)
_OF_ANY = frozenset(terms("the its their all of for with police number share proportion percentage total"))


def of_several_together(evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence says a figure of several organisations together, right after it or without naming the one that
    is reported on: it is none of its own."""
    if evidence.candidate.kind != "sentence":
        return False
    sentence = own_sentence(evidence, figure)
    own = terms(evidence.report.organisation or "")[:1]
    named = bool(own) and own[0] in terms(sentence)
    at = figure.start - evidence.start - evidence.text.find(sentence)
    after = at + len(figure.text)
    others = [match.start() for match in _SEVERAL.finditer(sentence) if not match.start() <= at < match.end()]
    if not named:
        return bool(others)
    return any(start >= after and len(sentence[after:start].split()) <= RIGHT_AFTER for start in others)


def is_a_share_of(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence gives an amount as somebody's share of what is asked for ("its share of these savings is
    £2m"), and the question asks for no share."""
    if evidence.candidate.kind != "sentence" or _ASKS_SHARE.search(question.text) is not None:
        return False
    before = evidence.text[: figure.start - evidence.start]
    whole = list(_SHARE_OF.finditer(before))
    return bool(whole) and bool(frozenset(terms(whole[-1][1])) & frozenset(question.terms))


def others_share(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether somebody's share of an amount is asked for ("its own part of the £9m"), and the sentence gives another of
    its figures as a share, not this one."""
    if evidence.candidate.kind != "sentence" or _ASKS_PART.search(question.text) is None:
        return False
    shares = [f for f in evidence.figures if _AS_SHARE.search(evidence.text[: f.start - evidence.start])]
    return bool(shares) and figure not in shares


def counts_another_in(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence counts what is asked about together with something that the question does not name: of
    "officers and cadets taken together" nothing is said of officers."""
    if evidence.candidate.kind != "sentence":
        return False
    asked = frozenset(terms(question.text))
    for match in _COMBINED.finditer(own_sentence(evidence, figure)):
        one, other = (frozenset(terms(match[name])) - _OF_ANY for name in ("one", "other"))
        if one and other and bool(one & asked) != bool(other & asked):
            return True
    return False

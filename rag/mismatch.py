"""Tell figures that say outright that they are of something else: another date, another whole, another thing counted.

Weights see these as one measure among others. What is said outright is no matter of weight: such a figure is wrong,
however many words its sentence shares with the question.
"""

import re

from index.periods import MONTH, find_periods
from index.records import Figure
from index.terms import terms

from .asking import OF_THESE, PER
from .clauses import own_sentence
from .retrieve import Evidence
from .understand import Question
from .units import unit_class

_CHANGE = re.compile(
    r"\b(?:since|between|from|compared|until|change\w*|increas\w*|fall\w*|ris\w*|reduc\w*)\b", re.IGNORECASE
)
_SHARE_ASKED = re.compile(
    r"\b(?:what (?:share|percentage|proportion|percent)|how much) of (?P<whole>(?:[\w’'-]+ ){1,5}?)"
    r"(?:works?|are|is|was|were|has|have|had|will|would|do|does|did|goes|go|comes?|came)\b",
    re.IGNORECASE,
)
_SHARE_SAID = re.compile(
    r"\b(?:proportion|share|percentage|percent|per cent) of (?P<whole>(?:[\w’'-]+ ){1,5}?)"
    r"(?=(?:is|are|was|were|has|had|will|who|that|which|allocated|assigned|working|in|on|at|for|with|from|fell|rose)\b)",
    re.IGNORECASE,
)
_TWO = re.compile(  # "the total of A and B in 2019", "the ratio of A to B"
    r"\b(?:(?:total|sum|combined|together|altogether|difference)\b[^?]*?\b(?:from|of|for|between)\s+(?P<one>[^,;?]{2,60}?)"
    r"\s+and\s+(?P<two>[^,;?]{2,60}?)|ratio of\s+(?P<part>[^,;?]{2,60}?)\s+to\s+(?P<whole>[^,;?]{2,60}?))"
    r"(?:\s+(?:in|for|at|during|on|over|as)\b[^?]*)?\s*\??$",
    re.IGNORECASE,
)
_RATE = re.compile(r"\brates?\b", re.IGNORECASE)
_PER_MANY = re.compile(r"\bper (?:\d|head\b|capita\b|thousand\b|hundred\b|million\b)", re.IGNORECASE)
_NON = re.compile(r"\s*\bnon[- ][a-z]", re.IGNORECASE)
_ANY = frozenset(terms("people person member post position role place head case time number total whole"))
_PEOPLE = frozenset(terms("employee staff worker officer"))  # a narrower word may be asked for one of these
_ALIKE = tuple(
    frozenset(terms(words)) for words in ("crime offence", "people person individual", "child pupil student")
)
_AS = re.compile(r"\bas ((?:[\w’'-]+\s*){1,4})", re.IGNORECASE)
_REPORTING = frozenset(terms("force council company service trust authority agency department organisation"))


def of_another_date(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a level on a day, or of a month, is asked for, and a figure is of another one."""
    if len(question.periods) != 1 or not question.periods[0].dated or _CHANGE.search(question.text) is not None:
        return False
    if evidence.candidate.kind != "sentence" or "respectively" in evidence.text:
        return False
    told = find_periods(figure.period or "")
    if len(told) != 1 or not told[0].dated:
        return False
    another = not set(told[0].years) & set(question.periods[0].years)
    return another or not _months(told[0].text) & _months(question.periods[0].text)


def _months(text: str) -> frozenset[str]:
    """The months that a period names, in three letters."""
    return frozenset(match.group()[:3].lower() for match in re.finditer(MONTH, text, re.IGNORECASE))


def of_another_whole(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a share of one thing is asked for ("of the night crew"), and the sentence gives the share of another."""
    asked = _SHARE_ASKED.search(question.text)
    if asked is None or evidence.candidate.kind != "sentence" or unit_class(figure) != "percent":
        return False
    own = frozenset(terms(f"{evidence.report.organisation or ''} its their own"))
    whole = frozenset(terms(asked["whole"])) - own
    said = [frozenset(terms(match["whole"])) - own for match in _SHARE_SAID.finditer(own_sentence(evidence, figure))]
    said = [one for one in said if one]
    part = frozenset(terms(question.text[asked.end("whole") :]))
    return bool(whole) and len(said) == 1 and not whole & said[0] and not said[0] <= part


def lacks_one_of_two(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether what two things come to together, or against each other, is asked for, and a figure is not of both: it is
    that of one of them, or of a whole that they are parts of."""
    found = _TWO.search(question.body)
    if found is None or question.derived is not None:
        return False
    one, two = (frozenset(terms(found[a] or found[b])) for a, b in (("one", "part"), ("two", "whole")))
    one, two = one - two, two - one
    said = frozenset(terms(figure.measure or ""))
    if evidence.candidate.kind == "sentence" and not said & (one | two):
        said = frozenset(terms(own_sentence(evidence, figure)))
    return bool(one and two) and not (said & one and said & two)


def counts_another_noun(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how many there are of one thing, and a figure in a sentence counts another: the sentence has
    the thing asked about elsewhere or not at all ("several pilots and 71 lamps" says nothing of how many pilots)."""
    if question.unit != "count" or not question.counted or evidence.candidate.kind != "sentence":
        return False
    unit = frozenset(terms(figure.unit or ""))
    of_these = OF_THESE.match(evidence.text, figure.end - evidence.start) is not None
    if of_these or (figure.unit is None and figure.measure is None and not any(mark.isdigit() for mark in figure.text)):
        return question.counted[-1] not in terms(f"{evidence.text} {evidence.candidate.header}")
    if not unit or unit & _ANY or PER.search(figure.unit or "") is not None or unit_class(figure) != "count":
        return False
    *kind, head = question.counted
    own = frozenset(terms(evidence.report.organisation or ""))
    named = frozenset(terms(question.text)) - _REPORTING - frozenset(kind) - own
    if head in unit or unit & named or head in terms(figure.measure or ""):
        return False
    if any(head in alike and unit & alike for alike in _ALIKE) or _are_called(head, evidence, figure):
        return False
    return not unit & _PEOPLE or head in terms(own_sentence(evidence, figure))


def _are_called(head: str, evidence: Evidence, figure: Figure) -> bool:
    """Whether those that are counted are said to be what is asked about: "two members serve as deputies"."""
    after = own_sentence(evidence, figure).rpartition(figure.text)[2]
    return any(head in terms(found[1]) for found in _AS.finditer(after))


def is_a_rate(question: Question, figure: Figure) -> bool:
    """Whether it is asked how many there are, and a figure says how many there are per so many of something else."""
    if question.unit != "count" or PER.search(question.text) is not None or _RATE.search(question.text) is not None:
        return False
    return _PER_MANY.search(f"{figure.unit or ''} {figure.measure or ''}") is not None


def of_the_rest(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is of what is "non-" something, and the question names nothing of the kind."""
    if _NON.search(question.text) is not None:
        return False
    if _NON.search(f"{figure.measure or ''} {figure.unit or ''}") is not None:
        return True
    if evidence.candidate.kind != "sentence":
        return False
    return _NON.match(evidence.text, figure.end - evidence.start) is not None

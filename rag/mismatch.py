"""Tell figures that say outright that they are of something else: another date, another whole, another thing counted.

Weights see these as one measure among others. What is said outright is no matter of weight: such a figure is wrong,
however many words its sentence shares with the question.
"""

import re
from collections.abc import Iterable

from index.periods import MONTH, find_periods
from index.records import Figure
from index.terms import terms

from .asking import OF_THESE, PER
from .clauses import in_turn, own_sentence
from .retrieve import Evidence
from .understand import Question
from .units import unit_class

_CHANGE = re.compile(
    r"\b(?:since|between|from|compared|until|change\w*|increas\w*|fall\w*|ris\w*|reduc\w*)\b", re.IGNORECASE
)
_SHARE_ASKED = re.compile(
    r"\b(?:what (?:shares?|percentages?|proportions?|percent)|how much) of (?P<whole>(?:[\w’'-]+ ){1,5}?)"
    r"(?:works?|are|is|was|were|has|have|had|will|would|do|does|did|goes|go|comes?|came)\b",
    re.IGNORECASE,
)
_SHARE_SAID = re.compile(
    r"\b(?:proportion|share|percentage|percent|per cent) of (?P<whole>(?:[\w’'-]+ ){1,5}?)"
    r"(?=(?:is|are|was|were|has|had|will|who|that|which|allocated|assigned|working|in|on|at|for|with|from|fell|rose)\b)",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    r"\b(?:what|which) (?:shares?|percentages?|proportions?|percent|per cent) of (?P<whole>[^?]*?)"
    r"(?:\b(?:are|is|was|were|has|have|had|will|would|do|does|did|can|could)\b(?P<part>[^?]*)|$)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:this|that|it|these|those|they)\b|\bthe (?:figure|number|rate|proportion|share|amount|percentage)\b",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(
    r"\s*(?:%|per ?cent)?\s*of (?:the |all |its |their )?"
    r"(?P<whole>[\w’'-]+(?: (?!(?:is|are|was|were|has|have|had|will|would|do|does|did|who|that|which|with|in|at|on|for"
    r"|to|\w+ed)\b)[\w’'-]+){0,3})",
    re.IGNORECASE,
)
_TWO = re.compile(  # "the total of A and B in 2019", "the ratio of A to B"
    r"\b(?:(?:total|sum|combined|together|altogether|difference)\b[^?]*?\b(?:from|of|for|on|between)\s+(?P<one>[^,;?]{2,60}?)"
    r"\s+and\s+(?P<two>[^,;?]{2,60}?)|ratio of\s+(?P<part>[^,;?]{2,60}?)\s+to\s+(?P<whole>[^,;?]{2,60}?))"
    r"(?:\s+(?:in|for|at|during|on|over|as)\b[^?]*)?\s*\??$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s+(?:about |around |approximately )?$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|[-–])\s*")
_CHANGES = re.compile(
    r"\bfrom\b|\b(?:ris\w+|rose|fall\w*|fell|drop\w*|increas\w*|decreas\w*|reduc\w*|gr[eo]w\w*|declin\w*|improv\w*|chang\w*)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*\w*\s*and\s+(?:\w+\s+)?")
_DOES = re.compile(r"(?<=\w )\b(?:\w{2,}ed|left|came|went|met|took|made|got)\b.*")
_LIKE_A_YEAR = re.compile(r"1\d{3}|20\d\d")
_ASKS_END = re.compile(
    r"\b(?:between|from what|ranges?|at (?:least|most)|up to|minimum|maximum|lowest|highest|least|most|low|high)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\brates?\b", re.IGNORECASE)
_PER_MANY = re.compile(r"\bper (?:\d|head\b|capita\b|thousand\b|hundred\b|million\b)", re.IGNORECASE)
_NON = re.compile(r"\s*\bnon[- ][a-z]", re.IGNORECASE)
_ANY = frozenset(terms("people person member post position role place head case time number total whole"))
_ANYBODY = _ANY | frozenset(terms("respondents those them these participants individuals adults public"))
_PEOPLE = frozenset(terms("employee staff worker officer"))  # a narrower word may be asked for one of these
_ALIKE = tuple(
    frozenset(terms(words))
    for words in (
        "crime offence",
        "people person individual",
        "child pupil student",
        "staff employee workforce personnel worker",
        "woman women female",
        "man men male",
    )
)
_AS = re.compile(r"\bas ((?:[\w’'-]+\s*){1,4})", re.IGNORECASE)
_REPORTED = frozenset(terms("according report letter inspection inspector review find found"))
_DAY = re.compile(rf"\b(?:(\d{{1,2}}) ({MONTH})|({MONTH}) (\d{{1,2}})(?!\d))", re.IGNORECASE)
_REPORTING = frozenset(terms("force council company service trust authority agency department organisation"))


def with_alike(words: Iterable[str]) -> frozenset[str]:
    """Terms, and those that are said for the same."""
    own = frozenset(words)
    return own.union(*(alike for alike in _ALIKE if own & alike))


def of_another_date(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a level on a day, or of a month, is asked for, and a figure is of another one."""
    if len(question.periods) != 1 or not question.periods[0].dated or _CHANGE.search(question.text) is not None:
        return False
    if evidence.candidate.kind != "sentence":
        day, stated = _days(question.text), _days(figure.measure or "")
        return len(day) == 1 and bool(stated) and not day & stated
    if "respectively" in evidence.text:
        return False
    told = find_periods(figure.period or "")
    if len(told) != 1 or not told[0].dated:
        return False
    another = not set(told[0].years) & set(question.periods[0].years)
    return another or not _months(told[0].text) & _months(question.periods[0].text)


def of_another_share(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked what share of some do or are something, and the sentence gives the share of others ("90% of
    the clerks") or of those who do something else: it has none of the words for what is asked about them."""
    asked = _SHARE_OF.search(question.body.rstrip(" ?"))
    if asked is None or evidence.candidate.kind != "sentence" or unit_class(figure) != "percent":
        return False
    sentence = own_sentence(evidence, figure)
    said = _OF_WHOLE.match(sentence, figure.end - evidence.start - evidence.text.find(sentence))
    if said is not None and not said["whole"].split()[0].isupper():  # an abbreviation may be of what is asked
        whole = frozenset(terms(said["whole"]))
        if whole and not whole & (_ANYBODY | with_alike(terms(question.body))):
            return True
    own = {*terms(evidence.report.organisation or ""), *(t for p in question.periods for t in terms(p.text))}
    does = _DOES.search(asked["whole"])  # "what percentage of the clerks resigned"
    part = frozenset(terms(asked["part"] or (does.group() if does is not None else ""))) - own - _REPORTING - _REPORTED
    if _POINTS_BACK.search(sentence) is not None:
        return False  # what it is about stands in the sentence before
    return bool(part) and not part & with_alike(terms(sentence))


def _months(text: str) -> frozenset[str]:
    """The months that a period names, in three letters."""
    return frozenset(match.group()[:3].lower() for match in re.finditer(MONTH, text, re.IGNORECASE))


def of_another_in_turn(question: Question, evidence: Evidence, position: int) -> bool:
    """Whether a figure of "A and B were 1 and 2 respectively" stands for A, and B is what the question names."""
    if evidence.candidate.kind != "sentence" or "respectively" not in evidence.text.lower():
        return False
    asked = frozenset(terms(question.body))
    items = [frozenset(terms(in_turn(evidence, place))) for place in range(len(evidence.figures))]
    own = items[position]
    return bool(own) and any(item and (asked & item) - own and not (asked & own) - item for item in items)


def _days(text: str) -> frozenset[tuple[str, str]]:
    """The days of a year that a text names, as (month in three letters, day)."""
    found = (match.groups() for match in _DAY.finditer(text))
    return frozenset(((one or other)[:3].lower(), str(int(day or after))) for day, one, other, after in found)


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
    if of_these or (figure.unit is None and not any(mark.isdigit() for mark in figure.text)):
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


def ends_a_range(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is one end of "between 14 and 16", and no end is asked for."""
    if evidence.candidate.kind != "sentence" or _ASKS_END.search(question.text) is not None:
        return False
    if _LIKE_A_YEAR.fullmatch(figure.text) is not None:
        return False
    at = figure.start - evidence.start
    before, after = evidence.text[:at], evidence.text[at + len(figure.text) :]
    alike = [f for f in evidence.figures if unit_class(f) == unit_class(figure) and f is not figure]
    others = [f for f in alike if f.unit is None or figure.unit is None or f.unit == figure.unit]
    if any(
        _TO.fullmatch(between) and _CHANGES.search(before) is None
        for f in others
        if (
            between := evidence.text[
                min(f.end, figure.end) - evidence.start : max(f.start, figure.start) - evidence.start
            ]
        )
    ):
        return True
    if _BETWEEN.search(before) is not None:
        return any(_AND.fullmatch(after[: f.start - figure.end]) for f in others if f.start > figure.start)
    low = next((f for f in others if f.end <= figure.start and _AND.fullmatch(before[f.end - evidence.start :])), None)
    return low is not None and _BETWEEN.search(before[: low.start - evidence.start]) is not None


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

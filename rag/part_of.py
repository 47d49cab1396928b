"""Tell figures in sentences that are a whole, a part or an addition of what is asked for: "8 of the 20 boats", "another
eight", what there was before some were closed, one of two that share a verb."""

import re

from index.periods import find_periods
from index.records import Figure
from index.terms import terms

from .asking import ASKS_CHANGE, is_left, is_reached
from .clauses import own_sentence
from .mismatch import with_alike
from .retrieve import Evidence
from .understand import Question
from .units import unit_class
from .wording import OWN

_FURTHER = re.compile(
    r"\b(?:another|an? (?:further|additional|extra)|further|additional)\s+"
    r"(?:about |around |some |approximately )?[£$€]?$",
    re.IGNORECASE,
)
_ASKS_FURTHER = re.compile(r"\b(?:more|another|further|additional|extra|others?|also|besides|on top)\b", re.IGNORECASE)
_BY_THEN = re.compile(r"\b(?:will|would) have\b", re.IGNORECASE)
_SO_FAR = re.compile(r"\b(?:so far|to date|already|currently|until now|as yet)\b", re.IGNORECASE)
_OF_A_WHOLE = re.compile(
    r"\b(?:out )?of (?:(?:the|its|these|those|their|all|a total of|about|around|approximately|some) )*[£$€]?$",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|did|do|does|can|could|will|would)\b", re.IGNORECASE)
_DID = re.compile(r"\b\w{2,}ed\b", re.IGNORECASE)
_WHO_DO = re.compile(rf"\b(?:who|that|which)(?:\s+{_AUXILIARY.pattern})+", re.IGNORECASE)
_HOW_MANY_OF = re.compile(
    r"\bhow many of (?P<whole>[^?]*?)"
    r"\b(?:are|is|was|were|has|have|had|will|would|do|does|did|can|could)\b(?P<part>[^?]*)",
    re.IGNORECASE,
)
_HOW_MANY_ARE = re.compile(
    r"\bhow many (?!of\b)(?P<whole>[^?]*?)\b(?:are|is|was|were) "
    r"(?P<part>(?:subject to|under|on|in receipt of|waiting for|awaiting|at risk of|known to|covered by) [^?]*?)"
    r"(?= (?:at|by|on|in|as of|during|when|according)\b|\s*[,?]|\s*$)",
    re.IGNORECASE,
)
_IN_ROLES = re.compile(
    r"(?P<who>[A-Za-z]+) (?:in|on|within) (?:the )?(?P<which>(?:[\w-]+ ){1,3}?)"
    r"(?:roles?|posts?|positions?|jobs?|duties|functions?|teams?|units?|departments?|divisions?)\b",
    re.IGNORECASE,
)
_WHAT_CHANGED = re.compile(
    r"\bhow (?:much|many\b[^?]{0,40}?) (?:did|has|have) (?:the )?(?P<what>[^?,]+?) (?:in|of|for|at|on) [^?,]+? "
    r"(?:increase|decrease|rise|risen|fall|fallen|grow|grown|drop|dropped|decline|declined|change|changed)d?\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:do|does|did|will) (?:the |an? )?(?P<what>[^?,]+?) (?:last|take|run|go on|continue)\b", re.IGNORECASE
)
_BESIDE_IT = re.compile(
    r"\b(?:after|before|following|preceding|until|prior to)(?: the| an?| each| every)? $", re.IGNORECASE
)
_ANOTHER_BEGINS = re.compile(r",? (?:an?|the|another|there)\b", re.IGNORECASE)
_MEASURES = frozenset(
    terms("number level amount volume value rate price cost spending expenditure total use sum member membership")
)
_ALL_ROLES = frozenset(terms("all every each our its their operating two three four five six seven eight nine ten"))
_ACTIONS = tuple(
    frozenset(terms(words))
    for words in (
        "close closed closure shut axe scrap abolish",
        "refurbish refurbishment renovate renovation upgrade remodel redevelop modernise retrofit refit",
        "demolish demolition",
    )
)
_SHARED_VERB = re.compile(
    r"\b(?:the )?(?P<one>[\w’'-]+) (?P<verb>has|have|had|employs?|owns?|runs?|received|spent) (?P<first>\S+)"
    r"[^.;]{0,200}?"
    r"[,;]? (?:and|while|but) (?:the )?(?P<two>[\w’'-]+) (?:(?P=verb) )?(?P<second>[\w,.]+)\s*(?:[.;,]|$)",
    re.IGNORECASE,
)
_NOT_IT = re.compile(r"\(?\bnot (?:in |for |of )?(?:the )?(?P<what>[\w’'-]+)\)?", re.IGNORECASE)
_CHANGE_IN = re.compile(
    r"^(?:an? )?(?:increase|decrease|rise|fall|reduction|growth|drop|decline|change)s? (?:in|of) (?P<what>.+)",
    re.IGNORECASE,
)
_BY_PERCENT = re.compile(  # "fell by about", "rose by 3% or", "grew 7%, 8% and"
    r"\b(?:increas|decreas|declin|dropp|reduc|shr[iau]nk|gr[eo]w|rose|ris|f[ae]ll)\w*\b"
    r"(?:\s+(?:[\d.]+ ?%(?:, and |, | and ))*$"
    r"|[^.;:,]{0,80}?\bby (?:about |around |approximately |nearly |almost |over |more than |less than |some |just )*"
    r"(?:[\d.]+ ?(?:%|per ?cent\b)[^.;:]{0,30}?\b(?:or|and) )?$)",
    re.IGNORECASE,
)


def is_whole_or_part(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure of a sentence is a whole, a part or an addition of what is asked for, and so not the answer."""
    if evidence.candidate.kind != "sentence":
        return False
    return (
        _is_an_addition(question, evidence, figure)
        or _is_the_whole(question, evidence, figure)
        or _lacks_what_is_asked_of_many(question, evidence, figure)
        or _lacks_action(question, evidence, figure)
        or _of_the_other_subject(question, evidence, figure)
        or _of_an_earlier_month(question, evidence, figure)
        or _is_another_change(question, evidence, figure)
        or _is_another_that_changed(question, evidence)
        or _in_some_roles(question, evidence, figure)
        or _follows_it(question, evidence, figure)
    )


def _is_an_addition(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure comes on top of one before it in its sentence ("11 piers, and another eight"), or is what there
    is so far where it is asked what there will have been."""
    before = evidence.text[: figure.start - evidence.start]
    if _BY_THEN.search(question.body) is not None and _SO_FAR.search(before) is not None:
        return True
    if _FURTHER.search(before) is None or _ASKS_FURTHER.search(question.body) is not None:
        return False
    sentence = own_sentence(evidence, figure)
    starts = evidence.start + evidence.text.find(sentence)
    kind = unit_class(figure)
    return kind in ("count", "money") and any(
        starts <= f.start < figure.start and unit_class(f) == kind for f in evidence.figures
    )


def _is_the_whole(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is the 20 of "8 of the 20 boats were sold", and it is asked about those that were."""
    before = evidence.text[: figure.start - evidence.start]
    of = _OF_A_WHOLE.search(before)
    if of is None:
        return False
    part = evidence.start + len(before[: of.start()].rstrip())
    if not any(f.end == part for f in evidence.figures):
        return False
    after = own_sentence(evidence, figure).rpartition(figure.text)[2]
    after = _WHO_DO.sub(lambda found: "~" * len(found.group()), after)  # it is said of all of them
    does = _AUXILIARY.search(after)
    if does is None:
        does = _DID.search(after)
        if does is None or re.search(rf"\b(?:is|are|was|were|been|be)\b[^?]*\b{does.group()}\b", question.body, re.I):
            return False
    own = {*question.counted, *terms(evidence.report.organisation or ""), *terms(after[: does.start()])}
    return bool(frozenset(terms(after[does.end() :])) & frozenset(question.terms) - own)


def _lacks_what_is_asked_of_many(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how many of some are or do something, and the sentence has no word for that."""
    asked = _HOW_MANY_OF.search(question.body)
    sentence = own_sentence(evidence, figure)
    own = {*terms(evidence.report.organisation or ""), *(t for p in question.periods for t in terms(p.text))}
    if asked is not None:
        part = frozenset(terms(asked["part"])) - own
        return bool(part) and not part & with_alike(terms(sentence))
    asked = _HOW_MANY_ARE.search(question.body)
    if asked is None:
        return False
    part = frozenset(terms(asked["part"])) - own - OWN - with_alike(terms(asked["whole"]))
    said = f"{sentence} {evidence.candidate.header} {' '.join(evidence.section)}"
    return len(part) > 1 and not part & with_alike(terms(said))


def _lacks_action(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how many were closed, refurbished or the like, and a figure is of no such thing, or is how
    many there were before or after."""
    if question.unit != "count":
        return False
    asked = frozenset(terms(question.body))
    for action in _ACTIONS:
        if not action & asked:
            continue
        said = frozenset(terms(f"{own_sentence(evidence, figure)} {evidence.candidate.header}"))
        if not said & action and figure.direction is None:
            return True
        return is_left(evidence, figure) or is_reached(evidence, figure)
    return False


def _of_the_other_subject(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence says of two how many they have ("the city has six boats and the county has nine"), and the
    question names the other one."""
    found = _SHARED_VERB.search(own_sentence(evidence, figure))
    if found is None or not any(f.text == found["second"].strip(".,;") for f in evidence.figures):
        return False
    asked = frozenset(terms(_NOT_IT.sub(" ", question.body)))
    one, two = (frozenset(terms(found[name])) for name in ("one", "two"))
    if not one or not two or bool(one & asked) == bool(two & asked):
        return False
    value = figure.text.strip()
    return value == (found["second"] if one & asked else found["first"]).strip(".,;")


def _of_an_earlier_month(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a month of another year than the report's is asked about, and neither the sentence nor the one before it
    names a time: it tells how things are when it is written."""
    c = evidence.candidate
    if len(question.periods) != 1 or not question.periods[0].dated or figure.period:
        return False
    if c.report_year is None or c.report_year <= max(question.periods[0].years):
        return False
    at = c.passage.find(evidence.text)
    before = c.passage[max(0, at - 400) : at] if at >= 0 else ""
    told = (*find_periods(before), *find_periods(c.header), *find_periods(" ".join(evidence.section)))
    return not find_periods(evidence.text) and not any(p.covers(question.periods[0]) for p in told)


def _is_another_change(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is the size of a change, of something that the question does not name, or a percentage of it
    where no change is asked for."""
    named = _CHANGE_IN.match(figure.measure or "")
    if named is not None and ASKS_CHANGE.search(question.body) is not None:
        what = frozenset(terms(named["what"]))
        return bool(what) and not what & with_alike(terms(question.body))
    if unit_class(figure) != "percent" or ASKS_CHANGE.search(question.body) is not None:
        return False
    return _BY_PERCENT.search(evidence.text[: figure.start - evidence.start]) is not None


def _is_another_that_changed(question: Question, evidence: Evidence) -> bool:
    """Whether it is asked how much something of one part changed, and the sentence and its headings have no word for
    it: "sales of the hotels rose" says nothing of their debts."""
    asked = _WHAT_CHANGED.search(question.body)
    if asked is None:
        return False
    what = frozenset(terms(asked["what"])) - frozenset(terms(evidence.report.organisation or "")) - OWN - _MEASURES
    c = evidence.candidate
    said = frozenset(terms(f"{c.meaning} {c.header} {' '.join(evidence.section)}"))
    return bool(what) and not with_alike(what) & said


def _in_some_roles(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether those of one role alone are counted before a figure, and the question names no role: "officers in patrol
    roles" are not all officers."""
    if not question.counted:
        return False
    asked, sentence = with_alike(terms(question.body)), own_sentence(evidence, figure)
    found = _IN_ROLES.search(sentence.partition(figure.text)[0])
    if found is None or terms(found["who"])[:1] != question.counted[-1:]:
        return False
    which = frozenset(terms(found["which"]))
    return bool(which) and not which & (asked | _ALL_ROLES)


def _follows_it(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how long something lasts, and the sentence names it only as what something else comes before
    or after: "after the vote a debate is held, which lasts an hour"."""
    asked = _LASTS.search(question.body)
    if asked is None:
        return False
    sentence = own_sentence(evidence, figure)
    what = re.escape(asked["what"].strip())
    places = list(re.finditer(rf"(?<!\w){what}", sentence, re.IGNORECASE))
    return bool(places) and all(
        _BESIDE_IT.search(sentence[: found.start()]) is not None and _ANOTHER_BEGINS.match(sentence[found.end() :])
        for found in places
    )

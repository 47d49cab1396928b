"""Whether a sentence says plainly, as a fact and of the whole organisation, that what is measured came to a figure.

Every word around the figure must be known to narrow nothing: a sentence that denies or bounds the figure, that tells of
a change, or that speaks of a part of the organisation is left out, and so is one that cannot be told from these.
"""

import re
from collections.abc import Collection

from index.periods import find_periods
from index.records import Figure
from index.terms import terms

from .clauses import FROM, TO, own_sentence
from .retrieve import Evidence
from .units import unit_class

_WORD = re.compile(r"[^\W\d_][\w’'-]*|\d[\w.,/]*")
_UNREAL = re.compile(
    r"\b(?:not|no|nor|neither|never|none|nobody|nothing|without|cannot|hardly|scarcely|barely|\w+n[’']t|untrue|false\w*"
    r"|wrong\w*|incorrect\w*|mistaken\w*|den(?:y|ied|ies)|refut\w+|contrary|would|could|should|might|ought|if|unless"
    r"|whether|claim\w*|alleg\w+|suppos\w+|rumou?r\w*|believ\w+|thought|hop(?:ed|es|ing)|wish\w*|want\w*|sought|seek\w*"
    r"|ask(?:ed|s)|request\w*|need\w*|requir\w+|lack\w*|short(?:age|fall|\s+of)|each|every|apiece|respective|typical\w*"
    r"|usual\w*)\b",
    re.IGNORECASE,
)
_MAY, _PER = re.compile(r"\bmay\b"), re.compile(r"\bper\b(?!\s*cent)", re.IGNORECASE)  # May is a month
_LEVEL = (
    r"\b(?:r[io]se[ns]?|rising|f[ae]ll(?:s|en|ing)?|gr[eo]w[ns]?|growing|increas\w+|decreas\w+|reduc\w+|dropp?\w*"
    r"|declin\w+|shr[aiu]nk\w*|went|climb\w*|jumped)\b"
)
_LEVELLED = re.compile(_LEVEL, re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:los(?:t|es?|ing)|gain(?:s|ed|ing)?|s[eo]ld?l?s?|selling|b(?:ought|uys?|uying)|open(?:s|ed|ing)|clos(?:es|ed|ing)"
    r"|add(?:s|ed|ing)|remov\w+|cut(?:s|ting)?|buil[dt]s?|building|demolish\w*|acquir\w+|dispos\w+|creat(?:es|ed|ing)"
    r"|abolish\w*|scrapp\w*|recruit(?:s|ed|ing)|hir(?:es|ed|ing)|appoint(?:s|ed|ing)|dismiss\w*|replac\w+|join(?:s|ed|ing)"
    r"|left|retir\w+|transferr?\w*|receiv\w+|t(?:ook|aken?|akes|aking)\s+(?:on|away|over|out)|gave|given|let\s+go)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?:\b(?:about|around|over|under|above|below|beyond|exceed\w*|in\s+excess\s+of|at\s+(?:least|most)|up\s+to|than|nearly"
    r"|almost|approx\w*|roughly|some|circa|close\s+to|near|between|maximum|minimum|average|averag(?:es|ed|ing)|mean|median"
    r"|as\s+(?:many|few|much|little)\s+as|well\s+short|upwards?\s+of|within|only\s+just|just\s+short)|\bc\.|[~≈<>≤≥±])"
    r"(?:\s+(?:of|a|an|the|its|their|total|figure|number))*\s*[£$€]?$|\bbetween\s+[^.;]{1,40}\s+and\s+[£$€]?$"
    r"|\d\s*[–-]\s*[£$€]?$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(
    r"\s*(?:\+|[–-]\s*[£$€]?\d|plus\b|(?:to|or)\s+[£$€]?\d|(?:[\w’'-]+\s+){0,3}?(?:or\s+(?:more|fewer|less|so|over|under"
    r"|above|below|thereabouts)|at\s+(?:least|most)|upwards?)\b)",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(r"\s*of\s+(?:the|its|their|these|those|them|all|our)\b", re.IGNORECASE)
_RANGE = re.compile(r"\d\w*\s+(?:to|or)\s+[£$€]?$", re.IGNORECASE)
_CHAIN_END = re.compile(r"\bto\s+[£$€]?$", re.IGNORECASE)
_ALL_OF_IT = re.compile(r"\ball\s+(?:of\s+)?the\s+[£$€]?$", re.IGNORECASE)
_LISTED = re.compile(
    r"[£$€]?\d[\d.,]*\s+(?:(?!(?:in|at|on|of|for|from|with|within|across|by|to)\b)[^\W\d][\w’'-]*\s*){1,3}(?:,|\band)\s+$",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(r"(?:;|,?\s+(?:and|but|while|whereas)\b)\s*", re.IGNORECASE)
_FORESEEING = re.compile(
    r",\s+(?=(?:forecast|expect|anticipat|plann|project|estimat|budget|predict)ing\b)", re.IGNORECASE
)
_PLACES = r"(?:in|at|on|within|across|among|inside|outside|around|along|for|from|by|under)"
_END = re.compile(
    rf"[;:)(]|\.(?!\d)|,(?!\d|\s+{_PLACES}\b)|\b(?:and|but|which|who|that|while|whereas|compared|than|including)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will)\b", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|does|did|employs|employed|expects|expected|plans|planned|forecasts|anticipates"
    r"|estimates|projects|intends)\b",
    re.IGNORECASE,
)
_VERB = re.compile(rf"{_FINITE.pattern}|\b\w+[^e]ed\b", re.IGNORECASE)
_PRONOUNS = frozenset("it its they their we our".split())
_BODIES = frozenset(
    "force council trust school authority agency company service department provider college university hospital group "
    "firm bank ministry board commission".split()
)
_ANY_BODY = frozenset("force organisation organization company group firm agency authority council trust".split())
_PLAIN = frozenset(
    "a an the its their our this that these those it they we there here all both of in on at to by for from with "
    "during since until as and or is are was were be been being has have had having will do does did employ employs "
    "employed employing number numbers numbered total totals totalled amount amounts amounted sum level value "
    "figure size strength overall altogether full whole count counted recorded reported record stand stands stood "
    "plan plans planned planning forecast forecasts forecasting projected projects expect expects expected "
    "expecting estimate estimates estimated predicted predicts budget budgeted target anticipates anticipated "
    "anticipate intends intended aims currently now still then also however already only exactly precisely actual "
    "current annual found year years month months quarter end ended ending start period time date financial fiscal "
    "calendar beginning january february march april may june july august september october november december "
    "percent cent per".split()
)
_OF_MONEY = frozenset(
    "achieve achieves achieved achieving find make makes made making spend spends spent save saves saved m bn k "
    "million billion thousand".split()
)
_NEED = frozenset(t for word in "need needed require required requirement".split() for t in terms(word))


def asserts(evidence: Evidence, position: int, asked: frozenset[str], own: Collection[str], *, change: bool) -> bool:
    """Whether the figure's own sentence states it so. `asked` are the terms of the measure, `own` those of the name of
    whose it is; `change` says that a change is asked for."""
    figure = evidence.figures[position]
    asked |= _NEED if asked & _NEED else frozenset()
    sentence = own_sentence(evidence, figure)
    at = figure.start - evidence.start - evidence.text.find(sentence)
    before, after = sentence[:at], sentence[at + len(figure.text) :]
    if any(not _is_asked(word, asked) for word in _UNREAL.findall(sentence)) or _MAY.search(sentence):
        return False
    if _PER.search(sentence) and not (figure.unit or "").startswith("per ") and "per" not in asked:
        return False
    if _BOUND.search(before) or _BOUND_AFTER.match(after):
        return False
    if unit_class(figure) != "percent" and _PART_AFTER.match(after):
        return False
    if not change and not _is_level(sentence, before, asked):
        return False
    known = _Known(figure, asked, own)
    rest = after[: ended.start()] if (ended := _END.search(after)) is not None else after
    if known.money and (verb := _AUXILIARY.search(rest)) is not None:
        rest = rest[: verb.start()]
    if not known.are_plain(rest):
        return False
    return (known.money and _ALL_OF_IT.search(before) is not None) or _of_the_whole(before, evidence, known)


class _Known:
    """The words that narrow nothing beside one figure."""

    def __init__(self, figure: Figure, asked: frozenset[str], own: Collection[str]) -> None:
        self.money = unit_class(figure) == "money"
        rate = frozenset(terms(figure.unit or "")) if (figure.unit or "").startswith("per ") else frozenset()
        self._asked, self._own = asked | rate, frozenset(own)
        own_bodies = frozenset(body for body in _BODIES if set(terms(body)) & self._own)
        self._bodies = own_bodies or _ANY_BODY
        self._words = _PLAIN | (_OF_MONEY if self.money else frozenset())

    def are_plain(self, text: str) -> bool:
        """Whether all words of `text` are such."""
        for period in reversed(find_periods(text)):
            text = text[: period.start] + " " + text[period.end :]
        words = [re.sub(r"[’']s?$", "", word.lower()) for word in _WORD.findall(text)]
        return all(w in self._words or w[0].isdigit() or self._is_of_whole(w) for w in words)

    def names_whole(self, text: str, *, pronoun: bool) -> bool:
        """Whether `text` names the organisation, by a noun or, where it may, a pronoun for it, or the measure."""
        words = [re.sub(r"[’']s?$", "", word.lower()) for word in _WORD.findall(text)]
        return any(self._is_of_whole(w) or (pronoun and w in _PRONOUNS) for w in words)

    def _is_of_whole(self, word: str) -> bool:
        found = terms(word)
        return word in self._bodies or (bool(found) and all(t in self._asked or t in self._own for t in found))


def _of_the_whole(before: str, evidence: Evidence, known: _Known) -> bool:
    """Whether what comes before the figure speaks of the organisation, or of nothing else."""
    while (listed := _LISTED.search(before)) is not None:  # "3 cranes and 412 moorings"
        before = before[: listed.start()]
    foreseeing = _FORESEEING.search(before)
    if foreseeing is not None and known.are_plain(before[foreseeing.end() :]):
        verb = _FINITE.search(before)
        return verb is not None and known.are_plain(before[: verb.start()]) and _is_known(before, evidence, known)
    if known.are_plain(_LEVELLED.sub(" ", before)):  # which `_is_level` has weighed
        return _is_known(before, evidence, known)
    starts = [m.end() for m in _NEW_CLAUSE.finditer(before)]
    last = before[starts[-1] :] if starts else ""
    return bool(last) and known.are_plain(last) and known.names_whole(last, pronoun=False)


def _is_known(before: str, evidence: Evidence, known: _Known) -> bool:
    """Whether a pronoun, if nothing else tells whose the figure is, follows a sentence that begins with whose it is."""
    if known.names_whole(before, pronoun=False) or not known.names_whole(before, pronoun=True):
        return True
    ahead = evidence.candidate.passage[: max(0, evidence.start - evidence.passage_start)].strip()
    ahead += " " + evidence.text[: max(0, evidence.text.find(before))]
    last = re.split(r"(?<=[.!?])\s+|\n", ahead.strip())[-1]
    if not last:
        return True
    verb = _VERB.search(last)
    subject = last[: verb.start()] if verb is not None else last
    return known.are_plain(subject) and known.names_whole(subject, pronoun=True)


def _is_level(sentence: str, before: str, asked: frozenset[str]) -> bool:
    """Whether no change is told, or the figure is what something rose or fell from or to."""
    if any(not _is_asked(word, asked) for word in _CHANGE.findall(sentence)):
        return False
    levelled = any(not _is_asked(word, asked) for word in _LEVELLED.findall(sentence))
    chained = any(ends.search(before) is not None for ends in (TO, FROM, _RANGE))
    return (chained or _CHAIN_END.search(before) is not None) if levelled else not chained


def _is_asked(word: str, asked: frozenset[str]) -> bool:
    found = terms(word)
    return bool(found) and all(t in asked for t in found)

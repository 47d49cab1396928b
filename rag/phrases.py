"""Whether a sentence or a table row speaks of exactly what is named, and not of a part of it or of something more.

"Officers" is not "officers in frontline roles", "special officers" or "officers and staff". What cannot be told is
taken to be something else: a timeline leaves it out.
"""

import re
from collections.abc import Collection

from index.periods import find_periods
from index.terms import terms

_WORD = re.compile(r"[£$€]?\d[\d.,/–-]*\w*%?|[^\W\d_][\w’'-]*")
_BODIES = "force council trust school authority agency company service department provider college".split()
_BEFORE = frozenset(
    "a an the its their his her our this that these those for on in to by from with at as about around nearly "
    "almost some only just approximately is are was were be been has have had having will total "
    "overall number numbers amount level value sum all what which achieve achieved employ employed employs "
    "planned projected forecast forecasting budgeted expected actual current annual".split()
)
_AFTER = frozenset(
    "is are was were be been has have had will would should could can may did does do fell rose stood grew went came "
    "made totalled remained reached numbered amounted it they we which respectively altogether "
    "over during by as at since until between after before than compared against only".split()
)
_PREPOSITIONS = frozenset("in on at for from of within across to with per among under".split())
_DETERMINERS = frozenset("a an the its their this that these those around about some just nearly almost only".split())
_TIME = frozenset(
    "year years month months quarter end start period march april may june july august september october november "
    "december january february financial fiscal calendar same total full time".split()
)
_HEADING_WORDS = (
    "number numbers no total amount actual planned plan forecast budget budgeted projected estimate estimated target "
    "year years end ended ending at as of in the to baseline restated audited unaudited million thousand m k bn fte "
    "headcount gbp usd eur pounds outturn"
)
_HEADING = frozenset(t for word in [*_HEADING_WORDS.split(), *_BODIES] for t in (word, *terms(word)))
WHOLE = frozenset("number numbers total amount sum level value count percent cent percentage".split())
_DIGITS = frozenset("£$€0123456789")
_ENUMERATED = re.compile(r"^,\s+[\w’'-]+(?:\s+[\w’'-]+)?,?\s+(?:and|or)\b")


def speaks_of(asked: frozenset[str], named: frozenset[str], sentence: str, own: Collection[str]) -> bool:
    """Whether a sentence has every term of `asked`, and those of `named` without a word that narrows or widens them.

    `named` are the terms of what is measured, some of `asked`. `own` are the terms of the organisation's name, which
    narrow nothing.
    """
    words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(sentence)]
    of_asked = [_is_of(word, named) for _, _, word in words]
    said = {t for _, _, word in words for t in terms(word)}
    if not named or not asked <= said or not any(of_asked):
        return False
    known = asked | frozenset(own)
    for i, inside in enumerate(of_asked):
        if not inside:
            continue
        if i and not of_asked[i - 1] and not _open_before(sentence, words, i, known):
            return False
        if (i + 1 == len(words) or not of_asked[i + 1]) and not _open_after(sentence, words, i, known):
            return False
    return True


def heads_exactly(asked: frozenset[str], headings: str, caption: str, own: Collection[str]) -> bool:
    """Whether the headings of a table's cell, with its caption, have all terms asked for, and the headings no others
    than those of the organisation's name and of time."""
    plain = headings
    for period in reversed(find_periods(headings)):
        plain = plain[: period.start] + " " + plain[period.end :]
    beyond = {t for t in terms(plain) if not t.isdigit()} - asked - set(own) - _HEADING
    return bool(asked) and not beyond and asked <= {*terms(headings), *terms(caption), *own}


def _is_of(word: str, asked: frozenset[str]) -> bool:
    found = terms(word)
    return bool(found) and all(t in asked for t in found)


def _open_before(sentence: str, words: list[tuple[int, int, str]], i: int, known: frozenset[str]) -> bool:
    """Whether the words before say nothing more of what is named."""
    if re.search(r"[,;:.()–—]", sentence[words[i - 1][1] : words[i][0]]):
        return True
    said = words[i - 1][2].lower()
    if said == "of" and i > 1:  # "the number of" is of the whole, "the use of" and "the majority of" are not
        counted = words[i - 2][2].lower()
        return counted in WHOLE or counted[0] in _DIGITS or _is_of(counted, known)
    return said in _BEFORE or said[0] in _DIGITS or re.search(r"[’']s?$", said) is not None or _is_of(said, known)


def _open_after(sentence: str, words: list[tuple[int, int, str]], i: int, known: frozenset[str]) -> bool:
    """Whether what follows says nothing more of what is named: another clause, a time, a figure or the organisation."""
    rest = sentence[words[i][1] :]
    if i + 1 == len(words):
        return True
    if re.match(r"\s*[,;:.()–—]", rest):
        return _ENUMERATED.match(rest.lstrip()) is None
    said = words[i + 1][2].lower()
    if said in _AFTER or said[0] in _DIGITS or _is_of(said, known) or re.search(r"[^e]ed$", said):
        return True
    if said not in _PREPOSITIONS:
        return False
    after = [word.lower() for _, _, word in words[i + 2 : i + 5] if word.lower() not in _DETERMINERS]
    return bool(after) and (after[0][0] in _DIGITS or after[0] in _TIME or _is_of(after[0], known))

"""How a clause says it: denied or not, sure or planned, more or less, and why. Word lists of English reports."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.grades import GRADE, canonical_grade
from index.terms import terms

OWN = frozenset(  # what is reported on, in other words than its name
    terms(
        "force council company service trust authority agency department organisation group board bank university area"
        " partnership report inspection inspector business"
    )
)
SHARE_OF_AMOUNT = re.compile(  # an amount, or a percentage
    r"\bshare of\b[^?]{0,40}[£$€]|(?:[’']s?|\bits|\btheir)(?: [\w-]+){0,2} share of (?:the|this|that) (?:[\w-]+ )?"
    r"(?:investment|costs?|funding|savings?|budget|bill|price|spending|grant|money)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|lack(?:s|ed|ing)?|fail(?:s|ed|ing|ure)?"
    r"|unable|unlikely|absen(?:t|ce)|refus\w+|den(?:y|ies|ied)|exclud\w+|except|instead of|rather than|far from"
    r"|hardly|barely|rarely|seldom|yet to|stopp\w+|ceas\w+|un(?:clear|known|certain|available|satisfactory)|non"
    r"|in(?:adequate|complete|sufficient|effective|consistent))\b|n[’']t\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|expect\w*|forecast\w*|project(?:s|ed|ion|ions)|predict\w*|intend\w*|intention\w*|aims?|aimed"
    r"|target\w*|propos\w+|anticipat\w*|budget(?:s|ed)|estimat\w*|assum\w+|hop(?:es|ed|ing)|should|could|may|might|would"
    r"|will|shall|if|potential\w*|possib\w+|likely|appear\w*|seem\w*|suggest\w*|need(?:s|ed)? to|must|ought|required to"
    r"|(?:due|is|are|was|were) to be|recommend\w*)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:increas\w*|ris(?:e|es|en|ing)|rose|grow(?:s|n|th|ing)?|grew|higher|highest|more|most|above|greater|greatest"
    r"|larger|largest|bigger|up|gain\w*|improv\w+|better|best|exceed\w*|faster|longer|expand\w*|doubl\w+|over|surplus"
    r"|profits?|stronger|add(?:s|ed)?|recruit\w*|overspen\w+)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:decreas\w*|fall(?:s|en|ing)?|fell|reduc\w*|lower\w*|lowest|less|least|fewer|fewest|below|under|declin\w*"
    r"|drop(?:s|ped|ping)?|cut(?:s|ting)?|down|worse\w*|worst|smaller|smallest|shrink\w*|shrank|shr[au]nk|sav(?:e|es|ed|ings?)"
    r"|loss(?:es)?|lost|deficit|deteriorat\w*|slower|shorter|halv\w+|weak(?:er|est)|remov\w+|clos(?:ed|ure|ing)"
    r"|underspen\w+)\b",
    re.IGNORECASE,
)
_EFFECT_FIRST = re.compile(
    r"\b(?:because(?: of)?|since|due to|owing to|as a result of|thanks to|on account of|caused by|driven by"
    r"|resulting from|results? from|resulted from|explained by|attribut\w+ to|the reasons? (?:is|was|for)|in view of"
    r"|reflect(?:s|ed|ing)|in response to|follow(?:s|ed|ing)? from)\b",
    re.IGNORECASE,
)
_CAUSE_FIRST = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|le(?:d|ads|ading) to|result(?:s|ed|ing) in|as a (?:result|consequence)|therefore|thus"
    r"|hence|consequently|so that|which means|meaning that|meant that"
    r"|contribut\w+ to|enabl(?:e|es|ed|ing)|allow(?:s|ed|ing)"
    r"|in order to|mak(?:es|ing) it|made it)\b",
    re.IGNORECASE,
)
_QUANTITY_WORDS = re.compile(
    r"\b(?:all|every|each|most|majority|minority|half|halves|third|thirds|quarters?|double|doubled|twice|triple|none|both"
    r"|only|always|never|sole(?:ly)?|entire(?:ly)?|whole|zero|one|single|few|several|many|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|first|second|highest|lowest|largest|smallest|best|worst|latest|previous|last)\b",
    re.IGNORECASE,
)
_BOUNDS: dict[str, re.Pattern[str]] = {
    "about": re.compile(
        r"\b(?:about|around|approximately|approx|roughly|nearly|almost|some|circa|close to|just (?:over|under)"
        r"|estimated)\b",
        re.IGNORECASE,
    ),
    "over": re.compile(
        r"\b(?:over|above|more than|at least|not less than|exceed\w*|minimum|in excess of)\b", re.IGNORECASE
    ),
    "under": re.compile(
        r"\b(?:under|below|less than|fewer than|at most|up to|not more than|no more than|maximum)\b", re.IGNORECASE
    ),
}
_APART = re.compile(
    r"\s*(?:[;:—]|\s–\s|,?\s+\b(?:but|although|though|while|whilst|whereas|even though|despite|unlike)\b"
    r"|,\s+(?:and|or|which|where|who|so)\b)\s*",
    re.IGNORECASE,
)
_SMALL_WORDS = (
    "were had has have been being do did does its which who whom whose what when where how from during between also "
    "than he she we our us you your i about after before over under up out so any each both per via among within "
    "into onto upon through throughout while whilst although though because since until his him her them they own"
)
_SMALL = frozenset(terms(_SMALL_WORDS))
SHORTEST_CLAUSE = 5  # words: what is shorter is no clause of its own, but a part of the one beside it
THAN = re.compile(r"\bthan\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with how it says what it says. `content` are its terms without numbers."""

    text: str
    content: frozenset[str]
    denied: bool
    planned: bool
    more: bool
    less: bool
    grades: frozenset[str]


@lru_cache(maxsize=2000)
def clauses(sentence: str) -> tuple[Clause, ...]:
    """The clauses of a sentence: parted where a second statement surely begins, and nowhere else, so that no “not” is
    parted from what it denies."""
    parts: list[str] = []
    at = 0
    for boundary in _APART.finditer(sentence):
        before, after = sentence[at : boundary.start()], sentence[boundary.end() :]
        if min(len(before.split()), len(after.split())) >= SHORTEST_CLAUSE:
            parts.append(before)
            at = boundary.end()
    parts.append(sentence[at:])
    return tuple(clause(part) for part in parts if part.strip())


def clause(text: str) -> Clause:
    """One clause, read."""
    ungraded = GRADE.sub(" ", text)
    return Clause(
        text,
        content_terms(text),
        _NEGATION.search(ungraded) is not None,
        _PLANNED.search(text) is not None,
        _MORE.search(text) is not None,
        _LESS.search(text) is not None,
        frozenset(canonical_grade(match.group()) for match in GRADE.finditer(text)),
    )


def content_terms(text: str) -> frozenset[str]:
    """The terms of a text that are no numbers and no small words, such as "which" and "had"."""
    return frozenset(term for term in terms(text) if not term[0].isdigit()) - _SMALL


def quantity_words(text: str) -> frozenset[str]:
    """The words of a text that say how many without a number, lower case."""
    return frozenset(match.group().lower() for match in _QUANTITY_WORDS.finditer(text))


def bounds(words: str) -> frozenset[str]:
    """How a number with these words before it is bounded: "about", "over", "under"."""
    return frozenset(name for name, pattern in _BOUNDS.items() if pattern.search(words))


def cause_sides(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The terms of what is caused, and of its cause; None where a text gives no cause."""
    found = _EFFECT_FIRST.search(text)
    if found is not None:
        before, after = text[: found.start()], text[found.end() :]
        if before.strip(" ,"):
            return content_terms(before), content_terms(after)
        cause, _, effect = after.partition(",")  # "Because of the cut, stations closed"
        return content_terms(effect), content_terms(cause)
    found = _CAUSE_FIRST.search(text)
    if found is not None:
        return content_terms(text[found.end() :]), content_terms(text[: found.start()])
    return None


def swapped(said: tuple[frozenset[str], frozenset[str]], held: Iterable[tuple[frozenset[str], frozenset[str]]]) -> bool:
    """Whether what is said on one side stands on the other in all of what it is held against, going by the terms that
    stand on one side only there; also where the last side has none of its own terms."""
    left, right = said
    return all(
        bool((last - first) & left) or bool((first - last) & right) or not ((last - first) <= right or last & right)
        for first, last in held
    )

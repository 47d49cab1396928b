"""Tell statements that give the figure of another kind than the one asked about: another rate, category or object.

"The vacancy rate" is not answered by a detection rate, nor "the waiting time for surgery" by that for dentistry. This
is said only where the statement has the very noun that is measured with other words about it, and the words that the
question has are neither in the statement nor in what heads it: a paraphrase has another noun as a rule.
"""

import re
from collections.abc import Iterator, Sequence

from index.periods import MONTH
from index.terms import terms

from .mismatch import with_alike
from .rank import Ranked
from .understand import Question
from .wording import OWN, content_terms

_MEASURED = frozenset(
    terms(
        "rate ratio margin time cost category expense charge income revenue profit loss level fee tax score expenditure"
        " budget price yield gap"
    )
)
_BARE = frozenset(  # say nothing of which kind it is
    terms(
        "total overall average annual mean median typical current present new old first second third fourth last latest"
        " next key main general national local full whole actual real own planned expected forecast estimated recorded"
        " reported stated different separate individual distinct various single additional extra further more fewer"
        " other another high higher highest low lower lowest large larger largest small smaller smallest percentage"
        " percent year month week day quarter many much all without within across among between including excluding"
        " during under over"
    )
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*|\d[\d.,]*|[^\w\s]")
_LINKS = frozenset({"of", "for"})
_LINKS_TO_NAMES = frozenset({"of", "in", "at", "from", "for"})
_WHEN_OR_WHERE = re.compile(
    r"(?:by |since |until )?(?:when|where|(?:in |by |on )?(?:what|which) (?:year|month|date|day))\s+"
    r"(?:did|does|do|had|has|have|was|were|are|is|will)\b\s*",
    re.IGNORECASE,
)
_VERB = re.compile(  # what may follow a subject of one word
    r"\w+ed|\w+ly|become|beg[aiu]n|start|end|open|close|take|taken|come|go|gone|leave|left|join|move|found|born|built|held"
    r"|made|make|sent|set|find|meet|met|stand|live",
    re.IGNORECASE,
)
_NO_NAME = re.compile(rf"(?:Fiscal|Financial|FY|Q[1-4]|H[12]|Year|Half|Quarter|{MONTH})", re.IGNORECASE)  # but a time
_PRONOUN = re.compile(r"\W*(?:it|its|he|she|they|this|these|those|their|his|her|such)\b", re.IGNORECASE)
_ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her", "this", "that", "these", "those"})
_ACTS = re.compile(
    r"\b(?:reduc|cut|increas|rais|lower|improv|expand|shorten)\w*\s+(?:the\s+|its\s+|their\s+)?"
    r"(?P<object>(?!\w+(?:ed|ing|ly)\b)[a-z][\w’'-]*)",
)
_MOST = 4  # words of an object


def of_the_kind(question: Question, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Those of the ranked evidence, in their order, that are of no other kind; what comes after one that is must have
    one of the words that this one lacks."""
    asked, body = _words(question.body), question.body
    kinds, objects = (*_kinds(asked), *_counted_kind(question)), tuple(_objects(asked))
    named, subject = tuple(_named_objects(asked)), _subject(question)
    telling: set[str] = set()
    kept = []
    for r in ranked:
        candidate, said = r.evidence.candidate, _words(r.evidence.candidate.meaning)
        own = frozenset(terms(f"{r.evidence.report.organisation or ''} {' '.join(question.names)}")) | OWN
        told = with_alike((*terms(f"{candidate.meaning} {candidate.text}"), *own))
        known = told | frozenset(terms(candidate.header))
        of_kinds = ((tuple(term for term in kind if term not in own), noun) for kind, noun in kinds)
        lacked = {kind[0] for kind, noun in of_kinds if kind and _has_another(kind, noun, said, known)}
        lacked |= {of[0] for noun, word, of in objects if _is_of_another((noun, word, of), said, told)}
        lacked |= _done_to_another(body, candidate.meaning, known)
        stated = with_alike(terms(f"{candidate.meaning} {r.evidence.report.organisation or ''}"))
        lacked |= {of[0] for noun, word, of in named if _is_of_another((noun, word, of), said, stated, names=True)}
        headed = stated | frozenset(terms(candidate.header))
        if subject and not subject & headed and _PRONOUN.match(candidate.text) is None and _says_it(question, stated):
            lacked |= subject
        if not lacked and (not telling or telling & known):
            kept.append(r)
        telling |= lacked
    return kept


def _kinds(words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is measured with the terms of the words right before it, nearest first: (("margin", "gross"), "profit")."""
    for at in range(1, len(words)):
        noun = _term(words[at])
        if noun in _MEASURED and (before := _before(words, at)):
            yield before, noun
    for _, _, of in _objects(words):
        if len(of) > 1:
            yield of[-2::-1], of[-1]


def _counted_kind(question: Question) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is counted with the terms before it, like `_kinds`: (("vehicle",), "crime")."""
    if question.unit == "count" and len(question.counted) > 1:
        *kind, noun = question.counted
        if before := tuple(term for term in reversed(kind) if term not in _BARE):
            yield before, noun


def _before(words: Sequence[str], at: int) -> tuple[str, ...]:
    """The terms of the words right before the one at a place, nearest first, without adverbs and abbreviations."""
    found: list[str] = []
    for word in reversed(words[max(0, at - _MOST) : at]):
        term = _term(word)
        if term is None or word.lower().endswith("ly") or word.isupper():
            break
        found.append(term)
    return tuple(found)


def _objects(words: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is measured, the word that binds it, and the terms of what it is of: ("time", "for", ("hip", "surgeri"))."""
    for at in range(1, len(words) - 1):
        noun = _term(words[at - 1])
        if words[at].lower() in _LINKS and noun in _MEASURED:
            of = _phrase(words[at + 1 :])
            if of:
                yield noun, words[at].lower(), of


def _named_objects(words: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Like `_objects`, of anything that is of, in, at, from or for what has a proper name: "the mayor of Northby"."""
    for at in range(1, len(words) - 1):
        noun, of = _term(words[at - 1]), _term(words[at + 1])
        name = words[at + 1]
        if words[at] not in _LINKS_TO_NAMES or not name[0].isupper() or _NO_NAME.match(name) is not None:
            continue
        if noun is not None and of is not None:
            yield noun, words[at], (of,)


def _subject(question: Question) -> frozenset[str]:
    """The terms of what it is asked of when or where it does or did something; none where the question is another."""
    found = _WHEN_OR_WHERE.match(question.body)
    if found is None:
        return frozenset()
    words = [word for word in _words(question.body[found.end() :]) if word.lower() not in _ARTICLES]
    first = _phrase(words[: 1 if len(words) > 1 and _VERB.fullmatch(words[1]) else 2])
    return frozenset() if frozenset(first) & OWN else frozenset(first)


def _says_it(question: Question, stated: frozenset[str]) -> bool:
    """Whether a statement has half of what is asked or more."""
    asked = content_terms(question.body)
    return len(asked & stated) * 2 >= len(asked)


def _has_another(kind: tuple[str, ...], noun: str, said: Sequence[str], known: frozenset[str]) -> bool:
    """Whether a statement has the noun with other words before it, and none of those of the question anywhere."""
    if noun not in known or known.intersection(kind):
        return False
    return any(_before(said, at) for at in range(1, len(said)) if _term(said[at]) == noun)


def _is_of_another(
    link: tuple[str, str, tuple[str, ...]], said: Sequence[str], told: frozenset[str], *, names: bool = False
) -> bool:
    """Whether a statement binds what is measured to something else by the same word; `names`: to another name."""
    noun, word, of = link
    if any(term in told for term in of):
        return False
    return any(
        said[at].lower() == word and _term(said[at - 1]) == noun and _phrase(said[at + 1 :])
        for at in range(1, len(said) - 1)
        if not names or said[at + 1][0].isupper()
    )


def _done_to_another(question: str, meaning: str, known: frozenset[str]) -> set[str]:
    """What something is done to in the question, where in the statement the same is done to something else."""
    objects = {(_term(act.group().split()[0]), _term(act["object"])) for act in _ACTS.finditer(question)}
    acts = {_term(act.group().split()[0]) for act in _ACTS.finditer(meaning)}
    return {of for act, of in objects if act in acts and of is not None and of not in known | _BARE | _MEASURED}


def _phrase(words: Sequence[str]) -> tuple[str, ...]:
    """The terms of the words that a noun phrase begins with; none where a number is among them."""
    found: list[str] = []
    for word in words:
        if word.lower() in _ARTICLES:
            continue
        term = _term(word)
        if term is None or len(found) == _MOST:
            break
        found.append(term)
    return tuple(found)


def _words(text: str) -> list[str]:
    """The words and marks of a text, without brackets: "rate (for all crimes)" is read like "rate for all crimes"."""
    return [word for word in _WORD.findall(text) if word not in "()[]"]


def _term(word: str) -> str | None:
    """The stem of a word that says something; None for small words, numbers, marks and compounds ("full-time")."""
    if not word[0].isalpha():
        return None
    own = content_terms(word) - _BARE
    return min(own) if len(own) == 1 else None

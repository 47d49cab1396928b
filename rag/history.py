"""Make a follow-up stand alone: work the earlier question into it, so that it can be asked without the history.

Three moves, tried in this order: another year takes the old one's place; another "whose" (the average, a named
organisation) takes the old one's; another noun takes the place of the one nearest in meaning. What fits none of them
is asked together with the earlier question.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.periods import find_periods
from index.terms import terms

from .siblings import SIBLINGS

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Named = Callable[[str], Sequence[str]]

_LEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|then|also|now|what about|how about|what of)\b[\s,]*)+", re.IGNORECASE)
_COMPARE = re.compile(r"^how (?:does|do|did) .+ compare\s*\??$", re.IGNORECASE)
_ELLIPTIC = re.compile(
    r"^(?:and|but|what about|how about|what of|same for|or)\b|^(?:why|when|where|who|how come|how so"
    r"|since when|by whom)\s*\??$",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|that|those|this|these|he|she|one|there|then|the same)\b", re.IGNORECASE
)
_EXISTS = re.compile(
    r"\b(?:is|are|was|were|will|would|has|have|had|can|could)\s+there\b|\bthere\s+(?:is|are|was|were|will|has|have|be)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w’'&-]*")
_SMALL = frozenset(
    "what which who whom whose when where why how many much did does do was were is are has have had "
    "be been the a an of in on at to from by for with and or as per "
    "about it its they them their that those this these there then year years not no any than more less".split()
)
_AVERAGE = re.compile(
    r"\b(?:average|mean|nationally|elsewhere|overall figure|other (?:forces|councils|areas|trusts"
    r"|organisations|companies))\b",
    re.IGNORECASE,
)
_PLACE = r"[A-Z][\w’'-]+(?:\s(?:(?:and|of|the)\s)?[A-Z][\w’'-]+)*"
_OF_NAMES = r"[A-Z](?:[\w-]|[’'](?!s\b))+"  # a word of a name; "’s" ends the name
_OLD_WHOSE = re.compile(
    rf"\b(?:the\s+)?{_OF_NAMES}(?:\s(?:(?:and|of|the)\s)?{_OF_NAMES})*(?:[’']s)?(?:\s+(?:force\s+)?average)?"
)
_AGED = re.compile(
    r"\b(under|over)[- ](?P<age>\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|eighteen)"
    r"(?:e?s)?\b",
    re.IGNORECASE,
)
_BESIDES = re.compile(r"(?:before|after|excluding|including|without|with|net of|apart from)\b", re.IGNORECASE)
_REPLYING = frozenset(terms("i please thanks mean meant the one for of and about it was is yes ok"))
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ONES = re.compile(r"\s+ones?$", re.IGNORECASE)
MAX_MESSAGES = 20  # of the user's earlier messages that are worked in
MAX_MESSAGE = 2000  # characters of each
WITHIN = 0.04  # cosine within which the longer of two noun phrases is taken
NEAREST = 0.35  # cosine below which no noun of the earlier question is taken to be the one replaced


def _names_nobody(_: str) -> tuple[str, ...]:
    return ()


def standalone(
    question: str, history: Sequence[Mapping[str, object]], embed: Embed, named: Named = _names_nobody
) -> str:
    """`question` with the history worked in; unchanged where it stands alone or there is no history.

    `history` holds messages with "role" and "content"; only what the user asked is used. `named` tells which
    organisations a text names: one that is nothing but a name is what the earlier question is asked of.
    """
    asked = question.strip()
    earlier = earlier_questions(history)
    if not earlier:
        return asked
    previous = ""
    for message in (*earlier, asked):
        names = named(message) if previous else ()
        if names and _is_only(message, names):
            previous = _asked_of(previous, " and ".join(names), named)
        elif previous and is_follow_up(message):
            previous = _join(message, previous, embed)
        else:
            previous = message
    return previous


def _is_only(text: str, names: Sequence[str]) -> bool:
    """Whether a text says nothing but these names, as a reply to the question which is meant."""
    said = {term for name in names for term in terms(name)}
    return not [term for term in terms(text) if term not in said | _REPLYING] and _YEAR.search(text) is None


def _asked_of(previous: str, name: str, named: Named) -> str:
    return _replace_whose(previous, name) if named(previous) else f"{previous.rstrip(' ?.')} – {name}?"


def is_follow_up(question: str) -> bool:
    """Whether a question leans on what was asked before it."""
    asked = question.strip()
    words = [w.lower() for w in _WORD.findall(asked)]
    content = [w for w in words if w not in _SMALL]
    if _ELLIPTIC.search(asked) or _COMPARE.search(asked):
        return True
    if _POINTING.search(_without_existence(asked)) and len(content) <= 6:
        return True
    return len(content) <= 2 and len(words) <= 5 and not _is_question(asked)


def _without_existence(asked: str) -> str:
    """The question without the "there" of "how many crews were there", which points at nothing where it is said of
    what; in "how many were there" it does."""
    bare = _EXISTS.sub(" ", asked)
    named = bare
    for period in reversed(find_periods(bare)):
        named = f"{named[: period.start]} {named[period.end :]}"
    return bare if any(w.lower() not in _SMALL for w in _WORD.findall(named)) else asked


def earlier_questions(history: Sequence[Mapping[str, object]]) -> list[str]:
    """What the user asked before, oldest first, of the last messages."""
    asked = [m for m in history if isinstance(m, Mapping) and m.get("role") == "user"]
    texts = [_content(m.get("content"))[:MAX_MESSAGE] for m in asked[-MAX_MESSAGES:]]
    return [text for text in texts if text]


def _content(content: object) -> str:
    """The text of a message; Gradio may give a list of parts."""
    if isinstance(content, str):
        return content.strip()
    if isinstance(content, Sequence):
        parts = [p.get("text", "") if isinstance(p, Mapping) else p for p in content]
        return " ".join(p for p in parts if isinstance(p, str)).strip()
    return ""


def _join(follow_up: str, previous: str, embed: Embed) -> str:
    bare = _LEAD.sub("", follow_up.strip()).strip(" ?.!")
    bare = _named_year(bare, previous)
    if re.match(r"^(?:why|when|where|who|how come|how so|since when|by whom)$", bare, re.IGNORECASE):
        return f"{bare[0].upper()}{bare[1:]}: {previous.rstrip(' ?')}?"
    bare = re.sub(r"^in (?=(?:19|20)\d{2})", "", bare)
    new_periods = find_periods(bare)
    rest = _without(bare, [(p.start, p.end) for p in new_periods])
    content = [w for w in _WORD.findall(rest) if w.lower() not in _SMALL]
    if new_periods and not content:
        return _replace_period(previous, bare, new_periods[-1].text)
    compares = re.match(r"how (?:does|do|did) (.+?) compare$", rest, re.IGNORECASE)
    if compares is not None:
        return _replace_whose(previous, compares[1])
    if _is_question(bare):
        kept = _without(previous, [(p.start, p.end) for p in find_periods(previous)]) if new_periods else previous
        return f"{bare}? ({kept.rstrip(' ?')})"
    joined = _replace_period(previous, bare, new_periods[-1].text) if new_periods else previous
    phrase = re.sub(r"^(?:the|for|in|of|about|on)\s+", "", rest.strip(" ,"), flags=re.IGNORECASE).strip()
    place = re.fullmatch(rf"(?:the\s+)?{_PLACE}(?:[’']s)?", phrase) is not None
    if _AVERAGE.search(phrase) or (place and re.fullmatch(r"[A-Z]{2,}s", phrase) is None):  # "PCSOs" are of a place
        return _replace_whose(joined, phrase)
    if _BESIDES.match(phrase) is not None:
        return f"{joined.rstrip(' ?.')} {phrase}?"
    return _replace_contrast(joined, phrase) or _replace_nearest(joined, phrase, embed)


_YEAR_BEFORE = re.compile(
    r"\b(?:in |for )?(?:the )?(?:year before(?: that)?|previous year|preceding year)\b", re.IGNORECASE
)
_YEAR_AFTER = re.compile(r"\b(?:in |for )?(?:the )?(?:year after(?: that)?|following year|next year)\b", re.IGNORECASE)


def _named_year(follow_up: str, previous: str) -> str:
    """Put the year itself in the place of "the year before" and "the year after that"."""
    periods = find_periods(previous)
    if not periods:
        return follow_up
    for pattern, step in ((_YEAR_BEFORE, -1), (_YEAR_AFTER, 1)):
        if pattern.search(follow_up):
            return pattern.sub(f"in {_shifted(periods[-1].text, step)}", follow_up)
    return follow_up


def _shifted(period: str, step: int) -> str:
    """A period a year earlier or later: 2013/14 becomes 2014/15, March 2016 becomes March 2017."""

    def moved(match: re.Match[str]) -> str:
        first = int(match[1]) + step
        if match[2] is None:
            return str(first)
        last = int(match[3]) + step
        return f"{first}{match[2]}{last % 100:02d}" if len(match[3]) == 2 else f"{first}{match[2]}{last}"

    return re.sub(r"\b((?:19|20)\d{2})(?:([/–-])(\d{2,4}))?", moved, period)


def _is_question(text: str) -> bool:
    return (
        re.match(
            r"(?:what|which|who|how|when|where|why|did|does|do|is|are|was|were|has|have|had|can|could|will|would)\b",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return re.sub(r"\s+", " ", "".join([*kept, text[at:]])).strip()


def _replace_period(previous: str, follow_up: str, period: str) -> str:
    old = find_periods(previous)
    if len(old) >= 1:
        last = old[-1]
        return f"{previous[: last.start]}{period}{previous[last.end :]}"
    lead = "by" if re.search(rf"\bby\s+{re.escape(period)}", follow_up, re.IGNORECASE) else "in"
    return f"{previous.rstrip(' ?.')} {lead} {period}?"


def _replace_whose(previous: str, phrase: str) -> str:
    """Ask the earlier question of `phrase` instead of whoever it was asked of."""
    for match in _OLD_WHOSE.finditer(previous):
        name = match.group()
        own = re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)
        if match.start() > 0 and own.split()[0].lower() not in _SMALL and not find_periods(name):
            owned = re.search(r"[’']s\b|\baverage$", name) is not None and not re.search(r"[’']s\b|average$", phrase)
            possessive = "’s" if owned else ""
            return f"{previous[: match.start()]}{phrase}{possessive}{previous[match.end() :]}"
    return f"{previous.rstrip(' ?.')} – {phrase}?"


def _replace_contrast(previous: str, phrase: str) -> str | None:
    """Put one of "basic, diluted" that `phrase` names in the place of the other; None where it names none of such."""
    aged, before = _AGED.fullmatch(phrase), _AGED.search(previous)
    if aged is not None and before is not None:
        return f"{previous[: before.start()]}{aged[1]} {aged['age']}{previous[before.end() :]}"
    said = {term: word for word in re.findall(r"[A-Za-z]+(?:-[a-z]+)?", phrase) for term in terms(word)}
    asked = frozenset(terms(previous))
    for siblings in SIBLINGS:
        if not said.keys() - frozenset().union(*siblings) <= asked:
            continue  # it names another thing besides
        named = [one for one in siblings if one & said.keys()]
        if len(named) != 1:
            continue
        word = next(said[term] for term in sorted(named[0]) if term in said)
        for old in re.finditer(r"[A-Za-z]+(?:-[a-z]+)?", previous):
            if any(one & frozenset(terms(old.group())) for one in siblings if one is not named[0]):
                return f"{previous[: old.start()]}{word}{previous[old.end() :]}"
    return None


def _replace_nearest(previous: str, phrase: str, embed: Embed) -> str:
    """Put `phrase` in the place of the noun phrase of the earlier question that is nearest to it in meaning."""
    if not phrase:
        return previous
    modifier = _ONES.sub("", phrase)
    spans = _noun_phrases(previous, longest=3) if modifier == phrase else _modifiers(previous)
    if not spans:
        return f"{previous.rstrip(' ?.')} – {phrase}?"
    vectors = embed([modifier, *(previous[s:e] for s, e in spans)])
    cosines = vectors[1:] @ vectors[0]
    best = float(cosines.max())
    if best < NEAREST and modifier == phrase:
        return f"{previous.rstrip(' ?.')} – {phrase}?"
    near = [span for span, cosine in zip(spans, cosines, strict=True) if cosine >= best - WITHIN]
    start, end = max(near, key=lambda span: span[1] - span[0])
    return f"{previous[:start]}{modifier}{previous[end:]}"


def _modifiers(text: str) -> list[tuple[int, int]]:
    """The words that stand right before another content word, as "emergency" in "emergency calls"."""
    words = [m for m in _WORD.finditer(text) if m.group().lower() not in _SMALL]
    return [
        (a.start(), a.end())
        for a, b in itertools.pairwise(words)
        if text[a.end() : b.start()] == " " and a.group()[0].islower()
    ]


def _noun_phrases(text: str, longest: int) -> list[tuple[int, int]]:
    """Stretches of one to `longest` content words; small words may join them ("violence against the person")."""
    words = [m for m in _WORD.finditer(text) if m.group().lower() not in _SMALL]
    spans = []
    for i, first in enumerate(words):
        for last in words[i : i + longest]:
            between = _WORD.findall(text[first.end() : last.start()])
            if last is first or (len(between) <= 3 and not re.search(r"[?!.,;]", text[first.end() : last.start()])):
                spans.append((first.start(), last.end()))
    return spans

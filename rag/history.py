"""Make a follow-up stand alone: work the earlier question into it, so that it can be asked without the history.

Three moves, tried in this order: another year takes the old one's place; another "whose" (the average, a named
organisation) takes the old one's; another noun takes the place of the one nearest in meaning. What fits none of them
is asked together with the earlier question.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.periods import find_periods

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

_LEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|then|also|now|what about|how about|what of)\b[\s,]*)+", re.IGNORECASE)
_ELLIPTIC = re.compile(r"^(?:and|but|what about|how about|what of|same for|or)\b|^(?:why|when|where|who|how come|how so|since when|by whom)\s*\??$", re.IGNORECASE)
_POINTING = re.compile(r"\b(?:it|its|they|them|their|that|those|this|these|he|she|one|there|then|the same)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w’'&-]*")
_SMALL = frozenset(
    "what which who whom whose when where why how many much did does do was were is are has have had be been the a an of in on at to from by for with and or as per "
    "about it its they them their that those this these there then year years not no any than more less".split()
)
_AVERAGE = re.compile(r"\b(?:average|mean|nationally|elsewhere|overall figure|other (?:forces|councils|areas|trusts|organisations|companies))\b", re.IGNORECASE)
_PLACE = r"[A-Z][\w’'-]+(?:\s(?:(?:and|of|the)\s)?[A-Z][\w’'-]+)*"
_OLD_WHOSE = re.compile(rf"\b(?:the\s+)?{_PLACE}(?:[’']s)?(?:\s+(?:force\s+)?average)?")
NEAREST = 0.35  # cosine below which no noun of the earlier question is taken to be the one replaced


def standalone(question: str, history: Sequence[Mapping[str, object]], embed: Embed) -> str:
    """`question` with the history worked in; unchanged where it stands alone or there is no history.

    `history` holds messages with "role" and "content"; only what the user asked is used.
    """
    asked = question.strip()
    earlier = _earlier(history)
    if not earlier or not is_follow_up(asked):
        return asked
    previous = ""
    for message in earlier:
        previous = message if not previous or not is_follow_up(message) else _join(message, previous, embed)
    return _join(asked, previous, embed)


def is_follow_up(question: str) -> bool:
    """Whether a question leans on what was asked before it."""
    asked = question.strip()
    words = [w.lower() for w in _WORD.findall(asked)]
    content = [w for w in words if w not in _SMALL]
    if _ELLIPTIC.search(asked):
        return True
    if _POINTING.search(asked) and len(content) <= 6:
        return True
    return len(content) <= 2 and len(words) <= 5 and not re.match(r"(?:what|who|how many|how much|when|where)\b.*\b(?:is|was|are|were|did|does)\b.*\b[A-Z]", asked)


def _earlier(history: Sequence[Mapping[str, object]]) -> list[str]:
    return [_content(m.get("content")) for m in history if m.get("role") == "user" and _content(m.get("content"))]


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
    if re.match(r"^(?:why|when|where|who|how come|how so|since when|by whom)$", bare, re.IGNORECASE):
        return f"{bare[0].upper()}{bare[1:]}: {previous.rstrip(' ?')}?"
    new_periods = find_periods(bare)
    rest = _without(bare, [(p.start, p.end) for p in new_periods])
    content = [w for w in _WORD.findall(rest) if w.lower() not in _SMALL]
    if new_periods and not content:
        return _replace_period(previous, bare, new_periods[-1].text)
    joined = previous
    if new_periods:
        joined = _replace_period(joined, bare, new_periods[-1].text)
    if _is_question(bare) and len(content) >= 3:
        return f"{bare}? ({previous.rstrip(' ?')})"
    phrase = re.sub(r"^(?:the|for|in|of|about|on)\s+", "", rest.strip(" ,"), flags=re.IGNORECASE).strip()
    if _AVERAGE.search(phrase) or re.fullmatch(rf"(?:the\s+)?{_PLACE}(?:[’']s)?", phrase):
        return _replace_whose(joined, phrase)
    return _replace_nearest(joined, phrase, embed)


def _is_question(text: str) -> bool:
    return re.match(r"(?:what|which|who|how|when|where|why|did|does|do|is|are|was|were|has|have|had|can|could|will|would)\b", text, re.IGNORECASE) is not None


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
        if match.start() > 0 and name.split()[0].lower() not in _SMALL and not find_periods(name):
            possessive = "’s" if re.search(r"[’']s\b", name) and not re.search(r"[’']s\b", phrase) else ""
            return f"{previous[: match.start()]}{phrase}{possessive}{previous[match.end() :]}"
    return f"{previous.rstrip(' ?.')} – {phrase}?"


def _replace_nearest(previous: str, phrase: str, embed: Embed) -> str:
    """Put `phrase` in the place of the noun phrase of the earlier question that is nearest to it in meaning."""
    if not phrase:
        return previous
    words = [m for m in _WORD.finditer(previous) if m.group().lower() not in _SMALL]
    spans = [(m.start(), m.end()) for m in words]
    spans += [(a.start(), b.end()) for a, b in zip(words, words[1:], strict=False) if previous[a.end() : b.start()] == " "]
    if not spans:
        return f"{previous.rstrip(' ?.')} – {phrase}?"
    vectors = embed([phrase, *(previous[s:e] for s, e in spans)])
    cosines = vectors[1:] @ vectors[0]
    best = int(np.argmax(cosines))
    if float(cosines[best]) < NEAREST:
        return f"{previous.rstrip(' ?.')} – {phrase}?"
    start, end = spans[best]
    return f"{previous[:start]}{phrase}{previous[end:]}"

"""Near misses made by turning one word of a question that is answered: another name, another amount, the opposite.

What is left shares every other word with the passage, and is answered by nothing in it.
"""

import random
import re
from calendar import month_name
from collections.abc import Iterable, Sequence

from .data import Question, Window

IN_TITLE = 0.2  # of the questions whose only names are in the title are asked of another: the scope sees to those
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{2,})*")
_SMALL = re.compile(r"\b[a-z]{3,}\b")
_MONTHS = frozenset(month_name[1:])
_AMOUNT = re.compile(r"(?<![\w.,£$€])\d{1,3}(?![\w.,%])")
_OPPOSITES = (
    ("increase", "decrease"),
    ("increased", "decreased"),
    ("rise", "fall"),
    ("rose", "fell"),
    ("higher", "lower"),
    ("highest", "lowest"),
    ("largest", "smallest"),
    ("maximum", "minimum"),
    ("above", "below"),
    ("strengths", "weaknesses"),
    ("gained", "lost"),
    ("gain", "loss"),
    ("income", "expense"),
    ("assets", "liabilities"),
    ("short-term", "long-term"),
    ("internal", "external"),
    ("men", "women"),
    ("boys", "girls"),
    ("urban", "rural"),
    ("current", "previous"),
    ("opened", "closed"),
)
_TURN = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_TURNS = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_TURN, key=len, reverse=True)))})\b")


def names_in(questions: Sequence[Question], windows: Iterable[Window]) -> tuple[str, ...]:
    """The names that questions hold within a sentence, each once, in order: what no window also writes small."""
    small = {word for window in windows for word in _SMALL.findall(window.text)}
    found = dict.fromkeys(name for q in questions for name in _NAME.findall(q.text))
    return tuple(n for n in found if not any(w.lower() in small or w in _MONTHS for w in n.split()))


def turned(question: Question, window: Window, names: Sequence[str], rng: random.Random) -> Question | None:
    """The question with one word turned, so that its window does not answer it; None where no word can be."""
    text = question.text
    known = f"{window.title}\n{window.text}".lower()
    ways = [_other_name, _other_amount, _opposite]
    rng.shuffle(ways)
    for way in ways:
        made = way(text, known, names, rng)
        if made is not None:
            return Question(question.question_id, question.window, made, None, -1)
    return None


def _other_name(text: str, known: str, names: Sequence[str], rng: random.Random) -> str | None:
    """Another name of as many words for one that the passage knows; rather not for one that is in its title."""
    title = known.partition("\n")[0]
    held = [m for m in _NAME.finditer(text) if m.group().lower() in known]
    held = [m for m in held if m.group().lower() not in title] or (held if rng.random() < IN_TITLE else [])
    if not held:
        return None
    place = rng.choice(held)
    length = len(place.group().split())
    for _ in range(20):
        other = rng.choice(names)
        if len(other.split()) == length and not any(word.lower() in known for word in other.split()):
            return text[: place.start()] + other + text[place.end() :]
    return None


def _other_amount(text: str, known: str, names: Sequence[str], rng: random.Random) -> str | None:
    """Another whole number for one that the passage knows."""
    held = [m for m in _AMOUNT.finditer(text) if re.search(rf"(?<![\w.,]){m.group()}(?![\w,])", known)]
    if not held:
        return None
    place = rng.choice(held)
    amount = int(place.group())
    others = [n for n in range(max(1, amount - 9), amount + 10) if not re.search(rf"(?<![\w.,]){n}(?!\w)", known)]
    return text[: place.start()] + str(rng.choice(others)) + text[place.end() :] if others else None


def _opposite(text: str, known: str, names: Sequence[str], rng: random.Random) -> str | None:
    """The opposite of a word, where the passage has the word and not its opposite."""
    held = [m for m in _TURNS.finditer(text) if m.group() in known and _TURN[m.group()] not in known]
    if not held:
        return None
    place = rng.choice(held)
    return text[: place.start()] + _TURN[place.group()] + text[place.end() :]

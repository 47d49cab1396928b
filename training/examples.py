"""What the reader is taught on: a question with crops of passages, some of which may answer it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from index.embed import Embedder
from index.periods import years_in

from .data import Question, Window
from .turned import names_in, turned

NEAREST = 8  # windows of others that words, and that vectors, hold to be nearest
LONGEST_CROP = 1100  # characters
OTHER_YEAR = 0.1  # of the questions with an answer are asked of another year,
OTHER_WORD = 0.2  # and of these another word is turned, where that can be done
WHOLE = 0.4  # of the windows are read uncut


@dataclass(frozen=True, slots=True)
class Crop:
    """Consecutive statements of a window. `statements` are (start, end) in `text`; `right` is the number of the one
    that answers, `answer` the answer's (start, end); -1 and None where it does not answer."""

    header: str
    text: str
    statements: tuple[tuple[int, int], ...]
    right: int = -1
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the crops that are read for it."""

    question: str
    crops: tuple[Crop, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """A window that looks as if it answered a question, and the number of its statement that looks so most."""

    window: str
    statement: int


def likely_windows(questions: Sequence[Question], windows: dict[str, Window]) -> dict[str, tuple[Likely, ...]]:
    """For each question its own window first, then the others that look likest to answer it, by vectors and by words
    in turn.

    Windows that hold the very words of the answer are left out: they may answer too.
    """
    ids = list(windows)
    texts = [f"{w.title}\n{w.text}" for w in windows.values()]
    embedder = Embedder()
    asked = [q.text for q in questions]
    by_meaning = embedder.embed(asked) @ embedder.embed(texts).T
    words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    passages = words.fit_transform(texts)
    asked_words = words.transform(asked)
    by_words = (asked_words @ passages.T).toarray()
    statements = {i: words.transform([w.text[a:b] for a, b in w.statements]) for i, w in windows.items()}
    chosen: dict[str, tuple[Likely, ...]] = {}
    for row, question in enumerate(questions):
        mixed: list[str] = []
        pair = [np.argsort(-scores[row])[: NEAREST + 1] for scores in (by_meaning, by_words)]
        for one, two in zip(*pair, strict=True):
            mixed += [ids[one], ids[two]]
        answer = question.answer
        others = [w for w in dict.fromkeys(mixed) if w != question.window]
        if answer is not None and len(answer) > 2:
            others = [w for w in others if answer not in windows[w].text]
        about = asked_words[row].T
        chosen[question.question_id] = tuple(
            Likely(w, int((statements[w] @ about).toarray().argmax())) for w in (question.window, *others)
        )
    return chosen


def whole(question: Question, window: Window) -> Crop:
    """A window uncut."""
    return _crop(question, window, 0, len(window.statements), window.title)


def examples(
    questions: Sequence[Question],
    windows: dict[str, Window],
    likely: dict[str, tuple[Likely, ...]],
    rng: random.Random,
) -> list[Example]:
    """One pass over the questions: each with its own window, often cut, and a part of another.

    Now and then a question is asked of a year that its window does not name, or with another word turned: then
    nothing answers it.
    """
    made = []
    names = names_in(questions, windows.values())
    for question in questions:
        own, *others = likely[question.question_id]
        window = windows[question.window]
        header = window.title if rng.random() < 0.85 else ""
        asked = question
        if question.answer is not None:
            asked = _not_answered(question, window, names, rng)
        at = _right(question, window) if question.answer is not None else own.statement
        crops = [_around(asked, window, at, 2, header, rng)]
        if rng.random() < WHOLE:
            crops = [_crop(asked, window, 0, len(window.statements), header)]
        if others:
            other = rng.choice(others[:6])
            apart = windows[other.window]
            crops.append(_around(asked, apart, other.statement, 1, apart.title if header else "", rng))
        made.append(Example(asked.text, tuple(crops)))
    rng.shuffle(made)
    return made


def _around(question: Question, window: Window, at: int, most: int, header: str, rng: random.Random) -> Crop:
    """A statement with up to `most` neighbours on each side."""
    first, last = max(0, at - rng.randrange(most + 1)), min(len(window.statements), at + 1 + rng.randrange(most + 1))
    return _crop(question, window, first, last, header)


def _right(question: Question, window: Window) -> int:
    return next(i for i, (start, end) in enumerate(window.statements) if start <= question.start < end)


def _crop(question: Question, window: Window, first: int, last: int, header: str) -> Crop:
    begin = window.statements[first][0]
    last = max(
        (i + 1 for i in range(first, last) if window.statements[i][1] - begin <= LONGEST_CROP), default=first + 1
    )
    text = window.text[begin : window.statements[last - 1][1]]
    statements = tuple((start - begin, end - begin) for start, end in window.statements[first:last])
    if question.answer is None or question.window != window.window_id:
        return Crop(header, text, statements)
    right = _right(question, window)
    if not first <= right < last:
        return Crop(header, text, statements)
    start = question.start - begin
    return Crop(header, text, statements, right - first, (start, min(len(text), start + len(question.answer))))


def _not_answered(question: Question, window: Window, names: Sequence[str], rng: random.Random) -> Question:
    """The question, or now and then one like it that its window does not answer."""
    drawn = rng.random()
    if drawn < OTHER_YEAR:
        return _other_year(question, window, rng)
    if drawn < OTHER_YEAR + OTHER_WORD:
        return turned(question, window, names, rng) or question
    return question


def _other_year(question: Question, window: Window, rng: random.Random) -> Question:
    """The question with its only year changed to one that its window and title do not name, if it has one."""
    years = set(years_in(question.text))
    if len(years) != 1:
        return question
    (year,) = years
    if str(year) not in question.text:
        return question
    known = set(years_in(window.text)) | set(years_in(window.title))
    others = [y for y in range(year - 4, year + 5) if y not in known and y != year]
    if not others:
        return question
    text = question.text.replace(str(year), str(rng.choice(others)))
    return Question(question.question_id, question.window, text, None, -1)

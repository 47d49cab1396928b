"""Is this answer the expected one, from the right place? Pure functions over an answer and a case.

A matcher is never made looser so that an answer passes. What each demands is in its docstring; `judge` puts them
together. Text is compared after `normalise`; numbers as exact decimals.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeVar

from index.numbers import FACTORS, SCALES
from rag.records import Answer, AnswerFigure, AnswerJudgment, Citation

from .suite import Case, ExpectedFigure, ExpectedJudgment, Place

Cause = Literal["not answered", "answered unanswerable", "wrong report", "wrong value", "right value, wrong place"]
Direction = Literal["increase", "decrease"]
_T = TypeVar("_T")

ASPECT_OVERLAP = Decimal("0.6")  # share of the expected aspect's content words: half would mix up sister questions

_CURRENCIES = {"£": "GBP", "$": "USD", "us$": "USD", "€": "EUR", "¥": "JPY"}
_CURRENCY_CODE = re.compile(r"(GBP|USD|EUR|JPY|CHF|AUD|CAD|NZD|INR|CNY|SEK|NOK|DKK)\b", re.IGNORECASE)
_LIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "−": "-", "–": "-", "—": "-", "\u00a0": " "})
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARK = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LIST_NUMBER = re.compile(r"^(\s*)\d+\.\s", re.MULTILINE)
_DIRECTIONS: tuple[tuple[Direction, re.Pattern[str]], ...] = (
    (
        "decrease",
        re.compile(
            r"\b(?:reduc\w*|decreas\w*|fall(?:s|ing|en)?|fell|drop(?:s|ped)?|declin\w*|lower(?:ed)?|loss(?:es)?|los[et]"
            r"|cuts?|cutting|minus|down by)\b"
        ),
    ),
    (
        "increase",
        re.compile(
            r"\b(?:increas\w*|ris(?:e|es|ing|en)|rose|grow(?:s|n|th|ing)?|grew|higher|gain(?:s|ed)?|plus|additional"
            r"|up by)\b"
        ),
    ),
)
_CLAUSE_END = re.compile(r"[,;:](?=\s)|[.!?](?=\s|$)|\n")
_AVERAGE = re.compile(r"\bengland (?:and|&) wales\b|\baverage\b|\ball forces\b")
_WORD = re.compile(r"[a-z0-9]+")
_FRAME_OF_QUESTION = (
    "a an and are as at be been by can do does doing extent far for force forces from good has have how in is it its of"
    " on or that the their they this to was well what whether which will with your"
)
_FRAME = frozenset(_FRAME_OF_QUESTION.split())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `judge` found. `lenient` is None where the case expects no figure; `said` is what was compared."""

    correct: bool
    lenient: bool | None
    cause: Cause | None
    detail: str
    said: str
    citation: Citation | None


def normalise(text: str) -> str:
    """`text` in lower case, with one space for any white space, straight quotation marks, hyphens for dashes and
    the minus sign, and no thousands separators."""
    return _SEPARATOR.sub("", " ".join(text.translate(_LIKE).lower().split()))


def contains(text: str, part: str) -> bool:
    """Whether `text` contains `part`, both normalised, from the start of a word and as whole numbers: "36.1" is in
    "£36.1m" but not in "136.1" or "36.15", and "force" is in "forces" but not in "enforcement"."""
    return _place_of(normalise(text), normalise(part)) is not None


def _place_of(text: str, part: str) -> int | None:
    before = r"(?<!\d)(?<!\d[.,])" if part[:1].isdigit() else r"(?<![a-z])" if part[:1].isalpha() else ""
    after = r"(?!\d)(?![.,]\d)" if part[-1:].isdigit() else ""
    found = re.search(before + re.escape(part) + after, text)
    return found.start() if found else None


def plain_text(markdown: str) -> str:
    """An answer's text without citation marks, Markdown escapes and list numbers."""
    return _ESCAPE.sub(r"\1", _LIST_NUMBER.sub(r"\1", _MARK.sub(" ", markdown)))


def cited_numbers(markdown: str) -> frozenset[int]:
    """The citation numbers whose marks stand in an answer's text."""
    return frozenset(int(n) for mark in _MARK.findall(markdown) for n in mark.split(","))


def amount(value: str, scale: str | None) -> Decimal | None:
    """`value` × `scale` exactly: 1,234.5 = 1234.5 = 1.2345 thousand. None where either cannot be read."""
    name = None if scale is None else SCALES.get(scale.strip().lower())
    if scale is not None and name is None:
        return None
    try:
        number = Decimal(_SEPARATOR.sub("", value.translate(_LIKE).strip()))
    except InvalidOperation:
        return None
    return number * FACTORS[name] if number.is_finite() else None


def unit_class(unit: str | None) -> str:
    """A currency code, "percent", "percentage points", or "other" for whatever is counted and for no unit."""
    words = normalise(unit or "")
    if re.match(r"(?:percentage points?|percent points?|pp|ppts?)\b", words):
        return "percentage points"
    if re.match(r"(?:percent|per cent|percentage)\b|%", words):
        return "percent"
    if code := _CURRENCY_CODE.match(words):
        return code[1].upper()
    return next((name for sign, name in _CURRENCIES.items() if words.startswith(sign)), "other")


def stated_direction(text: str, figure: str) -> Direction | None:
    """The direction that words give to the first place of `figure` in `text`: the nearest direction word in its own
    clause, the one before it where two are as near. None where there is no such place or word."""
    text, figure = normalise(text), normalise(figure)
    at = _place_of(text, figure)
    if at is None:
        return None
    ends = [m.start() for m in _CLAUSE_END.finditer(text)]
    start = max((e for e in ends if e < at), default=-1) + 1
    end = min((e for e in ends if e >= at + len(figure)), default=len(text))
    found: list[tuple[int, bool, Direction]] = []
    for direction, words in _DIRECTIONS:
        for word in words.finditer(text, start, end):
            before = word.end() <= at
            distance = at - word.end() if before else max(0, word.start() - at - len(figure))
            found.append((distance, not before, direction))
    return min(found)[2] if found else None


def figure_problem(expected: ExpectedFigure, figure: AnswerFigure, texts: Sequence[str]) -> str | None:
    """Why `figure` is not the expected one, None if it is. `texts` are the statement and the quotation.

    It is when value × scale are equal as decimals, the unit has the same class, and the sign is right. Without an
    expected direction, the printed sign must be the expected one. An expected decrease is a negative value, or a
    positive one to which the texts give the direction "decrease"; an expected increase is a positive value to which
    no text gives "decrease". Where both subjects are known, either both are an average over forces or neither is.
    The figure's own check must have passed.
    """
    wanted, said = amount(expected.value, expected.scale), amount(figure.value, figure.scale)
    if wanted is None or said is None or abs(wanted) != abs(said):
        return "another value"
    if unit_class(expected.unit) != unit_class(figure.unit):
        return "another unit"
    if not _same_sign(expected, wanted, said, {stated_direction(text, figure.text) for text in texts}):
        return "another sign"
    both = expected.subject is not None and figure.subject is not None
    if both and _is_average(expected.subject) != _is_average(figure.subject):
        return "another subject"
    return None if figure.check in ("in_quote", "derived") else "a failed check"


def _same_sign(expected: ExpectedFigure, wanted: Decimal, said: Decimal, stated: set[Direction | None]) -> bool:
    if wanted == 0:
        return True
    if expected.direction == "decrease":
        return said < 0 or ("decrease" in stated and "increase" not in stated)
    if expected.direction == "increase":
        return said > 0 and "decrease" not in stated
    return wanted == said


def _is_average(subject: str | None) -> bool:
    return subject is not None and _AVERAGE.search(normalise(subject)) is not None


def content_words(text: str) -> frozenset[str]:
    """The words of `text` that carry its meaning, without the frame of a question, cut to a common stem."""
    return frozenset(_stem(word) for word in _WORD.findall(normalise(text)) if word not in _FRAME)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def shows_grade(text: str, grade: str) -> bool:
    """Whether the words of `grade` stand in `text` in their order, in any inflection: "is judged to require
    improvement" shows "requires improvement"."""
    shown, wanted = (
        [_stem(w) for w in _WORD.findall(normalise(text))],
        [_stem(w) for w in _WORD.findall(normalise(grade))],
    )
    return any(shown[i : i + len(wanted)] == wanted for i in range(len(shown)))


def aspect_overlap(expected: str, said: str) -> Decimal:
    """The share, 0 to 1, of the expected aspect's content words that the said aspect has too."""
    wanted = content_words(expected)
    return Decimal(len(wanted & content_words(said))) / len(wanted) if wanted else Decimal(0)


def on_aspect(expected: ExpectedJudgment, judgments: Sequence[AnswerJudgment]) -> tuple[AnswerJudgment, ...]:
    """The judgments of the expected year that are on the expected aspect.

    For "overall": the answer's first judgment, and any whose aspect has the word "overall". Else those that share
    most of the expected aspect's content words, and at least `ASPECT_OVERLAP` of them.
    """
    if normalise(expected.aspect) == "overall":
        return tuple(
            judgment
            for i, judgment in enumerate(judgments)
            if judgment.year == expected.year and (i == 0 or contains(judgment.aspect, "overall"))
        )
    of_year = [(aspect_overlap(expected.aspect, j.aspect), j) for j in judgments if j.year == expected.year]
    most = max((overlap for overlap, _ in of_year), default=Decimal(0))
    return tuple(judgment for overlap, judgment in of_year if overlap == most >= ASPECT_OVERLAP)


def judgment_problem(expected: ExpectedJudgment, judgments: Sequence[AnswerJudgment], organisation: str) -> str | None:
    """Why the judgments do not give the expected grade, None if they do.

    They do when one on the aspect in the year has the grade, none has another, none is of another organisation,
    and each check has passed.
    """
    found = on_aspect(expected, judgments)
    if not found:
        return "no judgment on this aspect in this year"
    if any(normalise(j.grade) != normalise(expected.grade) for j in found):
        return "another grade"
    if any(j.organisation is not None and normalise(j.organisation) != normalise(organisation) for j in found):
        return "another organisation"
    return None if all(j.check in ("in_quote", "derived") for j in found) else "a failed check"


def place_problem(
    citation: Citation | None, evidence: Sequence[Place], organisation: str, extra: str = ""
) -> Cause | None:
    """Why a citation is not one of the acceptable places, None if it is: a report of that year and organisation,
    and each string of the place in the quotation (`extra` counts with it, as a section does for a judgment)."""
    if citation is None or normalise(citation.organisation or "") != normalise(organisation):
        return "wrong report"
    of_year = [place for place in evidence if place.year == citation.year]
    if not of_year:
        return "wrong report"
    shown = f"{citation.quote}\n{extra}"
    held = any(all(contains(shown, part) for part in place.quote_contains) for place in of_year)
    return None if held else "right value, wrong place"


def judge(case: Case, organisation: str, answer: Answer) -> Verdict:
    """Whether `answer` is right for `case`, and if not, a guess at the step that failed.

    A figure counts only as the answer's leading one (`figures[0]`), with its own citation in an acceptable place;
    `lenient` says whether any figure of the answer is the expected one, wherever it stands. A judgment counts with
    a citation in an acceptable place whose quotation or section shows the grade. Expected strings count anywhere in
    the answer's text, with a cited quotation in an acceptable place. Where refusal is expected, any status other
    than "answered" is right.
    """
    answered = answer.status == "answered"
    figure = case.expect.figure
    if not case.answerable:
        cause: Cause | None = "answered unanswerable" if answered else None
        return Verdict(not answered, None, cause, "", _first_line(answer), _first(answer.citations))
    if not answered:
        return Verdict(
            False, None if figure is None else False, "not answered", answer.status, _first_line(answer), None
        )
    if figure is not None:
        return _judge_figure(figure, case, organisation, answer)
    if case.expect.judgment is not None:
        return _judge_judgment(case.expect.judgment, case, organisation, answer)
    return _judge_text(case, organisation, answer)


def _judge_figure(expected: ExpectedFigure, case: Case, organisation: str, answer: Answer) -> Verdict:
    texts = plain_text(answer.text)
    problems = [figure_problem(expected, f, (texts, _quote(answer, f.citation))) for f in answer.figures]
    lenient = None in problems
    if not answer.figures:
        return Verdict(False, False, "wrong value", "no figure", _first_line(answer), _first(answer.citations))
    citation = _citation(answer, answer.figures[0].citation)
    place = place_problem(citation, case.evidence, organisation)
    cause: Cause | None = place
    if problems[0] is not None:
        cause = "wrong report" if place == "wrong report" else "wrong value"
    return Verdict(cause is None, lenient, cause, problems[0] or "", _shown(answer.figures[0]), citation)


def _judge_judgment(expected: ExpectedJudgment, case: Case, organisation: str, answer: Answer) -> Verdict:
    said = "; ".join(f"{j.grade} ({j.aspect}, {j.year})" for j in answer.judgments) or _first_line(answer)
    problem = judgment_problem(expected, answer.judgments, organisation)
    if problem is not None:
        first = _first(answer.citations)
        place = place_problem(first, case.evidence, organisation)
        cause: Cause = "wrong report" if place == "wrong report" else "wrong value"
        return Verdict(False, None, cause, problem, said, first)
    citations = [_citation(answer, j.citation) for j in on_aspect(expected, answer.judgments)]
    causes = [_judgment_place(expected, c, case.evidence, organisation) for c in citations]
    best = causes.index(None) if None in causes else 0
    return Verdict(causes[best] is None, None, causes[best], "", said, citations[best])


def _judgment_place(
    expected: ExpectedJudgment, citation: Citation | None, evidence: Sequence[Place], organisation: str
) -> Cause | None:
    section = "" if citation is None else "\n".join(citation.section)
    problem = place_problem(citation, evidence, organisation, section)
    if problem is None and citation is not None and not shows_grade(f"{citation.quote}\n{section}", expected.grade):
        return "right value, wrong place"
    return problem


def _judge_text(case: Case, organisation: str, answer: Answer) -> Verdict:
    text = plain_text(answer.text)
    wanted = [case.expect.any_of] if case.expect.any_of is not None else [_either(p) for p in case.expect.all_of or ()]
    missing = [parts for parts in wanted if not any(contains(text, part) for part in parts)]
    cited = [c for c in answer.citations if c.n in cited_numbers(answer.text)]
    causes = [place_problem(c, case.evidence, organisation) for c in cited] or ["wrong report"]
    place = None if None in causes else causes[0]
    said, shown = _first_line(answer), _first(cited)
    if missing:
        cause: Cause = "wrong report" if place == "wrong report" else "wrong value"
        return Verdict(False, None, cause, f"does not say {' or '.join(missing[0])}", said, shown)
    return Verdict(place is None, None, place, "", said, shown if place else cited[causes.index(None)])


def _either(parts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (parts,) if isinstance(parts, str) else parts


def _first(items: Iterable[_T]) -> _T | None:
    return next(iter(items), None)


def _first_line(answer: Answer) -> str:
    return " ".join(plain_text(answer.text).split())[:200]


def _citation(answer: Answer, n: int) -> Citation | None:
    return next((c for c in answer.citations if c.n == n), None)


def _quote(answer: Answer, n: int) -> str:
    citation = _citation(answer, n)
    return "" if citation is None else citation.quote


def _shown(figure: AnswerFigure) -> str:
    parts = (figure.text, f"= {figure.value}", figure.scale, figure.unit, figure.subject and f"({figure.subject})")
    return " ".join(part for part in parts if part)

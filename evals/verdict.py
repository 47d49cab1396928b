"""Judge an answer against a case: is it the expected one, from an acceptable place?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from index.numbers import find_numbers
from rag.records import Answer, AnswerFigure, Citation

from .match import amount, figure_problem, judgment_problem, on_aspect, unit_class
from .places import place_problem
from .suite import ANY_UNIT, Case, Expect, ExpectedFigure, ExpectedJudgment, Place
from .words import cited_numbers, contains, normalise, place_of, plain_text, shows_words

Cause = Literal[
    "not answered",
    "answered unanswerable",
    "not asked back",
    "note missing",
    "wrong report",
    "wrong value",
    "right value, wrong place",
]
TextOf = Callable[[str], str]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `judge` found. `lenient` is None where the case expects no figure, `contained` where it expects silence;
    `said` is what was compared, and `citation` the one that was looked at."""

    correct: bool
    lenient: bool | None
    contained: bool | None
    cause: Cause | None
    detail: str
    said: str
    citation: Citation | None


def _no_text(report_id: str) -> str:
    return ""


def judge(case: Case, organisation: str | None, answer: Answer, text_of: TextOf = _no_text) -> Verdict:
    """Whether `answer` is right for `case`, and if not, why. `text_of` gives a report's canonical text.

    A figure counts only as the answer's leading one (`figures[0]`), with its own citation in an acceptable place;
    `lenient` says whether any figure of the answer is the expected one, wherever it stands. A judgment counts with
    a citation in an acceptable place whose quotation or section shows the grade. Expected words count anywhere in
    the answer's text, with a cited quotation in an acceptable place; a conflict and a corrected premise count in the
    notes too, and need a note of their kind. Where refusal is expected, any status other than "answered" is right;
    where a question back is, only "needs_clarification".
    """
    answered = answer.status == "answered"
    expect = case.expect
    if not case.answerable:
        right = answer.status == "needs_clarification" if expect.clarify else not answered
        cause: Cause | None = None if right else "not asked back" if expect.clarify else "answered unanswerable"
        return Verdict(right, None, None, cause, "", first_line(answer), _first(answer.citations))
    if not answered:
        lenient = None if expect.figure is None else False
        return Verdict(False, lenient, False, "not answered", answer.status, first_line(answer), None)
    place = _Places(case.evidence, organisation, text_of)
    if expect.figure is not None:
        verdict = _judge_figure(expect.figure, place, answer)
    elif expect.judgment is not None:
        verdict = _judge_judgment(expect.judgment, place, organisation, answer)
    else:
        verdict = _judge_text(expect, place, answer)
    return replace(verdict, contained=verdict.correct or answer_contained(expect, answer))


def answer_contained(expect: Expect, answer: Answer) -> bool:
    """Whether what is expected stands anywhere in the text of an answer, in a quotation cited there, or in a note,
    whatever it is said of and wherever it comes from: the loosest measure, never a verdict.

    A figure is contained when a record or a number equals it with its scale and unit: 28,322 in millions is not 28,322.
    """
    marks = cited_numbers(answer.text)
    shown = "\n".join([plain_text(answer.text), *(c.quote for c in answer.citations if c.n in marks)])
    if expect.figure is not None:
        wanted = amount(expect.figure.value, expect.figure.scale)
        said = [(amount(f.value, f.scale), f.unit) for f in answer.figures]
        said += [(n.absolute, n.unit) for n in find_numbers(shown)]
        return any(
            value is not None and wanted is not None and abs(value) == abs(wanted) and _unit_fits(expect.figure, unit)
            for value, unit in said
        )
    if expect.judgment is not None:
        return shows_words(shown, expect.judgment.grade)
    return not missing_parts(expect, "\n".join([shown, *(note.text for note in answer.notes)]))


def _unit_fits(figure: ExpectedFigure, unit: str | None) -> bool:
    return figure.unit == ANY_UNIT or unit_class(figure.unit) == unit_class(unit)


def missing_parts(expect: Expect, text: str) -> tuple[str, ...]:
    """What of the expected words `text` lacks, a phrase each; `()` where it has all, in their order if that counts."""
    if expect.starts_with is not None:
        shown, first = normalise(text).lstrip("*_\"'> "), normalise(expect.starts_with)
        begins = shown.startswith(first) and not shown[len(first) :][:1].isalnum()
        return () if begins else (f"does not begin with {expect.starts_with}",)
    missing = tuple(
        f"does not say {' or '.join(part)}" for part in expect.parts if not any(contains(text, s) for s in part)
    )
    if missing or expect.list is None or not expect.list.ordered:
        return missing
    shown, at = normalise(text), 0
    for part in expect.parts:
        found = [place for spelling in part if (place := place_of(shown, normalise(spelling), at)) is not None]
        if not found:
            return ("another order",)
        at = min(found) + 1
    return ()


@dataclass(frozen=True, slots=True)
class _Places:
    """The acceptable places of a case."""

    evidence: Sequence[Place]
    organisation: str | None
    text_of: TextOf

    def problem(self, citation: Citation | None, extra: str = "") -> Cause | None:
        labelled = citation is not None and any(place.paragraph is not None for place in self.evidence)
        before = self.text_of(citation.report_id)[: citation.end] if labelled and citation is not None else ""
        return place_problem(citation, self.evidence, self.organisation, extra, before)


def _judge_figure(expected: ExpectedFigure, place: _Places, answer: Answer) -> Verdict:
    texts = plain_text(answer.text)
    problems = [figure_problem(expected, f, (texts, _quote(answer, f.citation))) for f in answer.figures]
    lenient = None in problems
    if not answer.figures:
        first = _first(answer.citations)
        return Verdict(False, False, None, "wrong value", "no figure", first_line(answer), first)
    citation = _citation(answer, answer.figures[0].citation)
    cause = place.problem(citation)
    if problems[0] is not None:
        cause = "wrong report" if cause == "wrong report" else "wrong value"
    return Verdict(cause is None, lenient, None, cause, problems[0] or "", _shown(answer.figures[0]), citation)


def _judge_judgment(expected: ExpectedJudgment, place: _Places, organisation: str | None, answer: Answer) -> Verdict:
    said = "; ".join(f"{j.grade} ({j.aspect}, {j.year})" for j in answer.judgments) or first_line(answer)
    problem = judgment_problem(expected, answer.judgments, organisation)
    if problem is not None:
        first = _first(answer.citations)
        cause: Cause = "wrong report" if place.problem(first) == "wrong report" else "wrong value"
        return Verdict(False, None, None, cause, problem, said, first)
    citations = [_citation(answer, j.citation) for j in on_aspect(expected, answer.judgments)]
    causes = [_judgment_place(expected, c, place) for c in citations]
    best = causes.index(None) if None in causes else 0
    return Verdict(causes[best] is None, None, None, causes[best], "", said, citations[best])


def _judgment_place(expected: ExpectedJudgment, citation: Citation | None, place: _Places) -> Cause | None:
    section = "" if citation is None else "\n".join(citation.section)
    problem = place.problem(citation, section)
    if problem is None and citation is not None and not shows_words(f"{citation.quote}\n{section}", expected.grade):
        return "right value, wrong place"
    return problem


def _judge_text(expect: Expect, place: _Places, answer: Answer) -> Verdict:
    kind = "conflict" if expect.conflict else "false_premise" if expect.corrects_premise else None
    notes = [note for note in answer.notes if note.kind == kind]
    marks = cited_numbers(answer.text) | {n for note in notes for n in note.citations}
    cited = [c for c in answer.citations if c.n in marks]
    causes = [place.problem(c) for c in cited] or ["wrong report"]
    problem = None if None in causes else causes[0]
    said, shown = first_line(answer), _first(cited)
    missing = missing_parts(expect, "\n".join([plain_text(answer.text), *(note.text for note in notes)]))
    if missing:
        cause: Cause = "wrong report" if problem == "wrong report" else "wrong value"
        return Verdict(False, None, None, cause, missing[0], said, shown)
    if kind is not None and not notes:
        return Verdict(False, None, None, "note missing", f"no note of kind {kind}", said, shown)
    right = shown if problem else cited[causes.index(None)]
    return Verdict(problem is None, None, None, problem, "", said, right)


def first_line(answer: Answer) -> str:
    """The beginning of an answer's text on one line."""
    return " ".join(plain_text(answer.text).split())[:200]


def leading_citation(answer: Answer) -> Citation | None:
    """The citation of the leading figure or judgment, else of the first mark in the text; None where there is none."""
    if answer.status != "answered":
        return None
    if answer.figures:
        return _citation(answer, answer.figures[0].citation)
    if answer.judgments:
        return _citation(answer, answer.judgments[0].citation)
    return _first(c for c in answer.citations if c.n in cited_numbers(answer.text))


def _first(items: Iterable[_T]) -> _T | None:
    return next(iter(items), None)


def _citation(answer: Answer, n: int) -> Citation | None:
    return next((c for c in answer.citations if c.n == n), None)


def _quote(answer: Answer, n: int) -> str:
    citation = _citation(answer, n)
    return "" if citation is None else citation.quote


def _shown(figure: AnswerFigure) -> str:
    parts = (figure.text, f"= {figure.value}", figure.scale, figure.unit, figure.subject and f"({figure.subject})")
    return " ".join(part for part in parts if part)

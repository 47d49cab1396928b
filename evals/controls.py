"""Controls: answerers that know nothing. A suite on which one of them does well measures little, and says so.

Each control is given every benefit: it is only asked whether it says the right thing, never where it has it from.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.numbers import find_numbers
from rag.records import Answer, AnswerFigure, Searched

from .metrics import Share
from .places import Reports
from .suite import Case, Suite
from .verdict import answer_contained, judge
from .words import normalise

HALF = 0.5  # alarm for controls that a fair suite lets win now and then: silence, and the most common grade
TENTH = 0.1  # alarm for controls that a fair suite lets win by chance alone


@dataclass(frozen=True, slots=True)
class ControlResult:
    """What a control reached: `correct` of the cases that it concerns, and a sentence where that is too many."""

    name: str
    correct: Share
    alarm: str | None


def measure_controls(suite: Suite, answers: Mapping[str, Answer], reports: Reports | None) -> tuple[ControlResult, ...]:
    """What the four controls reach on a suite; `answers` are the assistant's, by case."""
    answerable = [case for case in suite.cases if case.answerable]
    judgments = [case for case in suite.cases if case.expect.judgment is not None]
    return (
        _result("always refuses", [judge(c, None, refusal(c.question)).correct for c in suite.cases], HALF),
        _result(
            "answers without retrieval",
            [answer_contained(c.expect, repeats_the_question(c)) for c in answerable],
            TENTH,
        ),
        _result("shuffled evidence", _shuffled(suite, answerable, answers), TENTH),
        _result("most common grade", _grades(judgments, most_common_grade(judgments, reports)), HALF),
    )


def refusal(question: str) -> Answer:
    """The answer that the reports do not say."""
    return Answer(
        question=question,
        standalone_question=question,
        status="not_in_reports",
        text="The reports do not say.",
        figures=(),
        judgments=(),
        citations=(),
        notes=(),
        scope=Searched(reports=(), count=0),
        timings_ms={},
    )


def repeats_the_question(case: Case) -> Answer:
    """The answer of someone who knows the question alone: its own words and numbers."""
    figures = tuple(
        AnswerFigure(n.text, str(n.value), n.unit, n.scale, None, None, None, citation=0, check="in_quote")
        for n in find_numbers(case.question)
        if n.kind == "quantity"
    )
    said = refusal(case.question)
    return Answer(
        question=said.question,
        standalone_question=said.question,
        status="answered",
        text=case.question,
        figures=figures,
        judgments=(),
        citations=(),
        notes=(),
        scope=said.scope,
        timings_ms={},
    )


def most_common_grade(judgments: Sequence[Case], reports: Reports | None) -> str | None:
    """The grade that the library's judgments give most often; without a library, the cases'. None for none."""
    if reports is None:
        grades = [case.expect.judgment.grade for case in judgments if case.expect.judgment is not None]
    else:
        grades = [judgment.grade for statement in reports.library.judgments() for judgment in statement.judgments]
    counts = Counter(normalise(grade) for grade in grades)
    return min(counts, key=lambda grade: (-counts[grade], grade)) if counts else None


def _grades(judgments: Sequence[Case], grade: str | None) -> list[bool]:
    return [c.expect.judgment is not None and normalise(c.expect.judgment.grade) == grade for c in judgments]


def _shuffled(suite: Suite, answerable: Sequence[Case], answers: Mapping[str, Answer]) -> list[bool]:
    """Each answerable case judged by the answer to the next one that expects the same kind of thing."""
    held = []
    for expects in dict.fromkeys(case.expects for case in answerable):
        same = [case for case in answerable if case.expects == expects and case.id in answers]
        for case, other in zip(same, [*same[1:], *same[:1]], strict=True):
            if other is not case:
                held.append(judge(case, suite.organisation_of(case), answers[other.id]).correct)
    return held


def _result(name: str, held: Sequence[bool], limit: float) -> ControlResult:
    share = Share(sum(held), len(held))
    if share.value is None or share.value <= limit:
        return ControlResult(name, share, None)
    return ControlResult(
        name,
        share,
        f"The control “{name}” is right in {share.value:.0%} of its {share.total} cases (alarm above {limit:.0%}): "
        "the suite tells a good assistant from one that knows nothing less well than its number of cases suggests.",
    )

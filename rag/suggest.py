"""Example questions that the loaded reports can answer, made from their own judgments and figures.

Candidates are written from typed facts; one is offered only when asking it brings back the fact that it was made from.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from index.records import Figure, Judgment, ReportInfo, Statement

from .records import Answer

MEASURE_CHARACTERS = range(4, 61)  # shorter names nothing, longer is a sentence
ASPECT_CHARACTERS = 110
ATTEMPTS_PER_EXAMPLE = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and what its answer has to hold: a grade, or a figure's decimal value."""

    question: str
    grade: str | None = None
    value: str | None = None

    def is_answered_by(self, answer: Answer) -> bool:
        """Whether the answer states the fact that the question was made from."""
        if answer.status != "answered":
            return False
        if self.grade is not None:
            return any(judgment.grade == self.grade for judgment in answer.judgments)
        return any(figure.value == self.value for figure in answer.figures)


def candidates(reports: Sequence[ReportInfo], statements: Iterable[Statement]) -> Iterator[Candidate]:
    """Questions from judgments and figures in turn, spread over reports and aspects, each asked once."""
    known = {report.report_id: report for report in reports}
    judged: dict[str, list[Candidate]] = {}
    counted: dict[str, list[Candidate]] = {}
    for statement in statements:
        report = known.get(statement.report_id)
        if report is None or report.year is None:
            continue
        for judgment in statement.judgments:
            made = _of_judgment(judgment, report)
            if made is not None:
                judged.setdefault(judgment.aspect.casefold(), []).append(made)
        for figure in statement.figures if statement.kind == "row" else ():
            made = _of_figure(figure, report)
            if made is not None:
                counted.setdefault(report.report_id, []).append(made)
    seen: set[str] = set()
    for candidate in _alternate(_spread(judged), _spread(counted)):
        if candidate.question not in seen:
            seen.add(candidate.question)
            yield candidate


def example_questions(
    reports: Sequence[ReportInfo],
    statements: Iterable[Statement],
    ask: Callable[[str], Answer],
    count: int = 4,
) -> tuple[str, ...]:
    """Up to `count` questions, each tried with `ask` and answered with its own fact."""
    found: list[str] = []
    for tried, candidate in enumerate(candidates(reports, statements)):
        if len(found) == count or tried == count * ATTEMPTS_PER_EXAMPLE:
            break
        if candidate.is_answered_by(ask(candidate.question)):
            found.append(candidate.question)
    return tuple(found)


def _of_judgment(judgment: Judgment, report: ReportInfo) -> Candidate | None:
    """From an overall judgment, or one whose aspect is a question that the report asks: other aspects are headings
    and fragments, which make a question that nobody would ask."""
    organisation, year = judgment.organisation or report.organisation, judgment.year or report.year
    aspect = judgment.aspect.strip()
    if organisation is None:
        return None
    if judgment.overall:
        return Candidate(f"What was the overall judgment of {organisation} in {year}?", grade=judgment.grade)
    if not aspect.endswith("?") or len(aspect) > ASPECT_CHARACTERS:
        return None
    question = f"How was {organisation} graded in {year} on “{_lower(aspect.rstrip('? '))}”?"
    return Candidate(question, grade=judgment.grade)


def _of_figure(figure: Figure, report: ReportInfo) -> Candidate | None:
    """From a cell of a table about the report's own organisation, where the row's heading names what is measured."""
    if figure.measure is None or figure.period is None or figure.subject != report.organisation:
        return None
    measure = figure.measure.removesuffix(f", {figure.subject}").strip(" .:;,")
    if len(measure) not in MEASURE_CHARACTERS or "," in measure or any(letter.isdigit() for letter in measure):
        return None
    question = f"What figure does the {report.year} report give for {_lower(measure)} ({figure.period})?"
    return Candidate(question, value=figure.value)


def _lower(words: str) -> str:
    """The words as they stand inside a sentence: a capital stays where more than the first letter is one."""
    return words if words[1:2].isupper() or not words[:1].isupper() else words[0].lower() + words[1:]


def _spread(groups: dict[str, list[Candidate]]) -> Iterator[Candidate]:
    """One of each group, then another of each."""
    return (item for items in zip_longest(*groups.values()) for item in items if item is not None)


def _alternate(first: Iterable[Candidate], second: Iterable[Candidate]) -> Iterator[Candidate]:
    return (item for item in chain.from_iterable(zip_longest(first, second)) if item is not None)

"""Say that the reports do not say, with the nearest passages as places to look and what an exhaustive count found."""

from collections.abc import Sequence

from index import Library

from .cite import cite
from .draft import Place
from .records import Answer, Citation, Hit, Note
from .scope import Reach
from .understand import Question
from .write import refusal

PASSAGES = 3


def nearest_answer(
    library: Library,
    asked: str,
    alone: str,
    question: Question,
    hits: Sequence[Hit],
    within: Reach,
    timings_ms: dict[str, float],
) -> Answer:
    """The refusal for a question whose evidence is not there."""
    searched = within.searched()
    citations = tuple(_citation(library, hit, n) for n, hit in enumerate(hits[:PASSAGES], start=1))
    reports = "1 report" if searched.count == 1 else f"{searched.count} reports"
    if searched.count == 0:
        text = "No report in the library fits the organisation, year or reports asked about, so nothing was searched."
    else:
        text = f"The reports do not say. {reports} searched."
        if citations:
            text += " The nearest passages are listed as places to look; they do not answer the question."
    return refusal(asked, alone, text, citations, _coverage(library, question), searched, timings_ms)


def _citation(library: Library, hit: Hit, n: int) -> Citation:
    place = Place(library.report(hit.report_id), hit.start, hit.end, hit.page, hit.page_label, hit.section)
    return cite(library, place, n)


def _coverage(library: Library, question: Question) -> tuple[Note, ...]:
    """A note for each word or name of the question that no passage of the library has: a count over all of them."""
    absent = [name for name in question.names if library.mentions(name) == 0]
    if not absent:
        return ()
    named = ", ".join(f"“{name}”" for name in absent)
    return (Note("coverage", f"No passage of any report in the library mentions {named}."),)

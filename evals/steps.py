"""Which step of answering failed: the library holds the answer, and somewhere on the way it was lost.

The steps are taken again for a case that missed, over the same library, with the question as the answer understood it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.records import Answer, Scope

from .places import Gold
from .suite import Case
from .verdict import Verdict

if TYPE_CHECKING:
    from index import Library
    from rag.rank import Ranker

Step = Literal["not read", "not found", "ranked low", "wrong choice", "wrongly refused", "wrongly answered"]


@dataclass(frozen=True, slots=True)
class Trace:
    """The pieces of evidence that a question found, and of these the ones that were ranked, best first, each as
    (report id, start, end)."""

    found: tuple[tuple[str, int, int], ...]
    ranked: tuple[tuple[str, int, int], ...]


def failed_step(case: Case, verdict: Verdict, gold: Gold, trace: Trace) -> Step | None:
    """The step that failed, None where the case is right.

    "not read": no statement of the library states what is expected. "not found": one does, and the searches did not
    bring it. "ranked low": they did, and others were ranked before it. "wrongly refused": it was ranked first, and
    nothing was answered. "wrong choice": it was ranked first, and something else was answered. "wrongly answered": the
    question should not have been answered.
    """
    if verdict.correct:
        return None
    if not case.answerable:
        return "wrongly answered"
    if not gold.statements:
        return "not read"
    if not _meet(gold.statements, trace.found):
        return "not found"
    if not _meet(gold.statements, trace.ranked[:1]):
        return "ranked low"
    return "wrongly refused" if verdict.cause == "not answered" else "wrong choice"


class Tracer:
    """Takes the steps of answering again. The ranker's models are loaded at the first use."""

    def __init__(self, library: "Library") -> None:
        self.library = library
        self._ranker: Ranker | None = None

    def trace(self, answer: Answer, scope: Scope) -> Trace:
        """What was found and ranked for the question of `answer`."""
        from rag.rank import Ranker
        from rag.reader import Unread
        from rag.retrieve import retrieve
        from rag.scope import reach
        from rag.stages import Stages
        from rag.understand import understand

        question = understand(answer.standalone_question)
        within = reach(question, scope, self.library.reports())
        if question.kind == "judgment":
            records = self.library.judgments(None if within.everything else within.ids)
            places = tuple((s.report_id, s.start, s.end) for s in records)
            if _meet(places, [(c.report_id, c.start, c.end) for c in answer.citations]) or answer.judgments:
                return Trace(places, places)  # answered from the record, where nothing is ranked
        stages = Stages.all_but(self.library.settings.without)
        if self._ranker is None:
            self._ranker = Ranker(reader=None if stages.reader else Unread())
        found = retrieve(self.library, question, within, stages)
        ranked = self._ranker.rank(question, found.evidence, within.weight(self.library.term_weight))
        return Trace(
            tuple((e.report.report_id, e.start, e.end) for e in found.evidence),
            tuple((r.evidence.report.report_id, r.evidence.start, r.evidence.end) for r in ranked),
        )


def overlap(a: tuple[str, int, int], b: tuple[str, int, int]) -> bool:
    """Whether two places share a character."""
    return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]


def _meet(places: Iterable[tuple[str, int, int]], others: Iterable[tuple[str, int, int]]) -> bool:
    others = tuple(others)
    return any(overlap(a, b) for a in places for b in others)

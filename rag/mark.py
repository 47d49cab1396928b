"""Mark in an answer that is a sentence of a report the words that are the answer itself."""

from collections.abc import Sequence
from dataclasses import replace

from .draft import Draft
from .rank import Ranked
from .span import SpanReader
from .understand import Question

MARKED_FROM = 0.5  # probability, as the model sees it, from which words are marked: docs/quality.md


def has_sentence(draft: Draft) -> bool:
    """Whether the draft answers with one sentence as it stands, or a few in a row, so that words can be marked."""
    return len(draft.pieces) == 1 and not draft.pieces[0].lead and draft.pieces[0].derived is None


def mark_answer(spans: SpanReader, question: Question, draft: Draft, ranked: Sequence[Ranked]) -> Draft:
    """The draft of one sentence with its answering words marked; as it is where they are all of it, or unsure."""
    piece = draft.pieces[0]
    place = piece.place
    for one in ranked:
        e = one.evidence
        inside = place.start <= e.start and e.end <= place.end and e.report.report_id == place.report.report_id
        if not inside or e.candidate.kind != "sentence":
            continue
        found = spans.mark(question.body, e.candidate.header, e.text)
        if found is None or found.probability < MARKED_FROM or found.end - found.start >= len(e.text.rstrip(" .")):
            return draft
        return replace(draft, pieces=(replace(piece, marked=(e.start + found.start, e.start + found.end)),))
    return draft

"""Ask again what nothing answers as it is put: by the report's own name for it, in other words, and for names.

Nothing here changes an answer that was found, and a question in other words must be answered more surely than one that
is asked as it stands.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index import Library
from index.records import Statement

from .aliases import by_other_name
from .as_many import names_as_many
from .compose import compose
from .decide import Kind, answers_from
from .draft import Draft, Piece, Place
from .features import Weight
from .otherwise import otherwise
from .prose import prose_draft
from .rank import Ranked
from .scope import Reach
from .understand import Question, understand

NAMED_FROM = 0.15  # probability below which a sentence that names as many is not given
SURER = 0.05  # probability above the one from which a question is answered as it stands

_IN_WORDS = frozenset(("who", "where", "list", "words", "other"))  # "which other bodies" is understood as one of these

Search = Callable[[Question], tuple[Ranked, ...]]


def ask_again(
    library: Library, question: Question, ranked: Sequence[Ranked], within: Reach, search: Search, weight: Weight
) -> Draft:
    """The draft for a question that `ranked` does not answer, from what `search` finds for it in other words; empty
    where nothing answers that either."""
    named = _named(library, question, ranked, weight)
    if named.pieces or question.derived is not None or question.kind == "judgment":
        return named
    alias = by_other_name(library, question, None if within.everything else within.ids)
    if alias is not None:
        draft = _surely(library, understand(alias.question), search, weight)
        own = library.report(alias.statement.report_id).twin_of
        if draft.pieces and draft.pieces[0].place.report.twin_of == own:
            return replace(draft, pieces=(*draft.pieces, _said_in(library, alias.statement)))
    best = Draft()
    for other in _others(question):
        draft = _surely(library, other, search, weight)
        if draft.pieces and (draft.probability or 0.0) > (best.probability or 0.0):
            best = draft
    return best


def _others(question: Question) -> Iterator[Question]:
    for text in otherwise(question.text):
        other = understand(text)
        if other.kind == question.kind or {other.kind, question.kind} <= _IN_WORDS:
            yield other


def _surely(library: Library, question: Question, search: Search, weight: Weight) -> Draft:
    ranked = search(question)
    draft = compose(library, question, ranked, weight)
    kind: Kind = "figure" if any(piece.lead for piece in draft.pieces) else "prose"
    read = all(r.is_read for r in ranked)
    if draft.pieces and (draft.probability or 0.0) >= _bar(question, kind, read) + SURER:
        return draft
    return _named(library, question, ranked, weight)


def _bar(question: Question, kind: Kind, read: bool) -> float:
    return answers_from(kind, read=read, whether=kind == "prose" and question.kind == "yes_no")


def _named(library: Library, question: Question, ranked: Sequence[Ranked], weight: Weight) -> Draft:
    """The sentence that names those whom the question asks for, if it is not too unlikely to answer; empty where the
    reports of several organisations have one, and it is not said which is meant."""
    naming = [(place, one) for place, one in enumerate(ranked) if names_as_many(question, one, weight)]
    if not naming or len({one.evidence.report.organisation for _, one in naming}) > 1:
        return Draft()
    position, first = naming[0]
    if first.answer_probability < NAMED_FROM:
        return Draft()
    return replace(prose_draft(library, question, ranked[position:]), probability=first.answer_probability)


def _said_in(library: Library, statement: Statement) -> Piece:
    s, text = statement, library.text(statement.report_id)
    place = Place(library.report(s.report_id), s.start, s.end, s.page, s.page_label, s.section)
    return Piece("", text[s.start : s.end], place, show_quote=False)

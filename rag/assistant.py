"""The assistant: one question in, one checked answer out.

understand → retrieve → rank → compose → verify → cite, each step a plain function of the record before it. `stream`
yields what each step found while it works; `ask` is the last event of the same stream.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from index import Library
from index.errors import BadQuestion

from .again import ask_again
from .clarify import clarification, which_organisation, which_period
from .compose import compose
from .derive import derive
from .draft import Draft
from .history import is_follow_up, standalone
from .judge import judge, records
from .judgment_history import asks_before, judged_before, judged_over_years
from .lists import list_sections
from .mark import has_sentence, mark_answer
from .nearest import nearest_answer
from .overview import overview
from .parts import parts, together
from .premise import correct_premise
from .rank import Ranked, Ranker
from .reader import Unread
from .reasons import explain
from .records import Answer, Event, Hit, Scope
from .retrieve import PASSAGES, Retrieved, retrieve
from .scope import Reach, named_organisations, reach
from .search import by_evidence, holding_first, once_each
from .span import SpanReader
from .spelling import respelt
from .spelt_out import spelt_out
from .stages import Stages
from .subject import name_date, name_subject
from .understand import Question, understand
from .write import verified, write

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable
    from numpy.typing import NDArray

    from .grid import Grid, Timeline
    from .measure_history import Asking
    from .model.author import Author, Writing
    from .model.call import LanguageModel

RECORDED = 64  # reports in reach: of more, an answer asks back whose judgment is meant
MAX_QUESTION = 2000  # characters: longer than any question, shorter than a pasted report
_EVERYTHING = Scope()


def _goes_on() -> None:
    """Nothing is in the way."""


class Assistant:
    """Answers questions over a library with the embedded extractive composer, or in the words of a language model.

    `model` is one (PROVIDER:NAME); None takes that of the settings, if any, and "" none. Raises ModelUnavailable where
    it cannot be used.
    """

    def __init__(
        self, library: Library, *, model: "str | LanguageModel | None" = None, ranker: Ranker | None = None
    ) -> None:
        self.library = library
        self._author = _author(library, model)
        self._spans: SpanReader | None = None
        self._loading = Lock()
        self._stages = Stages.all_but(library.settings.without)
        self._ranker = ranker if ranker is not None else Ranker(reader=None if self._stages.reader else Unread())

    def ask(self, question: str, history: Sequence[Mapping[str, object]] = (), scope: Scope = _EVERYTHING) -> Answer:
        """The checked answer to `question`.

        Raises BadQuestion for an empty or overlong question and UnknownReport for a report id in `scope` that the
        library does not hold.
        """
        for event in self.stream(question, history, scope):
            if event.answer is not None:
                return event.answer
        raise AssertionError("a stream ends with its answer")

    def stream(
        self, question: str, history: Sequence[Mapping[str, object]] = (), scope: Scope = _EVERYTHING
    ) -> Iterator[Event]:
        """Steps as they are done, then the text in pieces, then the checked answer as the last event. What a language
        model writes comes before it, as "unchecked"."""
        return self._stream(question, history, scope, None if self._author is None else self._author.begin())

    def _stream(
        self, question: str, history: Sequence[Mapping[str, object]], scope: Scope, writing: "Writing | None"
    ) -> Iterator[Event]:
        clock = _Clock()
        asked = check_question(question)
        if is_follow_up(asked) and not history and not _has_content(asked):
            yield Event("answer", answer=clarification(asked, asked, self._reach(understand(asked), scope), clock.laps))
            return
        catalogue = self.library.reports()
        alone = writing.standalone(asked, history) if writing is not None and history and is_follow_up(asked) else None
        if alone is None:
            alone = standalone(asked, history, self._embed_spelt_out, lambda text: named_organisations(text, catalogue))
        alone = respelt(self.library, alone)
        understood = understand(alone)
        within = self._reach(understood, scope)
        clock.lap("understand")
        yield Event("step", "understand", _understood(asked, alone, understood, within))
        asks = parts(alone, self.library.embed_texts, lambda text: named_organisations(text, catalogue))
        founds = []
        for part in asks:
            one, inside = (understood, within) if len(asks) == 1 else self._part(part, within, scope)
            founds.append((yield from self._find(one, inside, writing, clock)))
        drafts = [found.draft for found in founds]
        draft = drafts[0] if len(asks) == 1 else together(asks, [verified(self.library, one) for one in drafts])
        hits = tuple(hit for found in founds for hit in found.hits)
        ranked = tuple(one for found in founds for one in found.ranked)
        draft = draft if writing is None else writing.clean_draft(draft)
        named = within.organisations and not scope.organisations
        if draft.pieces and len(draft.organisations) > 1 and not named:
            back = which_organisation(asked, alone, draft.organisations, within, clock.laps)
            yield Event("answer", answer=back)
            return
        if draft.pieces and draft.periods:
            back = which_period(asked, alone, draft.periods, within, clock.laps)
            yield Event("answer", answer=back)
            return
        answer = write(self.library, asked, alone, draft, within, clock.laps)
        clock.lap("verify")
        if answer is None:
            answer = nearest_answer(self.library, asked, alone, understood, hits, within, clock.laps)
        elif writing is not None:
            for event in writing.word(understood, draft, ranked, hits, answer, clock.lap):
                answer = event.answer or answer
                if event.answer is None:
                    yield event
        answer = answer if writing is None else writing.noted(answer)
        checked = f"{len(answer.figures)} figures and {len(answer.judgments)} judgments checked"
        yield Event("step", "verify", checked, citations=answer.citations)
        for piece in _pieces(answer.text):
            yield Event("text", detail=piece)
        clock.lap("total", since_start=True)
        yield Event("answer", answer=answer)

    def _find(
        self, understood: Question, within: Reach, writing: "Writing | None", clock: "_Clock"
    ) -> Generator[Event, None, "_Found"]:
        """What answers a question that asks one thing, step by step."""
        weight = within.weight(self.library.term_weight)
        draft = Draft()
        hits: tuple[Hit, ...] = ()
        ranked: tuple[Ranked, ...] = ()
        if _asks_for_judgments(understood):
            draft = self._judge(understood, within)
            clock.lap("judge")
            yield Event("step", "judge", f"{len(draft.pieces)} judgments on record")
        dated = name_date(self.library, understood, within)
        if dated is not None:
            return _Found(dated, (), ())
        if not draft.pieces:
            draft = self._set_out(understood, within, weight)
            clock.lap("list")
        if not draft.pieces:
            found = retrieve(self.library, understood, within, self._stages)
            found = found if writing is None else writing.clean(found)
            hits = found.hits
            clock.lap("retrieve")
            yield Event("step", "retrieve", f"{len(found.hits)} passages, {len(found.evidence)} pieces of evidence")
            ranked = self._ranker.rank(understood, found.evidence, weight)
            clock.lap("rank")
            yield Event("step", "rank", f"{len(ranked)} pieces of evidence ranked")
        if not draft.pieces and understood.kind != "judgment":
            derived = understood.derived
            plain = replace(understood, derived=None) if derived is not None and derived.within else understood
            draft = compose(self.library, plain, ranked, weight)
            if derived is not None and not (derived.within and draft.pieces):
                draft = self._derive(understood, draft, found, within, weight)
            if not draft.pieces and plain is understood:
                draft = ask_again(self.library, understood, ranked, within, self._search(within, weight), weight)
            draft = self._with_marked(understood, draft, ranked)
            clock.lap("compose")
            yield Event("step", "compose", _composed(draft))
        return _Found(draft, hits, ranked)

    def _part(self, text: str, within: Reach, scope: Scope) -> tuple[Question, Reach]:
        """A part of a question, and what to search for it: of the organisations that the whole names, where it names
        none itself."""
        understood = understand(text)
        reached = self._reach(understood, scope)
        if within.organisations and not reached.organisations:
            reached = self._reach(understood, replace(scope, organisations=within.organisations))
        return understood, reached

    def search(self, text: str, k: int = 10, scope: Scope = _EVERYTHING) -> tuple[Hit, ...]:
        """The `k` best passages for `text`, best first: those that hold a judgment on record or the part of a report
        that it asks for, then those whose evidence answers best. Raises as `ask` does."""
        understood = understand(respelt(self.library, check_question(text)))
        within = self._reach(understood, scope)
        weight = within.weight(self.library.term_weight)
        recorded = _asks_for_judgments(understood) and len(within.reports) <= RECORDED
        draft = self._judge(understood, within) if recorded else Draft()
        draft = draft if draft.pieces else self._set_out(understood, within, weight)
        found = retrieve(self.library, understood, within, self._stages, max(PASSAGES, k))
        ranked, unread = self._ranker.rank_first(understood, found.evidence, weight)
        hits = by_evidence(self.library, found.hits, ranked, unread)
        return once_each(holding_first(self.library, hits, [piece.place for piece in draft.pieces]))[:k]

    def timeline(self, text: str, scope: Scope = _EVERYTHING, *, going_on: Callable[[], None] = _goes_on) -> "Timeline":
        """A judgment or one measure over the years, each point cited. `going_on` is called before each question that
        is asked of a report; what it raises ends the work. Raises as `ask` does, and BadQuestion where a measure would
        have to be looked for in too many reports."""
        from .timeline import timeline

        return timeline(self._asking(going_on), check_question(text), scope)

    def compare(
        self,
        text: str,
        organisations: Sequence[str] = (),
        years: Sequence[int] = (),
        scope: Scope = _EVERYTHING,
        *,
        going_on: Callable[[], None] = _goes_on,
    ) -> "Grid":
        """What `text` asks for each organisation and year, each cell cited or not stated. Where none are given, those
        that the text names, else all of the reports in reach. `going_on` as in `timeline`. Raises as `ask` does, and
        BadQuestion where there would be too many cells or none."""
        from .compare import compare

        return compare(self._plainly, self._asking(going_on), check_question(text), organisations, years, scope)

    def as_runnable(self) -> "Runnable[str | Mapping[str, object], Answer]":
        """A LangChain runnable: a question, or a mapping with "question", "history" and "scope", to an `Answer`."""
        from .langchain import runnable

        return runnable(self)

    def as_retriever(self, k: int = 10, scope: Scope = _EVERYTHING) -> "BaseRetriever":
        """A LangChain retriever over the same search."""
        from .langchain import retriever

        return retriever(self, k, scope)

    def _plainly(
        self, question: str, history: Sequence[Mapping[str, object]] = (), scope: Scope = _EVERYTHING
    ) -> Iterator[Event]:
        """As `stream`, always by the embedded composer: a grid has hundreds of cells, and no words of a model's."""
        return self._stream(question, history, scope, None)

    def _asking(self, going_on: Callable[[], None]) -> "Asking":
        from .measure_history import Asking

        return Asking(self.library, self._ranker, self._stages, cache(self.library.term_weight), going_on)

    def _embed_spelt_out(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self.library.embed_texts([spelt_out(self.library, text) for text in texts])

    def _reach(self, question: Question, scope: Scope) -> Reach:
        return reach(question, scope, self.library.reports())

    def _derive(
        self, question: Question, draft: Draft, found: Retrieved, within: Reach, weight: Callable[[str], float]
    ) -> Draft:
        """The draft with a figure worked out where one is asked for, from what was found for the question or, where
        that is not enough, from what is found for each of its operands."""

        def among_found(asked: Question) -> tuple[Ranked, ...]:
            return self._ranker.rank(asked, found.evidence, weight)

        return derive(self.library, question, draft, (among_found, self._search(within, weight)), weight)

    def _search(self, within: Reach, weight: Callable[[str], float]) -> Callable[[Question], tuple[Ranked, ...]]:
        """Finds and ranks the evidence for a question."""

        def search(asked: Question) -> tuple[Ranked, ...]:
            evidence = retrieve(self.library, asked, within, self._stages).evidence
            return self._ranker.rank(asked, evidence, weight)

        return search

    def _set_out(self, question: Question, within: Reach, weight: Callable[[str], float]) -> Draft:
        """What a report sets out under a heading of its own: its subject, a list, or an overview of it."""
        draft = name_subject(self.library, question, within)
        draft = draft if draft.pieces else list_sections(self.library, question, within, weight)
        return draft if draft.pieces else overview(self.library, question, within)

    def _with_marked(self, question: Question, draft: Draft, ranked: Sequence[Ranked]) -> Draft:
        """The draft with the words marked that are the answer, where it is a sentence: only then is a model loaded."""
        if not self._stages.span or not has_sentence(draft):
            return draft
        with self._loading:
            if self._spans is None:
                self._spans = SpanReader()
        return mark_answer(self._spans, question, draft, ranked)

    def _judge(self, question: Question, within: Reach) -> Draft:
        statements = self.library.judgments(None if within.everything else within.ids)
        known = records(statements, self.library.report)
        if question.kind == "why":
            ids = None if within.everything else within.ids
            put_right = correct_premise(self.library, question, known, within.years, ids)
            return put_right if put_right.pieces else explain(self.library, question, known, within.years)
        if asks_before(question):
            return judged_before(question, known)
        developed = judged_over_years(question, known)
        if developed.pieces:
            return developed
        return judge(question, known, within.years, self.library.embed_texts, self.library.term_weight)


def _author(library: Library, model: "str | LanguageModel | None") -> "Author | None":
    """What writes in the words of a language model; None, and nothing of it loaded, where there is none."""
    wanted = library.settings.model if model is None else model
    if not wanted:
        return None
    from .model.author import Author

    return Author(library, wanted)


def _asks_for_judgments(question: Question) -> bool:
    return question.kind == "judgment" or (question.kind == "why" and bool(question.grades))


def check_question(question: str) -> str:
    """The question without blanks at its ends. Raises BadQuestion."""
    asked = question.encode("utf-8", "replace").decode("utf-8").strip()  # half of a surrogate pair is no text
    if not asked:
        raise BadQuestion("The question is empty: ask about something that the reports may say.")
    if len(asked) > MAX_QUESTION:
        raise BadQuestion(
            f"The question has {len(asked):,} characters; {MAX_QUESTION:,} is the most. Ask one thing "
            f"in a sentence or two."
        )
    return asked


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for one question: the draft of its answer, the passages, and the evidence in its order."""

    draft: Draft
    hits: tuple[Hit, ...]
    ranked: tuple[Ranked, ...]


class _Clock:
    """Milliseconds of each step, by name, over all parts of a question."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start = self._last = time.perf_counter()

    def lap(self, name: str, *, since_start: bool = False) -> None:
        now = time.perf_counter()
        lap = 1000 * (now - (self._start if since_start else self._last))
        self.laps[name] = round(self.laps.get(name, 0.0) + lap, 2)
        self._last = now


def _has_content(question: str) -> bool:
    return len(understand(question).terms) >= 2


def _understood(asked: str, alone: str, question: Question, within: Reach) -> str:
    parts = [f"kind: {question.kind}"]
    if alone != asked:
        parts.insert(0, f"asked as: {alone}")
    if within.organisations:
        parts.append(f"organisation: {', '.join(within.organisations)}")
    if within.years:
        parts.append(f"year: {', '.join(map(str, within.years))}")
    parts.append(f"{within.searched().count} reports to search")
    return "; ".join(parts)


def _composed(draft: Draft) -> str:
    """How many statements there are, and how probable it is that the evidence for them answers."""
    sure = "" if draft.probability is None else f"; probability {draft.probability:.2f}"
    return f"{len(draft.pieces)} statements{sure}"


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of a few words, so that it can be shown as it comes."""
    words = text.split(" ")
    for i in range(0, len(words), 4):
        piece = " ".join(words[i : i + 4])
        yield piece if i + 4 >= len(words) else piece + " "

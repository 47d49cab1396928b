"""What the assistant asks of a language model for one question, step by step, and what that takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index import Library

from ..draft import Draft
from ..entail import Entailment
from ..rank import Ranked
from ..records import Answer, Event, Hit
from ..retrieve import Retrieved
from ..understand import Question
from . import prompts
from .accept import is_asked
from .answer import instruction_notes
from .call import LanguageModel
from .chain import Lap, Task, writing_chain
from .connect import connect
from .follow_up import standalone_by_model
from .limits import estimated_tokens
from .orders import find_orders
from .passages import Flagged, clean_evidence, give_passages
from .usage import Spent


class Author:
    """A language model over a library, with the cross-encoder that the settings name. Raises ModelUnavailable."""

    def __init__(self, library: Library, model: "str | LanguageModel") -> None:
        self.library = library
        self.model = connect(library.settings, model) if isinstance(model, str) else model
        folder = library.settings.model_entailment
        self.entails = None if folder is None else Entailment(folder).entails

    def begin(self) -> "Writing":
        """A question of its own."""
        return Writing(self)


class Writing:
    """One question: what it takes of the model, and which instructions were found in documents on the way."""

    def __init__(self, author: Author) -> None:
        self._author, self._library = author, author.library
        self._spent = Spent()
        self._flagged: list[Flagged] = []

    def standalone(self, question: str, history: Sequence[Mapping[str, object]]) -> str | None:
        """The follow-up made standalone by the model; None where the embedded steps have to do it."""
        return standalone_by_model(self._author.model, question, history, self._spent)

    def clean(self, found: Retrieved) -> Retrieved:
        """What was found, without evidence and passages that hold an instruction to a model."""
        evidence, flagged = clean_evidence(found.evidence)
        self._flagged += flagged
        return Retrieved(tuple(hit for hit in found.hits if not find_orders(hit.text)), evidence)

    def clean_draft(self, draft: Draft) -> Draft:
        """The draft without statements whose quotation holds one."""
        kept = []
        for piece in draft.pieces:
            place = piece.place
            text = self._library.text(place.report.report_id)
            orders = find_orders(text[place.start : place.end])
            self._flagged += [Flagged(place.report, place.start + o.start, place.start + o.end) for o in orders]
            if not orders:
                kept.append(piece)
        return draft if len(kept) == len(draft.pieces) else replace(draft, pieces=tuple(kept), notes=())

    def word(
        self, question: Question, draft: Draft, ranked: Sequence[Ranked], hits: Sequence[Hit], plain: Answer, lap: Lap
    ) -> Iterator[Event]:
        """The events of writing; the last one has the answer, in the model's words or as it was. `plain` is the checked
        answer of the embedded answerer."""
        model = self._author.model
        if not is_asked(question, draft):
            yield Event("step", "write", "given as the reports have it: the language model is not asked")
            return
        empty = "".join(
            (prompts.SYSTEM, prompts.EXAMPLE, prompts.EXAMPLE_REPLY, prompts.COMPOSE, plain.standalone_question)
        )
        room = model.limits.context - model.limits.reply - estimated_tokens(empty)
        if model.limits.budget is not None:
            room = min(room, model.limits.budget // 2 - estimated_tokens(empty))
        given, flagged = give_passages(self._library, draft, ranked, hits, room)
        self._flagged += flagged
        if not given:
            yield Event("step", "write", "no passage fits into the language model's context: it is not asked")
            return
        chain = writing_chain(self._library, model, self._author.entails, lap)
        with model.untraced():
            yield from chain.stream(Task(question, draft, plain, given, self._spent))

    def noted(self, answer: Answer) -> Answer:
        """The answer with what was flagged, and with what the model took where it does not say so yet."""
        notes = (*answer.notes, *instruction_notes(self._library, self._flagged))
        usage = answer.usage
        if usage is None and self._spent.calls:
            usage = self._spent.usage(self._author.model.name)
        return replace(answer, notes=notes, usage=usage)

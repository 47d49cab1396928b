"""The steps around a language model, as LangChain runnables: compose → verify → repair → settle.

Each takes what the step before gives and passes on the events in it, so that the model's words can be shown while they
come. Whatever happens, the chain ends with an answer: the model's where it is accepted, else the plain one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index import Library
from index.errors import ModelFailed

from ..bear_out import Entails
from ..draft import Draft
from ..records import Answer, Event, Note
from ..understand import Question
from . import prompts
from .accept import Checked, Dropped, Held, accepted, check
from .answer import written
from .call import LanguageModel, Messages
from .fence import fenced, new_fence
from .passages import Given
from .reply import MOST_STATEMENTS, Reply, read_reply, schema, text_so_far
from .usage import Spent

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

SECONDS_BETWEEN_PIECES = 0.05  # of what is shown unchecked: reading unfinished JSON at every token would cost more
LONGEST_FAULT = 200  # characters of a statement that is named in the request to repair

Lap = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What the model is to word: the question, the draft of the embedded answerer and its checked answer, and the
    passages that the model is given."""

    question: Question
    draft: Draft
    plain: Answer
    given: tuple[Given, ...]
    spent: Spent


@dataclass(frozen=True, slots=True)
class Attempt:
    """A reply, with the messages that it answers; `failure` says why there is none."""

    task: Task
    messages: Messages
    text: str
    reply: Reply
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was made of the replies: the checked statements, and those that may be shown."""

    attempt: Attempt
    checked: Checked
    shown: tuple[Held, ...]


def writing_chain(library: Library, model: LanguageModel, entails: Entails | None, lap: Lap) -> "Runnable[Task, Event]":
    """From a task to events, the last of which has the answer. `lap` is told when a step is done, by its name."""
    from langchain_core.runnables import RunnableGenerator

    steps = _Steps(library, model, entails, lap)
    return (
        RunnableGenerator(steps.compose)
        | RunnableGenerator(steps.verify)
        | RunnableGenerator(steps.repair)
        | RunnableGenerator(steps.settle)
    )


@dataclass(frozen=True, slots=True)
class _Steps:
    library: Library
    model: LanguageModel
    entails: Entails | None
    lap: Lap

    def compose(self, tasks: Iterator[Task]) -> Iterator[Event | Attempt]:
        for task in tasks:
            fence = new_fence()
            messages = [
                ("system", prompts.SYSTEM.format(most=MOST_STATEMENTS)),
                ("human", prompts.EXAMPLE),
                ("ai", prompts.EXAMPLE_REPLY),
                (
                    "human",
                    prompts.COMPOSE.format(
                        fence=fence, passages=fenced(task.given, fence), question=task.plain.standalone_question
                    ),
                ),
            ]
            self.lap("prompt")
            yield from self._ask(task, messages, "write")

    def verify(self, items: Iterator[Event | Attempt]) -> Iterator[Event | Verdict]:
        for item in items:
            if isinstance(item, Event):
                yield item
                continue
            verdict = self._judge(item, Checked((), ()))
            self.lap("check")
            yield Event("step", "check", _found(verdict))
            yield verdict

    def repair(self, items: Iterator[Event | Verdict]) -> Iterator[Event | Verdict]:
        for item in items:
            if isinstance(item, Event) or item.shown or item.attempt.failure is not None:
                yield item
                continue
            task, before = item.attempt.task, item.attempt
            messages = [
                *before.messages,
                ("ai", before.text[: 4 * self.model.limits.reply]),
                ("human", prompts.REPAIR.format(faults=_named(item))),
            ]
            for again in self._ask(task, messages, "repair"):
                if isinstance(again, Event):
                    yield again
                    continue
                verdict = self._judge(again, item.checked)
                self.lap("check_again")
                yield Event("step", "check", _found(verdict))
                yield verdict

    def settle(self, items: Iterator[Event | Verdict]) -> Iterator[Event]:
        for item in items:
            if isinstance(item, Event):
                yield item
                continue
            task = item.attempt.task
            answer = written(self.library, task.plain, task.draft, item.shown) if item.shown else None
            made = len(item.checked.held) + len(item.checked.dropped)
            kept = len(item.shown) if answer is not None else 0
            usage = task.spent.usage(self.model.name, made, kept, item.checked.counts())
            if answer is None:
                answer = replace(task.plain, notes=(*task.plain.notes, Note("model", _why(item))))
            yield Event("answer", answer=replace(answer, usage=usage))

    def _ask(self, task: Task, messages: Messages, step: str) -> Iterator[Event | Attempt]:
        text = shown = ""
        last = 0.0
        try:
            for piece in self.model.reply(messages, task.spent, schema([one.key for one in task.given])):
                text += piece
                if time.monotonic() - last < SECONDS_BETWEEN_PIECES:
                    continue
                last = time.monotonic()
                so_far = text_so_far(text)
                if so_far.startswith(shown) and len(so_far) > len(shown):
                    yield Event("unchecked", step, so_far[len(shown) :])
                    shown = so_far
        except ModelFailed as error:
            self.lap(step)
            yield Attempt(task, messages, text, Reply((), False), str(error))
            return
        self.lap(step)
        whole = text_so_far(text)
        if whole.startswith(shown) and len(whole) > len(shown):
            yield Event("unchecked", step, whole[len(shown) :])
        yield Attempt(task, messages, text, read_reply(text))

    def _judge(self, attempt: Attempt, before: Checked) -> Verdict:
        task = attempt.task
        now = check(self.library, task.given, attempt.reply.statements, self.entails)
        if not attempt.reply.statements and not attempt.reply.whole and attempt.failure is None:
            now = Checked((), (Dropped("", ("reply",)),))
        checked = Checked((*before.held, *now.held), (*before.dropped, *now.dropped))
        return Verdict(attempt, checked, accepted(task.question, task.draft, checked.held))


def _found(verdict: Verdict) -> str:
    if verdict.attempt.failure is not None:
        return verdict.attempt.failure
    dropped = ", ".join(f"{count} × {name}" for name, count in verdict.checked.counts().items())
    return f"{len(verdict.checked.held)} statements borne out" + (f"; dropped: {dropped}" if dropped else "")


def _named(verdict: Verdict) -> str:
    """What failed, for the model: each statement with what is wrong with it."""
    lines = [
        f"- {dropped.text[:LONGEST_FAULT]}: {'; '.join(prompts.FAULTS[name] for name in dropped.faults)}"
        for dropped in verdict.checked.dropped
        if dropped.text
    ]
    if not lines:
        return prompts.UNREADABLE if not verdict.attempt.reply.whole else prompts.NOT_THE_ANSWER
    return "\n".join(lines)


def _why(verdict: Verdict) -> str:
    """Why the plain answer is shown."""
    if verdict.attempt.failure is not None:
        return f"{verdict.attempt.failure} This is the answer in the reports' own words."
    if verdict.checked.dropped:
        return "What the language model wrote is not borne out by the reports: this is the answer in their own words."
    return "The language model did not say what the reports answer: this is the answer in their own words."

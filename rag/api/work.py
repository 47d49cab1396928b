"""Asking for those who come over HTTP: a few questions at once, each worked out to its end whatever the connection
does, and kept in its conversation."""

import dataclasses
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from index.errors import BadQuestion, CitewellError

from ..assistant import Assistant, check_question
from ..conversations import Conversations
from ..records import Answer, Event, Scope
from ..uploads import public_message

AT_ONCE = 8  # questions that are worked on
SECONDS_BETWEEN_LOOKS = 0.1  # whether a question is to stop, while nothing comes of it
MOST_WAITING = 24  # questions that wait or are worked on: each holds one of the server's 40 threads
_UNFORESEEN = "Something went wrong here. Ask again; nothing was lost."

Events = Iterator[tuple[str, dict[str, Any]]]


class TooManyQuestions(CitewellError):
    """More questions are waiting than are taken at once."""

    def __init__(self) -> None:
        super().__init__("Many questions are being answered. Ask again in a few seconds.")


class ServerEnds(CitewellError):
    """The server ended before a question was worked on."""

    def __init__(self) -> None:
        super().__init__("The server is ending. Ask again when it is back.")


class QuestionStopped(CitewellError):
    """Whoever asked wants no answer any more."""

    def __init__(self) -> None:
        super().__init__("Stopped before the answer was whole.")


class Asking:
    """Puts questions to an assistant, with the history of a conversation where one is named."""

    def __init__(self, assistant: Assistant, conversations: Conversations) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="citewell-ask")
        self._room = threading.BoundedSemaphore(MOST_WAITING)

    def close(self) -> None:
        """Finish what is being answered and forget what waits."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def ask(
        self, question: str, history: Sequence[Mapping[str, str]], scope: Scope, conversation: str | None = None
    ) -> Answer:
        """The checked answer. Raises as `Assistant.ask` does, UnknownConversation, TooManyQuestions."""
        asked = self._begun(question, history, scope, conversation)
        answer: Answer | None = None
        for kind, value in self._worked(asked):
            if kind == "answer":
                answer = value
            elif kind == "failed":
                raise value
        assert answer is not None
        return answer

    def stream(
        self, question: str, history: Sequence[Mapping[str, str]], scope: Scope, conversation: str | None = None
    ) -> Events:
        """Events as `rag.api.ask` sends them; the last one is `answer` or `error`. What cannot be asked at all raises
        at once, as `ask` does."""
        return self._told(self._worked(self._begun(question, history, scope, conversation)))

    def in_conversation(
        self, question: str, scope: Scope, conversation: str, stop: threading.Event
    ) -> tuple[int, Iterator[Event]]:
        """The turn that a question is put down as, counted from 1, and its events as `Assistant.stream` yields them,
        which raise what it raises, and QuestionStopped soon after `stop` is set: nothing is put down after that. What
        cannot be asked at all raises at once, as `ask` does."""
        asked = self._begun(question, (), scope, conversation)
        return asked.turn, self._events(self._worked(asked, stop))

    def _events(self, events: "Iterator[tuple[str, Any]]") -> Iterator[Event]:
        for kind, value in events:
            if kind == "failed":
                raise value
            yield Event("answer", answer=value) if kind == "answer" else value

    def _begun(
        self, question: str, history: Sequence[Mapping[str, str]], scope: Scope, conversation: str | None
    ) -> "_Asked":
        """The question, checked, given room, and put down in its conversation before it is worked on."""
        question = check_question(question)
        if not self._room.acquire(blocking=False):
            raise TooManyQuestions
        try:
            return self._put_down(question, history, scope, conversation)
        except BaseException:
            self._room.release()
            raise

    def _put_down(
        self, question: str, history: Sequence[Mapping[str, str]], scope: Scope, conversation: str | None
    ) -> "_Asked":
        if conversation is None:
            return _Asked(question, tuple(history), scope, None, 0, "")
        if history:
            raise BadQuestion("A question in a conversation brings no history of its own: leave `history` out.")
        before = self._conversations.history(conversation)
        turn = self._conversations.begin_turn(conversation, question, scope)
        at = self._conversations.turn(conversation, turn).asked
        return _Asked(question, before, scope, conversation, turn, at)

    def _worked(self, asked: "_Asked", stop: threading.Event | None = None) -> "Iterator[tuple[str, Any]]":
        """The assistant's events from a thread of its own. The thread goes on when nobody listens any more, and ends
        with the event after a stop; who listens does not wait for that one."""
        events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

        def work() -> None:
            if stop is not None and stop.is_set():
                return
            try:
                for event in self._assistant.stream(asked.question, asked.history, asked.scope):
                    if stop is not None and stop.is_set():
                        return
                    if event.answer is not None and asked.conversation is not None:
                        self._conversations.end_turn(asked.conversation, asked.turn, event.answer, asked.at)
                    events.put((event.kind, event.answer if event.answer is not None else event))
            except BaseException as error:
                if stop is not None and stop.is_set():
                    return
                events.put(("failed", error))
                if asked.conversation is not None:
                    self._conversations.fail_turn(asked.conversation, asked.turn, _words(error), asked.at)
                if not isinstance(error, CitewellError):
                    raise

        def ended(done: Future[None]) -> None:
            self._room.release()
            if done.cancelled():  # the server ends: who listens must not wait for ever
                events.put(("failed", ServerEnds()))

        self._workers.submit(work).add_done_callback(ended)
        return self._until_last(asked, events, stop)

    def _until_last(
        self, asked: "_Asked", events: "queue.SimpleQueue[tuple[str, Any]]", stop: threading.Event | None
    ) -> "Iterator[tuple[str, Any]]":
        while True:
            try:
                kind, value = events.get(timeout=None if stop is None else SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                kind, value = "", None
            if stop is not None and stop.is_set():
                self._forget(asked)
                kind, value = "failed", QuestionStopped()
            if kind:
                yield kind, value
            if kind in ("answer", "failed"):
                return

    def _forget(self, asked: "_Asked") -> None:
        if asked.conversation is not None:
            with suppress(CitewellError):  # it may be gone already
                self._conversations.remove_turn(asked.conversation, asked.turn, asked.at)

    def _told(self, events: "Iterator[tuple[str, Any]]") -> Events:
        for kind, value in events:
            if kind == "answer":
                yield kind, dataclasses.asdict(value)
            elif kind == "failed":
                yield "error", {"error": {"type": type(value).__name__, "message": _words(value)}}
            elif kind == "step":
                yield kind, {"step": value.step, "detail": value.detail}
            else:
                yield kind, {"text": value.detail}


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    history: tuple[Mapping[str, str], ...]
    scope: Scope
    conversation: str | None
    turn: int
    at: str


def _words(error: BaseException) -> str:
    return public_message(error) if isinstance(error, CitewellError) else _UNFORESEEN

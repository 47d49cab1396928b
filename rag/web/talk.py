"""The conversation on the page: a question put down, worked out and shown as it comes; a kept conversation shown again.

All of it is in the conversation database, so that a page that is loaded anew, or a server that was restarted, goes on
where it was. Where the database cannot be used, questions are answered and not kept.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter

from index import Library
from index.errors import BadQuestion, CitewellError

from ..api.conversations import opened_turn
from ..api.work import Asking, QuestionStopped
from ..assistant import Assistant, check_question
from ..conversations import Conversations, ConversationsUnusable, Turn, UnknownConversation
from ..feedback import Given
from ..markup import markdown
from ..records import Answer, Event, Scope
from ..render import UNCHECKED
from ..uploads import public_message
from .stops import Stops
from .turn import turn_answered, turn_failed, turn_waiting

SECONDS_BETWEEN_UPDATES = 0.03  # of streamed text: more often costs the browser more than a reader can see
KEPT_TURNS = 500  # as HTML, over all conversations
NOT_WHOLE = "The answer was not whole when the server ended. Ask again."
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows now. None leaves a part as it is; `key` names the conversation."""

    now: str
    past: str | None = None
    box: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on the page, and the name by which it is told to stop."""

    question: str
    turn: int
    key: str
    scope: Scope
    name: str


class Talk:
    """Asks in conversations and shows them."""

    def __init__(
        self, library: Library, assistant: Assistant, asking: Asking, conversations: Conversations, stops: Stops
    ) -> None:
        self._library = library
        self._assistant = assistant
        self._asking = asking
        self._conversations = conversations
        self._stops = stops
        self._lock = threading.Lock()
        self._turns: OrderedDict[tuple[str, int, int], str] = OrderedDict()

    def ask(self, question: str, scope: Scope, key: str) -> Iterator[Shown]:
        """What to show after each event. An empty `key`, or one that is not known any more, begins a conversation.
        A question that is told to stop is back in the box, and nothing is kept of it."""
        try:
            question = check_question(question)
        except BadQuestion as error:
            shown = question.strip()[:200]
            short = shown + "…" * (len(question.strip()) > 200)
            yield Shown(turn_failed(short, self._next_turn(key), str(error)), past=self._before(key, None))
            return
        asked = secrets.token_urlsafe(12)
        with self._stops.begun(asked) as stop:
            try:
                key, turn, events = self._begun(question, scope, key, stop)
            except ConversationsUnusable:
                key, turn, events = "", 1, _until(stop, self._assistant.stream(question, scope=scope))
            except CitewellError as error:
                yield Shown(turn_failed(question, self._next_turn(key), public_message(error)), box=question)
                return
            yield Shown(turn_waiting(question, turn, (), "", key, asked), self._before(key, turn), "", key)
            try:
                yield from self._shown(_Asked(question, turn, key, scope, asked), events)
            except QuestionStopped as error:
                yield Shown(turn_failed(question, turn, str(error), "Stopped"), box=question)
            except CitewellError as error:
                yield Shown(turn_failed(question, turn, public_message(error)), box=question)

    def _begun(self, question: str, scope: Scope, key: str, stop: threading.Event) -> tuple[str, int, Iterator[Event]]:
        if key:
            try:
                return key, *self._asking.in_conversation(question, scope, key, stop)
            except UnknownConversation:  # deleted meanwhile
                pass
        key = self._conversations.create().id
        return key, *self._asking.in_conversation(question, scope, key, stop)

    def _shown(self, asked: "_Asked", events: Iterator[Event]) -> Iterator[Shown]:
        steps: list[Event] = []
        text, unchecked, last = "", "", 0.0
        for event in events:
            if event.answer is not None:
                html = turn_answered(event.answer, asked.turn, steps, asked.key, asked.scope)
                self._keep((asked.key, asked.turn, self._library.version), html)
                yield Shown(html)
                return
            steps.append(event)
            text += event.detail if event.kind == "text" else ""
            unchecked = unchecked + event.detail if event.kind == "unchecked" else ""
            begun = event.detail in (text, unchecked)  # the first words are shown at once
            if event.kind == "step" or begun or time.monotonic() - last >= SECONDS_BETWEEN_UPDATES:
                last = time.monotonic()
                shown = f"**{UNCHECKED}:** {markdown(unchecked)}" if unchecked else text
                yield Shown(turn_waiting(asked.question, asked.turn, steps, shown, asked.key, asked.name))

    def opened(self, key: str) -> tuple[str, str]:
        """The turns of a conversation but the last, and the last. Raises UnknownConversation, ConversationsUnusable."""
        turns = [self._turn(key, turn) for turn in self._conversations.get(key).turns]
        return "".join(turns[:-1]), "".join(turns[-1:])

    def given(self, key: str, turn: int) -> Given | None:
        """The answer of a turn with what it was asked with, None where there is none."""
        try:
            kept = self._conversations.turn(key, turn)
            history = self._conversations.history(key, before=turn)
        except CitewellError:
            return None
        if kept.answer is None:
            return None
        return Given(_ANSWER.validate_python(kept.answer), history, kept.scope)

    def _before(self, key: str, turn: int | None) -> str:
        """The turns before `turn`, all of them where it is None."""
        if not key:
            return ""
        try:
            kept = self._conversations.get(key).turns
        except CitewellError:
            return ""
        return "".join(self._turn(key, one) for one in kept if turn is None or one.n < turn)

    def _next_turn(self, key: str) -> int:
        try:
            kept = self._conversations.get(key).turns if key else ()
        except CitewellError:
            return 1
        return 1 + max((turn.n for turn in kept), default=0)

    def _turn(self, key: str, turn: Turn) -> str:
        place = key, turn.n, self._library.version
        with self._lock:
            found = self._turns.get(place)
        if found is not None and turn.answer is not None:
            return found
        if turn.answer is None:
            return turn_failed(turn.question, turn.n, turn.failure or NOT_WHOLE)
        now = opened_turn(self._library, turn)
        changed = {source["n"]: source["words"] for source in now["sources"] if source["words"]}
        answer = _ANSWER.validate_python(now["answer"])
        html = turn_answered(answer, turn.n, (), key, turn.scope, changed=changed)
        self._keep(place, html)
        return html

    def _keep(self, place: tuple[str, int, int], html: str) -> None:
        with self._lock:
            self._turns[place] = html
            while len(self._turns) > KEPT_TURNS:
                self._turns.popitem(last=False)


def _until(stop: threading.Event, events: Iterator[Event]) -> Iterator[Event]:
    """The events up to a stop. Raises QuestionStopped."""
    for event in events:
        if stop.is_set():
            raise QuestionStopped
        yield event

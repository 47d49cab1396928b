"""Call the language model: the one seam. Text comes out as it is written; failures come out as `ModelFailed`."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, cast

from index.errors import ModelFailed

from .breaker import Breaker
from .failures import PASSING, failed, reason_of
from .limits import Limits
from .usage import Spent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Messages = Sequence[tuple[str, str]]  # ("system" | "human" | "ai", text)
FIRST_PAUSE = 0.4  # seconds before the second try; doubled before each further one


class _Streams(Protocol):
    def stream(self, input: Any, /) -> Iterator[Any]: ...


class LanguageModel:
    """A chat model with its limits. Safe for threads."""

    def __init__(
        self,
        chat: "BaseChatModel",
        name: str,
        limits: Limits,
        *,
        traced: bool = False,
        breaker: Breaker | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.chat, self.name, self.limits = chat, name, limits
        self._traced, self._sleep = traced, sleep
        self._breaker = breaker if breaker is not None else Breaker()
        self._takes_schema = True

    def reply(self, messages: Messages, spent: Spent, schema: Mapping[str, Any] | None = None) -> Iterator[str]:
        """The reply in pieces as they come; by a JSON schema where one is given and the model can. What it takes is
        counted in `spent`.

        Raises ModelFailed. An error that may pass is tried again, unless words of the reply were given out already.
        """
        prompt = "".join(text for _, text in messages)
        structured = self.bound_to(schema) if schema is not None else None
        if not spent.within(self.limits, prompt):
            raise failed("budget")
        tries = 0
        while True:
            if spent.time_is_up(self.limits):
                raise failed("seconds")
            if not self._breaker.lets_through():
                raise failed("paused")
            bound: _Streams = self.chat if structured is None else structured
            given = False
            try:
                for piece in self._once(bound, messages, spent, prompt):
                    given = True
                    yield piece
            except ModelFailed as error:
                if error.reason == "bad_request" and structured is not None and not given:
                    structured, self._takes_schema = (
                        None,
                        False,
                    )  # its server takes none: the prompt alone asks for JSON
                    continue
                if error.reason in PASSING | {"key", "reply"}:
                    self._breaker.failed()
                if given or error.reason not in PASSING or tries >= self.limits.retries:
                    raise
                self._sleep(FIRST_PAUSE * 2**tries)
                tries += 1
                continue
            self._breaker.worked()
            return

    def bound_to(self, schema: Mapping[str, Any]) -> _Streams | None:
        """The chat model bound to a schema in its provider's way; None where it has none, or its server refused it."""
        if not self._takes_schema:
            return None
        try:
            sequence = self.chat.with_structured_output(dict(schema))
        except (NotImplementedError, ValueError):
            self._takes_schema = False
            return None
        first: _Streams | None = getattr(sequence, "first", None)  # before its parser, which would hold the text back
        return first

    def untraced(self) -> AbstractContextManager[object]:
        """Within it nothing is sent to LangSmith, whatever the environment says, unless the settings allow it."""
        if self._traced:
            return nullcontext()
        from langsmith.run_helpers import tracing_context

        return tracing_context(enabled=False)

    def _once(self, bound: _Streams, messages: Messages, spent: Spent, prompt: str) -> Iterator[str]:
        began = spent.begin()
        text = ""
        counted: dict[str, int] | None = None
        try:
            with self.untraced():
                for chunk in bound.stream(list(messages)):
                    usage = _usage(chunk)
                    if usage is not None:
                        counted = _added(counted, usage)
                    if piece := _text(chunk):
                        spent.word(began)
                        text += piece
                        yield piece
                    if spent.time_is_up(self.limits):
                        raise failed("seconds")
        except ModelFailed:
            raise
        except Exception as error:  # providers share no class of errors; what is not theirs goes on
            reason = reason_of(error)
            if reason is None:
                raise
            if reason == "cut_off":
                return  # what came is read as far as it goes
            raise failed(reason) from None  # the provider's own words may hold the key
        finally:
            spent.end(began, prompt, text, counted)


def _text(chunk: Any) -> str:
    """The words of a chunk; where the provider gives structured output as a call of a tool, its arguments."""
    arguments = "".join(part.get("args") or "" for part in getattr(chunk, "tool_call_chunks", ()))
    return arguments or str(chunk.text)


def _usage(chunk: Any) -> Mapping[str, Any] | None:
    """What a chunk says that was used; with structured output OpenAI's client puts it among the metadata."""
    told = getattr(chunk, "usage_metadata", None)
    if told is not None:
        return cast("Mapping[str, Any]", told)
    told = (getattr(chunk, "response_metadata", None) or {}).get("token_usage")
    if not told:
        return None
    return {"input_tokens": told.get("prompt_tokens"), "output_tokens": told.get("completion_tokens")}


def _added(counted: dict[str, int] | None, usage: Any) -> dict[str, int]:
    known = counted or {"input_tokens": 0, "output_tokens": 0}
    return {name: known[name] + int(usage.get(name) or 0) for name in known}

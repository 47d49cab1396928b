"""Count what a language model takes for one question."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..records import Usage
from .limits import Limits, estimated_tokens


@dataclass(slots=True)
class Spent:
    """What one question has taken so far. The only record here that is filled in: it is counted in while replies come,
    also those that break off."""

    clock: Callable[[], float] = time.monotonic
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    first_word: float | None = None
    estimated: bool = False
    began: float | None = field(default=None)

    def begin(self) -> float:
        """Count a call; the time at which it begins."""
        self.calls += 1
        now = self.clock()
        self.began = now if self.began is None else self.began
        return now

    def end(self, began: float, prompt: str, reply: str, counted: Mapping[str, int] | None) -> None:
        """Count what a call took; where the server does not say how many tokens, about how many."""
        self.seconds += self.clock() - began
        self.estimated = self.estimated or counted is None
        self.tokens_in += estimated_tokens(prompt) if counted is None else counted["input_tokens"]
        self.tokens_out += estimated_tokens(reply) if counted is None else counted["output_tokens"]

    def word(self, began: float) -> None:
        """Note how long the first word of the first reply took."""
        if self.first_word is None:
            self.first_word = self.clock() - began

    def within(self, limits: Limits, prompt: str) -> bool:
        """Whether one more call with this prompt stays within the budget of a question."""
        if limits.budget is None:
            return True
        return self.tokens_in + self.tokens_out + estimated_tokens(prompt) + limits.reply <= limits.budget

    def time_is_up(self, limits: Limits) -> bool:
        """Whether the question has taken its seconds."""
        return self.began is not None and self.clock() - self.began >= limits.seconds

    def usage(self, model: str, made: int = 0, kept: int = 0, dropped: Mapping[str, int] | None = None) -> Usage:
        """The record for the answer."""
        return Usage(
            model, self.calls, self.tokens_in, self.tokens_out, round(self.seconds, 3), self.estimated, made, kept,
            dict(dropped or {}),
        )  # fmt: skip

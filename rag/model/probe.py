"""Try a language model with one small question: does it answer, stream, keep to a schema; how long is its context?"""

import time
from dataclasses import dataclass

from index.errors import ModelFailed

from . import prompts
from .call import LanguageModel, Messages
from .limits import ASSUMED_CONTEXT
from .reply import MOST_STATEMENTS, read_reply, schema
from .usage import Spent

PASSAGE = "DATA-0 P1 (Bridge report, 2012)\nThe bridge has 9 arches. Two of them were closed in 2012.\nDATA-0 end"
QUESTION = "How many arches does the bridge have?"


@dataclass(frozen=True, slots=True)
class Probe:
    """What works. `usable` tells that its reply could be read as statements with their words; `problem` is one sentence
    with the next step, empty where there is none. Seconds are wall time."""

    model: str
    reachable: bool
    streaming: bool
    structured: bool
    usable: bool
    context: int
    context_known: bool
    seconds: float
    seconds_to_first: float | None
    tokens_out: int
    problem: str

    @property
    def exit_code(self) -> int:
        """0: it can write, 1: it answers, but not so that it can be used, 2: it does not answer."""
        return 2 if not self.reachable else 0 if self.usable else 1


def probe(model: LanguageModel) -> Probe:
    """What works with a model; never raises for what its server does."""
    spent = Spent()
    messages: Messages = [
        ("system", prompts.SYSTEM.format(most=MOST_STATEMENTS)),
        ("human", prompts.EXAMPLE),
        ("ai", prompts.EXAMPLE_REPLY),
        ("human", prompts.COMPOSE.format(fence="DATA-0", passages=PASSAGE, question=QUESTION)),
    ]
    wanted = schema(["P1"])
    began = time.perf_counter()
    pieces: list[str] = []
    problem = ""
    try:
        pieces += model.reply(messages, spent, wanted)
    except ModelFailed as error:
        problem = str(error)
    taken = time.perf_counter() - began
    reply = read_reply("".join(pieces))
    usable = bool(reply.statements)
    structured = model.bound_to(wanted) is not None and reply.whole
    if pieces and not usable and not problem:
        problem = "Its reply is not the JSON that is asked for: answers will be given in the reports' own words."
    known = model.limits.context != ASSUMED_CONTEXT
    return Probe(
        model.name, bool(pieces), len(pieces) > 1, structured, usable, model.limits.context, known, taken,
        spent.first_word, spent.tokens_out, problem or ("" if pieces else "Its reply is empty."),
    )  # fmt: skip

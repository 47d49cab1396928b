"""Tell which organisations a question may mean, where it names none and the reports of several answer it.

An answer from one of them would be right for that one and wrong for the others, and who asks would not see it.
"""

import re
from collections.abc import Iterable, Sequence

from .markup import markdown
from .records import Answer
from .scope import Reach

NAMED = 6  # organisations that are named in the question back
FEWEST = 3  # years with a value each, from which it is asked which one is meant
RIVAL = 3.0  # log-odds behind what answers best, within which another answers about as well
_ONE_YEAR = re.compile(r"(?:19|20)\d\d(?:[/–-]\d{2,4})?")


def organisations_of(organisations: Iterable[str | None]) -> tuple[str, ...]:
    """The organisations, each once, in their order; what no report names is left out."""
    return tuple(dict.fromkeys(name for name in organisations if name is not None))


def rivals(options: Sequence[tuple[float, str | None, str]]) -> tuple[str, ...]:
    """The organisations of what answers about as well as the first of `options`, but says something else, with that of
    the first; each option is its order (log-odds), the organisation and what is said, best first."""
    order, organisation, said = options[0]
    others = [other for o, other, says in options[1:] if order - o <= RIVAL and says != said]
    return organisations_of((organisation, *others))


def rival_periods(options: Sequence[tuple[float, str | None, str]]) -> tuple[str, ...]:
    """The years, in order, of what answers about as well as the first of `options`, if they are FEWEST or more with a
    value each; () otherwise. Each option is its order (log-odds), its period and its value, best first."""
    best = options[0][0]
    values: dict[str, str] = {}
    for order, period, value in options:
        if best - order <= RIVAL and period is not None and _ONE_YEAR.fullmatch(period):
            values.setdefault(period, value)
    told = tuple(sorted(values))
    return told if len(set(values.values())) >= FEWEST and options[0][1] in values else ()


def which_period(
    asked: str, alone: str, periods: tuple[str, ...], within: Reach, timings_ms: dict[str, float]
) -> Answer:
    """An answer that asks which of the years is meant."""
    listed = "; ".join(markdown(name) for name in periods)
    text = f"Which year do you mean? The reports give this for several, each with another value: {listed}."
    return _asks_back(asked, alone, text, within, timings_ms)


def clarification(asked: str, alone: str, within: Reach, timings_ms: dict[str, float]) -> Answer:
    """An answer that asks back, for a question that leans on something that was not said."""
    return _asks_back(
        asked,
        alone,
        "What is this about? Please name what was measured or judged, and where it matters the organisation and year.",
        within,
        timings_ms,
    )


def which_organisation(
    asked: str, alone: str, organisations: tuple[str, ...], within: Reach, timings_ms: dict[str, float]
) -> Answer:
    """An answer that asks which of the organisations is meant."""
    names = sorted(organisations)
    more = len(names) - NAMED
    listed = "; ".join(markdown(name) for name in names[:NAMED]) + (f"; and {more} more" if more > 0 else "")
    text = f"Which organisation do you mean? The reports of several answer this, each for itself: {listed}."
    return _asks_back(asked, alone, text, within, timings_ms)


def _asks_back(asked: str, alone: str, text: str, within: Reach, timings_ms: dict[str, float]) -> Answer:
    return Answer(asked, alone, "needs_clarification", text, (), (), (), (), within.searched(), timings_ms)

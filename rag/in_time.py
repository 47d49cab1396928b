"""Leave out the figures of another period than the one asked about, and those of none beside one of that period."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.periods import find_periods, years_in

from .understand import Question, is_fragment
from .units import unit_class

if TYPE_CHECKING:
    from .compose import Choice

FAR_AHEAD = 2.0  # log-odds of a figure of another period before one of none
NEAR_ENOUGH = 3.0  # log-odds behind a figure of no period from which one of the period is not preferred
SAYS_WHEN = re.compile(
    r"\b(?:latest|last|first|next|this|current(?:ly)?|now|today|total|overall|over|since|until|between|during|after|before"
    r"|still|originally|planned|expected|review|per)\b",
    re.IGNORECASE,
)
_SINCE_WHEN = re.compile(
    r"\b(?:since|until|between|before|during|still|originally|planned|expected|latest|last|first|next)\b", re.IGNORECASE
)
_IN = re.compile(  # before a period: it says when, and not which, as in "the 2017 strategy" or "the campaign of 2016"
    r"(?:\b(?:in|for|during|over|at|on|by|until|as of|end of|(?:year|month)[- ]end|ended|ending|year|fiscal|financial"
    r"|calendar)|[,;:]|^)"
    r" *(?:the )?$",
    re.IGNORECASE,
)
_SAYS_WHICH = re.compile(  # "in the 2017 letter to the board": the year says which report is meant
    r"\b(?:19|20)\d\d(?:[/–-]\d\d)? (?:[\w’'-]+ ){0,4}?(?:letter|report|inspection|review|accounts|audit)s?\b",
    re.IGNORECASE,
)


def in_time(question: Question, choices: Sequence["Choice"]) -> list["Choice"]:
    """The choices, where one period is asked about, without figures of another one, but those of a sentence that names
    it too, and without those of no period beside one of that period in the same unit whose statement, another one, has
    as much of what is asked."""
    asked = question.body
    begin = next((period.start for period in find_periods(asked)), None)
    if len(question.periods) != 1 or begin is None or not (_IN.search(asked[:begin]) or is_fragment(question.text)):
        return list(choices)
    if _SAYS_WHICH.search(asked):
        return list(choices)
    if SAYS_WHEN.search(asked):
        rows = [] if _SINCE_WHEN.search(asked) else [c for c in choices if c.ranked.evidence.candidate.kind == "row"]
        return [c for c in choices if c not in rows or c.values["period"] >= 0]  # its column is headed with another
    dated = [c for c in choices if c.values["period"] > 0]

    def outdone_in_time(choice: "Choice") -> bool:
        said = choice.ranked.measures.coverage
        kind = unit_class(choice.figure)
        return choice.values["period"] == 0 and any(
            kind == unit_class(c.figure) != "count"  # how many there are is no event of that year
            and c.ranked.measures.coverage >= said
            and c.order >= choice.order - NEAR_ENOUGH
            and c.ranked.evidence is not choice.ranked.evidence
            for c in dated
        )

    def outdone_by_another(choice: "Choice") -> bool:
        """What is asked is told, of another period alone: what is said of none, far behind, is of something else."""
        return choice.values["period"] == 0 and any(
            unit_class(choice.figure) == unit_class(c.figure) != "count"
            and c.order >= choice.order + FAR_AHEAD
            and c.ranked.measures.coverage > choice.ranked.measures.coverage
            for c in choices
            if of_another(c)
        )

    def of_another(choice: "Choice") -> bool:
        evidence = choice.ranked.evidence
        named = evidence.candidate.kind == "sentence" and set(years_in(evidence.text)) & set(question.years)
        return choice.values["period"] < 0 and not named

    return [c for c in choices if not of_another(c) and not outdone_in_time(c) and not outdone_by_another(c)]

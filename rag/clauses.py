"""The words that speak of a figure in prose: its sentence, its clause, what stands beside it, its part of a chain."""

import re
from itertools import pairwise

from index.periods import find_periods, years_in
from index.records import Figure
from index.sentences import sentence_spans

from .retrieve import Evidence
from .units import unit_class

_CLAUSE_START = re.compile(
    r"[,;:(]\s|\band\b|\bbut\b|\bwhile\b|\bwith\b|\bthan\b|\bcompared\b|\bin line with\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"[,;:()]|\.\s|\band\b|\bbut\b|\bwhile\b|\bcompared\b|\bthan\b|\bin line with\b|\bwhich\b", re.IGNORECASE
)
TO = re.compile(r"\bfrom\s+[^.;]{1,60}?\s+to\s+(?:about|around|nearly|some)?\s*$", re.IGNORECASE)
FROM = re.compile(r"\bfrom\s+(?:about|around|nearly|some)?\s*$", re.IGNORECASE)
CHAIN = re.compile(r"(?:\bby\s+\S+\s+)?\bfrom\s+[^.;]*$", re.IGNORECASE)
CHAINED = re.compile(r"\s*(?:\w+\s+){0,2}?from\s+[^.;]{1,60}?\s+to\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def end_years(evidence: Evidence, figure: Figure) -> set[int]:
    """In "between March 2010 and March 2015 … from 2,829 to 2,725" the first figure is of 2010, the second of 2015.

    Where the sentence names no two years, those of its passage are taken, if they are two.
    """
    own = set(years_in(evidence.text))
    years = own if len(own) == 2 else set(years_in(evidence.candidate.passage))
    if len(years) != 2 or len(own) == 1:
        return set()
    before = evidence.text[: figure.start - evidence.start]
    if TO.search(before):
        return {max(years)}
    return {min(years)} if FROM.search(before) else set()


def own_sentence(evidence: Evidence, figure: Figure) -> str:
    """The sentence that the figure stands in, where the statement has two."""
    at = figure.start - evidence.start
    return next((evidence.text[s:e] for s, e in sentence_spans(evidence.text) if s <= at < e), evidence.text)


_BE = re.compile(r"\b(?:was|were|is|are|had|has|have|stood|amounted|totall?ed|fell|rose|came)\b")
_JOINT = re.compile(  # between the times of one run: "2019, 2018 and 2017", "March 30, 2019 and March 31, 2018"
    r"[\s,;]*(?:and|or|&)?[\s,]*(?:(?:the|in|at|on|for|as|of|fiscal|financial|years?|ended|ending)[\s,]+)*",
    re.IGNORECASE,
)


def in_turn(evidence: Evidence, position: int) -> str:
    """What a figure of "A, B and C were 1, 2 and 3 respectively" stands for: the item of the same number, if the
    sentence has just one run of as many items as figures."""
    figure = evidence.figures[position]
    sentence = own_sentence(evidence, figure)
    if "respectively" not in sentence.lower():
        return ""
    base = evidence.start + evidence.text.find(sentence)
    inside = [f for f in evidence.figures if base <= f.start < base + len(sentence)]
    same = [f for f in inside if unit_class(f) == unit_class(figure)]
    first, last = same[0].start - base, same[-1].end - base
    rest = f"{sentence[:first]} | {sentence[last:]}"
    periods = find_periods(rest)
    joints = [rest[one.end : other.start] for one, other in pairwise(periods)]
    if len(periods) == len(same) and all(_JOINT.fullmatch(joint) for joint in joints):
        return periods[same.index(figure)].text
    for run in re.findall(r"(?:[\w’'%-]+ ){0,5}[\w’'%-]+(?:, (?:[\w’'%-]+ ?){1,6})*,? and (?:[\w’'%-]+ ?){1,6}", rest):
        items = [_BE.split(item)[0].split() for item in re.split(r", (?:and )?| and ", run)]
        if len(items) == len(same):
            longest = max(len(item) for item in items[1:])
            items[0] = items[0][-longest:]  # what stands before is of all: "the fees of boats and barges were 4 and 7"
            return " ".join(items[same.index(figure)])
    return ""


def clause(evidence: Evidence, position: int) -> tuple[str, str]:
    """The words that speak of a figure: its clause before it and after it, up to the neighbouring figures."""
    figure = evidence.figures[position]
    left = max([evidence.start, *(f.end for f in evidence.figures if f.end <= figure.start)])
    right = min([evidence.end, *(f.start for f in evidence.figures if f.start >= figure.end)])
    before = evidence.text[left - evidence.start : figure.start - evidence.start]
    after = evidence.text[figure.end - evidence.start : right - evidence.start]
    before = re.split(r"(?<=[.!?])\s+(?=[A-Z])", before)[-1]
    if TO.search(evidence.text[: figure.start - evidence.start]) or FROM.search(before):
        return evidence.text[: figure.start - evidence.start], ""  # both ends of a change share what changes
    starts = [m.end() for m in _CLAUSE_START.finditer(before)]
    if left > evidence.start and starts:
        before = before[starts[0] :]
    ended = _CLAUSE_END.search(after)
    return before, after[: ended.start()] if ended is not None else after


def beside_figure(evidence: Evidence, position: int) -> str:
    """The words between the figure before and the figure after, in the same sentence."""
    figure = evidence.figures[position]
    left = max([evidence.start, *(f.end for f in evidence.figures if f.end <= figure.start)])
    right = min([evidence.end, *(f.start for f in evidence.figures if f.start >= figure.end)])
    before = evidence.text[left - evidence.start : figure.start - evidence.start]
    after = evidence.text[figure.end - evidence.start : right - evidence.start]
    return f"{re.split(_SENTENCE, before)[-1]} {re.split(_SENTENCE, after)[0]}"

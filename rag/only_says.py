"""Whether prose says nothing of a figure but what a phrase names: its words, time, whose it is, and joints.

"The board had 56 pilots in March 2014" is on pilots, "56 pilots at the northern harbour" is not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.periods import find_periods
from index.records import Figure, ReportInfo
from index.terms import terms

from .retrieve import Evidence
from .understand import understand
from .units import is_comparator

_JOINTS = frozenset(
    "a an the of in at on by for from to as its their it they there was were is are be been being has have had did "
    "number numbers total amount amounts level figure figures value year years end ended month months financial "
    "fiscal calendar fell rose fall rise fallen risen increased decreased dropped declined grew"
    "  grown reduced went up down came stood amounted reached totalled compared with against and employed recorded "
    "reported received currently now present presently broadly line "
    "planned projected forecast expected due set "
    "force council company board organisation authority service trust group thousand million billion "
    "thousands millions billions pounds dollars euros percent per cent"
    .split()
)  # fmt: skip
_COMPARED = re.compile(
    r",? (?:which (?:is|was|were) )?(?:(?:much|slightly|significantly|considerably|well|broadly) )?"
    r"(?:(?:lower|higher|less|more|fewer|greater) than|above|below|in line with|compared (?:with|to)|against)\b",
    re.IGNORECASE,
)
_WHEN_IT_WAS = re.compile(  # what says no more than when
    r"\b(?:\w+ years? (?:earlier|later|before)"
    r"|(?:in|for|over) the (?:12 months|twelve months|year) (?:that|which) ended)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure in the evidence that it stands in."""

    evidence: Evidence
    figure: Figure


def says_alone(found: Found, phrase: str) -> bool:
    """Whether a sentence says nothing but a figure of what the phrase names, save how it compares with another's."""
    evidence, figure = found.evidence, found.figure
    compared = _COMPARED.search(evidence.text, figure.end - evidence.start)
    end = evidence.start + compared.start() if compared is not None else evidence.end
    when = [(m.start(), m.end()) for m in _WHEN_IT_WAS.finditer(evidence.text)]
    others = [
        f for f in evidence.figures if f != figure and not any(s <= f.start - evidence.start < e for s, e in when)
    ]
    organisation = evidence.report.organisation
    if any(f.start < end or not is_comparator(f.subject, organisation) for f in others):
        return False
    return _only_says(evidence.text[: end - evidence.start], (found,), phrase)


def one_sentence(found: Sequence[Found], phrase: str) -> bool:
    """Whether one sentence says nothing but these figures of what the phrase names, from the clause that they begin in
    to the clause that they end in."""
    text, base = found[0].evidence.text, found[0].evidence.start
    spans = sorted((f.figure.start - base, f.figure.end - base) for f in found)
    figures = {f.start for f in found[0].evidence.figures} | {f.figure.start for f in found}
    if len([start for start in figures if spans[0][0] <= start - base < spans[-1][1]]) != len(found):
        return False
    begin = max([0, *(m.end() for m in re.finditer(r"[;:,.]\s", text[: spans[0][0]]))])
    lead_in = without_periods(text[:begin])
    if re.fullmatch(r"\W*(?:in|at|by|on|for|during|\W)*\W*", lead_in, re.IGNORECASE) is not None:
        begin = 0  # "In March 2015, the council …"
    after = re.search(r"[;:,.](?:\s|$)", text[spans[-1][1] :])
    end = spans[-1][1] + (after.start() if after is not None else len(text) - spans[-1][1])
    return _only_says(text[begin:end], found, phrase)


def _only_says(text: str, found: Sequence[Found], phrase: str) -> bool:
    """Whether a stretch of prose has the words of the phrase, the figures, the time, and no others but joints."""
    for f in found:
        text = text.replace(f.figure.text, " ", 1)
    for f in found:
        text = text.replace(f.figure.unit or "\0", " ")
    words = re.findall(r"[\w’'-]+", _WHEN_IT_WAS.sub(" ", without_periods(text)))
    report = found[0].evidence.report
    needed, names = needed_terms(phrase), set(own_names(report))
    said = {t for word in words for t in terms(word)} | {t for f in found for t in terms(f.figure.unit or "")}
    joined = all(word.lower() in _JOINTS or set(terms(word)) <= needed | names for word in words)
    return joined and bool(needed & said) and needed <= said | names


def without_periods(text: str) -> str:
    for period in reversed(find_periods(text)):
        text = f"{text[: period.start]} {text[period.end :]}"
    return text


def needed_terms(phrase: str) -> set[str]:
    """The terms of a phrase that evidence must have."""
    return set(understand(f"What was {phrase}?").terms)


def own_names(report: ReportInfo) -> tuple[str, ...]:
    return terms(f"{report.organisation or ''} {report.title} {report.publisher or ''}")

"""Which judgments on record are of the aspect that is asked about, strictly by its words.

A single answer may take the nearest aspect in meaning; a history may not, since one grade of a neighbouring aspect
would make all of it wrong. Every word that names the aspect must be in that of the record.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.terms import terms

from .judge import Record

_OF_JUDGING = (
    "judgment judgement judgments judge judged judges grade grades graded grading rate rated rating ratings assess "
    "assessed assessment verdict overall outcome result score mark inspection inspections inspect inspected inspector "
    "inspectors inspectorate report reports reported question history timeline trend change changed develop over time "
    "year years annual each every all give given get got award awarded receive received find found conclude concluded "
    "reach reached been being have had has how what which when did does do was were is are well far extent good its it "
    "their this these that from since between until latest previous earlier show list tell"
)
_BODIES = (
    "force police council trust school authority agency company service department provider college organisation body"
)
_UNSAID = frozenset(t for word in f"{_OF_JUDGING} {_BODIES}".split() for t in terms(word))
_PURPOSE = re.compile(r"\bwith which\b|\b(?:at|in|by|when|while)\s+(?:\w+\s+)?\w+ing\b", re.IGNORECASE)
_STEM = 6  # letters from which a term stands for one that goes on with at most _TAIL letters ("legitim", "legitimaci")
_TAIL = 3


@dataclass(frozen=True, slots=True)
class Matched:
    """The records of the aspect asked for, and the aspects that share its words and were not taken."""

    records: tuple[Record, ...]
    others: tuple[str, ...]


def aspect_terms(text: str, organisations: Collection[str | None] = ()) -> frozenset[str]:
    """The terms of `text` that name an aspect: not those of judging, of time, or of an organisation's name."""
    named = frozenset(t for name in organisations for t in terms(name or ""))
    return frozenset(t for t in terms(text) if t not in _UNSAID and t not in named and not t.isdigit())


def match_aspect(asked: frozenset[str], known: Sequence[Record]) -> Matched:
    """The records of the aspect whose terms are `asked`; those that are overall, where nothing names an aspect.

    Where a record of a whole report fits ("how efficient is the force at …?"), a part of a report is taken only if it
    is of nothing but that aspect; otherwise the aspect with the fewest other words is taken, wherever it or a closer
    description of it was judged. Of one report only the closest aspect is taken.
    """
    if not asked:
        return Matched(tuple(r for r in known if r.judgment.overall), ())
    fitting = [r for r in known if _covers(asked, r)]
    if not fitting:
        return Matched((), ())
    if any(r.judgment.overall for r in fitting):
        taken = [r for r in fitting if r.judgment.overall or not _beyond(asked, r)]
    else:
        anchor = min((_own(r) for r in fitting), key=lambda own: (len(own), sorted(own)))
        taken = [r for r in fitting if all(_among(t, _own(r)) for t in anchor)]
    closest: dict[str, frozenset[str]] = {}
    for record in taken:
        own, best = _own(record), closest.get(record.report.twin_of)
        if best is None or (len(own), sorted(own)) < (len(best), sorted(best)):
            closest[record.report.twin_of] = own
    kept = [r for r in taken if _own(r) == closest[r.report.twin_of] or _same_whole(r, taken)]
    others = dict.fromkeys(r.judgment.aspect for r in fitting if r not in kept)
    return Matched(tuple(kept), tuple(a for a in others if not any(a == r.judgment.aspect for r in kept)))


def is_of_an_aspect(asked: frozenset[str], known: Sequence[Record]) -> bool:
    """Whether a text that does not speak of judgments names an aspect that was judged: half of its words at least."""
    return bool(asked) and any(2 * len(asked) >= len(_own(r)) for r in known if _covers(asked, r))


def says_aspect(asked: frozenset[str], text: str) -> bool:
    """Whether `text` itself has every term of the aspect."""
    said = frozenset(terms(text))
    return all(_among(term, said) for term in asked)


def _covers(asked: frozenset[str], record: Record) -> bool:
    """Whether an aspect has all terms asked for, one of them at least in what is judged and not in its purpose.

    A sentence that recalls another year must have them itself: what it does not name is not known to be of it.
    """
    own = _own(record)
    if not all(_among(term, own) for term in asked):
        return False
    cut = _PURPOSE.search(record.judgment.aspect)
    judged = frozenset(terms(record.judgment.aspect[: cut.start()] if cut is not None else record.judgment.aspect))
    if not any(_among(term, judged) for term in asked):
        return False
    return record.year == record.report.year or says_aspect(asked, record.statement.text)


def _own(record: Record) -> frozenset[str]:
    return aspect_terms(record.judgment.aspect, (record.report.organisation,))


def _beyond(asked: frozenset[str], record: Record) -> bool:
    return any(not _among(term, asked) for term in _own(record))


def _same_whole(record: Record, taken: Sequence[Record]) -> bool:
    """Whether two overall grades of one report are of the same aspect, worded more or less fully."""
    own = _own(record)
    return record.judgment.overall and any(
        other.judgment.overall and other.report.twin_of == record.report.twin_of and other != record
        and (own <= _own(other) or _own(other) <= own)
        for other in taken
    )  # fmt: skip


def _among(term: str, said: Collection[str]) -> bool:
    return term in said or any(_same_word(term, other) for other in said)


def _same_word(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _STEM and longer.startswith(shorter) and len(longer) - len(shorter) <= _TAIL

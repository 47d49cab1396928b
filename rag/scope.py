"""Decide which reports a question is about, before anything is ranked.

Organisations and reports are recognised against the catalogue. A year narrows the reports only where the question
speaks of a report or inspection of that year; otherwise it may be the period of a figure, and it only prefers.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from index.errors import UnknownReport
from index.records import ReportInfo
from index.terms import terms

from .records import LeftOut, Scope, Searched
from .reference import BETWEEN, REPORT_NOUN
from .understand import Question

KNOWN_CATALOGUES = 8  # choices of reports whose organisations are not taken apart again
LONG = 6  # letters from which a word of a name may be misspelt
FUZZY = 88  # similarity (0 to 100, rapidfuzz ratio) from which a word counts as a misspelling of a name
OWN_NAME = 0.4  # of the weight of a word that is part of the name by which the reports were chosen
_GENERIC_WORDS = frozenset(
    "the of and for police constabulary council county city borough district trust authority agency "
    "department ministry university college school "
    "hospital service services partnership board commission committee corporation company group "
    "holdings bank fund association institute foundation "
    "office bureau administration limited ltd plc inc corp llc nhs national".split()
)
_KIND_OF_AREA = re.compile(
    r"(?:the )?(?:(?:london|royal|metropolitan|greater) )*(?:borough|city|county|district|town|state) of ",
    re.IGNORECASE,
)  # the place that follows is the name
_AREA_BODY = re.compile(r"\b(?:partnership|board)\b", re.IGNORECASE)
_OF_AN_AREA = frozenset("local area safeguarding children childrens youth justice integrated care".split())
_CAPITALS = re.compile(r"\b[A-Z][\w&-]*(?:[ \u00a0]+[A-Z][\w&-]*)*")
_BEGINS = frozenset(
    "what which who whom whose when where why how did does do is are was were has have had can could will would should "
    "may according in at for of by on from the a an and as to with within during since under give tell list name show "
    "compare between please".split()
)
_OF_A_PLACE = re.compile(
    r"(?:the )?(?:\w+ )?(?:bank|university|ministry|department|office|bureau|hospital|school"
    r"|college|institute|museum) of ",
    re.IGNORECASE,
)  # what is named so is not meant where the place alone is named
_REPORT_WORD = rf"{BETWEEN}{REPORT_NOUN}"
_MADE_THEN = rf"{BETWEEN}(?:forecasts?|projections?)"  # "the 2016 forecast" was made in 2016, one "for 2016" before
_LATEST = re.compile(
    r"\b(?:latest|most\s+recent|newest|last)\s+(?:[\w-]+\s+){0,3}?(?:inspection|report|review|audit"
    r"|assessment|judg(?:e)?ment|grade|rating)\b|\bmost recently\b|\bcurrent (?:grade|rating"
    r"|judg(?:e)?ment)\b",
    re.IGNORECASE,
)
_EARLIEST = re.compile(
    r"\b(?:earliest|first|oldest)\s+(?:[\w-]+\s+){0,3}?(?:inspection|report|review)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reach:
    """The reports to search: `reports` in catalogue order, `everything` where that is the whole library.

    `preferred` are the reports of a year that the question names without saying that it means the report's.
    `organisations` and `years` are what narrowed the search.
    """

    reports: tuple[ReportInfo, ...]
    everything: bool
    preferred: frozenset[str]
    organisations: tuple[str, ...]
    years: tuple[int, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the reports to search."""
        return frozenset(report.report_id for report in self.reports)

    def weight(self, weight: Callable[[str], float]) -> Callable[[str], float]:
        """`weight` of a term, less for the name of the one organisation that all these reports are of: what names it
        is no likelier to answer than what does not."""
        own = frozenset(terms(self.organisations[0])) if len(self.organisations) == 1 else frozenset()
        return cache(lambda term: OWN_NAME * weight(term) if term in own else weight(term))

    def searched(self) -> Searched:
        """The same for the answer; twins count as one report."""
        ids = tuple(report.report_id for report in self.reports)
        count = len({report.twin_of for report in self.reports})
        return Searched(ids, count, self.organisations, self.years, self.left_out)


def reach(question: Question, scope: Scope, catalogue: Sequence[ReportInfo]) -> Reach:
    """The reports that `question` is about, within `scope`. Raises UnknownReport for an id that is not there."""
    known = {report.report_id for report in catalogue} if scope.reports else set()
    for report_id in scope.reports:
        if report_id not in known:
            raise UnknownReport(report_id)
    left_out: list[LeftOut] = []

    def keep(wanted: list[ReportInfo], reason: str) -> list[ReportInfo]:
        if len(wanted) < len(kept):
            left_out.append(LeftOut(reason, len(kept) - len(wanted)))
        return wanted

    kept = list(catalogue)
    if scope.reports:
        kept = keep([r for r in kept if r.report_id in scope.reports], "not among the reports chosen")
    if scope.organisations:
        chosen = {name.lower() for name in scope.organisations}
        kept = keep([r for r in kept if (r.organisation or "").lower() in chosen], "of another organisation")
    if scope.years:
        kept = keep([r for r in kept if r.year in scope.years], "of another year")
    organisations = scope.organisations
    if not organisations and "organisation" not in scope.widened:
        organisations = named_organisations(question.text, kept)
    if not scope.organisations and organisations:
        kept = keep([r for r in kept if r.organisation in organisations], "of another organisation")
    years = scope.years
    if not years and "year" not in scope.widened:
        years = _report_years(question, kept)
        if years:
            kept = keep([r for r in kept if r.year in years or r.year is None], "of another year")
    ids = {report.report_id for report in kept}
    kept = keep(
        [r for r in kept if r.superseded_by not in ids or r.report_id in scope.reports], "superseded by a later version"
    )
    named = (*question.report_years, *question.years)
    preferred = frozenset(r.report_id for r in kept if r.year in named)
    return Reach(
        tuple(kept), len(kept) == len(catalogue), preferred, tuple(organisations), tuple(years), tuple(left_out)
    )


def named_organisations(text: str, catalogue: Sequence[ReportInfo]) -> tuple[str, ...]:
    """The organisations of the catalogue that `text` names: in full, by their own part, or with a slip of the pen.

    Written with a capital, the first word of the own part is enough where no other organisation shares it, where it
    begins what is written in capitals, and where that is not what the title of another's report begins with; a bank,
    university or ministry of a place is named in full, since the place alone means the place.
    """
    bare = re.sub(r"[’']s\b", "", text)
    words = re.findall(r"[\w&-]+", bare.lower())
    runs = {run[0]: run for run in reversed(_capitalised(bare))}
    parts, firsts, known = _taken_apart(tuple(dict.fromkeys(r.organisation for r in catalogue if r.organisation)))
    named = _named(words, known)
    found: list[str] = []
    for name, own in parts.items():
        if _OF_A_PLACE.match(name):
            if name.lower().removeprefix("the ") in bare.lower():
                found.append(name)
            continue
        whole = own and named.issuperset(own)
        alone = own and firsts[own[0]] == 1 and own[0] in runs
        if whole or (alone and not _heads_another(name, runs[own[0]], catalogue)):
            found.append(name)
    found += [
        name
        for name, own in parts.items()
        if name not in found and not _OF_A_PLACE.match(name) and _AREA_BODY.search(name) is not None
        if _of_the_same_place(own, found, parts)
    ]
    longest = [
        n for n in found if not any(n != m and n.lower() in m.lower() and m.lower() in text.lower() for m in found)
    ]
    return tuple(longest)


def _capitalised(text: str) -> list[tuple[str, ...]]:
    """The runs of words with capitals, in lower case, without the words that only begin a question."""
    runs = []
    for found in _CAPITALS.finditer(text):
        words = [word.lower() for word in re.findall(r"[\w&-]+", found.group())]
        while words and words[0] in _BEGINS:
            words = words[1:]
        if words:
            runs.append(tuple(words))
    return runs


def _heads_another(name: str, run: Sequence[str], catalogue: Sequence[ReportInfo]) -> bool:
    """Whether words in capitals, two at least, are what the title of a report of another organisation begins with."""
    others = {report.title.lower() for report in catalogue if report.organisation != name}
    return len(run) > 1 and any(re.findall(r"[\w&-]+", title)[: len(run)] == list(run) for title in others)


@lru_cache(KNOWN_CATALOGUES)
def _taken_apart(names: tuple[str, ...]) -> tuple[dict[str, tuple[str, ...]], Counter[str], tuple[str, ...]]:
    """The own part of each name, how many begin with which word, and the words of all."""
    parts = {name: _own_part(name) for name in names}
    words = dict.fromkeys(word for own in parts.values() for word in own)
    return parts, Counter(own[0] for own in parts.values() if own), tuple(words)


def _own_part(name: str) -> tuple[str, ...]:
    """The words of an organisation's name that no other kind of body would have."""
    place = name[found.end() :] if (found := _KIND_OF_AREA.match(name)) is not None else name
    return tuple(w for w in re.findall(r"[\w&-]+", place.lower()) if w not in _GENERIC_WORDS)


def _of_the_same_place(own: Sequence[str], found: Sequence[str], parts: Mapping[str, Sequence[str]]) -> bool:
    """Whether an organisation's own part is the whole name of one that is meant and words for a body of the area, as
    that of a partnership of a place is where reports state the place alone as the organisation of others."""
    places = [parts[name] for name in found if list(parts[name]) == re.findall(r"[\w&-]+", name.lower())]
    return any(place == own[: len(place)] and set(own[len(place) :]) <= _OF_AN_AREA for place in places if place)


def _named(words: Sequence[str], known: Sequence[str]) -> frozenset[str]:
    """The words of names that stand among `words`, or have a slip of the pen there if they are long."""
    slips = (
        word
        for other in dict.fromkeys(words)
        for word, _, _ in process.extract(other, known, scorer=fuzz.ratio, score_cutoff=FUZZY, limit=None)
        if len(word) >= LONG
    )
    return frozenset((*words, *slips))


def _report_years(question: Question, catalogue: Sequence[ReportInfo]) -> tuple[int, ...]:
    years = sorted({r.year for r in catalogue if r.year is not None})
    if not years:
        return ()
    if _LATEST.search(question.text) and not (question.years or question.report_years):
        return (years[-1],)
    if _EARLIEST.search(question.text) and not (question.years or question.report_years):
        return (years[0],)
    meant = tuple(
        year
        for year in (*question.report_years, *question.years)
        if re.search(
            rf"(?<![/–-])\b{year}\s+(?:{_REPORT_WORD}|{_MADE_THEN})\b|\b{_REPORT_WORD}\s+(?:of|in|from|for"
            rf"|published\s+in)\s+(?:\w+\s+)?{year}\b(?!\s?[/–-]\s?\d)"
            rf"|\b(?:inspected|reported|judged|graded|rated|assessed"
            rf"|published)\b[^.?]{{0,60}}\bin\s+(?:\w+\s+)?{year}\b(?!\s?[/–-]\s?\d)",
            question.text,
            re.IGNORECASE,
        )
    )
    if question.kind == "judgment" and meant:
        meant = tuple(dict.fromkeys((*meant, *question.years)))  # "judged in 2015 and 2017": by a report of each
    return tuple(year for year in meant if year in years)

"""Find the period that a report covers where its title, its cover or its opening states one, in its own words.

Periods that the text speaks of elsewhere are those of its figures, and a year alone may be that of publication:
neither is taken. Where the front states several, none is.
"""

import re
from itertools import pairwise, takewhile

from .periods import COUNT, FISCAL, MONTH, POINT, YEAR, years_in
from .records import Block, LoadedReport
from .sections import CONTENTS, has_sentence
from .sentences import sentence_spans

_DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?\d{1,2}(?:st|nd|rd|th)?"
_TO = r"(?:\s*[–—-]\s*|\s+(?:to|and|until|through|&)\s+)"
_SPAN = (  # of days or months, from one to another
    rf"(?:(?:{_DAY},\s+)*{_DAY}(?:\s+{MONTH})?(?:,?\s+{YEAR})?{_TO}{_DAY}\s+{MONTH},?\s+{YEAR}"
    rf"|{MONTH}\s+{_DAY}(?:,?\s+{YEAR})?{_TO}(?:{MONTH}\s+)?{_DAY},?\s+{YEAR}"
    rf"|{MONTH}(?:,?\s+{YEAR})?{_TO}{MONTH},?\s+{YEAR}"
    rf"|\d{{1,2}}/\d{{1,2}}/{YEAR}{_TO}\d{{1,2}}/\d{{1,2}}/{YEAR}"
    rf"|\d{{1,2}}\.\d{{1,2}}\.{YEAR}{_TO}\d{{1,2}}\.\d{{1,2}}\.{YEAR})"
)
_DATE = rf"(?:{_DAY}\s+{MONTH},?\s+{YEAR}|{MONTH}\s+{_DAY},?\s+{YEAR}|{MONTH}\s+{YEAR})"
_YEARS = rf"{FISCAL}(?:\s*(?:to|and|–|-)\s*{FISCAL})?(?![/–-]?\d)"
_ENDED = (
    rf"(?:{COUNT}[\s-]+)?(?:(?:fiscal|financial|accounting|calendar|academic|reporting)\s+)?"
    rf"(?:months?|weeks|year|half[\s-]year|quarter|(?:(?:quarterly|annual|{COUNT}[\s-]months?)\s+)?period)\s+"
    rf"(?:ended|ending|to|up\s+to)\s+(?:on\s+)?(?:{POINT}|{MONTH}\s+\d{{1,2}},?\s+{YEAR})"
)
_QUARTER = (
    rf"(?:(?:Q|Quarter\s)[1-4]|(?:first|second|third|fourth)\s+quarter)(?:\s+of)?,?\s+(?:{FISCAL}|{YEAR})(?![/–-]?\d)"
)
_NAMED_YEAR = rf"(?:(?:financial|fiscal|academic)\s+year\s+(?:{FISCAL}|{YEAR})|FY\s?(?:{FISCAL}|{YEAR}))(?![/–-]?\d)"
_COVERED = re.compile(
    rf"(?<![\w/.,£$€-])(?:{_ENDED}|{_SPAN}|{_QUARTER}|{_NAMED_YEAR}|{_YEARS})(?![\w%])", re.IGNORECASE
)
# Words before a period that is not the report's own, or is not a period.
_ELSEWHERE = re.compile(
    r"\b(?:since|before|after|until|till|by|beyond|session|hc\s+\d[\w-]*)\W*$"
    r"|\b(?:previous|prior|last|next|earlier)\b[^.;–—]{0,30}$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_WORK = r"(?:inspection|audit|review|evaluation|assessment|fieldwork|site\s*work|visit|survey|study|investigation)"
_LABEL = (  # a "review date" is that of the next review
    r"(?:(?:on-?site\s+)?(?:inspection|audit|evaluation|assessment|fieldwork|visit|survey|study)s?\s+(?:dates?|period)"
    rf"|(?:dates?|period)\s+of\s+(?:the\s+|this\s+|our\s+)?{_WORK}|fieldwork"
    r"|(?:reporting|review|accounting|financial|report)\s+(?:period|year)"
    r"|(?:time\s+)?period(?:\s+(?:covered|of\s+(?:the\s+)?report|under\s+review))?(?:\s+by\s+(?:this|the)\s+report)?)"
)
_WHEN = rf"(?:{_SPAN}|{_DATE}|{_ENDED}|{_QUARTER}|{_NAMED_YEAR}|{_YEARS})"
_LABELLED = re.compile(rf"{_LABEL}\s*[:|–-]\s*(?:from\s+)?((?:between\s+)?{_WHEN})\W*", re.IGNORECASE)
_LABEL_ALONE = re.compile(rf"{_LABEL}\s*:?", re.IGNORECASE)
_DONE = r"(?:took\s+place|(?:was|were)\s+(?:carried\s+out|conducted|undertaken|completed|held|done)|ran)"
_DID = r"(?:carried\s+out|undertook|conducted|completed|did|made)"
_DURING = (
    rf"(?:on[\s-]site\s+)?(?:(?:from|on|in|during|over)\s+)?(?P<period>(?:between\s+)?(?:{_SPAN}|{_DATE}))(?![\w%])"
)
_OWN_WORK = (  # of this report: "this inspection", "our review", "fieldwork for this report"
    rf"(?:(?:this|our|these)\s+(?:[\w-]+\s+){{0,4}}?{_WORK}s?|(?:the\s+|our\s+|all\s+)?(?:fieldwork|site\s*work))\b"
)
_OPENINGS = (
    # "This inspection took place from … to …"
    re.compile(rf"{_OWN_WORK}[^.,;]{{0,80}}?\s{_DONE}\s+{_DURING}", re.IGNORECASE),
    # "We carried out our fieldwork between … and …"
    re.compile(rf"(?:we|inspectors|auditors)\s+{_DID}\s+{_OWN_WORK}[^.,;]{{0,80}}?\s{_DURING}", re.IGNORECASE),
    # "The inspection of the depots was held on …", "Between … and …, the inspectorate undertook an inspection of …"
    re.compile(
        rf"the\s+(?!previous|last|earlier|prior|next|first|second|former)(?:[\w-]+\s+){{0,4}}?(?P<work>{_WORK})\b"
        rf"[^.,;]{{0,80}}?\s{_DONE}\s+{_DURING}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:from\s+)?(?P<period>(?:between\s+)?{_SPAN})(?![\w%]).{{0,300}}?\b{_DID}\s+(?:an?|this|our|the)\s+"
        rf"(?:[\w-]+\s+){{0,5}}?(?P<work>{_WORK})\b",
        re.IGNORECASE,
    ),
)
_LONGEST = 30  # years of a period
_LONGEST_LINE = 120  # characters of a line of a cover
_WORDS_BESIDE = re.compile(
    r"(?:annual|quarterly|monthly|financial|statistical|consolidated|audited|performance|progress|activity|summary|main"
    r"|report|reports|accounts|review|statements?|results|bulletin|statistics|return|budget|plan|strategy|update|outturn"
    r"|and|the|for|of|on|in|during|covering|covers|period|a|an|to|this|is|our|from)",
    re.IGNORECASE,
)


def period_covered(loaded: LoadedReport, title: str, front: str) -> str | None:
    """The period that the report says it covers, as it prints it ("12 months to March 2014", "2016/17", "12 to 16 June
    2017"); blanks are one space each. None where its front does not say so, or names more than one."""
    blocks = [b for b in loaded.blocks if b.kind != "furniture" and b.start < len(front)]
    lines = [loaded.text[b.start : b.end].strip() for b in blocks]
    cover = [line for line, _ in takewhile(lambda pair: _covers(*pair), zip(lines, blocks, strict=True))]
    for found in (_labelled(lines), _in_title(title), _on_cover(cover), _opening(front, title)):
        periods = dict.fromkeys(re.sub(r"^Between", "between", re.sub(r"\s+", " ", period).strip()) for period in found)
        if len(periods) > 1:
            return None
        if periods:
            return next(iter(periods))
    return None


def _covers(line: str, block: Block) -> bool:
    return block.kind != "table_row" and CONTENTS.match(line) is None and not has_sentence(line)


def _labelled(lines: list[str]) -> list[str]:
    """What stands behind a label such as "Inspection dates:", on its line or the next."""
    joined = [f"{label.rstrip(':')}: {value}" for label, value in pairwise(lines) if _LABEL_ALONE.fullmatch(label)]
    found = [_LABELLED.fullmatch(line) for line in (*lines, *joined)]
    return [match[1] for match in found if match is not None]


def _in_title(title: str) -> list[str]:
    return [m.group() for m in _COVERED.finditer(title) if _is_own(title[: m.start()], m.group())]


def _on_cover(lines: list[str]) -> list[str]:
    """The periods on lines of the cover that hold nothing else but words for a report."""
    found: list[str] = []
    for line in lines:
        for match in _COVERED.finditer(line) if len(line) <= _LONGEST_LINE else ():
            beside = re.findall(r"[^\W_]+", line[: match.start()] + line[match.end() :])
            if _is_own(line[: match.start()], match.group()) and all(_WORDS_BESIDE.fullmatch(word) for word in beside):
                found.append(match.group())
    return found


def _opening(front: str, title: str) -> list[str]:
    """When the work was done that the report tells of, by the sentences that begin with it."""
    found: list[str] = []
    for start, end in sentence_spans(front):
        matches = (opening.match(front[start:end]) for opening in _OPENINGS)
        match = next((m for m in matches if m is not None), None)
        # Another's inspection is none of this report: one that is only "an inspection" has to be what the title names.
        if match is not None and (match.groupdict().get("work") or "").lower() in title.lower():
            found.append(match["period"])
    return found


def _is_own(before: str, period: str) -> bool:
    """Whether a period is one, and of the report: "since 2014/15" is about another, and 2005-12 may be a month."""
    if _ELSEWHERE.search(before) or (_FROM.search(before) and re.fullmatch(FISCAL, period)):
        return False
    years = years_in(period)
    if re.fullmatch(rf"{YEAR}-(?:0\d|1[0-2])", period) and years[-1] - years[0] != 1:
        return False
    return all(first <= last <= first + _LONGEST for first, last in pairwise(years))

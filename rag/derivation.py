"""Questions for a figure that must be worked out: a change, a difference, a share, a sum, an average.

A question is understood only where all of it has one of a few forms. What has a part that no form names ("excluding",
"since", "officers and staff") is not understood, and is answered as any other question is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from index.periods import years_in

from .across import counted_in_words

Operation = Literal["change", "percent_change", "versus", "difference", "share", "ratio", "sum", "average"]
Direction = Literal["increase", "decrease"]

MOST_YEARS = 10  # that an average or a sum is taken over
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WHEN = (
    r"(?:the end of |the )?(?:(?:12|twelve) months to |(?:(?:financial|fiscal|calendar) )?year (?:ended |ending |to )?"
    r"|(?:financial|fiscal|calendar) )?"
    rf"(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}, )?(?:FY ?)?{_YEAR}(?:[/–-]\d\d(?!\d))?"
)
_FIRST, _LAST = rf"(?P<first>{_WHEN})", rf"(?P<last>{_WHEN})"
_SPAN = (
    rf"(?:between {_FIRST} and {_LAST}|from (?P<first2>{_WHEN}) to (?P<last2>{_WHEN})"
    rf"|(?:in|during) (?P<within>(?:fiscal |financial |calendar )?(?:year )?{_YEAR})"
    rf"|(?:in|at|for) (?P<last3>{_WHEN}),? (?:as )?(?:compared|relative) (?:to|with) (?P<first3>{_WHEN}))"
)
_AT = rf"(?: (?:in|at|on|for|during) (?P<when>{_WHEN}))?"
_PHRASE = r"(?:[^,;:?()]|(?<=\d),(?=\d)){2,90}?"
_OF, _PART = rf"(?P<what>{_PHRASE})", rf"(?P<part>{_PHRASE})"
_EACH = rf"(?P<each>{_PHRASE})"  # what is measured of both
_IS = r"(?:is|was|were|are)"
_VERB = (
    r"(?P<verb>changed?|increased?|decreased?|ris(?:e|en)|fall(?:en)?|grown?|drop(?:ped)?|declined?|reduced?|shr[iu]nk"
    r"|go(?:ne)? up|go(?:ne)? down)"
)
_NOUN = r"(?P<noun>change|increase|decrease|rise|fall|growth|reduction|drop|difference)"
_HEADS = r"(?P<heads>people|persons|posts|jobs|(?:full-time equivalents?|FTEs?)(?: posts| people)?)"
_TO = r"(?:(?:(?:expected|planned|projected|forecast|set|due) )?to )?"
_MORE = r"(?P<more>more|less|fewer|higher|lower|larger|smaller|greater)"
_OTHER = (
    r"(?P<other>(?:the |that of |that for |in )*(?:[\w-]+ ){0,3}?(?:average|England and Wales)"
    r"(?: (?:average|rate|figure|for|of|in|across|England|and|Wales|all|forces|councils|authorities))*)"
)
_OWN = r"(?P<own>(?:the [a-z]+|[A-Z][\w-]*(?: [A-Z][\w-]*)*)[’']s?|its|their)"
_SOME_YEARS = (
    r"(?:(?:the |all )?(?:(?:last |past )?(?:two|three|four|five|six|seven|eight|nine|ten|\d\d?) )?"
    r"(?:fiscal |financial |calendar )?years?,? (?:from )?)"
)
_YEARS = rf"(?P<years>{_SOME_YEARS}?{_YEAR}(?:(?:, {_YEAR})*,? and {_YEAR}| (?:to|through|until) {_YEAR}|[–-]{_YEAR}))"
_TOGETHER = r"(?:(?:taken |added )?together|combined|altogether|in total|in all)"
_MAKE_UP = r"(?:make up|account for|represent|contribute|constitute)"
_HELD = (
    r"(?P<held>did [\w’'& -]{2,50}? (?:have|employ|own|hold)|does [\w’'& -]{2,50}? (?:have|employ|own|hold)|were there"
    r"|are there|were employed|are employed)"
)
_FORMS: tuple[tuple[Operation, str], ...] = (
    (
        "change",
        rf"(?:by how (?:much|many(?:(?P<points> percentage points)|(?P<percent2> per ?cent)| {_HEADS})?)"
        rf"|by what (?P<percent>percentage|percent|proportion))"
        rf" (?:did|has|have|had|was|were|(?P<ahead>is|are|will)) {_OF} {_TO}{_VERB} {_SPAN}",
    ),
    ("change", rf"{_SPAN},? by (?:how much|what (?P<percent>percentage)) did {_OF} {_VERB}"),
    ("change", rf"how much (?:did|has|have|had|(?P<ahead>is|are|will)) {_OF} {_TO}{_VERB}(?: by)? {_SPAN}"),
    (
        "change",
        rf"what {_IS} the (?P<percent>percentage |percent |% )?{_NOUN}(?P<percent2> \(%\))?"
        rf" (?:in|for|of) {_OF} {_SPAN}",
    ),
    ("change", rf"what {_IS} the (?P<percent>percentage |percent |% )?{_NOUN} {_SPAN} in {_OF}"),
    (
        "change",
        rf"(?:what {_IS} )?(?:the )?(?:(?P<points>percentage[- ]points? )|(?P<percent>percentage |percent |% ))?{_NOUN}"
        rf" in {_OF},? (?:{_SPAN}|(?P<first4>{_WHEN}) (?:to|[–-]) (?P<last4>{_WHEN}))",
    ),
    ("change", rf"what {_IS} the (?P<percent>growth rate|rate of growth|rate of change) (?:in|for|of) {_OF} {_SPAN}"),
    ("change", rf"what {_IS} the difference between {_OF} in {_FIRST} and (?:in )?{_LAST}"),
    ("change", rf"how much {_MORE} {_IS} {_OF} (?:in|at) {_LAST} than (?:it was |they were )?(?:in|at) {_FIRST}"),
    (
        "change",
        rf"how many {_MORE} {_OF} (?P<rest>were there|are there|did the \w+ have|were employed) (?:in|at) {_LAST}"
        rf" than (?:there were )?(?:in|at) {_FIRST}",
    ),
    ("versus", rf"how (?:much|many(?P<points> percentage points)) {_MORE} {_IS} {_OWN} {_OF} than {_OTHER}{_AT}"),
    ("versus", rf"what {_IS} the difference between {_OWN} {_OF} and {_OTHER}{_AT}"),
    ("difference", rf"what {_IS} the difference between {_PART} and {_OF}{_AT}"),
    ("difference", rf"what {_IS} the difference in (?P<when>{_WHEN}) {_EACH} between {_PART} and {_OF}"),
    ("difference", rf"what {_IS} the difference in {_EACH} between {_PART} and {_OF}{_AT}"),
    ("difference", rf"how much {_MORE} {_IS} {_PART} than {_OF}{_AT}"),
    ("difference", rf"(?:by )?how much did {_PART} (?P<verb>exceed) {_OF}{_AT}"),
    ("difference", rf"how many {_MORE} {_PART} than {_OF} {_HELD}{_AT}"),
    ("ratio", rf"what {_IS} the ratio (?:of|between) {_PART} (?:to|and) {_OF}{_AT}"),
    ("share", rf"what (?:share|percentage|proportion|percent) of {_OF}{_AT} {_IS} {_PART}"),
    ("share", rf"what (?:share|percentage|proportion|percent) of {_OF} {_IS} {_PART}{_AT}"),
    ("share", rf"what {_IS} {_PART} as an? (?:share|percentage|proportion) of {_OF}{_AT}"),
    ("share", rf"{_PART} as an? (?:share|percentage|proportion) of {_OF}(?:,? (?:in |at |on )?(?P<when>{_WHEN}))?"),
    ("share", rf"what (?:share|percentage|proportion|percent) of {_OF}{_AT} c[ao]mes? from {_PART}"),
    ("share", rf"what (?:share|percentage|proportion|percent) of {_OF}{_AT} d(?:id|o|oes) {_PART} {_MAKE_UP}"),
    ("share", rf"what (?:share|percentage|proportion|percent) of {_OF} d(?:id|o|oes) {_PART} {_MAKE_UP}{_AT}"),
    ("sum", rf"what {_IS} the (?:combined |total )?sum of {_OF} (?:in|for|over|across) {_YEARS}"),
    ("sum", rf"what {_IS} (?:the )?combined {_OF} (?:in|for|over|across) {_YEARS}"),
    ("sum", rf"what {_IS} (?:the )?(?:total (?:of )?)?{_OF} (?:in|for|over|across) {_YEARS},? (?:combined|together)"),
    ("sum", rf"what {_IS} (?:the )?total {_OF} (?:over|across) {_YEARS}"),
    ("sum", rf"what {_IS} (?:the )?{_OF},? {_TOGETHER},? (?:over|across) {_YEARS}"),
    ("sum", rf"how much {_IS} {_OF},? {_TOGETHER},? (?:over|across) {_YEARS}"),
    ("sum", rf"how much {_IS} {_OF} (?:in|for|over|across) {_YEARS},? {_TOGETHER}"),
    ("sum", rf"how many {_PART} and {_OF},? {_TOGETHER},? {_HELD}{_AT}"),
    ("sum", rf"how many {_PART} and {_OF} {_HELD},? {_TOGETHER}{_AT}"),
    ("sum", rf"how many {_PART} and {_OF} {_HELD}{_AT},? {_TOGETHER}"),
    ("sum", rf"what {_IS} the (?:(?:combined |total )?sum|total|(?:combined|total) number) of {_PART} and {_OF}{_AT}"),
    ("sum", rf"what {_IS} (?:the )?combined {_PART} and {_OF}{_AT}"),
    ("average", rf"what {_IS} the (?:average|mean) of {_OF} (?:in|for|over|across|from|during) {_YEARS}"),
    ("average", rf"what {_IS} the (?:average|mean) (?:annual |yearly )?{_OF} (?:over|across|from) {_YEARS}"),
)
_WHETHER: tuple[tuple[Operation, str], ...] = (
    ("change", rf"(?:did|has|have|had|was|were|(?P<ahead>is|are|will)) {_OF} {_TO}{_VERB} {_SPAN}"),
    ("versus", rf"{_IS} {_OWN} {_OF} {_MORE} than {_OTHER}{_AT}"),
)
_COMPILED = tuple((operation, re.compile(form, re.IGNORECASE)) for operation, form in _FORMS)
_COMPILED_WHETHER = tuple((operation, re.compile(form, re.IGNORECASE)) for operation, form in _WHETHER)
_LEAD = re.compile(
    r"(?:according to|in) [^?]{2,90}?\b(?:report|accounts|review|inspection|audit|letter|statement)s?, ", re.IGNORECASE
)
_YEAR_OF_OWNER = re.compile(  # "the board's 2019 revenue"
    rf"(?P<owner>\b[\w-]+[’']s?) (?P<year>(?:(?:fiscal|FY) ?)?{_YEAR}(?:/\d\d)?) "
    rf"(?P<what>(?:(?!{_IS}\b|d(?:id|oes)\b|c[ao]mes?\b|from\b|as\b|and\b|to\b|than\b)[\w-]+ ?)+)(?<! )",
)
_TOLD_TO = re.compile(r"^(?:please )?(?:calculate|compute|work out|determine|find) the ", re.IGNORECASE)
_UNSURE = re.compile(
    r"\d|\b(?:and|or|not|no|nor|never|each|every|both|except\w*|exclud\w*|includ\w*|without|before|after|since|until"
    r"|between|from|to date|than|which|that|who|whose|when|where|if|would|respectively|compared|versus|another"
    r"|the other"
    r"|change[sd]?|increas\w*|decreas\w*|reduc\w*|fall|rise|growth|difference|average|mean|median|weighted|share"
    r"|percentage|proportion|highest|lowest|most|least)\b|n[’']t\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\bEngland and Wales\b|\b(?:income|profit|loss|earnings|result) before (?:income )?tax(?:es|ation)?\b"
    r"|\b(?:revenues?|sales|income|cash|receipts) from (?=(?-i:[A-Z]))"
    r"|\b(?:999|911|112|111|101) calls\b|\bfire and rescue\b|\bper 10{0,2},000 [a-z]+\b",
    re.IGNORECASE,
)
SHARE_OF = re.compile(r"^(?:the )?(?:percentage|proportion|share) of (?=\w)", re.IGNORECASE)  # itself what is measured
_UP = re.compile(r"^(?:exceed|increas|ris|grow|go(?:ne)? up|more|higher|larger|greater)", re.IGNORECASE)
_DOWN = re.compile(r"^(?:decreas|fall|drop|declin|reduc|shr|go(?:ne)? down|less|fewer|lower|smaller)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:workforce|workers?|headcount|staff|employees?|personnel|officers?|posts?|people|population|crew|members?)\b",
    re.IGNORECASE,
)
_AT_ONE_TIME = re.compile(
    r"\b(?:debts?|borrowings?|loans?|assets?|liabilit(?:y|ies)|equity|capital|reserves?"
    r"|cash (?:at|balances?|in hand|held|and)"
    r"|cash$|balances?|inventor(?:y|ies)|receivables?|payables?|provisions?|goodwill|at (?:the )?(?:year|period)[- ]end"
    r"|workforce|workers?|headcount|staff|employees?|personnel|officers?|posts?|population|crew|members?|membership"
    r"|number of (?:people|pupils|students|patients|homes|branches|stores|sites)|capacity|berths?|beds?|fleet)\b",
    re.IGNORECASE,
)
_NUMBER_OF_YEARS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|\d\d?) (?:\w+ )?years?\b", re.IGNORECASE
)
LONGEST_PHRASE = 10  # words of what is measured


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure to be worked out, and the question for each of its operands.

    `what` is what is measured; for a share or a ratio, what it is of. `part` is what else: the share itself, the other
    row of a difference, a ratio or a sum of two rows, or whom the organisation is compared with. `periods` are one for
    each operand of a change, an average, or a sum over years, in order of time as asked, and for the others the one
    period asked about or none. `points`: percentage points are asked for. `presumed` is the direction that the question
    takes for granted, and `ahead` is true where it asks about what is to come, so that a planned figure may be an
    operand. `whether`: a yes or no is asked for. `within`: the change within one year is asked for, which is worked
    out from the year before only where none is printed.
    """

    operation: Operation
    what: str
    part: str
    periods: tuple[str, ...]
    points: bool
    presumed: Direction | None
    ahead: bool
    questions: tuple[str, ...] = field(repr=False)
    whether: bool = False
    within: bool = False

    @property
    def of_two_rows(self) -> bool:
        """Whether the operands are two things at one time, and not one at several or of several."""
        return self.operation in ("difference", "share", "ratio") or (self.operation == "sum" and bool(self.part))


def derivation(question: str) -> Wanted | None:
    """The figure that `question` asks to be worked out, None where it surely asks for none."""
    return _first(question, _COMPILED)


def whether(question: str) -> Wanted | None:
    """The figure whose sign says yes or no to `question`, None where it surely asks for none."""
    wanted = _first(question, _COMPILED_WHETHER)
    return None if wanted is None else replace(wanted, whether=True)


def _first(question: str, forms: tuple[tuple[Operation, re.Pattern[str]], ...]) -> Wanted | None:
    asked = re.sub(r"\s+", " ", question).strip(" ?.")
    lead = _LEAD.match(asked)
    begin = lead.group() if lead is not None else ""
    rest = _TOLD_TO.sub("what was the ", asked[len(begin) :].strip())
    rest = _YEAR_OF_OWNER.sub(r"\g<owner> \g<what> in \g<year>", rest)
    for operation, form in forms:
        found = form.fullmatch(rest)
        wanted = _wanted(operation, found, begin) if found is not None else None
        if wanted is not None:
            return wanted
    return None


def _wanted(operation: Operation, found: re.Match[str], lead: str) -> Wanted | None:
    groups = {name: text for name, text in found.groupdict().items() if text}
    what, part = groups["what"].strip(), groups.get("part", groups.get("other", "")).strip()
    periods = tuple(_periods(groups))
    if each := groups.get("each", "").strip():
        if not periods:
            return None  # "the difference in role between A and B" is no figure
        what, part = f"{what} {each}", f"{part} {each}"
    checked = [what] if operation == "versus" else [what, part] if part else [what]
    if not all(_is_sure(phrase) for phrase in checked):
        return None
    if "heads" in groups and _PEOPLE.search(what) is None and re.search(r"\b[A-Z]{2,}s\b", what) is None:
        return None
    if operation == "sum" and not part and _AT_ONE_TIME.search(what) is not None:
        return None  # what there is at the end of each year is no more for being added up
    stated = _NUMBER_OF_YEARS.search(groups.get("years", ""))
    if stated is not None and counted_in_words(stated[1]) != len(periods):
        return None
    over_years = operation in ("change", "average") or (operation == "sum" and not part)
    if over_years and not _in_order(operation, periods):
        return None
    if operation == "change" and ("percent" in groups or "percent2" in groups):
        operation = "percent_change"
    verb = groups.get("verb", groups.get("noun", groups.get("more", "")))
    up, down = _UP.match(verb) is not None, _DOWN.match(verb) is not None
    return Wanted(
        operation=operation,
        what=what,
        part=part,
        periods=periods,
        points="points" in groups,
        presumed="increase" if up else "decrease" if down else None,
        ahead="ahead" in groups,
        within="within" in groups,
        questions=tuple(lead + q for q in _questions(operation, what, part, groups, periods)),
    )


def _questions(
    operation: Operation, what: str, part: str, groups: dict[str, str], periods: tuple[str, ...]
) -> Iterator[str]:
    at = f" in {periods[0]}" if periods else ""
    own, rest, held = (groups.get(name, "") for name in ("own", "rest", "held"))
    if operation == "versus":
        yield f"What was {own} {what}{at}?"
        yield f"What was the {what} for {re.sub(r'^(?:the |that of |that for |in )+', 'the ', part)}{at}?"
    elif held:
        yield f"How many {part} {held}{at}?"
        yield f"How many {what} {held}{at}?"
    elif operation in ("difference", "share", "ratio") or part:
        yield f"What was {part}{at}?"
        yield f"What was {what}{at}?"
    else:
        for period in periods:
            yield f"How many {what} {rest} in {period}?" if rest else f"What was {what} in {period}?"


def _periods(groups: dict[str, str]) -> Iterator[str]:
    if "years" in groups:
        years = years_in(groups["years"])
        if " and " not in groups["years"]:
            years = tuple(range(min(years), max(years) + 1))
        yield from (str(year) for year in years)
        return
    if "within" in groups:  # how much it fell in a year is told from the year before
        year = max(years_in(groups["within"]))
        yield from (str(year - 1), str(year))
        return
    for name in ("first", "first2", "first3", "first4", "last", "last2", "last3", "last4", "when"):
        if name in groups:
            yield groups[name]


def _in_order(operation: Operation, periods: tuple[str, ...]) -> bool:
    """Whether the periods are at least two, each of another year, a change's the earlier one first."""
    ends = [max(years_in(period)) for period in periods]
    return 2 <= len(set(ends)) == len(ends) <= MOST_YEARS and (operation != "change" or ends == sorted(ends))


def _is_sure(phrase: str) -> bool:
    bare = SHARE_OF.sub("", _ALLOWED.sub(" ", phrase))
    return _UNSURE.search(bare) is None and 0 < len(phrase.split()) <= LONGEST_PHRASE

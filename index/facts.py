"""Find the facts of a report: every figure typed, in the sentence or table row that states it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from .footnotes import told_apart_by_marks
from .numbers import NumberSpan, find_quantities
from .periods import Period, find_periods
from .records import Figure, Table, TableRow
from .scales import currency_of, scale_of
from .subjects import comparator_in, subject_at
from .table_heads import cell_quantity

_DECREASE = re.compile(
    r"\b(?:reduc\w*|decreas\w*|fall(?:en|s|ing)?|fell|declin\w*|drop(?:ped|s)?|cut(?:s|ting)?|lose|lost|loss(?:es)?"
    r"|lower(?:ed|ing|(?=\s+by\b))|down|fewer(?=\s+by\b)|shrink\w*|shrank)\b",
    re.IGNORECASE,
)
_INCREASE = re.compile(
    r"\b(?:increas\w*|rise[ns]?|rose|rising|grow(?:n|th|ing|s)?|grew|up(?!\s+of\b)|gain(?:ed|s)?"
    r"|(?:more|higher)(?=\s+by\b))\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|of)\s+(?:about|around|nearly|almost|some|approximately|over|just)?\s*$", re.IGNORECASE)
_STOP_WORDS = (
    "the a an of in on at to from by for with and or but that this these those which who is are was were be been "
    "being has have had will would could should may might can as than then there it its their his her they we our "
    "you your compared across around through within among about per against between into over under during since "
    "until per while when where if not no so more less"
)
_STOP = frozenset(_STOP_WORDS.split())
_DETERMINERS = frozenset(("a", "an", "the", "its", "their", "our", "this", "that", "these", "those", "each", "every"))
_QUANTIFIERS = frozenset("more additional extra fewer further other new less most recent consecutive".split())
_NOUN = re.compile(r"\s+((?:[a-z][\w’'-]*|PCSOs?|[A-Z]{2,}s?)(?:\s+[a-z][\w’'-]*){0,3})")
_ADJECTIVE = re.compile(r"[\u2010\u2011-](year|month|week|day|hour|minute)s?$", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"\s+(?:percent\w*\s+(?:points?\s+)?|per\s+cent\s+)?"
    r"(reduction|decrease|fall|decline|drop|cut|increase|rise|growth)\b"
)
_WITH_PERIOD = re.compile(r"\s+(?:in|by|at|on|during|for|as\s+at)\s+(?:the\s+end\s+of\s+)?")
_PERCENT_HEADING = re.compile(r"(?<!\d)(?<!\d\s)%|(?<!\d)(?<!\d\s)\bper\s?cent\b|\bpercentage\b", re.IGNORECASE)
_SPAN = re.compile(r"\((?:in\s+)?(years|months|weeks|days|hours)\)", re.IGNORECASE)
_DAYS = r"\(days\)|\b(?:in|of)\s+days\b|\bdays$"
_COUNTED = re.compile(
    rf"\b(?:number\s+of|employees|headcount|staff|shares|customers|stores|sites|ratio)\b|{_DAYS}", re.IGNORECASE
)
_UNSCALED = re.compile(rf"\bratio\b|\b(?:employees|headcount|EPS|cents|pence)\b|{_DAYS}", re.IGNORECASE)
_AMOUNT_OF = re.compile(r"\s*(?::|=|\bwas\b|[£$€\d])")
_BRACKETS = re.compile(r"\([^()]*\)")
_BASELINE = re.compile(
    r"\b(?:on|compared\s+(?:with|to)|against|than(?:\s+(?:(?:it|they|that|those)\s+(?:[a-z]+\s+){0,2})?in)?)\s+$",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;:.()]")
_LATER_PAUSE = re.compile(r"(?<!^)[,;:.()]")  # "in 2014, it spent"
_JOINED = re.compile(r"\b(?:and|but|while|whereas|then)\b|[,;]")
_CONTRAST = re.compile(r"\b(?:compared\s+(?:to|with)|while|whereas|versus|against)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from|before|after|until)\s+$", re.IGNORECASE)
_PER = re.compile(r"\bper\s+(?:[\d,]+\s+|head\s+of\s+|cent\s+of\s+)?[a-z]+(?:\s+of\s+[a-z]+)?", re.IGNORECASE)


def sentence_figures(
    sentence: str, offset: int, compared: tuple[str, ...], organisation: str | None
) -> tuple[Figure, ...]:
    """The figures of one sentence that starts at `offset` of the canonical text."""
    periods = find_periods(sentence)
    numbers = [  # but the twelve of "12 months to March 2016"
        n for n in find_quantities(sentence) if not any(p.start <= n.start and n.end <= p.end for p in periods)
    ]
    turns = _turns(sentence, periods, numbers)
    figures = []
    for position, number in enumerate(numbers):
        before, after = sentence[: number.start], sentence[number.end :]
        figures.append(
            Figure(
                text=number.text,
                start=offset + number.start,
                end=offset + number.end,
                value=_decimal(number),
                unit=number.unit or _adjective_unit(number) or _noun_unit(after),
                scale=number.scale,
                measure=_measure(before, after),
                subject=subject_at(sentence, number.start, compared, organisation),
                period=turns[position] if turns else _period_of(sentence, periods, number),
                direction=_direction(before, after),
            )
        )
    return tuple(figures)


def with_period(figures: tuple[Figure, ...], before: str) -> tuple[Figure, ...]:
    """The figures with the last period of the text before as theirs, where their own sentence names none. What the text
    before only compares with ("an increase on 2010") is no period of theirs."""
    periods = [p for p in find_periods(before) if p.dated or not _BASELINE.search(before[: p.start])]
    if not periods:
        return figures
    return tuple(replace(f, period=periods[-1].text) if f.period is None else f for f in figures)


def row_figures(
    text: str, row: TableRow, table: Table, compared: tuple[str, ...], organisation: str | None
) -> tuple[Figure, ...]:
    """The figures of one table row, each with its headings as measure, subject and period."""
    figures = []
    for column, (cell, headings) in enumerate(zip(row.cells, row.column_headings, strict=True)):
        printed = text[cell.start : cell.end]
        number = cell_quantity(printed)
        if number is None:
            continue
        head = " ".join(headings)
        about = f"{row.heading} {head}"
        periods = find_periods(head) or find_periods(row.heading) or find_periods(table.caption)
        unsure = told_apart_by_marks(row.column_headings, column)
        figures.append(
            Figure(
                text=number.text,
                start=cell.start + number.start,
                end=cell.start + number.end,
                value=_decimal(number),
                unit=number.unit or heading_unit(about) or _money(head, about, table),
                scale=number.scale or _cell_scale(number, head, about, table),
                measure=_joined(row.heading, headings),
                subject=None if unsure else comparator_in(about, compared) or organisation,
                period=periods[0].text if periods else None,
                ambiguous=unsure,
            )
        )
    return tuple(figures)


def row_meaning(text: str, row: TableRow, table: Table) -> str:
    """A table row written out, so that it can be found by its headings as well as its cells."""
    cells = []
    for cell, headings in zip(row.cells, row.column_headings, strict=True):
        printed = text[cell.start : cell.end].strip()
        cells.append(f"{', '.join(headings)}: {printed}" if headings else printed)
    body = f"{row.heading} – {'; '.join(cells)}" if row.heading else "; ".join(cells)
    return f"{body} (in {table.scale}s)" if table.scale else body


def _decimal(number: NumberSpan) -> str:
    return format(number.value, "f")


def _direction(before: str, after: str) -> Literal["increase", "decrease"] | None:
    """The direction that the words right before the figure ("reduced by", "a fall of") or right after it state."""
    near = re.split(r"[,;:](?=\s)", before[-70:])[-1]
    if _BY.search(before):
        down, up = _last(_DECREASE, near), _last(_INCREASE, near)
        if down >= 0 or up >= 0:
            return "decrease" if down > up else "increase"
    follows = _FOLLOWS.match(after)
    if follows is not None:
        return "decrease" if _DECREASE.match(follows[1]) else "increase"
    return None


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((m.start() for m in pattern.finditer(text)), default=-1)


def _adjective_unit(number: NumberSpan) -> str | None:
    """ "years" of a stretch of time that is written as an adjective: "a 2 to 5-year period", "the six-month wait"."""
    found = _ADJECTIVE.search(number.text)
    return None if found is None else f"{found[1]}s"


def _noun_unit(after: str) -> str | None:
    """The noun that is counted: up to four lower-case words after the figure, with its denominator."""
    per = _PER.search(after[:70])
    match = _NOUN.match(after)
    words: list[str] = []
    for word in match[1].split() if match is not None else []:
        if not words and word.lower() in _QUANTIFIERS:
            continue
        if word.lower() in _STOP:
            break
        words.append(word)
    if per is not None and "," not in after[: per.start()] and len(after[: per.start()].split()) <= 6:
        return per.group()
    return " ".join(words[:3]) or None


def _measure(before: str, after: str) -> str | None:
    """What is measured, in the sentence's words: the noun phrase before "of", "was" or "is", else the one after."""
    match = re.search(
        r"((?:[A-Za-z’'-]+\s+){1,7})(?:of|was|is|were|are|at|to|by)\s+(?:about|around|nearly|almost|some|approximately|over|just|a|the|only)?\s*$",
        before,
    )
    if match is not None:
        words = match[1].split()
        determiners = [i for i, word in enumerate(words) if word.lower() in _DETERMINERS]
        words = words[determiners[-1] + 1 :] if determiners else words
        while words and words[0].lower() in _STOP:
            words.pop(0)
        while words and (words[-1].lower() in _STOP or re.search(r"(?:ed|ing)$", words[-1])):
            words.pop()
        if words and len(words) <= 5:
            return " ".join(words)
    return _noun_unit(after)


def _turns(sentence: str, periods: Sequence[Period], numbers: Sequence[NumberSpan]) -> tuple[str, ...]:
    """The period of each figure where they take turns: "4 on roads in 2014 and 3 on roads in 2015", "in 2014 it spent 4
    and in 2015 it spent 3"; () where they do not."""
    told = [p for p in periods if p.dated or not _BASELINE.search(sentence[: p.start])]
    if len(told) < 2 or len(told) != len(numbers):
        return ()
    after = all(n.end <= p.start for n, p in zip(numbers, told, strict=True))
    first: Sequence[Period | NumberSpan] = numbers if after else told
    last: Sequence[Period | NumberSpan] = told if after else numbers
    if any(b.start < a.end for a, b in zip(first, last, strict=True)):
        return ()
    if any(b.start < a.end for a, b in zip(last, first[1:], strict=False)):
        return ()
    within = [sentence[a.end : b.start] for a, b in zip(first, last, strict=True)]
    between = [sentence[a.end : b.start] for a, b in zip(last, first[1:], strict=False)]
    pause = _PAUSE if after else _LATER_PAUSE
    if any(pause.search(text) for text in within) or not all(_JOINED.search(text) for text in between):
        return ()
    return tuple(period.text for period in told)


def _period_of(sentence: str, periods: Sequence[Period], number: NumberSpan) -> str | None:
    """The period that stands with a figure: right after it ("1,863 by March 2019"), else the nearest one.

    What a figure is compared with ("an increase on 2017/18") is not its period, and a period in brackets with a figure
    of its own ("£25m (2018: £34m)") is that figure's alone.
    """
    half = _period_of_half(sentence, periods, number)
    if half is not None:
        return half
    best: tuple[int, str] | None = None
    brackets = [m.span() for m in _BRACKETS.finditer(sentence)]
    for period in periods:
        if not period.dated and _BASELINE.search(sentence[: period.start]):
            continue
        around = [(a, b) for a, b in brackets if a < period.start < b and not a < number.start < b]
        if any(_tells(sentence, period, a, b) for a, b in around):
            continue
        if _WITH_PERIOD.fullmatch(sentence, number.end, max(number.end, period.start)):
            return period.text
        gap = period.start - number.end if period.start >= number.end else number.start - period.end
        if best is None or gap < best[0]:
            best = (gap, period.text)
    return best[1] if best is not None else None


def _period_of_half(sentence: str, periods: Sequence[Period], number: NumberSpan) -> str | None:
    """The one period of the half of a sentence that a figure stands in ("781 here and 198 there in 2019 compared to 838
    here and 121 there in 2018"); None where it does not part into halves with a period each and figures in both."""
    if len(periods) != 2 or any(m.start() < p.start < m.end() for m in _BRACKETS.finditer(sentence) for p in periods):
        return None
    if any(_BASELINE.search(sentence[: p.start]) or _SINCE.search(sentence[: p.start]) for p in periods):
        return None
    cuts = [m for m in _CONTRAST.finditer(sentence) if periods[0].end <= m.start() and m.end() <= periods[1].start]
    if len(cuts) != 1:
        return None
    cut = cuts[0]
    before, between = sentence[: cut.start()], sentence[cut.end() : periods[1].start]
    if not (_has_figure(before) and _has_figure(between)):
        return None
    return periods[0].text if number.end <= cut.start() else periods[1].text


def _has_figure(text: str) -> bool:
    periods = find_periods(text)
    return any(not any(p.start <= n.start and n.end <= p.end for p in periods) for n in find_quantities(text))


def _tells(sentence: str, period: Period, start: int, end: int) -> bool:
    """Whether brackets give what the figure of another period was: they begin with it, and an amount follows."""
    first = sentence[start + 1 : period.start].strip() == ""
    return first and _AMOUNT_OF.match(sentence, period.end, end) is not None


def heading_unit(about: str) -> str | None:
    """The unit that the headings of a figure state for it: percent, percentage points, a denominator, or years."""
    if re.search(r"\bpercentage\s+points?\b", about, re.IGNORECASE):
        return "percentage points"
    if _PERCENT_HEADING.search(about):
        return "percent"
    per = _PER.search(about)
    if per is not None:
        return per.group()
    span = _SPAN.search(about)
    return span[1].lower() if span is not None else None


def _money(head: str, about: str, table: Table) -> str | None:
    return None if _COUNTED.search(about) else currency_of(head) or table.unit


def _cell_scale(number: NumberSpan, head: str, about: str, table: Table) -> str | None:
    """A column's scale, else the table's, holds for amounts, not for percentages, per-share values or spans of time."""
    if number.unit == "percent" or heading_unit(about) is not None or _UNSCALED.search(about):
        return None
    return scale_of(head, shares=True) or table.scale


def _joined(heading: str, headings: tuple[str, ...]) -> str | None:
    return ", ".join(part for part in (heading, *headings) if part) or None

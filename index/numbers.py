"""Find the numbers in a stretch of text and say what each is: a quantity, or a year, a reference, a name.

Only quantities can answer a question, but every number can be checked against a quotation. The recogniser reads
English reports: currency signs, thousands separators, scales in words or letters, percentages in three spellings,
signs in ASCII or as minus and dash, ranges, tolerances ("± 1.9 percent"), number words and denominators
("per 1,000 population").
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from .number_words import TIME, WORDS, value_of

NumberKind = Literal["quantity", "year", "period", "date", "reference", "name", "denominator", "tolerance"]

CURRENCIES = {"£": "GBP", "$": "USD", "US$": "USD", "€": "EUR", "¥": "JPY", "GBP": "GBP", "USD": "USD", "EUR": "EUR"}
SCALES = {
    "k": "thousand",
    "thousand": "thousand",
    "thousands": "thousand",
    "m": "million",
    "mn": "million",
    "million": "million",
    "millions": "million",
    "bn": "billion",
    "b": "billion",
    "billion": "billion",
    "billions": "billion",
    "tn": "trillion",
    "trillion": "trillion",
}
FACTORS = {
    None: Decimal(1),
    "thousand": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
}
_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_SIGN = r"[+\-−–]"
_CURRENCY = r"(?:US\$|[£$€¥]|(?:GBP|USD|EUR)\s?)"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_SCALE = r"(?:\s?(?:thousand|million|billion|trillion)s?\b|(?:k|mn?|bn?|tn)\b)"
_PERCENT = r"(?:\s?%|\s(?:percent|per\s?cent)\b)"
_POINTS = r"(?:\s?(?:percentage[\s-]points?|pp|ppts?|basis\spoints?)\b)"
_JOINED_TIME = re.compile(rf"[\u2010\u2011-]{TIME}", re.IGNORECASE)

_TOKEN = re.compile(
    rf"(?P<date>(?<![\w/.-])(?:(?:\d{{1,2}}\s?(?:to|and|[-–])\s?(?=\d{{1,2}}\s(?-i:{_MONTHS})))?\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS}(?:,?\s+\d{{4}})?|{_MONTHS}\s+\d{{1,2}}(?:,\s*\d{{4}})?(?!\d)"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})(?![\w/-]))"
    r"|(?P<period>(?<![\w£$€.,])(?:19|20)\d{2}\s?[/–-]\s?(?:(?:19|20)\d{2}|\d{2})(?![\d,.]\d|\d|%))"
    rf"|(?P<amount>(?P<outer>[£$€¥]\s?(?=\(\d))?(?P<open>(?<![\w)])\((?={_CURRENCY}?\d[\d,.]*\)))?(?P<tol>±\s?)?"
    rf"(?P<sign>(?<![\w.,)%]){_SIGN})?(?P<cur>{_CURRENCY}\s?)?(?<![A-Za-z_\d])(?P<num>{_DIGITS})(?![\d])(?P<close>\))?"
    rf"(?:(?P<pts>{_POINTS})|(?P<pct>{_PERCENT})|(?P<scale>{_SCALE})(?P<pct2>{_PERCENT})?)?)"
    rf"|(?P<word>(?<![\w-])(?P<base>(?a:{WORDS}))(?!\w|-(?!{TIME}))(?:(?P<wpts>{_POINTS})|(?P<wpct>{_PERCENT})|(?P<wscale>\s(?:thousand|million|billion))\b)?)",
    re.IGNORECASE,
)
_MAY_BE = re.compile(rf"\d|\b(?a:{WORDS})", re.IGNORECASE)  # every number begins so, and it is told much sooner
_RANGE_CELL = re.compile(rf"(?P<low>{_DIGITS})\s?[-–]\s?(?P<high>{_DIGITS})\s?(?P<pct>%)?\s?(?:years?|months?)?")
_REFERENCE_BEFORE = re.compile(
    r"(?:\b(?:figure|fig|table|annex|appendix|section|paragraph|para|page|chapter|part|note|notes|article|grade|level"
    r"|stage|phase|tier|key stage|year|isbn|no|number|question|recommendation|form|return|return no|version"
    r"|regulation|act|schedule|item|box|exhibit|topic|asu|ias|ifrs|sfas|rule|room|band)s?\.?|[#§№]|©)\s*:?\s*$",
    re.IGNORECASE,
)
_PER_BEFORE = re.compile(r"\b(?:per|out of every|for every|in every)\s*$", re.IGNORECASE)
_PERCENT_AFTER = re.compile(r"\s?\)?\s?(?:%|percent\b|per\s?cent\b)")
_PARAGRAPH_NUMBER = re.compile(r"\s*\(?\d{1,3}(?:\.\d{1,3})*[.)]?\s+(?=[A-Z][a-z])")
_TO_AFTER_ONE = re.compile(r"(?<![\w-])one to $", re.IGNORECASE)  # "one" alone is rarely a number
_RANGE_OF = re.compile(r"[\s-](?:years?|months?|weeks?|days?|hours?|minutes?|per\s?cent)\b", re.IGNORECASE)
_MOVES = re.compile(  # "it rose from 2 to 5 years", where both are figures of their own
    r"\bfrom $|\b(?:ris\w+|rose|rais\w+|gr[eo]w\w*|increas\w*|f[ae]ll\w*|dropp\w*|declin\w*|decreas\w*|reduc\w*|went"
    r"|moved|chang\w*|improv\w*|worsen\w*|cut|extend\w*|expand\w*|lengthen\w*|shorten\w*|jump\w*|climb\w*|slid\w*|doubl\w*"
    r"|up|down)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
_QUOTES = "'’‘\"“”"
_URL = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\b97[89][\d-]{9,}")


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """One number with its place. `value` has the printed sign and is not multiplied by the scale.

    `unit` is a currency code, "percent", "percentage points" or None. `value_high` is the upper end of a range.
    """

    text: str
    start: int
    end: int
    value: Decimal
    kind: NumberKind
    unit: str | None = None
    scale: str | None = None
    value_high: Decimal | None = None

    @property
    def absolute(self) -> Decimal:
        """The value multiplied by its scale."""
        return self.value * FACTORS[self.scale]


def find_numbers(text: str, *, cell: bool = False) -> tuple[NumberSpan, ...]:
    """Every number in `text`, in order, none overlapping.

    `cell` says that the text is a table cell, where a number in brackets is negative; in prose it is an aside.
    """
    if _MAY_BE.search(text) is None:
        return ()
    if cell and (joined := _range_cell(text)) is not None:
        return (joined,)
    links = [match.span() for match in _URL.finditer(text)]
    spans: list[NumberSpan] = []
    numbered = None if cell else _PARAGRAPH_NUMBER.match(text)
    for match in _TOKEN.finditer(text):
        if any(start <= match.start() < end for start, end in links):
            continue
        span = _span(text, match, cell)
        if numbered is not None and span.end <= numbered.end() and span.kind == "quantity":
            span = replace(span, kind="reference")
        if spans and (_is_range(text, spans[-1], span) or _is_range_in_words(text, spans[-1], span)):
            spans[-1] = _joined(text, spans[-1], span)
        elif (one := _TO_AFTER_ONE.search(text, 0, span.start)) is not None and span.kind == "quantity":
            low = NumberSpan(text[one.start() : one.start() + 3], one.start(), one.start() + 3, Decimal(1), "quantity")
            spans.append(_joined(text, low, span) if _is_range_in_words(text, low, span) else span)
        else:
            spans.append(span)
    return tuple(_with_time(text, span) for span in _unit_after_tolerance(text, spans))


def _with_time(text: str, span: NumberSpan) -> NumberSpan:
    """The number with the time that it is written together with, as in "an 18-month wait"."""
    time = _JOINED_TIME.match(text, span.end) if span.kind == "quantity" and span.unit is None else None
    return span if time is None else replace(span, text=text[span.start : time.end()], end=time.end())


def _range_cell(text: str) -> NumberSpan | None:
    """The range that a whole cell is ("3-5"); None for any other cell, and for a span of years."""
    blank = len(text) - len(text.lstrip())
    found = _RANGE_CELL.fullmatch(text.strip())
    if found is None or (_is_year(found["low"]) and len(found["high"]) in (2, 4)):
        return None
    low, high = (Decimal(found[name].replace(",", "")) for name in ("low", "high"))
    end = found.end("pct") if found["pct"] else found.end("high")
    unit = "percent" if found["pct"] else None
    span = NumberSpan(found.group()[:end], blank, blank + end, low, "quantity", unit, None, high)
    return span if low < high else None


def find_quantities(text: str) -> tuple[NumberSpan, ...]:
    """The numbers in `text` that can answer a question."""
    return tuple(span for span in find_numbers(text) if span.kind == "quantity")


def _span(text: str, match: re.Match[str], cell: bool) -> NumberSpan:
    start, end = match.span()
    found = match.group()
    if match["date"] is not None:
        return NumberSpan(found, start, end, Decimal(re.findall(r"\d+", found)[-1]), "date")
    if match["period"] is not None:
        return NumberSpan(found, start, end, Decimal(found[:4]), "period")
    if match["word"] is not None:
        return _word_span(text, match)
    bracketed = (cell or match["outer"] is not None) and match["open"] is not None and match["close"] is not None
    if not bracketed and match["close"] is not None:
        end = match.end("num")
    if not bracketed and match["open"] is not None:
        start = match.start("open") + 1
    found = text[start:end]
    aside = match["close"] is not None and not bracketed  # what follows the bracket is not this number's unit
    suffix = {name: None if aside else match[name] for name in ("pts", "pct", "pct2", "scale")}
    number = Decimal(match["num"].replace(",", ""))
    sign = match["sign"]
    if (sign and sign.strip() != "+") or bracketed:
        number = -number
    percent = suffix["pct"] or suffix["pct2"]
    if cell and percent and not sign and text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        start, end, number = start - 1, end + 1, -number  # "(13%)"
        found = text[start:end]
    currency = CURRENCIES.get((match["cur"] or match["outer"] or "").strip().upper())
    letter = (suffix["scale"] or "").strip().lower()
    scale = SCALES.get(letter)
    if letter in ("m", "b") and currency is None:  # 5m may be metres: only money makes a lone letter a scale
        scale = None
        end = match.start("scale")
        found = text[start:end]
    unit = "percentage points" if suffix["pts"] else "percent" if percent else currency
    kind = _amount_kind(text, match, start, end, unit, scale)
    return NumberSpan(found, start, end, number, kind, unit, scale)


def _word_span(text: str, match: re.Match[str]) -> NumberSpan:
    start, end = match.span()
    unit = "percentage points" if match["wpts"] else "percent" if match["wpct"] else None
    scale = SCALES.get((match["wscale"] or "").strip().lower())
    reference = _REFERENCE_BEFORE.search(text[max(0, start - 24) : start]) is not None
    kind: NumberKind = "reference" if reference else "quantity"
    return NumberSpan(match.group(), start, end, Decimal(value_of(match["base"])), kind, unit, scale)


def _amount_kind(
    text: str, match: re.Match[str], start: int, end: int, unit: str | None, scale: str | None
) -> NumberKind:
    before, after = text[max(0, start - 24) : start], text[end : end + 12]
    if match["tol"] is not None:
        return "tolerance"
    if unit is not None or scale is not None:
        return "quantity"
    if _PER_BEFORE.search(before):
        return "denominator"
    digits = match["num"]
    if _is_year(digits) and match["sign"] is None:
        return "year"
    if _REFERENCE_BEFORE.search(before):
        return "reference"
    if before[-1:] in _QUOTES and before[-1:] and after[:1] in _QUOTES and after[:1]:
        return "name"
    if re.match(r"(?:st|nd|rd|th)\b|[:.]\d|[/-]\d", after) or re.search(r"\d[:/.]$|[A-Za-z]-$", before):
        return "reference"
    if re.match(r"[A-Za-z]", after):
        return "name"
    return "quantity"


def _unit_after_tolerance(text: str, spans: list[NumberSpan]) -> list[NumberSpan]:
    """Give "85.8 (± 1.9 percent) percent" the unit that stands after its tolerance."""
    mended = list(spans)
    for i, span in enumerate(spans[:-1]):
        tolerance = spans[i + 1]
        if span.kind != "quantity" or span.unit is not None or tolerance.kind != "tolerance":
            continue
        if tolerance.unit == "percent" or _PERCENT_AFTER.match(text, tolerance.end):
            mended[i] = replace(span, unit="percent")
    return mended


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdigit() and 1900 <= int(digits) <= 2100


def _is_range(text: str, low: NumberSpan, high: NumberSpan) -> bool:
    between = text[low.end : high.start]
    signed = text[low.end : high.start + 1]
    if low.kind != "quantity" or high.kind != "quantity" or low.value_high is not None:
        return False
    if re.fullmatch(r"\s?[–-]\s?", between) or (between == "" and signed[:1] in "–-" and high.text[:1] in "–-"):
        return low.unit == high.unit or low.unit is None or high.unit is None
    return False


def _is_range_in_words(text: str, low: NumberSpan, high: NumberSpan) -> bool:
    """Whether two numbers are the ends of a stretch of time or of percentages, as in "2 to 5 years"."""
    if text[low.end : high.start] != " to " or low.kind != "quantity" or high.kind != "quantity":
        return False
    if low.unit or low.scale or low.value_high is not None or not low.value < high.value:
        return False
    ends = high.unit == "percent" or _RANGE_OF.match(text, high.end) is not None
    return ends and _MOVES.search(text[: low.start]) is None


def _joined(text: str, low: NumberSpan, high: NumberSpan) -> NumberSpan:
    unit = _RANGE_OF.match(text, high.end)
    end = unit.end() if unit is not None and unit.group().startswith("-") else high.end  # "2 to 5-year"
    return NumberSpan(
        text[low.start : end],
        low.start,
        end,
        low.value,
        "quantity",
        low.unit or high.unit,
        low.scale or high.scale,
        abs(high.value),
    )

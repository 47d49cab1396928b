"""Read when a report was published, as exactly as its imprint or dateline says, from its own text, front matter first.

The day that a file was made is not the day that a report was published, so of a file's own date only the year is
taken. Which of the first two numbers of 03/04/2015 is the day is told by the report's other dates in that layout, then
by British wording; where neither tells, the year is all that is certain.
"""

import re
from datetime import date

from .periods import MONTH, YEAR, years_in
from .records import LoadedReport

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WHOLE_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NAMED = (
    rf"(?:{_WEEKDAY}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_WHOLE_MONTH},?\s+{YEAR}"
    rf"|{_WEEKDAY}{_WHOLE_MONTH}\s+{_DAY},?\s+{YEAR}|{_WHOLE_MONTH},?\s+{YEAR})"
)
_ISO = rf"{YEAR}-\d{{2}}-\d{{2}}(?!\d)"
_NUMERIC = re.compile(rf"(?<![\d/.-])(\d{{1,2}})([/.-])(\d{{1,2}})\2({YEAR})(?!\d)")
_DATE = re.compile(
    rf"(?P<iso>(?<!\d){_ISO})"
    rf"|(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s/.-]+(?:of\s+)?(?P<month>{MONTH})[\s,/.-]+(?P<year>{YEAR})(?!\d)"
    rf"|\b(?P<us_month>{MONTH})\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<us_year>{YEAR})(?!\d)"
    rf"|\b(?P<only_month>{MONTH})[\s,]+(?P<month_year>{YEAR})(?!\d)",
    re.IGNORECASE,
)
DATE_LINE = re.compile(rf"^[^\S\n]*({_NAMED}|{_ISO})[^\S\n]*$", re.MULTILINE)
_LABEL = r"(?:last\s+updated|published|publication\s+date|date\s+of\s+publication|issued|report\s+date)"
_STATED = re.compile(  # a line of the imprint, and no sentence that tells when something else was published
    rf"(?:^|[|·])[^\S\n]*(?:(?:first|date|report|this\s+report\s+was)\s+)?{_LABEL}"
    r"(?:[\s:|–-]*|\s+(?:on|in)\s+|\s+by\s+[^\n.;|]{1,60}?(?:,|:|\s+on|\s+in)?\s+)"
    rf"({_ISO}|(?:the\s+)?{_NAMED}|(?:{_DAY}[\s-]+)?{MONTH}[\s-]+{YEAR}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]{YEAR}|{YEAR})(?![/–-]?\d)",
    re.IGNORECASE | re.MULTILINE,
)
_MENTIONED = re.compile(  # anywhere: good enough for a year
    r"(?:last updated|published|publication date|date of publication|issued|report date)\D{0,40}?"
    r"(\d{1,2}[/. ](?:\d{1,2}|\w+)[/. ]\d{4}|\w+ \d{4}|\d{4})",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:[A-Za-z ]{0,40}?)((?:19|20)\d{2})", re.IGNORECASE)
_LONGEST_LINE = 120  # characters of a line of an imprint
# Before a line with a date: it ends a period, or is the date of something else.
_OTHER_DATE = re.compile(
    r"\b(?:ended|ending|to|from|until|as\s+at|as\s+of|between|and|period|dates"
    r"|(?:inspection|visit|fieldwork|meeting|hearing)\s+date)\W*$",
    re.IGNORECASE,
)
_PUBLISHING_FORMATS = ("text/html", "text/markdown", "message/rfc822")  # their date field is that of publication
# Spellings of countries that write the day first, and of those that may write the month first.
_BRITISH = re.compile(r"£|\b(?:organis|recognis|prioritis|utilis)(?:e[ds]?|ing|ations?)\b|\bprogrammes?\b", re.I)
_AMERICAN = re.compile(
    r"\$|\b(?:organiz|recogniz|prioritiz|utiliz)(?:e[ds]?|ing|ations?)\b|\b(?:programs?|centers?|labor|behavior)\b",
    re.I,
)


def published(loaded: LoadedReport, title: str, front: str, period: str | None) -> tuple[int | None, str | None]:
    """The year of a report and its date of publication: ISO 8601, as exact as stated ("2014-11-27", "2014-11", "2014").

    The year is that of the imprint or dateline, else that in the title, else that of the file's own date. The date is
    never of another year. It is None where the year is only that of the `period` covered, or nothing states one.
    """
    hint = _hinted(loaded)
    for stated in _STATED.finditer(front):
        day = read_date(stated[1], loaded.text)
        if day is not None and len(_line_at(front, stated.end())) <= _LONGEST_LINE:
            return int(day[:4]), day
    lines = list(DATE_LINE.finditer(front))
    dates = [read_date(line[1], loaded.text) for line in lines if not _OTHER_DATE.search(front[: line.start(1)])]
    for pattern in (_MENTIONED, _COPYRIGHT):
        match = pattern.search(front)
        if match is not None and years_in(match[1]):
            year = years_in(match[1])[-1]
            return year, _of_year(year, *dates, hint) or (str(year) if pattern is _COPYRIGHT else None)
    dateline = _last_year(lines[0][1]) if lines else None
    if dateline is not None:
        return dateline, _of_year(dateline, *dates, hint)
    titled = _last_year(title)
    if titled is not None:
        covered = period is not None and titled in years_in(period)
        return titled, _of_year(titled, hint) or (None if covered else str(titled))
    hinted = years_in(loaded.date_hint or "")
    return (hinted[0], _of_year(hinted[0], hint) or str(hinted[0])) if hinted else (None, None)


def _line_at(text: str, at: int) -> str:
    """The line of a text in which an offset lies."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[start : end if end >= 0 else len(text)]


def read_date(text: str, whole: str) -> str | None:
    """The first date in `text`, ISO 8601 and no more exact than is certain by `whole`, the text that it stands in.

    "3 May 2015" is "2015-05-03", "May 2015" is "2015-05", and 03/05/2015 is "2015" where nothing shows which is the
    day. None where no date is found; a year alone is found as such.
    """
    numeric, named = _NUMERIC.search(text), _DATE.search(text)
    if numeric is not None and (named is None or numeric.start() < named.start()):
        return _read_numeric(numeric, whole)
    if named is None:
        years = re.search(rf"(?<!\d){YEAR}(?!\d)", text)
        return str(int(years.group())) if years is not None else None
    if named["iso"] is not None:
        year, month, day = map(int, named["iso"].split("-"))
        return _iso(year, month, day)
    for year_is, month_is, day_is in (("year", "month", "day"), ("us_year", "us_month", "us_day")):
        if named[year_is] is not None:
            return _iso(int(named[year_is]), _month(named[month_is]), int(named[day_is]))
    return _iso(int(named["month_year"]), _month(named["only_month"]))


def _read_numeric(match: re.Match[str], whole: str) -> str:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first == second or first > 12 or second > 12:  # it tells by itself
        month, day = (second, first) if first > 12 else (first, second)
        return _iso(year, month, day) if month <= 12 else str(year)
    day_first = _day_first(whole, match[2])
    if day_first is None:
        return str(year)
    return _iso(year, second, first) if day_first else _iso(year, first, second)


def _day_first(whole: str, separator: str) -> bool | None:
    """Whether the dates of this layout in a text begin with the day; None where the text does not show it."""
    pairs = [(int(m[1]), int(m[3])) for m in _NUMERIC.finditer(whole) if m[2] == separator]
    by_day = any(second <= 12 < first <= 31 for first, second in pairs)
    by_month = any(first <= 12 < second <= 31 for first, second in pairs)
    if by_day != by_month:
        return by_day
    if not by_day and _BRITISH.search(whole) is not None and _AMERICAN.search(whole) is None:
        return True
    return None


def _iso(year: int, month: int, day: int | None = None) -> str:
    """The date as far as there is such a one: a misprinted day or month is left out."""
    if not 1 <= month <= 12:
        return str(year)
    if day is None:
        return f"{year}-{month:02d}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return f"{year}-{month:02d}"


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _last_year(text: str) -> int | None:
    """The last year in a line; that of an ISO date, where `years_in` would take 2014-11 for two years."""
    dated = re.search(rf"(?<!\d){_ISO}", text)
    years = years_in(dated.group()[:4] if dated is not None else text)
    return years[-1] if years else None


def _hinted(loaded: LoadedReport) -> str | None:
    """The date in the file's own fields where the format keeps the day of publication there."""
    if loaded.date_hint is None or loaded.media_type not in _PUBLISHING_FORMATS:
        return None
    month = re.fullmatch(rf"({YEAR})-(\d\d)", loaded.date_hint.strip())
    return _iso(int(month[1]), int(month[2])) if month is not None else read_date(loaded.date_hint, loaded.text)


def _of_year(year: int, *dates: str | None) -> str | None:
    """The first of some dates that is of that year and names a month."""
    return next((d for d in dates if d is not None and d[:4] == str(year) and len(d) > 4), None)

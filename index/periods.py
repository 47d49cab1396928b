"""Find the stretches of time that text names, and the calendar years that each touches."""

import re
from dataclasses import dataclass
from functools import lru_cache

MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BEFORE_APRIL = re.compile(
    r"\b(?:January|February|March|Jan|Feb|Mar)\b", re.IGNORECASE
)  # months that close a budget year
YEAR = r"(?:19|20)\d{2}"
PART = r"(?:\b(?:Q[1-4]|H[12])\s?)"  # a quarter or half of a year
SHORT_FISCAL = rf"(?:{PART}?\bFY\s?[’']?\d{{2}}(?:\s?[/–-]\s?\d{{2}})?(?![\d,.]\d|\d))"  # FY18, FY 18/19, Q1 FY18
POINT = rf"(?:(?:the\s+end\s+of\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{MONTH}(?:\s+\d{{1,2}},)?\s+{YEAR})"
FISCAL = rf"(?:{YEAR}\s?[/–-]\s?(?:{YEAR}|\d{{2}})(?!\d|-\d))"  # 2014-11-27 is a day
DAY = rf"(?:{MONTH}\s+\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH})"  # of no year
_UNTIL = r"(?:\s*[–—-]\s*|\s+(?:to|until|through|till)\s+)"
DAYS = (  # from one day to another; the year of the first may be left to the second
    rf"(?:(?<!\w){DAY}(?:,?\s+{YEAR})?{_UNTIL}{DAY},?\s+{YEAR}"
    rf"|(?:between|from)\s+{DAY}(?:,?\s+{YEAR})?\s+(?:and|to|until|through|till)\s+{DAY},?\s+{YEAR})(?!\d)"
)
_WHEN = rf"(?:{POINT}|{FISCAL}|{YEAR}(?!\d|,\d))"
COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
PERIOD = re.compile(
    rf"(?:(?:the\s+)?(?:{COUNT}\s+)?(?:months?|years?|weeks|quarters?|year)\s+(?:ended|ending|to|up\s+to|until|from)\s+(?:on\s+)?{_WHEN}"
    rf"(?:\s+to\s+(?:the\s+)?(?:{COUNT}\s+months\s+to\s+)?{_WHEN})?"
    rf"|{DAYS}"
    rf"|(?:between|from)\s+{_WHEN}\s+(?:and|to|until)\s+{_WHEN}"
    rf"|{FISCAL}\s+(?:to|and|–|-)\s+{FISCAL}"
    rf"|{FISCAL}(?:\s+financial\s+year)?|{POINT}|{SHORT_FISCAL}|(?:financial|fiscal|calendar|academic)\s+(?:year\s+)?{YEAR}|{PART}?\bFY\s?{YEAR}|{PART}{YEAR}"
    rf"|(?<![\d,.£$€]){YEAR}(?![\d%]|[.,]\d))",
    re.IGNORECASE,
)
_NAMES_A_YEAR = re.compile(rf"{YEAR}|{SHORT_FISCAL}", re.IGNORECASE)
_BEFORE, _AFTER = 120, 60  # characters beside its year that a period or what tells it apart takes up at most
_DAYS = re.compile(DAYS, re.IGNORECASE)
_DAY_OF = re.compile(
    rf"(\d{{1,2}})?(?:st|nd|rd|th)?\s*({MONTH})(?:\s+(\d{{1,2}})(?!\d))?(?:,?\s+({YEAR}))?", re.IGNORECASE
)
_BESIDE_TIME = re.compile(  # words that are no name of anything but a time
    r"(?:[\W_]|\b(?:as|of|at|on|for|the|in|and|to|from|fiscal|financial|years?|quarters?|months?|weeks?|ended|ending|period"
    r"|first|second|third|fourth|three|six|nine|twelve|unaudited|audited|restated)\b)*",
    re.IGNORECASE,
)
_YEARS = re.compile(
    rf"(?<!\d)({YEAR})(?:\s?[/–-]\s?({YEAR}|\d{{2}})(?!\d|-\d))?(?!\d)"
    rf"|\bFY\s?[’']?(\d{{2}})(?:\s?[/–-]\s?(\d{{2}}))?(?![\d,.]\d|\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A named stretch of time with its place and the years that it names; 2014/15 names 2014 and 2015."""

    text: str
    start: int
    end: int
    years: tuple[int, ...]

    @property
    def fiscal(self) -> bool:
        """Whether it is one year that runs over a turn of the year, as 2014/15 does."""
        return re.fullmatch(rf"{FISCAL}(?:\s+financial\s+year)?", self.text, re.IGNORECASE) is not None

    @property
    def dated(self) -> bool:
        """Whether it names a month, so that it ends within its last year."""
        return re.search(MONTH + r"\b", self.text, re.IGNORECASE) is not None

    @property
    def part(self) -> str:
        """The quarter or half of its year that it is, "" for the whole."""
        found = re.match(PART, self.text, re.IGNORECASE)
        return found.group().strip().upper() if found is not None else ""

    @property
    def ends(self) -> tuple[str, str] | None:
        """The first and last day of a range of days, in ISO 8601; None for any other period. A first day without a year
        is the last such day before the end."""
        if _DAYS.fullmatch(self.text) is None:
            return None
        (first, year), (last, closing) = (_day(match) for match in _DAY_OF.finditer(self.text))
        opening = year or str(int(closing) - (first > last))
        return f"{opening}-{first}", f"{closing}-{last}"

    def covers(self, asked: "Period") -> bool:
        """Whether figures of this period can answer for the period asked for.

        2014/15 answers for the 12 months to March 2015, not for those to March 2014; 2019/20 does not answer for
        2018/19 though both name 2019, nor a quarter for its year, nor a range of days for another range.
        """
        if self.ends is not None and asked.ends is not None:
            return self.ends == asked.ends
        if self.part != asked.part:
            return False
        if asked.fiscal:
            same = self.fiscal and self.years == asked.years
            opens = self.years == asked.years[:1] and _BEFORE_APRIL.search(self.text) is None
            return same or (not self.fiscal and (max(self.years) == max(asked.years) or opens))
        if asked.dated:
            return max(self.years) == max(asked.years) if self.fiscal else max(asked.years) in self.years
        return max(asked.years) in self.years


@lru_cache(maxsize=20_000)
def find_periods(text: str) -> tuple[Period, ...]:
    """Every period that `text` names, in order."""
    found = (match for start, end in _near_years(text) for match in PERIOD.finditer(text, start, end))
    return tuple(Period(m.group(), m.start(), m.end(), years_in(m.group())) for m in found)


def _near_years(text: str) -> list[tuple[int, int]]:
    """The stretches of text in which periods can be: years are found far quicker than periods."""
    near: list[tuple[int, int]] = []
    for match in _NAMES_A_YEAR.finditer(text):
        start, end = max(0, match.start() - _BEFORE), match.end() + _AFTER
        if near and start <= near[-1][1]:
            near[-1] = near[-1][0], end
        else:
            near.append((start, end))
    return near


def _day(match: re.Match[str]) -> tuple[str, str]:
    """The month and day ("02-23") that a day names, and its year, "" where it names none."""
    month = _MONTHS.index(match[2][:3].lower()) + 1
    return f"{month:02}-{int(match[1] or match[3]):02}", match[4] or ""


def is_time(text: str) -> bool:
    """Whether text names a period and nothing else ("As of June 30, 2019")."""
    periods = find_periods(text)
    beside = "".join(
        text[a:b] for a, b in zip([0, *(p.end for p in periods)], [*(p.start for p in periods), len(text)], strict=True)
    )
    return bool(periods) and _BESIDE_TIME.fullmatch(beside) is not None


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years in `text`, in order of naming, each once; the second half of 2014/15 counts as 2015, and
    FY18 as 2018."""
    years: list[int] = []
    for match in _YEARS.finditer(text):
        named, last = match[1], match[2]
        if named is None:
            named, last = f"{'19' if int(match[3]) >= 70 else '20'}{match[3]}", match[4]
        first = int(named)
        years.append(first)
        if last is not None:
            years.append(int(last) if len(last) == 4 else first + (int(last) - first) % 100)
    return tuple(dict.fromkeys(years))

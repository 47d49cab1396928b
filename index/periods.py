"""Find the stretches of time that text names, and the calendar years that each touches."""

import re
from dataclasses import dataclass
from functools import lru_cache

MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_BEFORE_APRIL = re.compile(
    r"\b(?:January|February|March|Jan|Feb|Mar)\b", re.IGNORECASE
)  # months that close a budget year
YEAR = r"(?:19|20)\d{2}"
PART = r"(?:\b(?:Q[1-4]|H[12])\s?)"  # a quarter or half of a year
SHORT_FISCAL = rf"(?:{PART}?\bFY\s?[’']?\d{{2}}(?:\s?[/–-]\s?\d{{2}})?(?![\d,.]\d|\d))"  # FY18, FY 18/19, Q1 FY18
POINT = rf"(?:(?:the\s+end\s+of\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{MONTH}(?:\s+\d{{1,2}},)?\s+{YEAR})"
FISCAL = rf"(?:{YEAR}\s?[/–-]\s?(?:{YEAR}|\d{{2}})(?!\d|-\d))"  # 2014-11-27 is a day
_WHEN = rf"(?:{POINT}|{FISCAL}|{YEAR}(?!\d|,\d))"
COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
PERIOD = re.compile(
    rf"(?:(?:the\s+)?(?:{COUNT}\s+)?(?:months?|years?|weeks|quarters?|year)\s+(?:ended|ending|to|up\s+to|until|from)\s+(?:on\s+)?{_WHEN}"
    rf"(?:\s+to\s+(?:the\s+)?(?:{COUNT}\s+months\s+to\s+)?{_WHEN})?"
    rf"|(?:between|from)\s+{_WHEN}\s+(?:and|to|until)\s+{_WHEN}"
    rf"|{FISCAL}\s+(?:to|and|–|-)\s+{FISCAL}"
    rf"|{FISCAL}(?:\s+financial\s+year)?|{POINT}|{SHORT_FISCAL}|(?:financial|fiscal|calendar|academic)\s+(?:year\s+)?{YEAR}|{PART}?\bFY\s?{YEAR}|{PART}{YEAR}"
    rf"|(?<![\d,.£$€]){YEAR}(?![\d%]|[.,]\d))",
    re.IGNORECASE,
)
_NAMES_A_YEAR = re.compile(rf"{YEAR}|{SHORT_FISCAL}", re.IGNORECASE)
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

    def covers(self, asked: "Period") -> bool:
        """Whether figures of this period can answer for the period asked for.

        2014/15 answers for the 12 months to March 2015, not for those to March 2014; 2019/20 does not answer for
        2018/19 though both name 2019, nor a quarter for its year.
        """
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
    if _NAMES_A_YEAR.search(text) is None:  # most sentences name none, and this is far quicker to tell
        return ()
    return tuple(Period(m.group(), m.start(), m.end(), years_in(m.group())) for m in PERIOD.finditer(text))


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

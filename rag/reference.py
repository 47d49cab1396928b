"""Tell what a question says of the report that is meant from what it asks: "according to the 2019 report, what …"."""

import re

from index.periods import YEAR, Period

REPORT_NOUN = (
    r"(?:inspection|report|review|audit|assessment|evaluation|page|letter|judg(?:e)?ment|grade|rating|visit)s?"
)
# What follows the year that says which report is meant: "in the 2019 annual report".
_REPORT = re.compile(
    rf"\s+(?:(?!(?:according|as|at|by|did|do|does|for|from|had|has|have|in|is|of|on|per|the|to|was|were|with)\b)[\w-]+\s+)"
    rf"{{0,4}}?(?:{REPORT_NOUN}|accounts)\b",
    re.IGNORECASE,
)
_REPORT_OF = re.compile(rf"\b(?:{REPORT_NOUN}|accounts)\s+(?:of|for|from)\s+$", re.IGNORECASE)
_PROPER = r"[A-Z][\w&.’'-]*(?:\s+(?:(?:of|and|upon|the|on|in|for|&)\s+){0,2}[A-Z][\w&.’'-]*)*"
_NAMED_REPORT = (
    rf"(?:(?:the|its|their)\s+)?(?:{_PROPER}\s+)?{YEAR}\s+(?:(?!(?:the|of|in|to|for|was|were|is|are|did)\b)[\w-]+\s+){{0,5}}?"
    r"(?:inspection|report|review|audit|accounts|letter)\b"
    rf"(?:\s+(?:of|on|for|into)\s+(?:the\s+)?{_PROPER})?"
)
# What only says which report is meant: "according to its 2019 annual report", "after the 2020 inspection of X".
_WHICH_REPORT = re.compile(
    r",?\s*\b(?:(?i:according to|based on|as (?:stated|reported|set out) in)\s+(?:[\w&.’',-]+\s+){0,8}?"
    rf"(?:report|review|audit|accounts|letter|inspection)\b(?:\s+(?:of|for|from)\s+{YEAR})?"
    rf"|(?i:in|from|of|on|after|following|during|at|for|by|per)\s+{_NAMED_REPORT}),?",
)
_WHAT_ABOUT = re.compile(
    rf"\bwhat (?:did|does) (?:the )?(?:{YEAR} )?(?:[\w-]+ ){{0,5}}?(?:inspection|report|review|audit|letter|inspectors)"
    r"(?: of [\w ’'-]{2,40}?)? (?:conclude|find|say|state|report|note)s? (?=about\b)",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(r"\b(?:theme|subject|topic|title|focus|scope|purpose|aim|author)s?\b", re.IGNORECASE)
_ANNUAL = re.compile(r"\bannual\s+(?=(?:report|accounts)\b)", re.IGNORECASE)


def without_report(text: str) -> str:
    """The question without what only says which report is meant; as it is where it asks about a report itself."""
    if _OF_ITSELF.search(text) is not None:
        return text
    return " ".join(_WHICH_REPORT.sub(" ", _WHAT_ABOUT.sub("what ", text)).split())


def without_annual(text: str) -> str:
    """The text without the "annual" that belongs to a report."""
    return _ANNUAL.sub("", text)


def periods_of_report(text: str, periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The years that say which report is meant, where others say what is asked about; none where all or none do."""
    named = tuple(
        p
        for p in periods
        if len(p.years) == 1 and not p.dated
        if _REPORT.match(text, p.end) is not None or _REPORT_OF.search(text[: p.start]) is not None
    )
    others = {year for period in periods if period not in named for year in period.years}
    return named if others else ()

"""Tell what a question says of the report that is meant from what it asks: "according to the 2019 report, what …"."""

import re

from index.periods import YEAR, Period

REPORT_NOUN = (
    r"(?:inspections?|reports?|reviews?|audits?|assessments?|evaluations?|page|letters?|judg(?:e)?ments?|grades?|ratings?"
    r"|visit)"
)
# Words between the year and the noun of "the 2019 joint annual report".
BETWEEN = r"(?:(?!(?:how|many|much|what|which|who|up|down)\b)[\w-]+\s+){0,4}?"
_NOUN = r"(?:report|inspection|review|audit|accounts|letter)\b(?!\s+(?:fees?|costs?|charges?|period|team|process)\b)"
_LINKS = (
    r"(?:according|as|at|by|did|do|does|for|from|had|has|have|how|in|is|many|much|of|on|per|the|to|up|was|were|with)"
)
_REPORT = re.compile(rf"\s+(?:(?!{_LINKS}\b)[\w-]+\s+){{0,4}}?{_NOUN}", re.IGNORECASE)
_REPORT_OF = re.compile(r"\b(?:report|inspection|letter)\s+(?:of|for|from)\s+$", re.IGNORECASE)
_PROPER = r"[A-Z][\w&.’'-]*(?:\s+(?:(?:of|and|upon|the|on|in|for|&)\s+){0,2}[A-Z][\w&.’'-]*)*"
_NAMED_REPORT = (
    rf"(?:(?:the|its|their)\s+)?(?:{_PROPER}\s+)?{YEAR}\s+(?:(?!(?:{_LINKS}|are)\b)[\w-]+\s+){{0,5}}?"
    rf"(?:inspection|report|accounts|letter)\b(?:\s+(?:of|on|for|into)\s+(?:the\s+)?{_PROPER})?"
    r"(?=\s*(?:[?.,;:)]|$)|\s+(?:be|is|are|was|were|did|do|does|has|have|had|will|would|can|could|should|what|which|who"
    r"|how|when|where|why|to|addressed|say|find|and|in|by)\b)"
)
# What only says which report is meant: "according to its 2019 annual report", "after the 2020 inspection of X".
_SAID_BY = re.compile(
    r",?\s*\b(?i:according to|as (?:stated|reported|set out) in)\s+(?:[\w&.’',-]+\s+){0,8}?"
    rf"(?:report|review|audit|accounts|letter|inspection)\b(?:\s+(?:of|for|from)\s+{YEAR})?,?"
)
_IN_THE = re.compile(rf",?\s*\b(?i:in|after|following|during)\s+{_NAMED_REPORT},?")
_OF_THE = re.compile(rf",?\s*\b(?i:from|of|on|at|for|by|per)\s+{_NAMED_REPORT},?")
_MONEY = re.compile(r"\b(?:spen[dt]|spending|costs?|paid|pay|fees?|charg\w+|prices?|saved?|savings?)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(
    rf"\bwhat (?:did|does) (?:the )?(?:{YEAR} )?(?:[\w-]+ ){{0,5}}?(?:inspection|report|review|audit|letter|inspectors)"
    r"(?: of [\w ’'-]{2,40}?)? (?:conclude|find|say|state|report|note)s? (?=about\b)",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(r"\b(?:theme|subject|topic|title|focus|scope|purpose|aim|author)s?\b", re.IGNORECASE)
_ANNUAL = re.compile(r"\bannual\s+(?=(?:report|accounts)\b)", re.IGNORECASE)


def without_report(text: str) -> str:
    """The question without what only says which report is meant; as it is where it asks about a report itself.

    What is paid or saved may be so for an inspection or report: there "for", "of", "on" and the like are left alone.
    """
    if _OF_ITSELF.search(text) is not None:
        return text
    bare = _IN_THE.sub(" ", _SAID_BY.sub(" ", _WHAT_ABOUT.sub("what ", text)))
    if _MONEY.search(bare) is None:
        bare = _OF_THE.sub(" ", bare)
    return " ".join(bare.split())


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

"""Drop evidence that is about something else: another period, another person or body, another numbered thing."""

import re
from collections.abc import Sequence

from index.periods import Period, find_periods
from index.terms import terms

from .names import names_lacking
from .qualifiers import speaks_of_sibling
from .retrieve import Evidence
from .understand import Question

_REPORTING = frozenset(terms("force council company service trust authority agency department organisation inspection"))
_LIGHT = frozenset(terms("find need face do get plan expect manage happen"))  # say little of what is asked
_WHAT_IS_A = re.compile(r"^what (?:is|are) an?\b|\bmeans?\b|\bstands? for\b", re.IGNORECASE)
_NAMED_PERSON = re.compile(r"\bwho (?:is|was|were|are) (?:the|its|their)\b|\bname of\b|^name\b", re.IGNORECASE)
_PERSON = re.compile(
    r"(?<!^)(?<![.!?]\s)\b[A-Z][a-z’'-]+(?:\s+[A-Z][a-z’'-]+)+|\b[A-Z][a-z’'-]+ (?:de|di|da|von|van) [A-Z][a-z’'-]+"
)
_CALLED = re.compile(r"\b(999|911|112|111|101)(?= (?:calls?|lines?|service|system|number)\b)")  # numbers to call


def consistent(question: Question, evidence: Evidence) -> bool:
    """Whether evidence can be about what is asked: the years and the proper names of the question are not another's."""
    c = evidence.candidate
    if c.kind == "judgment" and question.kind != "judgment":
        return False
    if c.kind == "row" and question.kind == "words" and evidence.figures:
        return False
    if c.kind == "row" and question.kind == "definition" and _WHAT_IS_A.search(question.text) and evidence.figures:
        return False
    if question.report_years and c.report_year is not None and c.report_year not in question.report_years:
        return False
    if question.periods:
        stated = find_periods(c.meaning)
        if question.kind != "figure" and c.kind == "sentence" and _lies_ahead(question, c.report_year, stated):
            return False
        asked = [p for p in question.periods if p.years and (p.fiscal or c.report_year not in p.years)]
        near = (c.meaning, c.header, c.passage)
        if not all(any(_covers(text, p) for text in near) for p in asked):
            return False
        if question.kind not in ("figure", "when") and _of_other_years(question, stated):
            return False
        if asked and _says_little(question):
            told = any(s.covers(p) for s in stated for p in question.periods)
            if not told or not _names_it(question, evidence):
                return False
        if stated and question.kind == "figure" and not any(s.covers(p) for s in stated for p in question.periods):
            return c.report_year in question.years and not any(p.fiscal or p.dated for p in question.periods)
    if question.kind in ("when", "who", "where") and c.kind == "sentence" and speaks_of_sibling(question, c.meaning):
        return False
    around = f"{c.header}\n{c.passage}\n{c.meaning}"
    if any(number not in around for number in _CALLED.findall(question.text)):
        return False
    if any(_of_another(question.text, number, c.meaning, around) for number in question.references):
        return False
    if _NAMED_PERSON.search(question.text) and not _names_somebody(evidence):
        return False
    known = (evidence.report.organisation, evidence.report.publisher, evidence.report.title)
    return not names_lacking(question.names, (c.header, c.passage, c.meaning), known)


def _covers(text: str, asked: Period) -> bool:
    """Whether a period that `text` names covers the one asked for. No period does without the last digits of a year of
    it, which are found far quicker than periods."""
    if not any(f"{year % 100:02}" in text for year in asked.years):
        return False
    return any(period.covers(asked) for period in find_periods(text))


def _says_little(question: Question) -> bool:
    """Whether a question has hardly a word to go by beside its period ("what did it have to find in 2016/17")."""
    return question.kind != "when" and len(set(question.terms) - _REPORTING) <= 1


def _names_it(question: Question, evidence: Evidence) -> bool:
    """Whether evidence itself has the one word that a question goes by ("what is the budget for 2016/17")."""
    c = evidence.candidate
    left = set(question.terms) - _REPORTING - (frozenset() if question.kind == "figure" else _LIGHT)
    return left <= set(terms(f"{c.meaning} {c.header}"))


def _of_other_years(question: Question, stated: Sequence[Period]) -> bool:
    """Whether budget years are asked about, and evidence is of nothing but other budget years."""
    asked = [p for p in question.periods if p.fiscal]
    told = [p for p in stated if p.fiscal]
    if not asked or len(told) != len(stated) or not told:
        return False
    return not any(t.covers(a) or a.covers(t) for t in told for a in asked)


def _lies_ahead(question: Question, report_year: int | None, stated: Sequence[Period]) -> bool:
    """Whether a report is older than all that is asked about, and its sentence names none of these years: it cannot
    know what was so by then."""
    if report_year is None or not question.years or min(question.years) <= report_year:
        return False
    return not any(period.covers(asked) for period in stated for asked in question.periods)


def _of_another(asked: str, number: str, statement: str, around: str) -> bool:
    """Whether evidence is about another of what the question refers to by a number: it names "Grade 2" where "Grade 1"
    is asked about, or is a sentence that stands where the number is not named at all."""
    if re.search(rf"(?<!\d){re.escape(number)}(?!\d)", around) is not None:
        return False
    noun = re.search(rf"([A-Za-z]+)\s+{re.escape(number)}(?!\d)", asked)
    if noun is None:
        return True
    return re.search(rf"\b{noun[1]}s?\s+\d", statement, re.IGNORECASE) is not None


def _names_somebody(evidence: Evidence) -> bool:
    """Whether a sentence has a name of two or more words that is not the organisation's, and not a place compared."""
    own = {evidence.report.organisation, evidence.report.publisher, *(f.subject for f in evidence.figures)}
    return any(m.group() not in own for m in _PERSON.finditer(evidence.text))

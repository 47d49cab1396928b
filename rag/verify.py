"""Verify: look up every figure, grade and year of a statement in the quotation that is to prove it.

A figure must be there with its value, unit, scale and sign; a table's scale and headings may come from the same
table. What is not there fails, and a statement with a failed check is dropped by the caller, never shown.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from index.grades import GRADE, canonical_grade, grade_lines
from index.numbers import NumberSpan, find_numbers
from index.records import Figure, Judgment

from .draft import Piece
from .records import Check

_YEAR_BEFORE = re.compile(r"\b(?:last|previous|prior|preceding)\s+year\b|\byear\s+(?:before|earlier)\b", re.IGNORECASE)


def figure_check(figure: Figure, quote: str, start: int) -> Check:
    """Whether `figure` stands at its place in `quote`, which begins at `start` of the canonical text."""
    at = figure.start - start
    if at < 0 or quote[at : at + len(figure.text)] != figure.text:
        return "failed"
    value = Decimal(figure.value)
    for number in _numbers(quote):
        if number.start <= at < number.end and number.value == value:
            fits_unit = number.unit is None or figure.unit == number.unit
            fits_scale = number.scale is None or figure.scale == number.scale
            return "in_quote" if fits_unit and fits_scale else "failed"
    return "failed"


def judgment_check(judgment: Judgment, quote: str) -> Check:
    """Whether the grade stands in the quotation."""
    grades = {canonical_grade(match.group()) for match in GRADE.finditer(quote)}
    alone = {grade for line in quote.split("\n") for _, _, grade in grade_lines(line)}
    return "in_quote" if judgment.grade in grades | alone else "failed"


def statement_holds(piece: Piece, quote: str) -> bool:
    """Whether every number in the statement's words is in the quotation.

    The year that the report is of may be stated with it, since the citation names it; where the quotation speaks of
    the year before, so may that one. The organisation's own name is not looked at.
    """
    values = {abs(n.value) for n in _numbers(quote)}
    year = piece.place.report.year
    years = set() if year is None else {year, year - 1} if _YEAR_BEFORE.search(quote) else {year}
    statement = piece.statement.replace(piece.place.report.organisation or "\0", " ")
    for number in find_numbers(statement):
        printed = re.search(rf"(?<![\d.,]){re.escape(number.text)}(?![\d])", quote) is not None
        if printed or (number.kind not in ("date", "period") and abs(number.value) in values):
            continue
        if number.kind == "year" and int(number.value) in years:
            continue
        return False
    return True


def unsupported_numbers(text: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """The quantities of `text` that no quotation has, as printed; citation marks do not count."""
    bare = re.sub(r"\[\d+\]", " ", text)
    known = {abs(n.value) for quote in quotes for n in _numbers(quote)}
    return tuple(n.text for n in find_numbers(bare) if n.kind == "quantity" and abs(n.value) not in known)


def _numbers(text: str) -> list[NumberSpan]:
    """The numbers of a quotation, read as prose and as cells, so that bracketed negatives are known either way."""
    return [*find_numbers(text), *find_numbers(text, cell=True)]

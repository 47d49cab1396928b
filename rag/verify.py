"""Verify: look up every figure, grade and year of a statement in the quotation that is to prove it.

A figure must be there with its value, unit, scale and sign; a table's scale and headings may come from the same
table. What is not there fails, and a statement with a failed check is dropped by the caller, never shown.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from index.grades import GRADE, canonical_grade
from index.numbers import NumberSpan, find_numbers
from index.records import Figure, Judgment

from .draft import Piece
from .records import Check


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
    glued = {canonical_grade(m) for m in re.findall(r"^\w+?(?=Summary|$)", quote) if GRADE.fullmatch(m)}
    return "in_quote" if judgment.grade in grades | glued else "failed"


def statement_holds(piece: Piece, quote: str) -> bool:
    """Whether every number and every grade in the statement's words is in the quotation.

    The year that the report is of may be stated with it, since the citation names it.
    """
    known = {(n.value, n.unit) for n in _numbers(quote)} | {(abs(n.value), n.unit) for n in _numbers(quote)}
    values = {value for value, _ in known}
    allowed_years = {Decimal(piece.place.report.year)} if piece.place.report.year is not None else set()
    allowed_years |= {Decimal(j.year) for j in piece.judgments if j.year is not None}
    for number in find_numbers(piece.statement):
        if number.value in values or number.text in quote:
            continue
        if number.kind in ("year", "date") and number.value in allowed_years:
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

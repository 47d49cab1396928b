"""Verify: look up every figure, grade and year of a statement in the quotation that is to prove it.

A figure must be there with its value, unit, scale and sign; a table's scale and headings may come from the same
table. A figure that was worked out is worked out again, from its operands as their quotations print them. What is not
there, or comes out otherwise, fails, and a statement with a failed check is dropped by the caller, never shown.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from index.grades import GRADE, canonical_grade, grade_lines
from index.numbers import NumberSpan, find_numbers
from index.records import CELL_SEPARATOR, Figure, Judgment

from .draft import FALLS, RISES, Derived, Piece, is_more, yes_or_no_to
from .records import Check

_YEAR_BEFORE = re.compile(r"\b(?:last|previous|prior|preceding)\s+year\b|\byear\s+(?:before|earlier)\b", re.IGNORECASE)

_DAY_AND_YEAR = re.compile(r"(?P<day>\S.*?\d)[ ,]+(?P<year>(?:19|20)\d\d)")
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[()+−×÷]|\S")
_ROUNDED = {", rounded to one decimal": Fraction(1, 20), ", rounded to two decimals": Fraction(1, 200)}


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
    return _numbers_hold(piece.statement, piece, quote)


def _numbers_hold(statement: str, piece: Piece, quote: str) -> bool:
    values = {abs(n.value) for n in _numbers(quote)}
    year = piece.place.report.year
    years = set() if year is None else {year, year - 1} if _YEAR_BEFORE.search(quote) else {year}
    statement = statement.replace(piece.place.report.organisation or "\0", " ")
    for number in find_numbers(statement):
        printed = re.search(rf"(?<![\d.,]){re.escape(number.text)}(?![\d])", quote) is not None
        if printed or (number.kind not in ("date", "period") and abs(number.value) in values):
            continue
        if number.kind == "year" and int(number.value) in years:
            continue
        if number.kind in ("date", "period") and _in_headings(number.text, quote):
            continue
        return False
    return True


def _in_headings(date: str, quote: str) -> bool:
    """Whether the headings of a table print a date in two: "Year ended December 31," above "2019"."""
    parted = _DAY_AND_YEAR.fullmatch(date)
    if parted is None or CELL_SEPARATOR not in quote:
        return False
    day = re.search(rf"{re.escape(parted['day'])}(?!\d)", quote) is not None
    return day and any(re.search(rf"(?<!\d){parted['year']}$", cell.strip()) for cell in re.split(r"[|\n]", quote))


def derived_check(derived: Derived, quotes: Sequence[str]) -> Check:
    """Whether a figure is what comes of its operands as they stand in `quotes`, a quotation for each.

    The operands' values are read from the quotations. The figure must be what its operation gives of them, and the
    arithmetic shown an expression of these values, and of 100 or their number where the operation needs it, with this
    result; rounding to one decimal must be said, and is the only rounding.
    """
    if len(quotes) != len(derived.operands):
        return "failed"
    values = [_printed_value(o.figure, quote, o.place.start) for o, quote in zip(derived.operands, quotes, strict=True)]
    known = [Fraction(value) for value in values if value is not None]
    if len(known) < max(2, len(values)) or len({(o.figure.unit, o.figure.scale) for o in derived.operands}) != 1:
        return "failed"
    exact = _worked_out(derived, known)
    result = Fraction(Decimal(derived.value))
    said = next((words for words in _ROUNDED if derived.arithmetic.endswith(words)), "")
    shown, off = derived.arithmetic.removesuffix(said), _ROUNDED.get(said, 0)
    expression, _, right = shown.partition(" = ")
    if exact is None or abs(exact - result) > off or bool(said) == (exact == result):
        return "failed"
    if _value_of(expression) != exact or _value_of(right) != result or not _only_of(expression, derived, known):
        return "failed"
    stated = [Fraction(abs(n.value)) for n in find_numbers(derived.text) if n.kind in ("quantity", "year")]
    return "derived" if stated[:1] == [abs(result)] else "failed"


def derivation_holds(piece: Piece, quotes: Sequence[str]) -> bool:
    """Whether a statement of a figure that was worked out says yes or no, where asked, and whether it rose or fell, as
    it did, and every number in it but that figure and its arithmetic is in a quotation."""
    derived = piece.derived
    if derived is None:
        return False
    rises = is_more(derived)
    if derived.operation == "versus":
        leads = {f"{'Higher' if rises else 'Lower'} by {derived.text}"}
    elif derived.operation in ("change", "percent_change"):
        leads = {f"{word} by {derived.text}" for word in (RISES if rises else FALLS)}
    else:
        leads = {derived.text}
    if word := yes_or_no_to(derived):
        leads = {f"{word}: {lead[0].lower()}{lead[1:]}" for lead in leads}
    if piece.lead not in leads or derived.arithmetic not in piece.rest:
        return False
    return _numbers_hold(piece.rest.replace(derived.arithmetic, " ", 1), piece, "\n".join(quotes))


def _printed_value(figure: Figure, quote: str, start: int) -> Decimal | None:
    """The value that the quotation prints at the figure's place, None where it is not one exact amount."""
    at = figure.start - start
    if figure_check(figure, quote, start) == "failed":
        return None
    if any(n.start <= at < n.end and n.value_high is not None for n in _numbers(quote)):
        return None
    alone = [n for n in find_numbers(quote[at : at + len(figure.text)], cell=True) if n.kind in ("quantity", "year")]
    return alone[0].value if len(alone) == 1 and alone[0].value == Decimal(figure.value) else None


def _worked_out(derived: Derived, values: Sequence[Fraction]) -> Fraction | None:
    first, last = values[0], values[-1]
    total = sum(values, Fraction(0))
    if derived.operation in ("sum", "average"):
        return total if derived.operation == "sum" else total / len(values)
    if len(values) != 2:
        return None
    if derived.operation == "percent_change":
        return last / first * 100 - 100 if first > 0 <= last else None
    if derived.operation == "ratio":
        return first / last if first >= 0 < last else None
    if derived.operation == "share":
        return first / last * 100 if 0 <= first <= last != 0 else None
    return {"change": last - first, "versus": abs(first - last), "difference": abs(first - last)}[derived.operation]


def _only_of(expression: str, derived: Derived, values: Sequence[Fraction]) -> bool:
    """Whether all operands are in the expression, and nothing else but what the operation needs."""
    shown = {_value_of(token) for token in _TOKEN.findall(expression) if token[0].isdigit()}
    operands = {abs(value) for value in values}
    needed = {"percent_change": Fraction(100), "share": Fraction(100), "average": Fraction(len(values))}
    also = needed.get(derived.operation)
    return shown == operands | ({also} if also is not None else set())


def _value_of(expression: str) -> Fraction | None:
    """What an expression of numbers, brackets and + − × ÷ comes to, None where it is none."""
    tokens = _TOKEN.findall(expression)

    def added() -> Fraction:
        value = multiplied()
        while tokens and tokens[0] in "+−":
            value = value + multiplied() if tokens.pop(0) == "+" else value - multiplied()
        return value

    def multiplied() -> Fraction:
        value = one()
        while tokens and tokens[0] in "×÷":
            value = value * one() if tokens.pop(0) == "×" else value / one()
        return value

    def one() -> Fraction:
        token = tokens.pop(0)
        if token == "−":
            return -one()
        if token == "(":
            value = added()
            if tokens.pop(0) != ")":
                raise ValueError
            return value
        return Fraction(token.replace(",", ""))

    try:
        value = added()
    except (IndexError, ValueError, ZeroDivisionError):
        return None
    return None if tokens else value


def unsupported_numbers(text: str, quotes: Sequence[str], derived: Sequence[str] = ()) -> tuple[str, ...]:
    """The quantities of `text` that no quotation has, as printed; citation marks do not count, nor do the stretches
    that `derived` holds: the figures that were worked out, and their arithmetic, each of which was checked."""
    bare = re.sub(r"\[\d+\]", " ", text)
    for stretch in derived:
        bare = re.sub(rf"(?<![\d.,]){re.escape(stretch)}(?![\d]|[.,]\d)", " ", bare)
    known = {abs(n.value) for quote in quotes for n in _numbers(quote)}
    return tuple(n.text for n in find_numbers(bare) if n.kind == "quantity" and abs(n.value) not in known)


def _numbers(text: str) -> list[NumberSpan]:
    """The numbers of a quotation, read as prose and as cells, so that bracketed negatives are known either way."""
    return [*find_numbers(text), *find_numbers(text, cell=True)]

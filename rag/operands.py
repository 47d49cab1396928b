"""Pick the figures that another is worked out from, and only where each of them is surely the one meant.

They measure the same thing in the same unit and scale, are each the best answer to a question of their own, and differ
in nothing but what the question sets against each other: the year, the row, or whose they are. The words that speak of
a figure must be the question's: a row of "Officers in training" is not one of officers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import Library
from index.numbers import find_numbers
from index.periods import find_periods
from index.records import Cell, Figure, Table, TableRow
from index.terms import terms

from .across import by_year
from .clauses import end_years
from .compose import Choice
from .derivation import SHARE_OF, Wanted
from .only_says import Found, needed_terms, one_sentence, own_names, says_alone, without_periods
from .planned import is_settled, period_of
from .quoting import table_of
from .rows import TOTAL
from .understand import understand
from .units import is_comparator, unit_class

_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|approx|roughly|nearly|almost|over|under|above|below|some|circa|up to|more than"
    r"|less than|fewer than|at least|at most|just|between|estimated)|[~≈<>±])\.?\s*$",
    re.IGNORECASE,
)
_MORE_OR_LESS = re.compile(r"\s*(?:\(?±|or (?:more|less|so)\b|plus\b|to \d|[–-]\s?\d)", re.IGNORECASE)
_CHANGE = re.compile(r"\b(?:chang\w*|increas\w*|decreas\w*|variance|growth|difference|movement)\b", re.IGNORECASE)
_A_YEAR = re.compile(r"\b(?:(?:12|twelve) months|year) (?:ended|ending|to)\b(?: on\b)?")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = re.compile(rf"\b\d{{1,2}}(?= {_MONTH}\b)|(?<=[a-z] )\d{{1,2}}(?=,|$)")
_A_YEAR_THAT_ENDED = re.compile(r"\b(?:(?:12|twelve) months|year) (?:that|which) ended(?: on)? $")
_OF_THE_WHOLE = re.compile(  # "satisfaction with the overall service": that is no part of it
    r"\b(?:with|of|in) the (?:overall|whole|entire) \w+(?: (?:provided|delivered|received))?(?: (?:by|of|from))?\b",
    re.IGNORECASE,
)
_CALLED = frozenset(terms("force council company board service trust authority own"))  # heads of its own column
_ROW_JOINTS = frozenset(
    terms("year years end ended thousand million billion number total amount figure m k bn actual per baseline")
)
_SEVERAL = re.compile(r",|;|\b(?:and|or|versus|to)\b", re.IGNORECASE)
_OTHER = frozenset(terms("other before"))
_SHARES = frozenset(terms("percentage proportion share"))
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class _InTable:
    """Where a figure stands in a table."""

    table: Table
    row: TableRow
    cell: Cell
    headings: tuple[str, ...]


def pick(library: Library, wanted: Wanted, choices: Sequence[Sequence[Choice]]) -> tuple[Found, ...]:
    """The operands in the order that `rag/arithmetic.py` says, () where any of them is not certain.

    `choices` are, for each question of `wanted`, the figures that may answer it, best first. Where the best ones stand
    in different reports, or one in a table and one in a sentence, the same amounts may stand together elsewhere.
    """
    for together in _together(library, choices):
        if not all(can_be_operand(wanted, number, choice) for number, choice in enumerate(together)):
            continue
        found = tuple(Found(choice.ranked.evidence, choice.figure) for choice in together)
        if not _of_one_kind(found):
            continue
        if wanted.of_two_rows:
            fits = _of_two_rows(library, wanted, found)
        elif wanted.operation == "versus":
            fits = _of_two_owners(library, wanted, found)
        else:
            fits = _of_years(library, wanted, found)
        if fits and not _contradicted(found, choices) and not (wanted.within and _of_changes(library, found[0])):
            return found
    return ()


def _of_changes(library: Library, found: Found) -> bool:
    """Whether a figure stands in a table, or under a heading, of changes."""
    evidence = found.evidence
    table = table_of(library, evidence)
    heads = "" if table is None else library.text(evidence.report.report_id)[table.start : table.rows[0].start]
    caption = "" if table is None else table.caption
    return _CHANGE.search(" ".join((heads, caption, *evidence.section[-1:]))) is not None


def _together(library: Library, choices: Sequence[Sequence[Choice]]) -> Iterator[tuple[Choice, ...]]:
    """The best choices, then those that give the same amounts in one table, or in the sentences of one report."""
    yield tuple(of_one[0] for of_one in choices)
    for place in dict.fromkeys(_where(library, choice) for choice in choices[0]):
        there = [
            next((c for c in of_one if _amount(c) == _amount(of_one[0]) and _where(library, c) == place), None)
            for of_one in choices
        ]
        together = tuple(choice for choice in there if choice is not None)
        if len(together) == len(choices):
            yield together


def _where(library: Library, choice: Choice) -> tuple[str, int | None]:
    evidence = choice.ranked.evidence
    table = table_of(library, evidence)
    return evidence.report.report_id, None if table is None else table.start


def _amount(choice: Choice) -> tuple[str, str | None, str | None]:
    return choice.figure.value, choice.figure.unit, choice.figure.scale


def can_be_operand(wanted: Wanted, number: int, choice: Choice) -> bool:
    """Whether a figure can be the operand that the question of this number, from 0, asks for: one exact amount of the
    period asked about, and nothing that is only planned."""
    found = Found(choice.ranked.evidence, choice.figure)
    period = wanted.periods[min(number, len(wanted.periods) - 1)] if wanted.periods else None
    if not _usable(found) or (choice.figure.ambiguous and wanted.operation != "versus"):
        return False
    settled = is_settled(found.evidence, found.figure, f"{wanted.what} {wanted.part}", ahead=wanted.ahead)
    return settled and (period is None or _is_of(found, period))


def _usable(found: Found) -> bool:
    """Whether the figure is one exact amount, and no change."""
    figure, text = found.figure, found.evidence.text
    at = figure.start - found.evidence.start
    before, after = text[max(0, at - 24) : at], text[at + len(figure.text) :][:12]
    if re.search(r"\bfrom\s*$", before) is not None:  # "from 310 to 341" is no range
        after = re.sub(r"^\s*to\b", "", after)
    if figure.direction is not None or figure.text[:1] == "+":
        return False
    if _CHANGE.search(figure.measure or "") is not None or unit_class(figure) in ("points", "duration"):
        return False
    printed = [n for n in find_numbers(figure.text, cell=True) if n.kind in ("quantity", "year")]
    exact = len(printed) == 1 and printed[0].value_high is None
    return exact and _ABOUT.search(before) is None and _MORE_OR_LESS.match(after) is None


def _of_one_kind(found: Sequence[Found]) -> bool:
    """Whether all are of the same report, unit, scale and printed precision, and no two the same figure."""
    first = found[0]
    places = {(f.figure.start, f.figure.end) for f in found}
    return len(places) == len(found) and all(
        f.evidence.report.report_id == first.evidence.report.report_id
        and f.evidence.candidate.kind == first.evidence.candidate.kind
        and (f.figure.unit, f.figure.scale) == (first.figure.unit, first.figure.scale)
        and _decimals(f.figure) == _decimals(first.figure)
        for f in found[1:]
    )


def _decimals(figure: Figure) -> int:
    return len(figure.value.partition(".")[2])


def _contradicted(found: Sequence[Found], choices: Sequence[Sequence[Choice]]) -> bool:
    """Whether the evidence gives another amount for what an operand measures, at the same time and of the same one."""
    return any(
        _says_same(one.figure, other.figure) and other.figure.value != one.figure.value
        for one, of_one in zip(found, choices, strict=True)
        for other in of_one
    )


def _says_same(one: Figure, other: Figure) -> bool:
    return (
        one.measure is not None
        and _bare(one.measure) == _bare(other.measure or "")
        and one.period is not None
        and _years(one) == _years(other)
        and (one.unit, one.subject) == (other.unit, other.subject)
    )


def _of_years(library: Library, wanted: Wanted, found: Sequence[Found]) -> bool:
    """Whether the figures are of the periods asked for, and differ in nothing else."""
    if len({_shape(f) for f in found}) != 1 or not _ends_alike(found) or len({f.figure.subject for f in found}) != 1:
        return False
    if _is_others(found[0]) != understand(wanted.questions[0]).compared:
        return False
    one = len({(f.evidence.start, f.evidence.end) for f in found}) == 1
    evidence = found[0].evidence
    if evidence.candidate.kind == "row":
        if not all(_row_is_on(library, f, wanted.what) for f in found):
            return False
        if one:
            years = by_year(evidence.figures, found[-1].figure)
            return all(f.figure in years.values() for f in found)
        return len({(_bare(f.figure.measure or ""), _timeless(f.evidence.section)) for f in found}) == 1
    if one:
        return one_sentence(found, wanted.what)
    return all(says_alone(f, wanted.what) for f in found)


def _of_two_rows(library: Library, wanted: Wanted, found: Sequence[Found]) -> bool:
    """Whether the figures stand in one column of one table, in the rows that the question names."""
    if found[0].evidence.candidate.kind != "row" or found[0].figure.subject != found[1].figure.subject:
        return False
    if not _same_column(library, found) or found[0].evidence.start == found[1].evidence.start:
        return False
    if wanted.operation == "share" and unit_class(found[0].figure) == "percent":
        return False
    if not wanted.periods and len(found[0].evidence.figures) + len(found[1].evidence.figures) > 2:
        return False  # which of several columns is meant
    labels = (wanted.part, wanted.what)
    return all(_row_is_on(library, f, label) for f, label in zip(found, labels, strict=True))


def _of_two_owners(library: Library, wanted: Wanted, found: Sequence[Found]) -> bool:
    """Whether the first figure is the organisation's own, the second that of what it is compared with, and both are of
    the same measure and time."""
    own, other = found
    if _is_others(own) or not _is_others(other) or own.figure.period != other.figure.period:
        return False
    whose = f"{other.figure.subject} {wanted.part}"
    if not set(_of_whom(wanted.part)) <= set(terms(f"{other.figure.subject} {other.figure.measure}")):
        return False
    if own.evidence.candidate.kind != "row":
        wider = max(own.evidence, other.evidence, key=lambda evidence: evidence.end - evidence.start)
        both = all(wider.start <= f.figure.start < wider.end for f in found)
        return both and one_sentence([Found(wider, f.figure) for f in found], f"{wanted.what} {whose}")
    known = {*terms(whose), *own_names(own.evidence.report), *_CALLED}
    if (own.figure.ambiguous or other.figure.ambiguous) and own.evidence.start != other.evidence.start:
        return False
    measures = {frozenset(terms(_bare(f.figure.measure or ""))) - known for f in found}
    if len(measures) != 1 or not (_same_column(library, found) or own.evidence.start == other.evidence.start):
        return False
    return all(_row_is_on(library, f, wanted.what, allowed=known) for f in found)


def _of_whom(part: str) -> tuple[str, ...]:
    """The terms that name what is compared with, without the words for an average."""
    return tuple(t for t in terms(part) if t not in terms("average national for of in across all that the"))


def _is_others(found: Found) -> bool:
    return is_comparator(found.figure.subject, found.evidence.report.organisation)


def _is_of(found: Found, asked: str) -> bool:
    """Whether the figure is of the period asked for and of no longer or other one."""
    wanted = find_periods(asked)
    if found.evidence.candidate.kind != "row" and (ends := end_years(found.evidence, found.figure)):
        named = asked in found.evidence.text
        return len(wanted) == 1 and ends == set(wanted[0].years) and named
    s = period_of(found.evidence, found.figure)
    if len(wanted) != 1 or s is None:
        return False
    w = wanted[0]
    if not s.covers(w) or max(s.years) != max(w.years) or (w.dated and not s.dated):
        return False
    return s.fiscal == w.fiscal and (not w.dated or _months(w.text) == _months(s.text))


def _months(period: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", period.lower()))


def _shape(found: Found) -> str:
    """A period without its year: "12 months to March", nothing for a year alone."""
    text, period = found.evidence.text.lower(), (found.figure.period or "").lower()
    before = text[: text.find(period)] if period and period in text else ""
    period = _A_YEAR.sub("12 months to", period)
    if _A_YEAR_THAT_ENDED.search(before) is not None:
        period = f"12 months to {period}"
    text = re.sub(r"(?:19|20)\d\d(?:\s?[/–-]\s?\d\d(?!\d))?", " ", period)
    text = _DAY.sub(" ", text)  # a year of whole weeks ends on another day each time
    return " ".join(word for word in re.findall(r"[a-z0-9]+", text) if word not in ("the", "in", "at", "on", "of"))


def _ends_alike(found: Sequence[Found]) -> bool:
    """Whether the days that the periods end on are within a week of each other in their month."""
    days = [int(day) for f in found for day in _DAY.findall((f.figure.period or "").lower())]
    return not days or max(days) - min(days) <= DAYS_OF_A_WEEK


def _years(figure: Figure) -> frozenset[int]:
    return frozenset(year for period in find_periods(figure.period or "") for year in period.years)


def _timeless(section: Sequence[str]) -> tuple[str, ...]:
    return tuple(_bare(heading) for heading in section)


def _bare(measure: str) -> str:
    """A measure without the periods in it, in small letters."""
    return " ".join(re.findall(r"\w+", without_periods(measure).lower()))


def _row_is_on(library: Library, found: Found, phrase: str, allowed: set[str] | None = None) -> bool:
    """Whether the headings of a cell have the words of the phrase, and no others but time, scale, and names."""
    said = set(terms(without_periods(_OF_THE_WHOLE.sub(" ", found.figure.measure or ""))))
    needed, names = needed_terms(phrase), set(own_names(found.evidence.report)) | (allowed or set())
    joints = _ROW_JOINTS
    if SHARE_OF.match(phrase) is not None:
        if unit_class(found.figure) != "percent":
            return False
        joints |= _SHARES
    place = _in_table(library, found)
    if not allowed and (place is None or not needed & set(terms(place.row.heading)) - names):
        return False
    if allowed and place is not None and len(found.evidence.figures) == 2:  # its columns differ in whose it is
        joints |= set(terms(" ".join(place.headings)))
    if place is not None and not needed <= said | names:
        said = said | (_of_whole_table(place) & needed)
    if (_OTHER & set(terms(phrase))) != (_OTHER & said):
        return False
    return bool(needed & said) and needed <= said | names and said <= needed | names | joints | set(terms(phrase))


def _of_whole_table(place: _InTable) -> set[str]:
    """The terms for what all rows of a table measure, as its total does ("Total net sales") or the line that introduces
    it ("revenue by country"); none where that line names several things, or another row has the same heading."""
    rows = place.table.rows
    if sum(row.heading == place.row.heading for row in rows) > 1:
        return set()
    below = rows[rows.index(place.row) :]
    totals = [row.heading for row in below if TOTAL.match(row.heading) is not None][:1]  # what it is added up to
    caption = "" if _SEVERAL.search(place.table.caption) else place.table.caption
    return {term for said in (*totals, caption) for term in terms(said)}


def _in_table(library: Library, found: Found) -> _InTable | None:
    for table in library.tables(found.evidence.report.report_id):
        if not table.start <= found.figure.start < table.end:
            continue
        for row in table.rows:
            for cell, headings in zip(row.cells, row.column_headings, strict=True):
                if cell.start <= found.figure.start < cell.end:
                    return _InTable(table, row, cell, headings)
    return None


def _same_column(library: Library, found: Sequence[Found]) -> bool:
    places = [_in_table(library, f) for f in found]
    first = places[0]
    return first is not None and all(
        p is not None
        and (p.table.start, p.cell.column, p.headings) == (first.table.start, first.cell.column, first.headings)
        for p in places
    )

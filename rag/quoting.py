"""Where the evidence of an answer stands: the stretch of text to quote for it, and the headings of a table row."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from index import Library
from index.numbers import find_numbers
from index.periods import find_periods
from index.records import CELL_SEPARATOR, Table
from index.split import page_at

from .draft import Place
from .retrieve import Evidence

LONGEST_TABLE_QUOTE = 900  # characters from a table's headings to the row: beyond, the two are quoted apart
LONGEST_HEADINGS = 900  # characters
_DAY_AND_YEAR = re.compile(r"(.*\d),\s*(\d{4})")


def place_of(library: Library, evidence: Evidence) -> Place:
    """The place to quote for evidence: a sentence as it stands, a table row from the table's headings on, so that the
    columns can be read, or alone where these are far above it."""
    start = evidence.start
    table = table_of(library, evidence)
    if table is not None and evidence.end - table.start <= LONGEST_TABLE_QUOTE:
        start = table.start
    return Place(evidence.report, start, evidence.end, evidence.page, evidence.page_label, evidence.section)


def places_of(library: Library, several: Sequence[Evidence]) -> tuple[Place, ...]:
    """The place to quote for each of several pieces of evidence of one report: one for all where they stand near each
    other, in one table or one paragraph."""
    places = tuple(place_of(library, evidence) for evidence in several)
    first, last = min(places, key=lambda p: p.start), max(places, key=lambda p: p.end)
    between = library.text(first.report.report_id)[first.start : last.end]
    tables = [table_of(library, evidence) for evidence in several]
    beside = "\n" not in between if tables[0] is None else all(table == tables[0] for table in tables)
    if not beside or len(between) > LONGEST_TABLE_QUOTE or first.page != last.page:
        return places
    return (replace(first, end=last.end),) * len(places)


def headings_of(library: Library, evidence: Evidence, place: Place) -> Place | None:
    """The place of the headings of a table row that `place` quotes without them; None where it needs none, or others
    stand between them and the row."""
    table = table_of(library, evidence)
    if table is None or place.start == table.start or not table.rows:
        return None
    whole = library.text(evidence.report.report_id)
    text = whole[table.start : table.rows[0].start]
    between = whole[table.rows[0].start : evidence.start].split("\n")
    if not text.strip() or len(text) > LONGEST_HEADINGS or any(_heads(line) for line in between):
        return None
    return place_beside(library, evidence, table.start, table.start + len(text.rstrip()))


def _heads(line: str) -> bool:
    """Whether a line of a table has periods over its columns and no figures."""
    periods = find_periods(line)
    bare = line
    for period in reversed(periods):
        bare = bare[: period.start] + bare[period.end :]
    return bool(periods) and CELL_SEPARATOR.strip() in line and not any(character.isdigit() for character in bare)


def quoted_text(library: Library, place: Place, headings: Place | None = None) -> str:
    """What is quoted of a place, after the headings that are quoted with it."""
    text = library.text(place.report.report_id)
    heads = f"{text[headings.start : headings.end]}\n" if headings is not None else ""
    return f"{heads}{text[place.start : place.end]}"


def as_printed(text: str, quote: str) -> str:
    """The text with each date that a table prints in two lines, the day over its year, written as such: "May 31: 2018"
    where the quotation has "May 31," and "2018" but no "May 31, 2018"."""
    for number in reversed(find_numbers(text)):
        day = _DAY_AND_YEAR.fullmatch(number.text) if number.text not in quote else None
        if day is not None and f"{day[1]}," in quote:
            text = f"{text[: number.start]}{day[1]}: {day[2]}{text[number.end :]}"
    return text


def table_of(library: Library, evidence: Evidence) -> Table | None:
    """The table that a row stands in, None for a sentence."""
    if evidence.candidate.kind != "row":
        return None
    tables = library.tables(evidence.report.report_id)
    position = bisect_right([t.start for t in tables], evidence.start) - 1
    inside = position >= 0 and tables[position].start <= evidence.start < tables[position].end
    return tables[position] if inside else None


def place_beside(library: Library, evidence: Evidence, start: int, end: int) -> Place:
    """A place beside the evidence, on the page that it begins on."""
    page, label = page_at(library.page_runs(evidence.report.report_id), start)
    return Place(evidence.report, start, end, page, label, evidence.section)

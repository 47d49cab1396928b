"""A timeline: one judgment or one measure over the years, each point cited, and years without one said to be so.

Points are written and checked like answers (`rag/write.py`). Reports that contradict each other are both shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from index import Library
from index.errors import BadQuestion

from .aspects import aspect_terms, is_of_an_aspect
from .compose import figure_piece, printed_figure
from .draft import Draft, Piece
from .grid import NOT_STATED, Point, Reason, Timeline
from .judge import Record, records
from .judgment_history import judgment_history
from .measure_history import Asking, Stated, disagree, measure_history, without_periods
from .numbered import Numbered, numbered
from .records import Citation, Note, Scope
from .scope import Reach, reach
from .understand import understand
from .write import write

MOST_REPORTS = 100  # that a measure is looked for in: each is asked several times

Order = tuple[str, int, int, int]


def timeline(asking: Asking, text: str, scope: Scope) -> Timeline:
    """What `text` names over the years: a judgment where it speaks of one or names what was judged, else a measure.

    Raises UnknownReport, and BadQuestion where a measure would have to be looked for in more than `MOST_REPORTS`.
    """
    library = asking.library
    base, years = without_periods(text)
    question = understand(base or text)
    within = reach(question, scope, library.reports())
    found = records(library.judgments(None if within.everything else within.ids), library.report)
    known = [r for r in found if not years or (r.year is not None and years[0] <= r.year <= years[1])]
    asked = aspect_terms(base, [r.report.organisation for r in found])
    named = question.unit is None and is_of_an_aspect(asked, found)
    if question.kind == "judgment" or named:
        return _of_judgment(library, text, base, known, within, years)
    count = within.searched().count
    if count > MOST_REPORTS:
        raise BadQuestion(
            f"A timeline of a measure looks through {MOST_REPORTS} reports at most, and {count:,} are in reach: narrow "
            f"it to an organisation or to some years."
        )
    return _of_measure(asking, text, within, years)


def _of_judgment(
    library: Library, text: str, base: str, known: Sequence[Record], within: Reach, years: tuple[int, int] | None
) -> Timeline:
    history = judgment_history(base, known)
    writer = _Writer(library, text, within)
    points: list[tuple[Order, Point]] = []
    for place, judged in enumerate(history.judged):
        record = judged.record
        point = writer.point(judged.piece, record.report.organisation, record.year)
        points.append(((point.organisation or "", point.year or 9999, 0, place), point))
    notes: list[Note] = []
    for conflict in history.conflicts:
        of_year = [points[place][1] for place in conflict]
        grades = list(dict.fromkeys(f"“{j.grade}”" for point in of_year for j in point.judgments))
        if len(grades) > 1:
            told = f"For {of_year[0].year} the reports give {_joined(of_year[0].organisation)}different grades"
            notes.append(Note("conflict", f"{told}: {', '.join(grades)}.", _all(of_year)))
    others = ", ".join(f"“{aspect}”" for aspect in history.others)
    if not points:
        on_record = f" Judged were: {others}." if others else ""
        notes.append(Note("coverage", f"No judgment on this is on record in the reports searched.{on_record}"))
    elif others:
        notes.append(Note("coverage", f"Other judgments share words with this, and are not shown: {others}."))
    return writer.timeline("judgment", _with_absent(points, within, years), notes)


def _of_measure(asking: Asking, text: str, within: Reach, years: tuple[int, int] | None) -> Timeline:
    measures = measure_history(text, within, asking)
    writer = _Writer(asking.library, text, within)
    points: list[tuple[Order, Point]] = []
    notes: list[Note] = []
    for place, stated in enumerate(measures.stated):
        first, *others = (figure_piece(asking.library, p.evidence, p.figure) for p in stated.found)
        point = writer.point(first, stated.whose, stated.when.year, others)
        if point.status == "stated":
            period = stated.found[0].figure.period if stated.dated else None
            point = replace(point, period=period, planned=stated.planned)
        points.append(((stated.whose or "", stated.when.year, stated.when.month, place), point))
        if place in measures.misprinted and point.citations:
            notes.append(Note("misprint", "A report also prints this figure without its scale.", point.citations[:1]))
    notes += _conflicts(measures.stated, [point for _, point in points])
    if any(not stated.dated for stated in measures.stated):
        notes.append(
            Note("coverage", "Where no period is given, the report gives none: the year is that of the report.")
        )
    if not points:
        told = "No report searched plainly gives a figure of this with its period, nor is a judgment on it on record."
        notes.append(Note("coverage", told))
    if measures.unlike:
        units = ", ".join(measures.unlike)
        notes.append(
            Note("coverage", f"Figures that share its words are left out, since they are in another unit: {units}.")
        )
    return writer.timeline("measure", _with_absent(points, within, years), notes)


def _conflicts(stated: Sequence[Stated], points: Sequence[Point]) -> list[Note]:
    """A note for each period of which different values are given, with the years of the reports."""
    notes = []
    for series in dict.fromkeys(s.series for s in stated if s.alone is None):
        same = [i for i, s in enumerate(stated) if s.series == series and points[i].citations]
        if not disagree([stated[i] for i in same]):
            continue
        given = "; ".join(f"{printed_figure(stated[i].found[0].figure)} {_told_by(stated[i])}" for i in same)
        when = points[same[0]].period or str(points[same[0]].year)
        notes.append(
            Note("conflict", f"For {when} different values are given: {given}.", _all([points[i] for i in same]))
        )
    return notes


def _told_by(stated: Stated) -> str:
    years = sorted({str(p.evidence.report.year) for p in stated.found if p.evidence.report.year is not None})
    told = [f"report of {' and '.join(years)}" if years else "undated report", *(["planned"] if stated.planned else [])]
    return f"({', '.join(told)})"


class _Writer:
    """Writes and checks points, and numbers their citations through."""

    def __init__(self, library: Library, question: str, within: Reach) -> None:
        self._library, self._question, self._within = library, question, within
        self._citations: tuple[Citation, ...] = ()
        self._notes: list[Note] = []

    def point(self, piece: Piece, whose: str | None, year: int | None, also: Iterable[Piece] = ()) -> Point:
        """The point that a piece states, with the citations of other pieces that state the same; not stated where its
        check fails."""
        written = self._write(piece)
        if written is None:
            return absent(whose, year, "unclear")
        more = [n for other in also for n in self._cited(other) if n not in written.citations]
        text = written.text + "".join(f"[{n}]" for n in more)
        citations = (*written.citations, *more)
        return Point(whose, year, None, "stated", None, False, text, written.figures, written.judgments, citations)

    def timeline(
        self, kind: Literal["judgment", "measure"], points: Sequence[Point], notes: Sequence[Note]
    ) -> Timeline:
        """The points with the citations that they have."""
        searched = self._within.searched()
        noted = dict.fromkeys([*notes, *self._notes])
        return Timeline(self._question, kind, tuple(points), self._citations, tuple(noted), searched)

    def _cited(self, piece: Piece) -> tuple[int, ...]:
        written = self._write(piece)
        return () if written is None else written.citations

    def _write(self, piece: Piece) -> Numbered | None:
        answer = write(self._library, self._question, self._question, Draft((piece,)), self._within, {})
        if answer is None:
            return None
        written, self._citations = numbered(answer, self._citations)
        self._notes += written.notes
        return written


def absent(whose: str | None, year: int | None, reason: Reason) -> Point:
    """A point that says that nothing is stated."""
    return Point(whose, year, None, "not_stated", reason, False, NOT_STATED)


def _with_absent(
    points: Sequence[tuple[Order, Point]], within: Reach, years: tuple[int, int] | None
) -> tuple[Point, ...]:
    """The points in order, with one for each organisation and year that has a report and no point."""
    known = {(order[0], order[1]) for order, _ in points}
    missing = {
        (r.organisation or "", r.year)
        for r in within.reports
        if r.year is not None and (not years or years[0] <= r.year <= years[1])
    } - known
    filled: list[tuple[Order, Point]] = [
        ((whose, year, 0, 0), absent(whose or None, year, "not_found")) for whose, year in missing
    ]
    return tuple(point for _, point in sorted([*points, *filled], key=lambda item: item[0]))


def _all(points: Iterable[Point]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(n for point in points for n in point.citations))


def _joined(whose: str | None) -> str:
    return f"{whose} " if whose else ""

"""What a report is on is answered with its title, when it came out with the line that dates it, as the text has them.

A title shares its words with every question that names the report, so it is looked at only where a question asks for
the theme, subject or title of one report itself.
"""

import re

from index import Library
from index.dates import read_date
from index.records import ReportInfo
from index.split import page_at
from index.terms import terms

from .draft import Draft, Piece, Place
from .scope import Reach
from .understand import Question

_REPORT = r"(?:report|letter|inspection|review|audit|evaluation|assessment|survey)s?\b"
_SUBJECT = re.compile(
    r"^what (?:is|was|are|were) the (?:\w+ )?(?:theme|subject|topic|title|focus)\b"
    rf".{{0,80}}? of (?:the|this|that)\b.*{_REPORT}"
    rf"|^what (?:is|was) (?:the|this|that) .*{_REPORT}.{{0,60}} about\?*$",
    re.IGNORECASE,
)


_THE = r"(?:the|this|that)"
_DATED = re.compile(
    rf"^when (?:was|is|were|are) {_THE} (?:[\w’'-]+ ){{0,6}}?{_REPORT}.{{0,60}}?"
    r"\b(?:published|issued|released|last updated|dated)\s*\?*$"
    rf"|^(?:what|which) (?:is|was|day|month) (?:the )?(?:publication date|date of publication|date) of {_THE} .{{0,80}}"
    rf"{_REPORT}",
    re.IGNORECASE,
)
_DATES = re.compile(r"\b(?:published|updated|issued|released|publication|date[ds]?|copyright)\b|©", re.IGNORECASE)
_OF_DATING = frozenset(
    terms(
        "when was is were are what which the this that a day month date publication published issued released last "
        "updated dated of on for in its report reports letter inspection review audit evaluation assessment survey"
    )
)
FRONT = 4000  # characters in which a report is dated
LONGEST_LINE = 120  # characters of a line that dates it
MOST_DATED = 6  # reports whose dates are given together


def name_date(library: Library, question: Question, within: Reach) -> Draft | None:
    """The lines that date the reports whose publication a question asks for, the earliest first; an empty draft where
    the text of none shows its date, None for other questions, and where there are too many."""
    if _DATED.search(question.text) is None or within.searched().count > MOST_DATED:
        return None
    if not all(_is_meant(question, report) for report in within.reports):
        return None
    dated: dict[str, Piece] = {}
    for report in sorted(within.reports, key=lambda r: (-len(r.published or ""), r.report_id)):  # the most exact twin's
        piece = _date_line(library, report)
        if piece is not None:
            dated.setdefault(report.twin_of, piece)
    return Draft(tuple(sorted(dated.values(), key=lambda piece: piece.place.report.published or "")))


def _is_meant(question: Question, report: ReportInfo) -> bool:
    """Whether a question for the date of a report can be on this one: all it says of it is of its names and kind."""
    names = f"{report.title} {report.organisation or ''} {report.publisher or ''} {report.kind or ''}"
    return set(terms(question.body)) - _OF_DATING - {str(report.year)} <= set(terms(names))


def _date_line(library: Library, report: ReportInfo) -> Piece | None:
    text = library.text(report.report_id)
    for line in re.finditer(r"\S[^\n]*", text[:FRONT]):
        said = line.group().rstrip()
        if report.published is None or len(said) > LONGEST_LINE or read_date(said, text) != report.published:
            continue
        if len(report.published) == len("2016") and _DATES.search(said) is None:
            continue  # a year alone may be that of a title
        page, label = page_at(library.page_runs(report.report_id), line.start())
        place = Place(report, line.start(), line.start() + len(said), page, label, ())
        return Piece("", said, place, show_quote=False)
    return None


def name_subject(library: Library, question: Question, within: Reach) -> Draft:
    """The title of the report that a question asks the subject of; empty for other questions, where several reports
    may be meant, and where the text does not show the title or the title says no more than the question."""
    if _SUBJECT.search(question.text) is None or within.searched().count != 1:
        return Draft()
    for report in within.reports:  # twins: one of them may have lost its title
        start, end = _title_place(library, report)
        title = library.text(report.report_id)[start:end]
        if title and _says_more(title, question, report):
            page, label = page_at(library.page_runs(report.report_id), start)
            return Draft((Piece("", title, Place(report, start, end, page, label, ()), show_quote=False),))
    return Draft()


def _says_more(title: str, question: Question, report: ReportInfo) -> bool:
    """Whether a title has words that are neither the question's nor the organisation's; a title asked for need not."""
    known = {*terms(question.text), *terms(report.organisation or "")}
    return re.search(r"\btitle\b", question.text, re.IGNORECASE) is not None or bool(set(terms(title)) - known)


def _title_place(library: Library, report: ReportInfo) -> tuple[int, int]:
    """Where the title stands in the text, one that is shown shortened up to the end of its line; (0, 0) if nowhere."""
    text, shown = library.text(report.report_id), report.title.removesuffix("…")
    start = text.find(shown) if shown else -1
    if start < 0:
        return 0, 0
    end = start + len(shown)
    if shown != report.title:
        end = text.find("\n", end) if "\n" in text[end:] else len(text)
    return start, end

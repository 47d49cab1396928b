"""What a report is on is answered with its title, where it stands in the text.

A title shares its words with every question that names the report, so it is looked at only where a question asks for
the theme, subject or title of one report itself.
"""

import re

from index import Library
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

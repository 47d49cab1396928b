"""What stands around the conversation: the bar with the views, the line that says what is searched, adding reports."""

import json
from collections.abc import Sequence

from index.load import SUFFIXES
from index.records import ReportInfo

from ..render import escape, plural
from .library import library_list

VIEW_NAMES = {"ask": "Ask", "timeline": "Timeline", "compare": "Compare", "reports": "Reports"}


def bar_html(known: Sequence[ReportInfo]) -> str:
    count = f"<p>{plural(len(known), 'report')}</p>" if known else ""
    links = "".join(
        f'<li><a href="#{name}" data-view-link="{name}">{label}</a></li>' for name, label in VIEW_NAMES.items()
    )
    return (
        f'<div class="cw-bar"><h1>Citewell</h1>{count}<nav aria-label="Views"><ul>{links}</ul></nav>'
        '<button type="button" class="cw-toggle" data-side aria-expanded="false" aria-controls="cw-side">'
        'Menu</button></div><p id="cw-live" class="cw-hidden" role="status"></p>'
    )


def listing_html(known: Sequence[ReportInfo]) -> str:
    return f"<h2>{plural(len(known), 'report')}</h2>{library_list(known)}" if known else library_list(known)


def searched_line(
    known: Sequence[ReportInfo], organisations: Sequence[str], years: Sequence[int], report_ids: Sequence[str]
) -> str:
    if not known:
        return "<p>Add a report to begin.</p>"
    chosen = [
        report
        for report in known
        if (not organisations or report.organisation in organisations)
        and (not years or report.year in years)
        and (not report_ids or report.report_id in report_ids)
    ]
    scope = {"reports": [*report_ids], "organisations": [*organisations], "years": [*years]}
    told = f'<p data-scope="{escape(json.dumps(scope))}">'
    if len(chosen) == len(known):
        return f"{told}Searching all {plural(len(known), 'report')}.</p>"
    if not chosen:
        return f"{told}No report fits these filters: remove one to search.</p>"
    return f"{told}Searching {len(chosen)} of {plural(len(known), 'report')}.</p>"


CONVERSATIONS = (
    '<h2 id="cw-talks-title">Conversations</h2>'
    '<label class="cw-hidden" for="cw-talks-words">Search conversations</label>'
    '<input id="cw-talks-words" type="search" autocomplete="off" maxlength="200" placeholder="Search conversations">'
    '<ul id="cw-talk-list" aria-labelledby="cw-talks-title"></ul><p id="cw-talks-said" role="status"></p>'
)
ADD_REPORTS = (
    '<h2>Add reports</h2><label class="cw-drop"><input type="file" id="cw-files" class="cw-hidden" multiple '
    f'accept="{",".join(sorted(SUFFIXES))}"><b>Choose files</b> or drop them here<br>'
    "PDF, Word, Excel, PowerPoint, OpenDocument, HTML, text, CSV, email; up to 100 MB each</label>"
    '<ul class="cw-uploads" id="cw-upload-list" '
    'aria-live="polite" aria-label="Files being added"></ul>'
)
RESTING = (
    '<section id="cw-evidence" aria-label="Evidence"><div class="cw-resting"><h2>Evidence</h2>'
    "<p>Choose a numbered source in an answer to see its quotation here, marked where it stands in the report.</p>"
    "</div></section>"
)

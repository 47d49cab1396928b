"""The views beside the conversation as HTML: a timeline, a comparison, the reports and one report's profile."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from index.records import ReportInfo

from ..grid import Cell, Grid, Point, Timeline
from ..grid_table import REASONS
from ..records import Citation, Note, Searched
from ..render import NOTES, escape, plural
from .marks import answer_body, plain_mark, unescaped
from .picture import picture
from .turn import source_link

FILES = {"csv": "CSV", "xlsx": "Excel"}
REPORTS_SHOWN = 200  # in the table of reports at once: with more, a part of a title finds them


def timeline_view(timeline: Timeline, query: str) -> str:
    """The picture, the same in a table, the notes, the sources, and files of it. `query` is what asks for it again."""
    marks = {citation.n: citation for citation in timeline.citations}
    several = len({point.organisation for point in timeline.points}) > 1
    whose = '<th scope="col">Organisation</th>' if several else ""
    rows = "".join(
        "<tr>"
        + (f"<td>{escape(point.organisation or '–')}</td>" if several else "")
        + f'<th scope="row">{escape(point.period or str(point.year or "no year"))}</th>{_told(point, marks)}</tr>'
        for point in timeline.points
    )
    table = (
        f'<div class="cw-table" tabindex="0" role="region" aria-label="Timeline as a table"><table><thead><tr>{whose}'
        f'<th scope="col">When</th><th scope="col">Stated</th></tr></thead><tbody>{rows}</tbody></table></div>'
        if rows
        else ""
    )
    kind = "Judgments over the years" if timeline.kind == "judgment" else "A measure over the years"
    head = _head(f"{kind}: {timeline.question}", timeline.scope, "timeline", query, rows != "")
    return head + picture(timeline) + _notes(timeline.notes, marks) + table + _sources(timeline.citations)


def grid_view(grid: Grid, query: str) -> str:
    """The comparison as a table, the notes, the sources, and files of it. `query` is what asks for it again."""
    marks = {citation.n: citation for citation in grid.citations}
    heads = "".join(f'<th scope="col">{year}</th>' for year in grid.years)
    rows = "".join(
        f'<tr><th scope="row">{escape(organisation)}</th>'
        + "".join(_told(grid.cell(organisation, year), marks) for year in grid.years)
        + "</tr>"
        for organisation in grid.organisations
    )
    table = (
        '<div class="cw-table cw-comparison" tabindex="0" role="region" aria-label="Comparison"><table><thead><tr>'
        f'<th scope="col">Organisation</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
    head = _head(f"Compared: {grid.question}", grid.scope, "compare", query, True)
    return head + table + _notes(grid.notes, marks) + _sources(grid.citations)


def _head(title: str, searched: Searched, view: str, query: str, files: bool) -> str:
    links = "".join(
        f'<a class="cw-button" href="views/{view}.{ending}?{escape(query)}" download>{label}</a>'
        for ending, label in FILES.items()
    )
    return (
        f'<div class="cw-view-head"><h3>{escape(title)}</h3><p>Searched {plural(searched.count, "report")}.</p>'
        + (f'<div class="cw-actions" role="group" aria-label="Save">{links}</div>' if files else "")
        + "</div>"
    )


def _told(told: Cell | Point, marks: Mapping[int, Citation]) -> str:
    if told.status == "stated":
        planned = ' <span class="cw-tag">planned</span>' if isinstance(told, Point) and told.planned else ""
        return f"<td>{answer_body(told.text, None, list(marks.values()))}{planned}</td>"
    reason = "" if told.reason in (None, "not_found") else f" ({REASONS[told.reason]})"
    return f'<td class="cw-not-stated">not stated{reason}</td>'


def _notes(notes: Sequence[Note], marks: Mapping[int, Citation]) -> str:
    return "".join(
        f'<div class="cw-note cw-note-{note.kind}" role="note" aria-label="{NOTES[note.kind]}">'
        f"<strong>{NOTES[note.kind]}</strong><p>{escape(unescaped(note.text))}"
        + "".join(f" {plain_mark(number, marks)}" for number in note.citations)
        + "</p></div>"
        for note in notes
    )


def _sources(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    items = "".join(f"<li>{source_link(citation)}</li>" for citation in citations)
    return f'<div class="cw-sources"><h3>Sources</h3><ol>{items}</ol></div>'


def reports_view(reports: Sequence[ReportInfo], part: str = "") -> str:
    """The table of reports, of those whose title, file or organisation has `part` in it: what is known, what can be
    done with each."""
    words = part.casefold().split()
    fitting = [report for report in reports if all(word in _named(report) for word in words)]
    if not fitting:
        return f'<p class="cw-empty">{"No report fits these words." if reports else "No reports yet."}</p>'
    rows = "".join(_report_row(report) for report in fitting[:REPORTS_SHOWN])
    more = len(fitting) - REPORTS_SHOWN
    told = f'<p class="cw-empty">{plural(more, "more report")}: search for a title to see them.</p>' if more > 0 else ""
    return (
        '<div class="cw-table cw-reports" tabindex="0" role="region" aria-label="Table of reports"><table><thead><tr>'
        '<th scope="col">Report</th><th scope="col">Year</th><th scope="col">Pages</th><th scope="col">Judgments</th>'
        '<th scope="col">Figures</th><th scope="col">Not read</th><th scope="col">Actions</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{told}"
    )


def _named(report: ReportInfo) -> str:
    return f"{report.title} {report.file} {report.organisation or ''} {report.year or ''}".casefold()


def _report_row(report: ReportInfo) -> str:
    key, title = escape(report.report_id), escape(report.title)
    unread = ", ".join(map(str, report.pages_not_read[:12])) + ("…" if len(report.pages_not_read) > 12 else "")
    not_read = f"pages {unread}" if unread else "–"
    warnings = "".join(f"<small>{escape(warning)}</small>" for warning in report.warnings[:3])
    later = "<small>There is a later version of it.</small>" if report.superseded_by else ""
    file = report.file.replace("\\", "/").rsplit("/", 1)[-1]

    def button(action: str, label: str, sure: str, doing: str) -> str:
        return (
            f'<button type="button" data-address="views/reports/{key}/{action}" data-method="POST" '
            f'data-confirm="{sure}" data-doing="{doing}" aria-label="{label} {title}">{label}</button>'
        )

    return (
        f'<tr><th scope="row"><button type="button" class="cw-link" data-profile="{key}">{title}</button>'
        f"<small>{escape(report.organisation or '')}</small><small>{escape(file)}</small>{later}{warnings}</th>"
        f'<td data-label="Published">{escape(report.published or str(report.year or "–"))}</td>'
        f'<td data-label="Pages">{report.pages or "–"}</td><td data-label="Judgments">{report.judgments:,}</td>'
        f'<td data-label="Figures">{report.figures:,}</td><td data-label="Not read">{escape(not_read)}</td>'
        f'<td><div class="cw-actions"><a class="cw-button" href="source/{key}" target="_blank" rel="noopener" '
        f'aria-label="Open {escape(file)}">Open</a>'
        + button("read-again", "Read again", "Read it again now?", "Reading it again")
        + button("remove", "Remove", "Remove for good?", "Removing")
        + "</div></td></tr>"
    )


def search_query(text: str, reports: Sequence[str], organisations: Sequence[str], years: Sequence[int]) -> str:
    """The query string that asks for a timeline or a comparison again."""
    pairs = [("text", text), *(("reports", r) for r in reports), *(("organisations", o) for o in organisations)]
    return urlencode([*pairs, *(("years", str(year)) for year in years)])


VIEWS = """
<section class="cw-view" data-name="timeline" aria-labelledby="cw-timeline-title" hidden>
<h2 id="cw-timeline-title">Timeline</h2>
<p>A judgment or one measure over the years, each point cited. The filters at the side narrow it.</p>
<form data-look="timeline" data-doing="Looking through the reports" class="cw-look"><label for="cw-timeline-text">
Judgment or measure</label><input id="cw-timeline-text" name="text" type="text" autocomplete="off" required
maxlength="2000" placeholder="For example: number of officers"><button type="submit">Show</button></form>
<div class="cw-found"></div></section>
<section class="cw-view" data-name="compare" aria-labelledby="cw-compare-title" hidden>
<h2 id="cw-compare-title">Compare</h2>
<p>One question for each organisation and year, each cell cited or “not stated”. Rows and columns are those that the
question or the filters at the side name, else all.</p>
<form data-look="compare" data-doing="Asking for each organisation and year" class="cw-look">
<label for="cw-compare-text">Question</label><input id="cw-compare-text" name="text" type="text" autocomplete="off"
required maxlength="2000" placeholder="For example: How many officers are there?">
<button type="submit">Compare</button></form>
<div class="cw-found"></div></section>
<section class="cw-view" data-name="reports" aria-labelledby="cw-reports-title" hidden>
<h2 id="cw-reports-title">Reports</h2>
<p id="cw-reports-said" role="status"></p>
<form class="cw-look" data-find-reports><label for="cw-reports-part">Find a report</label>
<input id="cw-reports-part" name="part" type="search" autocomplete="off" maxlength="200"
placeholder="Title, organisation, year or file"></form>
<div id="cw-reports-table"></div>
<section id="cw-profile" aria-label="Profile of a report"></section></section>
"""

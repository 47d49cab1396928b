"""The reports as HTML: the list at the side, the table that manages them, and what stands before the first question."""

from collections.abc import Sequence

from index.records import ReportInfo

from ..render import escape, plural

LISTED = 100  # reports at the side; the view of reports has them all


def report_facts(report: ReportInfo) -> str:
    """What is known of a report, in one line of text."""
    unread = len(report.pages_not_read)
    parts = (
        report.organisation or "",
        report.published or (str(report.year) if report.year is not None else ""),
        plural(report.pages, "page") if report.pages else "",
        plural(report.judgments, "judgment") if report.judgments else "",
        plural(report.figures, "figure") if report.figures else "",
        f"{plural(unread, 'page')} not read" if unread else "",
    )
    return " · ".join(part for part in parts if part)


def library_list(reports: Sequence[ReportInfo]) -> str:
    """The reports that are loaded, with what is known of each."""
    if not reports:
        return '<p class="cw-empty-list">No reports yet.</p>'
    items = "".join(
        f'<li><button type="button" class="cw-link" data-profile="{escape(report.report_id)}">'
        f"{escape(report.title)}</button>"
        f"<small>{escape(report_facts(report))}</small>"
        f'<a href="source/{escape(report.report_id)}" target="_blank" rel="noopener" '
        f'aria-label="Open {escape(report.file)}">{escape(report.file)}</a></li>'
        for report in reports[:LISTED]
    )
    more = len(reports) - LISTED
    if more > 0:
        items += f'<li><a href="#reports">{plural(more, "more report")}</a></li>'
    return f'<ul class="cw-library" aria-label="Reports">{items}</ul>'


def welcome(reports: Sequence[ReportInfo], examples: Sequence[str]) -> str:
    """What stands in the conversation before the first question."""
    if not reports:
        return (
            '<section class="cw-welcome"><h2>No reports yet</h2><p>Add one or more reports under '
            "“Add reports”: PDF, Word, HTML, Markdown or plain text. They stay on this computer. "
            "Then ask about them here.</p></section>"
        )
    years = sorted({report.year for report in reports if report.year is not None})
    span = f", {years[0]} to {years[-1]}" if len(years) > 1 else (f", {years[0]}" if years else "")
    buttons = "".join(
        f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    offer = f'<h3>For example</h3><ul class="cw-examples">{buttons}</ul>' if buttons else ""
    return (
        f'<section class="cw-welcome"><h2>Ask {plural(len(reports), "report")}{span}</h2>'
        "<p>Each statement comes with the passage that it rests on, and each figure is checked against it. "
        f"Where the reports do not say, the answer says so.</p>{offer}</section>"
    )

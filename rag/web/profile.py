"""A report's profile as HTML: what it is, its judgments, its key figures, its areas for improvement, each cited."""

from collections.abc import Sequence
from itertools import groupby

from ..profile import Profile
from ..render import escape
from .library import report_facts
from .marks import plain_mark
from .turn import source_link


def profile_view(profile: Profile) -> str:
    """The profile, with files of it and a link to the source."""
    report = profile.report
    marks = {citation.n: citation for citation in profile.citations}
    key = escape(report.report_id)
    links = (
        f'<a class="cw-button" href="source/{key}" target="_blank" rel="noopener">Open the file</a>'
        f'<a class="cw-button" href="api/v1/reports/{key}/profile/export?format=csv" download>CSV</a>'
        f'<a class="cw-button" href="api/v1/reports/{key}/profile/export?format=xlsx" download>Excel</a>'
    )
    unread = ", ".join(map(str, report.pages_not_read))
    warned = [*report.warnings, *([f"Pages that could not be read: {unread}."] if unread else [])]
    told = "".join(f'<p class="cw-note cw-note-coverage" role="note">{escape(words)}</p>' for words in warned)
    judgments = _table(
        "Judgments",
        ("Grade", "On", "Year", "Source"),
        [(j.grade.capitalize(), j.aspect, str(j.year or ""), plain_mark(j.citation, marks)) for j in profile.judgments],
    )
    figures = _table(
        "Key figures",
        ("Value", "Of", "When", "Source"),
        [
            (f.text, ", ".join(p for p in (f.measure, f.subject) if p), f.period or "", plain_mark(f.citation, marks))
            for f in profile.figures
        ],
    )
    improvements = "".join(
        f"<h4>{escape(heading)}</h4><ul>"
        + "".join(f"<li>{escape(item.text)} {plain_mark(item.citation, marks)}</li>" for item in items)
        + "</ul>"
        for heading, items in groupby(profile.improvements, key=lambda item: item.heading)
    )
    sources = "".join(f"<li>{source_link(citation)}</li>" for citation in profile.citations)
    return (
        f"<h2>{escape(report.title)}</h2><p>{escape(report_facts(report))}</p>"
        f'<div class="cw-actions" role="group" aria-label="The report">{links}</div>{told}{judgments}{figures}'
        + (
            f'<section class="cw-improve"><h3>Areas for improvement</h3>{improvements}</section>'
            if improvements
            else ""
        )
        + (
            f'<details class="cw-how"><summary>Sources of the profile</summary><ol class="cw-plain-list">{sources}</ol>'
            "</details>"
            if sources
            else '<p class="cw-empty">No judgment or key figure was found in this report.</p>'
        )
    )


def _table(title: str, heads: Sequence[str], rows: Sequence[tuple[str, str, str, str]]) -> str:
    """A table whose last column is HTML already."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th><td>{escape(second)}</td><td>{escape(third)}</td><td>{mark}</td></tr>'
        for first, second, third, mark in rows
    )
    return (
        f'<h3>{title}</h3><div class="cw-table" tabindex="0" role="region" aria-label="{title}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )

"""The HTML of the evidence panel: the quotation marked in the section that it comes from.

Everything is cut from the report's canonical text by offset, and every offset of the quotation lies in a `<mark>`.
Separators between the cells of a table row stay in the page, hidden, so that the marks read together are the quote.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import CELL_SEPARATOR, PageRun, ReportInfo, Section, Table, TableRow

from .places import section_at
from .render import escape, page_words

AROUND_CHARACTERS = 5_000  # shown before and after the quotation at most: a long section stays readable on a phone


@dataclass(frozen=True, slots=True)
class Place:
    """What the panel needs of one report to show `text[start:end]` where it stands."""

    report: ReportInfo
    text: str
    sections: tuple[Section, ...]
    page_runs: tuple[PageRun, ...]
    tables: tuple[Table, ...]
    start: int
    end: int


def evidence_panel(
    place: Place, number: int | None = None, also_in: Sequence[ReportInfo] = (), pictures: bool = False
) -> str:
    """The panel's content: what the report is, where in it, the section with the quotation marked, and the file. With
    `pictures` there is a place for the page of a PDF, which the script draws, and the section is hidden at first."""
    report = place.report
    run = next((run for run in place.page_runs if run.start <= place.start < run.end), None)
    page = page_words(run.page, run.label) if run else ""
    section = section_at(place.sections, place.start)
    facts = [report.organisation or "", str(report.year) if report.year is not None else "", page]
    path = "".join(f"<li>{escape(heading)}</li>" for heading in section.path) if section else ""
    anchor = f"#page={run.page}" if run and report.media_type == "application/pdf" else ""
    also = "".join(
        f'<li><a href="source/{escape(other.report_id)}" target="_blank" rel="noopener">{escape(other.title)}</a> '
        f"<small>{escape(other.file)}</small></li>"
        for other in also_in
    )
    label = f"Source {number}" if number is not None else "Source"
    return (
        f'<header><p class="cw-kicker">{label}</p><h2>{escape(report.title)}</h2>'
        f"<p>{escape(' · '.join(fact for fact in facts if fact))}</p>"
        + (f'<ol class="cw-path" aria-label="Section">{path}</ol>' if path else "")
        + f'<p class="cw-file"><a href="source/{escape(report.report_id)}{anchor}" target="_blank" rel="noopener">'
        f"Open {escape(report.file)}</a></p>"
        + (f'<div class="cw-also"><h3>Also in</h3><ul>{also}</ul></div>' if also else "")
        + "</header>"
        + (_pages(place, run.page) if pictures and anchor and run else "")
        + f'<div class="cw-document"{" hidden" if pictures and anchor else ""}>{_document(place, section)}</div>'
    )


def _pages(place: Place, page: int) -> str:
    report = place.report
    return (
        f'<div class="cw-pages" data-report="{escape(report.report_id)}" data-start="{place.start}" '
        f'data-end="{place.end}" data-page="{page}" data-pages="{report.pages}" data-title="{escape(report.title)}">'
        '<div class="cw-page-bar" role="group" aria-label="Page">'
        '<button type="button" data-turn="-1" aria-label="Previous page">‹</button>'
        f'<span class="cw-page-now">Page {page} of {report.pages}</span>'
        '<button type="button" data-turn="1" aria-label="Next page">›</button>'
        '<button type="button" data-to-quote hidden>To the quotation</button>'
        '<button type="button" data-zoom="-1" aria-label="Smaller">−</button>'
        '<button type="button" data-zoom="1" aria-label="Larger">+</button>'
        '<button type="button" data-as-text>Text</button></div>'
        '<p class="cw-unboxed" hidden>The quotation could not be boxed on this page. “Text” has it marked.</p>'
        '<div class="cw-sheet" tabindex="0" role="region" aria-label="Picture of the page">'
        '<p class="cw-drawing" role="status">Drawing the page…</p></div></div>'
    )


def _document(place: Place, section: Section | None) -> str:
    first, last = (section.start, section.end) if section else (0, len(place.text))
    last = max(last, place.end)
    start = _line_start(place.text, max(first, place.start - AROUND_CHARACTERS))
    end = _line_end(place.text, min(last, place.end + AROUND_CHARACTERS))
    for table in place.tables:  # a table is shown whole, since its first rows hold the headings
        if table.start < end and start < table.end and table.end - table.start <= 2 * AROUND_CHARACTERS:
            start, end = min(start, _line_start(place.text, table.start)), max(end, table.end)
    out = ['<p class="cw-cut">The section begins earlier.</p>'] if start > first else []
    at = start
    tables = sorted((table for table in place.tables if start <= table.start < end), key=lambda table: table.start)
    for table in tables:
        if table.start >= at:
            out.append(_lines(place, at, table.start))
            out.append(_table(place, table))
            at = table.end
    out.append(_lines(place, at, end))
    if end < last:
        out.append('<p class="cw-cut">The section goes on.</p>')
    # the first piece that can be seen takes the focus, so that a screen reader arrives at the quotation's beginning
    return "".join(out).replace("<mark>", '<mark id="cw-quote" tabindex="-1">', 1)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _marked(place: Place, start: int, end: int) -> str:
    """`text[start:end]` as HTML with what lies in the quotation marked."""
    low, high = max(start, place.start), min(end, place.end)
    if low >= high:
        return escape(place.text[start:end])
    return escape(place.text[start:low]) + f"<mark>{escape(place.text[low:high])}</mark>" + escape(place.text[high:end])


def _lines(place: Place, start: int, end: int) -> str:
    headings = {section.start: section for section in place.sections if section.body_start > section.start}
    breaks = [run for run in place.page_runs if start < run.start < end]
    out: list[str] = []
    at = start
    while at < end:
        stop = min(_line_end(place.text, at), end)
        while breaks and breaks[0].start <= at:
            out.append(_page_break(breaks.pop(0)))
        line = place.text[at:stop]
        if line.strip():
            heading = headings.get(at)
            inside = next((run for run in breaks if at < run.start < stop), None)
            if inside is not None:
                content = _marked(place, at, inside.start) + _page_tag(inside) + _marked(place, inside.start, stop)
            else:
                content = _marked(place, at, stop)
            if heading is not None:
                out.append(f"<h3>{content}</h3>")  # of one level: sections of any depth may follow each other
            elif line.lstrip().startswith(("•", "- ", "* ", "– ", "▪", "◦")):
                out.append(f'<p class="cw-item">{content}</p>')
            else:
                out.append(f"<p>{content}</p>")
        elif max(at, place.start) < min(stop + 1, place.end):
            out.append("")
        at = stop + 1
    return "".join(out)


def _page_break(run: PageRun) -> str:
    return f'<p class="cw-page" role="separator">{escape(page_words(run.page, run.label).capitalize())}</p>'


def _page_tag(run: PageRun) -> str:
    return f'<span class="cw-page-tag">{escape(page_words(run.page, run.label))}</span> '


def _table(place: Place, table: Table) -> str:
    """A table with its headings. The headings are built from what each cell is under, since a printed heading row
    has lost how many columns it spans; they are shown as printed where the quotation is of them."""
    rows = sorted(table.rows, key=lambda row: row.start)
    if not rows:
        return _lines(place, table.start, table.end)
    width = max([cell.column + cell.columns for row in rows for cell in row.cells] or [1])
    width = max(width, 2)
    head = _head(rows, width)
    body: list[str] = []
    at = table.start
    for row in rows:
        body.append(_between(place, at, row.start, width, skip=bool(head) and at == table.start))
        body.append(_row(place, row, width))
        at = row.end
    body.append(_between(place, at, table.end, width, skip=False))
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="cw-table" tabindex="0" role="region" aria-label="Table at character {table.start:,}"><table>'
        f"{caption}{head}<tbody>{''.join(body)}</tbody></table></div>"
    )


def _head(rows: Sequence[TableRow], width: int) -> str:
    over: dict[int, tuple[str, ...]] = {}
    for row in rows:
        for cell, headings in zip(row.cells, row.column_headings, strict=True):
            for column in range(cell.column, cell.column + cell.columns):
                if len(headings) > len(over.get(column, ())):
                    over[column] = headings
    depth = max((len(headings) for headings in over.values()), default=0)
    lines = []
    for level in range(depth):
        cells: list[tuple[str, int]] = []
        for column in range(width):
            headings = over.get(column, ())
            text = headings[level] if level < len(headings) else ""
            same_parent = column > 0 and over.get(column - 1, ())[:level] == headings[:level]
            if cells and text and cells[-1][0] == text and same_parent and level < depth - 1:
                cells[-1] = (text, cells[-1][1] + 1)
            else:
                cells.append((text, 1))
        lines.append("<tr>" + "".join(_heading_cell(text, span) for text, span in cells) + "</tr>")
    return f"<thead>{''.join(lines)}</thead>" if lines else ""


def _heading_cell(text: str, span: int) -> str:
    if not text:
        return "<td></td>"
    return f'<th scope="col"{f" colspan={span}" if span > 1 else ""}>{escape(text)}</th>'


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The cells of a printed row, by offset."""
    pieces, at = [], start
    while (found := text.find(CELL_SEPARATOR, at, end)) >= 0:
        pieces.append((at, found))
        at = found + len(CELL_SEPARATOR)
    return [*pieces, (at, end)]


def _row(place: Place, row: TableRow, width: int) -> str:
    known = {cell.start: cell for cell in row.cells}
    out, column = [], 0
    pieces = _pieces(place.text, row.start, row.end)
    for number, (start, end) in enumerate(pieces):
        cell = known.get(start)
        if cell is not None and cell.column > column:
            out.append("<td></td>" * (cell.column - column))
            column = cell.column
        span = cell.columns if cell is not None else 1
        gap = _separator(place, end) if number + 1 < len(pieces) else ""
        content = _marked(place, start, end) + gap
        spanned = f" colspan={span}" if span > 1 else ""
        out.append(
            f'<th scope="row"{spanned}>{content}</th>'
            if number == 0 and cell is None and place.text[start:end].strip()
            else f"<td{spanned}>{content}</td>"
        )
        column += span
    out.append("<td></td>" * max(0, width - column))
    return f"<tr>{''.join(out)}</tr>"


def _printed_heading(place: Place, piece: tuple[int, int], last: bool) -> str:
    tag = "th" if place.text[piece[0] : piece[1]].strip() else "td"
    return f"<{tag}>{_marked(place, *piece)}{'' if last else _separator(place, piece[1])}</{tag}>"


def _separator(place: Place, at: int) -> str:
    inside = place.start <= at and at + len(CELL_SEPARATOR) <= place.end
    return f"<mark hidden>{escape(CELL_SEPARATOR)}</mark>" if inside else ""


def _between(place: Place, start: int, end: int, width: int, skip: bool) -> str:
    """Lines of a table that are no rows of figures: sub-headings, notes, and the heading rows as printed."""
    out, at = [], start
    while at < end:
        stop = min(_line_end(place.text, at), end)
        quoted = max(at, place.start) < min(stop, place.end)
        if place.text[at:stop].strip() and (quoted or not skip):
            pieces = _pieces(place.text, at, stop)
            cells = "".join(_printed_heading(place, piece, last=piece is pieces[-1]) for piece in pieces)
            if len(pieces) == 1:
                cells = f'<th colspan="{width}" class="cw-sub">{_marked(place, at, stop)}</th>'
            out.append(f"<tr>{cells}</tr>")
        at = stop + 1
    return "".join(out)

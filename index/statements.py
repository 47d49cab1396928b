"""Cut a report into statements: the sentences, table rows and judgment lines that can be quoted, with their facts.

A sentence that leans on the one before ("This is 20.4 percent of …") is quoted with it: alone it proves nothing.
"""

import re

from .charts import read_charts
from .facts import row_figures, row_meaning, sentence_figures, with_period
from .judgments import line_judgments, sentence_judgments
from .records import Figure, Judgment, Section, Statement, StatementKind, StructuredReport
from .sentences import leans, sentence_spans
from .split import content_id, header, page_at
from .subjects import comparators
from .tables import CAPTION


def find_statements(report: StructuredReport) -> tuple[Statement, ...]:
    """The statements of a report in text order: its sentences, table rows and judgment lines."""
    loaded, identity = report.loaded, report.identity
    compared = comparators(loaded.text, identity.organisation)
    found: list[Statement] = []
    in_tables: set[tuple[int, int]] = set()
    for table in report.tables:
        for row in table.rows:
            in_tables.add((row.start, row.end))
            figures = row_figures(loaded.text, row, table, compared, identity.organisation)
            if row.cells:
                meaning = row_meaning(loaded.text, row, table)
                if table.caption:
                    meaning = f"{meaning} ({table.caption})"
                found.append(_statement(report, "row", row.start, row.end, meaning, figures, ()))
    for judged in line_judgments(report):
        j = judged.judgment
        meaning = f"{'Overall judgment' if j.overall else 'Judgment'}: {j.aspect} {j.grade}"
        found.append(_statement(report, "judgment", judged.start, judged.end, meaning, (), (j,)))
    for block in loaded.blocks:
        section = section_at(report.sections, block.start)
        if block.kind in ("table_row", "furniture", "heading") or section is None or section.kind != "body":
            continue
        if section.path and block.start == section.start:  # a heading that a plain text file does not mark as one
            continue
        if any(start <= block.start < end for start, end in in_tables):
            continue
        before: tuple[int, int] | None = None
        for start, end in sentence_spans(loaded.text[block.start : block.end], block.start):
            sentence = loaded.text[start:end]
            leaning = before is not None and leans(sentence)
            first = before[0] if before is not None and leaning else start
            figures = sentence_figures(sentence, start, compared, identity.organisation)
            if leaning:
                figures = with_period(figures, loaded.text[first:start])
            judgments = sentence_judgments(report, start, end)
            if _says(sentence):
                meaning = loaded.text[first:end]
                found.append(_statement(report, "sentence", first, end, meaning, figures, judgments))
            before = (start, end)
    for chart in read_charts(report, compared, [(s.meaning, s.figures) for s in found]):
        found.append(_statement(report, "row", chart.start, chart.end, chart.meaning, chart.figures, ()))
    return tuple(sorted(found, key=lambda statement: (statement.start, statement.end)))


def _says(sentence: str) -> bool:
    """Whether a sentence says something: a caption, a label, a bare number or a letter's salutation does not."""
    if CAPTION.match(sentence) is not None or re.match(r"Dear\b[^.!?]*$", sentence) is not None:
        return False
    return len(re.findall(r"[A-Za-z]{2,}", sentence)) >= 4


def section_at(sections: tuple[Section, ...], at: int) -> Section | None:
    """The section that the character at `at` stands in."""
    return next((s for s in sections if s.start <= at < s.end), None)


def _statement(
    report: StructuredReport,
    kind: StatementKind,
    start: int,
    end: int,
    meaning: str,
    figures: tuple[Figure, ...],
    judgments: tuple[Judgment, ...],
) -> Statement:
    loaded = report.loaded
    section = section_at(report.sections, start)
    path = section.path if section is not None else ()
    page, label = page_at(loaded.page_runs, start)
    return Statement(
        statement_id=content_id(loaded.report_id, kind[0], start, f"{end}\n{meaning}"),
        report_id=loaded.report_id,
        kind=kind,
        start=start,
        end=end,
        text=loaded.text[start:end],
        meaning=meaning,
        header=header(report, path),
        section=path,
        page=page,
        page_label=label,
        figures=figures,
        judgments=judgments,
    )

"""Which page and section an offset of a report's canonical text is in."""

from collections.abc import Sequence

from index.records import PageRun, Section


def page_at(runs: Sequence[PageRun], at: int) -> tuple[int | None, str | None]:
    """(page from 1, label as printed) of the offset, None where the format has no pages."""
    run = next((run for run in runs if run.start <= at < run.end), None)
    return (run.page, run.label) if run is not None else (None, None)


def section_at(sections: Sequence[Section], at: int) -> Section | None:
    """The innermost section that holds the offset."""
    holding = [section for section in sections if section.start <= at < section.end]
    return min(holding, key=lambda section: section.end - section.start, default=None)

"""Which section an offset of a report's canonical text is in."""

from collections.abc import Sequence

from index.records import Section


def section_at(sections: Sequence[Section], at: int) -> Section | None:
    """The innermost section that holds the offset."""
    holding = [section for section in sections if section.start <= at < section.end]
    return min(holding, key=lambda section: section.end - section.start, default=None)

"""Whether a figure was reached when its report was written, or is only planned, and whether that is what is asked for.

A table of "planned changes" from a past date to a coming one has figures of both kinds: those of a time that was over
are as they were. A word of planning that heads the figure itself ("planned spending") leaves no figure settled.
"""

import re

from index.periods import Period, find_periods
from index.records import Figure, ReportInfo

from .retrieve import Evidence

_ANOTHER_VERSION = re.compile(
    r"(?<!\bon )(?<!\bwithin )\b(?:target\w*|intend\w*|budget(?:ed)?|estimat\w*|proposed|pro forma|restated"
    r"|adjusted)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(r"\b(?:will|would|plan\w*|project(?:s|ed|ion|ions)|forecast\w*|expect\w*)\b", re.IGNORECASE)
_PLANNED_CHANGE = re.compile(
    r"\b(?:planned|projected|forecast|expected)\s+(?:chang|reduction|increase|decrease|fall|rise)\w*", re.IGNORECASE
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_PERIOD_CELL = re.compile(r"(?:–|;) (?:Period|Year|Date|Time|As at)\b[^:;]*: ([^;]+)")


def is_settled(evidence: Evidence, figure: Figure, asked: str, *, ahead: bool) -> bool:
    """Whether the figure is no plan and no other version of another figure, as far as its headings or sentence, what
    introduces it, and the words `asked` say; with `ahead`, where the question is about what is to come, or a plan."""
    c = evidence.candidate
    own = f"{asked} {figure.measure or ''}" if c.kind == "row" else f"{asked} {c.meaning}"
    around = f"{c.meaning} {' '.join(evidence.section)}"
    versions = {found.lower() for found in _ANOTHER_VERSION.findall(f"{own} {around}")}
    if versions - ({"adjusted", "pro forma"} & {found.lower() for found in _ANOTHER_VERSION.findall(asked)}):
        return False
    if ahead:
        return True
    if _PLANNED.search(own) is not None:
        return False
    was = period_of(evidence, figure)
    rest = _PLANNED_CHANGE.sub(" ", around) if was is not None and _is_over(was, evidence.report) else around
    return _PLANNED.search(rest) is None


def period_of(evidence: Evidence, figure: Figure) -> Period | None:
    """The one period that a figure is of, from its headings, or from the cell of its row that is there to say it; None
    where there is none, or more than one."""
    stated = find_periods(figure.period or "")
    if not stated and evidence.candidate.kind == "row":
        cells = _PERIOD_CELL.findall(evidence.candidate.meaning)
        stated = find_periods(cells[0]) if len(cells) == 1 else ()
    return stated[0] if len(stated) == 1 else None


def _is_over(period: Period, report: ReportInfo) -> bool:
    """Whether a period ended before its report was published, as far as both are dated."""
    published = [int(part) for part in (report.published or str(report.year or "0")).split("-")[:2]]
    year, month = published[0], published[1] if len(published) > 1 else 1
    named = [month for month in _MONTHS if re.search(rf"\b{month}", period.text, re.IGNORECASE)]
    ended = _MONTHS.index(named[-1]) + 1 if named else len(_MONTHS)
    return (max(period.years), ended) < (year, month)

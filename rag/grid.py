"""The records of a timeline and of a comparison: what is stated of each year, or of each organisation and year.

They hold the same figures, judgments, citations and notes as an `Answer`, and have the same fields in Python and in
`--json`. A cell or point that is not stated says why, and never carries the nearest thing instead.
"""

from dataclasses import dataclass
from typing import Literal

from .records import AnswerFigure, AnswerJudgment, Citation, Note, Searched

CellStatus = Literal["stated", "not_stated"]
Reason = Literal["no_report", "not_found", "unclear"]
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Cell:
    """What the reports of one organisation and year say.

    `text` is Markdown in which every stating line carries a mark such as [1], or "not stated". `reason` is None where
    something is stated: "no_report" where there is no report of that organisation and year, "not_found" where it does
    not say, "unclear" where what was found may not be what was asked. `citations` are numbers of the grid's citations.
    """

    organisation: str
    year: int
    status: CellStatus
    reason: Reason | None
    text: str
    figures: tuple[AnswerFigure, ...] = ()
    judgments: tuple[AnswerJudgment, ...] = ()
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A comparison: one cell for each organisation and year, in the order of `organisations` and then of `years`."""

    question: str
    organisations: tuple[str, ...]
    years: tuple[int, ...]
    cells: tuple[Cell, ...]
    citations: tuple[Citation, ...]
    notes: tuple[Note, ...]
    scope: Searched

    def cell(self, organisation: str, year: int) -> Cell:
        """The cell of an organisation and a year. Raises KeyError where the grid has none."""
        for cell in self.cells:
            if (cell.organisation, cell.year) == (organisation, year):
                return cell
        raise KeyError((organisation, year))


@dataclass(frozen=True, slots=True)
class Point:
    """What is stated of one period, by one report or by several that agree.

    `organisation` is whose it is: that of the report, or what it is compared with where that was asked for. `year` is
    the one judged, or the last one of the figure's period, which `period` gives as printed; where a figure has no
    period, `period` is None and `year` that of its report. `planned` is true where the report says that the value
    was planned, forecast or the like. The other fields are as in `Cell`.
    """

    organisation: str | None
    year: int | None
    period: str | None
    status: CellStatus
    reason: Reason | None
    planned: bool
    text: str
    figures: tuple[AnswerFigure, ...] = ()
    judgments: tuple[AnswerJudgment, ...] = ()
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A measure or a judgment over the years: points by organisation, then in order of time.

    `kind` says which of the two was looked for. Years in which there is a report and nothing is stated have a point
    that says so.
    """

    question: str
    kind: Literal["judgment", "measure"]
    points: tuple[Point, ...]
    citations: tuple[Citation, ...]
    notes: tuple[Note, ...]
    scope: Searched

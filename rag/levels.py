"""Tell the cells of a table that are changes from those that are levels."""

import re

from index.periods import find_periods, is_time
from index.records import Figure

from .asking import CHANGE
from .units import unit_class

_CHANGES_IN = re.compile(r"^changes in\b", re.IGNORECASE)


def says_change(figure: Figure) -> bool:
    """Whether the headings of a cell say that it is a change. A table of "Changes in crime" may give the levels of
    single years: those are none."""
    heading, *columns = (figure.measure or "").split(", ")
    of_a_year = bool(columns) and is_time(columns[-1]) and len(find_periods(columns[-1])) == 1
    if of_a_year and unit_class(figure) not in ("percent", "points"):
        heading = _CHANGES_IN.sub("", heading)
    return any(CHANGE.search(told) for told in (heading, *columns))

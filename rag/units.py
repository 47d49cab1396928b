"""What a figure is counted in, and whether it is the organisation's own."""

import re
from collections.abc import Sequence

from index.numbers import CURRENCIES
from index.records import Figure

from .understand import UnitClass

_CURRENCIES = frozenset(CURRENCIES.values())
_DURATION = re.compile(r"^(?:(?:fiscal|financial|calendar) )?(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)


def unit_class(figure: Figure) -> UnitClass:
    """The class of unit that a figure has."""
    if figure.unit in _CURRENCIES:
        return "money"
    if figure.unit == "percent":
        return "percent"
    if figure.unit == "percentage points":
        return "points"
    if figure.unit is not None and _DURATION.match(figure.unit):
        return "duration"
    return "count"


def is_comparator(subject: str | None, organisation: str | None) -> bool:
    """Whether `subject` is somebody other than the organisation reported on."""
    return subject is not None and subject != organisation


def is_signed_alone(figure: Figure, row: Sequence[Figure]) -> bool:
    """Whether a cell's sign may say that it is a change: where all of its row have one, they are debts or costs."""
    signs = [one.text[:1] in "+-−–" for one in row]
    return figure.text[:1] in "+-−–" and (len(signs) == 1 or not all(signs))

"""Name the row of a table that has no heading because it adds up the rows above it.

Only arithmetic decides: every column that the row has is, to the last digit, the sum of it over the rows above.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .records import TableRow
from .table_heads import cell_quantity

LEAST = 2  # rows that are added up
HEADING = "Total"
_ROUNDED = Decimal("0.2")  # by which percentages may miss their sum


def name_totals(text: str, rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows, with `HEADING` for those without one that add up all rows since the last of their kind."""
    named: list[TableRow] = []
    above: list[TableRow] = []
    for row in rows:
        if row.heading:
            named.append(row)
            above.append(row)
            continue
        adds_up = len(above) >= LEAST and _adds_up(text, row, above)
        named.append(replace(row, heading=HEADING) if adds_up else row)
        above = []
    return named


def _adds_up(text: str, row: TableRow, above: Sequence[TableRow]) -> bool:
    columns = [_values(text, other) for other in above]
    sums = _values(text, row)
    exact = 0
    for column, (value, percent) in sums.items():
        parts = [values[column] for values in columns if column in values]
        if len(parts) < LEAST or any(part[1] != percent for part in parts):
            return False
        off = abs(sum((part[0] for part in parts), Decimal(0)) - value)
        if off > (_ROUNDED if percent else 0):
            return False
        exact += not percent and value != 0
    return exact > 0


def _values(text: str, row: TableRow) -> dict[int, tuple[Decimal, bool]]:
    """By column the value of each cell that is one number, and whether it is a percentage."""
    found = ((cell.column, cell_quantity(text[cell.start : cell.end])) for cell in row.cells)
    return {column: (number.value, number.unit == "percent") for column, number in found if number is not None}

"""Work out a figure from its operands, and write the arithmetic down as it is shown."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from .derivation import Operation

ONE_DECIMAL = Decimal("0.1")
TWO_DECIMALS = Decimal("0.01")
ROUNDED = {ONE_DECIMAL: ", rounded to one decimal", TWO_DECIMALS: ", rounded to two decimals"}


def work_out(operation: Operation, operands: Sequence[Decimal]) -> tuple[Decimal, str] | None:
    """The result, and the arithmetic that gives it ("2,104 − 2,372 = −268"); None where there is no result.

    Operands: of a change the earlier and the later figure; of a comparison the organisation's own and the other one; of
    a share the part and the whole; of a ratio what it is of and what it is to. A comparison comes out as how far the
    two are apart, whichever is higher. Percentages and averages that are not whole at one decimal, and ratios at two,
    are rounded half up and say so. There is no percentage of a base that is not above zero, nor one that changes to a
    negative figure.
    """
    first, *rest = operands
    if operation == "change":
        return _shown(rest[0] - first, f"{written(rest[0])} − {_inner(first)}")
    if operation in ("difference", "versus"):
        high, low = max(first, rest[0]), min(first, rest[0])
        return _shown(high - low, f"{written(high)} − {_inner(low)}")
    if operation == "percent_change":
        if first <= 0 or rest[0] < 0:
            return None
        done = f"({written(rest[0])} − {written(first)}) ÷ {written(first)} × 100"
        return _rounded((rest[0] - first) * 100 / first, done)
    if operation == "share":
        if rest[0] <= 0 or not 0 <= first <= rest[0]:
            return None
        return _rounded(first * 100 / rest[0], f"{written(first)} ÷ {written(rest[0])} × 100")
    if operation == "ratio":
        if rest[0] <= 0 or first < 0:
            return None
        return _rounded(first / rest[0], f"{written(first)} ÷ {written(rest[0])}", TWO_DECIMALS)
    added = " + ".join([written(first), *(_inner(value) for value in rest)])
    if operation == "sum":
        return _shown(sum(operands, Decimal(0)), added)
    return _rounded(sum(operands, Decimal(0)) / len(operands), f"({added}) ÷ {len(operands)}")


def written(value: Decimal) -> str:
    """A number with thousands separators and a minus sign."""
    return f"{value:,f}".replace("-", "−")


def _inner(value: Decimal) -> str:
    return f"({written(value)})" if value < 0 else written(value)


def _shown(value: Decimal, done: str) -> tuple[Decimal, str]:
    return value, f"{done} = {written(value)}"


def _rounded(value: Decimal, done: str, to: Decimal = ONE_DECIMAL) -> tuple[Decimal, str]:
    """An average of figures with a decimal or two is rounded to one decimal as a percentage is."""
    near = value.quantize(to, ROUND_HALF_UP)
    return near, f"{done} = {written(near)}{'' if near == value else ROUNDED[to]}"

"""The canonical text of a page and the characters printed on it → which printed character each of the text is.

Pure. Both come from the same reading, in nearly the same order: only sentences that a page end cut, footnotes and
headings out of place were moved. So the two are aligned as they stand, and what is left over of each once more.
"""

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from index.records import CELL_SEPARATOR

_FEWEST = 4  # characters in a row that are taken for the same: fewer may agree by chance
_ROUNDS = 6  # of aligning what is left over
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NO_INK = frozenset(CELL_SEPARATOR.strip())


def align(text: str, spans: Sequence[tuple[int, int]], printed: str) -> dict[int, int]:
    """For each inked character of `text` within `spans` that stands in `printed`: its offset → the position there."""
    offsets = [at for start, end in spans for at in range(start, end) if not text[at].isspace()]
    wanted = [(at, text[at].translate(_PLAIN)) for at in offsets]
    given = list(enumerate(printed.translate(_PLAIN)))
    if "|" not in printed:
        wanted = [item for item in wanted if item[1] not in _NO_INK]
    found: dict[int, int] = {}
    for fewest in [_FEWEST] * _ROUNDS + [1]:
        now = _matched(wanted, given, fewest, found)
        found |= now
        if not now and fewest > 1:
            continue
        taken = set(now.values())
        wanted = [item for item in wanted if item[0] not in now]
        given = [item for item in given if item[0] not in taken]
    return found


def _matched(
    wanted: Sequence[tuple[int, str]], given: Sequence[tuple[int, str]], fewest: int, known: dict[int, int]
) -> dict[int, int]:
    """The pairs of the longest common subsequence that stand in rows of at least `fewest`. Shorter rows are taken where
    they lie between two characters whose places are known and that the printed row lies between, too."""
    ours, theirs = "".join(c for _, c in wanted), "".join(c for _, c in given)
    found: dict[int, int] = {}
    for block in Indel.opcodes(ours, theirs):
        length = block.src_end - block.src_start
        if block.tag != "equal" or length < fewest:
            continue
        pairs = zip(range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True)
        row = {wanted[mine][0]: given[other][0] for mine, other in pairs}
        if fewest > 1 or _fits(row, known):
            found |= row
    return found


def _fits(row: dict[int, int], known: dict[int, int]) -> bool:
    """Whether what stands next to a short row in the text is printed next to it."""
    first, last = next(iter(row)), next(reversed(row))
    before = next((known[at] for at in range(first - 1, first - 6, -1) if at in known), None)
    after = next((known[at] for at in range(last + 1, last + 6) if at in known), None)
    near = 6
    return (before is not None and 0 < row[first] - before <= near) or (
        after is not None and 0 < after - row[last] <= near
    )

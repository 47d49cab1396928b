"""Choose the passages that a language model is given: what the embedded answerer chose first, then what was ranked,
then what was found, as far as they fit into its context."""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index import Library
from index.records import Figure, Judgment, ReportInfo

from ..draft import Draft, Place
from ..quoting import place_of
from ..rank import Ranked
from ..records import Hit
from ..retrieve import Evidence
from .limits import estimated_tokens
from .orders import find_orders, without_orders

MOST_PASSAGES = 12
BESIDE_TOKENS = 30  # of a passage's label and fence
LONGEST_PASSAGE = 2400  # characters


@dataclass(frozen=True, slots=True)
class Given:
    """A passage as the model is given it.

    `text` is what it is shown, without what reads as an instruction. A passage of prose is the canonical text of
    `report` from `start`; `kept` maps places in `text` to places after `start` (see `orders.without_orders`). A table
    row is shown with its headings written out (`row`). `place` is what is quoted for all of a row or of a judgment's
    lines, None for prose, of which sentences are quoted. `figures` and `judgments` are those known to stand in it.
    """

    key: str
    report: ReportInfo
    start: int
    text: str
    kept: tuple[tuple[int, int, int], ...]
    place: Place | None
    section: tuple[str, ...]
    figures: tuple[Figure, ...]
    judgments: tuple[Judgment, ...]
    row: bool = False

    def canonical(self, at: int) -> int | None:
        """The place in the canonical text of a place in `text`; None for one in the remark where words were removed."""
        row = bisect.bisect_right(self.kept, at, key=lambda part: part[0]) - 1
        if row < 0:
            return None
        shown, origin, length = self.kept[row]
        return self.start + origin + at - shown if at - shown <= length else None


@dataclass(frozen=True, slots=True)
class Flagged:
    """An instruction in a document that was kept from the model: the report and its place there."""

    report: ReportInfo
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    report: ReportInfo
    start: int
    end: int
    section: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    judgments: tuple[Judgment, ...] = ()
    row: Evidence | None = None
    place: Place | None = None  # of a judgment's lines, which are quoted together
    core: tuple[int, int] | None = None  # the evidence for which the passage around it is given


def give_passages(
    library: Library, draft: Draft, ranked: Sequence[Ranked], hits: Sequence[Hit], tokens: int
) -> tuple[tuple[Given, ...], tuple[Flagged, ...]]:
    """The passages for `draft`'s question by rank, of about `tokens` altogether, and what was found in them that is an
    instruction. Each stretch of a report is given once, with the figures and judgments of all that stands in it."""
    given: list[Given] = []
    flagged: list[Flagged] = []
    left = tokens
    found = [_Stretch(library.report(hit.report_id), hit.start, hit.end, hit.section) for hit in hits]
    for stretch in _merged([*_chosen(draft, ranked), *map(_around, ranked), *found]):
        fitting = None if len(given) == MOST_PASSAGES else _fitting(library, stretch, f"P{len(given) + 1}", left)
        if fitting is None:
            break  # what is ranked lower does not go before what is ranked higher
        one, orders = fitting
        given.append(one)
        flagged += orders
        left -= estimated_tokens(one.text) + BESIDE_TOKENS
    return tuple(given), tuple(dict.fromkeys(flagged))


def clean_evidence(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Flagged, ...]]:
    """The evidence that holds no instruction to a model, and where the others stand."""
    kept: list[Evidence] = []
    flagged: list[Flagged] = []
    for piece in evidence:
        if find_orders(piece.text):
            flagged.append(Flagged(piece.report, piece.start, piece.end))
        else:
            kept.append(piece)
    return tuple(kept), tuple(flagged)


def _chosen(draft: Draft, ranked: Sequence[Ranked]) -> Iterator[_Stretch]:
    """The places that the embedded answerer quotes; a table row with its headings written out."""
    for piece in draft.pieces:
        place = piece.place
        own = [r.evidence for r in ranked if _inside(r.evidence, place)]
        row = next((e for e in own if e.candidate.kind == "row" and set(piece.figures) <= set(e.figures)), None)
        if row is not None:
            yield _of_evidence(row)
        else:
            lines = place if piece.judgments else None
            yield _Stretch(
                place.report, place.start, place.end, place.section, piece.figures, piece.judgments, place=lines
            )


def _inside(evidence: Evidence, place: Place) -> bool:
    same = evidence.report.report_id == place.report.report_id
    return same and place.start <= evidence.start and evidence.end <= place.end


def _around(ranked: Ranked) -> _Stretch:
    return _of_evidence(ranked.evidence)


def _of_evidence(e: Evidence) -> _Stretch:
    if e.candidate.kind == "row":
        return _Stretch(e.report, e.start, e.end, e.section, e.figures, e.judgments, row=e)
    start, end = min(e.start, e.passage_start), max(e.end, e.passage_start + len(e.candidate.passage))
    whole = (start, end) if end - start <= LONGEST_PASSAGE else (e.start, e.end)
    return _Stretch(e.report, *whole, e.section, e.figures, e.judgments, core=(e.start, e.end))


def _merged(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Each stretch once: one that stands in another before it lends it its figures and judgments. A row stays by
    itself, since only by itself it is shown with its headings."""
    kept: list[_Stretch] = []
    for stretch in stretches:
        at = next((i for i, known in enumerate(kept) if _holds(known, stretch)), None)
        if at is None:
            kept.append(stretch)
            continue
        figures = tuple(dict.fromkeys((*kept[at].figures, *stretch.figures)))
        judgments = tuple(dict.fromkeys((*kept[at].judgments, *stretch.judgments)))
        kept[at] = replace(kept[at], figures=figures, judgments=judgments)
    return kept


def _holds(known: _Stretch, other: _Stretch) -> bool:
    if (known.row is None) != (other.row is None) or known.report.report_id != other.report.report_id:
        return False
    core = other.core or (other.start, other.end)
    return known.start <= core[0] and core[1] <= known.end


def _fitting(library: Library, stretch: _Stretch, key: str, tokens: int) -> tuple[Given, tuple[Flagged, ...]] | None:
    """The stretch as it is given, or what it is there for alone where the whole does not fit; None where neither."""
    core = None if stretch.core is None else replace(stretch, start=stretch.core[0], end=stretch.core[1])
    for taken in (stretch, core):
        if taken is None:
            continue
        given, flagged = _given(library, taken, key)
        if estimated_tokens(given.text) + BESIDE_TOKENS <= tokens:
            return given, flagged
    return None


def _given(library: Library, stretch: _Stretch, key: str) -> tuple[Given, tuple[Flagged, ...]]:
    s = stretch
    place: Place | None
    if s.row is not None:
        text, place = s.row.candidate.meaning, place_of(library, s.row)
    else:
        text, place = library.text(s.report.report_id)[s.start : s.end], s.place
    orders = find_orders(text)
    shown, kept = without_orders(text)
    whole = s.row is not None and bool(orders)  # places in a row written out are none in the report
    places = [(s.start, s.end)] if whole else [(s.start + o.start, s.start + o.end) for o in orders]
    flagged = tuple(Flagged(s.report, start, end) for start, end in places)
    given = Given(key, s.report, s.start, shown, kept, place, s.section, s.figures, s.judgments, row=s.row is not None)
    return given, flagged

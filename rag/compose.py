"""Compose an extractive answer: a short statement in the report's own figures and words, then the quotation.

The embedded composer writes nothing of its own but the joints. It states one fact from the best evidence, or the
items of a list, or the judgments on record; where no evidence is good enough it returns an empty draft.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from math import log

from index import Library
from index.records import Figure
from index.sentences import leans, sentence_spans
from index.split import page_at
from index.terms import terms

from .choose import FIT_WEIGHT, asks_other, is_comparator, rank_figures, unit_class
from .consistent import defines
from .draft import Draft, Piece, Place
from .features import Weight
from .rank import Ranked
from .records import Note
from .retrieve import Evidence
from .understand import Question

ANSWERS = 0.35  # probability from which prose may answer; docs/quality.md says how it and the next were chosen
LOOKED_AT = 10  # ranked pieces of evidence that a figure is sought in
COVERS = 0.5  # how much of the question (0 to 2, see `Ranked.coverage`) prose has to cover
COVERAGE_WEIGHT = 3.0  # of how much of the question the statement covers
FIGURE_ANSWERS = 5.0  # sum of log-odds, fit, reading and coverage, weighed as below, from which a figure may answer
READ_WEIGHT = 0.1  # of the reader's log-probability that the figure is the answer
LONGEST_TABLE_QUOTE = 900  # characters from a table's headings to the row: beyond, the row is quoted alone
MOST_ITEMS = 12
_FRAGMENT = re.compile(  # words that a question has and a terse fragment ("total workforce, March 2015") has not
    r"\b(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|what|which|who|whose|how|why|when|where|name|list|tell|give|define)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?:This|That|It) (?:is|was) (?:because|due|owing|the result|partly|largely|mainly)|Because|The reason",
    re.IGNORECASE,
)


def compose(library: Library, question: Question, ranked: Sequence[Ranked], weight: Weight) -> Draft:
    """The draft answer from ranked evidence; empty where none is good enough."""
    fit = list(ranked)
    if question.kind == "definition":
        fit.sort(key=lambda r: not defines(question, r.evidence.text))
    if not fit:
        return Draft()
    if question.kind == "figure" or _wants_figure(question, fit[0]):
        found = _figure(library, question, fit[:LOOKED_AT], weight)
        return Draft((found[0],), found[1]) if found is not None else Draft()
    fit = [
        r
        for r in fit
        if defines(question, r.evidence.text) or (r.answer_probability >= ANSWERS and r.coverage >= COVERS)
    ]
    if question.kind == "list":
        listed = _list(library, question, fit, weight)
        if listed:
            return Draft(listed)
    return Draft(_prose(library, question, fit[0].evidence)) if fit else Draft()


def _wants_figure(question: Question, best: Ranked) -> bool:
    """Whether a question that does not say so is answered by a figure: a table row's, or the one the reader marks."""
    if question.kind != "other":
        return False
    if _FRAGMENT.search(question.text) is None:
        return True
    if best.evidence.candidate.kind == "row":
        return bool(best.evidence.figures)
    start, end = best.answer_span()
    return any(start <= f.start and f.end <= end and end - start <= 40 for f in best.evidence.figures)


def _figure(
    library: Library, question: Question, fit: Sequence[Ranked], weight: Weight
) -> tuple[Piece, tuple[Note, ...]] | None:
    best: tuple[float, Ranked, Figure] | None = None
    other = asks_other(question, [r.evidence for r in fit])
    for r in fit:
        for agreement, figure in rank_figures(question, r.evidence, other, weight):
            score = (
                _log_odds(r.answer_probability)
                + FIT_WEIGHT * agreement
                + READ_WEIGHT * max(-12.0, r.figure_log_probability(figure))
                + COVERAGE_WEIGHT * r.coverage
            )
            if best is None or score > best[0]:
                best = (score, r, figure)
    if best is None or best[0] < FIGURE_ANSWERS:
        return None
    _, r, figure = best
    scaled = _printed_with_scale(figure, r, fit)
    if scaled is not None:
        note = Note("misprint", "The report also prints this figure without its scale.", (1,))
        return figure_piece(library, *scaled), (note,)
    return figure_piece(library, r.evidence, figure), ()


def _printed_with_scale(figure: Figure, found: Ranked, fit: Sequence[Ranked]) -> tuple[Evidence, Figure] | None:
    """The same amount in the same report with the scale that `figure` was printed without, if there is one."""
    if unit_class(figure) != "money" or figure.scale is not None or figure.period is None:
        return None
    about = set(terms(figure.measure or ""))
    for r in fit:
        if r.evidence.report.twin_of != found.evidence.report.twin_of:
            continue
        for other in r.evidence.figures:
            same = (other.value, other.unit, other.period) == (figure.value, figure.unit, figure.period)
            same = same and other.subject == figure.subject and bool(about & set(terms(other.measure or "")))
            if same and other.scale is not None:
                return r.evidence, other
    return None


def _log_odds(probability: float) -> float:
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return log(p / (1 - p))


def figure_piece(library: Library, evidence: Evidence, figure: Figure) -> Piece:
    """The statement of one figure with what it measures, whose it is and when, as far as the quotation says so."""
    place = _row_place(library, evidence) if evidence.candidate.kind == "row" else _place(evidence)
    quote = library.text(place.report.report_id)[place.start : place.end]
    parts: list[str] = []
    measure = figure.measure or ""
    unit = figure.unit or ""
    counted = unit_class(figure) in ("count", "duration") and unit and not unit.lower().startswith("per ")
    tail = f" {unit}" if (counted or unit.startswith("per ")) and unit in quote else ""
    if measure and measure not in tail:
        parts.append(measure)
    whose = figure.subject
    if whose and is_comparator(whose, evidence.report.organisation) and whose not in measure:
        parts.append(whose)
    elif evidence.report.organisation and not is_comparator(whose, evidence.report.organisation):
        parts.append(evidence.report.organisation)
    if figure.period and figure.period in quote and not any(figure.period in part for part in parts):
        parts.append(figure.period)
    scale = f" {figure.scale}" if figure.scale and not re.search(r"[a-z]", figure.text, re.IGNORECASE) else ""
    about = f" ({'; '.join(dict.fromkeys(parts))})" if parts else ""
    return Piece(f"{figure.text}{scale}{tail}", about, place, (figure,))


def _prose(library: Library, question: Question, evidence: Evidence) -> tuple[Piece, ...]:
    """A sentence as it stands, with what it announces: the list after its colon, or the reason that follows it."""
    sentence = _with_antecedent(library, evidence)
    if evidence.text.endswith(":"):
        return (sentence, *_item_pieces(library, evidence))
    if question.kind == "why":
        after = library.text(evidence.report.report_id)[evidence.end : evidence.end + 600]
        spans = sentence_spans(after.split("\n")[0])
        if spans and _REASON.match(after[spans[0][0] :]):
            start, end = evidence.end + spans[0][0], evidence.end + spans[0][1]
            place = Place(evidence.report, start, end, evidence.page, evidence.page_label, evidence.section)
            return (sentence, Piece("", after[spans[0][0] : spans[0][1]], place, show_quote=False))
    return (sentence,)


def _with_antecedent(library: Library, evidence: Evidence) -> Piece:
    """A sentence that leans on the one before is stated and quoted with it."""
    if evidence.candidate.kind != "sentence" or not leans(evidence.text):
        return _sentence(library, evidence)
    whole = library.text(evidence.report.report_id)
    line = whole.rfind("\n", 0, evidence.start) + 1
    before = sentence_spans(whole[line : evidence.start], line)
    if not before:
        return _sentence(library, evidence)
    start = before[-1][0]
    place = _placed(library, evidence, start, evidence.end)
    text = whole[start : evidence.end]
    return Piece("", text, place, evidence.figures, evidence.judgments, show_quote=False)


def _sentence(library: Library, evidence: Evidence) -> Piece:
    place = _row_place(library, evidence) if evidence.candidate.kind == "row" else _place(evidence)
    if evidence.candidate.kind == "row":
        return Piece("", evidence.candidate.meaning, place, ())
    return Piece("", evidence.text, place, evidence.figures, evidence.judgments, show_quote=False)


def _placed(library: Library, evidence: Evidence, start: int, end: int) -> Place:
    """A place beside the evidence, on the page that it begins on."""
    page, label = page_at(library.page_runs(evidence.report.report_id), start)
    return Place(evidence.report, start, end, page, label, evidence.section)


def _place(evidence: Evidence) -> Place:
    return Place(evidence.report, evidence.start, evidence.end, evidence.page, evidence.page_label, evidence.section)


def _row_place(library: Library, evidence: Evidence) -> Place:
    """The place to quote for a table row: from the table's headings to the row, so that the columns can be read."""
    tables = library.tables(evidence.report.report_id)
    position = bisect_right([t.start for t in tables], evidence.start) - 1
    start = evidence.start
    inside = position >= 0 and tables[position].start <= evidence.start < tables[position].end
    if inside and evidence.end - tables[position].start <= LONGEST_TABLE_QUOTE:
        start = tables[position].start
    return Place(evidence.report, start, evidence.end, evidence.page, evidence.page_label, evidence.section)


def _list(library: Library, question: Question, fit: Sequence[Ranked], weight: Weight) -> tuple[Piece, ...]:
    """The items of the list that the best evidence is in, or introduces; empty where it is no list."""
    for r in fit[:3]:
        items = _items(library, r.evidence)
        if len(items) >= 2 or (items and _is_item(library, r.evidence)):
            return _item_pieces(library, r.evidence)
    return ()


def _item_pieces(library: Library, evidence: Evidence) -> tuple[Piece, ...]:
    e = evidence
    return tuple(
        Piece("", text, _placed(library, e, start, end), show_quote=False)
        for start, end, text in _items(library, e)[:MOST_ITEMS]
    )


def _items(library: Library, evidence: Evidence) -> list[tuple[int, int, str]]:
    return [
        (start, end, library.text(evidence.report.report_id)[start:end])
        for start, end in library.list_items(evidence.report.report_id, evidence.start)
    ]


def _is_item(library: Library, evidence: Evidence) -> bool:
    return any(s <= evidence.start < e for s, e in library.list_items(evidence.report.report_id, evidence.start))

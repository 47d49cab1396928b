"""Compose an extractive answer: a short statement in the report's own figures and words, then the quotation.

The embedded composer writes nothing of its own but the joints. It states one fact from the best evidence, or the
items of a list, or the judgments on record; where no evidence is good enough it returns an empty draft.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index import Library
from index.numbers import CURRENCIES
from index.periods import find_periods
from index.records import Figure
from index.terms import terms

from .across import Across, by_year, stands, wanted_years, year_label
from .another_kind import of_the_kind
from .beside import lacks_compound, outdone_beside
from .choose import asks_other, rank_figures
from .clarify import rival_periods, rivals
from .clauses import in_turn
from .components import components
from .conflict import conflicting, rival_row
from .decide import answer_probability, answers_from, figure_values, lead, order
from .draft import Draft, Piece
from .empty_cells import empty_cell
from .features import Weight
from .in_time import SAYS_WHEN, in_time
from .mismatch import ends_a_range
from .prose import prose, prose_draft, tells
from .qualifiers import asks_together
from .quoting import as_printed, headings_of, place_of, quoted_text
from .rank import Ranked
from .records import Note
from .retrieve import Evidence
from .rows import is_astray, outdone
from .understand import Question, is_fragment
from .units import is_comparator, unit_class

NARROWED = 0.85  # of what is asked that a statement has whose figures are of another: others have as much, or are none
PARTS_NEAR = 1.5  # log-odds behind the first within which other sentences tell other parts of the same
ALL_SAID = 1.8  # coverage (0 to 2) from which a statement has all that is asked
_WHICH_ONE = re.compile(  # "which harbour has the largest fleet": the answer is a name, and no figure that is printed
    r"\b(?:which|what) (?!(?:is|are|was|were|has|have|had|did|do|does|the|years?|periods?|fiscal|financial|percentage"
    r"|percent|per|(?:share|proportion|amount|number|figure|rate|sum|total|price|value|level|maximum|minimum|profit|loss"
    r"|turnover|capacity|saving|income|revenue|cost|budget|spending|expenditure|reserve|grant|fee|sale|margin|debt"
    r"|population|size|length|distance|time|weight|dividend|tax|fund)(?:s|es)?)\b)[\w-]+ "
    r"[^?]*\b(?:highest|largest|greatest|biggest|most|lowest|smallest|higher|larger|greater|lower|smaller|least)\b"
    r"|^\s*(?:out )?(?:of|among|between)\b[^?]*, which (?:one )?(?:is|are|was|were|has|have|had|did|does|do)\b[^?]*"
    r"\b(?:highest|largest|greatest|biggest|most|lowest|smallest|higher|larger|greater|lower|smaller|least|fewest|best"
    r"|worst)\b",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"\b(?:half|thirds?|quarters?|fifths?|tenths?|majority|minority|most|none|no|nobody|(?:almost|nearly) all)\b"
    r"(?! of the year)",
    re.IGNORECASE,
)


def compose(library: Library, question: Question, ranked: Sequence[Ranked], weight: Weight) -> Draft:
    """The draft answer from ranked evidence; empty where none is good enough."""
    fit = list(ranked)
    if question.kind == "definition":
        fit.sort(key=lambda r: -r.measures.defines)
    fit = of_the_kind(question, fit)
    if not fit:
        return Draft()
    parts = components(library, question, fit)
    if parts.pieces:
        return parts
    if question.kind == "figure" or wants_figure(question, fit[0]):
        if question.across is None and question.derived is None and _WHICH_ONE.search(question.body) is not None:
            return Draft()
        choices = sorted(figure_choices(question, fit, weight), key=lambda choice: -choice.order)
        beside = choices
        if question.across is None and question.derived is None:
            choices = [c for c in choices if not outdone(library, question, c.ranked.evidence, c.figure)]
            given = [(c.ranked.evidence, c.figure) for c in choices]
            choices = [c for c in choices if not outdone_beside(question, c.ranked.evidence, c.figure, given)]
            choices = [c for c in choices if not lacks_compound(question, c.ranked.evidence, c.figure, given)]
            beside, choices = choices, in_time(question, choices)
            if asks_together(question) and _are_parts(choices):
                return Draft()
            if choices and is_astray(library, question, choices[0].ranked.evidence, choices[0].figure):
                return Draft()
        probability = figure_probability(choices, question.across is not None, beside) if choices else 0.0
        answers = bool(choices) and probability >= answers_from("figure", read=choices[0].ranked.is_read)
        if not answers and _answers_in_words(question, fit[0]):
            return Draft(prose(library, question, fit[0]), probability=fit[0].answer_probability)
        if not choices:
            return empty_cell(library, question, fit)
        if answers and ends_a_range(question, choices[0].ranked.evidence, choices[0].figure):
            return Draft(prose(library, question, choices[0].ranked), probability=probability)
        draft = figure_draft(library, question, choices[0], fit) if answers else empty_cell(library, question, fit)
        draft = _with_conflict(library, question, draft, choices) if answers and draft.pieces else draft
        told = [(c.order, c.ranked.evidence.report.organisation, c.figure.value) for c in choices]
        periods = _open_periods(question, choices) if len(draft.pieces) == 1 else ()
        return replace(draft, probability=probability, organisations=rivals(told), periods=periods)
    fit = [r for r in fit if tells(library, question, r.evidence)]
    if not fit:
        return Draft()
    first = fit[0]
    likely = answers_from("prose", read=first.is_read, whether=question.kind == "yes_no")
    answers = first.answer_probability >= likely
    draft = prose_draft(library, question, fit) if answers or first.measures.defines else Draft()
    told = [(r.order, r.evidence.report.organisation, " ".join(terms(r.evidence.text))) for r in fit]
    organisations = rivals(told) if question.kind != "definition" else ()
    return replace(draft, probability=first.answer_probability, organisations=organisations)


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that may answer: where it stands, its measures by name (`rag/decide.py`), and how well it answers
    (log-odds against the other figures)."""

    ranked: Ranked
    figure: Figure
    values: Mapping[str, float]
    order: float


def figure_choices(question: Question, ranked: Sequence[Ranked], weight: Weight) -> Iterator[Choice]:
    """The figures of the evidence that can answer, in its order and the better fitting ones of each piece first.

    Where a change alone is asked for and a statement has none, another's change is not taken for it, unless its
    statement has as much of what is asked; nor, where what a statement tells is of another than the question narrows
    down to, a figure of one that has far less.
    """
    other = asks_other(question, [r.evidence for r in ranked])
    passed_over = 0.0
    for r in ranked:
        fitting = rank_figures(question, r.evidence, other, weight)
        answering = [one for one in fitting if one.answers]
        if fitting and not answering:
            share = NARROWED if all(one.narrowed for one in fitting) else 1.0
            passed_over = max(passed_over, share * r.measures.coverage)
        if r.measures.coverage < passed_over:
            continue
        for one in answering:
            span = r.figure_log_probability(one.figure)
            values = figure_values(r.measures, one.fit, span, one.period, one.whose)
            yield Choice(r, one.figure, values, order("figure", values))


def _are_parts(choices: Sequence[Choice]) -> bool:
    """Whether several sentences answer about as well, each with another amount: each tells a part."""
    if not choices:
        return False
    first, *others = choices
    return any(
        first.ranked.evidence.candidate.kind == "sentence" == c.ranked.evidence.candidate.kind
        and c.order >= first.order - PARTS_NEAR
        and unit_class(c.figure) == unit_class(first.figure)
        and c.figure.value != first.figure.value
        and c.ranked.evidence is not first.ranked.evidence
        for c in others
    )


def figure_probability(choices: Sequence[Choice], across: bool = False, beside: Sequence[Choice] = ()) -> float:
    """The probability (0 to 1) that the first of the choices, in their order, answers; `across` where several figures
    of its statement answer together. It is no surer of it for the choices that were left out of `beside`."""
    first, *others = choices
    others = [c for c in beside if c is not first and c.order <= first.order] or others
    if across:
        others = [c for c in others if c.ranked is not first.ranked]
    ahead = lead(first.order, others[0].order if others else None)
    return answer_probability("figure", first.values, ahead)


def wants_figure(question: Question, best: Ranked) -> bool:
    """Whether a question that does not say so is answered by a figure: a table row's, or the one the reader marks."""
    if question.kind == "list":
        return best.evidence.candidate.kind == "row" and _names_the_row(question, best.evidence)
    if question.kind != "other":
        return False
    if is_fragment(question.text):
        return True
    if best.evidence.candidate.kind == "row":
        return bool(best.evidence.figures)
    start, end = best.answer_span()
    return any(start <= f.start and f.end <= end and end - start <= 40 for f in best.evidence.figures)


def _answers_in_words(question: Question, best: Ranked) -> bool:
    """Whether a sentence tells in words what share or number is asked for ("more than half of them"), and no figure of
    it could be meant."""
    if question.unit not in ("percent", "count") or question.across is not None:
        return False
    bare = best.evidence.candidate.kind == "sentence" and not best.evidence.figures
    likely = best.answer_probability >= answers_from("prose", read=best.is_read)
    return bare and likely and _IN_WORDS.search(best.evidence.text) is not None


def _names_the_row(question: Question, row: Evidence) -> bool:
    """Whether a question asks for the amount in a row of figures: "what were the fees" names all that heads the row,
    "what were the landings of bricks in 2018" the period of one of its cells."""
    periods = [p for f in row.figures for p in find_periods(f.measure or "") or find_periods(f.period or "")]
    if question.periods:
        named = len(question.periods) == 1 and any(p.covers(question.periods[0]) for p in periods)
        return named and re.match(r"\s*what\b", question.body, re.IGNORECASE) is not None
    heading = terms(row.candidate.meaning.partition(" – ")[0].rpartition(": ")[2])
    return bool(row.figures and heading) and set(heading) <= set(question.terms)


def figure_draft(library: Library, question: Question, best: Choice, ranked: Sequence[Ranked]) -> Draft:
    """The answer that a figure gives, whatever its probability; `ranked` may hold the same figure better printed."""
    r, figure = best.ranked, best.figure
    if question.across is not None:
        return Draft(_across(library, question.across, r.evidence, figure))
    scaled = _printed_with_scale(figure, r, ranked)
    if scaled is not None:
        note = Note("misprint", "The report also prints this figure without its scale.", (1,))
        return Draft((figure_piece(library, *scaled),), (note,))
    if figure.ambiguous:
        note = Note("ambiguous_source", "The file parts this figure from its label: whose it is was inferred.", (1,))
        return Draft((figure_piece(library, r.evidence, figure),), (note,))
    return Draft((figure_piece(library, r.evidence, figure),))


def _open_periods(question: Question, choices: Sequence[Choice]) -> tuple[str, ...]:
    """The years for which the reports give an amount of money that is asked for without a year: each in a statement
    with all that is asked, and the organisation's own."""
    first = choices[0]
    if question.periods or question.report_years or question.across or question.derived or question.compared:
        return ()
    if unit_class(first.figure) != "money" or SAYS_WHEN.search(question.text) is not None:
        return ()
    alike = [
        c
        for c in choices
        if unit_class(c.figure) == "money" and c.figure.subject == first.figure.subject
        if c.figure.scale == first.figure.scale and c.ranked.measures.coverage >= ALL_SAID
        if c.ranked.evidence.report.organisation == first.ranked.evidence.report.organisation
    ]
    if first not in alike:
        return ()
    return rival_periods([(c.order, c.figure.period, c.figure.value) for c in alike])


def _with_conflict(library: Library, question: Question, draft: Draft, choices: Sequence[Choice]) -> Draft:
    """The draft that states the first of the choices, with what another report, or another table, gives instead."""
    first = choices[0]
    rival = rival_row(question, first, choices[1:])
    other = conflicting(first, choices[1:]) or rival
    stated = [figure.start for figure in draft.pieces[0].figures]
    if other is None or len(draft.pieces) != 1 or stated != [first.figure.start]:
        return draft
    piece = figure_piece(library, other.ranked.evidence, other.figure)
    years = [p.place.report.year for p in (draft.pieces[0], piece)]
    told = "Two reports" if None in years or years[0] == years[1] else f"The reports of {years[0]} and {years[1]}"
    told = "Two rows of this name" if other is rival else told
    note = Note("conflict", f"{told} give different values for this.", (1, 2))
    return replace(draft, pieces=(*draft.pieces, piece), notes=(*draft.notes, note))


def _across(library: Library, across: Across, evidence: Evidence, like: Figure) -> tuple[Piece, ...]:
    """The figure of each year asked for; or the years asked for, with the figures of all years that show it. Empty
    where the evidence has no figures that differ in their year only."""
    told = tuple(_in_its_turn(evidence, position) for position in range(len(evidence.figures)))
    figures = by_year(told, told[evidence.figures.index(like)])
    years = wanted_years(across, figures) if figures else ()
    if not across.asks_year:
        return tuple(figure_piece(library, evidence, figures[year]) for year in years)
    if not years or (not across.years and not stands(across, years, figures, told)):
        return ()
    compared = [year for year in figures if year in across.years or not across.years]
    shown = [*years, *(year for year in compared if year not in years)]
    label = {year: year_label(year, figures[year]) for year in shown}
    each = "; ".join(f"{label[year]}: {printed_figure(figures[year])}" for year in shown)
    place = place_of(library, evidence)
    what = evidence.candidate.meaning.partition(" – ")[0] if evidence.candidate.kind == "row" else ""
    rest = f" ({what} – {each})" if what else f" ({each})"
    heads = headings_of(library, evidence, place)
    told = tuple(figures[year] for year in shown)
    quote = quoted_text(library, place, heads)
    named = as_printed(", ".join(label[year] for year in years), quote)
    return (Piece(named, as_printed(rest, quote), place, told, headings=heads),)


def _in_its_turn(evidence: Evidence, position: int) -> Figure:
    """A figure with the period that it has in turn: in "in 2019 and 2018 it was 4 and 3 respectively" 4 is of 2019."""
    figure = evidence.figures[position]
    if evidence.candidate.kind == "row":
        return figure
    periods = find_periods(in_turn(evidence, position))
    return replace(figure, period=periods[0].text) if len(periods) == 1 else figure


def printed_figure(figure: Figure) -> str:
    """The figure as printed, with the currency and the scale that a heading gives it."""
    sign = next((sign for sign, code in CURRENCIES.items() if code == figure.unit), "")
    if any(known in figure.text for known in CURRENCIES):
        sign = ""
    amount = re.sub(r"^([+\-−–]?)(?=\(?\d)", rf"\g<1>{sign}", figure.text)
    scale = f" {figure.scale}" if figure.scale and not re.search(r"[a-z]", figure.text, re.IGNORECASE) else ""
    return f"{amount}{scale}"


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


def figure_piece(library: Library, evidence: Evidence, figure: Figure) -> Piece:
    """The statement of one figure with what it measures, whose it is and when, as far as the quotation says so."""
    if figure in evidence.figures:
        figure = _in_its_turn(evidence, evidence.figures.index(figure))
    place = place_of(library, evidence)
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
    about = f" ({'; '.join(dict.fromkeys(parts))})" if parts else ""
    heads = headings_of(library, evidence, place)
    about = as_printed(about, quoted_text(library, place, heads))
    return Piece(f"{printed_figure(figure)}{tail}", about, place, (figure,), headings=heads)

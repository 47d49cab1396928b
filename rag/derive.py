"""Derive: answer with a figure that no report prints, worked out from figures that it does.

What the report prints is given before anything is worked out. Where the question surely asks for a change, a share and
the like, a figure that is only one of the operands, or the change between other years, is no answer to it: it is
withheld, whether or not anything can be worked out (`rag/operands.py` says when).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from index import Library
from index.numbers import CURRENCIES, find_numbers
from index.periods import find_periods, years_in
from index.records import CELL_SEPARATOR, Figure
from index.terms import terms

from .arithmetic import work_out, written
from .compose import Choice, figure_choices, figure_probability, printed_figure
from .decide import answers_from
from .derivation import Wanted
from .draft import FALLS, RISES, Derived, Draft, Operand, Piece, as_presumed, is_more, yes_or_no_to
from .features import Weight
from .fit import contradicts
from .only_says import Found
from .operands import pick
from .quoting import places_of
from .rank import Ranked
from .records import Note
from .rows import is_astray, outdone
from .understand import Question, understand
from .units import is_comparator, unit_class

Ranks = Callable[[Question], Sequence[Ranked]]
Printed = Literal["answers", "may answer", "is none"]
_CHANGED = re.compile(
    r"\b(?:chang\w*|increas\w*|decreas\w*|reduc\w*|ris(?:e|en|ing)|rose|fall\w*|fell|gr[eo]w\w*|drop\w*|declin\w*|cut|gap"
    r"|variance|difference|(?:more|fewer|less|higher|lower) than)\b",
    re.IGNORECASE,
)
_ADDED = {
    "sum": re.compile(r"\b(?:total|sum|combined|together)\b", re.IGNORECASE),
    "average": re.compile(r"\b(?:average|mean)\b", re.IGNORECASE),
}
_LOSS = re.compile(
    r"\b(?:loss(?:es)?|deficits?|costs?|expens\w*|expenditure|outflows?|used|liabilit\w+|debts?|payments?|write-?\w*)\b",
    re.IGNORECASE,
)
_APART = re.compile(r"\b(?:exceed\w*|differences?|above|below)\b", re.IGNORECASE)
_RATE = re.compile(r"\b(?:rates?|percentages?|proportions?|shares?|margins?)\b", re.IGNORECASE)
_SHOWN = {  # by whether two are compared, and whether the difference is above zero
    (False, True): "The figures show an increase.",
    (False, False): "The figures show a decrease.",
    (True, True): "The figures show that it is higher.",
    (True, False): "The figures show that it is lower.",
}


def derive(library: Library, question: Question, draft: Draft, ranks: Sequence[Ranks], weight: Weight) -> Draft:
    """The draft that answers a question for a figure to be worked out (`question.derived`).

    `draft` is what was composed without working anything out: it stands where it prints what is asked. Else the figure
    is worked out, from what the first of `ranks` that has certain operands ranks for a question; where none has, the
    draft stands if it may yet be an answer, and nothing is answered if it is none.
    """
    wanted = question.derived
    if wanted is None:
        return draft
    printed = _printed(library, wanted, draft)
    if printed == "answers":
        return draft
    for rank in ranks:
        worked_out = _worked_out(library, wanted, rank, weight)
        if worked_out is not None:
            return replace(worked_out, organisations=draft.organisations)
    return draft if printed == "may answer" else Draft(probability=draft.probability)


def _printed(library: Library, wanted: Wanted, draft: Draft) -> Printed:
    """Whether what was composed prints the figure asked for."""
    if wanted.whether:
        return "answers" if draft.pieces and draft.pieces[0].lead in ("Yes", "No") else "is none"
    if not draft.pieces or not draft.pieces[0].figures:
        return "answers" if draft.pieces and wanted.operation == "share" else "is none"  # "more than half of them"
    piece = draft.pieces[0]
    figure = piece.figures[0]
    if wanted.operation == "share":
        if unit_class(figure) == "percent":
            changed = figure.direction is not None or _CHANGED.search(figure.measure or "") is not None
            return "is none" if changed and not _CHANGED.search(f"{wanted.part} {wanted.what}") else "answers"
        return "may answer" if figure.unit is None and abs(Decimal(figure.value)) <= 100 else "is none"
    place = piece.place
    text = library.text(place.report.report_id)
    if wanted.operation in _ADDED:
        both = not wanted.part or _names_both(wanted, figure, text[place.start : place.end])
        return "answers" if both and _ADDED[wanted.operation].search(figure.measure or "") else "is none"
    after = text[figure.end : figure.end + 20]
    changed = (
        figure.direction is not None
        or unit_class(figure) == "points"
        or figure.text[:1] in "+-−–"
        or _CHANGED.search(figure.measure or "") is not None
        or re.match(r"\s*(?:\w+ )?(?:fewer|more|less|higher|lower)\b", after) is not None
        or (wanted.operation == "percent_change" and unit_class(figure) == "percent" and not _RATE.search(wanted.what))
    )
    quote = text[place.start : place.end]
    if wanted.operation == "ratio":
        is_ratio = re.search(r"\bratio\b", quote, re.IGNORECASE) is not None and not changed
        return "answers" if is_ratio and _names_both(wanted, figure, quote) else "is none"
    if wanted.operation == "difference" and CELL_SEPARATOR not in quote and _APART.search(quote) is not None:
        changed = changed or len([n for n in find_numbers(quote) if n.kind == "quantity"]) == 1
    if wanted.operation == "difference" and not _names_both(wanted, figure, text[place.start : place.end]):
        return "is none"
    if wanted.presumed is not None and contradicts(figure, wanted.presumed):
        return "is none"
    if wanted.operation in ("difference", "versus"):
        return "answers" if changed else "is none"
    asked = [max(years_in(period)) for period in wanted.periods]
    if not changed:
        own = {y for p in find_periods(figure.period or "") for y in ((max(p.years),) if p.fiscal else p.years)}
        end = re.search(r"\b(?:from|to)\s+(?:\w+\s+)?$", text[max(0, figure.start - 30) : figure.start]) is not None
        return "is none" if end or (len(own) == 1 and own <= set(asked)) else "may answer"
    return _of_the_years_asked(figure, asked, text[place.start : place.end])


def _names_both(wanted: Wanted, figure: Figure, quote: str) -> bool:
    """Whether a printed difference is that of the two asked about: its headings, or its sentence, name what is of each
    alone."""
    said = set(terms(figure.measure or "" if CELL_SEPARATOR in quote else quote))
    one, other = set(terms(wanted.part)), set(terms(wanted.what))
    return bool((one - other) & said or not one - other) and bool((other - one) & said or not other - one)


def _of_the_years_asked(figure: Figure, asked: Sequence[int], quote: str) -> Printed:
    """Whether a printed change is that between the years asked about."""
    first, last = asked
    said = set(years_in(quote))
    if CELL_SEPARATOR not in quote and said == {first, last}:
        return "answers"  # one sentence speaks of these years, whichever of them stands nearer to the change
    stated = {max(period.years) for period in find_periods(figure.period or "")}
    stated |= {year for period in find_periods(figure.period or "") if not period.fiscal for year in period.years}
    if len(stated) >= 2:
        return "answers" if (min(stated), max(stated)) == (first, last) else "is none"
    if stated and stated != {last}:
        return "is none"
    between = any(first < year < last for year in said)
    return "may answer" if between or max(said, default=last) > last else "answers"


def _worked_out(library: Library, wanted: Wanted, rank: Ranks, weight: Weight) -> Draft | None:
    """The derived answer, None where the operands, or what comes of them, are not certain."""
    choices: list[list[Choice]] = []
    probability = 1.0
    for text in wanted.questions:
        asked = replace(understand(text), kind="figure", across=None, derived=None)
        ranked = rank(asked)
        of_one = sorted(figure_choices(asked, ranked, weight), key=lambda choice: -choice.order)
        of_one = [c for c in of_one if not outdone(library, asked, c.ranked.evidence, c.figure)]
        if not of_one or is_astray(library, asked, of_one[0].ranked.evidence, of_one[0].figure):
            return None
        own = figure_probability(of_one)
        if own < answers_from("figure", read=of_one[0].ranked.is_read):
            return None
        choices.append(of_one)
        probability = min(probability, own)
    found = pick(library, wanted, choices)
    derived = _derived(library, wanted, found) if found else None
    if derived is None:
        return None
    return replace(_draft(wanted, derived, found), probability=probability)


def _derived(library: Library, wanted: Wanted, found: Sequence[Found]) -> Derived | None:
    """The figure with its arithmetic, None where its unit does not allow it or its sign could be read in two ways."""
    figures = [f.figure for f in found]
    values = [Decimal(figure.value) for figure in figures]
    first, unit = figures[0], unit_class(figures[0])
    rate = (first.unit or "").startswith("per ")
    of_loss = _LOSS.search(f"{wanted.what} {wanted.part} {first.measure or ''}") is not None
    if any(value < 0 for value in values) and (of_loss or all(value <= 0 for value in values)):
        return None
    alike = wanted.operation == "average" and first.unit is None and len({f.evidence.start for f in found}) == 1
    if wanted.operation in ("sum", "average", "share") and (unit not in ("money", "count") or rate) and not alike:
        return None
    if (wanted.operation == "percent_change" and unit == "percent") or (wanted.points and unit != "percent"):
        return None
    more, less = (values[0], values[1]) if wanted.presumed == "increase" else (values[1], values[0])
    if wanted.operation == "difference" and wanted.presumed is not None and more <= less:
        return None  # which is more is not as the question has it
    done = work_out(wanted.operation, values)
    if done is None or (done[0] == 0 and wanted.operation != "share"):
        return None
    value, arithmetic = done
    of_percent = wanted.operation in ("percent_change", "share")
    counted = "percentage points" if unit == "percent" else first.unit
    scale = None if of_percent else first.scale
    result = Figure("", 0, 0, str(value), "percent" if of_percent else counted, scale)
    if wanted.operation == "ratio":
        result = Figure("", 0, 0, str(value))
    places = places_of(library, [f.evidence for f in found])
    periods = list(dict.fromkeys(figure.period for figure in figures if figure.period))
    spans = wanted.operation in ("change", "percent_change") and len(periods) == 2
    return Derived(
        operation=wanted.operation,
        operands=tuple(Operand(f.figure, place) for f, place in zip(found, places, strict=True)),
        text=_amount(result),
        value=str(value),
        unit=result.unit,
        scale=result.scale,
        measure=_measured(wanted),
        subject=first.subject,
        period=f"from {periods[0]} to {periods[1]}" if spans else " and ".join(periods) or None,
        arithmetic=arithmetic,
        whether=wanted.whether,
        presumed=None if wanted.operation == "difference" else wanted.presumed,
    )


def _measured(wanted: Wanted) -> str:
    if wanted.operation == "share":
        return f"{wanted.part}, of {wanted.what}"
    if wanted.operation == "ratio":
        return f"{wanted.part} to {wanted.what}"
    return f"{wanted.part} and {wanted.what}" if wanted.operation == "sum" and wanted.part else wanted.what


def _amount(figure: Figure) -> str:
    """A figure as it is stated, without its sign."""
    number = written(abs(Decimal(figure.value)))
    unit = figure.unit or ""
    if unit in ("percent", "percentage points"):
        return f"{number} {unit}"
    if unit in CURRENCIES.values():
        return printed_figure(replace(figure, text=number))
    scale = f" {figure.scale}" if figure.scale else ""
    return f"{number}{scale} {unit}".strip() if number != "1" else f"{number}{scale}"


def _draft(wanted: Wanted, derived: Derived, found: Sequence[Found]) -> Draft:
    rises = is_more(derived)
    lead = derived.text
    notes: tuple[Note, ...] = ()
    if wanted.operation in ("change", "percent_change"):
        lead = f"{(RISES if rises else FALLS)[wanted.ahead]} by {derived.text}"
    elif wanted.operation == "versus":
        lead = f"{'Higher' if rises else 'Lower'} by {derived.text}"
    if word := yes_or_no_to(derived):
        lead = f"{word}: {lead[0].lower()}{lead[1:]}"
    elif not as_presumed(derived):
        notes = (Note("false_premise", _SHOWN[wanted.operation == "versus", rises], (1,)),)
    if any(f.figure.ambiguous for f in found):
        told = "The file parts these figures from their label: what they measure was inferred."
        notes = (*notes, Note("ambiguous_source", told, (1,)))
    organisation = found[0].evidence.report.organisation
    of_rows = wanted.of_two_rows
    what = [] if of_rows else [wanted.what]
    if organisation and not is_comparator(derived.subject, organisation):
        what.append(organisation)
    if of_rows and found[0].figure.period:
        what.append(found[0].figure.period)
    labels = wanted.periods
    if of_rows:
        labels = (wanted.part, wanted.what)
    elif wanted.operation == "versus":
        labels = tuple(f.figure.subject or organisation or "own" for f in found)
    each = "; ".join(f"{label}: {printed_figure(f.figure)}" for label, f in zip(labels, found, strict=True))
    rest = f" ({'; '.join(what)} – {each}; {derived.arithmetic})"
    return Draft((Piece(lead, rest, derived.operands[0].place, derived=derived),), notes)

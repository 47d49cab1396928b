"""Choose the figure of a statement that the question asks for, among those that its unit allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from index.records import Figure
from index.terms import terms

from .another_sense import before_it, of_the_opposite
from .asking import (
    ASKS_CHANGE,
    asked,
    is_a_change,
    is_left,
    is_reached,
    is_what_there_is,
    speaks_of_part,
    speaks_of_whole,
)
from .features import Weight
from .fit import fit, fit_features, is_anothers, lacks_change, of_several_years, of_the_one, of_the_period
from .jointly import counts_another_in, is_a_share_of, of_several_together, others_share
from .leaves_out import is_left_out
from .mismatch import (
    counts_another_noun,
    is_a_rate,
    lacks_one_of_two,
    of_another_date,
    of_another_in_turn,
    of_another_share,
    of_another_whole,
    of_the_rest,
    with_alike,
)
from .part_of import is_whole_or_part
from .qualifiers import lacks_qualifier
from .retrieve import Evidence
from .understand import Question, UnitClass
from .units import is_comparator, unit_class

MOST_PERCENT = 100
_OWN = re.compile(
    r"\bthe (?:force|council|company|service|trust|authority|agency|department|constabulary|organisation|group|bank"
    r"|university|board)(?:['’]s)?\b|\b(?:its|their)\b",
    re.IGNORECASE,
)
_OF_THE_COUNTRY = re.compile(
    r"\b(?:national|England|English) (?:figure|rate|average|share|percentage|level|number|proportion)\b(?! of [A-Z])",
    re.IGNORECASE,
)
_IT_COMPARES = re.compile(r"\bhow (?:do|does|did) (?:it|this|that|they|these) compare\b", re.IGNORECASE)
# The one that is reported on: not the service or company that somebody is content with, or makes use of.
_REPORTED_ON = re.compile(
    r"\bthe (?:force|council|trust|authority|agency|department|constabulary|board)(?:['’]s)?\b|\b(?:its|their)\b"
    r"|(?<!with )(?<!by )(?<!of )(?<!use )(?<!from )"
    r"\bthe (?:service|company|organisation|group|bank|university)(?:['’]s)?\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)
_SOON = 30  # characters
_OF_AN_AMOUNT = re.compile(r"\s+of\s+(?:its|the|their|this|that)\s+((?:[\w’'-]+\s?){1,6})")
_COINS = re.compile(r"(?:pence|penn(?:y|ies)|cents?)\b", re.IGNORECASE)
_LASTS = re.compile(
    r"\b(?:periods?|terms?|li(?:fe|ves)|lifetimes?|lengths?|durations?|times?|ages?|maturit(?:y|ies)|tenors?)\b",
    re.IGNORECASE,
)
_REPORTING = frozenset(terms("force council company service trust authority agency department organisation"))


@dataclass(frozen=True, slots=True)
class Fitting:
    """A figure with how well it fits the question (`fit`, log-odds against other figures), and whether it is of the
    period (`period`) and of the one (`whose`) asked about: 1, -1 for another, 0 where it is not said. `answers` is
    false for a level, or a change the other way, where nothing but a change is asked for, and for a change where none
    is; `narrowed` is true for what is told to be of another than the question narrows down to, which answers neither.
    """

    figure: Figure
    fit: float
    period: float
    whose: float
    answers: bool = True
    narrowed: bool = False


def asks_other(question: Question, evidence: Iterable[Evidence]) -> bool:
    """Whether the question asks for the figures of what the organisation is compared with, not for its own.

    What it may be compared with is known from the figures of all the evidence.
    """
    words = set(terms(question.text))
    for piece in evidence:
        organisation = piece.report.organisation
        for figure in piece.figures:
            if is_comparator(figure.subject, organisation) and set(terms(figure.subject or "")) <= words:
                return not _compares_own(question, organisation)
        if _named(question, organisation):
            return _OF_THE_COUNTRY.search(question.body) is not None
    return question.compared


def rank_figures(question: Question, evidence: Evidence, other: bool, weight: Weight) -> tuple[Fitting, ...]:
    """The figures of a statement that can answer, best fitting first.

    A figure in another unit than the one asked for cannot, unless it is printed without one, nor the organisation's
    own where the question asks for others' (`other`, as `asks_other` said of it), nor others' where it names the
    organisation, nor one that the text does not tie to its label, nor the whole where a part of it is asked for, nor a
    share of something else, nor one of another period where one in the same unit is of the period asked about. Ties
    keep the order of the text.
    """
    organisation = evidence.report.organisation
    own_named = names_own(question, organisation)
    own_meant = any(pattern.search(question.text) for pattern in (_REPORTED_ON, _IT_COMPARES))
    only_own = not other and (_named(question, organisation) or own_meant)
    about = asked(question, other, own_named)
    if not speaks_of_part(about, evidence.candidate.meaning, organisation) or not speaks_of_whole(question, evidence):
        return ()
    if (other and not _shares_a_word(question, evidence)) or _only_names(question, evidence):
        return ()
    if _has_nothing_of_it(question, evidence):
        return ()
    possible = [
        position
        for position, figure in enumerate(evidence.figures)
        if (question.unit is None or unit_class(figure) == question.unit or _may_be_in(question, evidence, figure))
        and (not other or is_anothers(evidence, position))
        and not (only_own and is_comparator(figure.subject, organisation))
        and not (figure.ambiguous and figure.subject is None)
        and not of_several_years(question, evidence, figure)
        and not (only_own and of_several_together(evidence, figure))
        and not counts_another_in(question, evidence, figure)
        and not is_a_share_of(question, evidence, figure)
        and not others_share(question, evidence, figure)
        and not _is_share_of_asked(question, evidence, figure)
        and not is_what_there_is(about, evidence, figure)
        and not of_another_date(question, evidence, figure)
        and not of_another_in_turn(question, evidence, position)
        and not of_another_whole(question, evidence, figure)
        and not of_another_share(question, evidence, figure)
        and not is_a_rate(question, figure)
        and not of_the_rest(question, evidence, figure)
        and not counts_another_noun(question, evidence, figure)
        and not lacks_one_of_two(question, evidence, figure)
        and not of_the_opposite(question, evidence, figure)
        and not before_it(question, evidence, figure)
        and not _counts_something(question, evidence, figure)
    ]
    if about.reaches and any(is_reached(evidence, evidence.figures[position]) for position in possible):
        possible = [position for position in possible if is_reached(evidence, evidence.figures[position])]
    if about.leaves and evidence.candidate.kind == "sentence":
        possible = [position for position in possible if is_left(evidence, evidence.figures[position])]
    fitting = []
    for position in possible:
        features = fit_features(about, evidence, position, weight)
        figure = evidence.figures[position]
        unfit = lacks_change(about, evidence, figure, features) or is_a_change(about, evidence, figure)
        narrowed = (
            is_whole_or_part(question, evidence, figure)
            or lacks_qualifier(question, evidence, position)
            or is_left_out(question, evidence, position)
        )
        answers = (question.derived is not None or not unfit) and not narrowed
        own = Fitting(figure, fit(features), of_the_period(features), of_the_one(features), answers, narrowed)
        fitting.append(own)
    of_it: set[UnitClass] = set()
    if len(question.periods) == 1 and question.derived is None and not about.change:
        of_it = {unit_class(f.figure) for f in fitting if f.period > 0 and f.answers}
    fitting = [f for f in fitting if f.period >= 0 or unit_class(f.figure) not in of_it]
    return tuple(sorted(fitting, key=lambda f: -f.fit))


def _may_be_in(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure printed without a unit may be in the one asked for: no percentage of a whole is above 100, nor
    one in a sentence without a word for it soon after."""
    if figure.unit is not None or question.unit != "percent":
        return figure.unit is None
    after = evidence.text[figure.end - evidence.start :][:_SOON]
    said = evidence.candidate.kind == "row" or _PERCENT.search(after) is not None
    return said and abs(Decimal(figure.value)) <= MOST_PERCENT


def _counts_something(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether an amount of money is likely asked for, and a figure counts what the question does not name at all, or is
    a bare number of a sentence: only tables leave the currency to their headings."""
    if question.unit is None and question.likely_unit == "percent" and unit_class(figure) == "duration":
        return _LASTS.search(question.text) is None
    if question.unit is not None or question.likely_unit != "money" or unit_class(figure) not in ("count", "duration"):
        return False
    if figure.unit is None:
        return evidence.candidate.kind == "sentence" and figure.scale is None
    if _COINS.match(figure.unit) is not None:
        return False
    if unit_class(figure) == "duration":
        return _LASTS.search(question.text) is None
    times = frozenset(term for period in question.periods for term in terms(period.text))
    return not frozenset(terms(figure.unit)) & frozenset(terms(question.text)) - frozenset(_REPORTING) - times


def _is_share_of_asked(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is a percentage of the very amount that is asked for: "72 percent of its savings requirement" is
    no savings requirement."""
    if question.unit is not None or question.likely_unit != "money" or unit_class(figure) != "percent":
        return False
    if evidence.candidate.kind == "row" or not question.terms:
        return False
    whole = _OF_AN_AMOUNT.match(evidence.text, figure.end - evidence.start)
    own = {*terms(evidence.report.organisation or ""), *_REPORTING}
    asked_for = {term for term in question.terms if term not in own}
    return whole is not None and bool(asked_for) and asked_for <= set(terms(whole[1]))


def _shares_a_word(question: Question, evidence: Evidence) -> bool:
    """Whether a statement has a word of what is asked besides the names of those whose figures it gives."""
    named = (*(figure.subject or "" for figure in evidence.figures), *question.names, "average")
    whose = {term for name in named for term in terms(name)}
    rest = {term for term in question.terms if term not in whose}
    return not rest or any(term in rest for term in terms(f"{evidence.candidate.meaning} {evidence.text}"))


def _has_nothing_of_it(question: Question, evidence: Evidence) -> bool:
    """Whether neither a statement nor what it stands in has a word of what is asked besides whose it is."""
    c = evidence.candidate
    own = {*terms(evidence.report.organisation or ""), *_REPORTING}
    changes = frozenset(terms(" ".join(ASKS_CHANGE.findall(question.body))))
    rest = {term for term in question.terms if term not in own}
    said = (*terms(c.meaning), *terms(c.header), *terms(c.passage))  # each is known already
    return bool(rest - changes) and not rest & with_alike(said)


def _only_names(question: Question, evidence: Evidence) -> bool:
    """Whether all that a table row has of what is asked is the name of the one that is reported on."""
    if evidence.candidate.kind != "row":
        return False
    own = {*terms(evidence.report.organisation or ""), *_REPORTING}
    rest = [term for term in question.terms if term not in own]
    said = set(terms(f"{evidence.candidate.meaning} {evidence.candidate.header}"))
    return bool(rest) and not any(term in said for term in rest) and any(t in own & said for t in question.terms)


def names_own(question: Question, organisation: str | None) -> bool:
    """Whether the question names the organisation that is reported on, if only as "the force" or "its"."""
    if _OWN.search(question.text) is not None:
        return True
    return _named(question, organisation)


def _named(question: Question, organisation: str | None) -> bool:
    own = terms(organisation or "")
    return bool(own) and own[0] in terms(question.text)


def _compares_own(question: Question, organisation: str | None) -> bool:
    """Whether the other is named only as what the organisation's own figure is compared with."""
    against = re.search(r"\b(?:compared (?:to|with)|against|versus|vs|than)\b", question.text, re.IGNORECASE)
    if _IT_COMPARES.search(question.text) is not None:
        return True
    if against is None:
        return False
    return _named(question, organisation) or _OWN.search(question.text[: against.start()]) is not None

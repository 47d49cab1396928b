"""What speaks for a candidate: the features that the ranker weighs, each a plain measure between about -1 and 1.

A candidate is a sentence, a table row or a judgment line with the passage that it stands in.
"""

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.grades import GRADE
from index.numbers import find_numbers
from index.periods import years_in
from index.terms import terms

from .understand import Question, UnitClass

NAMES = (
    "coverage_statement",  # share of the question's term weight that the statement has
    "coverage_context",  # the same, with its passage and header
    "coverage_header",
    "heaviest_missing",  # weight of the heaviest term that is in neither, as a share of the heaviest of all
    "names_missing",  # share of the question's proper names that are in neither
    "names_in_statement",
    "pairs",  # share of the question's neighbouring term pairs that stand near each other in the statement
    "cosine_statement",
    "cosine_passage",
    "bm25_rank",  # reciprocal of 1 + rank in the word search of its passage, 0 where not found
    "dense_rank",
    "type_fits",  # the statement has what the kind of question asks for (a figure, a grade, a date, a name, a cause)
    "unit_fits",  # it has a quantity in the unit asked for
    "unit_lacks",
    "year_in_statement",
    "year_in_context",
    "year_elsewhere",  # the statement names years, and none of those asked for
    "compared_fits",  # both or neither speak of an average or of others
    "length",
    "is_row",
    "is_judgment",
    "asks_figure",
    "asks_judgment",
    "asks_name",
    "asks_when",
    "asks_why",
    "asks_list",
)

_CAUSE = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|so that|in order to|therefore|caused|led to"
    r"|reason|reflect\w*|to (?:enable|ensure|reduce|improve|help))\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\b(?:19|20)\d{2}\b"
)
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][a-z]+|[A-Z]{2,}")
_OTHERS = re.compile(r"\b(?:average|national\w*|other \w+|England|nationally|peers?|similar)\b")
_DURATION = re.compile(r"\b(?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of evidence to be weighed, without regard to where it is kept.

    `text` is what would be quoted, `meaning` what it says (a row with its headings written out), `passage` and
    `header` what it stands in. Ranks count from 0; None where that search did not return its passage.
    """

    text: str
    meaning: str
    passage: str
    header: str
    kind: str
    cosine_statement: float
    cosine_passage: float
    lexical_rank: int | None
    dense_rank: int | None
    report_year: int | None = None


Weight = Callable[[str], float]


def features(question: Question, candidate: Candidate, weight: Weight) -> NDArray[np.float32]:
    """float32 (len(NAMES),). `weight` gives a term's inverse document frequency."""
    said = frozenset(terms(candidate.meaning))
    head = frozenset(terms(candidate.header))
    around = said | head | frozenset(terms(candidate.passage))
    weights = {term: weight(term) for term in question.terms}
    total = sum(weights.values()) or 1.0
    missing = [w for t, w in weights.items() if t not in around]
    heaviest = max(weights.values(), default=1.0) or 1.0
    names = [frozenset(terms(name)) for name in question.names]
    names = [name for name in names if name]
    asked_years = set(question.years)
    stated_years = set(years_in(candidate.meaning)) if asked_years else set()
    near_years = stated_years.union(*(years_in(text) for text in (candidate.header, candidate.passage) if asked_years))
    if candidate.report_year is not None:
        near_years.add(candidate.report_year)
    units = _units(candidate.meaning) if question.unit is not None or question.kind == "figure" else frozenset()
    others = _OTHERS.search(candidate.meaning) is not None
    values = (
        sum(w for t, w in weights.items() if t in said) / total,
        sum(w for t, w in weights.items() if t in around) / total,
        sum(w for t, w in weights.items() if t in head) / total,
        max(missing, default=0.0) / heaviest,
        sum(not name <= around for name in names) / len(names) if names else 0.0,
        sum(name <= said for name in names) / len(names) if names else 0.0,
        _pairs(question.terms, candidate.meaning),
        candidate.cosine_statement,
        candidate.cosine_passage,
        0.0 if candidate.lexical_rank is None else 1.0 / (1 + candidate.lexical_rank),
        0.0 if candidate.dense_rank is None else 1.0 / (1 + candidate.dense_rank),
        float(_type_fits(question, candidate, units)),
        float(question.unit is not None and question.unit in units),
        float(question.unit is not None and question.unit not in units),
        float(bool(asked_years & stated_years)),
        float(bool(asked_years & near_years)),
        # the year that a question for a date names says which report is meant, and need not be in the date
        float(question.kind != "when" and bool(asked_years) and bool(stated_years) and not asked_years & stated_years),
        float(question.compared == others) if question.compared or others else 0.5,
        min(1.0, math.log1p(len(candidate.meaning)) / 7),
        float(candidate.kind == "row"),
        float(candidate.kind == "judgment"),
        float(question.kind == "figure"),
        float(question.kind == "judgment"),
        float(question.kind in ("who", "where")),
        float(question.kind == "when"),
        float(question.kind == "why"),
        float(question.kind == "list"),
    )
    return np.array(values, dtype=np.float32)


@lru_cache(maxsize=20_000)
def _units(text: str) -> frozenset[UnitClass]:
    """The classes of unit that the quantities of `text` have."""
    found: set[UnitClass] = set()
    for number in find_numbers(text):
        if number.kind != "quantity":
            continue
        if number.unit == "percent":
            found.add("percent")
        elif number.unit == "percentage points":
            found.add("points")
        elif number.unit is not None:
            found.add("money")
        elif _DURATION.match(text[number.end :].lstrip()[:10]):
            found.add("duration")
        else:
            found.add("count")
    if "%" in text or "percent" in text.lower():
        found.add("percent")
    return frozenset(found)


def _type_fits(question: Question, candidate: Candidate, units: frozenset[UnitClass]) -> bool:
    kind = question.kind
    if kind == "figure":
        return bool(units)
    if kind == "judgment":
        return candidate.kind == "judgment" or GRADE.search(candidate.meaning) is not None
    if kind == "when":
        return _DATE.search(candidate.meaning) is not None
    if kind in ("who", "where"):
        return _NAME.search(candidate.meaning) is not None
    if kind == "why":
        return _CAUSE.search(candidate.meaning) is not None
    return True


def _pairs(asked: Sequence[str], text: str) -> float:
    """Share of neighbouring question terms that stand within four terms of each other in the text."""
    pairs = list(itertools.pairwise(asked))
    if not pairs:
        return 0.0
    places: dict[str, list[int]] = {}
    for position, term in enumerate(terms(text)):
        places.setdefault(term, []).append(position)
    near = sum(any(abs(i - j) <= 4 for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs)
    return near / len(pairs)

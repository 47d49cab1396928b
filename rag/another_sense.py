"""Tell figures that are stated in another sense than the one asked for: of those that have what others lack, or of what
comes before something is taken off.

"Of 30 boats 21 are insured" does not say how many are not, and "income before tax of 9" is no tax.
"""

import re
from itertools import pairwise

from index.records import Figure
from index.terms import terms

from .clauses import own_sentence
from .retrieve import Evidence
from .understand import Question

_LACKS = re.compile(
    r"\b(?:lack(?:s|ed|ing)?|without|(?:ha(?:ve|s|d)|with|there (?:is|are|was|were)) no|do(?:es)? not|did not|"
    r"(?:are|is|were|was|has|have|had) not|cannot|could not|no longer)\b|n[’']t\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:no|not|none|nor|neither|never|nobody|without|cannot|lack\w*|fail\w*|miss\w*|absen\w+|unable|un(?!i|der)\w{4,}|non"
    r"|outstanding|remain\w*|rest|exclud\w*|other|only|abandon\w*|dismiss\w*|vacan\w*|lost|losing|underspen\w+|declin\w*|refus\w*|reject\w*)\b|n[’']t\b",
    re.IGNORECASE,
)
_TAKEN_OFF = frozenset(terms("before excluding except without"))


def of_the_opposite(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how many lack something or do not do it, and nothing that is said of a figure says no."""
    if question.kind != "figure" or question.derived is not None or _LACKS.search(question.body) is None:
        return False
    said = figure.measure or "" if evidence.candidate.kind == "row" else own_sentence(evidence, figure)
    return _NEGATIVE.search(f"{said} {figure.unit or ''}") is None


def before_it(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether two words that are asked for in a row stand with a figure only as what it is before or without: "income
    before income tax expense" is no income tax expense."""
    asked = terms(question.body)
    if _TAKEN_OFF & set(asked) or question.unit == "duration":
        return False
    row = evidence.candidate.kind == "row"
    said = terms(figure.measure or "" if row else own_sentence(evidence, figure))
    known = list(pairwise(said))
    for pair in pairwise(asked):
        places = [at for at, found in enumerate(known) if found == pair]
        if places and all(at and said[at - 1] in _TAKEN_OFF for at in places):
            return True
    return False

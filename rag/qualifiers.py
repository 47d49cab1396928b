"""Tell figures that lack what a question narrows down to: which half of the year, how long until it is due, gross or
net, which officers, all together.

A row or sentence shares nearly all its words with a question that asks for its sibling. What a figure is labelled with
then says outright that it is of another one.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from index.periods import find_periods, years_in
from index.records import Figure
from index.terms import terms

from .asking import ASKS_CHANGE, PER
from .clauses import clause, own_sentence
from .mismatch import with_alike
from .only_says import without_periods
from .retrieve import Evidence
from .siblings import SIBLINGS, in_one_word
from .understand import Question
from .units import unit_class

_STATES = re.compile(  # the verb
    r"\b(?:does|do|did|to|it|they|reports?|letters?) (?:[\w’'-]+ ){0,3}?states?\b"
    r"(?=\s*(?:[?.,]|$|(?:the|that|about|for|on|in|as|how|what)\b))",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\b(?:first|second|last|other)[\s-]half\b|\b(?:six|6)[\s-]months?\b|\b26[\s-]weeks?\b|\b(?:H[12]|[12]H)\b"
    r"|\bhalf[\s-]year",
    re.IGNORECASE,
)
_HALVES = (
    re.compile(r"\bfirst[\s-]half\b|\b(?:H1|1H)\b", re.IGNORECASE),
    re.compile(r"\b(?:second|last|other)[\s-]half\b|\b(?:H2|2H)\b", re.IGNORECASE),
)
_QUARTER = re.compile(r"\bquarter(?:s|ly)?\b|\bQ[1-4]\b|\bthree[\s-]months\b", re.IGNORECASE)
_YEARS = r"(?:years?|yrs?)"
_NUMBER = r"(?a:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_NEXT = r"(?:(?:the\s+)?(?:next|past|last|coming|following)\s+)?"
_WITHIN = re.compile(
    rf"\b(?:less than|under|within|up to|not later than|no later than)\s+{_NEXT}({_NUMBER})\s+{_YEARS}\b", re.IGNORECASE
)
_BEYOND = re.compile(
    rf"\b(?:more than|after|beyond|later than|in excess of)\s+{_NEXT}({_NUMBER})\s+{_YEARS}\b", re.IGNORECASE
)
_OVER = re.compile(r"\bover\b", re.IGNORECASE)  # in a heading; in a sentence it may be "in the course of"
_FROM_TO = re.compile(
    rf"\b({_NUMBER})(?:\s+{_YEARS})?\s*(?:-|–|to|and(?: not later than)?)\s*({_NUMBER})\s+{_YEARS}\b", re.IGNORECASE
)
_MONTHS = re.compile(r"\b(?:12|twelve) months\b", re.IGNORECASE)
_SAID_AS = {"a": 1, "an": 1} | {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
_DUE = re.compile(
    r"\b(?:due|payable|matur\w+|fall(?:s|ing)? due|repay\w*|repaid|expir\w+|owed|obligations?)\b", re.IGNORECASE
)
_TOGETHER = re.compile(  # but "the combined plan"
    r"\b(?:altogether|in all|all told|all together|taken together"
    r"|(?:combined|together)(?!\s+(?!(?:in|for|at|on|as|by)\b)\w))\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:total\w*|altogether|in all|all told|overall|combined|together|aggregate|sum|all|whole|entire)\b",
    re.IGNORECASE,
)
_TOTAL = terms("total")[0]
_PLUS = re.compile(r"(?P<one>[^\W\d][\w’'-]*)\s+plus\s+(?:the\s+)?(?P<two>[\w’'-]+)")
_BIG = re.compile(
    r"\bhow (?:big|large|great|high|small|low|steep|deep)(?: of)?\s+(?:(?:is|was|were|are)\s+)?"
    r"an?\s+(?P<what>[\w’'-]+)",
    re.IGNORECASE,
)
_PRICE = re.compile(r"\bprices?\b", re.IGNORECASE)
_SOLD = re.compile(
    r"\bhow much (?:did|does|do|has|have)\b[^?]*\b(?:sell|sold|earn|earned|make|made|receive|take)\b", re.I
)
_ASKS_PRICE = re.compile(r"\b(?:pric\w+|costs?|worth|fetch\w*|per|each|rate|charg\w+|quot\w+|valu\w+)\b", re.IGNORECASE)
_CHANGE = re.compile(r"^(?:[£$€%]\s*)?(?:change|variance|movement)s?\b|\b(?:change|variance)s?$", re.IGNORECASE)
_PERCENT_CHANGE = re.compile(r"(?:percentage|percent|per cent|%) changes?\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b([A-Za-z]{3,})\s+(\d{1,2})(?![\d.,]\d|\d|%)")
_NOW = re.compile(r"\b(?:currently|at present|at the moment|presently)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_PAID = re.compile(r"\bpa(?:y|ys|id|ying|yments?)\b|\bcash\b|\bdisburse\w*|\bsettle\w*", re.IGNORECASE)
_CHARGED = re.compile(r"\bcharges?\b|\bexpens\w+|\baccru\w+|\brecogni[sz]ed\b|\bprovisions?\b", re.IGNORECASE)
_ASKS_PAID = re.compile(r"\bcash\b[^?]*\bpa(?:y|id)\b|\bpa(?:y|id) (?:out|in cash)\b", re.IGNORECASE)
_SAID_OF_ANY = frozenset(
    terms(
        "police local national total whole new other different average annual main own actual current member people"
        " person case time year company group force council service staff more further additional extra"
    )
)


def lacks_qualifier(question: Question, evidence: Evidence, position: int) -> bool:
    """Whether the figure at `position` is labelled as another than the question narrows down to."""
    figure = evidence.figures[position]
    return any(told(question, evidence, figure) for told in _TESTS) or _of_a_sibling(question, evidence, position)


def _label(evidence: Evidence, figure: Figure) -> str:
    """What a figure of a row is headed with."""
    return f"{figure.measure or ''} {figure.period or ''}" if evidence.candidate.kind == "row" else ""


def asks_together(question: Question) -> bool:
    """Whether it is asked what several come to together ("altogether", "in all")."""
    return question.derived is None and _TOGETHER.search(question.body) is not None


def speaks_of_sibling(question: Question, text: str) -> bool:
    """Whether one of "gross, net" is asked about, and text speaks of the other and not of it."""
    asked, said = (frozenset(terms(in_one_word(told))) for told in (_STATES.sub(" ", question.body), text))
    for siblings in SIBLINGS:
        meant = [one for one in siblings if one & asked]
        if len(meant) == 1 and not meant[0] & said and any(one & said for one in siblings):
            return True
    return False


def _of_a_sibling(question: Question, evidence: Evidence, position: int) -> bool:
    """Whether one of "gross, net" is asked for, and the figure is labelled with the other."""
    figure = evidence.figures[position]
    row = evidence.candidate.kind == "row"
    return speaks_of_sibling(question, figure.measure or "" if row else " ".join(clause(evidence, position)))


def _of_a_kind_beside(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a figure is of another kind than the one asked about, which stands beside it: "one low-risk case and 10
    high-risk cases" where the low-risk ones are asked for."""
    row = evidence.candidate.kind == "row"
    label = (figure.measure or "").split(", ")[0] if row else figure.unit or ""
    around = evidence.candidate.passage if row else own_sentence(evidence, figure).replace(label or "\n", " ", 1)
    own, beside = _kinds(label), _kinds(around)
    told = frozenset(term for word in _WORD.findall(f"{label} {figure.measure or ''}") for term in terms(word))
    return any(
        kind not in told and kind not in _SAID_OF_ANY and (kind, noun) in beside
        for kind, noun in _kinds(question.body)
        if noun in question.terms and any(noun == other for _, other in own)
    )


def _kinds(text: str) -> frozenset[tuple[str, str]]:
    """The words that stand right before another, each with that one, as terms: "low", "risk" of "low-risk cases"."""
    words = [(word, terms(word)) for word in _WORD.findall(text)]
    return frozenset((one[0], two[0]) for (_, one), (_, two) in pairwise(words) if one and two)


def _of_another_part_of_the_year(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a half of a year is asked for, and the figure is of the other, of a quarter or of the year; or a quarter,
    and it is of a half."""
    half, quarter = (pattern.search(question.text) is not None for pattern in (_HALF, _QUARTER))
    if half == quarter:
        return False
    c = evidence.candidate
    label = _label(evidence, figure) or own_sentence(evidence, figure)
    asked, other = (_HALF, _QUARTER) if half else (_QUARTER, _HALF)
    if other.search(label) is not None and asked.search(label) is None:
        return True
    if not half:
        return False
    told = [pattern.search(label) is not None for pattern in _HALVES]
    wanted = [pattern.search(question.text) is not None for pattern in _HALVES]
    if any(told) and any(wanted) and not any(one and two for one, two in zip(told, wanted, strict=True)):
        return True
    headed = c.kind == "row" and any(_HALF.search(_label(evidence, f)) for f in evidence.figures)
    return _HALF.search(label if headed else f"{label} {c.header} {c.passage}") is None


def _of_another_band(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether what is due within some years is asked for, and the figure is of other years, or of all."""
    if _DUE.search(question.body) is None or (asked := _band(question.body)) is None:
        return False
    if evidence.candidate.kind == "sentence":
        alike = [f for f in evidence.figures if unit_class(f) == unit_class(figure)]
        left = max((f.end for f in alike if f.end <= figure.start), default=evidence.start)
        right = min((f.start for f in alike if f.start >= figure.end), default=evidence.end)
        before, after = evidence.text[left - evidence.start :], evidence.text[figure.end - evidence.start :]
        said = _band(after[: right - figure.end]) or _band(before[: figure.start - left])
        return said != asked or not _names_what_is_due(question, evidence, figure)
    told = _band(_OVER.sub("after", figure.measure or ""))
    return told != asked if told is not None else _band(evidence.candidate.meaning) is not None


def _names_what_is_due(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a sentence has a word for what is asked about beside when it is due."""
    due = _FROM_TO.sub(" ", _DUE.sub(" ", _WITHIN.sub(" ", _BEYOND.sub(" ", question.body))))
    what = frozenset(terms(due)) & frozenset(question.terms) - frozenset(terms(evidence.report.organisation or ""))
    return not what or bool(what & frozenset(terms(own_sentence(evidence, figure))))


def _band(text: str) -> tuple[int, int] | None:
    """From how many years to how many a text speaks of; None where it does not say."""
    if (both := _FROM_TO.search(text)) is not None:
        return _years(both[1]), _years(both[2])
    text = _MONTHS.sub("one year", text)
    if (within := _WITHIN.search(text)) is not None:
        return 0, _years(within[1])
    beyond = _BEYOND.search(text)
    return None if beyond is None else (_years(beyond[1]), 1000)


def _years(word: str) -> int:
    return int(word) if word.isdigit() else _SAID_AS[word.lower()]


def _is_one_of_several(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether what several come to together is asked for, and the figure is of one of them."""
    plus = _PLUS.search(question.body)
    said = figure.measure or "" if evidence.candidate.kind == "row" else own_sentence(evidence, figure)
    if plus is not None and terms(plus["one"]) and terms(plus["two"]):
        found = frozenset(terms(said))
        return not all(found & frozenset(terms(plus[name])) for name in ("one", "two"))
    group, _, row = (figure.measure or "").split(", ")[0].rpartition(": ")
    if question.derived is not None or _WHOLE.search(said) is not None:
        return False
    if _TOTAL in question.terms and group and evidence.candidate.kind == "row":
        return not frozenset(terms(row)) & frozenset(question.terms)
    if not asks_together(question) or evidence.candidate.kind == "sentence":
        return False
    if group and not frozenset(terms(group)) & frozenset(question.terms):
        return True
    columns = [f.measure for f in evidence.figures if f.period == figure.period]
    return len(columns) > 1 and any(_WHOLE.search(heading or "") for heading in columns)


def _is_not_so_big(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how big a discount is, another figure of the sentence is said to be it, and this is not."""
    asked = _BIG.search(question.body)
    if asked is None or evidence.candidate.kind != "sentence":
        return False
    what = terms(asked["what"])[:1]
    named = [f for f in evidence.figures if what and what[0] in terms(f"{f.measure or ''} {f.unit or ''}")[:2]]
    right_after = [
        f for f in evidence.figures if what and what[0] in terms(evidence.text[f.end - evidence.start :][:24])[:1]
    ]
    return bool(right_after or named) and figure not in (right_after or named)


def _is_a_price(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked for how much something was sold in all, and the figure is a price."""
    if evidence.candidate.kind != "row" or _SOLD.search(question.body) is None:
        return False
    return _PRICE.search(figure.measure or "") is not None and _ASKS_PRICE.search(question.body) is None


def _is_not_paid(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether it is asked how much cash was paid out, and a figure is not said to be paid."""
    row = evidence.candidate.kind == "row"
    if row and re.search(r"\bpa(?:y|id)\b", question.body, re.IGNORECASE):
        paid = [f for f in evidence.figures if _PAID.search(", ".join((f.measure or "").split(", ")[1:]))]
        return bool(paid) and figure not in paid
    if row or _ASKS_PAID.search(question.body) is None:
        return False
    sentence = own_sentence(evidence, figure)
    return _PAID.search(sentence) is None and _CHARGED.search(sentence) is not None


def _is_in_a_column_of_changes(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a row's figure stands in a column of changes, and no change is asked for."""
    if evidence.candidate.kind != "row" or question.derived is not None or question.across is not None:
        return False
    heading, *columns = (figure.measure or "").split(", ")
    of_changes = unit_class(figure) in ("percent", "points") and _PERCENT_CHANGE.match(heading) is not None
    headed = of_changes or any(_CHANGE.search(one.strip()) for one in columns)
    return headed and ASKS_CHANGE.search(question.body) is None


def _is_of_several_numbered(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether one of several numbered things is asked about ("stage 1"), and a row is of it and others together."""
    if evidence.candidate.kind != "row":
        return False
    asked = _numbers(question.body)
    for noun, number in _NUMBERED.findall(without_periods(question.body)):
        also = rf"\s*(?:,|and|&|\+|/|-|–|to)\s*(?:{noun}s?\s+)?\d{{1,2}}"
        for found in re.finditer(rf"\b{noun}s?\s+(\d{{1,2}}(?:{also})+)(?!\d)", figure.measure or "", re.IGNORECASE):
            numbers = _numbers(found[1])
            if int(number) in numbers and not numbers <= asked:
                return True
    return False


def _numbers(text: str) -> frozenset[int]:
    """The whole numbers in a text, with those that "1 to 3" runs through."""
    runs = ((int(a), int(b)) for a, b in re.findall(r"(?<!\d)(\d{1,2})\s*(?:to|-|–)\s*(\d{1,2})(?!\d)", text))
    return frozenset((*map(int, re.findall(r"\d+", text)), *(n for a, b in runs for n in range(a, b + 1))))


def _is_of_now(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether an earlier year than the report's is asked about, and a sentence tells how things are now."""
    year = evidence.candidate.report_year
    if evidence.candidate.kind != "sentence" or len(question.periods) != 1 or year is None:
        return False
    said, asked = own_sentence(evidence, figure), question.periods[0].years
    if max(asked) >= year or set(asked) & set(years_in(f"{evidence.report.title} {evidence.candidate.header}")):
        return False  # a report of that year, which came out later
    return _NOW.search(said) is not None and not find_periods(said)


def _lacks_what_narrows(question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether a kind of those that are counted is asked about ("night officers"), and nothing around the figure of
    officers names it; or whether a rate is asked for, and a sentence has no word of what is counted."""
    c = evidence.candidate
    if question.unit != "count" or not question.counted:
        return False
    if c.kind != "row":
        said = with_alike(terms(f"{c.meaning} {c.header}"))
        return PER.search(question.text) is not None and not set(question.counted) & said
    label = frozenset(terms((figure.measure or "").split(", ")[0]))
    head = next((place for place, term in reversed(list(enumerate(question.counted))) if term in label), 0)
    kinds = [term for term in question.counted[:head] if term not in _SAID_OF_ANY]
    said = frozenset(terms(f"{c.meaning} {c.header} {c.passage} {evidence.report.organisation or ''}"))
    return any(kind not in said for kind in kinds)


_TESTS: tuple[Callable[[Question, Evidence, Figure], bool], ...] = (
    _of_a_kind_beside,
    _of_another_part_of_the_year,
    _of_another_band,
    _is_one_of_several,
    _is_not_so_big,
    _is_a_price,
    _is_not_paid,
    _is_in_a_column_of_changes,
    _is_of_several_numbered,
    _is_of_now,
    _lacks_what_narrows,
)

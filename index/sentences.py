"""Cut text into sentences by their places, without changing a character.

The rules are for reports: abbreviations, initials, decimals, "No. 5", bracketed asides and closing quotation marks
do not end a sentence; a line end always does, since the canonical text has one block a line.
"""

import re

_SHORT_FORMS = (
    "e.g i.e etc cf vs viz no nos fig figs para paras pp p vol ed eds approx dept est inc ltd plc co corp mr mrs ms dr "
    "prof st rev hon gen col lt sgt supt insp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m al"
)
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
_MAY_CLOSE = frozenset({"etc", "inc", "ltd", "plc", "co", "corp", "al"})  # abbreviations that also end sentences
_END = re.compile(r"[.!?]+[\"'”’)\]]*[¹²³⁴⁵⁶⁷⁸⁹⁰]*(?=\s|$)|\n+")
# Whose figure it is that a sentence adds to the one before: "In England and Wales it was …".
_OTHERS = r"(?:(?:[A-Z][\w’'-]*|and|of|national) ){1,5}"
_LEANS = re.compile(
    r"(?:The (?:\w+ )?(?:average|figure|equivalent|comparable figure|corresponding figure)(?: figure)?"
    r" (?:in|for|across|of|is|was)"
    r"|This|That|These|Those|It|They|Such|Both|The (?:latter|former|same|remaining|rest|remainder)"
    r"|Of (?:these|those|this|that|them)|Over (?:the same|this|that)|In (?:the same|comparison|contrast|turn)"
    r"|During (?:the same|this|that)|By (?:comparison|contrast)|As a (?:result|consequence)"
    r"|For (?:this|that|these|those)|Because of (?:this|that)"
    r"|Consequently|Therefore|However, (?:this|that|these|it|they)"
    rf"|The {_OTHERS}(?:average|figure|equivalent|proportion|rate|share)(?: figure)? (?:is|was)"
    rf"|(?:In|For|Across|Throughout|Of) (?:the )?{_OTHERS}(?:as a whole)?,? ?(?:it|this|they|the (?:average|figure"
    r"|proportion|rate|share|number|change|fall|rise|reduction|increase|same|equivalent))"
    r" (?:was|were|is|are|fell|rose|went|had|has)"
    r"|(?:Nationally|Elsewhere),? (?:it|this|the (?:average|figure|proportion|rate|share|number)))\b"
)


def leans(sentence: str) -> bool:
    """Whether a sentence cannot be understood without the one before it, going by its first words."""
    return _LEANS.match(sentence) is not None


def sentence_spans(text: str, offset: int = 0) -> tuple[tuple[int, int], ...]:
    """The (start, end) of each sentence of `text`, in order, blanks at the edges left out; `offset` is added."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if not _ends(text, start, match):
            continue
        _append(spans, text, start, match.end(), offset)
        start = match.end()
    _append(spans, text, start, len(text), offset)
    return tuple(spans)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int, offset: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        spans.append((offset + start + left, offset + start + right))


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark.startswith("\n"):
        return True
    following = text[match.end() :].lstrip(" ")[:1]
    if not following or following == "\n" or mark[0] in "!?":
        return not (following.islower() and mark[0] != ".")
    if following.islower():
        return False
    last = re.split(r"[\s(\[]", text[start : match.start()])[-1].lower().strip("\"'“‘")
    if last in _ABBREVIATIONS and not (last in _MAY_CLOSE and following.isupper()):
        return False
    return not re.fullmatch(r"[a-z](?:\.[a-z])*", last)

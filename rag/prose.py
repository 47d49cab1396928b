"""Compose an answer in words: the sentence that answers, with what belongs to it, or the list that it stands in."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from index import Library
from index.periods import Period, find_periods
from index.sentences import leans, sentence_spans
from index.terms import terms

from .draft import Draft, Piece
from .events import lacks_deadline, names_another, speaks_of_it
from .quoting import as_printed, headings_of, place_beside, place_of, quoted_text
from .rank import Ranked
from .retrieve import Evidence
from .understand import Question
from .units import is_comparator
from .yes_no import yes_or_no

BESIDE_ANSWERS = 0.0  # the reader's score from which the sentence beside is given with the one that answers
LONGEST_NOTE = 700  # characters of a note that is given whole
MOST_ITEMS = 12
_INEXACT = re.compile(  # what a sentence with a date may say of it other than that something happened then
    r"\b(?:before|after|since|until|till|not|never|earlier|later|prior|following|between|from|ago|between|more|less)\b",
    re.IGNORECASE,
)
_AT_TIME = re.compile(
    r"(?:^|(?<!report )(?<!budget )(?<!plan )(?<!review )(?<!figures )\b(?:in|on|during|at)) ?"
    r"(?:the |early |late |mid-|spring |summer |autumn |winter )*$",
    re.IGNORECASE,
)
_NAMES_DOCUMENT = re.compile(
    r"\s+(?:[\w-]+\s+)?(?:reports?|budgets?|plans?|reviews?|inspections?|surveys?|accounts|strategy|figures|letters?)\b",
    re.IGNORECASE,
)
_ASKS_TIME = re.compile(r"\b(?:at )?what time (?:is|are|was|were|do|does|did|will|of day)\b", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"\d\s?(?:[ap]\.?m\b|[:.]\d\d|o.clock)|\b(?:noon|midday|midnight)\b", re.IGNORECASE)
_NOTE = re.compile(r"(?:Note\s+\d+\s*:|[\u00b9\u00b2\u00b3\u2070-\u2079]+\s)")
_LAW = re.compile(r"\b(?:Act|Regulations?|Order|Rules|Directive|Bill)(?: \([^)]*\))?,?\s+(?:of\s+)?$")
_CAUSE = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|so that|in order to|caused|led to|reasons?|reflect\w*|in view of"
    r"|on account of|thanks to)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?:This|That|It|The (?:[\w-]+ ){0,3}?(?:increase|decrease|change|reduction|rise|fall|drop|growth|decline))"
    r" (?:is|was|were) (?:\w+ ){0,2}?(?:because|due|owing|the result|attributable|driven|caused|partly|largely|mainly)"
    r"|Because|The (?:main )?reason",
    re.IGNORECASE,
)


def tells(library: Library, question: Question, evidence: Evidence) -> bool:
    """Whether a statement can say something: not a heading in the question's own words and years, nor part of a
    sentence that only mentions what is to be explained, nor the announcement of a table or list that does not follow
    as one, nor, to a yes or no that is not asked about others, a statement of others' figures alone, nor what names no
    time of day where one is asked for."""
    if evidence.candidate.kind != "sentence":
        return True
    if question.kind == "yes_no" and not question.compared and _of_others(evidence):
        return False
    if _ASKS_TIME.search(question.body) is not None and _TIME_OF_DAY.search(evidence.text) is None:
        return False
    if not speaks_of_it(question, evidence) or names_another(question, evidence) or lacks_deadline(question, evidence):
        return False
    if question.kind == "when" and (dates := find_periods(evidence.text)) and not _without_laws(evidence.text, dates):
        return False
    if evidence.text.endswith(":") and ":" not in evidence.text[:-1]:
        return bool(_items(library, evidence))
    heading = evidence.text[-1:] not in ".!?”\"')"
    added = {term for term in terms(evidence.text) if not term[0].isdigit()} - set(terms(question.text))
    return not heading or len(added) >= (2 if question.kind in ("definition", "why", "words", "who") else 1)


def _of_others(evidence: Evidence) -> bool:
    """Whether all figures of a statement are others' than the report's organisation."""
    owner = evidence.report.organisation
    return bool(evidence.figures) and all(is_comparator(figure.subject, owner) for figure in evidence.figures)


def prose_draft(library: Library, question: Question, ranked: Sequence[Ranked]) -> Draft:
    """The answer in words that the first of the evidence gives, or the list that one of the first ones stands in."""
    listed = _list(library, ranked) if question.kind == "list" else ()
    pieces = listed or prose(library, question, ranked[0])
    if question.kind == "when":
        return Draft(_with_date(question, ranked[0].evidence, pieces))
    return Draft(_with_yes_or_no(library, question, ranked[0].evidence, pieces))


def _with_yes_or_no(
    library: Library, question: Question, evidence: Evidence, pieces: tuple[Piece, ...]
) -> tuple[Piece, ...]:
    """The pieces, with "Yes" or "No" before the sentence that surely says one."""
    if len(pieces) != 1 or evidence.candidate.kind != "sentence":
        return pieces
    report = evidence.report
    known = frozenset(terms(f"{report.title} {report.organisation or ''} {report.publisher or ''}"))
    word = yes_or_no(question, evidence.text, known, () if report.year is None else (report.year,))
    if word is None:
        return pieces
    said = re.sub(r"\s+", " ", pieces[0].statement)
    return (replace(pieces[0], lead=word, rest=f": {said}"),)


def _with_date(question: Question, evidence: Evidence, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces, with the date before the sentence, where it is the only one that the sentence names."""
    if len(pieces) != 1 or evidence.candidate.kind != "sentence" or pieces[0].lead:
        return pieces
    last = evidence.text[slice(*sentence_spans(evidence.text)[-1])]
    dates = _without_laws(last, find_periods(last))
    if len(dates) != 1 or _INEXACT.search(evidence.text) is not None or set(dates[0].years) <= set(question.years):
        return pieces
    if not _tells_when(last, dates[0].start, dates[0].end):
        return pieces
    said = re.sub(r"\s+", " ", pieces[0].statement)
    return (replace(pieces[0], lead=dates[0].text, rest=f": {said}"),)


def _tells_when(sentence: str, start: int, end: int) -> bool:
    """Whether a date tells when what the sentence says happened, and does not name a report, budget or the like, nor
    a decade."""
    if re.match(r"[’']?s\b", sentence[end:]) is not None:
        return False
    return _AT_TIME.search(sentence[:start]) is not None and _NAMES_DOCUMENT.match(sentence[end:]) is None


def _without_laws(text: str, dates: Sequence[Period]) -> list[Period]:
    """The dates of a text without those that name a law ("the Harbours Act 1964"): they say when nothing happened."""
    return [date for date in dates if _LAW.search(text[: date.start]) is None]


def prose(library: Library, question: Question, best: Ranked) -> tuple[Piece, ...]:
    """A sentence as it stands, with what it announces, the list after its colon, and with the sentences beside it that
    answer too, as those that give a reason do."""
    evidence = best.evidence
    if evidence.text.endswith(":"):
        return (_with_antecedent(library, evidence), *_item_pieces(library, evidence))
    start, end = evidence.start, evidence.end
    whole = library.text(evidence.report.report_id)
    answering = [
        (first, last)
        for first, last, score in sorted(best.beside())
        if (question.kind == "why" and _REASON.match(whole[first:last]) is not None)
        or (question.kind in ("why", "definition", "list", "words", "other") and score >= BESIDE_ANSWERS)
    ]
    if question.kind == "why" and _CAUSE.search(evidence.text) is None:
        answering = [(first, last) for first, last, _ in sorted(best.beside())]  # the reason stands beside it
    for first, last in reversed(answering):
        if last <= start and whole[last:start].strip(" ") == "":
            start = first
    for first, last in answering:
        if first >= end and whole[end:first].strip(" ") == "":
            end = last
    if question.kind == "why" and _CAUSE.search(whole[start:end]) is None:
        end = _reason_after(whole, end)
    if question.kind == "definition":
        start, end = _note_around(whole, start, end)
    if (start, end) == (evidence.start, evidence.end):
        sentence = _with_antecedent(library, evidence)
        return (sentence, *_note_to(library, question, evidence))
    place = place_beside(library, evidence, start, end)
    return (Piece("", whole[start:end], place, evidence.figures, evidence.judgments, show_quote=False),)


def _reason_after(whole: str, end: int) -> int:
    """Where the next sentence of the line ends, if it gives the reason for the one that ends at `end`; else `end`."""
    line_end = whole.find("\n", end)
    spans = sentence_spans(whole[end : len(whole) if line_end < 0 else line_end], end)
    return spans[0][1] if spans and _REASON.match(whole[spans[0][0] : spans[0][1]]) is not None else end


def _note_around(whole: str, start: int, end: int) -> tuple[int, int]:
    """The whole of a note that a sentence begins, the sentence's own (start, end) otherwise."""
    line_end = whole.find("\n", start)
    line_end = len(whole) if line_end < 0 else line_end
    return (start, line_end) if _NOTE.match(whole[start:end]) and line_end - start <= LONGEST_NOTE else (start, end)


def _note_to(library: Library, question: Question, evidence: Evidence) -> tuple[Piece, ...]:
    """The note that a sentence's last mark leads to, where a definition is asked for."""
    mark = re.search(r"([\u00b9\u00b2\u00b3\u2070-\u2079]+)\s*$", evidence.text)
    if question.kind != "definition" or mark is None:
        return ()
    number = str(int(unicodedata.normalize("NFKC", mark[1])))
    whole = library.text(evidence.report.report_id)
    note = re.search(rf"^(?:Note\s+{number}\s*:|{mark[1]}\s).*$", whole[evidence.end :], re.MULTILINE)
    if note is None or len(note.group()) > LONGEST_NOTE:
        return ()
    place = place_beside(library, evidence, evidence.end + note.start(), evidence.end + note.end())
    return (Piece("", note.group(), place, show_quote=False),)


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
    place = place_beside(library, evidence, start, evidence.end)
    text = whole[start : evidence.end]
    return Piece("", text, place, evidence.figures, evidence.judgments, show_quote=False)


def _sentence(library: Library, evidence: Evidence) -> Piece:
    place = place_of(library, evidence)
    if evidence.candidate.kind == "row":
        heads = headings_of(library, evidence, place)
        said = as_printed(evidence.candidate.meaning, quoted_text(library, place, heads))
        return Piece("", said, place, headings=heads)
    return Piece("", evidence.text, place, evidence.figures, evidence.judgments, show_quote=False)


def _list(library: Library, ranked: Sequence[Ranked]) -> tuple[Piece, ...]:
    """The items of the list that the best evidence is in, or introduces; empty where it is no list."""
    for r in ranked[:3]:
        items = _items(library, r.evidence)
        if len(items) >= 2 or (items and _is_item(library, r.evidence)):
            return _item_pieces(library, r.evidence)
    return ()


def _item_pieces(library: Library, evidence: Evidence) -> tuple[Piece, ...]:
    e = evidence
    return tuple(
        Piece("", text, place_beside(library, e, start, end), show_quote=False)
        for start, end, text in _items(library, e)[:MOST_ITEMS]
    )


def _items(library: Library, evidence: Evidence) -> list[tuple[int, int, str]]:
    return [
        (start, end, library.text(evidence.report.report_id)[start:end])
        for start, end in library.list_items(evidence.report.report_id, evidence.start)
    ]


def _is_item(library: Library, evidence: Evidence) -> bool:
    return any(s <= evidence.start < e for s, e in library.list_items(evidence.report.report_id, evidence.start))

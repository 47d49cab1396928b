"""Find the words that a statement rests on, and widen them to what can be quoted: whole sentences, or a table row.

A statement is held against all of the sentence that its words stand in, so that no “not” is lost by a cut.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import Library
from index.records import Figure, Judgment
from index.sentences import leans, sentence_spans
from index.split import page_at

from ..draft import Place
from .passages import Given
from .reply import Quoted

MOST_SENTENCES = 3  # of one quotation: in more, anything can be found
_ALIKE = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "‑": "-", "\u00a0": " ", "…": " "}
_EDGES = " \t\n.,;:'\"-…"


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a statement rests on. `text` is what it is held against: the canonical text at `place`, or for a table row
    its cells with their headings, `row` then being true."""

    place: Place
    text: str
    row: bool
    figures: tuple[Figure, ...]
    judgments: tuple[Judgment, ...]


def find_quotation(library: Library, given: Sequence[Given], quoted: Quoted) -> Quotation | str:
    """The quotation for the words that a statement names, or what is wrong with them: "passage", "quotation" or
    "instruction"."""
    passage = next((one for one in given if one.key.lower() == quoted.passage.strip(" []().").lower()), None)
    if passage is None:
        return "passage"
    span = locate(quoted.words, passage.text)
    if span is None:
        return "quotation"
    if passage.place is not None:
        whole = len(passage.kept) == 1 and passage.kept[0][2] == len(passage.text)
        quotation = Quotation(passage.place, passage.text, passage.row, passage.figures, passage.judgments)
        return quotation if whole else "instruction"
    first, last = passage.canonical(span[0]), passage.canonical(span[1] - 1)
    if first is None or last is None or last - first != span[1] - 1 - span[0]:
        return "instruction"
    return _widened(library, passage, first, last + 1)


def locate(words: str, text: str) -> tuple[int, int] | None:
    """Where `words` stand in `text`, however they are spaced and whichever quotation marks, dashes and capitals they
    have; None where they do not, or are too few to be found by: two words, or one with a digit, at least, or all."""
    wanted = _plain(words)[0].strip(_EDGES)
    plain, places = _plain(text)
    if len(re.findall(r"\w+", wanted)) < 2 and not re.search(r"\d", wanted) and wanted != plain.strip(_EDGES):
        return None
    if not wanted:
        return None
    found = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain)
    return None if found is None else (places[found.start()], places[found.end() - 1] + 1)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in lower case with plain marks and single blanks, and the place in `text` of each of its characters."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _ALIKE.get(character, character).lower()
        if plain.isspace():
            if characters and characters[-1] == " ":
                continue
            plain = " "
        for one in plain:
            characters.append(one)
            places.append(place)
    return "".join(characters), places


def _widened(library: Library, passage: Given, start: int, end: int) -> Quotation | str:
    """The sentences of the canonical text that the words from `start` to `end` stand in; with the one before where they
    lean on it."""
    report_id = passage.report.report_id
    whole = library.text(report_id)
    first = whole.rfind("\n", 0, start) + 1
    last = whole.find("\n", end)
    last = len(whole) if last < 0 else last
    spans = sentence_spans(whole[first:last], first)
    touched = [i for i, (s, e) in enumerate(spans) if s < end and e > start]
    if not touched or len(touched) > MOST_SENTENCES:
        return "quotation"
    opening = touched[0]
    if opening > 0 and leans(whole[slice(*spans[opening])]):
        opening -= 1
    start, end = spans[opening][0], spans[touched[-1]][1]
    page, label = page_at(library.page_runs(report_id), start)
    place = Place(passage.report, start, end, page, label, passage.section)
    figures = tuple(f for f in passage.figures if start <= f.start and f.end <= end)
    judgments = tuple(j for j in passage.judgments if start <= j.start and j.end <= end)
    text = whole[start:end]
    return Quotation(place, text, " | " in text, figures, judgments)

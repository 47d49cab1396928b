"""Cut what is read: the evidence that is kept, with its neighbours, pieces that stand together in one crop.

The statements of a crop are those of the evidence first, then the neighbours that are read with them."""

from collections.abc import Sequence

from index.sentences import sentence_spans

from .reader import Crop
from .retrieve import Evidence

BESIDE = 180  # characters: a neighbouring sentence is read too while it and the evidence are together no longer
LONGEST = 900  # characters of one crop; more pieces of the same passage go into another


def make_crops(evidence: Sequence[Evidence]) -> list[tuple[Crop, list[tuple[int, int]]]]:
    """The crops to read, each with (number of a piece of evidence, number of its statement in the crop)."""
    passages: dict[tuple[str, str, int], list[int]] = {}
    for number, piece in enumerate(evidence):
        kind = "prose" if piece.candidate.kind == "sentence" else "written out"
        passages.setdefault((kind, piece.report.report_id, piece.passage_start), []).append(number)
    crops = []
    for (kind, _, _), numbers in passages.items():
        numbers.sort(key=lambda n: (evidence[n].start, evidence[n].end))
        crops += (_prose if kind == "prose" else _written_out)(evidence, numbers)
    return crops


def _prose(evidence: Sequence[Evidence], numbers: Sequence[int]) -> list[tuple[Crop, list[tuple[int, int]]]]:
    """Sentences of one passage with their neighbours; those that meet are read together."""
    first = evidence[numbers[0]]
    passage = max((evidence[n].candidate.passage for n in numbers), key=len)
    begin = first.passage_start
    runs: list[tuple[int, int, list[int]]] = []
    for n in numbers:
        start, end = _with_neighbours(evidence[n])
        if runs and start <= runs[-1][1] + 1 and max(end, runs[-1][1]) - runs[-1][0] <= LONGEST:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]), [*runs[-1][2], n])
        else:
            runs.append((start, end, [n]))
    crops = []
    for start, end, held in runs:
        text = passage[start - begin : end - begin]
        own = [(evidence[n].start - start, evidence[n].end - start) for n in held]
        beside = [s for s in sentence_spans(text) if not any(s[0] < last and s[1] > begun for begun, last in own)]
        crop = Crop(first.candidate.header, text, (*own, *beside))
        crops.append((crop, [(n, i) for i, n in enumerate(held)]))
    return crops


def _with_neighbours(piece: Evidence) -> tuple[int, int]:
    """The (start, end) in the report's text of a sentence with the ones before and after it, if they are short."""
    passage = piece.candidate.passage
    start, end = piece.start - piece.passage_start, piece.end - piece.passage_start
    spans = sentence_spans(passage)
    before = [s for s, e in spans if e <= start]
    after = [e for s, e in spans if s >= end]
    first, last = start, end
    if before and end - before[-1] <= BESIDE:
        first = before[-1]
    if after and after[0] - first <= BESIDE:
        last = after[0]
    return first + piece.passage_start, last + piece.passage_start


def _written_out(evidence: Sequence[Evidence], numbers: Sequence[int]) -> list[tuple[Crop, list[tuple[int, int]]]]:
    """Table rows and judgments of one passage, one on a line."""
    crops = []
    held: list[int] = []
    for n in [*numbers, -1]:
        length = sum(len(evidence[i].candidate.meaning) + 1 for i in held)
        if held and (n < 0 or length + len(evidence[n].candidate.meaning) > LONGEST):
            spans, text = [], ""
            for i in held:
                spans.append((len(text), len(text) + len(evidence[i].candidate.meaning)))
                text += evidence[i].candidate.meaning + "\n"
            header = evidence[held[0]].candidate.header
            crops.append((Crop(header, text.rstrip("\n"), tuple(spans)), [(i, k) for k, i in enumerate(held)]))
            held = []
        if n >= 0:
            held.append(n)
    return crops

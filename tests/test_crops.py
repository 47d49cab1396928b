"""What the reader is given: statements with their neighbours, each passage read once."""

from index.records import ReportInfo
from rag.crops import LONGEST, make_crops
from rag.features import Candidate
from rag.retrieve import Evidence

INFO = ReportInfo("r", "r.md", "R", "Northmere", None, 2016, None, None, 0, 0, 0, 0, "r", "0", "text/markdown")
PASSAGE = "The boats are old. There are 65 of them. They are to be sold. The crews are glad of it."


def evidence(text: str, passage: str = PASSAGE, kind: str = "sentence", passage_start: int = 100) -> Evidence:
    start = passage_start + max(0, passage.find(text))
    candidate = Candidate(text, text, passage, "Report – 2016", kind, 0.5, 0.5, 0, 0, 2016)
    return Evidence(INFO, start, start + len(text), None, None, (), (), (), candidate, passage_start)


def test_a_sentence_is_read_with_the_ones_before_and_after_it() -> None:
    ((crop, numbers),) = make_crops([evidence("There are 65 of them.")])
    assert crop.text == "The boats are old. There are 65 of them. They are to be sold."
    (start, end) = crop.statements[numbers[0][1]]
    assert crop.text[start:end] == "There are 65 of them."
    assert len(crop.statements) == 3


def test_sentences_of_one_passage_are_read_together() -> None:
    pieces = [evidence("They are to be sold."), evidence("The boats are old.")]
    ((crop, numbers),) = make_crops(pieces)
    for number, statement in numbers:
        start, end = crop.statements[statement]
        assert crop.text[start:end] == pieces[number].text


def test_rows_are_read_as_they_are_written_out_and_no_crop_grows_without_end() -> None:
    rows = [evidence(f"Boats – 2016: {n} " + "x" * 300, kind="row", passage="") for n in range(8)]
    crops = make_crops(rows)
    assert sorted(number for _, numbers in crops for number, _ in numbers) == list(range(8))
    for crop, numbers in crops:
        assert len(crop.text) <= LONGEST
        for number, statement in numbers:
            start, end = crop.statements[statement]
            assert crop.text[start:end] == rows[number].text

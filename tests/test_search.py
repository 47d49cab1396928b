"""A search puts the passage that answers first; all scores go with the passages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import Library
from index.embed import Embedder
from rag import Assistant
from rag.rank import Ranker
from rag.reader import Crop, Reader, Reading
from rag.search import once_each

BERTHS = "\n\n".join(
    f"## Berth {number}\n\nShips, ships and ships: berth {number} is for ships that carry ships' stores. "
    "What ships need of ships is kept for ships by the ships' agents."
    for number in range(1, 9)
)
REPORT = f"""# Northmere harbour: annual report 2016

{BERTHS}

## Traffic

The harbour handled 412 ships in 2016, up from 398.

## Pilots

The harbour employed pilots on every tide.

## Boats

Pilots of the harbour went out in open boats.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    home = tmp_path_factory.mktemp("search")
    (home / "report.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(home / "library", embedder=embedder)
    library.add([home / "report.md"])
    return Assistant(library)


def test_the_passage_that_answers_is_first(assistant: Assistant) -> None:
    hits = assistant.search("How many ships did the harbour handle in 2016?", k=5)
    assert "412 ships" in hits[0].text
    assert len(hits) == 5


def test_the_order_of_evidence_falls_and_what_has_none_comes_last(assistant: Assistant) -> None:
    hits = assistant.search("How many ships did the harbour handle in 2016?", k=50)
    known = [hit.evidence_order for hit in hits if hit.evidence_order is not None]
    assert known == sorted(known, reverse=True)
    assert [hit.evidence_order is None for hit in hits] == sorted(hit.evidence_order is None for hit in hits)
    assert 0 < len(known) < len(hits)


def test_no_passage_is_lost_or_twice(assistant: Assistant) -> None:
    hits = assistant.search("ships", k=50)
    assert len({(hit.report_id, hit.start) for hit in hits}) == len(hits)
    assert all(assistant.library.text(hit.report_id)[hit.start : hit.end] == hit.text for hit in hits)


def test_the_first_passages_do_not_depend_on_how_many_are_wanted(assistant: Assistant) -> None:
    asked = "How many ships did the harbour handle?"
    first, more = (assistant.search(asked, k=k)[:3] for k in (3, 50))
    assert [(hit.start, hit.evidence_order) for hit in first] == [(hit.start, hit.evidence_order) for hit in more]


def test_each_stage_says_what_it_made_of_a_passage(assistant: Assistant) -> None:
    first = assistant.search("Which boats did the harbour employ?", k=1)[0]
    assert first.dense_rank and first.lexical_rank
    assert first.reader_score is not None and first.answer_probability is not None
    assert 0 < first.answer_probability < 1


class CountingReader:
    """The packaged reader, which counts what it is given."""

    def __init__(self) -> None:
        self.reader, self.crops = Reader(), 0

    def read(self, question: str, crops: Sequence[Crop]) -> tuple[Reading, ...]:
        self.crops += len(crops)
        return self.reader.read(question, crops)


def test_evidence_is_read_only_where_two_pieces_come_close(assistant: Assistant) -> None:
    reader = CountingReader()
    searching = Assistant(assistant.library, ranker=Ranker(reader=reader))
    alone = searching.search("How many ships did the harbour handle in 2016?", k=1)[0]
    assert reader.crops == 0
    assert "412 ships" in alone.text
    assert alone.reader_score is None
    assert alone.answer_probability is not None and 0.5 < alone.answer_probability <= 1
    close = searching.search("Which boats did the harbour employ?", k=1)[0]
    assert reader.crops == 2
    assert close.reader_score is not None


def test_the_same_passage_of_several_reports_is_one_hit(tmp_path: Path, embedder: Embedder) -> None:
    shared = (
        "## How we inspect\n\nInspectors look at plans, visit berths unannounced and speak to every crew they meet."
    )
    for number in (1, 2, 3):
        own = f"## Traffic\n\nThe harbour at Quay {number} handled {number}12 ships in 2016."
        (tmp_path / f"{number}.md").write_text(f"# Quay {number}: report\n\n{shared}\n\n{own}\n", encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / f"{number}.md" for number in (1, 2, 3)])
        hits = Assistant(library).search("How do inspectors look at berths?", k=20)
        alike = [hit for hit in hits if "unannounced" in hit.text]
        assert len(alike) == 1
        others = {also.file for also in alike[0].also_in}
        assert len(others) == 2
        assert others | {alike[0].file} == {"1.md", "2.md", "3.md"}
        traffic = [hit for hit in hits if "handled" in hit.text]
        assert len(traffic) == 3
        assert all(hit.also_in == () for hit in traffic)


def test_a_judgment_on_record_leads_though_other_passages_have_more_of_the_words(
    tmp_path: Path, embedder: Embedder
) -> None:
    talk = "\n\n".join(
        f"## Part {n}\n\nWhat the word inadequate means to inspectors, and why they grade, is in note {n}."
        for n in range(1, 9)
    )
    judged = "Northmere Harbour is judged to require improvement."
    report = f"# Northmere Harbour: inspection 2017\n\n{talk}\n\n## Overall judgment\n\n{judged}\n"
    (tmp_path / "report.md").write_text(report, encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "report.md"])
        hits = Assistant(library).search("Why did inspectors grade the harbour inadequate in 2017?", k=50)
    assert judged in hits[0].text
    assert len({hit.start for hit in hits}) == len(hits)


def test_what_a_report_sets_out_under_its_own_heading_leads_in_order(tmp_path: Path, embedder: Embedder) -> None:
    items = [f"The quay must mend lamp {n}, so that no crew falls at berth {n} again after dark." for n in range(1, 4)]
    talk = "\n\n".join(f"## Part {n}\n\nAreas for improvement are named by inspectors in part {n}." for n in range(8))
    listed = "\n".join(f"- {item}" for item in items)
    report = f"# Northmere Harbour: inspection 2017\n\n{talk}\n\n## Areas for improvement\n\n{listed}\n"
    (tmp_path / "report.md").write_text(report, encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "report.md"])
        hits = Assistant(library).search("What are the areas for improvement?", k=50)
    assert items[0] in hits[0].text


def test_a_figure_or_its_sign_makes_another_passage(assistant: Assistant) -> None:
    hit = assistant.search("ships", k=1)[0]
    said = (
        "It fell by 5%.",
        "It fell by 5.",
        "It fell by -5%.",
        "It fell by £5.",
        "It fell by 5.1%.",
        "IT FELL, by 5 %",
    )
    hits = tuple(replace(hit, report_id=f"r{n}", start=n, text=text) for n, text in enumerate(said))
    kept = once_each(hits)
    assert [one.text for one in kept] == list(said[:-1])
    assert [[also.report_id for also in one.also_in] for one in kept] == [["r5"], [], [], [], []]


def test_what_is_printed_says_how_well_the_evidence_answers(assistant: Assistant, tmp_path: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from rag.terminal import print_hits

    out = StringIO()
    print_hits(assistant.search("How many ships did the harbour handle in 2016?", k=1), Console(file=out, width=200))
    assert re.search(r"evidence [+-]\d", out.getvalue())

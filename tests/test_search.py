"""A search puts the passage that answers first; all scores go with the passages."""

import re
from pathlib import Path

import pytest

from index import Library
from index.embed import Embedder
from rag import Assistant

BERTHS = "\n\n".join(
    f"## Berth {number}\n\nShips, ships and ships: berth {number} is for ships that carry ships' stores. "
    "What ships need of ships is kept for ships by the ships' agents."
    for number in range(1, 9)
)
REPORT = f"""# Northmere harbour: annual report 2016

{BERTHS}

## Traffic

The harbour handled 412 ships in 2016, up from 398.
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


def test_what_is_printed_says_how_well_the_evidence_answers(assistant: Assistant, tmp_path: Path) -> None:
    from io import StringIO

    from rich.console import Console

    from rag.terminal import print_hits

    out = StringIO()
    print_hits(assistant.search("How many ships did the harbour handle in 2016?", k=1), Console(file=out, width=200))
    assert re.search(r"evidence [+-]\d", out.getvalue())

"""Within a few reports every row is compared; what is kept in memory is bounded, and never of a report that is gone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import index.finding
from index.embed import Embedder
from index.exact import ExactSearch
from index.library import Library

ReportWriter = Callable[..., Path]

HARBOURS = ("North Quay", "South Mole", "East Pier", "West Basin", "Old Dock", "New Dock")


@pytest.fixture
def harbours(library: Library, write_report: ReportWriter) -> Library:
    """Six reports of near-identical wording, 40 statements or so each."""
    library.add(
        [
            write_report(f"{number}.txt", harbour, 2010 + number, tuple(range(100 * number, 100 * number + 40)))
            for number, harbour in enumerate(HARBOURS, start=1)
        ]
    )
    return library


def by_hand(library: Library, question: str, report_ids: set[str], k: int) -> list[float]:
    """The k least distances of statements of these reports, from all of their vectors."""
    held = library._stores.vectors.vectors_of("statements", sorted(report_ids))
    assert held is not None
    vectors = np.concatenate([vectors for _, vectors in held.values()])
    return sorted(float(distance) for distance in 1 - vectors @ library.embed_query(question))[:k]


def test_a_filtered_search_finds_exactly_the_nearest(harbours: Library) -> None:
    ids = [info.report_id for info in harbours.reports()]
    vector = harbours.embed_query("How many ships did berth 7 handle?")
    for wanted in (set(ids[:1]), set(ids[2:5])):
        hits = harbours.dense_statements(vector, 10, frozenset(wanted))
        assert {hit.statement.report_id for hit in hits} <= wanted
        distances = [hit.cosine_distance for hit in hits]
        assert distances == pytest.approx(by_hand(harbours, "How many ships did berth 7 handle?", wanted, 10), abs=1e-6)
        assert distances == sorted(distances)


@pytest.mark.parametrize("looked_through", (4000, 1))
def test_where_reports_are_too_large_to_compare_all_the_same_rows_come(
    harbours: Library, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    wanted = frozenset(info.report_id for info in harbours.reports()[:2])
    vector = harbours.embed_query("How many ships did berth 7 handle?")
    exact = harbours.dense_statements(vector, 10, wanted)
    monkeypatch.setattr(index.finding, "EXACT_ROWS", 0)
    monkeypatch.setattr(index.finding, "LOOKED_THROUGH", looked_through)
    found = harbours.dense_statements(vector, 10, wanted)
    assert [hit.cosine_distance for hit in found] == pytest.approx([hit.cosine_distance for hit in exact], abs=1e-6)
    assert {hit.statement.report_id for hit in found} <= wanted


def test_memory_is_bounded_and_what_was_dropped_is_read_again(harbours: Library) -> None:
    ids = [info.report_id for info in harbours.reports()]
    vector = harbours.embed_query("ships")
    search = ExactSearch(harbours._stores.vectors, kept_rows=100)
    first = search.nearest("statements", vector, 5, ids[:1], 0)
    for report_id in ids:
        search.nearest("statements", vector, 5, [report_id], 0)
        assert search.rows <= 100
    assert search.nearest("statements", vector, 5, ids[:1], 0) == first
    whole = search.nearest("statements", vector, 1000, ids, 0)
    assert whole is not None
    assert len(whole) == sum(harbours._finder._view().catalogue.entries[report_id].statements for report_id in ids)


def test_a_report_that_comes_back_is_found_again(harbours: Library, tmp_path: Path) -> None:
    wanted = next(info for info in harbours.reports() if info.file == "3.txt")
    vector = harbours.embed_query("How many ships did berth 7 handle?")
    only = frozenset({wanted.report_id})
    before = harbours.dense_statements(vector, 10, only)
    judged = harbours.judgments([wanted.report_id])
    harbours.remove([wanted.report_id])
    assert harbours.dense_statements(vector, 10, only) == ()
    harbours.add([tmp_path / "reports" / "3.txt"])
    assert harbours.dense_statements(vector, 10, only) == before
    assert harbours.judgments([wanted.report_id]) == judged != ()


def test_judgments_of_many_reports_come_in_the_order_of_reports(harbours: Library) -> None:
    every = harbours.judgments()
    one_by_one = [one for info in harbours.reports() for one in harbours.judgments([info.report_id])]
    assert list(every) == one_by_one
    assert {one.report_id for one in every} == {info.report_id for info in harbours.reports()}


def test_a_library_whose_store_lost_a_vector_still_answers(tmp_path: Path, embedder: Embedder) -> None:
    class Losing(ExactSearch):
        """As where Chroma says that a row is without its vector."""

        def _of_reports(self, *_: object) -> None:  # type: ignore[override]
            return None

    with Library.open(tmp_path / "library", embedder=embedder) as library:
        for number in (1, 2):
            path = tmp_path / f"{number}.txt"
            path.write_text(f"The harbour of Quay {number} handled {number}12 ships in 2016.", encoding="utf-8")
            library.add([path])
        library._finder._exact = Losing(library._stores.vectors)
        wanted = frozenset({library.reports()[0].report_id})
        hits = library.dense_passages(library.embed_query("ships"), 5, wanted)
        assert {hit.passage.report_id for hit in hits} == wanted

"""A search by meaning gives the nearest of all rows, filtered or not, and never one of a report that is gone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import index.nearest
from index.errors import LibraryDamaged
from index.library import Library
from index.nearest import NearestSearch
from index.vector_files import is_whole, pack, read_packed
from index.words import KINDS

ReportWriter = Callable[..., Path]

ROUNDED = 1e-5  # of a cosine distance, with numbers of 16 bits: five times what it is moved by as a rule
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
        assert distances == pytest.approx(
            by_hand(harbours, "How many ships did berth 7 handle?", wanted, 10), abs=ROUNDED
        )
        assert distances == sorted(distances)


@pytest.mark.parametrize("sliced", (1, 16))
def test_signs_choose_and_numbers_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sliced: int) -> None:
    monkeypatch.setattr(index.nearest, "BY_SIGNS", 300)
    monkeypatch.setattr(index.nearest, "SLICED", sliced)
    drawn = np.random.default_rng(5)
    rows = drawn.standard_normal((3000, 384)).astype(np.float32)
    rows += 2 * rows[np.arange(3000) % 100]  # thirty of each kind, as reports of one template have
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = [f"{n // 100:02d}:{n % 100:02d}" for n in range(3000)]
    for n in range(30):
        part = slice(100 * n, 100 * n + 100)
        (tmp_path / f"{n:02d}").write_bytes(pack([(ids[part], rows[part]), ([], rows[:0])], 384))
    search = NearestSearch(lambda report_id: tmp_path / report_id, 384)
    search.nearest("passages", rows[0], 1, ["29"], lambda _: (100, 0), 0)  # so that rows are not in the order of ids
    for wanted in (range(30), range(0, 30, 2)):
        among = [row for row in range(3000) if row // 100 in wanted]
        found = 0
        for query in rows[::300] + 0.03 * drawn.standard_normal((10, 384)).astype(np.float32):
            nearest = sorted(among, key=lambda row: 1 - float(rows[row] @ query))[:10]
            reports = [f"{n:02d}" for n in wanted]
            hits = search.nearest("passages", query, 10, reports, lambda _: (100, 0), 0)
            assert hits[0][0] == ids[nearest[0]]
            assert hits[0][1] == pytest.approx(1 - float(rows[nearest[0]] @ query), abs=ROUNDED)
            found += len({row_id for row_id, _ in hits} & {ids[row] for row in nearest})
            assert len(search.nearest("passages", query, 1400, reports, lambda _: (100, 0), 0)) == 1400
        assert found >= 98  # of 100


def test_rows_that_lie_close_together_come_in_their_exact_order(tmp_path: Path) -> None:
    drawn = np.random.default_rng(8)
    middle = drawn.standard_normal(384)
    rows = (middle + 0.05 * drawn.standard_normal((2000, 384))).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    (tmp_path / "a").write_bytes(pack([([f"a:{n:04d}" for n in range(2000)], rows), ([], rows[:0])], 384))
    search = NearestSearch(lambda report_id: tmp_path / report_id, 384)
    for length in (1.0, 3.0):  # the order is that of cosines, however long the question's vector is
        for query in length * rows[:20] + 0.02 * length * drawn.standard_normal((20, 384)).astype(np.float32):
            distances = 1 - rows @ query
            hits = search.nearest("passages", query, 10, ["a"], lambda _: (2000, 0), 0)
            assert [distance for _, distance in hits] == pytest.approx(np.sort(distances)[:10], abs=length * ROUNDED)


def test_reports_are_read_when_they_are_first_searched_and_once(harbours: Library) -> None:
    entries = harbours._finder._view().catalogue.entries
    search = NearestSearch(harbours._stores.vectors_path, harbours.embedder.dimension)
    ids, vector = sorted(entries), harbours.embed_query("ships")

    def nearest(report_ids: list[str], k: int = 5) -> tuple[tuple[str, float], ...]:
        return search.nearest("statements", vector, k, report_ids, counts, 0)

    def counts(report_id: str) -> tuple[int, int]:
        return entries[report_id].passages, entries[report_id].statements

    first = nearest(ids[:1])
    assert search.rows == sum(counts(ids[0]))
    assert len(nearest(ids, 1000)) == sum(entries[report_id].statements for report_id in ids)
    nearest(ids)
    assert search.rows == sum(sum(counts(report_id)) for report_id in ids)
    assert nearest(ids[:1]) == first


def test_a_file_of_vectors_gives_them_back_and_tells_when_it_is_cut(tmp_path: Path) -> None:
    drawn = np.random.default_rng(3).standard_normal((5, 70)).astype(np.float32)
    drawn[2] = 0
    path = tmp_path / "vectors"
    path.write_bytes(pack([([f"r:{n}" for n in range(5)], drawn), ([], np.zeros((0, 70), dtype=np.float32))], 70))
    passages, statements = read_packed(path, 70)
    fine = np.frombuffer(path.read_bytes()[passages.fine_at :], np.uint8).reshape(5, 70)
    numbers = passages.coarse.astype(np.float32) * 256 + fine
    assert np.allclose(numbers * passages.scale[:, None] / 32767, drawn, atol=1e-4)
    assert passages.row_ids == b"r:0\nr:1\nr:2\nr:3\nr:4"
    assert not len(statements.scale)
    ids = (["r:4", "r:3", "r:2", "r:1", "r:0"], [])
    assert is_whole(path, 70, ids)
    assert not is_whole(path, 70, (ids[0][:4], []))
    assert not is_whole(path, 70, ([], ids[0]))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert not is_whole(path, 70, ids)
    path.write_bytes(whole[:-400])
    assert not is_whole(path, 70, ids)
    with pytest.raises(LibraryDamaged, match="--compact"):
        read_packed(path, 70)
    with pytest.raises(LibraryDamaged, match="another form"):
        read_packed(path, 71)
    path.write_bytes(whole[:12] + b"\xff\xff\xff\x7f" + whole[16:])  # two thousand million rows
    with pytest.raises(LibraryDamaged, match="cut short"):
        read_packed(path, 70)
    path.write_bytes(whole.replace(b"r:0\n", b"r:0 "))
    with pytest.raises(LibraryDamaged, match="ids"):
        read_packed(path, 70)
    path.write_bytes(pack([([], drawn[:0]), ([], drawn[:0])], 70))
    assert is_whole(path, 70, ([], []))


def test_a_file_of_other_rows_than_the_report_is_named_whatever_is_searched(tmp_path: Path) -> None:
    rows = np.eye(3, 64, dtype=np.float32)
    for name, statements in (("a", 1), ("b", 3)):
        ids = [[f"{name}:{n}" for n in range(count)] for count in (2, statements)]
        (tmp_path / name).write_bytes(pack([(ids[0], rows[:2]), (ids[1], rows[:statements])], 64))
    (tmp_path / "c").write_bytes((tmp_path / "a").read_bytes())
    search = NearestSearch(lambda report_id: tmp_path / report_id, 64)
    for cleared in range(2):
        for kind in KINDS:
            with pytest.raises(LibraryDamaged, match="other rows"):
                search.nearest(kind, rows[0], 5, ["b"], lambda _: (2, 1), cleared)
            with pytest.raises(LibraryDamaged, match="other rows"):
                search.nearest(kind, rows[0], 5, ["c"], lambda _: (2, 1), cleared)
        assert len(search.nearest("passages", rows[0], 5, ["a"], lambda _: (2, 1), cleared)) == 2
    (tmp_path / "b").write_bytes(pack([(["b:0", "b:1"], rows[:2]), (["b:2"], rows[:1])], 64))
    assert len(search.nearest("statements", rows[0], 5, ["a", "b"], lambda _: (2, 1), 1)) == 2


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

"""A library shows its reports whole and where they stand, and keeps to what it was made with."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embed import Embedder
from index.errors import (
    CitewellError,
    IndexMismatch,
    LibraryDamaged,
    LibraryMissing,
)
from index.library import Library

ROOT = Path(__file__).parents[1]
ReportWriter = Callable[..., Path]
Findable = Callable[[Library], set[str]]


def test_every_passage_figure_and_cell_stands_where_it_says(library: Library, write_report: ReportWriter) -> None:
    write_report(ships=(412, 1769))
    library.add([write_report().parent])
    (info,) = library.reports()
    text = library.text(info.report_id)
    passages, statements = library.passages(info.report_id), library.statements(info.report_id)
    assert len(passages) == info.passages > 0
    assert statements
    for record in (*passages, *statements):
        assert text[record.start : record.end] == record.text
    for figure in (figure for statement in statements for figure in statement.figures):
        assert text[figure.start : figure.end] == figure.text
    assert library.sections(info.report_id)[0].start >= 0
    assert library.source(info.report_id).read_bytes() == (write_report().read_bytes())
    assert library.check() == ()


def test_what_comes_back_is_what_was_prepared(library: Library, write_report: ReportWriter) -> None:
    from index.prepare import prepare

    path = write_report(ships=(412, 98))
    library.add([path])
    prepared = prepare(path)
    report_id = prepared.structured.loaded.report_id
    assert library.text(report_id) == prepared.structured.loaded.text
    assert library.passages(report_id) == prepared.passages
    assert set(library.statements(report_id)) == set(prepared.statements)
    assert library.sections(report_id) == prepared.structured.sections
    assert library.tables(report_id) == prepared.structured.tables
    assert library.page_runs(report_id) == prepared.structured.loaded.page_runs
    assert set(library.judgments()) == {statement for statement in prepared.statements if statement.judgments} != set()


def test_searches_find_the_report_that_is_asked_about_and_say_how_well(
    library: Library, write_report: ReportWriter
) -> None:
    north, south = write_report("n.txt", "North Quay", 2016, (412,)), write_report("s.txt", "South Pier", 2017, (77,))
    ids = {file.file: file.report_id for file in library.add([north, south]).added}
    words = library.lexical_passages("South Pier ships", 3, None)
    assert words[0].passage.report_id == ids["s.txt"]
    scores = [hit.bm25_score for hit in words if hit.bm25_score is not None]
    assert scores == sorted(scores, reverse=True)
    near = library.dense_passages(library.embed_query("How many ships did South Pier handle?"), 3, None)
    assert near[0].passage.report_id == ids["s.txt"]
    distances = [hit.cosine_distance for hit in near if hit.cosine_distance is not None]
    assert distances == sorted(distances)
    assert all(0 <= distance <= 2 for distance in distances)


def test_a_scope_filters_before_ranking(library: Library, write_report: ReportWriter) -> None:
    paths = [write_report(f"{i}.txt", f"Harbour {i}", 2010 + i, (100 + i, 200 + i)) for i in range(5)]
    ids = [file.report_id for file in library.add(paths).added]
    vector = library.embed_query("Harbour 0 ships")
    for scope in (frozenset(ids[3:4]), frozenset(ids[1:5]), frozenset(ids)):
        expected = sum(library.report(report_id).passages for report_id in scope)
        for hits in (library.dense_passages(vector, 1000, scope), library.lexical_passages("harbour", 1000, scope)):
            assert {hit.passage.report_id for hit in hits} == scope
        assert len(library.dense_passages(vector, 1000, scope)) == expected
    assert library.dense_passages(vector, 5, frozenset({"absent"})) == ()
    assert library.lexical_statements("harbour", 5, frozenset()) == ()


@given(st.text(max_size=60) | st.sampled_from(['"', "AND", "words:*", "(a OR", "a~2 ^9 [1 TO 2]", "+-!", "\\", "/x/"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_user_types_is_never_query_syntax(filled: Library, typed: str) -> None:
    plain = filled.lexical_passages("berth", 5, None)
    assert plain
    hits = filled.lexical_passages(f"{typed} berth", 5, None)
    assert hits, "the word beside it is still looked for"
    assert filled.lexical_passages('NOT "berth"', 5, None) == plain


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("filled")
    text = "# A harbour\n\n## Ships\n\nThe berth took 12 ships in 2016, which is more than ever.\n"
    (folder / "a.md").write_text(text, encoding="utf-8")
    with Library.open(folder / "library", embedder=embedder) as opened:
        opened.add([folder / "a.md"])
        yield opened


def test_numbers_are_found_with_and_without_thousands_marks(library: Library, write_report: ReportWriter) -> None:
    library.add([write_report(ships=(12, 1769))])
    for typed in ("1769", "1,769"):
        assert "1,769" in library.lexical_statements(typed, 5, None)[0].statement.text


def test_twins_share_what_only_one_of_them_states(library: Library, shared_reports: Path) -> None:
    library.add(sorted(shared_reports.glob("00[1-4]*.txt")))
    infos = {info.file[:3]: info for info in library.reports()}
    first, second = infos["001"], infos["004"]
    assert first.twin_of == second.twin_of == min(first.report_id, second.report_id)
    assert second.year == first.year == 2014
    assert second.organisation == first.organisation is not None
    for file in ("002", "003"):
        assert infos[file].twin_of == infos[file].report_id
    library.remove([first.report_id])
    assert library.report(second.report_id).twin_of == second.report_id


@pytest.mark.parametrize(
    ("field", "other"), [("schema", 99), ("splitter", "another"), ("embedder_sha256", "0" * 64), ("dimension", 12)]
)
def test_a_library_made_with_something_else_is_refused_by_name(
    field: str, other: object, library: Library, embedder: Embedder
) -> None:
    file = library.folder / "library.json"
    stated = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(stated | {field: other}), encoding="utf-8")
    with pytest.raises(IndexMismatch) as refused:
        Library.open(library.folder, embedder=embedder)
    assert str(other) in str(refused.value) and str(stated[field]) in str(refused.value)


def test_an_absent_library_is_not_made_when_only_reading(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(LibraryMissing):
        Library.open(tmp_path / "absent", create=False, embedder=embedder)
    assert not (tmp_path / "absent").exists()


def test_a_folder_of_other_things_does_not_become_a_library(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    with pytest.raises(CitewellError, match="holds other things"):
        Library.open(tmp_path, embedder=embedder)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_library_that_lost_its_identity_is_not_made_anew(
    library: Library, write_report: ReportWriter, embedder: Embedder
) -> None:
    library.add([write_report()])
    commit = (library.folder / "COMMIT").read_bytes()
    (library.folder / "library.json").unlink()
    with pytest.raises(LibraryDamaged):
        Library.open(library.folder, embedder=embedder)
    assert (library.folder / "COMMIT").read_bytes() == commit


def test_an_empty_library_answers_every_call(library: Library) -> None:
    assert library.reports() == library.judgments() == library.check() == ()
    assert library.dense_passages(library.embed_query("ships"), 5, None) == ()
    assert library.lexical_statements("ships", 5, None) == ()
    assert library.version == 0
    assert np.isclose(np.linalg.norm(library.embed_query("ships")), 1, atol=1e-5)

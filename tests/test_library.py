"""A library shows its reports whole, keeps what it was given, and lets go of what was removed."""

import json
import os
import subprocess
import sys
import threading
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
    LibraryBusy,
    LibraryDamaged,
    LibraryFull,
    LibraryMissing,
    UnknownReport,
)
from index.library import Library
from index.records import AddResult

ROOT = Path(__file__).parents[1]
ReportWriter = Callable[..., Path]


def outcome(result: AddResult) -> dict[str, int]:
    """How many files became what, leaving out what did not happen."""
    counts = {name: len(getattr(result, name)) for name in AddResult.__slots__}
    return {name: count for name, count in counts.items() if count}


def everything_findable(library: Library) -> set[str]:
    """The ids of all reports that any search returns, asked for far more rows than there are."""
    vector = library.embed_query("ships at the berth")
    hits = (
        *library.dense_passages(vector, 1000, None),
        *library.lexical_passages("harbour ships berth judged", 1000, None),
    )
    statements = (
        *library.dense_statements(vector, 1000, None),
        *library.lexical_statements("harbour ships berth judged", 1000, None),
    )
    return {hit.passage.report_id for hit in hits} | {hit.statement.report_id for hit in statements}


def files_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Each file of a folder with what changes when it is written.

    Locks are held and not written. Chroma touches its database at each opening, so that of it only the size counts,
    and lays out anew the files of a graph that it has not saved yet.
    """
    held = ("lock", ".bin", ".gate", ".turnstile")
    return {
        str(path.relative_to(folder)): (
            0 if path.suffix == ".sqlite3" else path.stat().st_mtime_ns,
            path.stat().st_size,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(held)
    }


# What was added can be found, and stands where it says


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


# Adding again


def test_indexing_twice_changes_nothing_and_embeds_nothing(
    library: Library, write_report: ReportWriter, embedder: Embedder
) -> None:
    folder = write_report().parent
    write_report("south.txt", "South Pier", 2017)
    first = library.add([folder])
    before, files, version = embedder.texts_embedded, files_in(library.folder), library.version
    again = library.add([folder])
    assert outcome(first) == {"added": 2}
    assert outcome(again) == {"unchanged": 2}
    assert {file.report_id for file in again.unchanged} == {file.report_id for file in first.added}
    assert embedder.texts_embedded == before
    assert library.version == version
    assert files_in(library.folder) == files


def test_a_changed_file_embeds_only_what_changed_and_hides_the_old_report(
    library: Library, write_report: ReportWriter, embedder: Embedder
) -> None:
    ships = tuple(range(300, 308))
    (old,) = library.add([write_report(ships=ships)]).added
    texts = {hit.text for hit in library.passages(old.report_id)}
    before, version = embedder.texts_embedded, library.version
    result = library.add([write_report(ships=(*ships[:-1], 999))])
    (new,) = result.replaced
    assert outcome(result) == {"replaced": 1}
    changed = [passage for passage in library.passages(new.report_id) if passage.text not in texts]
    changed_statements = [statement for statement in library.statements(new.report_id) if "999" in statement.text]
    assert embedder.texts_embedded - before <= len(changed) + len(changed_statements)
    assert embedder.texts_embedded > before
    assert library.version == version + 1
    assert everything_findable(library) == {new.report_id}
    with pytest.raises(UnknownReport):
        library.text(old.report_id)
    assert library.check() == ()


@pytest.mark.parametrize("spoil", ["empty", "missing", "binary"])
def test_a_file_that_was_spoilt_never_takes_its_report_away(
    spoil: str, library: Library, write_report: ReportWriter
) -> None:
    path = write_report()
    (known,) = library.add([path]).added
    text = library.text(known.report_id)
    if spoil == "missing":
        path.unlink()
    else:
        path.write_bytes(b"" if spoil == "empty" else bytes(range(256)) * 20)
    result = library.add([path], prune=True)
    assert outcome(result) == {"refused": 1}
    assert result.refused[0].reason
    assert library.text(known.report_id) == text


def test_the_same_bytes_under_two_names_are_one_report_until_both_are_gone(
    library: Library, write_report: ReportWriter
) -> None:
    first = write_report("a.txt")
    write_report("other.txt", "South Pier")
    second = first.with_name("b.txt")
    second.write_bytes(first.read_bytes())
    result = library.add([first.parent])
    assert outcome(result) == {"added": 2, "unchanged": 1}
    assert result.unchanged[0].report_id == result.added[0].report_id
    first.unlink()
    assert outcome(library.add([first.parent], prune=True)) == {"unchanged": 2}
    second.unlink()
    assert outcome(library.add([first.parent], prune=True)) == {"unchanged": 1, "removed": 1}
    assert [info.file for info in library.reports()] == ["other.txt"]


def test_one_of_two_equal_files_can_change_without_taking_the_other_away(
    library: Library, write_report: ReportWriter
) -> None:
    first = write_report("a.txt")
    second = first.with_name("b.txt")
    second.write_bytes(first.read_bytes())
    library.add([first.parent])
    write_report("a.txt", ships=(5, 6))
    library.add([first.parent])
    assert len(library.reports()) == 2
    assert library.check() == ()


def test_a_file_that_goes_back_to_another_files_bytes_leaves_one_report(
    library: Library, write_report: ReportWriter
) -> None:
    first, second = write_report("a.txt"), write_report("b.txt", ships=(5, 6))
    library.add([first.parent])
    second.write_bytes(first.read_bytes())
    assert outcome(library.add([first.parent])) == {"unchanged": 1, "replaced": 1}
    assert len(library.reports()) == 1
    assert library.check() == ()


def test_pruning_removes_only_what_is_gone_from_under_the_given_folder(
    library: Library, write_report: ReportWriter
) -> None:
    inside, gone = write_report("in/a.txt", ships=(1,)), write_report("in/b.txt", ships=(2,))
    elsewhere = write_report("out/c.txt", ships=(3,))
    library.add([inside.parent, elsewhere.parent])
    gone.unlink()
    elsewhere.unlink()
    result = library.add([inside.parent], prune=True)
    assert [file.file for file in result.removed] == ["b.txt"]
    assert {info.file for info in library.reports()} == {"a.txt", "c.txt"}


def test_pruning_under_an_emptied_folder_removes_nothing(library: Library, write_report: ReportWriter) -> None:
    path = write_report()
    library.add([path.parent])
    path.unlink()
    result = library.add([path.parent], prune=True)
    assert outcome(result) == {"refused": 1}
    assert len(library.reports()) == 1


def test_what_cannot_become_a_report_is_refused_with_the_reason(library: Library, write_report: ReportWriter) -> None:
    folder = write_report().parent
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "notes.log").write_text("not a document", encoding="utf-8")
    (folder / ".hidden.txt").write_text("hidden", encoding="utf-8")
    result = library.add([folder, folder / "absent.pdf", folder / "notes.log"])
    assert outcome(result) == {"added": 1, "refused": 3}
    refused = {file.file: file.reason for file in result.refused}
    assert refused.keys() == {"old.doc", str(folder / "absent.pdf"), "notes.log"}
    assert all(refused.values())


def test_a_library_does_not_index_itself(library: Library, write_report: ReportWriter) -> None:
    path = write_report("a.txt")
    library.add([path])
    result = library.add([path.parents[1]])
    assert outcome(result) == {"unchanged": 1}


def test_a_name_that_would_deceive_is_shown_without_its_tricks(library: Library, write_report: ReportWriter) -> None:
    library.add([write_report("budget\u202etxt.\x07fdp.txt")])
    assert library.reports()[0].file == "budgettxt.fdp.txt"


def test_progress_tells_each_file_from_loading_to_done(library: Library, write_report: ReportWriter) -> None:
    path = write_report()
    told: list[tuple[str, int]] = []
    library.add([path, path.with_name("absent.txt")], on_progress=lambda p: told.append((p.step, p.done)))
    assert told == [("load", 0), ("embed", 0), ("store", 0), ("done", 1)]
    told.clear()
    library.add([path], on_progress=lambda p: told.append((p.step, p.done)))
    assert told == [("unchanged", 1)]


# Removing


def test_a_removed_report_is_findable_nowhere_and_leaves_no_file(library: Library, write_report: ReportWriter) -> None:
    kept, dropped = library.add([write_report("a.txt"), write_report("b.txt", "South Pier")]).added
    assert library.remove([dropped.report_id]) == (dropped,)
    assert everything_findable(library) == {kept.report_id}
    assert library.judgments() == library.judgments([kept.report_id])
    assert not [name for name in files_in(library.folder) if dropped.report_id in name]
    assert library.check() == ()
    with pytest.raises(UnknownReport):
        library.passages(dropped.report_id)


def test_nothing_is_removed_when_one_of_the_ids_is_unknown(library: Library, write_report: ReportWriter) -> None:
    (known,) = library.add([write_report()]).added
    with pytest.raises(UnknownReport, match="absent"):
        library.remove([known.report_id, "absent"])
    assert len(library.reports()) == 1


def test_a_report_that_was_removed_can_be_added_again(library: Library, write_report: ReportWriter) -> None:
    path = write_report()
    (known,) = library.add([path]).added
    library.remove([known.report_id])
    assert library.add([path]).added == (known,)
    assert everything_findable(library) == {known.report_id}
    assert library.check() == ()


# Twins


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


# Several processes and threads


def test_a_second_writer_is_refused_at_once_and_readers_go_on(library: Library, write_report: ReportWriter) -> None:
    first, second = write_report("a.txt"), write_report("b.txt", "South Pier")
    library.add([first])
    seen: list[object] = []

    def meddle(step: object) -> None:
        seen.append(library.lexical_passages("North Quay ships", 1, None))
        with pytest.raises(LibraryBusy) as refused:
            library.add([first])
        assert refused.value.holder == os.getpid()

    library.add([second], on_progress=meddle)
    assert seen and all(seen)
    assert len(library.reports()) == 2


READER = """
import sys
from index.library import Library
from index.embed import Embedder

library = Library.open(sys.argv[1], create=False)
for line in sys.stdin:
    found = {hit.passage.report_id for hit in library.lexical_passages(line, 50, None)}
    print(library.version, len(library.reports()), len(found), flush=True)
"""


def test_a_reading_process_sees_each_new_version_without_a_restart(
    library: Library, write_report: ReportWriter
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(library.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin is not None and reader.stdout is not None

        def ask() -> str:
            assert reader.stdin is not None and reader.stdout is not None
            reader.stdin.write("harbour ships\n")
            reader.stdin.flush()
            return reader.stdout.readline().strip()

        assert ask() == "0 0 0"
        added = library.add([write_report("a.txt"), write_report("b.txt", "South Pier")]).added
        assert ask() == "2 2 2"
        library.remove([added[0].report_id])
        assert ask() == "3 1 1"
        reader.stdin.close()


def test_searches_during_an_add_only_ever_see_whole_reports(library: Library, write_report: ReportWriter) -> None:
    paths = [write_report(f"{i}.txt", f"Harbour {i}", 2010 + i, (i, 50)) for i in range(2)]
    library.add(paths[:1])
    vector = library.embed_query("ships at the berth")
    stop, wrong, rounds = threading.Event(), [], [0]

    def search() -> None:
        with Library.open(library.folder, embedder=library.embedder) as reader:
            while not stop.is_set():
                version = reader.version
                hits = reader.dense_passages(vector, 1000, None)
                found = {hit.passage.report_id for hit in hits}
                if version == reader.version:
                    expected = {info.report_id: info.passages for info in reader.reports()}
                    if version == reader.version and (found != set(expected) or len(hits) != sum(expected.values())):
                        wrong.append((found, expected))
                rounds[0] += 1
                stop.wait(0.01)

    searcher = threading.Thread(target=search)
    searcher.start()
    try:
        library.add(paths)
        for i in range(2):
            write_report(f"{i}.txt", f"Harbour {i}", 2010 + i, (i, 60))
        library.add(paths)
    finally:
        stop.set()
        searcher.join()
    assert rounds[0] > 3
    assert wrong == []
    assert library.check() == ()


# With what a library was made


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


# Checked, copied, and full


def test_check_names_what_was_tampered_with(library: Library, write_report: ReportWriter) -> None:
    (known,) = library.add([write_report()]).added
    text = library.folder / "texts" / f"{known.report_id}.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("412", "421"), encoding="utf-8")
    assert any("canonical text" in problem and known.report_id in problem for problem in library.check())


def test_a_backup_is_the_whole_library_and_restores_only_into_an_empty_folder(
    library: Library, write_report: ReportWriter, tmp_path: Path, embedder: Embedder
) -> None:
    library.add([write_report("a.txt"), write_report("b.txt", "South Pier")])
    library.backup(tmp_path / "copy")
    library.remove([info.report_id for info in library.reports()])
    Library.restore(tmp_path / "copy", tmp_path / "again")
    with Library.open(tmp_path / "again", embedder=embedder) as again:
        assert {info.file for info in again.reports()} == {"a.txt", "b.txt"}
        assert everything_findable(again) == {info.report_id for info in again.reports()}
        assert again.check() == ()
    with pytest.raises(CitewellError, match="not an empty folder"):
        Library.restore(tmp_path / "copy", tmp_path / "again")


def test_a_spoilt_backup_is_not_restored(library: Library, write_report: ReportWriter, tmp_path: Path) -> None:
    (known,) = library.add([write_report()]).added
    library.backup(tmp_path / "copy")
    (tmp_path / "copy" / "texts" / f"{known.report_id}.txt").write_text("Nothing", encoding="utf-8")
    with pytest.raises(LibraryDamaged):
        Library.restore(tmp_path / "copy", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_backup_with_a_link_to_elsewhere_is_not_restored(
    library: Library, write_report: ReportWriter, tmp_path: Path
) -> None:
    (known,) = library.add([write_report()]).added
    library.backup(tmp_path / "copy")
    text = tmp_path / "copy" / "texts" / f"{known.report_id}.txt"
    text.rename(tmp_path / "elsewhere")
    text.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LibraryDamaged, match="link"):
        Library.restore(tmp_path / "copy", tmp_path / "again")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 44 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=44m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can only be mounted by root where mounting is allowed")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("room_is_checked", [True, False], ids=["seen before writing", "met while writing"])
def test_a_full_disk_is_named_and_harms_nothing(
    room_is_checked: bool,
    small_disk: Path,
    write_report: ReportWriter,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Library.open(small_disk / "library", embedder=embedder) as library:
        (known,) = library.add([write_report("a.txt")]).added
        second = write_report("b.txt", "South Pier", ships=tuple(range(15)))
        ballast = small_disk / "ballast"
        with ballast.open("wb") as file:
            file.truncate(0)
            file.write(b"\0" * (os.statvfs(small_disk).f_bavail * 4096 - (1 << 14)))
        if not room_is_checked:
            # Another process may take the room between the look and the writing.
            monkeypatch.setattr("index.store.require_room", lambda *sizes: None)
        with pytest.raises(LibraryFull):
            library.add([second])
        monkeypatch.undo()
        assert everything_findable(library) == {known.report_id}
        ballast.unlink()
        assert outcome(library.add([second])) == {"added": 1}
        assert library.check() == ()

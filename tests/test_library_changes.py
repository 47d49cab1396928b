"""A library takes up what changed, keeps what was spoilt, and lets go of what was removed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.embed import Embedder
from index.errors import (
    UnknownReport,
)
from index.library import Library
from index.records import AddResult

ROOT = Path(__file__).parents[1]
ReportWriter = Callable[..., Path]
Findable = Callable[[Library], set[str]]


def outcome(result: AddResult) -> dict[str, int]:
    """How many files became what, leaving out what did not happen."""
    counts = {name: len(getattr(result, name)) for name in AddResult.__slots__}
    return {name: count for name, count in counts.items() if count}


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
    library: Library, write_report: ReportWriter, embedder: Embedder, everything_findable: Findable
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


def test_what_two_reports_say_alike_is_embedded_once(
    library: Library, write_report: ReportWriter, embedder: Embedder, everything_findable: Findable
) -> None:
    ships = tuple(range(300, 308))
    write_report("one.txt", ships=ships)
    folder = write_report("two.txt", ships=(*ships[:-1], 999)).parent
    before = embedder.texts_embedded
    one, two = library.add([folder]).added
    passages = [passage for added in (one, two) for passage in library.passages(added.report_id)]
    different = {f"{passage.header}\n{passage.text}" for passage in passages}
    assert len(different) < len(passages)
    assert embedder.texts_embedded - before <= len(different) + 1  # and who and what the reports are
    assert everything_findable(library) == {one.report_id, two.report_id}
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


def test_a_removed_report_is_findable_nowhere_and_leaves_no_file(
    library: Library, write_report: ReportWriter, everything_findable: Findable
) -> None:
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


def test_a_report_that_was_removed_can_be_added_again(
    library: Library, write_report: ReportWriter, everything_findable: Findable
) -> None:
    path = write_report()
    (known,) = library.add([path]).added
    library.remove([known.report_id])
    assert library.add([path]).added == (known,)
    assert everything_findable(library) == {known.report_id}
    assert library.check() == ()

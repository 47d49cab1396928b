"""A library stays whole with several processes at it, when it is copied, tampered with, or out of room."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.commit import SCHEMA_VERSION, read_identity, write_identity
from index.embed import Embedder
from index.errors import (
    CitewellError,
    IndexMismatch,
    LibraryBusy,
    LibraryDamaged,
    LibraryFull,
    LibraryMissing,
)
from index.library import Library

ROOT = Path(__file__).parents[1]
ReportWriter = Callable[..., Path]
Findable = Callable[[Library], set[str]]


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


def test_check_names_what_was_tampered_with(library: Library, write_report: ReportWriter) -> None:
    (known,) = library.add([write_report()]).added
    text = library.folder / "texts" / f"{known.report_id}.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("412", "421"), encoding="utf-8")
    assert any("canonical text" in problem and known.report_id in problem for problem in library.check())


def test_a_backup_is_the_whole_library_and_restores_only_into_an_empty_folder(
    library: Library, write_report: ReportWriter, tmp_path: Path, embedder: Embedder, everything_findable: Findable
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


def test_a_library_that_was_restored_in_its_place_is_read_on(
    library: Library, write_report: ReportWriter, tmp_path: Path, everything_findable: Findable
) -> None:
    library.add([write_report("a.txt")])
    library.backup(tmp_path / "copy")
    library.add([write_report("b.txt", "South Pier")])
    with Library.open(library.folder, embedder=library.embedder) as reader:
        assert len(everything_findable(reader)) == 2
        shutil.rmtree(library.folder)
        with pytest.raises(LibraryMissing):
            reader.reports()
        with Library.open(library.folder, embedder=library.embedder) as fresh:
            fresh.add([write_report("c.txt", "West Basin"), write_report("d.txt", "East Mole")])
        assert everything_findable(reader) == {info.report_id for info in reader.reports()}
        assert {info.file for info in reader.reports()} == {"c.txt", "d.txt"}
        shutil.rmtree(library.folder)
        Library.restore(tmp_path / "copy", library.folder)
        (known,) = reader.reports()
        assert everything_findable(reader) == {known.report_id}
        assert len(reader.passages(known.report_id)) == known.passages


def test_a_spoilt_backup_is_not_restored(library: Library, write_report: ReportWriter, tmp_path: Path) -> None:
    (known,) = library.add([write_report()]).added
    library.backup(tmp_path / "copy")
    (tmp_path / "copy" / "texts" / f"{known.report_id}.txt").write_text("Nothing", encoding="utf-8")
    with pytest.raises(LibraryDamaged):
        Library.restore(tmp_path / "copy", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_backup_of_another_schema_is_named_so_and_not_damaged(
    library: Library, write_report: ReportWriter, tmp_path: Path
) -> None:
    (known,) = library.add([write_report()]).added
    library.backup(tmp_path / "copy")
    write_identity(tmp_path / "copy", replace(read_identity(library.folder), schema=SCHEMA_VERSION - 1))
    (tmp_path / "copy" / "vectors" / known.report_id).unlink()  # which that schema had not
    with pytest.raises(IndexMismatch, match=r"schema \d+ \(in use: "):
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
    everything_findable: Findable,
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
        assert len(library.add([second]).added) == 1
        assert library.check() == ()

"""Compacting drops the room of removed rows, changes no answer, and a writer killed in it leaves a whole library."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from index.commit import COMMIT_FILE, PENDING_FILE, TEMPORARY, read_commit
from index.embed import Embedder
from index.errors import LibraryDamaged
from index.finding import View
from index.library import Library
from index.vectors import VectorStore

ROOT = Path(__file__).parents[1]
ReportWriter = Callable[..., Path]

KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from index import Library, compact
from index.vectors import VectorStore
moment = int(sys.argv[2])
steps = 0
def stop(*_):
    global steps
    steps += 1
    if steps == moment:
        print("here", flush=True)
        sys.stdin.read()
for owner, name in ((VectorStore, "upsert"), (compact, "write_commit"), (compact, "clear_pending")):
    def wrapped(*args, _own=getattr(owner, name), **named):
        stop()
        return _own(*args, **named)
    setattr(owner, name, wrapped)
with Library.open(sys.argv[1]) as library:
    library.compact()
"""


@pytest.fixture
def changed(library: Library, write_report: ReportWriter) -> Library:
    """Two reports that were replaced and one that was removed."""
    for year in (2011, 2012, 2013):
        library.add([write_report(f"{n}.txt", f"Quay {n}", year, tuple(range(20))) for n in range(3)])
    library.remove([library.reports()[0].report_id])
    return library


def seen(library: Library) -> object:
    """What a library says. A file of vectors that is made again may move a distance by 0.000002 (decision 12)."""
    nearest = library.dense_statements(library.embed_query("How many ships did berth 7 handle?"), 10, None)
    return (
        library.reports(),
        [replace(hit, cosine_distance=round(hit.cosine_distance, 5)) for hit in nearest],
        library.lexical_passages("ships at berth 7", 10, None),
        [library.passages(info.report_id) for info in library.reports()],
        library.judgments(),
    )


def test_compacting_frees_room_and_changes_nothing(changed: Library) -> None:
    before = seen(changed)
    larger, smaller = changed.compact()
    assert smaller < larger
    assert read_commit(changed.folder).store == "chroma-2"
    assert [path.name for path in changed.folder.glob("chroma*/")] == ["chroma-2"]
    assert seen(changed) == before
    assert changed.check() == ()
    done = CliRunner().invoke(app, ["check", "--compact", "--library", str(changed.folder), "--json"])
    assert json.loads(done.stdout)["problems"] == []
    assert seen(changed) == before


@pytest.mark.parametrize("damage", ("cut short", "another report's"))
def test_compacting_makes_a_damaged_file_of_vectors_again(changed: Library, embedder: Embedder, damage: str) -> None:
    before = seen(changed)
    path, other = (changed._stores.vectors_path(info.report_id) for info in changed.reports())
    path.write_bytes(path.read_bytes()[:-100] if damage == "cut short" else other.read_bytes())
    assert "--compact" in changed.check()[0]
    with Library.open(changed.folder, embedder=embedder) as opened:
        with pytest.raises(LibraryDamaged, match="--compact"):
            opened.dense_statements(opened.embed_query("ships"), 500, None)
        opened.compact()
        assert opened.check() == ()
        assert seen(opened) == before


def test_compacting_while_a_library_is_checked_is_no_damage(
    changed: Library, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, waiting = Library._view, [changed]

    def then_compacted(own: Library) -> View:
        seen_now = view(own)
        if own is reader and waiting:
            waiting.pop().compact()
        return seen_now

    with Library.open(changed.folder, embedder=embedder) as reader:
        monkeypatch.setattr(Library, "_view", then_compacted)
        assert reader.check() == ()
    assert not waiting
    assert [path.name for path in changed.folder.glob("chroma*/")] == ["chroma-2"]


def test_a_store_that_is_gone_is_not_made_again_by_reading(library: Library) -> None:
    gone = library.folder / "chroma-9"
    with pytest.raises(LibraryDamaged, match="lacks its vector store chroma-9"):
        VectorStore(gone).count("passages")
    assert not gone.exists()


def test_checking_leaves_no_file_open(library: Library, write_report: ReportWriter) -> None:
    library.add([write_report()])
    library.check()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        library.check()
    assert len(os.listdir("/proc/self/fd")) < before + 10  # a store has as many, and closes some a moment later


@pytest.mark.parametrize("failing", ("while it is built", "at the switch"))
def test_compacting_that_fails_leaves_the_library_as_it_was(
    library: Library, write_report: ReportWriter, failing: str
) -> None:
    (known,) = library.add([write_report()]).added
    if failing == "while it is built":
        library._stores.vectors.delete("statements", known.report_id)
    else:
        (library.folder / f"{TEMPORARY}{COMMIT_FILE}").mkdir()  # so that it cannot be written
    before = {path.name for path in library.folder.iterdir()}
    with pytest.raises((LibraryDamaged, IsADirectoryError)):
        library.compact()
    assert {path.name for path in library.folder.iterdir()} == before
    assert not [link for link in map(_target, Path("/proc/self/fd").iterdir()) if ".tmp-compact" in link]
    assert read_commit(library.folder).store == "chroma"
    assert library.dense_passages(library.embed_query("ships"), 1, None)


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:  # the listing's own
        return ""


@pytest.mark.parametrize("moment", (3, 7, 8))  # while rows are written, before the switch, after it
def test_a_kill_in_the_middle_leaves_a_whole_library(changed: Library, write_report: ReportWriter, moment: int) -> None:
    before = seen(changed)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(changed.folder), str(moment)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.send_signal(signal.SIGKILL)
    assert (changed.folder / PENDING_FILE).exists()
    assert read_commit(changed.folder).store == ("chroma-2" if moment == 8 else "chroma")
    assert seen(changed) == before
    changed.add([write_report("new.txt", "New Dock", 2015, (4,))])  # the next writer clears up
    assert len(list(changed.folder.glob("chroma*/"))) == 1
    assert not list(changed.folder.glob(".tmp-*"))
    assert changed.check() == ()

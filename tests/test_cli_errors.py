"""Bad input on the command line: an exit code, one sentence that names the thing and the next step, nothing lost."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index import Library
from index.embed import Embedder
from index.lock import WriterLock

ROOT = Path(__file__).parents[1]
REPORT = """\
# Saltmouth Harbour Authority: annual inspection {year}

The authority employed {pilots} pilots at the end of March {year}.
"""


def run(*arguments: str | Path, library: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One `citewell` command, to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CITEWELL_")}
    own = {"CITEWELL_LIBRARY": str(library), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", "from cli import main; main()", *map(str, arguments)],
        cwd=ROOT,
        env=kept | own | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "harbour.md").write_text(REPORT.format(year=2019, pilots=86), encoding="utf-8")
    (folder / "later.md").write_text(REPORT.format(year=2021, pilots=91), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def indexed(folder: Path, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    path = tmp_path_factory.mktemp("libraries") / "harbours"
    with Library.open(path, embedder=embedder) as opened:
        assert not opened.add([folder]).refused
    return path


@pytest.fixture
def library(indexed: Path) -> Iterator[Path]:
    """A library of two reports. Afterwards it must hold what it held before, and be whole."""
    yield indexed
    with Library.open(indexed, create=False) as opened:
        assert sorted(report.file for report in opened.reports()) == ["harbour.md", "later.md"]
        assert opened.check() == ()


def assert_one_sentence(text: str) -> None:
    """Exactly one line, a sentence, and no traceback."""
    assert text.startswith("Error: "), text
    assert text.count("\n") == 1, text
    assert re.search(r"\.$|: citewell \S.*$", text), text


def broken_files(folder: Path) -> dict[str, Path]:
    """Files and folders that cannot be indexed, by what is wrong with them."""
    secret = Canvas(str(folder / "secret.pdf"), encrypt=StandardEncryption("open sesame", canPrint=0))
    secret.drawString(72, 720, "Nobody reads this.")
    secret.save()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "nothing").mkdir()
    return {
        "missing": folder / "nowhere.md",
        "empty folder": folder / "nothing",
        "empty file": folder / "empty.txt",
        "binary": folder / "binary.txt",
        "encrypted": folder / "secret.pdf",
        "broken": folder / "broken.pdf",
    }


@pytest.mark.parametrize("what", ("missing", "empty folder", "empty file", "binary", "encrypted", "broken"))
def test_a_file_that_cannot_be_read_is_refused_by_name(what: str, library: Path, tmp_path: Path) -> None:
    path = broken_files(tmp_path)[what]
    done = run("index", path, library=library)
    assert done.returncode == 1
    assert done.stdout == "0 added, 0 unchanged, 0 replaced, 1 refused, 0 removed\n"
    assert done.stderr.startswith("refused ")
    assert path.name in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "kind", "names"),
    (
        (("ask", ""), "BadQuestion", "empty"),
        (("ask", "why? " * 20_000), "BadQuestion", "99,999"),
        (("search", ""), "BadQuestion", "empty"),
        (("ask", "How many?", "--report", "nosuchid"), "UnknownReport", "nosuchid"),
        (("text", "nosuchid"), "UnknownReport", "nosuchid"),
        (("remove", "nosuchid"), "UnknownReport", "nosuchid"),
        (("eval", "nosuch.yaml"), "BadSuite", "nosuch.yaml"),
    ),
)
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, ...], kind: str, names: str, library: Path) -> None:
    spoken = run(*arguments, library=library)
    assert (spoken.returncode, spoken.stdout) == (2, "")
    assert_one_sentence(spoken.stderr)
    assert names in spoken.stderr
    written = run(*arguments, "--json", library=library)
    assert (written.returncode, written.stderr) == (2, "")
    error = json.loads(written.stdout)["error"]
    assert error["type"] == kind
    assert names in error["message"]


@pytest.mark.parametrize("command", ("reports", "check", "backup", "ask"))
def test_a_library_that_is_not_there_is_not_made_by_reading(command: str, tmp_path: Path) -> None:
    arguments = {"backup": (str(tmp_path / "copy"),), "ask": ("How many?",)}.get(command, ())
    done = run(command, *arguments, library=tmp_path / "nowhere")
    assert done.returncode == 2
    assert_one_sentence(done.stderr)
    assert "nowhere" in done.stderr
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(("field", "value"), (("embedder_sha256", "0" * 64), ("schema", 99), ("splitter", "other")))
def test_a_library_of_another_making_is_refused(
    field: str, value: object, library: Path, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(library, copy)
    identity = json.loads((copy / "library.json").read_text(encoding="utf-8"))
    (copy / "library.json").write_text(json.dumps(identity | {field: value}), encoding="utf-8")
    for arguments in (("ask", "How many pilots?"), ("index", str(folder))):
        done = run(*arguments, library=copy)
        assert (done.returncode, done.stdout) == (2, "")
        assert_one_sentence(done.stderr)
        assert str(value) in done.stderr


def test_a_second_writer_is_told_who_writes(library: Path, folder: Path) -> None:
    lock = WriterLock(library / "lock")
    lock.acquire()
    try:
        done = run("index", folder, library=library)
        reading = run("reports", library=library)
    finally:
        lock.release()
    assert done.returncode == 2
    assert_one_sentence(done.stderr)
    assert str(os.getpid()) in done.stderr
    assert reading.returncode == 0


def test_a_full_disk_loses_nothing(library: Path, folder: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(path.stat().st_size for path in library.rglob("*")) + 64_000_000
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root can make a small disk")
    try:
        small = disk / "library"
        shutil.copytree(library, small)
        room = os.statvfs(disk)
        with (disk / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, room.f_bavail * room.f_frsize)
        (tmp_path / "third.md").write_text(REPORT.format(year=2017, pilots=77), encoding="utf-8")
        done = run("index", tmp_path / "third.md", library=small)
        assert done.returncode == 2
        assert_one_sentence(done.stderr)
        assert "space" in done.stderr
        (disk / "filler").unlink()
        assert run("index", tmp_path / "third.md", library=small).returncode == 0
        listed = json.loads(run("reports", "--json", library=small).stdout)["reports"]
        assert sorted(report["file"] for report in listed) == ["harbour.md", "later.md", "third.md"]
        assert run("check", library=small).returncode == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_library_path_that_cannot_be_used_is_one_sentence(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    done = run("index", folder, library=tmp_path / "file" / "library")
    assert done.returncode == 2
    assert_one_sentence(done.stderr)


def test_a_setting_that_cannot_be_used_is_named(library: Path) -> None:
    done = run("reports", library=library, CITEWELL_PORT="many")
    assert done.returncode == 2
    assert_one_sentence(done.stderr)
    assert "CITEWELL_PORT" in done.stderr

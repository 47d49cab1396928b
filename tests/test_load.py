"""A file becomes canonical text whose offsets hold, or is refused with a reason that says what to do."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.canonical import canonicalise, clean_text
from index.errors import UnreadableReport
from index.load import SUFFIXES, load_report
from index.readers import Limits, NotReadable
from index.records import CELL_SEPARATOR, LoadedReport, RawBlock, RawCell, RawReport
from index.sandbox import ReaderProcess, exchange

SHARED = Path(__file__).parents[1].parent / "shared"
HARD = SHARED / "corpora" / "hard_files"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not beside the repository")


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def _refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableReport) as caught:
        load_report(path, limits=limits or Limits())
    assert caught.value.file == path.name
    return caught.value.reason


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _check(report: LoadedReport) -> None:
    """What holds for every loaded report."""
    assert report.report_id == report.sha256[:16]
    last = 0
    for block in report.blocks:
        assert last <= block.start < block.end <= len(report.text)
        assert not report.text[last : block.start].strip()
        assert "\n" not in report.text[block.start : block.end]
        if block.cells:
            cells = [report.text[cell.start : cell.end] for cell in block.cells]
            assert CELL_SEPARATOR.join(cells) == report.text[block.start : block.end]
        last = block.end
    assert last == len(report.text)
    if report.page_runs:
        assert report.page_runs[0].start == 0
        assert report.page_runs[-1].end == len(report.text)
        assert all(one.end == two.start for one, two in zip(report.page_runs, report.page_runs[1:], strict=False))


def test_the_same_bytes_give_the_same_id_whatever_the_name(tmp_path: Path, reader: ReaderProcess) -> None:
    content = b"A report.\n\nIt has two paragraphs.\n"
    one = load_report(_file(tmp_path, "one.txt", content), reader=reader)
    two = load_report(_file(tmp_path, "two.text", content), reader=reader)
    assert one.report_id == two.report_id == sha256(content).hexdigest()[:16]
    assert (one.file, two.file) == ("one.txt", "two.text")
    assert one.text == "A report.\n\nIt has two paragraphs."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n ", "empty"),
        ("binary.txt", bytes(range(256)) * 4, "binary"),
        ("really.txt", b"%PDF-1.7 and so on", "rename it"),
        ("broken.pdf", b"%PDF-1.7\n" + b"nothing of use " * 40, "damaged"),
        ("other.pdf", b"<html>not a PDF</html>", "not a PDF"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .docx"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .docx"),
        (
            "locked.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("fake.docx", b"not a zip file at all", "not a Word document"),
        ("notes.txt", b"{\\rtf1 text}", "rename it"),
        ("sheet.xyz", b"text", ".csv, .docx, .eml"),
        ("nothing.html", b"<html><body><script>let a = 1;</script></body></html>", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_next_step(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    assert words in _refusal(_file(tmp_path, name, content))


def test_links_folders_pipes_and_missing_files_are_refused(tmp_path: Path) -> None:
    _file(tmp_path, "real.txt", b"Text.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    assert "link" in _refusal(tmp_path / "link.txt")
    assert "folder" in _refusal(tmp_path / "folder.txt")
    assert "not a regular file" in _refusal(tmp_path / "pipe.txt")
    assert "no such file" in _refusal(tmp_path / "missing.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, "private.txt", b"Text.")
    path.chmod(0)
    assert "permission" in _refusal(path)


def test_a_name_with_control_and_direction_characters_is_shown_without_them(tmp_path: Path) -> None:
    report = load_report(_file(tmp_path, "re\u202eport\x07.txt", b"Text."))
    assert report.file == "report.txt"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(100 * 1024 * 1024))
    assert "unpacks to" in _refusal(path)


def test_entities_of_a_word_document_are_not_expanded(tmp_path: Path) -> None:
    import docx

    path = tmp_path / "entities.docx"
    docx.Document().save(str(path))
    secret = _file(tmp_path, "secret.txt", b"the secret text")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY leak SYSTEM "file://{secret}">]>'
    name_space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "<w:body><w:p><w:r><w:t>before &leak; after</w:t></w:r></w:p></w:body>"
    parts["word/document.xml"] = f'{head}<w:document xmlns:w="{name_space}">{body}</w:document>'.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        assert "secret" not in load_report(path).text
    except UnreadableReport as refusal:
        assert "secret" not in refusal.reason


def test_a_file_that_needs_too_much_memory_is_stopped_and_the_next_is_read(tmp_path: Path) -> None:
    big = _file(tmp_path, "big.md", b"| a | b |\n|---|---|\n" + b"| cell | cell |\n" * 60_000)
    small = _file(tmp_path, "small.md", b"# A title\n\nText.")
    with ReaderProcess() as process:
        with pytest.raises(UnreadableReport, match="memory"):
            load_report(big, limits=Limits(memory_bytes=120 * 1024 * 1024), reader=process)
        assert load_report(small, reader=process).title_hint == "A title"


def test_a_child_that_spins_at_its_limit_of_memory_is_ended_long_before_its_time_is_up() -> None:
    spinning = [sys.executable, "-c", "print(flush=True)\nwhile True: pass"]
    for spare, said in ((1 << 20, "memory"), (1 << 30, "seconds")):
        child = subprocess.Popen(spinning, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        assert child.stdout is not None
        child.stdout.read(1)
        used = int(Path(f"/proc/{child.pid}/statm").read_text().split()[0]) * resource.getpagesize()
        limits = Limits(memory_bytes=used + spare, wall_seconds=5)
        with pytest.raises(NotReadable, match=said):
            exchange(child, b"", time.monotonic() + limits.wall_seconds, limits)
        assert child.returncode == -signal.SIGKILL


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read(tmp_path: Path) -> None:
    slow = _file(tmp_path, "slow.md", b"a **b _c_** [d](e)\n\n" * 100_000)
    small = _file(tmp_path, "small.txt", b"Text.")
    with ReaderProcess() as process:
        with pytest.raises(UnreadableReport, match="seconds"):
            load_report(slow, limits=Limits(wall_seconds=1), reader=process)
        assert load_report(small, reader=process).text == "Text."
        with pytest.raises(UnreadableReport, match="processor time"):
            load_report(slow, limits=Limits(cpu_seconds=0), reader=process)
        assert load_report(small, reader=process).text == "Text."


def test_a_file_with_too_many_characters_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, "long.txt", b"word " * 1000)
    assert "1,000 characters" in _refusal(path, Limits(characters=1000))
    assert "larger than" in _refusal(path, Limits(file_bytes=1000))


def test_deeply_nested_html_is_read(tmp_path: Path) -> None:
    report = load_report(_file(tmp_path, "deep.html", b"<div>" * 3_000 + b"At the bottom."))
    assert report.text == "At the bottom."


def test_files_are_read_from_several_threads_at_once(tmp_path: Path, reader: ReaderProcess) -> None:
    paths = [_file(tmp_path, f"{number}.txt", f"Report {number}.".encode()) for number in range(8)]
    found: dict[int, str] = {}

    def load(number: int) -> None:
        found[number] = load_report(paths[number], reader=reader).text

    threads = [threading.Thread(target=load, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"Report {number}." for number in range(8)}


def test_unseen_characters_go_and_printed_ones_stay() -> None:
    assert clean_text("co\u00adop\u200b \u202etext\u00a0 here\x00") == "coop text here"
    assert clean_text("’quoted’ – ﬁve e\u0301") == "’quoted’ – ﬁve e\u0301"
    assert clean_text("85.8 (\\pm 1.9) ^{*}note ^{2}") == "85.8 (± 1.9) *note ²"


def test_a_page_break_inside_a_block_begins_a_page_run() -> None:
    raw = RawReport(
        blocks=(
            RawBlock("furniture", "Running head", page=1, page_label="7"),
            RawBlock("paragraph", "one \u00ad two three", page=1, page_breaks=((8, 2),)),
            RawBlock("paragraph", "four", page=2, page_label="8"),
        )
    )
    text, blocks, runs = canonicalise(raw)
    assert text == "one two three\n\nfour"
    assert [(text[run.start : run.end], run.page, run.label) for run in runs] == [
        ("one tw", 1, "7"),
        ("o three\n\nfour", 2, "8"),
    ]
    assert len(blocks) == 2


_texts = st.text(max_size=40).map(lambda text: " ".join(text.split("\n")))
_cells = st.lists(st.builds(RawCell, _texts, st.integers(1, 4)), min_size=1, max_size=4).map(tuple)


@st.composite
def _raw_reports(draw: st.DrawFn) -> RawReport:
    blocks: list[RawBlock] = []
    page = 1
    for number in range(draw(st.integers(0, 6))):
        page += draw(st.integers(0, 2))
        if draw(st.booleans()):
            blocks.append(RawBlock("table_row", "", page=page, table=number // 2, cells=draw(_cells)))
            continue
        text = draw(_texts)
        offsets = sorted(set(draw(st.lists(st.integers(0, len(text)), max_size=2))))
        breaks = tuple((offset, page + turn) for turn, offset in enumerate(offsets, start=1))
        kind = draw(st.sampled_from(["heading", "paragraph", "list_item", "footnote", "furniture"]))
        blocks.append(RawBlock(kind, text, page=page, page_breaks=breaks))  # type: ignore[arg-type]
        page += len(breaks)
    return RawReport(tuple(blocks))


@settings(max_examples=100, deadline=None)
@given(_raw_reports())
@example(RawReport((RawBlock("table_row", "", page=1, table=0, cells=(RawCell("|", 1),)),)))
def test_canonical_offsets_hold_for_any_blocks(raw: RawReport) -> None:
    text, blocks, runs = canonicalise(raw)
    _check(LoadedReport("0" * 16, "f", "0" * 64, "text/plain", text, blocks, runs, None, None, None))
    kept = [source for source in raw.blocks if source.kind != "furniture"]
    assert len(blocks) <= len(kept)
    rows = [source for source in kept if source.cells and any(clean_text(cell.text) for cell in source.cells)]
    placed = [block for block in blocks if block.cells]
    assert [[text[c.start : c.end] for c in block.cells] for block in placed] == [
        [clean_text(cell.text) for cell in source.cells] for source in rows
    ]
    assert [run.page for run in runs] == sorted(run.page for run in runs)


@needs_shared
def test_pages_beyond_the_limit_are_refused(reader: ReaderProcess) -> None:
    with pytest.raises(UnreadableReport, match="619 pages"):
        load_report(HARD / "DA-619p.pdf", limits=Limits(pages=500), reader=reader)


@needs_shared
def test_the_five_reports_load_with_offsets_that_hold(reader: ReaderProcess) -> None:
    for path in sorted((SHARED / "reports").glob("*.txt")):
        report = load_report(path, reader=reader)
        _check(report)
        assert report.pages is None
        assert report.page_runs == ()
    assert {".txt", ".pdf", ".docx", ".html", ".md"} <= SUFFIXES

"""Every odd file of the shared collection ends in text with the right pages, or in a refusal that says why."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import UnreadableReport
from index.load import load_report
from index.records import CELL_SEPARATOR
from index.sandbox import ReaderProcess

HARD = Path(__file__).parents[1].parent / "shared" / "corpora" / "hard_files"
pytestmark = pytest.mark.skipif(not HARD.is_dir(), reason="the shared documents are not beside the repository")
with_ocr = importlib.util.find_spec("rapidocr") is not None

# File → pages (None where the format has none) and words of it, or the reason of the refusal.
READ: dict[str, tuple[int | None, str]] = {
    "Cabinet_Office_-_Wikipedia.pdf": (6, "Cabinet Office"),
    "DA-619p.pdf": (619, "The Magister's Shield"),
    "Strict.docx": (None, "Some text"),
    "content-stream-errors.pdf": (4, ""),
    "cupertino_usd_4-6-16.pdf": (1, "Cupertino"),
    "docx-hdrftr.docx": (None, "Main document"),
    "docx-shapes.docx": (None, "floating-shape"),
    "docx_rich_tables_01.docx": (None, " | "),
    "example-with-scripts.html": (None, ""),
    "fake-doc.rtf": (None, "Row 1, Cell 1 | Row 1, Cell 2"),
    "fake-memo-with-duplicate-page.pdf": (2, ""),
    "federal-register-2020-17221.pdf": (15, "Federal Register"),
    "habibi-rotated.pdf": (4, "habibi"),
    "invisible_text_layer.pdf": (1, "Visible heading line"),
    "issue-71-duplicate-chars.pdf": (2, "2020.01 - 2020.05"),
    "multi-column-2p.pdf": (2, ""),
    "rotated-page-90.pdf": (1, "Second line of text here"),
    "san-jose-pd-firearm-sample.pdf": (1, "SAN JOSE POLICE DEPT"),
    "sandwich.pdf": (1, "Operation is similar"),
    "senate-expenditures.pdf": (1, ""),
    "skipped_1page.pdf": (3, "ICT"),
}
REFUSED = {
    "2206.01062_pg3.pdf": "protected by a password",
    "Cabinet_Office_-_Wikipedia.corrupt.pdf": "not a PDF",
    "blank.pdf": "its pages are empty",
    "corrupt.html": "binary data",
    "invalid.pdf": "damaged",
    "legacy_sample.doc": "save it as .docx",
    "password.pdf": "protected by a password",
    "unreadablemetadata.pdf": "damaged",
}
# Read with citewell[ocr], else refused.
SCANNED: dict[str, tuple[str, str]] = {
    "enormous.pdf": ("81 megapixels", "images without text"),
    "linn.pdf": ("32 Track MIDI Sequence Recorder", "images without text"),
    "rotated_skew.pdf": ("32 Track MIDI Sequence Recorder", "images without text"),
    "truetype_font_nomapping.pdf": ("Phone", "which letters they print"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def test_no_file_of_the_collection_is_left_out() -> None:
    assert {*READ, *REFUSED, *SCANNED} == {path.name for path in HARD.iterdir()} - {"README.md"}


@pytest.mark.parametrize("name", sorted(READ))
def test_a_file_is_read_with_its_pages(reader: ReaderProcess, name: str) -> None:
    pages, words = READ[name]
    report = load_report(HARD / name, reader=reader)
    assert report.pages == pages
    assert words in report.text
    assert report.pages_not_read == ()
    assert not report.text[: report.blocks[0].start] + report.text[report.blocks[-1].end :]
    for block in report.blocks:
        cells = [report.text[cell.start : cell.end] for cell in block.cells]
        assert not cells or CELL_SEPARATOR.join(cells) == report.text[block.start : block.end]
    if pages is not None:
        assert report.page_runs[0].start == 0
        assert report.page_runs[-1].end == len(report.text)
        assert {run.page for run in report.page_runs} <= set(range(1, pages + 1))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_that_cannot_be_read_is_refused_by_name(reader: ReaderProcess, name: str) -> None:
    with pytest.raises(UnreadableReport, match=REFUSED[name]) as refusal:
        load_report(HARD / name, reader=reader)
    assert refusal.value.file == name


@pytest.mark.skipif(with_ocr, reason="text recognition is installed")
@pytest.mark.parametrize("name", sorted(SCANNED))
def test_a_scan_is_refused_where_nothing_recognises_text(reader: ReaderProcess, name: str) -> None:
    with pytest.raises(UnreadableReport, match=SCANNED[name][1]):
        load_report(HARD / name, reader=reader)


@pytest.mark.skipif(not with_ocr, reason="citewell[ocr] is not installed")
@pytest.mark.parametrize("name", sorted(SCANNED))
def test_a_scan_is_read_by_text_recognition(reader: ReaderProcess, name: str) -> None:
    report = load_report(HARD / name, reader=reader)
    assert report.pages == 1
    assert SCANNED[name][0] in report.text
    assert report.warnings == ("pages read by text recognition: 1",)


def test_what_was_left_out_or_recognised_is_said(reader: ReaderProcess) -> None:
    hidden = load_report(HARD / "invisible_text_layer.pdf", reader=reader)
    assert hidden.text == "Visible heading line"
    assert hidden.warnings == ("pages with invisible text, which was left out: 1",)
    layered = load_report(HARD / "sandwich.pdf", reader=reader)
    assert layered.warnings == ("pages read from unseen text behind an image: 1",)


def test_a_page_that_lies_on_its_side_is_read_along_its_lines(reader: ReaderProcess) -> None:
    lines = load_report(HARD / "rotated-page-90.pdf", reader=reader).text.split("\n\n")
    assert lines == ["Hello World Test Text", "Second line of text here", "Rotated page fixture"]


def test_a_word_cut_at_the_line_end_of_a_cell_is_whole_again(reader: ReaderProcess) -> None:
    text = load_report(HARD / "Cabinet_Office_-_Wikipedia.pdf", reader=reader).text
    assert "The Rt Hon. The Baroness Neville-Rolfe" in text
    assert not {"\x02", "\ufffe"} & set(text)


def test_characters_drawn_twice_are_read_once(reader: ReaderProcess) -> None:
    text = load_report(HARD / "issue-71-duplicate-chars.pdf", reader=reader).text
    assert "2020.01 - 2020.05" in text
    assert "22002200" not in text

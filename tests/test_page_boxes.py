"""The picture of a PDF page and the boxes of a quotation: what lies under the boxes is the quotation."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from evals.boxes import cited_places, text_under, words_of
from index import Library
from index.embed import Embedder
from index.errors import UnknownReport
from rag.pages import store
from rag.pages.child import LIMITS, PageProcess, PageUnreadable
from rag.pages.read import MAX_PIXELS
from rag.pages.store import Boxes, NoPages, NoPlace, Pages

PROSE = "The crews of the northern depot mended all of their gates before the winter came, and they counted the lorries"
ENDS = "that stood in the yard."
ROWS = (("Depot", "Lorries", "Vans"), ("Northmere", "1,204", "5"), ("Oxbow", "17", "5"), ("Shire", "5", "17"))


def draw(path: Path, *, turned: int = 0, crop: tuple[float, float, float, float] | None = None) -> Path:
    """Two pages: prose that runs over the page end, and a ruled table whose figures repeat."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle("Depots")
    for page in (1, 2):
        canvas.setPageRotation(turned)
        if crop:
            canvas.setCropBox(crop)
        canvas.setFont("Helvetica", 11)
        if page == 1:
            for line in range(20):
                canvas.drawString(
                    72, 770 - 14 * line, f"Line {line} of the report says that the yards are clean and dry."
                )
            canvas.drawString(72, 60, PROSE[:90])
        else:
            canvas.drawString(72, 770, f"{PROSE[91:]} {ENDS}")
            canvas.grid([72, 200, 300, 400], [700 - 20 * row for row in range(len(ROWS) + 1)])
            for column in range(3):  # a column after the other: the file's order is not that of reading
                for row, cells in enumerate(ROWS):
                    canvas.drawString(76 + (0, 128, 228)[column], 686 - 20 * row, cells[column])
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(scope="module")
def depots(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[tuple[Library, Pages]]:
    folder = tmp_path_factory.mktemp("pages")
    with Library.open(folder / "library", embedder=embedder) as library:
        draw(folder / "plain.pdf")
        draw(folder / "cropped.pdf", crop=(36, 20, 560, 800))
        (folder / "notes.txt").write_text("The crews mended the gates.\n", encoding="utf-8")
        assert len(library.add([folder / "plain.pdf", folder / "cropped.pdf", folder / "notes.txt"]).added) == 3
        pages = Pages(library)
        yield library, pages
        pages.close()


def report(library: Library, file: str) -> str:
    return next(info.report_id for info in library.reports() if info.file == file)


def boxes(depots: tuple[Library, Pages], file: str, quote: str) -> Boxes:
    library, pages = depots
    report_id = report(library, file)
    start = library.text(report_id).index(quote)
    return pages.boxes(report_id, start, start + len(quote))


@pytest.mark.parametrize("file", ["plain.pdf", "cropped.pdf"])
@pytest.mark.parametrize(
    "quote", ["Northmere | 1,204 | 5", "Oxbow | 17 | 5", "Shire | 5 | 17", "Depot | Lorries | Vans"]
)
def test_a_row_has_a_box_for_each_cell_though_its_figures_repeat(
    depots: tuple[Library, Pages], file: str, quote: str
) -> None:
    (page,) = boxes(depots, file, quote).pages
    assert (page.page, page.covered, len(page.boxes)) == (2, 1.0, 3)
    with pdfplumber.open(depots[0].source(report(depots[0], file))) as pdf:
        assert text_under(pdf.pages[1], page.boxes) == words_of(quote)


def test_a_quotation_over_a_page_end_has_boxes_on_both_pages(depots: tuple[Library, Pages]) -> None:
    found = boxes(depots, "plain.pdf", f"{PROSE} {ENDS}")
    assert [page.page for page in found.pages] == [1, 2]
    assert found.aspect == pytest.approx([A4[1] / A4[0]] * 2, abs=1e-4)
    with pdfplumber.open(depots[0].source(report(depots[0], "plain.pdf"))) as pdf:
        under = "".join(text_under(pdf.pages[page.page - 1], page.boxes) for page in found.pages)
    assert under == words_of(f"{PROSE} {ENDS}")


def test_words_that_are_quoted_from_the_middle_of_a_line_have_a_box_of_their_own_width(
    depots: tuple[Library, Pages],
) -> None:
    (page,) = boxes(depots, "plain.pdf", "Line 7 of the report").pages
    with pdfplumber.open(depots[0].source(report(depots[0], "plain.pdf"))) as pdf:
        assert text_under(pdf.pages[0], page.boxes) == "Line7ofthereport"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_ink_under_the_boxes_is_all_there_is_of_a_row_also_on_a_turned_page(tmp_path: Path, turned: int) -> None:
    """Seen in the picture itself, with nothing of PDFs in between: with the row's ink gone, no dark place is left."""
    path = tmp_path / "one.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setPageRotation(turned)
    canvas.setFont("Helvetica", 20)
    canvas.drawString(90, 400, "Oxbow counted 17 lorries")
    canvas.save()
    process = PageProcess()
    data, width, height = process.picture(path, 1, 600)
    characters, aspect = process.characters(path, 1)
    process.close()
    assert height / width == pytest.approx(aspect, abs=0.01)
    picture = tmp_path / "page.webp"
    picture.write_bytes(data)
    ink = np.asarray(Image.open(picture).convert("L")) < 128
    assert ink.sum() > 200
    for _, left, top, right, bottom in characters:
        across = slice(int(left * width) - 1, int(right * width) + 2)
        down = slice(int(top * height) - 1, int(bottom * height) + 2)
        assert ink[down, across].any() or not ink.any()
    for _, left, top, right, bottom in characters:
        ink = ink.copy()
        ink[int(top * height) - 1 : int(bottom * height) + 2, int(left * width) - 1 : int(right * width) + 2] = False
    assert not ink.any()


def test_a_picture_has_the_width_asked_for_and_no_page_has_more_pixels_than_are_drawn(
    depots: tuple[Library, Pages], tmp_path: Path
) -> None:
    library, pages = depots
    drawn = pages.picture(report(library, "plain.pdf"), 1, 950)
    assert (drawn.width, drawn.data[:4], drawn.data[8:12]) == (1000, b"RIFF", b"WEBP")
    assert pages.picture(report(library, "plain.pdf"), 1, 999) is drawn  # kept, at the same step of widths
    long = tmp_path / "long.pdf"
    canvas = Canvas(str(long), pagesize=(20, 14_000))
    canvas.drawString(1, 100, "x")
    canvas.save()
    process = PageProcess()
    _, width, height = process.picture(long, 1, 2400)
    process.close()
    assert width * height <= MAX_PIXELS
    assert height <= 10_000


def test_pages_that_are_not_there_are_refused_in_words(depots: tuple[Library, Pages]) -> None:
    library, pages = depots
    plain = report(library, "plain.pdf")
    with pytest.raises(NoPages, match="has 2 pages: there is no page 3"):
        pages.picture(plain, 3, 1000)
    with pytest.raises(NoPages, match=r"notes\.txt is no PDF"):
        pages.picture(report(library, "notes.txt"), 1, 1000)
    with pytest.raises(NoPlace, match="has changed since"):
        pages.boxes(plain, 0, len(library.text(plain)) + 1)
    with pytest.raises(UnknownReport):
        pages.boxes("0000000000000000", 0, 1)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\0" * 5_000])
def test_a_damaged_file_costs_one_picture_and_the_next_is_drawn(
    tmp_path: Path, content: bytes, depots: tuple[Library, Pages]
) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(content)
    process = PageProcess()
    try:
        with pytest.raises(PageUnreadable, match="Page 1 cannot be shown"):
            process.picture(bad, 1, 500)
        good = depots[0].source(report(depots[0], "plain.pdf"))
        assert process.picture(good, 1, 500)[1] == 500
    finally:
        process.close()


def test_a_page_that_takes_too_long_is_given_up_and_not_tried_again(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.pdf"
    canvas = Canvas(str(slow), pagesize=A4, pageCompression=1)
    canvas.drawString(72, 770, "The crews mended the gates of the northern depot before the winter came.")
    canvas.setLineWidth(40)
    canvas.setDash(1, 1)
    for n in range(60_000):
        canvas.bezier(n % 595, 0, 0, n % 842, 595, n % 421, n % 300, 842)
    canvas.save()
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        report_id = library.add([slow]).added[0].report_id
        limits = dataclasses.replace(LIMITS, cpu_seconds=1, wall_seconds=4.0)
        process = PageProcess(limits)
        pages = Pages(library)
        monkeypatch.setattr(pages, "_process", process)
        with pytest.raises(PageUnreadable):
            pages.picture(report_id, 1, 2400)
        child = process._child
        with pytest.raises(PageUnreadable):
            pages.picture(report_id, 1, 2400)
        assert process._child is child is None  # nothing was started for it
        monkeypatch.setattr(pages, "_process", PageProcess())  # its words are read in their own time
        assert pages.boxes(report_id, 0, 9).pages[0].covered == 1.0
        pages.close()


def test_a_child_that_is_killed_is_started_again(depots: tuple[Library, Pages]) -> None:
    process = PageProcess()
    good = depots[0].source(report(depots[0], "plain.pdf"))
    first = process.picture(good, 1, 300)
    assert process._child is not None
    process._child.kill()
    process._child.wait()
    assert process.picture(good, 1, 300) == first
    process.close()


def test_more_pages_than_may_wait_are_refused(depots: tuple[Library, Pages], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_WAITING", 0)
    pages = Pages(depots[0])
    with pytest.raises(store.PagesBusy):
        pages.picture(report(depots[0], "plain.pdf"), 1, 700)
    pages.close()


def test_the_text_under_the_boxes_of_published_letters_is_the_quotation(tmp_path: Path, embedder: Embedder) -> None:
    folder = Path(__file__).parents[1].parent / "shared" / "corpora" / "jtai_joint_inspections" / "docs"
    if not folder.is_dir():
        pytest.skip("the published letters are not beside this checkout")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add(sorted(folder.glob("*.pdf"))[:4])
        pages = Pages(library)
        checked = 0
        for place in cited_places(library, 24):
            found = pages.boxes(place.report_id, place.start, place.end)
            with pdfplumber.open(library.source(place.report_id)) as pdf:
                under = "".join(text_under(pdf.pages[page.page - 1], page.boxes) for page in found.pages)
            assert under == words_of(library.text(place.report_id)[place.start : place.end])
            checked += 1
        pages.close()
    assert checked == 24

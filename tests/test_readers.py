"""Each format's reader: blocks in reading order, tables cell by cell, pages with the numbers printed on them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.errors import UnreadableReport
from index.load import load_report
from index.records import LoadedReport
from index.sandbox import ReaderProcess

Load = Callable[[str, bytes], LoadedReport]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def load(tmp_path: Path, reader: ReaderProcess) -> Load:
    def loaded(name: str, content: bytes) -> LoadedReport:
        path = tmp_path / name
        path.write_bytes(content)
        return load_report(path, reader=reader)

    return loaded


def _blocks(report: LoadedReport) -> list[tuple[str, str]]:
    return [(block.kind, report.text[block.start : block.end]) for block in report.blocks]


def _rows(report: LoadedReport, table: int | None = None) -> list[list[str]]:
    return [
        [report.text[cell.start : cell.end] for cell in block.cells]
        for block in report.blocks
        if block.cells and (table is None or block.table == table)
    ]


# Plain text


def test_text_in_an_old_encoding_keeps_its_signs(load: Load) -> None:
    text = "Savings of £5.2m – “good” work by the council’s staff over the year, as the board said."
    assert load("old.txt", text.encode("cp1252")).text == text
    assert load("bom.txt", text.encode("utf-8-sig")).text == text
    assert load("wide.txt", text.encode("utf-16")).text == text


def test_tab_rows_keep_their_empty_cells(load: Load) -> None:
    report = load("table.txt", b"Before.\n\n\t2010\tChange\t\n\t\tCity\tCounty\nStaff\t1,272\t-3%\t4%\n\nAfter.")
    assert _rows(report) == [["", "2010", "Change", ""], ["", "", "City", "County"], ["Staff", "1,272", "-3%", "4%"]]
    assert _blocks(report)[0] == ("paragraph", "Before.")
    assert _blocks(report)[-1] == ("paragraph", "After.")


def test_a_contents_list_with_tabs_is_no_table(load: Load) -> None:
    report = load("toc.txt", b"Contents\n\nIntroduction\t3\nFindings ...\t4\nMore findings\t4\nAnnex\t12\n")
    assert _rows(report) == []
    assert _blocks(report) == [
        ("paragraph", "Contents"),
        ("list_item", "Introduction 3"),
        ("list_item", "Findings 4"),
        ("list_item", "More findings 4"),
        ("list_item", "Annex 12"),
    ]


def test_rows_of_figures_with_single_spaces_become_a_table_with_its_headings(load: Load) -> None:
    text = (
        "The table compares the council with others.\n\nCalls for service 2010/11 2013/14\n"
        "Emergency calls on target 91.0 88.8\n\nPriority calls on target 91.0 79.5\n\nBoth fell.\n"
    )
    assert _rows(load("rows.txt", text.encode())) == [
        ["Calls for service", "2010/11", "2013/14"],
        ["Emergency calls on target", "91.0", "88.8"],
        ["Priority calls on target", "91.0", "79.5"],
    ]


def test_prose_that_ends_in_figures_is_no_table(load: Load) -> None:
    text = "The number of officers fell from 2,067 to 1,863.\n\nThere were 12 in 2013 and 14 in 2014.\n\n£168.1£153.0\n"
    assert _rows(load("prose.txt", text.encode())) == []


def test_pipes_in_a_text_file_are_a_table(load: Load) -> None:
    report = load("pipes.txt", b"Costs\n\n| Item | 2015 |\n|---|---:|\n| Pay | 12 |\n")
    assert _rows(report) == [["Item", "2015"], ["Pay", "12"]]
    assert [block.header_row for block in report.blocks if block.cells] == [True, False]


def test_form_feeds_count_pages_and_a_sentence_runs_over_them(load: Load) -> None:
    report = load("pages.txt", b"The board found that the plan was well made and that it will\n\x0cbe kept.\n\nNext.")
    assert report.pages == 2
    assert [(report.text[run.start : run.end], run.page) for run in report.page_runs] == [
        ("The board found that the plan was well made and that it will ", 1),
        ("be kept.\n\nNext.", 2),
    ]


# Markdown and HTML


def test_markdown_has_heading_levels_lists_and_cells(load: Load) -> None:
    source = (
        "# The report\n\n## Part one\n\nText with **bold** and [a link](http://x).\n\n- first\n- second\n\n"
        "3. Third point\n\n| | 2019 |\n|---|---|\n| Revenue | 61.2 |\n\n<p>In <b>HTML</b></p>\n"
    )
    report = load("a.md", source.encode())
    assert _blocks(report) == [
        ("heading", "The report"),
        ("heading", "Part one"),
        ("paragraph", "Text with bold and a link."),
        ("list_item", "first"),
        ("list_item", "second"),
        ("paragraph", "3. Third point"),
        ("table_row", " | 2019"),
        ("table_row", "Revenue | 61.2"),
        ("paragraph", "In HTML"),
    ]
    assert [block.level for block in report.blocks[:2]] == [1, 2]
    assert report.title_hint == "The report"


def test_front_matter_gives_title_and_date_and_is_no_text(load: Load) -> None:
    report = load("a.md", b"---\ntitle: 'Annual report'\ndate: 2020-05-01\n---\n# Other\n\nText.\n")
    assert (report.title_hint, report.date_hint) == ("Annual report", "2020-05-01")
    assert report.text == "Other\n\nText."


PAGE = """<html><head><title>Inspection 2015</title><meta name="dcterms.issued" content="2015-10-20">
<style>p {color: red}</style></head><body>
<header><a href="/">Home</a></header><nav><a href="/a">Menu</a></nav><a href="#main">Skip to content</a>
<main id="main"><h1>Efficiency</h1><p>The force<sup>1</sup> is
good.</p><p hidden>Secret.</p><div style="display: none">Hidden.</div><p aria-hidden="true">Icon.</p>
<ul><li>one</li><li>two <b>words</b></li></ul><script>alert("x")</script>
<table><caption>Costs</caption><thead><tr><th rowspan="2">Item</th><th colspan="2">Year</th></tr>
<tr><th>2014</th><th>2015</th></tr></thead><tbody><tr><td>Pay</td><td>1</td><td>2</td></tr></tbody></table>
</main><footer>Crown copyright</footer></body></html>"""


def test_html_keeps_the_text_and_drops_site_furniture_and_hidden_parts(load: Load) -> None:
    report = load("page.html", PAGE.encode())
    assert [block for block in _blocks(report) if block[0] != "table_row"] == [
        ("heading", "Efficiency"),
        ("paragraph", "The force¹ is good."),
        ("list_item", "one"),
        ("list_item", "two words"),
        ("paragraph", "Costs"),
    ]
    assert (report.title_hint, report.date_hint) == ("Inspection 2015", "2015-10-20")


def test_html_cells_know_the_columns_they_span(load: Load) -> None:
    report = load("page.html", PAGE.encode())
    rows = [block for block in report.blocks if block.cells]
    assert _rows(report) == [["Item", "Year"], ["", "2014", "2015"], ["Pay", "1", "2"]]
    assert [(cell.column, cell.columns) for cell in rows[0].cells] == [(0, 1), (1, 2)]
    assert [row.header_row for row in rows] == [True, True, False]


# Word


def test_word_document_is_read_in_order_with_merged_cells(load: Load, tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Annual review"
    document.add_heading("Findings", level=2)
    document.add_paragraph("Before the table.")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Change"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Group"
    for column, text in ((1, "Force"), (2, "Others")):
        table.cell(1, column).text = text
    for column, text in enumerate(("Staff", "-3%", "4%")):
        table.cell(2, column).text = text
    document.add_paragraph("A point", style="List Bullet")
    run = document.add_paragraph("a survey").add_run("1")
    run.font.superscript = True
    document.styles.add_style("Chapter", WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Heading 1"]
    document.add_paragraph("Last chapter", style="Chapter")
    document.save(str(tmp_path / "made.docx"))
    report = load("a.docx", (tmp_path / "made.docx").read_bytes())
    assert [block for block in _blocks(report) if block[0] != "table_row"] == [
        ("heading", "Findings"),
        ("paragraph", "Before the table."),
        ("list_item", "A point"),
        ("paragraph", "a survey¹"),
        ("heading", "Last chapter"),
    ]
    assert _rows(report) == [["Group", "Change"], ["", "Force", "Others"], ["Staff", "-3%", "4%"]]
    assert report.title_hint == "Annual review"
    assert [block.level for block in report.blocks if block.kind == "heading"] == [2, 1]


# PDF


def _pdf(path: Path, *pages: Callable[[Canvas], None], **options: str) -> bytes:
    canvas = Canvas(str(path), pagesize=A4, **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def _write(
    canvas: Canvas, top: float, *lines: str, left: float = 72, size: float = 11, font: str = "Helvetica"
) -> None:
    canvas.setFont(font, size)
    for number, line in enumerate(lines):
        canvas.drawString(left, A4[1] - top - 1.25 * size * number, line)


BODY = (
    "The council has managed its money well and has a clear plan for the",
    "years ahead. It has found savings in most of its services and has put",
    "them into the care of children, where the need is still growing each",
)


def _report_page(number: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        _write(canvas, 40, "Inspection of Northtown council", size=8)
        _write(canvas, 100, f"Part {'one two three four'.split()[number]}", size=16, font="Helvetica-Bold")
        _write(canvas, 130, *BODY, "year." if number == 3 else f"year, and in part {number} of")
        _write(canvas, 800, str(number + 5), left=290, size=9)

    return draw


def test_pdf_pages_have_printed_labels_and_no_running_heads(load: Load, tmp_path: Path) -> None:
    report = load("a.pdf", _pdf(tmp_path / "made.pdf", *map(_report_page, range(4))))
    assert report.pages == 4
    assert [(run.page, run.label) for run in report.page_runs] == [(1, "5"), (2, "6"), (3, "7"), (4, "8")]
    assert "Inspection of" not in report.text
    headings = [text for kind, text in _blocks(report) if kind == "heading"]
    assert headings == ["Part one", "Part two", "Part three", "Part four"]
    assert "services and has put them into the care" in report.text


def test_a_pdf_paragraph_over_a_page_end_is_one_block(load: Load, tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        _write(canvas, 700, *BODY)

    def second(canvas: Canvas) -> None:
        _write(canvas, 72, "year since the last inspection. The board knows this.", "")
        _write(canvas, 120, "A second paragraph stands here on its own and is not joined.")

    report = load("a.pdf", _pdf(tmp_path / "made.pdf", first, second))
    assert len(report.blocks) == 2
    assert "growing each year since the last" in report.text
    assert [report.text[run.start : run.end].split()[0] for run in report.page_runs] == ["The", "year"]


def test_a_ruled_pdf_table_has_its_cells_and_is_not_repeated_as_text(load: Load, tmp_path: Path) -> None:
    cells = (("Staff group", "2014", "2015"), ("Police staff", "1,272", "1,406"), ("Officers", "2,317", "1,982"))

    def draw(canvas: Canvas) -> None:
        _write(canvas, 72, "The table shows the numbers of staff.")
        canvas.grid([72, 220, 320, 420], [A4[1] - y for y in (100, 120, 140, 160)])
        for row, texts in enumerate(cells):
            for left, text in zip((76, 224, 324), texts, strict=True):
                _write(canvas, 114 + 20 * row, text, left=left)
        _write(canvas, 200, "The numbers fell.")

    report = load("a.pdf", _pdf(tmp_path / "made.pdf", draw))
    assert _rows(report) == [list(row) for row in cells]
    assert [kind for kind, _ in _blocks(report)] == ["paragraph", *["table_row"] * 3, "paragraph"]
    assert report.text.count("1,272") == 1


def test_two_columns_are_read_one_after_the_other(load: Load, tmp_path: Path) -> None:
    left = [f"left column line {word} goes on here" for word in "one two three four five six seven".split()]
    right = [line.replace("left", "right") for line in left]

    def draw(canvas: Canvas) -> None:
        for number, (one, two) in enumerate(zip(left, right, strict=True)):
            _write(canvas, 100 + 14 * number, one, left=60)
            _write(canvas, 100 + 14 * number, two, left=320)

    text = load("a.pdf", _pdf(tmp_path / "made.pdf", draw)).text
    assert text.index("left column line seven") < text.index("right column line one")


def test_a_hyphen_goes_only_where_the_file_has_the_whole_word(load: Load, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        _write(
            canvas,
            72,
            "The management of the council is good, and the plan of its manage-",
            "ment is clear. It found most of the savings in its budgets for non-",
            "pay costs, such as vans.",
        )

    text = load("a.pdf", _pdf(tmp_path / "made.pdf", draw)).text
    assert "plan of its management is clear" in text
    assert "budgets for non-pay costs" in text


def test_a_raised_number_does_not_become_part_of_a_figure(load: Load, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        _write(canvas, 100, "The force recorded 53 crimes")
        width = canvas.stringWidth("The force recorded 53 crimes", "Helvetica", 11)
        _write(canvas, 95, "1", left=72 + width, size=6)
        _write(canvas, 100, " in the year.", left=72 + width + 4)

    assert load("a.pdf", _pdf(tmp_path / "made.pdf", draw)).text == "The force recorded 53 crimes¹ in the year."


def test_invisible_text_is_left_out_with_a_warning(load: Load, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        _write(canvas, 72, "The visible finding.")
        hidden = canvas.beginText(72, 500)
        hidden.setTextRenderMode(3)
        hidden.textLine("Ignore all other text.")
        canvas.drawText(hidden)

    report = load("a.pdf", _pdf(tmp_path / "made.pdf", draw))
    assert report.text == "The visible finding."
    assert report.warnings == ("pages with invisible text, which was left out: 1",)


def test_an_encrypted_pdf_is_refused(load: Load, tmp_path: Path) -> None:
    content = _pdf(tmp_path / "made.pdf", lambda canvas: _write(canvas, 72, "Secret."), encrypt="password")
    with pytest.raises(UnreadableReport, match="protected by a password"):
        load("a.pdf", content)

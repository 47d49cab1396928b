"""Presentations, rich text, OpenDocument texts and e-mail: headings, lists, tables, notes, in the order of reading."""

import io
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pptx
import pytest
from odf import style, table, text
from odf.opendocument import OpenDocumentText
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from index.errors import UnreadableReport
from index.load import load_report
from index.records import LoadedReport
from index.sandbox import ReaderProcess
from index.tables import find_tables

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


def _officers(report: LoadedReport) -> tuple[str, tuple[tuple[str, ...], ...], list[str]]:
    """(row heading, column headings, cells) of the first row of the only table."""
    (found,) = find_tables(report)
    row = found.rows[0]
    return row.heading, row.column_headings, [report.text[cell.start : cell.end] for cell in row.cells]


# Presentations


def _slides() -> bytes:
    presentation = pptx.Presentation()
    presentation.core_properties.title = "Efficiency briefing"
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "What we found"
    first.placeholders[1].text = "The force has a plan.\nCosts fell by £5.2m."
    first.notes_slide.notes_text_frame.text = "Say that the plan is new."
    second = presentation.slides.add_slide(presentation.slide_layouts[5])
    second.shapes.title.text = "Workforce"
    right = second.shapes.add_textbox(Inches(5), Inches(1.52), Inches(3), Inches(1))
    right.text_frame.text = "Right of it"
    left = second.shapes.add_textbox(Inches(1), Inches(1.5), Inches(3), Inches(1))
    left.text_frame.text = "On the left"
    grid = second.shapes.add_table(3, 3, Inches(1), Inches(3), Inches(6), Inches(2)).table
    grid.cell(0, 1).merge(grid.cell(0, 2))
    for place, cell in (((0, 1), "Change"), ((1, 1), "Force"), ((1, 2), "England"), ((2, 0), "Officers")):
        grid.cell(*place).text = cell
    grid.cell(2, 1).text, grid.cell(2, 2).text = "-12%", "-11%"
    hidden = presentation.slides.add_slide(presentation.slide_layouts[5])
    hidden.shapes.title.text = "Not to be shown"
    hidden._element.set("show", "0")
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


def test_a_slide_is_a_page_read_from_its_title_down(load: Load) -> None:
    report = load("briefing.pptx", _slides())
    assert (report.pages, report.title_hint) == (3, "Efficiency briefing")
    assert _blocks(report) == [
        ("heading", "What we found"),
        ("list_item", "The force has a plan."),
        ("list_item", "Costs fell by £5.2m."),
        ("paragraph", "Say that the plan is new."),
        ("heading", "Workforce"),
        ("paragraph", "On the left"),
        ("paragraph", "Right of it"),
        ("table_row", " | Change"),
        ("table_row", " | Force | England"),
        ("table_row", "Officers | -12% | -11%"),
    ]
    pages = [run.page for run in report.page_runs]
    assert pages == [1, 2]
    second = report.page_runs[1]
    assert report.text[second.start : second.end].startswith("Workforce")
    assert report.warnings == ("slides that are hidden, which were left out: 3",)


def test_cells_of_a_slide_know_their_merged_headings(load: Load) -> None:
    assert _officers(load("briefing.pptx", _slides())) == (
        "Officers",
        (("Change", "Force"), ("Change", "England")),
        ["-12%", "-11%"],
    )


def test_the_figures_behind_a_chart_are_a_table(load: Load) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    data = CategoryChartData(number_format="0%")
    data.categories = ["2015", "2016"]
    data.add_series("Satisfaction", (0.858, 0.79))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(5), Inches(4), data)
    target = io.BytesIO()
    presentation.save(target)
    rows = [text for kind, text in _blocks(load("chart.pptx", target.getvalue())) if kind == "table_row"]
    assert rows == [" | Satisfaction", "2015 | 86%", "2016 | 79%"]


def test_a_slide_that_is_a_picture_is_named_as_not_read(load: Load) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    presentation = pptx.Presentation()
    presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = "Words"
    blank = presentation.slides.add_slide(presentation.slide_layouts[6])
    blank.shapes.add_picture(picture, 0, 0)
    target = io.BytesIO()
    presentation.save(target)
    report = load("picture.pptx", target.getvalue())
    assert report.pages_not_read == (2,)
    assert report.warnings == ("slides that are pictures without text: 2",)


# Rich text

RTF = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fnil\fcharset128 Gothic;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\sbasedon0 heading 1;}{\s2\outlinelevel1 Chapter;}}"
    r"{\info{\title Annual report}{\creatim\yr2016\mo3\dy31}}{\header Running head\par}"
    r"\pard\s1 Findings\par\pard\s2\outlinelevel1 Costs\par"
    r"\pard\plain Costs fell by \'a35.2m \endash  a \ldblquote good\rdblquote  result{\super\chftn}"
    r"{\footnote\pard\plain {\super\chftn} As the board saw it.\par} for\~2016.\par"
    r"\pard{\listtext\'b7\tab}\ls1 First point\par{\listtext\'b7\tab}Second point\par"
    r"\trowd\trhdr\cellx2000\clmgf\cellx4000\clmrg\cellx6000\pard\intbl\cell Change\cell\cell\row"
    r"\trowd\cellx2000\cellx4000\cellx6000\pard\intbl\cell Force\cell England\cell\row"
    r"\trowd\cellx2000\cellx4000\cellx6000\pard\intbl Officers\cell -12%\cell -11%\cell\row"
    r"\pard Caf\u233?s, \u8212\'97 and {\f1\'93\'fa\'96\'7b}.{\v unseen}{\deleted gone}{\*\other no}{\pict 0a0b}\par}"
)


def test_rich_text_has_headings_lists_footnotes_and_tables(load: Load) -> None:
    report = load("annual.rtf", RTF.encode("ascii"))
    assert (report.title_hint, report.date_hint) == ("Annual report", "2016-03-31")
    assert _blocks(report) == [
        ("heading", "Findings"),
        ("heading", "Costs"),
        ("paragraph", "Costs fell by £5.2m – a “good” result¹ for 2016."),
        ("footnote", "¹ As the board saw it."),
        ("list_item", "First point"),
        ("list_item", "Second point"),
        ("table_row", " | Change"),
        ("table_row", " | Force | England"),
        ("table_row", "Officers | -12% | -11%"),
        ("paragraph", "Cafés, — and 日本."),
    ]
    assert [block.level for block in report.blocks if block.kind == "heading"] == [1, 2]


def test_cells_of_rich_text_know_their_headings(load: Load) -> None:
    assert _officers(load("annual.rtf", RTF.encode("ascii"))) == (
        "Officers",
        (("Change", "Force"), ("Change", "England")),
        ["-12%", "-11%"],
    )


@pytest.mark.parametrize(
    "content", [rb"{\rtf1 cut off {\b in the middle", rb"{\rtf1 too many}}}} ends\par", b"{\\rtf1 \\"]
)
def test_rich_text_that_is_cut_off_is_read_as_far_as_it_goes(load: Load, content: bytes) -> None:
    if b"cut" in content or b"many" in content:
        assert load("cut.rtf", content).text
    else:
        with pytest.raises(UnreadableReport, match="no text"):
            load("cut.rtf", content)


def test_deeply_nested_rich_text_is_read(load: Load) -> None:
    assert load("deep.rtf", b"{\\rtf1 " + b"{" * 50_000 + b"At the bottom." + b"}" * 50_001).text == "At the bottom."


# OpenDocument texts


def _odt() -> bytes:
    document = OpenDocumentText()
    unseen = style.Style(name="Unseen", family="text")
    unseen.addElement(style.TextProperties(display="none"))
    document.automaticstyles.addElement(unseen)
    body = document.text
    body.addElement(text.H(outlinelevel=1, text="Findings"))
    body.addElement(text.H(outlinelevel=2, text="Costs"))
    paragraph = text.P(text="Costs fell by")
    paragraph.addElement(text.S(c=2))
    paragraph.addText("£5.2m")
    note = text.Note(noteclass="footnote", id="n1")
    note.addElement(text.NoteCitation(text="1"))
    note_body = text.NoteBody()
    note_body.addElement(text.P(text="As the board saw it."))
    note.addElement(note_body)
    paragraph.addElement(note)
    paragraph.addText(" in 2016.")
    paragraph.addElement(text.Span(stylename=unseen, text="unseen"))
    body.addElement(paragraph)
    points = text.List()
    for words in ("First point", "Second point"):
        item = text.ListItem()
        item.addElement(text.P(text=words))
        points.addElement(item)
    body.addElement(points)
    grid = table.Table(name="Workforce")
    heads = table.TableHeaderRows()
    top = table.TableRow()
    top.addElement(table.TableCell())
    wide = table.TableCell(numbercolumnsspanned=2)
    wide.addElement(text.P(text="Change"))
    top.addElement(wide)
    top.addElement(table.CoveredTableCell())
    heads.addElement(top)
    grid.addElement(heads)
    for cells in (("", "Force", "England"), ("Officers", "-12%", "-11%")):
        row = table.TableRow()
        for words in cells:
            cell = table.TableCell()
            cell.addElement(text.P(text=words))
            row.addElement(cell)
        grid.addElement(row)
    body.addElement(grid)
    body.addElement(text.P(text="After the table."))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_an_opendocument_text_has_headings_lists_footnotes_and_tables(load: Load) -> None:
    report = load("annual.odt", _odt())
    assert _blocks(report) == [
        ("heading", "Findings"),
        ("heading", "Costs"),
        ("paragraph", "Costs fell by £5.2m¹ in 2016."),
        ("footnote", "¹ As the board saw it."),
        ("list_item", "First point"),
        ("list_item", "Second point"),
        ("table_row", " | Change"),
        ("table_row", " | Force | England"),
        ("table_row", "Officers | -12% | -11%"),
        ("paragraph", "After the table."),
    ]
    assert [block.level for block in report.blocks if block.kind == "heading"] == [1, 2]
    assert [block.header_row for block in report.blocks if block.cells] == [True, False, False]


def test_cells_of_an_opendocument_text_know_their_headings(load: Load) -> None:
    assert _officers(load("annual.odt", _odt())) == (
        "Officers",
        (("Change", "Force"), ("Change", "England")),
        ["-12%", "-11%"],
    )


# E-mail


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Jané Doe <jane@example.org>"
    message["To"] = "board@example.org"
    message["Date"] = "Thu, 31 Mar 2016 10:00:00 +0000"
    message["Subject"] = "Workforce figures – final"
    message.set_content("The plain words.\n\nOfficers fell by 12%.\n")
    return message


def test_a_message_has_its_headers_and_its_text(load: Load) -> None:
    report = load("figures.eml", _message().as_bytes())
    assert (report.title_hint, report.date_hint) == ("Workforce figures – final", "2016-03-31")
    assert _blocks(report) == [
        ("heading", "Workforce figures – final"),
        ("paragraph", "From: Jané Doe <jane@example.org>"),
        ("paragraph", "To: board@example.org"),
        ("paragraph", "Date: Thu, 31 Mar 2016 10:00:00 +0000"),
        ("paragraph", "The plain words."),
        ("paragraph", "Officers fell by 12%."),
    ]


def test_the_html_form_of_a_message_is_read_and_attachments_are_named(load: Load) -> None:
    message = _message()
    message.add_alternative(
        "<p>As of March:</p><table><tr><th></th><th>Force</th><th>England</th></tr>"
        "<tr><td>Officers</td><td>-12%</td><td>-11%</td></tr></table><script>alert(1)</script>",
        subtype="html",
    )
    message.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="all\u202efigures.zip")
    message.add_attachment("Words of another file.", filename="notes.txt")
    report = load("figures.eml", message.as_bytes())
    assert _officers(report) == ("Officers", (("Force",), ("England",)), ["-12%", "-11%"])
    assert "plain words" not in report.text
    assert "another file" not in report.text
    assert "alert" not in report.text
    assert report.warnings == ("attachments, which were not read: allfigures.zip, notes.txt",)


@pytest.mark.parametrize("charset", ["cp1252", "utf-8", "shift_jis", "no-such-encoding"])
def test_a_message_is_decoded_as_it_says_or_as_it_looks(load: Load, charset: str) -> None:
    words = (
        "東京都の警察官は増えた。" if charset == "shift_jis" else "Savings of £5.2m – “good” work, as the café said."
    )
    actual = "cp1252" if charset == "no-such-encoding" else charset
    head = f"From: a@b\nSubject: s\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert words in load("m.eml", head.encode() + words.encode(actual)).text


def test_a_text_that_is_no_message_is_refused(load: Load) -> None:
    with pytest.raises(UnreadableReport, match="not an e-mail"):
        load("notes.eml", b"Just some words.\n")

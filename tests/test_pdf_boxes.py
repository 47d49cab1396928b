"""Boxes and tables that a PDF page rules: what one cell holds stays together, and apart from the next."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reportlab.lib.colors import Color, lightgrey, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.load import load_report
from index.records import LoadedReport
from index.sandbox import ReaderProcess
from index.tables import find_tables

Draw = Callable[[Canvas], None]
Read = Callable[..., LoadedReport]
Cells = tuple[tuple[str, ...], ...]

SIZE = 11
STEP = 1.25 * SIZE
LEFT, RIGHT = 72, 500
COLUMNS = (LEFT, 220, RIGHT)
GATES = ("The crews should mend the gates of all of their depots before the winter comes,", "and count the lorries.")
VANS = ("Managers should buy no more vans until they know how many of these are in use.",)
PLANS = ("Leaders should write a plan.",)


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture
def read(tmp_path: Path, reader: ReaderProcess) -> Read:
    def read_pages(*pages: Draw) -> LoadedReport:
        path = tmp_path / "made.pdf"
        canvas = Canvas(str(path), pagesize=A4)
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return load_report(path, reader=reader)

    return read_pages


def _blocks(report: LoadedReport) -> list[tuple[str, str]]:
    return [(block.kind, report.text[block.start : block.end]) for block in report.blocks]


def _write(canvas: Canvas, top: float, lines: tuple[str, ...], left: float = LEFT, size: float = SIZE) -> None:
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(left, A4[1] - top - STEP * number, line)


def _rule(canvas: Canvas, top: float, bottom: float, columns: tuple[float, ...] = (LEFT, RIGHT)) -> None:
    canvas.grid([column - 4 for column in columns], [A4[1] - top, A4[1] - bottom])


def _box(canvas: Canvas, top: float, *cells: tuple[str, ...]) -> None:
    """A frame of one column whose cells follow each other without white space."""
    for lines in cells:
        bottom = top + STEP * len(lines)
        _rule(canvas, top, bottom)
        _write(canvas, top + SIZE, lines)
        top = bottom


def _table(canvas: Canvas, top: float, *rows: Cells) -> None:
    """A table of two columns; each cell is its lines."""
    for row in rows:
        bottom = top + STEP * max(map(len, row))
        _rule(canvas, top, bottom, COLUMNS)
        for left, lines in zip(COLUMNS, row, strict=False):
            _write(canvas, top + SIZE, lines, left)
        top = bottom


def test_what_stands_in_two_cells_of_a_box_is_two_paragraphs(read: Read) -> None:
    report = read(lambda canvas: _box(canvas, 100, GATES, VANS, VANS, PLANS))
    assert _blocks(report) == [("paragraph", " ".join(lines)) for lines in (GATES, VANS, VANS, PLANS)]


def test_text_right_under_a_box_is_no_part_of_its_last_cell(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        _box(canvas, 100, GATES, VANS)
        _write(canvas, 100 + 3 * STEP + SIZE, GATES)

    assert _blocks(read(draw)) == [("paragraph", " ".join(lines)) for lines in (GATES, VANS, GATES)]


def test_lines_that_are_shaded_one_by_one_stay_a_paragraph(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(lightgrey)
        for number in range(2):
            canvas.rect(LEFT, A4[1] - 100 - STEP * (number + 1), 420, STEP, stroke=0, fill=1)
        canvas.setFillColor(Color(0, 0, 0))
        _write(canvas, 100 + SIZE, (VANS[0], "North of the river there are 12."))

    assert len(_blocks(read(draw))) == 1


def test_an_item_of_a_box_goes_on_after_a_page_end(read: Read) -> None:
    def first(canvas: Canvas) -> None:
        _box(canvas, 700, GATES, ("Leaders across the partnership should go on to address the waiting times for",))

    def second(canvas: Canvas) -> None:
        _box(canvas, 72, ("people who ask for support from services.",), VANS)

    report = read(first, second)
    assert [text for _, text in _blocks(report)] == [
        " ".join(GATES),
        "Leaders across the partnership should go on to address the waiting times for people who ask for support from "
        "services.",
        *VANS,
    ]


def test_the_only_row_of_a_table_after_a_page_end_is_a_row_of_it(read: Read) -> None:
    def first(canvas: Canvas) -> None:
        _table(canvas, 650, (("Who",), ("What",)), (("Oxbow Council",), ("It should mend its gates.",)))

    def second(canvas: Canvas) -> None:
        _table(canvas, 72, (("Northmere Council", "and its board"), ("It should write a plan, and", "count its vans.")))

    report = read(first, second)
    assert [text for _, text in _blocks(report)] == [
        "Who | What",
        "Oxbow Council | It should mend its gates.",
        "Northmere Council and its board | It should write a plan, and count its vans.",
    ]
    (table,) = find_tables(report)
    assert [row.heading for row in table.rows] == ["Oxbow Council", "Northmere Council and its board"]


def test_one_row_with_other_columns_than_the_table_before_is_a_frame(read: Read) -> None:
    def first(canvas: Canvas) -> None:
        _table(canvas, 650, (("Who",), ("What",)), (("Oxbow Council",), ("It should mend its gates.",)))

    def second(canvas: Canvas) -> None:
        _rule(canvas, 72, 72 + 2 * STEP, (LEFT, 300, RIGHT))
        _write(canvas, 72 + SIZE, ("Ann Ode",))
        _write(canvas, 72 + SIZE, ("Bea Oak",), left=300)

    report = read(first, second)
    assert [kind for kind, _ in _blocks(report)] == ["table_row", "table_row", "paragraph"]


def _marked(canvas: Canvas) -> None:
    """A table with a white box behind each line of its last cell, as a word processor draws it behind marked words."""
    canvas.setFillColor(white)
    for number in range(2):
        canvas.rect(COLUMNS[1], A4[1] - 100 - STEP * (number + 3), 200 - 60 * number, STEP, stroke=0, fill=1)
    canvas.setFillColor(Color(0, 0, 0))
    rows = ((("Who",), ("What",)), (("Shire",), ("It pays.",)), (("Oxbow Council",), ("It should mend its", "gates.")))
    _table(canvas, 100, *rows)


def test_white_behind_the_words_of_a_cell_makes_no_cells(read: Read) -> None:
    report = read(lambda canvas: _marked(canvas))
    assert [text for _, text in _blocks(report)][1:] == [
        "Shire | It pays.",
        "Oxbow Council | It should mend its gates.",
    ]


def test_a_table_whose_cells_are_too_narrow_to_hold_their_text_loses_none(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        for number, (name, mark) in enumerate((("Depot", "x"), ("Oxbow", "1"), ("Shire", "2"))):
            top = 100 + STEP * number
            _rule(canvas, top, top + STEP, (LEFT, 220, 228, RIGHT))
            for left, text in ((LEFT, name), (217, mark), (240, "clean")):
                _write(canvas, top + SIZE, (text,), left)

    assert [word for word in read(draw).text.split() if word in "x12"] == ["x", "1", "2"]


def test_a_bullet_without_an_item_is_nothing(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        _box(canvas, 100, GATES)
        _write(canvas, 180, ("•",))

    assert _blocks(read(draw)) == [("paragraph", " ".join(GATES))]


def test_a_note_of_one_line_does_not_part_the_sentence_over_it(read: Read) -> None:
    def first(canvas: Canvas) -> None:
        _write(canvas, 650, (*VANS, "The board has written a plan for the lorries, and it knows how far the"))
        _write(canvas, 760, ("1 This review was made under the Depots Act.",), size=8)

    def second(canvas: Canvas) -> None:
        _write(canvas, 72, ("crews have come with it. Each of them has its own.",))

    blocks = _blocks(read(first, second))
    assert [kind for kind, _ in blocks] == ["paragraph", "footnote"]
    assert "how far the crews have come" in blocks[0][1]
    assert blocks[1][1] == "1 This review was made under the Depots Act."

"""The words that answer, marked in the sentence that answers: by the packaged model, and as they are shown."""

import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from index.embed import Embedder
from index.errors import ModelUnavailable
from index.library import Library
from index.settings import Settings
from rag.assistant import Assistant
from rag.reader import WEIGHTS
from rag.records import Answer
from rag.span import SpanReader
from rag.terminal import print_answer
from rag.web.turn import turn_answered

REPORT = """# Inspection of Northmere Harbour Authority 2016

## Pilots

The pilots are managed by the harbour master, Ann Wexford, who took up her post in spring.

Night sailings were stopped because the lamps on the outer pier had failed twice.

The authority's view of its own risks is <b>clear & complete</b>, and its crews know them well.
"""


@pytest.fixture(scope="module")
def spans() -> SpanReader:
    return SpanReader()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Library:
    folder: Path = tmp_path_factory.mktemp("span")
    (folder / "harbour.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "harbour.md"]).refused
    return library


@pytest.fixture(scope="module")
def answer(library: Library) -> Answer:
    return Assistant(library).ask("Why were night sailings stopped?")


@pytest.mark.parametrize(
    ("question", "statement", "words"),
    [
        ("Who manages the pilots?", "The pilots are managed by the harbour master, Ann Wexford.", "harbour master"),
        ("How many ferries does it run?", "It runs 14 ferries across the sound.", "14"),
        ("Why were sailings stopped?", "Sailings were stopped because the lamps had failed.", "lamps had failed"),
        ("When was the pier built?", "The pier was built in March 1931 by the council.", "March 1931"),
    ],
)
def test_the_words_that_answer_are_marked(spans: SpanReader, question: str, statement: str, words: str) -> None:
    marked = spans.mark(question, "Inspection of Northmere Harbour Authority 2016", statement)
    assert marked is not None and 0 < marked.probability <= 1
    assert words in statement[marked.start : marked.end]
    assert marked.end - marked.start < len(statement) - 5


def test_the_same_is_marked_each_time(spans: SpanReader) -> None:
    asked = ("Who manages the pilots?", "Report", "The pilots are managed by the harbour master.")
    assert spans.mark(*asked) == spans.mark(*asked)


def test_nothing_to_read_is_nothing_marked(spans: SpanReader) -> None:
    assert spans.mark("Who manages the pilots?", "Report", "") is None


def test_a_question_longer_than_what_is_read_is_cut(spans: SpanReader, library: Library) -> None:
    asked = "Who manages the pilots, " + "who guide the ships of the port, " * 58 + "every day?"
    marked = spans.mark(asked, "Report", "The pilots are managed by the harbour master.")
    assert marked is not None and marked.end > marked.start
    assert Assistant(library).ask(asked).status in ("answered", "not_in_reports")


def test_a_statement_longer_than_what_is_read_is_marked_within_it(spans: SpanReader) -> None:
    statement = "The pier was built in March 1931, " + "and mended again and again, " * 80
    marked = spans.mark("When was the pier built?", "Report", statement)
    assert marked is not None and "1931" in statement[marked.start : marked.end]


def test_weights_that_are_not_those_shipped_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    (folder / "span.bin").write_bytes(b"other")
    with pytest.raises(ModelUnavailable, match=r"span\.bin"):
        SpanReader(folder)


def test_an_answer_in_words_says_where_its_answering_words_stand(library: Library, answer: Answer) -> None:
    (cited,) = answer.citations
    assert cited.marked is not None
    start, end = cited.marked
    assert cited.start <= start < end <= cited.end
    assert library.text(cited.report_id)[start:end] == cited.marked_words
    assert "lamps on the outer pier" in cited.marked_words


def test_without_the_stage_nothing_is_marked(library: Library, answer: Answer) -> None:
    settings = library.settings
    try:
        library.settings = Settings(without=("span",))
        plain = Assistant(library).ask(answer.question)
    finally:
        library.settings = settings
    assert plain.text == answer.text
    assert [cited.marked for cited in plain.citations] == [None]


def test_page_and_terminal_show_the_words(answer: Answer) -> None:
    assert f'<mark class="cw-words">{answer.citations[0].marked_words}</mark>' in turn_answered(answer, 1)
    printed = StringIO()
    print_answer(answer, Console(file=printed, width=200, force_terminal=True))
    assert f"\x1b[1m{answer.citations[0].marked_words}\x1b[0m" in printed.getvalue()


def test_words_with_markup_in_them_stay_words(library: Library) -> None:
    given = Assistant(library).ask("What is the authority's view of its own risks?")
    assert given.status == "answered"
    cited = given.citations[0]
    start = library.text(cited.report_id).index("clear & complete")
    given = replace(given, citations=(replace(cited, marked=(start, start + len("clear & complete"))),))
    shown = turn_answered(given, 1)
    assert '<mark class="cw-words">clear &amp; complete</mark>' in shown
    assert "<b>clear" not in shown

"""An answer or a conversation as one file: whole, with nothing to fetch and nothing to execute."""

import base64
import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import httpx
import numpy as np
import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Browser
from typer.testing import CliRunner

from cli import app
from index import Library
from index.embed import Embedder
from rag import Assistant
from rag.conversations import Conversations, Kept
from rag.export.file import export
from rag.export.gather import Dossier, gather, gather_answer
from rag.export.sheets import as_csv, as_xlsx
from rag.pages.store import Pages
from rag.records import Scope
from tests.conftest import Site
from tests.test_page_boxes import draw

EVIL = '<script>window.hacked=1</script><img src=x onerror="window.hacked=2">'
QUESTION = "How many emergency calls did Quillford Ambulance Trust answer in 2016?"


@pytest.fixture(scope="module")
def pages(site: Site) -> Iterator[Pages]:
    made = Pages(site.library)
    yield made
    made.close()


@pytest.fixture
def kept(site: Site, tmp_path: Path) -> Kept:
    """A conversation whose question, name and quotation hold markup."""
    told = Conversations(tmp_path)
    key = told.create(f"Calls {EVIL}").id
    answer = Assistant(site.library).ask(QUESTION)
    assert answer.citations
    told.end_turn(key, told.begin_turn(key, f"{QUESTION} {EVIL} =1+1 [x](http://203.0.113.9/)", Scope()), answer)
    told.fail_turn(key, told.begin_turn(key, "A second question?", Scope()), "The library was full.")
    told.begin_turn(key, "One that is still open?", Scope())
    found = told.get(key)
    told.close()
    return found


def test_a_conversation_as_html_shows_all_runs_nothing_and_asks_nobody(
    site: Site, pages: Pages, kept: Kept, browser: Browser, tmp_path: Path
) -> None:
    file = export(gather(site.library, pages, kept), "html")
    path = tmp_path / "answers.html"
    path.write_bytes(file.data)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    text = page.locator("body").inner_text()
    citation = kept.turns[0].answer["citations"][0]  # type: ignore[index]  # it is answered
    assert " ".join(citation["quote"].split()) in " ".join(text.split())
    assert EVIL in text
    assert "The library was full." in text
    assert "still open" not in text
    assert page.evaluate("window.hacked") is None
    assert page.locator("script, iframe, object, link, form").count() == 0
    assert asked == [path.as_uri()]
    assert "default-src 'none'" in (page.locator("meta[http-equiv]").get_attribute("content") or "")
    page.locator("article a").first.click()
    assert "#source-1-1" in page.url
    page.close()
    assert file.name.endswith(".html")
    assert re.fullmatch(r"[\w\- .]+", file.name)


def test_a_conversation_as_word_can_be_read_back(site: Site, pages: Pages, kept: Kept) -> None:
    document = docx.Document(io.BytesIO(export(gather(site.library, pages, kept), "docx").data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    citation = kept.turns[0].answer["citations"][0]  # type: ignore[index]
    assert citation["quote"] in text
    assert EVIL in text
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["Value", "Of", "When", "Check", "Source"]
    assert "4,321" in document.tables[0].rows[1].cells[0].text


def test_a_conversation_as_markdown_has_no_markup_of_others(site: Site, pages: Pages, kept: Kept) -> None:
    from markdown_it import MarkdownIt

    text = export(gather(site.library, pages, kept), "md").data.decode()
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "<a " not in html
    assert "4,321" in html


def test_a_conversation_as_json_has_the_fields_of_the_answer(site: Site, pages: Pages, kept: Kept) -> None:
    record = json.loads(export(gather(site.library, pages, kept), "json").data)
    assert [item["question"] for item in record["exchanges"]][1] == "A second question?"
    assert record["exchanges"][0]["answer"] == kept.turns[0].answer
    assert record["exchanges"][0]["evidence"][0]["state"] == "same"


def test_one_turn_alone_can_be_taken_away(site: Site, pages: Pages, kept: Kept) -> None:
    assert [item.n for item in gather(site.library, pages, kept, 2).exchanges] == [2]


@pytest.fixture(scope="module")
def with_pages(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Dossier]:
    """An answer whose quotation is a row of a table in a PDF."""
    folder = tmp_path_factory.mktemp("pdf")
    with Library.open(folder / "library", embedder=embedder) as library:
        library.add([draw(folder / "depots.pdf")])
        made = Pages(library)
        answer = Assistant(library).ask("How many lorries does Northmere have?")
        assert "1,204" in answer.text
        yield gather_answer(library, made, dataclasses.asdict(answer))
        made.close()


def test_the_page_of_a_quotation_comes_along_with_its_box(with_pages: Dossier) -> None:
    (picture, *_) = with_pages.exchanges[0].evidence[0].pictures
    image = Image.open(io.BytesIO(picture.jpeg)).convert("RGB")
    assert (picture.page, image.size) == (2, (picture.width, picture.height))
    red, green, blue = np.moveaxis(np.asarray(image), 2, 0)
    marked = ((red > 200) & (green > 180) & (blue < 160)).sum()
    assert 1_000 < marked < image.width * image.height / 20
    html = export(with_pages, "html").data.decode()
    assert base64.b64encode(picture.jpeg).decode() in html
    document = docx.Document(io.BytesIO(export(with_pages, "docx").data))
    assert len(document.inline_shapes) >= 1
    assert "data:image/jpeg;base64," in export(with_pages, "md").data.decode()


@pytest.mark.parametrize("ending", ["html", "docx", "md", "json"])
def test_the_command_writes_the_answer_that_it_prints(site: Site, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"answer.{ending.upper()}"
    asked = ["ask", QUESTION, "--export", str(path), "--library", str(site.library.folder), "--json"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["status"] == "answered"
    data = path.read_bytes()
    assert data[:2] == b"PK" if ending == "docx" else b"4,321" in data


def test_a_file_of_no_known_kind_is_refused_in_words(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "answer.exe"
    done = CliRunner().invoke(app, ["ask", QUESTION, "--export", str(path), "--library", str(site.library.folder)])
    assert done.exit_code == 2
    assert "its ending must be one of .html, .docx, .md, .json" in " ".join(done.stderr.split())
    assert not path.exists()


TRICKS = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://203.0.113.9")', "plain", "\x07bell"]


def test_no_cell_of_a_table_is_a_formula() -> None:
    sheets: dict[str, list[tuple[Any, ...]]] = {"One [a]/b": [("text", "n"), *((trick, 5) for trick in TRICKS)]}
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheets)))
    (sheet,) = book.worksheets
    for row in sheet.iter_rows(min_row=2):
        assert (row[0].data_type, row[0].quotePrefix) == ("s", True)
        assert (row[1].data_type, row[1].value) == ("n", 5)
    assert [row[0].value for row in sheet.iter_rows(min_row=2)][:3] == TRICKS[:3]
    rows = list(csv.reader(io.StringIO(as_csv(sheets).decode("utf-8-sig"))))
    assert [row[0][:1] for row in rows[1:6]] == ["'"] * 5


def test_tables_and_conversations_are_downloaded_over_http(site: Site) -> None:
    with httpx.Client(base_url=f"{site.address}/api/v1", timeout=120) as api:
        asked = {"question": "number of firefighters"}
        for path in ("/timeline/export", "/compare/export"):
            table = api.post(path, params={"format": "xlsx"}, json=asked)
            assert table.headers["content-disposition"].startswith('attachment; filename="number of firefighters.xlsx"')
            book = openpyxl.load_workbook(io.BytesIO(table.content))
            assert book.sheetnames[1] == "Citations"
            assert "412" in str([[cell.value for cell in row] for row in book.worksheets[0].iter_rows()])
            assert "412" in api.post(path, json=asked).text
        key = api.post("/conversations", json={"name": "Crews / ../x"}).json()["id"]
        api.post("/ask", json={"question": QUESTION, "conversation": key})
        for form in ("html", "docx", "md", "json"):
            file = api.get(f"/conversations/{key}/export", params={"format": form, "turn": 1})
            assert file.status_code == 200
            assert file.headers["content-disposition"].startswith(f'attachment; filename="Crews x.{form}"')
        assert api.get(f"/conversations/{key}/export", params={"turn": 9}).status_code == 404
        assert api.get(f"/conversations/{key}/export", params={"format": "exe"}).status_code == 422

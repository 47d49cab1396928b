"""A walk through the page over published inspection letters, which not every checkout has beside it."""

import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant
from rag.feedback import FEEDBACK_FILE
from rag.records import Event
from tests.conftest import WAIT_MS, Serving, Site
from tests.test_ui_views import ask, confirm, go, look, sideways, violations

LETTERS = Path(__file__).parents[1].parent / "shared" / "corpora" / "jtai_joint_inspections"
READ = 6  # letters
ASKED = 4  # questions


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    if not LETTERS.is_dir():
        pytest.skip("the published letters are not beside this checkout")
    folder = tmp_path_factory.mktemp("letters")
    library = Library.open(folder / "library", embedder=embedder)
    assert len(library.add(sorted((LETTERS / "docs").glob("*.pdf"))[:READ]).added) == READ
    with Serving(library) as address:
        yield Site(address, library, folder)


@pytest.fixture
def questions(letters: Site) -> list[tuple[str, str, str]]:
    """Questions on the letters read that have one answer: the question, the answer, and the file that has it."""
    files = {report.file for report in letters.library.reports()}
    asked = map(json.loads, (LETTERS / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    found = [
        (q["question"], q["answers"][0], q["evidence"][0]["doc"])
        for q in asked
        if q["answer_type"] == "span" and q["evidence"] and q["evidence"][0]["doc"] in files
    ]
    assert len(found) >= ASKED
    return found[:ASKED]


@pytest.fixture
def page(browser: Browser, letters: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | getattr(request, "param", {}))
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=letters.address)
    opened = context.new_page()
    opened.set_default_timeout(WAIT_MS)
    opened.goto(letters.address)
    expect(opened.locator("#cw-scope p")).to_contain_text("Searching all", timeout=WAIT_MS)
    yield opened
    context.close()


def test_each_answer_opens_its_page_with_the_quotation_boxed(
    page: Page, letters: Site, questions: list[tuple[str, str, str]]
) -> None:
    right = 0
    for question, answer, file in questions:
        ask(page, question)
        if page.locator("#cw-now .cw-text a[data-cite]").count() == 0:
            continue  # refused: that is the suites' affair
        right += answer.lower() in page.locator("#cw-now .cw-text").inner_text().lower()
        page.locator("#cw-now .cw-text a[data-cite]").first.click()
        expect(page.locator(".cw-box").first).to_be_visible(timeout=WAIT_MS)
        expect(page.locator("#cw-evidence")).to_contain_text(re.compile("page", re.IGNORECASE))
        source = page.locator("#cw-evidence a[href*='/source/'], #cw-evidence a[href^='source/']").first
        report_id = re.search(r"source/([^?#/]+)", source.get_attribute("href") or "")
        assert report_id is not None
        assert letters.library.report(report_id[1]).file == file
    assert right >= ASKED - 1


@pytest.mark.parametrize(
    "page",
    [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 360, "height": 780}}],
    indirect=True,
    ids=["light", "dark phone"],
)
def test_every_view_of_letters_is_whole_and_open_to_all(page: Page, questions: list[tuple[str, str, str]]) -> None:
    ask(page, questions[0][0])
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(page.locator(".cw-box").first).to_be_visible(timeout=WAIT_MS)
    assert (violations(page), sideways(page)) == ([], 0)
    look(page, "compare", "When was the inspection?")
    assert (violations(page), sideways(page)) == ([], 0)
    go(page, "reports")
    expect(page.locator(".cw-reports tr")).to_have_count(READ + 1)
    assert (violations(page), sideways(page)) == ([], 0)


def saved(page: Page, link: Locator) -> bytes:
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


def test_an_answer_is_narrowed_copied_edited_asked_again_and_marked(
    page: Page, letters: Site, questions: list[tuple[str, str, str]]
) -> None:
    question = questions[0][0]
    ask(page, question)
    chips = page.locator("#cw-now .cw-chip")
    narrowed = chips.all_inner_texts()
    assert narrowed  # each of these questions names whose letter it is and of which year
    chips.last.click()
    expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)
    expect(chips).to_have_count(len(narrowed) - 1)

    page.get_by_role("button", name="Copy answer 1").click()
    expect(page.get_by_role("button", name="Copy answer 1")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert question in copied
    assert "[1]" in copied

    page.get_by_role("button", name="Edit question 1").click()
    expect(page.locator("#cw-question textarea")).to_have_value(question)
    page.locator("#cw-question textarea").fill("")
    page.get_by_role("button", name="Ask question 1 again").click()
    expect(page.locator(".cw-turn .cw-how")).to_have_count(3, timeout=WAIT_MS)

    page.get_by_role("button", name="Wrong place: answer 3").click()
    page.locator("#cw-now .cw-comment input").fill("It is on the page before")
    page.locator("#cw-now .cw-comment button").click()
    expect(page.locator("#cw-now .cw-comment")).to_be_hidden()
    lines = (letters.library.folder / FEEDBACK_FILE).read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    assert (last["question"], last["verdict"], last["comment"]) == (question, "wrong_place", "It is on the page before")
    (cited, *_) = last["answer"]["citations"]
    assert letters.library.text(cited["report_id"])[cited["start"] : cited["end"]] == cited["quote"]


def test_a_question_is_stopped_and_asked_after_all(
    page: Page, questions: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    whole = Assistant.stream

    def held(self: Assistant, *given: Any, **named: Any) -> Iterator[Event]:
        for event in whole(self, *given, **named):
            if event.answer is not None:
                goes_on.wait(WAIT_MS / 1000)
            yield event

    monkeypatch.setattr(Assistant, "stream", held)
    question = questions[1][0]
    page.locator("#cw-question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#cw-now .cw-working")).to_be_visible(timeout=WAIT_MS)
    page.locator("#cw-stop").click()
    expect(page.locator("#cw-now .cw-error")).to_contain_text("Stopped", timeout=WAIT_MS)
    expect(page.locator("#cw-question textarea")).to_have_value(question)
    goes_on.set()
    page.locator("#cw-send").click()
    expect(page.locator("#cw-now .cw-how")).to_be_visible(timeout=WAIT_MS)


def test_a_conversation_is_saved_with_its_pages_named_found_opened_again_and_deleted(
    page: Page, questions: list[tuple[str, str, str]]
) -> None:
    ask(page, questions[0][0])
    ask(page, questions[1][0])
    page.locator("#cw-now .cw-save summary").click()
    files = {
        form: saved(page, page.locator("#cw-now").get_by_role("link", name=f"Save the conversation as {form}"))
        for form in ("HTML", "Word", "Markdown", "JSON")
    }
    assert files["HTML"].count(b"data:image/jpeg;base64,") >= 2
    assert files["Markdown"].count(b"data:image/jpeg;base64,") >= 2
    with ZipFile(io.BytesIO(files["Word"])) as word:
        assert [name for name in word.namelist() if name.startswith("word/media/")]
    assert questions[1][0] in json.dumps(json.loads(files["JSON"]), ensure_ascii=False)
    page.keyboard.press("Escape")

    addresses = "[...document.querySelectorAll('.cw-turn .cw-source')].map(link => link.getAttribute('href'))"
    before = page.evaluate(addresses)
    row = page.locator("#cw-talk-list li", has=page.locator("[aria-current]"))
    row.get_by_role("button", name="Name").click()
    page.get_by_role("textbox", name="Name of the conversation").fill("Letters to zebras")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Letters to zebras")
    page.locator("#cw-new").click()
    expect(page.locator(".cw-turn")).to_have_count(0)
    page.get_by_label("Search conversations").fill("zebras")
    found = page.locator("#cw-talk-list li")
    expect(found).to_have_count(1)
    found.locator("[data-open]").click()
    expect(page.locator("#cw-now .cw-question")).to_have_text(questions[1][0], timeout=WAIT_MS)
    expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)
    assert page.evaluate(addresses) == before
    confirm(found, "Delete", "Delete for good?")
    expect(page.locator("#cw-talk-list")).to_contain_text("None has these words")
    expect(page.locator(".cw-welcome")).to_be_visible()


def test_what_is_looked_up_over_letters_is_told_and_saved(page: Page) -> None:
    look(page, "timeline", "number of social workers")
    timeline = page.locator(".cw-view[data-name=timeline]")
    expect(timeline.locator(".cw-table tbody tr")).to_have_count(READ)  # a letter for each, stated or not
    look(page, "compare", "When did the inspection take place?")
    compared = page.locator(".cw-view[data-name=compare]")
    expect(compared.locator(".cw-comparison tbody tr")).to_have_count(READ)
    compared.locator(".cw-comparison a[data-cite]").first.click()
    expect(page.locator(".cw-box").first).to_be_visible(timeout=WAIT_MS)
    go(page, "reports")
    title = page.locator(".cw-reports [data-profile]").first
    name = title.inner_text()
    title.click()
    profile = page.locator("#cw-profile")
    expect(profile.locator("h2")).to_contain_text(name)
    expect(profile.locator("a[data-cite]").first).to_be_visible()
    for part in (timeline, compared, profile):
        go(page, part.get_attribute("data-name") or "reports")
        assert saved(page, part.get_by_role("link", name="CSV")).startswith("\ufeff".encode())
        sheets = load_workbook(io.BytesIO(saved(page, part.get_by_role("link", name="Excel")))).sheetnames
        assert len(sheets) >= 2
    go(page, "reports")
    profile.locator("a[data-cite]").first.click()
    expect(page.locator(".cw-box").first).to_be_visible(timeout=WAIT_MS)
    assert (violations(page), sideways(page)) == ([], 0)

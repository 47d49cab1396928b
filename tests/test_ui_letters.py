"""A walk through the page over published inspection letters, which not every checkout has beside it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from index.embed import Embedder
from index.library import Library
from tests.conftest import WAIT_MS, Serving, Site
from tests.test_ui_views import ask, go, look, sideways, violations

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

"""The page when it is given too much, and when its server goes away: nothing is lost, and it is said in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from index.embed import Embedder
from index.library import Library
from tests.conftest import WAIT_MS, Serving, Site, fire_report

FILES = 200
MEGABYTE = 1024 * 1024
ASKED = "How many firefighters did Northmere Fire Service employ in 2016?"


@pytest.fixture
def stocked(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    reports = tmp_path / "reports"
    reports.mkdir()
    for year, count in ((2015, 412), (2016, 398)):
        (reports / f"{year}.md").write_text(fire_report(year, "good", count, 7_310), encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        assert len(library.add([reports]).added) == 2
        yield library


@pytest.fixture
def served(stocked: Library, tmp_path: Path) -> Iterator[Site]:
    with Serving(stocked) as address:
        yield Site(address, stocked, tmp_path)


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(WAIT_MS)
    page.goto(address)
    expect(page.locator("#cw-scope p")).to_contain_text("Searching all", timeout=WAIT_MS)
    return page


def ask(page: Page, question: str) -> str:
    turns = page.locator(".cw-turn .cw-how").count()
    page.locator("#cw-question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".cw-turn .cw-how")).to_have_count(turns + 1, timeout=WAIT_MS)
    return page.locator("#cw-now .cw-text").inner_text()


def test_two_hundred_files_at_once_are_all_taken_and_half_a_gigabyte_is_refused(browser: Browser, served: Site) -> None:
    files = []
    for number in range(FILES):
        path = served.folder / f"quay-{number}.txt"
        path.write_text(f"# Quay {number}\n\nIn 2017 the harbour of Quay {number} handled {1000 + number} ships.\n")
        files.append(path)
    huge = served.folder / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(500 * MEGABYTE)
    page = open_page(browser, served.address)
    page.set_input_files("#cw-files", [*files[:100], huge, *files[100:]])
    refused = page.locator(".cw-uploads .cw-refused")
    expect(refused).to_contain_text("Larger than 100 MB")
    assert "398" in ask(page, ASKED)  # meanwhile
    expect(page.locator(".cw-uploads .cw-ready")).to_have_count(FILES, timeout=600_000)
    expect(refused).to_have_count(1)
    assert len(served.library.reports()) == FILES + 2
    assert (
        "1,117" in (said := ask(page, "How many ships did the harbour of Quay 117 handle in 2017?")) or "1117" in said
    )
    page.close()


def test_a_conversation_goes_on_when_its_server_comes_back(browser: Browser, stocked: Library) -> None:
    serving = Serving(stocked)
    with serving as address:
        page = open_page(browser, address)
        assert "398" in ask(page, ASKED)
    page.locator("#cw-question textarea").fill("And in 2015?")
    page.keyboard.press("Enter")
    expect(page.locator("#cw-question-said .cw-error")).to_contain_text("The connection was lost", timeout=WAIT_MS)
    assert page.locator("#cw-question textarea").input_value() == "And in 2015?"
    with Serving(stocked, int(address.rsplit(":", 1)[1])):
        expect(page.locator("#cw-question-said .cw-error")).to_have_count(0, timeout=WAIT_MS)  # it loads itself again
        expect(page.locator("#cw-now .cw-question")).to_have_text(ASKED, timeout=WAIT_MS)
        expect(page.locator("#cw-question textarea")).to_have_value("And in 2015?", timeout=WAIT_MS)
        page.locator("#cw-question textarea").press("Enter")
        expect(page.locator("#cw-now .cw-question")).to_have_text("And in 2015?", timeout=WAIT_MS)
        expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)
        assert "412" in page.locator("#cw-now .cw-text").inner_text()
        assert "398" in page.locator(".cw-turn").first.inner_text()
        page.close()

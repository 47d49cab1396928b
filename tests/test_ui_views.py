"""A walk through the page in a real browser, over the sample reports: what an analyst does with an answer."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant
from rag.measure_history import Asking
from rag.records import Event
from rag.web.making import Stopped
from rag.web.turn import turn_waiting
from tests.conftest import WAIT_MS, Serving, Site, fire_report

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"
PCSOS = "How many PCSOs did Leicestershire Police plan for 2020?"
OF_A_PDF = "What did the 2014 report say about the number of PCSOs in 2010?"
NOT_OURS = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("walk")
    library = Library.open(folder / "library", embedder=embedder)
    assert len(library.add([SAMPLES]).added) == 4
    with Serving(library) as address:
        yield Site(address, library, folder)


@pytest.fixture
def page(browser: Browser, samples: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | getattr(request, "param", {}))
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=samples.address)
    opened = context.new_page()
    opened.set_default_timeout(WAIT_MS)
    opened.goto(samples.address)
    expect(opened.locator(".cw-welcome h2")).to_be_visible(timeout=WAIT_MS)
    expect(opened.locator("#cw-scope p")).to_contain_text("Searching all", timeout=WAIT_MS)
    yield opened
    context.close()


def ask(page: Page, question: str) -> None:
    answered = page.locator(".cw-turn .cw-how").count()
    page.locator("#cw-question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".cw-turn .cw-how")).to_have_count(answered + 1, timeout=WAIT_MS)
    expect(page.locator("#cw-now .cw-question")).to_have_text(question)


def confirm(row: Locator, name: str, sure: str) -> None:
    """Presses a button that asks whether one is sure, then presses it again."""
    pressed = row.get_by_role("button", name=name)
    pressed.click()
    expect(pressed).to_have_text(sure)
    pressed.click()


def sideways(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": NOT_OURS}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def go(page: Page, view: str) -> None:
    page.locator(f"[data-view-link={view}]").click()
    expect(page.locator(f"[data-view-link={view}]")).to_have_attribute("aria-current", "page")


def look(page: Page, view: str, text: str) -> None:
    go(page, view)
    page.locator(f"#cw-{view}-text").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(f".cw-view[data-name={view}] .cw-found .cw-view-head")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize(
    "page",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"viewport": {"width": 360, "height": 780}},
        {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2, "color_scheme": "dark"},  # 200 % zoom
    ],
    indirect=True,
    ids=["light", "dark", "phone", "zoomed"],
)
def test_nothing_keeps_anybody_out_of_any_view(page: Page) -> None:
    expect(page.locator(".cw-examples button").first).to_be_visible(timeout=WAIT_MS)
    assert (violations(page), sideways(page)) == ([], 0)
    ask(page, PCSOS)
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(page.locator("#cw-quote")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    ask(page, OF_A_PDF)
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(page.locator(".cw-box").first).to_be_visible(timeout=WAIT_MS)
    assert (violations(page), sideways(page)) == ([], 0)
    look(page, "timeline", "number of PCSOs")
    assert (violations(page), sideways(page)) == ([], 0)
    look(page, "compare", "How many PCSOs are there?")
    assert (violations(page), sideways(page)) == ([], 0)
    go(page, "reports")
    expect(page.locator(".cw-reports")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)


def test_the_page_of_a_pdf_is_shown_with_the_quotation_boxed(page: Page, samples: Site) -> None:
    ask(page, OF_A_PDF)
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    box = page.locator("[data-boxed]")
    expect(box).to_be_focused(timeout=WAIT_MS)
    picture = page.locator(".cw-paper img")
    page.wait_for_function("document.querySelector('.cw-paper img').naturalWidth > 300")
    assert "quotation boxed" in (picture.get_attribute("alt") or "")
    shown = page.evaluate(
        """() => { const box = document.querySelector('.cw-box').getBoundingClientRect();
        const sheet = document.querySelector('.cw-sheet').getBoundingClientRect();
        return box.top >= sheet.top && box.bottom <= sheet.bottom && box.width > 4; }"""
    )
    assert shown
    begun = page.locator(".cw-page-now").inner_text()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".cw-page-now")).not_to_have_text(begun)
    expect(page.locator(".cw-box")).to_have_count(0)
    page.get_by_role("button", name="To the quotation").click()
    expect(page.locator(".cw-page-now")).to_have_text(begun)
    before = page.evaluate("document.querySelector('.cw-paper').clientWidth")
    page.get_by_role("button", name="Larger").click()
    assert page.evaluate("document.querySelector('.cw-paper').clientWidth") > 1.3 * before
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("#cw-quote")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#cw-now .cw-text a[data-cite]").first).to_be_focused()
    assert f"#page={re.findall(r'[0-9]+', begun)[0]}" in (page.locator(".cw-file a").get_attribute("href") or "")


def test_a_point_of_the_timeline_opens_its_source_and_the_table_can_be_saved(page: Page) -> None:
    look(page, "timeline", "number of PCSOs")
    dots = page.locator(".cw-dot")
    assert dots.count() >= 3
    assert "251" in page.locator(".cw-picture").inner_text()
    dots.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cw-evidence .cw-kicker")).to_contain_text("Source", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    expect(dots.first).to_be_focused()
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    words = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert words.startswith("organisation,year,period")
    assert "251" in words


def test_a_judgment_over_the_years_is_a_lane_with_its_grades(page: Page) -> None:
    look(page, "timeline", "How was Leicestershire Police judged at efficiency?")
    words = page.locator(".cw-picture").inner_text()
    assert "Good" in words
    assert "Requires improvement" in words
    inside = page.evaluate(
        """() => { const svg = document.querySelector('.cw-picture svg').getBoundingClientRect();
        return [...document.querySelectorAll('.cw-dot text')].map(text => text.getBoundingClientRect())
          .every(box => box.left >= svg.left && box.right <= svg.right); }"""
    )
    assert inside


def test_a_comparison_has_a_cell_for_each_year_and_says_what_is_not_stated(page: Page) -> None:
    look(page, "compare", "How many PCSOs are there?")
    table = page.locator(".cw-comparison")
    assert table.locator("thead th").all_inner_texts()[1:] == ["2014", "2015", "2016", "2017"]
    assert "not stated" in table.inner_text()
    table.locator("a[data-cite]").first.click()
    expect(page.locator("#cw-evidence .cw-kicker")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("view", ["timeline", "compare"])
def test_what_is_looked_for_can_be_stopped_and_looked_for_again(
    page: Page, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    goes_on, came_to = threading.Event(), list[str]()
    whole = Asking.evidence

    def held(self: Asking, *given: Any) -> Any:
        goes_on.wait(WAIT_MS / 1000)
        try:
            found = whole(self, *given)
        except Stopped:
            came_to.append("stopped")
            raise
        came_to.append("found")
        return found

    monkeypatch.setattr(Asking, "evidence", held)
    go(page, view)
    page.locator(f"#cw-{view}-text").fill("number of PCSOs in post")
    page.keyboard.press("Enter")
    found = page.locator(f".cw-view[data-name={view}] .cw-found")
    assert violations(page) == []
    with page.expect_response(re.compile(r"/views/stop")) as reply:
        found.get_by_role("button", name="Stop").click()
    assert reply.value.status == 204
    expect(found).to_contain_text("Stopped")
    expect(page.locator(f"#cw-{view}-text")).to_be_focused()
    goes_on.set()
    for _ in range(100):
        if came_to:
            break
        page.wait_for_timeout(100)
    assert came_to == ["stopped"]
    look(page, view, "number of PCSOs in post")
    expect(found).to_contain_text("Searched 4 reports")


def test_a_chip_removed_asks_again_without_it(page: Page) -> None:
    ask(page, OF_A_PDF)
    expect(page.locator("#cw-now .cw-searched")).to_contain_text("Searched 1 of 4 reports")
    chip = page.get_by_role("button", name="Year of the report 2014: ask again without it")
    chip.click()
    expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)
    expect(page.locator("#cw-now .cw-searched")).to_contain_text("Searched 4 reports")
    expect(page.locator("#cw-now .cw-chip")).to_have_count(0)
    ask(page, OF_A_PDF)  # the next question is narrowed again
    expect(page.locator("#cw-now .cw-searched")).to_contain_text("Searched 1 of 4 reports")


def test_marks_can_be_followed_while_the_text_still_comes(samples: Site) -> None:
    events = list(Assistant(samples.library).stream(PCSOS))
    steps = [event for event in events if event.kind == "step"]
    text = "".join(event.detail for event in events if event.kind == "text")
    html = turn_waiting(PCSOS, 1, steps, text[: text.index("[1]") + 3])
    assert 'aria-busy="true"' in html
    (address,) = re.findall(r'data-cite id="cite-1-1" href="(evidence/[^"]+)"', html)
    answer = events[-1].answer
    assert answer is not None
    assert address.startswith(f"evidence/{answer.citations[0].report_id}?start={answer.citations[0].start}&amp;")


def test_nothing_that_is_read_moves_while_the_answer_comes(page: Page) -> None:
    ask(page, PCSOS)
    page.evaluate(
        """() => { window.moved = []; new PerformanceObserver(list => { for (const entry of list.getEntries()) {
        for (const source of entry.sources) if (source.node?.closest?.('.cw-text, .cw-status, .cw-searched'))
          window.moved.push(entry.value); } }).observe({type: 'layout-shift', buffered: false}) }"""
    )
    ask(page, "How many PCSOs were there in March 2016?")
    page.wait_for_timeout(500)
    assert sum(page.evaluate("window.moved")) < 0.1  # what counts as good for a whole visit (web.dev/cls)


def test_an_answer_is_copied_edited_and_asked_again(page: Page) -> None:
    ask(page, PCSOS)
    page.get_by_role("button", name="Copy answer 1").click()
    expect(page.get_by_role("button", name="Copy answer 1")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert PCSOS in copied
    assert re.search(r"251 .*\[1\]", copied)
    assert "[1] PEEL: Police efficiency 2016" in copied
    page.get_by_role("button", name="Edit question 1").click()
    expect(page.locator("#cw-question textarea")).to_be_focused()
    expect(page.locator("#cw-question textarea")).to_have_value(PCSOS)
    page.get_by_role("button", name="Ask question 1 again").click()
    expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)


def test_what_is_offered_to_go_on_with_is_answered(page: Page) -> None:
    ask(page, PCSOS)
    offered = page.locator("#cw-now .cw-next button").first
    expect(offered).to_be_visible(timeout=WAIT_MS)
    offered.click()
    expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)
    expect(page.locator("#cw-now .cw-status")).to_contain_text("Answered")


def test_a_question_that_is_stopped_is_in_the_box_again_and_nothing_is_kept_of_it(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    whole = Assistant.stream

    def held(self: Assistant, *given: Any, **named: Any) -> Iterator[Event]:
        for event in whole(self, *given, **named):
            if event.answer is not None:
                goes_on.wait(WAIT_MS / 1000)
            yield event

    monkeypatch.setattr(Assistant, "stream", held)
    page.locator("#cw-question textarea").fill(PCSOS)
    page.keyboard.press("Enter")
    expect(page.locator("#cw-now .cw-working")).to_be_visible(timeout=WAIT_MS)
    page.locator("#cw-stop").click()
    expect(page.locator("#cw-now .cw-error")).to_contain_text("Stopped", timeout=WAIT_MS)
    expect(page.locator("#cw-question textarea")).to_have_value(PCSOS)
    goes_on.set()
    page.wait_for_timeout(500)
    expect(page.locator("#cw-now .cw-error")).to_contain_text("Stopped")  # the answer does not come after all
    page.locator("#cw-send").click()
    expect(page.locator("#cw-now .cw-how")).to_be_visible(timeout=WAIT_MS)
    page.reload()
    expect(page.locator("#cw-now .cw-how")).to_be_visible(timeout=WAIT_MS)
    assert page.locator(".cw-turn").count() == 1


def cut_short(route: Route) -> None:
    """The events of an answer up to its first step: the connection ends there."""
    events = route.fetch().text().split("\n\n")
    first = next(number for number, event in enumerate(events) if "cw-working" in event)
    route.fulfill(body="\n\n".join(events[: first + 1]) + "\n\n", content_type="text/event-stream")


def test_an_answer_whose_connection_is_lost_is_there_when_the_page_is_loaded_again(page: Page) -> None:
    page.route(re.compile(r"/queue/data"), cut_short)
    page.route(re.compile(r"/robots\.txt"), lambda route: route.abort())
    page.locator("#cw-question textarea").fill(PCSOS)
    page.keyboard.press("Enter")
    said = page.locator(".cw-error:visible")  # in the answer's place, or under the question where no step was shown yet
    expect(said).to_contain_text("The connection was lost", timeout=WAIT_MS)
    page.unroute_all()
    page.get_by_role("button", name="Load the page again").click()
    expect(page.locator("#cw-now .cw-how")).to_be_visible(timeout=WAIT_MS)
    assert "251" in page.locator("#cw-now .cw-text").inner_text()


def test_a_conversation_opens_again_is_named_found_and_deleted(page: Page) -> None:
    ask(page, PCSOS)
    ask(page, OF_A_PDF)
    addresses = "[...document.querySelectorAll('.cw-turn .cw-source')].map(link => link.getAttribute('href'))"
    before = page.evaluate(addresses)
    page.reload()
    expect(page.locator("#cw-now .cw-question")).to_have_text(OF_A_PDF, timeout=WAIT_MS)
    expect(page.locator(".cw-turn .cw-how")).to_have_count(2, timeout=WAIT_MS)
    assert page.evaluate(addresses) == before
    ask(page, "How many PCSOs were there in March 2016?")  # it goes on where it was
    expect(page.locator(".cw-turn")).to_have_count(3)
    row = page.locator("#cw-talk-list li", has=page.locator("[aria-current]"))
    row.get_by_role("button", name="Name").click()
    field = page.get_by_role("textbox", name="Name of the conversation")
    field.fill("Community <b>zebras</b>")
    field.press("Enter")
    expect(row).to_contain_text("Community <b>zebras</b>")
    page.get_by_label("Search conversations").fill("zebras")
    expect(page.locator("#cw-talk-list li")).to_have_count(1)
    page.get_by_label("Search conversations").fill("nosuchword")
    expect(page.locator("#cw-talk-list")).to_contain_text("None has these words")
    page.get_by_label("Search conversations").fill("")
    confirm(row, "Delete", "Delete for good?")
    expect(page.locator("#cw-talk-list")).not_to_contain_text("Community")
    expect(page.locator(".cw-welcome")).to_be_visible()


def test_a_report_is_added_cited_read_again_and_removed_while_it_is_cited(page: Page) -> None:
    page.set_input_files(
        "#cw-files",
        [
            {
                "name": "eastholm <img src=x onerror=alert(1)>.md",
                "mimeType": "text/markdown",
                "buffer": fire_report(2018, "good", 377, 5_120).replace("Northmere", "Eastholm").encode(),
            },
            {"name": "program.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + bytes(2000)},
        ],
    )
    expect(page.locator(".cw-uploads .cw-ready")).to_contain_text("Ready to ask about", timeout=120_000)
    expect(page.locator(".cw-uploads .cw-refused")).to_contain_text("program.pdf", timeout=120_000)
    ask(page, "How many firefighters did Eastholm Fire Service employ in 2018?")
    assert "377" in page.locator("#cw-now .cw-text").inner_text()
    go(page, "reports")
    row = page.locator(".cw-reports tr", has_text="Eastholm")
    confirm(row, "Read again", "Read it again now?")
    expect(page.locator("#cw-reports-said")).to_contain_text("again.", timeout=120_000)
    confirm(row, "Remove", "Remove for good?")
    expect(page.locator("#cw-reports-said")).to_contain_text("Removed", timeout=120_000)
    expect(page.locator(".cw-reports")).not_to_contain_text("Eastholm")
    go(page, "ask")
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(page.locator("#cw-evidence .cw-problem")).to_contain_text("no longer in the library")
    page.reload()
    changed = page.locator("#cw-now .cw-changed")
    expect(changed).to_contain_text("The source was removed", timeout=WAIT_MS)


def test_a_question_of_twenty_megabytes_gets_a_sentence(page: Page) -> None:
    page.evaluate(
        """() => { const box = document.querySelector('#cw-question textarea'); box.removeAttribute('maxlength');
        box.value = 'why '.repeat(5 * 1024 * 1024); box.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    page.locator("#cw-send").click()
    expect(page.locator("#cw-question-said")).to_contain_text("2,000 is the most")
    page.locator("#cw-question textarea").fill("")
    ask(page, PCSOS)

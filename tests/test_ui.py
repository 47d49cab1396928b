"""The chat page in a real browser: over a real library, the real assistant and a real server."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from index import Library
from rag.assistant import MAX_QUESTION, Assistant
from rag.records import Event
from tests.conftest import WAIT_MS, Serving, Site, Visit, fire_report


def marked_text(page: Page) -> str:
    return page.evaluate("[...document.querySelectorAll('#cw-evidence mark')].map(mark => mark.textContent).join('')")


def comes_into_view(page: Page, selector: str) -> None:
    """Waits until it stands in the window whole: the page scrolls smoothly."""
    page.wait_for_function(
        """selector => {
        const box = document.querySelector(selector).getBoundingClientRect();
        const across = box.left >= 0 && box.right <= innerWidth;
        return across && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
        }""",
        arg=selector,
        timeout=WAIT_MS,
    )


def cited(site: Site, href: str) -> str:
    """The quotation that a citation's address names, read from the library."""
    found = re.search(r"evidence/([^?]+)\?start=(\d+)&end=(\d+)", href)
    assert found is not None, href
    return site.library.text(found[1])[int(found[2]) : int(found[3])]


def test_an_answer_streams_in_and_its_citation_opens_the_marked_quotation(visit: Visit, site: Site) -> None:
    visit.ask("How many firefighters did Northmere Fire Service employ in 2016?")
    assert "398" in visit.answer
    assert "Answered from 1 report" in visit.page.locator("#cw-now .cw-status").inner_text()
    assert "398" in visit.page.locator("#cw-now .cw-checks tbody").inner_text()
    assert "In the quotation" in visit.page.locator("#cw-now .cw-checks tbody").inner_text()
    mark = visit.page.locator("#cw-now .cw-text a[data-cite]").first
    href = mark.get_attribute("href")
    assert href is not None
    mark.click()
    expect(visit.page.locator("#cw-quote")).to_be_visible()
    assert marked_text(visit.page) == cited(site, href)
    assert "398" in marked_text(visit.page)
    comes_into_view(visit.page, "#cw-quote")
    panel = visit.page.locator("#cw-evidence").inner_text()
    assert "Northmere Fire Service: efficiency inspection 2016" in panel
    assert "How well does the service use its resources?" in panel
    assert visit.errors == []


def test_steps_and_text_appear_before_the_answer_is_finished(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    come = {"step": threading.Event(), "text": threading.Event(), "answer": threading.Event()}
    whole = Assistant.stream

    def held(self: Assistant, *given: Any, **named: Any) -> Iterator[Event]:
        for event in whole(self, *given, **named):
            come[event.kind].wait(WAIT_MS / 1000)  # until the page has shown what came before
            yield event

    monkeypatch.setattr(Assistant, "stream", held)
    page = visit.page
    page.locator("#cw-question textarea").fill("How many homes did Northmere Fire Service visit in 2015?")
    page.keyboard.press("Enter")
    expect(page.locator("#cw-now .cw-working")).to_contain_text("Reading the question", timeout=WAIT_MS)
    come["step"].set()
    expect(page.locator("#cw-now .cw-progress li").nth(1)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("#cw-now .cw-text")).to_have_text("")
    come["text"].set()
    expect(page.locator("#cw-now .cw-text[aria-busy=true]")).to_contain_text("7,310", timeout=WAIT_MS)
    expect(page.locator("#cw-now .cw-how")).to_have_count(0)
    come["answer"].set()
    expect(page.locator("#cw-now .cw-how")).to_be_visible(timeout=WAIT_MS)
    assert "7,310" in visit.answer


def test_a_table_is_shown_as_a_table_with_the_quoted_row_marked(visit: Visit, site: Site) -> None:
    info = next(info for info in site.library.reports() if info.file == "northmere-2016.md")
    text = site.library.text(info.report_id)
    start = text.index("Training and exercises")
    end = text.index("\n", start)
    visit.page.goto(f"{site.address}/evidence/{info.report_id}?start={start}&end={end}&n=3")
    assert marked_text(visit.page) == text[start:end]
    row = visit.page.locator(".cw-table tr", has_text="Training and exercises")
    assert row.locator("th, td").all_inner_texts() == ["Training and exercises", "1.6", "1.7"]
    assert visit.page.locator(".cw-table thead").inner_text().split()[-2:] == ["2015", "2016"]
    assert visit.page.locator(".cw-table tr", has_text="Equipment").locator("mark").count() == 0


def test_the_keyboard_reaches_the_quotation_and_comes_back(visit: Visit) -> None:
    visit.ask("How many firefighters did Northmere Fire Service employ in 2016?")
    page = visit.page
    page.locator("#cw-question textarea").focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#cw-now .cw-text a[data-cite]')"):
            break
    else:
        pytest.fail("no citation can be reached with the Tab key")
    opened_from = page.evaluate("document.activeElement.id")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#cw-quote")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == opened_from


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_a_phone_shows_everything_without_scrolling_sideways(visit: Visit) -> None:
    page = visit.page

    def sideways() -> int:
        return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert sideways() == 0
    visit.ask("How many firefighters did Northmere Fire Service employ in 2016?")
    assert sideways() == 0
    page.get_by_role("button", name="Wrong figure: answer 1").click()
    expect(page.locator("#cw-now .cw-comment input")).to_be_focused()
    expect(page.locator("#cw-now .cw-said")).to_have_text("Noted. Thank you.")
    comes_into_view(page, "#cw-now .cw-feedback")
    feedback, compose = (page.locator(part).bounding_box() for part in ("#cw-now .cw-feedback", "#cw-compose"))
    assert feedback is not None
    assert compose is not None
    assert feedback["y"] + feedback["height"] <= compose["y"]
    assert sideways() == 0
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(page.locator("#cw-quote")).to_be_focused()
    comes_into_view(page, "#cw-quote")
    assert sideways() == 0
    below = page.evaluate(
        "document.querySelector('#cw-proof').getBoundingClientRect().top"
        " >= document.querySelector('#cw-now').getBoundingClientRect().bottom"
    )
    assert below
    page.locator("[data-back]").click()
    page.locator("[data-side]").click()
    expect(page.locator("#cw-years input")).to_be_visible()
    assert sideways() == 0


def contrast(page: Page, selector: str) -> float:
    """The contrast of an element's text on the nearest filled ground behind it (WCAG 2.2, 1.4.3)."""
    return page.evaluate(
        """selector => {
        const linear = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
        const light = colour => {
          const [r, g, b] = numbers(colour).map(value => linear(value / 255));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const element = document.querySelector(selector);
        let ground = element;
        const clear = node => (numbers(getComputedStyle(node).backgroundColor)[3] ?? 1) === 0;
        while (ground.parentElement && clear(ground)) ground = ground.parentElement;
        const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }""",
        selector,
    )


READABLE = (
    "#cw-now .cw-text p",
    "#cw-now .cw-text a[data-cite]",
    "#cw-now .cw-status strong",
    "#cw-now .cw-status span",
    "#cw-now .cw-check",
    "#cw-now .cw-checks thead th",
    "#cw-now .cw-source small",
    "#cw-now .cw-how summary",
    "#cw-now .cw-verdict span",
    "#cw-now [data-verdict=right]",
    "#cw-now [data-verdict=wrong_figure]",
    "#cw-now .cw-comment label",
    "#cw-now .cw-comment input",
    "#cw-now .cw-comment button",
    "#cw-now .cw-said",
    "#cw-evidence mark",
    "#cw-evidence .cw-document p",
    "#cw-evidence header p",
    "#cw-evidence .cw-file a",
    "#cw-scope p",
    "#cw-send",
    "#cw-new",
    ".cw-drop",
    ".cw-library small",
)


@pytest.mark.parametrize("visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_text_is_readable_in_light_and_dark(visit: Visit, request: pytest.FixtureRequest) -> None:
    dark = request.node.callspec.params["visit"]["color_scheme"] == "dark"
    visit.ask("How many firefighters did Northmere Fire Service employ in 2016?")
    visit.page.get_by_role("button", name="Wrong figure: answer 1").click()
    visit.page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(visit.page.locator("#cw-quote")).to_be_visible()
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (max(ground[:3]) < 60) == dark
    weak = {selector: round(ratio, 2) for selector in READABLE if (ratio := contrast(visit.page, selector)) < 4.5}
    assert weak == {}


def choose(page: Page, filter_id: str, option: str) -> None:
    page.locator(f"#{filter_id} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def test_a_year_filter_changes_the_answer(visit: Visit) -> None:
    question = "How many firefighters did Northmere Fire Service employ?"
    choose(visit.page, "cw-years", "2015")
    expect(visit.page.locator("#cw-scope")).to_contain_text("Searching 1 of")
    visit.ask(question)
    assert "412" in visit.answer
    assert "398" not in visit.answer
    visit.page.locator("#cw-years .token-remove").first.click()
    expect(visit.page.locator("#cw-scope")).to_contain_text("Searching all")
    choose(visit.page, "cw-years", "2016")
    expect(visit.page.locator("#cw-scope")).to_contain_text("Searching 2 of")
    visit.ask(question)
    assert "398" in visit.answer
    assert "412" not in visit.answer


def test_a_follow_up_is_read_with_what_was_said(visit: Visit) -> None:
    visit.ask("How many firefighters did Northmere Fire Service employ in 2015?")
    assert "412" in visit.answer
    visit.ask("And in 2016?")
    assert "398" in visit.answer
    expect(visit.page.locator("#cw-past .cw-turn")).to_have_count(1)


def test_what_the_reports_do_not_say_is_said_with_places_to_look(visit: Visit) -> None:
    visit.ask("What is the capital of Portugal?")
    assert "The reports do not say" in visit.page.locator("#cw-now .cw-status").inner_text()
    assert visit.page.locator("#cw-now .cw-checks").count() == 0
    assert visit.page.locator("#cw-now .cw-sources h3").inner_text() == "Places to look"


def test_an_example_question_fits_the_reports_and_is_answered(visit: Visit) -> None:
    example = visit.page.locator(".cw-examples button").first
    expect(example).to_be_visible(timeout=WAIT_MS)
    question = example.inner_text()
    example.click()
    expect(visit.page.locator("#cw-now .cw-question")).to_have_text(question, timeout=WAIT_MS)
    expect(visit.page.locator("#cw-now .cw-status strong")).to_contain_text("Answered", timeout=WAIT_MS)


def test_uploaded_reports_are_indexed_and_answered_from_while_refused_ones_say_why(visit: Visit, site: Site) -> None:
    page = visit.page
    new = fire_report(2017, "outstanding", 377, 5_120).replace("Northmere", "Eastholm")
    page.set_input_files(
        "#cw-files",
        [
            {"name": "eastholm <b>2017</b>.md", "mimeType": "text/markdown", "buffer": new.encode()},
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
        ],
    )
    visit.ask("How many firefighters did Northmere Fire Service employ in 2016?")  # asking goes on meanwhile
    assert "398" in visit.answer
    expect(page.locator(".cw-uploads .cw-ready")).to_contain_text("Ready to ask about", timeout=120_000)
    refused = page.locator(".cw-uploads .cw-refused")
    expect(refused).to_contain_text("empty.txt", timeout=120_000)
    assert len(refused.locator("small").inner_text()) > 10
    expect(page.locator(".cw-library")).to_contain_text("Eastholm", timeout=WAIT_MS)
    visit.ask("How many firefighters did Eastholm Fire Service employ in 2017?")
    assert "377" in visit.answer
    choose(page, "cw-years", "2017")  # the filters know the new report
    sent = ("eastholm*", "empty.txt")  # other servers of this machine have folders of their own
    assert [path for name in sent for path in Path(gettempdir()).glob(f"citewell-uploads-*/*/{name}")] == []
    assert visit.errors == []


def test_hostile_text_of_a_report_stays_text(visit: Visit, site: Site) -> None:
    page = visit.page
    visit.ask("How many emergency calls did Quillford Ambulance Trust answer in 2016?")
    assert "4,321" in visit.answer
    assert "<script>" in page.locator("#cw-now").inner_text()
    page.locator("#cw-now .cw-text a[data-cite]").first.click()
    expect(page.locator("#cw-quote")).to_be_visible()
    assert "![pixel](http://203.0.113.9/p.png)" in page.locator("#cw-evidence .cw-document").inner_text()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#cw-talk img, #cw-evidence img, #cw-side img").count() == 0
    outside = [url for url in visit.requests if not url.startswith((site.address, "data:", "blob:"))]
    assert outside == []
    targets = page.evaluate("[...document.querySelectorAll('#cw-talk a, #cw-proof a, #cw-side a')].map(a => a.href)")
    assert [target for target in targets if not target.startswith(site.address + "/")] == []


def test_markup_in_a_question_stays_text(visit: Visit) -> None:
    question = '<img src=x onerror="window.hacked=1"> **how** many [1] firefighters in 2016 at Northmere Fire Service?'
    visit.ask(question)
    assert visit.page.evaluate("window.hacked") is None
    assert visit.page.locator("#cw-now img").count() == 0


def test_nothing_is_fetched_from_outside(visit: Visit, site: Site) -> None:
    visit.ask("How many homes did Northmere Fire Service visit in 2016?")
    visit.page.locator("#cw-now a[data-cite]").first.click()
    expect(visit.page.locator("#cw-quote")).to_be_visible()
    assert len(visit.requests) > 5
    assert [url for url in visit.requests if not url.startswith((site.address, "data:", "blob:"))] == []


def test_a_question_that_is_too_long_or_empty_gets_one_sentence(visit: Visit) -> None:
    page = visit.page
    page.locator("#cw-question textarea").press("Enter")
    expect(page.locator("#cw-now .cw-error")).to_contain_text("The question is empty", timeout=WAIT_MS)
    page.locator("#cw-question textarea").fill("why " * MAX_QUESTION)
    page.locator("#cw-question textarea").press("Enter")
    expect(page.locator("#cw-now .cw-error")).to_contain_text(f"{MAX_QUESTION:,} is the most", timeout=WAIT_MS)
    visit.ask("How many homes did Northmere Fire Service visit in 2016?")
    assert "6,905" in visit.answer


def test_an_empty_library_says_what_to_do(browser: Browser, library: Library) -> None:
    with Serving(library) as address:
        page = browser.new_page()
        page.goto(address)
        expect(page.locator(".cw-welcome")).to_contain_text("No reports yet", timeout=WAIT_MS)
        expect(page.locator("#cw-scope")).to_contain_text("Add a report to begin")
        page.close()

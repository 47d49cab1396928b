"""Saying whether an answer is right: in a real browser, down to the case that it becomes; what the server refuses."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from rag.feedback import FEEDBACK_FILE, MAX_COMMENT
from tests.conftest import WAIT_MS, Site, Visit

ROOT = Path(__file__).parents[1]
FIREFIGHTERS = "How many firefighters did Northmere Fire Service employ in 2015?"
THANKS = "Noted. Thank you."


@pytest.fixture(autouse=True)
def nothing_said_yet(site: Site) -> None:
    (site.library.folder / FEEDBACK_FILE).unlink(missing_ok=True)


def kept(site: Site) -> list[dict[str, Any]]:
    path = site.library.folder / FEEDBACK_FILE
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def heard(site: Site, count: int) -> list[dict[str, Any]]:
    """The lines kept once there are so many: the page thanks for the first of two clicks too."""
    until = time.monotonic() + WAIT_MS / 1000
    while len(kept(site)) < count and time.monotonic() < until:
        time.sleep(0.05)
    return kept(site)


def button(page: Page, verdict: str, turn: int) -> Locator:
    return page.get_by_role("button", name=f"{verdict}: answer {turn}", exact=True)


def box(page: Page, turn: int) -> Locator:
    return page.locator(f".cw-feedback[data-turn='{turn}']")


def said(page: Page, turn: int) -> Locator:
    return box(page, turn).get_by_role("status")


def comment(page: Page) -> Locator:
    return page.get_by_role("textbox", name="What is wrong? (optional)")


def candidates(site: Site) -> list[dict[str, Any]]:
    """The cases that `citewell eval candidates` writes over the library, run as a user runs it."""
    command = [sys.executable, "-c", "from cli import main; main()", "eval", "candidates", "--library"]
    done = subprocess.run([*command, str(site.library.folder)], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return yaml.safe_load(done.stdout) or []


def test_an_earlier_answer_marked_wrong_with_a_comment_becomes_a_case(visit: Visit, site: Site) -> None:
    page = visit.page
    visit.ask(FIREFIGHTERS)
    visit.ask("And in 2016?")
    button(page, "Wrong figure", 1).click()
    comment(page).fill("It was 412.5, says <b>table 3</b>")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(box(page, 1).locator("form")).to_be_hidden()
    expect(said(page, 1)).to_have_text(THANKS)
    expect(button(page, "Wrong figure", 1)).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Wrong figure", 2)).to_have_attribute("aria-pressed", "false")

    first, last = heard(site, 2)
    assert (first["verdict"], first["comment"]) == ("wrong_figure", "")  # who says no more is heard too
    assert (last["verdict"], last["comment"]) == ("wrong_figure", "It was 412.5, says <b>table 3</b>")
    assert (last["question"], last["history"]) == (FIREFIGHTERS, [])
    assert "412" in last["answer"]["text"]
    for citation in last["answer"]["citations"]:
        text = site.library.text(citation["report_id"])
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    case = candidates(site)
    assert [(item["question"], item["expect"]) for item in case] == [(FIREFIGHTERS, {})]
    assert visit.errors == []


def test_a_follow_up_is_kept_with_its_history_and_scope(visit: Visit, site: Site) -> None:
    page = visit.page
    page.locator("#cw-years input").click()
    page.get_by_role("option", name="2016", exact=True).click()
    page.keyboard.press("Escape")
    visit.ask("How many firefighters did Northmere Fire Service employ?")
    visit.ask("And how many homes did it visit?")
    button(page, "Wrong figure", 2).click()
    expect(said(page, 2)).to_have_text(THANKS)
    (line,) = kept(site)
    assert line["scope"] == {"reports": [], "organisations": [], "years": [2016], "widened": []}
    assert [message["role"] for message in line["history"]] == ["user", "assistant"]
    assert line["history"][0]["content"] == "How many firefighters did Northmere Fire Service employ?"
    assert "398" in line["history"][1]["content"]
    (case,) = candidates(site)
    assert (case["kind"], case["scope"]) == ("follow_up", {"years": [2016]})


def test_a_refusal_is_marked_once_however_often_it_is_clicked(visit: Visit, site: Site) -> None:
    visit.ask("What is the capital of Portugal?")
    right = button(visit.page, "Right", 1)
    right.dblclick()
    expect(said(visit.page, 1)).to_have_text(THANKS)
    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    assert [(line["verdict"], line["answer"]["status"]) for line in kept(site)] == [("right", "not_in_reports")]


def test_who_thinks_better_of_it_leaves_no_case(visit: Visit, site: Site) -> None:
    page = visit.page
    visit.ask(FIREFIGHTERS)
    button(page, "Wrong figure", 1).click()
    expect(box(page, 1).locator("form")).to_be_visible()
    button(page, "Right", 1).click()
    expect(box(page, 1).locator("form")).to_be_hidden()
    expect(said(page, 1)).to_have_text(THANKS)
    expect(button(page, "Wrong figure", 1)).to_have_attribute("aria-pressed", "false")
    assert [line["verdict"] for line in heard(site, 2)] == ["wrong_figure", "right"]
    assert candidates(site) == []


def test_the_keyboard_marks_an_answer_and_says_why(visit: Visit, site: Site) -> None:
    page = visit.page
    visit.ask(FIREFIGHTERS)
    page.locator("#cw-question textarea").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('[data-verdict=wrong_figure]')"):
            break
    else:
        pytest.fail("Wrong figure cannot be reached with the Tab key")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(comment(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page, "Wrong figure", 1)).to_be_focused()
    expect(box(page, 1).locator("form")).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.type("Too low")
    page.keyboard.press("Enter")
    expect(button(page, "Wrong figure", 1)).to_be_focused()
    expect(said(page, 1)).to_have_text(THANKS)
    assert [line["comment"] for line in kept(site)] == ["", "Too low"]


def test_a_mark_and_an_unsent_comment_stay_when_the_next_question_is_asked(visit: Visit, site: Site) -> None:
    page = visit.page
    visit.ask(FIREFIGHTERS)
    button(page, "Wrong figure", 1).click()
    comment(page).fill("Too low")
    visit.ask("And in 2016?")
    expect(button(page, "Wrong figure", 1)).to_have_attribute("aria-pressed", "true")
    expect(comment(page)).to_have_value("Too low")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(said(page, 1)).to_have_text(THANKS)
    assert [line["question"] for line in heard(site, 2)] == [FIREFIGHTERS] * 2


def test_what_cannot_be_kept_is_said_in_a_sentence_and_can_be_tried_again(visit: Visit, site: Site) -> None:
    page = visit.page
    visit.ask(FIREFIGHTERS)
    page.context.set_offline(True)
    button(page, "Right", 1).click()
    expect(said(page, 1)).to_contain_text("The server does not answer")
    expect(button(page, "Right", 1)).to_have_attribute("aria-pressed", "false")
    page.context.set_offline(False)
    blocked = site.library.folder / FEEDBACK_FILE
    blocked.mkdir()
    button(page, "Right", 1).click()
    expect(said(page, 1)).to_have_text("This could not be kept: the library's folder cannot be written to.")
    blocked.rmdir()
    button(page, "Right", 1).click()
    expect(said(page, 1)).to_have_text(THANKS)
    assert [line["verdict"] for line in kept(site)] == ["right"]


def test_nothing_can_be_marked_before_there_is_an_answer(visit: Visit) -> None:
    page = visit.page
    page.locator("#cw-question textarea").press("Enter")
    expect(page.locator("#cw-now .cw-error")).to_contain_text("The question is empty")
    assert page.locator(".cw-feedback").count() == 0


def post(site: Site, body: bytes) -> tuple[int, str]:
    connection = http.client.HTTPConnection(site.host, timeout=20)
    connection.request("POST", "/api/v1/feedback", body=body, headers={"Content-Type": "application/json"})
    reply = connection.getresponse()
    words = reply.read().decode()
    connection.close()
    return reply.status, words


def test_only_what_was_answered_in_the_own_conversation_can_be_marked(visit: Visit, site: Site) -> None:
    visit.ask(FIREFIGHTERS)
    visit.ask("And in 2016?")
    own = box(visit.page, 1).get_attribute("data-conversation")
    visit.page.locator("#cw-new").click()
    expect(visit.page.locator(".cw-welcome")).to_be_visible()
    visit.ask(FIREFIGHTERS)
    other = box(visit.page, 1).get_attribute("data-conversation")
    assert own is not None
    assert other is not None
    assert own != other
    assert len(own) >= 20  # not to be guessed
    good = {"conversation": own, "turn": 2, "verdict": "wrong_figure", "comment": "No"}

    for wrong in ({"turn": 3}, {"turn": 0}, {"turn": -1}, {"conversation": other}, {"conversation": ""}):
        status, words = post(site, json.dumps(good | wrong).encode())
        assert (status, words.count(".")) == (404, 2), wrong
    forged = ({"turn": "2"}, {"turn": True}, {"turn": 1.5}, {"verdict": "maybe"}, {"answer": {"text": "9"}})
    for wrong in (*forged, {"comment": "\ud800"}, {"comment": None}):
        assert post(site, json.dumps(good | wrong).encode())[0] == 422, wrong
    for body in (b"", b"[]", b"\xff", b"[" * 50_000):
        assert post(site, body)[0] == 422
    status, words = post(site, json.dumps(good | {"comment": "x" * (MAX_COMMENT + 1)}).encode())
    assert (status, words) == (422, f"The comment has {MAX_COMMENT + 1} characters; {MAX_COMMENT} is the most.")
    assert kept(site) == []

    assert post(site, json.dumps(good | {"comment": "Two\r\nlines\u2028more"}).encode()) == (200, THANKS)
    (line,) = kept(site)
    assert (line["question"], line["comment"]) == ("And in 2016?", "Two lines more")

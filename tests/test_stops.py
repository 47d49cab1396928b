"""What is told to stop: at once for who waits, and nothing of it lands anywhere afterwards."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from rag import Assistant, Scope
from rag.api import work
from rag.conversations import Conversations
from rag.records import Event
from rag.web.making import Making
from rag.web.stops import KEPT, Stops
from rag.web.talk import Talk
from tests.conftest import Site

QUESTION = "How many firefighters did Northmere Fire Service employ in 2016?"
OTHER = "How many fires did Northmere Fire Service attend in 2016?"
NAMED = re.compile(r'data-asked="([^"]+)"')


def test_a_stop_that_comes_before_what_it_names_counts_once() -> None:
    stops = Stops()
    assert not stops.stop("a")
    with stops.begun("a") as stop:
        assert stop.is_set()
    with stops.begun("a") as stop:
        assert not stop.is_set()
        assert stops.stop("a")
        assert stop.is_set()
    for number in range(KEPT + 1):
        stops.stop(str(number))
    with stops.begun("0") as forgotten, stops.begun("1") as kept:
        assert (forgotten.is_set(), kept.is_set()) == (False, True)


def test_a_view_that_was_stopped_before_its_request_came_is_not_made(site: Site) -> None:
    stops = Stops()
    stops.stop("early")
    with pytest.raises(HTTPException) as refused:
        Making(site.library, stops).get(lambda going_on: pytest.fail("made"), "key", "early")
    assert refused.value.status_code == 409


def test_a_stopped_question_ends_at_once_and_its_late_answer_is_not_the_next_ones(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, went_on = threading.Event(), threading.Event()
    whole = Assistant.stream

    def held(self: Assistant, question: str, *given: Any, **named: Any) -> Iterator[Event]:
        for event in whole(self, question, *given, **named):
            if event.answer is not None and question == QUESTION:
                goes_on.wait(60)
                yield event
                went_on.set()
            else:
                yield event

    monkeypatch.setattr(Assistant, "stream", held)
    kept, stops = Conversations(tmp_path), Stops()
    asking = work.Asking(Assistant(site.library), kept)
    talk = Talk(site.library, Assistant(site.library), asking, kept, stops)
    shown = talk.ask(QUESTION, Scope(), "")
    first = next(shown)
    assert first.key
    named = NAMED.search(first.now)
    assert named is not None
    assert stops.stop(named[1])
    began = time.monotonic()
    last = list(shown)[-1]
    assert time.monotonic() - began < 30  # what is held is not waited for
    assert "Stopped" in last.now
    assert last.box == QUESTION
    assert kept.get(first.key).turns == ()

    assert "cw-how" in list(talk.ask(OTHER, Scope(), first.key))[-1].now
    goes_on.set()
    asking.close()
    assert not went_on.is_set()  # the work ended with the answer that nobody wants
    (turn,) = kept.get(first.key).turns
    assert turn.question == OTHER
    assert turn.answer is not None
    assert turn.answer["question"] == OTHER

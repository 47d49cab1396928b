"""Conversations on the server: nothing is lost, and what became of a source since is told."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from index import Library
from rag import Assistant, Scope
from rag.anchors import anchored
from rag.api import work
from rag.conversations import (
    DATABASE,
    MAX_NAME,
    BadName,
    Conversations,
    ConversationsUnusable,
    UnknownConversation,
)
from tests.conftest import Serving, Site, fire_report

QUESTION = "How many firefighters did Northmere Fire Service employ in 2016?"


@pytest.fixture
def told(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path)


def test_a_conversation_opens_again_with_the_same_answers(site: Site, tmp_path: Path) -> None:
    answer = Assistant(site.library).ask(QUESTION)
    first = Conversations(tmp_path)
    key = first.create().id
    scope = Scope(("a",), ("Northmere",), (2016,))
    n = first.begin_turn(key, QUESTION, scope)
    first.end_turn(key, n, answer)
    first.close()
    kept = Conversations(tmp_path).get(key)
    (turn,) = kept.turns
    assert (kept.name, kept.named, turn.n, turn.state, turn.scope) == (QUESTION, False, 1, "answered", scope)
    assert turn.answer is not None
    assert turn.answer["text"] == answer.text
    assert turn.answer["citations"][0]["quote"] == answer.citations[0].quote
    assert [message["role"] for message in Conversations(tmp_path).history(key)] == ["user", "assistant"]


def test_a_question_is_kept_though_the_server_is_killed_before_its_answer(tmp_path: Path) -> None:
    """A process is killed between the question and the answer, ten times."""
    program = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from rag.conversations import Conversations
        from rag.records import Scope
        told = Conversations(Path(sys.argv[1]))
        key = sys.argv[2] or told.create().id
        print(key, told.begin_turn(key, "Question?", Scope()), flush=True)
        os.kill(os.getpid(), 9)
        """
    )
    key = ""
    for number in range(1, 11):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path), key],
            cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        key, n = done.stdout.split()
        assert int(n) == number
    assert [turn.state for turn in Conversations(tmp_path).get(key).turns] == ["open"] * 10


def test_many_threads_write_and_nothing_is_lost(told: Conversations) -> None:
    keys = [told.create(f"Talk {n}").id for n in range(4)]

    def write(n: int) -> None:
        told.begin_turn(keys[n % 4], f"Question {n}?", Scope())

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(200)))
    for at, key in enumerate(keys):
        turns = told.get(key).turns
        assert [turn.n for turn in turns] == list(range(1, 51))
        assert {turn.question for turn in turns} == {f"Question {n}?" for n in range(at, 200, 4)}


def test_words_of_names_questions_and_answers_find_a_conversation(told: Conversations, site: Site) -> None:
    answer = Assistant(site.library).ask(QUESTION)
    fire, tea = told.create(), told.create("About 100%_tea")
    told.end_turn(fire.id, told.begin_turn(fire.id, QUESTION, Scope()), answer)
    assert [item.id for item in told.list()] == [fire.id, tea.id]
    assert [item.id for item in told.list("firefighters northmere")] == [fire.id]
    assert [item.id for item in told.list("398")] == [fire.id]
    assert [item.id for item in told.list("100%_TEA")] == [tea.id]
    assert told.list("100x") == ()
    assert told.list("firefighters tea") == ()


def test_a_name_is_given_and_a_conversation_deleted_with_its_turns(told: Conversations) -> None:
    key = told.create().id
    told.begin_turn(key, "First question?", Scope())
    told.rename(key, "  My \n talk ")
    told.begin_turn(key, "Second question?", Scope())
    (listed,) = told.list()
    assert (listed.name, listed.named, listed.turns) == ("My talk", True, 2)
    for bad in ("", " ", "x" * (MAX_NAME + 1)):
        with pytest.raises(BadName):
            told.rename(key, bad)
    told.remove_turns(key, 2)
    assert [turn.question for turn in told.get(key).turns] == ["First question?"]
    told.delete(key)
    assert told.list() == ()
    for ask in (told.get, told.delete, told.history):
        with pytest.raises(UnknownConversation):
            ask(key)
    told.fail_turn(key, 1, "late")  # an answer that comes after the conversation went is nobody's
    assert told.list() == ()


def test_a_copy_of_the_folder_in_use_fits_together(told: Conversations, tmp_path: Path) -> None:
    key = told.create().id
    for n in range(50):
        told.begin_turn(key, f"Question {n}?", Scope())
    copied = tmp_path / "copy"
    copied.mkdir()
    for name in sorted(os.listdir(tmp_path), reverse=True):
        if name.startswith(DATABASE):
            shutil.copy(tmp_path / name, copied / name)
    assert len(Conversations(copied).get(key).turns) == 50


def test_a_database_that_is_none_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database" * 500)
    with pytest.raises(ConversationsUnusable, match="cannot be read or written"):
        Conversations(tmp_path).list()


# What became of sources


@pytest.fixture
def library_with_answer(library: Library, tmp_path: Path) -> tuple[Library, Path, dict[str, Any]]:
    path = tmp_path / "northmere.md"
    path.write_text(fire_report(2016, "good", 398, 6_905), encoding="utf-8")
    library.add([path])
    (citation,) = Assistant(library).ask(QUESTION).citations
    import dataclasses

    return library, path, json.loads(json.dumps(dataclasses.asdict(citation)))


def test_indexing_again_leaves_a_citation_as_it_was(
    library_with_answer: tuple[Library, Path, dict[str, Any]],
) -> None:
    library, path, citation = library_with_answer
    library.remove([citation["report_id"]])
    library.add([path])
    now = anchored(library, citation)
    assert (now.state, now.words, now.citation) == ("same", "", citation)


def test_a_citation_moves_to_where_a_new_version_has_the_same_words(
    library_with_answer: tuple[Library, Path, dict[str, Any]],
) -> None:
    library, path, citation = library_with_answer
    path.write_text(
        path.read_text().replace("## How well does the service use", "A new line.\n\n## How well does it use")
    )
    assert library.add([path]).replaced
    now = anchored(library, citation)
    assert now.state == "moved"
    moved = now.citation
    assert moved["report_id"] != citation["report_id"]
    assert moved["quote"] == citation["quote"]
    assert library.text(moved["report_id"])[moved["start"] : moved["end"]] == citation["quote"]
    assert moved["section"][-1] == "How well does it use its resources?"


def test_of_two_places_with_the_same_words_the_nearer_one_is_taken(
    library_with_answer: tuple[Library, Path, dict[str, Any]],
) -> None:
    library, path, citation = library_with_answer
    path.write_text(f"{path.read_text()}\n## Again\n\n{citation['quote']}\n", encoding="utf-8")
    library.add([path])
    assert anchored(library, citation).citation["start"] == citation["start"]


def test_a_source_that_says_something_else_now_is_marked_and_never_guessed(
    library_with_answer: tuple[Library, Path, dict[str, Any]],
) -> None:
    library, path, citation = library_with_answer
    path.write_text(path.read_text().replace("398", "399"), encoding="utf-8")
    library.add([path])
    now = anchored(library, citation)
    assert (now.state, now.citation) == ("changed", citation)
    assert "changed since" in now.words


def test_a_source_that_was_removed_is_said_to_be(library_with_answer: tuple[Library, Path, dict[str, Any]]) -> None:
    library, _, citation = library_with_answer
    library.remove([citation["report_id"]])
    assert anchored(library, citation).state == "removed"


# Over HTTP


def test_a_conversation_over_http_and_after_a_restart(site: Site, tmp_path: Path) -> None:
    with Serving(site.library) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=60) as api:
        begun = api.post("/conversations", json={})
        assert begun.status_code == 201
        key = begun.json()["id"]
        first = api.post("/ask", json={"question": QUESTION, "conversation": key}).json()
    with Serving(site.library) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=60) as api:
        with api.stream("POST", "/stream", json={"question": "And in 2015?", "conversation": key}) as reply:
            assert reply.status_code == 200
            assert "event: answer" in "".join(reply.iter_text())
        opened = api.get(f"/conversations/{key}").json()
        assert [turn["question"] for turn in opened["turns"]] == [QUESTION, "And in 2015?"]
        assert opened["turns"][0]["answer"] == first
        assert "412" in opened["turns"][1]["answer"]["text"]
        assert {source["state"] for turn in opened["turns"] for source in turn["sources"]} == {"same"}
        assert api.patch(f"/conversations/{key}", json={"name": "Crews"}).json()["name"] == "Crews"
        assert [
            item["id"] for item in api.get("/conversations", params={"q": "crews 2015"}).json()["conversations"]
        ] == [key]
        assert api.delete(f"/conversations/{key}").status_code == 204
        assert api.get(f"/conversations/{key}").status_code == 404
        asked = api.post("/ask", json={"question": QUESTION, "conversation": key})
        assert asked.status_code == 404
        assert "no such conversation" in asked.json()["error"]["message"]


def test_who_loses_the_connection_finds_the_answer_in_the_conversation(site: Site) -> None:
    with httpx.Client(base_url=f"{site.address}/api/v1", timeout=60) as api:
        key = api.post("/conversations", json={"name": "Lost"}).json()["id"]
        with api.stream("POST", "/stream", json={"question": QUESTION, "conversation": key}) as reply:
            next(reply.iter_lines())
        for _ in range(600):
            (turn,) = api.get(f"/conversations/{key}").json()["turns"]
            if turn["state"] != "open":
                break
            time.sleep(0.05)
        assert turn["state"] == "answered", turn
        assert "398" in turn["answer"]["text"]


def test_a_question_for_which_there_is_no_room_is_refused_and_leaves_no_turn(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 0)
    told = Conversations(tmp_path)
    asking = work.Asking(Assistant(site.library), told)
    key = told.create().id
    with pytest.raises(work.TooManyQuestions):
        asking.ask(QUESTION, (), Scope(), key)
    assert told.get(key).turns == ()
    asking.close()


def test_who_waits_when_the_server_ends_is_told(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 1)
    told = Conversations(tmp_path)
    asking = work.Asking(Assistant(site.library), told)
    streams = [asking.stream(QUESTION, (), Scope(), told.create().id) for _ in range(8)]
    asking.close()
    last = [list(stream)[-1] for stream in streams]
    assert {kind for kind, _ in last} <= {"answer", "error"}
    assert ("error", "ServerEnds") in [(kind, data.get("error", {}).get("type")) for kind, data in last]


def test_a_report_that_is_removed_while_it_is_cited_is_marked(site: Site) -> None:
    extra = site.folder / "eastmere-2016.md"
    extra.write_text(fire_report(2016, "good", 77, 1_234).replace("Northmere", "Eastmere"), encoding="utf-8")
    report_id = site.library.add([extra]).added[0].report_id
    with httpx.Client(base_url=f"{site.address}/api/v1", timeout=60) as api:
        key = api.post("/conversations", json={}).json()["id"]
        question = QUESTION.replace("Northmere", "Eastmere")
        assert "77" in api.post("/ask", json={"question": question, "conversation": key}).json()["text"]
        api.delete(f"/reports/{report_id}")
        (turn,) = api.get(f"/conversations/{key}").json()["turns"]
        assert turn["sources"][0]["state"] == "removed"
        assert turn["answer"]["citations"][0]["quote"]
        exported = api.get(f"/conversations/{key}/export", params={"format": "md"})
        assert "was removed from the library since" in exported.text
        assert "77 firefighters" in exported.text

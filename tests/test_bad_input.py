"""What people and programs send by mistake or on purpose: a clear message, nothing lost, nothing executed."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from index import Library
from index.embed import Embedder
from rag.uploads import MAX_FILE_BYTES, MAX_WAITING
from tests.conftest import Serving, fire_report

QUESTION = "How many firefighters did Northmere Fire Service employ in 2016?"
MEGABYTE = b"\0" * 1024 * 1024
SECONDS_TO_INDEX = 240
MARKUP = "<script>hacked=1</script><img src=x onerror=hacked=2> ../../etc/passwd \u202etxt.exe"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "northmere.md").write_text(fire_report(2016, "good", 398, 6_905), encoding="utf-8")
    with Library.open(folder / "library", embedder=embedder) as opened:
        opened.add([folder / "northmere.md"])
        yield opened


@pytest.fixture(scope="module")
def client(library: Library) -> Iterator[httpx.Client]:
    with Serving(library) as address, httpx.Client(base_url=address, timeout=120) as opened:
        yield opened


def sent(client: httpx.Client, name: str, content: bytes) -> dict[str, object]:
    """What became of an uploaded file."""
    reply = client.post("/uploads", params={"name": name}, content=content)
    assert reply.status_code == 200, reply.text
    return settled(client, reply.json()["id"])


def settled(client: httpx.Client, upload_id: str) -> dict[str, object]:
    until = time.monotonic() + SECONDS_TO_INDEX
    while True:
        state: dict[str, object] = client.get(f"/uploads/{upload_id}").json()
        if state["state"] in ("done", "refused"):
            return state
        assert time.monotonic() < until, state
        time.sleep(0.05)


def test_a_file_of_500_megabytes_is_refused_before_it_is_kept(client: httpx.Client, library: Library) -> None:
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _ in range(500):
            read += 1
            yield MEGABYTE

    before = library.reports()
    headers = {"content-length": str(500 * len(MEGABYTE))}
    reply = client.post("/uploads", params={"name": "big.pdf"}, content=pieces(), headers=headers)
    assert reply.status_code == 413
    assert f"larger than {MAX_FILE_BYTES // 1024:,} KB" in reply.text
    assert library.reports() == before


def test_a_program_that_is_called_a_pdf_is_refused_with_the_reason(client: httpx.Client) -> None:
    state = sent(client, "invoice.pdf", b"MZ\x90\x00\x03" + b"\0" * 5_000)
    assert state["state"] == "refused"
    assert state["words"] == "It is not a PDF, whatever its name says: check where it comes from"


def test_markup_in_a_name_and_a_title_stays_words(client: httpx.Client, library: Library) -> None:
    text = f"# {MARKUP}\n\nPublished 12 March 2016\n\nThe {MARKUP} board counted 4,211 kites in 2016.\n"
    state = sent(client, f"{MARKUP}.txt", text.encode())
    assert state["state"] == "done", state
    info = next(info for info in library.reports() if "hacked" in info.title)
    assert "/" not in info.file and "\u202e" not in info.file
    listed = client.get("/api/v1/reports")
    assert listed.headers["content-type"] == "application/json"
    assert listed.headers["x-content-type-options"] == "nosniff"
    answer = client.post("/api/v1/ask", json={"question": "How many kites did the board count in 2016?"}).json()
    assert "4,211" in answer["text"]
    assert "<script>" in answer["citations"][0]["quote"]
    source = client.get(f"/source/{info.report_id}")
    assert source.headers["content-type"].startswith("text/plain")
    library.remove([info.report_id])


def test_200_files_at_once_are_taken_or_refused_in_words_and_none_is_lost(
    client: httpx.Client, library: Library
) -> None:
    def send(number: int) -> tuple[int, str]:
        text = fire_report(1900 + number, "good", 100 + number, 1_000 + number)
        reply = client.post("/uploads", params={"name": f"report-{number}.md"}, content=text.encode())
        return reply.status_code, reply.json()["id"] if reply.status_code == 200 else reply.text

    with ThreadPoolExecutor(32) as pool:
        asked = pool.submit(lambda: client.post("/api/v1/ask", json={"question": QUESTION}).status_code)
        replies = list(pool.map(send, range(200)))
        assert asked.result() == 200
    taken = [words for status, words in replies if status == 200]
    refused = [words for status, words in replies if status != 200]
    assert len(taken) >= MAX_WAITING
    assert {status for status, _ in replies} <= {200, 429}
    assert all("files are waiting to be indexed" in words for words in refused)
    states = [settled(client, upload_id) for upload_id in taken]
    assert [state["state"] for state in states] == ["done"] * len(taken)
    names = {state["name"] for state in states}
    assert names <= {info.file for info in library.reports()}


def test_reports_that_go_while_they_are_asked_give_an_answer_or_a_sentence(
    client: httpx.Client, library: Library, tmp_path: Path
) -> None:
    """A report is removed and added again all the while; no question ends without words."""
    path = tmp_path / "eastmere.md"
    path.write_text(fire_report(2016, "good", 77, 1_234).replace("Northmere", "Eastmere"), encoding="utf-8")
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            report_id = library.add([path]).added[0].report_id
            library.remove([report_id])

    going = threading.Thread(target=come_and_go)
    going.start()
    try:
        body = {"question": QUESTION.replace("Northmere", "Eastmere")}
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: client.post("/api/v1/ask", json=body), range(40)))
    finally:
        over.set()
        going.join()
    for reply in replies:
        assert reply.status_code in (200, 404, 503), reply.text
        told = json.loads(reply.text)
        assert told["text"] if reply.status_code == 200 else told["error"]["message"]

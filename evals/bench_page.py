"""How long people wait for the page: `python -m evals.bench_page LIBRARY "question" "question" …`.

Some people ask at once through the page's own queue, as a browser does, a bounded number of questions each; then again
while a PDF of 300 pages is uploaded. Printed are the times to the first step, to the first text and to the whole
answer, in milliseconds, and the load of the machine, without which they say little.
"""

import io
import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from index import Library

from .screenshots import served

PEOPLE, EACH = 8, 4
PDF_PAGES = 300
TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Waited:
    """Milliseconds from the question to the first step, the first text and the whole answer that a browser shows."""

    step: float
    text: float
    whole: float


def ask(client: httpx.Client, function: int, question: str) -> Waited:
    """Ask as the page does: join the queue, then read its events."""
    session = uuid.uuid4().hex
    data = [question, [], [], [], "", ""]
    began = time.perf_counter()
    client.post(
        "/gradio_api/queue/join", json={"data": data, "fn_index": function, "session_hash": session}
    ).raise_for_status()
    step = text = 0.0
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            waited = 1000 * (time.perf_counter() - began)
            if "cw-working" in line and not step:
                step = waited
            if not text and ("<strong>" in line.split("cw-text", 1)[-1] or "cw-how" in line):
                text = waited
            if line.startswith("data:") and json.loads(line[5:]).get("msg") == "process_completed":
                return Waited(step or waited, text or waited, waited)
    raise SystemExit("the connection ended before the answer")


def together(address: str, questions: Sequence[str]) -> list[Waited]:
    """All people ask at once, each `EACH` questions one after the other."""
    with httpx.Client(base_url=address, timeout=TIMEOUT_S) as client:
        functions = client.get("/config").json()["dependencies"]
        asking = next(number for number, one in enumerate(functions) if len(one["inputs"]) == 6)

        def person(number: int) -> list[Waited]:
            return [ask(client, asking, questions[(number + turn) % len(questions)]) for turn in range(EACH)]

        with ThreadPoolExecutor(PEOPLE) as people:
            return [one for all_of_one in people.map(person, range(PEOPLE)) for one in all_of_one]


def long_pdf(pages: int = PDF_PAGES) -> bytes:
    """A PDF of so many pages of text."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    for page in range(1, pages + 1):
        for line in range(30):
            canvas.drawString(60, 780 - 24 * line, f"On page {page} the board counted {page * 31 + line:,} parcels.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def show(name: str, waited: Sequence[Waited]) -> None:
    """One line: median and 95th percentile of each time."""
    parts = []
    for what in ("step", "text", "whole"):
        times = sorted(getattr(one, what) for one in waited)
        parts.append(f"{what} {statistics.median(times):,.0f} / {times[int(0.95 * (len(times) - 1))]:,.0f}")
    sys.stdout.write(f"{name}: {'; '.join(parts)} ms (median / 95th), load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.flush()


def main(folder: Path, questions: Sequence[str]) -> None:
    """Measure over a library, which gains and loses a report by it."""
    with Library.open(folder) as library, served(library) as address:
        time.sleep(20)  # the models are loaded and the examples tried
        show("one person", [one for _ in range(3) for one in together_of_one(address, questions)])
        show(f"{PEOPLE} people", together(address, questions))
        with httpx.Client(base_url=address, timeout=TIMEOUT_S) as client:
            name = f"long {uuid.uuid4().hex[:6]}.pdf"
            upload = client.post("/uploads", params={"name": name}, content=long_pdf()).json()
            show(f"{PEOPLE} people, {PDF_PAGES} pages being indexed", together(address, questions))
            state = client.get(f"/uploads/{upload['id']}").json()
            sys.stdout.write(f"the upload then: {state['state']}, {state['percent']} percent\n")


def together_of_one(address: str, questions: Sequence[str]) -> list[Waited]:
    """One person asks each question once."""
    with httpx.Client(base_url=address, timeout=TIMEOUT_S) as client:
        functions = client.get("/config").json()["dependencies"]
        asking = next(number for number, one in enumerate(functions) if len(one["inputs"]) == 6)
        return [ask(client, asking, question) for question in questions]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

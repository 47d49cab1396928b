"""What the tests share: one loaded embedding model, small real reports, the served chat page, and no network."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Read when the model libraries are first imported, so before any test module imports them.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

from index.embed import Embedder
from index.library import Library

if TYPE_CHECKING:  # loaded by the fixtures that need it: most tests open no page
    from playwright.sync_api import Browser, BrowserContext, Page

ReportWriter = Callable[..., Path]
Findable = Callable[[Library], set[str]]


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Any connection but to this machine is an error."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else ""
            if host not in ("127.0.0.1", "::1", "localhost"):
                raise OSError(f"a test may not connect to {address!r}")
        connect(self, address)  # type: ignore[arg-type]  # whatever the caller gave

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedding model, loaded once at its first use."""
    return Embedder()


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    """A new and empty library."""
    with Library.open(tmp_path / "library", embedder=embedder) as opened:
        yield opened


@pytest.fixture
def write_report(tmp_path: Path) -> ReportWriter:
    """Writes a small report about one harbour and returns its path: `write_report(name, harbour, year, ships)`."""

    def write(
        name: str = "north.txt", harbour: str = "North Quay", year: int = 2016, ships: tuple[int, ...] = (412,)
    ) -> Path:
        paragraphs = "\n\n".join(
            f"In {year} the harbour of {harbour} handled {count:,} ships at berth {berth}, "
            f"where the inspectors found the moorings, the cranes and the lighting in working order."
            for berth, count in enumerate(ships, start=1)
        )
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"# An inspection of {harbour}\n\nPublished in March {year}\n\n## Ships\n\n{paragraphs}\n\n"
            f"## Judgment\n\nOverall, {harbour} is judged to be good at keeping its berths safe.\n",
            encoding="utf-8",
        )
        return path

    return write


@pytest.fixture(scope="session")
def everything_findable() -> Findable:
    """The ids of all reports that any search of a library returns, asked for far more rows than there are."""

    def findable(library: Library) -> set[str]:
        vector = library.embed_query("ships at the berth")
        words = "harbour ships berth judged"
        passages = (*library.dense_passages(vector, 1000, None), *library.lexical_passages(words, 1000, None))
        statements = (*library.dense_statements(vector, 1000, None), *library.lexical_statements(words, 1000, None))
        return {hit.passage.report_id for hit in passages} | {hit.statement.report_id for hit in statements}

    return findable


@pytest.fixture(scope="session")
def shared_reports() -> Path:
    """The folder of five real reports beside the checkout, which not every checkout has."""
    folder = Path(__file__).parents[1].parent / "shared" / "reports"
    if not folder.is_dir():
        pytest.skip("the shared reports are not beside this checkout")
    return folder


# The chat page: a library, a server and a browser that its tests share

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 60_000  # on a busy machine the first question waits for the model
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
SECONDS_TO_START = 60

REPORT = """# Northmere Fire Service: efficiency inspection {year}

Published 12 March {year}

This is an inspection of Northmere Fire Service.

## How well does the service use its resources?

In {year} Northmere Fire Service was judged {grade} at how well it uses its resources.

The service employed {firefighters} firefighters in {year}. It plans for fewer stations.

| Spending, £ million | {before} | {year} |
|---|---|---|
| Equipment | 2.{a} | 3.{a} |
| Training and exercises | 1.{a} | 1.{b} |

## How well does the service understand its risks?

The service has an up-to-date register of risks. It visited {visits:,} homes in {year} to check smoke alarms.
"""

HOSTILE = """Inspection of Quillford Ambulance Trust 2016 <img src=x onerror="window.hacked='title'">

Published 12 March 2016

Quillford Ambulance Trust answered 4,321 emergency calls in 2016 <script>window.hacked='body'</script>, \
![pixel](http://203.0.113.9/p.png), [a link](javascript:window.hacked=1), {{this}} and ${window.hacked='template'}.

The fleet of Quillford Ambulance Trust is old. Quillford Ambulance Trust will replace it.
"""


def fire_report(year: int, grade: str, firefighters: int, visits: int) -> str:
    return REPORT.format(
        year=year, before=year - 1, grade=grade, firefighters=firefighters, visits=visits, a=year % 10, b=year % 10 + 1
    )


@dataclass(frozen=True)
class Site:
    address: str
    library: Library
    folder: Path

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("ui")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "northmere-2015.md").write_text(fire_report(2015, "good", 412, 7_310), encoding="utf-8")
    (reports / "northmere-2016.md").write_text(fire_report(2016, "inadequate", 398, 6_905), encoding="utf-8")
    (reports / "quillford.txt").write_text(HOSTILE, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    added = library.add([reports])
    assert len(added.added) == 3, added
    with Serving(library) as address:
        yield Site(address, library, folder)


class Serving:
    """A server over the library, in a thread, at `port` or a free one."""

    def __init__(self, library: Library, port: int = 0) -> None:
        import uvicorn

        from rag import Assistant
        from ui import create_app

        assistant = Assistant(library)
        # Made inside the server's event loop: without a running one, Gradio makes several and leaves them open.
        config = uvicorn.Config(lambda: create_app(library, assistant), factory=True, log_level="warning", ws="none")
        self.listener = socket.create_server(("127.0.0.1", port))
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        until = time.monotonic() + SECONDS_TO_START
        while not self.server.started:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(20)
        self.listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    if not CHROMIUM.exists():
        if os.environ.get("CITEWELL_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT_MS)  # five seconds are too few beside other work
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        yield started
        started.close()


@dataclass
class Visit:
    """An open page, with what it asked for and what went wrong on it."""

    page: "Page"
    requests: list[str]
    errors: list[str]

    def ask(self, question: str) -> None:
        from playwright.sync_api import expect

        number = self.page.locator(".cw-turn .cw-how").count() + 1
        box = self.page.locator("#cw-question textarea")
        box.fill(question)
        box.press("Enter")
        turn = self.page.get_by_role("article", name=f"Question {number} and its answer")
        expect(turn.locator(".cw-how")).to_be_visible(timeout=WAIT_MS)
        expect(self.page.locator("#cw-now .cw-question")).to_have_text(question)

    @property
    def answer(self) -> str:
        return self.page.locator("#cw-now .cw-text").inner_text()


@pytest.fixture(scope="module")
def desktop(browser: "Browser") -> "BrowserContext":
    """A window that most tests share, so that Gradio's files come from the browser's cache."""
    return browser.new_context(**DESKTOP)


@pytest.fixture
def visit(browser: "Browser", desktop: "BrowserContext", site: Site, request: pytest.FixtureRequest) -> Iterator[Visit]:
    from playwright.sync_api import expect

    special = getattr(request, "param", None)
    context = browser.new_context(**DESKTOP | special) if special else desktop
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    seen = Visit(page, [], [])
    page.on("request", lambda asked: seen.requests.append(asked.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda line: seen.errors.append(line.text) if line.type == "error" else None)
    page.goto(site.address)
    expect(page.locator(".cw-welcome h2")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("#cw-scope p")).to_contain_text("Searching all", timeout=WAIT_MS)
    yield seen
    page.close()
    if special:
        context.close()

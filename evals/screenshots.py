"""Takes the pictures of the page that the documentation shows: `python -m evals.screenshots [FOLDER [NAME…]]`.

The sample reports are indexed into a folder of their own and served on this machine; where the joint inspections lie
beside the checkout (../shared), a picture is taken over them too. Needs Chromium and the extra `test`.
"""

import io
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import Library

from .run import kept_library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
SIZES = ((1440, 900), (768, 1024), (360, 780))
MOST_BYTES = 200_000
WAIT_MS = 120_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's name, and what is done on the page before it is taken."""

    name: str
    act: Callable[["Page"], None]


def ask(page: "Page", question: str) -> None:
    """Ask and wait for the whole answer."""
    before = page.locator(".cw-turn .cw-how").count()
    page.locator("#cw-question textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.cw-turn .cw-how').length > {before}", timeout=WAIT_MS)
    page.wait_for_timeout(400)


def _start(page: "Page") -> None:
    page.wait_for_selector(".cw-examples button", timeout=WAIT_MS)


def _cited(question: str) -> Callable[["Page"], None]:
    def act(page: "Page") -> None:
        ask(page, question)
        page.locator("#cw-now .cw-text a[data-cite]").first.click()
        page.wait_for_selector("#cw-quote:visible, .cw-box:visible", timeout=WAIT_MS)
        page.wait_for_function("[...document.querySelectorAll('.cw-paper img')].every(i => i.complete)")
        page.wait_for_timeout(600)

    return act


def _answer(question: str) -> Callable[["Page"], None]:
    def act(page: "Page") -> None:
        ask(page, question)
        page.wait_for_timeout(3000)

    return act


def _looked(view: str, text: str) -> Callable[["Page"], None]:
    def act(page: "Page") -> None:
        page.locator(f"[data-view-link={view}]").click()
        page.locator(f"#cw-{view}-text").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_selector(f".cw-view[data-name={view}] .cw-view-head", timeout=WAIT_MS)
        page.wait_for_timeout(300)

    return act


def _profile(page: "Page") -> None:
    page.locator("[data-view-link=reports]").click()
    page.locator(".cw-reports [data-profile]").last.click()
    page.wait_for_selector("#cw-profile h2", timeout=WAIT_MS)
    page.wait_for_timeout(300)


PICTURES = (
    Picture("start", _start),
    Picture("answer", _answer("How many PCSOs did Leicestershire Police plan for 2020?")),
    Picture("evidence", _cited("What did the 2014 report say about the number of PCSOs in 2010?")),
    Picture("timeline", _looked("timeline", "number of PCSOs")),
    Picture("judgments", _looked("timeline", "How was Leicestershire Police judged at efficiency?")),
    Picture("compare", _looked("compare", "How many PCSOs are there?")),
    Picture("profile", _profile),
)
JOINT = (Picture("joint-evidence", _cited("When did the 2022 joint targeted area inspection of Barnsley take place?")),)


@contextmanager
def served(library: Library) -> Iterator[str]:
    """The address of the page over a library, served in a thread."""
    import uvicorn

    from rag import Assistant
    from ui import create_app

    assistant = Assistant(library)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(lambda: create_app(library, assistant), factory=True, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)


def take(browser: "Browser", address: str, pictures: tuple[Picture, ...], folder: Path) -> None:
    """Each picture at each size, light and dark, as WebP of at most `MOST_BYTES`."""
    from PIL import Image

    for picture in pictures:
        for width, height in SIZES:
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
                )
                page = context.new_page()
                page.set_default_timeout(WAIT_MS)
                page.goto(address)
                page.wait_for_selector(".cw-welcome h2")
                picture.act(page)
                image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                path = folder / f"{picture.name}-{width}-{scheme}.webp"
                for quality in (88, 75, 60):
                    image.save(path, "WEBP", quality=quality, method=6)
                    if path.stat().st_size <= MOST_BYTES:
                        break
                context.close()


def _named(pictures: tuple[Picture, ...], names: Sequence[str]) -> tuple[Picture, ...]:
    return tuple(picture for picture in pictures if not names or picture.name in names)


def main(folder: Path = IMAGES, names: Sequence[str] = ()) -> None:
    """Take the pictures of these names, else all, into `folder`."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    joint = ROOT.parent / "shared" / "corpora" / "jtai_joint_inspections" / "docs"
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        with Library.open(Path(made) / "samples") as library:
            library.add([ROOT / "samples" / "reports"])
            with served(library) as address:
                take(browser, address, _named(PICTURES, names), folder)
        if joint.is_dir() and _named(JOINT, names):
            with kept_library(joint, "jtai_joint_inspections") as kept:  # a copy, since conversations are kept in it
                shutil.copytree(kept.folder, Path(made) / "joint")
            with Library.open(Path(made) / "joint") as library, served(library) as address:
                take(browser, address, _named(JOINT, names), folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES, sys.argv[2:])

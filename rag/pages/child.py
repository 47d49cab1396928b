"""Pages are drawn and read in a child process: a file that crashes PDFium, or eats its memory or time, costs that
process and one picture.

It is told which file and page over a pipe and answers in JSON, as the process that reads files for indexing does
(`index.sandbox`). It runs at low priority, so that asking comes first.
"""

import base64
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from index.errors import CitewellError
from index.readers import Limits, NotReadable
from index.sandbox import FRAME_LENGTH, end_child, exchange, give_up_rights, limit_child, send_answer

LIMITS = Limits(memory_bytes=1536 * 1024**2, cpu_seconds=20, wall_seconds=20.0)
_START_SECONDS = 20.0  # for a child that has to start first
_MOST_REQUESTS = 500  # after which a child is replaced, so that what PDFium leaks stays bounded
_NICE = 10
_BOOTSTRAP = "import sys; sys.path.insert(0, sys.argv[1]); from rag.pages.child import serve; serve()"


class PageUnreadable(CitewellError):
    """A page that cannot be drawn or read: the file is damaged there, or too costly."""

    def __init__(self, page: int) -> None:
        super().__init__(f"Page {page} cannot be shown: it is damaged, or too large to draw. Open the file itself.")
        self.page = page


class PageProcess:
    """The child. It starts with the first request, and again after each failure; one request at a time."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._asked = 0
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._stop()

    def picture(self, path: Path, page: int, width: int) -> tuple[bytes, int, int]:
        """The page (from 1) as WebP, and its width and height in pixels. Raises PageUnreadable."""
        answer = self._ask({"do": "picture", "path": str(path), "page": page, "width": width})
        return base64.b64decode(answer["webp"]), answer["width"], answer["height"]

    def characters(self, path: Path, page: int) -> tuple[list[tuple[str, float, float, float, float]], float]:
        """The page's characters as `read.characters` gives them, and its height as a multiple of its width.
        Raises PageUnreadable."""
        answer = self._ask({"do": "characters", "path": str(path), "page": page})
        return [(c, left, top, right, bottom) for c, left, top, right, bottom in answer["characters"]], answer["aspect"]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(request).encode()
        answer: dict[str, Any] = {"failed": "late"}
        with self._lock:
            if self._child is None or self._child.poll() is not None or self._asked >= _MOST_REQUESTS:
                self._stop()
                self._child, self._asked = _start(self._limits), 0
            self._asked += 1
            deadline = time.monotonic() + self._limits.wall_seconds + _START_SECONDS
            try:
                answer = exchange(self._child, FRAME_LENGTH.pack(len(body)) + body, deadline, self._limits)
            except NotReadable as error:
                raise PageUnreadable(request["page"]) from error
            finally:
                if "failed" in answer:
                    self._stop()
        if "failed" in answer:
            raise PageUnreadable(request["page"])
        return answer

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            end_child(child)


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _BOOTSTRAP, str(root), json.dumps(dataclasses.asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        start_new_session=True,  # an interrupt from the keyboard is for the parent to handle
    )


def serve() -> None:
    """The child's whole life: answer until the pipe is closed. An error that was not foreseen ends it."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    os.nice(_NICE)
    import_module("rag.pages.read")  # before rights are given up: what it imports may look for programs
    give_up_rights()
    limits = Limits(**json.loads(sys.argv[2]))
    while header := requests.read(FRAME_LENGTH.size):
        request = json.loads(requests.read(FRAME_LENGTH.unpack(header)[0]))
        limit_child(limits)
        try:
            answer = _answer(request)
        except (OSError, ValueError, RuntimeError, MemoryError) as error:  # PdfiumError is a RuntimeError
            answer = {"failed": type(error).__name__}
        signal.alarm(0)
        send_answer(answers, answer)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import pypdfium2 as pdfium

    from .read import characters, picture, size

    document = pdfium.PdfDocument(request["path"])
    try:
        if request["do"] == "picture":
            image, width, height = picture(document, request["page"], request["width"])
            return {"webp": base64.b64encode(image).decode("ascii"), "width": width, "height": height}
        wide, high = size(document, request["page"])
        return {"characters": characters(document, request["page"]), "aspect": round(high / wide, 6)}
    finally:
        document.close()

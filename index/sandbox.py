"""Readers run in a child process: a file that crashes a parser, or eats its memory or time, costs one process.

The child loads only the one reader that a file needs and serves file after file until it is closed. It gets the
bytes over a pipe and answers in JSON, so that nothing it sends can run here. Limits on memory and processor time are
the operating system's; the wall clock is kept on this side, which kills a child that is late, and one that stays at its
limit of memory: Python 3.11 may handle a `MemoryError` for ever where not even a number can be allocated.
"""

import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from .readers import Limits, NotReadable
from .records import RawBlock, RawCell, RawReport

_READERS = {
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/rtf": "rtf",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "message/rfc822": "eml",
}
FRAME_LENGTH = struct.Struct(">Q")
_MAX_FILES = 50  # files after which a child is replaced, so that what parsers leak stays bounded
_START_SECONDS = 20.0  # on top of a file's own time, for a child that has to start first
_DYING_SECONDS = 2.0  # for a child that has closed its pipe to end, so that its status tells why
_CHUNK = 1 << 20
_LOOK_SECONDS = 0.25  # between looks at a child's memory
_LOOKS = 8  # in a row that find a child at its limit: more than a file that just fits would take there
_AT_LIMIT = 2 << 20  # bytes below the limit: Python asks for memory by the megabyte
# `index` is put in place as a bare package: its `__init__` would load far more than one reader.
_BOOTSTRAP = """
import sys, types
root = sys.argv[1]
package = types.ModuleType("index")
package.__path__ = [root]
sys.modules["index"] = package
from index.sandbox import serve
serve()
"""


class ReaderProcess:
    """A child that reads files, one at a time. It starts at the first file, and again after each failure."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._lock = threading.Lock()

    def __enter__(self) -> "ReaderProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child. The next `read` would start another."""
        child, self._child = self._child, None
        if child is not None:
            end_child(child)

    def read(self, data: bytes, media_type: str, limits: Limits) -> RawReport:
        """What the reader for `media_type` finds in `data`. Raises `NotReadable`, also for every way to fail."""
        request = {"reader": _READERS[media_type], "limits": _limits_to_json(limits)}
        header = json.dumps(request).encode()
        message = FRAME_LENGTH.pack(len(header)) + header + FRAME_LENGTH.pack(len(data)) + data
        with self._lock:
            if self._child is None or self._child.poll() is not None or self._files >= _MAX_FILES:
                self.close()
                self._child, self._files = _start(), 0
            self._files += 1
            answer = None
            try:
                answer = exchange(self._child, message, time.monotonic() + limits.wall_seconds + _START_SECONDS, limits)
            finally:
                if answer is None or "failed" in answer:
                    self.close()
        return _report(answer, limits)


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-B", "-c", _BOOTSTRAP, str(Path(__file__).parent)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        start_new_session=True,  # an interrupt from the keyboard is for the parent to handle
    )


def end_child(child: subprocess.Popen[bytes], after: float = 0.0) -> int:
    """Kill the child if it does not end by itself, close its pipes, and return its exit status."""
    try:
        child.wait(timeout=after)
    except subprocess.TimeoutExpired:
        child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    return child.wait()


def exchange(child: subprocess.Popen[bytes], message: bytes, deadline: float, limits: Limits) -> dict[str, Any]:
    """Send the request and return the answer. Raises `NotReadable` where the child is late or ends without one."""
    assert child.stdin is not None and child.stdout is not None
    os.set_blocking(child.stdin.fileno(), False)
    unsent, received = memoryview(message), bytearray()
    looks = 0
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdin, selectors.EVENT_WRITE)
        ready.register(child.stdout, selectors.EVENT_READ)
        while (
            len(received) < FRAME_LENGTH.size
            or len(received) < FRAME_LENGTH.size + FRAME_LENGTH.unpack_from(received)[0]
        ):
            left = deadline - time.monotonic()
            events = ready.select(min(left, _LOOK_SECONDS)) if left > 0 else []
            looks = 0 if events or _address_space(child) < limits.memory_bytes - _AT_LIMIT else looks + 1
            if looks == _LOOKS or left <= 0:
                end_child(child)
                raise NotReadable(_why_it_died(-signal.SIGKILL if looks == _LOOKS else -signal.SIGALRM, limits))
            for key, _ in events:
                if key.fileobj is child.stdout:
                    piece = os.read(child.stdout.fileno(), _CHUNK)
                    if not piece:
                        raise NotReadable(_why_it_died(end_child(child, after=_DYING_SECONDS), limits))
                    received += piece
                else:
                    try:
                        unsent = unsent[os.write(child.stdin.fileno(), unsent[:_CHUNK]) :]
                    except BrokenPipeError:
                        unsent = unsent[:0]
                    if not unsent:
                        ready.unregister(child.stdin)
    answer: dict[str, Any] = json.loads(received[FRAME_LENGTH.size :])
    return answer


def _address_space(child: subprocess.Popen[bytes]) -> int:
    """The bytes that count against a child's limit of memory; 0 where the operating system does not say."""
    try:
        pages = Path(f"/proc/{child.pid}/statm").read_text().split()[0]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGESIZE")


def _why_it_died(status: int, limits: Limits) -> str:
    if status == -signal.SIGXCPU:
        return f"it takes more than {limits.cpu_seconds} seconds of processor time to read: split it, or save it anew"
    if status == -signal.SIGALRM:
        return f"it takes more than {limits.wall_seconds:g} seconds to read: split it, or save it anew"
    memory = limits.memory_bytes // 1024**2
    return f"it is damaged, or needs more than {memory:,} MB of memory to read: open it, save a fresh copy and add that"


def _report(answer: dict[str, Any], limits: Limits) -> RawReport:
    if "refused" in answer:
        raise NotReadable(answer["refused"])
    if answer.get("failed") == "MemoryError":
        raise NotReadable(_why_it_died(-signal.SIGKILL, limits))
    if "failed" in answer:
        raise NotReadable(
            f"it is damaged, or made in a way that cannot be read ({answer['failed']}): "
            "open it, save a fresh copy and add that"
        )
    return RawReport(
        blocks=tuple(_block_from_json(block) for block in answer["blocks"]),
        title_hint=answer["title_hint"],
        date_hint=answer["date_hint"],
        pages=answer["pages"],
        warnings=tuple(answer["warnings"]),
        pages_not_read=tuple(answer["pages_not_read"]),
    )


def _block_from_json(row: list[Any]) -> RawBlock:
    kind, text, level, page, label, breaks, table, cells, header_row = row
    return RawBlock(
        kind=kind,
        text=text,
        level=level,
        page=page,
        page_label=label,
        page_breaks=tuple((offset, number) for offset, number in breaks),
        table=table,
        cells=tuple(RawCell(cell, columns) for cell, columns in cells),
        header_row=header_row,
    )


def _block_to_json(block: RawBlock) -> list[Any]:
    cells = [(cell.text, cell.columns) for cell in block.cells]
    return [
        block.kind,
        block.text,
        block.level,
        block.page,
        block.page_label,
        block.page_breaks,
        block.table,
        cells,
        block.header_row,
    ]


def _limits_to_json(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in Limits.__dataclass_fields__}


def serve() -> None:
    """The child's whole life: read a file, answer, until the pipe is closed. Standard output is kept for answers,
    whatever a parser prints. An error that no reader foresaw is answered and ends the process."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    give_up_rights()

    def answer_and_die(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        send_answer(answers, {"failed": kind.__name__})

    sys.excepthook = answer_and_die
    while header := requests.read(FRAME_LENGTH.size):
        request = json.loads(requests.read(FRAME_LENGTH.unpack(header)[0]))
        data = requests.read(FRAME_LENGTH.unpack(requests.read(FRAME_LENGTH.size))[0])
        limits = Limits(**request["limits"])
        limit_child(limits)
        try:
            answer = _answer(request["reader"], data, limits)
        except NotReadable as refusal:
            answer = {"refused": refusal.reason}
        signal.alarm(0)
        send_answer(answers, answer)


def _answer(reader: str, data: bytes, limits: Limits) -> dict[str, Any]:
    from importlib import import_module

    raw: RawReport = import_module(f"index.readers.{reader}").read(data, limits)
    return {
        "blocks": [_block_to_json(block) for block in raw.blocks],
        "title_hint": raw.title_hint,
        "date_hint": raw.date_hint,
        "pages": raw.pages,
        "warnings": raw.warnings,
        "pages_not_read": raw.pages_not_read,
    }


def send_answer(pipe: IO[bytes], answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode("ascii")
    payload = memoryview(FRAME_LENGTH.pack(len(body)) + body)
    while payload:
        payload = payload[pipe.write(payload) :]


def limit_child(limits: Limits) -> None:
    """Set the operating system's limits for the next file. Processor time counts from the child's start, so the
    time already used is added. The alarm ends a child whose parent is gone."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1
    for what, soft in ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    signal.alarm(int(limits.wall_seconds) + 1)


def give_up_rights() -> None:
    """No file is written, no process started, no address called, whatever a document brings a parser to do."""
    import resource

    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.exec", "os.fork", "os.system"):
            raise PermissionError(f"{event} is not allowed while a document is read")

    sys.addaudithook(refuse)

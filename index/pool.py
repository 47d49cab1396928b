"""Files prepared in processes of their own, ahead of the one that embeds and stores them.

A worker is a plain child with a pipe and no `multiprocessing`, which would run the caller's script again in each
child. It reads a file's path, and answers with the prepared report or the reason for which there is none. Parsers
still run in a sandbox below it.
"""

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import UnreadableReport
from .prepare import prepare
from .records import PreparedReport
from .sandbox import ReaderProcess
from .walk import display_name

AHEAD = 2  # files that are prepared or being prepared beyond one for each worker
_LENGTH = struct.Struct(">Q")
_ENDING_SECONDS = 5.0
# `index` is put in place as a bare package: its `__init__` would load the stores.
_BOOTSTRAP = """
import sys, types
root = sys.argv[1]
package = types.ModuleType("index")
package.__path__ = [root]
sys.modules["index"] = package
from index.pool import serve
serve()
"""


class Pool:
    """Up to `workers` processes, started as files come. Use `preparing` to get one."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="citewell-prepare")
        self._mine = threading.local()
        self._children: list[subprocess.Popen[bytes]] = []
        self._closed = False
        self._lock = threading.Lock()

    def submit(self, path: Path) -> "Future[PreparedReport]":
        """The report of a file, in time. Its `result` raises UnreadableReport, also where a worker dies of the file."""
        return self._threads.submit(self._prepare, path)

    def processes(self) -> tuple[int, ...]:
        """The ids of the processes that were started and not yet replaced."""
        with self._lock:
            return tuple(child.pid for child in self._children)

    def close(self) -> None:
        """End all processes, whatever they are at."""
        with self._lock:
            self._closed = True
            for child in self._children:
                child.terminate()
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            _end(child)

    def _prepare(self, path: Path) -> PreparedReport:
        child = self._child()
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(os.fsencode(path).hex().encode() + b"\n")
            child.stdin.flush()
            answer = _receive(child.stdout)
        except (BrokenPipeError, EOFError) as error:
            status = child.wait()
            raise UnreadableReport(display_name(path), _why_it_died(status)) from error
        if isinstance(answer, UnreadableReport):
            raise answer
        return answer

    def _child(self) -> "subprocess.Popen[bytes]":
        child: subprocess.Popen[bytes] | None = getattr(self._mine, "child", None)
        if child is None or child.poll() is not None:
            with self._lock:
                if self._closed:
                    raise EOFError("the pool is closed")
                if child is not None:
                    self._children.remove(child)
                    _end(child)
                child = self._mine.child = _start()
                self._children.append(child)
        return child


@contextmanager
def preparing(workers: int) -> Iterator[Pool | None]:
    """A pool of so many workers; None for fewer than two, where the caller does as well by itself."""
    if workers < 2:
        yield None
        return
    pool = Pool(workers)
    try:
        yield pool
    finally:
        pool.close()


def serve() -> None:
    """A worker's whole life: a path a line, an answer each, until the pipe is closed."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not end up among the answers

    with ReaderProcess() as reader:
        for line in sys.stdin.buffer:
            path = Path(os.fsdecode(bytes.fromhex(line.decode().strip())))
            answer: PreparedReport | UnreadableReport
            try:
                answer = prepare(path, reader=reader)
            except UnreadableReport as error:
                answer = UnreadableReport(error.file, error.reason)
            body = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
            answers.write(_LENGTH.pack(len(body)))
            answers.write(body)
            answers.flush()


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _BOOTSTRAP, str(Path(__file__).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt from the keyboard is for the parent to handle
    )


def _receive(pipe: IO[bytes]) -> PreparedReport | UnreadableReport:
    length = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]
    answer: PreparedReport | UnreadableReport = pickle.loads(_exactly(pipe, length))  # written by `serve`
    return answer


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError("the worker ended")
    return data


def _end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    child.wait()


def _why_it_died(status: int) -> str:
    how = f"signal {-status}" if status < 0 else f"exit status {status}"
    return f"the process that prepared it ended early ({how}): add it by itself to see why"

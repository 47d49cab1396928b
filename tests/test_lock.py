"""One writer at a time, refused at once and by name; readers and single operations keep out of each other's way."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import LibraryBusy
from index.lock import Gate, WriterLock

ROOT = Path(__file__).parents[1]
HOLD = """
import sys, time
from pathlib import Path
from index.lock import WriterLock
WriterLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_at_once_with_the_holders_id(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    began = time.monotonic()
    with pytest.raises(LibraryBusy) as refused:
        WriterLock(tmp_path / "lock").acquire()
    assert time.monotonic() - began < 1
    assert refused.value.holder == holder.pid
    assert str(holder.pid) in str(refused.value)


def test_a_killed_holder_blocks_nobody(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    lock = WriterLock(tmp_path / "lock")
    lock.acquire()
    lock.release()


def test_a_second_writer_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    first, second = WriterLock(tmp_path / "lock"), WriterLock(tmp_path / "lock")
    first.acquire()
    with pytest.raises(LibraryBusy) as refused:
        second.acquire()
    assert refused.value.holder == os.getpid()
    first.release()
    second.acquire()
    second.release()


def test_many_readers_pass_the_gate_together_and_an_operation_waits_for_them(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    done = threading.Event()

    def operate() -> None:
        with gate.exclusive():
            done.set()

    operation = threading.Thread(target=operate)
    with gate.shared(), gate.shared():
        operation.start()
        assert not done.wait(0.1)
    assert done.wait(5)
    operation.join()


def test_readers_that_never_pause_do_not_keep_an_operation_out(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            with gate.shared():
                time.sleep(0.02)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        began = time.monotonic()
        for _ in range(3):
            with gate.exclusive():
                pass
        assert time.monotonic() - began < 5
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def test_each_operation_is_counted_also_when_it_fails(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    with gate.shared() as before:
        pass
    with pytest.raises(ValueError, match="on the way"), gate.exclusive():
        raise ValueError("on the way")
    with gate.shared() as after:
        assert after == before + 1

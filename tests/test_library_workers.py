"""Many files are prepared by several processes, and the library comes out as with one."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embed import Embedder
from index.errors import UnreadableReport
from index.library import Library
from index.pool import preparing
from index.records import Progress

ReportWriter = Callable[..., Path]


@pytest.fixture
def folder(write_report: ReportWriter) -> Path:
    """Ten small reports, one of them twice, and two files that cannot be read."""
    for number in range(10):
        path = write_report(f"{number}.txt", f"Harbour {number}", 2010 + number, tuple(range(100, 101 + number)))
    path.with_name("again.txt").write_bytes(path.read_bytes())
    path.with_name("5-broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    path.with_name("6-empty.txt").write_bytes(b"")
    return path.parent


def test_the_library_does_not_depend_on_the_number_of_workers(tmp_path: Path, folder: Path, embedder: Embedder) -> None:
    told: dict[int, list[str]] = {}
    made = {}
    for workers in (1, 2):
        told[workers] = []

        def note(progress: Progress, to: list[str] = told[workers]) -> None:
            to.append(f"{progress.step} {progress.file}")

        with Library.open(tmp_path / str(workers), embedder=embedder) as library:
            result = library.add([folder], workers=workers, on_progress=note)
            ids = [report.report_id for report in library.reports()]
            made[workers] = (
                result,
                library.reports(),
                [library.text(report_id) for report_id in ids],
                [library.passages(report_id) for report_id in ids],
                [library.statements(report_id) for report_id in ids],
            )
    assert made[1] == made[2]
    assert told[1] == told[2]
    result = made[2][0]
    assert len(result.added) == 10
    assert [item.file for item in result.unchanged] == ["again.txt"]
    assert [item.file for item in result.refused] == ["5-broken.pdf", "6-empty.txt"]


def test_an_interrupt_ends_the_workers_and_keeps_what_was_stored(library: Library, folder: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.step == "done" and progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add([folder], workers=2, on_progress=interrupt)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("citewell-prepare")]
    assert len(library.reports()) == 3
    assert library.check() == ()
    assert len(library.add([folder], workers=2).added) == 7


def test_a_worker_that_dies_costs_one_file_and_the_next_is_prepared(folder: Path) -> None:
    with preparing(2) as pool:
        assert pool is not None
        assert pool.submit(folder / "1.txt").result().structured.loaded.file == "1.txt"
        stopped = pool.processes()
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        waiting = pool.submit(folder / "2.txt"), pool.submit(folder / "3.txt")
        for process in stopped:
            os.kill(process, signal.SIGKILL)
        outcomes = [future.exception() for future in waiting]
        assert pool.submit(folder / "4.txt").result().structured.loaded.file == "4.txt"
    refusals = [error for error in outcomes if error is not None]
    assert len(refusals) <= len(stopped)
    assert all(isinstance(error, UnreadableReport) and "ended early" in str(error) for error in refusals)

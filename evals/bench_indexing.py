"""What indexing a folder of reports takes: time, memory and disk, measured in new processes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.cores import cores
from index.errors import CitewellError

from .bench_memory import Peaks, watching

ROOT = Path(__file__).parents[1]
MB = 1024 * 1024


class CannotMeasure(CitewellError):
    """What is to be measured did not happen."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """One folder read, indexed into an empty library, and indexed again unchanged.

    `pages` is None where a report has no pages. `reading_seconds` is processor time, all others are wall time:
    `seconds` of the adding alone with the model loaded, `seconds_from_start` of the whole process, and likewise for the
    second run. `library_bytes` is what the library takes up on the disk.
    """

    reports: int
    refused: tuple[str, ...]
    pages: int | None
    characters: int
    passages: int
    workers: int
    reading_seconds: float
    seconds: float
    seconds_from_start: float
    again_seconds: float
    again_seconds_from_start: float
    peaks: Peaks
    library_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Its measures by name, each with its unit; None where a report has no pages or memory cannot be seen."""
        return {
            "reports": self.reports,
            "refused": list(self.refused),
            "pages": self.pages,
            "characters": self.characters,
            "passages": self.passages,
            "workers": self.workers,
            "reading_processor_seconds": self.reading_seconds,
            "reading_pages_per_core_second": _share(self.pages, self.reading_seconds),
            "reading_characters_per_core_second": self.characters / self.reading_seconds,
            "indexing_seconds": self.seconds,
            "indexing_seconds_from_start": self.seconds_from_start,
            "indexing_pages_per_second": _share(self.pages, self.seconds),
            "indexing_characters_per_second": self.characters / self.seconds,
            "peak_mb_process": self.peaks.process / MB or None,
            "peak_mb_largest_child": self.peaks.largest_child / MB or None,
            "peak_mb_together": self.peaks.together / MB or None,
            "library_mb": self.library_bytes / MB,
            "library_mb_per_page": None if self.pages is None else self.library_bytes / MB / self.pages,
            "second_run_seconds": self.again_seconds,
            "second_run_seconds_from_start": self.again_seconds_from_start,
        }

    def __str__(self) -> str:
        pages = "" if self.pages is None else f"{self.pages:,} pages, "
        return f"{self.reports:,} reports, {pages}{self.characters:,} characters, {self.passages:,} passages"

    def rows(self) -> tuple[tuple[str, str], ...]:
        """What was measured and the value, for people. Where a report has no pages, rates are in characters."""
        m = self.as_json()
        unit = "characters" if self.pages is None else "pages"
        a_page = "" if self.pages is None else f", {_written(m['library_mb_per_page'])} MB a page"
        return (
            ("reading alone, processor time", f"{_written(m[f'reading_{unit}_per_core_second'])} {unit} a second"),
            (
                f"indexing, up to {self.workers} workers",
                f"{_written(m[f'indexing_{unit}_per_second'])} {unit} a second",
            ),
            ("highest memory: the indexing process", f"{_written(m['peak_mb_process'])} MB"),
            ("highest memory: one of its children", f"{_written(m['peak_mb_largest_child'])} MB"),
            ("highest memory: all at one moment", f"{_written(m['peak_mb_together'])} MB"),
            ("library on the disk", f"{_written(m['library_mb'])} MB{a_page}"),
            ("indexing again unchanged, in a new process", f"{self.again_seconds_from_start:.2f} s"),
            ("indexing again unchanged, everything loaded", f"{self.again_seconds:.2f} s"),
        )


def measure_indexing(reports: Path, library: Path, on_step: Callable[[str], None]) -> Indexing:
    """What `reports` take to read and to index into a new library at `library`; `on_step` is told what is being done.

    Raises CannotMeasure where there are no reports, none of them can be read, or a process fails.
    """
    reports, library = reports.absolute(), library.absolute()
    if not reports.exists():
        raise CannotMeasure(f"There are no reports at {reports}. Give a folder of reports with --reports.")
    on_step("reading")
    reading, _, _ = run_work("evals.bench_work", "read", reports)
    on_step("indexing")
    first, seconds, peaks = run_work("evals.bench_work", "index", reports, library)
    if not first["reports"]:
        raise CannotMeasure(f"No report in {reports} can be read: {first['refused'][0]}. Give others with --reports.")
    on_step("indexing again")
    again, again_seconds, _ = run_work("evals.bench_work", "again", reports, library)
    if again["added"]:
        raise CannotMeasure(f"{reports} changed while it was measured. Measure again.")
    return Indexing(
        reports=first["reports"],
        refused=tuple(first["refused"]),
        pages=first["pages"],
        characters=first["characters"],
        passages=first["passages"],
        workers=first["workers"] or cores(),
        reading_seconds=reading["processor_seconds"],
        seconds=first["seconds"],
        seconds_from_start=seconds,
        again_seconds=again["seconds"],
        again_seconds_from_start=again_seconds,
        peaks=peaks,
        library_bytes=size_on_disk(library),
    )


def size_on_disk(folder: Path) -> int:
    """The bytes that the files under a folder take up, in whole blocks of the file system."""
    return sum(512 * path.lstat().st_blocks for path in folder.rglob("*") if path.is_file())


def run_work(module: str, work: str, *arguments: Path | int) -> tuple[dict[str, Any], float, Peaks]:
    """What a process of the module says, its wall time from start to end in seconds, and its memory."""
    command = [sys.executable, "-m", module, work, *map(str, arguments)]
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        try:
            with watching(child.pid) as peaks:
                said, complaint = child.communicate()
                seconds = time.perf_counter() - start
        finally:
            if child.poll() is None:
                child.kill()
    if child.returncode:
        last = complaint.strip().splitlines()[-1:] or [f"exit status {child.returncode}"]
        raise CannotMeasure(f"The process for {work!r} ended early: {last[0]}")
    return json.loads(said.splitlines()[-1]), seconds, peaks


def _share(amount: int | None, of: float) -> float | None:
    return None if amount is None else amount / of


def _written(value: float | None) -> str:
    """A value to three digits or to the last whole one; a dash for None."""
    if value is None:
        return "–"
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"

"""What `evals.bench` has done in processes of their own:  python -m evals.bench_work read|index|again REPORTS [LIBRARY]
and  python -m evals.bench_work ask LIBRARY QUESTIONS  (a JSON list)

A new process has loaded nothing yet and has the memory that its own work takes. It prints one JSON object.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.errors import CitewellError, UnreadableReport
from index.load import load_report
from index.sandbox import ReaderProcess
from index.walk import walk


def read(reports: Path) -> dict[str, Any]:
    """Load every file under `reports`, one after the other, and keep nothing.

    `processor_seconds` is of this process and of the children that parse, the refused files' included; `pages` is
    None where a file has no pages.
    """
    pages: list[int | None] = []
    before = _processor_seconds()
    with ReaderProcess() as reader:
        for path in walk([reports]).files:
            try:
                pages.append(load_report(path, reader=reader).pages)
            except UnreadableReport:
                continue
    return {"pages": _total(pages), "processor_seconds": _processor_seconds() - before}


def index(reports: Path, folder: Path, *, load_model: bool) -> dict[str, Any]:
    """Add `reports` to the library at `folder`. `seconds` are wall time of the adding alone: the store is loaded
    before, and with `load_model` the embedding model."""
    from index import Library  # the store takes seconds to import, and reading does without it
    from index.settings import Settings

    settings = Settings()
    with Library.open(folder, settings=settings) as library:
        library.reports()
        if load_model:
            library.embed_query("a report")
        start = time.perf_counter()
        result = library.add([reports])
        seconds = time.perf_counter() - start
        found = library.reports()
    return {
        "seconds": seconds,
        "added": len(result.added),
        "refused": [f"{item.file}: {item.reason}" for item in result.refused],
        "reports": len(found),
        "pages": _total([report.pages for report in found]),
        "characters": sum(report.characters for report in found),
        "passages": sum(report.passages for report in found),
        "workers": settings.workers,
    }


def ask(folder: Path, questions: Sequence[str]) -> dict[str, Any]:
    """The files and texts of the ten best passages for each question, and the milliseconds of each search."""
    from index import Library
    from rag import Assistant

    found, spent = [], []
    with Library.open(folder, create=False) as library:
        assistant = Assistant(library)
        for question in questions:
            start = time.perf_counter()
            hits = assistant.search(question, k=10)
            spent.append(1000 * (time.perf_counter() - start))
            found.append([(Path(hit.file).name, hit.text) for hit in hits])
    return {"hits": found, "milliseconds": spent}


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says. 0: done, 2: could not, with the reason on standard error."""
    work, reports, *folder = arguments
    try:
        if work == "ask":
            done = ask(Path(reports), json.loads(Path(*folder).read_text(encoding="utf-8")))
        elif work == "read":
            done = read(Path(reports))
        else:
            done = index(Path(reports), Path(*folder), load_model=work == "index")
    except CitewellError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(done))
    return 0


def _total(pages: Sequence[int | None]) -> int | None:
    known = [number for number in pages if number is not None]
    return sum(known) if known and len(known) == len(pages) else None


def _processor_seconds() -> float:
    """Of this process and of those of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A writer that is killed at any moment leaves every report whole or absent, and the next one clears up.

Run as a program, this file is what is killed: it forks a writer again and again, kills it some moments after it began
to store a report, and has another process look at the library and bring it up to date. Processes are forked from one
that has loaded the model, since loading it takes far longer than writing.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REPORTS = 2


def write_reports(folder: Path, version: int) -> None:
    """Each version differs in every paragraph, so that all rows are written anew."""
    folder.mkdir(exist_ok=True)
    for i in range(REPORTS):
        paragraphs = "\n\n".join(
            f"In {2010 + i} berth {berth} of harbour {i} took {100 * version + berth} ships and was judged to be good."
            for berth in range(1, 5)
        )
        (folder / f"{i}.md").write_text(f"# Harbour {i} in {2010 + i}\n\n## Ships\n\n{paragraphs}\n", encoding="utf-8")


def run_forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Run `work` in a forked process; its process id, and a pipe of what it writes to its argument."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        status = 1
        try:
            work(writing)
            status = 0
        finally:
            # Without the usual end of a process: it would run the parent's.
            os._exit(status)
    os.close(writing)
    return pid, reading


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill writers and check what they leave; ends with an assertion if it is not right."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one thread: a pool of them does not survive a fork
    from index import vectors
    from index.embed import Embedder
    from index.library import Library

    vectors.HNSW.update(sync_threshold=10, batch_size=5)  # so that the graph's files are rewritten often
    embedder = Embedder()
    embedder.embed(["Loaded before forking"])
    chance = random.Random(seed)
    library, reports = folder / "library", folder / "reports"

    def write(pipe: int) -> None:
        def tell(progress: object) -> None:
            if "store" in str(progress):
                os.write(pipe, b"s")

        with Library.open(library, embedder=embedder) as opened:
            opened.add([reports], on_progress=tell)

    def look(pipe: int) -> None:
        with Library.open(library, embedder=embedder) as opened:
            for info in opened.reports():
                text = opened.text(info.report_id)
                passages = opened.passages(info.report_id)
                assert len(passages) == info.passages > 0
                assert all(text[passage.start : passage.end] == passage.text for passage in passages)
            known = {info.report_id for info in opened.reports()}
            hits = opened.dense_passages(opened.embed_query("ships"), 1000, None)
            assert {hit.passage.report_id for hit in hits} == known
            opened.add([reports])
            assert [info.file for info in opened.reports()] == [f"{i}.md" for i in range(REPORTS)]
            problems = opened.check()
            assert problems == (), problems

    killed = 0
    for version in range(1, kills + 1):
        write_reports(reports, version)
        pid, pipe = run_forked(write)
        os.read(pipe, chance.randint(1, REPORTS))
        time.sleep(chance.random() * 0.3)
        os.kill(pid, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        os.close(pipe)
        pid, pipe = run_forked(look)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, f"after kill {version}"
        os.close(pipe)
    sys.stdout.write(str(killed))


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux, as the locks of a library do")
def test_a_killed_writer_leaves_each_report_whole_or_absent(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, __file__, str(tmp_path), "3", "1"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) >= 1, "no writer was killed before it had finished"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

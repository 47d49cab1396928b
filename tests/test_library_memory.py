"""Indexing holds on to nothing of the files that are done: memory does not grow with their number."""

import json
import os
import subprocess
import sys
from ctypes import CDLL
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MB = 1024 * 1024
FEW, MANY = 16, 50  # files after which memory is looked at: by the first, caches and pools have what they need
# Bytes by which Python objects may differ between any two moments from FEW files to MANY, and a worker between these. A
# prepared report takes 50,000, and five may be under way; its entry in the catalogue, which stays, takes 4,000.
MOST_OBJECTS = 600_000
MOST_RESIDENT = 12 * MB  # more, since the databases keep the vectors in memory: 6 MB of them in these files
# One arena: with one for each thread, what of them lies free in between differs by 40 MB from run to run.
ALLOCATOR = {"MALLOC_ARENA_MAX": "1"}

# Prints, after each file, what Python holds; after few files and after many, what is resident of this process, and of
# the worker that has most. In bytes.
INDEX = """
import ctypes, gc, json, sys, tracemalloc
from pathlib import Path
from index.library import Library

def resident(process):
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024

def look(progress):
    if progress.step == "done":
        gc.collect()
        python.append(tracemalloc.get_traced_memory()[0])
        if progress.done in (few, many):
            ctypes.CDLL(None).malloc_trim(0)
            own.append(resident("self"))
            children = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children"))
            worker.append(max(map(resident, children.split())))

folder, library, few, many = *sys.argv[1:3], *map(int, sys.argv[3:])
python, own, worker = [], [], []
tracemalloc.start()
with Library.open(library) as opened:
    result = opened.add([folder], workers=2, on_progress=look)
assert len(result.added) == many, result
print(json.dumps({"python": python[few - 1 :], "own": own, "worker": worker}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Many reports that say nearly the same, so that little is embedded; each file is larger than what it says."""
    folder = tmp_path / "reports"
    folder.mkdir()
    berths = "\n\n".join(
        f"In 2016 the harbour handled {400 + berth} ships at berth {berth}, where the inspectors found the moorings, "
        f"the cranes and the lighting in working order, and the crew of {berth + 20} ready for the winter."
        for berth in range(1, 17)
    )
    for number in range(MANY):
        own = f"Station {number} counted {1000 + 7 * number} crates.\n\n<!-- {'-+' * 50_000} -->"
        report = f"# An inspection of the harbours\n\nPublished in March 2016\n\n{berths}\n\n## Stations\n\n{own}\n"
        (folder / f"{number:02}.md").write_text(report, encoding="utf-8")
    return folder


@pytest.mark.skipif(not hasattr(CDLL(None), "malloc_trim"), reason="only glibc gives back what is free when told to")
def test_memory_does_not_grow_with_the_number_of_files(folder: Path, tmp_path: Path) -> None:
    arguments = [str(folder), str(tmp_path / "library"), str(FEW), str(MANY)]
    command = [sys.executable, "-c", INDEX, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | ALLOCATOR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert max(found["python"]) - min(found["python"]) < MOST_OBJECTS
    assert found["worker"][1] - found["worker"][0] < MOST_OBJECTS
    assert found["own"][1] - found["own"][0] < MOST_RESIDENT

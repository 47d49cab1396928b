"""Write the training questions that nothing was taught on as a collection: `python -m training.held_out FOLDER OUT`.

`training.candidates` and `citewell eval OUT` can ask them: they are of the organisations that are held out.
"""

import argparse
import json
from pathlib import Path

from .data import held_out, read_windows


def write_held_out(folder: Path, out: Path) -> int:
    """Write the windows and questions of the held-out organisations to `out`; how many questions there are."""
    windows = read_windows(folder / "windows.jsonl")
    unseen = held_out(windows)
    kept = {name for name, window in windows.items() if window.group in unseen}
    out.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for name, key in (("windows.jsonl", "id"), ("questions.jsonl", "window")):
        lines = [x for x in (folder / name).read_text(encoding="utf-8").splitlines() if json.loads(x)[key] in kept]
        (out / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    print(write_held_out(arguments.folder, arguments.out))

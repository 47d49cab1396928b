"""Pictures and tables of what was measured:  python -m evals.bench_pictures MEASURES.json FOLDER

`MEASURES.json` is what `python -m evals.bench --tutorial --growth N --json FILE` writes. The pictures go into the
folder, the tables as Markdown to standard output. It needs matplotlib (the extra `bench`).
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .bench_compare import HEADINGS, Measured, cells
from .bench_growth import COLUMNS, growth_cells

COLOURS = {"Citewell": "#1b6e5a", "tutorial": "#b5651d"}


def draw_growth(steps: Sequence[dict[str, Any]], folder: Path) -> None:
    """`growth-times.svg`: medians and 95th percentiles over passages; `growth-memory.svg`: memory and disk."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "citewell"  # the same measures give the same file
    from matplotlib import pyplot

    passages = [step["passages"] for step in steps]
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6), sharey=True)
    for axis, work in zip(axes, ("search", "answer"), strict=True):
        for what in (column for column in COLUMNS if column.startswith(work)):
            (line,) = axis.plot(passages, [s["timings"][what]["median_ms"] for s in steps], marker="o", label=what)
            high = [s["timings"][what]["p95_ms"] for s in steps]
            axis.plot(passages, high, linestyle=":", color=line.get_color())
        axis.set_xscale("log")
        axis.set_xlabel("passages")
        axis.legend(fontsize=7)
    axes[0].set_ylabel("ms (dotted: 95 % within)")
    _save(figure, folder / "growth-times.svg")
    figure, axis = pyplot.subplots(figsize=(4.5, 3.2))
    axis.plot(passages, [step["memory_mb"] for step in steps], marker="o", label="memory while answering")
    axis.plot(passages, [step["disk_mb"] for step in steps], marker="s", label="disk")
    axis.set_xlabel("passages")
    axis.set_ylabel("MB")
    axis.legend(fontsize=8)
    _save(figure, folder / "growth-memory.svg")


def draw_comparison(rows: Sequence[Measured], folder: Path) -> None:
    """`tutorial.svg`: recall at 1, 5 and 10 of both pipelines on each corpus."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "citewell"
    from matplotlib import pyplot

    names = list(dict.fromkeys(row.corpus for row in rows))
    figure, axes = pyplot.subplots(1, len(names), figsize=(2.4 * len(names) + 1, 3), sharey=True, squeeze=False)
    for axis, name in zip(axes[0], names, strict=True):
        for number, row in enumerate(row for row in rows if row.corpus == name):
            shares = [100 * (value or 0.0) for value in row.recall.values()]
            places = [place + 0.4 * number for place in range(len(shares))]
            axis.bar(places, shares, width=0.38, color=COLOURS[row.pipeline], label=row.pipeline)
        axis.set_xticks([0.2, 1.2, 2.2], ["1", "5", "10"])
        axis.set_title(name, fontsize=9)
    axes[0][0].set_ylabel("% found among the first")
    axes[0][0].legend(fontsize=7)
    _save(figure, folder / "tutorial.svg")


def tables(measures: dict[str, Any]) -> str:
    """The measures as Markdown."""
    lines = [", ".join(f"{name} {value}" for name, value in measures["machine"].items()), ""]
    rows = _rows(measures)
    if rows:
        lines += [*_markdown(HEADINGS, [cells(row) for row in rows]), ""]
    if measures["growth"]:
        headings = ("passages", "rows stored a second", *COLUMNS, "MB", "least recall at 10")
        lines += _markdown(headings, [growth_cells(step) for step in measures["growth"]])
    return "\n".join(lines)


def _rows(measures: dict[str, Any]) -> list[Measured]:
    rows = measures["beside"]
    return [Measured(**{**row, "recall": {int(k): value for k, value in row["recall"].items()}}) for row in rows]


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    ruled = ["---", *["---:"] * (len(headings) - 1)]
    return [f"| {' | '.join(row)} |" for row in (headings, ruled, *rows)]


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main(arguments: Sequence[str]) -> int:
    """Draw what there is, and print the tables."""
    measures = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    folder = Path(arguments[1])
    if measures["growth"]:
        draw_growth(measures["growth"], folder)
    if rows := _rows(measures):
        draw_comparison(rows, folder)
    sys.stdout.write(tables(measures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

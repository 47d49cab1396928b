"""What is compared with the tutorial pipeline, and how what was measured is drawn."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.bench_compare import Measured, comparison_table, corpora
from evals.bench_compare import _rank as rank
from evals.bench_growth import COLUMNS, growth_cells, growth_table
from evals.bench_pictures import main as draw


@pytest.fixture
def step() -> dict[str, Any]:
    return {
        "passages": 3000,
        "rows_added": 900,
        "store_seconds": 2.0,
        "timings": {what: {"median_ms": 20.0, "p95_ms": 90.0} for what in COLUMNS},
        "memory_mb": 500.0,
        "disk_mb": 80.0,
        "recall_at_10": {"passages, no filter": 1.0, "statements, no filter": 0.995},
    }


def measured(pipeline: str) -> Measured:
    return Measured(
        pipeline, "samples", 4, 212, 11.0, 500.0, 440.0, 10.0, 1.5, 90.0, 200.0, 160, {1: 0.5, 5: 0.9, 10: 1.0}
    )


def test_a_passage_is_right_with_every_word_in_the_right_file() -> None:
    gold = [("mill.txt", frozenset({"214", "loom"}))]
    hits = [
        ("mill.txt", "It ran 12 looms."),
        ("dock.txt", "It ran 214 looms."),
        ("mill.txt", "The mill ran 214 looms."),
    ]
    assert rank(hits, gold) == 3
    assert rank(hits[:2], gold) is None


def test_the_samples_are_always_at_hand() -> None:
    name, suite, reports = next(iter(corpora()))
    assert name == "samples"
    assert suite.is_file()
    assert reports is not None and any(reports.iterdir())


def test_measures_are_tabulated(step: dict[str, Any]) -> None:
    assert growth_cells(step)[:2] == ("3,000", "450")
    assert growth_cells(step)[-1] == "0.995"
    assert growth_table([step]).row_count == 1
    assert comparison_table([measured("Citewell"), measured("tutorial")]).row_count == 2


def test_pictures_come_out_alike(step: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    beside = [
        {**{name: getattr(row, name) for name in Measured.__slots__}, "recall": {"1": 0.5, "5": 0.9, "10": 1.0}}
        for row in (measured("Citewell"), measured("tutorial"))
    ]
    file = tmp_path / "measures.json"
    file.write_text(json.dumps({"machine": {"cores": "2"}, "beside": beside, "growth": [step]}), encoding="utf-8")
    drawn = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        assert draw([str(file), str(tmp_path / name)]) == 0
        drawn.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {"growth-times.svg", "growth-memory.svg", "tutorial.svg"}
    assert "| samples | tutorial |" in capsys.readouterr().out

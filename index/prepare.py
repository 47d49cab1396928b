"""Prepare one file for the store: load → structure → split → find facts, in that order and nothing else."""

from pathlib import Path

from .load import load_report
from .records import PreparedReport
from .sandbox import ReaderProcess
from .split import split
from .statements import find_statements
from .structure import structure
from .twins import signature


def prepare(path: Path, *, reader: ReaderProcess | None = None) -> PreparedReport:
    """All that the store needs of the file at `path`. A `reader` as in `load_report`. Raises UnreadableReport."""
    report = structure(load_report(path, reader=reader))
    return PreparedReport(report, split(report), find_statements(report), signature(report.loaded.text))

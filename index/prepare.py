"""Prepare one file for the store: load → structure → split → find facts, in that order and nothing else."""

from pathlib import Path

from .load import load_report
from .records import PreparedReport
from .split import split
from .statements import find_statements
from .structure import structure
from .twins import signature


def prepare(path: Path) -> PreparedReport:
    """All that the store needs of the file at `path`. Raises UnreadableReport."""
    report = structure(load_report(path))
    return PreparedReport(report, split(report), find_statements(report), signature(report.loaded.text))

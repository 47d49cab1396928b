"""Save a run as a baseline, compare a later run with it, and decide the exit code.

0: held. 1: got worse, or below a threshold. 2 (could not run) is the caller's, for any `CitewellError`.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import BadSuite

from .report import summarise
from .run import SuiteResult

ANSWERABLE_FLOOR = 0.85  # share of the answerable cases that must be correct and cited
REFUSED_FLOOR = 0.85  # share of the unanswerable cases that must be refused

_FORMAT: Literal[1] = 1


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SavedCase(_Strict):
    id: str
    kind: str
    correct: bool
    unsupported: tuple[str, ...]
    said: str


class _Saved(_Strict):
    format: Literal[1]
    suite: str
    digest: str
    versions: dict[str, str]
    cases: tuple[_SavedCase, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ids of the cases that got worse, got better, are not in the run, and are not in the baseline."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]


def save(result: SuiteResult, path: Path) -> None:
    """Write the run to `path`. The same answers give the same bytes: times are left out."""
    saved = _Saved(
        format=_FORMAT,
        suite=result.suite,
        digest=result.digest,
        versions=dict(result.versions),
        cases=tuple(
            _SavedCase(id=c.id, kind=c.kind, correct=c.correct, unsupported=c.unsupported, said=c.said)
            for c in result.cases
        ),
    )
    text = json.dumps(saved.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise BadSuite(f"The baseline {path} cannot be written: {error.strerror}. Choose another path.") from error


def compare(result: SuiteResult, path: Path) -> Comparison:
    """The run against the baseline at `path`, case by case.

    Worse is a case that was right and is wrong now. A case of the baseline that the run lacks is missing, which
    counts as worse: a suite must not get better by losing its hard cases. Raises `BadSuite` for a baseline that
    cannot be read or is of another suite.
    """
    saved = _read(path)
    if saved.suite != result.suite:
        raise BadSuite(f"The baseline {path} is of the suite {saved.suite!r}, not {result.suite!r}. Give its own.")
    before = {case.id: case.correct for case in saved.cases}
    now = {case.id: case.correct for case in result.cases}
    return Comparison(
        worse=tuple(i for i, right in now.items() if before.get(i, False) and not right),
        better=tuple(i for i, right in now.items() if right and before.get(i) is False),
        missing=tuple(i for i in before if i not in now),
        new=tuple(i for i in now if i not in before),
    )


def exit_code(result: SuiteResult, comparison: Comparison | None) -> int:
    """1 where the run fails, else 0.

    A figure without support always fails. With a comparison, so does a case that got worse or is missing; without
    one, a share below its floor (a suite without any unanswerable case, or any answerable one, is held to the other).
    """
    summary = summarise(result)
    if summary.unsupported:
        return 1
    if comparison is not None:
        return 1 if comparison.worse or comparison.missing else 0
    answers = summary.answerable.total == 0 or summary.answerable.at_least(ANSWERABLE_FLOOR)
    refusals = summary.refusal.recall.total == 0 or summary.refusal.recall.at_least(REFUSED_FLOOR)
    return 0 if answers and refusals else 1


def _read(path: Path) -> _Saved:
    try:
        return _Saved.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSuite(f"The baseline {path} cannot be read: {error.strerror}. Make one with --save.") from error
    except UnicodeDecodeError as error:
        raise BadSuite(f"The baseline {path} is not UTF-8 text. Make one with --save.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"]) or "the file"
        raise BadSuite(f"The baseline {path} cannot be used: {field}: {first['msg']}. Make one with --save.") from error

"""Save a run as a baseline, and compare a later run with it.

A baseline holds no words of answers or reports, only the sha256 of what was said, so that it can be kept where the
reports may not go.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import BadSuite

from .metrics import Share
from .paired import mcnemar, points, smallest_difference
from .run import CaseResult, SuiteResult
from .suite import Suite
from .summary import kinds, rows, summarise

_FORMAT: Literal[3] = 3


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SavedCase(_Strict):
    id: str
    kind: str
    expects: str
    digest: str
    correct: bool
    status: str
    cause: str | None
    step: str | None
    unsupported: tuple[str, ...]
    said_sha256: str


class _Saved(_Strict):
    format: Literal[3]
    suite: str
    digest: str
    commit: str | None
    versions: dict[str, str]
    models: dict[str, str]
    reports: tuple[str, ...]
    shares: dict[str, tuple[int, int]]
    cases: tuple[_SavedCase, ...]
    times_ms: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against its baseline.

    `worse` were right and are wrong now, `better` the other way round, `missing` are not in the run, and `new` not in
    the baseline. `changed` ask or expect something else than in the baseline; they are compared all the same, since a
    case that is rewritten must not hide that it got worse.
    `p_value` is McNemar's over the flips. `worse_figures` and `worse_judgments` are among `worse`. `by_kind` gives the
    change of each kind in percentage points over the cases compared. `smallest_difference` is in percentage points.
    `differs` says, a sentence each, what else is not as it was.
    """

    worse: tuple[str, ...]
    better: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    worse_figures: tuple[str, ...]
    worse_judgments: tuple[str, ...]
    compared: int
    p_value: float
    by_kind: tuple[tuple[str, float], ...]
    smallest_difference: float | None
    differs: tuple[str, ...]


def save(result: SuiteResult, path: Path) -> None:
    """Write the run to `path`. The same answers give the same file but for `times_ms`."""
    summary = summarise(result)
    saved = _Saved(
        format=_FORMAT,
        suite=result.suite,
        digest=result.digest,
        commit=result.stamps.commit,
        versions=dict(result.stamps.versions),
        models=dict(result.stamps.models),
        reports=result.stamps.reports,
        shares={label: (share.hits, share.total) for label, share in (*summary.by_kind, *rows(summary))},
        cases=tuple(_saved_case(case) for case in result.cases),
        times_ms={"median": summary.median_ms, "p95": summary.p95_ms},
    )
    write_text(path, json.dumps(saved.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all. Raises `BadSuite`."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise BadSuite(f"The file {path} cannot be written: {error.strerror}. Choose another path.") from error


def compare(result: SuiteResult, path: Path) -> Comparison:
    """The run against the baseline at `path`, case by case.

    A case of the baseline that the run lacks is missing, which fails a run: a suite must not get better by losing its
    hard cases. Raises `BadSuite` for a baseline that cannot be read, is of another suite, or is of a library that held
    reports which this one lacks.
    """
    saved = _read(path)
    _require_same_suite(saved, result.suite, path)
    gone = sorted(set(saved.reports) - set(result.stamps.reports))
    if gone:
        raise BadSuite(
            f"The baseline {path} is of another library: it was measured over {gone[0]}, which this one lacks"
            f"{f', and {len(gone) - 1} more' if len(gone) > 1 else ''}. Give the baseline of these reports."
        )
    before = {case.id: case for case in saved.cases}
    both = [case for case in result.cases if case.id in before]
    worse = [case for case in both if before[case.id].correct and not case.correct]
    better = [case for case in both if case.correct and not before[case.id].correct]
    return Comparison(
        worse=_ids(worse),
        better=_ids(better),
        missing=tuple(i for i in before if all(case.id != i for case in result.cases)),
        new=tuple(case.id for case in result.cases if case.id not in before),
        changed=tuple(c.id for c in result.cases if c.id in before and before[c.id].digest != c.digest),
        worse_figures=_ids([case for case in worse if case.expects == "figure"]),
        worse_judgments=_ids([case for case in worse if case.expects == "judgment"]),
        compared=len(both),
        p_value=mcnemar(len(worse), len(better)),
        by_kind=_by_kind(both, before),
        smallest_difference=smallest_difference(len(both)),
        differs=tuple(_differences(saved, result)),
    )


def missed(path: Path, suite: Suite) -> frozenset[str]:
    """The ids of the cases that the baseline at `path` has wrong. Raises `BadSuite` for another suite's."""
    saved = _read(path)
    _require_same_suite(saved, suite.suite, path)
    return frozenset(case.id for case in saved.cases if not case.correct)


def _require_same_suite(saved: _Saved, name: str, path: Path) -> None:
    if saved.suite != name:
        raise BadSuite(f"The baseline {path} is of the suite {saved.suite!r}, not {name!r}. Give its own.")


def _by_kind(both: list[CaseResult], before: dict[str, _SavedCase]) -> tuple[tuple[str, float], ...]:
    moved = []
    for kind in kinds(both):
        cases = [case for case in both if case.kind == kind]
        then = Share(sum(before[case.id].correct for case in cases), len(cases))
        moved.append((kind, points(then, Share(sum(case.correct for case in cases), len(cases))) or 0.0))
    return tuple(moved)


def _differences(saved: _Saved, result: SuiteResult) -> list[str]:
    now = result.stamps
    found = [
        f"{name}: {dict(was).get(name, 'absent')} in the baseline, {dict(given).get(name, 'absent')} now"
        for was, given in ((saved.versions.items(), now.versions), (saved.models.items(), now.models))
        for name in sorted({n for n, _ in was} | {n for n, _ in given})
        if dict(was).get(name) != dict(given).get(name)
    ]
    more = len(set(now.reports) - set(saved.reports))
    return [*found, f"{more} reports that the baseline was not measured over"] if more else found


def _saved_case(case: CaseResult) -> _SavedCase:
    return _SavedCase(
        id=case.id,
        kind=case.kind,
        expects=case.expects,
        digest=case.digest,
        correct=case.correct,
        status=case.status,
        cause=case.cause,
        step=case.step,
        unsupported=case.unsupported,
        said_sha256=hashlib.sha256(case.said.encode()).hexdigest(),
    )


def _ids(cases: list[CaseResult]) -> tuple[str, ...]:
    return tuple(case.id for case in cases)


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

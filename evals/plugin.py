"""A pytest plugin: `pytest --citewell-suite suite.yaml --citewell-library DIR` runs a suite, a test for each case.

With `--citewell-baseline FILE`, a miss that the baseline has too is an expected failure; the last test is the gate.
A case is asked once however often its test is run, so that a plugin that repeats failed tests changes no verdict.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .baseline import Comparison
    from .run import CaseResult, Runner, SuiteResult
    from .suite import Case, Suite


class CaseMissed(Exception):
    """A case whose answer is wrong, or has a figure without support."""


class GateFailed(Exception):
    """A run that the suite's policy does not let pass."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("citewell", "evaluation suites of Citewell")
    group.addoption("--citewell-suite", type=Path, metavar="FILE", help="run this evaluation suite")
    group.addoption("--citewell-library", type=Path, metavar="DIR", help="the library to ask")
    group.addoption(
        "--citewell-reports", type=Path, metavar="PATH", help="index these reports for the run, and ask them"
    )
    group.addoption("--citewell-baseline", type=Path, metavar="FILE", help="a saved run that may not get worse")


def pytest_configure(config: pytest.Config) -> None:
    """The suite is collected beside whatever else pytest is asked to run."""
    suite = config.getoption("--citewell-suite")
    if suite is None:
        return
    if not suite.is_file():
        raise pytest.UsageError(f"--citewell-suite {suite} is not a file.")
    if (config.getoption("--citewell-library") is None) == (config.getoption("--citewell-reports") is None):
        raise pytest.UsageError(
            "--citewell-suite needs --citewell-library DIR or --citewell-reports PATH, one of them."
        )
    if str(suite) not in config.args:
        config.args.append(str(suite))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
    """The suite that was asked for, as a collector of its cases."""
    suite = parent.config.getoption("--citewell-suite")
    if suite is None or file_path.resolve() != suite.resolve():
        return None
    return SuiteFile.from_parent(parent, path=file_path)


class SuiteFile(pytest.File):
    """A suite. Its library is opened for the first case, and closed when the session ends."""

    _suite: Suite | None = None
    _runner: Runner | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each case, and the gate."""
        from index.errors import CitewellError

        from .suite_file import load_suite

        try:
            suite = load_suite(self.path)
        except CitewellError as error:
            raise self.CollectError(str(error)) from error
        self._suite = suite
        self.results: dict[str, CaseResult] = {}
        for case in suite.cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)
        yield GateItem.from_parent(self, name="gate")

    def result_of(self, case: Case) -> CaseResult:
        """The result of a case: the one of its first run, if it is run again."""
        if case.id not in self.results:
            self.results[case.id] = self._open().run(case)
        return self.results[case.id]

    def whole(self) -> SuiteResult | None:
        """The run, None where not every case was run (`-k`, `--exitfirst`): a part of a suite passes no gate."""
        from .controls import measure_controls
        from .run import SuiteResult
        from .stamps import stamps

        suite, runner = self._suite, self._runner
        if suite is None or runner is None or runner.reports is None or len(self.results) < len(suite.cases):
            return None
        cases = tuple(self.results[case.id] for case in suite.cases)
        controls = measure_controls(suite, runner.answers, runner.reports)
        made = stamps(runner.reports.library, runner.assistant)
        return SuiteResult(suite.suite, suite.digest, suite.policy, cases, controls, made)

    def comparison(self, result: SuiteResult) -> Comparison | None:
        """The run against the baseline that was given."""
        from .baseline import compare

        path = self.config.getoption("--citewell-baseline")
        return None if path is None else compare(result, path)

    def known_misses(self) -> frozenset[str]:
        """The cases that the baseline has wrong."""
        from .baseline import missed

        path = self.config.getoption("--citewell-baseline")
        return frozenset() if path is None or self._suite is None else missed(path, self._suite)

    def _open(self) -> Runner:
        if self._runner is not None:
            return self._runner
        from index import Library
        from rag import Assistant

        from .run import Runner, library_for

        if self._suite is None:
            raise ValueError("a suite is collected before it is run")
        folder, reports = self.config.getoption("--citewell-library"), self.config.getoption("--citewell-reports")
        open_until_the_end = contextlib.ExitStack()
        self.config.add_cleanup(open_until_the_end.close)
        if folder is None:
            made = open_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="citewell-eval-"))
            library = library_for(reports, Path(made))
        else:
            library = Library.open(folder, create=False)
        open_until_the_end.enter_context(library)
        self._runner = Runner(self._suite, Assistant(library), library)
        return self._runner


class _SuiteItem(pytest.Item):
    """A test of a suite: it shows why it failed in words, not as a traceback."""

    @property
    def suite_file(self) -> SuiteFile:
        """The suite that the test is of."""
        if not isinstance(self.parent, SuiteFile):
            raise TypeError("a case is collected by its suite")
        return self.parent

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the test stands."""
        return self.path, None, f"{self.path.stem}: {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """The sentence of a miss or of a run that is not possible; anything else as pytest shows it."""
        from index.errors import CitewellError

        if isinstance(excinfo.value, (CaseMissed, GateFailed, CitewellError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args)


class CaseItem(_SuiteItem):
    """One case."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Raises `CaseMissed` for a miss, and `CitewellError` where the case could not be asked."""
        from .report import reason

        result = self.suite_file.result_of(self.case)
        if result.correct and not result.unsupported:
            return
        if not result.unsupported and self.case.id in self.suite_file.known_misses():
            pytest.xfail(f"missed in the baseline too: {reason(result)}")
        cited = "–" if result.citation is None else str(result.citation)
        raise CaseMissed(
            f"{reason(result)}\nquestion: {result.question}\nexpected: {result.expected}\nsaid: {result.said}\n"
            f"cited: {cited}"
        )


class GateItem(_SuiteItem):
    """The suite's policy over the whole run."""

    def runtest(self) -> None:
        """Raises `GateFailed`."""
        from .gate import failures

        result = self.suite_file.whole()
        if result is None:
            pytest.skip("not every case was run, so the gate says nothing")
        found = failures(result, self.suite_file.comparison(result))
        if found:
            raise GateFailed("\n".join(found))

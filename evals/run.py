"""Put every case of a suite to an assistant and record what came back."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.errors import BadSuite, UnreadableReport
from rag.records import Answer, Scope

from .match import Cause, Verdict, judge
from .metrics import unsupported_figures
from .suite import Case, Suite

if TYPE_CHECKING:
    from index import Library
    from index.embed import Embedder

_PACKAGES = ("citewell", "chromadb", "tantivy", "torch", "sentence-transformers", "langchain-core")


class Asks(Protocol):
    """What a run needs of an assistant: `rag.Assistant` has it, and so has each control that it is compared with."""

    def ask(self, question: str, *, history: tuple[dict[str, str], ...], scope: Scope) -> Answer: ...


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What one case gave. `expected`, `said` and `citation` are for reading; `milliseconds` is wall time.

    `lenient` is None where no figure is expected. `unsupported` holds the numbers of the answer's text that no
    cited quotation supports. `cause` is a guess at the step that failed, None where the case is right.
    """

    id: str
    kind: str
    question: str
    answerable: bool
    refused: bool
    correct: bool
    lenient: bool | None
    unsupported: tuple[str, ...]
    cause: Cause | None
    detail: str
    expected: str
    said: str
    citation: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """All cases of one run, in the order of the suite, with what they were run on."""

    suite: str
    digest: str
    cases: tuple[CaseResult, ...]
    versions: tuple[tuple[str, str], ...]


def run_suite(suite: Suite, assistant: Asks, *, on_case: Callable[[CaseResult], None] | None = None) -> SuiteResult:
    """The result of every case. An error of the assistant is not a miss: it ends the run and is raised."""
    results = []
    for case in suite.cases:
        result = run_case(case, suite.defaults.organisation, assistant)
        results.append(result)
        if on_case is not None:
            on_case(result)
    return SuiteResult(suite.suite, suite.digest, tuple(results), package_versions())


def run_case(case: Case, organisation: str, assistant: Asks) -> CaseResult:
    """The result of one case, asked once."""
    history = tuple({"role": m.role, "content": m.content} for m in case.history)
    scope = Scope(case.scope.reports, case.scope.organisations, case.scope.years)
    start = time.perf_counter()
    answer = assistant.ask(case.question, history=history, scope=scope)
    elapsed = (time.perf_counter() - start) * 1000
    verdict = judge(case, organisation, answer)
    return CaseResult(
        id=case.id,
        kind=case.kind,
        question=case.question,
        answerable=case.answerable,
        refused=answer.status != "answered",
        correct=verdict.correct,
        lenient=verdict.lenient,
        unsupported=unsupported_figures(answer),
        cause=verdict.cause,
        detail=verdict.detail,
        expected=expected_text(case),
        said=verdict.said,
        citation=_place_text(verdict),
        milliseconds=elapsed,
    )


def library_for(reports: Path, folder: Path, *, embedder: "Embedder | None" = None) -> "Library":
    """The library at `folder`, holding exactly the reports found under `reports`; `embedder` is a loaded model to use.

    Raises `UnreadableReport` for a refused file, and `BadSuite` where the folder holds other reports besides:
    measured over more or fewer reports than stated, the numbers would be of something else.
    """
    from index import Library  # the store takes seconds to import, and reading a suite does not need it

    if not reports.exists():
        raise BadSuite(f"There are no reports at {reports}. Give a folder of reports with --reports.")
    library = Library.open(folder, embedder=embedder)
    added = library.add([reports])
    if added.refused:
        raise UnreadableReport(added.refused[0].file, added.refused[0].reason)
    wanted = {file.report_id for file in (*added.added, *added.unchanged, *added.replaced)}
    if {report.report_id for report in library.reports()} != wanted:
        raise BadSuite(f"The library at {folder} holds other reports than those in {reports}. Use an empty folder.")
    return library


def expected_text(case: Case) -> str:
    """What the case expects, in a few words."""
    expect = case.expect
    if expect.figure is not None:
        figure = expect.figure
        parts = (figure.value, figure.scale, figure.unit, figure.direction and f"({figure.direction})")
        return " ".join(part for part in parts if part)
    if expect.judgment is not None:
        return f"{expect.judgment.grade} ({expect.judgment.aspect}, {expect.judgment.year})"
    if expect.any_of is not None:
        return " or ".join(expect.any_of)
    if expect.all_of is not None:
        return " and ".join(part if isinstance(part, str) else " or ".join(part) for part in expect.all_of)
    return "no answer"


def package_versions() -> tuple[tuple[str, str], ...]:
    """The versions of the packages that can move an answer, those that are installed."""
    found = []
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def _place_text(verdict: Verdict) -> str:
    citation = verdict.citation
    if citation is None:
        return ""
    page = f", page {citation.page}" if citation.page is not None else ""
    quote = " ".join(citation.quote.split())
    return f"{citation.file} ({citation.year}{page}): {quote[:160]}{'…' if len(quote) > 160 else ''}"

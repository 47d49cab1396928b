"""Put every case of a suite to an assistant, once, and record what came back."""

import hashlib
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import platformdirs

from index import errors
from index.errors import BadSuite, CitewellError, UnreadableReport
from rag.records import Answer, Citation, Event, Hit, Scope, Usage

from .controls import ControlResult, measure_controls
from .metrics import Share
from .places import Gold, Reports, check_evidence, in_report
from .stamps import Stamps, package_versions, stamps
from .steps import Step, Tracer, failed_step, overlap
from .suite import Case, Policy, Suite
from .support import citation_precision, citation_recall, unsupported_figures
from .verdict import Cause, judge, leading_citation
from .words import contains

if TYPE_CHECKING:
    from index import Library
    from index.embed import Embedder

SEARCHED = 10  # passages that are looked through for the recall and the reciprocal rank of the search
KEPT_SECONDS = 7 * 86_400.0  # for which a corpus's library that other code made is left, since it may be in use
CONTEXT = 240  # characters of the report that are kept on each side of a quotation

_PROBABILITY = re.compile(r"probability (\d(?:\.\d+)?)")


class CaseFailed(CitewellError):
    """The assistant broke off on a case. That is no miss: the run says nothing about the answers."""

    def __init__(self, case: str, reason: str) -> None:
        super().__init__(f"Case {case!r} could not be asked: {reason}. Ask it with `citewell ask` to see more.")
        self.case = case


class Asks(Protocol):
    """What a run needs of an assistant: `rag.Assistant` has it, and so has each control that it is compared with."""

    def ask(self, question: str, *, history: tuple[dict[str, str], ...], scope: Scope) -> Answer: ...


@runtime_checkable
class Streams(Protocol):
    """An assistant that says what each step found, and how sure it is."""

    def stream(self, question: str, history: tuple[dict[str, str], ...], scope: Scope) -> Iterator[Event]: ...


@runtime_checkable
class Searches(Protocol):
    """An assistant whose search can be measured by itself."""

    def search(self, text: str, k: int = 10, scope: Scope = ...) -> tuple[Hit, ...]: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A quotation with the text around it, for reading."""

    file: str
    year: int | None
    page: int | None
    section: str
    before: str
    quote: str
    after: str

    def __str__(self) -> str:
        page = f", page {self.page}" if self.page is not None else ""
        quote = " ".join(self.quote.split())
        return f"{self.file} ({self.year}{page}): {quote[:160]}{'…' if len(quote) > 160 else ''}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What one case gave.

    `lenient`, `contained`, `right_report` and `right_page` are None where they do not apply. `unsupported` holds the
    numbers of the answer's text that no cited quotation supports. `cause` says what is wrong with the answer and `step`
    where on the way it went wrong, None where the case is right. `confidence` is 0 to 1, None where the assistant does
    not say. `found_rank` is the rank from 1 of the first passage of a plain search that holds the answer. `cluster`
    names the report that the case is about. `milliseconds` is wall time. `usage` is what a language model took, None
    where none was asked.
    """

    id: str
    kind: str
    expects: str
    digest: str
    question: str
    answerable: bool
    status: str
    correct: bool
    lenient: bool | None
    contained: bool | None
    right_report: bool | None
    right_page: bool | None
    citation_precision: Share
    citation_recall: Share
    unsupported: tuple[str, ...]
    cause: Cause | None
    detail: str
    step: Step | None
    expected: str
    said: str
    text: str
    citation: Shown | None
    confidence: float | None
    found_rank: int | None
    cluster: str
    milliseconds: float
    usage: Usage | None = None

    @property
    def refused(self) -> bool:
        """Whether no answer was given."""
        return self.status != "answered"


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """All cases of one run, in the order of the suite, with what they were run on."""

    suite: str
    digest: str
    policy: Policy
    cases: tuple[CaseResult, ...]
    controls: tuple[ControlResult, ...]
    stamps: Stamps


def run_suite(
    suite: Suite,
    assistant: Asks,
    library: "Library | None" = None,
    *,
    on_case: Callable[[CaseResult], None] | None = None,
) -> SuiteResult:
    """The result of every case, each asked once.

    With a library, the evidence of every case is looked up in it first, and the search and the failed steps are
    measured. Raises `BadSuite` where the library does not fit the suite and `CaseFailed` where the assistant breaks
    off: an error is not a miss.
    """
    runner = Runner(suite, assistant, library)
    results = []
    for case in suite.cases:
        results.append(runner.run(case))
        if on_case is not None:
            on_case(results[-1])
    found = Stamps(versions=package_versions()) if library is None else stamps(library, assistant)
    controls = measure_controls(suite, runner.answers, runner.reports)
    return SuiteResult(suite.suite, suite.digest, suite.policy, tuple(results), controls, found)


class Runner:
    """Runs the cases of a suite one by one. `answers` keeps each case's answer: a case is never asked twice."""

    def __init__(self, suite: Suite, assistant: Asks, library: "Library | None" = None) -> None:
        self.suite = suite
        self.assistant = assistant
        self.reports = None if library is None else Reports(library)
        self.answers: dict[str, Answer] = {}
        self._tracer = None if library is None else Tracer(library)
        if self.reports is not None:
            check_evidence(suite, self.reports)

    def run(self, case: Case) -> CaseResult:
        """The result of one case. Raises `CaseFailed`."""
        scope = self._scope(case)
        start = time.perf_counter()
        try:
            answer, confidence = _ask(self.assistant, case, scope)
        except CitewellError as error:
            raise CaseFailed(case.id, str(error).rstrip(".")) from error
        except Exception as error:  # an assistant may call a model that fails in ways of its own
            raise CaseFailed(case.id, f"{type(error).__name__}: {error}") from error
        elapsed = (time.perf_counter() - start) * 1000
        self.answers[case.id] = answer
        return self._result(case, scope, answer, confidence, elapsed)

    def _scope(self, case: Case) -> Scope:
        named = case.scope.reports
        ids = named if self.reports is None else tuple(self.reports.resolve(name) for name in named)
        return Scope(ids, case.scope.organisations, case.scope.years)

    def _result(self, case: Case, scope: Scope, answer: Answer, confidence: float | None, elapsed: float) -> CaseResult:
        organisation = self.suite.organisation_of(case)
        reports = self.reports
        verdict = judge(case, organisation, answer, reports.text) if reports else judge(case, organisation, answer)
        gold = reports.gold(case, organisation) if reports else Gold((), frozenset(), "")
        leading = leading_citation(answer)
        step = None
        if self._tracer is not None and not verdict.correct:
            traced = self._tracer.trace(answer, scope)
            step = failed_step(case, verdict, gold, traced)
        return CaseResult(
            id=case.id,
            kind=case.kind,
            expects=case.expects,
            digest=case.digest,
            question=case.question,
            answerable=case.answerable,
            status=answer.status,
            correct=verdict.correct,
            lenient=verdict.lenient,
            contained=verdict.contained,
            right_report=any(in_report(p, leading, organisation) for p in case.evidence) if case.answerable else None,
            right_page=_right_page(case, gold, leading) if case.answerable and reports else None,
            citation_precision=citation_precision(answer),
            citation_recall=citation_recall(answer),
            unsupported=unsupported_figures(answer),
            cause=verdict.cause,
            detail=verdict.detail,
            step=step,
            expected=expected_text(case),
            said=verdict.said,
            text=answer.text,
            citation=self._shown(verdict.citation),
            confidence=confidence,
            found_rank=self._found_rank(case, answer, scope, gold),
            cluster=gold.cluster or case.id,
            milliseconds=elapsed,
            usage=answer.usage,
        )

    def _found_rank(self, case: Case, answer: Answer, scope: Scope, gold: Gold) -> int | None:
        if self.reports is None or not case.answerable or not isinstance(self.assistant, Searches):
            return None
        hits = self.assistant.search(answer.standalone_question, k=SEARCHED, scope=scope)
        for rank, hit in enumerate(hits, start=1):
            if any(self._has(hit, place) for place in gold.statements):
                return rank
        return None

    def _has(self, hit: Hit, place: tuple[str, int, int]) -> bool:
        """Whether a passage holds a statement, or is the same as one of another report that does."""
        if overlap((hit.report_id, hit.start, hit.end), place):
            return True
        if self.reports is None or all(other.report_id != place[0] for other in hit.also_in):
            return False
        return contains(hit.text, self.reports.text(place[0])[place[1] : place[2]])

    def _shown(self, citation: Citation | None) -> Shown | None:
        if citation is None:
            return None
        text = self.reports.text(citation.report_id) if self.reports else ""
        before, after = text[max(0, citation.start - CONTEXT) : citation.start], text[citation.end :][:CONTEXT]
        section = " › ".join(citation.section)
        return Shown(Path(citation.file).name, citation.year, citation.page, section, before, citation.quote, after)


def _ask(assistant: Asks, case: Case, scope: Scope) -> tuple[Answer, float | None]:
    """The answer, and how sure the assistant is of it: 1 for an answer from the record of judgments."""
    history = tuple({"role": m.role, "content": m.content} for m in case.history)
    if not isinstance(assistant, Streams):
        return assistant.ask(case.question, history=history, scope=scope), None
    answer, confidence, from_record = None, None, False
    for event in assistant.stream(case.question, history, scope):
        from_record = from_record or event.step == "judge"
        if event.step == "compose" and (found := _PROBABILITY.search(event.detail)) is not None:
            confidence = float(found[1])
        answer = event.answer or answer
    if answer is None:
        raise CaseFailed(case.id, "the assistant ended without an answer")
    return answer, 1.0 if confidence is None and from_record else confidence


def _right_page(case: Case, gold: Gold, citation: Citation | None) -> bool:
    """Whether the citation is on a page of an acceptable place; in a report without pages, in the report at all."""
    if citation is None:
        return False
    return (citation.report_id, citation.page) in gold.pages


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


def kept_library(documents: Path, name: str) -> "Library":
    """The library of a corpus in the user's cache, made if it is absent or was made by another state of `index/`.

    Raises as `library_for` does.
    """
    made_by = hashlib.sha256()
    for path in sorted(path for path in Path(errors.__file__).parent.rglob("*") if path.suffix in (".py", ".json")):
        made_by.update(path.read_bytes())
    corpora = platformdirs.user_cache_path("citewell", appauthor=False) / "corpora"
    folder = corpora / f"{name}-{made_by.hexdigest()[:12]}"
    for other in corpora.glob(f"{name}-{'?' * 12}"):
        if other != folder and time.time() - other.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(other, ignore_errors=True)
    return library_for(documents, folder)


def expected_text(case: Case) -> str:
    """What the case expects, in a few words."""
    expect = case.expect
    if expect.figure is not None:
        figure = expect.figure
        parts = (figure.value, figure.scale, figure.unit, figure.direction and f"({figure.direction})")
        return " ".join(part for part in parts if part)
    if expect.judgment is not None:
        return f"{expect.judgment.grade} ({expect.judgment.aspect}, {expect.judgment.year})"
    if expect.starts_with is not None:
        return f"{expect.starts_with} …"
    if expect.parts:
        joined = ", then " if expect.list is not None and expect.list.ordered else " and "
        return joined.join(" or ".join(part) for part in expect.parts)
    return "a question back" if expect.clarify else "no answer"

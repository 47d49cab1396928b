"""Measure a corpus of documents and questions:  python -m evals.corpus PATH [--limit N] [--seed S] [--library DIR]

The documents are indexed into a library that is kept for the next run; then each question is asked over all of it.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, track
from rich.table import Table

from index.errors import CitewellError
from rag.records import Answer, Scope

from .metrics import Share, median, percentile, refusal, unsupported_figures
from .questions import (
    Question,
    answer_contained,
    leading_citation,
    leading_figure_right,
    load_corpus,
    right_document,
    right_page,
)
from .report import milliseconds, share_cells, share_json
from .run import Asks, package_versions

if TYPE_CHECKING:
    from index import Library


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one question gave. `contained`, `document` and `page` are of answers given, to answerable questions.

    `leading` is None for questions whose answer is not a figure.
    """

    id: str
    answer_type: str
    answerable: bool
    refused: bool
    contained: bool
    leading: bool | None
    document: bool
    page: bool
    unsupported: tuple[str, ...]
    said: str
    milliseconds: float


def sampled(questions: Sequence[Question], limit: int | None, seed: int) -> tuple[Question, ...]:
    """`limit` of the questions, the same for the same seed, in their order; all where there are no more."""
    if limit is None or limit >= len(questions):
        return tuple(questions)
    chosen = sorted(random.Random(seed).sample(range(len(questions)), limit))
    return tuple(questions[i] for i in chosen)


def measure(question: Question, assistant: Asks, text_of: Callable[[str], str]) -> QuestionResult:
    """The result of one question, asked once over everything. `text_of` gives a report's canonical text."""
    start = time.perf_counter()
    answer: Answer = assistant.ask(question.question, history=(), scope=Scope())
    elapsed = (time.perf_counter() - start) * 1000
    citation = leading_citation(answer)
    text = "" if citation is None else text_of(citation.report_id)
    return QuestionResult(
        id=question.id,
        answer_type=question.answer_type,
        answerable=question.answerable,
        refused=answer.status != "answered",
        contained=question.answerable and answer_contained(question, answer),
        leading=leading_figure_right(question, answer) if question.answer_type == "figure" else None,
        document=question.answerable and right_document(question, citation),
        page=question.answerable and right_page(question, citation, text),
        unsupported=unsupported_figures(answer),
        said=" ".join(answer.text.split())[:300],
        milliseconds=elapsed,
    )


def shares(results: Sequence[QuestionResult]) -> dict[str, Share]:
    """The measures of a run by name.

    Containment, document and page are over all answerable questions, refused ones included as misses; "of those
    answered" over the answerable ones that got an answer.
    """
    able = [r for r in results if r.answerable]
    given = [r for r in able if not r.refused]
    figures = [r for r in able if r.leading is not None]
    refused = refusal([r.answerable for r in results], [r.refused for r in results])
    kinds = dict.fromkeys(r.answer_type for r in able)
    return {
        "answer contained": _share([r.contained for r in able]),
        **{f"  {kind}": _share([r.contained for r in able if r.answer_type == kind]) for kind in kinds},
        "answer contained, of those answered": _share([r.contained for r in given]),
        "leading figure right": _share([r.leading is True for r in figures]),
        "right document": _share([r.document for r in able]),
        "right page": _share([r.page for r in able]),
        "contained and right page": _share([r.contained and r.page for r in able]),
        "refused of the unanswerable": refused.recall,
        "unanswerable of the refused": refused.precision,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the corpus that the arguments name. 0: measured, 2: could not."""
    parser = argparse.ArgumentParser(prog="python -m evals.corpus", description="Measure a corpus of questions.")
    parser.add_argument("path", type=Path, help="folder with questions.jsonl and docs/ or windows.jsonl")
    parser.add_argument("--limit", type=int, help="ask this many questions, chosen by the seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--library", type=Path, help="where the documents are indexed and kept")
    parser.add_argument("--json", type=Path, help="write the result of every question to this file")
    options = parser.parse_args(arguments)
    name = options.path.resolve().name
    folder = options.library or platformdirs.user_cache_path("citewell") / "corpora" / name
    console = Console()
    try:
        corpus = load_corpus(options.path, folder)
        questions = sampled(corpus.questions, options.limit, options.seed)
        results = _measure_all(questions, corpus.documents, folder / "library", console)
    except CitewellError as error:
        Console(stderr=True).print(escape(str(error)))
        return 2
    _print(corpus.name, results, console)
    if options.json is not None:
        data = {
            "corpus": corpus.name,
            "seed": options.seed,
            "versions": dict(package_versions()),
            "shares": {label.strip(): share_json(share) for label, share in shares(results).items()},
            "questions": [asdict(result) for result in results],
        }
        options.json.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _measure_all(
    questions: Sequence[Question], documents: Path, folder: Path, console: Console
) -> tuple[QuestionResult, ...]:
    from index import Library  # both take seconds to import, which --help and a bad path should not cost
    from rag import Assistant

    with Library.open(folder) as library:
        _index(library, documents, console)
        assistant = Assistant(library)
        asked = track(questions, description="asking", console=console, transient=True)
        return tuple(measure(question, assistant, library.text) for question in asked)


def _index(library: "Library", documents: Path, console: Console) -> None:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("indexing", total=None)
        result = library.add([documents], on_progress=lambda p: bar.update(task, completed=p.done, total=p.total))
    for refused in result.refused:
        console.print(f"Not indexed: {escape(refused.file)}: {escape(refused.reason)}")


def _print(name: str, results: Sequence[QuestionResult], console: Console) -> None:
    table = Table(title=f"{escape(name)}: {len(results)} questions")
    table.add_column("measure", no_wrap=True)
    for heading in ("of", "yes", "share", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for label, share in shares(results).items():
        table.add_row(label, *share_cells(share))
    console.print(table)
    times = [result.milliseconds for result in results]
    console.print(
        f"Figures without support: {sum(len(r.unsupported) for r in results)}. "
        f"Time to answer: median {milliseconds(median(times))}, 95 % within {milliseconds(percentile(times, 95))}."
    )


def _share(held: Sequence[bool]) -> Share:
    return Share(sum(held), len(held))


if __name__ == "__main__":
    sys.exit(main())

"""Gather what the answer is chosen among: `python -m training.candidates OUT.jsonl SUITE[=REPORTS] …`.

Each question of a suite, or of a corpus with its questions, goes through the product up to the ranked evidence. Every
piece of it, and every figure that may answer, is written out with its measures and with whether the answer that it
gives would be right, judged as an evaluation does. What is answered from a record of judgments, with a title, or from a
list under its own heading is left out, since nothing is chosen there. `training/fit_decision.py` fits to this.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.places import Reports
from evals.run import kept_library
from evals.sources import load_source
from evals.suite import Case, Suite
from evals.verdict import judge
from index import Library
from rag.compose import figure_choices, figure_draft, wants_figure
from rag.draft import Draft
from rag.history import standalone
from rag.lists import list_sections
from rag.prose import prose_draft, tells
from rag.rank import Ranked, Ranker
from rag.reader import Reader, Reads, Unread
from rag.records import Scope
from rag.retrieve import retrieve
from rag.scope import reach
from rag.subject import name_subject
from rag.understand import Question, understand
from rag.write import write

FIGURES = 4  # of one piece of evidence, the best fitting ones


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer that could be given: as "prose" or a "figure", its measures by name, and whether it is right."""

    kind: str
    measures: dict[str, float]
    right: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set with its candidates, best first; `cluster` names the report that it is about, `read` says
    whether the reader took part."""

    name: str
    question_id: str
    cluster: str
    answerable: bool
    read: bool
    candidates: tuple[Candidate, ...]


def gather(name: str, suite: Suite, library: Library, reader: Reads) -> Iterator[Asked]:
    """The questions of `suite` in order, each with its candidates."""
    ranker, reports = Ranker(reader=reader), Reports(library)
    for case in suite.cases:
        organisation = suite.organisation_of(case)
        history = tuple({"role": m.role, "content": m.content} for m in case.history)
        alone = standalone(case.question, history, library.embed_texts)
        question = understand(alone)
        named = tuple(reports.resolve(report) for report in case.scope.reports)
        within = reach(question, Scope(named, case.scope.organisations, case.scope.years), library.reports())
        weight = within.weight(library.term_weight)
        if question.kind == "judgment" or name_subject(library, question, within).pieces:
            continue
        if list_sections(library, question, within, weight).pieces:
            continue
        ranked = ranker.rank(question, retrieve(library, question, within).evidence, weight)

        def right(draft: Draft, case: Case = case, organisation: str | None = organisation, alone: str = alone) -> bool:
            answer = write(library, case.question, alone, draft, within, {})  # noqa: B023  # called within this round
            return answer is not None and case.answerable and judge(case, organisation, answer, reports.text).correct

        candidates = []
        for kind, draft, measures in _drafts(library, question, ranked, weight):
            candidates.append(Candidate(kind, measures, right(draft)))
        first = case.evidence[0] if case.evidence else None  # samples and originals of one report are one cluster
        cluster = f"{organisation} {first.year} {first.report}" if first is not None else case.id
        yield Asked(name, case.id, cluster, case.answerable, not isinstance(reader, Unread), tuple(candidates))


def _drafts(
    library: Library, question: Question, ranked: Sequence[Ranked], weight: object
) -> Iterator[tuple[str, Draft, dict[str, float]]]:
    if ranked and (question.kind == "figure" or wants_figure(question, ranked[0])):
        taken: dict[int, int] = {}
        for choice in figure_choices(question, ranked, weight):  # type: ignore[arg-type]
            taken[id(choice.ranked)] = taken.get(id(choice.ranked), 0) + 1
            if taken[id(choice.ranked)] <= FIGURES:
                draft = figure_draft(library, question, choice, ranked)
                yield "figure", draft, dict(choice.values)
        return
    telling = [r for r in ranked if tells(library, question, r.evidence)]
    for position, one in enumerate(telling):
        yield "prose", prose_draft(library, question, telling[position:]), one.measures.values()


def main() -> None:
    """Gather from each suite, with the reader and without it, and write one question a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("sources", nargs="+", metavar="SUITE[=REPORTS]")
    arguments = parser.parse_args()
    reader = Reader()
    with arguments.out.open("w", encoding="utf-8") as out, tempfile.TemporaryDirectory() as scratch:
        for number, text in enumerate(arguments.sources):
            place, _, reports = text.partition("=")
            source = load_source(Path(place), Path(scratch) / str(number))
            documents = Path(reports) if reports else source.documents
            if documents is None:
                parser.error(f"{place} comes without documents: say {place}=REPORTS")
            name = f"{source.suite.suite}-{documents.parent.name}" if reports else source.suite.suite
            with kept_library(documents, name) as library:
                for one in (reader, Unread()):
                    gathered = list(gather(name, source.suite, library, one))
                    out.writelines(json.dumps(asdict(asked)) + "\n" for asked in gathered)
                    right = sum(any(c.right for c in asked.candidates) for asked in gathered)
                    print(
                        name, "read" if one is reader else "unread", len(gathered), "may be right:", right, flush=True
                    )


if __name__ == "__main__":
    main()

"""Write cases for a person to confirm: from the figures and judgments that a library holds, and from what users said.

Both give YAML with the source of every value in a comment above its case. A case from use has no expectation yet, so a
suite refuses it by name until somebody has filled it in.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from index.errors import BadSuite
from rag.feedback import VERDICTS, Feedback

from .feedback import last_words
from .match import amount
from .words import contains, normalise

if TYPE_CHECKING:
    from index import Library
    from index.records import Figure, Judgment, ReportInfo, Statement

CASES = 40  # as many as a person confirms in an hour or two

_LONGEST = 300  # characters of a source shown above its case


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as plain data, and what a person reads above it to confirm it."""

    case: dict[str, Any]
    source: str


def first_suite(library: "Library", name: str, most: int = CASES) -> str:
    """A suite from the library's figures and judgments, as YAML: at most `most` cases, the reports taking turns.

    Asked is only what a report says once: a measure that a report gives two values for, with the same subject and
    period, would not have one answer. Raises `BadSuite` for a library that holds no such figure or judgment.
    """
    turns = [_of_report(library, info) for info in library.reports() if info.twin_of == info.report_id]
    drafts = _take_turns(turns, most)
    if not drafts:
        raise BadSuite("The library holds no figure or judgment to ask for. Index reports first: citewell index PATH")
    head = {"suite": name, "version": 1, "description": "Figures and judgments of the library, to be confirmed."}
    note = (
        "# Read each question and its source. Mend what is wrong, remove what nobody would ask, and add\n"
        "# questions that the reports do not answer (kind: refuse, expect: {refuse: true}): silence is measured too.\n"
    )
    return note + yaml.safe_dump(head, sort_keys=False, allow_unicode=True) + "cases:\n" + _as_yaml(drafts)


def candidates(said: Iterable[Feedback]) -> str:
    """The answers that users marked wrong, as YAML cases whose expectation is to be filled in; empty for none.

    An answer that its user called right after all is left out. A question asked alike several times is one case.
    """
    drafts: dict[str, Draft] = {}
    for feedback in last_words(said):
        if feedback.verdict != "right":
            draft = _candidate(feedback)
            if feedback.comment or draft.case["id"] not in drafts:  # silence does not displace what was explained
                drafts[draft.case["id"]] = draft
    return _as_yaml(drafts.values())


def _of_report(library: "Library", info: "ReportInfo") -> Iterator[Draft]:
    """Judgments and figures in turn, in the order of the report."""
    statements = library.statements(info.report_id)
    figures = _asked_figures(info, statements)
    judgments = _asked_judgments(info, statements)
    while True:
        pair = [draft for draft in (next(judgments, None), next(figures, None)) if draft is not None]
        if not pair:
            return
        yield from pair


def _asked_figures(info: "ReportInfo", statements: Sequence["Statement"]) -> Iterator[Draft]:
    values: dict[tuple[str, ...], set[object]] = {}
    for statement in statements:
        for figure in statement.figures:
            values.setdefault(_what(figure), set()).add(amount(figure.value, figure.scale))
    for statement in statements:
        for figure in statement.figures[:1]:
            if figure.measure is not None and figure.scale != "trillion" and len(values.pop(_what(figure), ())) == 1:
                yield _figure_draft(info, statement, figure)


def _what(figure: "Figure") -> tuple[str, ...]:
    return tuple(normalise(part or "") for part in (figure.measure, figure.subject, figure.period))


def _figure_draft(info: "ReportInfo", statement: "Statement", figure: "Figure") -> Draft:
    of = f" of {figure.subject}" if figure.subject else f" of {info.organisation}" if info.organisation else ""
    when = f" ({figure.period})" if figure.period else f" in {info.year}" if info.year else ""
    expected: dict[str, Any] = {"value": figure.value, "unit": figure.unit, "scale": figure.scale}
    if figure.direction is not None:
        expected["direction"] = figure.direction
    expected |= {key: value for key in ("subject", "period") if (value := getattr(figure, key))}
    case = {
        "id": _id("figure", info, statement.start, figure.start),
        "kind": "table_cell" if statement.kind == "row" else "figure",
        "question": f"According to the report “{info.title}”, what was the {figure.measure}{of}{when}?",
        "expect": {"figure": expected},
        "evidence": [_place(info, statement, figure.text)],
    }
    return Draft(case, statement.text)


def _asked_judgments(info: "ReportInfo", statements: Sequence["Statement"]) -> Iterator[Draft]:
    seen = set()
    for statement in statements:
        for judgment in statement.judgments[:1]:
            year = judgment.year or info.year
            if year is not None and (key := normalise(judgment.aspect)) not in seen:
                seen.add(key)
                yield _judgment_draft(info, statement, judgment, year)


def _judgment_draft(info: "ReportInfo", statement: "Statement", judgment: "Judgment", year: int) -> Draft:
    whom = judgment.organisation or info.organisation
    on = "overall" if judgment.overall else f"on “{judgment.aspect}”"
    case: dict[str, Any] = {
        "id": _id("judgment", info, statement.start, judgment.start),
        "kind": "judgment",
        "question": f"How was {whom or 'the organisation'} judged {on} in {year}?",
    }
    if whom and whom == info.organisation:
        case["organisation"] = whom
    aspect = "overall" if judgment.overall else judgment.aspect
    case["expect"] = {"judgment": {"grade": judgment.grade, "aspect": aspect, "year": year}}
    case["evidence"] = [_place(info, statement, None)]
    return Draft(case, statement.text)


def _place(info: "ReportInfo", statement: "Statement", printed: str | None) -> dict[str, Any]:
    place: dict[str, Any] = {"report": Path(info.file).name}
    if statement.page is not None:
        place["page"] = statement.page
    if printed is not None and contains(statement.text, printed):
        place["quote_contains"] = [printed.strip()]
    return place


def _take_turns(turns: list[Iterator[Draft]], most: int) -> list[Draft]:
    """The first of each, the second of each, and so on; no question twice."""
    drafts: dict[str, Draft] = {}
    while turns and len(drafts) < most:
        going = []
        for turn in turns:
            draft = next(turn, None)
            if draft is not None:
                going.append(turn)
                if len(drafts) < most:
                    drafts.setdefault(normalise(draft.case["question"]), draft)
        turns = going
    return list(drafts.values())


def _candidate(feedback: Feedback) -> Draft:
    asked = feedback.model_dump(
        mode="json", include={"question": True, "history": True, "scope": {"reports", "organisations", "years"}}
    )
    refused = feedback.verdict == "should_have_refused"
    key = hashlib.sha256(repr(sorted(asked.items())).encode()).hexdigest()[:12]
    case: dict[str, Any] = {
        "id": f"from-use-{key}",
        "kind": _kind(feedback),
        "question": feedback.question,
    }
    if feedback.history:
        case["history"] = asked["history"]
    scope = {name: value for name, value in asked["scope"].items() if value}
    if scope:
        case["scope"] = scope
    case |= {"expect": {"refuse": True} if refused else {}, "evidence": []}
    cited = [
        f"{Path(str(c.get('file', ''))).name}, page {c.get('page') or '–'}: {c.get('quote', '')}"
        for c in feedback.answer.get("citations", [])[:3]
    ]
    marked = "wrong" if feedback.verdict == "wrong" else f"“{VERDICTS[feedback.verdict].lower()}”"
    widened = [f"asked without narrowing to the {name}" for name in feedback.scope.widened]
    told = [
        f"marked {marked} {feedback.time}",
        *widened,
        f"said: {feedback.answer.get('text', '')}",
        *(f"cited {c}" for c in cited),
    ]
    return Draft(case, "\n".join([*told, *([f"comment: {feedback.comment}"] if feedback.comment else [])]))


def _kind(feedback: Feedback) -> str:
    if feedback.history:
        return "follow_up"
    if feedback.verdict == "should_have_refused":
        return "refuse"
    return "figure" if feedback.answer.get("figures") else "text"


def _id(kind: str, info: "ReportInfo", *places: int) -> str:
    report = re.sub(r"[^a-z0-9]+", "-", Path(info.file).stem.lower()).strip("-")[:40] or info.report_id
    return "-".join([kind, report, *map(str, places)])


def _as_yaml(drafts: Iterable[Draft]) -> str:
    told = []
    for draft in drafts:
        lines = [" ".join(line.split())[:_LONGEST] for line in draft.source.splitlines() if line.strip()]
        told += [f"  # {_printable(line)}" for line in lines]
        body = yaml.safe_dump([draft.case], sort_keys=False, allow_unicode=True, width=110)
        told += [f"  {line}" for line in body.rstrip("\n").splitlines()] + [""]
    return "\n".join(told)


def _printable(text: str) -> str:
    """Text that stays a comment and a valid file: no control character, which YAML refuses anywhere."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)

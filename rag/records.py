"""The records of an answer, from what was understood to what is shown.

`Answer` and what hangs from it have the same fields in Python, in `--json` and over HTTP.
"""

from dataclasses import dataclass
from typing import Literal

Status = Literal["answered", "not_in_reports", "needs_clarification"]
Check = Literal["in_quote", "derived", "failed"]
NoteKind = Literal[
    "conflict", "false_premise", "superseded", "ambiguous_source", "misprint", "coverage", "model", "instruction"
]


@dataclass(frozen=True, slots=True)
class Scope:
    """What to search. Empty means everything; values within a field are alternatives, fields must all hold.

    `widened` names what shall not narrow the search though the question names it: "organisation" or "year".
    """

    reports: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    widened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another report that carries the same words: a twin, or recurring wording."""

    report_id: str
    title: str
    file: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search returned. `page` counts from 1, None where there are no pages.

    `cosine_distance` (0 same, 2 opposite) and `bm25_score` (higher is better) are None where that search did not
    return it; `fused_score` is the sum of reciprocal ranks, higher is better. `evidence_order` says how well
    the best evidence in it answers, as log-odds against the other evidence, None where none was ranked.

    `dense_rank` and `lexical_rank` count from 1, each in its own search. `reader_score` (log-odds) is what the reader
    made of the best evidence, `answer_probability` (0 to 1) the calibrated probability that it answers. `also_in` are
    the other reports with the same passage, which count as this hit.
    """

    report_id: str
    file: str
    title: str
    organisation: str | None
    year: int | None
    page: int | None
    page_label: str | None
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    cosine_distance: float | None
    bm25_score: float | None
    fused_score: float
    evidence_order: float | None = None
    dense_rank: int | None = None
    lexical_rank: int | None = None
    reader_score: float | None = None
    answer_probability: float | None = None
    also_in: tuple[AlsoIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands: `library.text(report_id)[start:end] == quote`, always.

    `marked` is where the words within it that are the answer itself most likely stand, as (start, end) in that text;
    None where the answer is no sentence of the report, or the words cannot be told.
    """

    n: int
    report_id: str
    title: str
    organisation: str | None
    year: int | None
    file: str
    page: int | None
    page_label: str | None
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    also_in: tuple[AlsoIn, ...] = ()
    marked: tuple[int, int] | None = None

    @property
    def marked_words(self) -> str:
        """The words that are marked, "" where none are."""
        return "" if self.marked is None else self.quote[self.marked[0] - self.start : self.marked[1] - self.start]


@dataclass(frozen=True, slots=True)
class AnswerFigure:
    """A figure in the answer. `citation` is the number of the citation that proves it.

    Of a figure that is worked out (`check` "derived"), `operands` are the positions, from 0, of the figures of the same
    answer that it is worked out from, `arithmetic` says how ("2,104 − 2,372 = −268"), and `citation` is that of the
    first operand. `text` has no sign then: the answer says whether it rose or fell, and `value` has the sign.
    """

    text: str
    value: str
    unit: str | None
    scale: str | None
    measure: str | None
    subject: str | None
    period: str | None
    citation: int
    check: Check
    operands: tuple[int, ...] = ()
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class AnswerJudgment:
    """A judgment in the answer."""

    grade: str
    aspect: str
    organisation: str | None
    year: int | None
    citation: int
    check: Check


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know beside the answer. `citations` are citation numbers."""

    kind: NoteKind
    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Reports that were not searched, and why."""

    reason: str
    reports: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What an answer is based on: the ids of the reports searched, how many, and which were left out and why."""

    reports: tuple[str, ...]
    count: int
    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model took for one question.

    `calls` of `model` took `tokens_in` and gave `tokens_out` in `seconds`; `estimated` tells that its server did not
    count the tokens. Of the `statements` that it made, `kept` were shown; `dropped` counts the others by what was wrong
    with them (`rag/bear_out.py`), never by their words.
    """

    model: str
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float
    estimated: bool
    statements: int
    kept: int
    dropped: dict[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    When `status` is "answered", `text` is Markdown in which every stating sentence carries a mark such as [1].
    When it is "not_in_reports", `text` says so, figures and judgments are empty, and `citations` are the nearest
    passages, offered as places to look and not as evidence.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    figures: tuple[AnswerFigure, ...]
    judgments: tuple[AnswerJudgment, ...]
    citations: tuple[Citation, ...]
    notes: tuple[Note, ...]
    scope: Searched
    timings_ms: dict[str, float]
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event of `Assistant.stream`.

    "step": `step` names what is being done and `detail` says what it found; "unchecked": `detail` is the next piece of
    what a language model writes, which nothing has checked yet; "text": `detail` is the next piece of the checked
    answer's text, the first of which replaces all that is unchecked; "answer": `answer` is the checked answer, always
    the last event. The step before the text has the `citations` that the marks in it name, so that they lead somewhere
    while it comes.
    """

    kind: Literal["step", "unchecked", "text", "answer"]
    step: str = ""
    detail: str = ""
    answer: Answer | None = None
    citations: tuple[Citation, ...] = ()

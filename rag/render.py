"""The words and the escaping that every page and the terminal show answers with."""

import re
from collections.abc import Iterable
from html import escape as _escape

from .records import Answer, AnswerFigure, Usage

STEPS = {
    "understand": "Understand",
    "judge": "Look up judgments",
    "retrieve": "Retrieve",
    "rank": "Rank",
    "compose": "Compose",
    "prompt": "Choose passages for the language model",
    "write": "Language model",
    "check": "Check its statements",
    "repair": "Language model, again",
    "check_again": "Check them again",
    "verify": "Verify",
    "total": "Altogether",
}
NEXT = {  # an event says what a step has found: what is being done meanwhile is the step after it
    "understand": "Searching the reports",
    "judge": "Checking the answer",
    "retrieve": "Ranking what was found",
    "rank": "Composing the answer",
    "compose": "Verifying every figure",
    "verify": "Writing",
}
CHECKS = {"in_quote": "In the quotation", "derived": "Derived", "failed": "Not confirmed"}
NOTES = {
    "conflict": "The reports disagree",
    "false_premise": "The question assumes otherwise",
    "superseded": "There is a later version",
    "ambiguous_source": "The source is unclear",
    "misprint": "Probable misprint",
    "coverage": "What the reports cover",
    "model": "In the reports’ own words",
    "instruction": "Instruction in a document",
}
IN_PART = "Answered in part"
UNCHECKED = "Not checked yet"
LOOK_QUOTE_CHARACTERS = 320  # of a nearest passage shown under "Places to look"; the panel shows all of it

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """Text without control characters and direction overrides, since a line could be made to read as something else
    with them, and without what is no character."""
    return _CONTROL.sub("", text)


def escape(text: str) -> str:
    """Text as HTML, also inside a quoted attribute, without what `visible` drops."""
    return _escape(visible(text), quote=True)


def plural(count: int, noun: str) -> str:
    """`1 report`, `5 reports`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def page_words(page: int | None, label: str | None) -> str:
    """`page 7`, `page 7 (printed 5)`, or nothing where the format has no pages."""
    if page is None:
        return ""
    return f"page {page}" if label in (None, "", str(page)) else f"page {page} (printed {label})"


def is_in_part(status: str, notes: Iterable[str]) -> bool:
    """Whether an answer leaves a part of its question open: one of its notes, given by their kinds, says what the
    reports do not."""
    return status == "answered" and "coverage" in notes


def check_words(figure: AnswerFigure) -> str:
    """What became of a figure's check; of one that was worked out, with the arithmetic."""
    return f"{CHECKS[figure.check]}: {figure.arithmetic}" if figure.arithmetic else CHECKS[figure.check]


def usage_words(usage: Usage) -> str:
    """What a language model took: `ollama:llama3.2: 2 calls, 1,204 tokens in, 180 out, 3.1 s`."""
    about = "about " if usage.estimated else ""
    return (
        f"{usage.model}: {plural(usage.calls, 'call')}, {about}{usage.tokens_in:,} tokens in, "
        f"{usage.tokens_out:,} out, {usage.seconds:.1f} s; "
        f"{usage.kept} of {plural(usage.statements, 'statement')} shown"
    )


def cited_by(figure: AnswerFigure, answer: Answer) -> tuple[int, ...]:
    """The numbers of the citations that prove a figure: its own, or those of all its operands."""
    operands = [answer.figures[position].citation for position in figure.operands]
    return tuple(dict.fromkeys(operands or [figure.citation]))

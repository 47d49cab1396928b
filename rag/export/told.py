"""What every export says in words: where a quotation stands, what was checked, what was searched."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..render import CHECKS, IN_PART, NOTES, is_in_part, page_words, plural
from .words import safe

_STATUS = {
    "answered": "Answered",
    "not_in_reports": "The reports do not say",
    "needs_clarification": "Which do you mean?",
}
CHECKED = ("Value", "Of", "When", "Check", "Source")


def status(answer: Mapping[str, Any]) -> str:
    """What came of the question."""
    kinds = (note["kind"] for note in answer["notes"])
    return IN_PART if is_in_part(answer["status"], kinds) else _STATUS[answer["status"]]


def place(citation: Mapping[str, Any]) -> str:
    """Where a quotation stands: title, whose, year, page, section, file."""
    year = str(citation["year"] or "")
    parts = [citation["title"]]
    parts += [part for part in (citation["organisation"] or "", year) if part and part not in citation["title"]]
    parts.append(page_words(citation["page"], citation["page_label"]))
    parts.append(" › ".join(citation["section"]))
    return safe(" · ".join(part for part in (*parts, citation["file"]) if part))


def offsets(citation: Mapping[str, Any]) -> str:
    """How a program finds the quotation again."""
    return f"Report {citation['report_id']}, characters {citation['start']} to {citation['end']}"


def also(citation: Mapping[str, Any]) -> str:
    """The reports that say the same, empty where there is none."""
    files = ", ".join(other["file"] for other in citation["also_in"])
    return safe(f"Also in: {files}") if files else ""


def checked(answer: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """A row for each figure and judgment of an answer, under `CHECKED`."""
    rows = []
    for figure in answer["figures"]:
        about = ", ".join(part for part in (figure["measure"], figure["subject"]) if part)
        check = CHECKS[figure["check"]] + (f": {figure['arithmetic']}" if figure["arithmetic"] else "")
        cited = [answer["figures"][at]["citation"] for at in figure["operands"]] or [figure["citation"]]
        marks = "".join(f"[{n}]" for n in dict.fromkeys(cited))
        rows.append((figure["text"], about, figure["period"] or "", check, marks))
    for judgment in answer["judgments"]:
        about = ", ".join(part for part in (judgment["aspect"], judgment["organisation"]) if part)
        year, check = str(judgment["year"] or ""), CHECKS[judgment["check"]]
        rows.append((judgment["grade"].capitalize(), about, year, check, f"[{judgment['citation']}]"))
    return [tuple(map(safe, row)) for row in rows]  # type: ignore[misc]  # five to five


def notes(answer: Mapping[str, Any]) -> list[str]:
    """A line for each note."""
    lines: Sequence[Mapping[str, Any]] = answer["notes"]
    return [
        safe(f"{NOTES[note['kind']]}: {note['text']} {''.join(f'[{n}]' for n in note['citations'])}".strip())
        for note in lines
    ]


def searched(answer: Mapping[str, Any]) -> str:
    """What was searched, and what was left out."""
    scope = answer["scope"]
    limits = ", ".join([*scope["organisations"], *map(str, scope["years"])])
    left = "".join(f"; {plural(part['reports'], 'report')} left out: {part['reason']}" for part in scope["left_out"])
    return safe(f"Searched {plural(scope['count'], 'report')}{f' ({limits})' if limits else ''}{left}.")

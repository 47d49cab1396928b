"""What users said of answers, a line each in the library's folder: `feedback.jsonl`.

A line is one JSON object: `format` 1, `time` (ISO 8601, UTC), `question`, `history` and `scope` as it was asked with,
`answer` with all its fields as `--json` prints them, `verdict` and, where the user wrote one, `comment`.
"""

import dataclasses
import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import BadSuite
from rag.records import Answer, Scope

FEEDBACK_FILE = "feedback.jsonl"

Verdict = Literal["right", "wrong"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedbackScope(_Part):
    """What the question was narrowed to."""

    reports: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


class FeedbackMessage(_Part):
    """A message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


class Feedback(_Part):
    """What a user said of one answer. `answer` is kept as it was, whatever fields an answer had then."""

    format: Literal[1] = 1
    time: str
    question: str
    history: tuple[FeedbackMessage, ...] = ()
    scope: FeedbackScope = FeedbackScope()
    answer: dict[str, Any]
    verdict: Verdict
    comment: str = ""


def record_feedback(
    library: Path,
    *,
    answer: Answer,
    verdict: Verdict,
    history: Sequence[Mapping[str, str]] = (),
    scope: Scope | None = None,
    comment: str = "",
) -> None:
    """Append what a user said of `answer` to the feedback of the library in the folder `library`.

    One line is written at once, under a lock, so that pages served side by side do not mix theirs. Raises OSError.
    """
    line = Feedback(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        question=answer.question,
        history=tuple(FeedbackMessage.model_validate({"role": m["role"], "content": m["content"]}) for m in history),
        scope=FeedbackScope() if scope is None else FeedbackScope(**dataclasses.asdict(scope)),
        answer=dataclasses.asdict(answer),
        verdict=verdict,
        comment=comment,
    )
    data = json.dumps(line.model_dump(mode="json"), ensure_ascii=False).encode() + b"\n"
    with open(library / FEEDBACK_FILE, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read_feedback(library: Path) -> tuple[Feedback, ...]:
    """Everything that users said, oldest first; `()` where nobody said anything. Raises `BadSuite` naming the line."""
    path = library / FEEDBACK_FILE
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSuite(f"The feedback {path} cannot be read. Restore it, or move it away.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(Feedback.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(step) for step in first["loc"]) or "the line"
            raise BadSuite(f"{path}:{number}: {field}: {first['msg']}. Mend or remove the line.") from error
    return tuple(found)

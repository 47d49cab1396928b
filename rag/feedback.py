"""What users said of answers, a line each in the library's folder: `feedback.jsonl`.

A line is one JSON object: `format` 1, `time` (ISO 8601, UTC), `question`, `history` and `scope` as it was asked with,
`answer` with all its fields as `--json` prints them, `verdict` and, where the user wrote one, `comment`. Lines are only
ever added: of several about the same answer the last one stands.
"""

import dataclasses
import errno
import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .records import Answer, Scope

FEEDBACK_FILE = "feedback.jsonl"
MAX_COMMENT = 500  # characters that the chat page takes with a mark

Verdict = Literal["right", "wrong_figure", "wrong_place", "should_have_refused", "wrong"]
VERDICTS: dict[Verdict, str] = {  # what the page offers; "wrong" is what it offered before, and programs may still say
    "right": "Right",
    "wrong_figure": "Wrong figure",
    "wrong_place": "Wrong place",
    "should_have_refused": "Should have refused",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedbackScope(_Part):
    """What the question was narrowed to."""

    reports: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    widened: tuple[str, ...] = ()


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


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, with the history and the scope that its question was asked with."""

    answer: Answer
    history: tuple[Mapping[str, str], ...]
    scope: Scope


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
    with open(library / FEEDBACK_FILE, "ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = file.seek(0, os.SEEK_END)
        try:
            if file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        except OSError:
            os.truncate(file.fileno(), end)  # half a line would spoil the one after it
            raise

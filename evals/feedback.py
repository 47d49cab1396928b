"""Read what users said of answers; what a line holds and how it is written is in `rag.feedback`."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from index.errors import BadSuite
from rag.feedback import FEEDBACK_FILE, Feedback


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


def last_words(said: Iterable[Feedback]) -> tuple[Feedback, ...]:
    """What stands of what users said: of the lines about the same answer, which its timings tell apart, the last."""
    standing = {line.model_dump_json(exclude={"time", "verdict", "comment"}): line for line in said}
    return tuple(standing.values())

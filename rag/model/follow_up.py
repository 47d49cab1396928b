"""Let the model make a follow-up stand alone, and check that it only put together what was asked."""

import re
from collections.abc import Mapping, Sequence

from index.errors import ModelFailed
from index.numbers import find_numbers

from ..history import earlier_questions
from ..wording import content_terms
from . import prompts
from .call import LanguageModel
from .usage import Spent

LONGEST = 400  # characters of a rewritten question
MOST_EARLIER = 4  # earlier questions that the model is shown
_POINTING = frozenset(
    "it its they them their that those this these he she one ones there then same what how about".split()
)


def standalone_by_model(
    model: LanguageModel, question: str, history: Sequence[Mapping[str, object]], spent: Spent
) -> str | None:
    """The question as the model completes it; None where the model fails, or where `is_put_together` says no."""
    earlier = earlier_questions(history)[-MOST_EARLIER:]
    if not earlier:
        return None
    asked = "\n".join(f"- {' '.join(text.split())}" for text in earlier)
    messages = [
        ("system", prompts.STANDALONE_SYSTEM),
        ("human", prompts.STANDALONE.format(history=asked, question=question)),
    ]
    try:
        said = "".join(model.reply(messages, spent))
    except ModelFailed:
        return None
    lines = [line.strip(" \"'“”*-") for line in said.strip().splitlines() if line.strip()]
    rewritten = lines[0] if len(lines) == 1 else ""
    return rewritten if is_put_together(rewritten, question, earlier) else None


def is_put_together(rewritten: str, question: str, earlier: Sequence[str]) -> bool:
    """Whether a rewritten question has every content word of the question, and no number, year, name or other content
    word that is neither in it nor in an earlier one."""
    if not rewritten or len(rewritten) > LONGEST or rewritten in earlier or not rewritten.endswith("?"):
        return False
    before = "\n".join([question, *earlier])
    own = content_terms(re.sub(r"[\w’']+", lambda w: " " if w.group().lower() in _POINTING else w.group(), question))
    if not own <= content_terms(rewritten) or not content_terms(rewritten) <= content_terms(before):
        return False
    known = {(n.value, n.unit, n.scale, n.kind in ("year", "period", "date")) for n in find_numbers(before)}
    new = {(n.value, n.unit, n.scale, n.kind in ("year", "period", "date")) for n in find_numbers(rewritten)}
    digits = set(re.findall(r"\d+", before))
    if not new <= known or not set(re.findall(r"\d+", rewritten)) <= digits:
        return False
    return {n.text for n in find_numbers(question)} <= {n.text for n in find_numbers(rewritten)}

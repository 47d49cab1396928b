"""A question that asks two or three things at once, taken apart into the questions that it asks.

"How many boats were there in 2016 and how many are planned?" asks two. Only what surely is several questions is taken
apart: each begins with its own question word, and none stands inside another ("what does it say on how many there are
and why").
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.periods import find_periods

from .draft import Draft
from .history import Embed, Named, is_follow_up, standalone
from .records import Note
from .understand import understand

MOST = 3  # questions in one
_ASKS = (
    r"(?:how (?:many|much|often|long|well|far|large|big|high|low|quickly)|what|which|who|whose|whom|when|where|why)\b"
)
_JOINT = re.compile(rf",?\s+and\s+(?:also\s+)?(?={_ASKS})|(?<=\?)\s+(?:and\s+)?(?={_ASKS})", re.IGNORECASE)
_BEGINS = re.compile(_ASKS, re.IGNORECASE)
_INSIDE = re.compile(r"\b(?:how|what|which|who|whose|whom|when|where|why|whether)\b", re.IGNORECASE)
_NOT_PAST = re.compile(r"\b(?:is|are|does|do|has|have|will|would|can|could|should)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should)\b(?!\s*$)", re.IGNORECASE
)
_COUNTS = re.compile(
    r"how (?:many|much)\b(?P<noun>.*?)\s+(?=(?:is|are|was|were|did|does|do|has|have|had|will|would)\b)", re.I
)
_OPEN = re.compile(
    r"\b(?:between|both|compare[sd]?|difference|from|than)\b"
    r"|\bhow (?:many|much) (?:of|more|fewer|less|lower|higher|this|that)\b"
    r"|\bhow (?:many|much) (?:did|does|do|has|have|had|was|were|is|are|will|would) (?:this|that|it|they|these|those)\b",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(r"which\s+(?:is|are|was|were|did|does|do|has|have|had|will|would)\b", re.IGNORECASE)
_POINTING = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those)\b", re.IGNORECASE)
_ASKS_ON = re.compile(r"(?:why|when|where)\b", re.IGNORECASE)
_BARE = re.compile(r"(?:how (?:many|much)\s+\w.*|why|when|where)$", re.IGNORECASE)


def parts(question: str, embed: Embed, named: Named) -> tuple[str, ...]:
    """The questions that `question` asks, each standing alone; itself alone where it asks one, or perhaps one."""
    asked = [part.strip(" ,?") for part in _JOINT.split(question.strip())]
    if not 2 <= len(asked) <= MOST or "? (" in question or not all(_is_question(part) for part in asked):
        return (question,)
    if _OPEN.search(question) is not None or understand(question).derived is not None:
        return (question,)
    whole = _with_verbs(asked)
    if whole is None or not all(_asks_by_itself(part) for part in whole[1:]) or not _times_agree(whole):
        return (question,)
    alone = [f"{whole[0]}?"]
    for part in whole[1:]:
        alone.append(_standing_alone(f"{part}?", alone[-1], embed, named))
    if not all(understand(part).terms for part in alone):
        return (question,)
    return tuple(f"{part[0].upper()}{part[1:]}" for part in alone)


def _asks_by_itself(part: str) -> bool:
    """Whether a later part says what it asks about: "which are closed" and "what did it find" take that from the first,
    and how much of the first is not told."""
    if _LEFT_OPEN.match(part) or (_POINTING.search(part) is not None and _ASKS_ON.match(part) is None):
        return False
    return _VERB.search(part) is not None or _BARE.match(part) is not None


def _times_agree(asked: Sequence[str]) -> bool:
    """Whether no part may take its time from one that comes later, nor from one that has several."""
    times = [len(find_periods(part)) for part in asked]
    return all(before == 1 or not any(times) for before in times[:-1])


def _is_question(part: str) -> bool:
    """Whether a part begins with a question word and has no other: one inside it may govern all that follows."""
    begin = _BEGINS.match(part)
    return begin is not None and _INSIDE.search(part, begin.end()) is None


def _with_verbs(asked: Sequence[str]) -> tuple[str, ...] | None:
    """The parts, those that lack a verb ("when", "how many boats") with the one of the last part and what follows it;
    None where that has none."""
    last = _VERB.search(asked[-1])
    if all(_VERB.search(part) for part in asked[:-1]):
        return tuple(asked)
    if last is None or any(len(part.split()) > 6 for part in asked[:-1]):
        return None
    return tuple(part if _VERB.search(part) else f"{part} {asked[-1][last.start() :]}" for part in asked)


def _standing_alone(part: str, before: str, embed: Embed, named: Named) -> str:
    """A part with what it takes from the one before it: what is counted, what it points at, else the time."""
    counts, counted = _COUNTS.match(part), _COUNTS.match(before)
    if counts is not None and counted is not None and not counts["noun"].strip() and counted["noun"].strip():
        part = f"{part[: counts.end('noun')]}{counted['noun']}{part[counts.end('noun') :]}"
    if is_follow_up(part) or _VERB.search(part) is None:
        return standalone(part, [{"role": "user", "content": before}], embed, named)
    times = find_periods(before)
    if not times or find_periods(part) or _NOT_PAST.search(part) is not None:
        return part  # what is so, or will be, need not be of the time that the first question asks about
    said = re.search(r"\b(?:in|at|on|by|for|during|since)\s+(?:the\s+)?$", before[: times[-1].start], re.IGNORECASE)
    return f"{part.rstrip(' ?')} {said.group() if said is not None else 'in '}{times[-1].text}?"


def together(questions: Sequence[str], drafts: Sequence[Draft]) -> Draft:
    """One draft of those of the parts, each verified, with a note for each part that has none; empty where all are.
    What has to be asked back for one of them is asked back for all."""
    joined = Draft()
    for question, draft in zip(questions, drafts, strict=True):
        notes = draft.notes if draft.pieces else (Note("coverage", f"The reports do not say: {question}"),)
        before = sum(piece.derived is None for piece in joined.pieces)
        derived = any(piece.derived is not None for piece in draft.pieces)  # its notes number operands, not statements
        moved = (replace(n, citations=() if derived else tuple(k + before for k in n.citations)) for n in notes)
        joined = Draft(
            pieces=(*joined.pieces, *draft.pieces),
            notes=(*joined.notes, *moved),
            probability=min((d.probability for d in drafts if d.probability is not None), default=None),
            organisations=joined.organisations or draft.organisations,
            periods=joined.periods or draft.periods,
        )
    return joined if joined.pieces else Draft(probability=joined.probability)

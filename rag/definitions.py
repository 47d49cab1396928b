"""Tell a sentence that says what a term is, or writes an abbreviation out, from one that only uses it."""

import re

from index.grades import GRADE

from .understand import GRADES_IN_USE, Question

_ASKED = (
    re.compile(r"\bmean(?:s|t)?\s+by\s+(?:an?\s+|the\s+)?(.+?)[?.]*$", re.IGNORECASE),
    re.compile(
        r"(?:meaning of|definition of|define)\s+(?:an?\s+|the\s+)?(?:term\s+)?[‘’'“”\"]*(.+?)[‘’'“”\"]*\s*[?.]*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"what (?:does|do|did|is|are|was)\s+(?:an?\s+|the\s+)?(.+?)"
        r"(?:\s+(?:stand|stands|mean|means|represent)\b.*)?\s*[?.]*$",
        re.IGNORECASE,
    ),
)
_NAME_ASKED = re.compile(r"\bwhat\b.{0,80}\b(?:called|named|known as|name of)\b", re.IGNORECASE)
_NAMES = re.compile(
    r"\b(?:called|named|known as|entitled|titled)\s+(?:the\s+)?[‘'“\"]?[A-Z]"
    r"|\b[A-Z][\w’'-]+(?:\s+[\w’'-]+){0,3},?\s+as\s+.{2,60}?\bis\s+(?:known|called|named)\b"
    r"|\b(?:programme|project|operation|plan|scheme|system|initiative|strategy|model)s?,?\s+[‘'“\"]?[A-Z]\w+"
    r"|\b(?:Programme|Project|Operation)\s+[A-Z]\w+"
)
_ROLE_ASKED = re.compile(
    r"\b(?:is|was|are|were|be|as)\s+(?:the|its|their)\s+([a-z][\w’'-]*(?:\s+[a-z][\w’'-]*){0,4}?)"
    r"(?:\s+(?:of|in|for|at|after|on|by|following|during|when|since|from)\b|\s*[?.,]|\s*$)"
)
_NAMED = r"\b(?!(?:It|This|That|These|He|She|They|We|There|The|A|An)\b)[A-Z][\w’'&.-]*(?:,?\s+[\w’'&.-]+){0,5}?"
_NOTE = r"(?:Note(?:\s+\d+)?\s*:?\s*|[\u00b9\u00b2\u00b3\u2070-\u2079]+\s*|\d{1,2}\s+)"
_MARK = r"[.,;:)’'”\"]*[\u00b9\u00b2\u00b3\u2070-\u2079]+\s*"
_SAYS = (
    r"(?:is|are|was|means?|represents?|presents?|stands?\s+for|refers?\s+to|consists?\s+of|comprises?|covers?"
    r"|describes?)\b"
)
_SMALL = frozenset("a an and at by for in of on or the to with".split())


def defines(question: Question, text: str) -> float:
    """2 for a sentence that defines the term asked about, spells its letters out or names the grades there are; 1 for
    one that may, or that says what something is called, or who is what, where that is asked; else 0."""
    if question.kind == "list" and GRADES_IN_USE.search(question.text) is not None:
        return 2.0 if len({m.group().lower() for m in GRADE.finditer(text)}) >= 3 else 0.0
    if _NAME_ASKED.search(question.text) is not None:
        return 1.0 if _NAMES.search(text) is not None else 0.0
    if question.kind == "who":
        return float(_names_holder(question.body, text))
    if question.kind != "definition":
        return 0.0
    asked = next((found[1].strip() for pattern in _ASKED if (found := pattern.search(question.text))), "")
    if not asked:
        return 0.0
    term = re.escape(asked)
    if asked.isupper() and len(asked) > 2 and _spells_out(asked, text):
        return 2.0
    if re.search(rf"^{_NOTE}(?:the\s+|an?\s+)?{term}\b(?:\s*\([^)]*\))?\s+[a-z]+", text, re.IGNORECASE):
        return 2.0
    if re.search(r"\bdefin(?:e[ds]?|ition)\b", text, re.IGNORECASE) and re.search(term, text, re.IGNORECASE):
        return 2.0
    if re.search(rf"\b{term}{_MARK}$", text, re.IGNORECASE) is not None:
        return 1.0  # the note says what it is (`rag/prose.py`)
    begins = r"^(?:The\s+)?" if asked.isupper() and len(asked) > 2 else r"(?:^|\W)"  # not "all of its BOD is spent"
    says = rf"{begins}{term}\s*(?:\([^)]*\)\s*)?{_SAYS}|\(\s*{term}\s*\)|(?:^|\W){term}\s*\("
    return 1.0 if re.search(says, text, re.IGNORECASE) is not None else 0.0


def _names_holder(asked: str, text: str) -> bool:
    """Whether a sentence says of a name that it is what the question asks who is: "X is the lead partner"."""
    role = _ROLE_ASKED.search(asked)
    if role is None:
        return False
    return re.search(rf"{_NAMED}\s+(?:is|was|are|were)\s+(?:the|its|their)\s+{re.escape(role[1])}\b", text) is not None


def _spells_out(letters: str, text: str) -> bool:
    """Whether consecutive words begin with the letters, small words between them left out."""
    words = [w for w in re.findall(r"[A-Za-z]+", text) if w.lower() not in _SMALL]
    initials = "".join(w[0].upper() for w in words)
    at = initials.find(letters)
    while at >= 0:
        if not any(words[at + i].isupper() for i in range(len(letters))):
            return True
        at = initials.find(letters, at + 1)
    return False

"""The grades that inspectors and auditors give, and the words that they give them with."""

import re

# Grades by scale: four-point inspection grades, assurance opinions, compliance ratings. A word stands for a grade only
# where it is alone on a line or follows a verb of judging, so that ordinary adjectives are left alone.
GRADE_FORMS = {
    "outstanding": "outstanding",
    "good": "good",
    "adequate": "adequate",
    "satisfactory": "satisfactory",
    "requires improvement": "requires improvement",
    "require improvement": "requires improvement",
    "requiring improvement": "requires improvement",
    "requires improvement to be good": "requires improvement to be good",
    "needs improvement": "needs improvement",
    "inadequate": "inadequate",
    "unsatisfactory": "unsatisfactory",
    "excellent": "excellent",
    "substantial assurance": "substantial assurance",
    "reasonable assurance": "reasonable assurance",
    "moderate assurance": "moderate assurance",
    "adequate assurance": "adequate assurance",
    "partial assurance": "partial assurance",
    "limited assurance": "limited assurance",
    "no assurance": "no assurance",
    "fully compliant": "fully compliant",
    "partially compliant": "partially compliant",
    "non-compliant": "non-compliant",
    "fully met": "fully met",
    "partially met": "partially met",
    "not met": "not met",
}
_FORMS = "|".join(sorted((re.escape(form) for form in GRADE_FORMS), key=len, reverse=True)).replace(r"\ ", r"\s+")
GRADE = re.compile(rf"(?<![\w-])(?:{_FORMS})(?![\w-])", re.IGNORECASE)
_LABEL = r"(?:overall\s+)?(?:judg(?:e)?ment|grade|rating)\s*:\s*"
GRADE_LINE = re.compile(rf"\s*(?:{_LABEL})?({_FORMS})\s*[.]?\s*", re.IGNORECASE)
_LOOKALIKES = str.maketrans("ıİſ", "iis")  # letters that a pattern takes for i and s where case is of no matter
_GLUED = re.compile(rf"(?:(?:{_FORMS})\s*){{2,}}", re.IGNORECASE)
_GLUED_HEADING = re.compile(rf"({_FORMS})(Summary(?: of findings)?|Findings|Overview|Conclusion)", re.IGNORECASE)


def canonical_grade(printed: str) -> str:
    """The grade in its usual form, lower case: "require  improvement" is "requires improvement"."""
    return GRADE_FORMS[re.sub(r"\s+", " ", printed).translate(_LOOKALIKES).lower()]


def grade_lines(text: str) -> tuple[tuple[int, int, str], ...]:
    """The grades of a block that consists of grades alone: (start, end, grade) each, empty for any other block.

    "Good", "Overall judgment: Good", "Good GoodGood" (three boxes run together) and "GoodSummary" (a grade glued to
    the heading beside it) are such blocks.
    """
    whole = GRADE_LINE.fullmatch(text)
    if whole is not None:
        return ((whole.start(1), whole.end(1), canonical_grade(whole[1])),)
    glued = _GLUED_HEADING.fullmatch(text.strip())
    if glued is not None:
        shift = len(text) - len(text.lstrip())
        return ((glued.start(1) + shift, glued.end(1) + shift, canonical_grade(glued[1])),)
    if _GLUED.fullmatch(text):
        found = re.finditer(_FORMS, text, re.IGNORECASE)
        return tuple((match.start(), match.end(), canonical_grade(match.group())) for match in found)
    return ()

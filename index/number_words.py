"""Numbers in words: "seventy-seven", "seventy seven", "two hundred and five", "a hundred"."""

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {word: 20 + 10 * i for i, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
NUMBER_WORDS = {word: value for value, word in enumerate(_ONES)} | _TENS
NUMBER_WORDS |= {f"{t}-{_ONES[i]}": v + i for t, v in _TENS.items() for i in range(1, 10)}
TIME = r"(?:years?|months?|weeks?|days?|hours?|minutes?)\b(?!-)"

_BLANK, _HYPHEN = r"[\s\u00a0]", r"[\u2010\u2011-]"
_DIGIT = rf"(?:{'|'.join(_ONES[1:10])})"
_SINGLE = "|".join(sorted((word for word in (*_ONES[2:], *_TENS)), key=len, reverse=True))
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:{_HYPHEN}{_DIGIT}|{_BLANK}{_DIGIT}(?!-))|{_SINGLE})"
_HUNDREDS = (
    rf"(?:(?:(?<!half )(?<!of )a|{'|'.join(_ONES[1:10] + _ONES[11:])}){_BLANK}hundred(?!-)"
    rf"(?:{_BLANK}and{_BLANK}(?:{_SMALL}|one)|{_BLANK}{_SMALL}(?!-))?)"
)
# A part of another number is none: of "several hundred and five", "two hundred-bed units", "one point five".
_ALONE = rf"(?<!\bhundred )(?<!\bhundred and )(?<!\bpoint )(?!\w+{_BLANK}(?:hundred\b|point{_BLANK}{_DIGIT}\b))"
WORDS = (
    rf"(?:{_HUNDREDS}|{_ALONE}(?:{_SMALL}"
    rf"|one(?=\s?%|\s(?:percent|per\s?cent|thousand|million|billion)\b|\spercentage[\s-]points?\b)))"
)


def value_of(words: str) -> int:
    """The number that words which `WORDS` matches say."""
    hundreds, _, rest = words.lower().rpartition("hundred")
    rest = re.sub(rf"^{_BLANK}*(?:and{_BLANK}+)?", "", rest)
    small = NUMBER_WORDS[re.sub(rf"(?:{_BLANK}|{_HYPHEN})+", "-", rest)] if rest else 0
    many = hundreds.strip()
    return small + (100 * (1 if many == "a" else NUMBER_WORDS[many]) if many else 0)

"""What a caption, heading or note declares for a whole table or column: its scale and its currency.

Only a declaration counts: "(in thousands)", "£m", "$’000". The "million" of "sales rose by £7.5 million" declares
nothing, and a table that took it for its scale would be wrong a thousandfold.
"""

import re

_WORDS = r"thousand|million|billion"
_MONEY = r"(?:US\$|[£$€]|(?:U\.?S\.?\s+|UK\s+)?(?:dollars?|pounds?|euros?|sterling)\b)"
_DECLARED = re.compile(
    rf"\b(?:in|of)\s+(?:{_MONEY}\s*)?({_WORDS})s?\b"
    rf"|(?:US\$|[£$€])\s?({_WORDS}|mn|m|bn|k)s?(?![\w.])|[£$€]?\s?(?<!\d)['’](000)s?\b|[£$€](000)s?(?![\w,.])|\b(000)s\b"
    rf"|\(\s*({_WORDS})s?\b",
    re.IGNORECASE,
)
_LETTERS = {"m": "million", "mn": "million", "bn": "billion", "k": "thousand", "000": "thousand"}
_BRACKETED = re.compile(r"\([^()]*\)")
_CURRENCY = re.compile(r"US\$|[£$€]|\b(?:U\.?S\.?\s+)?dollars?\b|\bpounds? sterling\b|\beuros?\b", re.IGNORECASE)
_CURRENCY_NAMES = {"£": "GBP", "p": "GBP", "$": "USD", "u": "USD", "d": "USD", "€": "EUR", "e": "EUR"}
_DECLARING = re.compile(r"(?:all\s+)?(?:amounts?|expressed|in\s|dollars|figures|values)", re.IGNORECASE)
_WHOLE = re.compile(
    r"\(.*\)|(?:all\s+)?(?:amounts|dollars|figures|[£$€]|US\$|U\.?S\.?\s\$)?\s*(?:expressed\s+)?in\s.*", re.IGNORECASE
)


def scale_of(text: str, *, shares: bool = False) -> str | None:
    """The scale that a heading, caption or cell declares: "thousand", "million" or "billion". One that is declared
    for shares holds for these alone, and counts only where `shares` says so."""
    for found in _DECLARED.finditer(text):
        if shares or not text[: found.start()].lower().rstrip().endswith("shares"):
            word = next(group for group in found.groups() if group is not None).lower()
            return _LETTERS.get(word, word)
    return None


def declared_in_prose(text: str) -> str:
    """The words with which a paragraph declares a scale, "" where it declares none: brackets that do, else the whole
    of it where it ends by pointing at what follows, or is a line that says nothing else."""
    for aside in _BRACKETED.findall(text):
        if scale_of(aside) is not None:
            return str(aside)
    points = text.rstrip().endswith(":") and len(text) <= 300
    declares = (points or (len(text) <= 150 and _DECLARING.match(text))) and scale_of(text) is not None
    return text if declares else ""


def currency_of(text: str) -> str | None:
    """The code of the currency that a text names first."""
    found = _CURRENCY.search(text)
    return _CURRENCY_NAMES[found.group()[0].lower()] if found is not None else None


def is_declaration(cell: str) -> bool:
    """Whether a heading cell does nothing but declare a scale: "(in millions, except percentages)"."""
    return scale_of(cell) is not None and _WHOLE.fullmatch(cell.strip()) is not None

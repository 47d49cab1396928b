"""A spreadsheet's stored value and its number format → the text that the spreadsheet shows.

Follows the format codes of ECMA-376 part 1, section 18.8.31: sections by sign, digit places, thousands, scaling
commas, percent, exponents, currency in brackets, dates. What no code can be followed for is shown as "General" is.
"""

import datetime
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<halves>AM/PM|A/P)|(?P<letters>[yYmMdDhHsS]+)|(?P<digit>[0#?.,%])"
    r"|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_LOCAL_DATES = frozenset(("mm-dd-yy", "m/d/yy", "m/d/yyyy"))  # codes that every machine shows in its own order
_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # not `calendar`, which speaks the machine's language
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_LONGEST_PLAIN = 15  # digits that a spreadsheet keeps of a number
_WIDEST = Context(prec=400)  # the largest double has 309 digits before the point

Token = tuple[str, str]  # (kind, text)


def shown(value: object, code: str) -> str:
    """What a cell shows for its value: None is empty; text is shown as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return _shown_date(value, code)
    if isinstance(value, int | float):
        try:
            return _shown_number(Decimal(repr(value)), code or "General")
        except InvalidOperation:
            return str(value)
    return str(value)


def _sections(code: str) -> list[list[Token]]:
    """The tokens of each section of a format code; sections are divided by semicolons outside quotes."""
    sections: list[list[Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or "space"
        if kind == "literal" and found.group() == ";":
            sections.append([])
        else:
            sections[-1].append((kind, found[kind] if found.lastgroup else ""))
    return sections


def _shown_number(value: Decimal, code: str) -> str:
    if not value.is_finite():
        return str(value)
    sections = _sections(code)
    numeric = sections[:3]
    conditions = [
        next((c for kind, text in s if kind == "bracket" and (c := _CONDITION.match(text))), None) for s in numeric
    ]
    signed = False  # whether the section itself says that the number is negative
    if any(conditions):
        chosen = next(
            (s for s, c in zip(numeric, conditions, strict=True) if c is None or _COMPARE[c[1]](value, Decimal(c[2]))),
            [("general", "")],
        )
    elif value < 0 and len(numeric) > 1:
        chosen, signed = numeric[1], True
    elif value == 0 and len(numeric) > 2:
        chosen = numeric[2]
    else:
        chosen = numeric[0]
    text = _filled(abs(value), chosen)
    negative = value < 0 and not signed and any(character in "123456789" for character in text)
    return f"-{text}" if negative else text


def _filled(value: Decimal, section: list[Token]) -> str:
    """The section with the digits of a number of at least 0 in it."""
    places = [at for at, (kind, text) in enumerate(section) if kind == "digit" and text in "0#?."]
    literal = "".join(text for kind, text in section if kind in ("quoted", "escaped", "currency", "literal"))
    general = any(kind == "general" for kind, _ in section)
    if not places:
        return _spread(section, _general(value)) if general else literal
    first, last = places[0], places[-1]
    inner = section[first : last + 1]
    if any(kind == "exponent" for kind, _ in section) or any(kind not in ("digit", "space") for kind, _ in inner):
        return _general(value)  # fractions and digits in groups of other kinds
    scale = 0
    for kind, text in section[last + 1 :]:
        if (kind, text) != ("digit", ","):
            break
        scale += 1
    percent = sum(1 for token in section if token == ("digit", "%"))
    value = value.scaleb(2 * percent - 3 * scale, _WIDEST)
    pattern = "".join(text for kind, text in inner if kind == "digit")
    whole, _, part = pattern.partition(".")
    digits = len([c for c in part if c in "0#?"])
    fewest = part.rstrip("#?").count("0") if part.rstrip("#?") else 0
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_WIDEST)
    integer, _, decimals = f"{rounded:f}".partition(".")
    decimals = decimals[:fewest] + decimals[fewest:].rstrip("0")
    integer = integer.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", integer)
    number = integer + (f".{decimals}" if decimals or ("." in pattern and not part) else "")
    return _spread([*section[:first], ("general", ""), *section[last + 1 :]], number)


def _spread(section: list[Token], number: str) -> str:
    """The literal text of a section with the number in its place."""
    parts: list[str] = []
    for kind, text in section:
        if kind == "general":
            parts.append(number)
        elif kind in ("quoted", "escaped", "currency", "literal", "letters") or (kind, text) == ("digit", "%"):
            parts.append(text)
    return "".join(parts).strip()


def _general(value: Decimal) -> str:
    if value == 0:
        return "0"
    if value == value.to_integral_value() and abs(value) < Decimal(10) ** _LONGEST_PLAIN:
        return f"{value:.0f}"
    if Decimal("1e-9") <= abs(value) < Decimal(10) ** _LONGEST_PLAIN:
        return f"{Decimal(f'{value:.11g}').normalize():f}"
    return f"{value:.5E}"


def _shown_date(value: datetime.datetime | datetime.date | datetime.time | datetime.timedelta, code: str) -> str:
    if isinstance(value, datetime.timedelta):
        return _shown_span(value, code)
    if isinstance(value, datetime.time):
        moment = datetime.datetime.combine(datetime.date(1900, 1, 1), value)
    elif isinstance(value, datetime.datetime):
        moment = value
    else:
        moment = datetime.datetime(value.year, value.month, value.day)
    section = _sections(code)[0]
    bare = "".join(text for kind, text in section if kind in ("letters", "literal")).lower()
    if bare.strip() in _LOCAL_DATES or not any(kind == "letters" for kind, _ in section):
        return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    halves = any(kind == "halves" for kind, _ in section)
    letters = [at for at, (kind, _) in enumerate(section) if kind == "letters"]
    parts: list[str] = []
    for at, (kind, text) in enumerate(section):
        if kind == "letters":
            place = letters.index(at)
            before = section[letters[place - 1]][1][0].lower() if place else ""
            after = section[letters[place + 1]][1][0].lower() if place + 1 < len(letters) else ""
            minutes = text[0] in "mM" and len(text) < 3 and (before == "h" or after == "s")
            parts.append(_date_part(moment, text.lower(), halves=halves, minutes=minutes))
        elif kind == "halves":
            parts.append("AM" if moment.hour < 12 else "PM")
        elif kind in ("quoted", "escaped", "literal") or (kind == "digit" and text in ".,"):
            parts.append(text)
    return "".join(parts).strip()


def _date_part(moment: datetime.datetime, letters: str, *, halves: bool, minutes: bool) -> str:
    long = len(letters)
    match letters[0]:
        case "y":
            return f"{moment.year:04d}" if long > 2 else f"{moment.year % 100:02d}"
        case "m" if minutes:
            return f"{moment.minute:02d}" if long > 1 else str(moment.minute)
        case "m" if long > 2:
            month = _MONTHS[moment.month - 1]
            return {3: month[:3], 5: month[0]}.get(long, month)
        case "m":
            return f"{moment.month:02d}" if long > 1 else str(moment.month)
        case "d" if long > 2:
            day = _DAYS[moment.weekday()]
            return day[:3] if long == 3 else day
        case "d":
            return f"{moment.day:02d}" if long > 1 else str(moment.day)
        case "h":
            hour = (moment.hour + 11) % 12 + 1 if halves else moment.hour
            return f"{hour:02d}" if long > 1 else str(hour)
    return f"{moment.second:02d}" if long > 1 else str(moment.second)


def _shown_span(value: datetime.timedelta, code: str) -> str:
    """Hours and minutes that have gone by, and seconds where the format has them."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    text = f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}"
    return f"{text}:{seconds % 60:02d}" if "s" in code.lower() else text

"""Read who and what a report is from its own text, front matter first: title, organisation, publisher, kind, dates.

Nothing is guessed from the file's name. What the report does not state stays None.
"""

import re
from collections import Counter
from itertools import pairwise
from typing import Literal

from .covered import period_covered
from .dates import DATE_LINE, published
from .records import Identity, LoadedReport, Section
from .sections import CONTENTS, has_sentence

OFTEN = 10  # times that a body is named which neither title nor front names, to be the one reported on
FRONT_CHARACTERS = 3000  # of a report, enough for a cover page, an imprint and a letter's address block
_KINDS = ("inspection", "audit", "evaluation", "assessment", "review", "annual report", "strategy", "profile", "survey")
_SUFFIX = (
    r"(?:Police|Constabulary|Council|Trust|Authority|Agency|Department|Ministry|University|College|Academy|School"
    r"|Hospital|Service|Services|Partnership|Board|Commission|Committee|Corporation|Company|Group|Holdings|Bank|Fund"
    r"|Association|Institute|Foundation|Office|Bureau|Administration|Limited|Ltd|PLC|Plc|plc|Incorporated|Inc\.?|Corp\.?"
    r"|LLC|LLP|AG|SA|S\.A\.|SE|NV|N\.V\.|AB|ASA|A/S|GmbH|Oyj|SpA|S\.p\.A\.|BV|B\.V\.)"
)
_WORD = r"[A-Z][\w’'&-]*"
_ORGANISATION = re.compile(rf"(?<!\w)(?:{_WORD}(?:\s(?:of|and|for|the|upon|&)\s|\s)){{1,5}}{_SUFFIX}(?!\w)")
_NO_NAME = re.compile(  # what stands for a name, or only says what a report is
    rf"(?:(?:The|Parent|Our|This)\s)?{_SUFFIX}|Report\b.*"
    r"|(?:Annual|Financial|Consolidated|Group|Company|Half|Interim|Draft)"
    r"\s(?:Annual|Financial|Reports?|Statements?|Accounts|Review|Results|Years?)\b.*"
    r"|(?:The|Our|This|Your)\s.*(?:Report|Review|Statements?|Accounts|Year)"
)
_ENDS_SO = re.compile(rf"(?<!\w){_SUFFIX}$", re.IGNORECASE)
_YEAR_OF = r"(?:(?:FY|fiscal(?:\s+year)?|financial\s+year)\s?)?(?:(?:19|20)\d\d(?:\s?[/–-]\s?\d{2,4})?)"
_ANNUAL = (
    r"(?:(?:integrated\s+)?annual\s+(?:integrated\s+)?(?:financial\s+)?report"
    r"(?:\s+(?:and|&)\s+(?:financial\s+statements|accounts))?)"
)
_YEARLY = re.compile(  # "NAME – 2019 annual report", "NAME: Annual Report and Accounts 2019"
    rf"(?P<name>[A-Z0-9].*?)(?:\s+[–—|-]\s+|:\s+|,\s+|\s+)(?:{_YEAR_OF}\s+{_ANNUAL}|{_ANNUAL}\s+(?:for\s+)?{_YEAR_OF})"
    r"(?:\s*\([^()]*\))?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"\b(?:inspection|audit|evaluation|assessment|review|profile)s?\s+(?:report\s+)?(?:of|on|into|in)\s+(?:the\s+)?"
    rf"((?:services\s+(?:for|in)\s+)?{_WORD}(?:\s(?:(?:and|of|upon|on|the|with|&)\s)?{_WORD}){{0,5}})"
)
_IN_PLACE = re.compile(
    rf"\b(?:in|of)\s+(?:the\s+)?({_WORD}(?:\s(?:(?:and|of|upon|on|the|with|&)\s)?{_WORD}){{0,5}})\s*$"
)
_AREA = re.compile(
    rf"\b(?:in|of|for|across)\s+(?:the\s+)?({_WORD}(?:\s(?:(?:and|of|upon|on|the|with|&)\s)?{_WORD}){{0,5}})"
    r"\s+(?:local\s+(?:authority|area)|area|borough|county|district)\b"
)
_OF_WORK = re.compile(  # "Inspection of Eastwick Council": what was done is no part of the name
    r"^(?:(?!of\b)[\w’'-]+\s+){0,3}?(?:Inspection|Audit|Evaluation|Assessment|Review|Survey|Report)s?\s+(?:of|on|into|for)\s+"
    r"(?:the\s+)?(?=[A-Z])"
)
_OFFICE = re.compile(
    r"(?:Strategic |Executive |Deputy |Assistant |Interim )*"
    r"(?:Director|Chief|Head|Chair|Minister|Secretary|Commissioner)\b"
)
_PUBLISHER = re.compile(
    rf"(?:©|\(c\)|copyright|published by|prepared by|issued by)\s*(?:(?:19|20)\d{{2}}\s+)?(?:the\s+)?"
    rf"({_WORD}(?:\s(?:of\s|and\s|for\s|the\s)?{_WORD}){{0,6}})",
    re.IGNORECASE,
)
_ACTS = re.compile(  # what the writer of a report does, and seldom a body that it writes of, which "uses" or "monitors"
    r"\b([A-Z]{3,12})(?:[’']s)?\s+(?:also\s+|will\s+|has\s+)*"
    r"(?:found|judges|judged|assesses|assessed|considers|expects|inspects|inspected|looked|examined|recommends)\b"
)
_WORK = r"(?i:inspection|audit|review|evaluation|assessment|survey)s?\s*\({}\)"  # no body, but what it does
_TITLE_WORDS = re.compile(
    r"\b(?:report|inspection|review|audit|evaluation|assessment|annual|profile|strategy|survey|efficiency|effectiveness|legitimacy|accounts)\b",
    re.IGNORECASE,
)
_SALUTATION = re.compile(r"dear\b", re.IGNORECASE)
_TALK = re.compile(r"\b(?:I|we|you|your|our|is|are|was|were|has|have|had|will|thank)\b", re.IGNORECASE)
_LONGEST_TITLE = 200  # characters of a title that are shown
_LONGEST_FRONT_LINE = 220  # characters: more is text, or several lines as one
_LONGEST_LINE = 600  # characters of a line in which a title is looked for
_SHORT_LINE = 90  # characters: a line about the report, and no sentence of it
_DRAFT = re.compile(
    r"^\W*draft\b(?!\s+(?:a|an|the)\b)[^.]*$|\b(?:consultation|working)\s+draft\b|[(\[]draft\b", re.IGNORECASE
)
_CORRECTED = re.compile(
    r"^\W*(?:corrected|revised|amended|re-?issued|corrigendum|erratum)\b[^.]*$"
    r"|[(\[](?:corrected|revised|amended|re-?issued)\b|\b(?:corrected|revised|amended)\s+(?:version|edition|report)\b",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"^(?:skip to|contents|page|isbn|www\.|https?:|©|dear|tel|last updated|published|updated)|@", re.IGNORECASE
)
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|html?)$|^microsoft word", re.IGNORECASE)


def identify(loaded: LoadedReport, sections: tuple[Section, ...]) -> Identity:
    """Who and what a report is."""
    front = loaded.text[:FRONT_CHARACTERS]
    publisher = _publisher(loaded.text, front)
    whole = _title(loaded, sections, front)
    organisation = _organisation(loaded.text, whole, front, publisher)
    title = whole if len(whole) <= _LONGEST_TITLE else whole[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    period = period_covered(loaded, title, front)
    year, date = published(loaded, title, front, period)
    kind = next((k for k in _KINDS if re.search(rf"\b{k}", f"{title}\n{front}", re.IGNORECASE)), None)
    return Identity(title, organisation, publisher, year, kind, _version(front), date, period)


def _version(front: str) -> Literal["draft", "corrected"] | None:
    """Which version of the report this is, by a line of its front matter that says so."""
    lines = [line.strip() for line in front.splitlines() if 0 < len(line.strip()) <= _SHORT_LINE]
    if any(_CORRECTED.search(line) for line in lines):
        return "corrected"
    return "draft" if any(_DRAFT.search(line) for line in lines) else None


def _front_lines(loaded: LoadedReport) -> list[str]:
    lines: list[str] = []
    for block in loaded.blocks[:14]:
        line = loaded.text[block.start : block.end].strip()
        if block.kind in ("table_row", "furniture") or CONTENTS.match(line):
            break
        if len(line) > _LONGEST_FRONT_LINE:
            if has_sentence(line):
                break
            continue  # names and offices that stand close together, as over a letter
        lines.append(line)
    return lines


def _subject(lines: list[str]) -> str | None:
    """What a letter says under its salutation that it is about; None where that is a sentence."""
    for above, line in pairwise(lines):
        if _SALUTATION.match(above):
            return line.rstrip(".") if _TITLE_WORDS.search(line) and not _TALK.search(line) else None
    return None


def _title(loaded: LoadedReport, sections: tuple[Section, ...], front: str) -> str:
    hint = (loaded.title_hint or "").strip()
    stated = [loaded.text[b.start : b.end].strip() for b in loaded.blocks[:8] if b.kind == "heading" and b.level <= 1]
    if stated and not _NO_TITLE.search(stated[0]):
        return _one_line(stated[0])
    front_lines = _front_lines(loaded)
    subject = _subject(front_lines)
    if subject is not None:
        return _one_line(subject)
    lines = [line for line in front_lines if len(line) > 3 and not (_NO_TITLE.search(line) or DATE_LINE.match(line))]
    marked = [i for i, line in enumerate(lines) if _TITLE_WORDS.search(line) and not line.endswith((".", ";"))]
    if marked:
        best = marked[0]
        following = lines[best + 1] if best + 1 < len(lines) else ""
        if best + 1 in marked and len(lines[best]) + len(following) < 160:
            return _one_line(f"{lines[best]} – {following}")
        return _one_line(lines[best])
    if 3 < len(hint) <= 200 and " " in hint and not _FILE_NAME.search(hint):
        return _one_line(hint)
    if lines:
        named = [line for line in lines[1:3] if _ORGANISATION.fullmatch(line)]
        return _one_line(f"{lines[0]} – {named[0]}" if named else lines[0])
    headed = [section.path[-1] for section in sections if section.path]
    return _one_line(headed[0] if headed else front)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text[:_LONGEST_LINE]).strip(" –-")


def _organisation(text: str, title: str, front: str, publisher: str | None) -> str | None:
    """The organisation reported on: named by the title, else the one that the text names most often."""
    counts = Counter(name for name in _named(text) if name != publisher)
    yearly = _YEARLY.fullmatch(title)
    if yearly is not None and _is_name(yearly["name"]):
        others = max((n for name, n in counts.items() if name not in yearly["name"]), default=0)
        if _ENDS_SO.search(yearly["name"]) or text.count(yearly["name"]) >= 2 or others < 2:  # else it is a motto
            return yearly["name"]
    for source in (title, front):
        named = [name for name in _named(source) if name != publisher]
        named = [name for name in named if counts[name] >= (1 if source is title else 3)]
        if named:
            return max(named, key=lambda name: (counts[name], -named.index(name)))
        subject = _SUBJECT.search(source)
        if subject is not None:
            name = re.sub(r"^services (?:for|in) ", "", _tidy(subject[1]))
            if text.count(name) >= 2:
                return name
        placed = _IN_PLACE.search(source) if source is title and _TITLE_WORDS.search(title) else None
        if placed is not None and text.count(placed[1].split()[-1]) >= 2:
            return placed[1]
        area = _AREA.search(source)
        if area is not None and text.count(area[1]) >= 3:
            return area[1]
    best = counts.most_common(1)
    if best and best[0][1] >= OFTEN:
        return best[0][0]
    return None


def _named(text: str) -> list[str]:
    """The organisations that a text names; an office that someone holds is none, nor "the Company"."""
    names = (_tidy(found) for found in _ORGANISATION.findall(text))
    return [name for name in names if not (_OFFICE.match(name) or _NO_NAME.fullmatch(name))]


def _is_name(name: str) -> bool:
    """Whether what a title says before "annual report" is a name: few words, the long ones with capitals."""
    words = re.findall(r"[^\W\d_][\w’'&.-]*", name)
    if not 0 < len(words) <= 8 or _NO_NAME.fullmatch(name) or _TITLE_WORDS.search(name):
        return False
    return name[:1].isupper() and all(word[0].isupper() for word in words if len(word) > 3)


def _tidy(name: str) -> str:
    name = _OF_WORK.sub("", re.sub(r"\s+", " ", name).strip())
    return re.sub(r"^(?:The|This|That|In|At|For|Of|And|Our|Both|All|An|A)\s+", "", name)


def _publisher(text: str, front: str) -> str | None:
    stated = _PUBLISHER.search(front) or _PUBLISHER.search(text[-FRONT_CHARACTERS:])
    if stated is not None and not re.match(r"(?:crown|all rights)", stated[1], re.IGNORECASE):
        return _tidy(stated[1])
    acting = Counter(_ACTS.findall(text))
    return next((name for name, _ in acting.most_common() if not re.search(_WORK.format(name), text)), None)

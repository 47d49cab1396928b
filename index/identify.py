"""Read a report's title, organisation, publisher, year and kind from its own text, front matter first.

Nothing is guessed from the file's name. What the report does not state stays None.
"""

import re
from collections import Counter

from .periods import years_in
from .records import Identity, LoadedReport, Section
from .sections import CONTENTS

FRONT_CHARACTERS = 3000  # of a report, enough for a cover page, an imprint and a letter's address block
_KINDS = ("inspection", "audit", "evaluation", "assessment", "review", "annual report", "strategy", "profile", "survey")
_SUFFIX = (
    r"(?:Police|Constabulary|Council|Trust|Authority|Agency|Department|Ministry|University|College|Academy|School"
    r"|Hospital|Service|Services|Partnership|Board|Commission|Committee|Corporation|Company|Group|Holdings|Bank|Fund"
    r"|Association|Institute|Foundation|Office|Bureau|Administration|Limited|Ltd|PLC|plc|Inc\.?|Corp\.?|LLC)"
)
_WORD = r"[A-Z][\w’'&-]*"
_ORGANISATION = re.compile(rf"(?<!\w)(?:{_WORD}(?:\s(?:of|and|for|the|&)\s|\s)){{1,5}}{_SUFFIX}(?!\w)")
_SUBJECT = re.compile(
    rf"\b(?:inspection|audit|evaluation|assessment|review|profile)s?\s+(?:report\s+)?(?:of|on|into|in)\s+(?:the\s+)?"
    rf"((?:services\s+(?:for|in)\s+)?{_WORD}(?:\s(?:(?:and|of|upon|on|the|with|&)\s)?{_WORD}){{0,5}})"
)
_PUBLISHER = re.compile(
    rf"(?:©|\(c\)|copyright|published by|prepared by|issued by)\s*(?:(?:19|20)\d{{2}}\s+)?(?:the\s+)?"
    rf"({_WORD}(?:\s(?:of\s|and\s|for\s|the\s)?{_WORD}){{0,6}})",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b([A-Z]{3,12})(?:[’']s)?\s+(?:also\s+|will\s+|has\s+)*"
    r"(?:found|judges|judged|assesses|assessed|considers|expects|inspects|inspected|looked|uses|examined|recommends|defines|monitors)\b"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATED = (
    re.compile(
        r"(?:last updated|published|publication date|date of publication|issued|report date)\D{0,40}?"
        r"(\d{1,2}[/. ](?:\d{1,2}|\w+)[/. ]\d{4}|\w+ \d{4}|\d{4})",
        re.I,
    ),
    re.compile(r"(?:©|\(c\)|copyright)\s*(?:[A-Za-z ]{0,40}?)((?:19|20)\d{2})", re.I),
    re.compile(rf"^\s*((?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+(?:19|20)\d{{2}})\s*$", re.M),
)
_TITLE_WORDS = re.compile(
    r"\b(?:report|inspection|review|audit|evaluation|assessment|annual|profile|strategy|survey|efficiency|effectiveness|legitimacy|accounts)\b",
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
    title = _title(loaded, sections, front)
    organisation = _organisation(loaded.text, title, front, publisher)
    year = _year(loaded, title, front)
    kind = next((k for k in _KINDS if re.search(rf"\b{k}", f"{title}\n{front}", re.IGNORECASE)), None)
    return Identity(title, organisation, publisher, year, kind)


def _front_lines(loaded: LoadedReport) -> list[str]:
    lines: list[str] = []
    for block in loaded.blocks[:14]:
        line = loaded.text[block.start : block.end].strip()
        if block.kind in ("table_row", "furniture") or len(line) > 220 or CONTENTS.match(line):
            break
        lines.append(line)
    return lines


def _title(loaded: LoadedReport, sections: tuple[Section, ...], front: str) -> str:
    hint = (loaded.title_hint or "").strip()
    stated = [loaded.text[b.start : b.end].strip() for b in loaded.blocks[:8] if b.kind == "heading" and b.level <= 1]
    if stated and not _NO_TITLE.search(stated[0]):
        return _one_line(stated[0])
    lines = [line for line in _front_lines(loaded) if line and not _NO_TITLE.search(line) and len(line) > 3]
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
    line = re.sub(r"\s+", " ", text).strip(" –-")
    return line if len(line) <= 200 else line[:199].rsplit(" ", 1)[0] + "…"


def _organisation(text: str, title: str, front: str, publisher: str | None) -> str | None:
    """The organisation reported on: named by the title, else the one that the text names most often."""
    counts = Counter(_tidy(name) for name in _ORGANISATION.findall(text) if _tidy(name) != publisher)
    for source in (title, front):
        named = [_tidy(m) for m in _ORGANISATION.findall(source) if _tidy(m) != publisher]
        named = [name for name in named if counts[name] >= (1 if source is title else 3)]
        if named:
            return max(named, key=lambda name: (counts[name], -named.index(name)))
        subject = _SUBJECT.search(source)
        if subject is not None:
            name = re.sub(r"^services (?:for|in) ", "", _tidy(subject[1]))
            if text.count(name) >= 2:
                return name
    best = counts.most_common(1)
    if best and best[0][1] >= 3:
        return best[0][0]
    return None


def _tidy(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip()
    return re.sub(r"^(?:The|This|That|In|At|For|Of|And|Our|Both|All|An|A)\s+", "", name)


def _publisher(text: str, front: str) -> str | None:
    stated = _PUBLISHER.search(front) or _PUBLISHER.search(text[-FRONT_CHARACTERS:])
    if stated is not None and not re.match(r"(?:crown|all rights)", stated[1], re.IGNORECASE):
        return _tidy(stated[1])
    acting = Counter(_ACTS.findall(text)).most_common(1)
    return acting[0][0] if acting else None


def _year(loaded: LoadedReport, title: str, front: str) -> int | None:
    """The year of publication as the imprint or dateline says, else the one in the title, else the file's own date."""
    for pattern in _DATED:
        match = pattern.search(front)
        if match is not None and years_in(match[1]):
            return years_in(match[1])[-1]
    titled = years_in(title)
    if titled:
        return titled[-1]
    hinted = years_in(loaded.date_hint or "")
    return hinted[0] if hinted else None

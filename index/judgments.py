"""Find the judgments of a report: which grade, on what, of whom, in which year.

A judgment stands alone on a line, under or beside the heading that it answers, or in a sentence with a verb of
judging. Descriptions of the scale itself ("the categories are …") are not judgments.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .grades import GRADE, GRADE_FORMS, GRADE_LINE, canonical_grade, grade_lines
from .periods import years_in
from .records import Block, Judgment, Section, StructuredReport
from .sections import has_sentence

_FORMS = "|".join(sorted((re.escape(form) for form in GRADE_FORMS), key=len, reverse=True)).replace(r"\ ", r"\s+")
_GENERIC = re.compile(
    r"^summary\b|^(?:overall\s+)?(?:summary(?: of judg(?:e)?ments?)?|judg(?:e)?ments?|grade|rating|findings"
    r"|our judg(?:e)?ment|overall effectiveness|conclusion|opinion)$|^overall (?:judg(?:e)?ment|grade|rating|summary)",
    re.IGNORECASE,
)
_STATED = re.compile(  # "the overall judgment of the efficiency of the council in 2015 is good"
    rf"\b(?P<verb>(?:overall\s+)?(?:judg(?:e)?ment|grade|rating|verdict))\s+(?P<mid>(?:of|on|for)\s+[^.;:]{{3,90}}?)\s+(?:is|was)\s+"
    rf"(?:that\s+it\s+(?:is|was)\s+)?[‘'\"“]?(?P<grade>{_FORMS})(?![\w-])(?P<tail>[^.;]*)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:overview|summary)\s*[–—:-]\s*", re.IGNORECASE)
# Words that may follow a grade: before a noun it is no grade but says how that is ("good record keeping").
_AFTER_GRADE = (
    "at|in|for|by|with|and|but|on|overall|because|as|to|when|from|during|under|or|than|across|while|since|again|last|this"
    "|that|which|it|if|given|against|where|whereas|although|though|only|both|until|after|before|over|also|regarding|rather"
    "|is|was|has|had|so|then|now|throughout|within|despite|following|compared|due|except|including|through|among|between"
    "|without|using|apart|owing|thanks|upon|once|like|unlike|besides|beyond|considering|according|based|they|we|there|these"
    "|those|not|all|such|how|why|whether|who|we|he|she|against|towards|about|around"
)
_SAID = re.compile(
    rf"\b(?P<verb>judged?s?|graded|rated|assessed|assesses)\b(?P<mid>[^.;:]{{0,70}}?)"
    rf"(?:\b(?:as|to\s+be|to|at)\b\s+(?:an?\s+)?|:\s*|\s)[‘'\"“]?(?P<grade>{_FORMS})(?![\w-])"
    rf"(?!\s+(?!(?:{_AFTER_GRADE})\b)[a-z]{{3,}})[’'\"”]?(?P<tail>[^.;]*)",
    re.IGNORECASE,
)
_ASPECT_AFTER = re.compile(
    r"^\s*,?\s*(?:overall\s+)?(?:in\s+respect\s+of|with\s+respect\s+to|in\s+terms\s+of|regarding|for|in|at|on)\s+"
    r"(?:how\s+)?(?:the\s+|its\s+|their\s+)?(.+)",
    re.IGNORECASE,
)
_ASPECT_BEFORE = re.compile(
    r"(?:^|[,;:]\s*|\band\s+|\bthe\s+\w+[’']s\s+)(?:its\s+|the\s+\w+[’']s\s+|[\w\s]+[’']s?\s+|the\s+)?"
    r"([^,;:]{4,90}?)\s+(?:is|was|are|were|has\s+been|have\s+been|being|be)\s*$",
    re.IGNORECASE,
)
_NAMED_INSPECTION = re.compile(
    r"\b(?:last\s+year[’']s|previous|earlier|the\s+(?:19|20)\d{2}|(?:19|20)\d{2}|this\s+year[’']s)\s+"
    r"((?:(?!had\b|been\b|was\b|were\b|the\b|there\b)[a-z-]+\s+){1,5}?)(?:inspection|review|audit|assessment)\b",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(
    r"\b(?:last|the\s+previous|the\s+prior|the\s+preceding)\s+year\b|\bthe\s+year\s+before\b|\ba\s+year\s+earlier\b",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"\b(?:(?:not|never|no\s+longer|neither)\s+(?:yet\s+|been\s+|be\s+)*|(?:to|can|could|would|may|might|should|will)\s+be\s+)$",
    re.IGNORECASE,
)
_BODY_WORDS = "force council trust school authority agency company service department provider college"
_BODIES = frozenset(_BODY_WORDS.split())  # what a report calls its organisation for short
_MAX_QUOTE = 400  # characters from a heading to its grade: further apart, the grade is quoted alone


@dataclass(frozen=True, slots=True)
class FoundJudgment:
    """A judgment with the place to quote for it."""

    judgment: Judgment
    start: int
    end: int


def line_judgments(report: StructuredReport) -> tuple[FoundJudgment, ...]:
    """The judgments that stand alone on a line."""
    text, blocks = report.loaded.text, report.loaded.blocks
    graded = [i for i, b in enumerate(blocks) if b.kind != "table_row" and grade_lines(text[b.start : b.end])]
    graded = [i for i in graded if not _in_scale(text, blocks, i)]
    boxed = _boxed(text, blocks, report.sections, graded)
    found: list[FoundJudgment] = []
    seen: set[str] = set()  # chapters that have a grade
    for i in graded:
        block = blocks[i]
        for n, (start, end, grade) in enumerate(grade_lines(text[block.start : block.end])):
            at, until = block.start + start, block.start + end
            heading = boxed.get((i, n))
            section = _section_at(report.sections, at)
            if heading is not None:
                aspect, overall, quoted = heading, False, at
            else:
                section = _answered(report.sections, section, blocks, i, text, seen)
                aspect, overall = _aspect(section, report.identity.title)
                overall = overall or text[block.start : at].strip().lower().startswith("overall")
                quoted = _quote_start(section, at)
                if section is not None and section.path:
                    seen.add(section.path[0])
            judgment = Judgment(grade, aspect, report.identity.organisation, report.identity.year, at, until, overall)
            found.append(FoundJudgment(judgment, quoted, until))
    return _with_overall(found, text)


def sentence_judgments(report: StructuredReport, start: int, end: int) -> tuple[Judgment, ...]:
    """The judgments that the sentence from `start` to `end` states."""
    sentence = report.loaded.text[start:end]
    if len({canonical_grade(m.group()) for m in GRADE.finditer(sentence)}) >= 3:
        return ()
    found: list[Judgment] = []
    for match in (*_STATED.finditer(sentence), *_SAID.finditer(sentence)):
        if _UNSAID.search(sentence[: match.start()]):
            continue
        aspect, overall = _said_aspect(sentence, match, report)
        at = start + match.start("grade")
        grade = canonical_grade(match["grade"])
        year = _said_year(sentence, report.identity.year)
        until = start + match.end("grade")
        found.append(Judgment(grade, aspect, report.identity.organisation, year, at, until, overall))
    return tuple(found)


def _in_scale(text: str, blocks: Sequence[Block], i: int) -> bool:
    """Whether a grade is an item in a list of grades, which describes the scale."""
    if blocks[i].kind != "list_item":
        return False
    near = [b for b in blocks[max(0, i - 4) : i + 5] if b.kind == "list_item"]
    return sum(GRADE.search(text[b.start : b.end]) is not None and b.end - b.start < 40 for b in near) >= 2


def _boxed(
    text: str, blocks: Sequence[Block], sections: Sequence[Section], graded: list[int]
) -> dict[tuple[int, int], str]:
    """Pair the grades of an overview box with its headings.

    A box lists several headings with nothing under them and then as many grades, column by column; the first grade
    belongs to the first heading.
    """
    pairs: dict[tuple[int, int], str] = {}
    run: list[Section] = []
    for section in sections:
        empty = not text[section.body_start : section.end].strip()
        if section.path and section.kind == "body":
            run.append(section)
        if empty and section.path:
            continue
        inside = [
            (i, n)
            for i in graded
            if section.start <= blocks[i].start < section.end
            for n in range(len(grade_lines(text[blocks[i].start : blocks[i].end])))
        ]
        for count in range(len(run), 1, -1):
            if len(inside) == count:
                pairs.update({key: run[len(run) - count + k].path[-1] for k, key in enumerate(inside)})
                break
        run = []
    return pairs


def _answered(
    sections: Sequence[Section], section: Section | None, blocks: Sequence[Block], i: int, text: str, seen: set[str]
) -> Section | None:
    """The section that the grade in block `i` answers, where the layout put it beside another heading.

    A grade glued to a chapter's closing heading, or left at the foot of a chapter's last section, is the chapter's;
    if that chapter has its grade already, it is the grade of the chapter that begins right after.
    """
    if section is None or not section.path or _GENERIC.match(section.path[-1]) or len(section.path) == 1:
        return section
    line = text[blocks[i].start : blocks[i].end].strip()
    last = not text[blocks[i].end : section.end].strip()
    chapter = next(s for s in reversed(sections) if s.start <= section.start and s.path == section.path[:1])
    glued = GRADE_LINE.fullmatch(line) is None
    if glued or (last and section.path[0] not in seen):
        return chapter
    if last:
        return next((s for s in sections if s.start >= section.end), section)
    return section


def _section_at(sections: Sequence[Section], at: int) -> Section | None:
    return next((s for s in sections if s.start <= at < s.end), None)


def _aspect(section: Section | None, title: str) -> tuple[str, bool]:
    if section is None or not section.path:
        return title, True
    overall = False
    for heading in reversed(section.path):
        if _GENERIC.match(heading):
            overall = overall or heading.lower().startswith("overall")
            continue
        led = _LEAD.match(heading) is not None
        return _LEAD.sub("", heading), overall or led
    return title, True


def _quote_start(section: Section | None, at: int) -> int:
    return section.start if section is not None and 0 <= at - section.start <= _MAX_QUOTE else at


def _with_overall(found: list[FoundJudgment], text: str) -> tuple[FoundJudgment, ...]:
    """Where no grade says that it is the overall one, the first of several is, if nothing was said before it:
    a report that leads with a grade leads with the overall one."""
    aspects = {f.judgment.aspect for f in found}
    if len(aspects) < 2 or any(f.judgment.overall for f in found) or has_sentence(text[: found[0].start]):
        return tuple(found)
    first, *rest = found
    j = first.judgment
    lead = Judgment(j.grade, j.aspect, j.organisation, j.year, j.start, j.end, True)
    return (FoundJudgment(lead, first.start, first.end), *rest)


def _said_aspect(sentence: str, match: re.Match[str], report: StructuredReport) -> tuple[str, bool]:
    if match.re is _STATED:
        aspect = re.sub(r"^(?:of|on|for)\s+(?:the\s+)?", "", match["mid"])
        aspect = _clip(re.split(r"\s+of\s+(?=[A-Z])|\s+in\s+(?=\d)", aspect)[0])
        if _is_organisation(aspect, report):
            return _main_aspect(report), True
        return aspect, "overall" in match["verb"].lower()
    named = _NAMED_INSPECTION.search(sentence)
    after = _ASPECT_AFTER.match(match["tail"])
    before_text = sentence[: match.start()]
    if after is not None:
        aspect = _clip(after[1])
        overall = re.search(r"\boverall\b", match["tail"], re.IGNORECASE) is not None or _of_whole(
            before_text + match["mid"], report
        )
        return aspect, overall
    before = _ASPECT_BEFORE.search(before_text)
    if before is not None and not _is_organisation(before[1], report):
        return _clip(before[1]), False
    if named is not None:
        return _clip(named[1]), True
    return _main_aspect(report), True


def _of_whole(before: str, report: StructuredReport) -> bool:
    """Whether the clause judges the organisation as a whole, as its opening sentence does."""
    match = _ASPECT_BEFORE.search(before)
    subject = match[1] if match is not None else before
    return _is_organisation(subject, report)


def _is_organisation(subject: str, report: StructuredReport) -> bool:
    words = set(re.findall(r"\w+", subject.lower())) - {"the", "in", "of", "it", "this"}
    own = set(re.findall(r"\w+", (report.identity.organisation or "").lower()))
    return not words or bool(words & own and len(words - own) <= 2) or (len(words) <= 2 and bool(words & _BODIES))


def _main_aspect(report: StructuredReport) -> str:
    for section in report.sections:
        if section.path and section.kind == "body" and section.path[-1].endswith("?"):
            return _LEAD.sub("", section.path[-1])
    return report.identity.title


def _clip(phrase: str) -> str:
    phrase = re.sub(r"^(?:(?:and|but|or|its|their|the)\s+)+", "", phrase.strip(), flags=re.IGNORECASE)
    phrase = re.split(r",\s|\bwhen\b|\bwhich\s+considered\b|\s\(", phrase.strip())[0]
    return re.sub(r"\s+", " ", phrase).strip(" ,.")[:120]


def _said_year(sentence: str, report_year: int | None) -> int | None:
    if _LAST_YEAR.search(sentence) and report_year is not None:
        return report_year - 1
    named = re.search(r"\b(?:[Ii]n|[Tt]he|[Oo]ur|of)\s+((?:19|20)\d{2})\b(?!\s?[/–-]\s?\d)", sentence)
    if named is not None:
        return years_in(named[1])[0]
    return report_year

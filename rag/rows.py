"""Tell that another row of the same table is the one asked for: "Office chairs" is not, where the table has "Goodwill".

A row that a search finds may be only near what is asked, while the row itself stands two lines below it. Where the
heading of another row has every word of the question that this row's heading has, and one more that neither this row,
its columns nor its caption say, or is named in full while this row's is not at all, a figure of this row is none of
what is asked. Nor is a total where the question names one of the rows that it adds up, or a part that none of them is.
"""

import re
from itertools import pairwise

from index import Library
from index.periods import MONTH, find_periods
from index.records import Figure, Table, TableRow
from index.terms import terms

from .asking import CHANGE
from .mismatch import with_alike
from .only_says import without_periods
from .retrieve import Evidence
from .understand import Question
from .wording import OWN, content_terms

# Words that head a sum or a line of any kind: a row is not another's for want of them.
ANY = frozenset(
    terms(
        "total totals net gross sum overall all other number amount value year years end ended average cost costs"
        " expense expenses income change percent percentage rate share and of the in for"
    )
)


TOTAL = re.compile(r"(?:grand |sub-?)?total\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?<!number )(?<!amount )(?:of|for|to|from|by|at)\s+(?:the\s+|its\s+|all\s+)?"
    r"(?P<part>[^\W\d_][\w’'-]*(?:\s+(?!(?:of|for|to|from|by|at|in)\b)[\w’'-]+)?)"
)
_STEM = 3  # letters that "tax" and "taxation" share
_NARROWS = re.compile(r",? (?:from|of|for|by|to|attributable to|before|after) (?P<part>.+)", re.IGNORECASE)
_IN_TOTAL = re.compile(r"\b(?:total|overall|altogether|in all)\b", re.IGNORECASE)
_ANYBODY = frozenset(
    terms(
        "people person persons staff employee worker member customer source money amount kind type firm charity public"
        " employed made received how much many what which"
    )
)
_PER = re.compile(r"\bper (?:[\d,.]+ )?\w+")
_MONTH = re.compile(rf"\b(?:{MONTH})\b", re.IGNORECASE)
_NO_KIND = frozenset(  # words before a noun that say nothing of which kind it is
    terms(
        "how much many what which who were was is are be been had has have did do does all its their his her"
        " our your any some each both every no more less fewer there will would can could full running actual"
        " annual yearly entire overall whole such other new old these those this that the of to for from in on"
        " at by average mean current latest last first final reported recorded stated published estimated"
        " expected planned big large great high low"
    )
)
_KIND = re.compile(r"[A-Za-z][\w-]*(?:[’']s)?")
_SHORT = re.compile(r"\b[A-Z]{3,}(?=s?\b)")
_WORDS = re.compile(r"[A-Za-z]{2,}|^(?:19|20)\d\d$")


def outdone(library: Library, question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether the figure stands in a table row that another row of the table is asked for instead of, or that nothing
    tells apart from another one with another figure."""
    if evidence.candidate.kind != "row":
        return False
    found = place_in_table(library, evidence, figure)
    if found is None:
        return False
    table, row = found
    text = library.text(evidence.report.report_id)
    if _has_twin(text, table, row, figure):
        return True
    asked = frozenset(terms(question.body))
    own = asked & frozenset(terms(row.heading))
    said = frozenset(terms(f"{figure.measure or ''} {evidence.candidate.meaning} {table.caption}"))
    short = _is_short_for(row.heading, question.body)
    adds_up = TOTAL.match(last_heading(row)) is not None
    for other in table.rows:
        named = last_heading(other)
        if TOTAL.match(named) is None and is_named(named, question.body) and not _has_words_of(asked, row, named):
            return True
        whole = frozenset(terms(other.heading))
        heads = asked & whole
        if other.cells and whole <= asked and whole - ANY and not own - ANY:
            return True  # the question names that row in full, and of this one nothing
        if other.cells and not (own - ANY or short) and _is_short_for(other.heading, question.body):
            return True
        if other.cells and adds_up and whole <= asked and whole - said - ANY:
            return True
        if other.cells and own < heads and heads - said - ANY:
            return True
        if other.cells and _is_narrower(row, other, asked):
            return True
    return False


def _is_narrower(row: TableRow, other: TableRow, asked: frozenset[str]) -> bool:
    """Whether a row's heading is that of the other one and a part of it that the question does not name: "Profit for
    the period from discontinued operations" where "Profit for the period" is asked for, and is a row."""
    heading, plain = last_heading(row), last_heading(other)
    found = _NARROWS.fullmatch(heading[len(plain) :]) if heading.startswith(plain) else None
    if found is None or other is row or row.heading.rpartition(": ")[0] != other.heading.rpartition(": ")[0]:
        return False
    whole, part = frozenset(terms(plain)), frozenset(terms(found["part"])) - ANY
    beginnings = {term[:_STEM] for term in asked - whole}
    return bool(whole - ANY) and whole <= asked and bool(part) and not {term[:_STEM] for term in part} & beginnings


def is_astray(library: Library, question: Question, evidence: Evidence, figure: Figure) -> bool:
    """Whether the figure stands in a table row or a sentence that has nothing to do with the question, or in a total
    where a part is asked for that no row is. Said of the best figure, which then leaves the question without an answer:
    what comes after it is no better."""
    if evidence.candidate.kind == "sentence":
        return _is_of_another_change(question, evidence)
    found = place_in_table(library, evidence, figure) if evidence.candidate.kind == "row" else None
    if found is None:
        return False
    table, row = found
    said = frozenset(terms(f"{figure.measure or ''} {evidence.candidate.meaning} {table.caption}"))
    printed = library.text(evidence.report.report_id)[row.start : row.end]
    if _is_another(question, row, printed, said, evidence):
        return True
    if TOTAL.match(last_heading(row)) is None:
        return False
    return _names_a_part(question, evidence, said) or _names_a_kind(question, last_heading(row), evidence, said)


def last_heading(row: TableRow) -> str:
    """What heads a row, without the group of rows that it is in."""
    return row.heading.rpartition(": ")[2]


def _has_words_of(asked: frozenset[str], row: TableRow, other: str) -> bool:
    """Whether all words of a heading of the row are among those `asked`, or `other` is part of its headings."""
    parts = [{term for term in terms(part) if term[0].isalpha()} for part in row.heading.split(": ")]
    return other.lower() in row.heading.lower() or any(part and part <= asked for part in parts)


def is_named(heading: str, asked: str) -> bool:
    """Whether a question has a heading of two words or more as it is printed."""
    printed = rf"(?<!\w)(?<!\bto )(?<!\bafter )(?<!\bbefore ){re.escape(heading)}(?!\w)"
    return len(terms(heading)) > 1 and re.search(printed, asked, re.IGNORECASE) is not None


def _names_a_kind(question: Question, heading: str, evidence: Evidence, said: frozenset[str]) -> bool:
    """Whether the question asks for one kind of what a total is of, by a word right before it ("boat fees"), that the
    row and what heads it do not say."""
    if _IN_TOTAL.search(question.body) is not None:
        return False
    report = evidence.report
    stood_in = f"{evidence.candidate.header} {' '.join(evidence.section)} {report.organisation or ''} {report.title}"
    known = said | ANY | OWN | _NO_KIND | frozenset(terms(stood_in))
    head = terms(TOTAL.sub("", heading))[:1]
    return any(
        head and head == terms(noun) and kind.islower() and not frozenset(terms(kind)) <= known
        for kind, noun in pairwise(_KIND.findall(without_periods(question.body)))
    )


def _is_of_another_change(question: Question, evidence: Evidence) -> bool:
    """Whether a change is asked for, and a sentence and its headings share nothing with the question but that."""
    if CHANGE.search(question.body) is None:
        return False
    report = evidence.report
    own = frozenset(terms(f"{report.organisation or ''} {report.title}")) | ANY | OWN
    asked = content_terms(CHANGE.sub(" ", without_periods(question.body))) - own
    said, headed = frozenset(terms(evidence.candidate.meaning)), frozenset(terms(" ".join(evidence.section)))
    return bool(asked) and not with_alike(asked) & said and not asked & headed


def _is_another(question: Question, row: TableRow, printed: str, said: frozenset[str], evidence: Evidence) -> bool:
    """Whether a row has no word of the question, while the question has words that neither the row nor what heads it
    says: "Burglary" where it is asked about noise. `printed` is the row as it stands in the text."""
    heading = _MONTH.sub(" ", without_periods(row.heading))
    if not {term for term in terms(heading) if term[0].isalpha()} - ANY:
        return False
    if frozenset(terms(row.heading)) <= frozenset(terms(question.body)) or (
        TOTAL.match(last_heading(row)) is not None and _IN_TOTAL.search(question.body) is not None
    ):
        return False
    report = evidence.report
    asked = _PER.sub(" ", without_periods(question.body))
    own = frozenset(terms(f"{report.organisation or ''} {report.title}")) | ANY | OWN
    wanted = content_terms(asked) - own
    if with_alike(wanted) & frozenset(terms(printed)) or not wanted - said:
        return False
    return not _is_short_for(heading, asked)


def _is_short_for(heading: str, asked: str) -> bool:
    """Whether a heading has the initials of what is asked about: "ASB incidents"."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", asked)).lower()
    return any(short.lower() in initials for short in _SHORT.findall(heading))


def _names_a_part(question: Question, evidence: Evidence, said: frozenset[str]) -> bool:
    """Whether the question asks about something of, for, to or from what the table and its headings do not speak of."""
    c, report = evidence.candidate, evidence.report
    known = said | frozenset(terms(f"{c.header} {c.passage} {report.organisation or ''} {report.title}"))
    body = question.body
    for period in reversed(find_periods(body)):
        body = f"{body[: period.start]}, {body[period.end :]}"
    parts = (frozenset(terms(found["part"])) - ANY - OWN - _ANYBODY for found in _PART.finditer(body))
    return any(part and not part & known for part in parts)


def _has_twin(text: str, table: Table, row: TableRow, figure: Figure) -> bool:
    """Whether a row of the same heading has another figure in the same column, and no time tells which row it is: as
    "Granted" between the balances of one year and the next."""
    cell = next((cell for cell in row.cells if cell.start <= figure.start < cell.end), None)
    if cell is None or not row.heading or find_periods(figure.measure or ""):
        return False
    named = _named(text, row, cell.column)
    twins = [other for other in table.rows if other.heading == row.heading and other is not row]
    twins = [other for other in twins if _named(text, other, cell.column) == named]
    printed = text[cell.start : cell.end].strip()
    return any(c.column == cell.column and text[c.start : c.end].strip() != printed for o in twins for c in o.cells)


def _named(text: str, row: TableRow, column: int) -> tuple[str, ...]:
    """What the other cells of a row say in words, or as a year: where a row has one figure they tell which it is."""
    printed = (text[cell.start : cell.end].strip() for cell in row.cells if cell.column != column)
    return tuple(words for words in printed if _WORDS.search(words) is not None)


def place_in_table(library: Library, evidence: Evidence, figure: Figure) -> tuple[Table, TableRow] | None:
    """The table and the row that a figure of evidence stands in; None where it stands in none."""
    for table in library.tables(evidence.report.report_id):
        if table.start <= figure.start < table.end:
            row = next((row for row in table.rows if row.start <= figure.start < row.end), None)
            return None if row is None else (table, row)
    return None

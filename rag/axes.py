"""Make one question fit every cell of a grid: what it names of organisations and years becomes that of the cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.periods import find_periods
from index.records import ReportInfo

from .scope import named_organisations

_COMMAND = re.compile(r"^(?:please\s+)?compare\s+(?:between\s+)?", re.IGNORECASE)
_DATES = re.compile(r"^(?:the\s+)?dates?\s+of\s+", re.IGNORECASE)
_LISTS = re.compile(r"\b(?:areas?\s+for\s+improvement|recommendations?)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:and\s+)?(?:how|what|which|who|whose|whom|when|where|why|on|in|at|by|for|is|are|was|were|did|do|does|has|have"
    r"|had|can|will|list|name|give|tell|show)\b|\?\s*$",
    re.IGNORECASE,
)
_JOINER = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|with|to|versus|vs\.?|until|against)\s+(?:in\s+|of\s+|for\s+)?)"
_PLURAL = re.compile(r"^(?:[\w’'-]+\s+){0,3}?[\w’'-]*[^s\W]s(?:\s+(?:of|for|in|on|at|that|with)\b|$)", re.IGNORECASE)
_CELL, _YEAR = "\ue000", "\ue001"  # stand for the cell's organisation and year


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for any cell. `organisations` and `years` are those that it names itself. `named` is what is wanted
    where it is only named ("moorings in use"), None where something is asked or listed."""

    template: str
    named: str | None
    organisations: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def names_year(self) -> bool:
        """Whether it speaks of the cell's year itself."""
        return _YEAR in self.template

    def of(self, organisation: str, year: int) -> str:
        """The question for one cell."""
        return _filled(self.template, organisation, year)

    def named_of(self, organisation: str, year: int) -> str | None:
        """What is only named, for one cell."""
        return None if self.named is None else _filled(self.named, organisation, year)


def _filled(template: str, organisation: str, year: int) -> str:
    return template.replace(_CELL, organisation).replace(_YEAR, str(year))


def for_cells(text: str, catalogue: Sequence[ReportInfo]) -> Asked:
    """The question of `text`, with what it names of organisations and years of the catalogue left open."""
    bare = re.sub(r"[\ue000\ue001]", " ", text).strip()
    organisations = named_organisations(bare, catalogue)
    template, years = _open_years(_open_organisations(bare, organisations))
    return Asked(_question(template), _named(template), organisations, years)


def _open_organisations(text: str, organisations: Sequence[str]) -> str:
    """The text with one place for an organisation instead of each row of names."""
    for name in sorted(organisations, key=len, reverse=True):
        forms = [name, *_own_part(name)]
        for form in forms:
            found = re.search(rf"(?<![\w{_CELL}]){re.escape(form)}(?!\w)", text, re.IGNORECASE)
            if found is not None:
                text = text[: found.start()] + _CELL + text[found.end() :]
                break
    return re.sub(rf"(?:the\s+)?{_CELL}(?:[’']s?)?(?:{_JOINER}(?:the\s+)?{_CELL})+", _CELL, text)


def _own_part(name: str) -> list[str]:
    """The shorter forms of a name, longest first: all but its last word, and so on, of four letters at least."""
    words = name.split()
    return [part for n in range(len(words) - 1, 0, -1) if len(part := " ".join(words[:n])) >= 4]


def _open_years(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with one place for a year instead of a run of years, and the years that it named; a budget year and a
    date stay, since the year of a report is not meant."""
    years: list[int] = []
    for period in reversed(find_periods(text)):
        whole = re.fullmatch(r"(between|from)\s+(\d{4})\s+(?:and|to|until)\s+(\d{4})", period.text, re.IGNORECASE)
        if whole is not None:
            first, last = sorted((int(whole[2]), int(whole[3])))
            years += range(first, last + 1)
            lead = "" if re.search(r"\b(?:in|of|for)\s+$", text[: period.start], re.IGNORECASE) else "in "
            text = text[: period.start] + lead + _YEAR + text[period.end :]
        elif re.fullmatch(r"\d{4}", period.text):
            years.append(int(period.text))
            text = text[: period.start] + _YEAR + text[period.end :]
    return re.sub(rf"{_YEAR}(?:{_JOINER}{_YEAR})+", _YEAR, text), tuple(sorted(set(years)))


def _named(template: str) -> str | None:
    """What is wanted, where `template` only names it and it is neither a date nor a list of the report."""
    asked = _bare(template)
    return None if _ASKS.search(asked) or _DATES.match(asked) or _LISTS.search(asked) else asked


def _bare(template: str) -> str:
    return _COMMAND.sub("", template).strip(" ,;:.")


def _question(template: str) -> str:
    """A question, where `template` is only a name of what is wanted ("theme of the inspection")."""
    asked = _bare(template)
    if _ASKS.search(asked):
        return asked
    if _DATES.match(asked):
        return f"On what dates was {_DATES.sub('', asked)}?"
    asked = re.sub(r"^the\s+", "", asked, flags=re.IGNORECASE)
    return f"What {'were' if _PLURAL.match(asked) else 'was'} the {asked}?"

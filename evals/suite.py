"""An evaluation suite: questions with what the reports are known to say, written or confirmed by a person.

`suite_file.load_suite` reads one from YAML or JSONL. Nothing is guessed: an unknown field, a number without quotation
marks, a repeated id, or an expectation that does not fit the kind of its case is refused.
"""

import hashlib
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Kind = Literal[
    "figure", "table_cell", "judgment", "text", "list", "follow_up", "refuse", "clarify", "conflict", "premise"
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DecimalText = Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]+(\.[0-9]+)?$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Year = Annotated[int, Field(strict=True, ge=1900, le=2100)]
Share01 = Annotated[float, Field(ge=0, le=1)]

ANY_UNIT = "any"  # as a figure's unit: whatever the answer gives, where the question's source does not name one


def _not_empty(items: tuple[object, ...]) -> tuple[object, ...]:
    if not items:
        raise ValueError("give at least one")
    return items


def _at_least_two(items: tuple[object, ...]) -> tuple[object, ...]:
    if len(items) < 2:
        raise ValueError("give at least two")
    return items


_NOT_EMPTY = AfterValidator(_not_empty)  # pydantic's own min_length counts only the items that are valid
_Spellings = Text | Annotated[tuple[Text, ...], _NOT_EMPTY]


class Strict(BaseModel):
    """A part of a suite: no field beyond its own, and no change after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Message(Strict):
    """A message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: Text


class CaseScope(Strict):
    """What the person narrowed the question to; empty means everything. A report is named as in `Place`."""

    years: tuple[Year, ...] = ()
    organisations: tuple[Text, ...] = ()
    reports: tuple[Text, ...] = ()


class ExpectedFigure(Strict):
    """A known figure. `value` has the printed sign, no thousands separators, and is not multiplied by `scale`.

    `direction` is set where the report gives the sign in words ("a reduction of 1 percent") or the change has one.
    `tolerance` counts units of the last stated digit of `value`: "36.1" with 1 takes 36.0 to 36.2. `unit` "any" takes
    every unit.
    """

    value: DecimalText
    unit: Text | None
    scale: Literal["thousand", "million", "billion"] | None = None
    direction: Literal["increase", "decrease"] | None = None
    tolerance: Annotated[int, Field(strict=True, ge=0)] = 0
    subject: Text | None = None
    period: Text | None = None


class ExpectedJudgment(Strict):
    """A known judgment. `aspect` is the question or area that was graded, "overall" for the report as a whole."""

    grade: Text
    aspect: Text
    year: Year


class ExpectedList(Strict):
    """A list of which every item must be named, in any one of its spellings; in this order where `ordered`."""

    items: Annotated[tuple[_Spellings, ...], _NOT_EMPTY]
    ordered: bool = False


class Expect(Strict):
    """What a right answer says: exactly one of the fields is set.

    `conflict`: each of the values that the reports give for one thing. `corrects_premise`: what the reports say
    instead of what the question takes for granted, in any one of the spellings. `starts_with`: the first words.
    """

    figure: ExpectedFigure | None = None
    judgment: ExpectedJudgment | None = None
    contains: Text | None = None
    starts_with: Text | None = None
    any_of: Annotated[tuple[Text, ...], _NOT_EMPTY] | None = None
    all_of: Annotated[tuple[_Spellings, ...], _NOT_EMPTY] | None = None
    list: ExpectedList | None = None
    conflict: Annotated[tuple[Text, ...], AfterValidator(_at_least_two)] | None = None
    corrects_premise: Annotated[tuple[Text, ...], _NOT_EMPTY] | None = None
    clarify: Literal[True] | None = None
    refuse: Literal[True] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields that are set."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """What the text must contain: of each part any one spelling. Empty for a figure, a judgment and silence."""
        if self.contains is not None:
            return ((self.contains,),)
        either = self.any_of or self.corrects_premise
        if either is not None:
            return (either,)
        every = self.all_of or self.conflict or (self.list.items if self.list is not None else ())
        return tuple((part,) if isinstance(part, str) else part for part in every)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.names) != 1:
            found = " and ".join(self.names) or "none"
            raise ValueError(f"needs exactly one of {', '.join(type(self).model_fields)}; it has {found}")
        return self


class Place(Strict):
    """A place that proves the answer. What is given must all hold of the citation.

    `report` is the report's file name, title or id, and `year` its year; one of the two is needed. `page` counts from
    1. `section` is a heading that the quotation stands under, and `paragraph` the last label in square brackets
    before its end. `quote_contains`: the quotation contains each of these.
    """

    year: Year | None = None
    report: Text | None = None
    page: Annotated[int, Field(strict=True, ge=1)] | None = None
    section: Text | None = None
    paragraph: Text | None = None
    quote_contains: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _names_a_report(self) -> Self:
        if self.year is None and self.report is None:
            raise ValueError("a place needs a year or a report")
        return self


_TEXTS = ("contains", "starts_with", "any_of", "all_of")
_FITS: dict[Kind, tuple[str, ...]] = {
    "figure": ("figure",),
    "table_cell": ("figure",),
    "judgment": ("judgment",),
    "text": _TEXTS,
    "list": ("list", "all_of"),
    "follow_up": ("figure", "judgment", *_TEXTS, "list", "conflict", "corrects_premise", "clarify", "refuse"),
    "refuse": ("refuse",),
    "clarify": ("clarify",),
    "conflict": ("conflict",),
    "premise": ("corrects_premise",),
}


class Case(Strict):
    """One question with what is expected of the answer. Any one place of `evidence` suffices."""

    id: Identifier
    kind: Kind
    question: Text
    organisation: Text | None = None
    history: tuple[Message, ...] = ()
    scope: CaseScope = CaseScope()
    expect: Expect
    evidence: tuple[Place, ...] = ()
    reason: Text | None = None

    @property
    def expects(self) -> str:
        """The name of what is expected, such as "figure"."""
        return self.expect.names[0]

    @property
    def answerable(self) -> bool:
        """Whether the reports answer the question as it is asked."""
        return self.expects not in ("refuse", "clarify")

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that change with any change of meaning in the case."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.expects not in _FITS[self.kind]:
            fitting = " or ".join(_FITS[self.kind])
            raise ValueError(f"a case of kind {self.kind} expects {fitting}, not {self.expects}")
        if self.kind == "follow_up" and not self.history:
            raise ValueError("a case of kind follow_up needs a history")
        if self.answerable and not self.evidence:
            raise ValueError("a case that the reports answer needs evidence: at least one place")
        if self.answerable and self.reason is not None:
            raise ValueError("only a case that expects refuse or clarify has a reason")
        return self


class Defaults(Strict):
    """What holds for every case that does not say otherwise: whose reports the evidence stands in."""

    organisation: Text | None = None


class Policy(Strict):
    """When a run fails. Shares are between 0 and 1, `points_down` is in percentage points.

    Floors hold for every run; a floor of 0 asks nothing. The rest compares with a baseline: a case that was right and
    expects a figure (or a judgment) may not turn wrong, and no kind may lose more than `points_down`. Whatever the
    policy, a figure without support, a missing case, and a fall that is significant at 5 % fail a run.
    """

    answerable_floor: Share01 = 0.85
    refusal_recall_floor: Share01 = 0.85
    figures_may_flip: bool = False
    judgments_may_flip: bool = False
    points_down: Annotated[float, Field(ge=0, le=100)] = 0.0


class Suite(Strict):
    """A whole suite, and `digest`, which changes with any change of meaning in it."""

    suite: Identifier
    version: Annotated[int, Field(strict=True, ge=1)]
    description: Text
    defaults: Defaults = Defaults()
    policy: Policy = Policy()
    cases: Annotated[tuple[Case, ...], _NOT_EMPTY]

    @property
    def digest(self) -> str:
        """The SHA-256 of the suite's content in hexadecimal, the same however the file is laid out."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()

    def organisation_of(self, case: Case) -> str | None:
        """Whose reports the evidence of `case` stands in, None where the places alone say it."""
        return case.organisation or self.defaults.organisation

"""What the composer hands to the verifier: statements, each with the place that is to prove it."""

from dataclasses import dataclass
from decimal import Decimal

from index.records import Figure, Judgment, ReportInfo

from .derivation import Direction, Operation
from .records import Note


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a report's canonical text, to be quoted."""

    report: ReportInfo
    start: int
    end: int
    page: int | None
    page_label: str | None
    section: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operand:
    """A printed figure that another is worked out from, with the place that proves it."""

    figure: Figure
    place: Place


RISES = ("Rose", "Rises")  # how a change that was worked out is stated: one that was, and one that is to come
FALLS = ("Fell", "Falls")


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure that no report prints, worked out from its operands.

    The operands stand in the order that `rag/arithmetic.py` says of the operation. `text` is the figure as stated,
    without its sign, `value` a decimal string with it and without the scale, and `arithmetic` as it is shown.
    `whether`: a yes or no is asked for, of what the question has `presumed` ("did it fall").
    """

    operation: Operation
    operands: tuple[Operand, ...]
    text: str
    value: str
    unit: str | None
    scale: str | None
    measure: str | None
    subject: str | None
    period: str | None
    arithmetic: str
    whether: bool = False
    presumed: Direction | None = None


def is_more(derived: Derived) -> bool:
    """Whether a figure rose, or the first of what is compared is the higher one."""
    if derived.operation != "versus":
        return Decimal(derived.value) > 0
    own, other = (Decimal(operand.figure.value) for operand in derived.operands)
    return own > other


def as_presumed(derived: Derived) -> bool:
    """Whether a change, or a difference to another, goes the way that the question takes for granted, if any."""
    return derived.presumed is None or is_more(derived) == (derived.presumed == "increase")


def yes_or_no_to(derived: Derived) -> str:
    """What a figure that was worked out says to the question: "Yes" or "No", "" where neither is asked for."""
    return ("Yes" if as_presumed(derived) else "No") if derived.whether else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement of an answer, in plain text without its mark.

    `lead` is the part of it that is set in bold: the figure or grade. `show_quote` says that the quotation follows
    it in the text; where the statement is the quotation already, it does not. A statement of a figure that is worked
    out has it in `derived`, and `place` is that of its first operand. `headings` is the place of the headings of a
    table row that `place` holds without them. `marked` is where the words of an answer in words stand that are the
    answer itself, as (start, end) in the report's text.
    """

    lead: str
    rest: str
    place: Place
    figures: tuple[Figure, ...] = ()
    judgments: tuple[Judgment, ...] = ()
    show_quote: bool = True
    derived: Derived | None = None
    headings: Place | None = None
    marked: tuple[int, int] | None = None

    @property
    def statement(self) -> str:
        """The whole statement."""
        return f"{self.lead}{self.rest}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is verified: its statements in order, none where the evidence is not there. `probability` (0
    to 1) is that of the evidence that was chosen, or was not good enough; None where nothing was weighed.
    `organisations` are those whose reports answer about as well, each with something else: where the question names
    none and they are several, it has to be asked which is meant. So it has where `periods` are those for which the
    reports give what is asked, each with another value, and the question says none of them."""

    pieces: tuple[Piece, ...] = ()
    notes: tuple[Note, ...] = ()
    probability: float | None = None
    organisations: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()

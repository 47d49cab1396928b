"""Small pure measures. A share of nothing is None, never nan: it is printed as "–" and passes no threshold."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.numbers import NumberSpan, find_numbers
from rag.records import Answer, AnswerFigure, Citation

from .match import amount, cited_numbers, normalise, plain_text, unit_class

Z_95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution: a two-sided 95 % interval

_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`; `value`, `low` and `high` (Wilson, 95 %) are between 0 and 1, None where `total` is 0."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson_interval(self.hits, self.total) if self.total else None

    def at_least(self, floor: float) -> bool:
        """Whether the share reaches `floor`; a share of nothing does not."""
        return self.value is not None and self.value >= floor


@dataclass(frozen=True, slots=True)
class Refusal:
    """`recall`: of the questions that the reports do not answer, the share refused. `precision`: of those refused,
    the share that the reports do not answer. Both as in retrieval, with "refused" for "retrieved"."""

    recall: Share
    precision: Share


def wilson_interval(hits: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share, between 0 and 1. Raises ValueError unless 0 <= hits <= total and total > 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927), pages 209 to 212: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    if not 0 <= hits <= total or total == 0:
        raise ValueError(f"{hits} of {total} is not a share")
    share = hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def refusal(answerable: Sequence[bool], refused: Sequence[bool]) -> Refusal:
    """Precision and recall of refusing, over cases in the same order."""
    pairs = list(zip(answerable, refused, strict=True))
    right = sum(1 for can, no in pairs if no and not can)
    return Refusal(
        recall=Share(right, sum(1 for can, _ in pairs if not can)),
        precision=Share(right, sum(1 for _, no in pairs if no)),
    )


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed.

    It is always one of the values (definition 1 of Hyndman and Fan, "Sample quantiles in statistical packages",
    The American Statistician 50 (1996), pages 361 to 365). None for no values.
    """
    if not values:
        return None
    return sorted(values)[max(1, math.ceil(len(values) * percent / 100)) - 1]


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two in the middle; None for no values."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def unsupported_figures(answer: Answer) -> tuple[str, ...]:
    """The numbers in an answer's text that no quotation cited there supports; must be none.

    Citation marks and list numbers are not part of the text. A number is supported when a cited quotation has it
    with the same sign, scale and unit; or prints it bare where the answer's own figure record, with a passed check,
    gives it the scale and unit (a table cell under "£m"); or prints it with the record's unit further on ("85.8 (± 1.9
    percent) percent") where the text has the record's bare words; or it is "derived". A date or period must stand in a
    quotation as it is. The year of a cited report is its label, not a figure. Digits that the number recogniser
    overlooks must stand in a cited quotation too.
    """
    if answer.status != "answered":
        return ()
    text = plain_text(answer.text)
    marks = cited_numbers(answer.text)
    cited = tuple(citation for citation in answer.citations if citation.n in marks)
    spans = find_numbers(text)
    missing = [span.text.strip() for span in spans if not _supported(span, cited, answer.figures)]
    quoted = {digits for citation in cited for digits in _DIGITS.findall(normalise(citation.quote))}
    rest = list(text)
    for span in spans:
        rest[span.start : span.end] = " " * (span.end - span.start)
    return (*missing, *(d for d in _DIGITS.findall(normalise("".join(rest))) if d not in quoted))


def _supported(span: NumberSpan, cited: Sequence[Citation], figures: Sequence[AnswerFigure]) -> bool:
    if span.kind == "year" and any(citation.year == span.value for citation in cited):
        return True
    if span.kind in ("date", "period"):
        return any(normalise(span.text) in normalise(citation.quote) for citation in cited)
    same = [f for f in figures if amount(f.value, f.scale) == span.absolute and _same_unit(f, span)]
    if any(figure.check == "derived" for figure in same):
        return True
    for citation in cited:
        typed = [f for f in same if f.check == "in_quote" and f.citation == citation.n]
        for printed in find_numbers(citation.quote):
            if (printed.value, printed.value_high, printed.scale, printed.unit) == (
                span.value,
                span.value_high,
                span.scale,
                span.unit,
            ):
                return True
            if any(_prints(printed, figure) for figure in typed):
                return True
    return False


def _same_unit(figure: AnswerFigure, span: NumberSpan) -> bool:
    as_printed = span.unit is None and span.text.strip() == figure.text.strip()
    return as_printed or unit_class(figure.unit) == unit_class(span.unit)


def _prints(printed: NumberSpan, figure: AnswerFigure) -> bool:
    """Whether `printed` shows the figure's digits and contradicts neither its scale nor its unit."""
    bare = amount(figure.value, None)
    if bare is None or abs(printed.value) != abs(bare):
        return False
    scale_fits = printed.scale is None or amount(str(printed.value), printed.scale) in _either_sign(figure)
    return scale_fits and (printed.unit is None or unit_class(printed.unit) == unit_class(figure.unit))


def _either_sign(figure: AnswerFigure) -> tuple[Decimal, ...]:
    whole = amount(figure.value, figure.scale)
    return () if whole is None else (whole, -whole)

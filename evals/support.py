"""What of an answer its cited quotations support: figures without support, and citation precision and recall."""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from index.numbers import NumberSpan, find_numbers
from rag.records import Answer, AnswerFigure, Citation

from .match import amount, unit_class
from .metrics import Share
from .words import cited_numbers, content_words, normalise, plain_text, without_separators

WORDS_SHARED = 0.5  # of a statement's content words, the share that the cited quotations (with headings) must have

_AS_PYTHON = str.maketrans({"−": "-", "×": "*", "÷": "/"})
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_MARKED = re.compile(r"(.*?)((?:\[\d+(?:\s*,\s*\d+)*\]\s*)+|$)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of an answer's text with the numbers of the citations that stand behind it."""

    text: str
    citations: tuple[int, ...]


def unsupported_figures(answer: Answer) -> tuple[str, ...]:
    """The numbers in an answer's text that no quotation cited there supports; must be none.

    Citation marks and list numbers are not part of the text. A number is supported when a cited quotation has it
    with the same sign, scale and unit; or prints it bare where the answer's own figure record, with a passed check,
    gives it the scale and unit (a table cell under "£m"); or prints it with the record's unit further on ("85.8 (± 1.9
    percent) percent") where the text has the record's bare words; or it is a derived figure that `derived_holds`, or
    stands in the arithmetic of one. A date or period must stand in a quotation as it is. The year of a cited report is
    its label, not a figure. Digits that the number recogniser overlooks must stand in a cited quotation too.
    """
    if answer.status != "answered":
        return ()
    text = plain_text(answer.text)
    marks = cited_numbers(answer.text)
    cited = tuple(citation for citation in answer.citations if citation.n in marks)
    derived = tuple(f for f in answer.figures if f.check == "derived" and derived_holds(answer, f))
    for figure in derived:
        text = text.replace(figure.arithmetic, " ")
    spans = find_numbers(text)
    typed = (*(f for f in answer.figures if f.check == "in_quote"), *derived)
    missing = [span.text.strip() for span in spans if not _supported(span, cited, typed)]
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
    if any(f.check == "derived" and abs(span.absolute) in _either_sign(f) and _same_unit(f, span) for f in figures):
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


def derived_holds(answer: Answer, figure: AnswerFigure) -> bool:
    """Whether a derived figure comes, by the arithmetic that is shown, of at least two operands that stand in the
    quotations that they cite.

    The arithmetic must use every operand's value, and nothing else but 100 and how many operands there are; its result
    may differ from the figure by what rounding to one decimal does, where that is said.
    """
    operands = [answer.figures[i] for i in figure.operands if 0 <= i < len(answer.figures)]
    quotes = {citation.n: citation.quote for citation in answer.citations}
    quoted = all(f.check == "in_quote" and f.text in quotes.get(f.citation, "") for f in operands)
    if len(operands) < 2 or len(operands) < len(figure.operands) or not quoted:
        return False
    shown = figure.arithmetic.removesuffix(", rounded to one decimal")
    allowed = Fraction(1, 20) if shown != figure.arithmetic else Fraction(0)
    expression, _, right = without_separators(shown).translate(_AS_PYTHON).partition("=")
    used = {Fraction(number) for number in _DIGITS.findall(expression)}
    values = {abs(Fraction(f.value)) for f in operands}
    result, stated = _value(expression), _value(right)
    if result is None or stated is None or stated != Fraction(figure.value) or abs(result - stated) > allowed:
        return False
    return values <= used <= values | {Fraction(100), Fraction(len(operands))}


def _value(expression: str) -> Fraction | None:
    """The value of an expression of numbers, brackets and + - * /, None where it is anything else."""
    try:
        return _valued(ast.parse(expression.strip(), mode="eval").body, expression.strip())
    except (SyntaxError, ValueError, ZeroDivisionError):
        return None


def _valued(node: ast.expr, source: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_valued(node.operand, source)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_valued(node.left, source), _valued(node.right, source))
    raise ValueError


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


def statements(answer: Answer) -> tuple[Statement, ...]:
    """What the text states, each stretch up to its citation marks; quoted lines only where there is nothing else."""
    if answer.status != "answered":
        return ()
    lines = [line.strip() for line in answer.text.splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith(">")] or lines
    return tuple(statement for line in own for statement in _stated(line))


def _stated(line: str) -> Iterator[Statement]:
    for found in _MARKED.finditer(line):
        if content_words(found[1]):
            yield Statement(found[1].strip(), tuple(sorted(cited_numbers(found[2]))))


def citation_recall(answer: Answer) -> Share:
    """Of the statements of an answer, the share that their own citations together support.

    T. Gao, H. Yen, J. Yu and D. Chen, "Enabling Large Language Models to Generate Text with Citations" (ALCE), EMNLP
    2023, section 3.3. There a model judges support; here quotations support a statement that has no figure without
    support and of whose content words they have `WORDS_SHARED`.
    """
    stated = statements(answer)
    return Share(sum(1 for s in stated if _supported_by(answer, s, s.citations)), len(stated))


def citation_precision(answer: Answer) -> Share:
    """Of the citation marks of an answer, the share that is needed: their statement is supported, and the citation
    supports it alone or the others do not without it. Source as for `citation_recall`."""
    needed = [_needed(answer, s, n) for s in statements(answer) for n in s.citations]
    return Share(sum(needed), len(needed))


def _needed(answer: Answer, statement: Statement, n: int) -> bool:
    if not _supported_by(answer, statement, statement.citations):
        return False
    others = tuple(other for other in statement.citations if other != n)
    return _supported_by(answer, statement, (n,)) or not _supported_by(answer, statement, others)


def _supported_by(answer: Answer, statement: Statement, numbers: Sequence[int]) -> bool:
    cited = [citation for citation in answer.citations if citation.n in numbers]
    if not cited:
        return False
    alone = replace(answer, text=f"{statement.text} [{', '.join(str(c.n) for c in cited)}]")
    if unsupported_figures(alone):
        return False
    words = content_words(plain_text(statement.text))
    shown = content_words("\n".join(_shown(citation) for citation in cited))
    return len(words & shown) >= WORDS_SHARED * len(words)


def _shown(citation: Citation) -> str:
    label = (citation.title, citation.organisation or "", str(citation.year or ""))
    return "\n".join([citation.quote, *citation.section, *label])

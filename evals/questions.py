"""Read the question files of other corpora, and say whether an answer holds what they expect.

Two forms are read. A corpus: `docs/` beside `questions.jsonl`, one object a line with id, question, answers,
answer_type, scale, evidence (doc, page, text) and doc. Windows: `windows.jsonl` (id, title, text) beside
`questions.jsonl` (id, window, question, answer, sentence); the windows become one Markdown document a title.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import BadSuite
from index.numbers import FACTORS, find_numbers
from rag.records import Answer, AnswerFigure, Citation

from .match import amount, cited_numbers, contains, normalise, plain_text, unit_class

AnswerType = Literal["figure", "span", "boolean", "unanswerable", "multi"]

_PARAGRAPH = re.compile(r"\[(p\d+)\]")


class _Line(BaseModel):
    """A line of a question file. These files are other people's and carry fields of their own, which are left."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_L = TypeVar("_L", bound=_Line)


class Evidence(_Line):
    """Where the answer stands. `page` counts from 1 in a PDF; elsewhere it is a heading or a paragraph's label."""

    doc: str
    page: int | str | None = None
    text: str = ""


class Question(_Line):
    """A question with its right answers: any one counts, for "multi" every one. Unanswerable ones have none."""

    id: str
    question: Annotated[str, Field(min_length=1)]
    answers: tuple[str, ...]
    answer_type: AnswerType
    scale: Literal["", "thousand", "million", "billion", "percent"] = ""
    evidence: tuple[Evidence, ...] = ()
    doc: str

    @property
    def answerable(self) -> bool:
        """Whether the documents answer the question."""
        return self.answer_type != "unanswerable"


class _Window(_Line):
    id: str
    title: str
    text: str


class _WindowQuestion(_Line):
    id: str
    window: str
    question: str
    answer: str | None
    sentence: tuple[int, int] | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents to index and the questions to ask."""

    name: str
    documents: Path
    questions: tuple[Question, ...]


def load_corpus(folder: Path, scratch: Path) -> Corpus:
    """The corpus in `folder`. Documents made of windows are written under `scratch`. Raises `BadSuite`."""
    if (folder / "windows.jsonl").is_file():
        return _from_windows(folder, scratch / "documents")
    if not (folder / "docs").is_dir():
        raise BadSuite(f"{folder} has neither docs/ nor windows.jsonl. Give a folder with questions and documents.")
    lines = tuple(_lines(folder / "questions.jsonl", Question))
    for line in lines:
        if line.answerable != bool(line.answers):
            raise BadSuite(f"{folder / 'questions.jsonl'}: {line.id}: answers do not fit the type {line.answer_type}.")
    return Corpus(folder.name, folder / "docs", lines)


def answer_contained(question: Question, answer: Answer) -> bool:
    """Whether the answer's text or a quotation cited in it contains an expected answer.

    Strings are compared as in `match.contains`. A figure is contained when a figure record of the answer, or a number
    in that text, equals it with its scale and unit: 28,322 in millions is not 28,322. A "multi" question needs every
    answer, and a "boolean" one the word as the first of the text.
    """
    if answer.status != "answered":
        return False
    text = plain_text(answer.text)
    if question.answer_type == "boolean":
        return any(re.match(rf"\W*{re.escape(normalise(a))}\b", normalise(text)) for a in question.answers)
    marks = cited_numbers(answer.text)
    shown = "\n".join([text, *(c.quote for c in answer.citations if c.n in marks)])
    held = [_holds(expected, question, answer.figures, shown) for expected in question.answers]
    return all(held) if question.answer_type == "multi" else any(held)


def leading_figure_right(question: Question, answer: Answer) -> bool:
    """Whether the first figure record of the answer is an expected one: stricter than containment, which any number
    of a quoted table row satisfies."""
    first = answer.figures[:1] if answer.status == "answered" else ()
    return any(_holds(expected, question, first, "") for expected in question.answers)


def leading_citation(answer: Answer) -> Citation | None:
    """The citation of the first mark in the text of an answer; None where it has none or is a refusal."""
    marked = re.search(r"\[(\d+)", answer.text) if answer.status == "answered" else None
    return next((c for c in answer.citations if marked and c.n == int(marked[1])), None)


def right_document(question: Question, citation: Citation | None) -> bool:
    """Whether the citation is of a document in which the answer stands."""
    names = {Path(evidence.doc).name for evidence in question.evidence} or {Path(question.doc).name}
    return citation is not None and Path(citation.file).name in names


def right_page(question: Question, citation: Citation | None, text: str) -> bool:
    """Whether the citation is on a page on which the answer stands; `text` is the cited report's canonical text.

    A page that is a label is right when it is a heading of the citation's section, or the last paragraph label
    ("[p30]") before the end of the quotation.
    """
    if citation is None or not right_document(question, citation):
        return False
    labels = {normalise(heading) for heading in citation.section}
    labels.update(_PARAGRAPH.findall(text[: citation.end])[-1:])
    of_document = [e.page for e in question.evidence if Path(e.doc).name == Path(citation.file).name]
    return any(
        page == citation.page if isinstance(page, int) else normalise(page or "") in labels for page in of_document
    )


def _holds(expected: str, question: Question, figures: tuple[AnswerFigure, ...], shown: str) -> bool:
    numbers = find_numbers(expected)
    if len(numbers) != 1 or not (question.answer_type == "figure" or question.scale):
        return contains(shown, expected)
    number = numbers[0]
    scale = number.scale or (question.scale if question.scale in FACTORS else None)
    unit = number.unit or ("percent" if question.scale == "percent" else None)
    wanted = number.value * FACTORS[scale]
    said = [(amount(f.value, f.scale), f.unit) for f in figures]
    said += [(n.absolute, n.unit) for n in find_numbers(shown)]
    return any(_equal(wanted, unit, value, read) for value, read in said)


def _equal(wanted: Decimal, unit: str | None, value: Decimal | None, read: str | None) -> bool:
    return value == wanted and (unit is None or unit_class(unit) == unit_class(read))


def _from_windows(folder: Path, documents: Path) -> Corpus:
    windows = {window.id: window for window in _lines(folder / "windows.jsonl", _Window)}
    pages: dict[str, list[_Window]] = {}
    for window in windows.values():
        pages.setdefault(_file_name(window.title), []).append(window)
    documents.mkdir(parents=True, exist_ok=True)
    for name, parts in pages.items():
        body = [f"## {part.id}\n\n{part.text}\n" for part in parts]
        (documents / name).write_text("\n".join([f"# {parts[0].title}\n", *body]), encoding="utf-8")
    questions = []
    for line in _lines(folder / "questions.jsonl", _WindowQuestion):
        if line.window not in windows:
            raise BadSuite(f"{folder / 'questions.jsonl'}: {line.id}: there is no window {line.window}.")
        questions.append(_of_window(line, windows[line.window]))
    return Corpus(folder.name, documents, tuple(questions))


def _of_window(line: _WindowQuestion, window: _Window) -> Question:
    kind: AnswerType = "unanswerable" if line.answer is None else "figure" if line.type == "figure" else "span"
    doc = _file_name(window.title)
    text = "" if line.sentence is None else window.text[slice(*line.sentence)]
    return Question(
        id=line.id,
        question=line.question,
        answers=() if line.answer is None else (line.answer,),
        answer_type=kind,
        evidence=(Evidence(doc=doc, page=window.id, text=text),),
        doc=doc,
    )


def _file_name(title: str) -> str:
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')[:100]}.md"


def _lines(path: Path, model: type[_L]) -> Iterator[_L]:
    """Every line of a JSONL file as `model`. Raises `BadSuite` with file, line and field."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSuite(f"The questions {path} cannot be read. Give a folder with a questions.jsonl.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield model.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise BadSuite(f"{path.name}:{number}: this is not JSON ({error.msg}).") from error
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(step) for step in first["loc"])
            raise BadSuite(f"{path.name}:{number}: {field}: {first['msg']}.") from error

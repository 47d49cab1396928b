"""Read the question files of other corpora as suites.

A corpus: `docs/` beside `questions.jsonl`, one object a line with id, question, answers, answer_type, scale, evidence
(doc, page, text) and doc. Windows: `windows.jsonl` (id, title, text) beside `questions.jsonl` (id, window, question,
answer, sentence); the windows become one Markdown document a title. `native` reads the published files of SQuAD 2 and
TAT-QA into the same.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import BadSuite
from index.numbers import FACTORS, find_numbers

from .suite import ANY_UNIT, Case, CaseScope, Expect, ExpectedFigure, ExpectedList, Kind, Place, Policy, Suite

AnswerType = Literal["figure", "span", "boolean", "unanswerable", "multi"]

MOST_POINTS_DOWN = 2.0  # a case in fifty: such questions are many, and their labels are other people's

_PARAGRAPH = re.compile(r"p\d+")
_KINDS: dict[str, Kind] = {
    "figure": "figure",
    "any_of": "text",
    "starts_with": "text",
    "list": "list",
    "refuse": "refuse",
}


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
    """A question with its right answers: any one counts, for "multi" every one. Unanswerable ones have none.

    `scoped` is true where the question makes sense only of its own document.
    """

    id: str
    question: Annotated[str, Field(min_length=1)]
    answers: tuple[str, ...]
    answer_type: AnswerType
    scale: Literal["", "thousand", "million", "billion", "percent"] = ""
    evidence: tuple[Evidence, ...] = ()
    doc: str
    scoped: bool = False

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


def load_corpus(folder: Path, scratch: Path, questions: str = "questions.jsonl") -> Corpus:
    """The corpus in `folder`, with the question file of that name. Documents made of windows are written under
    `scratch`. Raises `BadSuite`."""
    if (folder / "windows.jsonl").is_file():
        return _from_windows(folder, folder / questions, scratch / "documents")
    if not (folder / "docs").is_dir():
        raise BadSuite(f"{folder} has neither docs/ nor windows.jsonl. Give a folder with questions and documents.")
    lines = tuple(_lines(folder / questions, Question))
    for line in lines:
        if line.answerable != bool(line.answers):
            raise BadSuite(f"{folder / questions}: {line.id}: answers do not fit the type {line.answer_type}.")
    if not lines:
        raise BadSuite(f"{folder / questions} has no question. Give a file with at least one.")
    return Corpus(folder.resolve().name, folder / "docs", lines)


def suite_of(corpus: Corpus) -> Suite:
    """The questions as a suite: what is right and where it stands, in a suite's terms.

    Such a suite has no floors: it says what an answerer reaches, and a baseline holds it there.
    """
    policy = Policy(answerable_floor=0, refusal_recall_floor=0, points_down=MOST_POINTS_DOWN)
    return Suite(
        suite=_identifier(corpus.name),
        version=1,
        description=f"Questions of {corpus.name}.",
        policy=policy,
        cases=tuple(_case(question) for question in corpus.questions),
    )


def _case(question: Question) -> Case:
    expect = _expect(question)
    places = [_place(evidence) for evidence in question.evidence] or [Place(report=Path(question.doc).name)]
    return Case(
        id=_identifier(question.id),
        kind=_KINDS[expect.names[0]],
        question=question.question,
        scope=CaseScope(reports=(Path(question.doc).name,) if question.scoped else ()),
        expect=expect,
        evidence=tuple(dict.fromkeys(places)) if question.answerable else (),
    )


def _expect(question: Question) -> Expect:
    """A single number is a known figure; anything else is compared as words."""
    if not question.answerable:
        return Expect(refuse=True)
    if question.answer_type == "multi":
        return Expect(list=ExpectedList(items=tuple(answer for answer in question.answers if answer.strip())))
    if question.answer_type == "boolean":
        return Expect(starts_with=question.answers[0])
    numbers = find_numbers(question.answers[0], cell=True)  # where brackets make a loss
    if question.answer_type != "figure" or len(question.answers) > 1 or len(numbers) != 1:
        return Expect(any_of=question.answers)
    number = numbers[0]
    if number.kind == "year":  # which year it was, and not how much
        return Expect(starts_with=question.answers[0])
    scale = number.scale or (question.scale if question.scale in FACTORS else None)
    unit = number.unit or ("percent" if question.scale == "percent" else ANY_UNIT)
    return Expect(figure=ExpectedFigure.model_validate({"value": f"{number.value:f}", "unit": unit, "scale": scale}))


def _place(evidence: Evidence) -> Place:
    """A page number, a paragraph's label ("p30") or a heading."""
    report, page = Path(evidence.doc).name, evidence.page
    if isinstance(page, str):
        return (
            Place(report=report, paragraph=page) if _PARAGRAPH.fullmatch(page) else Place(report=report, section=page)
        )
    return Place(report=report, page=page)


def _identifier(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-") or "questions"


def _from_windows(folder: Path, asked: Path, documents: Path) -> Corpus:
    windows = {window.id: window for window in _lines(folder / "windows.jsonl", _Window)}
    pages: dict[str, list[_Window]] = {}
    for window in windows.values():
        pages.setdefault(_file_name(window.title), []).append(window)
    documents.mkdir(parents=True, exist_ok=True)
    for name, parts in pages.items():
        body = [f"## {part.id}\n\n{part.text}\n" for part in parts]
        (documents / name).write_text("\n".join([f"# {parts[0].title}\n", *body]), encoding="utf-8")
    questions = []
    for line in _lines(asked, _WindowQuestion):
        if line.window not in windows:
            raise BadSuite(f"{asked}: {line.id}: there is no window {line.window}.")
        questions.append(_of_window(line, windows[line.window]))
    return Corpus(folder.resolve().name, documents, tuple(questions))


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

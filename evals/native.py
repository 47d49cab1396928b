"""Read the published files of SQuAD 2 and TAT-QA: documents as Markdown, questions as in `questions`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import BadSuite

from .questions import AnswerType, Corpus, Evidence, Question


class _Part(BaseModel):
    """A part of a published file, which has more fields than are needed here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Span(_Part):
    text: str


class _SquadQuestion(_Part):
    id: str
    question: str
    answers: tuple[_Span, ...] = ()
    is_impossible: bool = False


class _SquadParagraph(_Part):
    context: str
    qas: tuple[_SquadQuestion, ...]


class _SquadArticle(_Part):
    title: str
    paragraphs: tuple[_SquadParagraph, ...]


class _Squad(_Part):
    """https://rajpurkar.github.io/SQuAD-explorer/: articles, paragraphs, questions."""

    data: tuple[_SquadArticle, ...]


class _TatqaTable(_Part):
    uid: str
    table: tuple[tuple[str, ...], ...]


class _TatqaParagraph(_Part):
    order: int
    text: str


class _TatqaQuestion(_Part):
    uid: str
    question: str
    answer: str | float | tuple[str, ...]
    answer_type: str
    scale: str = ""


class _TatqaContext(_Part):
    """https://nextplusplus.github.io/TAT-QA/: a table, the paragraphs around it, and questions on both."""

    table: _TatqaTable
    paragraphs: tuple[_TatqaParagraph, ...]
    questions: tuple[_TatqaQuestion, ...]


def native_corpus(path: Path, data: Any, scratch: Path) -> Corpus:
    """The corpus in the parsed JSON of a published file. Its documents are written under `scratch`. Raises `BadSuite`
    for a file of another form."""
    try:
        if isinstance(data, list):
            contexts = [_TatqaContext.model_validate(item) for item in data]
            made = [_of_context(context) for context in contexts]
        else:
            made = [_of_article(article) for article in _Squad.model_validate(data).data]
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        raise BadSuite(
            f"{path.name}: {field}: {first['msg']}. Give a file of SQuAD 2 or TAT-QA as published."
        ) from error
    scratch.mkdir(parents=True, exist_ok=True)
    for name, text, _ in made:
        (scratch / name).write_text(text, encoding="utf-8")
    questions = tuple(question for _, _, found in made for question in found)
    if not questions:
        raise BadSuite(f"{path.name}: there is no question in it. Give a file of SQuAD 2 or TAT-QA as published.")
    return Corpus(path.stem, scratch, questions)


def _of_article(article: _SquadArticle) -> tuple[str, str, list[Question]]:
    title = article.title.replace("_", " ")
    name = f"{_file_name(article.title)}.md"
    paragraphs = [f"[p{n}] {p.context.strip()}" for n, p in enumerate(article.paragraphs, start=1)]
    questions = [_squad_question(asked, name, n) for n, p in enumerate(article.paragraphs, start=1) for asked in p.qas]
    return name, "\n\n".join([f"# {title}", *paragraphs]) + "\n", questions


def _squad_question(asked: _SquadQuestion, doc: str, paragraph: int) -> Question:
    answers = tuple(dict.fromkeys(span.text for span in asked.answers))
    return Question(
        id=asked.id,
        question=asked.question,
        answers=() if asked.is_impossible else answers,
        answer_type="unanswerable" if asked.is_impossible or not answers else "span",
        evidence=(Evidence(doc=doc, page=f"p{paragraph}"),),
        doc=doc,
    )


def _of_context(context: _TatqaContext) -> tuple[str, str, list[Question]]:
    name = f"{_file_name(context.table.uid)}.md"
    paragraphs = [p.text for p in sorted(context.paragraphs, key=lambda p: p.order)]
    text = "\n\n".join([f"# Extract {context.table.uid}", "\n".join(_rows(context.table.table)), *paragraphs])
    return name, text + "\n", [_tatqa_question(asked, name) for asked in context.questions]


def _rows(table: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for number, row in enumerate(table):
        cells = [" ".join(cell.replace("|", "/").split()) for cell in row]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'---|' * len(cells)}"


def _tatqa_question(asked: _TatqaQuestion, doc: str) -> Question:
    answer = asked.answer
    answers = answer if isinstance(answer, tuple) else (f"{answer:g}" if isinstance(answer, float) else answer,)
    kind: AnswerType = "span"
    if asked.answer_type in ("arithmetic", "count"):
        kind = "figure"
    elif asked.answer_type == "multi-span" or len(answers) > 1:
        kind = "multi"
    elif re.fullmatch(r"\W*\d[\d,.]*\W*", answers[0]):
        kind = "figure"
    return Question.model_validate(
        {
            "id": asked.uid,
            "question": asked.question,
            "answers": answers,
            "answer_type": kind,
            "scale": asked.scale,
            "evidence": [{"doc": doc}],
            "doc": doc,
            "scoped": True,
        }
    )


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:100]

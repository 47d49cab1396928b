"""An export as one Markdown file: pictures are in it as data, named at its end."""

import base64
from collections.abc import Mapping
from typing import Any

from ..markup import markdown
from . import told
from .gather import Dossier, Evidence, Exchange
from .words import Paragraph, paragraphs, safe


def as_markdown(dossier: Dossier) -> bytes:
    """The file's bytes, UTF-8."""
    pictures: list[str] = []
    parts = [f"# {_line(dossier.title)}"]
    parts.append(
        f"Made by Citewell, {dossier.made}. Each figure and judgment was looked up in the quotation that it cites."
    )
    parts += [dossier.left_out] if dossier.left_out else []
    for item in dossier.exchanges:
        parts += _exchange(item, pictures)
    return ("\n\n".join([*parts, *pictures]) + "\n").encode()


def _exchange(item: Exchange, pictures: list[str]) -> list[str]:
    parts = [f"## {_line(item.question)}", f"Asked {item.asked}"]
    if item.answer is None:
        return [*parts, f"**No answer.** {_line(item.failure)}"]
    answer = item.answer
    if answer["standalone_question"] != answer["question"]:
        parts.append(f"Understood as: {_line(answer['standalone_question'])}")
    parts.append(f"**{told.status(answer)}**")
    parts += [_paragraph(paragraph) for paragraph in paragraphs(answer["text"])]
    parts += _checked(answer)
    parts += [_line(note) for note in told.notes(answer)]
    if item.evidence:
        parts.append(f"### {'Sources' if answer['status'] == 'answered' else 'Places to look, not evidence'}")
    for evidence in item.evidence:
        parts += _source(evidence, item.n, pictures)
    return [*parts, _line(told.searched(answer))]


def _paragraph(paragraph: Paragraph) -> str:
    words = ""
    for run in paragraph.runs:
        words += run.text if run.mark else f"**{_line(run.text)}**" if run.bold else _line(run.text, strip=False)
    return {"text": "", "item": "- ", "quote": "> "}[paragraph.kind] + words


def _checked(answer: Mapping[str, Any]) -> list[str]:
    rows = told.checked(answer)
    if not rows:
        return []
    lines = [told.CHECKED, ("---",) * len(told.CHECKED), *(tuple(map(_cell, row)) for row in rows)]
    return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]


def _source(evidence: Evidence, turn: int, pictures: list[str]) -> list[str]:
    citation = evidence.citation
    parts = [f"#### \\[{citation['n']}\\] {_line(told.place(citation))}"]
    parts += [f"**{evidence.words}**"] if evidence.words else []
    parts.append("\n".join(f"> {_line(line)}" for line in citation["quote"].split("\n")))
    if evidence.before or evidence.after:
        words = f"{evidence.before}{citation['quote']}{evidence.after}"
        parts += [f"Around it: {_line(words)}"]
    for picture in evidence.pictures:
        name = f"page-{turn}-{citation['n']}-{picture.page}"
        parts.append(f"![Page {picture.page}, with quotation {citation['n']} boxed][{name}]")
        pictures.append(f"[{name}]: data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode('ascii')}")
    also = told.also(citation)
    return [*parts, *([_line(also)] if also else []), told.offsets(citation)]


def _line(text: str, *, strip: bool = True) -> str:
    """Words on one line that Markdown shows as they are: no markup, no HTML, no address that becomes a link."""
    line = " ".join(safe(text).split()) if strip else safe(text).replace("\n", " ")
    return markdown(line).replace("&", "&amp;").replace("://", ":\u2060//").replace("www.", "www\u2060.")


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")

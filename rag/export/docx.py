"""An export as a Word document."""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import told
from .gather import Dossier, Evidence, Exchange
from .words import Paragraph, paragraphs, safe

if TYPE_CHECKING:
    from docx.document import Document

_PICTURE_INCHES = 6.0


def as_docx(dossier: Dossier) -> bytes:
    """The file's bytes."""
    import docx

    document = docx.Document()
    document.core_properties.title = safe(dossier.title)[:255]
    document.core_properties.author = "Citewell"
    document.add_heading(safe(dossier.title), 0)
    document.add_paragraph(
        f"Made by Citewell, {dossier.made}. Each figure and judgment was looked up in the quotation that it cites."
    )
    if dossier.left_out:
        document.add_paragraph(dossier.left_out)
    for item in dossier.exchanges:
        _exchange(document, item)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _exchange(document: "Document", item: Exchange) -> None:
    document.add_heading(safe(item.question), 1)
    document.add_paragraph(f"Asked {item.asked}")
    if item.answer is None:
        document.add_paragraph(safe(f"No answer. {item.failure}"))
        return
    answer = item.answer
    if answer["standalone_question"] != answer["question"]:
        document.add_paragraph(safe(f"Understood as: {answer['standalone_question']}"))
    document.add_paragraph().add_run(told.status(answer)).bold = True
    for paragraph in paragraphs(answer["text"]):
        _paragraph(document, paragraph)
    _checked(document, answer)
    for note in told.notes(answer):
        document.add_paragraph(note)
    if item.evidence:
        document.add_heading("Sources" if answer["status"] == "answered" else "Places to look, not evidence", 2)
    for evidence in item.evidence:
        _source(document, evidence)
    document.add_paragraph(told.searched(answer))


def _paragraph(document: "Document", paragraph: Paragraph) -> None:
    style = {"text": None, "item": "List Bullet", "quote": "Quote"}[paragraph.kind]
    added = document.add_paragraph(style=style)
    for run in paragraph.runs:
        added.add_run(run.text).bold = run.bold


def _checked(document: "Document", answer: Mapping[str, Any]) -> None:
    rows = told.checked(answer)
    if not rows:
        return
    document.add_heading("Figures and judgments", 2)
    table = document.add_table(rows=1, cols=len(told.CHECKED), style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, told.CHECKED, strict=True):
        cell.text = name
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _source(document: "Document", evidence: Evidence) -> None:
    from docx.shared import Inches

    citation = evidence.citation
    document.add_heading(f"[{citation['n']}] {told.place(citation)}", 3)
    if evidence.words:
        document.add_paragraph().add_run(evidence.words).bold = True
    document.add_paragraph(safe(citation["quote"]), style="Intense Quote")
    if evidence.before or evidence.after:
        around = document.add_paragraph()
        around.add_run(safe(evidence.before))
        around.add_run(safe(citation["quote"])).bold = True
        around.add_run(safe(evidence.after))
    for picture in evidence.pictures:
        document.add_picture(io.BytesIO(picture.jpeg), width=Inches(_PICTURE_INCHES))
        document.add_paragraph(f"Page {picture.page}", style="Caption")
    also = told.also(citation)
    if also:
        document.add_paragraph(also)
    document.add_paragraph(told.offsets(citation))

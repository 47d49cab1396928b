"""An export as one HTML file: no script, nothing that is fetched, and a policy in the file that says so."""

import base64
from collections.abc import Mapping
from typing import Any

from ..render import escape
from . import told
from .gather import Dossier, Evidence, Exchange, PagePicture
from .words import Paragraph, paragraphs

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; max-width: 52rem;
  margin: 2rem auto; padding: 0 1rem; color: #1d2433; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem } h3 { font-size: 1rem; margin: 1.5rem 0 .4rem }
p, li, td, th, blockquote { overflow-wrap: anywhere }
.status { font-weight: 600 } .small { color: #4b5568; font-size: .875rem }
blockquote { margin: .5rem 0; padding: .4rem .9rem; border-left: .25rem solid #b26a00; background: #fff8e1;
  white-space: pre-wrap }
.around { white-space: pre-wrap } mark { background: #ffe268; color: #1d2433 }
table { border-collapse: collapse; width: 100%; font-size: .9rem } th, td { text-align: left; padding: .3rem .5rem;
  border-bottom: 1px solid #cbd2de; vertical-align: top }
figure { margin: .8rem 0 } img { max-width: 100%; height: auto; border: 1px solid #cbd2de; background: #fff }
.changed { font-weight: 600; color: #8a3b00 }
section.source { margin: 0 0 1.6rem }
@media (prefers-color-scheme: dark) { body { color: #e6e9f0; background: #14181f } .small { color: #aeb7c6 }
  blockquote { background: #2a2416 } th, td { border-color: #3a4352 } .changed { color: #ffb27a } }
@media print { section.source { break-inside: avoid } }
"""


def as_html(dossier: Dossier) -> bytes:
    """The file's bytes, UTF-8."""
    body = "".join(_exchange(item) for item in dossier.exchanges)
    left = f'<p class="small">{escape(dossier.left_out)}</p>' if dossier.left_out else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(dossier.title)}</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>{escape(dossier.title)}</h1><p class="small">Made by Citewell, {escape(dossier.made)}. Each figure and '
        f"judgment was looked up in the quotation that it cites.</p>{left}{body}</main></body></html>"
    ).encode()


def _exchange(item: Exchange) -> str:
    head = f'<article><h2>{escape(item.question)}</h2><p class="small">Asked {escape(item.asked)}</p>'
    if item.answer is None:
        return f'{head}<p class="status">No answer</p><p>{escape(item.failure)}</p></article>'
    answer = item.answer
    alone = answer["standalone_question"]
    understood = f'<p class="small">Understood as: {escape(alone)}</p>' if alone != answer["question"] else ""
    heading = "Sources" if answer["status"] == "answered" else "Places to look, not evidence"
    sources = "".join(_source(evidence, item.n) for evidence in item.evidence)
    return (
        f'{head}{understood}<p class="status">{told.status(answer)}</p>'
        + "".join(_paragraph(paragraph, item.n) for paragraph in paragraphs(answer["text"]))
        + _checked(answer)
        + "".join(f"<p>{escape(note)}</p>" for note in told.notes(answer))
        + (f"<h3>{heading}</h3>{sources}" if sources else "")
        + f'<p class="small">{escape(told.searched(answer))}</p></article>'
    )


def _paragraph(paragraph: Paragraph, turn: int) -> str:
    words = ""
    for run in paragraph.runs:
        text = escape(run.text)
        if run.mark:
            words += f'<a href="#source-{turn}-{run.mark}">{text}</a>'
        else:
            words += f"<strong>{text}</strong>" if run.bold else text
    if paragraph.kind == "quote":
        return f"<blockquote>{words}</blockquote>"
    return f"<ul><li>{words}</li></ul>" if paragraph.kind == "item" else f"<p>{words}</p>"


def _checked(answer: Mapping[str, Any]) -> str:
    rows = told.checked(answer)
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in told.CHECKED)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h3>Figures and judgments</h3><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _source(evidence: Evidence, turn: int) -> str:
    citation = evidence.citation
    changed = f'<p class="changed">{escape(evidence.words)}</p>' if evidence.words else ""
    also = told.also(citation)
    around = ""
    if evidence.before or evidence.after:
        around = (
            f'<p class="around small">{escape(evidence.before)}<mark>{escape(citation["quote"])}</mark>'
            f"{escape(evidence.after)}</p>"
        )
    return (
        f'<section class="source" id="source-{turn}-{citation["n"]}"><h3>[{citation["n"]}] '
        f"{escape(told.place(citation))}</h3>{changed}<blockquote>{escape(citation['quote'])}</blockquote>{around}"
        + "".join(_picture(picture, citation) for picture in evidence.pictures)
        + (f'<p class="small">{escape(also)}</p>' if also else "")
        + f'<p class="small">{escape(told.offsets(citation))}</p></section>'
    )


def _picture(picture: PagePicture, citation: Mapping[str, Any]) -> str:
    data = base64.b64encode(picture.jpeg).decode("ascii")
    alt = f"Page {picture.page} of {citation['file']}, with quotation {citation['n']} boxed"
    return (
        f'<figure><img width="{picture.width}" height="{picture.height}" alt="{escape(alt)}" '
        f'src="data:image/jpeg;base64,{data}"><figcaption class="small">Page {picture.page}</figcaption></figure>'
    )

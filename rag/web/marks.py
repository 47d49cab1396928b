"""The text of an answer as HTML: paragraphs, lists, quotations, and marks that lead to the evidence.

The little Markdown that an answer uses is read here and nothing else is: links, images, headings and raw HTML in a
report's words stay the characters that they are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from index.records import CELL_SEPARATOR

from ..records import Citation
from ..render import escape, page_words

_TOKEN = re.compile(r"\\(?P<literal>[\\`*_{}\[\]()#+\-.!<>|~])|\*\*|\[(?P<mark>\d{1,3})\]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~])")


def unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def evidence_url(citation: Citation) -> str:
    """Where the page shows a citation's place. Offsets and ids only: no text of a report goes into an address."""
    query = {"start": str(citation.start), "end": str(citation.end), "n": str(citation.n)}
    if citation.also_in:
        query["also"] = ",".join(other.report_id for other in citation.also_in[:20])
    return f"evidence/{citation.report_id}?{urlencode(query)}"


def mark(number: int, turn: int, citations: Mapping[int, Citation]) -> str:
    """A citation's mark, which opens its place; it carries an id that no other mark of the page has."""
    return plain_mark(number, citations).replace(" data-cite", f' data-cite id="cite-{turn}-{number}"', 1)


def plain_mark(number: int, citations: Mapping[int, Citation]) -> str:
    """A mark without an id. One whose citation is not known yet is shown and cannot be followed."""
    citation = citations.get(number)
    if citation is None:
        return f'<span class="cw-mark cw-waiting">{number}</span>'
    place = ", ".join(part for part in (citation.title, page_words(citation.page, citation.page_label)) if part)
    return (
        f'<a class="cw-mark" data-cite href="{escape(evidence_url(citation))}" '
        f'title="{escape(place)}" aria-label="Source {number}: {escape(place)}">{number}</a>'
    )


def with_answering_words(line: str, html: str, citations: Sequence[Citation]) -> str:
    """A line of an answer, rendered as `html`, with the words marked that are the answer itself: those of the citation
    that the line ends with, if they stand in it once. Nothing within a tag is touched."""
    cited = {int(n) for n in re.findall(r"\[(\d{1,3})\]", line)}
    words = [escape(re.sub(r"\s+", " ", c.marked_words)) for c in citations if c.n in cited and c.marked_words]
    parts = re.split(r"(<[^>]*>)", html)
    for told in words[:1]:
        within = [number for number, part in enumerate(parts) if told in part and not part.startswith("<")]
        if len(within) == 1 and parts[within[0]].count(told) == 1:
            parts[within[0]] = parts[within[0]].replace(told, f'<mark class="cw-words">{told}</mark>')
    return "".join(parts)


def _inline(text: str, turn: int | None, citations: Mapping[int, Citation], seen: set[int]) -> str:
    """A run of text with its marks and bold words. Each number's first mark carries the id, so that ids stay unique;
    bold that is not closed yet, while the text is still coming, ends with the line."""
    parts: list[str] = []
    at, bold = 0, False
    for token in _TOKEN.finditer(text):
        if token["mark"] is not None:
            number = int(token["mark"])
            parts.append(escape(text[at : token.start()].rstrip(" ")))
            parts.append(
                plain_mark(number, citations) if turn is None or number in seen else mark(number, turn, citations)
            )
            seen.add(number)
        else:
            parts.append(escape(text[at : token.start()]))
            if token["literal"] is not None:
                parts.append(escape(token["literal"]))
            else:
                bold = not bold
                parts.append("<strong>" if bold else "</strong>")
        at = token.end()
    return "".join([*parts, escape(text[at:]), "</strong>" if bold else ""])


def answer_body(text: str, turn: int | None, citations: Sequence[Citation] = ()) -> str:
    """The answer's text as HTML: paragraphs, `- ` lists, `> ` quotations and `[n]` marks. The marks of a turn
    carry ids; those without a citation are shown and cannot be followed."""
    by_number = {citation.n: citation for citation in citations}
    seen: set[int] = set()
    out: list[str] = []
    for kind, lines in _runs(text):
        rendered = [_inline(line, turn, by_number, seen) for line in lines]
        if kind == "list":
            out.append("<ul>" + "".join(f"<li>{line}</li>" for line in rendered) + "</ul>")
        elif kind == "quote" and any(CELL_SEPARATOR.strip() in line for line in lines):
            out.append(f"<blockquote>{_quoted_rows(rendered)}</blockquote>")
        elif kind == "quote":
            out.append("<blockquote>" + "<br>".join(rendered) + "</blockquote>")
        else:
            shown = [with_answering_words(*pair, citations) for pair in zip(lines, rendered, strict=True)]
            out.append("<p>" + "<br>".join(shown) + "</p>")
    return "".join(out)


def _quoted_rows(lines: Sequence[str]) -> str:
    """Rows of a table as a table of their own. A row with fewer cells than the others, as a heading that spans columns
    leaves it, stays as printed in one cell: under the others its words would stand over columns that are not theirs."""
    bar = CELL_SEPARATOR.strip()
    rows = [[cell.strip() for cell in line.split(bar)] for line in lines]
    width = max(len(cells) for cells in rows)
    body = "".join(
        "<tr>"
        + (
            "".join(f"<td>{cell}</td>" for cell in cells)
            if len(cells) == width
            else f'<td colspan="{width}">{f" {bar} ".join(cells)}</td>'
        )
        + "</tr>"
        for cells in rows
    )
    label = 'aria-label="Quoted rows of a table"'
    return f'<div class="cw-rows" tabindex="0" role="group" {label}><table role="presentation">{body}</table></div>'


def _runs(text: str) -> Iterable[tuple[str, list[str]]]:
    kind, lines = "", list[str]()
    for line in [*text.splitlines(), ""]:
        stripped = line.strip()
        if stripped.startswith("> ") or stripped == ">":
            now, content = "quote", stripped[1:].strip()
        elif stripped.startswith(("- ", "* ")):
            now, content = "list", stripped[2:].strip()
        else:
            now, content = ("text" if stripped else ""), stripped
        if now != kind and lines:
            yield kind, lines
            lines = []
        kind = now
        if content:
            lines.append(content)

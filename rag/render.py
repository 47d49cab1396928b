"""The HTML of the chat page's answers, from frozen records to strings.

Text of questions, answers and reports reaches the page only through `escape` and `answer_body`. The little Markdown
that an answer uses (paragraphs, lists, quotations, citation marks) is read here and nothing else is: links, images,
headings and raw HTML in a report's words stay the characters that they are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape as _escape
from urllib.parse import urlencode

from index.records import ReportInfo

from .feedback import MAX_COMMENT
from .records import Answer, AnswerFigure, Citation, Event, Note, Usage

STEPS = {
    "understand": "Understand",
    "judge": "Look up judgments",
    "retrieve": "Retrieve",
    "rank": "Rank",
    "compose": "Compose",
    "prompt": "Choose passages for the language model",
    "write": "Language model",
    "check": "Check its statements",
    "repair": "Language model, again",
    "check_again": "Check them again",
    "verify": "Verify",
    "total": "Altogether",
}
NEXT = {  # an event says what a step has found: what is being done meanwhile is the step after it
    "understand": "Searching the reports",
    "judge": "Checking the answer",
    "retrieve": "Ranking what was found",
    "rank": "Composing the answer",
    "compose": "Verifying every figure",
    "verify": "Writing",
}
CHECKS = {"in_quote": "In the quotation", "derived": "Derived", "failed": "Not confirmed"}
NOTES = {
    "conflict": "The reports disagree",
    "false_premise": "The question assumes otherwise",
    "superseded": "There is a later version",
    "ambiguous_source": "The source is unclear",
    "misprint": "Probable misprint",
    "coverage": "What the reports cover",
    "model": "In the reports’ own words",
    "instruction": "Instruction in a document",
}
UNCHECKED = "Not checked yet"
LOOK_QUOTE_CHARACTERS = 320  # of a nearest passage shown under "Places to look"; the panel shows all of it

_TOKEN = re.compile(r"\\(?P<literal>[\\`*_{}\[\]()#+\-.!<>|~])|\*\*|\[(?P<mark>\d{1,3})\]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Text as HTML, also inside a quoted attribute. Control characters and direction overrides are dropped, since a
    line could be made to read as something else with them."""
    return _escape(_CONTROL.sub("", text), quote=True)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def plural(count: int, noun: str) -> str:
    """`1 report`, `5 reports`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def page_words(page: int | None, label: str | None) -> str:
    """`page 7`, `page 7 (printed 5)`, or nothing where the format has no pages."""
    if page is None:
        return ""
    return f"page {page}" if label in (None, "", str(page)) else f"page {page} (printed {label})"


def check_words(figure: AnswerFigure) -> str:
    """What became of a figure's check; of one that was worked out, with the arithmetic."""
    return f"{CHECKS[figure.check]}: {figure.arithmetic}" if figure.arithmetic else CHECKS[figure.check]


def usage_words(usage: Usage) -> str:
    """What a language model took: `ollama:llama3.2: 2 calls, 1,204 tokens in, 180 out, 3.1 s`."""
    about = "about " if usage.estimated else ""
    return (
        f"{usage.model}: {plural(usage.calls, 'call')}, {about}{usage.tokens_in:,} tokens in, "
        f"{usage.tokens_out:,} out, {usage.seconds:.1f} s; "
        f"{usage.kept} of {plural(usage.statements, 'statement')} shown"
    )


def cited_by(figure: AnswerFigure, answer: Answer) -> tuple[int, ...]:
    """The numbers of the citations that prove a figure: its own, or those of all its operands."""
    operands = [answer.figures[position].citation for position in figure.operands]
    return tuple(dict.fromkeys(operands or [figure.citation]))


def evidence_url(citation: Citation) -> str:
    """Where the page shows a citation's place. Offsets and ids only: no text of a report goes into an address."""
    query = {"start": str(citation.start), "end": str(citation.end), "n": str(citation.n)}
    if citation.also_in:
        query["also"] = ",".join(other.report_id for other in citation.also_in[:20])
    return f"evidence/{citation.report_id}?{urlencode(query)}"


def _mark(number: int, turn: int, citations: Mapping[int, Citation]) -> str:
    citation = citations.get(number)
    if citation is None:
        return f'<span class="cw-mark cw-waiting">{number}</span>'
    place = ", ".join(part for part in (citation.title, page_words(citation.page, citation.page_label)) if part)
    return (
        f'<a class="cw-mark" data-cite id="cite-{turn}-{number}" href="{escape(evidence_url(citation))}" '
        f'title="{escape(place)}" aria-label="Source {number}: {escape(place)}">{number}</a>'
    )


def _inline(text: str, turn: int, citations: Mapping[int, Citation], seen: set[int]) -> str:
    """A run of text with its marks and bold words. Each number's first mark carries the id, so that ids stay unique;
    bold that is not closed yet, while the text is still coming, ends with the line."""
    parts: list[str] = []
    at, bold = 0, False
    for token in _TOKEN.finditer(text):
        if token["mark"] is not None:
            number = int(token["mark"])
            parts.append(escape(text[at : token.start()].rstrip(" ")))
            mark = _mark(number, turn, citations)
            parts.append(mark.replace(f' id="cite-{turn}-{number}"', "") if number in seen else mark)
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


def answer_body(text: str, turn: int, citations: Sequence[Citation] = ()) -> str:
    """The answer's text as HTML: paragraphs, `- ` lists, `> ` quotations and `[n]` marks. Marks without a citation
    (while the text is still coming) are shown and cannot be followed."""
    by_number = {citation.n: citation for citation in citations}
    seen: set[int] = set()
    out: list[str] = []
    for kind, lines in _runs(text):
        rendered = [_inline(line, turn, by_number, seen) for line in lines]
        if kind == "list":
            out.append("<ul>" + "".join(f"<li>{line}</li>" for line in rendered) + "</ul>")
        elif kind == "quote":
            out.append("<blockquote>" + "<br>".join(rendered) + "</blockquote>")
        else:
            out.append("<p>" + "<br>".join(rendered) + "</p>")
    return "".join(out)


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


def turn_waiting(question: str, turn: int, events: Sequence[Event], text: str) -> str:
    """A turn while it is being answered: the question, the steps so far and the text so far."""
    steps = [event for event in events if event.kind == "step"]
    items = "".join(
        f'<li class="cw-done"><span>{escape(STEPS.get(step.step, step.step))}</span>'
        + (f" <small>{escape(step.detail)}</small>" if step.detail else "")
        + "</li>"
        for step in steps
    )
    now = NEXT.get(steps[-1].step, "Working") if steps else "Reading the question"
    return _turn(
        question,
        turn,
        f'<p class="cw-status cw-working" role="status">{escape(now)}…</p>'
        f'<ol class="cw-steps" aria-label="Steps">{items}</ol>'
        f'<div class="cw-text" aria-busy="true">{answer_body(text, turn)}</div>',
    )


def turn_failed(question: str, turn: int, message: str) -> str:
    """A turn that could not be answered, with one sentence that says why."""
    return _turn(
        question,
        turn,
        f'<p class="cw-status cw-error" role="alert"><strong>No answer</strong> <span>{escape(message)}</span></p>',
    )


def turn_answered(answer: Answer, turn: int, events: Sequence[Event] = (), conversation: str = "") -> str:
    """A finished turn: status, text, checked figures, notes, sources, what was searched, and, where the key of its
    `conversation` is given, two buttons to say whether the answer is right."""
    status, detail = status_words(answer)
    parts = [
        f'<p class="cw-status cw-{answer.status}" role="status"><strong>{status}</strong> <span>{detail}</span></p>',
        f'<div class="cw-text">{answer_body(answer.text, turn, answer.citations)}</div>',
        _checks(answer),
        "".join(_note(note, {item.n: item for item in answer.citations}) for note in answer.notes),
        _sources(answer),
        _how(answer, events),
        _feedback(conversation, turn) if conversation else "",
    ]
    return _turn(answer.question, turn, "".join(parts))


def status_words(answer: Answer) -> tuple[str, str]:
    """The status as a person reads it at a glance: what came of the question, and over which reports."""
    searched = f"{plural(answer.scope.count, 'report')} searched"
    limits = [*answer.scope.organisations, *(str(year) for year in answer.scope.years)]
    if limits:
        searched += f" ({escape(', '.join(limits))})"
    if answer.status == "answered":
        cited = {citation.report_id for citation in answer.citations}
        return f"Answered from {plural(len(cited), 'report')}", searched
    if answer.status == "needs_clarification":
        return "Which do you mean?", searched
    return "The reports do not say", searched


def _turn(question: str, turn: int, content: str) -> str:
    return (
        f'<article class="cw-turn" aria-label="Question {turn} and its answer">'
        f'<h2 class="cw-question">{escape(question)}</h2>{content}</article>'
    )


def _checks(answer: Answer) -> str:
    marks = {citation.n: citation for citation in answer.citations}
    rows = []
    for figure in answer.figures:
        about = ", ".join(part for part in (figure.measure, figure.subject) if part)
        period, cited = figure.period or "", cited_by(figure, answer)
        rows.append((figure.text, about, period, figure.check, check_words(figure), cited))
    for judgment in answer.judgments:
        about = ", ".join(part for part in (judgment.aspect, judgment.organisation) if part)
        year = str(judgment.year) if judgment.year is not None else ""
        check = judgment.check
        rows.append((judgment.grade.capitalize(), about, year, check, CHECKS[check], (judgment.citation,)))
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row">{escape(value)}</th><td data-label="Of">{escape(about)}</td>'
        f'<td data-label="When">{escape(period)}</td>'
        f'<td data-label="Check"><span class="cw-check cw-check-{check}">{escape(words)}</span></td>'
        f'<td data-label="Source">{" ".join(_plain_mark(number, marks) for number in cited)}</td></tr>'
        for value, about, period, check, words, cited in rows
    )
    return (
        '<table class="cw-checks"><caption>Figures and judgments, each checked</caption><thead><tr>'
        '<th scope="col">Value</th><th scope="col">Of</th><th scope="col">When</th><th scope="col">Check</th>'
        f'<th scope="col">Source</th></tr></thead><tbody>{body}</tbody></table>'
    )


def _plain_mark(number: int, marks: Mapping[int, Citation]) -> str:
    mark = _mark(number, 0, marks)
    return mark.replace(f' id="cite-0-{number}"', "")


def _note(note: Note, marks: Mapping[int, Citation]) -> str:
    label = NOTES[note.kind]
    refs = "".join(f" {_plain_mark(number, marks)}" for number in note.citations)
    return (
        f'<aside class="cw-note cw-note-{note.kind}" aria-label="Note: {label}"><strong>{label}</strong>'
        f"<p>{escape(_unescaped(note.text))}{refs}</p></aside>"
    )


def _sources(answer: Answer) -> str:
    if not answer.citations:
        return ""
    looking = answer.status != "answered"
    items = []
    for citation in answer.citations:
        section = " › ".join(citation.section)
        whose = citation.organisation or ""
        year = str(citation.year) if citation.year is not None else ""
        told = [part for part in (whose, year) if part not in citation.title]
        facts = [part for part in (*told, page_words(citation.page, citation.page_label), section) if part]
        quote = ""
        if looking:
            words = citation.quote[:LOOK_QUOTE_CHARACTERS]
            quote = f"<q>{escape(words)}{'…' if len(citation.quote) > len(words) else ''}</q>"
        also = ""
        if citation.also_in:
            also = f"<small>Same wording in {plural(len(citation.also_in), 'other report')}</small>"
        items.append(
            f'<li><a class="cw-source" data-cite href="{escape(evidence_url(citation))}">'
            f'<span class="cw-mark" aria-hidden="true">{citation.n}</span><span class="cw-source-words">'
            f"<b>{escape(citation.title)}</b><small>{escape(' · '.join(facts))}</small>{quote}{also}</span></a></li>"
        )
    heading = "Places to look" if looking else "Sources"
    return f'<section class="cw-sources" aria-label="{heading}"><h3>{heading}</h3><ol>{"".join(items)}</ol></section>'


def _how(answer: Answer, events: Sequence[Event]) -> str:
    details = {event.step: event.detail for event in events if event.kind == "step" and event.detail}
    names = [*details, *(name for name in answer.timings_ms if name not in details)]
    rows = "".join(
        f"<li><span>{escape(STEPS.get(name, name.capitalize()))}</span> <small>{escape(details.get(name, ''))}</small>"
        + (f"<em>{answer.timings_ms[name]:,.0f} ms</em>" if name in answer.timings_ms else "")
        + "</li>"
        for name in names
    )
    asked = ""
    if answer.standalone_question.strip() != answer.question.strip():
        asked = f"<p>Understood as: {escape(answer.standalone_question)}</p>"
    left = "".join(
        f"<li>{plural(item.reports, 'report')} left out: {escape(item.reason)}</li>" for item in answer.scope.left_out
    )
    return (
        f'<details class="cw-how"><summary>How this was found</summary>{asked}<ol class="cw-steps">{rows}</ol>'
        + (f"<ul>{left}</ul>" if left else "")
        + "</details>"
    )


def _feedback(conversation: str, turn: int) -> str:
    """The buttons that mark an answer, and the line for what is wrong with it; the script opens and sends them."""
    return (
        f'<div class="cw-feedback" data-conversation="{escape(conversation)}" data-turn="{turn}">'
        f'<div class="cw-verdict" role="group" aria-label="Your verdict on answer {turn}">'
        '<span aria-hidden="true">This answer is</span>'
        f'<button type="button" data-verdict="right" aria-pressed="false" aria-label="Right: answer {turn}">Right'
        '</button><button type="button" data-verdict="wrong" aria-pressed="false" aria-expanded="false" '
        f'aria-controls="comment-{turn}" aria-label="Wrong: answer {turn}">Wrong</button></div>'
        f'<form class="cw-comment" id="comment-{turn}" hidden><label for="comment-{turn}-words">What is wrong? '
        f'<small>(optional)</small></label><input id="comment-{turn}-words" type="text" autocomplete="off" '
        f'maxlength="{MAX_COMMENT}"><button type="submit">Send</button></form>'
        '<p class="cw-said" role="status"></p></div>'
    )


def library_list(reports: Sequence[ReportInfo]) -> str:
    """The reports that are loaded, with what is known of each."""
    if not reports:
        return '<p class="cw-empty-list">No reports yet.</p>'
    items = "".join(
        f"<li><b>{escape(report.title)}</b><small>"
        + escape(
            " · ".join(
                part
                for part in (
                    report.organisation or "",
                    report.published or (str(report.year) if report.year is not None else ""),
                    plural(report.pages, "page") if report.pages else "",
                    plural(report.judgments, "judgment") if report.judgments else "",
                    plural(report.figures, "figure") if report.figures else "",
                )
                if part
            )
        )
        + f'</small><a href="source/{escape(report.report_id)}" target="_blank" rel="noopener" '
        f'aria-label="Open {escape(report.file)}">{escape(report.file)}</a></li>'
        for report in reports
    )
    return f'<ul class="cw-library" aria-label="Reports">{items}</ul>'


def welcome(reports: Sequence[ReportInfo], examples: Sequence[str]) -> str:
    """What stands in the conversation before the first question."""
    if not reports:
        return (
            '<section class="cw-welcome"><h2>No reports yet</h2><p>Add one or more reports under '
            "“Add reports”: PDF, Word, HTML, Markdown or plain text. They stay on this computer. "
            "Then ask about them here.</p></section>"
        )
    years = sorted({report.year for report in reports if report.year is not None})
    span = f", {years[0]} to {years[-1]}" if len(years) > 1 else (f", {years[0]}" if years else "")
    buttons = "".join(
        f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    offer = f'<h3>For example</h3><ul class="cw-examples">{buttons}</ul>' if buttons else ""
    return (
        f'<section class="cw-welcome"><h2>Ask {plural(len(reports), "report")}{span}</h2>'
        "<p>Each statement comes with the passage that it rests on, and each figure is checked against it. "
        f"Where the reports do not say, the answer says so.</p>{offer}</section>"
    )

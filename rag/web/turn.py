"""One turn of the conversation as HTML: the question, and the answer while it comes and when it is there.

A turn keeps its shape from the first step to the last: a line that says how it stands, a line that says what is
searched, then the text. What belongs to a finished answer is added below, so that nothing read moves away.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from ..feedback import MAX_COMMENT, VERDICTS
from ..records import Answer, AnswerFigure, AnswerJudgment, Citation, Event, Note, Scope
from ..render import (
    CHECKS,
    IN_PART,
    LOOK_QUOTE_CHARACTERS,
    NEXT,
    NOTES,
    STEPS,
    check_words,
    cited_by,
    escape,
    is_in_part,
    page_words,
    plural,
    usage_words,
)
from .marks import answer_body, evidence_url, plain_mark, unescaped

_EVERYTHING = Scope()
_FORMATS = {"html": "HTML", "docx": "Word", "md": "Markdown", "json": "JSON"}
_NARROWED = {"organisation": "Organisation", "year": "Year of the report", "report": "Report"}


def turn_waiting(
    question: str, turn: int, events: Sequence[Event], text: str, conversation: str = "", asked: str = ""
) -> str:
    """A turn while it is being answered: the question, the steps so far and the text so far, with marks that work.
    `asked` is the name by which it is told to stop."""
    steps = [event for event in events if event.kind == "step"]
    citations = next((event.citations for event in reversed(steps) if event.citations), ())
    items = "".join(
        f'<li class="cw-done" title="{escape(step.detail)}">{escape(STEPS.get(step.step, step.step))}</li>'
        for step in steps
    )
    now = NEXT.get(steps[-1].step, "Working") if steps else "Reading the question"
    name = f' data-asked="{escape(asked)}"' if asked else ""
    return _turn(
        question,
        turn,
        f'<p class="cw-status cw-working" role="status"{name}><strong>{escape(now)}…</strong></p>'
        f'<div class="cw-searched"><ol class="cw-progress" aria-label="Steps">{items}</ol></div>'
        f'<div class="cw-text" aria-busy="true">{answer_body(text, turn, citations)}</div>',
        conversation,
    )


def turn_failed(question: str, turn: int, message: str, label: str = "No answer") -> str:
    """A turn that could not be answered, with one sentence that says why, and the question to be asked again."""
    again = _actions(question, turn, copy=False) if question.strip() else ""
    return _turn(
        question,
        turn,
        f'<p class="cw-status cw-error" role="alert"><strong>{escape(label)}</strong> '
        f"<span>{escape(message)}</span></p>{again}",
    )


def turn_answered(
    answer: Answer,
    turn: int,
    events: Sequence[Event] = (),
    conversation: str = "",
    scope: Scope = _EVERYTHING,
    changed: Mapping[int, str] = MappingProxyType({}),
) -> str:
    """A finished turn: status, what was searched, text, checked figures, notes, sources, and what can be done next.

    `scope` is what it was asked within. Where the key of its `conversation` is given, there are buttons to say whether
    the answer is right, and a place for questions to go on with. `changed` is what
    became of sources since, by the number of the citation.
    """
    status, detail = status_words(answer)
    kind = "in_part" if _is_in_part(answer) else answer.status
    marks = {item.n: item for item in answer.citations}
    parts = [
        f'<p class="cw-status cw-{kind}" role="status"><strong>{status}</strong> <span>{detail}</span></p>',
        _searched(answer, scope),
        f'<div class="cw-text">{answer_body(answer.text, turn, answer.citations)}</div>',
        _understood(answer),
        "".join(_note(note, marks) for note in answer.notes),
        _checks(answer),
        _sources(answer, changed),
        _actions(answer.question, turn, conversation=conversation),
        _feedback(conversation, turn) if conversation else "",
        _how(answer, events),
        _next(conversation, turn) if conversation else "",
    ]
    return _turn(answer.question, turn, "".join(parts), conversation)


def status_words(answer: Answer) -> tuple[str, str]:
    """The status as a person reads it at a glance: what came of the question, and what was checked of it."""
    counted = [(len(answer.figures), "figure"), (len(answer.judgments), "judgment")]
    checked = ", ".join(plural(count, noun) for count, noun in counted if count)
    parts = [f"{checked} checked"] if checked else []
    parts += [NOTES[kind].lower() for kind in ("conflict", "misprint") if any(n.kind == kind for n in answer.notes)]
    told = "; ".join(parts)
    if answer.status == "answered":
        cited = {citation.report_id for citation in answer.citations}
        return f"{IN_PART if _is_in_part(answer) else 'Answered'} from {plural(len(cited), 'report')}", told
    if answer.status == "needs_clarification":
        return "Which do you mean?", told
    return "The reports do not say", told


def _is_in_part(answer: Answer) -> bool:
    return is_in_part(answer.status, (note.kind for note in answer.notes))


def _turn(question: str, turn: int, content: str, conversation: str = "") -> str:
    of = f' data-conversation="{escape(conversation)}"' if conversation else ""
    return (
        f'<article class="cw-turn" aria-label="Question {turn} and its answer" data-turn="{turn}"{of}>'
        f'<h2 class="cw-question">{escape(question)}</h2>{content}</article>'
    )


def _understood(answer: Answer) -> str:
    """The question that was asked of the reports, where it is not the one that was typed: a follow-up, or misspelt."""
    if answer.standalone_question.strip() == answer.question.strip():
        return ""
    return f'<p class="cw-understood">Understood as: {escape(answer.standalone_question)}</p>'


def _searched(answer: Answer, scope: Scope) -> str:
    """What was searched, and what narrowed it: each chip asks the same again without it."""
    left = sum(item.reports for item in answer.scope.left_out)
    total = f" of {answer.scope.count + left:,}" if left else ""
    said = f"Searched {answer.scope.count:,}{total} {'report' if answer.scope.count + left == 1 else 'reports'}"
    chips = "".join(_chip(answer.question, *chip) for chip in _chips(answer, scope))
    listed = f'<ul class="cw-chips" aria-label="Narrowed to">{chips}</ul>' if chips else ""
    return f'<div class="cw-searched"><span>{said}</span>{listed}</div>'


def _chips(answer: Answer, scope: Scope) -> list[tuple[str, str, Scope]]:
    """Kind, name and the scope without it, of all that narrowed the search."""
    organisations, years = answer.scope.organisations, answer.scope.years
    chips = []
    for name in organisations:
        rest = tuple(other for other in organisations if other != name)
        widened = scope.widened if rest else _added(scope.widened, "organisation")
        chips.append(("organisation", name, Scope(scope.reports, rest, scope.years, widened)))
    for year in years:
        fewer = tuple(other for other in years if other != year)
        widened = scope.widened if fewer else _added(scope.widened, "year")
        chips.append(("year", str(year), Scope(scope.reports, scope.organisations, fewer, widened)))
    if scope.reports:
        name = plural(len(scope.reports), "chosen report")
        chips.append(("report", name, Scope((), scope.organisations, scope.years, scope.widened)))
    return chips


def _added(widened: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*widened, kind)))


def _chip(question: str, kind: str, name: str, without: Scope) -> str:
    return (
        f'<li><button type="button" class="cw-chip" data-ask="{escape(question)}" '
        f'data-scope="{escape(json.dumps(asdict(without)))}" title="Ask again without it" '
        f'aria-label="{_NARROWED[kind]} {escape(name)}: ask again without it">{escape(name)}'
        '<span aria-hidden="true">×</span></button></li>'
    )


def _checks(answer: Answer) -> str:
    marks = {citation.n: citation for citation in answer.citations}
    disputed = {number for note in answer.notes if note.kind == "conflict" for number in note.citations}
    rows = [_figure_row(figure, answer, marks, disputed) for figure in answer.figures]
    rows += [_judgment_row(judgment, marks, disputed) for judgment in answer.judgments]
    if not rows:
        return ""
    return (
        '<table class="cw-checks"><caption>Figures and judgments, each checked</caption><thead><tr>'
        '<th scope="col">Value</th><th scope="col">Of</th><th scope="col">When</th><th scope="col">Check</th>'
        f'<th scope="col">Source</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _figure_row(figure: AnswerFigure, answer: Answer, marks: Mapping[int, Citation], disputed: set[int]) -> str:
    about = ", ".join(part for part in (figure.measure, figure.subject) if part)
    cited = cited_by(figure, answer)
    return _row(figure.text, about, figure.period or "", figure.check, check_words(figure), cited, marks, disputed)


def _judgment_row(judgment: AnswerJudgment, marks: Mapping[int, Citation], disputed: set[int]) -> str:
    about = ", ".join(part for part in (judgment.aspect, judgment.organisation) if part)
    year, check = str(judgment.year or ""), judgment.check
    cited = (judgment.citation,)
    return _row(judgment.grade.capitalize(), about, year, check, CHECKS[check], cited, marks, disputed)


def _row(
    value: str,
    about: str,
    when: str,
    check: str,
    words: str,
    cited: Sequence[int],
    marks: Mapping[int, Citation],
    disputed: set[int],
) -> str:
    conflict = '<span class="cw-check cw-check-conflict">Reports disagree</span>' if disputed & {*cited} else ""
    return (
        f'<tr><th scope="row">{escape(value)}</th><td data-label="Of">{escape(about)}</td>'
        f'<td data-label="When">{escape(when)}</td>'
        f'<td data-label="Check"><span class="cw-check cw-check-{check}">{escape(words)}</span>{conflict}</td>'
        f'<td data-label="Source">{" ".join(plain_mark(number, marks) for number in cited)}</td></tr>'
    )


def _note(note: Note, marks: Mapping[int, Citation]) -> str:
    label = NOTES[note.kind]
    refs = "".join(f" {plain_mark(number, marks)}" for number in note.citations)
    return (
        f'<div class="cw-note cw-note-{note.kind}" role="note" aria-label="{label}"><strong>{label}</strong>'
        f"<p>{escape(unescaped(note.text))}{refs}</p></div>"
    )


def _sources(answer: Answer, changed: Mapping[int, str]) -> str:
    if not answer.citations:
        return ""
    looking = answer.status != "answered"
    heading = "Places to look" if looking else "Sources"
    items = "".join(
        f"<li>{source_link(citation, looking, changed.get(citation.n, ''))}</li>" for citation in answer.citations
    )
    return f'<div class="cw-sources"><h3>{heading}</h3><ol>{items}</ol></div>'


def source_link(citation: Citation, quoted: bool = False, changed: str = "") -> str:
    """A citation as a link to its place: the report, the page, the section, how often the same wording recurs, and
    what became of the source since. With `quoted` also its words."""
    section = " › ".join(citation.section)
    year = str(citation.year) if citation.year is not None else ""
    told = [part for part in (citation.organisation or "", year) if part not in citation.title]
    facts = [part for part in (*told, page_words(citation.page, citation.page_label), section) if part]
    since = f'<small class="cw-changed">{escape(changed)}</small>' if changed else ""
    quoted = quoted or changed != ""
    words = citation.quote[:LOOK_QUOTE_CHARACTERS]
    quote = f"<q>{escape(words)}{'…' if len(citation.quote) > len(words) else ''}</q>" if quoted else ""
    also = ""
    if citation.also_in:
        also = f"<small>Same wording in {plural(len(citation.also_in), 'other report')}</small>"
    return (
        f'<a class="cw-source" data-cite href="{escape(evidence_url(citation))}">'
        f'<span class="cw-mark">{citation.n}</span><span class="cw-source-words">'
        f"<b>{escape(citation.title)}</b><small>{escape(' · '.join(facts))}</small>{quote}{also}{since}</span></a>"
    )


def _actions(question: str, turn: int, copy: bool = True, conversation: str = "") -> str:
    asked = escape(question)
    copied = f'<button type="button" data-copy aria-label="Copy answer {turn}">Copy</button>' if copy else ""
    return (
        f'<div class="cw-actions" role="group" aria-label="Answer {turn}">{copied}'
        f'<button type="button" data-ask="{asked}" aria-label="Ask question {turn} again">Ask again</button>'
        f'<button type="button" data-edit="{asked}" aria-label="Edit question {turn}">Edit question</button>'
        f"{_save(conversation, turn) if conversation else ''}</div>"
    )


def _save(conversation: str, turn: int) -> str:
    """Files of the answer and of the whole conversation, with all evidence."""
    address = f"api/v1/conversations/{escape(conversation)}/export?format="

    def links(whose: str, name: str) -> str:
        return "".join(
            f'<li><a href="{address}{form}{whose}" download aria-label="Save {name} as {label}">{label}</a></li>'
            for form, label in _FORMATS.items()
        )

    return (
        f'<details class="cw-save"><summary aria-label="Save answer {turn}">Save</summary><div>'
        f"<p>This answer</p><ul>{links(f'&amp;turn={turn}', f'answer {turn}')}</ul>"
        f"<p>Whole conversation</p><ul>{links('', 'the conversation')}</ul></div></details>"
    )


def _how(answer: Answer, events: Sequence[Event]) -> str:
    details = {event.step: event.detail for event in events if event.kind == "step" and event.detail}
    names = [*details, *(name for name in answer.timings_ms if name not in details)]
    rows = "".join(
        f"<li><span>{escape(STEPS.get(name, name.capitalize()))}</span> <small>{escape(details.get(name, ''))}</small>"
        + (f"<em>{answer.timings_ms[name]:,.0f} ms</em>" if name in answer.timings_ms else "")
        + "</li>"
        for name in names
    )
    left = "".join(
        f"<li>{plural(item.reports, 'report')} left out: {escape(item.reason)}</li>" for item in answer.scope.left_out
    )
    used = f"<p>{escape(usage_words(answer.usage))}</p>" if answer.usage is not None else ""
    return (
        f'<details class="cw-how"><summary>How this was found</summary><ol class="cw-steps">{rows}</ol>{used}'
        + (f"<ul>{left}</ul>" if left else "")
        + "</details>"
    )


def _feedback(conversation: str, turn: int) -> str:
    """The buttons that mark an answer, and the line for what is wrong with it; the script opens and sends them."""
    buttons = "".join(
        f'<button type="button" data-verdict="{verdict}" aria-pressed="false" '
        f'aria-label="{label}: answer {turn}">{label}</button>'
        for verdict, label in VERDICTS.items()
    )
    return (
        f'<div class="cw-feedback" data-conversation="{escape(conversation)}" data-turn="{turn}">'
        f'<div class="cw-verdict" role="group" aria-label="Your verdict on answer {turn}">'
        f'<span aria-hidden="true">This answer is</span>{buttons}</div>'
        f'<form class="cw-comment" id="comment-{turn}" hidden><label for="comment-{turn}-words">What is wrong? '
        f'<small>(optional)</small></label><input id="comment-{turn}-words" type="text" autocomplete="off" '
        f'maxlength="{MAX_COMMENT}"><button type="submit">Send</button></form>'
        '<p class="cw-said" role="status"></p></div>'
    )


def _next(conversation: str, turn: int) -> str:
    return f'<div class="cw-next" data-conversation="{escape(conversation)}" data-turn="{turn}"></div>'

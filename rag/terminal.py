"""Answers, passages and reports in the terminal: each function prints one kind of record to a Rich console.

Text of questions, answers and reports is data. It reaches the console only through `printable`, and the console made
by `plain_console` reads no markup, so that no word of a report becomes a colour, a link or a cursor movement.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from textwrap import wrap
from typing import TextIO, TypeVar, cast

from rich import box
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from index.records import AddResult, Progress, ReportInfo

from .records import Answer, Citation, Event, Hit, Note, Searched
from .render import (
    CHECKS,
    LOOK_QUOTE_CHARACTERS,
    NOTES,
    STEPS,
    UNCHECKED,
    check_words,
    cited_by,
    page_words,
    plural,
    usage_words,
)
from .report_table import report_table

T = TypeVar("T")

WIDTH_OF_A_FILE = 120  # columns, where the output is not a terminal
INDENT = "    "

# Control characters, and those that turn the direction of writing. Line ends and tabs stay.
_UNSAFE = dict.fromkeys(
    [
        *range(9),
        *range(11, 32),
        *range(127, 160),
        0x61C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ],
    "\ufffd",
)
_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~<])")


def plain_console(file: TextIO) -> Console:
    """A console that prints what it is given as it is given, without markup, guessed colours or emoji names."""
    width = None if file.isatty() else WIDTH_OF_A_FILE
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False)


def printable(value: T) -> T:
    """The same text, tuple, list or record, with U+FFFD for each character that a terminal would obey.

    One for one, so that offsets into a printed text still hold.
    """
    shown: object = value
    if isinstance(value, str):
        shown = value.translate(_UNSAFE)
    elif isinstance(value, tuple | list):
        shown = type(value)(printable(item) for item in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        shown = dataclasses.replace(value, **{name: printable(getattr(value, name)) for name in names})
    return cast(T, shown)


class _RateColumn(ProgressColumn):
    """How many files a minute."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{60 * task.speed:.0f} files/min")


@contextmanager
def progress_bar(console: Console, *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A callback for `Library.add` that moves a bar, where someone is looking."""
    if quiet or not console.is_terminal:
        yield lambda progress: None
        return
    columns = (
        MofNCompleteColumn(),
        BarColumn(),
        _RateColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(progress: Progress) -> None:
            shown = printable(f"{progress.step} {progress.file}")
            bar.update(task, completed=progress.done, total=progress.total, description=shown)

        yield advance


def waiting(console: Console, *, quiet: bool) -> AbstractContextManager[object]:
    """A sign that something is being done, where someone is looking: the first use loads a model."""
    return nullcontext() if quiet or not console.is_terminal else console.status("Working")


Watch = Callable[[Iterable[Event]], Iterator[Event]]


@contextmanager
def watching(console: Console, *, quiet: bool) -> Iterator[Watch]:
    """As `waiting`, and what a language model writes is shown while it comes, marked as unchecked; it is gone before
    the checked answer is printed."""
    if quiet or not console.is_terminal:
        yield iter
        return
    with Live(console=console, transient=True, refresh_per_second=8) as live:

        def watch(events: Iterable[Event]) -> Iterator[Event]:
            step = text = ""
            live.update(Spinner("dots", "Working"))
            for event in events:
                if event.kind == "unchecked":
                    text = text + event.detail if event.step == step else event.detail
                    step = event.step
                    shown = Text(f"{UNCHECKED}: ", style="bold").append(printable(text), style="dim not bold")
                    live.update(shown)
                yield event

        yield watch


def print_answer(answer: Answer, console: Console) -> None:
    """The statement, the quotation behind each of its marks, what was checked, the notes, and what was searched."""
    answer = printable(answer)
    statement = _statement(answer.text)
    statement.highlight_words([" ".join(c.marked_words.split()) for c in answer.citations if c.marked_words], "bold")
    console.print(statement)
    if answer.status != "answered" and answer.citations:
        console.print("\nPlaces to look, not evidence:")
    for citation in answer.citations:
        print_citation(citation, console, None if answer.status == "answered" else LOOK_QUOTE_CHARACTERS)
    if answer.figures:
        shown = table("Figure", "What", "Whose", "When", "Source", "Check")
        for figure in answer.figures:
            what = (figure.text, figure.measure, figure.subject, figure.period)
            marks = "".join(f"[{n}]" for n in cited_by(figure, answer))
            shown.add_row(*(part or "–" for part in what), marks, check_words(figure))
        console.print()
        console.print(shown)
    if answer.judgments:
        shown = table("Judgment", "On", "Of", "Year", "Source", "Check")
        for judgment in answer.judgments:
            year = str(judgment.year or "–")
            about = (judgment.grade, judgment.aspect, judgment.organisation or "–", year)
            shown.add_row(*about, f"[{judgment.citation}]", CHECKS[judgment.check])
        console.print()
        console.print(shown)
    for note in answer.notes:
        print_note(note, console)
    if answer.standalone_question.strip() != answer.question.strip():
        console.print(f"\nUnderstood as: {answer.standalone_question}", style="dim")
    print_searched(answer.scope, console)
    if answer.usage is not None:
        console.print(printable(usage_words(answer.usage)), style="dim")


def print_steps(steps: Sequence[Event], timings_ms: dict[str, float], console: Console) -> None:
    """What each step found, then the time of each."""
    shown = table("Step", "Found")
    for event in printable(tuple(steps)):
        shown.add_row(STEPS.get(event.step, event.step), event.detail)
    console.print(shown)
    times = table("Step", "Milliseconds")
    for step, milliseconds in timings_ms.items():
        times.add_row(STEPS.get(step, step), f"{milliseconds:.1f}")
    console.print(times)


def print_hits(hits: Sequence[Hit], console: Console, *, explain: bool = False) -> None:
    """The passages of a search, best first, each with its place and scores; `explain` shows those of every stage."""
    if not hits:
        console.print("No passage fits.")
    for number, hit in enumerate(printable(tuple(hits)), start=1):
        console.print(f"{number}. {_place(hit)}", style="bold")
        scores = [] if hit.evidence_order is None else [f"evidence {hit.evidence_order:+.2f}"]
        scores.append(f"fused score {hit.fused_score:.4f}")
        if hit.cosine_distance is not None:
            scores.append(f"cosine distance {hit.cosine_distance:.3f}")
        if hit.bm25_score is not None:
            scores.append(f"BM25 {hit.bm25_score:.2f}")
        _print_indented(", ".join(scores), console, style="dim")
        if explain:
            _print_indented(_stages(hit), console, style="dim")
        _print_indented(hit.text, console)
        for other in hit.also_in:
            _print_indented(f"also in {other.title} ({other.file}, {other.report_id})", console, style="dim")
        console.print()


def print_reports(reports: Sequence[ReportInfo], console: Console) -> None:
    """The reports of a library as a table that fits the console."""
    if not reports:
        console.print("The library holds no report. Add some with: citewell index PATH")
        return
    table, left_out = report_table(printable(tuple(reports)), console.width)
    console.print(table)
    if left_out:
        console.print(f"No room for: {', '.join(left_out)}. A wider terminal or --json shows them.", style="dim")


def print_added(result: AddResult, console: Console) -> None:
    """What became of the files of an `add`, without the refused ones: those are errors."""
    result = printable(result)
    for did, files in (("added", result.added), ("replaced", result.replaced), ("removed", result.removed)):
        for item in files:
            console.print(f"{did:<9} {item.report_id}  {item.file}", soft_wrap=True)
    counts = [f"{len(getattr(result, field.name))} {field.name}" for field in dataclasses.fields(result)]
    console.print(", ".join(counts))


def print_refused(result: AddResult, console: Console) -> None:
    """Each file that was refused, with the reason."""
    for item in printable(result.refused):
        console.print(f"refused   {item.file}: {item.reason}", soft_wrap=True)


def print_citation(citation: Citation, console: Console, longest: int | None = None) -> None:
    """The place of a citation and its quotation, up to `longest` characters of it. It must be `printable`."""
    console.print(f"\n[{citation.n}] {_place(citation)}")
    quote = citation.quote if longest is None or len(citation.quote) <= longest else f"{citation.quote[:longest]}…"
    _print_indented(f"“{quote}”", console)
    for other in citation.also_in:
        _print_indented(f"also in {other.title} ({other.file}, {other.report_id})", console, style="dim")


def print_note(note: Note, console: Console) -> None:
    """What is to be known beside an answer. It must be `printable`."""
    console.print(f"\n{NOTES[note.kind]}: {note.text} {''.join(f'[{n}]' for n in note.citations)}".rstrip())


def print_searched(scope: Searched, console: Console) -> None:
    """What was searched. It must be `printable`."""
    console.print(f"\n{_searched(scope)}", style="dim")


def plain_text(markdown: str) -> str:
    """What an answer states as plain text, without the quotations in it."""
    return _statement(markdown).plain


def _print_indented(text: str, console: Console, style: str | None = None) -> None:
    for line in text.split("\n"):
        wrapped = wrap(line, console.width, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False)
        console.print("\n".join(wrapped), style=style, soft_wrap=True)


def _statement(markdown: str) -> Text:
    """What an answer states, without the quotations in it: those follow with their places."""
    lines = (line for line in markdown.splitlines() if not line.startswith(">"))
    text = Text()
    for position, part in enumerate(_BOLD.split("\n".join(lines).strip())):
        text.append(_ESCAPED.sub(r"\1", part), style="bold" if position % 2 else "")
    return text


def _place(record: Citation | Hit) -> str:
    year = str(record.year or "")
    parts = (record.title, "" if year in record.title else year, page_words(record.page, record.page_label))
    section = f", section “{' › '.join(record.section)}”" if record.section else ""
    return f"{', '.join(part for part in parts if part)}{section} ({record.file}, {record.report_id})"


def _stages(hit: Hit) -> str:
    """What each stage made of a passage."""
    ranks = (("meaning", hit.dense_rank), ("words", hit.lexical_rank))
    found = [f"by {search}, rank {rank}" for search, rank in ranks if rank is not None]
    reader = "not read" if hit.reader_score is None else f"reader {hit.reader_score:+.2f}"
    sure = "no probability" if hit.answer_probability is None else f"probability {hit.answer_probability:.2f}"
    return f"found {' and '.join(found) or 'by its evidence alone'}; {reader}; {sure}"


def _searched(scope: Searched) -> str:
    left_out = "".join(f"; {plural(part.reports, 'report')} left out: {part.reason}" for part in scope.left_out)
    return f"Searched {plural(scope.count, 'report')}{left_out}."


def table(*names: str) -> Table:
    """An empty table with these columns, in which words are folded and never cut."""
    table = Table(*names, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    return table

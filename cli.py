"""The command line: `citewell --help` lists the commands, docs/commands.md explains them.

Exit codes: 0 done ("the reports do not say" is a result), 1 a file was refused, a suite got worse or a library is not
whole, 2 could not run, 130 interrupted. Results go to standard output, progress and errors to standard error.

Longer than other modules since all commands stand here, each a few lines, so that what there is is seen in one place.
"""

import contextlib
import dataclasses
import functools
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer
from rich.console import Console

from evals.commands import Shared, eval_app
from index.errors import BadQuestion, CitewellError
from index.records import AddResult
from rag import terminal
from rag.grid_commands import GridShared, add_grid_commands
from rag.model.commands import ModelShared, model_app

if TYPE_CHECKING:  # each command imports what it needs when it runs, so that `citewell --help` answers at once
    from index import Library
    from index.settings import Settings
    from rag import Assistant, Scope

P = ParamSpec("P")

app = typer.Typer(
    help="Answers questions over reports, and proves every answer with a quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="The library. Default: $CITEWELL_LIBRARY, else your data folder."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ReportOption = Annotated[list[str] | None, typer.Option("--report", metavar="ID", help="Only this report. Repeatable.")]
OrganisationOption = Annotated[
    list[str] | None, typer.Option("--organisation", metavar="NAME", help="Only reports about it. Repeatable.")
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="PROVIDER:NAME", help="A language model that writes. Default: $CITEWELL_MODEL."),
]
YearOption = Annotated[list[int] | None, typer.Option("--year", help="Only reports of this year. Repeatable.")]


_SECRET = frozenset({"CITEWELL_MODEL_KEY", "CITEWELL_MODEL_URL"})  # whose values are never shown


class BadSetting(CitewellError):
    """A setting in the environment that cannot be used."""


def main() -> None:
    """The `citewell` command."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file's name need not be valid text, and must not end a command
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="citewell")


def guarded(function: Callable[P, None]) -> Callable[P, None]:
    """A command whose known errors come out as one sentence, or as JSON where that was asked for."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            try:
                function(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except CitewellError as error:
            _show_error(type(error).__name__, str(error), bool(kwargs["as_json"]))
            raise typer.Exit(2) from error
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except BrokenPipeError:
            # The reader left (`citewell text … | head`). Python would write once more when it closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(141) from None
        except OSError as error:
            if error.filename is None:
                raise
            sentence = f"{error.filename} cannot be used: {error.strerror}. Give another path, or free this one."
            _show_error(type(error).__name__, sentence, bool(kwargs["as_json"]))
            raise typer.Exit(2) from error

    return run


def command(name: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Registers a guarded command."""
    return lambda function: app.command(name)(guarded(function))


@command("index")
def index_reports(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Report files, or folders of them.")],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove reports whose files are gone from the folders.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add or update reports. Exit code 1 when a file was refused."""
    with _open(library, create=True) as opened, terminal.progress_bar(_err(), quiet=as_json) as advance:
        result = opened.add(paths, prune=prune, on_progress=advance)
    if as_json:
        _print_json(result)
    else:
        terminal.print_added(result, _out())
        terminal.print_refused(result, _err())
    if result.refused:
        raise typer.Exit(1)


@command("reports")
def list_reports(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the reports of the library."""
    with _open(library) as opened:
        found = opened.reports()
    if as_json:
        _print_json({"reports": found})
    else:
        terminal.print_reports(found, _out())


@command("remove")
def remove(
    report_ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids, as `citewell reports` lists them.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove reports from the library. The files that they were read from stay."""
    with _open(library) as opened:
        removed = opened.remove(report_ids)
    if as_json:
        _print_json({"removed": removed})
    else:
        terminal.print_added(AddResult(removed=removed), _out())


@command("text")
def print_text(
    report_id: Annotated[str, typer.Argument(metavar="ID", help="An id, as `citewell reports` lists it.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a report's canonical text, which every offset counts in."""
    with _open(library) as opened:
        canonical = opened.text(report_id)
    if as_json:
        _print_json({"report_id": report_id, "text": canonical})
    else:
        sys.stdout.write(terminal.printable(canonical))


@command("ask")
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")],
    report: ReportOption = None,
    organisation: OrganisationOption = None,
    year: YearOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each step found, and its time.")] = False,
    model: ModelOption = None,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Also write it with its evidence: .html, .docx, .md or .json."),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer one question, with the quotations that prove it."""
    with _assistant(library, model) as assistant, terminal.watching(_err(), quiet=as_json) as watch:
        events = tuple(watch(assistant.stream(question, scope=_scope(report, organisation, year))))
        answer = next(event.answer for event in events if event.answer is not None)
        if export is not None:
            from rag.export.file import write_answer

            write_answer(assistant.library, answer, export)
    steps = [event for event in events if event.kind == "step"]
    if as_json:
        shown = {"steps": [{"step": event.step, "detail": event.detail} for event in steps]} if explain else {}
        _print_json(dataclasses.asdict(answer) | shown)
        return
    terminal.print_answer(answer, _out())
    if explain:
        terminal.print_steps(steps, answer.timings_ms, _out())


@command("search")
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words, or a question, in quotation marks.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    report: ReportOption = None,
    organisation: OrganisationOption = None,
    year: YearOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each stage made of each passage.")] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="STAGE", help="Leave out dense, words or reader. Repeatable."),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the passages that fit best, without an answer."""
    with _assistant(library, without=without) as assistant, terminal.waiting(_err(), quiet=as_json):
        hits = assistant.search(query, k=k, scope=_scope(report, organisation, year))
    if as_json:
        _print_json({"query": query, "hits": hits})
    else:
        terminal.print_hits(hits, _out(), explain=explain)


@command("chat")
def chat(model: ModelOption = None, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Ask, and ask on. /new forgets what was said, /quit or Ctrl-D ends. With --json, an answer a line."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 – a line can be edited, and earlier ones called back
    history: list[dict[str, str]] = []
    with _assistant(library, model) as assistant:
        while (question := _next_question()) is not None:
            if question == "/new":
                history.clear()
            elif question:
                try:
                    with terminal.watching(_err(), quiet=as_json) as watch:
                        events = tuple(watch(assistant.stream(question, history=history)))
                except BadQuestion as error:
                    _show_error(type(error).__name__, str(error), as_json)
                    continue
                answer = next(event.answer for event in events if event.answer is not None)
                history += [{"role": "user", "content": question}, {"role": "assistant", "content": answer.text}]
                if as_json:
                    _print_json(answer, indent=None)
                else:
                    terminal.print_answer(answer, _out())


@command("ui")
def open_page(
    host: Annotated[str | None, typer.Option("--host", help="Where to listen. Default: $CITEWELL_HOST.")] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="The port, or the next free one. Default: $CITEWELL_PORT."),
    ] = None,
    if_empty: Annotated[
        Path | None, typer.Option("--if-empty", metavar="PATH", help="Index these if the library holds no report.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the chat page, and print its address once it answers. Ctrl-C ends it."""
    import ui

    settings = _settings(library)
    if if_empty is not None:
        with _open(library, create=True) as opened, terminal.progress_bar(_err(), quiet=as_json) as advance:
            if not opened.reports():
                terminal.print_refused(opened.add([if_empty], on_progress=advance), _err())
    ui.serve(settings.library, host or settings.host, port or settings.port)


@command("mcp")
def mcp_server(
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="Serve over HTTP on this computer, at this port, not on stdio."),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the library to another program's assistant over MCP, on standard input and output."""
    from rag.mcp_server import serve_http, serve_stdio

    with _open(library) as opened:
        if port is None:
            serve_stdio(opened)
        else:
            serve_http(opened, port)


@command("check")
def check(
    compact: Annotated[bool, typer.Option("--compact", help="Rebuild the store without dead space first.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that the library is whole. Exit code 1 when it is not."""
    with _open(library) as opened, terminal.waiting(_err(), quiet=as_json):
        before, after = opened.compact() if compact else (0, 0)
        problems = opened.check()
    if as_json:
        sizes = {"bytes_before": before, "bytes_after": after} if compact else {}
        _print_json({"problems": problems, **sizes})
    else:
        if compact:
            _out().print(f"Compacted: {before / 1e6:,.1f} MB, now {after / 1e6:,.1f} MB.")
        _out().print("\n".join(terminal.printable(problems)) or "The library is whole.")
    if problems:
        raise typer.Exit(1)


@command("backup")
def backup(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty folder, or one that is not there yet.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the library, as it is at one moment."""
    with _open(library) as opened, terminal.waiting(_err(), quiet=as_json):
        opened.backup(target)
    _show_copied(opened.folder, target, as_json)


@command("restore")
def restore(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `citewell backup` made.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the library from a backup. Nothing may stand in its place."""
    from index import Library

    target = _settings(library).library
    with terminal.waiting(_err(), quiet=as_json):
        Library.restore(source, target)
    _show_copied(source, target, as_json)


def _settings(library: Path | None, without: list[str] | None = None) -> "Settings":
    """The settings of the environment, with `--library` and `--without` in place of its own. Raises BadSetting."""
    from pydantic import ValidationError

    from index.settings import Settings

    try:
        given: dict[str, Any] = {"library": library, "without": ",".join(without) if without else None}
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = f"CITEWELL_{'_'.join(map(str, first['loc']))}".upper()
        value = "this" if name in _SECRET else repr(first["input"])
        shown = None if name in _SECRET else error  # its text would show the value
        raise BadSetting(f"{name} cannot be {value}: {first['msg']}. Change it, or unset it.") from shown


def _open(library: Path | None, *, create: bool = False, without: list[str] | None = None) -> "Library":
    from index import Library

    settings = _settings(library, without)
    return Library.open(settings.library, settings=settings, create=create)


@contextlib.contextmanager
def _assistant(
    library: Path | None, model: str | None = None, *, without: list[str] | None = None
) -> "Iterator[Assistant]":
    from rag import Assistant

    with _open(library, without=without) as opened:
        yield Assistant(opened, model=model)


def _scope(reports: list[str] | None, organisations: list[str] | None, years: list[int] | None) -> "Scope":
    from rag import Scope

    return Scope(tuple(reports or ()), tuple(organisations or ()), tuple(years or ()))


def _next_question() -> str | None:
    """The next line without the space around it, None at the end of the input."""
    try:
        return None if (line := input("> " if sys.stdin.isatty() else "").strip()) == "/quit" else line
    except EOFError:
        return None


def _show_copied(source: Path, target: Path, as_json: bool) -> None:
    if as_json:
        _print_json({"from": str(source), "to": str(target)})
    else:
        _out().print(terminal.printable(f"Copied {source} to {target}."))


def _show_error(kind: str, message: str, as_json: bool) -> None:
    if as_json:
        _print_json({"error": {"type": kind, "message": message}}, indent=None)
    else:
        _err().print(terminal.printable(f"Error: {message}"), soft_wrap=True)


def _print_json(value: object, indent: int | None = 2) -> None:
    sys.stdout.write(json.dumps(value, default=dataclasses.asdict, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()


def _out() -> Console:
    return terminal.plain_console(sys.stdout)


def _err() -> Console:
    return terminal.plain_console(sys.stderr)


add_grid_commands(app, GridShared(guarded, _assistant, _print_json))
app.add_typer(eval_app(Shared(guarded, _open, _print_json)), name="eval")
app.add_typer(model_app(ModelShared(guarded, _settings, _print_json)), name="model")

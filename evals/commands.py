"""`citewell eval SUITE`, `citewell eval init` and `citewell eval candidates`.

`cli` registers them, and lends what its own commands share: how errors are shown, libraries opened and JSON printed.
Whatever is heavy is imported when a command runs, so that `citewell --help` answers at once.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from index import Library

    from .run import SuiteResult
    from .sources import Source

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"

_LIBRARY = typer.Option(
    "--library", metavar="DIR", help="The library. Default: $CITEWELL_LIBRARY, else your data folder."
)
_JSON = typer.Option("--json", help="Print JSON, for programs.")


class Opens(Protocol):
    """Opens the library at a path, None for the user's own."""

    def __call__(self, library: Path | None) -> "Library": ...


@dataclass(frozen=True, slots=True)
class Shared:
    """What the command line lends: a guard that shows known errors as a sentence, and the two ways in and out."""

    guarded: Callable[[Callable[..., None]], Callable[..., None]]
    open_library: Opens
    print_json: Callable[[object], None]


class SuiteOrCommand(TyperGroup):
    """A group whose first argument is a suite unless it is the name of a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command that runs a suite before arguments that name none."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


def eval_app(shared: Shared) -> typer.Typer:
    """The commands under `citewell eval`."""
    app = typer.Typer(
        cls=SuiteOrCommand,
        help="Run an evaluation suite: citewell eval SUITE. Also: write a first suite, and cases from use.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.command("run")(shared.guarded(_run_command(shared)))
    app.command("init")(shared.guarded(_init_command(shared)))
    app.command("candidates")(shared.guarded(_candidates_command(shared)))
    return app


def _run_command(shared: Shared) -> Callable[..., None]:
    def run(
        suite: Annotated[
            Path, typer.Argument(metavar="SUITE", help="A suite (YAML, JSONL), or a corpus with its questions.")
        ],
        reports: Annotated[
            Path | None,
            typer.Option(
                "--reports", metavar="PATH", help="Measure on these. Default: the corpus's own, else the samples."
            ),
        ] = None,
        baseline: Annotated[
            Path | None,
            typer.Option("--baseline", metavar="FILE", help="A saved run. Exit code 1 if this one is worse."),
        ] = None,
        save: Annotated[
            Path | None, typer.Option("--save", metavar="FILE", help="Save this run as a baseline.")
        ] = None,
        html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a report to browse.")] = None,
        junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML, for CI.")] = None,
        markdown: Annotated[
            Path | None, typer.Option("--markdown", metavar="FILE", help="Write a summary in Markdown.")
        ] = None,
        library: Annotated[
            Path | None, typer.Option("--library", metavar="DIR", help="Measure on this library as it is.")
        ] = None,
        model: Annotated[
            str | None,
            typer.Option("--model", metavar="PROVIDER:NAME", help="Measure with a language model writing."),
        ] = None,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """Run an evaluation suite. Exit code 0: held, 1: got worse or below a threshold, 2: could not run."""
        from . import baseline as baselines
        from .gate import failures
        from .report import as_json as record_of
        from .report import print_report

        with ExitStack() as open_until_done:
            scratch = Path(open_until_done.enter_context(tempfile.TemporaryDirectory(prefix="citewell-eval-")))
            result = _measured(shared, suite, reports, library, scratch, model, quiet=as_json)
        comparison = baselines.compare(result, baseline) if baseline else None
        failed = failures(result, comparison)
        if save:
            baselines.save(result, save)
        if html:
            from .html_report import html_report

            baselines.write_text(html, html_report(result, comparison, failed))
        if junit:
            from .exports import junit_xml

            baselines.write_text(junit, junit_xml(result, comparison, failed))
        if markdown:
            from .exports import markdown_summary

            baselines.write_text(markdown, markdown_summary(result, comparison, failed))
        if as_json:
            shared.print_json(record_of(result, comparison, failed) | {"exit_code": 1 if failed else 0})
        else:
            from rich.console import Console

            from rag import terminal

            print_report(terminal.printable(result), Console(), terminal.printable(comparison), failed)
        raise typer.Exit(1 if failed else 0)

    return run


def _measured(
    shared: Shared, path: Path, reports: Path | None, library: Path | None, scratch: Path, model: str | None, *,
    quiet: bool,
) -> "SuiteResult":  # fmt: skip
    """The run of the suite at `path`, with a bar that says how far it is unless `quiet`."""
    from rich.console import Console
    from rich.progress import Progress

    from rag import Assistant

    from .run import run_suite
    from .sources import load_source

    source = load_source(path, scratch)
    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=quiet or not errors.is_terminal) as bar:
        task = bar.add_task("indexing" if library is None else "opening the library", total=None)
        with _library(shared, source, reports, library, scratch) as opened:
            assistant = Assistant(opened, model=model)
            bar.update(task, description="asking", total=len(source.suite.cases), completed=0)
            return run_suite(source.suite, assistant, opened, on_case=lambda case: bar.advance(task))


def _library(shared: Shared, source: "Source", reports: Path | None, library: Path | None, scratch: Path) -> "Library":
    """The library to measure on: the one named, else one made for the run. A corpus's own documents take minutes to
    index, so their library is kept for the next run."""
    from .run import kept_library, library_for

    if library is not None:
        return shared.open_library(library)
    if reports is None and source.documents is not None and not source.documents.is_relative_to(scratch):
        return kept_library(source.documents, source.suite.suite)
    return library_for(reports or source.documents or SAMPLES, scratch / "library")


def _init_command(shared: Shared) -> Callable[..., None]:
    def init(
        output: Annotated[
            Path | None, typer.Option("--output", metavar="FILE", help="Where to write. Default: standard output.")
        ] = None,
        name: Annotated[str, typer.Option("--name", help="The suite's name.")] = "first",
        cases: Annotated[int, typer.Option("--cases", min=1, max=10_000, help="At most so many.")] = 40,
        library: Annotated[Path | None, _LIBRARY] = None,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """Write a first suite from the library's figures and judgments, each with its source, for you to confirm."""
        from .drafts import first_suite

        with shared.open_library(library) as opened:
            written = first_suite(opened, name, cases)
        _write(shared, written, output, as_json)

    return init


def _candidates_command(shared: Shared) -> Callable[..., None]:
    def candidates(
        output: Annotated[
            Path | None, typer.Option("--output", metavar="FILE", help="Where to write. Default: standard output.")
        ] = None,
        library: Annotated[Path | None, _LIBRARY] = None,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """Turn the answers that users marked wrong into cases, whose expectation is yours to fill in."""
        from .drafts import candidates as drafted
        from .feedback import read_feedback

        with shared.open_library(library) as opened:
            written = drafted(read_feedback(opened.folder))
        _write(shared, written, output, as_json)

    return candidates


def _write(shared: Shared, text: str, output: Path | None, as_json: bool) -> None:
    """Cases to a file that is not there yet, or to standard output."""
    from index.errors import BadSuite

    from .baseline import write_text

    if output is not None:
        if output.exists():
            raise BadSuite(f"{output} is there already, perhaps with what you confirmed. Give another --output.")
        write_text(output, text)
    if as_json:
        shared.print_json({"written": None if output is None else str(output), "cases": _count(text), "yaml": text})
    elif output is None:
        sys.stdout.write(text)
    else:
        sys.stdout.write(f"Wrote {_count(text)} cases to {output}.\n")


def _count(text: str) -> int:
    return sum(line.startswith("  - id: ") for line in text.split("\n"))

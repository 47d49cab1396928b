"""`citewell timeline` and `citewell compare`.

`cli` registers them, and lends what its own commands share: how errors are shown, the assistant made and JSON printed.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from . import terminal
from .records import Scope

if TYPE_CHECKING:
    from .assistant import Assistant
    from .grid import Grid, Timeline

_TEXT = typer.Argument(metavar="QUESTION", help="What to look for, in quotation marks.")
_REPORT = typer.Option("--report", metavar="ID", help="Only this report. Repeatable.")
_CSV = typer.Option("--csv", metavar="FILE", help="Also write it as CSV, for a spreadsheet.")
_LIBRARY = typer.Option(
    "--library", metavar="DIR", help="The library. Default: $CITEWELL_LIBRARY, else your data folder."
)
_JSON = typer.Option("--json", help="Print JSON, for programs.")


class Opens(Protocol):
    """The assistant over the library at a path, None for the user's own."""

    def __call__(self, library: Path | None) -> "AbstractContextManager[Assistant]": ...


@dataclass(frozen=True, slots=True)
class GridShared:
    """What the command line lends."""

    guarded: Callable[[Callable[..., None]], Callable[..., None]]
    open_assistant: Opens
    print_json: Callable[[object], None]


def add_grid_commands(app: typer.Typer, shared: GridShared) -> None:
    """Register both commands."""
    app.command("timeline")(shared.guarded(_timeline_command(shared)))
    app.command("compare")(shared.guarded(_compare_command(shared)))


def _timeline_command(shared: GridShared) -> Callable[..., None]:
    def timeline(
        question: Annotated[str, _TEXT],
        report: Annotated[list[str] | None, _REPORT] = None,
        organisation: Annotated[
            list[str] | None, typer.Option("--organisation", metavar="NAME", help="Only reports about it. Repeatable.")
        ] = None,
        year: Annotated[list[int] | None, typer.Option("--year", help="Only reports of this year. Repeatable.")] = None,
        csv: Annotated[Path | None, _CSV] = None,
        library: Annotated[Path | None, _LIBRARY] = None,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """A judgment or one measure over the years, each point cited."""
        from .grid_table import print_timeline, timeline_csv

        scope = Scope(tuple(report or ()), tuple(organisation or ()), tuple(year or ()))
        with shared.open_assistant(library) as assistant, _waiting(as_json):
            found = assistant.timeline(question, scope)
        _show(found, print_timeline, timeline_csv, csv, shared.print_json if as_json else None)

    return timeline


def _compare_command(shared: GridShared) -> Callable[..., None]:
    def compare(
        question: Annotated[str, _TEXT],
        report: Annotated[list[str] | None, _REPORT] = None,
        organisation: Annotated[
            list[str] | None,
            typer.Option("--organisation", metavar="NAME", help="A row. Repeatable. Default: those named, else all."),
        ] = None,
        year: Annotated[
            list[int] | None, typer.Option("--year", help="A column. Repeatable. Default: those named, else all.")
        ] = None,
        csv: Annotated[Path | None, _CSV] = None,
        library: Annotated[Path | None, _LIBRARY] = None,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """A grid: one cited cell for each organisation and year, or "not stated"."""
        from .grid_table import grid_csv, print_grid

        with shared.open_assistant(library) as assistant, _waiting(as_json):
            found = assistant.compare(question, organisation or (), year or (), Scope(tuple(report or ())))
        _show(found, print_grid, grid_csv, csv, shared.print_json if as_json else None)

    return compare


def _show(
    found: "Grid | Timeline",
    show: Callable[..., None],
    as_csv: Callable[..., str],
    csv: Path | None,
    print_json: Callable[[Any], None] | None,
) -> None:
    """Write the CSV, if it is wanted, before anything is printed: a file that cannot be written is an error."""
    if csv is not None:
        csv.write_text(as_csv(found), encoding="utf-8-sig", newline="")  # spreadsheets take "£" for two signs without
    if print_json is not None:
        print_json(found)
    else:
        show(found, terminal.plain_console(sys.stdout))


def _waiting(as_json: bool) -> AbstractContextManager[object]:
    return terminal.waiting(terminal.plain_console(sys.stderr), quiet=as_json)

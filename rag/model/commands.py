"""`citewell model check`: try the configured language model, and say what works.

`cli` registers it, and lends how errors are shown and settings are read.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from index.settings import Settings

    from .probe import Probe


class Reads(Protocol):
    """Reads the settings, with the library at a path, None for the user's own."""

    def __call__(self, library: Path | None) -> "Settings": ...


@dataclass(frozen=True, slots=True)
class ModelShared:
    """What the command line lends."""

    guarded: Callable[[Callable[..., None]], Callable[..., None]]
    settings: Reads
    print_json: Callable[[object], None]


def model_app(shared: ModelShared) -> typer.Typer:
    """The commands under `citewell model`."""
    app = typer.Typer(help="Try the language model that is configured.", no_args_is_help=True, rich_markup_mode=None)

    @app.callback()
    def group() -> None:
        """Try the language model that is configured."""

    app.command("check")(shared.guarded(_check_command(shared)))
    return app


def _check_command(shared: ModelShared) -> Callable[..., None]:
    def check(
        model: Annotated[
            str | None, typer.Option("--model", metavar="PROVIDER:NAME", help="Which. Default: $CITEWELL_MODEL.")
        ] = None,
        library: Annotated[
            Path | None, typer.Option("--library", metavar="DIR", help="As everywhere; nothing of it is read here.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    ) -> None:
        """Try the language model, and say what works. Exit code 0: it can write, 1: it cannot, 2: no answer."""
        from rich.console import Console

        from index.errors import ModelUnavailable

        from .. import terminal
        from .connect import connect
        from .probe import probe

        settings = shared.settings(library)
        wanted = model or settings.model
        if not wanted:
            raise ModelUnavailable(
                "No language model is configured: set CITEWELL_MODEL, or give --model PROVIDER:NAME."
            )
        with terminal.waiting(Console(stderr=True), quiet=as_json):
            found = probe(connect(settings, wanted))
        if as_json:
            shared.print_json(dataclasses.asdict(found) | {"exit_code": found.exit_code})
        else:
            for line in _lines(found):
                typer.echo(terminal.printable(line))
        raise typer.Exit(found.exit_code)

    return check


def _lines(found: "Probe") -> list[str]:
    if not found.reachable:
        return [f"{found.model}: no answer. {found.problem}"]
    where = "stated by the settings, the provider or the server" if found.context_known else "assumed: nobody says"
    first = "–" if found.seconds_to_first is None else f"{found.seconds_to_first:.1f} s to the first word"
    lines = [
        f"{found.model}: answers ({first}, {found.seconds:.1f} s for {found.tokens_out} tokens)",
        f"  streaming          {'yes' if found.streaming else 'no: the whole reply comes at once'}",
        f"  structured output  {'yes' if found.structured else 'no: the prompt alone asks for JSON'}",
        f"  usable reply       {'yes' if found.usable else 'no'}",
        f"  context            {found.context:,} tokens ({where})",
    ]
    return [*lines, found.problem] if found.problem else lines

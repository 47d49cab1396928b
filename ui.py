"""The chat page: ask, read the answer, see each quotation where it stands, narrow the scope, add reports.

    create_app   routes of our own and the Gradio page, behind the guard
    serve        open a library, find a free port, serve, print the address

HTML, style and script are made in `rag.web`, the evidence in `rag.evidence`, our own routes are in `rag.routes`
and `rag.web.view_routes`, who may ask what is decided in `rag.guard`. Conversations are kept in the library's
folder (`rag.conversations`), and so is what a user says of an answer (`rag.feedback`).
"""

import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

# Read by Gradio when it is imported or builds its queue: no usage report, no look for a newer version, no tools for
# other programs, and no statistics over ten thousand past events after each event, which nothing here shows.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_MCP_SERVER"] = "False"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "100"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"

import gradio as gr
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, ValidationError

from index import Library
from index.errors import CitewellError
from index.records import ReportInfo
from index.settings import Settings
from rag import Assistant, Scope
from rag.api.mount import PREFIX, create_api
from rag.guard import Guard
from rag.routes import add_feedback, add_reports, add_uploads
from rag.suggest import example_questions
from rag.uploads import MAX_FILE_BYTES, Uploads
from rag.web.assets import add_assets
from rag.web.library import welcome
from rag.web.shell import ADD_REPORTS, CONVERSATIONS, RESTING, bar_html, listing_html, searched_line
from rag.web.stops import Stops
from rag.web.talk import Talk
from rag.web.turn import turn_failed
from rag.web.view_routes import add_views
from rag.web.views import VIEWS

ASK_CONCURRENCY = 8
EXAMPLES_FROM_REPORTS = 12  # spread over the catalogue: reading the facts of thousands would hold the page up
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "Liberation Mono", "monospace")


class AskedWithin(BaseModel):
    """The scope that the script sends with a question whose chip was removed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reports: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    widened: tuple[Literal["organisation", "year"], ...] = ()


def create_app(library: Library, assistant: Assistant, hosts: tuple[str, ...] = LOOPBACK) -> FastAPI:
    """The application. `hosts` are the host names that requests may name, empty for any."""
    uploads = Uploads(library)
    examples = _Examples(library, assistant)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # trying the examples also loads the models, so that the first visitor does not wait for them
        warming = threading.Thread(target=lambda: examples.make(library.reports()), daemon=True)
        warming.start()
        yield
        uploads.close()
        api.close()
        warming.join()

    api = create_api(library, assistant)
    stops = Stops()
    talk = Talk(library, assistant, api.asking, api.conversations, stops)
    app = FastAPI(title="Citewell", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    add_assets(app)
    add_reports(app, library)
    add_uploads(app, uploads)
    add_feedback(app, library, talk.given)
    add_views(app, library, assistant, uploads, talk, stops)
    app.mount(PREFIX, api.app)
    app.add_middleware(Guard, hosts=hosts, upload_bytes=MAX_FILE_BYTES)
    page = _page(library, talk, examples)
    page.queue(default_concurrency_limit=ASK_CONCURRENCY, api_open=False, max_size=200)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        blocked_paths=["/"],
        show_error=False,
        max_file_size=0,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(primary_hue="blue", neutral_hue="gray", font=_SANS, font_mono=_MONO),
    )
    return app


def _page(library: Library, talk: Talk, examples: "_Examples") -> gr.Blocks:
    """The Gradio page: what is on it, and which function answers which event."""
    page: gr.Blocks = gr.Blocks(title="Citewell", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="cw-shell"):
            with gr.Column(elem_id="cw-side"):
                gr.HTML("<h2>Search only</h2>", apply_default_css=False)
                with gr.Column(elem_id="cw-filters"):
                    organisations = gr.Dropdown([], multiselect=True, label="Organisation", elem_id="cw-organisations")
                    years = gr.Dropdown([], multiselect=True, label="Year", elem_id="cw-years")
                    reports = gr.Dropdown([], multiselect=True, label="Report", elem_id="cw-reports")
                fresh = gr.Button("New conversation", elem_id="cw-new")
                gr.HTML(CONVERSATIONS, elem_id="cw-talks", apply_default_css=False)
                # both are written by the script too: the conversation shown, and one that is to be shown
                key = gr.Textbox("", label="Conversation", elem_id="cw-key", visible="hidden")
                opening = gr.Textbox("", label="Open conversation", elem_id="cw-open", visible="hidden")
                gr.HTML(ADD_REPORTS, apply_default_css=False)
                listing = gr.HTML("", elem_id="cw-listing", apply_default_css=False)
                refresh = gr.Button("Refresh", elem_id="cw-refresh", visible="hidden")
            with gr.Column(elem_id="cw-talk"):
                bar = gr.HTML(bar_html([]), elem_id="cw-top", apply_default_css=False)
                start = gr.HTML("", elem_id="cw-start", apply_default_css=False)
                past = gr.HTML("", elem_id="cw-past", apply_default_css=False)
                now = gr.HTML("", elem_id="cw-now", apply_default_css=False)
                gr.HTML(VIEWS, elem_id="cw-views", apply_default_css=False)
                with gr.Column(elem_id="cw-compose"):
                    with gr.Row(elem_id="cw-ask"):
                        box = gr.Textbox(
                            label="Question",
                            placeholder="Ask about the reports",
                            lines=1,
                            max_lines=6,
                            elem_id="cw-question",
                            autofocus=True,
                            container=False,
                        )
                        send = gr.Button("Ask", elem_id="cw-send")
                        gr.Button("Stop", elem_id="cw-stop")
                    within = gr.Textbox("", label="Asked within", elem_id="cw-within", visible="hidden")
                    gr.HTML('<div id="cw-question-said" role="alert"></div>', apply_default_css=False)
                    scope_line = gr.HTML("", elem_id="cw-scope", apply_default_css=False)
            with gr.Column(elem_id="cw-proof"):
                gr.HTML(RESTING, elem_id="cw-proof-content", apply_default_css=False)

        filters = [organisations, years, reports]

        def answer(
            question: str,
            organisation_names: list[str],
            year_numbers: list[int],
            report_ids: list[str],
            asked_within: str,
            conversation: str,
        ) -> Iterator[tuple[object, ...]]:
            scope = _scope(organisation_names, year_numbers, report_ids, asked_within)
            for shown in talk.ask(question, scope, conversation):
                yield _or_skip(shown.past), shown.now, _or_skip(shown.box), "", _or_skip(shown.key)

        def broken() -> object:
            return turn_failed("", 1, "Something went wrong here. Ask again; nothing was lost.")

        def opened(wanted: str) -> tuple[object, ...]:
            try:
                before, last = talk.opened(wanted.split(" ")[0])
            except CitewellError as error:
                return gr.skip(), turn_failed("", 1, str(error), "Not opened"), ""
            return before, last, wanted.split(" ")[0]

        def catalogue() -> tuple[object, ...]:
            known = library.reports()
            begin = welcome(known, examples.ready(known))
            return (*_filter_choices(known), listing_html(known), bar_html(known), begin)

        def offer() -> str:
            known = library.reports()
            return welcome(known, examples.make(known))

        def begin_again() -> tuple[str, str, str]:
            return "", "", ""

        def searched(organisation_names: list[str], year_numbers: list[int], report_ids: list[str]) -> str:
            return searched_line(library.reports(), organisation_names, year_numbers, report_ids)

        shown = [organisations, years, reports, listing, bar, start]
        page.load(catalogue, None, shown, show_progress="hidden").then(offer, None, start, show_progress="hidden")
        page.load(searched, filters, scope_line, show_progress="hidden")
        refresh.click(catalogue, None, shown, show_progress="hidden").then(
            searched, filters, scope_line, show_progress="hidden"
        ).then(offer, None, start, show_progress="hidden")
        for choice in filters:
            choice.change(searched, filters, scope_line, show_progress="hidden")
        fresh.click(begin_again, None, [key, past, now], show_progress="hidden")
        opening.change(opened, opening, [past, now, key], show_progress="hidden")
        asked = gr.on(
            [send.click, box.submit],
            answer,
            [box, *filters, within, key],
            [past, now, box, within, key],
            show_progress="hidden",
            trigger_mode="once",
        )
        asked.failure(broken, None, now, show_progress="hidden")
    return page


class _Examples:
    """Example questions for the library as it stands, made once for each set of reports: trying them takes a while."""

    def __init__(self, library: Library, assistant: Assistant) -> None:
        self._library = library
        self._assistant = assistant
        self._lock = threading.Lock()
        self._made: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def ready(self, known: Sequence[ReportInfo]) -> tuple[str, ...]:
        """The questions if they are made already, else none."""
        reports, questions = self._made
        return questions if reports == _ids(known) else ()

    def make(self, known: Sequence[ReportInfo]) -> tuple[str, ...]:
        """The questions, made now if need be."""
        with self._lock:
            if self._made[0] != _ids(known):
                some = known[:: max(1, len(known) // EXAMPLES_FROM_REPORTS)][:EXAMPLES_FROM_REPORTS]
                statements = (item for report in some for item in self._library.statements(report.report_id))
                try:
                    self._made = (_ids(known), example_questions(some, statements, self._assistant.ask))
                except CitewellError:
                    return ()  # a report went meanwhile: the page does without examples until it is loaded again
            return self._made[1]


def _ids(known: Sequence[ReportInfo]) -> tuple[str, ...]:
    return tuple(report.report_id for report in known)


def _or_skip(value: str | None) -> object:
    return gr.skip() if value is None else value


def _scope(organisations: list[str], years: list[int], report_ids: list[str], within: str) -> Scope:
    """What to search: what a chip that was removed left of it, else what the filters say."""
    if within:
        try:
            told = AskedWithin.model_validate_json(within)
        except ValidationError:
            return Scope()
        return Scope(told.reports, told.organisations, told.years, told.widened)
    return Scope(tuple(report_ids), tuple(organisations), tuple(int(year) for year in years))


def _filter_choices(known: Sequence[ReportInfo]) -> tuple[object, object, object]:
    organisations = sorted({report.organisation for report in known if report.organisation is not None})
    years = sorted({report.year for report in known if report.year is not None}, reverse=True)
    named = [(f"{report.title} · {report.file}", report.report_id) for report in known]
    return (
        gr.Dropdown(choices=organisations),
        gr.Dropdown(choices=[(str(year), year) for year in years]),
        gr.Dropdown(choices=named),
    )


class _Server(uvicorn.Server):
    """Says where the page is once it can be opened, not before."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"Citewell is at {self._address}\n")
            sys.stdout.flush()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket at the port, or at the next free one of the twenty after it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + 20):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        return listener
    raise PortsTaken(host, port)


class PortsTaken(CitewellError):
    """No port could be listened on."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Ports {port} to {port + 19} of {host} cannot be used. Give another with --port.")


def serve(library_path: str | Path, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page over the library until interrupted. Reachable from other computers only with another `host`;
    there is no login, so put a proxy that has one before it. Raises `PortsTaken` and what opening a library raises."""
    library = Library.open(Path(library_path).resolve())
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    hosts = LOOPBACK if host in LOOPBACK else ()
    app = create_app(library, Assistant(library), hosts)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False)
    _Server(config, f"http://{shown}:{listener.getsockname()[1]}").run(sockets=[listener])


if __name__ == "__main__":
    settings = Settings()
    try:
        serve(settings.library, settings.host, settings.port)
    except CitewellError as failure:
        sys.exit(str(failure))

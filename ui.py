"""The chat page: ask, read the answer, see each quotation where it stands, narrow the scope, add reports.

    create_app   routes of our own and the Gradio page, behind the guard
    serve        open a library, find a free port, serve, print the address

HTML is made in `rag.render` and `rag.evidence`, our own routes are in `rag.routes`, style and script in
`rag.page_assets`, who may ask what is decided in `rag.guard`. The page keeps one conversation a visit, in memory;
what a user says of an answer goes to the library's folder (`rag.feedback`).
"""

import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

# Read by Gradio when it is imported or builds its queue: no usage report, no look for a newer version, no tools for
# other programs, and no statistics over ten thousand past events after each event, which nothing here shows.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_MCP_SERVER"] = "False"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "100"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"

import gradio as gr
import uvicorn
from fastapi import FastAPI

from index import Library
from index.errors import BadQuestion, CitewellError
from index.load import SUFFIXES
from index.records import ReportInfo
from index.settings import Settings
from rag import Assistant, Scope
from rag.assistant import MAX_QUESTION, check_question
from rag.feedback import Given, GivenAnswers
from rag.guard import Guard
from rag.markup import markdown
from rag.records import Answer, Event
from rag.render import UNCHECKED, library_list, plural, turn_answered, turn_failed, turn_waiting, welcome
from rag.routes import add_assets, add_feedback, add_reports, add_uploads
from rag.suggest import example_questions
from rag.uploads import MAX_FILE_BYTES, Uploads, public_message

MAX_HISTORY_MESSAGES = 20  # earlier ones no longer change what a follow-up means
ASK_CONCURRENCY = 8
EXAMPLES_FROM_REPORTS = 12  # spread over the catalogue: reading the facts of thousands would hold the page up
SECONDS_BETWEEN_UPDATES = 0.05  # of streamed text: more often costs the browser more than a reader can see
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "Liberation Mono", "monospace")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One visit's conversation: the finished turns as HTML, and the messages that follow-ups are read with.

    `key` is a secret that names it to the browser; it is made with the first answer, so empty before that.
    """

    key: str = ""
    turns: tuple[str, ...] = ()
    messages: tuple[dict[str, str], ...] = ()

    def with_answer(self, answer: Answer, turn: str, key: str) -> "Conversation":
        messages = (
            *self.messages,
            {"role": "user", "content": answer.question},
            {"role": "assistant", "content": answer.text},
        )
        return Conversation(key, (*self.turns, turn), messages[-MAX_HISTORY_MESSAGES:])


def create_app(library: Library, assistant: Assistant, hosts: tuple[str, ...] = LOOPBACK) -> FastAPI:
    """The application. `hosts` are the host names that requests may name, empty for any."""
    uploads = Uploads(library)
    examples = _Examples(library, assistant)
    given = GivenAnswers()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # trying the examples also loads the models, so that the first visitor does not wait for them
        warming = threading.Thread(target=lambda: examples.make(library.reports()), daemon=True)
        warming.start()
        yield
        uploads.close()
        warming.join()

    app = FastAPI(title="Citewell", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    add_assets(app)
    add_reports(app, library)
    add_uploads(app, uploads)
    add_feedback(app, library, given)
    app.add_middleware(Guard, hosts=hosts, upload_bytes=MAX_FILE_BYTES)
    page = _page(library, assistant, examples, given)
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


def _page(library: Library, assistant: Assistant, examples: "_Examples", given: GivenAnswers) -> gr.Blocks:
    """The Gradio page: what is on it, and which function answers which event."""
    page: gr.Blocks = gr.Blocks(title="Citewell", analytics_enabled=False, fill_width=True)
    with page:
        conversation = gr.State(Conversation(), time_to_live=24 * 3600)
        with gr.Row(elem_id="cw-shell"):
            with gr.Column(elem_id="cw-side"):
                gr.HTML("<h2>Search only</h2>", apply_default_css=False)
                with gr.Column(elem_id="cw-filters"):
                    organisations = gr.Dropdown([], multiselect=True, label="Organisation", elem_id="cw-organisations")
                    years = gr.Dropdown([], multiselect=True, label="Year", elem_id="cw-years")
                    reports = gr.Dropdown([], multiselect=True, label="Report", elem_id="cw-reports")
                fresh = gr.Button("New conversation", elem_id="cw-new")
                gr.HTML(_ADD_REPORTS, apply_default_css=False)
                listing = gr.HTML("", elem_id="cw-listing", apply_default_css=False)
                refresh = gr.Button("Refresh", elem_id="cw-refresh", visible="hidden")
            with gr.Column(elem_id="cw-talk"):
                bar = gr.HTML(_bar([]), elem_id="cw-top", apply_default_css=False)
                past = gr.HTML("", elem_id="cw-past", apply_default_css=False)
                now = gr.HTML("", elem_id="cw-now", apply_default_css=False)
                with gr.Column(elem_id="cw-compose"):
                    with gr.Row(elem_id="cw-ask"):
                        box = gr.Textbox(
                            label="Question",
                            placeholder="Ask about the reports",
                            lines=1,
                            max_lines=6,
                            max_length=MAX_QUESTION,
                            elem_id="cw-question",
                            autofocus=True,
                            container=False,
                        )
                        send = gr.Button("Ask", elem_id="cw-send")
                    scope_line = gr.HTML("", elem_id="cw-scope", apply_default_css=False)
            with gr.Column(elem_id="cw-proof"):
                gr.HTML(_RESTING, elem_id="cw-proof-content", apply_default_css=False)

        filters = [organisations, years, reports]

        def answer(
            question: str,
            organisation_names: list[str],
            year_numbers: list[int],
            report_ids: list[str],
            so_far: Conversation,
        ) -> Iterator[tuple[object, ...]]:
            scope = Scope(tuple(report_ids), tuple(organisation_names), tuple(int(year) for year in year_numbers))
            before = "".join(so_far.turns)
            for current, box_value, state in _stream(assistant, question, scope, so_far, given):
                yield before, current, box_value, state

        def broken(so_far: Conversation) -> str:
            return turn_failed("", len(so_far.turns) + 1, "Something went wrong here. Ask again; nothing was lost.")

        def catalogue(so_far: Conversation) -> tuple[object, ...]:
            known = library.reports()
            start = welcome(known, examples.ready(known)) if not so_far.turns else gr.skip()
            return (*_filter_choices(known), _listing(known), _bar(known), start)

        def offer(so_far: Conversation) -> object:
            known = library.reports()
            return gr.skip() if so_far.turns else welcome(known, examples.make(known))

        def begin_again() -> tuple[object, ...]:
            known = library.reports()
            return Conversation(), welcome(known, examples.ready(known)), ""

        def searched(organisation_names: list[str], year_numbers: list[int], report_ids: list[str]) -> str:
            return _scope_line(library.reports(), organisation_names, year_numbers, report_ids)

        shown = [organisations, years, reports, listing, bar, past]
        page.load(catalogue, conversation, shown, show_progress="hidden").then(
            offer, conversation, past, show_progress="hidden"
        )
        page.load(searched, filters, scope_line, show_progress="hidden")
        refresh.click(catalogue, conversation, shown, show_progress="hidden").then(
            searched, filters, scope_line, show_progress="hidden"
        ).then(offer, conversation, past, show_progress="hidden")
        for choice in filters:
            choice.change(searched, filters, scope_line, show_progress="hidden")
        fresh.click(begin_again, None, [conversation, past, now], show_progress="hidden")
        asked = gr.on(
            [send.click, box.submit],
            answer,
            [box, *filters, conversation],
            [past, now, box, conversation],
            show_progress="hidden",
            trigger_mode="once",
        )
        asked.failure(broken, conversation, now, show_progress="hidden")
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


def _stream(
    assistant: Assistant, question: str, scope: Scope, so_far: Conversation, given: GivenAnswers
) -> Iterator[tuple[str, object, object]]:
    """What to show after each event: the turn's HTML, the question box, and the conversation."""
    turn = len(so_far.turns) + 1
    try:
        question = check_question(question)
    except BadQuestion as error:
        shown = question.strip()
        yield turn_failed(shown[:200] + "…" * (len(shown) > 200), turn, str(error)), gr.skip(), gr.skip()
        return
    events: list[Event] = []
    text, unchecked, last = "", "", 0.0
    yield turn_waiting(question, turn, events, text), "", gr.skip()
    try:
        for event in assistant.stream(question, history=so_far.messages, scope=scope):
            if event.answer is not None:
                key = so_far.key or secrets.token_urlsafe(16)
                given.keep(key, turn, Given(event.answer, so_far.messages, scope))
                html = turn_answered(event.answer, turn, events, key)
                yield html, gr.skip(), so_far.with_answer(event.answer, html, key)
                return
            events.append(event)
            text += event.detail if event.kind == "text" else ""
            unchecked = (
                unchecked + event.detail if event.kind == "unchecked" else "" if event.kind == "step" else unchecked
            )
            if event.kind == "step" or time.monotonic() - last >= SECONDS_BETWEEN_UPDATES:
                last = time.monotonic()
                shown = text or (f"**{UNCHECKED}:** {markdown(unchecked)}" if unchecked else "")
                yield turn_waiting(question, turn, events, shown), gr.skip(), gr.skip()
    except CitewellError as error:
        yield turn_failed(question, turn, public_message(error)), question, gr.skip()


def _filter_choices(known: Sequence[ReportInfo]) -> tuple[object, object, object]:
    organisations = sorted({report.organisation for report in known if report.organisation is not None})
    years = sorted({report.year for report in known if report.year is not None}, reverse=True)
    named = [(f"{report.title} · {report.file}", report.report_id) for report in known]
    return (
        gr.Dropdown(choices=organisations),
        gr.Dropdown(choices=[(str(year), year) for year in years]),
        gr.Dropdown(choices=named),
    )


def _bar(known: Sequence[ReportInfo]) -> str:
    count = f"<p>{plural(len(known), 'report')}</p>" if known else ""
    return (
        f'<div class="cw-bar"><h1>Citewell</h1>{count}<button type="button" class="cw-toggle" data-side '
        'aria-expanded="false" aria-controls="cw-side">Reports and filters</button></div>'
    )


def _listing(known: Sequence[ReportInfo]) -> str:
    return f"<h2>{plural(len(known), 'report')}</h2>{library_list(known)}" if known else library_list(known)


def _scope_line(
    known: Sequence[ReportInfo], organisations: Sequence[str], years: Sequence[int], report_ids: Sequence[str]
) -> str:
    if not known:
        return "<p>Add a report to begin.</p>"
    chosen = [
        report
        for report in known
        if (not organisations or report.organisation in organisations)
        and (not years or report.year in years)
        and (not report_ids or report.report_id in report_ids)
    ]
    if len(chosen) == len(known):
        return f"<p>Searching all {plural(len(known), 'report')}.</p>"
    if not chosen:
        return "<p>No report fits these filters: remove one to search.</p>"
    return f"<p>Searching {len(chosen)} of {plural(len(known), 'report')}.</p>"


_ADD_REPORTS = (
    '<h2>Add reports</h2><label class="cw-drop"><input type="file" id="cw-files" class="cw-hidden" multiple '
    f'accept="{",".join(sorted(SUFFIXES))}"><b>Choose files</b> or drop them here<br>'
    "PDF, Word, Excel, PowerPoint, OpenDocument, HTML, text, CSV, email; up to 100 MB each</label>"
    '<ul class="cw-uploads" id="cw-upload-list" '
    'aria-live="polite" aria-label="Files being added"></ul>'
)
_RESTING = (
    '<section id="cw-evidence" aria-label="Evidence"><div class="cw-resting"><h2>Evidence</h2>'
    "<p>Choose a numbered source in an answer to see its quotation here, marked where it stands in the report.</p>"
    "</div></section>"
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

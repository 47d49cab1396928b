"""The routes that the chat page asks beside Gradio's: its style and script, places in reports, files in and out, and
what users say of answers."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from index import Library
from index.errors import CitewellError, UnknownReport
from index.records import ReportInfo

from .evidence import Place, evidence_panel
from .feedback import MAX_COMMENT, Given, Verdict, record_feedback
from .render import escape
from .uploads import TooManyUploads, Uploads, public_message


def add_reports(app: FastAPI, library: Library) -> None:
    """A place in a report with the quotation marked, and the source file. Only ids of the catalogue are served."""

    def report(report_id: str) -> ReportInfo:
        try:
            return library.report(report_id)
        except UnknownReport:
            raise HTTPException(404, "This report is no longer in the library.") from None

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> Response:
        return PlainTextResponse(str(error.detail), status_code=error.status_code)

    @app.exception_handler(CitewellError)
    def unable(_: Request, error: CitewellError) -> Response:
        return PlainTextResponse(public_message(error), status_code=503)

    @app.get("/evidence/{report_id}")
    def evidence(
        report_id: str,
        start: int = Query(ge=0),
        end: int = Query(ge=1),
        n: int | None = Query(default=None, ge=0, le=999),
        also: str = Query(default="", max_length=4_000),
        part: bool = False,
    ) -> Response:
        info = report(report_id)
        try:
            place = Place(
                report=info,
                text=library.text(report_id),
                sections=library.sections(report_id),
                page_runs=library.page_runs(report_id),
                tables=library.tables(report_id),
                start=start,
                end=end,
            )
        except UnknownReport:
            raise HTTPException(404, "This report is no longer in the library.") from None
        if not start < end <= len(place.text):
            raise HTTPException(404, "The report has changed since: this place is no longer in it. Ask again.")
        others = {item.report_id: item for item in library.reports()}
        content = evidence_panel(place, n, [others[key] for key in also.split(",") if key in others], part)
        return HTMLResponse(content if part else _plain_page(info.title, content))

    @app.get("/source/{report_id}")
    def source(report_id: str) -> Response:
        info = report(report_id)
        shown = {"application/pdf": "application/pdf", "text/plain": "text/plain", "text/markdown": "text/plain"}
        media = shown.get(info.media_type, "text/plain" if "html" in info.media_type else "application/octet-stream")
        way = "inline" if info.media_type in shown else "attachment"
        name = quote(info.file.replace("\\", "/").rsplit("/", 1)[-1], safe="")
        headers = {"content-disposition": f"{way}; filename*=UTF-8''{name}", "cache-control": "no-store"}
        if media == "text/plain":
            media = "text/plain; charset=utf-8"
            headers["content-security-policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
        path = library.source(report_id)
        if not path.is_file():
            raise HTTPException(404, "The library has no copy of this file. `citewell check` says what is missing.")
        return FileResponse(path, media_type=media, headers=headers)


def _plain_page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><base href="/">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="citewell.css"></head>'
        f'<body class="cw-plain"><main id="cw-evidence">{content}</main></body></html>'
    )


def add_uploads(app: FastAPI, uploads: Uploads) -> None:
    """Take a file for indexing, and say how far it is."""

    @app.post("/uploads")
    async def send(request: Request, name: str = Query(default="report", max_length=1_000)) -> Response:
        try:
            upload = await uploads.receive(name, request.stream())
        except TooManyUploads as error:
            return PlainTextResponse(str(error), status_code=429)
        return JSONResponse(upload.as_json())

    @app.get("/uploads/{upload_id}")
    def state(upload_id: str) -> Response:
        upload = uploads.get(upload_id)
        if upload is None:
            return PlainTextResponse("The server no longer knows of this file. Add it again.", status_code=404)
        return JSONResponse(upload.as_json())


class Mark(BaseModel):
    """What a browser says of an answer. It names the answer; what the answer was, the server knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    conversation: str
    turn: int
    verdict: Verdict
    comment: str = ""


def add_feedback(app: FastAPI, library: Library, given: Callable[[str, int], Given | None]) -> None:
    """Take what a user says of an answer that the page gave, and keep it in the library's folder."""

    @app.post("/api/v1/feedback")
    async def mark(request: Request) -> Response:
        try:
            said = Mark.model_validate_json(await request.body())
        except ValidationError:
            return PlainTextResponse("This cannot be read. Load the page again, then mark the answer.", status_code=422)
        comment = " ".join(said.comment.split())
        if len(comment) > MAX_COMMENT:
            words = f"The comment has {len(comment):,} characters; {MAX_COMMENT} is the most."
            return PlainTextResponse(words, status_code=422)
        found = await run_in_threadpool(given, said.conversation, said.turn)
        if found is None:
            words = "The server no longer knows this answer. Ask again, then mark the new answer."
            return PlainTextResponse(words, status_code=404)

        def record() -> None:
            record_feedback(
                library.folder,
                answer=found.answer,
                verdict=said.verdict,
                history=found.history,
                scope=found.scope,
                comment=comment,
            )

        try:
            await run_in_threadpool(record)
        except OSError:
            words = "This could not be kept: the library's folder cannot be written to."
            return PlainTextResponse(words, status_code=503)
        return PlainTextResponse("Noted. Thank you.")

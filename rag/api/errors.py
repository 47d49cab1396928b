"""Every refusal of the API as `{"error": {"type", "message"}}`, with one sentence that says what to do."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from index.errors import BadQuestion, CitewellError, LibraryBusy, LibraryFull, UnknownReport

from ..conversations import BadName, ConversationFull, UnknownConversation
from ..pages.child import PageUnreadable
from ..pages.store import NoPages, NoPlace, PagesBusy
from ..uploads import public_message

STATUS: tuple[tuple[type[CitewellError], int], ...] = (
    (UnknownReport, 404),
    (UnknownConversation, 404),
    (ConversationFull, 409),
    (BadName, 422),
    (NoPages, 404),
    (NoPlace, 404),
    (PageUnreadable, 422),
    (BadQuestion, 422),
    (PagesBusy, 503),
    (LibraryBusy, 503),
    (LibraryFull, 507),
)


class ErrorDetail(BaseModel):
    """`type` is for programs, `message` for people."""

    type: str
    message: str


class ErrorReply(BaseModel):
    """What comes back instead of what was asked for."""

    error: ErrorDetail


def add_errors(app: FastAPI) -> None:
    """Answer every known error, and a request that does not fit, in the API's own way."""

    @app.exception_handler(CitewellError)
    def known(_: Request, error: CitewellError) -> JSONResponse:
        code = next((code for kind, code in STATUS if isinstance(error, kind)), 503)
        return refusal(code, type(error).__name__, public_message(error))

    @app.exception_handler(Exception)
    def unforeseen(_: Request, error: Exception) -> JSONResponse:
        return refusal(500, type(error).__name__, "Something went wrong here. Ask again; nothing was lost.")

    @app.exception_handler(RequestValidationError)
    def misfit(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"][1:]) or "the body"
        return refusal(422, "BadRequest", f"{where}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> JSONResponse:
        words = {404: "There is nothing at this address.", 405: "This address does not take that method."}
        return refusal(error.status_code, "BadRequest", words.get(error.status_code, str(error.detail)))


def refusal(status: int, kind: str, message: str) -> JSONResponse:
    """The reply for one error."""
    headers = {"retry-after": "5"} if status == 503 else None
    return JSONResponse({"error": {"type": kind, "message": message}}, status_code=status, headers=headers)

"""Ask, stream, search, compare and timeline over HTTP.

An answer that streams is worked out in a thread of its own: who loses the connection half way finds it whole in the
conversation that it was asked in.
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from ..assistant import MAX_QUESTION, Assistant
from ..grid import Grid, Timeline
from ..grid_table import cited_rows, grid_rows, timeline_rows
from ..records import Answer, Hit, Scope
from .tables import TABLES, TableForm, table_file
from .work import Asking

MAX_MESSAGES = 50
MAX_MESSAGE = 20_000  # characters: an answer with its quotations
MAX_NAMES = 1_000  # reports, organisations or years that narrow a search
MAX_K = 200

Name = Annotated[str, Field(max_length=400)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Narrowed(_Body):
    """What to search. Empty means everything; values of one field are alternatives, fields must all hold."""

    reports: tuple[Name, ...] = Field(default=(), max_length=MAX_NAMES)
    organisations: tuple[Name, ...] = Field(default=(), max_length=MAX_NAMES)
    years: tuple[int, ...] = Field(default=(), max_length=MAX_NAMES)
    widened: tuple[Literal["organisation", "year"], ...] = Field(default=(), max_length=2)

    def as_scope(self) -> Scope:
        """The record that the assistant takes."""
        return Scope(self.reports, self.organisations, self.years, self.widened)


class Message(_Body):
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_MESSAGE)


class Question(_Body):
    """What to ask. With `conversation`, the history is that conversation's and the answer is kept in it; `history`
    must then be empty."""

    question: str = Field(description=f"{MAX_QUESTION:,} characters at most")
    history: tuple[Message, ...] = Field(default=(), max_length=MAX_MESSAGES)
    scope: Narrowed = Narrowed()
    conversation: Annotated[str | None, Field(max_length=64)] = None


class Sought(_Body):
    """What to search for."""

    query: str = Field(description=f"{MAX_QUESTION:,} characters at most")
    k: int = Field(10, ge=1, le=MAX_K)
    scope: Narrowed = Narrowed()


class Compared(_Body):
    """What to compare. Without organisations or years, those that the question names, else all in reach."""

    question: str
    organisations: tuple[Name, ...] = Field(default=(), max_length=MAX_NAMES)
    years: tuple[int, ...] = Field(default=(), max_length=MAX_NAMES)
    scope: Narrowed = Narrowed()


class OverTime(_Body):
    """The judgment or measure to follow over the years."""

    question: str
    scope: Narrowed = Narrowed()


@dataclasses.dataclass(frozen=True, slots=True)
class Hits:
    """The passages of a search, best first."""

    query: str
    hits: tuple[Hit, ...]


def ask_routes(assistant: Assistant, asking: Asking) -> APIRouter:
    """The routes that ask."""
    routes = APIRouter(tags=["Asking"])

    @routes.post("/ask", response_model=Answer)
    def ask(body: Question) -> JSONResponse:
        """One checked answer."""
        answer = asking.ask(body.question, _messages(body), body.scope.as_scope(), body.conversation)
        return JSONResponse(dataclasses.asdict(answer))

    @routes.post("/stream", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    def stream(body: Question) -> StreamingResponse:
        """The same as server-sent events: `step` ({"step", "detail"}), `text` ({"text"}, the next piece of what has
        already been checked), then `answer` with the whole answer, or `error` ({"error": {"type", "message"}})."""
        events = asking.stream(body.question, _messages(body), body.scope.as_scope(), body.conversation)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_sent(events), media_type="text/event-stream", headers=headers)

    def found(query: str, k: int, scope: Scope) -> JSONResponse:
        hits = assistant.search(query, k=k, scope=scope)
        return JSONResponse(dataclasses.asdict(Hits(query, hits)))

    @routes.post("/search", response_model=Hits)
    def search(body: Sought) -> JSONResponse:
        """The passages whose evidence answers best, without an answer."""
        return found(body.query, body.k, body.scope.as_scope())

    @routes.get("/search", response_model=Hits)
    def search_by_address(
        q: str,
        k: Annotated[int, Query(ge=1, le=MAX_K)] = 10,
        report: Annotated[list[Name], Query(max_length=MAX_NAMES)] = [],  # noqa: B006 – FastAPI copies it
        organisation: Annotated[list[Name], Query(max_length=MAX_NAMES)] = [],  # noqa: B006
        year: Annotated[list[int], Query(max_length=MAX_NAMES)] = [],  # noqa: B006
    ) -> JSONResponse:
        """The same, asked for in the address."""
        return found(q, k, Scope(tuple(report), tuple(organisation), tuple(year)))

    @routes.post("/compare", response_model=Grid)
    def compare(body: Compared) -> JSONResponse:
        """A grid: one cited cell for each organisation and year, or "not stated"."""
        grid = assistant.compare(body.question, body.organisations, body.years, body.scope.as_scope())
        return JSONResponse(dataclasses.asdict(grid))

    @routes.post("/compare/export", response_class=Response, responses=TABLES)
    def compare_file(body: Compared, form: TableForm = "csv") -> Response:
        """The same as a table, the citations below it or on a second sheet."""
        grid = assistant.compare(body.question, body.organisations, body.years, body.scope.as_scope())
        return table_file(body.question, {"Comparison": grid_rows(grid), "Citations": cited_rows(grid.citations)}, form)

    @routes.post("/timeline", response_model=Timeline)
    def timeline(body: OverTime) -> JSONResponse:
        """A judgment or one measure over the years, each point cited."""
        return JSONResponse(dataclasses.asdict(assistant.timeline(body.question, body.scope.as_scope())))

    @routes.post("/timeline/export", response_class=Response, responses=TABLES)
    def timeline_file(body: OverTime, form: TableForm = "csv") -> Response:
        """The same as a table, the citations below it or on a second sheet."""
        line = assistant.timeline(body.question, body.scope.as_scope())
        return table_file(
            body.question, {"Timeline": timeline_rows(line), "Citations": cited_rows(line.citations)}, form
        )

    return routes


def _messages(body: Question) -> tuple[dict[str, str], ...]:
    return tuple({"role": message.role, "content": message.content} for message in body.history)


def _sent(events: Iterator[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Events as they go over the wire. JSON has no line ends, so that each is one data line."""
    for kind, data in events:
        yield f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

"""Conversations over HTTP: list, search, begin, open, name, delete."""

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from index import Library

from ..anchors import SourceState, anchored
from ..conversations import LISTED, MAX_NAME, Conversations, Kept, Listed, Turn
from ..export.file import MEDIA, Format, export
from ..export.gather import gather
from ..pages.store import Pages
from ..records import Answer, Scope

EXPORTED: dict[int | str, dict[str, Any]] = {200: {"content": {media.split(";")[0]: {} for media in MEDIA.values()}}}
Key = Annotated[str, Path(max_length=64)]


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """What became of the source of citation `n` since; `words` says so to people, empty where nothing did."""

    n: int
    state: SourceState
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class OpenedTurn:
    """A turn as it can be shown now: citations stand where their words stand now."""

    n: int
    state: str
    asked: str
    question: str
    scope: Scope
    answered: str | None
    answer: Answer | None
    failure: str
    sources: tuple[Source, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with its turns, oldest first."""

    id: str
    name: str
    named: bool
    created: str
    updated: str
    turns: tuple[OpenedTurn, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ConversationList:
    """Conversations, last used first."""

    conversations: tuple[Listed, ...]


class Name(BaseModel):
    """The name of a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("", max_length=MAX_NAME)


def conversation_routes(library: Library, conversations: Conversations, pages: Pages) -> APIRouter:
    """The routes about conversations."""
    routes = APIRouter(prefix="/conversations", tags=["Conversations"])

    @routes.get("", response_model=ConversationList)
    def listed(
        q: Annotated[str, Query(max_length=500)] = "", most: Annotated[int, Query(ge=1, le=LISTED)] = LISTED
    ) -> JSONResponse:
        """Those whose name, questions or answers hold every word of `q`."""
        return JSONResponse(dataclasses.asdict(ConversationList(conversations.list(q, most))))

    @routes.post("", response_model=Listed, status_code=201)
    def begin(body: Name) -> JSONResponse:
        """A new, empty conversation. Ask in it by naming its id in `ask` or `stream`."""
        return JSONResponse(dataclasses.asdict(conversations.create(body.name)), status_code=201)

    @routes.get("/{key}", response_model=Opened)
    def opened(key: Key) -> JSONResponse:
        """A conversation with its answers. `sources` says which sources were replaced, changed or removed since."""
        return JSONResponse(opened_conversation(library, conversations.get(key)))

    @routes.patch("/{key}", response_model=Listed)
    def rename(key: Key, body: Name) -> JSONResponse:
        """Name a conversation."""
        conversations.rename(key, body.name)
        kept = conversations.get(key)
        listed = Listed(kept.id, kept.name, kept.named, kept.created, kept.updated, len(kept.turns))
        return JSONResponse(dataclasses.asdict(listed))

    @routes.delete("/{key}", status_code=204)
    def delete(key: Key) -> None:
        """Delete a conversation."""
        conversations.delete(key)

    @routes.get("/{key}/export", response_class=Response, responses=EXPORTED)
    def exported(
        key: Key,
        form: Annotated[Format, Query(alias="format")] = "html",
        turn: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        """A conversation, or one turn of it, as one file with every quotation and pictures of its pages."""
        kept = conversations.get(key)
        if turn is not None:
            conversations.turn(key, turn)
        file = export(gather(library, pages, kept, turn), form)
        return Response(file.data, media_type=file.media_type, headers=file.headers)

    return routes


def opened_conversation(library: Library, kept: Kept) -> dict[str, Any]:
    """The fields of `Opened`: a conversation as it can be shown now."""
    return {
        "id": kept.id,
        "name": kept.name,
        "named": kept.named,
        "created": kept.created,
        "updated": kept.updated,
        "turns": [opened_turn(library, turn) for turn in kept.turns],
    }


def opened_turn(library: Library, turn: Turn) -> dict[str, Any]:
    """The fields of `OpenedTurn`."""
    answer, sources = turn.answer, []
    if answer is not None:
        found = [anchored(library, citation) for citation in answer["citations"]]
        answer = answer | {"citations": [item.citation for item in found]}
        sources = [{"n": item.citation["n"], "state": item.state, "words": item.words} for item in found]
    return {
        "n": turn.n,
        "state": turn.state,
        "asked": turn.asked,
        "question": turn.question,
        "scope": dataclasses.asdict(turn.scope),
        "answered": turn.answered,
        "answer": answer,
        "failure": turn.failure,
        "sources": sources,
    }

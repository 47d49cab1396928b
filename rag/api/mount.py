"""The API as an application of its own, which the page's server mounts under /api/v1."""

from dataclasses import dataclass

from fastapi import FastAPI

from index import Library

from ..assistant import Assistant
from ..conversations import Conversations
from ..pages.store import Pages
from .ask import ask_routes
from .conversations import conversation_routes
from .errors import ErrorReply, add_errors
from .reports import report_routes
from .work import Asking

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Api:
    """What the server side of the page shares with the API. Close it when the server ends."""

    app: FastAPI
    asking: Asking
    conversations: Conversations
    pages: Pages

    def close(self) -> None:
        """Finish what is being answered, and let go of processes and files."""
        self.asking.close()
        self.pages.close()
        self.conversations.close()


def create_api(library: Library, assistant: Assistant) -> Api:
    """The API over a library. Mount `app` at `PREFIX`."""
    pages = Pages(library)
    conversations = Conversations(library.folder)
    asking = Asking(assistant, conversations)
    app = FastAPI(
        title="Citewell",
        summary="Answers questions over reports, and proves every answer.",
        version="1",
        docs_url=None,
        redoc_url=None,
        responses={"4XX": {"model": ErrorReply}, "5XX": {"model": ErrorReply}},
    )
    add_errors(app)
    app.include_router(ask_routes(assistant, asking))
    app.include_router(report_routes(library, pages))
    app.include_router(conversation_routes(library, conversations, pages))
    return Api(app, asking, conversations, pages)

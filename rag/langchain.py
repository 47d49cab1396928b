"""The assistant as LangChain parts. This module alone knows LangChain's types."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from .records import Answer, Hit, Scope

if TYPE_CHECKING:
    from .assistant import Assistant


class PassageRetriever(BaseRetriever):
    """Passages as LangChain documents; `metadata` has the fields of a `Hit` without its text."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Any
    k: int
    scope: Scope

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(hit) for hit in self.assistant.search(query, self.k, self.scope)]


def runnable(assistant: "Assistant") -> Runnable[str | Mapping[str, Any], Answer]:
    """A question, or {"question", "history", "scope"}, to an `Answer`."""

    def answer(asked: str | Mapping[str, Any]) -> Answer:
        if isinstance(asked, str):
            return assistant.ask(asked)
        history: Sequence[Mapping[str, object]] = asked.get("history", ())
        return assistant.ask(asked["question"], history, asked.get("scope", Scope()))

    return RunnableLambda(answer, name="citewell")


def retriever(assistant: "Assistant", k: int, scope: Scope) -> BaseRetriever:
    """A retriever of the `k` best passages within `scope`."""
    return PassageRetriever(assistant=assistant, k=k, scope=scope)


def _document(hit: Hit) -> Document:
    metadata = {name: value for name, value in asdict(hit).items() if name != "text"}
    metadata["section"] = list(hit.section)
    return Document(page_content=hit.text, metadata=metadata)

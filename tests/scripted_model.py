"""A server that speaks OpenAI's protocol and says what a test has it say: network, client and stream are real."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Says = Callable[[dict[str, object]], "str | Failure"]
PIECE = 12  # characters that are sent at once


@dataclass(frozen=True)
class Failure:
    """A reply that is none: a status, and words that a provider might send with it."""

    status: int
    message: str = "no"
    after: str = ""  # sent as the beginning of a stream that then breaks off
    seconds: float = 0.0


@dataclass
class Scripted:
    """What the server was asked (`asked`), and what it says."""

    says: Says
    url: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    first_sent: list[float] = field(default_factory=list)


def prompt_of(body: dict[str, object]) -> str:
    """All that the model was told."""
    messages = body["messages"]
    assert isinstance(messages, list)
    return "\n".join(str(message["content"]) for message in messages)


def reply(*statements: tuple[str, list[tuple[str, str]]]) -> str:
    """A well-formed reply: each statement with its quotes, as (passage, words)."""
    items = [
        {"quotes": [{"passage": passage, "words": words} for passage, words in quotes], "text": text}
        for text, quotes in statements
    ]
    return json.dumps({"statements": items}, ensure_ascii=False)


@contextmanager
def served(says: Says) -> Iterator[Scripted]:
    """The server on a free port of this machine, until the block ends."""
    scripted = Scripted(says)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._json(
                200, {"object": "list", "data": [{"id": "scripted", "object": "model", "meta": {"n_ctx": 8192}}]}
            )

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            scripted.asked.append(body)
            scripted.headers.append({name.lower(): value for name, value in self.headers.items()})
            said = scripted.says(body)
            if isinstance(said, Failure):
                time.sleep(said.seconds)
                if not said.after:
                    self._json(said.status, {"error": {"message": said.message, "type": "error"}})
                    return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            text = said.after if isinstance(said, Failure) else said
            scripted.first_sent.append(time.perf_counter())
            self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
            for at in range(0, len(text), PIECE):
                self._event(
                    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": text[at : at + PIECE]}}]}
                )
            if isinstance(said, Failure):
                self.close_connection = True
                return
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
            self._event({"choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, part: dict[str, object]) -> None:
            whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **part}
            self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())
            self.wfile.flush()

        def _json(self, status: int, value: object) -> None:
            sent = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    scripted.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

"""What stands between the network and the page: which requests are let in, and what the browser may do with replies.

Gradio opens routes that the page does not use (files, proxies, uploads, code editing) and reflects any origin when it
serves another host than this computer. Only the routes that the page needs are let through, a request that changes
something must come from the page itself, and what a report could smuggle in has no script, frame or address to go to.
"""

import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_REQUEST_BYTES = 256 * 1024  # of anything but a file: a question and its filters are far below

_PAGES = ("/", "/config", "/config/", "/theme.css", "/favicon.ico", "/robots.txt", "/citewell.css")
_FOLDERS = ("/page/", "/views/", "/assets/", "/static/", "/evidence/", "/source/", "/uploads/", "/api/v1/")
_GRADIO_READS = ("theme.css", "startup-events", "app_id", "queue/data", "heartbeat/")
_GRADIO_WRITES = ("queue/join", "cancel", "reset")
_SAFE = ("GET", "HEAD")

_SOCIAL = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>|<link rel="manifest"[^>]*>')
_OWN_ASSETS = '<link rel="stylesheet" href="citewell.css"><script src="page/main.js" type="module"></script></head>'
_BODY = re.compile(r"<body[^>]*>")
_OPENING = '<p id="cw-first" aria-hidden="true"><b>Citewell</b> Opening…</p>'  # until Gradio has drawn the page


class Guard:
    """ASGI middleware. `hosts` are the host names that a request may name, empty for any; naming them stops a page
    elsewhere that points its own name at this computer. `upload_bytes` limits the body of a file."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] = (), upload_bytes: int = MAX_REQUEST_BYTES) -> None:
        self.app = app
        self.hosts = hosts
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        nonce = secrets.token_urlsafe(16)
        if scope["path"] == "/":
            scope["headers"] = [item for item in scope["headers"] if item[0] != b"accept-encoding"]
            await self.app(scope, receive, _PageSender(send, nonce).send)
        else:
            await self.app(scope, receive, _HeaderSender(send, nonce).send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts and urlsplit(f"//{host}").hostname not in self.hosts:
            return 421, "This address does not belong to the page."
        method, path = scope["method"], scope["path"]
        if not _served(method, path):
            return 404, "There is nothing at this address."
        if method in _SAFE:
            return None
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return 403, "This request comes from another site."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "This request comes from another site."
        if method == "DELETE" and "transfer-encoding" not in headers:
            return None  # it has no body, and what has none need not say how long it is
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return 411, "The request does not say how long it is."
        limit = self.upload_bytes if path == "/uploads" else MAX_REQUEST_BYTES
        if int(length) > limit:
            return 413, f"The request is larger than {limit // 1024:,} KB."
        return None


def _served(method: str, path: str) -> bool:
    if path.startswith("/gradio_api/"):
        name = path.removeprefix("/gradio_api/")
        return name.startswith(_GRADIO_READS) if method in _SAFE else method == "POST" and name in _GRADIO_WRITES
    return path in (*_PAGES, "/uploads", "/follow-ups") or path.startswith(_FOLDERS)


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = MutableHeaders(
        {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), "connection": "close"}
    )
    _secure(headers, "")
    await send({"type": "http.response.start", "status": status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


def _secure(headers: MutableHeaders, nonce: str) -> None:
    own = f" 'nonce-{nonce}'" if nonce else ""
    headers["x-content-type-options"] = "nosniff"
    headers["x-frame-options"] = "DENY"
    headers["referrer-policy"] = "no-referrer"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
    # Gradio compiles its components' templates with Function(), which needs 'unsafe-eval', and styles by attribute.
    headers.setdefault(
        "content-security-policy",
        f"default-src 'self'; script-src 'self'{own} 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'",
    )
    for name in ("access-control-allow-origin", "access-control-allow-credentials", "server"):
        del headers[name]


class _HeaderSender:
    """Adds the security headers to a reply."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._nonce = nonce

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _secure(MutableHeaders(raw=message.setdefault("headers", [])), self._nonce)
        await self._send(message)


class _PageSender:
    """Holds the page back until it is whole, takes out what points elsewhere, and lets its own scripts run."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._nonce = nonce
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        headers = MutableHeaders(raw=self._start.setdefault("headers", []))
        if headers.get("content-type", "").startswith("text/html"):
            page = _SOCIAL.sub("", self._body.decode())
            page = page.replace("</head>", _OWN_ASSETS, 1).replace("<script", f'<script nonce="{self._nonce}"')
            page = _BODY.sub(lambda body: body[0] + _OPENING, page, count=1)
            self._body = page.encode()
            if "content-length" in headers and self._body:
                headers["content-length"] = str(len(self._body))
        _secure(headers, self._nonce)
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})

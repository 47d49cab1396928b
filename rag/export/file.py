"""Which export, under which name."""

import base64
import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from .docx import as_docx
from .gather import Dossier
from .html import as_html
from .markdown import as_markdown
from .words import safe

Format = Literal["html", "docx", "md", "json"]


def as_json(dossier: Dossier) -> bytes:
    """The record as JSON, pictures as base64."""

    def plain(value: object) -> object:
        return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else str(value)

    record = dataclasses.asdict(dossier)
    return json.dumps(record, ensure_ascii=False, indent=1, default=plain).encode()


MEDIA: Mapping[Format, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
_WRITE: Mapping[str, Callable[[Dossier], bytes]] = {
    "html": as_html,
    "docx": as_docx,
    "md": as_markdown,
    "json": as_json,
}
_IN_A_NAME = re.compile(r"[^\w\- ]+")


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to take away."""

    name: str
    media_type: str
    data: bytes

    @property
    def headers(self) -> dict[str, str]:
        """As an attachment under its name, which no browser opens as a page of this server."""
        plain = self.name.encode("ascii", "ignore").decode() or "answers"
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(self.name, safe='')}"
        return {"content-disposition": named, "cache-control": "no-store"}


def export(dossier: Dossier, form: Format) -> ExportFile:
    """The dossier as one file."""
    return ExportFile(f"{file_stem(dossier.title)}.{form}", MEDIA[form], _WRITE[form](dossier))


def file_stem(title: str) -> str:
    """A title as the name of a file: letters, digits and spaces, 80 characters at most."""
    return " ".join(_IN_A_NAME.sub(" ", safe(title)).split())[:80].strip() or "answers"


def fields(record: Any) -> dict[str, Any]:
    """The fields of an answer record, as an export takes them."""
    found: dict[str, Any] = dataclasses.asdict(record)
    return found

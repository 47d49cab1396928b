"""Which export, under which name."""

import base64
import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from index import Library
from index.errors import CitewellError

from ..pages.store import Pages
from ..records import Answer
from .docx import as_docx
from .gather import Dossier, gather_answer
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


class UnknownFormat(CitewellError):
    """A file whose ending names no format that an answer can be written in."""

    def __init__(self, path: Path) -> None:
        endings = ", ".join(f".{form}" for form in MEDIA)
        super().__init__(f"{path.name} cannot be written: its ending must be one of {endings}.")


def write_answer(library: Library, answer: Answer, path: Path) -> None:
    """Write one answer with its evidence, in the format that the file's ending names. Raises UnknownFormat, OSError."""
    form = next((form for form in MEDIA if path.suffix.lower() == f".{form}"), None)
    if form is None:
        raise UnknownFormat(path)
    pages = Pages(library)
    try:
        path.write_bytes(export(gather_answer(library, pages, dataclasses.asdict(answer)), form).data)
    finally:
        pages.close()

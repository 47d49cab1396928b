"""File → `LoadedReport`: the bytes are read once, checked against the suffix, parsed in a child process with limits,
and turned into canonical text. Whatever fails is an `UnreadableReport` that says what to do."""

import errno
import hashlib
import os
import stat
import unicodedata
from pathlib import Path

from .canonical import canonicalise
from .errors import UnreadableReport
from .readers import DEFAULT_LIMITS, Limits, NotReadable
from .readers.recognise import CONVERSIONS, check_content
from .records import LoadedReport, RawReport
from .sandbox import ReaderProcess

_MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".eml": "message/rfc822",
}
SUFFIXES: frozenset[str] = frozenset(_MEDIA_TYPES)
CONVERTIBLE: frozenset[str] = frozenset(CONVERSIONS)  # refused, with what to save them as


def report_id_of(sha256: str) -> str:
    """The id of the report that a file with this sha256 is."""
    return sha256[:16]


def load_report(path: Path, *, limits: Limits = DEFAULT_LIMITS, reader: ReaderProcess | None = None) -> LoadedReport:
    """The report in a file. A `reader` that is passed in serves file after file; without one, a process is started
    for this file alone. Raises `UnreadableReport`."""
    name = display_name(path)
    try:
        suffix = path.suffix.lower()
        _check_suffix(suffix)
        data = read_bytes(path, limits.file_bytes)
        check_content(data, suffix, limits)
        media_type = _MEDIA_TYPES[suffix]
        if reader is not None:
            raw = reader.read(data, media_type, limits)
        else:
            with ReaderProcess() as own:
                raw = own.read(data, media_type, limits)
        return _loaded(raw, name, media_type, hashlib.sha256(data).hexdigest())
    except NotReadable as error:
        raise UnreadableReport(name, error.reason) from error


def display_name(path: Path) -> str:
    """The file's name for people: without control, direction or undecodable characters."""
    shown = "".join(c for c in path.name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    return shown.strip() or "a file without a printable name"


def read_bytes(path: Path, most: int) -> bytes:
    """The bytes of a regular file of at most `most` bytes. Links are not followed and nothing is waited for.
    Raises `NotReadable`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotReadable("there is no such file: check the path") from error
    except PermissionError as error:
        raise NotReadable("it may not be read: give this user permission to read it") from error
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            raise NotReadable("it is a link: add the file that it points to") from error
        raise NotReadable(f"it cannot be opened ({error})") from error
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        if stat.S_ISDIR(kind):
            raise NotReadable("it is a folder: add the files in it")
        raise NotReadable("it is not a regular file: copy its content to a file and add that")
    with os.fdopen(descriptor, "rb") as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise NotReadable(f"it cannot be read ({error.strerror})") from error
    if len(data) > most:
        raise NotReadable(f"it is larger than {most // 1024**2:,} MB: split it into several files")
    return data


def _check_suffix(suffix: str) -> None:
    if suffix in SUFFIXES:
        return
    if suffix in CONVERTIBLE:
        raise NotReadable(CONVERSIONS[suffix])
    kind = f"files of the kind {suffix!r}" if suffix else "files without a suffix"
    raise NotReadable(f"{kind} are not supported: convert it to one of {', '.join(sorted(SUFFIXES))}")


def _loaded(raw: RawReport, name: str, media_type: str, sha256: str) -> LoadedReport:
    text, blocks, page_runs = canonicalise(raw)
    if not text.strip():
        raise NotReadable("it holds no text: nothing can be read from it")
    return LoadedReport(
        report_id=report_id_of(sha256),
        file=name,
        sha256=sha256,
        media_type=media_type,
        text=text,
        blocks=blocks,
        page_runs=page_runs,
        pages=raw.pages,
        title_hint=raw.title_hint,
        date_hint=raw.date_hint,
        warnings=raw.warnings,
        pages_not_read=raw.pages_not_read,
    )

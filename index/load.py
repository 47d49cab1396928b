"""File → `LoadedReport`: the bytes are read once, checked against the suffix, parsed in a child process with limits,
and turned into canonical text. Whatever fails is an `UnreadableReport` that says what to do."""

import errno
import hashlib
import io
import os
import stat
import unicodedata
import zipfile
from pathlib import Path

from .canonical import canonicalise
from .errors import UnreadableReport
from .readers import DEFAULT_LIMITS, Limits, NotReadable
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
}
SUFFIXES: frozenset[str] = frozenset(_MEDIA_TYPES)

_CONVERT = {
    ".doc": "it is an old Word file: save it as .docx and add that",
    ".rtf": "it is a rich text file: save it as .docx and add that",
    ".odt": "it is an OpenDocument file: save it as .docx and add that",
}
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_PROTECTED = "it is protected by a password: remove the protection and add it again"
_MAX_ZIP_ENTRIES = 10_000
_MAX_ZIP_RATIO = 200  # unpacked to packed size of a whole file; ordinary documents stay below 30
_RATIO_FLOOR = 16 * 1024 * 1024  # bytes unpacked below which the ratio is of no matter


def load_report(path: Path, *, limits: Limits = DEFAULT_LIMITS, reader: ReaderProcess | None = None) -> LoadedReport:
    """The report in a file. A `reader` that is passed in serves file after file; without one, a process is started
    for this file alone. Raises `UnreadableReport`."""
    name = display_name(path)
    try:
        suffix = path.suffix.lower()
        _check_suffix(suffix)
        data = read_bytes(path, limits.file_bytes)
        _check_content(data, suffix, limits)
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
    if suffix in _CONVERT:
        raise NotReadable(_CONVERT[suffix])
    kind = f"files of the kind {suffix!r}" if suffix else "files without a suffix"
    raise NotReadable(f"{kind} are not supported: convert it to one of {', '.join(sorted(SUFFIXES))}")


def _check_content(data: bytes, suffix: str, limits: Limits) -> None:
    if not data.strip():
        raise NotReadable("it is empty: nothing can be read from it")
    if data.startswith(_OLE_MAGIC):
        raise NotReadable(_PROTECTED if _ENCRYPTED_STREAM in data else _CONVERT[".doc"])
    if suffix == ".pdf":
        if b"%PDF-" not in data[:1024]:
            raise NotReadable("it is not a PDF, whatever its name says: check where it comes from")
    elif suffix == ".docx":
        _check_zip(data, limits)
    else:
        _check_text(data, suffix)


def _check_text(data: bytes, suffix: str) -> None:
    for magic, kind in ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".docx"), (b"{\\rtf", ".rtf")):
        if data.startswith(magic):
            advice = _CONVERT.get(kind, f"if it is a {kind} file, rename it")
            raise NotReadable(f"its content is not what {suffix} files hold: {advice}")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    odd = sum(data.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
    if b"\0" in data or odd > len(data) // 100:
        raise NotReadable("it holds binary data and not text: export it as text and add that")


def _check_zip(data: bytes, limits: Limits) -> None:
    """Refuse a .docx that is no zip file, or that would unpack to more than it should. Only the directory is read."""
    broken = NotReadable("it is not a Word document, or it is damaged: open it in Word and save it again")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise broken from error
    if len(entries) > _MAX_ZIP_ENTRIES:
        raise NotReadable(f"it holds {len(entries):,} parts, more than a document needs: save it again in Word")
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotReadable(_PROTECTED)
    if "[Content_Types].xml" not in {entry.filename for entry in entries}:
        raise broken
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.file_bytes or (unpacked > _RATIO_FLOOR and unpacked > _MAX_ZIP_RATIO * len(data)):
        raise NotReadable(
            f"it unpacks to {unpacked // 1024**2:,} MB, more than a document needs: save it again in Word"
        )


def _loaded(raw: RawReport, name: str, media_type: str, sha256: str) -> LoadedReport:
    text, blocks, page_runs = canonicalise(raw)
    if not text.strip():
        raise NotReadable("it holds no text: nothing can be read from it")
    return LoadedReport(
        report_id=sha256[:16],
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
    )

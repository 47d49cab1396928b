"""Whether the bytes of a file are what its suffix says, before a parser sees them. Of a zip file only the directory
is read: how many parts it has, and what it would unpack to."""

import io
import zipfile

from . import Limits, NotReadable
from .encodings import utf16_without_mark

# Documents that no reader reads: suffix → what it is and what to save it as.
CONVERSIONS = {
    ".doc": "it is an old Word file: save it as .docx and add that",
    ".dot": "it is an old Word template: save it as .docx and add that",
    ".docm": "it is a Word file with macros: save it as .docx and add that",
    ".xls": "it is an old Excel file: save it as .xlsx and add that",
    ".xlsm": "it is an Excel file with macros: save it as .xlsx and add that",
    ".xlsb": "it is a binary Excel file: save it as .xlsx and add that",
    ".ppt": "it is an old PowerPoint file: save it as .pptx and add that",
    ".pptm": "it is a PowerPoint file with macros: save it as .pptx and add that",
    ".ods": "it is an OpenDocument spreadsheet: save it as .xlsx and add that",
    ".odp": "it is an OpenDocument presentation: save it as .pptx and add that",
    ".msg": "it is an Outlook message: save it as .eml and add that",
}
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OLD_OF = {".docx": ".doc", ".xlsx": ".xls", ".pptx": ".ppt"}
PROTECTED = "it is protected by a password: remove the protection and add it again"
# Zip formats: suffix → the part that each has, what it is, and the program that saves it.
_ZIPPED = {
    ".docx": ("[Content_Types].xml", "a Word document", "Word"),
    ".xlsx": ("[Content_Types].xml", "an Excel workbook", "Excel"),
    ".pptx": ("[Content_Types].xml", "a PowerPoint presentation", "PowerPoint"),
    ".odt": ("content.xml", "an OpenDocument text", "LibreOffice"),
}
_MAX_ZIP_ENTRIES = 10_000
_MAX_ZIP_RATIO = 200  # unpacked to packed size of a whole file; ordinary documents stay below 30
_RATIO_FLOOR = 16 * 1024 * 1024  # bytes unpacked below which the ratio is of no matter


def check_content(data: bytes, suffix: str, limits: Limits) -> None:
    """Raises `NotReadable` where the bytes are not a file of this kind, or would unpack to more than they should."""
    if not data.strip():
        raise NotReadable("it is empty: nothing can be read from it")
    if data.startswith(_OLE_MAGIC):
        old = "it is an old Office file: save it as .docx, .xlsx or .pptx and add that"
        raise NotReadable(PROTECTED if _ENCRYPTED_STREAM in data else CONVERSIONS.get(_OLD_OF.get(suffix, ""), old))
    if suffix == ".pdf":
        if b"%PDF-" not in data[:1024]:
            raise NotReadable("it is not a PDF, whatever its name says: check where it comes from")
    elif suffix in _ZIPPED:
        _check_zip(data, suffix, limits)
    elif suffix == ".rtf":
        if not data.lstrip().startswith(b"{\\rtf"):
            raise NotReadable("it is not a rich text file, whatever its name says: save it as .docx and add that")
    else:
        _check_text(data, suffix)


def _check_text(data: bytes, suffix: str) -> None:
    for magic, kind in ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".docx or .xlsx"), (b"{\\rtf", ".rtf")):
        if data.startswith(magic):
            raise NotReadable(f"its content is not what {suffix} files hold: if it is a {kind} file, rename it")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    odd = sum(data.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
    if (b"\0" in data or odd > len(data) // 100) and utf16_without_mark(data) is None:
        raise NotReadable("it holds binary data and not text: export it as text and add that")


def _check_zip(data: bytes, suffix: str, limits: Limits) -> None:
    needed, what, program = _ZIPPED[suffix]
    broken = NotReadable(f"it is not {what}, or it is damaged: open it in {program} and save it again")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise broken from error
    if len(entries) > _MAX_ZIP_ENTRIES:
        raise NotReadable(f"it holds {len(entries):,} parts, more than a document needs: save it again in {program}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotReadable(PROTECTED)
    if needed not in {entry.filename for entry in entries}:
        raise broken
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.file_bytes or (unpacked > _RATIO_FLOOR and unpacked > _MAX_ZIP_RATIO * len(data)):
        raise NotReadable(
            f"it unpacks to {unpacked // 1024**2:,} MB, more than a document needs: save it again in {program}"
        )

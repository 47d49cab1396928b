"""Hostile, damaged and protected files of every format: refused by name with the reason, or read without harm; the
next file is read."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from odf.opendocument import OpenDocumentText
from odf.text import P
from reportlab.pdfgen.canvas import Canvas

from index.errors import UnreadableReport
from index.load import CONVERTIBLE, SUFFIXES, load_report
from index.readers import Limits
from index.readers.encodings import decode, decode_declared
from index.records import LoadedReport
from index.sandbox import ReaderProcess
from index.walk import walk

BODY = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".pptx": "ppt/slides/slide1.xml",
    ".odt": "content.xml",
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def _sample(suffix: str, words: str = "The force has a plan.") -> bytes:
    target = io.BytesIO()
    if suffix == ".docx":
        document = docx.Document()
        document.add_paragraph(words)
        document.save(target)
    elif suffix == ".xlsx":
        workbook = openpyxl.Workbook()
        workbook.active["A1"] = words
        workbook.save(target)
    elif suffix == ".pptx":
        presentation = pptx.Presentation()
        presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = words
        presentation.save(target)
    else:
        text = OpenDocumentText()
        text.text.addElement(P(text=words))
        text.save(target)
    return target.getvalue()


def _changed(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The zip file with some of its parts replaced, or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (parts | changes).items():
            archive.writestr(name, part)
    return target.getvalue()


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def _load(folder: Path, name: str, data: bytes, reader: ReaderProcess, limits: Limits | None = None) -> LoadedReport:
    path = folder / name
    path.write_bytes(data)
    return load_report(path, reader=reader, limits=limits or Limits())


@pytest.mark.parametrize("suffix", sorted(BODY))
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, reader: ReaderProcess, suffix: str) -> None:
    data = _changed(_sample(suffix), {"media/zeros.bin": bytes(100 * 1024 * 1024)})
    with pytest.raises(UnreadableReport, match=r"bomb\.\w+: it unpacks to \d+ MB"):
        _load(tmp_path, f"bomb{suffix}", data, reader)


@pytest.mark.parametrize("suffix", sorted(BODY))
def test_a_file_of_many_thousand_parts_is_refused(tmp_path: Path, reader: ReaderProcess, suffix: str) -> None:
    data = _changed(_sample(suffix), {f"media/{number}": b"" for number in range(10_001)})
    with pytest.raises(UnreadableReport, match=r"10,\d+ parts"):
        _load(tmp_path, f"parts{suffix}", data, reader)


@pytest.mark.parametrize("suffix", sorted(BODY))
def test_an_entity_never_brings_in_another_file(tmp_path: Path, reader: ReaderProcess, suffix: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret text")
    data = _sample(suffix)
    body = _part(data, BODY[suffix])
    head, _, rest = body.partition(b"?>") if body.startswith(b"<?xml") else (b"<?xml version='1.0'", b"", body)
    doctype = f"?><!DOCTYPE x [<!ENTITY leak SYSTEM 'file://{secret}'>]>".encode()
    hostile = head + doctype + rest.replace(b"has a plan", b"has &leak; plan")
    try:
        text = _load(tmp_path, f"leak{suffix}", _changed(data, {BODY[suffix]: hostile}), reader).text
    except UnreadableReport as refusal:
        text = refusal.reason
    assert text
    assert "secret" not in text


@pytest.mark.parametrize("suffix", sorted(BODY))
def test_entities_that_multiply_cost_no_more_than_the_limits(
    tmp_path: Path, reader: ReaderProcess, suffix: str
) -> None:
    data = _sample(suffix)
    body = _part(data, BODY[suffix])
    head, _, rest = body.partition(b"?>") if body.startswith(b"<?xml") else (b"<?xml version='1.0'", b"", body)
    levels = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    hostile = head + f"?><!DOCTYPE x [<!ENTITY e0 'laugh'>{levels}]>".encode() + rest.replace(b"a plan", b"&e11;")
    try:
        text = _load(tmp_path, f"laugh{suffix}", _changed(data, {BODY[suffix]: hostile}), reader).text
    except UnreadableReport as refusal:
        text = refusal.reason
    assert len(text) < 1_000
    assert _load(tmp_path, "next.txt", b"The next file.", reader).text == "The next file."


@pytest.mark.parametrize("suffix", sorted(BODY))
def test_a_damaged_file_is_refused(tmp_path: Path, reader: ReaderProcess, suffix: str) -> None:
    data = _sample(suffix)
    for harm in (data[: len(data) // 2], _changed(data, {BODY[suffix]: b"<broken"}), b"PK\x03\x04" + bytes(100)):
        with pytest.raises(UnreadableReport, match=rf"harm\{suffix}: it is "):
            _load(tmp_path, f"harm{suffix}", harm, reader)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".pptx"])
def test_a_protected_office_file_is_refused(tmp_path: Path, reader: ReaderProcess, suffix: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnreadableReport, match="password"):
        _load(tmp_path, f"locked{suffix}", data, reader)


def test_a_protected_opendocument_text_is_refused(tmp_path: Path, reader: ReaderProcess) -> None:
    data = _sample(".odt")
    manifest = _part(data, "META-INF/manifest.xml").replace(b"</manifest:manifest>", b"<!-- --></manifest:manifest>")
    sealed = manifest.replace(b"<!-- -->", b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
    with pytest.raises(UnreadableReport, match="password"):
        _load(tmp_path, "locked.odt", _changed(data, {"META-INF/manifest.xml": sealed}), reader)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_an_empty_file_is_refused(tmp_path: Path, reader: ReaderProcess, suffix: str) -> None:
    with pytest.raises(UnreadableReport, match="empty"):
        _load(tmp_path, f"empty{suffix}", b"", reader)


@pytest.mark.parametrize("suffix", sorted(CONVERTIBLE))
def test_a_format_that_is_not_read_is_refused_with_what_to_save_it_as(
    tmp_path: Path, reader: ReaderProcess, suffix: str
) -> None:
    with pytest.raises(UnreadableReport, match=r"save it as \.(docx|xlsx|pptx|eml) and add that"):
        _load(tmp_path, f"old{suffix}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), reader)
    assert [path.name for path in walk([tmp_path]).files] == [f"old{suffix}"]


@pytest.mark.parametrize(("suffix", "old"), [(".docx", "Word"), (".xlsx", "Excel"), (".pptx", "PowerPoint")])
def test_an_old_office_file_under_a_new_name_is_refused(
    tmp_path: Path, reader: ReaderProcess, suffix: str, old: str
) -> None:
    with pytest.raises(UnreadableReport, match=f"old {old} file"):
        _load(tmp_path, f"renamed{suffix}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), reader)


def test_text_that_a_workbook_repeats_counts_against_the_limit(tmp_path: Path, reader: ReaderProcess) -> None:
    target = io.BytesIO()
    workbook = openpyxl.Workbook()
    for _ in range(50):
        workbook.active.append(["long words " * 20] * 20)
    workbook.save(target)
    with pytest.raises(UnreadableReport, match="more than 100,000 characters"):
        _load(tmp_path, "long.xlsx", target.getvalue(), reader, Limits(characters=100_000))


@pytest.mark.parametrize("name", ["long.rtf", "long.csv", "long.eml", "long.odt", "long.pptx"])
def test_a_text_longer_than_the_limit_is_refused(tmp_path: Path, reader: ReaderProcess, name: str) -> None:
    words = "long words " * 200
    head = {"long.rtf": "{\\rtf1 ", "long.eml": "From: a\nSubject: b\n\n"}.get(name, "")
    zipped = Path(name).suffix in BODY
    data = _sample(Path(name).suffix, words) if zipped else (head + words).encode()
    with pytest.raises(UnreadableReport, match="more than 1,000 characters"):
        _load(tmp_path, name, data, reader, Limits(characters=1_000))


# PDF


def _pages(count: int) -> bytes:
    """A PDF of empty pages that are all the same object, made by hand: a few hundred bytes a thousand pages."""
    kids = b"3 0 R " * count
    parts = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj\n" % (count, kids),
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n",
    )
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF"


def test_fifty_thousand_empty_pages_are_refused(tmp_path: Path, reader: ReaderProcess) -> None:
    with pytest.raises(UnreadableReport, match=r"50,000 pages, more than the limit of 3,000"):
        _load(tmp_path, "many.pdf", _pages(50_000), reader)


def test_a_pdf_of_empty_pages_is_refused_as_that(tmp_path: Path, reader: ReaderProcess) -> None:
    with pytest.raises(UnreadableReport, match="its pages are empty"):
        _load(tmp_path, "blank.pdf", _pages(300), reader)


def test_outlines_that_run_in_a_circle_do_no_harm(tmp_path: Path, reader: ReaderProcess) -> None:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(72, 700, "The force has a plan.")
    canvas.bookmarkPage("here")
    for title in ("One", "Two"):
        canvas.addOutlineEntry(title, "here")
    canvas.save()
    data = target.getvalue()
    circular = data.replace(b"/Next", b"/Prev", 1).replace(b"/First", b"/Next ", 1)
    assert circular != data
    assert _load(tmp_path, "circle.pdf", circular, reader).text == "The force has a plan."


def test_pages_that_contain_themselves_are_refused(tmp_path: Path, reader: ReaderProcess) -> None:
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(UnreadableReport, match=r"self\.pdf: "):
        _load(tmp_path, "self.pdf", data, reader)


# Encodings


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Cost £5", "cp1252"),
        ("Savings of £5.2m – “good” work, as the café said.", "cp1252"),
        ("Les dépenses ont baissé à l’été, où l’effectif a été réduit. Ça coûte 5 €.", "cp1252"),
        ("Roční zpráva ukazuje, že výdaje klesly o pět procent a počet policistů zůstal stejný.", "cp1250"),
        ("Отчет за год показывает, что расходы снизились на пять процентов.", "cp1251"),
        ("警察官の数は二〇一六年に減った。費用は五パーセント下がった。", "shift_jis"),
        ("警察官の数は二〇一六年に減った。費用は五パーセント下がった。", "euc_jp"),
        ("警察官の数は二〇一六年に減った。費用は五パーセント下がった。", "iso2022_jp"),
        ("警察官の数は 1,234 人に減った。\r\n費用は下がった。", "utf-16-le"),
        ("警察官の数は 1,234 人に減った。\r\n費用は下がった。", "utf-16-be"),
        ("Savings of £5.2m – “good” work.", "utf-16"),
        ("Savings of £5.2m – “good” work.", "utf-8-sig"),
    ],
)
def test_the_encoding_of_a_text_is_detected(tmp_path: Path, reader: ReaderProcess, text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    shown = " ".join(text.split())
    assert " ".join(_load(tmp_path, "a.txt", text.encode(encoding), reader).text.split()) == shown
    page = f"<p>{text}</p>".encode(encoding)
    assert " ".join(_load(tmp_path, "a.html", page, reader).text.split()) == shown


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("“Good” – £5", "cp1252", "iso-8859-1"),
        ("“Good” – £5", "utf-8", "iso-8859-1"),
        ("“Good” – £5", "cp1252", "utf-8"),
        ("“Good” – £5", "cp1252", "no-such-thing"),
        ("①警察官は増えた。", "cp932", "shift_jis"),
        ("Good", "ascii", "utf-16"),
    ],
)
def test_a_wrong_name_of_an_encoding_does_no_harm(text: str, encoding: str, declared: str) -> None:
    assert decode_declared(text.encode(encoding), declared) == text

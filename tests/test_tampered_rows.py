"""Rows that somebody changed in the store are named as damage, never taken as they are, and do not stand in the way."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import LibraryDamaged
from index.library import Library
from index.stored_rows import StoredRows

ReportWriter = Callable[..., Path]

JUDGED = "North Quay is good at keeping its berths safe."


@pytest.fixture
def stored(library: Library, write_report: ReportWriter) -> Library:
    path = write_report()
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{JUDGED}\n", encoding="utf-8")
    library.add([path])
    assert library.judgments() and library.check() == ()
    return library


def change(library: Library, kind: str, key: str, value: str | None) -> None:
    """Give a piece of metadata of one row another text, or take it away."""
    name = library.folder / "chroma" / "chroma.sqlite3"
    row = (
        "(SELECT min(e.id) FROM embeddings e JOIN segments s ON s.id = e.segment_id "
        "JOIN collections c ON c.id = s.collection WHERE c.name = ?)"
    )
    with sqlite3.connect(name) as file:
        if value is None:
            done = file.execute(f"DELETE FROM embedding_metadata WHERE key = ? AND id = {row}", (key, kind))
        else:
            done = file.execute(
                f"UPDATE embedding_metadata SET string_value = ? WHERE key = ? AND id = {row}", (value, key, kind)
            )
    file.close()
    assert done.rowcount == 1


def record(library: Library, kind: str) -> dict[str, object]:
    with_id = StoredRows(library.folder / "chroma")
    report_id = library.reports()[0].report_id
    found = with_id.by_ids("catalogue", [report_id]) if kind == "catalogue" else {}
    rows = list(found.values()) or sorted(with_id.of_report(kind, report_id), key=lambda row: row.row_id)
    with_id.close()
    held: dict[str, object] = json.loads(rows[0].metadata["record"])
    return held


SPOILT: list[dict[str, object]] = [
    {"header": None},
    {"end": "12"},
    {"section": "abc"},
    {"embedded": 5},
    {"page_label": "\ud800"},
    {"unknown": 1},
]
OF_STATEMENTS: list[dict[str, object]] = [{"kind": "guess"}, {"figures": [None]}, {"judgments": [1]}, {"meaning": None}]


@pytest.mark.parametrize("kind", ["passages", "statements"])
@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_record_of_other_types_is_damage(stored: Library, kind: str, spoilt: dict[str, object]) -> None:
    change(stored, kind, "record", json.dumps(record(stored, kind) | spoilt))
    assert any("cannot be read" in problem for problem in stored.check())


@pytest.mark.parametrize("spoilt", OF_STATEMENTS, ids=str)
def test_facts_of_other_types_are_damage(stored: Library, spoilt: dict[str, object]) -> None:
    change(stored, "statements", "record", json.dumps(record(stored, "statements") | spoilt))
    report_id = stored.reports()[0].report_id
    with pytest.raises(LibraryDamaged):
        stored.statements(report_id)
    assert any("cannot be read" in problem for problem in stored.check())


@pytest.mark.parametrize("text", ["{", "[]", "null", "[" * 100_000, None])
@pytest.mark.parametrize("kind", ["passages", "statements"])
def test_a_record_that_is_none_is_damage(stored: Library, kind: str, text: str | None) -> None:
    change(stored, kind, "record", text)
    assert any("cannot be read" in problem for problem in stored.check())


@pytest.mark.parametrize("text", ["{}", '{"entry": null, "embedded": ""}', '{"entry": [], "embedded": ""}', "["])
def test_an_entry_that_is_none_is_damage(stored: Library, text: str) -> None:
    change(stored, "catalogue", "record", text)
    with Library.open(stored.folder, embedder=stored.embedder) as again, pytest.raises(LibraryDamaged):
        again.reports()


def test_a_judgment_that_would_not_be_found_is_damage(stored: Library) -> None:
    name = stored.folder / "chroma" / "chroma.sqlite3"
    with sqlite3.connect(name) as file:
        assert file.execute("DELETE FROM embedding_metadata WHERE key = 'judged'").rowcount > 0
    file.close()
    assert any("judgments" in problem for problem in stored.check())


@pytest.mark.parametrize("kind", ["passages", "statements"])
def test_a_changed_file_takes_the_place_of_a_report_with_a_damaged_row(
    stored: Library, write_report: ReportWriter, kind: str
) -> None:
    change(stored, kind, "record", "{")
    path = write_report(ships=(412, 97))
    result = stored.add([path])
    assert len(result.replaced) == 1
    assert stored.check() == ()


def test_a_passage_that_lost_its_text_is_named_and_harms_no_other_row(stored: Library) -> None:
    change(stored, "passages", "chroma:document", None)
    assert any("do not stand where they say" in problem for problem in stored.check())
    stored.compact()
    assert any("do not stand where they say" in problem for problem in stored.check())

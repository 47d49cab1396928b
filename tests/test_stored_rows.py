"""What is read from Chroma's file is what Chroma gives."""

from collections.abc import Callable
from pathlib import Path

from index.library import Library
from index.vectors import KINDS

ReportWriter = Callable[..., Path]


def test_rows_are_those_that_chroma_gives(library: Library, write_report: ReportWriter) -> None:
    library.add([write_report("a.txt", "North Quay", 2014, (12, 15)), write_report("b.txt", "South Mole", 2015, (7,))])
    store = library._stores.vectors
    for info in library.reports():
        for kind in KINDS:
            with store._reading() as opened:
                where = {"report_id": info.report_id}
                got = opened.collections[kind].get(where=where, include=["documents", "metadatas"])
            given = dict(zip(got["ids"], zip(got["documents"], got["metadatas"], strict=True), strict=True))
            found = {row.row_id: (row.document, row.metadata) for row in store.of_report(kind, info.report_id)}
            assert found == given != {}
            by_ids = store.by_ids(kind, [*given, "absent"])
            assert {row_id: (row.document, row.metadata) for row_id, row in by_ids.items()} == given
        judged = {row.row_id for row in store.judged([info.report_id])}
        statements = store.of_report("statements", info.report_id)
        assert judged == {row.row_id for row in statements if "judged" in row.metadata} != set()


def test_the_passage_that_a_character_is_in(library: Library, write_report: ReportWriter) -> None:
    library.add([write_report("a.txt", "North Quay", 2014, tuple(range(1, 60))), write_report("b.txt", "South Mole")])
    for info in library.reports():
        passages = library.passages(info.report_id)
        inside = {at: passage for passage in passages for at in range(passage.start, passage.end)}
        for at in range(-1, len(library.text(info.report_id)) + 1, 7):
            assert library.passage_at(info.report_id, at) == inside.get(at)
    assert any(len(library.passages(info.report_id)) > 1 for info in library.reports())

"""Passages: where they end, that each is its place in the text, and that no evidence falls between them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.load import load_report
from index.records import Passage, StructuredReport
from index.sandbox import ReaderProcess
from index.split import LIMIT, split
from index.structure import structure

Read = Callable[..., StructuredReport]

PROSE = "The crews of Northmere Council were out on the road before seven on each of the days that we went to see them."


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture(scope="module")
def read(reader: ReaderProcess, tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("reports")

    def read_text(text: str, name: str = "report.md") -> StructuredReport:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return structure(load_report(path, reader=reader))

    return read_text


def _check(report: StructuredReport) -> tuple[Passage, ...]:
    """The passages of a report, after checking what holds of every report's passages."""
    text = report.loaded.text
    passages = split(report)
    covered: set[int] = set()
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip() and not covered & set(range(passage.start, passage.end))
        covered |= set(range(passage.start, passage.end))
    assert [p.start for p in passages] == sorted(p.start for p in passages)
    assert len({p.passage_id for p in passages}) == len(passages)
    for section in report.sections:
        for block in report.loaded.blocks:
            if section.start <= block.start < section.end and block.kind != "furniture":
                heading = bool(section.path) and block.start == section.start
                evidence = section.kind == "body" and not heading
                places = {i for i in range(block.start, block.end) if not text[i].isspace()}
                assert places <= covered if evidence else not places & covered
    return passages


def test_a_passage_never_runs_into_the_next_section(read: Read) -> None:
    report = read(f"# Waste\n\n{PROSE}\n\n## Depots\n\n{PROSE}\n\n{PROSE}\n\n## Crews\n\n{PROSE}\n")
    assert [(p.section, p.text.count("crews")) for p in _check(report)] == [
        (("Waste",), 1),
        (("Waste", "Depots"), 2),
        (("Waste", "Crews"), 1),
    ]


def test_a_long_paragraph_is_cut_between_sentences(read: Read) -> None:
    report = read("# Waste\n\n" + " ".join(f"On day {n} the count was made. {PROSE}" for n in range(1, 30)) + "\n")
    passages = _check(report)
    assert len(passages) > 3
    assert all(len(p.text) <= LIMIT and p.text.endswith(".") and p.text[0].isupper() for p in passages)


def test_a_sentence_longer_than_any_passage_is_cut_between_words(read: Read) -> None:
    words = " ".join(f"bin{n}" for n in range(600))
    passages = _check(read(f"# Waste\n\nThe list is {words}.\n"))
    assert all(len(p.text) <= LIMIT for p in passages)
    assert " ".join(p.text for p in passages) == f"The list is {words}."


def test_a_table_is_not_mixed_with_the_text_around_it(read: Read) -> None:
    report = read(f"# Waste\n\n{PROSE}\n\n| Item | 2015 |\n|---|---|\n| Bins | 12 |\n| Lids | 9 |\n\n{PROSE}\n")
    before, table, after = _check(report)
    assert before.text == PROSE == after.text
    assert table.text.count("\n") == 2 and "Bins" in table.text and "Lids" in table.text


def test_the_header_names_report_organisation_year_and_headings_and_is_not_in_the_quotation(read: Read) -> None:
    report = read(
        "# An inspection of waste services\n\nNorthmere Council\n\nPublished June 2018\n\n"
        f"## Depots\n\n{PROSE} {PROSE.replace('before', 'after')}\n"
    )
    passage = _check(report)[-1]
    assert passage.header == "An inspection of waste services – Northmere Council – 2018 – Depots"
    assert passage.header not in passage.text


def test_the_same_report_gives_the_same_passage_ids(read: Read) -> None:
    text = f"# Waste\n\n{PROSE}\n\n## Depots\n\n{PROSE}\n"
    assert [p.passage_id for p in split(read(text))] == [p.passage_id for p in split(read(text, "other.md"))]


def test_a_contents_page_makes_no_passage(read: Read) -> None:
    report = read(
        f"Northmere waste\n\nContents\n\nIntroduction\t3\nGlass\t4\nDepots\t9\nAnnex\t12\n\nIntroduction\n\n{PROSE}\n\n"
        f"Glass\n\n{PROSE}\n\nDepots\n\n{PROSE}\n\nAnnex\n\n{PROSE}\n",
        "report.txt",
    )
    assert all("Glass 4" not in p.text and "Contents" not in p.text for p in _check(report))


_BLOCKS = st.sampled_from(
    [
        "# Waste",
        "## Depots",
        "### Crews",
        PROSE,
        " ".join([PROSE] * 12),
        "- wash the lorries\n- lock the gate",
        "| Item | 2015 |\n|---|---|\n| Bins | 12 |\n| Lids | (9) |",
        "Good",
        "It cost £36.1m in 2014/15, compared with a Shire average of 12 percent.",
        "x" * 2000,
        "Key figures\n\nMissed bins\n\nNorthmere Council\n\n121\n\nShire average\n\n124",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_BLOCKS, min_size=1, max_size=9), st.sampled_from(["report.md", "report.txt"]))
def test_passages_cover_all_evidence_once_and_nothing_else(read: Read, blocks: list[str], name: str) -> None:
    report = read("\n\n".join(blocks) + "\n", name)
    assert all(len(p.text) <= LIMIT or "|" in p.text for p in _check(report))


def test_the_passages_of_the_shared_reports_cover_all_their_evidence_once(
    reader: ReaderProcess, shared_reports: Path
) -> None:
    for path in sorted(shared_reports.glob("*.txt")):
        passages = _check(structure(load_report(path, reader=reader)))
        assert max(len(p.text) for p in passages) <= LIMIT

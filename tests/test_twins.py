"""Two extractions of one report are found to be the same, and other reports are not."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Identity
from index.twins import are_twins, candidates, containment, may_be_twins, pack, signature, supersedes, unpack_all

NOBODY = Identity(title="", organisation=None, publisher=None, year=None, kind=None)


def stated(organisation: str | None, year: int | None) -> Identity:
    return Identity(title="A report", organisation=organisation, publisher=None, year=year, kind=None)


def found_twins(texts: list[str]) -> set[tuple[int, int]]:
    """The pairs that the signatures name and the words confirm."""
    signatures = [np.asarray(signature(text), dtype=np.uint32) for text in texts]
    return {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if candidates(signatures[i], signatures[j][None, :]) and are_twins(texts[i], texts[j])
    }


def test_only_the_two_extractions_of_one_report_are_twins(shared_reports: Path) -> None:
    files = sorted(shared_reports.glob("*.txt"))
    pairs = found_twins([file.read_text(encoding="utf-8") for file in files])
    assert {(files[i].name[:3], files[j].name[:3]) for i, j in pairs} == {("001", "004")}


def test_other_apostrophes_and_letter_case_make_no_difference() -> None:
    plain = "The harbour's board won't accept that the port's costs rose in a year without storms."
    assert containment(plain, plain.replace("'", "\u2019").upper()) == 1.0
    assert signature(plain) == signature(plain.replace("'", "\u2019").upper())


def test_containment_is_the_share_of_the_smaller_texts_runs() -> None:
    words = [f"word{i}" for i in range(20)]
    larger, half = " ".join(words), " ".join(words[:12] + [f"other{i}" for i in range(3)])
    # `half` has 15 words and so 8 runs of eight; those that begin at words 0 to 4 are in the larger text too.
    assert containment(larger, half) == containment(half, larger) == 5 / 8


def test_consecutive_years_and_different_organisations_are_not_twins() -> None:
    assert not may_be_twins(stated("North Quay", 2016), stated("North Quay", 2017))
    assert not may_be_twins(stated("North Quay", 2016), stated("South Quay", 2016))
    assert may_be_twins(stated("North Quay", 2016), stated("North Quay Harbour", 2016))
    assert may_be_twins(stated("North Quay", 2016), NOBODY)


@settings(deadline=None)
@given(st.text())
def test_a_signature_survives_storage(text: str) -> None:
    values = signature(text)
    assert not values or tuple(unpack_all([pack(values)])[0].tolist()) == values
    assert len(values) in (0, 128)


def test_a_text_without_words_is_nobodys_twin() -> None:
    assert signature(" … ") == ()
    assert candidates((), np.zeros((3, 128), dtype=np.uint32)) == []
    assert containment("", "one two three") == 0.0


def test_a_corrected_report_takes_the_place_of_the_published_one_and_this_of_a_draft() -> None:
    draft, published, corrected = (replace(NOBODY, version=version) for version in ("draft", None, "corrected"))
    assert supersedes(corrected, published) and supersedes(published, draft) and supersedes(corrected, draft)
    assert not supersedes(draft, published) and not supersedes(published, published)

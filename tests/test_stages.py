"""Each stage can be left out by the settings; what is found and said then comes from the stages that are left."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from index import Library
from index.embed import Embedder
from index.settings import Settings
from rag import Assistant
from rag.reader import Crop, Unread
from rag.stages import Stages

REPORT = """# Northmere harbour: annual report 2016

## Traffic

In 2016 the harbour handled 412 ships. The year before it handled 398.

## Lighthouses

Every beacon on the northern shore was repainted by volunteers before the winter.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    home = tmp_path_factory.mktemp("stages")
    (home / "report.md").write_text(REPORT, encoding="utf-8")
    with Library.open(home / "library", embedder=embedder) as library:
        library.add([home / "report.md"])
    return home / "library"


def opened(folder: Path, embedder: Embedder, *without: str) -> Library:
    return Library.open(folder, settings=Settings(without=without), embedder=embedder)


def test_what_is_left_out_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_WITHOUT", "dense, reader")
    assert Settings().without == ("dense", "reader")
    monkeypatch.setenv("CITEWELL_WITHOUT", "")
    assert Settings().without == ()


@pytest.mark.parametrize("value", ["ranker", "dense,words", "words dense reader"])
def test_an_unknown_stage_and_no_search_at_all_are_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_WITHOUT", value)
    with pytest.raises(ValidationError):
        Settings()


def test_stages_are_all_but_those_named() -> None:
    assert Stages.all_but(()) == Stages(True, True, True, True)
    assert Stages.all_but(("dense", "reader")) == Stages(dense=False, words=True, reader=False, span=False)
    assert Stages.all_but(("span",)) == Stages(True, True, True, span=False)


def test_without_a_search_its_scores_are_absent(folder: Path, embedder: Embedder) -> None:
    with opened(folder, embedder, "dense") as library:
        hits = Assistant(library).search("ships handled by the harbour")
        assert hits and all(hit.cosine_distance is None and hit.bm25_score is not None for hit in hits)
    with opened(folder, embedder, "words") as library:
        hits = Assistant(library).search("ships handled by the harbour")
        assert hits and all(hit.cosine_distance is not None and hit.bm25_score is None for hit in hits)


def test_a_question_in_other_words_is_found_by_meaning_alone(folder: Path, embedder: Embedder) -> None:
    asked = "Who painted lights along coasts?"
    with opened(folder, embedder, "dense") as library:
        assert not any("volunteers" in hit.text for hit in Assistant(library).search(asked))
    with opened(folder, embedder, "words") as library:
        assert "volunteers" in Assistant(library).search(asked)[0].text


@pytest.mark.parametrize("without", [(), ("dense",), ("words",), ("reader",), ("dense", "reader")])
def test_a_plain_question_is_answered_by_the_stages_that_are_left(
    without: tuple[str, ...], folder: Path, embedder: Embedder
) -> None:
    with opened(folder, embedder, *without) as library:
        answer = Assistant(library).ask("How many ships did the harbour handle in 2016?")
    assert (answer.status, [figure.value for figure in answer.figures][:1]) == ("answered", ["412"])


def test_what_is_not_read_has_no_score_that_counts_and_no_marks() -> None:
    (reading,) = Unread().read("Who?", [Crop("Header", "One. Two.", ((0, 4), (5, 9)))])
    assert len(reading.scores) == 2
    assert reading.best_span(0, 9) == (0, 0)

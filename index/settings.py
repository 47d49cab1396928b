"""The settings of a library and of the page that shows it, read once from the environment and then handed down."""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Stage = Literal["dense", "words", "reader"]


def default_library() -> Path:
    """The platform's folder for a user's data, with `library` under it."""
    return user_data_path("citewell", appauthor=False) / "library"


class Settings(BaseSettings):
    """What an operator may change. Each field can be set by `CITEWELL_<NAME>`; an unknown argument is refused."""

    model_config = SettingsConfigDict(env_prefix="CITEWELL_", extra="forbid", frozen=True, protected_namespaces=())

    library: Path = Field(default_factory=default_library)
    model_path: Annotated[
        str | None, Field(description="a sentence-transformers folder; the packaged one if unset")
    ] = None
    workers: Annotated[int | None, Field(ge=1, le=256, description="processes that prepare files")] = None
    without: Annotated[
        tuple[Stage, ...], NoDecode, Field(description="stages that are left out, with commas between them")
    ] = ()
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 7860

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

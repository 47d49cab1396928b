"""The settings of a library and of the page that shows it, read once from the environment and then handed down."""

from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 7860

"""Connect to a language model: a chat model of any provider that LangChain knows, from the settings."""

import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.errors import ModelUnavailable
from index.settings import Settings

from .call import LanguageModel
from .limits import ASSUMED_CONTEXT, Limits

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LANGCHAIN_NAMES = {"google": "google_genai", "mistral": "mistralai"}
EXTRAS = {  # the extra that brings a provider's package
    "openai": "openai",
    "anthropic": "anthropic",
    "google_genai": "google",
    "mistralai": "mistral",
    "ollama": "ollama",
}


class _Hidden(str):
    """A secret for a client that takes plain text only, and would show it with its own options."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


NO_KEY = "none"  # sent where an address is given and no key: the key of another server must not go there


def connect(settings: Settings, model: str) -> LanguageModel:
    """The language model named `model` (PROVIDER:NAME). Nothing is sent yet.

    Raises ModelUnavailable where the provider's package is not installed, the provider is unknown, or it wants a key.
    """
    provider, _, name = model.partition(":")
    if not provider or not name:
        raise ModelUnavailable(f"A model is named PROVIDER:NAME, such as ollama:llama3.2, not {model!r}.")
    known = LANGCHAIN_NAMES.get(provider, provider)
    extra = EXTRAS.get(known)
    if extra is not None and importlib.util.find_spec(f"langchain_{known}") is None:
        raise ModelUnavailable(
            f"The package for models of {provider!r} is not installed. Install it with: pip install -e '.[{extra}]'"
        )
    chat = _chat(settings, known, name)
    if (chat.profile or {}).get("temperature") is False:
        chat = _chat(settings, known, name, warm=True)
    profile = chat.profile or {}
    limits = Limits.of(settings, profile.get("max_input_tokens") or served_context(chat, settings))
    return LanguageModel(chat, f"{provider}:{name}", limits, traced=settings.model_tracing)


def served_context(chat: "BaseChatModel", settings: Settings) -> int | None:
    """The tokens of context that the server itself names, None where it does not. Asked only of an address of the
    user's own, as servers that speak OpenAI's protocol list it with their models."""
    client = getattr(chat, "root_client", None)
    if settings.model_url is None or settings.model_context is not None or client is None:
        return None
    from .failures import reason_of

    try:
        listed = [model.model_dump() for model in client.models.list().data]
    except Exception as error:  # providers share no class of errors; what is not theirs goes on
        if reason_of(error) is None:
            raise
        return None
    own = [item for item in listed if item.get("id") == getattr(chat, "model_name", None)] or listed[:1]
    for item in own:
        meta: Mapping[str, Any] = item.get("meta") or {}
        for found in (item.get("max_model_len"), meta.get("n_ctx"), item.get("context_length")):
            if isinstance(found, int) and found >= ASSUMED_CONTEXT // 8:
                return found
    return None


def _chat(settings: Settings, provider: str, name: str, *, warm: bool = False) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    options = _options(settings, provider)
    if not warm:
        options["temperature"] = 0
    try:
        chat: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
        return chat
    except ImportError as error:
        raise ModelUnavailable(f"The package for models of {provider!r} is not installed: {error.name}.") from error
    except ValidationError:  # its text may hold the key
        raise ModelUnavailable(
            f"{provider}:{name} cannot be used with these settings: is CITEWELL_MODEL_KEY set?"
        ) from None
    except Exception as error:  # as above: only a provider's own is turned into words
        if isinstance(error, ValueError) or type(error).__module__.startswith(
            ("openai", "anthropic", "google", "httpx")
        ):
            raise ModelUnavailable(
                f"{provider}:{name} cannot be used: the provider is unknown, or wants a key in CITEWELL_MODEL_KEY."
            ) from None
        raise


def _options(settings: Settings, provider: str) -> dict[str, Any]:
    """The options of a provider's class. Its own retries are off: `call` retries, and only what may pass."""
    key = None if settings.model_key is None else settings.model_key.get_secret_value()
    if provider == "ollama":
        headers = {} if key is None else {"headers": {"Authorization": _Hidden(f"Bearer {key}")}}
        return {
            "base_url": settings.model_url,
            "client_kwargs": {"timeout": settings.model_timeout, **headers},
            "num_predict": settings.model_tokens,
            **({} if settings.model_context is None else {"num_ctx": settings.model_context}),
        }
    options: dict[str, Any] = {
        "max_tokens": settings.model_tokens,
        "timeout": settings.model_timeout,
        "max_retries": 0,
    }
    if settings.model_url is not None:
        options["base_url"] = settings.model_url
        key = key or NO_KEY
    if key is not None:
        options["api_key"] = key
    if provider == "openai":
        options["stream_usage"] = True
    return options

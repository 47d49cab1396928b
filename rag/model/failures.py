"""Tell what an error of a provider's client means. Its own text is never passed on: servers repeat keys and prompts."""

from collections.abc import Mapping

from index.errors import ModelFailed

REASONS: Mapping[str, str] = {
    "unreachable": "The language model's server cannot be reached: check CITEWELL_MODEL_URL and that it runs.",
    "timeout": "The language model's server did not answer in time: try again, or raise CITEWELL_MODEL_TIMEOUT.",
    "busy": "The language model's server is busy or broken: try again later.",
    "key": "The language model's server refused the key: check CITEWELL_MODEL_KEY.",
    "unknown_model": "The language model's server does not know this model: check its name.",
    "bad_request": "The language model's server refused the request: it may take less text, or no structured output.",
    "seconds": "The language model took longer than a question may: raise CITEWELL_MODEL_SECONDS, or use a faster one.",
    "budget": "The question has taken its tokens: raise CITEWELL_MODEL_BUDGET.",
    "paused": "The language model's server failed several times in a row and is left alone for half a minute.",
    "reply": "The language model's server sent something that is no reply.",
}
PASSING = frozenset({"unreachable", "timeout", "busy"})  # worth another try
_BY_NAME = {
    "APITimeoutError": "timeout",
    "TimeoutException": "timeout",
    "TimeoutError": "timeout",
    "APIConnectionError": "unreachable",
    "TransportError": "unreachable",
    "ConnectionError": "unreachable",
    "OverloadedError": "busy",
    "APIResponseValidationError": "reply",
    "JSONDecodeError": "reply",
    "ValidationError": "reply",
    "AuthenticationError": "key",
    "LengthFinishReasonError": "cut_off",  # openai raises it once a reply with a schema has reached its limit
}
_BY_STATUS = {401: "key", 403: "key", 404: "unknown_model", 408: "timeout", 429: "busy", 529: "busy"}


def reason_of(error: BaseException) -> str | None:
    """What a provider's error means, by the status of the reply and the names of its classes; None for any other, which
    is a fault of ours. "cut_off" is none of `REASONS`: the reply came, and ends early."""
    status = _status(error)
    if status is not None:
        return _BY_STATUS.get(status, "busy" if status >= 500 else "bad_request" if status >= 400 else "reply")
    named = [_BY_NAME[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _BY_NAME]
    if named:
        return named[0]
    return "reply" if _of_a_client(error) else None


def failed(reason: str) -> ModelFailed:
    """The error for a reason."""
    return ModelFailed(reason, REASONS[reason])


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for status in (getattr(error, "status_code", None), getattr(response, "status_code", None), _code(error)):
        if isinstance(status, int) and 100 <= status < 600:
            return status
    return None


def _code(error: BaseException) -> object:
    return getattr(error, "code", None) if type(error).__module__.startswith("google.") else None


def _of_a_client(error: BaseException) -> bool:
    clients = ("openai", "anthropic", "google", "httpx", "httpx2", "httpcore", "ollama", "langchain_")
    return type(error).__module__.startswith(clients)

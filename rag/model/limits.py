"""What a language model may take, from the settings."""

from dataclasses import dataclass

from index.settings import Settings

ASSUMED_CONTEXT = 4096  # tokens, where neither the settings nor the server say
CHARACTERS_A_TOKEN = 3  # fewer than English text has, so that an estimate is rather too high


@dataclass(frozen=True, slots=True)
class Limits:
    """`context`: tokens that the model takes in and gives out at once; `reply`: tokens of one reply; `budget`: tokens
    of one question, in and out, None for no limit; `timeout`: seconds without a word from the server; `seconds`: of one
    question; `retries`: further tries after an error that may pass."""

    context: int = ASSUMED_CONTEXT
    reply: int = 700
    budget: int | None = None
    timeout: float = 30.0
    seconds: float = 90.0
    retries: int = 2

    @classmethod
    def of(cls, settings: Settings, context: int | None) -> "Limits":
        """The limits that the settings give; `context` is what the server says of itself, None where it does not."""
        known = settings.model_context or context or ASSUMED_CONTEXT
        return cls(
            context=known,
            reply=min(settings.model_tokens, known // 2),
            budget=settings.model_budget,
            timeout=settings.model_timeout,
            seconds=settings.model_seconds,
            retries=settings.model_retries,
        )


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, rather too many than too few: no tokeniser is loaded for it."""
    return -(-len(text) // CHARACTERS_A_TOKEN)

"""Words of which a label has one where a question may have another: gross or net, basic or diluted."""

import re

from index.terms import terms

_ON_A_BALANCE_SHEET = (
    r"(?=(?:[\s-]+[\w’'-]+){0,2}?[\s-]+(?:portion|part|assets?|liabilit\w+|borrowings?|debts?|loans?|receivables?|payables?|provisions?|leases?"
    r"|derivatives?|investments?|financial|swaps?)\b)"
)
_AS_ONE_WORD = tuple(  # what is said in several words, or means another thing in other company
    (re.compile(pattern, re.IGNORECASE), word)
    for pattern, word in (
        (rf"\b(?:long[- ]term|non[- ]current){_ON_A_BALANCE_SHEET}", "noncurrentitem"),
        (rf"\b(?:short[- ]term|current){_ON_A_BALANCE_SHEET}", "currentitem"),
        (r"\b(?:book|carrying) (?:values?|amounts?)\b", "bookvalue"),
        (r"\b(?:fair|market) values?\b", "fairvalue"),
    )
)
SIBLINGS: tuple[tuple[frozenset[str], ...], ...] = tuple(
    tuple(frozenset(terms(word)) for word in words.split())
    for words in (
        "gross net",
        "current deferred",
        "currentitem noncurrentitem",
        "asset liability",
        "bookvalue fairvalue",
        "pay nonpay",
        "basic diluted",
        "federal state foreign",
        "domestic international",
        "city county",
        "primary secondary",
        "male female",
        "boy girl",
        "urban rural",
        "internal external",
        "maximum minimum",
        "highest lowest",
        "opening closing",
        "realized unrealized",
        "funded unfunded",
    )
)


def in_one_word(text: str) -> str:
    """The text with what `SIBLINGS` knows by one word said in that word: "bookvalue" for "carrying amount"."""
    for pattern, word in _AS_ONE_WORD:
        text = pattern.sub(word, text)
    return text

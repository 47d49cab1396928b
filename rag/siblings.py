"""Words of which a label has one where a question may have another: gross or net, basic or diluted."""

from index.terms import terms

SIBLINGS: tuple[tuple[frozenset[str], ...], ...] = tuple(  # what is parted by a slash is one of them in other words
    tuple(frozenset(terms(word.replace("/", " "))) for word in words.split())
    for words in (
        "gross net",
        "current deferred",
        "current noncurrent",
        "asset liability",
        "book/carrying fair/market",
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

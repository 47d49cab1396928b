"""The terms of a text: what the word index and the ranker both match by.

Lower case, accents folded, English stop words left out, stemmed (Snowball); "1,769" and "1769" are one term, and so
are "force's" and "force", and "non-pay" or "non pay" is one term that is not "pay".
"""

import re
import unicodedata
from functools import lru_cache

import tantivy

LONGEST_TERM = 60

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"['\u2019]s\b")
_PLURAL = re.compile(r"\b([A-Z]{2,})s\b")  # of an abbreviation: the stemmer leaves "PCSOs" as it is
_NON = re.compile(r"\b(non)(?:[-\u2010\u2011]|\s)(?=[^\W\d_])", re.IGNORECASE)  # "non-pay" is not "pay"
_TOKEN = r"\d+(?:\.\d+)*|\p{L}[\p{L}\p{M}]*"


@lru_cache(maxsize=1)
def analyzer() -> tantivy.TextAnalyzer:
    """The analyser; Tantivy registers it by name for its fields."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_TOKEN))
        .filter(tantivy.Filter.remove_long(LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def plain(text: str) -> str:
    """Text as the analyser should see it."""
    bare = unicodedata.normalize("NFKC", text)
    if "," in bare:
        bare = _THOUSANDS.sub("", bare)
    if "'" in bare or "\u2019" in bare:
        bare = _POSSESSIVE.sub("", bare)
    if "non" in bare.lower():
        bare = _NON.sub(r"\1", bare)
    return _PLURAL.sub(r"\1", bare)


@lru_cache(maxsize=20_000)
def terms(text: str) -> tuple[str, ...]:
    """The terms of `text` in order, repeats kept."""
    return tuple(analyzer().analyze(plain(text)))

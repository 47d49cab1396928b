"""Put right what is misspelt in a question, by the words of the passages that are nearest to it in meaning.

A word counts as misspelt where no report has it, it is no English word that the models know whole, and it is written
small: a name is left as it is, and so is a word that means something, whatever the reports say that is spelt like it.
"""

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from index import Library
from index.errors import ModelUnavailable
from index.terms import terms

VOCABULARY = Path(__file__).with_name("weights") / "tokenizer.json"
LOOKED_AT = 12  # passages
LONG = 8  # letters from which a word may be two slips away from what is meant, and not one
_WORD = re.compile(r"(?<![\w’'-])[a-z]{4,}(?![\w’'-])")
_SMALL = ("which", "what", "when", "where", "whose", "many", "much", "does", "were", "there", "their")


def respelt(library: Library, question: str) -> str:
    """The question with its misspelt words put right; as it is where there are none, or nothing tells what is meant."""
    question = _begun_rightly(question)
    wrong = [word for word in dict.fromkeys(_WORD.findall(question)) if _is_unknown(library, word)]
    known = _words_near(library, question) if wrong else Counter()
    for word in wrong:
        meant = _meant(word, known)
        if meant is not None:
            question = re.sub(rf"(?<![\w’'-]){word}(?![\w’'-])", meant, question)
    return question


def _begun_rightly(question: str) -> str:
    """The question with a misspelt question word at its beginning put right; another word there may be a name."""
    first = re.match(r"[A-Z][a-z]{3,}(?![\w’'-])", question)
    if first is None or first.group().lower() in _english():
        return question
    meant = _meant(first.group().lower(), Counter())
    return question if meant is None else f"{meant.capitalize()}{question[first.end() :]}"


def _is_unknown(library: Library, word: str) -> bool:
    return word not in _english() and bool(terms(word)) and library.mentions(word) == 0


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """The words that the reader's tokeniser knows whole, lower case. Raises ModelUnavailable if it is not there."""
    try:
        pieces = json.loads(VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"The words at {VOCABULARY} cannot be read: install Citewell again.") from error
    return frozenset(piece for piece in pieces if piece.isalpha())


def _words_near(library: Library, question: str) -> Counter[str]:
    """The words of the passages nearest in meaning, lower case, each as often as it stands there."""
    found = library.dense_passages(library.embed_query(question), LOOKED_AT, None)
    texts = (f"{hit.passage.header} {hit.passage.text}" for hit in found)
    return Counter(word.lower() for text in texts for word in re.findall(r"[A-Za-z]{4,}", text))


def _meant(word: str, known: Counter[str]) -> str | None:
    """The word that a misspelt one is fewest slips from, the most frequent of those; None where none is near. A slip is
    a letter too many, too few or another, or two that changed places. Both begin and end alike: another ending is
    another word ("inspector", "inspectorate")."""
    most = 2 if len(word) >= LONG else 1
    near = [
        (OSA.distance(word, other, score_cutoff=most), -known[other], other)
        for other in {*known, *_SMALL}
        if (other[0], other[-2:]) == (word[0], word[-2:])
    ]
    slips, _, best = min(near, default=(most + 1, 0, ""))
    return best if slips <= most else None

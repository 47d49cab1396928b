"""Compare text: what counts as the same words, and what of an answer's Markdown is text."""

import re

_LIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "−": "-", "–": "-", "—": "-", "\u00a0": " "})
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARK = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LIST_NUMBER = re.compile(r"^(\s*)\d+\.\s", re.MULTILINE)
_WORD = re.compile(r"[a-z0-9]+")
_FRAME_OF_QUESTION = (
    "a an and are as at be been by can do does doing extent far for force forces from good has have how in is it its of"
    " on or that the their they this to was well what whether which will with your"
)
_FRAME = frozenset(_FRAME_OF_QUESTION.split())


def normalise(text: str) -> str:
    """`text` in lower case, with one space for any white space, straight quotation marks, hyphens for dashes and
    the minus sign, and no thousands separators."""
    return _SEPARATOR.sub("", " ".join(text.translate(_LIKE).lower().split()))


def contains(text: str, part: str) -> bool:
    """Whether `text` contains `part`, both normalised, from the start of a word and as whole numbers: "36.1" is in
    "£36.1m" but not in "136.1" or "36.15", and "force" is in "forces" but not in "enforcement"."""
    return place_of(normalise(text), normalise(part)) is not None


def place_of(text: str, part: str, start: int = 0) -> int | None:
    """Where `part` stands in `text` at or after `start`, as `contains` has it; both are already normalised."""
    before = r"(?<!\d)(?<!\d[.,])" if part[:1].isdigit() else r"(?<![a-z])" if part[:1].isalpha() else ""
    after = r"(?!\d)(?![.,]\d)" if part[-1:].isdigit() else ""
    found = re.compile(before + re.escape(part) + after).search(text, start)
    return found.start() if found else None


def plain_text(markdown: str) -> str:
    """An answer's text without citation marks, Markdown escapes and list numbers."""
    return _ESCAPE.sub(r"\1", _LIST_NUMBER.sub(r"\1", _MARK.sub(" ", markdown)))


def cited_numbers(markdown: str) -> frozenset[int]:
    """The citation numbers whose marks stand in an answer's text."""
    return frozenset(int(n) for mark in _MARK.findall(markdown) for n in mark.split(","))


def without_separators(number: str) -> str:
    """A printed number with the plain minus sign and without thousands separators."""
    return _SEPARATOR.sub("", number.translate(_LIKE).strip())


def content_words(text: str) -> frozenset[str]:
    """The words of `text` that carry its meaning, without the frame of a question, cut to a common stem."""
    return frozenset(_stem(word) for word in _WORD.findall(normalise(text)) if word not in _FRAME)


def shows_words(text: str, words: str) -> bool:
    """Whether `words` stand in `text` side by side in their order, in any inflection: "is judged to require
    improvement" shows "requires improvement"."""
    shown = [_stem(w) for w in _WORD.findall(normalise(text))]
    wanted = [_stem(w) for w in _WORD.findall(normalise(words))]
    return any(shown[i : i + len(wanted)] == wanted for i in range(len(shown)))


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word

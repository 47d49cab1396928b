"""The bytes of a text file → its characters, whatever it was saved as.

A byte order mark decides where there is one, then escape sequences, then UTF-8. What is left is an old encoding: one
of the Japanese ones where most of what is not ASCII reads as kana and kanji, else the most likely code page.
"""

import codecs

import charset_normalizer

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")  # how ISO-2022-JP, all of whose bytes are ASCII, begins other characters
_JAPANESE = ("euc_jp", "cp932")
_WESTERN = "cp1252"
_CODE_PAGES = [_WESTERN, "cp1250", "cp1251", "mac_roman"]
_AS_TIDY, _AS_LIKELY = 0.02, 0.03  # how far apart two guesses of charset-normalizer may be and count as equal
_SAMPLE = 200_000  # bytes from which the encoding is told
# What files call themselves, and the wider encoding that they are written in.
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
    "utf-16": "utf-8",  # the name itself could be read as ASCII
}


def decode(data: bytes) -> str:
    """The characters of a text file that does not say what it is encoded in. Never fails."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    wide = utf16_without_mark(data)
    if wide is not None:
        return data.decode(wide, errors="replace")
    if any(escape in data for escape in _ESCAPES):
        try:
            return data.decode("iso2022_jp_ext")
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_old_encoding(data), errors="replace")


def decode_declared(data: bytes, declared: str | None) -> str:
    """The characters of a file that names its encoding; a name that is unknown or wrong is passed over."""
    if declared is None or any(data.startswith(mark) for mark, _ in _MARKS):
        return decode(data)
    name = declared.strip().lower()
    meant = _MEANT.get(name, name)
    # What is UTF-8 by every byte is UTF-8, whatever a page template says.
    for encoding in ("utf-8", meant) if meant == "cp1252" else (meant,):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return decode(data)


def utf16_without_mark(data: bytes) -> str | None:
    """ "utf-16-le" or "utf-16-be" for text in UTF-16 that lacks the mark, else None. Line ends, spaces and digits have
    a zero byte, always on the same side."""
    sample = data[:_SAMPLE]
    sample = sample[: len(sample) // 2 * 2]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or not first + second or min(first, second) * 20 > max(first, second):
        return None
    encoding = "utf-16-le" if second > first else "utf-16-be"
    text = sample.decode(encoding, errors="replace")
    odd = sum(not character.isprintable() and character not in "\t\n\r\f\v\u3000\ufeff\xa0" for character in text)
    return encoding if odd * 50 <= len(text) else None


def _old_encoding(data: bytes) -> str:
    sample = data[:_SAMPLE]
    shares = {encoding: _japanese_share(sample, encoding) for encoding in _JAPANESE}
    likely = max(_JAPANESE, key=lambda encoding: shares[encoding])
    if shares[likely] > 0.8:
        return likely
    matches = charset_normalizer.from_bytes(sample, cp_isolation=_CODE_PAGES)
    best = matches.best()
    if best is None:
        return _WESTERN
    # A pound sign is another letter in another code page. Between equals, and where no language can be told in what
    # is mostly ASCII, the western one is meant: Czech or Russian tells itself apart by its letters.
    equal = any(
        _WESTERN in match.could_be_from_charset
        and match.chaos <= best.chaos + _AS_TIDY
        and match.coherence >= best.coherence - _AS_LIKELY
        for match in matches
    )
    mostly_ascii = sum(byte < 128 for byte in sample) > len(sample) / 2
    return _WESTERN if equal or (not best.coherence and mostly_ascii) else best.encoding


def _japanese_share(sample: bytes, encoding: str) -> float:
    """The share of kana, kanji and full-width signs among what is not ASCII; 0 where there is no kana, without which
    no Japanese is written. Half-width kana do not count: any accented letter reads as one."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(sample)
    except UnicodeDecodeError:
        return 0.0
    other = [character for character in text if not character.isascii()]
    kana = sum("\u3041" <= character <= "\u30ff" for character in other)
    wide = sum("\u3000" <= character <= "\u9fff" or "\uff01" <= character <= "\uff5e" for character in other)
    return wide / len(other) if kana * 10 > len(other) else 0.0

"""Put passages before a language model as data: labelled, and between lines that no passage can imitate."""

import re
import secrets
from collections.abc import Sequence

from .passages import Given

_LINE_ENDS = re.compile(r"\s*\n\s*")


def new_fence() -> str:
    """A word for one question that nobody can guess, so that no text written before it can close a passage."""
    return f"DATA-{secrets.token_hex(4)}"


def fenced(given: Sequence[Given], fence: str) -> str:
    """The passages with their labels, each between lines with `fence`."""
    return "\n".join(_one(one, fence) for one in given)


def _one(given: Given, fence: str) -> str:
    report = given.report
    year = "" if report.year is None or str(report.year) in report.title else f", {report.year}"
    section = f" – {given.section[-1]}" if given.section else ""
    label = _label(f"{report.title}{year}{section}")
    text = given.text.replace(fence, "")
    return f"{fence} {given.key} ({label})\n{text}\n{fence} end"


def _label(text: str) -> str:
    """A title or heading on one line, as data: it comes from a document too."""
    from .orders import without_orders

    return without_orders(_LINE_ENDS.sub(" ", text)[:160])[0].replace("(", "[").replace(")", "]")

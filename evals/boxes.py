"""How exactly the boxes on page pictures cover quotations: `python -m evals.boxes --library DIR`.

The text under the boxes is read by another program than the one that made them (pdfplumber reads with pdfminer,
Citewell with PDFium): every character whose middle lies in a box, box after box. It must be the quotation, spaces and
the bars between cells left out. Places are taken over all reports, table rows and quotations over a page end first.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.pages.boxes import Box, pages_of

if TYPE_CHECKING:
    from index import Library
    from index.records import Statement

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_HYPHENS = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011", "-"))


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A place whose boxes are looked at, and what it is: "row", "over a page end", or "sentence"."""

    report_id: str
    start: int
    end: int
    kind: str


def words_of(quote: str) -> str:
    """The printed characters of a quotation: without spaces and the bars between cells, raised digits as digits."""
    return "".join(quote.replace("|", "").split()).translate(_PLAIN).translate(_HYPHENS)


def text_under(page: Any, boxes: Sequence[Box]) -> str:
    """The characters of a pdfplumber page whose middle lies in the boxes, box after box, from left to right."""
    left, top, right, bottom = map(float, page.cropbox)
    wide, high = right - left, bottom - top
    found = []
    for box in boxes:
        within = [
            char
            for char in page.chars
            if box.left <= ((char["x0"] + char["x1"]) / 2 - left) / wide <= box.right
            and box.top <= ((char["top"] + char["bottom"]) / 2 - top) / high <= box.bottom
        ]
        found += [char["text"] for char in sorted(within, key=lambda char: char["x0"])]
    return words_of("".join(found))


def cited_places(library: "Library", most: int) -> tuple[CitedPlace, ...]:
    """Up to `most` places that answers could cite, over all PDFs of a library: a third table rows and a third over a
    page end as far as there are so many, the rest sentences; evenly over the reports, the same each time."""
    found: dict[str, list[CitedPlace]] = {"row": [], "over a page end": [], "sentence": []}
    for info in library.reports():
        if info.media_type != "application/pdf":
            continue
        runs = library.page_runs(info.report_id)
        for statement in library.statements(info.report_id):
            over = len(pages_of(runs, statement.start, statement.end)) > 1
            kind = "row" if statement.kind == "row" else "over a page end" if over else "sentence"
            found[kind].append(_place(statement, kind))
    chosen: list[CitedPlace] = []
    for number, kind in enumerate(found):
        wanted = (most - len(chosen)) // (len(found) - number)
        every = max(1, len(found[kind]) // max(1, wanted))
        chosen += found[kind][::every][:wanted]
    return tuple(chosen)


def _place(statement: "Statement", kind: str) -> CitedPlace:
    return CitedPlace(statement.report_id, statement.start, statement.end, kind)


def _measure(library: "Library", most: int) -> Iterator[tuple[CitedPlace, str, str, float, float]]:
    """For each place: the quotation, the text under its boxes, the share that they cover, and the seconds it took."""
    import pdfplumber

    from rag.pages.store import Pages

    pages = Pages(library)
    try:
        for place in cited_places(library, most):
            began = time.perf_counter()
            boxes = pages.boxes(place.report_id, place.start, place.end)
            took = time.perf_counter() - began
            with pdfplumber.open(library.source(place.report_id)) as pdf:
                under = "".join(text_under(pdf.pages[page.page - 1], page.boxes) for page in boxes.pages)
            quote = words_of(library.text(place.report_id)[place.start : place.end])
            yield place, quote, under, min(page.covered for page in boxes.pages), took
    finally:
        pages.close()


def main() -> None:
    """Print what was found, each place that differs in full."""
    from index import Library

    parser = argparse.ArgumentParser(description="How exactly boxes cover quotations.")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--places", type=int, default=100)
    asked = parser.parse_args()
    counted: dict[str, list[bool]] = {}
    seconds: list[float] = []
    with Library.open(asked.library, create=False) as library:
        for place, quote, under, covered, took in _measure(library, asked.places):
            counted.setdefault(place.kind, []).append(quote == under)
            seconds.append(took)
            if quote != under:
                sys.stdout.write(f"{place} covered {covered}\n  quoted {quote}\n  under  {under}\n")
    for kind, same in counted.items():
        sys.stdout.write(f"{kind}: {sum(same)} of {len(same)} the same\n")
    seconds.sort()
    sys.stdout.write(f"a place: median {seconds[len(seconds) // 2]:.2f} s, slowest {seconds[-1]:.2f} s\n")


if __name__ == "__main__":
    main()

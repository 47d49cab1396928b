"""Pictures of pages and boxes of quotations for those who ask, drawn once and kept in memory within a bound."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from index import Library
from index.errors import CitewellError
from index.records import ReportInfo

from .align import align
from .boxes import PageBoxes, Placed, boxes_from, pages_of
from .child import PageProcess, PageUnreadable

WIDTHS = (100, 2400)  # pixels, the narrowest and the widest picture
WIDTH_STEP = 100  # widths are rounded up to it, so that few versions of a page are kept
KEPT_BYTES = 96 * 1024**2  # of pictures
KEPT_PAGES = 50  # whose characters are kept: each takes about 1 MB
KEPT_FAILURES = 1_000  # pages that could not be drawn or read, so that each costs its time once
MOST_WAITING = 12  # requests for a page that is not kept yet
MOST_PAGES = 20  # of one quotation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as WebP, with its size in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of `text[start:end]` of a report, a record a page in the order of the text. `aspect` of each page is
    its height as a multiple of its width, in the same order."""

    report_id: str
    start: int
    end: int
    pages: tuple[PageBoxes, ...]
    aspect: tuple[float, ...]


class NoPages(CitewellError):
    """A report whose format has no pages to draw, or a page that it does not have."""


class NoPlace(CitewellError):
    """A stretch that is not in the report's text, or too long for boxes."""


class PagesBusy(CitewellError):
    """More pages are waiting to be drawn than are taken at once."""

    def __init__(self) -> None:
        super().__init__("Many pages are being drawn. Try again in a few seconds.")


@dataclass(frozen=True, slots=True)
class _Read:
    """The characters of a page, which of the canonical text they are, and the page's height over its width."""

    printed: tuple[Placed, ...]
    places: dict[int, int]
    aspect: float


class Pages:
    """Draws and reads the pages of a library's PDFs in one child process."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._process = PageProcess()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._pictures: _Kept[tuple[str, int, int], Picture] = _Kept(KEPT_BYTES, lambda picture: len(picture.data))
        self._read: _Kept[tuple[str, str, int], _Read] = _Kept(KEPT_PAGES, lambda read: 1)

    def close(self) -> None:
        """End the child process."""
        self._process.close()

    def picture(self, report_id: str, page: int, width: int) -> Picture:
        """The page (from 1) about `width` pixels wide. Raises UnknownReport, NoPages, PagesBusy, PageUnreadable."""
        info = self._paged(report_id, page)
        low, high = WIDTHS
        width = min(high, max(low, -(-width // WIDTH_STEP) * WIDTH_STEP))

        def draw() -> Picture:
            return Picture(*self._process.picture(self._library.source(report_id), page, width))

        return self._pictures.get((info.sha256, page, width), draw, self._turn)

    def boxes(self, report_id: str, start: int, end: int) -> Boxes:
        """The boxes that cover `text[start:end]`. Raises UnknownReport, NoPages, NoPlace, PagesBusy, PageUnreadable."""
        self._paged(report_id)
        text, runs = self._library.text(report_id), self._library.page_runs(report_id)
        if not 0 <= start < end <= len(text):
            raise NoPlace("The report has changed since: this place is no longer in it. Ask again.")
        numbers = pages_of(runs, start, end)
        if len(numbers) > MOST_PAGES:
            raise NoPlace(f"This stretch runs over {len(numbers)} pages; boxes are given for {MOST_PAGES} at most.")
        found = [(number, self._page(report_id, number)) for number in numbers]
        pages = tuple(
            boxes_from(text, [run for run in runs if run.page == number], start, end, read.places, read.printed)
            for number, read in found
        )
        return Boxes(report_id, start, end, pages, tuple(read.aspect for _, read in found))

    def _paged(self, report_id: str, page: int = 1) -> ReportInfo:
        info = self._library.report(report_id)
        if info.media_type != "application/pdf":
            raise NoPages(f"{info.file} is no PDF: only PDFs have pages that can be shown.")
        if not 1 <= page <= (info.pages or 0):
            raise NoPages(f"{info.file} has {info.pages or 0} pages: there is no page {page}.")
        return info

    def _page(self, report_id: str, number: int) -> _Read:
        text, runs = self._library.text(report_id), self._library.page_runs(report_id)

        def read() -> _Read:
            printed, aspect = self._process.characters(self._library.source(report_id), number)
            spans = [(run.start, run.end) for run in runs if run.page == number]
            places = align(text, spans, "".join(character for character, *_ in printed))
            return _Read(tuple(printed), places, aspect)

        # an index made anew by another version may have cut the same file into another text
        return self._read.get((report_id, str(hash(text)), number), read, self._turn)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise PagesBusy
        try:
            yield
        finally:
            self._waiting.release()


class _Kept(Generic[K, V]):
    """What was made, the longest unused forgotten first once it takes more than `most` in all."""

    def __init__(self, most: int, size: Callable[[V], int]) -> None:
        self._most, self._size, self._used = most, size, 0
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._failed: OrderedDict[K, int] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], V], turn: Callable[[], AbstractContextManager[None]]) -> V:
        """What is kept under the key, else made now within a `turn`."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if key in self._failed:
                raise PageUnreadable(self._failed[key])
        with turn():
            try:
                made = make()
            except PageUnreadable as error:
                with self._lock:
                    self._failed[key] = error.page
                    if len(self._failed) > KEPT_FAILURES:
                        self._failed.popitem(last=False)
                raise
        with self._lock:
            if key not in self._kept:
                self._used += self._size(made)
            self._kept[key] = made
            while self._used > self._most and len(self._kept) > 1:
                self._used -= self._size(self._kept.popitem(last=False)[1])
        return made

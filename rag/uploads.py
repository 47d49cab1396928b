"""Files that arrive from the page: kept in a folder of their own, indexed one after the other, then removed.

Indexing runs in one thread beside the page, so that asking goes on meanwhile and the library has one writer.
"""

import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import AsyncIterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from index import Library
from index.errors import CitewellError, LibraryBusy, LibraryFull
from index.prepare import prepare
from index.records import AddResult, Progress

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_WAITING = 50  # files not yet indexed, over all visitors
KEPT_FINISHED = 500  # finished uploads whose result a page can still ask for

State = Literal["waiting", "working", "done", "refused"]
_STEP_SHARE = {"load": 15, "embed": 45, "store": 90}  # percent of the bar, from where the time goes
_STEP_WORDS = {"load": "Reading", "embed": "Indexing", "store": "Saving"}
_UNSAFE_NAME = re.compile(r'[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]+')


class TooManyUploads(CitewellError):
    """More files are waiting than are taken at once."""

    def __init__(self) -> None:
        super().__init__(f"{MAX_WAITING} files are waiting to be indexed. Add more when some of them are done.")


class Upload:
    """One file on its way into the library. Written by the indexing thread, read by the page."""

    def __init__(self, name: str) -> None:
        self.id = secrets.token_urlsafe(12)
        self.name = name
        self.state: State = "waiting"
        self.percent = 0
        self.words = "Waiting"

    def as_json(self) -> dict[str, str | int]:
        """What the page shows of it."""
        return {"id": self.id, "name": self.name, "state": self.state, "percent": self.percent, "words": self.words}


class Uploads:
    """All uploads of one page, newest last."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._folder = Path(tempfile.mkdtemp(prefix="citewell-uploads-"))
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="citewell-upload")
        self._lock = threading.Lock()
        self._uploads: dict[str, Upload] = {}

    def close(self) -> None:
        """Finish the file being indexed, forget those waiting, and remove what was received."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def get(self, upload_id: str) -> Upload | None:
        """The upload with that id, None when there is none."""
        return self._uploads.get(upload_id)

    async def receive(self, name: str, body: AsyncIterable[bytes]) -> Upload:
        """Keep a file and queue it for indexing. Raises `TooManyUploads`."""
        upload = Upload(display_name(name))
        with self._lock:
            waiting = sum(other.state in ("waiting", "working") for other in self._uploads.values())
            if waiting >= MAX_WAITING:
                raise TooManyUploads
            self._uploads[upload.id] = upload
            finished = [key for key, other in self._uploads.items() if other.state in ("done", "refused")]
            for key in finished[: max(0, len(finished) - KEPT_FINISHED)]:
                del self._uploads[key]
        folder = self._folder / upload.id
        folder.mkdir()
        path = folder / upload.name
        whole = False
        try:
            with path.open("wb") as file:
                async for chunk in body:
                    file.write(chunk)
            whole = True
        finally:
            if not whole:
                shutil.rmtree(folder, ignore_errors=True)
                upload.state, upload.words = "refused", "The file did not arrive whole. Send it again."
        future = self._worker.submit(self._index, upload, path)
        future.add_done_callback(lambda done: _settle(upload, done))
        return upload

    def remove(self, report_id: str) -> str:
        """Remove a report once the files before it are indexed; a sentence that says so. Raises `CitewellError`."""
        (removed,) = self._worker.submit(self._library.remove, [report_id]).result()
        return f"Removed {display_name(removed.file)}. Answers that cite it can no longer show the place."

    def read_again(self, report_id: str) -> str:
        """Read a report anew from the library's copy of its file, as after a change of Citewell; a sentence that says
        what came of it. A file that can no longer be read leaves the report as it is. Raises `CitewellError`."""
        return self._worker.submit(self._read_again, report_id).result()

    def _read_again(self, report_id: str) -> str:
        info = self._library.report(report_id)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        try:
            path = folder / display_name(info.file)
            shutil.copyfile(self._library.source(report_id), path)
            prepare(path)  # what cannot be read any more is refused here, before anything is removed
            self._library.remove([report_id])
            result = self._library.add([path])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if result.refused:
            return f"{path.name} could not be stored again: {result.refused[0].reason}. Add the file once more."
        return f"Read {path.name} again."

    def _index(self, upload: Upload, path: Path) -> None:
        def note(progress: Progress) -> None:
            upload.percent = max(upload.percent, _STEP_SHARE.get(progress.step, upload.percent))
            upload.words = _STEP_WORDS.get(progress.step, upload.words)

        upload.state, upload.words, upload.percent = "working", "Reading", 5
        try:
            result = self._library.add([path], on_progress=note)
        except CitewellError as error:
            upload.state, upload.words = "refused", public_message(error)
        else:
            upload.state, upload.words = _outcome(result)
            upload.percent = 100
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)


def _settle(upload: Upload, done: Future[None]) -> None:
    """An upload whose indexing ended in a way that nobody foresaw is still told to its sender."""
    if done.cancelled() or done.exception() is not None:
        upload.state, upload.words = "refused", "The file could not be indexed. The library is unchanged; try it again."


def _outcome(result: AddResult) -> tuple[State, str]:
    if result.refused:
        reason = result.refused[0].reason
        return "refused", reason[:1].upper() + reason[1:]
    if result.unchanged:
        return "done", "Already in the library"
    return "done", "Replaced the earlier version" if result.replaced else "Ready to ask about"


def display_name(name: str) -> str:
    """A file's name without folders, control or direction characters, at most 120 characters with its ending."""
    clean = _UNSAFE_NAME.sub(" ", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "report"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:100]}.{ending[:15]}" if dot else clean[:120]


def public_message(error: CitewellError) -> str:
    """The error's sentence for a visitor, who has no business with paths on the server."""
    if isinstance(error, LibraryBusy):
        return "Another process is writing to the library. Wait until it ends, then try again."
    if isinstance(error, LibraryFull):
        return "There is no space left for the library. Nothing was lost; free some space, then try again."
    return str(error)

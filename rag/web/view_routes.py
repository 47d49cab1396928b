"""The routes of the views: timelines, comparisons, the table of reports, and what is done with a report."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from index import Library
from index.errors import BadQuestion, CitewellError, UnknownReport

from ..assistant import Assistant
from ..export.sheets import Rows, as_xlsx
from ..follow_ups import follow_ups
from ..grid import Grid, Timeline
from ..grid_table import cited_rows, grid_csv, grid_rows, timeline_csv, timeline_rows
from ..profile import report_profile
from ..records import Scope
from ..uploads import Uploads, public_message
from .profile import profile_view
from .talk import Talk
from .views import grid_view, reports_view, search_query, timeline_view

AT_ONCE = 2  # timelines and comparisons being made: each asks many questions, and asking must go on beside them
FOLLOW_UP_SECONDS = 3  # to wait for another's: with many people there are none, rather than slow answers
WAIT_SECONDS = 20  # for one of them to end
KEPT = 32  # results, so that a file of one is what was seen and takes no time
_BUSY = "Other timelines or comparisons are being made. Try again in a moment."

Result = TypeVar("Result", Timeline, Grid)
Names = Annotated[list[str], Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a view is asked for."""

    text: str
    reports: tuple[str, ...]
    organisations: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def scope(self) -> Scope:
        return Scope(self.reports, self.organisations, self.years)

    @property
    def query(self) -> str:
        return search_query(self.text, self.reports, self.organisations, self.years)


def _wanted(
    text: Annotated[str, Query(max_length=4000)],
    reports: Names = [],  # noqa: B006  # FastAPI reads the default and never changes it
    organisations: Names = [],  # noqa: B006
    years: Annotated[list[int], Query(max_length=200)] = [],  # noqa: B006
) -> Wanted:
    return Wanted(text, tuple(reports), tuple(organisations), tuple(years))


Asked = Annotated[Wanted, Depends(_wanted)]


class _Made:
    """Results by what was asked for, of the library as it stands; a few are made at once, the others are refused."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, Wanted], object] = OrderedDict()

    def get(self, make: Callable[[Wanted], Result], wanted: Wanted) -> Result:
        key = (make.__name__, self._library.version, wanted)
        with self._lock:
            found = self._kept.get(key)
        if found is not None:
            return cast(Result, found)
        if not self._room.acquire(timeout=WAIT_SECONDS):
            raise HTTPException(429, _BUSY)
        try:
            made = make(wanted)
        except (BadQuestion, UnknownReport) as error:
            raise HTTPException(422, public_message(error)) from error
        finally:
            self._room.release()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def add_views(app: FastAPI, library: Library, assistant: Assistant, uploads: Uploads, talk: Talk) -> None:
    """The views as HTML and as files, and removing a report or reading it again."""
    kept = _Made(library)

    def timeline(wanted: Wanted) -> Timeline:
        return assistant.timeline(wanted.text, wanted.scope)

    def compare(wanted: Wanted) -> Grid:
        return assistant.compare(wanted.text, wanted.organisations, wanted.years, Scope(wanted.reports))

    @app.get("/views/timeline")
    def timeline_page(wanted: Asked) -> Response:
        return HTMLResponse(timeline_view(kept.get(timeline, wanted), wanted.query))

    @app.get("/views/compare")
    def compare_page(wanted: Asked) -> Response:
        return HTMLResponse(grid_view(kept.get(compare, wanted), wanted.query))

    @app.get("/views/timeline.csv")
    def timeline_file(wanted: Asked) -> Response:
        return _csv(timeline_csv(kept.get(timeline, wanted)), "timeline.csv")

    @app.get("/views/compare.csv")
    def compare_file(wanted: Asked) -> Response:
        return _csv(grid_csv(kept.get(compare, wanted)), "comparison.csv")

    @app.get("/views/timeline.xlsx")
    def timeline_workbook(wanted: Asked) -> Response:
        made = kept.get(timeline, wanted)
        return _workbook({"Timeline": timeline_rows(made), "Citations": cited_rows(made.citations)}, "timeline.xlsx")

    @app.get("/views/compare.xlsx")
    def compare_workbook(wanted: Asked) -> Response:
        made = kept.get(compare, wanted)
        return _workbook({"Comparison": grid_rows(made), "Citations": cited_rows(made.citations)}, "comparison.xlsx")

    @app.get("/views/profile")
    def profile_page(report: str = Query(max_length=64)) -> Response:
        try:
            return HTMLResponse(profile_view(report_profile(library, report)))
        except UnknownReport:
            raise HTTPException(404, "This report is no longer in the library.") from None

    @app.get("/views/reports")
    def reports_page(part: str = Query(default="", max_length=200)) -> Response:
        return HTMLResponse(reports_view(library.reports(), part))

    @app.post("/views/reports/{report_id}/remove")
    def remove(report_id: str) -> Response:
        return _done(uploads.remove, report_id)

    @app.post("/views/reports/{report_id}/read-again")
    def read_again(report_id: str) -> Response:
        return _done(uploads.read_again, report_id)

    asking_on = threading.Lock()  # one at a time: they are asked beside the questions of people

    @app.get("/follow-ups")
    def questions(conversation: str, turn: int) -> Response:
        found = talk.given(conversation, turn)
        if found is None or not asking_on.acquire(timeout=FOLLOW_UP_SECONDS):
            return JSONResponse([])
        try:
            return JSONResponse(follow_ups(library, assistant.ask, found))
        finally:
            asking_on.release()


def _done(change: Callable[[str], str], report_id: str) -> Response:
    try:
        return PlainTextResponse(change(report_id))
    except UnknownReport:
        return PlainTextResponse("This report is no longer in the library.", status_code=404)
    except CitewellError as error:
        return PlainTextResponse(public_message(error), status_code=409)


def _csv(text: str, name: str) -> Response:
    headers = _saved_as(name)
    return Response(text.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _workbook(sheets: Mapping[str, Rows], name: str) -> Response:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(as_xlsx(sheets), media_type=media, headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}

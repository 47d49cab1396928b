"""The routes of the views: timelines, comparisons, the table of reports, and what is done with a report."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from index import Library
from index.errors import CitewellError, UnknownReport

from ..assistant import Assistant
from ..export.sheets import Rows, as_xlsx
from ..follow_ups import follow_ups
from ..grid import Grid, Timeline
from ..grid_table import cited_rows, grid_csv, grid_rows, timeline_csv, timeline_rows
from ..profile import report_profile
from ..records import Scope
from ..uploads import Uploads, public_message
from .making import GoingOn, Making
from .profile import profile_view
from .stops import Stops
from .talk import Talk
from .views import grid_view, reports_view, search_query, timeline_view

FOLLOW_UP_SECONDS = 3  # to wait for another's: with many people there are none, rather than slow answers

Names = Annotated[list[str], Query(max_length=200)]
Name = Annotated[str, Query(max_length=64)]  # by which what is being made is stopped


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


def add_views(app: FastAPI, library: Library, assistant: Assistant, uploads: Uploads, talk: Talk, stops: Stops) -> None:
    """The views as HTML and as files, stopping what is asked for, and removing a report or reading it again."""
    making = Making(library, stops)

    def timeline(wanted: Wanted, asked: str = "") -> Timeline:
        def make(going_on: GoingOn) -> Timeline:
            return assistant.timeline(wanted.text, wanted.scope, going_on=going_on)

        return making.get(make, ("timeline", wanted), asked)

    def compare(wanted: Wanted, asked: str = "") -> Grid:
        def make(going_on: GoingOn) -> Grid:
            scope = Scope(wanted.reports)
            return assistant.compare(wanted.text, wanted.organisations, wanted.years, scope, going_on=going_on)

        return making.get(make, ("compare", wanted), asked)

    @app.get("/views/timeline")
    def timeline_page(wanted: Asked, asked: Name = "") -> Response:
        return HTMLResponse(timeline_view(timeline(wanted, asked), wanted.query))

    @app.get("/views/compare")
    def compare_page(wanted: Asked, asked: Name = "") -> Response:
        return HTMLResponse(grid_view(compare(wanted, asked), wanted.query))

    @app.post("/views/stop")
    async def stop(asked: Name) -> Response:
        return Response(status_code=204 if stops.stop(asked) else 404)

    @app.get("/views/timeline.csv")
    def timeline_file(wanted: Asked) -> Response:
        return _csv(timeline_csv(timeline(wanted)), "timeline.csv")

    @app.get("/views/compare.csv")
    def compare_file(wanted: Asked) -> Response:
        return _csv(grid_csv(compare(wanted)), "comparison.csv")

    @app.get("/views/timeline.xlsx")
    def timeline_workbook(wanted: Asked) -> Response:
        made = timeline(wanted)
        return _workbook({"Timeline": timeline_rows(made), "Citations": cited_rows(made.citations)}, "timeline.xlsx")

    @app.get("/views/compare.xlsx")
    def compare_workbook(wanted: Asked) -> Response:
        made = compare(wanted)
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

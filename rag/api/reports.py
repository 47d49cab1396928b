"""Reports over HTTP: the catalogue, canonical texts, page pictures, boxes of quotations, profiles, removal."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from index import Library
from index.records import FileReport, ReportInfo

from ..pages.store import WIDTHS, Boxes, Pages
from ..profile import Profile, profile_sheets, report_profile
from .tables import TABLES, TableForm, table_file

ReportId = Annotated[str, Path(max_length=64)]
_A_YEAR = "private, max-age=31536000, immutable"  # an id names one content: what is drawn of it never changes


@dataclasses.dataclass(frozen=True, slots=True)
class Reports:
    """The visible reports by organisation, year and title."""

    reports: tuple[ReportInfo, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ReportText:
    """The canonical text, which every `start` and `end` counts in."""

    report_id: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Removed:
    """What was removed."""

    removed: tuple[FileReport, ...]


def report_routes(library: Library, pages: Pages) -> APIRouter:
    """The routes about reports."""
    routes = APIRouter(tags=["Reports"])

    @routes.get("/reports", response_model=Reports)
    def reports() -> JSONResponse:
        """All reports."""
        return JSONResponse(dataclasses.asdict(Reports(library.reports())))

    @routes.get("/reports/{report_id}", response_model=ReportInfo)
    def report(report_id: ReportId) -> JSONResponse:
        """One report."""
        return JSONResponse(dataclasses.asdict(library.report(report_id)))

    @routes.get("/reports/{report_id}/text", response_model=ReportText)
    def text(report_id: ReportId) -> JSONResponse:
        """The canonical text of a report."""
        return JSONResponse(dataclasses.asdict(ReportText(report_id, library.text(report_id))))

    @routes.delete("/reports/{report_id}", response_model=Removed)
    def remove(report_id: ReportId) -> JSONResponse:
        """Remove a report from the library. The file that it was read from stays."""
        return JSONResponse(dataclasses.asdict(Removed(library.remove([report_id]))))

    @routes.get(
        "/reports/{report_id}/pages/{page}/image",
        response_class=Response,
        responses={200: {"content": {"image/webp": {}}}},
    )
    def image(
        request: Request,
        report_id: ReportId,
        page: Annotated[int, Path(ge=1, le=100_000)],
        width: Annotated[int, Query(ge=WIDTHS[0], le=WIDTHS[1])] = 1000,
    ) -> Response:
        """A page of a PDF as WebP, about `width` pixels wide. Pages count from 1."""
        tag = f'"{library.report(report_id).sha256[:16]}-{page}-{width}"'
        headers = {"cache-control": _A_YEAR, "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        drawn = pages.picture(report_id, page, width)
        return Response(drawn.data, media_type="image/webp", headers=headers)

    @routes.get("/reports/{report_id}/boxes", response_model=Boxes)
    def boxes(
        report_id: ReportId, start: Annotated[int, Query(ge=0)], end: Annotated[int, Query(ge=1)]
    ) -> JSONResponse:
        """The boxes that cover `text[start:end]` on each of its pages, as fractions of the page from its top left."""
        return JSONResponse(dataclasses.asdict(pages.boxes(report_id, start, end)))

    @routes.get("/reports/{report_id}/profile", response_model=Profile)
    def profile(report_id: ReportId) -> JSONResponse:
        """What a report is and says: its judgments, key figures and areas for improvement, each cited."""
        return JSONResponse(dataclasses.asdict(report_profile(library, report_id)))

    @routes.get("/reports/{report_id}/profile/export", response_class=Response, responses=TABLES)
    def profile_file(report_id: ReportId, form: TableForm = "csv") -> Response:
        """The same as a table."""
        found = report_profile(library, report_id)
        return table_file(found.report.title, profile_sheets(found), form)

    return routes

"""Tables as files to take away."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response

from ..export.file import ExportFile, file_stem
from ..export.sheets import CSV, XLSX, Rows, as_csv, as_xlsx

TableForm = Annotated[Literal["csv", "xlsx"], Query(alias="format")]
TABLES: dict[int | str, dict[str, Any]] = {200: {"content": {CSV.split(";")[0]: {}, XLSX: {}}}}


def table_file(title: str, sheets: Mapping[str, Rows], form: Literal["csv", "xlsx"]) -> Response:
    """The sheets as a file named after what was asked."""
    data = as_csv(sheets) if form == "csv" else as_xlsx(sheets)
    file = ExportFile(f"{file_stem(title)}.{form}", CSV if form == "csv" else XLSX, data)
    return Response(file.data, media_type=file.media_type, headers=file.headers)

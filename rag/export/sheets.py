"""Rows of a table as CSV or as an Excel workbook, in which nothing is a formula."""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from ..grid_table import guarded
from .words import safe

Rows = Sequence[Sequence[object]]
_MOST = 32_000  # characters of an Excel cell, which holds 32,767
_SHEET = re.compile(r"[\[\]:*?/\\]+")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(sheets: Mapping[str, Rows]) -> bytes:
    """The sheets under one another with an empty line between, in UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for number, rows in enumerate(sheets.values()):
        if number:
            writer.writerow([])
        writer.writerows([guarded(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with a sheet for each; the first row of each is its heading. Whole numbers are numbers, everything
    else is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(_SHEET.sub(" ", name)[:31])
        widths: dict[int, int] = {}
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(at, column)
                if isinstance(value, int) and not isinstance(value, bool):
                    cell.value = value
                elif value is not None:
                    cell.value = safe(str(value))[:_MOST]
                    cell.data_type = "s"  # after the value: openpyxl takes what begins with "=" for a formula
                    cell.quotePrefix = True  # text also when someone edits the cell
                cell.font = Font(bold=at == 1)
                widths[column] = min(60, max(widths.get(column, 8), len(str(value or "")) + 2))
        for column, width in widths.items():
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""One reader a format: `read(data, limits) -> RawReport`, run by `index.sandbox` in a process of its own.

text.py      plain text
markdown.py  Markdown
html.py      HTML
docx.py      Word documents
pdf.py       PDF: opens the file and gathers its pages, with
    pdf_lines.py      characters → lines in reading order
    pdf_tables.py     ruling lines → table cells
    pdf_furniture.py  running heads and page numbers
    pdf_blocks.py     lines → blocks
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost. Beyond any of these it is refused, with the limit named."""

    file_bytes: int = 256 * 1024 * 1024
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    cpu_seconds: int = 90
    wall_seconds: float = 120.0
    pages: int = 3_000
    characters: int = 20_000_000


DEFAULT_LIMITS = Limits()


class NotReadable(Exception):
    """Why a reader cannot read a file: one clause that follows the file's name. It does not leave the load step."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

"""One reader a format: `read(data, limits) -> RawReport`, run by `index.sandbox` in a process of its own.

text.py      plain text
markdown.py  Markdown
html.py      HTML
docx.py      Word documents
odt.py       OpenDocument texts
rtf.py       rich text, cut into tokens by rtf_tokens.py
xlsx.py      Excel workbooks, with
    number_formats.py  a value and its format → what Excel shows
    grids.py           cells on a grid → tables and the lines around them (csv.py too)
csv.py       CSV and tab-separated files
pptx.py      PowerPoint presentations
eml.py       e-mail messages
pdf.py       PDF: opens the file and gathers its pages, with
    pdf_text.py       the page → characters and their boxes
    pdf_lines.py      characters → lines in reading order
    pdf_tables.py     ruling lines → table cells, and frames around text
    pdf_items.py      lines and cells → the lines and tables of a page
    pdf_furniture.py  running heads and page numbers
    pdf_blocks.py     lines → blocks
    ocr.py            pages that are pictures → characters, with `citewell[ocr]`

recognise.py says whether bytes are what their suffix says, before a reader sees them; encodings.py turns the bytes of
text into characters; ooxml.py is what the zip formats of Office share.
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

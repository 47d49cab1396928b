"""From files to a searchable library.

load         file → canonical text, blocks, pages     load.py, sandbox.py, readers/, reflow.py, canonical.py
structure    headings, sections, tables, identity     structure.py, sections.py, tables.py, identify.py
                                                      (dates.py: when published; covered.py: which period)
split        passages that end where sense ends       split.py, sentences.py
find facts   figures and judgments, typed             statements.py, facts.py, numbers.py, periods.py, subjects.py,
                                                      judgments.py, grades.py
embed        texts → unit vectors                     embed.py; compiled.py runs the packaged model
store        Chroma, Tantivy, the commit protocol     store.py, vectors.py, words.py, commit.py, catalogue.py, lock.py
find         rows by meaning and by words             finding.py; exact.py within few reports
library      all of it behind one class               library.py, add.py, check.py, backup.py; prepare.py the pipeline
"""

from typing import TYPE_CHECKING, Any

from .errors import CitewellError
from .records import AddResult, ReportInfo

if TYPE_CHECKING:
    from .library import Library

__all__ = ["AddResult", "CitewellError", "Library", "ReportInfo"]


def __getattr__(name: str) -> Any:
    """Load the library when it is first used: `import index` alone loads no model and no database."""
    if name == "Library":
        from .library import Library

        return Library
    raise AttributeError(f"module 'index' has no attribute {name!r}")

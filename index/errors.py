"""Everything that Citewell raises on purpose.

    CitewellError
    ├── UnreadableReport     a file cannot be read: mend or convert the file
    ├── UnknownReport        no report has that id: list the reports
    ├── BadQuestion          the question is empty or far too long: ask again
    ├── LibraryMissing       no library stands there: index something first
    ├── LibraryBusy          another process writes: wait for it, or end it
    ├── LibraryFull          the disk is full: free space, run the command again
    ├── LibraryDamaged       the library contradicts itself: restore or rebuild
    ├── IndexMismatch        made with another model, splitter or schema: rebuild
    ├── ModelUnavailable     a model is absent or is not the one expected
    ├── ModelFailed          a language model's server gave no usable reply: see the reason
    └── BadSuite             an evaluation suite or baseline cannot be used

Each message names the thing and the next step. A subclass carries what a program needs as attributes.
"""


class CitewellError(Exception):
    """The root: catch this to catch all that Citewell raises on purpose."""


class UnreadableReport(CitewellError):
    """A file that cannot become a report. `file` is its display name, `reason` one clear sentence."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason

    def __reduce__(self) -> tuple[type["UnreadableReport"], tuple[str, str]]:
        return type(self), (self.file, self.reason)


class UnknownReport(CitewellError):
    """A report id that the library does not hold."""

    def __init__(self, report_id: str) -> None:
        super().__init__(f"No report has the id {report_id!r}. `citewell reports` lists the ids.")
        self.report_id = report_id


class BadQuestion(CitewellError):
    """A question that cannot be asked: empty, or longer than the limit."""


class LibraryMissing(CitewellError):
    """There is no library at the path, and this use may not create one."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no library at {path}. Make one with: citewell index PATH --library {path}")
        self.path = path


class LibraryBusy(CitewellError):
    """Another process holds the writer's lock. `holder` is its process id, None when it could not be read."""

    def __init__(self, path: str, holder: int | None) -> None:
        who = f"process {holder}" if holder is not None else "another process"
        super().__init__(f"The library at {path} is being written by {who}. Wait until it ends, then try again.")
        self.path = path
        self.holder = holder


class LibraryFull(CitewellError):
    """The disk has no room left. What was committed before stays; the report being written is not visible."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no space left for the library at {path}. Nothing that it held was lost: "
            "free some space and run the same command again."
        )
        self.path = path


class LibraryDamaged(CitewellError):
    """The library's own files contradict each other."""


class IndexMismatch(CitewellError):
    """The library was made with another embedding model, splitter or schema than the one in use."""


class ModelUnavailable(CitewellError):
    """A model is not installed, or its weights are not the ones expected."""


class ModelFailed(CitewellError):
    """A language model's server gave no usable reply. `reason` is one of `rag.model.failures.REASONS`; the
    message holds no word of the server's, since servers repeat keys and prompts in theirs."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class BadSuite(CitewellError):
    """An evaluation suite or baseline that cannot be used; the message names file, line and field."""

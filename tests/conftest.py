"""What the tests share: one loaded embedding model, small real reports, and a network that is not there."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Read when the model libraries are first imported, so before any test module imports them.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

from index.embed import Embedder
from index.library import Library

ReportWriter = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Any connection but to this machine is an error."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else ""
            if host not in ("127.0.0.1", "::1", "localhost"):
                raise OSError(f"a test may not connect to {address!r}")
        connect(self, address)  # type: ignore[arg-type]  # whatever the caller gave

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedding model, loaded once at its first use."""
    return Embedder()


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    """A new and empty library."""
    with Library.open(tmp_path / "library", embedder=embedder) as opened:
        yield opened


@pytest.fixture
def write_report(tmp_path: Path) -> ReportWriter:
    """Writes a small report about one harbour and returns its path: `write_report(name, harbour, year, ships)`."""

    def write(
        name: str = "north.txt", harbour: str = "North Quay", year: int = 2016, ships: tuple[int, ...] = (412,)
    ) -> Path:
        paragraphs = "\n\n".join(
            f"In {year} the harbour of {harbour} handled {count:,} ships at berth {berth}, "
            f"where the inspectors found the moorings, the cranes and the lighting in working order."
            for berth, count in enumerate(ships, start=1)
        )
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"# An inspection of {harbour}\n\nPublished in March {year}\n\n## Ships\n\n{paragraphs}\n\n"
            f"## Judgment\n\nOverall, {harbour} is judged to be good at keeping its berths safe.\n",
            encoding="utf-8",
        )
        return path

    return write


@pytest.fixture(scope="session")
def shared_reports() -> Path:
    """The folder of five real reports beside the checkout, which not every checkout has."""
    folder = Path(__file__).parents[1].parent / "shared" / "reports"
    if not folder.is_dir():
        pytest.skip("the shared reports are not beside this checkout")
    return folder

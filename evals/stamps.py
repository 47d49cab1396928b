"""What a run was made with: the checkout, the packages, the models and the reports."""

import hashlib
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Library

ROOT = Path(__file__).parents[1]
EMBEDDED = "embedded"  # the answerer that needs no language model

_PACKAGES = ("citewell", "chromadb", "tantivy", "torch", "openvino", "sentence-transformers", "langchain-core")


@dataclass(frozen=True, slots=True)
class Stamps:
    """What a run was made with.

    `commit` is the checkout's, with "+" where files of it were changed since; None outside a checkout. `models` and
    `versions` are names with what they were. `reports` are the ids of the reports, which change with their content.
    """

    commit: str | None = None
    versions: tuple[tuple[str, str], ...] = ()
    models: tuple[tuple[str, str], ...] = ()
    reports: tuple[str, ...] = ()


def stamps(library: "Library", answerer: object) -> Stamps:
    """What a run of `answerer` over `library` is made with."""
    weights = ROOT / "rag" / "weights"
    models: tuple[tuple[str, str], ...] = (
        ("answers", str(getattr(answerer, "model", None) or EMBEDDED)),
        ("embedding", f"{library.embedder.name} {library.embedder.sha256}"),
        ("reader", _digest(sorted(path for path in weights.rglob("*") if path.is_file()))),
        ("ranker", _digest([weights.with_name("ranker.json"), weights.with_name("decision.json")])),
    )
    if library.settings.without:
        models += (("without", ", ".join(sorted(library.settings.without))),)
    reports = tuple(sorted(report.report_id for report in library.reports()))
    return Stamps(checkout_commit(), package_versions(), models, reports)


def package_versions() -> tuple[tuple[str, str], ...]:
    """The versions of the packages that can move an answer, those that are installed."""
    found = []
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def checkout_commit(folder: Path = ROOT) -> str | None:
    """The commit that `folder` is a checkout of, None where it is none or git is not installed."""
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    return f"{commit}+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else commit


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _digest(paths: Iterable[Path]) -> str:
    """16 hexadecimal digits of the SHA-256 over names and contents; "absent" where there is no file."""
    found = hashlib.sha256()
    empty = True
    for path in paths:
        if path.is_file():
            empty = False
            found.update(path.name.encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return "absent" if empty else found.hexdigest()[:16]

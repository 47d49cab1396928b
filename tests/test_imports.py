"""Who may import whom, and how little `import rag` and `citewell --help` load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("index", "rag", "evals", "ui", "cli")
MAY_IMPORT = {
    "index": set(),
    "rag": {"index"},
    "evals": {"index", "rag", "ui"},  # how long people wait for the page, and its pictures
    "ui": {"index", "rag"},
    "cli": {"index", "rag", "evals", "ui"},
}
HEAVY = {
    "torch", "transformers", "sentence_transformers", "chromadb", "gradio", "langchain", "openai", "altair",
    "vl_convert",
}  # fmt: skip


def sources(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py")) or [ROOT / f"{part}.py"]


def imports(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, dotted name, and whether it is a plain `import name` without a name of its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, alias.asname is None
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            yield node.lineno, node.module, False


@pytest.mark.parametrize("part", PARTS)
def test_imports_point_one_way(part: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(part)
        for line, name, _ in imports(path)
        if name.split(".")[0] in set(PARTS) - {part} - MAY_IMPORT[part]
    ]
    assert wrong == []


@pytest.mark.parametrize("part", ("index", "rag", "evals"))
def test_a_package_imports_its_own_modules_relatively(part: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(part)
        for line, name, _ in imports(path)
        if name.split(".")[0] == part
    ]
    assert wrong == []


@pytest.mark.parametrize("part", PARTS)
def test_the_generic_names_are_not_bound_bare(part: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} says import {name}"
        for path in sources(part)
        for line, name, bare in imports(path)
        if bare and name.split(".")[0] in {"index", "rag"}
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "statement",
    (
        "import rag",
        "import index",
        "import evals",
        "import cli",
        "import rag.web.picture",  # its charts come with the first picture
        "from cli import app; app(['--help'], standalone_mode=False)",
        "from cli import app; app(['ask', '--help'], standalone_mode=False)",
    ),
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str) -> None:
    code = f"{statement}\nimport sys; print('loaded:', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "index" in loaded or "rag" in loaded or "evals" in loaded
    assert loaded & HEAVY == set()

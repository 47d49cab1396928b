"""What is installed: the wheel holds exactly our parts, and the dependencies are pinned, explained and used."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ("rag", "index", "evals")
MODULES = ("ui.py", "cli.py")
REQUIREMENTS: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel that this checkout builds."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = target.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_wheel_has_our_top_level_names_and_no_other(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    information = {top for top in tops if top.endswith(".dist-info")}
    assert len(information) == 1
    assert tops - information == {*PACKAGES, *MODULES}


def test_wheel_has_every_module_and_data_file(wheel: set[str]) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }
    assert ours
    assert ours | set(MODULES) == {name for name in wheel if ".dist-info/" not in name}


def test_it_cannot_be_published_by_accident() -> None:
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


@pytest.mark.parametrize("requirement", [*REQUIREMENTS, *(item for extra in EXTRAS.values() for item in extra)])
def test_every_dependency_is_pinned(requirement: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*|citewell\[\w+\]", requirement)


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_every_dependency_says_why(requirement: str) -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert any(re.search(rf'"{re.escape(requirement)}",\s+# \w+', line) for line in lines)


UNSEEN = {"defusedxml", "vl-convert-python"}  # openpyxl and altair look for them; nothing here imports them
ALONE = {"langchain-huggingface"}  # the Makefile installs it without what it asks for, which is too old


def test_dependencies_are_those_that_are_imported() -> None:
    distributions = packages_distributions()  # without those of extras that are not installed
    names = {
        name
        for name in imported_names()
        if name not in sys.stdlib_module_names and name not in {*PACKAGES, "ui", "cli"}
    }
    optional = {normal(item.split("==")[0]) for extra in EXTRAS.values() for item in extra}
    used = {normal(distributions.get(name, [name])[0]) for name in names}
    assert all(f"--no-deps {name}==" in (ROOT / "Makefile").read_text(encoding="utf-8") for name in ALONE)
    assert used - optional - ALONE == {normal(requirement.split("==")[0]) for requirement in REQUIREMENTS} - UNSEEN


def imported_names() -> Iterator[str]:
    """The top-level names that any of our modules imports, wherever in it."""
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    for path in [*modules, *(ROOT / name for name in MODULES)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
                yield node.module.split(".")[0]


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()

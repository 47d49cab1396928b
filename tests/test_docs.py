"""What the documentation promises exists, and what exists is documented."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from cli import app
from index.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
USER_PAGES = [page for page in PAGES if page.parent != ROOT / "docs" / "decisions" and page.name != "CHANGELOG.md"]
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]  # a Typer application with commands is a group
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
VARIABLES_OF_THE_TESTS = {"CITEWELL_REQUIRE_BROWSER", "CITEWELL_TEST_ALL_PDFS"}


def text_of(pages: list[Path]) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def options() -> Iterator[tuple[str, str]]:
    for name, command in COMMANDS.items():
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                yield name, option


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"`citewell {name}[ `]", text_of(USER_PAGES))


@pytest.mark.parametrize(("name", "option"), list(options()))
def test_every_option_is_documented(name: str, option: str) -> None:
    assert re.search(rf"`{option}[ `]", text_of(USER_PAGES)), f"{option} of citewell {name}"


@pytest.mark.parametrize("field", list(Settings.model_fields))
def test_every_setting_is_documented(field: str) -> None:
    assert f"`CITEWELL_{field.upper()}`" in text_of(USER_PAGES)


def test_no_command_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"`citewell ([a-z]+)", text_of(USER_PAGES)))
    assert named
    assert named - set(COMMANDS) == set()


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"\bCITEWELL_[A-Z_]+", text_of(USER_PAGES)))
    assert named - {f"CITEWELL_{field.upper()}" for field in Settings.model_fields} <= VARIABLES_OF_THE_TESTS


def test_no_make_target_is_documented_that_does_not_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", text_of(USER_PAGES)))
    assert {"run", "test"} <= named
    assert named - targets == set()


def test_every_link_to_a_file_leads_to_it() -> None:
    links = [
        (page, target)
        for page in PAGES
        for found in LINK.finditer(page.read_text(encoding="utf-8"))
        for target in (found[1] or found[2],)
        if not re.match(r"[a-z]+:", target)
    ]
    broken = [f"{page.relative_to(ROOT)}: {target}" for page, target in links if not leads_somewhere(page, target)]
    assert links
    assert broken == []


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a relative link names a file of the checkout, and its anchor a heading there."""
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.is_relative_to(ROOT) or not path.exists():
        return False
    return not anchor or anchor in anchors(path)


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

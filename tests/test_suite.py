"""Suites: what a person writes is read as written, and a slip is named with its file, line, case and field."""

import json
from pathlib import Path

import pytest
import yaml

from evals.suite_file import load_suite
from index.errors import BadSuite

GOOD = """\
suite: roads
version: 1
description: Two questions on a made-up report.
defaults: {organisation: Anyshire Council}
cases:
  - id: potholes
    kind: figure
    question: How many potholes were mended?
    expect:
      figure: {value: "1234.5", unit: null, scale: thousand, direction: null, subject: Anyshire, period: "2020"}
    evidence:
      - {year: 2020, quote_contains: ["1,234.5"]}
  - id: nothing
    kind: refuse
    question: Who paints the lines?
    expect: {refuse: true}
    reason: the report names nobody
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "roads.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(BadSuite) as caught:
        load_suite(written(folder, text))
    return str(caught.value)


def test_a_suite_is_read_as_written(tmp_path: Path) -> None:
    suite = load_suite(written(tmp_path, GOOD))
    potholes, nothing = suite.cases
    assert (suite.suite, suite.version, suite.defaults.organisation) == ("roads", 1, "Anyshire Council")
    assert potholes.expect.figure is not None
    assert (potholes.expect.figure.value, potholes.expect.figure.scale) == ("1234.5", "thousand")
    assert potholes.evidence[0].quote_contains == ("1,234.5",)
    assert potholes.answerable
    assert not nothing.answerable


def test_the_shipped_suite_is_valid_and_covers_every_kind() -> None:
    suite = load_suite(Path(__file__).parents[1] / "evals" / "suites" / "leicestershire.yaml")
    counts = {
        kind: sum(1 for case in suite.cases if case.kind == kind) for kind in ("table_cell", "follow_up", "refuse")
    }
    assert len(suite.cases) >= 80
    assert counts["table_cell"] >= 8
    assert counts["follow_up"] >= 8
    assert counts["refuse"] >= 15
    assert {place.year for case in suite.cases for place in case.evidence} == {2014, 2015, 2016, 2017}


@pytest.mark.parametrize(
    ("old", "new", "line", "parts"),
    [
        ("kind: figure\n", "kind: figure\n    colour: red\n", 8, ("case 'potholes'", "colour", "not permitted")),
        ("kind: figure\n", "kind: figur\n", 7, ("case 'potholes'", "kind")),
        ('value: "1234.5"', "value: 1234.5", 10, ("case 'potholes'", "expect.figure.value", "string")),
        ('value: "1234.5"', 'value: "1,234.5"', 10, ("case 'potholes'", "expect.figure.value", "pattern")),
        ("scale: thousand", "scale: dozen", 10, ("case 'potholes'", "expect.figure.scale")),
        ("year: 2020", 'year: "2020"', 12, ("case 'potholes'", "evidence.0.year", "integer")),
        ("unit: null, ", "", 10, ("case 'potholes'", "expect.figure.unit", "required")),
        ('["1,234.5"]', "[]}\n      - {pages: 3", 13, ("case 'potholes'", "evidence.1.pages", "not permitted")),
        ("    question: Who paints the lines?\n", "", 13, ("case 'nothing'", "question", "required")),
        ("expect: {refuse: true}", "expect: {refuse: false}", 16, ("case 'nothing'", "expect.refuse")),
        ("expect: {refuse: true}", "expect: {refuse: true, any_of: [x]}", 16, ("case 'nothing'", "exactly one")),
        ("expect: {refuse: true}", "expect: {any_of: []}", 16, ("case 'nothing'", "expect.any_of", "at least one")),
        ("expect: {refuse: true}", "expect: {}", 16, ("case 'nothing'", "exactly one", "none")),
        ("expect: {refuse: true}", "expect: {any_of: [x]}", 13, ("case 'nothing'", "kind refuse", "any_of")),
        ("expect: {refuse: true}", "expect: {conflict: [x]}", 16, ("case 'nothing'", "expect.conflict", "two")),
        ("expect: {refuse: true}", "expect: {list: {item: [x]}}", 16, ("case 'nothing'", "expect.list.item")),
        ("scale: thousand", "tolerance: -1", 10, ("case 'potholes'", "expect.figure.tolerance")),
        ("{year: 2020, quote", "{page: 3, quote", 12, ("case 'potholes'", "evidence.0", "a year or a report")),
        ("cases:\n", "policy: {points_down: 101}\ncases:\n", 5, ("policy.points_down", "100")),
        ("id: nothing", "id: potholes", 13, ("case 'potholes'", "id", "another case")),
        ("  - id: nothing\n    kind", "  - kind", 13, ("case number 2", "id", "required")),
        ("    kind: refuse\n", "    kind: refuse\n    kind: text\n", 15, ("kind", "given twice")),
        ("kind: refuse\n", "kind: follow_up\n", 13, ("case 'nothing'", "history")),
        ("version: 1\n", "", 1, ("version", "required")),
    ],
)
def test_a_slip_is_named_with_file_line_case_and_field(
    tmp_path: Path, old: str, new: str, line: int, parts: tuple[str, ...]
) -> None:
    assert GOOD.count(old) == 1
    message = refusal(tmp_path, GOOD.replace(old, new))
    named = [said for said in message.splitlines() if f"roads.yaml:{line}: " in said]
    assert any(all(part in said for part in parts) for said in named), message


def test_an_answerable_case_without_evidence_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace('    evidence:\n      - {year: 2020, quote_contains: ["1,234.5"]}\n', "")
    assert "roads.yaml:6: case 'potholes', the case: " in refusal(tmp_path, text)


def test_all_slips_are_named_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD.replace("scale: thousand", "scale: dozen").replace("kind: refuse", "kind: no"))
    assert [line.split(":")[1] for line in message.splitlines()] == ["10", "14"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "roads.yaml:1: "),
        ("- a\n- b\n", "roads.yaml:1: "),
        ("suite: [\n", "roads.yaml:2: "),
        ("suite: 2020-99-99\n", "roads.yaml: "),
        ("suite: !!python/object/apply:os.getcwd []\n", "roads.yaml:1: "),
        ("[" * 5000, "roads.yaml: "),
    ],
)
def test_a_file_that_is_no_suite_is_refused_in_one_sentence(tmp_path: Path, text: str, part: str) -> None:
    assert refusal(tmp_path, text).startswith(part)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match=r"gone\.yaml cannot be read"):
        load_suite(tmp_path / "gone.yaml")
    (tmp_path / "roads.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSuite, match="not UTF-8"):
        load_suite(tmp_path / "roads.yaml")


def test_the_digest_changes_with_the_meaning_and_not_with_the_layout(tmp_path: Path) -> None:
    first = load_suite(written(tmp_path, GOOD)).digest
    assert load_suite(written(tmp_path, GOOD.replace("cases:\n", "cases:\n\n  # a remark\n"))).digest == first
    assert load_suite(written(tmp_path, GOOD.replace("1234.5", "1234.6"))).digest != first


def test_a_jsonl_suite_is_the_same_suite(tmp_path: Path) -> None:
    data = yaml.safe_load(GOOD)
    lines = [{key: value for key, value in data.items() if key != "cases"}, *data["cases"]]
    path = tmp_path / "roads.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    assert load_suite(path) == load_suite(written(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ('{"id": "a", "kind": "refuse", "question": "q", "expect": {"refuse": true}, "colour": "red"}', "colour"),
        ('{"id": "a", "id": "b", "kind": "refuse", "question": "q", "expect": {"refuse": true}}', "given twice"),
        ('{"id": "first", "kind": "refuse", "question": "q", "expect": {"refuse": true}}', "another case"),
        ('{"id": "a", "kind": "refuse"', "not valid JSON"),
        ("[1]", "one JSON object"),
    ],
)
def test_a_slip_in_a_jsonl_suite_is_named_with_its_line(tmp_path: Path, line: str, part: str) -> None:
    head = '{"suite": "roads", "version": 1, "description": "Made up."}'
    first = '{"id": "first", "kind": "refuse", "question": "q", "expect": {"refuse": true}}'
    path = tmp_path / "roads.jsonl"
    path.write_text(f"{head}\n{first}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(BadSuite) as caught:
        load_suite(path)
    assert str(caught.value).startswith("roads.jsonl:4: ")
    assert part in str(caught.value)


def test_an_empty_jsonl_suite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roads.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(BadSuite, match=r"roads.jsonl:1: "):
        load_suite(path)

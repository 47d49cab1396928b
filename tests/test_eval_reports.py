"""Reports for people and for CI: complete, offline, and with no word of a report taken for markup."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from evals.baseline import compare, save
from evals.chart import risk_picture
from evals.exports import junit_xml, markdown_summary
from evals.html_report import html_report
from evals.metrics import Share
from evals.report import as_json, lines
from evals.risk import risk_coverage
from evals.run import CaseResult, Shown, SuiteResult
from evals.stamps import Stamps
from evals.suite import Policy
from evals.summary import summarise
from rag.records import Usage

ROOT = Path(__file__).parents[1]
EVIL = '<script src="http://203.0.113.9/x.js"></script> | *bold* \x07 ]]>'


def case(name: str, *, correct: bool = True, kind: str = "figure") -> CaseResult:
    return CaseResult(
        id=name,
        kind=kind,
        expects="figure",
        digest="0" * 16,
        question=f"What of {name}? {EVIL}",
        answerable=True,
        status="answered",
        correct=correct,
        lenient=correct,
        contained=True,
        right_report=True,
        right_page=True,
        citation_precision=Share(1, 1),
        citation_recall=Share(1, 1),
        unsupported=(),
        cause=None if correct else "wrong value",
        detail="" if correct else "another value",
        step=None if correct else "wrong choice",
        expected="36.1 million GBP",
        said=f"£36.2m {EVIL}",
        text=f"**£36.2m** [1] {EVIL}",
        citation=Shown("roads.pdf", 2020, 3, "Winter › Salt", f"Before. {EVIL}", "It cost £36.2m.", "After."),
        confidence=0.9 if correct else 0.4,
        found_rank=1,
        cluster="roads",
        milliseconds=12.5,
    )


RESULT = SuiteResult(
    "roads",
    "d" * 64,
    Policy(answerable_floor=0),
    (case("salt"), case("grit", correct=False), case("sand", correct=False, kind="table_cell")),
    (),
    Stamps(commit="abc", versions=(("citewell", "1"),), models=(("answers", "embedded"),), reports=("r1",)),
)


class Page(HTMLParser):
    """Which tags a page has, with what they load, and which ids its rows have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.rows: dict[str, dict[str, str | None]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.loads += [value for name in ("src", "href", "action") if (value := given.get(name)) is not None]
        if tag == "tr" and given.get("id") is not None:
            self.rows[str(given["id"])] = given


def test_the_page_shows_every_case_and_loads_nothing() -> None:
    html = html_report(RESULT, failures=("Known figures got worse: grit.",))
    page = Page(html)
    assert list(page.rows) == ["salt", "grit", "sand"]
    assert page.rows["grit"]["data-state"] == "wrong"
    assert page.rows["grit"]["data-step"] == "wrong choice"
    assert page.loads == []
    assert page.tags.count("script") == 1
    assert "default-src 'none'" in html
    for part in ("<mark>It cost £36.2m.</mark>", "After.", "roads.pdf (2020), page 3", "36.1 million GBP", "Fails: "):
        assert part in html
    assert html.count("<svg") == 1


def test_the_picture_has_a_dot_for_each_confidence() -> None:
    picture = risk_picture(risk_coverage([0.9, 0.4], [False, True], 4))
    assert picture.count("<circle") == 2
    assert "coverage 50.0%, risk 50.0%" in picture
    assert "no curve" in risk_picture(risk_coverage([], [], 4))


def test_junit_counts_failures_and_skips_what_was_wrong_before(tmp_path: Path) -> None:
    root = ET.fromstring(junit_xml(RESULT, failures=("It fails.",)))
    suite = root[0]
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "4",
        "3",
        "0",
        "0",
    )
    assert [(t.get("classname"), t.get("name"), [c.tag for c in t]) for t in suite] == [
        ("roads.figure", "salt", []),
        ("roads.figure", "grit", ["failure"]),
        ("roads.table_cell", "sand", ["failure"]),
        ("roads.gate", "gate", ["failure"]),
    ]
    save(replace(RESULT, cases=(*RESULT.cases[:2], case("sand", kind="table_cell"))), tmp_path / "base.json")
    compared = ET.fromstring(junit_xml(RESULT, compare(RESULT, tmp_path / "base.json"), ("Sand got worse.",)))
    assert [[c.tag for c in t] for t in compared[0]] == [[], ["skipped"], ["failure"], ["failure"]]
    assert (compared[0].get("failures"), compared[0].get("skipped")) == ("2", "1")


def test_the_markdown_has_the_numbers_the_changes_and_the_misses(tmp_path: Path) -> None:
    save(replace(RESULT, cases=(*RESULT.cases[:2], case("sand", kind="table_cell"))), tmp_path / "base.json")
    text = markdown_summary(RESULT, compare(RESULT, tmp_path / "base.json"), ("Known figures got worse: sand.",))
    for part in ("## roads: fails", "| figure | 2 | 1 | 50.0% |", "worse: sand", "### Missed: 2", "wrong choice"):
        assert part in text
    assert "<script" not in text.replace("\\<script", "")
    misses = [line for line in text.splitlines() if line.startswith(("| grit", "| sand"))]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in misses] == [5, 5]
    assert markdown_summary(replace(RESULT, cases=RESULT.cases[:1])).startswith("## roads: holds\n")


def test_what_a_language_model_made_and_what_was_dropped_is_counted() -> None:
    assert not [line for line in lines(summarise(RESULT)) if "model" in line]
    assert as_json(RESULT)["summary"]["usage"] is None
    made = (
        Usage("openai:scribe", 2, 900, 120, 1.5, False, 5, 1, {"figure": 3, "name": 1}),
        Usage("openai:scribe", 1, 300, 80, 0.75, True, 4, 2, {"figure": 2}),
    )
    first, second, third = RESULT.cases
    written = replace(RESULT, cases=(replace(first, usage=made[0]), second, replace(third, usage=made[1])))
    said = lines(summarise(written))
    assert said[-2:] == (
        "Language model: openai:scribe: 3 calls, about 1,200 tokens in, 200 out, 2.2 s; 3 of 9 statements shown.",
        "Statements dropped, by what was wrong: figure 5, name 1.",
    )
    assert as_json(written)["summary"]["usage"]["dropped"] == {"figure": 5, "name": 1}


def test_the_workflow_for_ci_is_valid_and_runs_what_exists() -> None:
    from typer.main import get_command

    from cli import app

    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "citewell.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    assert workflow[True].keys() >= {"pull_request"}  # YAML 1.1 reads the key `on` as true
    steps = [step for job in jobs.values() for step in job["steps"]]
    runs = [step["run"] for step in steps if "run" in step]
    evaluated = next(run for run in runs if "citewell eval " in run)
    options = {o for p in get_command(app).commands["eval"].commands["run"].params for o in p.opts}  # type: ignore[attr-defined]
    assert set(re.findall(r"--[a-z]+", evaluated)) <= options | {"--no"}
    assert all(step.get("if") == "always()" for step in steps if "upload-artifact" in step.get("uses", ""))


@pytest.mark.parametrize("report", [html_report, markdown_summary, junit_xml])
def test_a_report_of_the_same_run_is_the_same(report: object) -> None:
    assert callable(report)
    assert report(RESULT) == report(RESULT)

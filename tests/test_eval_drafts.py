"""First suites and candidate cases: valid, sourced, and unfinished where a person must decide."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from evals.controls import refusal
from evals.drafts import candidates, first_suite
from evals.feedback import read_feedback
from evals.places import Reports, check_evidence
from evals.suite_file import load_suite
from index import Library
from index.errors import BadSuite
from rag.feedback import FEEDBACK_FILE, record_feedback
from rag.records import Answer, AnswerFigure, Citation, Scope

SALT = "It spent £1,234.5 on salt."


def wrong_answer(question: str = "What did salt cost?") -> Answer:
    citation = Citation(1, "r1", "Roads", None, 2020, "/r/roads.pdf", 3, None, (), SALT, 0, len(SALT))
    figure = AnswerFigure("£1,234.5", "1234.5", "GBP", None, None, None, None, 1, "in_quote")
    said = replace(refusal(question), status="answered", text=f"{SALT} [1]\x07", figures=(figure,))
    return replace(said, citations=(citation,))


@pytest.fixture
def harbours(library: Library, write_report: Callable[..., Path]) -> Library:
    added = library.add([write_report("north.txt", ships=(412, 97)), write_report("south.txt", "South Quay", 2017)])
    assert not added.refused
    return library


def test_a_first_suite_loads_fits_its_library_and_shows_its_sources(harbours: Library, tmp_path: Path) -> None:
    path = tmp_path / "first.yaml"
    path.write_text(first_suite(harbours, "harbours", most=6), encoding="utf-8")
    suite = load_suite(path)
    check_evidence(suite, Reports(harbours))
    assert suite.suite == "harbours"
    assert 2 <= len(suite.cases) <= 6
    assert {"judgment"} <= {case.kind for case in suite.cases}
    assert {case.evidence[0].report for case in suite.cases} == {"north.txt", "south.txt"}
    assert len({case.question for case in suite.cases}) == len(suite.cases)
    text = path.read_text(encoding="utf-8")
    assert "  # Overall, North Quay is judged to be good at keeping its berths safe." in text
    assert text == first_suite(harbours, "harbours", most=6)


def test_an_empty_library_has_no_first_suite(library: Library) -> None:
    with pytest.raises(BadSuite, match="no figure or judgment"):
        first_suite(library, "empty")


def test_what_users_said_is_kept_line_by_line(tmp_path: Path) -> None:
    assert read_feedback(tmp_path) == ()
    history = ({"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Ask."})
    record_feedback(tmp_path, answer=wrong_answer(), verdict="wrong", history=history, scope=Scope(years=(2020,)))
    record_feedback(tmp_path, answer=wrong_answer("And grit?"), verdict="right", comment="Thanks\nall")
    first, second = read_feedback(tmp_path)
    assert (first.question, first.verdict, first.scope.years) == ("What did salt cost?", "wrong", (2020,))
    assert [message.content for message in first.history] == ["Hello", "Ask."]
    assert first.answer["citations"][0]["quote"] == SALT
    assert (second.verdict, second.comment) == ("right", "Thanks\nall")
    lines = (tmp_path / FEEDBACK_FILE).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["format"] for line in lines] == [1, 1]


def test_a_spoilt_line_of_feedback_is_named(tmp_path: Path) -> None:
    record_feedback(tmp_path, answer=wrong_answer(), verdict="wrong")
    with (tmp_path / FEEDBACK_FILE).open("a", encoding="utf-8") as file:
        file.write('{"format": 1, "verdict": "maybe"}\n')
    with pytest.raises(BadSuite, match=r"feedback\.jsonl:2: "):
        read_feedback(tmp_path)


def test_feedback_leaves_the_library_whole(harbours: Library) -> None:
    record_feedback(harbours.folder, answer=wrong_answer(), verdict="wrong")
    assert harbours.check() == ()


def test_a_wrong_answer_becomes_a_case_that_is_refused_until_it_is_filled_in(tmp_path: Path) -> None:
    record_feedback(tmp_path, answer=wrong_answer(), verdict="wrong", scope=Scope(years=(2020,)), comment="It is £9")
    record_feedback(tmp_path, answer=wrong_answer(), verdict="wrong", scope=Scope(years=(2020,)))
    record_feedback(tmp_path, answer=wrong_answer("And grit?"), verdict="right")
    text = candidates(read_feedback(tmp_path))
    cases: list[dict[str, Any]] = yaml.safe_load(text)
    assert [(case["question"], case["scope"], case["expect"]) for case in cases] == [
        ("What did salt cost?", {"years": [2020]}, {})
    ]
    assert "# cited roads.pdf, page 3: It spent £1,234.5 on salt." in text
    path = tmp_path / "suite.yaml"
    path.write_text(f"suite: use\nversion: 1\ndescription: From use.\ncases:\n{text}", encoding="utf-8")
    with pytest.raises(BadSuite, match=rf"case '{cases[0]['id']}', expect: .*none"):
        load_suite(path)
    filled = text.replace("expect: {}", 'expect: {figure: {value: "9", unit: GBP}}')
    filled = filled.replace("evidence: []", "evidence: [{report: roads.pdf}]")
    path.write_text(f"suite: use\nversion: 1\ndescription: From use.\ncases:\n{filled}", encoding="utf-8")
    assert load_suite(path).cases[0].id == cases[0]["id"]


def test_the_last_word_on_an_answer_stands_and_silence_hides_no_comment(tmp_path: Path) -> None:
    again = replace(wrong_answer(), timings_ms={"total": 7.5})  # the same question, answered once more
    for answer, verdict, comment in (
        (wrong_answer("And grit?"), "wrong", "No"),
        (wrong_answer("And grit?"), "right", ""),
        (wrong_answer(), "wrong", ""),
        (wrong_answer(), "wrong", "It is £9"),
        (again, "wrong", ""),
    ):
        record_feedback(tmp_path, answer=answer, verdict=verdict, comment=comment)
    text = candidates(read_feedback(tmp_path))
    assert [case["question"] for case in yaml.safe_load(text)] == ["What did salt cost?"]
    assert "# comment: It is £9" in text
    record_feedback(tmp_path, answer=again, verdict="right")
    assert "# comment: It is £9" in candidates(read_feedback(tmp_path))  # another visitor's word is not this one's


def test_nothing_marked_wrong_gives_no_case(tmp_path: Path) -> None:
    record_feedback(tmp_path, answer=wrong_answer(), verdict="right")
    assert candidates(read_feedback(tmp_path)) == ""

"""A run of a suite: what is recorded, reported, saved and compared."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from evals.baseline import compare, save
from evals.gate import exit_code, failures
from evals.report import as_json, print_report
from evals.run import CaseFailed, CaseResult, SuiteResult, run_suite
from evals.suite import Suite
from evals.summary import summarise
from index.errors import BadSuite
from rag.records import Answer, AnswerFigure, Citation, Scope, Searched

SALT = "The council spent £1,234.5 on salt in 2020."

SUITE = Suite.model_validate(
    {
        "suite": "roads",
        "version": 1,
        "description": "Made up.",
        "defaults": {"organisation": "Anyshire Council"},
        "cases": [
            {
                "id": "salt",
                "kind": "figure",
                "question": "What did salt cost?",
                "scope": {"years": [2020]},
                "expect": {"figure": {"value": "1234.5", "unit": "GBP"}},
                "evidence": [{"year": 2020, "quote_contains": ["salt"]}],
            },
            {
                "id": "what",
                "kind": "follow_up",
                "question": "And on what?",
                "history": [{"role": "user", "content": "What did it spend?"}],
                "expect": {"any_of": ["salt"]},
                "evidence": [{"year": 2020}],
            },
            {"id": "paint", "kind": "refuse", "question": "Who [red]paints[/red]?", "expect": {"refuse": True}},
        ],
    }
)


def cited(quote: str = SALT, file: str = "roads.pdf", page: int | None = 3) -> Citation:
    return Citation(
        n=1,
        report_id="r1",
        title="Roads",
        organisation="Anyshire Council",
        year=2020,
        file=file,
        page=page,
        page_label=None,
        section=("Extract 2",),
        quote=quote,
        start=0,
        end=len(quote),
    )


def figure(value: str = "1234.5", unit: str | None = "GBP", scale: str | None = None) -> AnswerFigure:
    return AnswerFigure(
        text=value,
        value=value,
        unit=unit,
        scale=scale,
        measure=None,
        subject=None,
        period=None,
        citation=1,
        check="in_quote",
    )


def answered(text: str = f"> {SALT} [1]", *figures: AnswerFigure, citation: Citation | None = None) -> Answer:
    return Answer(
        question="q",
        standalone_question="q",
        status="answered",
        text=text,
        figures=figures or (figure(),),
        judgments=(),
        citations=(citation or cited(),),
        notes=(),
        scope=Searched(reports=("r1",), count=1),
        timings_ms={},
    )


REFUSED = replace(answered(), status="not_in_reports", text="The reports do not say.", figures=())


class Answerer:
    """Answers by rule, and remembers what it was asked with."""

    def __init__(self, rule: Callable[[str], Answer]) -> None:
        self.rule = rule
        self.asked: list[tuple[str, tuple[dict[str, str], ...], Scope]] = []

    def ask(self, question: str, *, history: tuple[dict[str, str], ...], scope: Scope) -> Answer:
        self.asked.append((question, history, scope))
        return self.rule(question)


def right(question: str) -> Answer:
    return REFUSED if "paints" in question else answered()


def result(rule: Callable[[str], Answer] = right) -> SuiteResult:
    return run_suite(SUITE, Answerer(rule))


def printed(of: SuiteResult) -> str:
    out = io.StringIO()
    print_report(of, Console(file=out, width=140))
    return out.getvalue()


def test_each_case_is_asked_once_with_its_history_and_scope() -> None:
    answerer, seen = Answerer(right), list[CaseResult]()
    run = run_suite(SUITE, answerer, on_case=seen.append)
    assert answerer.asked == [
        ("What did salt cost?", (), Scope(years=(2020,))),
        ("And on what?", ({"role": "user", "content": "What did it spend?"},), Scope()),
        ("Who [red]paints[/red]?", (), Scope()),
    ]
    assert tuple(seen) == run.cases
    assert [case.correct for case in run.cases] == [True, True, True]
    assert exit_code(run, None) == 0


def test_an_error_of_the_assistant_ends_the_run_and_is_no_miss() -> None:
    def broken(question: str) -> Answer:
        raise BadSuite("no library")

    with pytest.raises(CaseFailed, match="'salt' could not be asked: no library"):
        result(broken)


def test_the_summary_counts_by_hand() -> None:
    summary = summarise(result(lambda question: answered(f"It cost £9 [1].\n\n> {SALT} [1]", figure("9"), figure())))
    assert [(kind, share.hits, share.total) for kind, share in summary.by_kind] == [
        ("figure", 0, 1),
        ("follow_up", 1, 1),
        ("refuse", 0, 1),
    ]
    assert (summary.answerable.hits, summary.answerable.total) == (1, 2)
    assert (summary.strict_figures.hits, summary.lenient_figures.hits, summary.lenient_figures.total) == (0, 1, 1)
    assert (summary.refusal.recall.hits, summary.refusal.recall.total, summary.refusal.precision.total) == (0, 1, 0)
    assert summary.unsupported == 3


def test_the_report_shows_every_miss_and_no_markup_of_a_question() -> None:
    shown = printed(result(lambda question: answered(f"It cost £9 [1].\n\n> {SALT} [1]", figure("9"))))
    for part in (
        "salt (figure) – wrong value: another value",
        "expected    1234.5 GBP",
        "roads.pdf (2020, page 3): The council spent",
        "unsupported £9",
        "paint (refuse) – answered unanswerable",
        "Who [red]paints[/red]?",
        "0.0% to 79.3%",
        "Figures without support: 3.",
    ):
        assert part in shown
    assert "what (follow_up) – figures without support" in shown
    assert "wrong" not in printed(result())


def test_the_json_is_plain_and_complete() -> None:
    data = json.loads(json.dumps(as_json(result())))
    assert data["summary"]["shares"]["answerable: correct and cited"]["share"] == 1
    assert data["summary"]["shares"]["refused of the unanswerable"]["interval_95"][1] == 1
    assert [control["name"] for control in data["controls"]][:2] == ["always refuses", "answers without retrieval"]
    assert [case["id"] for case in data["cases"]] == ["salt", "what", "paint"]


@pytest.mark.parametrize(
    "rule",
    [
        lambda question: REFUSED,
        lambda question: answered(),
        lambda question: REFUSED if "paints" in question else answered(f"> {SALT} [1]", figure("1234500")),
        lambda question: REFUSED if "paints" in question else answered(SALT),
        lambda question: REFUSED if "paints" in question else answered(f"In 2019: {SALT} [1]"),
    ],
    ids=["always refuses", "never refuses", "a thousand times", "drops its citations", "adds a year"],
)
def test_a_sabotaged_answerer_turns_the_gate_red(rule: Callable[[str], Answer], tmp_path: Path) -> None:
    save(result(), tmp_path / "base.json")
    sabotaged = result(rule)
    assert exit_code(sabotaged, None) == 1
    assert exit_code(sabotaged, compare(sabotaged, tmp_path / "base.json")) == 1


def test_a_baseline_holds_what_was_wrong_before_and_names_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "base.json"
    save(result(lambda question: REFUSED), path)
    same = result(lambda question: REFUSED)
    assert failures(same, compare(same, path)) == failures(same, None)  # below the floor, and no worse than before
    better = compare(result(), path)
    assert (better.worse, better.better, better.missing, better.new) == ((), ("salt", "what"), (), ())
    save(result(), path)
    worse = compare(same, path)
    assert (worse.worse, worse.better) == (("salt", "what"), ())
    assert exit_code(same, worse) == 1


def test_losing_a_case_is_worse_and_a_new_one_is_not(tmp_path: Path) -> None:
    path, whole = tmp_path / "base.json", result()
    fewer = replace(whole, cases=whole.cases[1:])
    save(whole, path)
    assert compare(fewer, path).missing == ("salt",)
    assert exit_code(fewer, compare(fewer, path)) == 1
    save(fewer, path)
    assert compare(whole, path).new == ("salt",)
    assert exit_code(whole, compare(whole, path)) == 0


def test_the_same_answers_give_the_same_file_but_for_times(tmp_path: Path) -> None:
    save(result(), tmp_path / "a.json")
    save(result(), tmp_path / "b.json")
    first, second = ((tmp_path / name).read_text(encoding="utf-8").split('"times_ms"') for name in ("a.json", "b.json"))
    assert first[0] == second[0]
    assert json.loads("{" + '"times_ms"' + second[1])["times_ms"].keys() == {"median", "p95"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_a_baseline_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    with pytest.raises(BadSuite, match="cannot be read"):
        compare(result(), path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadSuite, match="cannot be used"):
        compare(result(), path)
    save(replace(result(), suite="bridges"), path)
    with pytest.raises(BadSuite, match="of the suite 'bridges'"):
        compare(result(), path)
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"extra": 1}), encoding="utf-8")
    with pytest.raises(BadSuite, match="extra"):
        compare(result(), path)
    with pytest.raises(BadSuite, match="cannot be written"):
        save(result(), path / "under a file")


SHIPS = Suite.model_validate(
    SUITE.model_dump(mode="json", exclude_defaults=True)
    | {"policy": {"answerable_floor": 0, "refusal_recall_floor": 0, "points_down": 60}}
)


def policy(**changes: object) -> Suite:
    data = SHIPS.model_dump(mode="json", exclude_defaults=True)
    return Suite.model_validate(data | {"policy": data["policy"] | changes})


def only(*wrong: str) -> Callable[[str], Answer]:
    """Right but for the cases named, which are refused, or answered where they should be refused."""
    asked = {"salt": "salt cost", "what": "And on what", "paint": "paints"}

    def rule(question: str) -> Answer:
        missed = any(asked[name] in question for name in wrong)
        return REFUSED if ("paints" in question) != missed else answered()

    return rule


@pytest.mark.parametrize(
    ("changes", "wrong", "part"),
    [
        ({}, ("salt",), "Known figures got worse: salt"),
        ({"figures_may_flip": True, "points_down": 100}, ("salt",), None),
        ({"figures_may_flip": True}, ("salt",), "Kind figure lost 100.0 points"),
        ({}, ("what",), "Kind follow_up lost 100.0 points"),
        ({"points_down": 100}, ("what",), None),
        (
            {"points_down": 100, "refusal_recall_floor": 0.5},
            ("paint",),
            "unanswerable cases refused: the floor is 50.0%",
        ),
        ({"points_down": 100, "answerable_floor": 0.6}, ("what",), "answerable cases correct and cited"),
    ],
)
def test_the_policy_of_the_suite_decides(
    changes: dict[str, object], wrong: tuple[str, ...], part: str | None, tmp_path: Path
) -> None:
    suite = policy(**changes)
    save(run_suite(suite, Answerer(right)), tmp_path / "base.json")
    run = run_suite(suite, Answerer(only(*wrong)))
    found = failures(run, compare(run, tmp_path / "base.json"))
    assert (part is None and found == ()) or (part is not None and any(part in line for line in found)), found


def test_a_significant_fall_fails_under_any_policy(tmp_path: Path) -> None:
    data = policy(points_down=100, figures_may_flip=True).model_dump(mode="json", exclude_defaults=True)
    many = Suite.model_validate(data | {"cases": [data["cases"][1] | {"id": f"what-{n}"} for n in range(20)]})
    save(run_suite(many, Answerer(right)), tmp_path / "base.json")
    left = iter([REFUSED] * 6 + [answered()] * 14)
    worse = run_suite(many, Answerer(lambda question: next(left)))
    compared = compare(worse, tmp_path / "base.json")
    assert (len(compared.worse), compared.p_value, compared.smallest_difference) == (6, 2 / 64, 30.0)
    assert any("chance gives with p = 0.0312" in line for line in failures(worse, compared))


def test_a_case_that_was_rewritten_cannot_hide_that_it_got_worse(tmp_path: Path) -> None:
    save(result(), tmp_path / "base.json")
    data = SUITE.model_dump(mode="json", exclude_defaults=True)
    data["cases"][0]["expect"]["figure"]["value"] = "9"
    rewritten = run_suite(Suite.model_validate(data), Answerer(right))
    compared = compare(rewritten, tmp_path / "base.json")
    assert (compared.changed, compared.worse) == (("salt",), ("salt",))

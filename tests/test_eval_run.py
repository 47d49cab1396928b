"""A run of a suite: what is recorded, reported, saved and compared, and the question files of other corpora."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from evals.baseline import compare, exit_code, save
from evals.corpus import measure, sampled, shares
from evals.questions import Question, answer_contained, leading_figure_right, load_corpus, right_page
from evals.report import as_json, print_report, summarise
from evals.run import CaseResult, SuiteResult, run_suite
from evals.suite import Suite
from index.errors import BadSuite
from rag.records import Answer, AnswerFigure, Citation, Scope, Searched

SHARED = Path(__file__).parents[1].parent / "shared"
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

    with pytest.raises(BadSuite, match="no library"):
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
    assert "–" not in printed(result()).split("Figures without support")[1]


def test_the_json_is_plain_and_complete() -> None:
    data = json.loads(json.dumps(as_json(result())))
    assert data["summary"]["answerable_correct_and_cited"]["share"] == 1
    assert data["summary"]["refusal_recall"]["interval_95"][1] == 1
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
    assert exit_code(same, compare(same, path)) == 0
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


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    save(result(), tmp_path / "a.json")
    save(result(), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
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


def asked(answers: tuple[str, ...], kind: str = "figure", scale: str = "", page: int | str = 3) -> Question:
    evidence = [{"doc": "roads.pdf", "page": page, "text": "salt"}]
    data = {"id": "q", "question": "q", "answers": answers, "answer_type": kind, "scale": scale, "doc": "roads.pdf"}
    return Question.model_validate(data | {"evidence": evidence})


def test_a_contained_figure_keeps_its_scale() -> None:
    row = cited("Salt | 28,322")
    typed = answered("> Salt | 28,322 [1]", figure("28322", "GBP", "million"), citation=row)
    bare = answered("> Salt | 28,322 [1]", figure("28322", None), citation=row)
    assert answer_contained(asked(("28,322",), scale="million"), typed)
    assert leading_figure_right(asked(("28,322",), scale="million"), typed)
    assert not answer_contained(asked(("28,322",), scale="million"), bare)
    assert answer_contained(asked(("28,322",)), bare)
    assert not answer_contained(asked(("28,322",), scale="percent"), bare)
    assert not answer_contained(asked(("8,322",)), bare)


def test_other_answers_are_contained_as_their_type_asks() -> None:
    said = answered()
    assert answer_contained(asked(("grit", "on salt"), "span"), said)
    assert not answer_contained(asked(("grit", "on salt"), "multi"), said)
    assert answer_contained(asked(("council", "on salt"), "multi"), said)
    assert answer_contained(asked(("No",), "boolean"), answered("No: it [1]."))
    assert not answer_contained(asked(("No",), "boolean"), answered("It says no [1]."))
    assert not answer_contained(asked(("on salt",), "span"), REFUSED)


def test_a_page_is_a_number_a_heading_or_a_paragraph_label() -> None:
    text = f"[p1] Before. [p2] {SALT} [p3] After."
    start = text.index(SALT)
    place = replace(cited(), start=start, end=start + len(SALT))
    assert right_page(asked(("x",), "span", page=3), place, text)
    assert not right_page(asked(("x",), "span", page=4), place, text)
    assert right_page(asked(("x",), "span", page="extract 2"), place, text)
    assert right_page(asked(("x",), "span", page="p2"), place, text)
    assert not right_page(asked(("x",), "span", page="p1"), place, text)
    assert not right_page(asked(("x",), "span", page="p3"), place, text)
    assert not right_page(asked(("x",), "span", page=3), replace(place, file="other.pdf"), text)


def test_a_corpus_is_measured_by_hand() -> None:
    questions = (asked(("1,234.5",)), asked(("salt",), "span", page=9), asked((), "unanswerable"))
    results = [measure(q, Answerer(lambda question: answered()), lambda report_id: SALT) for q in questions]
    found = {name.strip(): (share.hits, share.total) for name, share in shares(results).items()}
    assert found["answer contained"] == (2, 2)
    assert found["right document"] == (2, 2)
    assert found["contained and right page"] == (1, 2)
    assert found["leading figure right"] == (1, 1)
    assert found["refused of the unanswerable"] == (0, 1)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    questions = [replace_id(asked(("x",), "span"), f"q{i}") for i in range(50)]
    first = sampled(questions, 10, seed=1)
    assert first == sampled(questions, 10, seed=1) != sampled(questions, 10, seed=2)
    assert [q.id for q in first] == sorted((q.id for q in first), key=lambda name: int(name[1:]))
    assert sampled(questions, None, 0) == sampled(questions, 99, 0) == tuple(questions)


def replace_id(question: Question, name: str) -> Question:
    return question.model_copy(update={"id": name})


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{", "questions.jsonl:2: this is not JSON"),
        ('{"id": "q"}', "questions.jsonl:2: question: Field required"),
        ('{"id": "b", "question": "q", "answers": [], "answer_type": "span", "doc": "d"}', "b: answers do not fit"),
    ],
)
def test_a_bad_line_of_a_question_file_is_named(tmp_path: Path, line: str, part: str) -> None:
    (tmp_path / "docs").mkdir()
    good = asked(("x",), "span").model_dump_json()
    (tmp_path / "questions.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadSuite, match=part):
        load_corpus(tmp_path, tmp_path / "scratch")


def test_windows_become_documents_with_a_heading_each(tmp_path: Path) -> None:
    window = {"id": "w1", "kind": "k", "title": "Roads: 2020", "page": 1, "text": SALT}
    lines = [
        {
            "id": "w1-0",
            "window": "w1",
            "question": "On what?",
            "answer": "salt",
            "start": 30,
            "sentence": [0, 43],
            "type": "span",
        },
        {"id": "w1-1", "window": "w1", "question": "By whom?", "answer": None, "why": "nobody named"},
    ]
    (tmp_path / "windows.jsonl").write_text(json.dumps(window) + "\n", encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    corpus = load_corpus(tmp_path, tmp_path / "scratch")
    assert (corpus.documents / "roads-2020.md").read_text(encoding="utf-8") == f"# Roads: 2020\n\n## w1\n\n{SALT}\n"
    able, unable = corpus.questions
    assert (able.answers, able.evidence[0].page, able.evidence[0].text) == (("salt",), "w1", SALT)
    assert (unable.answerable, unable.doc) == (False, "roads-2020.md")


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="the shared corpora are not here")
@pytest.mark.parametrize(
    ("folder", "questions"), [("jtai_joint_inspections", 209), ("tatqa_dev", 194), ("squad2_dev", 257)]
)
def test_every_question_of_the_shared_corpora_is_read_and_finds_its_document(
    folder: str, questions: int, tmp_path: Path
) -> None:
    corpus = load_corpus(SHARED / "corpora" / folder, tmp_path)
    assert len(corpus.questions) == questions
    assert all((corpus.documents / question.doc).is_file() for question in corpus.questions)

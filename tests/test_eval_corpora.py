"""Question files of other corpora become suites: each question with what is right and where it stands."""

import json
from pathlib import Path

import pytest

from evals.questions import Question, load_corpus, suite_of
from evals.sources import load_source
from evals.suite import Case
from index.errors import BadSuite

SHARED = Path(__file__).parents[1].parent / "shared"
SALT = "The council spent £1,234.5 on salt in 2020."


def asked(answers: tuple[str, ...], kind: str = "figure", scale: str = "", page: int | str = 3) -> Question:
    evidence = [{"doc": "roads.pdf", "page": page, "text": "salt"}]
    data = {"id": "q", "question": "q", "answers": answers, "answer_type": kind, "scale": scale, "doc": "roads.pdf"}
    return Question.model_validate(data | {"evidence": evidence})


def written(folder: Path, *lines: str) -> Path:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "questions.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def only_case(folder: Path, question: Question) -> Case:
    return load_source(written(folder, question.model_dump_json()), folder / "scratch").suite.cases[0]


def test_a_figure_keeps_its_scale_and_takes_any_unit(tmp_path: Path) -> None:
    figure = only_case(tmp_path, asked(("28,322",), scale="million")).expect.figure
    assert figure is not None
    assert (figure.value, figure.scale, figure.unit) == ("28322", "million", "any")
    percent = only_case(tmp_path, asked(("4.5",), scale="percent")).expect.figure
    assert percent is not None
    assert (percent.value, percent.scale, percent.unit) == ("4.5", None, "percent")
    negative = only_case(tmp_path, asked(("(9,819)",), scale="thousand")).expect.figure
    assert negative is not None
    assert negative.value == "-9819"


@pytest.mark.parametrize(
    ("question", "kind", "expects"),
    [
        (asked(("grit", "salt"), "span"), "text", {"any_of": ["grit", "salt"]}),
        (asked(("twelve", "12"), "figure"), "text", {"any_of": ["twelve", "12"]}),
        (asked(("grit", "salt"), "multi"), "list", {"list": {"items": ["grit", "salt"]}}),
        (asked(("No",), "boolean"), "text", {"starts_with": "No"}),
        (asked((), "unanswerable"), "refuse", {"refuse": True}),
    ],
)
def test_other_answers_are_expected_as_their_type_asks(
    question: Question, kind: str, expects: dict[str, object], tmp_path: Path
) -> None:
    case = only_case(tmp_path, question)
    assert case.kind == kind
    assert case.expect.model_dump(mode="json", exclude_defaults=True) == expects


@pytest.mark.parametrize(
    ("page", "place"),
    [(3, {"page": 3}), ("extract 2", {"section": "extract 2"}), ("p30", {"paragraph": "p30"})],
)
def test_a_page_is_a_number_a_heading_or_a_paragraph_label(
    page: int | str, place: dict[str, object], tmp_path: Path
) -> None:
    case = only_case(tmp_path, asked(("x",), "span", page=page))
    assert case.evidence[0].model_dump(exclude_defaults=True) == {"report": "roads.pdf"} | place


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{", "questions.jsonl:2: this is not JSON"),
        ('{"id": "q"}', "questions.jsonl:2: question: Field required"),
        ('{"id": "b", "question": "q", "answers": [], "answer_type": "span", "doc": "d"}', "b: answers do not fit"),
    ],
)
def test_a_bad_line_of_a_question_file_is_named(tmp_path: Path, line: str, part: str) -> None:
    good = asked(("x",), "span").model_dump_json()
    with pytest.raises(BadSuite, match=part):
        load_source(written(tmp_path, good, line), tmp_path / "scratch")


def test_the_question_file_itself_can_be_named(tmp_path: Path) -> None:
    folder = written(tmp_path, asked(("x",), "span").model_dump_json())
    source = load_source(folder / "questions.jsonl", tmp_path / "scratch")
    assert source == load_source(folder, tmp_path / "scratch")
    assert source.documents == folder / "docs"


def test_windows_become_documents_with_a_heading_each(tmp_path: Path) -> None:
    window = {"id": "w1", "kind": "k", "title": "Roads: 2020", "page": 1, "text": SALT}
    able = {"id": "w1-0", "window": "w1", "question": "On what?", "answer": "salt", "sentence": [0, 43], "type": "span"}
    unable = {"id": "w1-1", "window": "w1", "question": "By whom?", "answer": None, "why": "nobody named"}
    (tmp_path / "windows.jsonl").write_text(json.dumps(window) + "\n", encoding="utf-8")
    lines = [json.dumps(able), json.dumps(unable)]
    (tmp_path / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    corpus = load_corpus(tmp_path, tmp_path / "scratch")
    assert (corpus.documents / "roads-2020.md").read_text(encoding="utf-8") == f"# Roads: 2020\n\n## w1\n\n{SALT}\n"
    first, second = suite_of(corpus).cases
    assert first.evidence[0].model_dump(exclude_defaults=True) == {"report": "roads-2020.md", "section": "w1"}
    assert not second.answerable


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Salt_Roads",
            "paragraphs": [
                {
                    "context": SALT,
                    "qas": [
                        {
                            "id": "5a",
                            "question": "On what was it spent?",
                            "answers": [{"text": "salt", "answer_start": 30}, {"text": "salt", "answer_start": 30}],
                            "is_impossible": False,
                        },
                        {"id": "5b", "question": "Who drove?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ],
}
TATQA = [
    {
        "table": {"uid": "t-1", "table": [["", "2020", "2019"], ["Salt | grit", "1,234", "(99)"]]},
        "paragraphs": [{"uid": "p-1", "order": 1, "text": "In thousands."}],
        "questions": [
            {"uid": "q-1", "question": "Salt in 2019?", "answer": ["(99)"], "answer_type": "span", "scale": "thousand"},
            {"uid": "q-2", "question": "The change?", "answer": 1333, "answer_type": "arithmetic", "scale": "thousand"},
            {"uid": "q-3", "question": "Years?", "answer": ["2020", "2019"], "answer_type": "multi-span", "scale": ""},
        ],
    }
]


def test_a_published_squad_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dev-v2.0.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    source = load_source(path, tmp_path / "scratch")
    first, second = source.suite.cases
    assert source.documents is not None
    assert (source.documents / "Salt_Roads.md").read_text(encoding="utf-8") == f"# Salt Roads\n\n[p1] {SALT}\n"
    assert first.expect.any_of == ("salt",)
    assert first.evidence[0].paragraph == "p1"
    assert not second.answerable


def test_a_published_tatqa_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tatqa.json"
    path.write_text(json.dumps(TATQA), encoding="utf-8")
    source = load_source(path, tmp_path / "scratch")
    assert source.documents is not None
    text = (source.documents / "t_1.md").read_text(encoding="utf-8")
    assert "| Salt / grit | 1,234 | (99) |" in text and "In thousands." in text
    span, change, years = source.suite.cases
    assert span.expect.figure is not None and change.expect.figure is not None and years.expect.list is not None
    assert (span.expect.figure.value, span.expect.figure.scale) == ("-99", "thousand")
    assert change.expect.figure.value == "1333"
    assert {case.scope.reports for case in source.suite.cases} == {("t_1.md",)}


@pytest.mark.parametrize("text", ["{", '{"data": [{"title": 1}]}', "[]", '{"data": []}'])
def test_a_json_file_of_another_form_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSuite, match=r"other\.json"):
        load_source(path, tmp_path / "scratch")


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="the shared corpora are not here")
@pytest.mark.parametrize(
    ("folder", "questions"), [("jtai_joint_inspections", 209), ("tatqa_dev", 194), ("squad2_dev", 257)]
)
def test_every_question_of_the_shared_corpora_becomes_a_case(folder: str, questions: int, tmp_path: Path) -> None:
    source = load_source(SHARED / "corpora" / folder, tmp_path)
    assert source.documents is not None
    assert len(source.suite.cases) == len({case.id for case in source.suite.cases}) == questions
    files = {path.name for path in source.documents.iterdir()}
    assert {place.report for case in source.suite.cases for place in case.evidence} <= files

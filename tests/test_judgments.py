"""Judgments: which words of a report are one, on what, of whom and of which year."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.grades import GRADE, canonical_grade
from index.load import load_report
from index.records import Judgment, Statement, StructuredReport
from index.sandbox import ReaderProcess
from index.statements import find_statements
from index.structure import structure

FRONT = "Northmere Council\n\nAn inspection of waste services\n\nJune 2018\n\n"
TEXT = (
    "The inspectors of the council went to nine depots and watched how the crews of Northmere Council work.\n\n"
    "What they saw at Northmere Council is set out below, and the reasons for each grade are given with it.\n\n"
)


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


class Reading:
    """Reads the text of a report, or a file, as the library does."""

    def __init__(self, reader: ReaderProcess, folder: Path) -> None:
        self.reader, self.folder = reader, folder

    def file(self, path: Path) -> tuple[StructuredReport, list[tuple[Statement, Judgment]]]:
        report = structure(load_report(path, reader=self.reader))
        return report, [(s, j) for s in find_statements(report) for j in s.judgments]

    def grades(self, text: str) -> list[tuple[str, str, bool]]:
        return [(j.grade, j.aspect, j.overall) for j in self.judgments(text)]

    def judgments(self, text: str) -> list[Judgment]:
        path = self.folder / "report.txt"
        path.write_text(text, encoding="utf-8")
        return [judgment for _, judgment in self.file(path)[1]]


@pytest.fixture
def reading(reader: ReaderProcess, tmp_path: Path) -> Reading:
    return Reading(reader, tmp_path)


def test_a_grade_alone_on_a_line_is_of_the_question_above_it(reading: Reading) -> None:
    text = f"{FRONT}Summary\n\n{TEXT}Are bins collected on time?\n\nGood\n\n{TEXT}"
    text += f"Is enough recycled?\n\nInadequate\n\n{TEXT}"
    assert reading.grades(text) == [
        ("good", "Are bins collected on time?", False),
        ("inadequate", "Is enough recycled?", False),
    ]


def test_a_report_that_leads_with_a_grade_leads_with_the_overall_one(reading: Reading) -> None:
    text = (
        f"Northmere waste 2018\n\nHow good are the waste services of the council?\n\nRequires improvement\n\n{TEXT}"
        f"Are bins collected on time?\n\nGood\n\n{TEXT}"
    )
    assert reading.grades(text) == [
        ("requires improvement", "How good are the waste services of the council?", True),
        ("good", "Are bins collected on time?", False),
    ]


def test_a_grade_under_overall_judgment_is_of_the_question_that_stands_over_both(reading: Reading) -> None:
    text = f"# Waste services\n\n## Is waste well managed?\n\n### Overall judgment\n\nGood\n\n{TEXT}"
    path = reading.folder / "report.md"
    path.write_text(text, encoding="utf-8")
    _, found = reading.file(path)
    assert [(j.grade, j.aspect, j.overall) for _, j in found] == [("good", "Is waste well managed?", True)]
    assert "Overall judgment" in found[0][0].text


@pytest.mark.parametrize("line", ["Overall judgment: Good", "Rating: Good", "Good."])
def test_a_grade_with_its_label_on_the_line_is_read(reading: Reading, line: str) -> None:
    text = f"{FRONT}Summary\n\n{TEXT}Are bins collected on time?\n\n{line}\n\n{TEXT}"
    assert [(grade, aspect) for grade, aspect, _ in reading.grades(text)] == [("good", "Are bins collected on time?")]


def test_a_box_of_three_grades_gives_each_question_its_own(reading: Reading) -> None:
    questions = ["Are bins collected on time?", "Is enough waste recycled?", "Does the council spend its money well?"]
    box = "\n\n".join(questions)
    body = "\n\n".join(f"{question}\n\n{TEXT.strip()}" for question in questions)
    text = f"{FRONT}Summary\n\n{TEXT}{box}\n\nGood\n\nInadequate\n\nOutstanding\n\n{TEXT}{body}\n"
    assert [(grade, aspect) for grade, aspect, _ in reading.grades(text)] == list(
        zip(["good", "inadequate", "outstanding"], questions, strict=True)
    )


def test_three_grades_run_together_on_a_line_go_to_the_three_questions_of_the_box(reading: Reading) -> None:
    questions = ["Are bins collected on time?", "Is enough waste recycled?", "Does the council spend its money well?"]
    box = "\n\n".join(questions)
    body = "\n\n".join(f"{question}\n\n{TEXT.strip()}" for question in questions)
    text = f"{FRONT}Summary\n\n{TEXT}{box}\n\nGood InadequateGood\n\n{TEXT}{body}\n"
    assert [(grade, aspect) for grade, aspect, _ in reading.grades(text)] == list(
        zip(["good", "inadequate", "good"], questions, strict=True)
    )


def test_a_list_of_the_grades_there_are_is_no_judgment(reading: Reading) -> None:
    text = (
        f"{FRONT}Our judgments\n\nThe inspectors judge every service as outstanding, good, requires improvement or "
        "inadequate.\n\nThe categories are:\n\n• outstanding\n• good\n• requires improvement\n• inadequate\n\n"
        f"{TEXT}"
    )
    assert reading.grades(text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Northmere Council has a good record of repairs and an outstanding debt of £4m.",
        "Northmere Council was not judged to be good at recycling.",
        "Northmere Council hopes to be judged as outstanding at recycling.",
    ],
)
def test_a_grade_word_that_nobody_gave_is_no_judgment(reading: Reading, sentence: str) -> None:
    assert reading.grades(f"{FRONT}Summary\n\n{TEXT}{sentence}\n") == []


@pytest.mark.parametrize(
    ("sentence", "grade", "aspect"),
    [
        ("Northmere Council is judged to be good at collecting glass.", "good", "collecting glass"),
        (
            "Northmere Council has been assessed as inadequate in respect of its care of depots.",
            "inadequate",
            "care of depots",
        ),
        ("The council’s care of depots is judged to require improvement.", "requires improvement", "care of depots"),
        ("The care of depots was rated ‘outstanding’.", "outstanding", "care of depots"),
        ("The auditors graded the council as good for its care of depots.", "good", "care of depots"),
    ],
)
def test_a_sentence_that_judges_says_on_what(reading: Reading, sentence: str, grade: str, aspect: str) -> None:
    found = reading.judgments(f"{FRONT}Summary\n\n{TEXT}{sentence}\n")
    assert [(j.grade, j.aspect, j.organisation, j.year) for j in found] == [(grade, aspect, "Northmere Council", 2018)]


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("In last year's fire safety inspection, Northmere Council was judged to be inadequate.", 2017),
        ("In the previous year Northmere Council was judged to be inadequate at fire safety.", 2017),
        ("In 2014 Northmere Council was judged to be inadequate at fire safety.", 2014),
        ("This year Northmere Council was judged to be inadequate at fire safety.", 2018),
    ],
)
def test_a_judgment_of_an_earlier_year_gets_that_year(reading: Reading, sentence: str, year: int) -> None:
    (found,) = reading.judgments(f"{FRONT}Summary\n\n{TEXT}{sentence}\n")
    assert (found.year, found.aspect) == (year, "fire safety")


@pytest.mark.parametrize("printed", ["Requires  Improvement", "requıres improvement", "REQUIRE\u00a0IMPROVEMENT"])
def test_a_grade_is_the_same_grade_however_it_is_printed(printed: str) -> None:
    assert GRADE.fullmatch(printed) is not None
    assert canonical_grade(printed) == "requires improvement"


def test_the_shared_reports_judgments_are_of_the_right_question_year_and_grade(
    reading: Reading, shared_reports: Path
) -> None:
    expected = {
        "000": {("good", 2016): 5, ("good", 2015): 1},
        "001": {("good", 2014): 7},
        "002": {("requires improvement", 2017): 8, ("good", 2016): 1},
        "003": {("good", 2014): 1, ("good", 2015): 1},
    }
    for start, counts in expected.items():
        (path,) = shared_reports.glob(f"{start}_*.txt")
        _, found = reading.file(path)
        seen = [(j.grade, j.year) for _, j in found]
        assert {key: seen.count(key) for key in seen} == counts, path.name


def test_the_grades_of_both_extractions_of_one_report_are_of_the_same_questions(
    reading: Reading, shared_reports: Path
) -> None:
    aspects = []
    for start in ("001", "004"):
        (path,) = shared_reports.glob(f"{start}_*.txt")
        aspects.append({(j.grade, j.aspect, j.overall) for _, j in reading.file(path)[1]})
    assert aspects[0] == aspects[1] and len(aspects[0]) == 4


def test_the_place_of_a_judgment_is_the_grade_as_printed(reading: Reading, shared_reports: Path) -> None:
    for path in sorted(shared_reports.glob("*.txt")):
        report, found = reading.file(path)
        assert found
        for statement, judgment in found:
            assert canonical_grade(report.loaded.text[judgment.start : judgment.end]) == judgment.grade
            assert statement.start <= judgment.start < judgment.end <= statement.end

"""What goes wrong in real reports: duplicates, charts, misprints, headings without markup, notes amid sentences.

Each trap is set with a small text of the same shape, and looked for in the five real reports where these are at hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.identify import identify
from index.load import load_report
from index.numbers import find_quantities
from index.periods import find_periods
from index.records import Figure, Passage, Statement, StructuredReport
from index.sandbox import ReaderProcess
from index.split import split
from index.statements import find_statements
from index.structure import structure
from index.twins import are_twins, may_be_twins

OWN, OTHERS = "Leicestershire Police", "England and Wales"
FRONT = "Northmere Council\n\nAn inspection of waste services\n\nJune 2018\n\n"
TEXT = (
    "The inspectors of the council went to nine depots and watched how the crews of Northmere Council work.\n\n"
    "Where there is a Shire average, the council is compared with it. A Shire average is the mean of nine councils.\n\n"
)


@dataclass(frozen=True)
class Read:
    report: StructuredReport
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...]

    @property
    def text(self) -> str:
        return self.report.loaded.text

    def figures(self, words: str) -> dict[str, Figure]:
        """The figures, by their print, of the statements that have these words."""
        return {f.text: f for s in self.statements if words in s.text for f in s.figures}

    def grades(self) -> list[tuple[str, str, int | None]]:
        return [(j.grade, j.aspect, j.year) for s in self.statements for j in s.judgments]

    def says(self, words: str) -> bool:
        return any(words in s.text for s in self.statements)


def _read(path: Path, reader: ReaderProcess) -> Read:
    report = structure(load_report(path, reader=reader))
    return Read(report, split(report), find_statements(report))


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture(scope="module")
def real(reader: ReaderProcess, shared_reports: Path) -> dict[str, Read]:
    """The reports A to E: 2016, 2014, 2017, 2015, and 2014 again."""
    paths = sorted(shared_reports.glob("*.txt"))
    return {name: _read(path, reader) for name, path in zip("ABCDE", paths, strict=True)}


@pytest.fixture
def read(reader: ReaderProcess, tmp_path: Path) -> Callable[[str], Read]:
    def read_text(text: str) -> Read:
        path = tmp_path / "report.txt"
        path.write_text(text, encoding="utf-8")
        return _read(path, reader)

    return read_text


# Duplicates


def test_two_extractions_of_one_report_are_twins_though_one_states_no_year(real: dict[str, Read]) -> None:
    b, e = real["B"].report, real["E"].report
    assert (b.identity.year, e.identity.year) == (2014, None)
    assert may_be_twins(b.identity, e.identity) and are_twins(b.loaded.text, e.loaded.text)
    others = [real[name].report for name in "ACD"]
    assert not any(may_be_twins(b.identity, other.identity) for other in others)


def test_each_twin_keeps_what_the_other_lost(real: dict[str, Read]) -> None:
    assert {"£153.0", "£168.1", "85.2%"} <= set(real["E"].figures(""))
    assert "£153.0" not in real["B"].text
    assert "978-1-78246-437-2" in real["B"].text and "978-1-78246-437-2" not in real["E"].text


# Charts and numbers


def test_a_lost_chart_leaves_no_figures(real: dict[str, Read]) -> None:
    section = [s for s in real["A"].statements if s.section[-1:] == ("Force in numbers",) and s.kind == "row"]
    printed = {f.text for s in section for f in s.figures}
    assert printed == {"121", "124", "56", "58", "+3%", "+9%", "79%", "84%"}


def test_a_stray_value_beside_a_gap_is_not_the_gap(real: dict[str, Read]) -> None:
    assert "+3.2" in real["B"].text and "+3.2" not in real["B"].figures("")
    gap = {f.measure: f.text for s in real["E"].statements for f in s.figures if f.measure in ("Requirement", "Gap")}
    assert gap == {"Requirement": "£36.1m", "Gap": "£0.0m"}


def test_a_stray_page_number_is_no_figure(real: dict[str, Read]) -> None:
    assert "3" not in real["B"].figures("")


@pytest.mark.parametrize("name", ["B", "E"])
def test_broken_column_headings_and_row_labels_are_whole(real: dict[str, Read], name: str) -> None:
    (row,) = [s for s in real[name].statements if s.kind == "row" and s.text.startswith("Police officers")]
    assert [(f.measure or "").split(", ", 1)[1] for f in row.figures] == [
        "31 March 2010 (baseline)",
        "31 March 2015",
        "Change",
        "Force change %",
        "Change for England and Wales %",
    ]


def test_separators_lost_inside_a_cell_are_not_made_up(real: dict[str, Read]) -> None:
    assert real["A"].says("Investigations | Specialist Investigations Investigative Support Public Protection")


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("-20%", "-20", "percent"),
        ("\u221220%", "-20", "percent"),
        ("\u201320%", "-20", "percent"),
        ("7%", "7", "percent"),
        ("+3%", "3", "percent"),
        ("3.5 per cent", "3.5", "percent"),
        ("1 percent", "1", "percent"),
        ("£300,000\u2013£400,000", "300000", "GBP"),
    ],
)
def test_signs_percents_and_ranges_are_read_as_printed(printed: str, value: str, unit: str) -> None:
    (found,) = find_quantities(f"It was {printed} of it.")
    assert (found.text, str(found.value), found.unit) == (printed, value, unit)


def test_a_range_of_years_with_a_dash_is_a_period() -> None:
    assert [p.text for p in find_periods("in 2010/11 \u2013 2014/15 it rose")] == ["2010/11 \u2013 2014/15"]


@pytest.mark.parametrize("name", ["B", "E"])
def test_a_percentage_without_its_sign_gets_it_from_its_row(real: dict[str, Read], name: str) -> None:
    found = real[name].figures("Percentage of emergency calls on target")
    assert {text: f.unit for text, f in found.items()} == {"91.0": "percent", "88.8": "percent"}


@pytest.mark.parametrize("name", ["B", "E"])
def test_a_reduction_in_words_is_a_decrease(real: dict[str, Read], name: str) -> None:
    found = real[name].figures("Looking just at the last 12 months")
    assert {text: f.direction for text, f in found.items() if text != "12"} == {
        "4 percent": "increase",
        "1 percent": "decrease",
    }


# Misprints and contradictions: kept as printed


@pytest.mark.parametrize("name", ["B", "E"])
def test_a_misprint_stays_as_printed_beside_the_right_print(real: dict[str, Read], name: str) -> None:
    found = real[name].figures("savings in 2015/16 are still being developed")
    assert {(f.text, f.value, f.unit, f.scale) for f in found.values()} == {
        ("£7.9", "7.9", "GBP", None),
        ("£7.9m", "7.9", "GBP", "million"),
    }
    tolerance = real[name].figures("of victims were satisfied")
    assert [(f.text, f.unit) for f in tolerance.values() if f.text == "85.8"] == [("85.8", "percent")]
    assert real[name].says("Between 2010/12 and 2013/14")
    assert real[name].says("reduce the impact workforce numbers")


def test_two_dates_for_one_figure_are_both_kept(real: dict[str, Read]) -> None:
    prose = real["A"].figures("projected decrease to 1,769")["1,769"]
    (cell,) = [f for s in real["A"].statements if s.kind == "row" for f in s.figures if f.text == "1,769"]
    assert (prose.period, cell.period) == ("March 2017", "March 2020")
    assert real["A"].says("May 2015 elections")


def test_the_same_baseline_keeps_each_reports_own_change(real: dict[str, Read]) -> None:
    staff = {
        name: next(f.value for s in real[name].statements if s.text.startswith(row) for f in s.figures if "%" in f.text)
        for name, row in (("A", "Staff |"), ("B", "Police staff |"))
    }
    assert staff == {"A": "-3", "B": "11"}


# Structure and markup


@pytest.mark.parametrize("name", list("ABCDE"))
def test_contents_running_heads_and_page_controls_are_no_evidence(real: dict[str, Read], name: str) -> None:
    evidence = [p.text for p in real[name].passages] + [s.text for s in real[name].statements]
    for words in ("Skip to content", "financial position for the short and long term? 9", "Next steps 29"):
        assert not any(words in text for text in evidence)
    assert not any(text.strip() == "Responding to austerity – Leicestershire Police" for text in evidence)
    assert {s.kind for s in real[name].report.sections} <= {"body", "contents", "boilerplate"}


def test_contents_entries_are_no_evidence_and_the_sections_they_name_are(read: Callable[[str], Read]) -> None:
    entries = "Introduction\t3\nIs glass collected?\t4\nAre depots safe?\t9\nAnnex\t12\n"
    found = read(f"{FRONT}Contents\n\n{entries}\nIntroduction\n\n{TEXT}Is glass collected?\n\n{TEXT}")
    assert not any("Are depots safe?" in p.text for p in found.passages)
    assert {s.section for s in found.statements} == {("Introduction",), ("Is glass collected?",)}


@pytest.mark.parametrize("name", ["A", "B", "C", "E"])
def test_no_grade_stands_without_its_question(real: dict[str, Read], name: str) -> None:
    judged = [s for s in real[name].statements if s.kind == "judgment"]
    assert judged
    assert all(j.aspect.endswith("?") for s in judged for j in s.judgments)


def test_a_grade_after_a_summary_is_the_chapters(read: Callable[[str], Read]) -> None:
    questions = ["Are bins collected on time?", "Is enough recycled?", "Is money well spent?"]
    contents = "".join(f"{question}\t{page}\n" for page, question in enumerate(questions, start=4))
    chapters = "".join(f"{question}\n\n{TEXT}Summary\n\n{TEXT}{{}}\n\n" for question in questions)
    found = read(f"{FRONT}Contents\n\n{contents}Annex\t9\n\n{chapters.format('Good', 'Inadequate', 'Good')}")
    assert [(grade, aspect) for grade, aspect, _ in found.grades()] == list(
        zip(["good", "inadequate", "good"], questions, strict=True)
    )


def test_a_grade_glued_to_summary_is_the_chapters(read: Callable[[str], Read]) -> None:
    questions = ["Are bins collected on time?", "Is enough recycled?"]
    box = "\n\n".join(questions)
    body = f"{questions[0]}\n\n{TEXT}GoodSummary\n\n{TEXT}{questions[1]}\n\n{TEXT}InadequateSummary\n\n{TEXT}"
    found = read(f"{FRONT}Summary\n\n{TEXT}{box}\n\nGood Inadequate\n\n{TEXT}{body}")
    assert [(grade, aspect) for grade, aspect, _ in found.grades()] == [
        ("good", questions[0]),
        ("inadequate", questions[1]),
    ] * 2


def test_a_report_without_grade_lines_has_only_what_its_sentences_say(real: dict[str, Read]) -> None:
    assert [(grade, year) for grade, _, year in real["D"].grades()] == [("good", 2014), ("good", 2015)]


def test_last_year_is_the_year_before_each_report(real: dict[str, Read]) -> None:
    last = {
        n: [year for _, aspect, year in real[n].grades() if "efficiency" in aspect or "value" in aspect] for n in "CD"
    }
    assert 2016 in last["C"] and last["D"] == [2014]
    assert ("good", "efficiency", 2015) in real["A"].grades()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("A", "The force has a commendable approach to regional collaboration"),
        ("A", "National Decision Model,³ allowing them to make"),
        ("A", "make best use of the technology the force has provided"),
        ("A", "as well as working to identify the most appropriate assets"),
        ("B", "adjusting how staff are consulted in relation to change."),
        ("E", "adjusting how staff are consulted in relation to change."),
        ("E", "East Midlands specialist operations unit over a decade ago."),
        ("E", "the amount of money likely to be raised through future increases"),
        ("E", "28 percent of its savings from non-pay, which"),
        ("E", "the re-design of local policing"),
        ("E", "frontline crime-fighting roles"),
        ("B", "year-on-year nonpay savings"),
    ],
)
def test_notes_page_ends_and_hyphens_leave_sentences_whole(real: dict[str, Read], name: str, sentence: str) -> None:
    assert any(sentence in s.text for s in real[name].statements)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (
            "It has a good\n\n¹ Grades are four.\n\nrecord of collecting bins on time.",
            "It has a good record of collecting",
        ),
        ("It asked how crews\n\nare told of each change that the council makes to rounds.", "crews are told of each"),
    ],
)
def test_a_note_or_blank_line_within_a_sentence_does_not_cut_it(
    read: Callable[[str], Read], lines: str, whole: str
) -> None:
    before = "The council works with all of the other councils of the Shire, and has done so for ten years. "
    assert read(f"{FRONT}Crews\n\n{TEXT}Its crews¹ work. {before}{lines}\n").says(whole)


def test_residue_of_an_extraction_is_the_sign_it_stands_for(real: dict[str, Read], read: Callable[[str], Read]) -> None:
    assert "\\pm" not in real["B"].text and "^{" not in real["B"].text and "± 6 percent" in real["B"].text
    assert (
        "85 (± 2 percent) of bins*" in read(f"{FRONT}Bins\n\n{TEXT}It is 85 (\\pm 2 percent) of bins^{{*}} now.\n").text
    )


@pytest.mark.parametrize("name", ["B", "C", "E"])
def test_bullets_are_items_without_their_marks(real: dict[str, Read], name: str) -> None:
    text = real[name].text
    items = [text[start:end] for found in real[name].report.lists for start, end in found.items]
    assert items and all(item[0].isalpha() for item in items)


def test_an_item_that_lost_its_bullet_is_still_the_first_of_its_list(read: Callable[[str], Read]) -> None:
    found = read(f"{FRONT}Summary\n\n{TEXT} The bins are clean.\n\n- The lids are shut.\n- The lorries are new.\n")
    assert [len(items.items) for items in found.report.lists] == [3]


def test_apostrophes_stay_as_printed(real: dict[str, Read]) -> None:
    assert "force's change programme" in real["B"].text and "force’s change programme" in real["E"].text


def test_the_body_that_writes_is_read_under_either_of_its_names(real: dict[str, Read]) -> None:
    assert {name: real[name].report.identity.publisher for name in "ABCDE"} == {
        "A": "HMIC",
        "B": "HMIC",
        "C": "HMICFRS",
        "D": "HMIC",
        "E": "HMIC",
    }


def test_a_report_without_date_has_no_year_though_it_names_many(real: dict[str, Read]) -> None:
    loaded = real["E"].report.loaded
    assert identify(loaded, real["E"].report.sections).year is None


@pytest.mark.parametrize(
    ("name", "words", "whose"),
    [
        ("A", "vacancy rate of 4.9 percent", {"4.9 percent": OWN, "1.2 percent": OTHERS}),
        ("B", "savings requirement of 18 percent", {"18 percent": OTHERS}),
        ("B", "felt safe from crime", {"87 percent": OWN, "84 percent": OTHERS}),
        ("E", "14 percent said", {"14 percent": OWN, "12 percent": OTHERS}),
    ],
)
def test_the_average_is_kept_apart_from_the_organisations_figure(
    real: dict[str, Read], name: str, words: str, whose: dict[str, str]
) -> None:
    found = real[name].figures(words)
    assert {text: found[text].subject for text in whose} == whose

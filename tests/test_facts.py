"""Facts: each figure of a report with what it measures, whose it is and when, in the statement that can be quoted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.grades import canonical_grade
from index.load import load_report
from index.records import Figure, Statement, StructuredReport
from index.sandbox import ReaderProcess
from index.statements import find_statements
from index.structure import structure
from index.subjects import comparators

Read = Callable[..., tuple[Statement, ...]]

OPENING = (
    "Northmere Council was visited in May. The inspectors met the crews of Northmere Council and their managers.\n\n"
    "Where there is a Shire average, the council is compared with it. A Shire average is the mean of nine councils.\n\n"
)
FRONT = f"Northmere Council\n\nAn inspection of waste services\n\nJune 2018\n\nSummary\n\n{OPENING}"


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture(scope="module")
def read(reader: ReaderProcess, tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("reports")

    def read_text(text: str, name: str = "report.txt") -> tuple[Statement, ...]:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return _checked(structure(load_report(path, reader=reader)))

    return read_text


def _checked(report: StructuredReport) -> tuple[Statement, ...]:
    """The statements of a report, after checking what holds of every report's statements."""
    text = report.loaded.text
    statements = find_statements(report)
    for s in statements:
        assert text[s.start : s.end] == s.text
        for figure in s.figures:
            assert text[figure.start : figure.end] == figure.text
            assert s.start <= figure.start < figure.end <= s.end
        for judgment in s.judgments:
            assert canonical_grade(text[judgment.start : judgment.end]) == judgment.grade
            assert s.start <= judgment.start < judgment.end <= s.end
    places = [f.start for s in statements for f in s.figures]
    assert len(places) == len(set(places)), "a figure is stated once"
    assert len({s.statement_id for s in statements}) == len(statements)
    return statements


def _figures(statements: tuple[Statement, ...]) -> dict[str, Figure]:
    return {figure.text: figure for s in statements for figure in s.figures}


def test_a_figure_and_the_average_beside_it_are_not_confused(read: Read) -> None:
    figures = _figures(
        read(
            f"{FRONT}Northmere Council spends £153.0 on a household, compared with the Shire average of £168.1.\n\n"
            "The vacancy rate of the council was 4.9 percent, higher than the Shire average of 1.2 percent.\n"
        )
    )
    assert {text: f.subject for text, f in figures.items() if text != "nine"} == {
        "£153.0": "Northmere Council",
        "£168.1": "Shire",
        "4.9 percent": "Northmere Council",
        "1.2 percent": "Shire",
    }


def test_what_an_organisation_is_compared_with_is_learnt_from_the_report() -> None:
    text = "That is above the Shire average. It is good compared with Shire councils. The Oxbow average is met once."
    assert comparators(text, "Northmere Council") == ("Shire",)
    assert comparators("The Northmere average fell. The Northmere average rose.", "Northmere Council") == ()
    told = "32% of the pilots are trained, compared with 27% for Norland overall."
    assert comparators(told, "Northmere Council") == ("Norland",)
    assert comparators("It had 30 posts, compared with 20 for March 2014.", "Northmere Council") == ()


def test_a_figure_that_is_only_compared_with_is_the_others(read: Read) -> None:
    figures = _figures(read(f"{FRONT}32% of the pilots are trained, compared with 27% for Norland overall.\n"))
    assert (figures["32%"].subject, figures["27%"].subject) == ("Northmere Council", "Norland")


def test_an_average_is_no_decrease_because_it_is_lower(read: Read) -> None:
    figures = _figures(read(f"{FRONT}Fires came to 117, lower than the Shire average of 139 in all.\n"))
    assert (figures["139"].direction, figures["117"].direction) == (None, None)


@pytest.mark.parametrize(
    ("sentence", "printed", "direction"),
    [
        ("The council reduced its fires by 13 percent.", "13 percent", "decrease"),
        ("The council saw a fall of 13 percent in fires.", "13 percent", "decrease"),
        ("The council saw a 13 percent reduction in fires.", "13 percent", "decrease"),
        ("The number of fires at all depots of the council rose by 4 percent.", "4 percent", "increase"),
        ("There was a decrease in the rate of fires that were put out late of 33 percent.", "33 percent", "decrease"),
        ("The crew of a lorry is made up of 4 people.", "4", None),
        ("The council has a rate of 4.9 percent.", "4.9 percent", None),
        ("It cut its fires, with a rate of 4.9 percent.", "4.9 percent", None),
    ],
)
def test_the_words_next_to_a_figure_say_whether_it_fell_or_rose(
    read: Read, sentence: str, printed: str, direction: str | None
) -> None:
    assert _figures(read(f"{FRONT}{sentence}\n"))[printed].direction == direction


def test_from_one_date_to_another_gives_each_figure_its_own_date(read: Read) -> None:
    figures = _figures(
        read(f"{FRONT}The number of bins missed fell from 2,067 in March 2015 to 1,863 by March 2018.\n")
    )
    assert (figures["2,067"].period, figures["1,863"].period) == ("March 2015", "March 2018")


def test_the_year_compared_with_is_not_the_year_of_the_figure(read: Read) -> None:
    figures = _figures(
        read(
            f"{FRONT}In the 12 months to 31 March 2018 the council took in 91.4% of bins on the day promised. "
            "This is an increase of 3.2 percentage points on 2016/17.\n"
        )
    )
    assert figures["3.2 percentage points"].period == "the 12 months to 31 March 2018"
    assert figures["91.4%"].period == "the 12 months to 31 March 2018"
    assert "12" not in figures


def test_the_year_compared_with_is_no_year_of_the_next_sentence(read: Read) -> None:
    figures = _figures(
        read(
            f"{FRONT}The council had 69 percent of its carts in use in 2014, an increase of 4.0 percentage points on "
            "2010. The Shire figure is 60 percent.\n"
        )
    )
    assert figures["60 percent"].period == "2014"


def test_each_of_two_named_in_turn_has_its_own_figure(read: Read) -> None:
    figures = _figures(
        read(
            f"{FRONT}The Shire average is met. Fires fell in Northmere by 10 percent and in the Shire by 14 percent. "
            "That is compared with Shire councils, and it is below the Shire average.\n"
        )
    )
    assert (figures["10 percent"].subject, figures["14 percent"].subject) == ("Northmere Council", "Shire")


def test_a_sentence_that_points_back_is_quoted_with_the_one_before(read: Read) -> None:
    statements = read(f"{FRONT}The council spent £34.3m on glass. This is 20.4 percent of its budget.\n")
    (statement,) = [s for s in statements if any(f.text == "20.4 percent" for f in s.figures)]
    assert statement.text == "The council spent £34.3m on glass. This is 20.4 percent of its budget."


def test_a_heading_that_a_text_file_does_not_mark_is_no_statement(read: Read) -> None:
    heading = "How well does the council look after its lorries?"
    text = "The council has 34 lorries, and each of them is looked after by the crew that drives it every day."
    statements = read(f"{FRONT}{heading}\n\n{text}\n")
    (statement,) = [s for s in statements if s.text == text]
    assert statement.section[-1] == heading
    assert [s.text for s in statements if heading in s.text] == []


def test_a_sentence_without_a_figure_is_a_statement_too(read: Read) -> None:
    sentence = "The crews told us that they are content with their lorries."
    assert [s.figures for s in read(f"{FRONT}{sentence}\n") if s.text == sentence] == [()]


def test_dates_years_names_and_tolerances_are_not_figures(read: Read) -> None:
    statements = read(
        f"{FRONT}On 14 May 2017 the council took over the '999' desk, as the plan for 2016/17 said in section 4.\n\n"
        "Of households, 85.8 (± 1.9 percent) percent were content with the council that year.\n"
    )
    assert [f.text for s in statements for f in s.figures if f.text != "nine"] == ["85.8"]
    assert _figures(statements)["85.8"].unit == "percent"


@pytest.mark.parametrize(
    ("sentence", "unit", "measure"),
    [
        ("The council has 18 fire stations in all.", "fire stations", "fire stations"),
        ("The council missed 121 bins per 1,000 households.", "per 1,000 households", None),
        ("A vacancy rate of 12 percent was found at the council.", "percent", "vacancy rate"),
    ],
)
def test_a_figure_says_what_it_counts(read: Read, sentence: str, unit: str, measure: str | None) -> None:
    (figure,) = [f for s in read(f"{FRONT}{sentence}\n") for f in s.figures if f.text != "nine"]
    assert figure.unit == unit
    assert measure is None or figure.measure == measure


def test_a_table_cell_gets_measure_subject_period_unit_and_scale_from_its_headings(read: Read) -> None:
    statements = read(
        f"{FRONT}Table 1: Spending of Northmere Council and of the Shire (£m)\n\n"
        "Item\t2016/17\t2017/18\tShire average\tShare (%)\nBins\t34.0\t(1.4)\t12.5\t41\nLids\t3.0\t2.5\t1.5\t9\n"
    )
    row = next(s for s in statements if s.kind == "row" and s.text.startswith("Bins"))
    assert [(f.text, f.value, f.unit, f.scale, f.subject, f.period) for f in row.figures] == [
        ("34.0", "34.0", "GBP", "million", "Northmere Council", "2016/17"),
        ("(1.4)", "-1.4", "GBP", "million", "Northmere Council", "2017/18"),
        ("12.5", "12.5", "GBP", "million", "Shire", None),
        ("41", "41", "percent", None, "Northmere Council", None),
    ]
    assert row.figures[1].measure == "Bins, 2017/18"
    assert "2017/18: (1.4)" in row.meaning and "Table 1" in row.meaning


def test_a_key_figure_is_of_the_year_that_stands_over_it(read: Read) -> None:
    figures = _figures(
        read(
            f"{FRONT}Key figures\n\nFires per 1,000 homes, 12 months to 31 March 2018\n\n2016/17\n\n56\n\n"
            f"2017/18\n\n58\n\n"
            f"Depots and crews\n\n{OPENING}"
        )
    )
    assert (figures["56"].period, figures["58"].period) == ("2016/17", "2017/18")


def test_a_caption_or_a_bare_label_states_nothing(read: Read) -> None:
    statements = read(f"{FRONT}Figure 3: Fires in 12 towns\n\n{OPENING}Depot 7\n\n{OPENING}")
    assert {f.text for s in statements for f in s.figures} == {"nine"}


CHART = "Key figures\n\nCost of a bin\n\nNorthmere Council Shire average\n\n£168.1£153.0\n\n"
CHART += "Change in bin fires\n\nNorthmere Council Shire average\n\n-13% -14%\n\n"
CHART += f"Depots and crews\n\n{OPENING}"


def _owners(statements: tuple[Statement, ...]) -> dict[str, tuple[str | None, bool]]:
    return {text: (f.subject, f.ambiguous) for text, f in _figures(statements).items() if text != "nine"}


def test_values_run_together_on_a_chart_are_figures_of_nobody(read: Read) -> None:
    assert _owners(read(f"{FRONT}{CHART}")) == dict.fromkeys(("£168.1", "£153.0", "-13%", "-14%"), (None, True))


def test_a_sentence_that_states_one_value_settles_whose_both_are(read: Read) -> None:
    sentence = "Northmere Council spends £153.0 on the cost of each bin.\n\n"
    found = _owners(read(f"{FRONT}{sentence}{CHART}"))
    assert found["£168.1"] == ("Shire", False) and found["£153.0"] == ("Northmere Council", False)
    assert found["-13%"] == found["-14%"] == (None, True)


def test_a_chart_that_was_read_like_a_settled_one_is_inferred_and_stays_marked(read: Read) -> None:
    chart = CHART.replace("-13% -14%", "13%14%")
    found = _owners(read(f"{FRONT}The Shire average for a change in bin fires is 13 percent.\n\n{chart}"))
    assert found["14%"] == ("Northmere Council", False) and found["13%"] == ("Shire", False)
    assert found["£168.1"] == ("Shire", True) and found["£153.0"] == ("Northmere Council", True)


def test_a_sentence_about_something_else_settles_nothing(read: Read) -> None:
    found = _owners(read(f"{FRONT}Northmere Council pays £153.0 for a gate.\n\n{CHART}"))
    assert found["£168.1"] == (None, True)


def test_sentences_that_disagree_settle_nothing(read: Read) -> None:
    text = "Northmere Council spends £153.0 on the cost of each bin.\n\n"
    text += "The cost of a bin of Northmere Council was £168.1 in May.\n\n"
    assert _owners(read(f"{FRONT}{text}{CHART}"))["£168.1"] != ("Shire", False)


def test_values_above_and_below_their_names_are_paired_column_by_column(read: Read) -> None:
    page = "Crews\n\nChange in crews of all depots\n\nChange in clerks of all depots\n\n-4%\n\n-5%\n\n"
    page += "Northmere Council Shire average\n\nNorthmere Council Shire average\n\n-11%\n\n-12%\n\n"
    statements = read(f"{FRONT}The change in crews of Northmere Council was -4%.\n\n{page}Depots\n\n{OPENING}")
    rows = [s.meaning for s in statements if s.kind == "row"]
    assert rows == [
        "Change in crews of all depots – Northmere Council: -4%; Shire average: -11%",
        "Change in clerks of all depots – Northmere Council: -5%; Shire average: -12%",
    ]


def test_a_stray_number_among_the_values_leaves_them_to_nobody(read: Read) -> None:
    page = "Savings\n\nRequirement Gap\n\n£36.1m\n\n+3.2\n\n£0.0m\n\n"
    statements = read(f"{FRONT}{page}Depots and crews\n\n{OPENING}")
    assert set(_figures(statements)) == {"nine"}


def test_the_charts_of_a_shared_report_are_settled_by_its_sentences_and_tables(
    reader: ReaderProcess, shared_reports: Path
) -> None:
    (path,) = shared_reports.glob("004_*.txt")
    statements = _checked(structure(load_report(path, reader=reader)))
    rows = [s for s in statements if s.kind == "row" and "|" not in s.text]
    found = {f.text: (f.subject, f.ambiguous) for s in rows for f in s.figures if not f.text.startswith("-1")}
    own, others = "Leicestershire Police", "England and Wales"
    settled = {"85.8%": own, "85.2%": others, "-5%": own, "£36.1m": own, "£0.0m": own}
    inferred = {"£105.0": own, "£117.7": others, "£153.0": own, "£168.1": others}
    inferred |= {"+3.2": own, "+3.0": others, "-0.9": own, "+3.7": others}
    assert found == {text: (whose, False) for text, whose in settled.items()} | {
        text: (whose, True) for text, whose in inferred.items()
    }
    change = [[(f.text, f.subject) for f in s.figures] for s in rows if s.meaning.startswith("Change in recorded")]
    assert change == [[("-13%", own), ("-14%", others)]]


def test_the_facts_of_a_shared_report_keep_force_and_average_apart(reader: ReaderProcess, shared_reports: Path) -> None:
    (path,) = shared_reports.glob("000_*.txt")
    statements = _checked(structure(load_report(path, reader=reader)))
    officers = next(s for s in statements if s.kind == "row" and s.text.startswith("Officers"))
    assert [(f.value, f.subject) for f in officers.figures[1:3]] == [
        ("-20", "Leicestershire Police"),
        ("-14", "England and Wales"),
    ]
    whose = {f.text: f.subject for s in statements if s.kind == "row" for f in s.figures if f.text in ("79%", "84%")}
    assert whose == {"79%": "Leicestershire Police", "84%": "England and Wales"}
    assert not {f.text for s in statements for f in s.figures} & {"2014/15", "31 March 2016", "2016"}


def test_every_statement_of_the_shared_reports_is_the_text_at_its_place(
    reader: ReaderProcess, shared_reports: Path
) -> None:
    for path in sorted(shared_reports.glob("*.txt")):
        assert _checked(structure(load_report(path, reader=reader)))


_BLOCKS = st.sampled_from(
    [
        "# Waste",
        "## Depots",
        "Are bins collected?",
        "Good",
        "Summary",
        "Northmere Council is judged to be good at collecting glass.",
        "It cost £36.1m in 2014/15, against a Shire average of 12 percent (± 1.9 percent). This is 3 percent more.",
        "- 14 lorries\n- two depots, three of them closed",
        "Table 1: Budget (£m)\n\n| Item | 2015 | Change |\n|---|---|---|\n| Bins | 12 | (9) |\n| Lids | 9% | – |",
        "Missed bins\n\nNorthmere Council\n\n121\n\nShire average\n\n124",
        "Item\t2015\t2016\nBins\t12\t(3)\nLids\t9\t–",
        "£168.1£153.0",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_BLOCKS, min_size=1, max_size=9), st.sampled_from(["report.md", "report.txt"]))
def test_every_statement_figure_and_judgment_is_the_text_at_its_place(read: Read, blocks: list[str], name: str) -> None:
    read("\n\n".join(blocks) + "\n", name)


def test_a_period_in_brackets_with_a_figure_is_that_figures_alone(read: Read) -> None:
    said = "At 30 June 2019, the carrying amount is $25,153,000 (2018: $33,978,000)."
    figures = [f for s in read(FRONT + said) for f in s.figures if "carrying" in s.text]
    assert [(f.text, f.period) for f in figures] == [("$25,153,000", "30 June 2019"), ("$33,978,000", "2018")]


def test_a_figure_keeps_its_own_period_in_brackets(read: Read) -> None:
    said = "Road spending was £25 million (2018/19, up 3 percent)."
    (figure, _) = [f for s in read(FRONT + said) for f in s.figures if "Road" in s.text]
    assert (figure.text, figure.period) == ("£25 million", "2018/19")

"""Questions across periods: which year it was, and the figure of each of several years."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from index.records import Figure
from rag.across import Across, across_periods, by_year, stands, wanted_years, year_label
from rag.assistant import Assistant
from rag.compose import printed_figure
from rag.understand import understand

REPORT = """# Ferry Board – annual report 2019

## Results

The board runs four ferries across the sound and publishes its accounts each year in thousands of pounds.

| £ thousand | 2017 | 2018 | 2019 |
|---|---|---|---|
| Ticket revenue | 4,120 | 4,380 | 4,275 |
| Fuel costs | 910 | 1,340 | 1,120 |
| Result for the year | 310 | (85) | 140 |

In 2019 and 2017 the board wrote off £417 thousand and £146 thousand, respectively, of ticket machines.

Repairs to the fleet came to £1.2 million in 2018 and £0.9 million in 2019.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("ferry")
    (folder / "ferry.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "ferry.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("In which year was ticket revenue highest?", Across("highest")),
        ("Which fiscal year had the lowest fuel costs?", Across("lowest", of_loss=True)),
        ("In which year were fuel costs more than 1.2 million?", Across("above", Decimal(1_200_000), of_loss=True)),
        ("In what years was the margin below 2.5%?", Across("below", Decimal("2.5"))),
        ("In which year was the result negative?", Across("below")),
        ("For which years are fuel costs reported?", Across("given")),
        ("What was ticket revenue in 2018 and 2019 respectively?", Across("each", years=(2018, 2019))),
        ("Between 2015 and 2017, in which year was revenue highest?", Across("highest", years=(2015, 2016, 2017))),
        ("In which year was revenue higher, 2017 or 2018?", Across("highest", years=(2017, 2018), pair=True)),
        ("Which year had higher amounts falling due within one year?", Across("highest", pair=True)),
        ("In its 2019 annual report, which year had the highest revenue?", Across("highest")),
        ("Before 2019, in which year was ticket revenue highest?", Across("unsure")),
        ("In which years was ticket revenue no more than £4.3 million?", Across("unsure")),
        ("In which year was ticket revenue at least £4.9 million?", Across("unsure")),
        ("In which years was ticket revenue less than in 2016?", Across("unsure")),
        ("In which year was the second highest ticket revenue reported?", Across("unsure")),
        ("In which year did ticket revenue increase the most?", Across("unsure")),
        ("In which year was it below $5 million and above $3 million?", Across("unsure")),
        ("In which year was the result not negative?", Across("unsure")),
        ("What was the average ticket revenue for 2018 and 2019?", Across("unsure", years=(2018, 2019))),
        ("By how much did ticket revenue vary in 2018 and 2019?", Across("unsure", years=(2018, 2019))),
        ("How did ticket revenue change between 2018 and 2019?", None),
        ("In which year was the board founded?", None),
        ("How many ferries were there in 2019?", None),
    ],
)
def test_what_is_asked_across_periods(question: str, wanted: Across | None) -> None:
    assert across_periods(question) == wanted


def test_a_question_for_a_year_is_ranked_by_its_figures_and_not_by_the_years_it_names() -> None:
    question = understand("Between 2018 and 2019, which year had higher fuel costs?")
    assert (question.kind, question.periods, question.years) == ("figure", (), (2018, 2019))


@pytest.mark.parametrize(
    ("question", "begins", "figures"),
    [
        ("In which year was ticket revenue highest?", "**2018**", ["4,380", "4,120", "4,275"]),
        ("In which year were fuel costs lowest?", "**2017**", ["910", "1,340", "1,120"]),
        ("In which year was the result for the year negative?", "**2018**", ["(85)", "310", "140"]),
        ("In which year were fuel costs above 1,100 thousand?", "**2018, 2019**", ["1,340", "1,120", "910"]),
        ("In which year were repairs to the fleet lower?", "**2019**", ["£0.9 million", "£1.2 million"]),
    ],
)
def test_the_year_is_answered_with_the_figures_that_show_it(
    assistant: Assistant, question: str, begins: str, figures: list[str]
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert answer.text.startswith(begins)
    assert [figure.text for figure in answer.figures] == figures
    assert {figure.check for figure in answer.figures} == {"in_quote"}


def test_the_figure_of_each_year_named_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What was the ticket revenue in 2019 and 2017 respectively?")
    assert [(figure.value, figure.unit, figure.scale) for figure in answer.figures] == [
        ("4275", "GBP", "thousand"),
        ("4120", "GBP", "thousand"),
    ]
    assert "**£4,275 thousand**" in answer.text


def test_figures_told_in_turn_are_of_the_years_told_in_turn(assistant: Assistant) -> None:
    answer = assistant.ask("How much was written off for ticket machines in 2019 and 2017 respectively?")
    assert [(figure.value, figure.period) for figure in answer.figures] == [("417", "2019"), ("146", "2017")]


@pytest.mark.parametrize(
    "question",
    [
        "In which year was ticket revenue higher?",  # of three years
        "In which year did ticket revenue rise the most?",
        "In which years was ticket revenue not over 4,300 thousand?",
        "What was the average ticket revenue in 2018 and 2019?",
        "What were repairs to the fleet and dredging in 2017 and 2019 respectively?",
    ],
)
def test_what_is_not_surely_understood_is_not_compared(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status == "not_in_reports"


def test_the_years_named_are_the_only_ones_compared(assistant: Assistant) -> None:
    answer = assistant.ask("In which year was ticket revenue higher, 2017 or 2019?")
    assert answer.text.startswith("**2019**")
    assert [figure.text for figure in answer.figures] == ["4,275", "4,120"]


def test_a_figure_of_something_else_is_not_taken_for_that_of_another_year() -> None:
    repairs = Figure("£1.2 million", 0, 12, "1.2", "GBP", "million", "Repairs to the fleet", None, "2018")
    dredging = Figure("£0.9 million", 20, 32, "0.9", "GBP", "million", "dredging of the harbour", None, "2019")
    unnamed = Figure("£0.9 million", 20, 32, "0.9", "GBP", "million", None, None, "2019")
    elsewhere = Figure("£0.9 million", 20, 32, "0.9", "GBP", "million", "Repairs to the fleet", "Southport", "2019")
    assert by_year([repairs, dredging], repairs) == {}
    assert by_year([repairs, elsewhere], repairs) == {}
    assert by_year([repairs, unnamed], repairs) == {2018: repairs, 2019: unnamed}


def test_the_highest_loss_is_not_told_from_bracketed_figures() -> None:
    losses = {2018: Figure("(85)", 0, 4, "-85"), 2019: Figure("(140)", 5, 10, "-140")}
    assert wanted_years(Across("highest", of_loss=True), losses) == ()
    assert wanted_years(Across("highest"), losses) == (2018,)


def test_half_a_year_is_not_compared_with_a_year() -> None:
    year = Figure(
        "40", 0, 2, "40", measure="Fares, Year ended December 31, 2018", period="Year ended December 31, 2018"
    )
    half = Figure(
        "25", 5, 7, "25", measure="Fares, Six months ended June 30, 2019", period="Six months ended June 30, 2019"
    )
    assert by_year([year, half], half) == {}
    twelve = replace(half, measure="Fares, 12 months to June 2019", period="12 months to June 2019")
    assert by_year([year, twelve], year) == {2018: year, 2019: twelve}


def test_a_day_in_one_heading_or_a_restatement_parts_no_years() -> None:
    later = Figure("(4)", 0, 3, "-4", measure="Other, net, Years ended July 31,, 2019, Amount", period="2019")
    earlier = Figure("9", 5, 6, "9", measure="Other, net, 2018 restated, Amount", period="2018")
    assert by_year([later, earlier], later) == {2019: later, 2018: earlier}
    again = replace(earlier, text="8", start=8, end=9, value="8", measure="Other, net, 2018, Amount")
    assert by_year([later, earlier, again], later) == {}


def test_a_year_under_another_heading_must_not_change_the_answer() -> None:
    years = {2010 + n: Figure(str(n), n, n + 1, str(n), measure="Fares", period=str(2010 + n)) for n in (5, 6)}
    apart = Figure("9", 9, 10, "9", measure="Fares, net", period="2017")
    figures = [*years.values(), apart]
    assert by_year(figures, years[2015]) == years
    assert stands(Across("lowest"), (2015,), years, figures)
    assert not stands(Across("highest"), (2016,), years, figures)
    assert not stands(Across("highest", pair=True), (2016,), years, figures)
    assert stands(Across("highest"), (2016,), years, [*years.values(), replace(apart, unit="percent")])
    spelt = replace(apart, measure="Fares, Dollars in millions")
    assert set(by_year([*years.values(), spelt], years[2015])) == {2015, 2016, 2017}


def test_a_financial_year_is_named_as_printed() -> None:
    assert year_label(2014, Figure("4", 0, 1, "4", period="2013/14")) == "2013/14"
    assert year_label(2014, Figure("4", 0, 1, "4", period="Year ended 31 March 2014")) == "2014"


def test_two_years_that_share_the_highest_figure_are_not_told_apart(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "tie.md").write_text(REPORT.replace("4,275", "4,380"), encoding="utf-8")
    with Library.open(tmp_path / "library", embedder=embedder) as library:
        library.add([tmp_path / "tie.md"])
        answer = Assistant(library).ask("In which year was ticket revenue highest?")
    assert not answer.text.startswith("**2018**")
    assert not answer.text.startswith("**2019**")


@pytest.mark.parametrize(
    ("printed", "unit", "scale", "shown"),
    [
        ("4,275", "GBP", "thousand", "£4,275 thousand"),
        ("(85)", "GBP", "thousand", "£(85) thousand"),
        ("−298", "EUR", "million", "−€298 million"),
        ("£0.9 million", "GBP", "million", "£0.9 million"),
        ("$12", "USD", "thousand", "$12 thousand"),
        ("12%", "percent", None, "12%"),
        ("1,313.7", "per share", None, "1,313.7"),
    ],
)
def test_a_figure_is_shown_with_the_currency_and_scale_of_its_heading(
    printed: str, unit: str, scale: str | None, shown: str
) -> None:
    assert printed_figure(Figure(printed, 0, len(printed), "1", unit, scale)) == shown

"""Which questions ask for a figure to be worked out, and the verdict on what was worked out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from index.records import Figure, ReportInfo
from rag.arithmetic import work_out
from rag.derivation import Operation, derivation
from rag.draft import Derived, Operand, Piece, Place
from rag.understand import understand
from rag.verify import derivation_holds, derived_check, unsupported_numbers


@pytest.mark.parametrize(
    ("question", "operation", "what", "part", "periods"),
    [
        (
            "By how much did ticket revenue fall between 2018 and 2019?",
            "change",
            "ticket revenue",
            "",
            ("2018", "2019"),
        ),
        (
            "Between March 2010 and March 2015, by how much did the fleet grow?",
            "change",
            "the fleet",
            "",
            ("March 2010", "March 2015"),
        ),
        ("What was the change in reserves from 2013/14 to 2014/15?", "change", "reserves", "", ("2013/14", "2014/15")),
        ("How much higher was the levy in 2019 than in 2017?", "change", "the levy", "", ("2017", "2019")),
        ("How many more pilots were there in 2019 than in 2017?", "change", "pilots", "", ("2017", "2019")),
        (
            "What was the percentage change in fuel costs between 2017 and 2018?",
            "percent_change",
            "fuel costs",
            "",
            ("2017", "2018"),
        ),
        ("By what percentage did the levy rise from 2017 to 2018?", "percent_change", "the levy", "", ("2017", "2018")),
        (
            "How much lower is the board's vacancy rate than the England and Wales average?",
            "versus",
            "vacancy rate",
            "the England and Wales average",
            (),
        ),
        (
            "What was the difference between ticket revenue and fuel costs in 2019?",
            "difference",
            "fuel costs",
            "ticket revenue",
            ("2019",),
        ),
        ("What share of total revenue was freight in 2019?", "share", "total revenue", "freight", ("2019",)),
        ("What share of total revenue in 2019 came from freight?", "share", "total revenue", "freight", ("2019",)),
        ("What share of the board's 2019 revenue was freight?", "share", "the board's revenue", "freight", ("2019",)),
        ("What was the ratio of freight to fuel costs in 2019?", "ratio", "fuel costs", "freight", ("2019",)),
        ("How much did freight exceed fuel costs in 2019?", "difference", "fuel costs", "freight", ("2019",)),
        ("How many more pilots than cooks were there in 2019?", "difference", "cooks", "pilots", ("2019",)),
        ("How many pilots and cooks taken together were there in 2019?", "sum", "cooks", "pilots", ("2019",)),
        (
            "Calculate the growth rate of other costs from 2018 to 2019.",
            "percent_change",
            "other costs",
            "",
            ("2018", "2019"),
        ),
        (
            "By how much did revenue from Northby rise in 2019 compared with 2018?",
            "change",
            "revenue from Northby",
            "",
            ("2018", "2019"),
        ),
        (
            "What was the difference in 2019 landings between cod and hake?",
            "difference",
            "hake landings",
            "cod landings",
            ("2019",),
        ),
        ("What was the sum of fuel costs in 2018 and 2019?", "sum", "fuel costs", "", ("2018", "2019")),
        ("What were the fuel costs in 2018 and 2019 combined?", "sum", "fuel costs", "", ("2018", "2019")),
        (
            "What was the average of fuel costs over 2017 to 2019?",
            "average",
            "fuel costs",
            "",
            ("2017", "2018", "2019"),
        ),
    ],
)
def test_what_is_to_be_worked_out(
    question: str, operation: str, what: str, part: str, periods: tuple[str, ...]
) -> None:
    wanted = derivation(question)
    assert wanted is not None
    assert (wanted.operation, wanted.what, wanted.part, wanted.periods) == (operation, what, part, periods)
    assert understand(question).kind == "figure"


@pytest.mark.parametrize(
    "question",
    [
        "How many pilots were there in 2019?",
        "What was ticket revenue in 2018 and 2019 respectively?",
        "What was the average exchange rate in 2018 and 2019?",
        "How did revenue change between 2018 and 2019?",
        "Why did revenue fall between 2018 and 2019?",
        "By how much did revenue fall?",
        "By how much did revenue fall between 2019 and 2018?",
        "By how much did revenue and costs fall between 2018 and 2019?",
        "By how much did revenue excluding freight fall between 2018 and 2019?",
        "By how much did revenue not fall between 2018 and 2019?",
        "By how much did the growth in revenue fall between 2018 and 2019?",
        "By how much did the number of staff who left rise between 2018 and 2019?",
        "By how much did revenue fall between 2018 and 2019 after the storm?",
        "By how much did revenue fall between the first and the second quarter?",
        "What share of calls answered within 10 seconds was urgent?",
        "In which year was revenue highest?",
    ],
)
def test_what_is_not_surely_one_of_the_forms_is_not_worked_out(question: str) -> None:
    assert derivation(question) is None


@pytest.mark.parametrize(
    ("operation", "operands", "result", "arithmetic"),
    [
        ("change", ("2372", "2104"), "-268", "2,104 − 2,372 = −268"),
        ("change", ("310", "-85"), "-395", "−85 − 310 = −395"),
        ("change", ("-85", "140"), "225", "140 − (−85) = 225"),
        ("percent_change", ("2372", "2104"), "-11.3", "(2,104 − 2,372) ÷ 2,372 × 100 = −11.3, rounded to one decimal"),
        ("percent_change", ("200", "250"), "25.0", "(250 − 200) ÷ 200 × 100 = 25.0"),
        ("versus", ("121", "134"), "13", "134 − 121 = 13"),
        ("difference", ("1375", "4275"), "2900", "4,275 − 1,375 = 2,900"),
        ("share", ("1375", "5650"), "24.3", "1,375 ÷ 5,650 × 100 = 24.3, rounded to one decimal"),
        ("ratio", ("1375", "4275"), "0.32", "1,375 ÷ 4,275 = 0.32, rounded to two decimals"),
        ("ratio", ("9", "4"), "2.25", "9 ÷ 4 = 2.25"),
        ("sum", ("0.9", "1.2"), "2.1", "0.9 + 1.2 = 2.1"),
        ("average", ("1", "2", "4"), "2.3", "(1 + 2 + 4) ÷ 3 = 2.3, rounded to one decimal"),
        ("average", ("1", "1.05"), "1.0", "(1 + 1.05) ÷ 2 = 1.0, rounded to one decimal"),
    ],
)
def test_a_figure_is_worked_out_exactly_and_rounding_is_said(
    operation: Operation, operands: tuple[str, ...], result: str, arithmetic: str
) -> None:
    assert work_out(operation, [Decimal(value) for value in operands]) == (Decimal(result), arithmetic)


@pytest.mark.parametrize(
    ("operation", "operands"),
    [
        ("percent_change", ("0", "5")),
        ("percent_change", ("-4", "5")),
        ("percent_change", ("4", "-5")),
        ("share", ("5", "0")),
        ("share", ("6", "5")),
        ("share", ("-1", "5")),
        ("ratio", ("5", "0")),
        ("ratio", ("-1", "5")),
    ],
)
def test_there_is_no_percentage_of_nothing_or_of_less(operation: Operation, operands: tuple[str, ...]) -> None:
    assert work_out(operation, [Decimal(value) for value in operands]) is None


QUOTE = "There were 2,372 officers in March 2010 and 2,104 in March 2015."
REPORT = ReportInfo(
    "r1", "a.txt", "Report", "Northmere Council", None, 2016, None, None, 10, 1, 1, 0, "r1", "0", "text/plain"
)
PLACE = Place(REPORT, 100, 100 + len(QUOTE), None, None, ())


def operand(text: str, value: str, unit: str | None = None) -> Operand:
    """The figure printed as `text` in QUOTE."""
    start = 100 + QUOTE.index(text)
    return Operand(Figure(text, start, start + len(text), value, unit), PLACE)


FALL = Derived(
    "change",
    (operand("2,372", "2372"), operand("2,104", "2104")),
    "268 officers",
    "-268",
    "officers",
    None,
    "officers",
    None,
    "from March 2010 to March 2015",
    "2,104 − 2,372 = −268",
)


def test_what_comes_of_the_quoted_operands_is_derived() -> None:
    assert derived_check(FALL, [QUOTE, QUOTE]) == "derived"


@pytest.mark.parametrize(
    "tampered",
    [
        replace(FALL, value="268"),
        replace(FALL, value="-269"),
        replace(FALL, text="269 officers"),
        replace(FALL, text="officers"),
        replace(FALL, arithmetic="2,104 − 2,372 = −269"),
        replace(FALL, arithmetic="2,104 − 2,373 = −268"),
        replace(FALL, arithmetic="2,372 − 2,104 = 268"),
        replace(FALL, arithmetic="2,104 − 2,372 − 1 + 1 = −268"),
        replace(FALL, arithmetic="2,104 − 2,372 = −268, rounded to one decimal"),
        replace(FALL, arithmetic="−268"),
        replace(FALL, arithmetic=""),
        replace(FALL, operation="sum"),
        replace(FALL, operation="percent_change"),
        replace(FALL, operands=FALL.operands[:1]),
        replace(FALL, operands=FALL.operands[::-1]),
        replace(FALL, operands=(FALL.operands[0], operand("2,104", "2105"))),
        replace(FALL, operands=(FALL.operands[0], operand("2,104", "2104", "percent"))),
        replace(FALL, operands=(FALL.operands[0], operand("March", "3"))),
    ],
)
def test_a_tampered_figure_fails(tampered: Derived) -> None:
    assert derived_check(tampered, [QUOTE, QUOTE]) == "failed"


def test_a_range_is_no_operand() -> None:
    quote = QUOTE.replace("2,104 in", "2,104–2,200 in")
    assert derived_check(FALL, [QUOTE, quote]) == "failed"


@pytest.mark.parametrize(
    ("lead", "rest", "holds"),
    [
        ("Fell by 268 officers", " (March 2010: 2,372; March 2015: 2,104; 2,104 − 2,372 = −268)", True),
        ("Rose by 268 officers", " (March 2010: 2,372; March 2015: 2,104; 2,104 − 2,372 = −268)", False),
        ("268 officers", " (March 2010: 2,372; March 2015: 2,104; 2,104 − 2,372 = −268)", False),
        ("Fell by 268 officers", " (March 2010: 2,372; March 2015: 2,104)", False),
        ("Fell by 268 officers", " (March 2010: 2,372; March 2016: 2,104; 2,104 − 2,372 = −268)", False),
        ("Fell by 268 officers", " (of 9,000; 2,104 − 2,372 = −268)", False),
    ],
)
def test_a_statement_says_the_direction_and_no_other_number(lead: str, rest: str, holds: bool) -> None:
    report = replace(REPORT, year=2015)
    piece = Piece(lead, rest, replace(PLACE, report=report), derived=FALL)
    assert derivation_holds(piece, [QUOTE, QUOTE]) is holds


def test_a_number_of_the_arithmetic_is_not_one_of_the_text() -> None:
    assert unsupported_numbers("It fell by 268 [1].", [QUOTE]) == ("268",)
    assert unsupported_numbers("It fell by 268 [1].", [QUOTE], ["268"]) == ()
    assert unsupported_numbers("It fell by 268 of 1,268 [1].", [QUOTE], ["268"]) == ("1,268",)

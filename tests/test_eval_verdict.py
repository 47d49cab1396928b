"""Verdicts: each mutation of a right answer fails, and every kind of expectation asks for what it says."""

from dataclasses import replace

import pytest

from evals.match import figure_problem
from evals.suite import Case, ExpectedFigure
from evals.verdict import judge
from rag.records import AlsoIn, Answer, AnswerFigure, Citation, Note, Searched

COUNCIL = "Anyshire Council"
QUOTE = "The council spent £1,234.5 on salt in 2020, against £2,000 in England and Wales."


def citation(n: int = 1, quote: str = QUOTE, year: int | None = 2020, section: tuple[str, ...] = ()) -> Citation:
    return Citation(
        n=n,
        report_id="r1",
        title="Roads",
        organisation=COUNCIL,
        year=year,
        file="roads.pdf",
        page=3,
        page_label="3",
        section=section,
        quote=quote,
        start=0,
        end=len(quote),
    )


def figure(
    text: str, value: str, unit: str | None = "GBP", scale: str | None = None, subject: str | None = "Anyshire"
) -> AnswerFigure:
    return AnswerFigure(
        text=text,
        value=value,
        unit=unit,
        scale=scale,
        measure=None,
        subject=subject,
        period=None,
        citation=1,
        check="in_quote",
    )


def answer(
    *figures: AnswerFigure,
    text: str = f"It spent £1,234.5 [1].\n\n> {QUOTE} [1]",
    cited: tuple[Citation, ...] = (citation(),),
) -> Answer:
    return Answer(
        question="q",
        standalone_question="q",
        status="answered",
        text=text,
        figures=figures,
        judgments=(),
        citations=cited,
        notes=(),
        scope=Searched(reports=("r1",), count=1),
        timings_ms={},
    )


def case(expect: dict[str, object], kind: str = "figure", contains: tuple[str, ...] = ("salt",)) -> Case:
    evidence = [] if kind == "refuse" else [{"year": 2020, "quote_contains": contains}]
    return Case.model_validate({"id": "c", "kind": kind, "question": "q", "expect": expect, "evidence": evidence})


def salt(**changes: object) -> Case:
    return case({"figure": {"value": "1234.5", "unit": "GBP", "subject": "Anyshire"} | changes})


REFUSED = replace(answer(), status="not_in_reports", text="The reports do not say.")

PERIOD = "12 months to March 2014"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"value": "1234500"}, "another value"),
        ({"scale": "thousand"}, "another value"),
        ({"value": "-1234.5"}, "another sign"),
        ({"unit": "percentage points"}, "another unit"),
        ({"unit": "percent", "value": "12.345"}, "another value"),
        ({"unit": "USD"}, "another unit"),
        ({"period": "12 months to March 2013"}, "another period"),
        ({"period": "2014/15"}, "another period"),
        ({"subject": "England and Wales"}, "another subject"),
        ({"subject": "Otherton Council"}, "another subject"),
    ],
)
def test_each_mutation_of_a_right_figure_fails(changed: dict[str, str], problem: str) -> None:
    expected = ExpectedFigure(value="1234.5", unit="GBP", subject="Anyshire Council", period=PERIOD)
    right = replace(figure("£1,234.5", "1234.5", subject="Anyshire Council"), period="2013/14")
    assert figure_problem(expected, right, ()) is None
    assert figure_problem(expected, replace(right, **changed), ()) == problem  # type: ignore[arg-type]


def test_points_are_not_percent() -> None:
    assert figure_problem(ExpectedFigure(value="4", unit="percent"), figure("4 pp", "4", "percentage points"), ()) == (
        "another unit"
    )
    assert figure_problem(ExpectedFigure(value="4", unit="percentage points"), figure("4%", "4", "percent"), ()) == (
        "another unit"
    )


@pytest.mark.parametrize("said", ["the force", "it", "Anyshire", "staff of Anyshire Council", None])
def test_a_subject_without_another_name_is_not_another_subject(said: str | None) -> None:
    expected = ExpectedFigure(value="4", unit=None, subject="Anyshire Council")
    assert figure_problem(expected, figure("4", "4", None, subject=said), ()) is None


@pytest.mark.parametrize(("said", "right"), [("36.1", True), ("36.0", True), ("36.2", True), ("36.3", False)])
def test_a_tolerance_counts_units_of_the_last_stated_digit(said: str, right: bool) -> None:
    expected = ExpectedFigure(value="36.1", unit="GBP", scale="million", tolerance=1)
    assert (figure_problem(expected, figure(f"£{said}m", said, scale="million"), ()) is None) is right
    exact = ExpectedFigure(value="36.1", unit="GBP", scale="million")
    assert (figure_problem(exact, figure(f"£{said}m", said, scale="million"), ()) is None) is (said == "36.1")


def test_any_unit_takes_each_unit_and_still_the_value() -> None:
    expected = ExpectedFigure(value="36.1", unit="any", scale="million")
    assert figure_problem(expected, figure("$36.1m", "36.1", "USD", "million"), ()) is None
    assert figure_problem(expected, figure("36.1", "36.1", "USD"), ()) == "another value"


def test_a_list_is_complete_and_in_order_where_that_counts() -> None:
    items = {"items": ["council", ["salt", "grit"], "2020"]}
    said = answer(text=f"> {QUOTE} [1]")
    assert judge(case({"list": items}, kind="list"), COUNCIL, said).correct
    assert judge(case({"list": items | {"ordered": True}}, kind="list"), COUNCIL, said).correct
    turned = items | {"items": ["2020", "salt"], "ordered": True}
    assert judge(case({"list": turned}, kind="list"), COUNCIL, said).detail == "another order"
    longer = {"items": ["council", "salt", "lorries"]}
    assert judge(case({"list": longer}, kind="list"), COUNCIL, said).detail == "does not say lorries"


def test_a_question_back_is_not_a_refusal() -> None:
    unclear = Case.model_validate({"id": "c", "kind": "clarify", "question": "q", "expect": {"clarify": True}})
    assert judge(unclear, COUNCIL, replace(REFUSED, status="needs_clarification")).correct
    assert judge(unclear, COUNCIL, REFUSED).cause == "not asked back"
    assert judge(unclear, COUNCIL, answer()).cause == "not asked back"


def test_a_conflict_needs_both_values_and_a_note_that_they_differ() -> None:
    wanted = case({"conflict": ["£1,234.5", "£1,300"]}, kind="conflict")
    silent = answer(text=f"> {QUOTE} [1]")
    other = citation(n=2, quote="Salt cost £1,300.")
    noted = replace(silent, citations=(citation(), other), notes=(Note("conflict", "Another page has £1,300.", (2,)),))
    assert judge(wanted, COUNCIL, noted).correct
    assert judge(wanted, COUNCIL, silent).detail == "does not say £1,300"
    unmarked = replace(silent, text=f"> {QUOTE} [1]\n\n> Salt cost £1,300. [1]")
    assert judge(wanted, COUNCIL, unmarked).cause == "note missing"


def test_a_false_premise_must_be_put_right() -> None:
    wanted = case({"corrects_premise": ["salt", "not grit"]}, kind="premise")
    said = answer(text=f"> {QUOTE} [1]")
    assert judge(wanted, COUNCIL, replace(said, notes=(Note("false_premise", "It was salt.", (1,)),))).correct
    assert judge(wanted, COUNCIL, said).cause == "note missing"


def test_the_first_words_count_where_they_are_asked_for() -> None:
    wanted = case({"starts_with": "No"}, kind="text")
    assert judge(wanted, COUNCIL, answer(text=f"**No**: it did not.\n\n> {QUOTE} [1]")).correct
    assert not judge(wanted, COUNCIL, answer(text=f"It says no.\n\n> {QUOTE} [1]")).correct
    assert not judge(wanted, COUNCIL, answer(text=f"Nothing.\n\n> {QUOTE} [1]")).correct


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ({"report": "roads.pdf"}, True),
        ({"report": "Roads"}, True),
        ({"report": "r1", "year": 2020, "page": 3}, True),
        ({"report": "twin.pdf"}, True),
        ({"report": "bridges.pdf"}, False),
        ({"report": "roads.pdf", "page": 4}, False),
        ({"report": "roads.pdf", "year": 2019}, False),
        ({"report": "roads.pdf", "section": "winter"}, True),
        ({"report": "roads.pdf", "section": "summer"}, False),
    ],
)
def test_a_place_holds_as_a_whole(place: dict[str, object], right: bool) -> None:
    data = salt().model_dump() | {"evidence": [place]}
    twin = AlsoIn("r2", "Roads again", "twin.pdf")
    said = answer(figure("£1,234.5", "1234.5"), cited=(replace(citation(section=("Winter",)), also_in=(twin,)),))
    assert judge(Case.model_validate(data), COUNCIL, said).correct is right


def test_a_paragraph_is_the_last_label_before_the_end_of_the_quotation() -> None:
    text = f"[p1] Before. [p2] {QUOTE} [p3] After."
    start = text.index(QUOTE)
    said = answer(figure("£1,234.5", "1234.5"), cited=(replace(citation(), start=start, end=start + len(QUOTE)),))
    for label, right in (("p1", False), ("p2", True), ("p3", False)):
        data = salt().model_dump() | {"evidence": [{"report": "roads.pdf", "paragraph": label}]}
        assert judge(Case.model_validate(data), COUNCIL, said, lambda report_id: text).correct is right


def test_containment_is_loose_and_never_the_verdict() -> None:
    buried = answer(figure("£2,000", "2000"))
    verdict = judge(salt(), COUNCIL, buried)
    assert (verdict.correct, verdict.contained) == (False, True)
    elsewhere = judge(case({"any_of": ["salt"]}, kind="text"), COUNCIL, answer(cited=(citation(year=2019),)))
    assert (elsewhere.correct, elsewhere.contained) == (False, True)
    assert judge(salt(), COUNCIL, REFUSED).contained is False
    assert judge(case({"refuse": True}, kind="refuse"), COUNCIL, REFUSED).contained is None

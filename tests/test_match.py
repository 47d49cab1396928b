"""Matchers: the right answer passes in each way of writing it, and each single change to it fails."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evals.match import aspect_overlap, figure_problem, stated_direction, unit_class
from evals.suite import Case, ExpectedFigure
from evals.verdict import judge
from evals.words import contains, normalise, plain_text
from rag.records import Answer, AnswerFigure, AnswerJudgment, Citation, Searched

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


def judgment(grade: str, aspect: str, year: int = 2020) -> AnswerJudgment:
    return AnswerJudgment(grade=grade, aspect=aspect, organisation=COUNCIL, year=year, citation=1, check="in_quote")


def answer(
    *figures: AnswerFigure,
    text: str = f"It spent £1,234.5 [1].\n\n> {QUOTE} [1]",
    cited: tuple[Citation, ...] = (citation(),),
    judgments: tuple[AnswerJudgment, ...] = (),
) -> Answer:
    return Answer(
        question="q",
        standalone_question="q",
        status="answered",
        text=text,
        figures=figures,
        judgments=judgments,
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


@pytest.mark.parametrize(
    "said",
    [
        figure("£1,234.5", "1,234.5"),
        figure("£1234.5", "1234.5"),
        figure("£1,234.50", "1234.50"),
        figure("£1.2345k", "1.2345", scale="thousand"),
        figure("£1.2345k", "1.2345", scale="k"),
        figure("£0.0012345m", "0.0012345", scale="million"),
        figure("£1,234.5", "1234.5", subject=None),
        figure("£1,234.5", "1234.5", unit="£"),
        replace(figure("£1,234.5", "1234.5"), check="derived"),
    ],
)
def test_the_same_amount_passes_however_it_is_written(said: AnswerFigure) -> None:
    verdict = judge(salt(), COUNCIL, answer(said))
    assert (verdict.correct, verdict.lenient, verdict.cause) == (True, True, None)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (figure("£1,234.5k", "1234.5", scale="thousand"), "another value"),
        (figure("£1,234.5m", "1234.5", scale="million"), "another value"),
        (figure("£1.2345", "1.2345"), "another value"),
        (figure("£1,234.6", "1234.6"), "another value"),
        (figure("£1,234.5 lots", "1234.5", scale="lots"), "another value"),
        (figure("£about", "about"), "another value"),
        (figure("-£1,234.5", "-1234.5"), "another sign"),
        (figure("−£1,234.5", "−1234.5"), "another sign"),
        (figure("$1,234.5", "1234.5", unit="USD"), "another unit"),
        (figure("€1,234.5", "1234.5", unit="€"), "another unit"),
        (figure("1,234.5%", "1234.5", unit="percent"), "another unit"),
        (figure("1,234.5", "1234.5", unit=None), "another unit"),
        (figure("1,234.5 lorries", "1234.5", unit="lorries"), "another unit"),
        (figure("£1,234.5", "1234.5", subject="England and Wales"), "another subject"),
        (figure("£1,234.5", "1234.5", subject="the average of all forces"), "another subject"),
        (replace(figure("£1,234.5", "1234.5"), check="failed"), "a failed check"),
    ],
)
def test_each_change_to_the_figure_fails(said: AnswerFigure, problem: str) -> None:
    verdict = judge(salt(), COUNCIL, answer(said))
    assert (verdict.correct, verdict.lenient, verdict.cause, verdict.detail) == (False, False, "wrong value", problem)


def test_the_average_is_not_taken_for_the_council_nor_the_other_way_round() -> None:
    average = salt(subject="England and Wales")
    assert judge(average, COUNCIL, answer(figure("£1,234.5", "1234.5", subject="England & Wales"))).correct
    assert not judge(average, COUNCIL, answer(figure("£1,234.5", "1234.5", subject="Anyshire"))).correct


def test_percent_in_its_spellings_is_one_unit_and_percentage_points_another() -> None:
    assert {unit_class(u) for u in ("percent", "%", "per cent", "Percent", "percent of net spending")} == {"percent"}
    assert {unit_class(u) for u in ("percentage points", "percentage point", "pp")} == {"percentage points"}
    assert {unit_class(u) for u in ("GBP", "£", "gbp per head")} == {"GBP"}
    assert {unit_class(u) for u in (None, "", "FTE", "officers", "per 1,000 population")} == {"other"}
    expected = ExpectedFigure(value="7", unit="percent")
    assert figure_problem(expected, figure("7 per cent", "7", unit="per cent"), ()) is None
    assert figure_problem(expected, figure("7 points", "7", unit="percentage points"), ()) == "another unit"


@pytest.mark.parametrize(
    ("direction", "value", "said", "quote", "right"),
    [
        ("decrease", "1", "1", "There was a reduction of 1 percent.", True),
        ("decrease", "1", "-1", "Change: -1 percent", True),
        ("decrease", "-1", "1", "Crime fell by 1 percent.", True),
        ("decrease", "1", "1", "There was a change of 1 percent.", False),
        ("decrease", "1", "1", "There was an increase of 1 percent.", False),
        ("decrease", "1", "1", "Costs fell, and crime rose by 1 percent.", False),
        ("increase", "1", "1", "There was an increase of 1 percent.", True),
        ("increase", "1", "1", "Change | 1 percent", True),
        ("increase", "1", "1", "There was a reduction of 1 percent.", False),
        ("increase", "1", "-1", "There was an increase of -1 percent.", False),
        (None, "-1", "1", "There was a reduction of 1 percent.", False),
        (None, "1", "1", "There was a reduction of 1 percent.", True),
    ],
)
def test_the_sign_is_the_printed_one_or_the_one_in_words(
    direction: str | None, value: str, said: str, quote: str, right: bool
) -> None:
    wanted = case({"figure": {"value": value, "unit": "percent", "direction": direction}}, contains=())
    given = answer(figure(f"{said} percent", said, unit="percent"), text=f"{quote} [1]", cited=(citation(quote=quote),))
    assert judge(wanted, COUNCIL, given).correct is right


def test_a_statement_that_contradicts_its_quotation_on_the_sign_fails() -> None:
    wanted = case({"figure": {"value": "1", "unit": "percent", "direction": "decrease"}}, contains=())
    fell = citation(quote="Crime fell by 1 percent.")
    said = answer(figure("1 percent", "1", unit="percent"), text="Crime rose by 1 percent [1].", cited=(fell,))
    assert judge(wanted, COUNCIL, said).detail == "another sign"
    assert judge(wanted, COUNCIL, replace(said, text="It was 1 percent [1].")).correct


def test_the_nearest_direction_word_of_the_clause_counts() -> None:
    text = "Officers fell by 4 percent, staff rose by 5 percent; the budget was 6 percent."
    assert stated_direction(text, "4 percent") == "decrease"
    assert stated_direction(text, "5 percent") == "increase"
    assert stated_direction(text, "6 percent") is None
    assert stated_direction(text, "7 percent") is None
    assert stated_direction("£1,000.5 less a cut of £3.", "£3") == "decrease"


def test_only_the_leading_figure_counts_and_any_other_is_reported_apart() -> None:
    other, right = figure("£2,000", "2000"), figure("£1,234.5", "1234.5")
    verdict = judge(salt(), COUNCIL, answer(other, right))
    assert (verdict.correct, verdict.lenient, verdict.cause) == (False, True, "wrong value")


def test_a_right_figure_from_the_wrong_place_fails_and_says_which() -> None:
    said = figure("£1,234.5", "1234.5")
    last_year = judge(salt(), COUNCIL, answer(said, cited=(citation(year=2019),)))
    no_year = judge(salt(), COUNCIL, answer(said, cited=(citation(year=None),)))
    other_council = judge(salt(), "Othershire Council", answer(said))
    uncited = judge(salt(), COUNCIL, answer(said, cited=()))
    neighbour = judge(salt(), COUNCIL, answer(said, cited=(citation(quote="The council spent £1,234.5 on grit."),)))
    assert [v.cause for v in (last_year, no_year, other_council, uncited)] == ["wrong report"] * 4
    assert neighbour.cause == "right value, wrong place"
    assert not any(v.correct for v in (last_year, no_year, other_council, uncited, neighbour))


def test_any_one_of_the_acceptable_places_suffices_but_it_must_hold_whole() -> None:
    places = [
        {"year": 2020, "quote_contains": ["grit", "£1,234.5"]},
        {"year": 2020, "quote_contains": ["SALT", "1234.5"]},
    ]
    data = salt().model_dump() | {"evidence": places}
    said = answer(figure("£1,234.5", "1234.5"))
    assert judge(Case.model_validate(data), COUNCIL, said).correct
    assert not judge(Case.model_validate(data | {"evidence": places[:1]}), COUNCIL, said).correct


def test_a_refusal_is_wrong_where_the_reports_answer_and_right_where_they_do_not() -> None:
    unanswerable = case({"refuse": True}, kind="refuse")
    clarifies = replace(REFUSED, status="needs_clarification")
    assert judge(salt(), COUNCIL, REFUSED).cause == "not answered"
    assert judge(unanswerable, COUNCIL, REFUSED).correct
    assert judge(unanswerable, COUNCIL, clarifies).correct
    assert judge(unanswerable, COUNCIL, answer()).cause == "answered unanswerable"


GRADE = "Overall, the council is judged good at clearing snow."


def graded(*judgments: AnswerJudgment, quote: str = GRADE, section: tuple[str, ...] = ()) -> Answer:
    return answer(text=f"{quote} [1]", judgments=judgments, cited=(citation(quote=quote, section=section),))


def wanted_grade(aspect: str = "How well does the council clear snow?", grade: str = "good") -> Case:
    expect = {"judgment": {"grade": grade, "aspect": aspect, "year": 2020}}
    return case(expect, kind="judgment", contains=())


def test_a_judgment_passes_on_its_aspect_in_its_year() -> None:
    assert judge(wanted_grade(), COUNCIL, graded(judgment("Good", "clearing snow for the council"))).correct
    sister = judgment("inadequate", "mending potholes")
    assert judge(wanted_grade(), COUNCIL, graded(sister, judgment("good", "council clears snow"))).correct


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (graded(judgment("inadequate", "council clears snow")), "another grade"),
        (graded(judgment("good", "council clears snow"), judgment("poor", "council clears snow")), "another grade"),
        (graded(judgment("good", "council clears snow", year=2019)), "no judgment"),
        (graded(judgment("good", "council mends potholes")), "no judgment"),
        (graded(), "no judgment"),
        (graded(replace(judgment("good", "council clears snow"), organisation="Othershire")), "another organisation"),
        (graded(replace(judgment("good", "council clears snow"), check="failed")), "a failed check"),
    ],
)
def test_each_change_to_the_judgment_fails(said: Answer, detail: str) -> None:
    verdict = judge(wanted_grade(), COUNCIL, said)
    assert not verdict.correct
    assert verdict.detail.startswith(detail)


def test_a_grade_must_stand_in_the_quotation_or_its_section() -> None:
    said = judgment("good", "council clears snow")
    silent = graded(said, quote="Snow is cleared by six.")
    headed = graded(said, quote="Snow is cleared by six.", section=("Snow", "Good"))
    assert judge(wanted_grade(), COUNCIL, silent).cause == "right value, wrong place"
    poor = judgment("requires improvement", "council clears snow")
    inflected = graded(poor, quote="The council is judged to require improvement.")
    assert judge(wanted_grade(grade="requires improvement"), COUNCIL, inflected).correct
    apart = graded(poor, quote="The council requires more improvement.")
    assert not judge(wanted_grade(grade="requires improvement"), COUNCIL, apart).correct
    assert judge(wanted_grade(), COUNCIL, headed).correct


def test_overall_is_the_first_judgment_or_one_that_says_so() -> None:
    overall = wanted_grade(aspect="overall")
    snow, whole = judgment("good", "snow"), judgment("good", "overall judgment")
    assert judge(overall, COUNCIL, graded(snow)).correct
    assert judge(overall, COUNCIL, graded(judgment("poor", "snow", year=2019), whole)).correct
    assert not judge(overall, COUNCIL, graded(judgment("poor", "snow", year=2019), snow)).correct
    assert not judge(overall, COUNCIL, graded(snow, judgment("poor", "overall judgment"))).correct


def test_sister_questions_are_told_apart_by_their_content_words() -> None:
    current = "How well does the force use its resources to manage current demand?"
    future = "How well is the force planning for demand in the future?"
    assert aspect_overlap(current, current) == 1
    assert aspect_overlap(future, current) == Decimal(1) / 3
    assert aspect_overlap("how well does the force", current) == 0


def test_expected_words_must_all_be_said_and_cited() -> None:
    said = answer(text=f"> {QUOTE} [1]")
    both = case({"all_of": ["salt", ["lorries", "council"]]}, kind="text", contains=())
    assert judge(both, COUNCIL, said).correct
    assert judge(case({"any_of": ["grit", "salt"]}, kind="text"), COUNCIL, said).correct
    assert judge(case({"all_of": ["salt", ["lorries", "vans"]]}, kind="text"), COUNCIL, said).cause == "wrong value"
    assert judge(case({"any_of": ["grit"]}, kind="text"), COUNCIL, said).cause == "wrong value"
    assert judge(case({"any_of": ["salt"]}, kind="text"), COUNCIL, replace(said, text=QUOTE)).cause == "wrong report"
    assert judge(case({"any_of": ["salt"]}, kind="text"), COUNCIL, REFUSED).cause == "not answered"


def test_text_is_contained_from_a_word_start_and_as_whole_numbers() -> None:
    assert contains("It cost £1,234.5m in “all”", '1234.5m in "all"')
    assert contains("by 5 percent", "5 PER")
    assert contains("a fall of −3", "-3")
    assert not contains("136.1", "36.1")
    assert not contains("36.15", "36.1")
    assert not contains("36.1", "36")
    assert not contains("1,234", "234")
    assert not contains("enforcement", "force")
    assert normalise("1,234,567 and 12,34") == "1234567 and 12,34"


def test_marks_escapes_and_list_numbers_are_not_part_of_the_text() -> None:
    assert plain_text("1. It fell by \\-4 \\[sic\\] [1, 2].").split() == ["It", "fell", "by", "-4", "[sic]", "."]

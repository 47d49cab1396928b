"""The gate turns red for each way in which an answerer can get worse, and stays green for one that does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from evals.baseline import compare, save
from evals.gate import exit_code, failures
from evals.places import Reports
from evals.run import CaseFailed, SuiteResult, run_suite
from evals.suite import Suite
from index import Library
from index.embed import Embedder
from index.errors import BadSuite
from rag.records import Answer, AnswerFigure, AnswerJudgment, Citation, Scope, Searched

FORCE = "Northmere Fire Service"
TITLE = "Northmere Fire Service: efficiency inspection {year}"
PAGES = (
    (
        "Published 12 March {year}",
        "",
        "This is an inspection of Northmere Fire Service.",
        "",
        "Northmere Fire Service was judged to be {grade} at using its resources in {year}.",
        "",
        "The service must save £{savings}m in {year}. The average of all services in England and Wales is £7.4m.",
        "",
        "Spending on equipment changed by {change} percent in {year}.",
    ),
    (
        "The service must save money in {year}, and has plans for it.",
        "",
        "The service works with ambulance crews, the coastguard and mountain rescue in {year}.",
        "",
        "In {year} the service employed {people} firefighters.",
    ),
)


def write_report(path: Path, year: int, grade: str, savings: str, change: str, people: int) -> None:
    """A report of two pages."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for number, page in enumerate(PAGES):
        lines = [TITLE, "", *page] if number == 0 else list(page)
        for row, line in enumerate(lines):
            canvas.setFont("Helvetica", 18 if number == row == 0 else 11)
            words = line.format(year=year, grade=grade, savings=savings, change=change, people=people)
            canvas.drawString(60, 780 - 18 * row, words)
        canvas.showPage()
    canvas.save()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("gate")
    (folder / "reports").mkdir()
    write_report(folder / "reports" / "2015.pdf", 2015, "inadequate", "5.6", "-4", 412)
    write_report(folder / "reports" / "2016.pdf", 2016, "good", "6.5", "-3", 398)
    with Library.open(folder / "library", embedder=embedder) as opened:
        added = opened.add([folder / "reports"])
        assert not added.refused
        assert {report.year for report in opened.reports()} == {2015, 2016}
        yield opened


def figure_case(name: str, question: str, value: str, words: str, **more: object) -> dict[str, object]:
    return {
        "id": name,
        "kind": "figure",
        "question": question,
        "expect": {"figure": {"value": value, "unit": None} | more},
        "evidence": [{"year": 2016, "quote_contains": [words]}],
    }


SUITE = Suite.model_validate(
    {
        "suite": "northmere",
        "version": 1,
        "description": "Made up.",
        "defaults": {"organisation": FORCE},
        "policy": {"answerable_floor": 0, "refusal_recall_floor": 0.5},
        "cases": [
            figure_case(
                "savings", "What must it save?", "6.5", "£6.5m", unit="GBP", scale="million", subject="the service"
            ),
            figure_case("change", "How did spending on equipment change?", "-3", "equipment", unit="percent"),
            figure_case("people", "How many firefighters did it employ?", "398", "398", period="2016"),
            {
                "id": "grade",
                "kind": "judgment",
                "question": "How was it judged?",
                "expect": {"judgment": {"grade": "good", "aspect": "using its resources", "year": 2016}},
                "evidence": [{"year": 2016, "page": 1}],
            },
            {
                "id": "partners",
                "kind": "list",
                "question": "Whom does it work with?",
                "expect": {"list": {"items": ["ambulance", "coastguard", "mountain rescue"], "ordered": True}},
                "evidence": [{"year": 2016, "page": 2}],
            },
            {"id": "boats", "kind": "refuse", "question": "How many boats has it?", "expect": {"refuse": True}},
            {"id": "dogs", "kind": "refuse", "question": "How many dogs has it?", "expect": {"refuse": True}},
        ],
    }
)
NEEDLES = {
    "save": "must save £",
    "equipment": "equipment",
    "firefighters": "firefighters",
    "judged": "judged",
    "work with": "ambulance",
}


class Knows:
    """An answerer that finds the right sentence of the report of a year and says it, and refuses where it has none."""

    def __init__(self, library: Library, year: int = 2016) -> None:
        self.reports = Reports(library)
        self.report = next(report for report in library.reports() if report.year == year)

    def ask(self, question: str, *, history: tuple[dict[str, str], ...] = (), scope: Scope | None = None) -> Answer:
        needle = next((words for key, words in NEEDLES.items() if key in question), None)
        return self.refuse(question) if needle is None else self.say(question, needle)

    def say(self, question: str, needle: str) -> Answer:
        statement = next(s for s in self.reports.statements(self.report.report_id) if needle in s.text)
        citation = self.cite(statement.start, statement.end, statement.page)
        figures = tuple(
            AnswerFigure(f.text, f.value, f.unit, f.scale, f.measure, "the service", "2016", 1, "in_quote")
            for f in statement.figures[:1]
        )
        judgments = tuple(
            AnswerJudgment(j.grade, j.aspect, j.organisation, j.year or self.report.year, 1, "in_quote")
            for j in statement.judgments
        )
        return answer(question, f"{statement.text} [1]", citation, () if judgments else figures, judgments)

    def cite(self, start: int, end: int, page: int | None) -> Citation:
        report, text = self.report, self.reports.text(self.report.report_id)
        return Citation(
            n=1,
            report_id=report.report_id,
            title=report.title,
            organisation=report.organisation,
            year=report.year,
            file=report.file,
            page=page,
            page_label=None,
            section=(),
            quote=text[start:end],
            start=start,
            end=end,
        )

    def refuse(self, question: str) -> Answer:
        return replace(answer(question, "The reports do not say."), status="not_in_reports")


def answer(
    question: str,
    text: str,
    citation: Citation | None = None,
    figures: tuple[AnswerFigure, ...] = (),
    judgments: tuple[AnswerJudgment, ...] = (),
) -> Answer:
    return Answer(
        question=question,
        standalone_question=question,
        status="answered",
        text=text,
        figures=figures,
        judgments=judgments,
        citations=() if citation is None else (citation,),
        notes=(),
        scope=Searched(reports=(), count=2),
        timings_ms={},
    )


Sabotage = Callable[[Answer, Knows], Answer]


class Sabotaged(Knows):
    """The same, but each answer goes through a sabotage."""

    def __init__(self, library: Library, sabotage: Sabotage) -> None:
        super().__init__(library)
        self.sabotage = sabotage

    def ask(self, question: str, *, history: tuple[dict[str, str], ...] = (), scope: Scope | None = None) -> Answer:
        return self.sabotage(super().ask(question), self)


def of_figure(change: Callable[[AnswerFigure], AnswerFigure]) -> Sabotage:
    """A sabotage of the figure records and of nothing else, so that no other check can catch it."""
    return lambda said, knows: replace(said, figures=tuple(change(figure) for figure in said.figures))


def drops_citations(said: Answer, knows: Knows) -> Answer:
    return replace(said, citations=())


def drops_marks(said: Answer, knows: Knows) -> Answer:
    return replace(said, text=said.text.replace(" [1]", ""))


def cites_the_neighbour_page(said: Answer, knows: Knows) -> Answer:
    if not said.figures or "save" not in said.question:
        return said
    other = next(s for s in knows.reports.statements(knows.report.report_id) if "save money" in s.text)
    return replace(said, citations=(knows.cite(other.start, other.end, other.page),), text="The service must save. [1]")


def swaps_force_and_average(said: Answer, knows: Knows) -> Answer:
    return of_figure(lambda f: replace(f, value="7.4", subject="England and Wales") if f.value == "6.5" else f)(
        said, knows
    )


def takes_the_average_for_the_force(said: Answer, knows: Knows) -> Answer:
    return of_figure(lambda f: replace(f, subject="the average in England and Wales"))(said, knows)


def says_last_years_figure(said: Answer, knows: Knows) -> Answer:
    return of_figure(lambda f: replace(f, value="412") if f.value == "398" else f)(said, knows)


def says_last_years_period(said: Answer, knows: Knows) -> Answer:
    return of_figure(lambda f: replace(f, period="2015"))(said, knows)


def never_refuses(said: Answer, knows: Knows) -> Answer:
    return said if said.status == "answered" else replace(knows.say(said.question, "firefighters"))


def always_refuses(said: Answer, knows: Knows) -> Answer:
    return knows.refuse(said.question)


def reads_a_stale_report(said: Answer, knows: Knows) -> Answer:
    return Knows(knows.reports.library, 2015).ask(said.question)


def truncates_a_list(said: Answer, knows: Knows) -> Answer:
    return replace(said, text=said.text.replace(" and mountain rescue", ""))


def turns_a_list_round(said: Answer, knows: Knows) -> Answer:
    return replace(said, text=said.text.replace("ambulance crews, the coastguard", "the coastguard, ambulance crews"))


def praises(said: Answer, knows: Knows) -> Answer:
    return replace(said, judgments=tuple(replace(j, grade="outstanding") for j in said.judgments))


def adds_a_figure(said: Answer, knows: Knows) -> Answer:
    return replace(said, text=said.text.replace(" [1]", " That is 17 more than before. [1]"))


SABOTAGES: dict[str, Sabotage] = {
    "drops citations": drops_citations,
    "drops the marks": drops_marks,
    "cites the neighbour page": cites_the_neighbour_page,
    "off by a thousand": of_figure(lambda f: replace(f, scale="billion" if f.scale == "million" else "thousand")),
    "flips a sign": of_figure(
        lambda f: replace(f, value=f.value.removeprefix("-") if "-" in f.value else f"-{f.value}")
    ),
    "percent for points": of_figure(lambda f: replace(f, unit="percentage points") if f.unit == "percent" else f),
    "another currency": of_figure(lambda f: replace(f, unit="USD") if f.unit == "GBP" else f),
    "swaps force and average": swaps_force_and_average,
    "takes the average for the force": takes_the_average_for_the_force,
    "last year's figure": says_last_years_figure,
    "last year's period": says_last_years_period,
    "never refuses": never_refuses,
    "always refuses": always_refuses,
    "stale report": reads_a_stale_report,
    "truncates a list": truncates_a_list,
    "turns a list round": turns_a_list_round,
    "praises": praises,
    "adds a figure": adds_a_figure,
    "failed check": of_figure(lambda f: replace(f, check="failed")),
}


@pytest.fixture(scope="module")
def good(library: Library) -> SuiteResult:
    return run_suite(SUITE, Knows(library), library)


@pytest.fixture(scope="module")
def saved(good: SuiteResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("baseline") / "base.json"
    save(good, path)
    return path


def test_an_honest_answerer_holds(good: SuiteResult, saved: Path) -> None:
    assert [(case.id, case.cause, case.detail, case.unsupported) for case in good.cases if not case.correct] == []
    assert failures(good, compare(good, saved)) == ()
    assert exit_code(good, compare(good, saved)) == 0
    assert [case.right_page for case in good.cases] == [True] * 5 + [None, None]


@pytest.mark.parametrize("name", list(SABOTAGES))
def test_a_sabotaged_answerer_turns_the_gate_red(name: str, library: Library, good: SuiteResult, saved: Path) -> None:
    sabotage = SABOTAGES[name]
    answers = {case.question: sabotage(Knows(library).ask(case.question), Knows(library)) for case in SUITE.cases}
    assert any(answers[case.question] != Knows(library).ask(case.question) for case in SUITE.cases)
    worse = run_suite(SUITE, Recorded(answers), library)
    assert exit_code(worse, compare(worse, saved)) == 1, failures(worse, compare(worse, saved))


class Recorded:
    """Says what was recorded."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers

    def ask(self, question: str, *, history: tuple[dict[str, str], ...] = (), scope: Scope | None = None) -> Answer:
        return self.answers[question]


def test_a_baseline_of_another_library_is_refused(good: SuiteResult, saved: Path) -> None:
    elsewhere = replace(good, stamps=replace(good.stamps, reports=good.stamps.reports[:1]))
    with pytest.raises(BadSuite, match="of another library"):
        compare(elsewhere, saved)
    grown = replace(good, stamps=replace(good.stamps, reports=(*good.stamps.reports, "f" * 16)))
    assert any("1 reports that the baseline was not measured over" in line for line in compare(grown, saved).differs)


def changed(place: dict[str, object] | None = None, **fields: object) -> Suite:
    data = SUITE.model_dump(mode="json", exclude_defaults=True)
    data["cases"][0] |= fields
    if place is not None:
        data["cases"][0]["evidence"] = [place]
    return Suite.model_validate(data)


@pytest.mark.parametrize(
    ("suite", "part"),
    [
        (changed({"year": 2019}), "no report of 2019"),
        (changed({"report": "2019.pdf"}), "no report '2019.pdf'"),
        (changed({"year": 2016, "quote_contains": ["£6.6m"]}), "the words '£6.6m' do not occur"),
        (changed({"year": 2016, "page": 2, "quote_contains": ["£6.5m"]}), "the words '£6.5m' do not occur"),
        (changed({"report": "2016.pdf", "page": 3}), "the page or section does not occur"),
        (changed(scope={"reports": ["2019.pdf"]}), "no report '2019.pdf'"),
    ],
)
def test_a_suite_that_does_not_fit_the_library_is_refused(suite: Suite, part: str, library: Library) -> None:
    with pytest.raises(BadSuite) as caught:
        run_suite(suite, Knows(library), library)
    assert "Case 'savings'" in str(caught.value)
    assert part in str(caught.value)


def test_an_error_is_no_miss_whatever_it_is(library: Library) -> None:
    class Breaks(Knows):
        def ask(self, question: str, **_: object) -> Answer:
            raise RuntimeError("out of memory")

    with pytest.raises(CaseFailed, match="Case 'savings' could not be asked: RuntimeError: out of memory"):
        run_suite(SUITE, Breaks(library), library)


def test_the_controls_do_badly_on_a_fair_suite_and_an_easy_one_says_so(good: SuiteResult, library: Library) -> None:
    by_name = {control.name: control for control in good.controls}
    assert (by_name["always refuses"].correct.hits, by_name["always refuses"].correct.total) == (2, 7)
    assert by_name["answers without retrieval"].correct.hits == 0
    assert by_name["shuffled evidence"].correct.hits == 0
    given_away = changed(question="Must it save £6.5m?")
    told = run_suite(given_away, Knows(library), library)
    alarms = [control.alarm for control in told.controls if control.name == "answers without retrieval"]
    assert alarms[0] is not None
    assert "20%" in alarms[0]


def test_the_failed_step_is_named(library: Library) -> None:
    refused = run_suite(SUITE, Sabotaged(library, always_refuses), library)
    steps = {case.id: case.step for case in refused.cases}
    assert steps["boats"] is None
    assert steps["people"] in ("wrongly refused", "ranked low", "not found")
    never = run_suite(SUITE, Sabotaged(library, never_refuses), library)
    assert {case.step for case in never.cases if case.kind == "refuse"} == {"wrongly answered"}
    untyped = changed(expect={"figure": {"value": "6.7", "unit": "GBP", "scale": "million"}})
    missed = run_suite(untyped, Knows(library), library)
    assert missed.cases[0].step == "not read"

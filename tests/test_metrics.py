"""Metrics against sums done by hand, and the count of figures that no cited quotation supports."""

import math
import statistics
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import (
    Share,
    median,
    percentile,
    recall_at,
    reciprocal_rank,
    refusal,
    refusal_f1,
    wilson_interval,
)
from evals.paired import cluster_interval, mcnemar, points, smallest_difference
from evals.risk import risk_coverage
from evals.support import citation_precision, citation_recall, statements, unsupported_figures
from rag.records import Answer, AnswerFigure, Citation, Searched


def test_wilson_interval_by_hand() -> None:
    # 8 of 10 with z = 2: p = 0.8, z²/n = 0.4, so middle = 0.8 + 0.2 = 1.0 and whole = 1.4;
    # spread = 2 √(0.16/10 + 4/400) = 2 √0.026 = 0.322490; (1 ∓ 0.322490) / 1.4
    assert wilson_interval(8, 10, z=2) == pytest.approx((0.483936, 0.944636), abs=1e-6)
    # nothing of 10: from 0 to z²/(n + z²) = 4/14; everything: the mirror image
    assert wilson_interval(0, 10, z=2) == pytest.approx((0, 4 / 14))
    assert wilson_interval(10, 10, z=2) == pytest.approx((10 / 14, 1))
    # at 95 %, as tables print it for 81 of 263 (Newcombe 1998, table I): 0.2553 to 0.3662
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share_and_mirrors(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson_interval(hits, total)
    assert 0 <= low <= hits / total + 1e-12
    assert hits / total - 1e-12 <= high <= 1
    assert wilson_interval(total - hits, total) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("hits", "total"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_has_no_interval(hits: int, total: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson_interval(hits, total)


def test_a_share_of_nothing_is_none_and_reaches_no_floor() -> None:
    nothing = Share(0, 0)
    assert (nothing.value, nothing.interval) == (None, None)
    assert not nothing.at_least(0)
    assert Share(17, 20).at_least(0.85)
    assert not Share(16, 20).at_least(0.85)


def test_refusal_by_hand() -> None:
    # four that cannot be answered, three of them refused; three that can, one of them refused
    found = refusal([False] * 4 + [True] * 3, [True, True, True, False, True, False, False])
    assert (found.recall, found.precision) == (Share(3, 4), Share(3, 4))
    never = refusal([False, True], [False, False])
    assert (never.recall, never.precision) == (Share(0, 1), Share(0, 0))


def test_percentile_and_median_by_hand() -> None:
    assert percentile([15, 20, 35, 40, 50], 30) == 20  # rank ⌈1.5⌉ = 2
    assert percentile([15, 20, 35, 40, 50], 100) == 50
    assert percentile([15, 20, 35, 40, 50], 0) == 15
    assert percentile(list(range(1, 21)), 95) == 19
    assert percentile([7], 95) == 7
    assert percentile([], 95) is None
    assert median([]) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_median_is_the_statistical_one(values: list[float]) -> None:
    assert median(values) == pytest.approx(statistics.median(values))


QUOTE = "Spending fell by 4 percent to £10.4m by 31 March 2020; officers | 1,769 | -20%."


def answer(text: str, *figures: AnswerFigure, quote: str = QUOTE, year: int = 2020) -> Answer:
    cited = [
        Citation(
            n=n,
            report_id="r1",
            title="Roads",
            organisation="Anyshire",
            year=year,
            file="roads.pdf",
            page=None,
            page_label=None,
            section=(),
            quote=words,
            start=0,
            end=len(words),
        )
        for n, words in ((1, quote), (2, "The depot has 77 lorries."))
    ]
    return Answer(
        question="q",
        standalone_question="q",
        status="answered",
        text=text,
        figures=figures,
        judgments=(),
        citations=tuple(cited),
        notes=(),
        scope=Searched(reports=("r1",), count=1),
        timings_ms={},
    )


def figure(text: str, value: str, unit: str | None, scale: str | None, check: str = "in_quote") -> AnswerFigure:
    return AnswerFigure(
        text=text, value=value, unit=unit, scale=scale, measure=None, subject=None, period=None, citation=1, check=check
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        f"It fell [1].\n\n> {QUOTE} [1]",
        "It spent £10.4m [1].",
        "It spent £10.4 million, 4% less [1].",
        "It had 1769 officers on 31 March 2020 [1].",
        "1. It had 1,769 officers [1].",
        "In 2020 there were 1,769 officers [1].",
        "It changed by \\-20% [1].",
        "No figure here [1].",
    ],
)
def test_a_figure_of_a_cited_quotation_is_supported(text: str) -> None:
    assert unsupported_figures(answer(text)) == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It spent £10.5m [1].", "£10.5m"),
        ("It spent £10.4bn [1].", "£10.4bn"),
        ("It spent $10.4m [1].", "$10.4m"),
        ("It spent £10.4 [1].", "£10.4"),
        ("It fell by 4 percentage points [1].", "4 percentage points"),
        ("It changed by 20% [1].", "20%"),
        ("It had 769 officers [1].", "769"),
        ("In 2019 there were 1,769 officers [1].", "2019"),
        ("It had 1,769 officers on 30 March 2020 [1].", "30 March 2020"),
        ("It had 1,769 officers [1] and 77 lorries.", "77"),
        ("It had 1,769 officers.", "1,769"),
        ("It had seven depots [1].", "seven"),
        ("See https://roads.example/9876 [1].", "9876"),
    ],
)
def test_any_other_figure_is_counted(text: str, missing: str) -> None:
    assert unsupported_figures(answer(text)) == (missing,)


def test_a_bare_cell_takes_the_unit_of_its_record_and_never_against_what_is_printed() -> None:
    cell = "Salt | 36.1 | (3)"
    assert unsupported_figures(answer("£36.1m [1]", figure("36.1", "36.1", "GBP", "million"), quote=cell)) == ()
    assert unsupported_figures(answer("-3% [1]", figure("(3)", "-3", "percent", None), quote=cell)) == ()
    assert unsupported_figures(answer("£36.1m [1]", quote=cell)) == ("£36.1m",)
    assert unsupported_figures(answer("£36.1bn [1]", figure("36.1", "36.1", "GBP", "million"), quote=cell)) == (
        "£36.1bn",
    )
    failed = figure("36.1", "36.1", "GBP", "million", check="failed")
    assert unsupported_figures(answer("£36.1m [1]", failed, quote=cell)) == ("£36.1m",)
    against = figure("36.1", "36.1", "GBP", "billion")
    assert unsupported_figures(answer("£36.1bn [1]", against, quote="It cost £36.1m.")) == ("£36.1bn",)


def test_a_figure_with_its_tolerance_before_its_unit_is_supported_as_printed() -> None:
    quote = "In 2020, 85.8 (± 1.9 percent) percent were satisfied."
    satisfied = figure("85.8", "85.8", "percent", None)
    assert unsupported_figures(answer("**85.8** [1]", satisfied, quote=quote)) == ()
    assert unsupported_figures(answer("**85.8** [1]", quote=quote)) == ("85.8",)
    costs = figure("10.4", "10.4", "GBP", "million")
    assert unsupported_figures(answer("**10.4** [1]", costs, quote="It costs £10.4m.")) == ("10.4",)


def test_a_derived_figure_needs_operands_in_quotations_and_arithmetic_that_holds() -> None:
    operands = (figure("£36.1m", "36.1", "GBP", "million"), figure("£33.1m", "33.1", "GBP", "million"))
    derived = replace(
        figure("£3.0m", "-3.0", "GBP", "million", check="derived"),
        operands=(1, 2),
        arithmetic="33.1 − 36.1 = −3.0",
    )
    text, quote = "Fell by £3.0m (33.1 − 36.1 = −3.0) [1].", "It fell from £36.1m to £33.1m."
    assert unsupported_figures(answer(text, derived, *operands, quote=quote)) == ()
    assert unsupported_figures(answer(text.replace("£3.0m", "£4m"), derived, *operands, quote=quote)) == ("£4m",)
    for wrong in (
        replace(derived, operands=()),
        replace(derived, operands=(1,)),
        replace(derived, operands=(1, 7)),
        replace(derived, arithmetic=""),
        replace(derived, value="-3.5"),
        replace(derived, arithmetic="33.1 − 36.2 = −3.0"),
        replace(derived, arithmetic="33.1 − 36.1 × 1 = −3.0"),
        replace(derived, arithmetic="__import__('os') = −3.0"),
    ):
        assert "£3.0m" in unsupported_figures(answer(text, wrong, *operands, quote=quote))
    assert "£3.0m" in unsupported_figures(answer(text, derived, *operands, quote="It fell from £36.1m to £33m."))


def test_a_range_is_supported_whole() -> None:
    quote = "It costs £300,000–£400,000 a year."
    assert unsupported_figures(answer("It costs £300,000–£400,000 [1].", quote=quote)) == ()
    assert unsupported_figures(answer("It costs £300,000–£500,000 [1].", quote=quote)) == ("£300,000–£500,000",)
    assert unsupported_figures(answer("It costs £300,000 [1].", quote=quote)) == ("£300,000",)


def test_refusal_f1_by_hand() -> None:
    # precision 3/4, recall 3/5: 2 · 0.75 · 0.6 / 1.35
    found = refusal([False] * 5 + [True] * 3, [True, True, True, False, False, True, False, False])
    assert refusal_f1(found) == pytest.approx(2 / 3)
    assert refusal_f1(refusal([True], [False])) is None
    assert refusal_f1(refusal([False], [False])) == 0


def test_reciprocal_rank_and_recall_by_hand() -> None:
    assert reciprocal_rank([1, None, 4]) == pytest.approx((1 + 0 + 0.25) / 3)
    assert reciprocal_rank([]) is None
    assert recall_at([1, None, 4], 3) == Share(1, 3)
    assert recall_at([1, None, 4], 4) == Share(2, 3)


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(3, 3) == 1
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    assert mcnemar(6, 0) == pytest.approx(2 / 64)
    assert mcnemar(1, 7) == pytest.approx(2 * (1 + 8) / 256)
    with pytest.raises(ValueError, match="not counts"):
        mcnemar(-1, 2)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(worse: int, better: int) -> None:
    flips = worse + better
    as_rare = [k for k in range(flips + 1) if math.comb(flips, k) <= math.comb(flips, worse)]
    assert mcnemar(worse, better) == pytest.approx(sum(math.comb(flips, k) for k in as_rare) / 2**flips)
    assert mcnemar(worse, better) == mcnemar(better, worse)


def test_the_smallest_difference_is_six_flips() -> None:
    assert smallest_difference(200) == 3.0  # 6 of 200: five flips one way still have p = 0.0625
    assert smallest_difference(6) == 100.0
    assert smallest_difference(5) is None


def test_drawing_whole_reports_widens_the_interval() -> None:
    alone = cluster_interval([str(i) for i in range(100)], [i % 2 == 0 for i in range(100)])
    together = cluster_interval([str(i // 25) for i in range(100)], [i < 50 for i in range(100)])
    assert alone is not None and together is not None
    assert together == (0.0, 1.0)  # four reports, two right throughout: any share can be drawn
    assert 0.35 < alone[0] < 0.45 and 0.55 < alone[1] < 0.65
    assert cluster_interval(["a", "a"], [True, False]) is None
    again = cluster_interval([str(i) for i in range(100)], [i % 2 == 0 for i in range(100)])
    assert again == alone


def test_points_are_the_difference_of_shares() -> None:
    assert points(Share(3, 4), Share(2, 4)) == -25
    assert points(Share(0, 0), Share(2, 4)) is None


def test_risk_and_coverage_by_hand() -> None:
    # four answers to five questions: right, wrong, right, wrong as confidence falls
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [False, True, False, True], 5)
    assert [coverage for coverage, _ in curve.points] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert [risk for _, risk in curve.points] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # two of equal confidence come together: neither order is better
    tied = risk_coverage([0.9, 0.9], [True, False], 2)
    assert tied.points == ((1.0, 0.5),)
    assert tied.area == 0.5
    assert risk_coverage([], [], 3).area is None


def test_an_answer_is_cut_into_statements_at_its_marks() -> None:
    found = statements(answer(f"It spent £10.4m [1]. The depot has lorries [1, 2].\n\n> {QUOTE} [1]"))
    assert [(s.text, s.citations) for s in found] == [
        ("It spent £10.4m", (1,)),
        (". The depot has lorries", (1, 2)),
    ]


def test_citation_recall_and_precision_by_hand() -> None:
    supported = answer("Spending fell to £10.4m [1]. The depot has 77 lorries [2].")
    assert (citation_recall(supported), citation_precision(supported)) == (Share(2, 2), Share(2, 2))
    idle = answer("Spending fell to £10.4m [1, 2].")  # the second citation does nothing for the statement
    assert (citation_recall(idle), citation_precision(idle)) == (Share(1, 1), Share(1, 2))
    both = answer("Spending fell to £10.4m, and the depot has 77 lorries [1, 2].")
    assert (citation_recall(both), citation_precision(both)) == (Share(1, 1), Share(2, 2))
    swapped = answer("Spending fell to £10.4m [2]. The depot has 77 lorries [1].")
    assert (citation_recall(swapped), citation_precision(swapped)) == (Share(0, 2), Share(0, 2))
    bare = answer("Spending fell to £10.4m.")
    assert (citation_recall(bare), citation_precision(bare)) == (Share(0, 1), Share(0, 0))

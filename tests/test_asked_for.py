"""A figure that stands near what is asked for, and is of something else, is not given for it."""

from pathlib import Path

import pytest

from index.embed import Embedder
from index.library import Library
from rag.assistant import Assistant

REPORT = """# Northmere Ambulance Trust – annual report 2016

## Calls

For calls graded as emergencies, the trust's target response time is 15 minutes, as it has been since 2010. For those
graded as urgent, the target is within 60 minutes.

The trust was inspected at the request of the minister under section 20 of the Ambulances Act 2004.

## People

As at 31 March 2016, paramedic crews make up 56 percent of the workforce of Northmere Ambulance Trust. This was broadly
in line with the England and Wales average of 59 percent.

The proportion of paramedic trainees in Northmere Ambulance Trust was 37 percent, broadly in line with the England and
Wales average of 35 percent.

## Money

The trust plans to make 72 percent of its savings requirement from its pay budget.

| £ thousand | 2015 | 2016 |
|---|---|---|
| Grants of Northmere Ambulance Trust | 4,120 | 4,380 |
| Fuel | 210 | 240 |
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("trust")
    (folder / "trust.md").write_text(REPORT, encoding="utf-8")
    library = Library.open(folder / "library", embedder=embedder)
    assert not library.add([folder / "trust.md"]).refused
    return Assistant(library)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the target response time for urgent calls?", "60"),
        ("What is the target response time for emergencies?", "15"),
        ("What proportion of the workforce is paramedic trainees on average in England and Wales?", "35 percent"),
        ("What proportion of the workforce is paramedic crews on average in England and Wales?", "59 percent"),
        ("What were the grants of Northmere Ambulance Trust in 2016?", "4,380"),
    ],
)
def test_the_figure_that_is_asked_for_is_given(assistant: Assistant, question: str, text: str) -> None:
    figures = assistant.ask(question).figures
    assert [figure.text for figure in figures] == [text]


@pytest.mark.parametrize(
    "question",
    [
        "When was the trust inspected at the request of the minister?",  # the law is of 2004
        "What is the trust's savings requirement?",  # only a share of it is told
        "What did the trust pay for body-worn cameras?",
        "What was Northmere Ambulance Trust's marketing spend in 2016?",
    ],
)
def test_nothing_is_given_for_what_no_report_says(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_in_reports", answer.text

"""Evidence of another time, of another thing, or with none of what is asked, is dropped before anything is weighed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from rag.consistent import consistent
from rag.features import Candidate
from rag.retrieve import Evidence
from rag.understand import understand

Fits = Callable[[str, str], bool]

REPORT = """# Northmere Harbour Authority: inspection 2014

Published 12 March 2014

## Savings

{sentence}

The budget of the harbour was looked at for 2013/14, 2014/15, 2016/17 and 2017.
"""


@pytest.fixture
def fits(library: Library, tmp_path: Path) -> Fits:
    """Whether a sentence of a report of 2014 can be about what is asked."""

    def can(sentence: str, question: str) -> bool:
        path = tmp_path / "report.md"
        path.write_text(REPORT.format(sentence=sentence), encoding="utf-8")
        library.add([path])
        (info,) = library.reports()
        s = next(s for s in library.statements(info.report_id) if sentence[:20] in s.text)
        passage = library.text(info.report_id)[s.start :]
        candidate = Candidate(s.text, s.meaning, passage, s.header, s.kind, 0.5, 0.5, 0, 0, info.year)
        evidence = Evidence(
            info, s.start, s.end, s.page, s.page_label, s.section, s.figures, s.judgments, candidate, s.start
        )
        return consistent(understand(question), evidence)

    return can


@pytest.mark.parametrize(
    ("sentence", "question", "fit"),
    [
        ("The harbour has clear plans for the savings of 2014/15.", "Did it reach its savings in 2013/14?", False),
        ("The harbour reached the savings of 2013/14 in full.", "Did it reach its savings in 2013/14?", True),
        ("The programme of the harbour is called Edison now.", "What is the programme called in 2017?", False),
        ("By 2017 the programme of the harbour will be called Darwin.", "What is the programme called in 2017?", True),
        ("The programme of the harbour is called Edison now.", "What is the programme called in 2014?", True),
        ("A requirement of £17.6m is forecast for 2016/17 by the harbour.", "What is the budget for 2016/17?", False),
        ("A budget of £17.6m is forecast for 2016/17 by the harbour.", "What is the budget for 2016/17?", True),
        ("A requirement of £17.6m is forecast for 2016/17.", "What must the authority find in 2016/17?", True),
        ("The inspection did find examples of good work there.", "What must the authority find in 2016/17?", False),
    ],
)
def test_evidence_is_of_the_time_and_the_thing_asked_about(fits: Fits, sentence: str, question: str, fit: bool) -> None:
    assert fits(sentence, question) == fit

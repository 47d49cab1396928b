"""Measuring answers against known figures and judgments, offline and the same each time.

suite.py         what a suite is; suite_file.py reads one, sources.py tells it from other question files
questions.py     the question files of other corpora as suites; native.py: SQuAD 2 and TAT-QA as published
run.py           put every case to an assistant, once; stamps.py: what a run was made with
verdict.py       is this answer right? match.py: figures and judgments; places.py: evidence; words.py: text
steps.py         which step of answering failed; controls.py: answerers that know nothing
metrics.py       shares and intervals; support.py: what quotations support; risk.py: risk and coverage
summary.py       the numbers of a run; paired.py: is a difference more than chance?
baseline.py      save a run and compare; gate.py: does it pass?
report.py        terminal and JSON; html_report.py with chart.py; exports.py: JUnit XML and Markdown
drafts.py        first suites, and cases from what users said (feedback.py reads it)
commands.py      `citewell eval`; plugin.py: `pytest --citewell-suite`
bench.py         measure speed:  python -m evals.bench; bench_indexing.py, bench_work.py: reading and indexing, each in
                 a process of its own; bench_memory.py: their peak memory
bench_page.py    how long people wait for the page when several ask; screenshots.py: the pictures in docs/images/
"""

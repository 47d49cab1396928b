"""Measuring answers against known figures and judgments, offline and the same each time.

suite.py      read and check a suite that a person wrote
match.py      is this answer the expected one, from the right place?
metrics.py    shares with intervals, refusal precision and recall, latency, figures without support
run.py        put every case of a suite to an assistant
report.py     the table by kind with every miss, and the same as JSON
baseline.py   save a run, compare a later one with it, and the exit code
questions.py  read the question files of other corpora
corpus.py     measure a corpus:  python -m evals.corpus PATH
bench.py      measure speed:     python -m evals.bench
"""

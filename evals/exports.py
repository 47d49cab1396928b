"""A run for other programs: JUnit XML, which CI systems show, and a Markdown summary."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from .baseline import Comparison
from .report import alarms, comparison_lines, lines, reason, share_cells
from .run import SuiteResult
from .summary import rows, summarise

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MISSES_SHOWN = 50


def junit_xml(result: SuiteResult, comparison: Comparison | None = None, failures: Sequence[str] = ()) -> str:
    """A test case for each case, its kind as the class, and one for the gate, which fails with the run.

    With a baseline, a miss that the baseline has too is shown as skipped: the run is not worse for it.
    """
    known = _known_misses(result, comparison)
    missed = [case for case in result.cases if (not case.correct and case.id not in known) or case.unsupported]
    seconds = sum(case.milliseconds for case in result.cases) / 1000
    counts = {"tests": str(len(result.cases) + 1), "failures": str(len(missed) + bool(failures)), "errors": "0"}
    skipped = str(sum(1 for case in result.cases if case.id in known and case not in missed))
    root = ET.Element("testsuites", counts | {"time": f"{seconds:.3f}"})
    suite = ET.SubElement(
        root, "testsuite", {"name": result.suite, **counts, "skipped": skipped, "time": f"{seconds:.3f}"}
    )
    for case in result.cases:
        attributes = {"classname": f"{result.suite}.{case.kind}", "name": case.id}
        element = ET.SubElement(suite, "testcase", attributes | {"time": f"{case.milliseconds / 1000:.3f}"})
        if case in missed:
            failure = ET.SubElement(
                element, "failure", {"message": _xml(reason(case)), "type": case.cause or "support"}
            )
            cited = "–" if case.citation is None else str(case.citation)
            failure.text = _xml(f"{case.question}\nexpected: {case.expected}\nsaid: {case.said}\ncited: {cited}")
        elif case.id in known:
            ET.SubElement(element, "skipped", {"message": _xml(f"missed in the baseline too: {reason(case)}")})
    gate = ET.SubElement(suite, "testcase", {"classname": f"{result.suite}.gate", "name": "gate", "time": "0"})
    if failures:
        failure = ET.SubElement(gate, "failure", {"message": _xml(failures[0]), "type": "gate"})
        failure.text = _xml("\n".join(failures))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def markdown_summary(result: SuiteResult, comparison: Comparison | None = None, failures: Sequence[str] = ()) -> str:
    """What a reviewer needs on a page: whether it holds, the numbers, what changed and what missed."""
    summary = summarise(result)
    told = [f"## {_md(result.suite)}: {'fails' if failures else 'holds'}", ""]
    told += [f"- **{_md(failure)}**" for failure in failures]
    told += ["", "| | cases | right | share | 95 % interval |", "|---|--:|--:|--:|--:|"]
    controls = [(f"control: {control.name}", control.correct) for control in result.controls]
    for name, share in (*summary.by_kind, *rows(summary), *controls):
        told.append(f"| {_md(name)} | {' | '.join(share_cells(share))} |")
    told += ["", *(f"- {_md(line)}" for line in (*lines(summary), *alarms(result)))]
    if comparison is not None:
        told += ["", "### Against the baseline", "", *(f"- {_md(line)}" for line in comparison_lines(comparison))]
    missed = [case for case in result.cases if not case.correct or case.unsupported]
    if missed:
        told += ["", f"### Missed: {len(missed)}", "", "| case | why | expected | said |", "|---|---|---|---|"]
        for case in missed[:_MISSES_SHOWN]:
            cells = (case.id, reason(case), case.expected, case.said)
            told.append(f"| {' | '.join(_md(cell) for cell in cells)} |")
    if len(missed) > _MISSES_SHOWN:
        told += ["", f"And {len(missed) - _MISSES_SHOWN} more."]
    return "\n".join(told) + "\n"


def _known_misses(result: SuiteResult, comparison: Comparison | None) -> frozenset[str]:
    """The ids of the cases that are wrong, and were wrong in the baseline."""
    if comparison is None:
        return frozenset()
    fresh = {*comparison.worse, *comparison.new}
    return frozenset(case.id for case in result.cases if not case.correct and case.id not in fresh)


def _xml(text: str) -> str:
    """Text without the characters that XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)


def _md(text: str) -> str:
    """Text as it is in a cell of a Markdown table: no markup, no line end."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", " ".join(text.split()))

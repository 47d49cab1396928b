"""A run as one HTML file that needs nothing else: sortable, filterable, each case in full.

Words of reports, questions and answers are escaped, and a policy in the page forbids it to fetch anything.
"""

from collections.abc import Sequence
from html import escape

from .baseline import Comparison
from .chart import risk_picture
from .metrics import Share
from .report import alarms, comparison_lines, lines, milliseconds, reason, share_cells
from .run import CaseResult, Shown, SuiteResult
from .summary import Summary, kinds, rows, summarise

_STYLE = """
:root{color-scheme:light dark;--line:#8884;--bad:#b3261e;--good:#1b6e3c;--soft:#8881}
@media (prefers-color-scheme:dark){:root{--bad:#ff8a80;--good:#7bd88f}}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;
vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
th button{font:inherit;font-weight:600;background:none;border:0;padding:0;cursor:pointer;color:inherit}
th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
.bad{color:var(--bad)}.good{color:var(--good)}.columns{display:flex;flex-wrap:wrap;gap:2rem}.columns>*{flex:1 1 24rem}
form{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}input,select{font:inherit;padding:.2rem .4rem}
details>div{background:var(--soft);padding:.6rem .8rem;margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
mark{background:#ffe08a;color:#000}svg{max-width:30rem;width:100%}svg polyline{fill:none;stroke:#3367d6;stroke-width:2}
svg circle{fill:#3367d6}svg .axis{fill:none;stroke:currentColor}svg text{fill:currentColor;font-size:11px}
"""

_SCRIPT = """
const body=document.querySelector('#cases tbody'),cells=(row,i)=>row.cells[i].dataset.value;
for(const [i,head] of [...document.querySelectorAll('#cases th')].entries())
 head.querySelector('button').addEventListener('click',()=>{
  const up=head.getAttribute('aria-sort')!=='ascending';
  document.querySelectorAll('#cases th').forEach(other=>other.removeAttribute('aria-sort'));
  head.setAttribute('aria-sort',up?'ascending':'descending');
  const numeric=head.classList.contains('n');
  [...body.rows].sort((a,b)=>{const x=cells(a,i),y=cells(b,i);
   return (up?1:-1)*(numeric?x-y:x.localeCompare(y))}).forEach(row=>body.append(row))});
const filter=document.querySelector('#filter');
const show=()=>{const words=filter.words.value.toLowerCase(),kind=filter.kind.value,state=filter.state.value;let n=0;
 for(const row of body.rows){row.hidden=!(row.textContent.toLowerCase().includes(words)
  &&(!kind||row.dataset.kind===kind)&&(!state||row.dataset.state===state||row.dataset.step===state));n+=!row.hidden}
 document.querySelector('#shown').textContent=n+' of '+body.rows.length+' cases'};
filter.addEventListener('input',show);filter.addEventListener('submit',event=>event.preventDefault());show();
"""

_HEADINGS = (("case", ""), ("kind", ""), ("result", ""), ("failed step", ""), ("expected", ""), ("said", ""))


def html_report(result: SuiteResult, comparison: Comparison | None = None, failures: Sequence[str] = ()) -> str:
    """The page."""
    summary = summarise(result)
    verdict = "".join(f'<p class="bad">Fails: {escape(failure)}</p>' for failure in failures)
    against = ""
    if comparison is not None:
        told = "".join(f"<li>{escape(line)}</li>" for line in comparison_lines(comparison))
        against = f"<h2>Against the baseline</h2><ul>{told}</ul>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(result.suite)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(result.suite)}: {len(result.cases)} cases</h1>{verdict or '<p class=good>Holds.</p>'}"
        f"{_notes(result, summary)}{against}"
        f'<div class="columns"><section><h2>Results</h2>{_numbers(result, summary)}</section>'
        f"<section><h2>Risk and coverage</h2>{risk_picture(summary.risk)}{_made_with(result)}</section></div>"
        f"<h2>Cases</h2>{_filter(result)}{_cases(result.cases)}<script>{_SCRIPT}</script></body></html>\n"
    )


def _notes(result: SuiteResult, summary: Summary) -> str:
    warned = "".join(f'<p class="bad">{escape(alarm)}</p>' for alarm in alarms(result))
    return warned + "".join(f"<p>{escape(line)}</p>" for line in lines(summary))


def _numbers(result: SuiteResult, summary: Summary) -> str:
    controls = [(f"control: {control.name}", control.correct) for control in result.controls]
    named: list[tuple[str, Share]] = [*summary.by_kind, *rows(summary), *controls]
    body = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td class=n>{cell}</td>' for cell in share_cells(share))}</tr>"
        for name, share in named
    )
    heads = "".join(f'<th class="n">{head}</th>' for head in ("cases", "right", "share", "95 % interval"))
    return f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _made_with(result: SuiteResult) -> str:
    made = [("commit", result.stamps.commit or "unknown"), *result.stamps.models, *result.stamps.versions]
    made.append(("reports", str(len(result.stamps.reports))))
    body = "".join(f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in made)
    return f"<h2>Made with</h2><table><tbody>{body}</tbody></table>"


def _filter(result: SuiteResult) -> str:
    kind = "".join(f"<option>{escape(name)}</option>" for name in kinds(result.cases))
    found = dict.fromkeys(case.step for case in result.cases if case.step is not None)
    steps = "".join(f"<option>{escape(step)}</option>" for step in found)
    return (
        '<form id="filter"><label>Words <input name="words" type="search"></label>'
        f'<label>Kind <select name="kind"><option value="">all</option>{kind}</select></label>'
        '<label>Result <select name="state"><option value="">all</option><option>right</option><option>wrong</option>'
        f'{steps}</select></label><output id="shown"></output></form>'
    )


def _cases(cases: Sequence[CaseResult]) -> str:
    heads = "".join(f"<th><button>{name}</button></th>" for name, _ in _HEADINGS)
    return (
        f'<table id="cases"><thead><tr>{heads}<th class="n"><button>time</button></th></tr></thead>'
        f"<tbody>{''.join(_case(case) for case in cases)}</tbody></table>"
    )


def _case(case: CaseResult) -> str:
    state = "right" if case.correct else "wrong"
    mark = "good" if case.correct and not case.unsupported else "bad"
    told = f"{state}: {reason(case)}" if reason(case) else state
    cells = (
        (case.id, f"<strong>{escape(case.id)}</strong><br>{escape(case.question)}{_details(case)}"),
        (case.kind, escape(case.kind)),
        (told, f'<span class="{mark}">{escape(told)}</span>'),
        (case.step or "", escape(case.step or "")),
        (case.expected, escape(case.expected)),
        (case.said, escape(case.said)),
    )
    body = "".join(f'<td data-value="{escape(value)}">{shown}</td>' for value, shown in cells)
    time = f'<td class="n" data-value="{case.milliseconds:.3f}">{milliseconds(case.milliseconds)}</td>'
    return (
        f'<tr id="{escape(case.id)}" data-kind="{escape(case.kind)}" data-state="{state}" '
        f'data-step="{escape(case.step or "")}">{body}{time}</tr>'
    )


def _details(case: CaseResult) -> str:
    parts = [f"<h4>Answer ({escape(case.status)})</h4><div>{escape(case.text)}</div>"]
    if case.citation is not None:
        parts.append(_quotation(case.citation))
    if case.unsupported:
        parts.append(f"<p class=bad>Figures without support: {escape(', '.join(case.unsupported))}</p>")
    return f"<details><summary>answer and evidence</summary>{''.join(parts)}</details>"


def _quotation(shown: Shown) -> str:
    page = "" if shown.page is None else f", page {shown.page}"
    year = "" if shown.year is None else f" ({shown.year})"
    return (
        f"<h4>{escape(shown.file)}{year}{page}</h4><p>{escape(shown.section)}</p>"
        f"<div>{escape(shown.before)}<mark>{escape(shown.quote)}</mark>{escape(shown.after)}</div>"
    )

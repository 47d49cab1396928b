"""The style of the chat page, as text, so that a wheel carries it without data files.

Selectors begin with an id where Gradio's own rules would win otherwise. Colours are named once for light and once for
dark; text on its ground keeps a contrast of 4.5 to 1 in both.
"""

_LIGHT = """
  --ground:#f6f6f3; --surface:#ffffff; --sunken:#efefea; --ink:#1b2430; --soft:#545f6d; --line:#d8dad6;
  --edge:#868e98; --accent:#1d5a87; --accent-ink:#ffffff; --accent-wash:#e6eff6; --mark:#ffe69a; --mark-ink:#241c00;
  --good:#1e6b3f; --good-wash:#e5f2ea; --warn:#855200; --warn-wash:#fbf0db; --bad:#a02b23; --bad-wash:#fbe9e7;
"""
_DARK = """
  --ground:#14171b; --surface:#1c2026; --sunken:#23282f; --ink:#e7eaee; --soft:#a8b1bd; --line:#363d47;
  --edge:#7b8593; --accent:#8ec1ea; --accent-ink:#0e1a24; --accent-wash:#213343; --mark:#6a5410; --mark-ink:#fff6d8;
  --good:#86d3a4; --good-wash:#1c3226; --warn:#f0c070; --warn-wash:#382c17; --bad:#f5a49c; --bad-wash:#3d2321;
"""

STYLE = (
    ":root{color-scheme:light;"
    + _LIGHT
    + "}\n.dark{color-scheme:dark;"
    + _DARK
    + "}\n@media (prefers-color-scheme:dark){body.cw-plain{color-scheme:dark;"
    + _DARK
    + "}}\n"
    + """
:root{ --sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;
  --serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Cambria,Georgia,"Liberation Serif",serif; }
body, gradio-app{ background:var(--ground)!important; color:var(--ink); }
body.cw-plain{ margin:0 auto; padding:2rem 1.25rem; max-width:46rem; font:16px/1.55 var(--sans); }
.gradio-container{ background:var(--ground)!important; color:var(--ink); font-family:var(--sans)!important;
  font-size:16px; line-height:1.55; max-width:none!important; padding:0!important; margin:0!important; }
.gradio-container{ overflow:visible!important; }
.gradio-container .main.app, .gradio-container main{ padding:0!important; max-width:none!important; }
.gradio-container .html-container{ padding:0!important; }
#cw-compose, #cw-filters, #cw-past, #cw-now, #cw-top, #cw-scope{ overflow:visible; }
#cw-top, #cw-past, #cw-now, #cw-compose{ flex:0 0 auto!important; min-width:0!important; }
.gradio-container footer{ display:none!important; }
#cw-shell, #cw-side, #cw-talk, #cw-proof, #cw-ask, #cw-filters{ border:0; background:none; box-shadow:none; }
.gradio-container .prose, .cw-turn, .cw-welcome, #cw-evidence{ color:var(--ink); font-family:var(--sans);
  max-width:none; }
.cw-hidden{ position:absolute!important; width:1px; height:1px; overflow:hidden; clip-path:inset(50%);
  white-space:nowrap; }

#cw-shell{ display:grid; grid-template-columns:17.5rem minmax(0,1fr) minmax(0,30rem); gap:0; align-items:start; }
#cw-shell > *{ min-width:0!important; }
#cw-side{ position:sticky; top:0; height:100dvh; overflow-y:auto; padding:1.25rem 1.1rem 2rem; gap:1.1rem;
  border-right:1px solid var(--line); background:var(--ground); flex-wrap:nowrap; }
#cw-talk{ min-height:100dvh; padding:0 clamp(1rem,3vw,2.75rem); gap:0; flex-wrap:nowrap; }
#cw-proof{ position:sticky; top:0; height:100dvh; overflow-y:auto; padding:0; border-left:1px solid var(--line);
  background:var(--surface); overscroll-behavior:contain; }
#cw-top{ position:sticky; top:0; z-index:5; background:var(--ground); padding:.85rem 0 .7rem; }
.cw-bar{ display:flex; align-items:baseline; gap:.75rem; flex-wrap:wrap; }
#cw-talk .cw-bar h1{ font:600 1.15rem/1.2 var(--serif); letter-spacing:.005em; margin:0; color:var(--ink); }
.cw-bar p{ margin:0; color:var(--soft); font-size:.875rem; }
#cw-talk .cw-toggle{ display:none; }

/* the conversation */
#cw-past, #cw-now{ max-width:46rem; width:100%; margin:0 auto; }
.cw-turn{ padding:1.1rem 0 1.7rem; border-top:1px solid var(--line); scroll-margin-top:3.5rem; }
#cw-talk .cw-question{ font:600 1.15rem/1.35 var(--serif); margin:0 0 .7rem; overflow-wrap:anywhere; color:var(--ink); }
.cw-text{ font-size:1.03rem; line-height:1.62; overflow-wrap:anywhere; }
.cw-text p{ margin:.5rem 0; } .cw-text ul{ margin:.5rem 0; padding-left:1.25rem; list-style:disc; }
.cw-text li{ margin:.2rem 0; }
.cw-text blockquote{ margin:.6rem 0; padding:.1rem 0 .1rem .95rem; border-left:3px solid var(--edge);
  font-family:var(--serif); color:var(--ink); font-style:normal; }
.cw-status{ display:flex; flex-wrap:wrap; gap:.15rem .6rem; align-items:center; margin:0 0 .6rem; font-size:.875rem;
  color:var(--soft); }
.cw-status strong{ font-weight:600; padding:.1rem .55rem; border-radius:99px; }
.cw-answered strong{ color:var(--good); background:var(--good-wash); }
.cw-not_in_reports strong, .cw-needs_clarification strong{ color:var(--warn); background:var(--warn-wash); }
.cw-error strong{ color:var(--bad); background:var(--bad-wash); } .cw-error span{ color:var(--ink); }
.cw-working::before{ content:""; width:.8rem; height:.8rem; border:2px solid var(--line);
  border-top-color:var(--accent);
  border-radius:50%; animation:cw-turn 1s linear infinite; }
@keyframes cw-turn{ to{ transform:rotate(1turn); } }
.cw-steps{ list-style:none; margin:.2rem 0 .6rem; padding:0; font-size:.875rem; }
.cw-steps li{ display:flex; gap:.6rem; align-items:baseline; padding:.12rem 0; color:var(--ink); }
.cw-steps li span{ flex:none; } .cw-steps small{ color:var(--soft); font-size:.84rem; flex:1; overflow-wrap:anywhere; }
.cw-steps em{ margin-left:auto; font-style:normal; color:var(--soft); font-variant-numeric:tabular-nums; }
.cw-steps .cw-done{ position:relative; padding-left:1.35rem; }
.cw-steps .cw-done::before{ content:""; position:absolute; left:.15rem; top:.5rem; width:.62rem; height:.32rem;
  border:solid var(--good); border-width:0 0 2px 2px; transform:rotate(-45deg); }

a.cw-mark, .cw-mark{ display:inline-flex; align-items:center; justify-content:center; min-width:1.5rem; height:1.5rem;
  padding:0 .3rem; margin:0 .1rem 0 .3rem; border-radius:.4rem; font:600 .8rem/1 var(--sans); vertical-align:baseline;
  font-variant-numeric:tabular-nums; color:var(--accent)!important; background:var(--accent-wash);
  text-decoration:none!important; border:1px solid transparent; }
a.cw-mark:hover, .cw-source:hover .cw-mark{ border-color:var(--accent); }
a.cw-mark[aria-current], .cw-source[aria-current] .cw-mark{ background:var(--accent);
  color:var(--accent-ink)!important; }
.cw-waiting{ opacity:.65; }

.cw-checks{ width:100%; border-collapse:collapse; margin:1rem 0; font-size:.9rem; border:0; }
.cw-checks caption{ text-align:left; color:var(--soft); font-size:.82rem; padding-bottom:.3rem; }
.cw-checks th, .cw-checks td{ text-align:left; padding:.42rem .7rem .42rem 0; border:0!important; vertical-align:top;
  border-bottom:1px solid var(--line)!important; color:var(--ink); overflow-wrap:break-word; background:none; }
.cw-checks thead th{ color:var(--soft); font-weight:500; font-size:.82rem; }
.cw-checks tbody th{ font-weight:600; font-variant-numeric:tabular-nums; }
.cw-checks .cw-mark{ margin:0; }
.cw-check{ white-space:nowrap; color:var(--good); } .cw-check-derived{ color:var(--accent); white-space:normal; }
.cw-check-failed{ color:var(--bad); }
.cw-check::before{ content:""; display:inline-block; width:.55rem; height:.28rem; margin:0 .45rem .2rem .1rem;
  border:solid currentColor; border-width:0 0 2px 2px; transform:rotate(-45deg); }
.cw-check-failed::before{ border-width:0 0 2px 0; transform:none; }
.cw-note{ margin:.9rem 0; padding:.65rem .9rem; border-left:3px solid var(--warn); background:var(--warn-wash);
  border-radius:0 .4rem .4rem 0; font-size:.93rem; color:var(--ink); }
.cw-note-coverage{ border-color:var(--edge); background:var(--sunken); }
#cw-talk .cw-note-coverage strong{ color:var(--soft); }
.cw-note strong{ color:var(--warn); font-size:.84rem; font-weight:600; } .cw-note p{ margin:.1rem 0 0;
  overflow-wrap:anywhere; }
#cw-talk h3, #cw-evidence h3{ font:600 .82rem/1.3 var(--sans); color:var(--soft); margin:1rem 0 .35rem; }
.cw-sources ol{ list-style:none; margin:0; padding:0; }
.cw-source{ display:flex; gap:.65rem; padding:.45rem .5rem; margin:0 -.5rem; border-radius:.5rem;
  color:var(--ink)!important;
  text-decoration:none!important; }
.cw-source:hover{ background:var(--sunken); }
.cw-source .cw-mark{ margin:.05rem 0 0; flex:none; }
.cw-source-words{ min-width:0; overflow-wrap:anywhere; } .cw-source b{ font-weight:600; font-size:.93rem; }
.cw-source small{ display:block; color:var(--soft); font-size:.84rem; line-height:1.45; }
.cw-source q{ display:block; font-family:var(--serif); font-size:.95rem; line-height:1.5; margin:.15rem 0; }
.cw-how{ margin-top:.9rem; font-size:.875rem; color:var(--soft); }
.cw-how summary{ cursor:pointer; padding:.2rem 0; width:max-content; max-width:100%; }
.cw-how ul{ padding-left:1.2rem; list-style:disc; } .cw-how p{ overflow-wrap:anywhere; margin:.3rem 0; }

/* the verdict on an answer */
.cw-feedback{ display:flex; flex-wrap:wrap; align-items:center; gap:.45rem .8rem; margin-top:.9rem; font-size:.875rem;
  color:var(--soft); }
.cw-feedback, .cw-feedback :is(button,input){ scroll-margin:5rem 0 8.5rem; }
.cw-verdict{ display:flex; align-items:center; gap:.45rem; }
#cw-talk .cw-feedback button{ display:inline-flex; align-items:center; min-height:2rem; padding:0 .75rem; margin:0;
  font:500 .85rem/1 var(--sans); color:var(--soft); background:none; border:1px solid var(--edge); border-radius:.45rem;
  cursor:pointer; }
#cw-talk .cw-feedback button:hover{ color:var(--ink); border-color:var(--accent); }
#cw-talk .cw-feedback [data-verdict][aria-pressed="true"]{ border-color:currentColor; font-weight:600; }
#cw-talk .cw-feedback [data-verdict="right"][aria-pressed="true"]{ color:var(--good); background:var(--good-wash); }
#cw-talk .cw-feedback [data-verdict="wrong"][aria-pressed="true"]{ color:var(--bad); background:var(--bad-wash); }
.cw-comment{ flex:1 0 100%; display:flex; flex-wrap:wrap; align-items:center; gap:.35rem .5rem; }
.cw-comment[hidden]{ display:none; } .cw-comment label{ flex:1 0 100%; } .cw-comment small{ font-size:.84rem; }
#cw-talk .cw-comment input{ flex:1 1 10rem; min-width:0; min-height:2.2rem; padding:.3rem .6rem; margin:0;
  font:400 .95rem/1.4 var(--sans); color:var(--ink); background:var(--surface); border:1px solid var(--edge);
  border-radius:.45rem; }
#cw-talk .cw-comment input:focus{ outline:2px solid var(--accent); outline-offset:1px; }
#cw-talk .cw-comment button{ min-height:2.2rem; color:var(--accent); border-color:var(--accent); font-weight:600; }
#cw-talk .cw-said{ margin:0; font-size:.875rem; color:var(--soft); overflow-wrap:anywhere; }
#cw-talk .cw-said.cw-failed{ color:var(--bad); }

.cw-welcome{ padding:clamp(1rem,9vh,6rem) 0 2rem; }
#cw-talk .cw-welcome h2{ font:600 1.75rem/1.25 var(--serif); margin:0 0 .5rem; color:var(--ink); text-wrap:balance; }
.cw-welcome p{ max-width:36rem; color:var(--soft); margin:0; }
.cw-examples{ list-style:none; padding:0; margin:0; display:grid; gap:.5rem; }
#cw-talk .cw-examples button{ width:100%; text-align:left; font:inherit; font-size:.97rem; line-height:1.45;
  color:var(--ink);
  background:var(--surface); border:1px solid var(--line); border-radius:.55rem; padding:.65rem .9rem; cursor:pointer;
  overflow-wrap:anywhere; }
#cw-talk .cw-examples button:hover{ border-color:var(--accent); }
"""
    + """
#cw-past:has(.cw-turn) + #cw-now:has(.cw-turn){ min-height:calc(100dvh - 11rem); }
 /* a new question can come to the top */

/* the question */
#cw-compose{ position:sticky; bottom:0; margin-top:auto; padding:.6rem 0 1rem; background:var(--ground); z-index:5;
  gap:.35rem;
  max-width:46rem; width:100%; align-self:center; }
#cw-ask{ flex-wrap:nowrap; gap:.5rem; align-items:stretch; background:var(--surface); border:1px solid var(--edge);
  border-radius:.7rem; padding:.35rem; overflow:visible; }
#cw-ask:focus-within{ outline:2px solid var(--accent); outline-offset:1px; }
#cw-ask > *{ min-width:0!important; } #cw-ask .form, #cw-ask .block{ border:0!important; background:none!important;
  box-shadow:none!important; padding:0!important; }
#cw-question{ flex:1 1 auto; } #cw-question label > span{ position:absolute; width:1px; height:1px; overflow:hidden;
  clip-path:inset(50%); }
#cw-question textarea{ border:0!important; box-shadow:none!important; background:transparent!important;
  color:var(--ink)!important;
  font:400 1rem/1.5 var(--sans)!important; padding:.45rem .6rem!important; outline:none!important; resize:none; }
#cw-question textarea::placeholder{ color:var(--soft)!important; opacity:1; }
#cw-send{ flex:0 0 auto; align-self:flex-end; width:auto; min-height:2.5rem; padding:0 1.1rem; border-radius:.5rem;
  font-weight:600; font-size:.95rem;
  background:var(--accent)!important; color:var(--accent-ink)!important; border:0!important;
  box-shadow:none!important; }
#cw-scope p{ margin:0; font-size:.84rem; color:var(--soft); padding:0 .25rem; overflow-wrap:anywhere; }

/* the left column */
#cw-side .block, #cw-side .form{ border:0!important; background:none!important; box-shadow:none!important;
  padding:0!important; overflow:visible!important; }
#cw-filters, #cw-side .form{ gap:.8rem; }
#cw-side h2{ font:600 .95rem/1.3 var(--sans); margin:0 0 .35rem; color:var(--ink); }
#cw-filters .container > .wrap{ background:var(--surface)!important; border:1px solid var(--edge)!important;
  border-radius:.5rem; box-shadow:none!important; color:var(--ink); }
#cw-filters .container > .wrap:focus-within{ outline:2px solid var(--accent); outline-offset:1px; }
#cw-filters input::placeholder{ color:var(--soft); opacity:1; }
#cw-filters .wrap-inner:has(.token) input::placeholder{ color:transparent; }
#cw-filters .token{ background:var(--accent-wash)!important; color:var(--ink)!important; border:0!important;
  border-radius:.35rem; font-size:.875rem; max-width:100%; white-space:normal; overflow-wrap:anywhere; }
#cw-side input{ color:var(--ink); }
#cw-side .container > span, #cw-side label span{ font-size:.84rem; color:var(--soft); background:none!important;
  padding:0!important; font-weight:500; }
#cw-new{ min-height:2.4rem; border-radius:.5rem; border:1px solid var(--edge)!important;
  background:var(--surface)!important;
  color:var(--ink)!important; font-size:.9rem; font-weight:500; box-shadow:none!important; }
.cw-drop{ display:block; border:1px dashed var(--edge); border-radius:.55rem; padding:.8rem .9rem; text-align:center;
  cursor:pointer;
  color:var(--soft); font-size:.875rem; line-height:1.45; background:var(--surface); }
.cw-drop b{ color:var(--accent); font-weight:600; } .cw-drop.cw-over{ border-color:var(--accent);
  background:var(--accent-wash); }
.cw-drop:focus-within{ outline:2px solid var(--accent); outline-offset:2px; }
#cw-side .cw-uploads{ list-style:none; padding:0; margin:.7rem 0 0; display:grid; gap:.55rem; font-size:.85rem; }
.cw-uploads b{ font-weight:500; display:block; overflow-wrap:anywhere; line-height:1.35; }
.cw-uploads small{ color:var(--soft); font-size:.82rem; overflow-wrap:anywhere; }
.cw-uploads .cw-refused small{ color:var(--bad); } .cw-uploads .cw-ready small{ color:var(--good); }
.cw-uploads progress{ width:100%; height:.35rem; appearance:none; border:0; border-radius:9px; background:var(--line);
  display:block; margin:.2rem 0; }
.cw-uploads progress::-webkit-progress-bar{ background:var(--line); border-radius:9px; }
.cw-uploads progress::-webkit-progress-value{ background:var(--accent); border-radius:9px; }
.cw-uploads progress::-moz-progress-bar{ background:var(--accent); border-radius:9px; }
.cw-library{ list-style:none; padding:0; margin:0; display:grid; gap:.75rem; font-size:.875rem; }
.cw-library b{ font-weight:500; display:block; line-height:1.35; overflow-wrap:anywhere; color:var(--ink); }
.cw-library small{ display:block; color:var(--soft); font-size:.82rem; line-height:1.4; }
.cw-library a, #cw-evidence a{ color:var(--accent); font-size:.82rem; text-underline-offset:.15em;
  overflow-wrap:anywhere; }
.cw-empty-list{ color:var(--soft); font-size:.875rem; }

/* the evidence */
#cw-evidence{ padding:1.25rem clamp(1rem,2vw,1.75rem) 3rem; }
#cw-evidence h2{ font:600 1.1rem/1.35 var(--serif); margin:.1rem 0 .2rem; color:var(--ink); overflow-wrap:anywhere; }
#cw-evidence header{ border-bottom:1px solid var(--line); padding-bottom:.8rem; margin-bottom:.9rem; font-size:.9rem;
  color:var(--soft); }
#cw-evidence header p{ margin:.15rem 0; } .cw-kicker{ font-size:.82rem; font-weight:600; color:var(--accent); }
.cw-path{ list-style:none; display:flex; flex-wrap:wrap; margin:.3rem 0; padding:0; font-size:.84rem; line-height:1.4; }
.cw-path li:not(:last-child)::after{ content:"›"; margin:0 .4rem; color:var(--edge); }
.cw-also ul{ list-style:none; margin:0; padding:0; } #cw-evidence .cw-also h3{ margin:.5rem 0 .1rem; }
.cw-document{ font:400 1rem/1.65 var(--serif); color:var(--ink); overflow-wrap:anywhere; }
.cw-document p{ margin:.55rem 0; } .cw-document .cw-item{ padding-left:1.1rem; text-indent:-1.1rem;
  margin:.3rem 0 .3rem .3rem; }
#cw-evidence .cw-document :is(h3,h4,h5,h6){ font:600 1.02rem/1.35 var(--sans); margin:1.1rem 0 .35rem;
  color:var(--ink); }
.cw-document mark, .cw-document mark *{ background:var(--mark); color:var(--mark-ink); }
.cw-document mark{ padding:.08em .1em; border-radius:.15em; box-decoration-break:clone;
  -webkit-box-decoration-break:clone; scroll-margin:30vh 0; }
.cw-document .cw-page, .cw-cut{ font:500 .8rem/1 var(--sans); color:var(--soft); display:flex; align-items:center;
  gap:.7rem; margin:1rem 0; }
.cw-document .cw-page::after{ content:""; flex:1; border-top:1px solid var(--line); }
.cw-page-tag{ font:500 .78rem/1 var(--sans); color:var(--soft); border:1px solid var(--line); border-radius:.3rem;
  padding:.05rem .3rem; }
.cw-table{ overflow-x:auto; margin:.9rem 0; } .cw-table table{ border-collapse:collapse;
  font:400 .875rem/1.4 var(--sans); width:max-content; min-width:100%; max-width:none; margin:0; }
.cw-table caption{ text-align:left; font-weight:500; color:var(--soft); padding-bottom:.35rem; }
.cw-table th, .cw-table td{ border:1px solid var(--line)!important; padding:.35rem .55rem; text-align:left;
  vertical-align:top; color:var(--ink);
  font-variant-numeric:tabular-nums; max-width:16rem; background:none; } .cw-table th{ font-weight:600; }
  .cw-table thead th, .cw-sub{ background:var(--sunken); }
#cw-evidence .cw-back{ font:500 .85rem/1 var(--sans); color:var(--accent); background:none;
  border:1px solid var(--line); border-radius:.45rem;
  padding:.5rem .7rem; cursor:pointer; margin:0 0 .9rem; } #cw-evidence .cw-back:hover{ border-color:var(--accent); }
.cw-resting{ color:var(--soft); } .cw-resting h2{ color:var(--ink); }

.gradio-container :is(a,button,summary,[tabindex]):focus-visible,
  body.cw-plain a:focus-visible{ outline:2px solid var(--accent)!important; outline-offset:2px; border-radius:.3rem; }
.cw-document mark:focus, .cw-document mark:focus-visible{ outline:2px solid var(--accent)!important;
  outline-offset:3px; }
@media (prefers-reduced-motion:reduce){ .cw-working::before{ animation:none; } }

@media (max-width:1180px){
  #cw-shell{ grid-template-columns:minmax(0,1fr) minmax(0,26rem); }
  #cw-side{ grid-column:1 / -1; position:static; height:auto; border-right:0; border-bottom:1px solid var(--line);
    display:none; }
  body.cw-side-open #cw-side{ display:flex; }
  #cw-talk .cw-toggle{ display:inline-flex; align-items:center; margin-left:auto; font:500 .85rem/1 var(--sans);
    color:var(--ink); background:var(--surface);
    border:1px solid var(--edge); border-radius:.45rem; padding:.55rem .75rem; cursor:pointer; }
}
@media (max-width:820px){
  #cw-shell{ display:flex!important; flex-direction:column; flex-wrap:nowrap; align-items:stretch; }
  #cw-shell > *{ width:100%!important; flex:none!important; }
  #cw-talk{ min-height:auto; padding:0 1rem; } #cw-proof{ position:static; height:auto; overflow:visible;
    border-left:0; border-top:1px solid var(--line); }
  body:not(.cw-has-evidence) #cw-proof{ display:none; }
  body:not(.cw-has-evidence) #cw-talk{ min-height:100dvh; }
  .cw-bar p{ flex-basis:100%; order:3; } .cw-welcome{ padding-top:1rem; } #cw-talk .cw-welcome h2{ font-size:1.4rem; }
  .cw-has-evidence #cw-now{ min-height:0!important; } #cw-top{ position:static; } .cw-turn{ scroll-margin-top:.5rem; }
  .cw-checks thead{ position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); }
  .cw-checks tr{ display:grid; grid-template-columns:1fr auto; gap:.1rem .8rem; padding:.55rem 0;
    border-bottom:1px solid var(--line); }
  .cw-checks th, .cw-checks td{ border:0!important; padding:0; } .cw-checks td:empty{ display:none; }
  .cw-checks td[data-label="When"]{ color:var(--soft); }
  .cw-checks td[data-label="Of"], .cw-checks td[data-label="When"]{ grid-column:1; }
  .cw-checks td[data-label="Source"]{ grid-column:2; grid-row:1 / span 2; justify-self:end; }
  .cw-checks tbody th{ grid-column:1; }
  .cw-checks td[data-label="Check"]{ grid-column:1; }
}
"""
)

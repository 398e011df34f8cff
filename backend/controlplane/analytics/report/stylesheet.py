"""The style of the dashboard."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --ink: #1d2430; --soft: #667085; --rule: #e3e6eb;
  --main: #3567c9; --good: #2e9d6a; --bad: #cf4a3f; --dim: #a8b0bd; }
@media (prefers-color-scheme: dark) { :root { --back: #14171c; --card: #1c2027; --ink: #e6e9ee; --soft: #98a2b3;
  --rule: #2d333d; --main: #6d9bf0; --good: #4dbd8a; --bad: #ef7a70; --dim: #59616e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 1240px; margin: 0 auto; padding: 20px; }
header { padding-bottom: 0; } h1 { margin: 0; font-size: 26px; } header p { margin: 2px 0 0; color: var(--soft); }
h2 { font-size: 18px; margin: 28px 0 8px; }
.figures { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; }
.figure, figure, details { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; }
.figure { padding: 12px 14px; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.figure dd { margin: 0; font-size: 22px; font-weight: 600; } .figure dt { color: var(--soft); font-size: 13px; }
.figure.bad dd { color: var(--bad); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 12px;
  margin-top: 12px; }
figure { margin: 0; padding: 12px 14px; min-width: 0; } figcaption { font-weight: 600; margin-bottom: 8px; }
.keys { color: var(--soft); font-size: 13px; margin: -4px 0 4px; } .key { margin-right: 14px; }
.key::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 2px;
  margin-right: 5px; }
.key.main::before { background: var(--main); } .key.good::before { background: var(--good); }
.key.bad::before { background: var(--bad); } .key.dim::before { background: var(--dim); }
.nothing { color: var(--soft); margin: 12px 0 0; }
.bars { list-style: none; margin: 0; padding: 0; }
.bars li { display: grid; grid-template-columns: minmax(90px, 30%) 1fr 72px; gap: 8px; align-items: center;
  padding: 3px 0; font-size: 13px; }
.bars .name { text-align: right; overflow-wrap: anywhere; } .bars .value { font-variant-numeric: tabular-nums; }
.track { height: 18px; } .fill { display: block; height: 100%; border-radius: 2px; }
.fill.main { background: var(--main); } .fill.good { background: var(--good); }
.fill.bad { background: var(--bad); }
svg { width: 100%; height: auto; display: block; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .axis { fill: var(--soft); font-size: 11px; } svg .grid { stroke: var(--rule); }
rect.main, circle.main { fill: var(--main); } rect.good, circle.good { fill: var(--good); }
rect.bad, circle.bad { fill: var(--bad); } rect.dim, circle.dim { fill: var(--dim); }
rect.hit { fill: transparent; }
g:hover > rect.hit { fill: var(--rule); opacity: .5; }
polyline { fill: none; stroke-width: 2; }
polyline.main { stroke: var(--main); } polyline.good { stroke: var(--good); }
polyline.bad { stroke: var(--bad); } polyline.dim { stroke: var(--dim); }
details { margin: 6px 0; padding: 8px 14px; } summary { cursor: pointer; font-weight: 600; }
summary em { color: var(--soft); font-style: normal; font-weight: 400; margin-left: 6px; }
.scroll { overflow-x: auto; } .scroll:focus-visible { outline: 2px solid var(--main); }
table { border-collapse: collapse; margin-top: 8px; font-size: 13px; }
th { text-align: left; color: var(--soft); font-weight: 500; }
th, td { padding: 4px 10px 4px 0; white-space: nowrap; }
td { border-top: 1px solid var(--rule); } .number { text-align: right; font-variant-numeric: tabular-nums; }
svg.narrow { display: none; }
@media (max-width: 560px) { svg.wide { display: none; } svg.narrow { display: block; }
  .figures { grid-template-columns: 1fr 1fr; } header, main { padding: 12px; } }
@media print { details { break-inside: avoid; } body { background: #fff; } }
"""

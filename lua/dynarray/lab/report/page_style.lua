--- The style of the report: one column, as wide as the window allows; dark where the reader's system is.
-- @module dynarray.lab.report.page_style
local palette = require "dynarray.lab.plot.palette"

return { css = palette.css ":root" .. [[

:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 0.5rem; }
a { color: var(--link); }
.answer { border-left: 0.25rem solid var(--line1); padding-left: 0.75rem; font-size: 1.05rem; }
.answers li { margin: 0.4rem 0; }
.problem { color: var(--warn); }
.note { color: var(--mark); font-size: 0.875rem; }
.words { color: var(--mark); font-size: 0.875rem; }
dl { margin: 0.5rem 0; }
dt { font-weight: 600; }
dd { margin: 0 0 0.4rem 1rem; }
code { background: var(--soft); padding: 0.1rem 0.3rem; border-radius: 0.2rem; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; }
figcaption, caption { font-weight: 600; text-align: left; }
figure svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 40rem) { .wide { display: none; } .narrow { display: block; } }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; white-space: nowrap; }
th { border-bottom: 1px solid var(--grid); }
td + td, th + th { padding-left: 0.25rem; }
tbody tr:nth-child(even) { background: var(--soft); }
.number { text-align: right; }
#environment td { white-space: normal; overflow-wrap: anywhere; }
]] }

--- The style of the report: text in one column, tables and pictures as wide as the window allows; dark where the
-- reader's system is.
-- @module dynarray.lab.report.page_style
local palette = require "dynarray.lab.plot.palette"
local svg = require "dynarray.lab.plot.svg"

return { css = palette.css ":root" .. [[

:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 110rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 3rem 0 0.5rem; }
p, nav, h1, h2, dl { max-width: 54rem; }
a { color: var(--link); }
.answer { border-left: 0.25rem solid var(--line1); padding-left: 0.75rem; font-size: 1.05rem; }
.answers { padding-left: 1.5rem; }
.answers li { margin: 0.25rem 0; }
.problem { color: var(--warn); }
.note { color: var(--mark); font-size: 0.875rem; }
.words { color: var(--mark); font-size: 0.875rem; }
dl { margin: 0.5rem 0; }
dt { font-weight: 600; }
dd { margin: 0 0 0.4rem 1rem; }
pre code { display: block; padding: 0.5rem 0.75rem; white-space: pre; overflow-x: auto; }
code { background: var(--soft); padding: 0.1rem 0.3rem; border-radius: 0.2rem; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: 0 2rem; align-items: flex-start; }
.row > * { min-width: 0; max-width: 100%; }
.aside { flex: 1 1 20rem; }
figure { flex: 1 1 46rem; max-width: 54rem; margin: 1rem 0; }
figcaption, caption { font-weight: 600; text-align: left; }
figure svg { display: block; width: 100%; height: auto; }
]] .. svg.css .. [[

.narrow { display: none; max-width: 32rem; }
@media (max-width: 46rem) { .wide { display: none; } .narrow { display: block; } figure { flex-basis: 100%; } }
details { margin: 0.4rem 0; }
summary { cursor: pointer; }
/* A shadow at an edge tells that the table goes on there: the page's colour moves along and covers it at the end. */
.scroll {
  overflow-x: auto; margin: 0.5rem 0 1rem;
  background:
    linear-gradient(to right, var(--page) 40%, transparent) 0 0 / 2rem 100% no-repeat local,
    linear-gradient(to left, var(--page) 40%, transparent) 100% 0 / 2rem 100% no-repeat local,
    linear-gradient(to right, var(--mark), transparent) 0 0 / 0.5rem 100% no-repeat scroll,
    linear-gradient(to left, var(--mark), transparent) 100% 0 / 0.5rem 100% no-repeat scroll;
}
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.5rem 0.25rem 0; text-align: left; vertical-align: top; white-space: nowrap; }
th { border-bottom: 1px solid var(--grid); white-space: normal; vertical-align: bottom; }
td + td, th + th { padding-left: 0.25rem; }
tbody tr:nth-child(even) { background: var(--soft); }
.number { text-align: right; }
#environment td { white-space: normal; overflow-wrap: anywhere; }
]] }

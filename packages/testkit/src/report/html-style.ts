import { VERDICTS, type Verdict } from "../conformance/result.ts";

/** Colours of the verdicts. White text on them has a contrast of at least 4.5 to 1. */
const COLORS: Readonly<Record<Verdict, string>> = {
  passed: "#1a7f37",
  "non-strict": "#56791f",
  informational: "#3b73b9",
  failed: "#c62828",
  known: "#a05f00",
  skipped: "#6f6f6f",
};

const COLORED = VERDICTS.map((each) => `.${each} { --color: ${COLORS[each]}; }`).join("\n");

/** The parts that reports and matrices share. */
const COMMON = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
${COLORED}
body { max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; }
fieldset { display: flex; flex-wrap: wrap; gap: 0.5rem; border: 0; margin: 1rem 0; padding: 0; }
legend { float: left; padding: 0.15rem 0.5rem 0 0; }
label { padding: 0.15rem 0.8rem 0.15rem 0.5rem; border-radius: 1rem; cursor: pointer; }
label[class] { background: var(--color); color: #fff; }
label:focus-within { outline: 2px solid; outline-offset: 2px; }
input { accent-color: #555; }
table { border-collapse: collapse; font-size: 0.85em; }
td, th { border: 1px solid #8884; padding: 0.15rem 0.4rem; vertical-align: top; }
`;

const HIDDEN = VERDICTS.map(
  (each) => `body:has(#show-${each}:not(:checked)) details.${each} { display: none; }`,
).join("\n");

/** The style of the report of one implementation. */
export const REPORT_STYLE = `${COMMON}
h2 { font-size: 1.1rem; margin: 1.6rem 0 0.3rem; }
.overview { font-size: 1em; }
.overview th, .overview td { border: 0; padding: 0.1rem 0.8rem 0.1rem 0; }
.overview th { font-weight: 400; text-align: left; white-space: nowrap; }
.overview td { text-align: right; white-space: nowrap; }
.overview td.cells { text-align: left; white-space: normal; line-height: 0; padding-top: 0.25rem; }
.cells a { display: inline-block; width: 14px; height: 14px; margin: 0 3px 3px 0; }
.cells a { border-radius: 3px; background: var(--color); color: #fff; text-decoration: none; }
.cells a { font: 11px/14px system-ui, sans-serif; text-align: center; vertical-align: top; }
.cells .failed::after { content: "\u2717"; }
.cells .known::after { content: "("; }
details { border-left: 4px solid var(--color); margin: 2px 0; padding: 0 0.7rem; }
details:has(:target) { outline: 2px solid #3b73b9; outline-offset: 1px; }
details > p { margin: 0.2rem 0; overflow-wrap: anywhere; }
.facts { opacity: 0.75; font-size: 0.9em; scroll-margin-top: 4rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary i { opacity: 0.75; font-size: 0.9em; }
.exchange { width: 100%; table-layout: fixed; margin: 0.3rem 0 0.5rem; }
.exchange th { text-align: left; font-weight: 600; }
.exchange tr > :first-child { width: 3.2rem; }
.exchange code { white-space: pre-wrap; overflow-wrap: anywhere; }
tr.differs td { background: #c6282822; }
${HIDDEN}
@media (max-width: 40rem) {
  .overview th { white-space: normal; }
  .overview td.cells { display: none; }
}
`;

/** The style of a matrix. Its heads stay in sight. */
export const MATRIX_STYLE = `${COMMON}
body { max-width: none; }
table { border-collapse: separate; border-spacing: 0; }
th { background: Canvas; font-weight: 600; text-align: left; }
thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom; }
thead th:first-child { left: 0; z-index: 2; }
thead th:not(:first-child) { writing-mode: sideways-lr; white-space: nowrap; }
thead th:not(:first-child) { padding: 0.4rem 0.1rem; }
@supports not (writing-mode: sideways-lr) {
  thead th:not(:first-child) { writing-mode: vertical-rl; }
}
tbody th { position: sticky; left: 0; white-space: nowrap; }
tbody th:not([colspan]) { max-width: 24rem; overflow: hidden; text-overflow: ellipsis; }
tbody th[colspan] { padding-top: 0.8rem; }
tbody th span { font-weight: 400; }
td { text-align: center; min-width: 1.3rem; background: var(--color); color: #fff; }
td a { color: inherit; text-decoration: none; display: block; }
td.none { background: none; }
body:has(#only-failing:checked) tr.fine { display: none; }
`;

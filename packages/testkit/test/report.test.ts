import { expect, test } from "vitest";
import { formatReport, type ReportFormat, type ScenarioResult } from "../src/conformance/index.ts";
import { createProgress } from "../src/report/progress.ts";

const RESULTS: ScenarioResult[] = [
  {
    id: "value-a-b-c",
    name: 'value: a <b> & "c"',
    failure: undefined,
    features: ["values"],
    duration: 1.5,
  },
  {
    id: "map-nested",
    name: "map: # nested",
    failure: 'expected ["pull",1]\u0001',
    difference: "at [1]: expected 1, got 2",
    exchange: [
      { from: "kit", text: '["push",1]' },
      { from: "peer", text: '["pull",2]' },
    ],
    features: ["map"],
    duration: 2,
  },
  { id: "error-x", name: "error: x", failure: undefined, skipped: "not today", duration: 0 },
  {
    id: "blob-y",
    name: "blob: y",
    failure: undefined,
    habits: ["export ids"],
    features: ["values"],
    duration: 3,
  },
  {
    id: "map-z",
    name: "map: z",
    failure: undefined,
    known: "lost",
    features: ["map"],
    duration: 4,
  },
];

test("a report for people shows verdicts, failures and counts", () => {
  expect(formatReport(RESULTS, "human")).toBe(`FAIL map: # nested (map-nested)
     expected ["pull",1]\u0001
     at [1]: expected 1, got 2
       kit  ["push",1]
       peer ["pull",2]
known map: z (map-z): lost
skip error-x: not today
non-strict blob-y: it chooses ids for its exports in its own way, or uses them again
  values        2 of 2
  map           0 of 2
1 passed, 1 non-strict, 1 failed, 1 known to fail, 1 skipped
`);
});

test("a report for people says where to find the parts that it cuts", () => {
  const exchange = Array.from(
    { length: 30 },
    () => ({ from: "kit", text: "x".repeat(200) }) as const,
  );
  const failed = { id: "a", name: "a", failure: "no", exchange, duration: 0 };
  const text = formatReport([failed], "human");
  expect(text).toContain("(10 messages before: --format tap has them)");
  expect(text).toContain("… (200 characters)");
  const ids = Array.from({ length: 7 }, (_, i) => `id-${i}`);
  const skipped = ids.map((id) => ({
    id,
    name: id,
    failure: undefined,
    skipped: "no",
    duration: 0,
  }));
  expect(formatReport(skipped, "human")).toContain("id-4 and 2 more (--format tap lists them): no");
});

test("a report as TAP", () => {
  expect(formatReport(RESULTS, "tap")).toBe(`TAP version 14
1..5
ok 1 - value: a <b> & "c"
  ---
  id: "value-a-b-c"
  duration_ms: 1.500
  ...
not ok 2 - map: \\# nested
  ---
  id: "map-nested"
  message: "expected [\\"pull\\",1]\\u0001"
  difference: "at [1]: expected 1, got 2"
  exchange:
    - kit: "[\\"push\\",1]"
    - peer: "[\\"pull\\",2]"
  duration_ms: 2.000
  ...
ok 3 - error: x # SKIP not today
ok 4 - blob: y
  ---
  id: "blob-y"
  non-strict:
    - "chooses ids for its exports in its own way, or uses them again"
  duration_ms: 3.000
  ...
not ok 5 - map: z # TODO known failure
  ---
  id: "map-z"
  message: "lost"
  duration_ms: 4.000
  ...
`);
});

test("a report as JUnit XML", () => {
  expect(formatReport(RESULTS, "junit")).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="Cap'n Web conformance" tests="5" failures="1" skipped="2" time="0.010500">
<testcase classname="value" name="value: a &lt;b&gt; &amp; &quot;c&quot;" time="0.001500"/>
<testcase classname="map" name="map: # nested" time="0.002000"><failure message="expected [&quot;pull&quot;,1]\ufffd"/></testcase>
<testcase classname="error" name="error: x" time="0.000000"><skipped message="not today"/></testcase>
<testcase classname="blob" name="blob: y" time="0.003000"><system-out>non-strict: chooses ids for its exports in its own way, or uses them again</system-out></testcase>
<testcase classname="map" name="map: z" time="0.004000"><skipped message="known failure: lost"/></testcase>
</testsuite>
</testsuites>
`);
});

test("a running report shows TAP line by line, and failures for people at once", () => {
  const shown = (format: ReportFormat) => {
    let out = "";
    let status = "";
    const progress = createProgress(
      format,
      2,
      { write: (text) => (out += text) },
      { write: (text) => (status += text), isTTY: true },
    );
    progress.result(RESULTS[1]!);
    const begun = out;
    progress.result(RESULTS[0]!);
    progress.end(RESULTS.slice(0, 2));
    return { begun, out, status };
  };
  expect(shown("tap").begun).toMatch(/^TAP version 14\n1\.\.2\nnot ok 1 - map/);
  expect(shown("human").begun).toContain("FAIL map: # nested (map-nested)");
  expect(shown("human").status).toContain("1 of 2");
  expect(shown("human").out).toMatch(/1 passed, 1 failed, 0 skipped\n$/);
  expect(shown("junit")).toMatchObject({ begun: "", out: expect.stringContaining('tests="2"') });
});

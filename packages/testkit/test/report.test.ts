import { expect, test } from "vitest";
import {
  formatMatrix,
  formatReport,
  jsonReport,
  matrixOf,
  parseJsonReport,
  type ReportFormat,
  type RunInfo,
  type ScenarioResult,
} from "../src/conformance/index.ts";
import { failureLines } from "../src/report/human.ts";
import { createProgress } from "../src/report/progress.ts";

const RESULTS: ScenarioResult[] = [
  {
    id: "VAL-001",
    name: 'value: a <b> & "c"',
    failure: undefined,
    features: ["values"],
    duration: 1.5,
  },
  {
    id: "MAP-001",
    name: "map: # nested",
    failure: 'expected ["pull",1]\u0001',
    difference: "at [1]: expected 1, got 2",
    exchange: [
      { from: "kit", text: '["push",1]' },
      { from: "peer", text: '["push",2]' },
      { from: "peer", text: '["pull",2]' },
    ],
    recorded: ['["push",2]', '["pull",1]', '["release",1,1]'],
    features: ["map"],
    section: "references",
    duration: 2,
  },
  { id: "ERR-001", name: "error: x", failure: undefined, skipped: "not today", duration: 0 },
  {
    id: "BLO-001",
    name: "blob: y",
    failure: undefined,
    habits: ["export ids"],
    features: ["values"],
    duration: 3,
  },
  {
    id: "MAP-002",
    name: "map: z",
    failure: undefined,
    known: "lost",
    features: ["map"],
    duration: 4,
  },
  {
    id: "STR-001",
    name: "stream: s",
    failure: undefined,
    informational: "differs: expected more (it depends)",
    features: ["streams"],
    duration: 5,
  },
];

test("a report for people shows verdicts, failures, their messages, and counts", () => {
  expect(formatReport(RESULTS, "human")).toBe(`FAIL MAP-001 map: # nested
     expected ["pull",1]\\u0001
     at [1]: expected 1, got 2
     docs/protocol.md#references
          expected          actual
     kit  ["push",1]
     peer ["push",2]        ["push",2]
     peer (nothing)       ≠ ["pull",2]
     peer ["pull",1]      ≠ (nothing)
     peer ["release",1,1] ≠ (nothing)
known MAP-002 map: z: lost
skip ERR-001: not today
non-strict BLO-001: it chooses ids for its exports in its own way, or uses them again
informational STR-001: differs from the recording, and may: it depends
  values           2 of 2
  map              0 of 2
1 passed, 1 non-strict, 1 informational, 1 failed, 1 known to fail, 1 skipped
`);
});

test("a report for people says where to find the parts that it cuts", () => {
  const exchange = Array.from(
    { length: 30 },
    () => ({ from: "kit", text: "x".repeat(2000) }) as const,
  );
  const recorded = ["[1]", "[2]", "[3]"];
  const failure = "y".repeat(1000);
  const failed = { id: "a", name: "a", failure, exchange, recorded, duration: 0 };
  const space = { width: 100, whole: "whole in report.html" };
  const text = failureLines(failed, space);
  expect(text).toContain("(10 messages before, whole in report.html)");
  expect(text).toContain("… 2000 characters, whole in report.html");
  expect(text).toContain("… 1000 characters, whole in report.html");
  expect(text).toContain("(1 more that were recorded, whole in report.html)");
  const ids = Array.from({ length: 7 }, (_, i) => `id-${i}`);
  const skipped = ids.map((id) => ({
    id,
    name: id,
    failure: undefined,
    skipped: "no",
    duration: 0,
  }));
  expect(formatReport(skipped, "human")).toContain(
    "id-4 and 2 more (whole with --report html=FILE): no",
  );
});

test("long messages are wrapped, and not cut", () => {
  const recorded = [`["resolve",1,"${"a".repeat(150)}"]`];
  const exchange = [{ from: "peer", text: `["resolve",1,"${"b".repeat(150)}"]` } as const];
  const failed = { id: "a", name: "a", failure: "no", exchange, recorded, duration: 0 };
  const lines = failureLines(failed, { width: 100, whole: "elsewhere" });
  expect(lines.replace(/[^b]/g, "")).toHaveLength(150);
  expect(Math.max(...lines.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("a report as TAP", () => {
  expect(formatReport(RESULTS, "tap")).toBe(`TAP version 14
1..6
ok 1 - VAL-001 value: a <b> & "c"
  ---
  duration_ms: 1.500
  ...
not ok 2 - MAP-001 map: \\# nested
  ---
  section: "docs/protocol.md#references"
  message: "expected [\\"pull\\",1]\\u0001"
  difference: "at [1]: expected 1, got 2"
  exchange:
    - kit: "[\\"push\\",1]"
    - peer: "[\\"push\\",2]"
    - peer: "[\\"pull\\",2]"
  duration_ms: 2.000
  ...
ok 3 - ERR-001 error: x # SKIP not today
ok 4 - BLO-001 blob: y
  ---
  non-strict:
    - "chooses ids for its exports in its own way, or uses them again"
  duration_ms: 3.000
  ...
not ok 5 - MAP-002 map: z # TODO known failure
  ---
  message: "lost"
  duration_ms: 4.000
  ...
ok 6 - STR-001 stream: s
  ---
  informational: "differs: expected more (it depends)"
  duration_ms: 5.000
  ...
`);
});

test("a report as JUnit XML", () => {
  const run = { implementation: "A & B", side: "server", medium: "WebSocket", kit: "1" } as const;
  expect(formatReport(RESULTS, "junit", run)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="Cap'n Web conformance of A &amp; B" tests="6" failures="1" skipped="2" time="0.015500">
<testcase classname="value" name="VAL-001 value: a &lt;b&gt; &amp; &quot;c&quot;" time="0.001500"/>
<testcase classname="map" name="MAP-001 map: # nested" time="0.002000"><failure message="expected [&quot;pull&quot;,1]\ufffd">at [1]: expected 1, got 2
kit  [&quot;push&quot;,1]
peer [&quot;push&quot;,2]
peer [&quot;pull&quot;,2]</failure></testcase>
<testcase classname="error" name="ERR-001 error: x" time="0.000000"><skipped message="not today"/></testcase>
<testcase classname="blob" name="BLO-001 blob: y" time="0.003000"><system-out>non-strict: chooses ids for its exports in its own way, or uses them again</system-out></testcase>
<testcase classname="map" name="MAP-002 map: z" time="0.004000"><skipped message="known failure: lost"/></testcase>
<testcase classname="stream" name="STR-001 stream: s" time="0.005000"><system-out>informational: differs: expected more (it depends)</system-out></testcase>
</testsuite>
</testsuites>
`);
});

const RUN: RunInfo = { implementation: "port", side: "server", medium: "WebSocket", kit: "1.2.3" };

test("a report as JSON has everything, and can be read back", () => {
  const report = parseJsonReport(formatReport(RESULTS, "json", RUN));
  expect(report.run).toEqual(RUN);
  expect(report.counts).toMatchObject({ passed: 1, informational: 1, failed: 1, known: 1 });
  expect(report.results[1]).toMatchObject({
    id: "MAP-001",
    verdict: "failed",
    section: "references",
  });
  expect(report.results[1]!.exchange).toEqual(RESULTS[1]!.exchange);
  expect(() => parseJsonReport("{}")).toThrow("It isn't a JSON report");
});

test("a report as HTML has the messages of each scenario, and nothing of theirs as markup", () => {
  const text = formatReport(RESULTS, "html", { ...RUN, implementation: "<b>" });
  expect(text).toContain("<title>&lt;b&gt;: server, WebSocket</title>");
  expect(text).toContain('<details class="failed" open>\n<summary><b>MAP-001</b> map: # nested');
  expect(text).toContain('href="#MAP-001"');
  expect(text).toContain('id="MAP-001"');
  expect(text).toMatch(/MAP: maps<\/a><td>0 of 2</);
  expect(text).toContain("<code>[&quot;pull&quot;,1]</code><td><i>nothing</i>");
  expect(text).toContain("value: a &lt;b&gt; &amp;");
  expect(text).toContain("protocol.md#references");
});

test("a matrix compares reports by feature, and shows the failures of each", () => {
  const other = RESULTS.map((each) => ({ ...each, failure: undefined, known: undefined }));
  const reports = [
    jsonReport(RESULTS, RUN),
    jsonReport(other, { ...RUN, implementation: "another", side: "client" }),
  ];
  const markdown = formatMatrix(matrixOf(reports), "markdown");
  expect(markdown).toContain("| port           | server, WebSocket | 2        | 0/2   |");
  expect(markdown).toContain("| another        | client, WebSocket | 2        | 2     |");
  expect(markdown).toContain("| MAP-001 | map: # nested | port (server, WebSocket) |");
  expect(markdown).not.toContain("VAL-001");
  const html = formatMatrix(matrixOf(reports), "html");
  expect(html).toContain('<td class="failed" title="failed">✗');
  expect(html).toContain('<tr class="fine"><th scope="row" title="value: a &lt;b&gt;');
  const linked = formatMatrix(matrixOf(reports), "html", ["port & more.html"]);
  expect(linked).toContain('<a href="port &amp; more.html">port</a>');
  expect(linked).toContain(
    '<td class="failed" title="failed"><a href="port &amp; more.html#MAP-001">✗',
  );
});

test("a running report shows TAP line by line, and failures for people at once", () => {
  const shown = (format: ReportFormat) => {
    let out = "";
    let status = "";
    const progress = createProgress({
      format,
      total: 2,
      run: RUN,
      space: { width: 100, whole: "elsewhere" },
      out: { write: (text) => (out += text) },
      status: { write: (text) => (status += text), isTTY: true },
    });
    progress.result(RESULTS[1]!);
    const begun = out;
    progress.result(RESULTS[0]!);
    progress.end(RESULTS.slice(0, 2));
    return { begun, out, status };
  };
  expect(shown("tap").begun).toMatch(/^TAP version 14\n1\.\.2\nnot ok 1 - MAP-001 map/);
  expect(shown("human").begun).toContain("FAIL MAP-001 map: # nested");
  expect(shown("human").status).toContain("1 of 2, 1 failed, MAP-001");
  expect(shown("human").out).toMatch(/1 passed, 1 failed\n$/);
  expect(shown("junit")).toMatchObject({ begun: "", out: expect.stringContaining('tests="2"') });
});

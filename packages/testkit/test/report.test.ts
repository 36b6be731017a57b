import { expect, test } from "vitest";
import { formatReport } from "../src/conformance/index.ts";

const RESULTS = [
  { id: "value-a-b-c", name: 'value: a <b> & "c"', failure: undefined, duration: 1.5 },
  { id: "map-nested", name: "map: # nested", failure: 'expected ["pull",1]\u0001', duration: 2 },
  { id: "error-x", name: "error: x", failure: undefined, skipped: "not today", duration: 0 },
];

test("for people", () => {
  expect(formatReport(RESULTS, "human")).toBe(`FAIL map: # nested
     expected ["pull",1]\u0001
skip error: x: not today
1 passed, 1 failed, 1 skipped
`);
});

test("as TAP", () => {
  expect(formatReport(RESULTS, "tap")).toBe(`TAP version 14
1..3
ok 1 - value: a <b> & "c"
  ---
  duration_ms: 1.500
  ...
not ok 2 - map: \\# nested
  ---
  message: "expected [\\"pull\\",1]\\u0001"
  duration_ms: 2.000
  ...
ok 3 - error: x # SKIP not today
`);
});

test("as JUnit XML", () => {
  expect(formatReport(RESULTS, "junit")).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="Cap'n Web conformance" tests="3" failures="1" skipped="1" time="0.003500">
<testcase classname="value" name="value: a &lt;b&gt; &amp; &quot;c&quot;" time="0.001500"/>
<testcase classname="map" name="map: # nested" time="0.002000"><failure message="expected [&quot;pull&quot;,1]\ufffd"/></testcase>
<testcase classname="error" name="error: x" time="0.000000"><skipped message="not today"/></testcase>
</testsuite>
</testsuites>
`);
});

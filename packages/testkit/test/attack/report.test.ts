import { expect, test } from "vitest";
import { type AttackResult, formatAttackReport } from "../../src/attack/index.ts";

const RESULTS: AttackResult[] = [
  {
    id: "ATK-A01",
    kind: "A",
    title: "Maps in maps.",
    verdict: "hurt",
    reasons: ["a call of the victim's took 900 ms"],
    duration: 1_500,
    victim: { calls: 7, slowest: 900, waiting: 0, failures: [] },
    answers: true,
    attacker: {
      opened: 3,
      refused: 1,
      closed: { "1006": 2, "3000 odd": 1 },
      sent: 2_000_000,
      received: 10,
    },
    memory: { before: { used: 1e6 }, after: { used: 6e6, peak: 9e6 } },
  },
  {
    id: "ATK-H01",
    kind: "H",
    title: "A page.",
    verdict: "held",
    reasons: [],
    duration: 200,
    victim: { calls: 5, slowest: 2, waiting: 0, failures: [] },
    answers: true,
  },
  {
    id: "ATK-I01",
    kind: "I",
    title: "Streams.",
    verdict: "not applicable",
    reasons: ["the server has no http2"],
    duration: 0,
  },
  { id: "ATK-I02", kind: "I", title: "More.", verdict: "not run", reasons: ["x"], duration: 0 },
];

test("a report of attacks for people shows figures", () => {
  expect(formatAttackReport(RESULTS, "human")).toBe(`HURT ATK-A01 Maps in maps.
     a call of the victim's took 900 ms
     (1.5 s; victim: slowest of 7 calls 900 ms; sent 2 MB, received 0.000 MB; 3 connections, 1 refused; ended: 1006 (2 times), 3000 odd; memory +5 MB; peak 9 MB)
held ATK-H01 A page.
     (0.2 s; victim: slowest of 5 calls 2 ms)
n/a  ATK-I01 Streams.
     the server has no http2
none ATK-I02 More.
     x
1 held, 1 hurt, 1 not applicable, 1 not run
`);
});

test("a report of attacks as TAP has no success for an attack that couldn't be made", () => {
  const lines = formatAttackReport(RESULTS, "tap").split("\n");
  expect(lines.filter((line) => /^(not )?ok/.test(line))).toEqual([
    "not ok 1 - ATK-A01 Maps in maps.",
    "ok 2 - ATK-H01 A page.",
    "ok 3 - ATK-I01 Streams. # SKIP the server has no http2",
    "not ok 4 - ATK-I02 More.",
  ]);
});

test("a report of attacks can be JUnit XML or JSON", () => {
  expect(formatAttackReport(RESULTS, "junit")).toContain(
    `<testsuite name="Cap'n Web attack suite" tests="4" failures="2" skipped="1"`,
  );
  expect(JSON.parse(formatAttackReport(RESULTS, "json"))).toEqual(RESULTS);
});

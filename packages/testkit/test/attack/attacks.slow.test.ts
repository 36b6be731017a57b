import { expect, test } from "vitest";
import { KINDS, kindOf } from "../../src/attack/attack.ts";
import { ATTACKS } from "../../src/attack/attacks/index.ts";
import { CONTRACTS } from "../../src/attack/contract.ts";
import { Native } from "../../src/attack/media/connection.ts";
import { selectAttacks } from "../../src/attack/select.ts";
import { judge } from "../../src/attack/verdict.ts";

test("attacks have unique ids, and there are some of every kind", () => {
  const ids = ATTACKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^ATK-[A-I]\d\d$/);
  expect(new Set(ATTACKS.map(kindOf))).toEqual(new Set(Object.keys(KINDS)));
});

test("titles of attacks are sentences", () => {
  for (const { title } of ATTACKS) expect(title).toMatch(/^[A-Z0-9].*\.$/);
});

// Malformed on purpose, not text, or so long that reading them takes seconds.
const UNREADABLE = ["ATK-A05", "ATK-A11", "ATK-A13", "ATK-C13"];

test.each(
  ATTACKS.flatMap((attack) =>
    attack.over === "sockets" || UNREADABLE.includes(attack.id)
      ? []
      : [[attack.id, attack] as const],
  ),
)("attacks on %s send only well-formed messages", (_, attack) => {
  let checked = 0;
  for (const text of attack.messages(CONTRACTS.attack)) {
    if (checked++ >= 2) break;
    const messages =
      text instanceof Native
        ? [text.value as unknown[]]
        : String(text)
            .split("\n")
            .slice(0, 10)
            .map((message) => JSON.parse(message));
    for (const [tag] of messages) {
      expect(["push", "pull", "stream", "pipe", "resolve", "reject"]).toContain(tag);
    }
  }
  expect(checked).toBeGreaterThan(0);
});

test("attacks are selected by id, by kind and by pattern", () => {
  const ids = (only?: string[], exclude?: string[]) =>
    selectAttacks(only, exclude).map(({ id }) => id);
  expect(ids(["ATK-A01", "b03"])).toEqual(["ATK-A01", "ATK-B03"]);
  expect(
    ids(["I"], ["*06", "I01", "ATK-I1*", "settings*read.", "*header block*", "frames*"]),
  ).toEqual(["ATK-I02", "ATK-I03", "ATK-I04", "ATK-I05"]);
  expect(ids(["maps in maps*"])).toEqual(["ATK-A01", "ATK-A10", "ATK-A24"]);
  expect(ids()).toHaveLength(ATTACKS.length);
});

const HELD = {
  outcome: {
    finding: undefined,
    failure: undefined,
    figures: { opened: 1, refused: 0, closed: {}, sent: 1, received: 1 },
  },
  victim: { calls: 10, slowest: 20, waiting: 0, failures: [] },
  isAnswered: true,
  ending: undefined,
  before: { used: 1e6, resident: 1e8 },
  after: { used: 2e6, resident: 9e8 },
};
const LIMITS = { slowest: 500, kept: 32e6 };

test.each([
  [{}, "held"],
  [{ isAnswered: false }, "hurt: the server doesn't answer any more"],
  [{ ending: "SIGABRT", isAnswered: false }, "hurt: the server's process ended (SIGABRT)"],
  [{ victim: { ...HELD.victim, slowest: 501 } }, "hurt: a call of the victim's took 501 ms"],
  [
    { victim: { ...HELD.victim, slowest: 501 }, ending: "SIGABRT" },
    "hurt: the server's process ended (SIGABRT)",
  ],
  [{ victim: { ...HELD.victim, failures: ["gone"] } }, "hurt: the victim was lost: gone"],
  [{ after: { used: 40e6 } }, "hurt: 39 MB aren't given back"],
  [{ before: {}, after: { used: 40e6 } }, "held"],
  [{ before: { resident: 1e8 }, after: { resident: 2e8 } }, "hurt: 100 MB aren't given back"],
  [{ outcome: { ...HELD.outcome, finding: "x" } }, "hurt: x"],
  [{ outcome: { ...HELD.outcome, failure: "y" } }, "not run: y"],
  [{ outcome: undefined }, "not run: the attacker's process ended or got stuck"],
  [{ outcome: undefined, isAnswered: false }, "hurt: the server doesn't answer any more"],
  [{ victim: undefined }, "not run: the victim's process ended"],
])("the verdict on the observation %j is right", (seen, expected) => {
  const { verdict, reasons } = judge({ ...HELD, ...seen }, LIMITS);
  expect([verdict, ...reasons].join(": ")).toBe(expected);
});

test("a verdict is doubtful if only slowness was seen, or if the attacker got stuck", () => {
  const victim = { ...HELD.victim, slowest: 501 };
  expect(judge({ ...HELD, victim }, LIMITS).isDoubtful).toBe(true);
  expect(judge({ ...HELD, victim, isAnswered: false }, LIMITS).isDoubtful).toBe(false);
  expect(judge({ ...HELD, outcome: undefined }, LIMITS).isDoubtful).toBe(true);
  expect(judge(HELD, LIMITS).isDoubtful).toBe(false);
});

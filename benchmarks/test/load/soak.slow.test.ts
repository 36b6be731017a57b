import { describe, expect, it } from "vitest";
import { LEAKS } from "../../load/server/leaky-api.ts";
import { soak } from "../../load/soak/soak.ts";

/** Short, but with thousands of operations. */
const PLAN = { scenario: "mix", sessions: 10, think: 0, duration: 12, window: 1.5 } as const;

const namesOf = (problems: readonly string[]) =>
  problems.map((problem) => problem.replace(/ grew from .*/, ""));

describe("a soak with a server that leaks", () => {
  it("names the memory, the handles and the tables that grew", { timeout: 300_000 }, async () => {
    const { problems } = await soak({ ...PLAN, leaks: LEAKS });
    expect(namesOf(problems)).toEqual(
      expect.arrayContaining([
        "server memory: heap",
        "server handles: Timeout",
        "server tables: imports",
        "client tables: exports",
      ]),
    );
    expect(namesOf(problems)).not.toContain("server handles: TCPSocketWrap");
  });
});

describe("a soak with a server that keeps nothing", () => {
  it("finds flat handles and tables, and no failure", { timeout: 300_000 }, async () => {
    const { problems, recorded } = await soak(PLAN);
    // The heap of a new process still grows while code is compiled.
    expect(problems.filter((problem) => !/memory: (heap|external|rss) /.test(problem))).toEqual([]);
    expect(Object.keys(recorded.kinds).sort()).toEqual([
      "call",
      "callback",
      "connect",
      "map",
      "stream",
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { cutEverywhere, type ProxyCut } from "../src/proxy/index.ts";

/** A run whose connection carries two messages of the client and one of the server. */
function runWith(outcomeOf: (cut: ProxyCut | undefined) => string) {
  const cuts: (ProxyCut | undefined)[] = [];
  const run = async (cut: ProxyCut | undefined) => {
    cuts.push(cut);
    const messages = { client: 2, server: 1 };
    return { outcome: outcomeOf(cut), messages, isCut: cut !== undefined && cut.at !== "after" };
  };
  return { run, cuts };
}

describe("cutEverywhere()", () => {
  test("runs a program whole, and then with a cut at each place of each message", async () => {
    const { run, cuts } = runWith(() => "same");
    const report = await cutEverywhere(run);
    expect(report).toMatchObject({ runs: 9, reached: 6, failures: [] });
    expect(report.whole.outcome).toBe("same");
    expect(cuts[0]).toBeUndefined();
    const places = cuts.slice(1).map((cut) => `${cut!.from} ${cut!.message} ${cut!.at}`);
    expect(new Set(places).size).toBe(9);
    expect(places.filter((place) => place.startsWith("client 2"))).toHaveLength(3);
    expect(cuts.slice(1, 4).map((cut) => cut!.kind)).toEqual(["close", "reset", "close"]);
  });

  test("tries one cut of so many, each once for all offsets together", async () => {
    const { run, cuts } = runWith(() => "same");
    for (const offset of [0, 1, 2, 3]) {
      await cutEverywhere(run, { every: 4, offset, kinds: ["half-close"] });
    }
    const tried = cuts.filter((cut) => cut !== undefined);
    expect(new Set(tried.map((cut) => JSON.stringify(cut))).size).toBe(9);
    expect(tried).toHaveLength(9);
  });

  test("tries at least one cut of a program with fewer", async () => {
    const { run, cuts } = runWith(() => "same");
    const { runs } = await cutEverywhere(run, { every: 100, offset: 57 });
    expect(runs).toBe(1);
    expect(cuts[1]).toBeDefined();
  });

  test("reports other outcomes, and failures of runs", async () => {
    const error = new Error("lost");
    const { run } = runWith((cut) => {
      if (cut?.from === "server" && cut.at === "before") return "other";
      if (cut?.message === 2 && cut.at === "within") throw error;
      return "same";
    });
    const { failures } = await cutEverywhere(run);
    expect(failures).toEqual([
      { cut: { from: "client", message: 2, at: "within", kind: "close" }, outcome: error },
      { cut: { from: "server", message: 1, at: "before", kind: "close" }, outcome: "other" },
    ]);
  });

  test("rejects if the program fails without a cut", async () => {
    const run = () => Promise.reject(new Error("no server"));
    await expect(cutEverywhere(run)).rejects.toThrow("no server");
  });
});

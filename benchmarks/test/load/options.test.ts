import { describe, expect, it } from "vitest";
import { checkDescriptors, DescriptorLimitError } from "../../load/driver/descriptors.ts";
import { parseLoadOptions } from "../../load/options.ts";
import { SCENARIO_NAMES } from "../../load/scenarios/scenarios.ts";
import { parseSoakOptions } from "../../load/soak/options.ts";

describe("the options of npm run load", () => {
  it("describe one run", () => {
    const text = "--scenario calls --sessions 5000 --model open --rate 2000 --seconds 30";
    const { plans, memory, writes } = parseLoadOptions(["--", ...text.split(" ")]);
    expect(plans).toEqual([
      {
        scenario: "calls",
        model: { model: "open", rate: 2_000, arrivals: "poisson" },
        sessions: 5_000,
        seconds: 30,
        generators: 1,
        seed: 1,
      },
    ]);
    expect(memory).toBeUndefined();
    expect(writes).toBe(false);
  });

  it("run every scenario by default, and more for the page", () => {
    const scenarios = parseLoadOptions([]).plans.map(({ scenario }) => scenario);
    expect(scenarios).toEqual(SCENARIO_NAMES);
    const { plans, memory } = parseLoadOptions(["--write"]);
    expect(plans.at(-1)!.model.model).toBe("closed");
    expect(memory).toBe(5_000);
  });

  it.each([
    ["--scenario", "nothing", "--scenario takes one of calls, "],
    ["--rate", "many", '--rate takes a number of at least 0.1, not "many".'],
    ["--sessions", "1.5", '--sessions takes a whole number, not "1.5".'],
    ["--model", "half", "--model takes one of open, closed"],
  ])("are refused with the remedy: %s %s", (option, value, message) => {
    expect(() => parseLoadOptions([option, value])).toThrow(message);
  });

  it("don't mix a page of other runs", () => {
    expect(() => parseLoadOptions(["--write", "--rate", "5"])).toThrow("no other option");
  });
});

describe("the options of npm run soak", () => {
  it("have windows of five seconds, or of a sixtieth of the time", () => {
    expect(parseSoakOptions(["--minutes", "2"]).plan).toMatchObject({ duration: 120, window: 5 });
    expect(parseSoakOptions([]).plan).toMatchObject({ duration: 1_800, window: 30 });
  });

  it("take only known leaks", () => {
    expect(parseSoakOptions(["--leak", "tables"]).plan.leaks).toEqual(["tables"]);
    expect(() => parseSoakOptions(["--leak", "time"])).toThrow("memory, handles, tables");
  });
});

describe("checkDescriptors", () => {
  it("tells the remedy if the machine allows too few", () => {
    expect(() => checkDescriptors(5_000, 6_000)).not.toThrow();
    const check = () => checkDescriptors(5_000, 1_024);
    expect(check).toThrow(DescriptorLimitError);
    expect(check).toThrow(/ulimit -n 6000.*--sessions 24"/);
  });
});

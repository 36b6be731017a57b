import { describe, expect, it } from "vitest";
import { BRIEF, QUICK } from "../src/driver/plan.ts";
import { parseOptions } from "../src/options.ts";

describe("the options of pnpm bench", () => {
  it("measure and write everything by default, and with fewer turns", () => {
    expect(parseOptions([])).toMatchObject({ plan: undefined, writes: true });
    expect(parseOptions(["--", "--brief"])).toMatchObject({ plan: BRIEF, writes: true });
  });

  it("write a selection only if asked to", () => {
    const selection = ["--case", "an order", "--node", "26"];
    expect(parseOptions(selection)).toMatchObject({ nodes: ["26"], writes: false });
    const { writes, selects } = parseOptions([...selection, "--write"]);
    expect(writes).toBe(true);
    expect([selects("an order, 200 in flight"), selects("callbacks")]).toEqual([true, false]);
  });

  it("keep the noisiest figures out of the record", () => {
    expect(parseOptions(["--quick"])).toMatchObject({ plan: QUICK, writes: false });
    expect(() => parseOptions(["--quick", "--write"])).toThrow(TypeError);
    expect(() => parseOptions(["--quick", "--brief"])).toThrow(TypeError);
  });
});

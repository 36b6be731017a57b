import { createApplication, type LinkOptions, runProgram, type Side } from "@capnweb/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApi } from "../src/application.ts";
import { goldenScenes } from "../src/golden/index.ts";
import { type Implementation, OUR_WAYS, OURS } from "../src/implementation.ts";
import { apis, type RandomApi } from "../src/random-apis.ts";
import {
  createNode,
  programs,
  runProgram as runRandomProgram,
  type Step,
} from "../src/random-programs.ts";
import { connectResuming, type ResumingPair } from "../src/resuming.ts";
import { longRuns, runs, seed } from "../src/runs.ts";
import { scenarios } from "../src/scenarios/index.ts";
import type { Scenario } from "../src/scenarios/scenario.ts";

/** One cut of so many is tried, unless `RUNS` is set. */
const EVERY = process.env["RUNS"] === undefined ? 9 : 1;

type Links = (number: number) => LinkOptions;

const OURS_WITH_EXTENSIONS = OUR_WAYS["ours with extensions"]!;

interface Run {
  readonly outcome: string;
  readonly pair: ResumingPair;
}

/** Runs a scenario, and describes everything that a user could notice. */
async function runScenario(scenario: Scenario, way: Implementation, links?: Links): Promise<Run> {
  const events: string[] = [];
  const pair = connectResuming(way, way, createApi(way, events), links && { links });
  const api = pair.client.getRemoteMain() as any;
  const result = await scenario.run({ api, client: way, events, settle: () => pair.settle() });
  return { outcome: await finish(pair, api, result, events), pair };
}

async function finish(
  pair: ResumingPair,
  api: any,
  result: unknown,
  events: unknown[],
): Promise<string> {
  await pair.settle();
  const stats = [pair.client.getStats(), pair.server?.getStats()];
  api[Symbol.dispose]();
  await pair.settle();
  return JSON.stringify({ result, stats, events, left: pair.client.getStats() });
}

interface NamedCut {
  readonly name: string;
  readonly cut: NonNullable<LinkOptions["cut"]>;
}

/** The cuts before each message of either side, and within each. */
function cutsOf({ links }: ResumingPair): NamedCut[] {
  return SIDES.flatMap((from) => {
    let bytes = 0;
    return links[0]!.sentBy(from).flatMap((message, i) => {
      const size = sizeOf(message);
      const within = bytes + Math.ceil(size / 2);
      bytes += size;
      return [
        { name: `${from}, before message ${i}`, cut: { from, afterMessages: i } },
        { name: `${from}, within message ${i}`, cut: { from, afterBytes: within } },
      ];
    });
  });
}

const SIDES: readonly Side[] = ["client", "server"];

function sizeOf(message: unknown): number {
  return Buffer.byteLength(typeof message === "string" ? message : JSON.stringify(message));
}

/**
 * True if the client left over the first link, where its farewell may have been lost. The server
 * then waits for the client until the window has passed.
 */
function leftOver({ links }: ResumingPair): boolean {
  return links[0]!.sentBy("client").some((message) => /"capnweb":.?"closed"/.test(String(message)));
}

describe("a session goes on, wherever its connection is cut", () => {
  for (const [name, way] of Object.entries(OUR_WAYS)) {
    test.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
      `$name, ${name}`,
      async (scenario) => {
        const whole = await runScenario(scenario, way);
        const cuts = cutsOf(whole.pair);
        expect(cuts.length).toBeGreaterThan(4);
        for (const [i, { name, cut }] of cuts.entries()) {
          if ((i + scenario.index) % EVERY !== 0) continue;
          const run = await runScenario(scenario, way, (number) => (number === 0 ? { cut } : {}));
          if (leftOver(run.pair)) continue;
          expect(run.outcome, `cut: ${name}`).toBe(whole.outcome);
          expect(run.pair.links.length, `links after: ${name}`).toBe(2);
        }
      },
    );
  }
});

/** In this scene, the client leaves meanwhile, so that a cut decides what it still receives. */
const LEAVES = "stream: the session ends while it is read";

/** The golden scenes in which a client's program uses the application. */
const programScenes = goldenScenes.flatMap((scene, index) =>
  "program" in scene.client &&
  "application" in scene.server &&
  !scene.isRace &&
  scene.name !== LEAVES
    ? [{ name: scene.name, steps: scene.client.program, index }]
    : [],
);

async function runScene(
  steps: (typeof programScenes)[number]["steps"],
  way: Implementation,
  links?: Links,
): Promise<Run> {
  const pair = connectResuming(way, way, createApplication(way), links && { links });
  const api = pair.client.getRemoteMain() as any;
  const settle = () => pair.settle();
  const notes = await runProgram(steps, { implementation: way, api, settle });
  return { outcome: await finish(pair, api, notes, []), pair };
}

describe("a golden scene has the same notes, wherever its connection is cut", () => {
  test.each(programScenes)("$name", async ({ steps, index }) => {
    const whole = await runScene(steps, OURS);
    for (const [i, { name, cut }] of cutsOf(whole.pair).entries()) {
      if ((i + index) % EVERY !== 0) continue;
      const run = await runScene(steps, OURS, (number) => (number === 0 ? { cut } : {}));
      if (leftOver(run.pair)) continue;
      expect(run.outcome, `cut: ${name}`).toBe(whole.outcome);
    }
  });
});

const ONLY_MAIN = { imports: 1, exports: 1 };
const NOTHING = { imports: 0, exports: 0 };

/** The points at which the first links break. Later links last. */
const cutLists = fc.array(
  fc.record({
    from: fc.constantFrom(...SIDES),
    afterBytes: fc.nat(900),
    jitter: fc.constantFrom(0, 0, 1),
  }),
  { minLength: 1, maxLength: 6 },
);

type CutList = readonly {
  readonly from: Side;
  readonly afterBytes: number;
  readonly jitter: number;
}[];

async function overCuts(
  way: Implementation,
  steps: readonly Step[],
  api: RandomApi,
  cuts: CutList,
  encodingLevel: LinkOptions["encodingLevel"] = "string",
) {
  const alive = { count: 0 };
  const pair = connectResuming(way, way, createNode(way, alive, api), {
    client: { encodingLevel },
    links(number) {
      const { from, afterBytes, jitter } = cuts[number] ?? {};
      return from ? { cut: { from, afterBytes }, jitter, seed: number } : {};
    },
  });
  const main = pair.client.getRemoteMain();
  const seen = await runRandomProgram(main, steps, api);
  await pair.settle();
  const stats = { client: pair.client.getStats(), server: pair.server!.getStats() };
  const during = { ...stats, held: alive.count - 1 };
  main[Symbol.dispose]();
  await pair.settle();
  return { seen, during, links: pair.links.length };
}

async function locally(steps: readonly Step[], api: RandomApi): Promise<string[]> {
  const main = new OURS.RpcStub(createNode(OURS, { count: 0 }, api));
  const seen = await runRandomProgram(main, steps, api);
  main[Symbol.dispose]();
  return seen;
}

describe("random programs with random cuts", longRuns, () => {
  test.each([
    ["as text", OURS, "string"],
    ["with extensions", OURS_WITH_EXTENSIONS, "string"],
    ["as clones", OURS_WITH_EXTENSIONS, "structuredClonable"],
  ] as const)("give the same results as without a session, %s", async (_, way, level) => {
    let broken = 0;
    await fc.assert(
      fc.asyncProperty(programs, apis, cutLists, async (steps, api, cuts) => {
        const run = await overCuts(way, steps, api, cuts, level);
        expect(run.seen).toEqual(await locally(steps, api));
        expect(run.during).toEqual({ client: ONLY_MAIN, server: ONLY_MAIN, held: 0 });
        if (run.links > 1) broken++;
      }),
      { numRuns: runs(60), seed },
    );
    expect(broken).toBeGreaterThan(runs(60) / 2);
  });
});

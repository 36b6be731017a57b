// Sessions go on over real sockets, wherever their connections are cut. `RUNS=1` tries each cut.
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { createApplication, runProgram } from "@capnweb/testkit";
import { type CutEverywhereOptions, cutEverywhere } from "@capnweb/testkit/proxy";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../src/application.ts";
import { goldenScenes } from "../src/golden/index.ts";
import { type Implementation, OUR_WAYS, OURS } from "../src/implementation.ts";
import { hasRunForLong } from "../src/resuming.ts";
import { longRuns } from "../src/runs.ts";
import { scenarios } from "../src/scenarios/index.ts";
import type { Scenario } from "../src/scenarios/scenario.ts";
import { type Ends, type Program, SessionsOverProxy } from "../src/sessions-over-proxy.ts";
import { standardSocket } from "../src/standard-socket.ts";

const isFull = process.env["RUNS"] !== undefined;
/** One cut of so many is tried, unless `RUNS` is set. */
const EVERY = isFull ? 1 : 48;
/** One program of so many is run, unless `RUNS` is set. The tests in memory run all. */
const SAMPLE = isFull ? 1 : 4;

function sample<T>(programs: readonly T[]): T[] {
  return programs.filter((_, i) => i % SAMPLE === 0);
}

function resuming(): Ends {
  const acceptor = new ResumeAcceptor({ isSole: true, clock: hasRunForLong() });
  return {
    client: (open) => new ResumingTransport(open, { backoff: { min: 0 } }),
    async accept(inner) {
      const { kind, transport } = await acceptor.accept(inner);
      return kind === "resumed" ? undefined : transport;
    },
  };
}

let sessions: SessionsOverProxy;
beforeAll(async () => {
  sessions = await SessionsOverProxy.start(resuming());
});
afterAll(() => sessions.stop());

async function expectSame(createProgram: () => Program, options: CutEverywhereOptions) {
  const run = (cut: Parameters<SessionsOverProxy["run"]>[1]) => sessions.run(createProgram(), cut);
  const report = await cutEverywhere(run, { every: EVERY, ...options });
  expect(report.failures, report.whole.outcome).toEqual([]);
  return report;
}

function scenarioOf(scenario: Scenario, implementation: Implementation): Program {
  const events: string[] = [];
  return {
    implementation,
    createMain: () => createApi(implementation, events),
    async run(api, settle) {
      const result = await scenario.run({ api, client: implementation, events, settle });
      await settle();
      return { result, events };
    },
  };
}

const WAYS = Object.entries(OUR_WAYS).map(([name, way], number) => ({ name, way, number }));

describe.each(WAYS)("a session over a socket that is cut: $name", ({ way, number }) => {
  const numbered = sample(scenarios.map((scenario, index) => ({ ...scenario, index })));
  // The ways take turns, unless `RUNS` is set.
  test.each(numbered.filter((_, i) => isFull || i % WAYS.length === number))(
    "$name",
    longRuns,
    async (scenario) => {
      const report = await expectSame(() => scenarioOf(scenario, way), { offset: scenario.index });
      expect(report.reached).toBeGreaterThan(0);
    },
  );
});

/** In these scenes, the client leaves, and a cut decides what it still receives. */
const LEAVES = ["stream: the session ends while it is read", "session: the client ends it"];

const scenes = goldenScenes.flatMap((scene, index) =>
  "program" in scene.client &&
  "application" in scene.server &&
  !scene.isRace &&
  !LEAVES.includes(scene.name)
    ? [{ name: scene.name, steps: scene.client.program, index }]
    : [],
);

describe("a golden scene over a socket that is cut", () => {
  test.each(sample(scenes))("$name", longRuns, async ({ steps, index }) => {
    const program = () => ({
      implementation: OURS,
      createMain: () => createApplication(OURS),
      run: (api: any, settle: () => Promise<void>) =>
        runProgram(steps, { implementation: OURS, api, settle }),
    });
    await expectSame(program, { offset: index });
  });
});

describe("a session over a socket that stalls", () => {
  const keepAlive = { interval: 300, timeout: 300 };
  const chosen = scenarios.filter((_, index) => index % 30 === 0);

  describe.each([
    ["pings", undefined],
    ["messages", standardSocket],
  ])("and has a keep-alive by %s", (_, disguise) => {
    test.each(chosen)("goes on once that has noticed: $name", async (scenario) => {
      const stalling = await SessionsOverProxy.start(resuming(), { keepAlive, disguise });
      onTestFinished(() => stalling.stop());
      const report = await cutEverywhere((cut) => stalling.run(scenarioOf(scenario, OURS), cut), {
        every: 17,
        kinds: ["stall"],
      });
      expect(report.failures).toEqual([]);
      expect(report.reached).toBeGreaterThan(0);
    });
  });
});

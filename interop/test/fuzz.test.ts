import * as ours from "@capnweb/compat";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi } from "../src/application.ts";
import type { Implementation } from "../src/implementation.ts";
import { runInMemory } from "../src/run-in-memory.ts";
import { scenarios } from "../src/scenarios/index.ts";

const OURS = ours as unknown as Implementation;

/** Other and longer runs by hand: `SEED=2 RUNS=100000 npx vitest run --project interop fuzz`. */
const numRuns = Number(process.env["RUNS"] ?? 400);
const seed = Number(process.env["SEED"] ?? 1);

/** What clients of all scenarios sent: sensible messages, to be made less so. */
let corpus: string[] = [];

beforeAll(async () => {
  const runs: string[][] = [];
  for (const scenario of scenarios) {
    const { sent } = await runInMemory(scenario, OURS, OURS);
    runs.push(sent.client.filter((message) => message.startsWith("[") && message.length < 2000));
  }
  corpus = [...new Set(runs.flat())];
});

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
let others: NodeJS.UnhandledRejectionListener[] = [];
beforeAll(() => {
  others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
});
afterAll(() => {
  process.off("unhandledRejection", note);
  for (const other of others) process.on("unhandledRejection", other);
});

type Mutation = (message: string, random: number) => string;

const MUTATIONS: readonly Mutation[] = [
  (message) => message,
  (message) => message,
  (message) => message,
  // Another id.
  (message, random) => message.replace(/-?\d+/, String((random % 9) - 4)),
  (message, random) => message.replace(/(-?\d+)(?!.*\d)/, String((random % 9) - 4)),
  // Another tag.
  (message, random) => {
    const tags = ["push", "pull", "stream", "pipeline", "import", "export", "promise", "readable"];
    return message.replace(/"[a-z]+"/, `"${tags[random % tags.length]}"`);
  },
  // A byte changed, taken out, or everything after it gone.
  (message, random) => {
    const at = random % message.length;
    return message.slice(0, at) + String.fromCharCode(32 + (random % 95)) + message.slice(at + 1);
  },
  (message, random) => {
    const at = random % message.length;
    return message.slice(0, at) + message.slice(at + 1);
  },
  (message, random) => message.slice(0, random % message.length),
];

const attack = fc.array(fc.tuple(fc.nat(), fc.nat(MUTATIONS.length - 1), fc.nat()), {
  minLength: 1,
  maxLength: 12,
});

test("whatever a peer sends: no crash, no unhandled rejection, and an end that gives everything back", async () => {
  const outcomes = { ended: 0, survived: 0 };
  await fc.assert(
    fc.asyncProperty(attack, async (choices) => {
      const events: string[] = [];
      let receiver: any;
      let aborted = false;
      const transport = {
        start(given: unknown) {
          receiver = given;
        },
        send(message: string) {
          JSON.parse(message);
        },
        abort() {
          aborted = true;
        },
      };
      const session = new OURS.RpcSession(transport, createApi(OURS, events));
      for (const [which, mutation, random] of choices) {
        receiver.receive(MUTATIONS[mutation]!(corpus[which % corpus.length]!, random));
        if (random % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
      // Either the session lives, or it gave up everything at once.
      outcomes[aborted ? "ended" : "survived"]++;
      if (aborted) expect(session.getStats()).toEqual({ imports: 0, exports: 0 });
      receiver.close(new Error("over"));
      expect(session.getStats()).toEqual({ imports: 0, exports: 0 });
      // What waited for the peer hears of the end in the turn that follows.
      await new Promise((resolve) => setImmediate(resolve));
      expect(events.filter((event) => event === "disposed main")).toHaveLength(1);
    }),
    { numRuns, seed },
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
  // The attacks are neither all nonsense nor all harmless.
  expect(outcomes.ended).toBeGreaterThan(0);
  expect(outcomes.survived).toBeGreaterThan(0);
});

test("an end in the middle of anything leaves nothing behind", async () => {
  const program = fc.tuple(fc.nat(scenarios.length - 1), fc.nat(12));
  await fc.assert(
    fc.asyncProperty(program, async ([which, cutAfter]) => {
      const events: string[] = [];
      const ends = ["client", "server"].map(() => ({
        receiver: undefined as any,
        peer: undefined as any,
      }));
      let left = cutAfter;
      const sessions = ends.map((end, i) => {
        end.peer = ends[1 - i];
        const transport = {
          start(receiver: unknown) {
            end.receiver = receiver;
          },
          send(message: string) {
            if (left-- <= 0) return;
            queueMicrotask(() => end.peer.receiver.receive(message));
          },
          abort() {},
        };
        return new OURS.RpcSession(transport, i === 1 ? createApi(OURS, events) : undefined);
      });
      const api = sessions[0]!.getRemoteMain();
      const settle = async () => {
        for (let i = 0; i < 8; i++) await new Promise((resolve) => setImmediate(resolve));
      };
      const running = Promise.resolve(
        scenarios[which]!.run({ api, client: OURS, events, settle }),
      ).catch(() => {});
      await settle();
      for (const end of ends) end.receiver.close(new Error("cut"));
      // Every program ends: nothing waits for an answer that can't come.
      await running;
      for (const session of sessions) {
        expect(session.getStats()).toEqual({ imports: 0, exports: 0 });
      }
      await settle();
      expect(events.filter((event) => event === "disposed main")).toHaveLength(1);
    }),
    { numRuns: Math.ceil(numRuns / 2), seed },
  );
});

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createApi } from "../src/application.ts";
import { type Blow, collectCorpus, mutated, raw, wellFormed } from "../src/attacks.ts";
import { type Implementation, OUR_WAYS } from "../src/implementation.ts";
import { longRuns, runs, seed } from "../src/runs.ts";
import { scenarios } from "../src/scenarios/index.ts";

/** `SEED=2 RUNS=100000 npx vitest run --project interop fuzz` makes other and longer runs. */
const numRuns = runs(150);

const NOTHING = { imports: 0, exports: 0 };

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

async function turns(count: number) {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A transport whose other end is the test. */
function createTransport() {
  const transport = {
    receiver: undefined as any,
    aborted: false,
    start(given: unknown) {
      transport.receiver = given;
    },
    send(message: string) {
      JSON.parse(message);
    },
    abort() {
      transport.aborted = true;
    },
  };
  return transport;
}

async function strike({ receiver }: { receiver: any }, blows: readonly Blow[]) {
  for (const { message, pause } of blows) {
    receiver.receive(message);
    if (pause) await turns(1);
  }
  await turns(3);
}

/**
 * Attacks a server.
 *
 * @returns whether its session survived until the connection broke
 */
async function attackServer(way: Implementation, blows: readonly Blow[]): Promise<boolean> {
  const events: string[] = [];
  const transport = createTransport();
  const session = new way.RpcSession(transport, createApi(way, events));
  await strike(transport, blows);
  // A session that ends must give up everything at once.
  const survived = !transport.aborted;
  if (!survived) expect(session.getStats()).toEqual(NOTHING);
  transport.receiver.close(new Error("over"));
  expect(session.getStats()).toEqual(NOTHING);
  // Operations that waited for the peer fail in the turn after the end.
  await turns(1);
  expect(events.filter((event) => event === "disposed main")).toHaveLength(1);
  return survived;
}

/**
 * Attacks a client in the middle of a program.
 *
 * @returns whether its session survived
 */
async function attackClient(way: Implementation, which: number, blows: readonly Blow[]) {
  const transport = createTransport();
  const session = new way.RpcSession(transport);
  const api = session.getRemoteMain();
  const settle = () => turns(3);
  const context = { api, client: way, events: [], settle };
  const running = scenarios[which]!.run(context).catch(() => {});
  await strike(transport, blows);
  const survived = !transport.aborted;
  transport.receiver.close(new Error("over"));
  // The program must end, whatever the server sent or left out.
  await running;
  expect(session.getStats()).toEqual(NOTHING);
  return survived;
}

describe.each(Object.entries(OUR_WAYS))("%s", longRuns, (_, way) => {
  let corpus: Awaited<ReturnType<typeof collectCorpus>>;
  beforeAll(async () => {
    corpus = await collectCorpus(way);
  });

  /**
   * Runs attacks.
   *
   * @returns the numbers of sessions that survived, and that didn't
   */
  async function withstand<T>(attack: fc.Arbitrary<T>, run: (attack: T) => Promise<boolean>) {
    const outcomes = { ended: 0, survived: 0 };
    await fc.assert(
      fc.asyncProperty(attack, async (each) => {
        outcomes[(await run(each)) ? "survived" : "ended"]++;
      }),
      { numRuns, seed },
    );
    await turns(1);
    expect(unhandled).toEqual([]);
    return outcomes;
  }

  test.each<[string, () => fc.Arbitrary<Blow[]>]>([
    ["mutated messages of clients", () => mutated(() => corpus.client)],
    ["mutated messages of servers", () => mutated(() => corpus.server)],
    ["well-formed messages in any order", () => wellFormed],
  ])(
    "a server under attack with %s doesn't crash, leaves no unhandled rejection, and keeps nothing",
    async (_, attack) => {
      const { ended, survived } = await withstand(attack(), (blows) => attackServer(way, blows));
      // A useful mixture: the attacks are neither all nonsense nor all harmless.
      expect(ended).toBeGreaterThan(0);
      expect(survived).toBeGreaterThan(0);
    },
  );

  test("a client ends every program when servers send mutated messages", async () => {
    const attack = fc.tuple(
      fc.nat(scenarios.length - 1),
      mutated(() => corpus.server),
    );
    const { ended, survived } = await withstand(attack, ([which, blows]) =>
      attackClient(way, which, blows),
    );
    expect(ended).toBeGreaterThan(0);
    expect(survived).toBeGreaterThan(0);
  });

  test("a server survives bytes, and trees of any shape", async () => {
    expect((await withstand(raw, (blows) => attackServer(way, blows))).ended).toBeGreaterThan(0);
  });

  test("a server's memory doesn't grow with the number of attacks", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const heapAfter = async (from: number) => {
      for (const blows of fc.sample(
        mutated(() => corpus.client),
        { numRuns: 200, seed: from },
      )) {
        await attackServer(way, blows);
      }
      await turns(2);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    // The first rounds include the memory of compiled code.
    for (let i = 0; i < 3; i++) await heapAfter(seed + i);
    const before = await heapAfter(seed + 3);
    for (let i = 0; i < 5; i++) await heapAfter(seed + 4 + i);
    const after = await heapAfter(seed + 9);
    // 1,200 empty sessions that are kept weigh over 3 MB; everything else less than 0.2.
    expect(after - before).toBeLessThan(1_000_000);
  });

  test("a long session under attack keeps its tables as small as a new session's", async () => {
    const transport = createTransport();
    const session = new way.RpcSession(transport, createApi(way));
    const { receiver } = transport;
    for (let i = 1; i <= 10_000; i++) {
      receiver.receive(`["resolve",${i + 7},["export",${-i}]]`);
      receiver.receive(`["reject",${i + 7},["error","Error","m"]]`);
      receiver.receive('["push",["pipeline",0,["noSuchMethod"],[{"a":[[1,2,3]]}]]]');
      receiver.receive(`["pull",${i}]`);
      receiver.receive(`["release",${i},1]`);
      if (i % 100 === 0) await turns(1);
    }
    expect(transport.aborted).toBe(false);
    // The last calls may wait for their turn.
    await vi.waitFor(() => expect(session.getStats()).toEqual({ imports: 1, exports: 1 }));
  });

  test("an end at any moment leaves nothing behind", async () => {
    const program = fc.tuple(fc.nat(scenarios.length - 1), fc.nat(12));
    await fc.assert(
      fc.asyncProperty(program, async ([which, cutAfter]) => {
        const events: string[] = [];
        const ends = [createTransport(), createTransport()];
        let left = cutAfter;
        const sessions = ends.map((end, i) => {
          end.send = (message) => {
            if (left-- > 0) queueMicrotask(() => ends[1 - i]!.receiver.receive(message));
          };
          return new way.RpcSession(end, i === 1 ? createApi(way, events) : undefined);
        });
        const api = sessions[0]!.getRemoteMain();
        const settle = () => turns(8);
        const running = scenarios[which]!.run({ api, client: way, events, settle }).catch(() => {});
        await settle();
        for (const end of ends) end.receiver.close(new Error("cut"));
        // Every program must end: no call may wait for an answer that can't come.
        await running;
        for (const session of sessions) expect(session.getStats()).toEqual(NOTHING);
        await settle();
        expect(events.filter((event) => event === "disposed main")).toHaveLength(1);
      }),
      { numRuns: Math.ceil(numRuns / 2), seed },
    );
  });
});

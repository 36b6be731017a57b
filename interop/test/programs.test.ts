import { createMemoryLink, type LinkOptions } from "@capnweb/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Implementation, OUR_WAYS, OURS, REFERENCE } from "../src/implementation.ts";
import { apis, type RandomApi } from "../src/random-apis.ts";
import {
  carelessPrograms,
  createNode,
  programs,
  runProgram,
  type Step,
} from "../src/random-programs.ts";
import { longRuns, runs, seed } from "../src/runs.ts";

/** `SEED=2 RUNS=5000 npx vitest run --project interop programs` makes other and longer runs. */
const numRuns = runs(150);

const ONLY_MAIN = { imports: 1, exports: 1 };
const NOTHING = { imports: 0, exports: 0 };

type Cast = Readonly<Record<"client" | "server", Implementation>>;

async function overSession(
  { client, server }: Cast,
  steps: readonly Step[],
  api: RandomApi,
  options?: LinkOptions,
) {
  const link = createMemoryLink(options);
  const alive = { count: 0 };
  const sessions = {
    client: new client.RpcSession(link.client),
    server: new server.RpcSession(link.server, createNode(server, alive, api)),
  };
  const stats = () => ({
    client: sessions.client.getStats(),
    server: sessions.server.getStats(),
  });
  const main = sessions.client.getRemoteMain();
  const seen = await runProgram(main, steps, api);
  await link.settle();
  const during = { ...stats(), held: alive.count - 1 };
  main[Symbol.dispose]();
  await link.settle();
  return { seen, during, after: { ...stats(), alive: alive.count } };
}

/** Runs a program without a session, which defines its meaning. */
async function locally(steps: readonly Step[], api: RandomApi) {
  const alive = { count: 0 };
  const main = new OURS.RpcStub(createNode(OURS, alive, api));
  const seen = await runProgram(main, steps, api);
  main[Symbol.dispose]();
  // Promises disposed of before they resolved are released once they resolve.
  await new Promise((resolve) => setImmediate(resolve));
  return { seen, left: alive.count };
}

describe.each(Object.entries(OUR_WAYS))("random programs, %s", longRuns, (_, way) => {
  test("give the same results over a session as without one, and leave nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(programs, apis, async (steps, api) => {
        const expected = await locally(steps, api);
        expect(expected.left).toBe(0);
        const run = await overSession({ client: way, server: way }, steps, api);
        expect(run.seen).toEqual(expected.seen);
        expect(run.during).toEqual({ client: ONLY_MAIN, server: ONLY_MAIN, held: 0 });
        expect(run.after).toEqual({ client: NOTHING, server: NOTHING, alive: 0 });
      }),
      { numRuns, seed },
    );
  });

  test.each<[string, Cast, "client" | "server"]>([
    ["our client, the reference's server", { client: way, server: REFERENCE }, "client"],
    ["the reference's client, our server", { client: REFERENCE, server: way }, "server"],
  ])("give the same results with %s, and our side keeps nothing", async (_, cast, ourSide) => {
    await fc.assert(
      fc.asyncProperty(programs, apis, async (steps, api) => {
        const expected = await locally(steps, api);
        const { seen, during, after } = await overSession(cast, steps, api);
        expect(seen).toEqual(expected.seen);
        if (ourSide === "client") expect(during.client).toEqual(ONLY_MAIN);
        // The client must release the server's exports. The reference keeps promises that a map
        // captured.
        else expect(during.server.imports).toBe(1);
        expect(after[ourSide]).toEqual(NOTHING);
      }),
      { numRuns, seed },
    );
  });

  test("leave nothing behind when the session ends, even if they forget results", async () => {
    await fc.assert(
      fc.asyncProperty(carelessPrograms, apis, async (steps, api) => {
        const { after } = await overSession({ client: way, server: way }, steps, api);
        expect(after).toEqual({ client: NOTHING, server: NOTHING, alive: 0 });
      }),
      { numRuns, seed },
    );
  });

  test("end when the connection drops anywhere, and leave nothing behind", async () => {
    const cuts = fc.record({
      from: fc.constantFrom("client" as const, "server" as const),
      afterBytes: fc.nat(1500),
      truncates: fc.boolean(),
    });
    let dropped = 0;
    await fc.assert(
      fc.asyncProperty(carelessPrograms, apis, cuts, async (steps, api, cut) => {
        const run = await overSession({ client: way, server: way }, steps, api, { cut });
        if (run.during.client.imports === 0) dropped++;
        expect(run.after).toEqual({ client: NOTHING, server: NOTHING, alive: 0 });
      }),
      { numRuns, seed },
    );
    expect(dropped).toBeGreaterThan(numRuns / 4);
  });
});

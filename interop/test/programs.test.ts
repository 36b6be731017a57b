import * as ours from "@capnweb/compat";
import { createMemoryLink } from "@capnweb/testkit";
import * as reference from "capnweb";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Implementation } from "../src/implementation.ts";
import { createNode, programs, runProgram, type Step } from "../src/random-programs.ts";

const OURS = ours as unknown as Implementation;
const REFERENCE = reference as unknown as Implementation;

/** Other and longer runs by hand: `SEED=2 RUNS=5000 npx vitest run --project interop programs`. */
const numRuns = Number(process.env["RUNS"] ?? 150);
const seed = Number(process.env["SEED"] ?? 1);

async function overSession(client: Implementation, server: Implementation, steps: readonly Step[]) {
  const link = createMemoryLink();
  const alive = { count: 0 };
  const clientSession = new client.RpcSession(link.client);
  const serverSession = new server.RpcSession(link.server, createNode(server, alive));
  const main = clientSession.getRemoteMain();
  const seen = await runProgram(main, steps);
  await link.settle();
  const stats = [clientSession.getStats(), serverSession.getStats()];
  const held = alive.count - 1;
  main[Symbol.dispose]();
  await link.settle();
  return { seen, stats, held, left: alive.count };
}

/** Without any session: what the program means. */
async function locally(steps: readonly Step[]) {
  const alive = { count: 0 };
  const main = new OURS.RpcStub(createNode(OURS, alive));
  const seen = await runProgram(main, steps);
  main[Symbol.dispose]();
  return { seen, left: alive.count };
}

describe("random programs", () => {
  test("see over a session what they see without one, and leave nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (steps) => {
        const expected = await locally(steps);
        expect(expected.left).toBe(0);
        const { seen, stats, held, left } = await overSession(OURS, OURS, steps);
        expect(seen).toEqual(expected.seen);
        expect(stats).toEqual([
          { imports: 1, exports: 1 },
          { imports: 1, exports: 1 },
        ]);
        expect([held, left]).toEqual([0, 0]);
      }),
      { numRuns, seed },
    );
  });

  test.each([
    ["our client, the reference's server", OURS, REFERENCE],
    ["the reference's client, our server", REFERENCE, OURS],
  ])("see the same with %s", async (_, client, server) => {
    await fc.assert(
      fc.asyncProperty(programs, async (steps) => {
        const expected = await locally(steps);
        expect((await overSession(client, server, steps)).seen).toEqual(expected.seen);
      }),
      { numRuns, seed },
    );
  });
});

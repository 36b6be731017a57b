import { createMemoryLink } from "@capnweb/testkit";
import fc from "fast-check";
import type { Implementation } from "../implementation.ts";
import { apis, type RandomApi } from "../random-apis.ts";
import { createNode, programs, runProgram, type Step } from "../random-programs.ts";

/**
 * Random sequences of calls, pipelines, callbacks and disposals. Excludes `dup()` and `map()`, for
 * which the reference sends other messages and holds other references.
 */
export const sequences: fc.Arbitrary<[Step[], RandomApi]> = fc.tuple(
  programs.map((steps) => steps.filter((step) => step.do !== "dup" && step.do !== "map")),
  apis,
);

/**
 * Runs a sequence with `rpc` at both ends.
 *
 * @returns all observations
 */
export async function runSequence(
  rpc: Implementation,
  [steps, api]: readonly [readonly Step[], RandomApi],
): Promise<object> {
  const link = createMemoryLink();
  const alive = { count: 0 };
  const client = new rpc.RpcSession(link.client);
  const server = new rpc.RpcSession(link.server, createNode(rpc, alive, api));
  const main = client.getRemoteMain();
  const seen = await runProgram(main, steps, api);
  await link.settle();
  const result = {
    seen,
    sent: { client: inAnyOrder(link.sentBy("client")), server: inAnyOrder(link.sentBy("server")) },
    tables: [client.getStats(), server.getStats()],
    alive: alive.count,
  };
  main[Symbol.dispose]();
  await link.settle();
  return result;
}

/** Messages without their order, and without the ids that depend on it. */
function inAnyOrder(messages: readonly unknown[]): string[] {
  return messages.map((each) => String(each).replaceAll(/([[,])-?\d+/g, "$1#")).sort();
}

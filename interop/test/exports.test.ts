import * as ours from "@capnweb/compat";
import * as reference from "capnweb";
import { expect, test } from "vitest";

test("compat has capnweb's exports, each of the same kind", () => {
  const kinds = (exports: object) =>
    Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value]));
  // In Bun, capnweb has more exports.
  expect(kinds(ours)).toEqual({
    ...kinds(reference),
    BunWebSocketTransport: "function",
    newBunWebSocketRpcHandler: "function",
    newBunWebSocketRpcSession: "function",
  });
  // Ours has more limits.
  expect(ours.DEFAULT_LIMITS).toMatchObject(reference.DEFAULT_LIMITS);
  expect(ours.DEFAULT_MAX_DEPTH).toBe(reference.DEFAULT_MAX_DEPTH);
});

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { scripted, settle } from "../support/pair.ts";

// Alone, because the heap of the process is measured. V8 reserves 12 KB for an object whose only
// member is named `1000`, unless the object is a result of `JSON.parse`.

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The most bytes that one such object may take. */
const MOST = 2_000;

class Api extends RpcTarget {
  list(length: number) {
    return Array.from({ length }, (_, i) => i);
  }
  echo(value: unknown) {
    return value;
  }
}

const objects = (length: number) => [Array.from({ length }, () => ({ 1000: 1 }))];
const call = (id: number, path: string[], ...args: unknown[]) => ["pipeline", id, path, args];

/** The bytes that a session holds after these messages. */
async function heldAfter(messages: readonly unknown[]): Promise<number> {
  const { say, session, ended } = scripted(new Api(), { announce: true, limits: "server" });
  await settle();
  collect();
  const before = process.memoryUsage().heapUsed;
  say(["reject", 2 ** 31 - 1, { capnweb: { features: [["context"]] } }]);
  for (const message of messages) say(message);
  await settle();
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  expect(ended.reason).toBe(undefined);
  expect(session.getStats().exports).toBeGreaterThan(0);
  return bytes;
}

test("a result that several calls name takes little for each of its objects", async () => {
  const bytes = await heldAfter([
    ["push", objects(10_000)],
    ["push", call(0, ["echo"], ["pipeline", 1])],
    ["push", call(0, ["echo"], ["pipeline", 1])],
  ]);
  expect(bytes / 30_000).toBeLessThan(MOST);
});

test("the objects that a map() makes take little", async () => {
  const bytes = await heldAfter([
    ["push", call(0, ["list"], 10_000)],
    ["push", ["remap", 1, [], [], [{ 1000: 1 }]]],
  ]);
  expect(bytes / 10_000).toBeLessThan(MOST);
});

test("the objects in kept metadata take little", async () => {
  const COUNT = 600;
  const metadata = Object.fromEntries(
    Array.from({ length: COUNT }, (_, i) => [`m${i}`, { 1000: 1 }]),
  );
  const contexts = Array.from({ length: 16 }, (_, as) => {
    return ["reject", 2 ** 31 - 1, { capnweb: { context: { metadata, as } } }];
  });
  const bytes = await heldAfter([...contexts, ["push", call(0, ["echo"], 1)]]);
  expect(bytes / (16 * COUNT)).toBeLessThan(MOST);
});

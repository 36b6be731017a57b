import { describe, expect, onTestFinished, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { failure } from "../support/failure.ts";
import { pair, settle } from "../support/pair.ts";

/** Hostile parts of structured clones that no text can express. */

class Api extends RpcTarget {
  readonly #got: unknown[];
  constructor(got: unknown[]) {
    super();
    this.#got = got;
  }
  echo(value: unknown) {
    return value;
  }
  take(value: unknown) {
    this.#got.push(value);
  }
}

/** A session that receives messages as a port would deliver them. */
function told(limits: object = {}) {
  const got: unknown[] = [];
  const { api, server, serverEnd } = pair(new Api(got), {
    level: "structuredClonable",
    server: { limits: { turnBudget: Number.POSITIVE_INFINITY, ...limits } },
  });
  const ended: { reason?: any } = {};
  (server.getRemoteMain() as any).onRpcBroken((reason: unknown) => {
    ended.reason = reason;
  });
  return {
    api,
    got,
    ended,
    sent: serverEnd.sent,
    say: (message: unknown) => serverEnd.receiver.receive(structuredClone(message)),
  };
}

const call = (method: string, ...args: unknown[]) => ["pipeline", 0, [method], args];

/** A list that names another list twice, and so on: 2^depth values that take little memory. */
function doubled(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = [[value, value]];
  return value;
}

function circle(): unknown {
  const list: unknown[] = [];
  list.push([list]);
  return list;
}

function holes(): unknown {
  const list: unknown[] = [];
  list.length = 2 ** 32 - 1;
  return [list];
}

test.each([
  ["one object in many places", () => doubled(40), /a shared container/],
  ["an object in itself", circle, /a shared container/],
  ["a list of holes", holes, /limits\.maxValues of 1048576/],
])("a session ends before it walks through a clone with %s", async (_, value, reason) => {
  const { say, ended } = told({ maxValues: 1_048_576 });
  say(["push", value()]);
  await settle();
  expect(ended.reason?.message).toMatch(reason);
});

test("a rate is counted without a walk through one object in many places", async () => {
  const { say, ended } = told({ maxValues: 1_000, maxByteRate: 1_000_000 });
  say(["push", doubled(40)]);
  await settle();
  expect(ended.reason).toBeDefined();
});

test("a clone may have a hundred thousand bigints, but none with too many digits", async () => {
  const { api } = told();
  const list = Array(100_000).fill(-(10n ** 30n));
  expect(await api.echo(list)).toEqual(list);
  const limits = { maxBigIntDigits: 5 };
  expect(await told(limits).api.echo(99_999n)).toBe(99_999n);
  expect(await failure(told(limits).api.echo(-100_000n))).toMatchObject({
    message: expect.stringContaining("maximum length of 5 digits"),
  });
  const unlimited = { maxBigIntDigits: Number.POSITIVE_INFINITY };
  expect(await told(unlimited).api.echo(10n ** 40n)).toBe(10n ** 40n);
});

describe("bytes in a structured clone", () => {
  test("aren't copied without end if one view is in many places", async () => {
    const { say, ended } = told({ maxValues: 1_048_576 });
    const view = new Uint8Array(new ArrayBuffer(1_000_001), 0, 1_000_000);
    say(["push", [Array.from({ length: 10_000 }, () => ["bytes", view, "ArrayBuffer"])]]);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxValues" });
  });

  test("of a larger buffer count as all of it, because they keep it", async () => {
    const { say, ended } = told({ maxHeldBytes: 1_000_000 });
    const part = () => new Uint8Array(new ArrayBuffer(100_000), 0, 1);
    for (let i = 0; i < 5; i++) say(["push", ["bytes", part()]]);
    await settle();
    expect(ended.reason).toBeUndefined();
    for (let i = 0; i < 10; i++) say(["push", ["bytes", part()]]);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test.each([undefined, "ArrayBuffer", "Uint16Array"])(
    "in shared memory are copied, so that the peer can't change them later: as %s",
    async (name) => {
      const { say, got, ended } = told();
      const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(1);
      say(["push", call("take", ["bytes", shared, name].slice(0, name === undefined ? 2 : 3))]);
      await settle();
      expect(ended.reason).toBeUndefined();
      shared.fill(2);
      const [taken] = got as [Uint8Array | ArrayBuffer];
      const buffer = ArrayBuffer.isView(taken) ? taken.buffer : taken;
      expect(buffer).toBeInstanceOf(ArrayBuffer);
      expect([...new Uint8Array(buffer)]).toEqual([1, 1, 1, 1]);
    },
  );
});

describe("clones that wait", () => {
  /** Makes the thread busy, so that the next messages wait. */
  function busy() {
    const session = told({ turnBudget: 0, maxHeldBytes: 1_000_000 });
    onTestFinished(() => settle());
    for (let i = 0; i < 100; i++) session.say(["push", 0]);
    return session;
  }

  test("count as much as their values take", async () => {
    const { say, ended } = busy();
    for (let i = 0; i < 20; i++) say(["push", "x".repeat(100_000)]);
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test.each([{ ends: "medium", reason: "fooled" }, null])(
    "aren't mistaken for news of the connection: %o",
    async (message) => {
      const { say, ended } = busy();
      say(message);
      await settle(200);
      expect(ended.reason?.message).toMatch(/bad RPC message/);
    },
  );

  test("aren't mistaken for news of the connection if they are well-formed", async () => {
    const { say, ended, sent } = busy();
    say(Object.assign(["pull", 1], { ends: "medium" }));
    await settle(200);
    expect(ended.reason).toBeUndefined();
    expect(sent).toContainEqual(["resolve", 1, 0]);
  });
});

// An application is to blame for an answer that takes too many steps. Its call fails, and the
// session goes on, whatever the answer holds.
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { failure } from "../support/failure.ts";
import { pair, scripted, settle } from "../support/pair.ts";

class Part extends RpcTarget {
  disposed = 0;
  [Symbol.dispose]() {
    this.disposed++;
  }
}

class Api extends RpcTarget {
  readonly part = new Part();
  numbers(length: number) {
    return Array.from({ length }, (_, i) => i);
  }
  objects(length: number) {
    return Array.from({ length }, (_, i) => ({ i }));
  }
  targets(length: number) {
    return [this.part, this.objects(length)];
  }
  /** Lists that each contain the next one twice: 2^depth numbers, if they were copied. */
  doubled(depth: number) {
    let list: unknown[] = [1];
    for (let i = 0; i < depth; i++) list = [list, list];
    return list;
  }
  echo(value: unknown) {
    return value;
  }
  /** Fails with an error whose cause is {@link doubled}. */
  fail(depth: number) {
    throw new Error("failed", { cause: this.doubled(depth) });
  }
}

const server = { limits: { maxWork: 5_000 } };

describe("an answer over maxWork", () => {
  test.each([
    ["numbers", 20_000],
    ["objects", 20_000],
    ["targets", 20_000],
    ["doubled", 40],
    ["fail", 40],
  ] as const)("fails only its own call, with %s", async (method, size) => {
    const main = new Api();
    const { api, isClean } = pair(main, { server });
    const error = await failure((api as any)[method](size));
    expect(error.message).toContain("maxWork");
    await settle();
    expect(await api.echo(1)).toBe(1);
    expect(main.part.disposed).toBe(method === "targets" ? 1 : 0);
    expect(isClean()).toBe(true);
  });
});

test("an error with a cause that is within maxWork arrives as it is", async () => {
  const { api } = pair(new Api());
  const error = await failure((api as any).fail(3));
  expect(error).toMatchObject({ message: "failed" });
});

test("one failure that is asked for many times counts each time", async () => {
  const { say, sent, ended } = scripted(new Api(), {
    limits: { maxWork: 50_000, turnBudget: Number.POSITIVE_INFINITY },
  });
  say(["push", ["pipeline", 0, ["echo"], [["promise", -1]]]]);
  say(["reject", -1, ["error", "Error", "x".repeat(100_000)]]);
  say(["push", [Array.from({ length: 50 }, () => ["pipeline", 1])]]);
  say(["pull", 2]);
  await settle(20);
  const length = JSON.stringify(sent).length;
  expect(length).toBeGreaterThan(100_000);
  expect(length).toBeLessThan(2_000_000);
  expect(ended.reason).toBeUndefined();
});

describe("long answers that nobody asked for", () => {
  /** The number of the answers, and their size: together they take longer than a turn. */
  const MANY = 60;
  const long = "x".repeat(200_000);

  class Shelf extends RpcTarget {
    books() {
      return Array.from({ length: MANY }, async () => long);
    }
  }

  function read() {
    const peer = scripted(new Shelf(), { limits: { maxWork: 1e9 } });
    let turn = 0;
    const turns = new Set<number>();
    const ids = new Set<number>();
    const { transport, session, say } = peer;
    const send = transport.send.bind(transport);
    transport.send = (message: unknown) => {
      const [tag, id] = JSON.parse(message as string);
      if (tag === "resolve" && id < 0) {
        turns.add(turn);
        ids.add(id);
      }
      send(message as string);
    };
    const count = async () => {
      while (session.getStats().exports > 1 && ids.size < MANY) {
        await new Promise((resolve) => setImmediate(resolve));
        turn++;
      }
    };
    say(["push", ["pipeline", 0, ["books"], []]]);
    say(["pull", 1]);
    return { ...peer, turns, ids, count };
  }

  test("leave turns of the event loop to others", async () => {
    const { ids, turns, count } = read();
    await count();
    expect(ids.size).toBe(MANY);
    expect(turns.size).toBeGreaterThan(1);
  });

  test("end with their exports", async () => {
    const { ids, count, say, session } = read();
    await new Promise((resolve) => setImmediate(resolve));
    await settle(1);
    const answered = ids.size;
    expect(answered).toBeLessThan(MANY);
    say(["release", 1, 1]);
    for (let i = 1; i <= MANY; i++) say(["release", -i, 1]);
    await count();
    await session.drain();
    expect(ids.size).toBe(answered);
    expect(session.getStats()).toMatchObject({ exports: 1 });
  });
});

test("a message over a limit ends the session without a word about each stub in it", async () => {
  const { say, sent, ended } = scripted(new Api(), { limits: { maxValues: 1_000 } });
  const stubs = Array.from({ length: 200 }, (_, i) => ["export", -i - 1]);
  say(["push", ["pipeline", 0, ["echo"], [[stubs]]]]);
  await settle();
  expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxValues" });
  expect(sent.map(([tag]) => tag)).toEqual(["abort"]);
});

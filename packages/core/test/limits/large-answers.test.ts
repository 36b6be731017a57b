// An application is to blame for an answer that takes too many steps. Its call fails, and the
// session goes on, whatever the answer holds.
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { failure } from "../support/failure.ts";
import { pair, settle } from "../support/pair.ts";

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
}

const server = { limits: { maxWork: 5_000 } };

describe("an answer over maxWork", () => {
  test.each([
    ["numbers", 20_000],
    ["objects", 20_000],
    ["targets", 20_000],
    ["doubled", 40],
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

// What is known to be wrong. Each of these fails until it is mended, and then says so: it is moved to
// where it belongs.
import { expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { pair, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { unhandledRejections } from "./support/unhandled.ts";

class Api extends RpcTarget {
  rows() {
    return [[1], [2]];
  }
}

test.fails("a stub captured by a nested map() is given back", async () => {
  const resources = new Resources();
  const { api, isClean } = pair(new Api());
  const stub = new RpcStub(resources.make("captured")) as any;
  const rows = api.rows() as any;
  expect(await rows.map((row: any) => row.map(() => stub.use()))).toHaveLength(2);
  rows[Symbol.dispose]();
  stub[Symbol.dispose]();
  await settle();
  expect(resources.disposed).toEqual(["captured"]);
  expect(isClean()).toBe(true);
});

test.fails("a stub captured by a nested map() that throws is given back", () => {
  const resources = new Resources();
  const { api } = pair(new Api());
  const stub = new RpcStub(resources.make("captured")) as any;
  expect(() =>
    (api.rows() as any).map((row: any) =>
      row.map(() => {
        stub.use();
        throw new Error("nested");
      }),
    ),
  ).toThrow("nested");
  stub[Symbol.dispose]();
  expect(resources.disposed).toEqual(["captured"]);
});

test.fails("an async map() callback that awaits a placeholder is refused, and that is all", async () => {
  const unhandled = await unhandledRejections(async () => {
    const list = new RpcPromise(Promise.resolve([1])) as any;
    expect(() => list.map(async (each: unknown) => each)).toThrow("must be synchronous");
  });
  expect(unhandled).toEqual([]);
});

import { RpcTarget } from "@capnweb/core";
import { expect, test, vi } from "vitest";
import { lostErrors } from "../src/debug/index.ts";
import { observe } from "../src/index.ts";
import { connectInMemory } from "./support/memory.ts";

class User extends RpcTarget {
  name() {
    return "Ada";
  }
}

class Api extends RpcTarget {
  save() {
    throw new Error("The disk is full.");
  }
  user() {
    return new User();
  }
  async missing(): Promise<User> {
    throw new Error("No such user.");
  }
}

function connect() {
  const warn = vi.fn();
  const options = observe({ interceptors: [lostErrors({ warn })] });
  return { warn, ...connectInMemory(new Api(), { client: options }) };
}

/** Waits until the turns in which warnings come are over. */
async function settle(link: { settle(): Promise<void> }) {
  await new Promise((resolve) => setTimeout(resolve, 0));
  await link.settle();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

test("a failure that nothing awaits is warned about, once for each method", async () => {
  const { api, warn, link } = connect();
  void api.save();
  void api.save();
  void api.missing();
  await settle(link);
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(/^The call save\(\) has failed, .* The disk is full\. Await/),
    expect.stringMatching(/^The call missing\(\) has failed/),
  ]);
});

test("failures that the program learns of are no reason to warn", async () => {
  const { api, warn, link } = connect();
  await api.save().catch(() => {});
  const name = api.missing().name();
  await name.catch(() => {});
  const later = api.save();
  later.then(undefined, () => {});
  const copy = api.missing().dup();
  await copy.name().catch(() => {});
  await settle(link);
  expect(warn).not.toHaveBeenCalled();
});

test("results that nothing awaits stay usable, and are released with the program's stub", async () => {
  const { api, warn, link, client, server } = connect();
  const user = api.user();
  await settle(link);
  expect(await user.name()).toBe("Ada");
  const awaited = await user;
  expect(await awaited.name()).toBe("Ada");
  awaited[Symbol.dispose]();
  user[Symbol.dispose]();
  const given = api.user();
  given[Symbol.dispose]();
  await settle(link);
  expect(warn).not.toHaveBeenCalled();
  expect(client.getStats()).toEqual({ imports: 1, exports: 1 });
  expect(server.getStats()).toEqual({ imports: 1, exports: 1 });
});

test("the end of a session is no failure of a method", async () => {
  const { api, warn, link } = connect();
  void api.user();
  void api.missing();
  api[Symbol.dispose]();
  await settle(link);
  expect(warn).not.toHaveBeenCalled();
});

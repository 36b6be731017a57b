import { inspect } from "node:util";
import { expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Api extends RpcTarget {
  child(): any {
    return new Api();
  }
  [Symbol.dispose]() {}
}

test("a log shows the kind of a stub or promise, without fetching anything", async () => {
  const { api, clientEnd } = pair(new Api());
  const child = await api.child();
  await settle();
  const { length } = clientEnd.sent;
  expect(inspect(api)).toBe("RpcStub { session import 0 }");
  expect(inspect({ child })).toBe("{ child: RpcStub { session import -1 } }");
  expect(inspect((api as any).settings.theme)).toBe(
    "RpcPromise { session import 0 .settings.theme }",
  );
  expect(inspect(new RpcStub(new Api()))).toBe("RpcStub { local Api }");
  expect(inspect(new RpcStub(() => 1))).toBe("RpcStub { local function }");
  expect(inspect(new RpcPromise(new Promise(() => {})))).toBe("RpcPromise { pending }");
  expect(`${api}`).toBe("[object RpcStub]");
  expect(JSON.stringify({ api })).toBe("{}");
  child[Symbol.dispose]();
  expect(inspect(child)).toBe("RpcStub { disposed }");
  await settle();
  expect(clientEnd.sent.slice(length).map(([tag]: any) => tag)).toEqual(["release"]);
});

test("a log shows that a promise has failed", async () => {
  const promise = new RpcPromise(Promise.reject(new Error("no")));
  await failure(promise);
  expect(inspect(promise)).toBe("RpcPromise { failed }");
});
